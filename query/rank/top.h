/* query/rank/top.h - the best hits so far, and what a further one must score to be among them.
 *
 * Shape   a heap of `room` hits, the worst on top, in a total order: so neither the
 *         order of arrival nor the number of segments can change what is kept.
 * Cost    an offer that is too low: one comparison; else O(log room).
 */
#ifndef MORGUE_TOP_H
#define MORGUE_TOP_H

#include <stddef.h>
#include <stdint.h>

struct hit {
	int64_t score;    /* units of SCORE_ONE */
	int64_t date;     /* civil seconds or CIVIL_NONE */
	uint32_t article; /* number in the archive */
	uint32_t segment, doc;
};

/* Less than 0: a stands before b. */
typedef int compare_hits(const struct hit *a, const struct hit *b);

struct top {
	struct hit *v;
	size_t n, cap;
	uint64_t room; /* 0: nothing is kept */
	compare_hits *compare;
	int64_t floor; /* `room` hits or more are known to score at least this */
};

void top_offer(struct top *t, const struct hit *hit);
void top_sort(struct top *t); /* v in order; nothing may be offered after */
void top_release(struct top *t);

/* What k of n scores are no less than; those of TOP_NONE do not count. TOP_NONE if there are fewer. */
#define TOP_NONE INT64_MIN
int64_t top_kth(const int64_t *scores, size_t n, uint64_t k);

/* Under an order by score: what a doc must score that comes later in the doc order of
 * `segment` than all that were offered from it. An equal score is enough only against
 * hits of other segments, for in its own the earlier doc wins. */
static inline int64_t top_needed(const struct top *t, uint32_t segment)
{
	int64_t needed = 0;

	if (t->n == t->room)
		needed = t->room ? t->v[0].score + (t->v[0].segment == segment) : INT64_MAX;
	return needed > t->floor ? needed : t->floor;
}

#endif
