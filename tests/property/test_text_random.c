/* tests/property/test_text_random.c - whatever the text, its tokens keep their promises.
 *
 * Texts of random bytes, of random characters and of random pieces of news. More
 * of them with MORGUE_TEST_LONG in the environment. A failure names its seed.
 */
#include "generate/rng.h"
#include "text/analyze.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <stdio.h>
#include <stdlib.h>

static const char *const languages[] = { "english", "none",    "french", "german",
					 "turkish", "russian", "arabic", "greek" };

#define NLANGUAGES (sizeof languages / sizeof *languages)

static uint32_t seeds(void)
{
	return getenv("MORGUE_TEST_LONG") ? 5000 : 300;
}

/* ---- texts ---- */

static void add_bytes(struct rng *r, struct buf *out)
{
	for (uint32_t n = rng_below(r, 400); n; n--)
		buf_add_byte(out, (uint8_t)rng_next(r));
}

static void add_char(struct buf *out, uint32_t c)
{
	if (c < 0xD800 || (c >= 0xE000 && c <= 0x10FFFF))
		out->n += utf8_encode(buf_reserve(out, 4), c);
}

/* Characters of the blocks that the tokenizer has something to say about, and any. */
static void add_chars(struct rng *r, struct buf *out)
{
	static const struct {
		uint32_t first, last;
	} blocks[] = {
		{ 0x20, 0x7E },     { 0x20, 0x7E },       { 0x00, 0x1F },       { 0x80, 0x24F },
		{ 0x2B0, 0x36F },   { 0x370, 0x52F },     { 0x591, 0x6FF },     { 0x900, 0x97F },
		{ 0xE00, 0xE7F },   { 0x1100, 0x11FF },   { 0x2000, 0x2070 },   { 0x20A0, 0x218F },
		{ 0x3000, 0x318F }, { 0x4E00, 0x4EFF },   { 0xAC00, 0xACFF },   { 0xFB00, 0xFDFF },
		{ 0xFE00, 0xFFFF }, { 0x1F600, 0x1F64F }, { 0x20000, 0x200FF }, { 0, 0x10FFFF },
	};

	for (uint32_t n = rng_below(r, 200); n; n--) {
		uint32_t b = rng_below(r, sizeof blocks / sizeof *blocks);

		for (uint32_t run = 1 + rng_below(r, 4); run; run--)
			add_char(out, rng_range(r, blocks[b].first, blocks[b].last));
	}
}

static void add_pieces(struct rng *r, struct buf *out)
{
	static const char *const pieces[] = {
		"the",       "strike",
		"O'Brien",   "U.S.",
		"c.e.o.s",   "AT&T",
		"COVID",     "19",
		"1,000",     "000",
		"3.5",       "$5bn",
		"1986's",    "Mr.",
		"Sept.",     "e.g.",
		"J.K.",      "x",
		"s",         "bn",
		"km",        "http://",
		"www.a.org", "@",
		"#",         "%",
		"\u20AC",    "-",
		"_",         "--",
		".",         ",",
		"'",         "\"",
		"&",         "(",
		")",         "/",
		":",         "!",
		"?",         "\n",
		"\n\n",      "\u2019",
		"\u2018",    "\u201C",
		"\u201D",    "\u201E",
		"\u00AB",    "\u00BB",
		"\u2013",    "\u2026",
		"\u00AD",    "\u00A0",
		"\u0301",    "caf\u00E9",
		"\u00DF",    "\u6771\u4EAC",
		"\u3002",    "\uD55C\uAD6D",
		"\u3164",    "\u0439",
		"\uFB01",    "\uFF11",
		"\uFDFA",    "\U0001F600",
		"l'",        "\u0130",
		"\xFF",
	};

	for (uint32_t n = rng_below(r, 120); n; n--) {
		buf_add_str(out, pieces[rng_below(r, sizeof pieces / sizeof *pieces)]);
		if (rng_one_in(r, 3))
			buf_add_byte(out, ' ');
	}
}

