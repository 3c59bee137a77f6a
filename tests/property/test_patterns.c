/* tests/property/test_patterns.c - patterns match what plainer ways of matching match.
 *
 * Random wildcards, regular expressions and words against random texts of few characters,
 * some of several bytes, some accented. Wildcards are matched naively by trying, expressions by
 * sets of places, misspellings by a table of distances. A failure names its seed.
 */
#include "base/mem.h"
#include "lib/random_archive.h"
#include "patterns/pattern.h"
#include "text/forms.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <stdlib.h>

#define LONGEST 24 /* characters */

/* ---- random texts ---- */

/* Characters, and what they are folded to. */
static const struct {
	const char *written, *folded;
} letters[] = {
	{ "a", "a" },
	{ "a", "a" },
	{ "b", "b" },
	{ "B", "b" },
	{ "c", "c" },
	{ "é", "e" },
	{ "E", "e" },
	{ "Ö", "o" },
	{ "ж", "ж" },
	{ "Ж", "ж" },
	{ "時", "時" },
	{ "й", "й" },
	{ "\U00010437", "\U00010437" }, /* of four bytes */
};
#define LETTERS (sizeof letters / sizeof *letters)

struct text {
	struct buf written;
	uint32_t folded[LONGEST];
	uint32_t n;
};

static uint32_t code_of(const char *c)
{
	uint32_t code;

	utf8_decode((const uint8_t *)c, (const uint8_t *)c + strlen(c), &code);
	return code;
}

static void random_text(struct rng *r, uint32_t most, struct text *t)
{
	t->n = rng_below(r, most + 1);
	buf_reset(&t->written);
	for (uint32_t i = 0; i < t->n; i++) {
		uint32_t letter = rng_below(r, LETTERS);

		buf_add_str(&t->written, letters[letter].written);
		t->folded[i] = code_of(letters[letter].folded);
	}
}

/* ---- wildcards ---- */

/* No text that begins as this one may match, whatever follows. */
static void check_death(struct pattern *p, struct bytes text)
{
	static const char *const ends[] = { "", "a", "'s", "\xCC\x81", "\xE1\x85\xA1" };
	size_t dies = pattern_dies(p, text);
	struct buf other = BUF_INIT;

	for (size_t i = 0; dies && i < sizeof ends / sizeof *ends; i++) {
		if (dies > text.n && i)
			break;
		buf_set(&other, dies > text.n ? text : bytes_of(text.p, dies));
		buf_add_str(&other, ends[i]);
		assert_true(pattern_match(p, buf_bytes(&other)) < 0);
	}
	if (dies && text.n > 2 && text.p[text.n - 2] == '\'')
		assert_true(pattern_match(p, bytes_of(text.p, text.n - 2)) < 0);
	buf_release(&other);
}

/* As pattern_match, and what is said at sight must agree with it. */
static int match(struct pattern *p, struct buf *text)
{
	int got = pattern_match(p, buf_bytes(text));

	assert_false(got >= 0 && pattern_dies(p, buf_bytes(text)));
	check_death(p, buf_bytes(text));

	memset(buf_reserve(text, PATTERN_OVER), 'a', PATTERN_OVER);
	assert_false(got >= 0 && pattern_lacks(p, buf_bytes(text)));
	return got;
}

static bool wildcard_holds(const uint32_t *p, uint32_t np, const uint32_t *t, uint32_t nt)
{
	if (!np)
		return !nt;
	if (*p == '*')
		return wildcard_holds(p + 1, np - 1, t, nt) || (nt && wildcard_holds(p, np, t + 1, nt - 1));
	return nt && (*p == '?' || *p == *t) && wildcard_holds(p + 1, np - 1, t + 1, nt - 1);
}

