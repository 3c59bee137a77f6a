#include "lib/random_query.h"

#include "generate/lexicon.h"
#include "generate/news.h"
#include "parse/parse.h"
#include "text/forms.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <inttypes.h>
#include <strings.h>

struct asker {
	struct rng *rng;
	const struct random_corpus *corpus;
	enum query_style style;
	struct buf text, scratch;
};

static void add_group(struct asker *a, unsigned depth, struct buf *out);

/* ---- words ---- */

static bool is_edge(uint8_t c)
{
	return c && strchr(" \n.,?!\"()", c);
}

/* Without punctuation and curly quotes at both ends. */
static struct bytes trim_word(struct bytes w)
{
	for (;;) {
		if (w.n && is_edge(w.p[0]))
			w.p++, w.n--;
		else if (w.n && is_edge(w.p[w.n - 1]))
			w.n--;
		else if (w.n >= 3 && !memcmp(w.p, "\xE2\x80", 2) && w.p[2] >= 0x9C)
			w.p += 3, w.n -= 3;
		else if (w.n >= 3 && !memcmp(w.p + w.n - 3, "\xE2\x80", 2) && w.p[w.n - 1] >= 0x9C)
			w.n -= 3;
		else
			return w;
	}
}

/* From `at` on, the end of a word and the start of the next. */
static size_t word_stop(struct bytes s, size_t at)
{
	while (at < s.n && s.p[at] != ' ' && s.p[at] != '\n')
		at++;
	return at;
}

static size_t word_start(struct bytes s, size_t at)
{
	while (at < s.n && (s.p[at] == ' ' || s.p[at] == '\n'))
		at++;
	return at;
}

/* `n` adjacent words of some article into a->text; maybe none. */
static void take_run(struct asker *a, uint32_t n)
{
	const struct news *news = &a->corpus->v[rng_below(a->rng, (uint32_t)a->corpus->n)];
	struct bytes s = buf_bytes(rng_one_in(a->rng, 4) ? &news->title : &news->body), word;
	size_t at = s.n ? rng_below(a->rng, (uint32_t)s.n) : 0;

	buf_reset(&a->text);
	at = rng_one_in(a->rng, 8) ? 0 : word_start(s, word_stop(s, at));
	for (; n && at < s.n; n--) {
		size_t end = word_stop(s, at);

		word = trim_word(bytes_of(s.p + at, end - at));
		if (a->text.n && word.n)
			buf_add_byte(&a->text, ' ');
		buf_add_bytes(&a->text, word);
		at = word_start(s, end);
	}
}

static void change_case(struct asker *a)
{
	uint8_t *p = a->text.p;

	switch (rng_below(a->rng, 3)) {
	case 0:
		form_fold(buf_bytes(&a->text), FOLD_CASE, &a->scratch);
		buf_set(&a->text, buf_bytes(&a->scratch));
		break;
	case 1:
		for (size_t i = 0; i < a->text.n; i++)
			p[i] = (uint8_t)(p[i] >= 'a' && p[i] <= 'z' ? p[i] - 32 : p[i]);
		break;
	default:
		if (a->text.n && *p >= 'a' && *p <= 'z')
			*p = (uint8_t)(*p - 32);
		break;
	}
}

static void change_accents(struct asker *a)
{
	if (rng_one_in(a->rng, 2)) {
		form_fold(buf_bytes(&a->text), FOLD_ACCENTS, &a->scratch);
		buf_set(&a->text, buf_bytes(&a->scratch));
		return;
	}
	buf_reset(&a->scratch);
	for (size_t i = 0; i < a->text.n; i++) {
		if (a->text.p[i] == 'e' && rng_one_in(a->rng, 2))
			buf_add_str(&a->scratch, "é");
		else
			buf_add_byte(&a->scratch, a->text.p[i]);
	}
	buf_set(&a->text, buf_bytes(&a->scratch));
}

static void drop_quotes(struct asker *a)
{
	size_t n = 0;

	for (size_t i = 0; i < a->text.n; i++) {
		if (i + 2 < a->text.n && !memcmp(a->text.p + i, "\xE2\x80", 2) && a->text.p[i + 2] >= 0x9C)
			i += 2;
		else if (a->text.p[i] != '"')
			a->text.p[n++] = a->text.p[i];
	}
	a->text.n = n;
}