/* The text of a seed. */
static void make_text(uint32_t seed, struct buf *out)
{
	static void (*const kinds[])(struct rng *, struct buf *) = { add_bytes, add_chars, add_pieces };
	struct rng r;

	rng_init(&r, seed);
	buf_reset(out);
	for (uint32_t n = 1 + rng_below(&r, 3); n; n--)
		kinds[rng_below(&r, 3)](&r, out);
}

/* ---- promises ---- */

static bool on_character(struct bytes text, uint32_t at)
{
	return at == text.n || (text.p[at] & 0xC0) != 0x80;
}

/* What is wrong with token i, or NULL. */
static const char *token_fault(const struct tokens *tokens, size_t i, struct bytes text, bool valid)
{
	const struct token *t = &tokens->v[i];

	if (i && t->pos < tokens->v[i - 1].pos)
		return "positions descend";
	if (t->start > t->end || t->end > text.n)
		return "offsets outside";
	if (valid && !(on_character(text, t->start) && on_character(text, t->end)))
		return "offsets inside a character";
	for (size_t j = i; j-- > 0 && tokens->v[j].pos == t->pos;)
		if (bytes_equal(tokens->v[j].word->stem, t->word->stem))
			return "a stem twice at a position";
	if (t->kind == TOKEN_MARK)
		return t->word->form.n || t->word->stem.n != 2 || t->word->stem.p[0] != TERM_MARK
			       ? "an odd mark"
			       : NULL;
	if (t->start == t->end)
		return "no surface";
	if (!t->word->stem.n || t->word->stem.n > FORM_MAX || t->word->stem.p[0] < 0x20 ||
	    !utf8_valid(t->word->stem))
		return "an odd stem";
	if (!t->word->form.n || t->word->form.n > FORM_MAX || t->word->form.p[0] < 0x20 ||
	    !utf8_valid(t->word->form))
		return "an odd form";
	return NULL;
}

static void check_tokens(uint32_t seed, const char *language, const struct tokens *tokens, struct bytes text)
{
	bool valid = utf8_valid(text);
	uint32_t words = 0;

	for (size_t i = 0; i < tokens->n; i++) {
		const char *fault = token_fault(tokens, i, text, valid);

		if (fault)
			fail_msg("seed %u, %s: token %zu: %s", seed, language, i, fault);
		words += token_takes_position(&tokens->v[i]);
	}
	if (words != tokens->words || words != tokens->next)
		fail_msg("seed %u, %s: %u words, not %u", seed, language, words, tokens->words);
}

static bool same_token(const struct token *t, const struct token *u)
{
	return t->pos == u->pos && t->start == u->start && t->end == u->end && t->kind == u->kind &&
	       bytes_equal(t->word->stem, u->word->stem) && bytes_equal(t->word->form, u->word->form);
}

/* The same tokens, marks aside if `marks` is false. */
static bool same_tokens(const struct tokens *x, const struct tokens *y, bool marks)
{
	size_t i = 0, j = 0;

	for (;; i++, j++) {
		while (!marks && i < x->n && x->v[i].kind == TOKEN_MARK)
			i++;
		while (!marks && j < y->n && y->v[j].kind == TOKEN_MARK)
			j++;
		if (i == x->n || j == y->n)
			return i == x->n && j == y->n;
		if (!same_token(&x->v[i], &y->v[j]))
			return false;
	}
}

/* ---- tests ---- */

static struct analyzer *new_analyzer(const char *language)
{
	struct analyzer *a = analyzer_new(language, NULL);

	assert_non_null(a);
	return a;
}

