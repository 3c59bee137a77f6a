/* query/patterns/candidates.h - the stems of an archive that have a written form that will do.
 *
 * The dictionaries of all segments are walked side by side, so a stem's document frequency is
 * of the whole archive, also where it has no form that will do.
 * Shape   stems ascend by bytes until someone orders them otherwise.
 * Owner   all of it is the struct's.
 * Errors  ERR_CORRUPT, with the segment that is damaged.
 * Cost    the part of the dictionaries that begins as the words can, for misspellings all of it:
 *         20 ns a stem, and what matching its forms takes.
 */
#ifndef MORGUE_CANDIDATES_H
#define MORGUE_CANDIDATES_H

#include "plan.h"

/* Where a stem stands in the dictionary of a segment. */
struct entry {
	uint32_t segment, block, place; /* for dict_read */
};

struct candidate {
	struct bytes term;
	uint64_t df;   /* in all segments */
	uint8_t edits; /* to the nearest of its forms */
	uint32_t n;    /* segments that have it: */
	struct entry *entries;
};

struct candidates {
	struct candidate *v;
	size_t n, cap;
	struct arena arena;
};

/* Find those that an element's test, prefix and pattern let through. */
int candidates_find(struct candidates *c, const struct plan_element *element, const struct archive *archive,
		    struct err *err);
void candidates_release(struct candidates *c);

/* The nearest first, then those that most articles have, then by bytes. */
void candidates_sort(struct candidates *c);

/* The error of a segment whose dictionary cannot be read. */
int dictionary_corrupt(const struct segment *seg, struct err *err);

#endif
