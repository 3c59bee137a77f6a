/* query/match_expansion.c - many words as one: their postings are added up ahead.
 *
 * Why this is fast (`make bench BENCH=queries`, abc* def*):
 * - A block of a list is added to the sums of all docs in one loop. A bit says which docs have
 *   one, so that the others are passed over 64 at a time.
 * - Positions are read only of stems that have other forms than those asked for.
 * - Scores are worked out together, from a table; then docs that score less than is needed
 *   are passed over in a loop without a branch for each.
 */
#include "base/mem.h"
#include "match_leaf.h"
#include "source.h"
#include "term_scores.h"

#include <stdlib.h>

/* Sums of a segment, kept for whoever asks for the same once more: counting does, and ranking. */
struct expanded {
	const struct bytes *terms;
	const struct form_test *test;
	const struct pattern *pattern;
	size_t nterms;
	bool title;
	uint32_t *docs, *freqs;
	size_t n;
	struct expanded *next;
};

struct list_match {
	struct match base;
	const uint32_t *docs, *freqs;
	int32_t *scores; /* NULL: not worked out */
	size_t n, at;
	int64_t limit; /* of .scores, the greatest */
	bool wide;     /* they may not fit 30 bits */
	double weight;
};

/* ---- scores ---- */

static void work_out_scores(struct list_match *l)
{
	struct match_context *ctx = l->base.ctx;
	struct term_scores scores;
	const uint8_t *lengths;
	uint32_t most = 0;

	l->wide = !term_scores_init(&scores, ctx->scorer, l->weight, &ctx->arena);
	if (l->wide || l->scores || !l->n)
		return;
	lengths = segment_length_codes(ctx->seg, l->docs[0], l->docs[l->n - 1]);
	l->scores = arena_alloc(&ctx->arena, l->n * sizeof *l->scores);
	for (size_t i = 0; i < l->n; i++)
		most = l->freqs[i] > most ? l->freqs[i] : most;
	term_scores_fill(&scores, most);
	for (size_t i = 0; i < l->n; i++) {
		l->scores[i] = term_score(&scores, l->freqs[i], lengths[l->docs[i]]);
		l->limit = l->scores[i] > l->limit ? l->scores[i] : l->limit;
	}
}

static int64_t list_limit(struct match *m)
{
	struct list_match *l = (struct list_match *)m;

	work_out_scores(l);
	return l->wide ? INT64_MAX : l->limit;
}

static int64_t list_score(struct match *m)
{
	const struct list_match *l = (const struct list_match *)m;

	return l->scores ? l->scores[l->at] : match_contribution(m, l->weight, l->freqs[l->at]);
}

/* ---- docs ---- */

#define TOGETHER 16u /* scores looked at by one test */

/* The first place from `at` on whose doc scores what is needed. */
static size_t sufficient(const struct list_match *l, size_t at)
{
	int32_t least = l->base.least < INT32_MAX ? (int32_t)l->base.least : INT32_MAX;

	if (!l->scores || least <= 0)
		return at;
	for (; at + TOGETHER <= l->n; at += TOGETHER) {
		int32_t any = 0;

		for (size_t i = 0; i < TOGETHER; i++)
			any |= l->scores[at + i] >= least;
		if (any)
			break;
	}
	while (at < l->n && l->scores[at] < least)
		at++;
	return at;
}

static uint32_t list_seek(struct match *m, uint32_t target)
{
	struct list_match *l = (struct list_match *)m;
	size_t step = 1, low = l->at, high;

	while (low + step < l->n && l->docs[low + step] < target)
		low += step, step *= 2;
	high = low + step < l->n ? low + step : l->n;
	while (low < high) {
		size_t middle = low + (high - low) / 2;

		if (l->docs[middle] < target)
			low = middle + 1;
		else
			high = middle;
	}
	l->at = sufficient(l, low);
	return l->at < l->n ? l->docs[l->at] : DOC_END;
}

static uint32_t list_freq(struct match *m)
{
	const struct list_match *l = (const struct list_match *)m;

	return l->freqs[l->at];
}

static const struct match_ops list_ops = {
	.seek = list_seek, .score = list_score, .freq = list_freq, .limit = list_limit
};

/* ---- adding up ---- */

static inline uint32_t add_saturating(uint32_t a, uint32_t b)
{
	return a > UINT32_MAX - b ? UINT32_MAX : a + b;
}