static void wildcards(uint64_t seed)
{
	struct text pattern = { .n = 0 }, text = { .n = 0 };
	struct pattern p;
	struct err err;
	struct rng r;
	size_t at;

	rng_init(&r, seed);
	random_text(&r, 4, &pattern);
	for (uint32_t i = rng_below(&r, 5); i > 0; i--) {
		struct text more = { .n = 0 };
		bool star = rng_one_in(&r, 2);

		random_text(&r, 3, &more);
		buf_add_byte(&pattern.written, star ? '*' : '?');
		buf_add_bytes(&pattern.written, buf_bytes(&more.written));
		pattern.folded[pattern.n++] = star ? '*' : '?';
		memcpy(pattern.folded + pattern.n, more.folded, more.n * sizeof *more.folded);
		pattern.n += more.n;
		buf_release(&more.written);
	}
	assert_int_equal(pattern_wildcard(&p, buf_bytes(&pattern.written), &at, &err), 0);
	for (int i = 0; i < 50; i++) {
		random_text(&r, 10, &text);
		if ((match(&p, &text.written) == 0) !=
		    wildcard_holds(pattern.folded, pattern.n, text.folded, text.n))
			fail_msg("MORGUE_TEST_SEED=%u: wildcard %s, text %s", (unsigned)seed,
				 buf_cstr(&pattern.written), buf_cstr(&text.written));
	}
	pattern_release(&p);
	buf_release(&pattern.written);
	buf_release(&text.written);
}

/* ---- misspellings ---- */

static uint32_t least(uint32_t a, uint32_t b)
{
	return a < b ? a : b;
}

static uint32_t distance(const struct text *a, const struct text *b)
{
	uint32_t row[LONGEST + 1][LONGEST + 1];

	for (uint32_t i = 0; i <= a->n; i++) {
		for (uint32_t j = 0; j <= b->n; j++) {
			row[i][j] = i + j;
			if (!i || !j)
				continue;
			row[i][j] = least(row[i - 1][j - 1] + (a->folded[i - 1] != b->folded[j - 1]),
					  least(row[i - 1][j], row[i][j - 1]) + 1);
			if (i > 1 && j > 1 && a->folded[i - 1] == b->folded[j - 2] &&
			    a->folded[i - 2] == b->folded[j - 1])
				row[i][j] = least(row[i][j], row[i - 2][j - 2] + 1);
		}
	}
	return row[a->n][b->n];
}

static void misspellings(uint64_t seed)
{
	struct text word = { .n = 0 }, text = { .n = 0 };
	uint32_t edits;
	struct pattern p;
	struct err err;
	struct rng r;
	size_t at;

	rng_init(&r, seed);
	random_text(&r, 7, &word);
	edits = rng_range(&r, 1, 2);
	assert_int_equal(pattern_fuzzy(&p, buf_bytes(&word.written), edits, &at, &err), 0);
	for (int i = 0; i < 50; i++) {
		uint32_t away;
		int got;

		random_text(&r, 8, &text);
		got = match(&p, &text.written);
		away = distance(&word, &text);
		if (got != (away > edits ? AUTOMATON_NO : (int)away))
			fail_msg("MORGUE_TEST_SEED=%u: %s~%u, text %s: %d, not %u", (unsigned)seed,
				 buf_cstr(&word.written), edits, buf_cstr(&text.written), got, away);
	}
	pattern_release(&p);
	buf_release(&word.written);
	buf_release(&text.written);
}

/* ---- regular expressions ---- */

/* As a tree. A node maps places of a text where it may begin to those where it may end. */
struct node {
	enum { LETTER, ANY, SET, SEQUENCE, EITHER, REPEAT } kind;
	uint32_t letter;
	bool in_set[LETTERS], negated;
	uint32_t least, most; /* UINT32_MAX: any number */
	struct node *child[3];
	uint32_t n;
};

static bool reads(const struct node *n, uint32_t c)
{
	bool found = false;

	if (n->kind == ANY)
		return true;
	if (n->kind == LETTER)
		return code_of(letters[n->letter].folded) == c;
	for (uint32_t i = 0; i < LETTERS; i++)
		found |= n->in_set[i] && code_of(letters[i].folded) == c;
	return found != n->negated;
}

static uint64_t ends(const struct node *n, const struct text *t, uint64_t starts)
{
	uint64_t out = 0;

	switch (n->kind) {
	case SEQUENCE:
		for (uint32_t i = 0; i < n->n; i++)
			starts = ends(n->child[i], t, starts);
		return starts;
	case EITHER:
		for (uint32_t i = 0; i < n->n; i++)
			out |= ends(n->child[i], t, starts);
		return out;
	case REPEAT:
		for (uint32_t i = 0; i < n->least; i++)
			starts = ends(n->child[0], t, starts);
		out = starts;
		for (uint32_t i = n->least; i < n->most && i < n->least + LONGEST; i++) {
			starts = ends(n->child[0], t, starts);
			out |= starts;
		}
		return out;
	default:
		for (uint32_t i = 0; i < t->n; i++)
			if (starts >> i & 1 && reads(n, t->folded[i]))
				out |= UINT64_C(1) << (i + 1);
		return out;
	}
}

