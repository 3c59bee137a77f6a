/* indexer/upkeep/compare.h - is a segment the one that its articles make? */
#ifndef MORGUE_COMPARE_H
#define MORGUE_COMPARE_H

#include "segment/segment.h"

/* Compare every byte of `found` with `made`, which is right. 0, or ERR_CORRUPT with the first
 * difference in words: of columns, then terms in order, each with its forms, postings and
 * positions. Bytes that no reader of these looks at (skip tables, impacts, padding) come
 * last. The sentence begins with the path of `found`. */
int compare_segments(const struct segment *found, const struct segment *made, struct err *err);

#endif