static void tokens_of_any_text_are_in_order(void **state)
{
	struct tokens tokens = TOKENS_INIT;
	struct buf text = BUF_INIT;
	struct analyzer *a[NLANGUAGES];

	(void)state;
	for (size_t i = 0; i < NLANGUAGES; i++)
		a[i] = new_analyzer(languages[i]);
	for (uint32_t seed = 1; seed <= seeds(); seed++) {
		make_text(seed, &text);
		for (size_t i = 0; i < NLANGUAGES; i++) {
			tokens_reset(&tokens);
			analyze_text(a[i], buf_bytes(&text), &tokens);
			check_tokens(seed, languages[i], &tokens, buf_bytes(&text));
		}
	}
	for (size_t i = 0; i < NLANGUAGES; i++)
		analyzer_free(a[i]);
	tokens_release(&tokens);
	buf_release(&text);
}

static void white_space_after_a_text_changes_no_word(void **state)
{
	struct tokens plain = TOKENS_INIT, spaced = TOKENS_INIT;
	struct analyzer *a = new_analyzer("english");
	struct buf text = BUF_INIT;

	(void)state;
	for (uint32_t seed = 1; seed <= seeds(); seed++) {
		make_text(seed, &text);
		tokens_reset(&plain);
		analyze_text(a, buf_bytes(&text), &plain);
		for (int i = 0; i < 3; i++) {
			buf_add_byte(&text, i == 1 ? '\n' : ' ');
			tokens_reset(&spaced);
			analyze_text(a, buf_bytes(&text), &spaced);
			if (!same_tokens(&plain, &spaced, false))
				fail_msg("seed %u: %d spaces change a word", seed, i + 1);
		}
	}
	tokens_release(&plain);
	tokens_release(&spaced);
	analyzer_free(a);
	buf_release(&text);
}

/* What an analyzer has seen before makes no difference. */
static void a_fresh_analyzer_gives_the_same(void **state)
{
	struct tokens used = TOKENS_INIT, fresh = TOKENS_INIT;
	struct analyzer *a = new_analyzer("english");
	struct buf text = BUF_INIT;

	(void)state;
	for (uint32_t seed = 1; seed <= seeds(); seed++) {
		struct analyzer *b = new_analyzer("english");

		make_text(seed, &text);
		tokens_reset(&used);
		tokens_reset(&fresh);
		analyze_text(a, buf_bytes(&text), &used);
		analyze_text(b, buf_bytes(&text), &fresh);
		if (!same_tokens(&used, &fresh, true))
			fail_msg("seed %u", seed);
		analyzer_free(b);
	}
	tokens_release(&used);
	tokens_release(&fresh);
	analyzer_free(a);
	buf_release(&text);
}

/* Random ranges of a body left out: every token is of what is left, and words there
 * are those of the pieces by themselves. */
static void tokens_avoid_random_furniture(void **state)
{
	struct tokens tokens = TOKENS_INIT, piece = TOKENS_INIT;
	struct analyzer *a = new_analyzer("english");
	struct buf text = BUF_INIT;

	(void)state;
	for (uint32_t seed = 1; seed <= seeds(); seed++) {
		struct range cut[2];
		uint32_t edge[4] = { 0 }, words = 0;
		struct rng r;

		make_text(seed, &text);
		rng_init(&r, seed);
		for (int i = 0; i < 4; i++)
			edge[i] = rng_range(&r, i ? edge[i - 1] : 0, (uint32_t)text.n);
		cut[0] = (struct range){ edge[0], edge[1] };
		cut[1] = (struct range){ edge[2], edge[3] };
		analyze_article(a, BYTES_NONE, buf_bytes(&text), cut, 2, &tokens);
		for (size_t i = 0; i < tokens.n; i++)
			for (int j = 0; j < 2; j++)
				if (tokens.v[i].end > cut[j].start && tokens.v[i].start < cut[j].end)
					fail_msg("seed %u: token %zu is in furniture", seed, i);
		for (int i = 0; i < 3; i++) {
			uint32_t start = i ? cut[i - 1].end : 0,
				 end = i < 2 ? cut[i].start : (uint32_t)text.n;

			tokens_reset(&piece);
			if (end > start)
				analyze_text(a, bytes_of(text.p + start, end - start), &piece);
			words += piece.words;
		}
		if (words != tokens.words)
			fail_msg("seed %u: %u words, not %u", seed, tokens.words, words);
	}
	tokens_release(&tokens);
	tokens_release(&piece);
	analyzer_free(a);
	buf_release(&text);
}

