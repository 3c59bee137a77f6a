/* query/rank/rank.h - run a plan over all segments: count the matches, keep the best.
 *
 * Order   relevance: score falling, then doc order of the whole archive (dated before
 *         undated, local date falling, article number rising). newest: doc order.
 *         oldest: dated by date rising, then undated; ties by article number.
 *         The order is total, so segments, k and evaluation cannot change it.
 * Cost    counting looks at every posting, ranking only at what can come among the
 *         best (best.h); a heap of offset + count hits.
 */
#ifndef MORGUE_RANK_H
#define MORGUE_RANK_H

#include "plan/plan.h"
#include "rank/top.h"

enum rank_order { RANK_RELEVANCE, RANK_NEWEST, RANK_OLDEST };

struct rank_options {
	enum rank_order order;
	uint64_t offset, count; /* hits to leave out, hits wanted; count 0: only count */
	bool no_total;          /* the number of matches is not wanted: .total stays 0 */
	bool plain;             /* score every match, doc by doc: what the rest is tested against */
};

struct ranking {
	struct hit *hits; /* in order, without the first `offset` */
	size_t n;
	uint64_t total; /* matches in the archive */
};

int rank_plan(struct ranking *r, const struct plan *plan, const struct archive *archive,
	      const struct rank_options *options, struct err *err);
void ranking_release(struct ranking *r);

#endif