/* Words to ask for, in a->text. */
static void take_words(struct asker *a, uint32_t n)
{
	take_run(a, n);
	drop_quotes(a);
	if (rng_one_in(a->rng, 20)) {
		buf_reset(&a->text);
		buf_add_str(&a->text, lexicon_oddity(rng_next(a->rng)));
	}
	if (rng_one_in(a->rng, 3))
		change_case(a);
	if (rng_one_in(a->rng, 12))
		change_accents(a);
	if (!a->text.n || rng_one_in(a->rng, 40))
		buf_set(&a->text, bytes_str("zyzzyva"));
	if (rng_one_in(a->rng, 30))
		buf_add_byte(&a->text, 's');
}

/* ---- leaves ---- */

static void add_one_word(struct asker *a, const char *before, const char *after, struct buf *out)
{
	take_words(a, 1);
	buf_add_str(out, before);
	buf_add_bytes(out, buf_bytes(&a->text));
	buf_add_str(out, after);
}

static void add_phrase(struct asker *a, const char *before, struct buf *out)
{
	take_words(a, rng_range(a->rng, 1, 4));
	if (a->style == QUERY_STYLE_FTS5 && *before != '~' && !rng_one_in(a->rng, 20)) {
		form_fold(buf_bytes(&a->text), FOLD_BOTH, &a->scratch);
		buf_set(&a->text, buf_bytes(&a->scratch));
	}
	buf_addf(out, rng_one_in(a->rng, 4) ? "%s“%s”" : "%s\"%s\"", before, buf_cstr(&a->text));
}

static void add_prefix(struct asker *a, const char *before, struct buf *out)
{
	struct bytes prefix;

	take_words(a, 1);
	prefix = utf8_cut(buf_bytes(&a->text), rng_range(a->rng, 1, 5));
	buf_add_str(out, before);
	buf_add_bytes(out, prefix.n ? prefix : bytes_str("a"));
	buf_add_byte(out, '*');
}

/* The characters of a word, some of them left open. */
static void add_opened(struct asker *a, bool regex, struct buf *out)
{
	struct bytes word = buf_bytes(&a->text);

	for (size_t at = 0, size; at < word.n; at += size) {
		enum char_class c = char_class_at(word, at, &size);

		if (c != CHAR_LETTER && c != CHAR_DIGIT && c != CHAR_CJK && word.p[at] != '\'')
			continue; /* a compound's pieces would be words of their own */
		if (!regex && rng_one_in(a->rng, 5))
			buf_add_byte(out, rng_one_in(a->rng, 2) ? '*' : '?');
		else if (regex && rng_one_in(a->rng, 5))
			buf_add_str(out, rng_one_in(a->rng, 2) ? "(.|s)" : "[^aeiou]");
		else
			buf_add(out, word.p + at, size);
		if (regex && rng_one_in(a->rng, 8))
			buf_add_byte(out, (uint8_t) "+*?"[rng_below(a->rng, 3)]);
	}
}

/* A wildcard, a regular expression or a misspelling. */
static void add_pattern(struct asker *a, const char *before, struct buf *out)
{
	uint32_t kind = rng_below(a->rng, 3);

	take_words(a, 1);
	buf_add_str(out, before);
	if (kind == 0) {
		buf_add_str(out, rng_one_in(a->rng, 3) ? "*" : "");
		add_opened(a, false, out);
		buf_add_str(out, rng_one_in(a->rng, 3) ? "*" : "");
	} else if (kind == 1) {
		buf_add_str(out, "/x?");
		add_opened(a, true, out);
		buf_add_str(out, "/");
	} else {
		if (a->text.n > 3 && rng_one_in(a->rng, 2) && a->text.p[1] < 0x80 && a->text.p[2] < 0x80)
			a->text.p[1 + rng_below(a->rng, 2)] = 'e';
		buf_add_bytes(out, buf_bytes(&a->text));
		buf_addf(out, "~%u", rng_range(a->rng, 1, 2));
	}
}

