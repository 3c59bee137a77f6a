/* query/rank/sums.c - why this is fast (`make bench BENCH=queries`, abc* def*):
 * - A block is added to the sums of all docs in one loop, which touches nothing else: what is met
 *   is seen by its sum in the end.
 * - Lists of one block, which most are, are read without a cursor.
 * - Of long lists so many docs are added up at a time as the cache holds sums of.
 */
#include "rank/sums.h"

#include "base/mem.h"
#include "rank/sum_list.h"

#include <stdlib.h>

static void make_room(struct match_context *ctx)
{
	if (ctx->sums_room >= ctx->seg->ndocs)
		return;
	free(ctx->sums);
	ctx->sums_room = ctx->seg->ndocs;
	ctx->sums = mem_zalloc(ctx->sums_room, sizeof *ctx->sums);
}

/* ---- all docs ---- */

static void add(uint32_t *sums, const uint32_t *docs, const uint32_t *freqs, uint32_t n)
{
	for (uint32_t i = 0; i < n; i++)
		sums[docs[i]] = add_saturating(sums[docs[i]], freqs[i]);
}

/* The same of a block whose docs are a bitmap. */
static void add_bitmap(uint32_t *sums, const struct postings *p)
{
	const uint32_t *freq = p->freqs;

	for (uint32_t w = 0; w < p->nwords; w++) {
		uint32_t *word = sums + p->base + w * 64;

		for (uint64_t bits = p->words[w]; bits; bits &= bits - 1) {
			unsigned bit = (unsigned)__builtin_ctzll(bits);

			word[bit] = add_saturating(word[bit], *freq++);
		}
	}
}

static void add_freq(struct sum_list *l, uint32_t doc, uint32_t freq)
{
	l->ctx->sums[doc] = add_saturating(l->ctx->sums[doc], freq);
}

/* A block's postings, where occurrences are counted. */
static void add_counted(struct sum_list *l)
{
	struct postings *p = &l->source.post;

	for (uint32_t i = 0; i < p->n && l->ctx->rc == 0; i++)
		add_freq(l, p->docs[i], source_freq(l->ctx, &l->source, i, l->title, &l->work));
}

static bool add_block(struct sum_list *l, uint32_t block)
{
	struct postings *p = &l->source.post;

	if (!postings_enter(p, block) || !postings_load_freqs(p))
		return sum_list_fail(l->ctx);
	if ((l->counted || l->marks) && !postings_load(p, block))
		return sum_list_fail(l->ctx);
	if (l->counted)
		add_counted(l);
	else if (p->expanded)
		add(l->ctx->sums, p->docs, p->freqs, p->n);
	else
		add_bitmap(l->ctx->sums, p);
	if (l->marks)
		sum_bits_mark(l->ctx, p->docs, p->n);
	return p->rc == 0 || sum_list_fail(l->ctx);
}

/* Blocks from *next on that count from a doc before `to`. */
static void add_blocks(struct sum_list *l, uint32_t *next, uint64_t to)
{
	const struct postings *p = &l->source.post;

	while (*next < p->nblocks && postings_block_base(p, *next) < to && add_block(l, *next))
		++*next;
}

static void add_whole(struct sum_list *l)
{
	struct match_context *ctx = l->ctx;
	struct short_list *s = &l->brief;
	uint32_t next = 0;

	if (!l->is_short) {
		add_blocks(l, &next, UINT32_MAX);
		return;
	}
	if (!short_list_docs(s, ctx->seg, &l->info) || !short_list_freqs(s)) {
		sum_list_fail(ctx);
		return;
	}
	add(ctx->sums, s->docs, s->freqs, s->n);
	if (l->marks)
		sum_bits_mark(ctx, s->docs, s->n);
}

/* Docs whose sums stay in the second-level cache while all lists of so many blocks are added. */
#define RANGE       (1u << 15)
#define LONG_BLOCKS 16u

