/* query/rank/best.h - the best docs of one segment for a plan, without scoring the others.
 *
 * Alternatives are ranked by block-max MaxScore over windows of docs: in each window
 * the clauses whose bounds together cannot bring a doc among the best are not walked,
 * only asked about docs that the others found. Where all words are required, the
 * rarest leads, a block at a time; its docs pass through the others from rare to
 * common and fall out as soon as what is left cannot lift them.
 * Errors  sticky in the context.
 * Source  Turtle & Flood 1995 (MaxScore); Ding & Suel 2011 (block-max); Grand, Muir,
 *         Ferenczi, Lin, ECIR 2020 (bounds from impacts).
 */
#ifndef MORGUE_BEST_H
#define MORGUE_BEST_H

#include "rank/match.h"
#include "rank/top.h"

/* A doc of the context's segment as a hit, not scored yet. */
struct hit hit_of(const struct match_context *ctx, uint32_t doc);

/* Offer to `top`, ordered by score, the docs of the segment that may be among the best.
 * False if the plan's scores may not fit: it is then to be scored doc by doc. */
bool best_of_segment(struct top *top, struct match_context *ctx, const struct plan_node *root);

/* The same, but every match is scored and counted, once: for a plan that is led by a phrase
 * or the like, where finding the matches is the work. False if it is not such a plan. */
bool best_and_count(struct top *top, struct match_context *ctx, const struct plan_node *root,
		    uint64_t *total);

#endif