static void add_period(struct asker *a, struct buf *out)
{
	int64_t seconds =
		(NEWS_FIRST_DAY + rng_below(a->rng, rng_one_in(a->rng, 2) ? 6 : 1000)) * (int64_t)CIVIL_DAY;
	char date[20];

	civil_format(date, seconds, "ymdd"[rng_below(a->rng, 4)]);
	buf_add_str(out, date);
}

static void add_date(struct asker *a, struct buf *out)
{
	buf_add_str(out, "date:");
	switch (rng_below(a->rng, 5)) {
	case 0: buf_add_str(out, "none"); break;
	case 1: buf_add_str(out, ".."), add_period(a, out); break;
	case 2: add_period(a, out), buf_add_str(out, ".."); break;
	case 3: add_period(a, out), buf_add_str(out, "..2007-12-31"); break;
	default: add_period(a, out); break;
	}
}

/* ---- places ---- */

static const char *draw_unit(struct asker *a)
{
	static const char *const units[] = { "1", "1", "2", "3", "5", "10", "40", "s", "p" };

	return units[rng_below(a->rng, 9)];
}

static void add_operator_of(struct asker *a, bool negated, const char *unit, struct buf *out)
{
	static const char *const names[] = { "w/", "near/", "pre/", "adj/" };

	buf_addf(out, "%s%s%s ", negated ? " not " : " ", names[rng_below(a->rng, 4)], unit);
}

static void add_operator(struct asker *a, bool negated, struct buf *out)
{
	add_operator_of(a, negated, draw_unit(a), out);
}

static void add_operand(struct asker *a, unsigned depth, struct buf *out);

static bool is_not(struct bytes word)
{
	return word.n == 3 && strncasecmp((const char *)word.p, "not", 3) == 0;
}

/* The first word, or if chance or the language will not have it (`not` would be an operator) another operand. */
static void add_word_or_operand(struct asker *a, unsigned depth, struct bytes words, struct buf *out)
{
	struct bytes word = bytes_of(words.p, word_stop(words, 0));

	if (!word.n || rng_one_in(a->rng, 3) || is_not(word))
		add_operand(a, depth, out);
	else
		buf_add_bytes(out, word);
}

/* Two or three things near each other, often from one piece of text. */
static void add_near(struct asker *a, unsigned depth, struct buf *out)
{
	struct bytes run, rest;
	struct buf kept = BUF_INIT;
	bool negated = rng_one_in(a->rng, 5);

	take_words(a, rng_range(a->rng, 2, 6));
	buf_set(&kept, buf_bytes(&a->text));
	run = buf_bytes(&kept);
	rest = bytes_of(run.p + word_start(run, word_stop(run, 0)),
			run.n - word_start(run, word_stop(run, 0)));
	while (rest.n && rng_one_in(a->rng, 2) && word_stop(rest, 0) < rest.n)
		rest = bytes_of(rest.p + word_stop(rest, 0) + 1, rest.n - word_stop(rest, 0) - 1);
	add_word_or_operand(a, depth, rest.n ? run : rest, out);
	add_operator(a, negated, out);
	add_word_or_operand(a, depth, rest, out);
	if (!negated && rng_one_in(a->rng, 5)) {
		add_operator(a, false, out);
		add_operand(a, depth, out);
	}
	buf_release(&kept);
}

#define CHAIN_MAX 8u /* words taken from a text */

/* Several words of one piece of text near each other, as they stand there or backwards, some of them
 * twice. */
static void add_chain(struct asker *a, struct buf *out)
{
	const char *unit = rng_one_in(a->rng, 2) ? "s" : draw_unit(a);
	bool same = rng_one_in(a->rng, 2), backwards = rng_one_in(a->rng, 3), first = true;
	struct bytes text, words[CHAIN_MAX];
	size_t n = 0;

	take_words(a, rng_range(a->rng, 3, CHAIN_MAX));
	text = buf_bytes(&a->text);
	for (size_t at = 0, end; at < text.n && n < CHAIN_MAX; at = word_start(text, end)) {
		end = word_stop(text, at);
		words[n] = bytes_of(text.p + at, end - at);
		n += !is_not(words[n]);
	}
	if (!n)
		add_one_word(a, "", "", out);
	for (size_t i = 0; i < n; i++) {
		for (uint32_t times = i ? rng_below(a->rng, 4) : 1; times; times /= 2) {
			if (!first)
				add_operator_of(a, false, same ? unit : draw_unit(a), out);
			buf_add_bytes(out, words[backwards ? n - 1 - i : i]);
			first = false;
		}
	}
}