/* ---- long monotonous texts: a pass that looks back or ahead too far never ends ---- */

#define MONOTONOUS (1u << 20) /* bytes */

static void check_monotonous(struct analyzer *a, const char *start, const char *unit, const char *end)
{
	struct tokens tokens = TOKENS_INIT;
	struct buf text = BUF_INIT;

	buf_add_str(&text, start);
	while (text.n < MONOTONOUS)
		buf_add_str(&text, unit);
	buf_add_str(&text, end);
	analyze_text(a, buf_bytes(&text), &tokens);
	if (tokens.words != tokens.next)
		fail_msg("%s: %u words, not %u", unit, tokens.words, tokens.next);
	tokens_release(&tokens);
	buf_release(&text);
}

static void monotonous_texts_take_linear_time(void **state)
{
	static const char *const texts[][3] = {
		{ "", "a-", "" },        { "", "a", "" },
		{ "", "'", "" },         { "", "(", "" },
		{ "", "\"", "" },        { "", "&", "" },
		{ "", "1,", "" },        { "", "1.", "" },
		{ "", "1,000,", "" },    { "1", ",000", ",1" },
		{ "1", ".000", ".1.x" }, { "1", ".000", ",1" },
		{ "", "a.", "" },        { "", "a.", "xx" },
		{ "", "a.", "a'b" },     { "", "a&", "" },
		{ "", "a'", "" },        { "", "1a", "" },
		{ "", "5m-", "" },       { "", "$", "5" },
		{ "", "http://", "" },   { "a", "\n ", "" },
		{ "a", "\n\t.", "b" },   { "a", "\r", "\n\n" },
		{ "Mr.", " ", "x" },     { "", "a. ", "" },
		{ "", "A ", "" },        { "", "\u0301", "" },
		{ "a", "\u0301", ".b" }, { "", "a\u0301.", "bb" },
		{ "", "\u6771", "" },    { "\u6771", "\u3099", "" },
		{ "", "\u201C", "" },    { "", "\u2018a", "" },
		{ "", "\x80", "" },      { "", "\xF0\x9F", "" },
		{ "", "\uFDFA", "" },    { "a", "\u00AD", "" },
		{ "1", "\u00AD", "a" },  { "", "a_1-", "" },
		{ "", "1's", "" },       { "", "a&1&", "" },
	};
	struct analyzer *a = new_analyzer("english");

	(void)state;
	for (size_t i = 0; i < sizeof texts / sizeof *texts; i++)
		check_monotonous(a, texts[i][0], texts[i][1], texts[i][2]);
	analyzer_free(a);
}

/* Ampersands between ever new pieces: each piece was compared with all before. */
static void many_distinct_pieces_take_linear_time(void **state)
{
	static const char *const between[] = { "&", "-", "'", " ", ".", "," };
	struct analyzer *a = new_analyzer("english");
	struct tokens tokens = TOKENS_INIT;
	struct buf text = BUF_INIT;

	(void)state;
	for (size_t i = 0; i < sizeof between / sizeof *between; i++) {
		buf_reset(&text);
		for (unsigned n = 0; text.n < MONOTONOUS; n++)
			buf_addf(&text, "x%x%s", n, between[i]);
		analyze_article(a, BYTES_NONE, buf_bytes(&text), NULL, 0, &tokens);
		assert_int_equal(tokens.words, tokens.next - 1);
	}
	tokens_release(&tokens);
	buf_release(&text);
	analyzer_free(a);
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(tokens_of_any_text_are_in_order),
		cmocka_unit_test(white_space_after_a_text_changes_no_word),
		cmocka_unit_test(a_fresh_analyzer_gives_the_same),
		cmocka_unit_test(tokens_avoid_random_furniture),
		cmocka_unit_test(monotonous_texts_take_linear_time),
		cmocka_unit_test(many_distinct_pieces_take_linear_time),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