static void add_lists(struct sum_list *l, const struct plan_element *e)
{
	struct match_context *ctx = l->ctx;
	uint32_t *longs = arena_alloc(&ctx->arena, e->nterms * sizeof *longs), n = 0;
	uint32_t *next = arena_zalloc(&ctx->arena, e->nterms * sizeof *next);

	for (size_t i = 0; i < e->nterms && ctx->rc == 0; i++) {
		sum_list_fetch(ctx, e, i + SUM_LISTS_AHEAD);
		if (!sum_list_open(l, e, i))
			continue;
		if (ctx->seg->ndocs > RANGE && !l->counted && !l->is_short &&
		    l->source.post.nblocks >= LONG_BLOCKS)
			longs[n++] = (uint32_t)i;
		else
			add_whole(l);
	}
	for (uint64_t to = RANGE; n && to - RANGE < ctx->seg->ndocs; to += RANGE)
		for (uint32_t i = 0; i < n && ctx->rc == 0; i++)
			if (sum_list_open(l, e, longs[i]))
				add_blocks(l, &next[i], to);
}

/* Take the sums of docs [from, to) as a list, and leave zeros. */
static void take_between(struct match_context *ctx, uint32_t from, uint32_t to, struct sums *out)
{
	uint32_t *sums = ctx->sums;
	size_t n = 0;

	for (uint32_t doc = from; doc < to; doc++)
		n += sums[doc] > 0;
	out->docs = arena_alloc(&ctx->arena, (n + 1) * sizeof *out->docs);
	out->freqs = arena_alloc(&ctx->arena, (n + 1) * sizeof *out->freqs);
	n = 0;
	for (uint32_t doc = from; doc < to; doc++) {
		out->docs[n] = doc;
		out->freqs[n] = sums[doc];
		n += sums[doc] > 0;
	}
	out->n = n;
	memset(sums + from, 0, (to - from) * sizeof *sums);
}

/* The same of few docs, by their marks, which go as well. */
static void take_marked(struct match_context *ctx, uint64_t most, struct sums *out)
{
	uint32_t words = (ctx->seg->ndocs + 63) / 64;

	out->n = 0;
	out->docs = arena_alloc(&ctx->arena, (most + 1) * sizeof *out->docs);
	out->freqs = arena_alloc(&ctx->arena, (most + 1) * sizeof *out->freqs);
	for (uint32_t w = 0; w < words; w++) {
		for (uint64_t bits = ctx->met[w]; bits; bits &= bits - 1) {
			uint32_t doc = w * 64 + (uint32_t)__builtin_ctzll(bits);

			out->docs[out->n] = doc;
			out->freqs[out->n] = ctx->sums[doc];
			out->n += ctx->sums[doc] > 0;
			ctx->sums[doc] = 0;
		}
		ctx->met[w] = 0;
	}
}

#define SPARSE 16u /* docs for each posting: then marks pay */

/* The same of docs that have what `least` says for their lengths. */
static void take_worth(struct match_context *ctx, const uint32_t *least, struct sums *out)
{
	uint32_t *sums = ctx->sums, ndocs = ctx->seg->ndocs;
	const uint8_t *lengths = segment_length_codes(ctx->seg, 0, ndocs - 1);
	size_t n = 0;

	for (uint32_t doc = 0; doc < ndocs; doc++)
		n += sums[doc] >= least[lengths[doc]];
	out->docs = arena_alloc(&ctx->arena, (n + 1) * sizeof *out->docs);
	out->freqs = arena_alloc(&ctx->arena, (n + 1) * sizeof *out->freqs);
	n = 0;
	for (uint32_t doc = 0; doc < ndocs; doc++) {
		out->docs[n] = doc;
		out->freqs[n] = sums[doc];
		n += sums[doc] >= least[lengths[doc]];
	}
	out->n = n;
	memset(sums, 0, ndocs * sizeof *sums);
}