/* A quotation, of whose words all but one may be any. */
static void add_gapped(struct asker *a, struct buf *out)
{
	struct bytes text;
	size_t at = 0, next;
	bool words = false;

	take_words(a, rng_range(a->rng, 2, 5));
	text = buf_bytes(&a->text);
	buf_add_str(out, rng_one_in(a->rng, 2) ? "\"" : "~\"");
	for (; at < text.n; at = next) {
		size_t end = word_stop(text, at);
		bool any;

		next = word_start(text, end);
		any = rng_one_in(a->rng, 3) && (words || next < text.n);
		words |= !any;
		buf_add_bytes(out, any ? bytes_str("*") : bytes_of(text.p + at, end - at));
		buf_add_str(out, next < text.n ? " " : "");
	}
	buf_add_byte(out, '"');
}

static void add_cased(struct asker *a, struct buf *out)
{
	static const char *const names[] = { "caps(", "allcaps(", "nocaps(" };

	add_one_word(a, names[rng_below(a->rng, 3)], ")", out);
}

static void add_operand(struct asker *a, unsigned depth, struct buf *out)
{
	switch (rng_below(a->rng, depth > 2 ? 7 : 10)) {
	case 0: add_phrase(a, "", out); break;
	case 1: add_phrase(a, "~", out); break;
	case 2: add_prefix(a, "", out); break;
	case 3: add_gapped(a, out); break;
	case 4: add_one_word(a, "quote:", "", out); break;
	case 7:
		buf_add_byte(out, '(');
		add_operand(a, depth + 1, out);
		buf_add_str(out, " OR ");
		add_operand(a, depth + 1, out);
		buf_add_byte(out, ')');
		break;
	case 8:
		buf_add_byte(out, '(');
		add_operand(a, depth + 1, out);
		buf_addf(out, " w/%" PRIu32 " ", rng_range(a->rng, 1, 12));
		add_operand(a, depth + 1, out);
		buf_add_byte(out, ')');
		break;
	default: add_one_word(a, "", "", out); break;
	}
}

/* atleast3( ) of what has places, 2of( ) of anything like it. */
static void add_counted(struct asker *a, unsigned depth, struct buf *out)
{
	uint32_t n = rng_range(a->rng, 2, 4);

	if (rng_one_in(a->rng, 2)) {
		buf_addf(out, "atleast%" PRIu32 "(", rng_range(a->rng, 1, 4));
		add_operand(a, depth, out);
	} else {
		buf_addf(out, "%" PRIu32 "of(", rng_range(a->rng, 1, n));
		for (uint32_t i = 0; i < n; i++) {
			buf_add_str(out, i ? ", " : "");
			add_operand(a, depth, out);
		}
	}
	buf_add_byte(out, ')');
}

static void add_region(struct asker *a, unsigned depth, struct buf *out)
{
	static const char *const names[] = { "lead:", "quote:", "first/", "title:" };
	uint32_t which = rng_below(a->rng, 4);

	buf_add_str(out, names[which]);
	if (which == 2)
		buf_addf(out, "%" PRIu32 ":", rng_range(a->rng, 1, 60));
	if (depth < 3 && rng_one_in(a->rng, 4)) {
		buf_add_byte(out, '(');
		add_near(a, depth + 1, out);
		buf_add_byte(out, ')');
		return;
	}
	add_operand(a, depth, out);
}

static void add_placed(struct asker *a, unsigned depth, struct buf *out)
{
	switch (rng_below(a->rng, 10)) {
	case 0:
	case 1:
	case 2: add_near(a, depth, out); break;
	case 3: add_gapped(a, out); break;
	case 4: add_cased(a, out); break;
	case 5: add_counted(a, depth, out); break;
	case 6:
	case 7: add_chain(a, out); break;
	default: add_region(a, depth, out); break;
	}
}

