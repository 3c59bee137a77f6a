/* query/match_expansion.c - many words as one: their postings are added up ahead.
 *
 * Why this is fast (`make bench BENCH=queries`, wildcard):
 * - A block of a list is added to the sums of all docs in one loop; what is seldom is
 *   gathered and sorted instead.
 * - Positions are read only of stems that have other forms than those asked for.
 */
#include "base/mem.h"
#include "match_leaf.h"
#include "source.h"

#include <stdlib.h>

struct list_match {
	struct match base;
	uint32_t *docs, *freqs;
	size_t n, at;
	double weight;
};

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
	l->at = low;
	return low < l->n ? l->docs[low] : DOC_END;
}

static uint32_t list_freq(struct match *m)
{
	const struct list_match *l = (const struct list_match *)m;

	return l->freqs[l->at];
}

static int64_t list_score(struct match *m)
{
	return match_contribution(m, ((const struct list_match *)m)->weight, list_freq(m));
}

static const struct match_ops list_ops = { .seek = list_seek, .score = list_score, .freq = list_freq };

/* ---- adding up ---- */

/* Where frequencies are added: by doc, or of few docs as they come. */
struct sums {
	uint32_t *of;    /* by doc; NULL: */
	uint64_t *pairs; /* doc in the upper half, frequency in the lower */
	size_t n, cap;
};

static uint32_t add_saturating(uint32_t a, uint32_t b)
{
	return a > UINT32_MAX - b ? UINT32_MAX : a + b;
}

static void add_to(struct sums *sums, uint32_t doc, uint32_t freq)
{
	if (sums->of) {
		sums->of[doc] = add_saturating(sums->of[doc], freq);
	} else if (freq) {
		MEM_GROW(sums->pairs, sums->cap, sums->n + 1);
		sums->pairs[sums->n++] = (uint64_t)doc << 32 | freq;
	}
}

static void add_list(struct match_context *ctx, struct source *s, bool title, struct positions_list *list,
		     struct sums *sums)
{
	struct postings *post = &s->post;

	for (uint32_t block = 0; block < post->nblocks && ctx->rc == 0; block++) {
		if (!postings_load(post, block) || !postings_load_freqs(post)) {
			ctx->rc = post->rc;
			return;
		}
		for (uint32_t i = 0; i < post->n; i++)
			add_to(sums, post->docs[i],
			       s->allowed || title ? source_freq(ctx, s, i, title, list) : post->freqs[i]);
		if (post->rc < 0)
			ctx->rc = post->rc;
	}
}

static int by_doc(const void *x, const void *y)
{
	uint64_t a = *(const uint64_t *)x, b = *(const uint64_t *)y;

	return (a > b) - (a < b);
}

static void list_pairs(struct match_context *ctx, struct list_match *l, const struct sums *sums)
{
	l->docs = arena_alloc(&ctx->arena, sums->n * sizeof *l->docs);
	l->freqs = arena_alloc(&ctx->arena, sums->n * sizeof *l->freqs);
	if (sums->n)
		qsort(sums->pairs, sums->n, sizeof *sums->pairs, by_doc);
	for (size_t i = 0; i < sums->n; i++) {
		uint32_t doc = (uint32_t)(sums->pairs[i] >> 32), freq = (uint32_t)sums->pairs[i];

		if (l->n && l->docs[l->n - 1] == doc) {
			l->freqs[l->n - 1] = add_saturating(l->freqs[l->n - 1], freq);
		} else {
			l->docs[l->n] = doc;
			l->freqs[l->n++] = freq;
		}
	}
}

static void list_sums(struct match_context *ctx, struct list_match *l, const struct sums *sums)
{
	uint32_t ndocs = ctx->seg->ndocs;
	size_t n = 0;

	for (uint32_t d = 0; d < ndocs; d++)
		n += sums->of[d] > 0;
	l->docs = arena_alloc(&ctx->arena, n * sizeof *l->docs);
	l->freqs = arena_alloc(&ctx->arena, n * sizeof *l->freqs);
	for (uint32_t d = 0; d < ndocs; d++) {
		if (!sums->of[d])
			continue;
		l->docs[l->n] = d;
		l->freqs[l->n++] = sums->of[d];
	}
}

/* Postings are few if there is but one for so many docs: sorting one costs as much as passing
 * over these. */
#define FEW_SHARE 512u

static uint64_t postings_of(struct match_context *ctx, const struct plan_element *e)
{
	uint64_t n = 0;
	struct term_info info;

	for (size_t i = 0; i < e->nterms; i++)
		n += match_find_in(ctx, e, i, &info) ? info.df : 0;
	return n;
}

struct match *match_open_expansion(struct match_context *ctx, const struct plan_node *node)
{
	const struct plan_element *e = &node->elements[0];
	struct list_match *l = match_new(ctx, sizeof *l, &list_ops);
	struct positions_list list = { .n = 0 };
	struct sums sums = { .of = NULL };
	struct source s;

	l->weight = node->weight;
	if (postings_of(ctx, e) > ctx->seg->ndocs / FEW_SHARE)
		sums.of = mem_zalloc(ctx->seg->ndocs, sizeof *sums.of);
	for (size_t i = 0; i < e->nterms && ctx->rc == 0; i++)
		if (source_open(ctx, &s, e, i))
			add_list(ctx, &s, node->title, &list, &sums);
	if (ctx->rc == 0)
		(sums.of ? list_sums : list_pairs)(ctx, l, &sums);
	free(sums.of);
	free(sums.pairs);
	l->base.cost = l->n;
	return &l->base;
}
