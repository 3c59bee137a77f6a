/* query/rank/sums.h - many lists as one: their frequencies added up by doc.
 *
 * Shape   of an element's terms together: docs ascend, each with the sum of its frequencies, which
 *         saturates. Where the element allows only some forms, or headlines alone count, those
 *         occurrences are counted, and docs without any are not there.
 * Owner   lists live in the context's arena.
 * Errors  sticky in the context.
 * Cost    sums_whole: every posting, a nanosecond or two. sums_between, sums_among: of each list the
 *         blocks that hold some of the docs. sums_met: likewise, for docs that are not yet met. Positions are
 *         read only of stems that have other forms than those asked for.
 */
#ifndef MORGUE_SUMS_H
#define MORGUE_SUMS_H

#include "rank/match.h"

struct sums {
	uint32_t *docs, *freqs;
	size_t n;
};

/* Of all docs, or of those whose sum is what `least` says for their length codes. */
void sums_whole(struct match_context *ctx, const struct plan_element *e, bool title, const uint32_t *least,
		struct sums *out);

/* Of docs [from, to). */
void sums_between(struct match_context *ctx, const struct plan_element *e, bool title, uint32_t from,
		  uint32_t to, struct sums *out);

/* Who is shown from time to time what the sums by doc have come to. */
struct sums_watch {
	/* Take out docs of which no more is wanted, and their sums; returns how many are left. */
	size_t (*look)(struct sums_watch *w, uint32_t *docs, uint32_t *sums, size_t n);
};

/* Of these docs, n that ascend. Of the lists only the first `nterms` are added up. What a watch takes
 * out is not added up any more; returns how many docs are left. */
size_t sums_among(struct match_context *ctx, const struct plan_element *e, size_t nterms, bool title,
		  uint32_t *docs, size_t n, struct sums_watch *watch, struct sums *out);

/* Keep those of the docs that are in any of the lists; returns their number. */
size_t sums_met(struct match_context *ctx, const struct plan_element *e, bool title, uint32_t *docs,
		size_t n);

/* The place of the first doc >= target of n that ascend, from `at` on; n if there is none. Cost: few steps if it is near. */
size_t sums_search(const uint32_t *docs, size_t n, size_t at, uint32_t target);

/* How many postings the lists have. */
uint64_t sums_cost(struct match_context *ctx, const struct plan_element *e);

#endif