static void add_titled(struct asker *a, unsigned depth, struct buf *out)
{
	switch (rng_below(a->rng, 6)) {
	case 0: add_phrase(a, "title:", out); break;
	case 1: add_phrase(a, "title:~", out); break;
	case 2:
		(a->style == QUERY_STYLE_ALL && rng_one_in(a->rng, 2) ? add_pattern
								      : add_prefix)(a, "title:", out);
		break;
	case 3: buf_add_str(out, "title:"), add_group(a, depth + 1, out); break;
	default: add_one_word(a, "title:", "", out); break;
	}
}

static void add_leaf(struct asker *a, unsigned depth, struct buf *out)
{
	uint32_t kind = rng_below(a->rng, 100);

	if (a->style == QUERY_STYLE_ALL && rng_one_in(a->rng, 3)) {
		add_placed(a, depth, out);
		return;
	}
	if (kind < 40)
		add_one_word(a, "", "", out);
	else if (kind < 54)
		add_phrase(a, "", out);
	else if (kind < 64)
		add_phrase(a, "~", out);
	else if (kind < 74)
		(a->style == QUERY_STYLE_ALL && rng_one_in(a->rng, 2) ? add_pattern : add_prefix)(a, "", out);
	else if (kind < 86)
		add_titled(a, depth, out);
	else if (kind < 90)
		buf_add_str(out, rng_one_in(a->rng, 3) ? "*" : "the");
	else if (a->style == QUERY_STYLE_FTS5)
		add_one_word(a, "", "", out);
	else if (kind < 96)
		add_one_word(a, "=", "", out);
	else
		add_date(a, out);
}

/* ---- the tree ---- */

/* May a weight stand behind it? */
static bool weighs(const struct asker *a, struct bytes part)
{
	return a->style == QUERY_STYLE_ALL && !bytes_start(part, bytes_str("date:"));
}

static void add_expression(struct asker *a, unsigned depth, struct buf *out)
{
	static const char *const joints[] = { " ",    " ",     " ",  " AND ",    " OR ",
					      " OR ", " NOT ", " -", " AND NOT " };
	uint32_t n = depth > 3 ? 1 : rng_range(a->rng, 1, 3);

	if (rng_one_in(a->rng, 24))
		buf_add_str(out, "NOT ");
	for (uint32_t i = 0; i < n; i++) {
		size_t start;

		if (i)
			buf_add_str(out, joints[rng_below(a->rng, 9)]);
		start = out->n;
		if (depth < 3 && rng_one_in(a->rng, 6))
			add_group(a, depth + 1, out);
		else
			add_leaf(a, depth, out);
		if (weighs(a, bytes_of(out->p + start, out->n - start)) && rng_one_in(a->rng, 12))
			buf_addf(out, "^%" PRIu32 ".%" PRIu32, rng_below(a->rng, 4), rng_range(a->rng, 1, 9));
	}
}

static void add_group(struct asker *a, unsigned depth, struct buf *out)
{
	buf_add_byte(out, '(');
	add_expression(a, depth, out);
	buf_add_byte(out, ')');
}

/* Does the language take it? Random words are now and then a mistake in an operator: one in a hundred
 * questions is at most. */
static bool is_sound(struct bytes question)
{
	static uint64_t drawn, refused;
	const struct parse_options options = { .any = false };
	struct arena arena = ARENA_INIT;
	struct query query;
	struct err err;
	int rc = query_parse(&query, question, &options, &arena, &err);

	drawn++;
	refused += rc < 0;
	if (rc == 0)
		query_release(&query);
	else if (rc != ERR_USAGE || refused > 10 + drawn / 100)
		fail_msg("query [%.*s]: %s", (int)question.n, (const char *)question.p, err.msg);
	arena_release(&arena);
	return rc == 0;
}

void random_query(struct rng *r, const struct random_corpus *c, enum query_style style, struct buf *out)
{
	struct asker a = { .rng = r, .corpus = c, .style = style };
	size_t start = out->n;

	do {
		out->n = start;
		add_expression(&a, 0, out);
	} while (!is_sound(bytes_of(out->p + start, out->n - start)));
	buf_release(&a.text);
	buf_release(&a.scratch);
}
