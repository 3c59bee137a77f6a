#include "lib/random_query.h"

#include "generate/lexicon.h"
#include "generate/news.h"
#include "text/forms.h"

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
	take_words(a, 1);
	buf_add_str(out, before);
	buf_add_bytes(out, utf8_cut(buf_bytes(&a->text), rng_range(a->rng, 1, 5)));
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

static void add_expression(struct asker *a, unsigned depth, struct buf *out)
{
	static const char *const joints[] = { " ",    " ",     " ",  " AND ",    " OR ",
					      " OR ", " NOT ", " -", " AND NOT " };
	uint32_t n = depth > 3 ? 1 : rng_range(a->rng, 1, 3);

	if (rng_one_in(a->rng, 24))
		buf_add_str(out, "NOT ");
	for (uint32_t i = 0; i < n; i++) {
		if (i)
			buf_add_str(out, joints[rng_below(a->rng, 9)]);
		if (depth < 3 && rng_one_in(a->rng, 6))
			add_group(a, depth + 1, out);
		else
			add_leaf(a, depth, out);
	}
}

static void add_group(struct asker *a, unsigned depth, struct buf *out)
{
	buf_add_byte(out, '(');
	add_expression(a, depth, out);
	buf_add_byte(out, ')');
}

void random_query(struct rng *r, const struct random_corpus *c, enum query_style style, struct buf *out)
{
	struct asker a = { .rng = r, .corpus = c, .style = style };

	add_expression(&a, 0, out);
	buf_release(&a.text);
	buf_release(&a.scratch);
}