static void random_set(struct rng *r, struct node *n, struct buf *out)
{
	n->negated = rng_one_in(r, 3);
	buf_add_str(out, n->negated ? "[^" : "[");
	for (uint32_t i = rng_range(r, 1, 4); i > 0; i--) {
		uint32_t letter = rng_below(r, LETTERS);

		n->in_set[letter] = true;
		buf_add_str(out, letters[letter].written);
	}
	if (rng_one_in(r, 4)) {
		n->in_set[0] = n->in_set[2] = n->in_set[4] = true;
		buf_add_str(out, "a-c");
	}
	buf_add_str(out, "]");
}

/* A random tree; its text is appended. */
static struct node *random_node(struct rng *r, struct arena *arena, unsigned depth, struct buf *out)
{
	static const char *const times[] = { "*", "+", "?", "{2}", "{1,3}", "{2,}", "{0,2}", "{0}" };
	static const uint32_t least_of[] = { 0, 1, 0, 2, 1, 2, 0, 0 },
			      most_of[] = { UINT32_MAX, UINT32_MAX, 1, 2, 3, UINT32_MAX, 2, 0 };
	struct node *n = arena_zalloc(arena, sizeof *n);
	uint32_t which = rng_below(r, depth > 3 ? 5 : 10);

	if (which < 3) {
		n->kind = LETTER;
		n->letter = rng_below(r, LETTERS);
		buf_add_str(out, rng_one_in(r, 6) && n->letter > 4 ? "\\" : "");
		buf_add_str(out, letters[n->letter].written);
		if (out->n > 1 && out->p[out->n - 2] == '\\')
			out->n -= 2, buf_add_str(out, letters[n->letter].written); /* \E is an escape */
	} else if (which == 3) {
		n->kind = ANY;
		buf_add_byte(out, '.');
	} else if (which == 4) {
		n->kind = SET;
		random_set(r, n, out);
	} else if (which < 8) {
		bool either = rng_one_in(r, 2);

		n->kind = either ? EITHER : SEQUENCE;
		n->n = rng_range(r, 1, 3);
		buf_add_str(out, rng_one_in(r, 2) ? "(" : "(?:");
		for (uint32_t i = 0; i < n->n; i++) {
			buf_add_str(out, either && i ? "|" : "");
			n->child[i] = random_node(r, arena, depth + 1, out);
		}
		buf_add_str(out, ")");
	} else {
		uint32_t t = rng_below(r, sizeof times / sizeof *times);

		n->kind = REPEAT;
		n->least = least_of[t];
		n->most = most_of[t];
		buf_add_str(out, "(");
		n->child[0] = random_node(r, arena, depth + 1, out);
		buf_addf(out, ")%s%s", times[t], rng_one_in(r, 5) ? "?" : "");
	}
	return n;
}

static void expressions(uint64_t seed)
{
	struct arena arena = ARENA_INIT;
	struct text text = { .n = 0 };
	struct buf expression = BUF_INIT;
	const struct node *tree;
	struct pattern p;
	struct err err;
	struct rng r;
	size_t at;

	rng_init(&r, seed);
	tree = random_node(&r, &arena, 0, &expression);
	if (pattern_regex(&p, buf_bytes(&expression), &at, &err) < 0)
		fail_msg("MORGUE_TEST_SEED=%u: %s: %s at %zu", (unsigned)seed, buf_cstr(&expression), err.msg,
			 at);
	for (int i = 0; i < 50; i++) {
		bool got, wanted;

		random_text(&r, 9, &text);
		got = match(&p, &text.written) == 0;
		wanted = ends(tree, &text, 1) >> text.n & 1;
		if (got != wanted)
			fail_msg("MORGUE_TEST_SEED=%u: /%s/ %s %s", (unsigned)seed, buf_cstr(&expression),
				 got ? "matches" : "does not match", buf_cstr(&text.written));
	}
	pattern_release(&p);
	arena_release(&arena);
	buf_release(&expression);
	buf_release(&text.written);
}

/* ---- whatever is written ---- */

