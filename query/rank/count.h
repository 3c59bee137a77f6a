/* query/rank/count.h - which docs of one segment match a plan, and how many, without scoring.
 *
 * Why this is fast: docs are marked in windows, a byte a doc for lists of gaps (a
 * store each, none waits for another) and whole words for bitmaps; trees are put
 * together by operations on words and counted by the bits set (`make bench
 * BENCH=queries`, union count). Where a rare word leads, its docs are looked up in
 * the others instead.
 * Errors  sticky in the context.
 */
#ifndef MORGUE_COUNT_H
#define MORGUE_COUNT_H

#include "rank/match.h"

#define MARKS_WINDOW 32768u /* docs: 32 KiB of bytes */

/* The number of docs of the segment that match. */
uint64_t count_in_segment(struct match_context *ctx, const struct plan_node *root);

/* The matching docs of the segment, in windows that ascend. */
struct marks;

struct marks *marks_new(struct match_context *ctx, const struct plan_node *root);

/* Set in bits[] those of docs [from, to) that match: bit i is doc from + i, and the rest
 * of the last word is 0. to - from <= MARKS_WINDOW. Returns how many they are. */
uint64_t marks_window(struct marks *m, uint32_t from, uint32_t to, uint64_t bits[MARKS_WINDOW / 64]);

#endif
