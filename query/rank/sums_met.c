/* query/rank/sums_met.c - which docs are in any of many lists.
 *
 * Why this is fast (`make bench BENCH=queries`, a b*, counts):
 * - The commonest lists come first: docs that have been met are not asked about again.
 * - A block's docs are compared with those not yet met without a branch for each.
 */
#include "rank/block_bits.h"
#include "rank/sum_list.h"
#include "rank/sums.h"

/* Docs that have a mark are still to be met. Of the docs, those that have been met are taken out when
 * they are half of them. */
struct unmet {
	uint32_t *docs;
	size_t n, left;
};

static void take_out_met(struct unmet *u, const struct match_context *ctx)
{
	size_t kept = 0;

	for (size_t i = 0; i < u->n; i++) {
		u->docs[kept] = u->docs[i];
		kept += sum_bits_has(ctx, u->docs[i]);
	}
	u->n = kept;
}

static void meet(struct sum_list *l, uint32_t doc, uint32_t place, struct unmet *u)
{
	if (!sum_bits_has(l->ctx, doc))
		return;
	if (l->counted && !source_freq(l->ctx, &l->source, place, l->title, &l->work))
		return;
	l->ctx->met[doc / 64] &= ~(UINT64_C(1) << doc % 64);
	u->left--;
}

static void meet_word(struct match_context *ctx, uint32_t w, uint64_t bits, struct unmet *u)
{
	u->left -= bit_count(ctx->met[w] & bits);
	ctx->met[w] &= ~bits;
}

/* A block whose docs are a bitmap. */
static void meet_bitmap(struct sum_list *l, struct unmet *u)
{
	const struct postings *p = &l->source.post;
	unsigned shift = p->base % 64;

	for (uint32_t w = 0; w < p->nwords; w++) {
		meet_word(l->ctx, p->base / 64 + w, p->words[w] << shift, u);
		if (shift && p->words[w] >> (64 - shift))
			meet_word(l->ctx, p->base / 64 + w + 1, p->words[w] >> (64 - shift), u);
	}
}

static void meet_block(struct sum_list *l, uint32_t block, struct unmet *u)
{
	struct postings *p = &l->source.post;
	uint8_t places[POSTINGS_BLOCK];
	uint32_t n;

	if (!sum_list_enter(l, block))
		return;
	if (p->bitmap && !l->counted) {
		meet_bitmap(l, u);
		return;
	}
	postings_load(p, block);
	n = block_bits(l->ctx->met, p->docs, p->n, places);
	for (uint32_t i = 0; i < n && l->ctx->rc == 0; i++)
		meet(l, p->docs[places[i]], places[i], u);
	if (p->rc < 0)
		sum_list_fail(l->ctx);
}

/* Fewer docs than blocks: each is looked up. */
static void meet_docs(struct sum_list *l, struct unmet *u)
{
	struct postings *p = &l->source.post;

	for (size_t at = 0; at < u->n && l->ctx->rc == 0; at++) {
		uint32_t doc = u->docs[at], place;

		if (!sum_bits_has(l->ctx, doc))
			continue;
		place = postings_find(p, doc);
		if (place < POSTINGS_BLOCK && (!l->counted || postings_load(p, p->block)))
			meet(l, doc, place, u);
		if (p->rc < 0)
			sum_list_fail(l->ctx);
	}
}

static void meet_list(struct sum_list *l, struct unmet *u)
{
	uint32_t nblocks = l->source.post.nblocks;

	if (u->n < nblocks) {
		meet_docs(l, u);
		return;
	}
	for (uint32_t block = 0; block < nblocks && l->ctx->rc == 0; block++)
		meet_block(l, block, u);
}

static void meet_short(struct sum_list *l, struct unmet *u)
{
	if (!short_list_docs(&l->brief, l->ctx->seg, &l->info)) {
		sum_list_fail(l->ctx);
		return;
	}
	for (uint32_t i = 0; i < l->brief.n; i++)
		meet(l, l->brief.docs[i], i, u);
}

size_t sums_met(struct match_context *ctx, const struct plan_element *e, bool title, uint32_t *docs, size_t n)
{
	struct sum_list *l = arena_zalloc(&ctx->arena, sizeof *l);
	struct unmet u = { .docs = arena_alloc(&ctx->arena, (n + 1) * sizeof *docs), .n = n, .left = n };
	size_t kept = 0;

	sum_bits_room(ctx);
	sum_bits_mark(ctx, docs, n);
	memcpy(u.docs, docs, n * sizeof *docs);
	l->ctx = ctx;
	l->title = title;
	for (size_t i = 0; i < e->nterms && u.left && ctx->rc == 0; i++) {
		sum_list_fetch(ctx, e, i + SUM_LISTS_AHEAD);
		if (!sum_list_open(l, e, i))
			continue;
		if (l->is_short)
			meet_short(l, &u);
		else
			meet_list(l, &u);
		if (u.left < u.n - u.n / 4)
			take_out_met(&u, ctx);
	}
	for (size_t i = 0; i < n; i++) {
		bool met = !sum_bits_has(ctx, docs[i]);

		ctx->met[docs[i] / 64] &= ~(UINT64_C(1) << docs[i] % 64);
		docs[kept] = docs[i];
		kept += met;
	}
	return kept;
}