static void scribbles(uint64_t seed)
{
	static const char *const pieces[] = { "(",  ")",   "(?:", "|",    "[",    "]",     "[^",  "-",  "^",
					      "$",  "*",   "+",   "?",    "{",    "}",     ",",   "2",  "255",
					      "\\", "\\d", ".",   "a",    "é",    "ж",     "[a-", "a{", "{2,",
					      "b-", "\\]", "時",  "\xFF", "\xC3", "a{99}", "\\1", "s",  "" };
	struct buf text = BUF_INIT;
	struct pattern p;
	struct err err;
	struct rng r;
	size_t at;
	int rc;

	rng_init(&r, seed);
	for (uint32_t n = rng_below(&r, 30); n > 0; n--)
		buf_add_str(&text, pieces[rng_below(&r, sizeof pieces / sizeof *pieces)]);
	rc = pattern_regex(&p, buf_bytes(&text), &at, &err);
	if (rc < 0) {
		assert_int_equal(rc, ERR_USAGE);
		assert_true(at <= text.n);
	} else {
		pattern_match(&p, bytes_str("aaaaaaaaab時é"));
		pattern_release(&p);
	}
	if (pattern_wildcard(&p, buf_bytes(&text), &at, &err) == 0) {
		pattern_match(&p, buf_bytes(&text));
		pattern_release(&p);
	}
	assert_int_equal(pattern_fuzzy(&p, buf_bytes(&text), 2, &at, &err), 0);
	pattern_match(&p, buf_bytes(&text));
	pattern_release(&p);
	buf_release(&text);
}

/* ---- folding as it is read ---- */

static void add_char(struct rng *r, struct buf *out)
{
	static const uint32_t blocks[][2] = { { 0x20, 0x7E },     { 0x80, 0x24F },    { 0x300, 0x345 },
					      { 0x370, 0x52F },   { 0x591, 0x6FF },   { 0x900, 0x97F },
					      { 0x1100, 0x11FF }, { 0x1E00, 0x1FFF }, { 0x3040, 0x30FF },
					      { 0xAC00, 0xACFF }, { 0xFB00, 0xFB4F }, { 0x10400, 0x1044F } };
	uint32_t b = rng_below(r, sizeof blocks / sizeof *blocks);

	out->n += utf8_encode(buf_reserve(out, 4), rng_range(r, blocks[b][0], blocks[b][1]));
}

/* A text matches itself folded, whatever stands beside what; and no other. */
static void folding(uint64_t seed)
{
	struct buf text = BUF_INIT, form = BUF_INIT, folded = BUF_INIT, other = BUF_INIT;
	struct pattern p = { .scratch = BUF_INIT };
	struct rng r;
	uint32_t node;

	rng_init(&r, seed);
	for (int i = 0; i < 20; i++) {
		buf_reset(&text);
		for (uint32_t n = rng_range(&r, 1, 5); n > 0; n--)
			add_char(&r, &text);
		form_of(buf_bytes(&text), &form);
		form_fold(buf_bytes(&form), FOLD_BOTH, &folded);
		automaton_init(&p.automaton);
		node = pattern_literal(&p.automaton, 0, buf_bytes(&folded));
		automaton_accept(&p.automaton, node, 0);
		automaton_ready(&p.automaton);
		if (pattern_match(&p, buf_bytes(&form)) != 0)
			fail_msg("MORGUE_TEST_SEED=%u: %s is not %s", (unsigned)seed, buf_cstr(&form),
				 buf_cstr(&folded));
		add_char(&r, &text);
		form_of(buf_bytes(&text), &form);
		form_fold(buf_bytes(&form), FOLD_BOTH, &other);
		assert_int_equal(pattern_match(&p, buf_bytes(&form)) == 0,
				 bytes_equal(buf_bytes(&other), buf_bytes(&folded)));
		pattern_release(&p);
	}
	buf_release(&text);
	buf_release(&form);
	buf_release(&folded);
	buf_release(&other);
}

#define TEST(name)                                                                                           \
	static void random_##name(void **state)                                                              \
	{                                                                                                    \
		(void)state;                                                                                 \
		test_seeds(2000, 500, 100000, name);                                                         \
	}
TEST(wildcards)
TEST(misspellings)
TEST(expressions)
TEST(scribbles)
TEST(folding)

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(random_wildcards),   cmocka_unit_test(random_misspellings),
		cmocka_unit_test(random_expressions), cmocka_unit_test(random_scribbles),
		cmocka_unit_test(random_folding),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
