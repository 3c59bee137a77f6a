/* shared/archive/tail_segment.h - the tail behind the interface of a segment.
 *
 * Shape   the articles of the tail, numbered as in a segment; lists and forms are sealed in
 *         memory, by the code that seals files. So one evaluator has two sources of
 *         postings, and what it answers is what it would answer if the tail were sealed.
 * Owner   the segment owns all of it and reads the catalog, in the reader's transaction,
 *         when a term is asked for the first time.
 * Cost    open: 0.2 ms, the rows of its articles. A look-up: 60 us and 0.3 us an occurrence,
 *         once. A walk of the dictionary (a prefix, a pattern) reads the whole tail, once: a
 *         full one in 15 ms.
 */
#ifndef MORGUE_TAIL_SEGMENT_H
#define MORGUE_TAIL_SEGMENT_H

#include "archive/catalog.h"
#include "segment/segment.h"

/* 1: `s` is open, and to be closed; 0: the tail is empty. `name` is what messages call it. */
int tail_segment_open(struct segment *s, struct catalog *c, uint32_t headline_weight, const char *name,
		      struct err *err);

#endif
