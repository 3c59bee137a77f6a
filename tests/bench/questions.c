#include "questions.h"

#include "base/civil.h"
#include "base/mem.h"
#include "generate/rng.h"

#include <stdio.h>
#include <stdlib.h>

#define WORDS_MAX 4
#define TRIES_MAX 100000 /* for one class */

struct run {
	char words[WORDS_MAX][64];
	int n;
};

struct drawer {
	struct rng rng;
	struct asker *asker;
	struct arena *arena;
	struct tokens tokens;
	struct buf text;
};

/* ---- runs of words ---- */

/* Is this a word that every tokenizer sees alike: two letters or more of a-z? */
static bool plain_word(const struct token *t)
{
	if (t->kind != TOKEN_WORD || t->word->form.n < 2 || t->word->form.n > 60)
		return false;
	for (size_t i = 0; i < t->word->form.n; i++)
		if (t->word->form.p[i] < 'a' || t->word->form.p[i] > 'z')
			return false;
	return true;
}

static bool has_word(const struct run *run, struct bytes word)
{
	for (int i = 0; i < run->n; i++)
		if (bytes_is(word, run->words[i]))
			return true;
	return false;
}

/* A run of `n` different plain words from the tokens, beginning at random; false if luck is out. */
static bool draw_run(struct drawer *d, int n, struct run *run)
{
	const struct tokens *t = &d->tokens;

	run->n = 0;
	if (!t->n)
		return false;
	for (size_t at = rng_below(&d->rng, (uint32_t)t->n); at < t->n && run->n < n; at++) {
		const struct token *token = &t->v[at];

		if (token->kind == TOKEN_MARK)
			continue;
		if (!plain_word(token) || has_word(run, token->word->form))
			return false;
		snprintf(run->words[run->n++], sizeof run->words[0], "%.*s", (int)token->word->form.n,
			 (const char *)token->word->form.p);
	}
	return run->n == n;
}

/* The tokens of a random article's body, or of its headline. */
static bool draw_article(struct drawer *d, bool headline)
{
	struct archive *archive = &d->asker->archive;
	int64_t number = 1 + (int64_t)rng_below(&d->rng, (uint32_t)archive->ndocs);
	struct catalog_article row;

	if (archive_article(archive, number, &row, NULL) <= 0)
		return false;
	tokens_reset(&d->tokens);
	analyze_text(d->asker->analyzer, headline ? row.title : row.text.body, &d->tokens);
	return true;
}

/* Words that a class's question number `i` has. */
static int words_of(enum question_class c, int i)
{
	if (c == TERM || c == TITLE)
		return 1;
	return c < COMPARED ? 2 + i % (WORDS_MAX - 1) : 3;
}

static int draw_runs(struct drawer *d, enum question_class c, struct run runs[QUESTIONS])
{
	int drawn = 0;

	for (int tries = 0; drawn < QUESTIONS && tries < TRIES_MAX; tries++)
		if (draw_article(d, c == TITLE) && draw_run(d, words_of(c, drawn), &runs[drawn]))
			drawn++;
	return drawn == QUESTIONS ? 0 : -1;
}

/* ---- their texts ---- */

/* What `d->text` holds, kept. */
static const char *keep(struct drawer *d)
{
	struct bytes kept = arena_bytes(d->arena, buf_bytes(&d->text));

	buf_reset(&d->text);
	return (const char *)kept.p;
}

/* The words, each between quotes, with glue between. */
static void add_words(struct buf *out, const struct run *run, const char *glue, const char *quote)
{
	for (int i = 0; i < run->n; i++)
		buf_addf(out, "%s%s%s%s", i ? glue : "", quote, run->words[i], quote);
}

/* The words, of each only some letters; of those beside a pattern all. */
static void add_opened(struct buf *out, enum question_class c, const struct run *run)
{
	for (int i = 0; i < run->n; i++) {
		const char *w = run->words[i];
		int n = (int)strlen(w), inner = n < 6 ? n - 1 : 4;

		buf_add_str(out, i ? " " : "");
		if (c >= BESIDE_PREFIX && i < run->n - 1) {
			buf_add_str(out, w);
			continue;
		}
		switch (c) {
		case BESIDE_PREFIX:
		case PREFIX: buf_addf(out, "%.3s*", w); break;
		case BESIDE_WIDE:
		case WIDE: buf_addf(out, "%.1s*", w); break;
		case BESIDE_INFIX:
		case INFIX: buf_addf(out, "*%.*s*", inner, w + 1); break;
		case REGEX: buf_addf(out, "/[a-z]%.*s[a-z]*/", inner, w + 1); break;
		default: buf_addf(out, "%s~2", w); break;
		}
	}
}

static const char *ours(struct drawer *d, enum question_class c, const struct run *run)
{
	const char(*w)[64] = run->words;
	struct buf *out = &d->text;

	switch (c) {
	case GROUP: buf_addf(out, "%s (%s OR %s)", w[0], w[1], w[2]); break;
	case WITHOUT: buf_addf(out, "(%s OR %s) -%s", w[0], w[1], w[2]); break;
	case NEAR: add_words(out, run, " w/5 ", ""); break;
	case SENTENCE: add_words(out, run, " w/s ", ""); break;
	case QUOTED:
		buf_add_str(out, "quote:(");
		add_words(out, run, " ", "");
		buf_add_byte(out, ')');
		break;
	case MIXED: buf_addf(out, "%s OR \"%s %s\"", w[0], w[1], w[2]); break;
	case PREFIX:
	case WIDE:
	case INFIX:
	case REGEX:
	case FUZZY:
	case BESIDE_PREFIX:
	case BESIDE_WIDE:
	case BESIDE_INFIX: add_opened(out, c, run); break;
	default:
		buf_add_str(out, c == STEMS ? "~\"" : c == EXACT ? "\"" : c == TITLE ? "title:" : "");
		add_words(out, run, c == UNION || c == DATED ? " OR " : " ", "");
		buf_add_str(out, c == STEMS || c == EXACT ? "\"" : "");
	}
	return keep(d);
}

