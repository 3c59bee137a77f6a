/* query/patterns/candidates.h - the stems of an archive that have a written form that will do.
 *
 * The dictionaries of all segments are walked side by side, so a stem's document frequency is
 * of the whole archive, also where it has no form that will do.
 * Owner   the array is the struct's, stems and entries live in the arena.
 * Errors  ERR_CORRUPT, with the segment that is damaged.
 * Cost    the part of the dictionaries that begins as the words can, for misspellings all of it:
 *         20 ns a stem, and what matching its forms takes. Of stems that cannot be among the
 *         best nothing is kept.
 */
#ifndef MORGUE_CANDIDATES_H
#define MORGUE_CANDIDATES_H

#include "plan/plan.h"

/* What a segment's dictionary says of a stem. */
struct entry {
	uint32_t segment;
	bool whole; /* every one of its forms there will do */
	struct term_info info;
};

struct candidate {
	struct bytes term;
	uint64_t df;   /* in all segments */
	uint8_t edits; /* to the nearest of its forms */
	uint32_t n;    /* segments that have it: */
	struct entry *entries;
};

struct candidates {
	struct candidate *v; /* the best */
	size_t n, cap;
	uint64_t total; /* how many there are */
};

/* Find those that an element's test, prefix and pattern let through, and keep the best `most`:
 * the nearest first, then those that most articles have, then by bytes. */
int candidates_find(struct candidates *c, const struct plan_element *element, size_t most,
		    const struct archive *archive, struct arena *arena, struct err *err);
void candidates_release(struct candidates *c);

/* The error of a segment whose dictionary cannot be read. */
int dictionary_corrupt(const struct segment *seg, struct err *err);

#endif