/* Add the frequencies of the decoded block. */
static void add_block(const struct match_context *ctx, const struct postings *post, const uint32_t *freqs)
{
	uint32_t *sums = ctx->sums;
	uint64_t *met = ctx->met;

	for (uint32_t i = 0; i < post->n; i++) {
		uint32_t doc = post->docs[i];

		sums[doc] = add_saturating(sums[doc], freqs[i]);
		met[doc / 64] |= (uint64_t)(freqs[i] > 0) << doc % 64;
	}
}

static void add_list(struct match_context *ctx, struct source *s, bool title, struct positions_list *list)
{
	struct postings *post = &s->post;

	for (uint32_t block = 0; block < post->nblocks && ctx->rc == 0; block++) {
		uint32_t freqs[POSTINGS_BLOCK];

		if (!postings_load(post, block) || !postings_load_freqs(post)) {
			ctx->rc = post->rc;
			return;
		}
		for (uint32_t i = 0; i < post->n && (s->allowed || title); i++)
			freqs[i] = source_freq(ctx, s, i, title, list);
		add_block(ctx, post, s->allowed || title ? freqs : post->freqs);
		if (post->rc < 0)
			ctx->rc = post->rc;
	}
}

/* Take the sums as a list, and leave zeros. */
static void take_sums(struct match_context *ctx, struct expanded *x)
{
	uint32_t words = (ctx->seg->ndocs + 63) / 64;
	size_t n = 0;

	for (uint32_t w = 0; w < words; w++)
		n += (size_t)__builtin_popcountll(ctx->met[w]);
	x->docs = arena_alloc(&ctx->arena, n * sizeof *x->docs);
	x->freqs = arena_alloc(&ctx->arena, n * sizeof *x->freqs);
	for (uint32_t w = 0; w < words; w++) {
		for (uint64_t bits = ctx->met[w]; bits; bits &= bits - 1) {
			uint32_t doc = w * 64 + (uint32_t)__builtin_ctzll(bits);

			x->docs[x->n] = doc;
			x->freqs[x->n++] = ctx->sums[doc];
			ctx->sums[doc] = 0;
		}
		ctx->met[w] = 0;
	}
}

static void make_room(struct match_context *ctx)
{
	if (ctx->sums_room >= ctx->seg->ndocs)
		return;
	free(ctx->sums);
	free(ctx->met);
	ctx->sums_room = ctx->seg->ndocs;
	ctx->sums = mem_zalloc(ctx->sums_room, sizeof *ctx->sums);
	ctx->met = mem_zalloc((ctx->sums_room + 63) / 64, sizeof *ctx->met);
}

#define KEPT_LISTS 1024u /* of the table; a question of more expansions looks through several */

/* The sums of an element, if there are some already, or a new place for them. */
static struct expanded *sums_of(struct match_context *ctx, const struct plan_element *e, bool title)
{
	size_t slot = ((uintptr_t)e->terms >> 3) * UINT64_C(0x9E3779B97F4A7C15) >> 54;
	struct expanded *x;

	if (!ctx->expanded)
		ctx->expanded = arena_zalloc(&ctx->arena, KEPT_LISTS * sizeof(struct expanded *));
	for (x = ctx->expanded[slot]; x; x = x->next)
		if (x->terms == e->terms && x->nterms == e->nterms && x->test == e->test &&
		    x->pattern == e->pattern && x->title == title)
			return x;
	x = arena_zalloc(&ctx->arena, sizeof *x);
	x->terms = e->terms;
	x->test = e->test;
	x->pattern = e->pattern;
	x->nterms = e->nterms;
	x->title = title;
	x->next = ctx->expanded[slot];
	ctx->expanded[slot] = x;
	return x;
}

static const struct expanded *add_up(struct match_context *ctx, const struct plan_element *e, bool title)
{
	struct positions_list list = { .n = 0 };
	struct expanded *x = sums_of(ctx, e, title);
	struct source s;

	if (x->docs)
		return x;
	make_room(ctx);
	for (size_t i = 0; i < e->nterms && ctx->rc == 0; i++)
		if (source_open(ctx, &s, e, i))
			add_list(ctx, &s, title, &list);
	take_sums(ctx, x);
	return x;
}

struct match *match_open_expansion(struct match_context *ctx, const struct plan_node *node)
{
	struct list_match *l = match_new(ctx, sizeof *l, &list_ops);
	const struct expanded *x = add_up(ctx, &node->elements[0], node->title);

	l->weight = node->weight;
	l->docs = x->docs;
	l->freqs = x->freqs;
	l->n = x->n;
	l->base.cost = l->n;
	return &l->base;
}