static const char *for_fts5(struct drawer *d, enum question_class c, const struct run *run)
{
	buf_add_str(&d->text, c == STEMS ? "\"" : "");
	add_words(&d->text, run, c == UNION ? " OR " : " ", c == STEMS ? "" : "\"");
	buf_add_str(&d->text, c == STEMS ? "\"" : "");
	return keep(d);
}

/* ---- ranges of dates ---- */

static int by_date(const void *x, const void *y)
{
	int64_t a = *(const int64_t *)x, b = *(const int64_t *)y;

	return (a > b) - (a < b);
}

/* The dates of all articles that have one, ascending; to be freed. */
static int64_t *read_dates(const struct archive *archive, size_t *n)
{
	int64_t *dates = mem_zalloc(archive->ndocs, sizeof *dates);

	*n = 0;
	for (size_t i = 0; i < archive->nsegments; i++) {
		const struct segment *s = &archive->segments[i];

		if (segment_touch_docs(s) < 0)
			continue;
		for (uint32_t doc = 0; doc < s->ndated; doc++)
			dates[(*n)++] = segment_date(s, doc);
	}
	qsort(dates, *n, sizeof *dates, by_date);
	return dates;
}

static const char *dated(struct drawer *d, const char *words, int64_t from, int64_t to)
{
	char first[20], last[20];

	civil_format(first, from, 'd');
	civil_format(last, to, 'd');
	buf_addf(&d->text, "(%s) date:%s..%s", words, first, last);
	return keep(d);
}

/* Unions and intersections once more, each in the days that begin at some article's and hold a tenth of all. */
static void draw_dated(struct drawer *d, struct questions *q)
{
	const struct archive *archive = &d->asker->archive;
	const struct rank_options only_count = { .count = 0 };
	size_t n, tenth = (size_t)archive->ndocs / 10, found = 0;
	int64_t *dates = read_dates(archive, &n);

	q->dated = 0;
	for (int i = 0; n > tenth && i < QUESTIONS; i++) {
		size_t at = rng_below(&d->rng, (uint32_t)(n - tenth));
		struct answer answer = { .total = 0 };
		const char *range = dated(d, "*", dates[at], dates[at + tenth]);

		q->of[DATED][i].ours = dated(d, q->of[UNION][i].ours, dates[at], dates[at + tenth]);
		q->of[DATED_ALL][i].ours =
			dated(d, q->of[INTERSECTION][i].ours, dates[at], dates[at + tenth]);
		ask(d->asker, bytes_str(range), false, &only_count, &answer, NULL);
		found += answer.total;
	}
	q->dated = (double)found / QUESTIONS / (double)archive->ndocs;
	free(dates);
}

/* ---- sources ---- */

/* The source of a random article, of many a well-filled one; empty if luck is out. */
static struct bytes draw_source(struct drawer *d)
{
	struct archive *archive = &d->asker->archive;
	struct catalog_article row;

	for (int tries = 0; tries < 1000; tries++) {
		int64_t number = 1 + (int64_t)rng_below(&d->rng, (uint32_t)archive->ndocs);

		if (archive_article(archive, number, &row, NULL) > 0 && row.source_name.n &&
		    !memchr(row.source_name.p, '"', row.source_name.n))
			return row.source_name;
	}
	return BYTES_NONE;
}

/* The intersections once more, each in a source. */
static void draw_sourced(struct drawer *d, struct questions *q)
{
	q->sourced = true;
	for (int i = 0; q->sourced && i < QUESTIONS; i++) {
		struct bytes source = draw_source(d);

		q->sourced = source.n > 0;
		buf_addf(&d->text, "%s source:\"", q->of[INTERSECTION][i].ours);
		buf_add_bytes(&d->text, source);
		buf_add_byte(&d->text, '"');
		q->of[SOURCED][i].ours = keep(d);
	}
}

int questions_draw(struct questions *q, struct asker *asker, struct arena *arena)
{
	struct drawer d = { .asker = asker, .arena = arena, .tokens = TOKENS_INIT };
	static struct run runs[CLASSES][QUESTIONS];
	int rc = 0;

	rng_init(&d.rng, 42);
	*q = (struct questions){ .dated = 0 };
	for (enum question_class c = 0; rc == 0 && c < CLASSES; c++) {
		if (c == DATED || c == DATED_ALL || c == SOURCED)
			continue;
		if (c == EXACT) /* what words in their forms cost more than stems */
			memcpy(runs[EXACT], runs[STEMS], sizeof runs[EXACT]);
		else if (c >= NEAR) /* and what places and patterns cost more than words */
			memcpy(runs[c], runs[c == FUZZY ? TERM : INTERSECTION], sizeof runs[c]);
		else
			rc = draw_runs(&d, c, runs[c]);
		for (int i = 0; rc == 0 && i < QUESTIONS; i++) {
			q->of[c][i].ours = ours(&d, c, &runs[c][i]);
			q->of[c][i].fts5 = c < COMPARED ? for_fts5(&d, c, &runs[c][i]) : NULL;
		}
	}
	if (rc == 0) {
		draw_dated(&d, q);
		draw_sourced(&d, q);
	}
	tokens_release(&d.tokens);
	buf_release(&d.text);
	return rc;
}
