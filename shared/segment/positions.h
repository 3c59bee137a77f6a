/* shared/segment/positions.h - where each occurrence of a term stands, and its form number.
 *
 * Shape   occurrences in doc order, numbered 0.. through the whole list; chunks of
 *         POSTINGS_BLOCK. Within a doc positions strictly increase. Layout:
 *         docs/FORMAT.md, "Positions and forms".
 * Cost    a look at one doc's positions decodes the chunks it touches, once.
 */
#ifndef MORGUE_POSITIONS_H
#define MORGUE_POSITIONS_H

#include "segment/postings.h"

struct occurrence {
	uint32_t pos;  /* position in its article */
	uint32_t form; /* form number */
	bool first;    /* the first one in its article */
};

/* Append n occurrences; form numbers are left out if the term has only one form. */
void positions_put(struct buf *out, const struct occurrence *list, uint64_t n, uint32_t nforms);

struct positions {
	const struct segment *seg;
	struct bytes list; /* in POSN */
	uint64_t n;        /* occurrences */
	uint32_t nforms;
	bool has_forms; /* more than one: form numbers are stored */
	uint64_t chunk; /* decoded now; UINT64_MAX: none */
	bool forms_decoded;
	const uint8_t *forms_at; /* where the chunk's form numbers begin */
	uint32_t gaps[POSTINGS_BLOCK], forms[POSTINGS_BLOCK];
};

void positions_open(struct positions *c, const struct segment *seg, const struct term_info *info);

/* The positions of the `count` occurrences from number `first` on, which are those
 * of one doc, into pos[]; and their form numbers into form[], unless NULL.
 * 0 or ERR_CORRUPT. */
int positions_get(struct positions *c, uint64_t first, uint32_t count, uint32_t *pos, uint32_t *form);

#endif
