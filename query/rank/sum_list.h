/* query/rank/sum_list.h - one of the lists that are added up, and a bit for each doc that is in question.
 *
 * Owner   a list borrows the segment; the bits are the context's, all zero between uses.
 * Errors  sticky in the context.
 */
#ifndef MORGUE_SUM_LIST_H
#define MORGUE_SUM_LIST_H

#include "rank/match_leaf.h"
#include "rank/source.h"
#include "segment/short_list.h"

/* One list of an element. */
struct sum_list {
	struct match_context *ctx;
	struct term_info info;
	bool title;
	bool counted;  /* occurrences are, one by one: by their forms, or those in the headline */
	bool is_short; /* .brief reads it; else .source */
	bool marks;    /* docs that are added to get a mark */
	struct source source;
	struct positions_list work;
	struct short_list brief;
};

/* Open an element's list number i: false if there is none. */
bool sum_list_open(struct sum_list *l, const struct plan_element *e, size_t i);

#define SUM_LISTS_AHEAD 8u /* whose first bytes are fetched before it is their turn */

/* Let the first bytes of a list come; of one that is not there nothing. */
static inline void sum_list_fetch(const struct match_context *ctx, const struct plan_element *e, size_t i)
{
	if (e->found && i < e->nterms)
		__builtin_prefetch(ctx->seg->sections[SEC_POST].p +
				   e->found[ctx->number * e->nterms + i].post);
}

static inline bool sum_list_fail(struct match_context *ctx)
{
	match_corrupt(ctx);
	return false;
}

/* Stand on a block of a list that is not short: false, and failed, if it is corrupt. */
static inline bool sum_list_enter(struct sum_list *l, uint32_t block)
{
	return postings_enter(&l->source.post, block) || sum_list_fail(l->ctx);
}

/* Sums end at the greatest number. */
static inline uint32_t add_saturating(uint32_t a, uint32_t b)
{
	return a > UINT32_MAX - b ? UINT32_MAX : a + b;
}

/* Make room for a bit for each doc of the segment, in .met, and for a number for each 64 of them, in .places. */
void sum_bits_room(struct match_context *ctx);

static inline bool sum_bits_has(const struct match_context *ctx, uint32_t doc)
{
	return ctx->met[doc / 64] >> doc % 64 & 1;
}

static inline void sum_bits_mark(struct match_context *ctx, const uint32_t *docs, size_t n)
{
	for (size_t i = 0; i < n; i++)
		ctx->met[docs[i] / 64] |= UINT64_C(1) << docs[i] % 64;
}

#endif
