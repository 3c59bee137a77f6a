/* indexer/upkeep/level.h - keeps an archive's segments few, by merging them, and rid of dead docs.
 *
 * Rule    ordered by size, each segment has at least LEVEL_RATIO - 1 times the articles
 *         of all smaller ones together. Where one has not, it and they become one. So n
 *         segments have 4^(n - 1) times the articles of the smallest, and an article is
 *         written again only when its segment grows by a third: O(log n) times.
 *         Only docs that live are counted.
 * Dead    where one doc of LEVEL_DEAD is dead the segment is written anew without them:
 *         what their words say of document frequencies, and their bytes, go at the latest
 *         then. Any merge leaves them out.
 * Inline  an `add` merges as much as it pays for: LEVEL_INLINE articles, or LEVEL_RATIO
 *         times what it added; with more than LEVEL_MANY segments whatever the rule says.
 * Safety  the merged segment is committed in place of the others, then their files go.
 *         Whatever happens before leaves the archive as it was.
 */
#ifndef MORGUE_LEVEL_H
#define MORGUE_LEVEL_H

#include "archive/archive.h"
#include "report.h"

#include <signal.h>

#define LEVEL_RATIO  4u
#define LEVEL_INLINE 20000u /* articles; some tenths of a second: docs/DECISIONS.md */
#define LEVEL_MANY   16u
#define LEVEL_DEAD   5u

/* Words in a segment that is merged by itself: then no word can pass a limit of the format
 * (docs/FORMAT.md, "Limits"). About ten million articles. */
#define LEVEL_WORDS UINT32_MAX

/* Of n segments, largest first, how many of the smallest to merge into one, with at most
 * `allowed` articles together. 0: none, all is well. */
size_t level_choose(const struct catalog_segment *segments, size_t n, uint64_t allowed);

/* Which of them to write anew alone, having so many dead docs and at most `allowed` that live; n: none. */
size_t level_choose_dead(const struct catalog_segment *segments, size_t n, uint64_t allowed);

/* After `added` articles came, or some died: merge what the rules ask for, in `jobs` threads (0: as many as
 * there are processors). 0, ERR_INTERRUPTED when *stop
 * is set, or an error; the archive is then as it was before the merge that failed. */
int level_settle(struct archive *a, uint64_t added, unsigned jobs, const volatile sig_atomic_t *stop,
		 struct report *report, struct err *err);

/* Seal the tail, and merge all segments into one without dead docs; the same errors. */
struct level_result {
	uint64_t sealed;         /* articles that were in the tail */
	uint64_t articles, dead; /* docs that live, and that were dead */
	uint64_t segments, now;  /* before and after */
	uint64_t bytes, bytes_now;
};
int level_optimize(struct archive *a, unsigned jobs, const volatile sig_atomic_t *stop, struct report *report,
		   struct level_result *result, struct err *err);

#endif
