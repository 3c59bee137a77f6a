/* shared/segment/positions.h - where each occurrence of a term stands, and its form number.
 *
 * Shape   occurrences in doc order, numbered 0.. through the whole list; chunks of
 *         POSTINGS_BLOCK. Within a doc positions strictly increase. Layout:
 *         docs/FORMAT.md, "Positions and forms".
 * Cost    a look at one doc's positions decodes the chunks it touches, once, and adds up its own gaps.
 */
#ifndef MORGUE_POSITIONS_H
#define MORGUE_POSITIONS_H

#include "segment/postings.h"
#include "segment/rows.h"

/* Chunk by chunk: begin a list of n occurrences, fill .gaps and .forms from .filled on, end each
 * chunk when it is full, end the list. Form numbers are left out if the term has only one form. Gaps are
 * those of the format: an article's first position as it is, a later one less the one before less 1. */
struct positions_writer {
	struct buf *out; /* to which nothing else is added meanwhile */
	size_t table, next, chunks;
	bool has_forms;
	uint32_t filled;
	uint32_t gaps[POSTINGS_BLOCK], forms[POSTINGS_BLOCK];
};

void positions_begin(struct positions_writer *w, struct buf *out, uint64_t n, uint32_t nforms);
void positions_end_chunk(struct positions_writer *w);
bool positions_end(struct positions_writer *w); /* false: the list is larger than 4 GiB */

struct positions {
	const struct segment *seg;
	struct bytes list; /* in POSN */
	uint64_t n;        /* occurrences */
	uint32_t nforms;
	bool has_forms; /* more than one: form numbers are stored */
	uint64_t chunk; /* decoded now; UINT64_MAX: none */
	bool forms_decoded;
	const uint8_t *forms_at; /* where the chunk's form numbers begin */
	uint32_t gaps[POSTINGS_BLOCK + ROW_LANES], forms[POSTINGS_BLOCK];
};

/* The positions of one article. POSITIONS_SLACK numbers from at[n] on are POSITION_NONE. */
#define POSITION_NONE   UINT32_MAX
#define POSITIONS_SLACK 16u
struct positions_view {
	const uint32_t *at;
	uint32_t n;
};

void positions_open(struct positions *c, const struct segment *seg, const struct term_info *info);

/* The positions of the `count` occurrences from number `first` on, which are those
 * of one doc, into pos[]; and their form numbers into form[], unless NULL.
 * 0 or ERR_CORRUPT. */
int positions_get(struct positions *c, uint64_t first, uint32_t count, uint32_t *pos, uint32_t *form);

/* The same positions quickly, if they are few and near each other as in any text: 1; 0: use
 * positions_get; or ERR_CORRUPT. `room` for count + POSITIONS_SLACK numbers is written to, and shown. */
#define POSITIONS_FEW 256u
int positions_look(struct positions *c, uint64_t first, uint32_t count, uint32_t *room,
		   struct positions_view *view);

/* A whole chunk as it is stored, into .gaps and, if .has_forms, .forms: how many occurrences
 * it holds, 0 if corrupt. Form numbers are not checked. */
uint32_t positions_load(struct positions *c, uint64_t chunk);

/* The form number of one occurrence; ERR_CORRUPT is negative. */
int64_t positions_form(struct positions *c, uint64_t occurrence);

#endif