void sums_whole(struct match_context *ctx, const struct plan_element *e, bool title, const uint32_t *least,
		struct sums *out)
{
	struct sum_list *l = arena_zalloc(&ctx->arena, sizeof *l);
	uint64_t postings = sums_cost(ctx, e);

	*out = (struct sums){ .n = 0 };
	if (!postings)
		return;
	make_room(ctx);
	sum_bits_room(ctx);
	l->ctx = ctx;
	l->title = title;
	l->marks = postings < ctx->seg->ndocs / SPARSE;
	add_lists(l, e);
	if (l->marks)
		take_marked(ctx, postings, out);
	else if (least)
		take_worth(ctx, least, out);
	else
		take_between(ctx, 0, ctx->seg->ndocs, out);
}

/* ---- some docs ---- */

/* Where sums have been added to that are not asked for. */
struct stretch {
	uint32_t first, end;
};

/* Add a block whole. */
static void add_to_stretch(struct sum_list *l, uint32_t block, struct stretch *others)
{
	uint32_t base = postings_block_base(&l->source.post, block);
	uint32_t last = postings_block_last(&l->source.post, block);

	others->first = base < others->first ? base : others->first;
	others->end = last >= others->end ? last + 1 : others->end;
	add_block(l, block);
}

static void clear_stretch(struct match_context *ctx, const struct stretch *others)
{
	if (others->first < others->end)
		memset(ctx->sums + others->first, 0, (others->end - others->first) * sizeof *ctx->sums);
}

static void add_short_between(struct sum_list *l, uint32_t from, uint32_t to)
{
	struct short_list *s = &l->brief;

	if (!short_list_docs(s, l->ctx->seg, &l->info)) {
		sum_list_fail(l->ctx);
		return;
	}
	if (s->docs[0] >= to || s->docs[s->n - 1] < from)
		return;
	if (!short_list_freqs(s)) {
		sum_list_fail(l->ctx);
		return;
	}
	for (uint32_t i = 0; i < s->n; i++)
		if (s->docs[i] >= from && s->docs[i] < to)
			add_freq(l, s->docs[i], s->freqs[i]);
}

static void add_between(struct sum_list *l, uint32_t from, uint32_t to, struct stretch *others)
{
	const struct postings *p = &l->source.post;
	uint32_t block = postings_find_block(p, 0, from);

	for (; block < p->nblocks && postings_block_base(p, block) < to && l->ctx->rc == 0; block++)
		add_to_stretch(l, block, others);
}

void sums_between(struct match_context *ctx, const struct plan_element *e, bool title, uint32_t from,
		  uint32_t to, struct sums *out)
{
	struct sum_list *l = arena_zalloc(&ctx->arena, sizeof *l);
	struct stretch others = { .first = UINT32_MAX };

	make_room(ctx);
	l->ctx = ctx;
	l->title = title;
	for (size_t i = 0; i < e->nterms && ctx->rc == 0; i++) {
		sum_list_fetch(ctx, e, i + SUM_LISTS_AHEAD);
		if (!sum_list_open(l, e, i))
			continue;
		if (l->is_short)
			add_short_between(l, from, to);
		else
			add_between(l, from, to, &others);
	}
	take_between(ctx, from, to, out);
	clear_stretch(ctx, &others);
}

uint64_t sums_cost(struct match_context *ctx, const struct plan_element *e)
{
	struct term_info info;
	uint64_t sum = 0;

	for (size_t i = 0; i < e->nterms && ctx->rc == 0; i++)
		if (match_find_in(ctx, e, i, &info))
			sum += info.df;
	return sum;
}

size_t sums_search(const uint32_t *docs, size_t n, size_t at, uint32_t target)
{
	size_t step = 1, high;

	while (at + step < n && docs[at + step] < target)
		at += step, step *= 2;
	high = at + step < n ? at + step : n;
	while (at < high) {
		size_t middle = at + (high - at) / 2;

		if (docs[middle] < target)
			at = middle + 1;
		else
			high = middle;
	}
	return at;
}
