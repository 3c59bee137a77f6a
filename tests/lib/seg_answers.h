/* tests/lib/seg_answers.h - everything a segment can answer, in pieces that compare.
 *
 * Shape   a piece is the hash of one answer: a term's entry, its forms, its
 *         postings, their impacts, its positions; the columns; the walk over all
 *         terms, and over their forms. SEG_REFUSED stands for a negative answer. Pieces of the same
 *         choice of terms stand in the same order whatever the segment.
 * Rules   whatever the bytes are, docs ascend below ndocs, positions ascend, form
 *         numbers are below the number of forms: `broken` names a rule that a
 *         reader let slip.
 */
#ifndef MORGUE_SEG_ANSWERS_H
#define MORGUE_SEG_ANSWERS_H

#include "segment/segment.h"

#define SEG_REFUSED 0u

struct seg_names { /* all terms of a segment that is whole */
	struct buf *v;
	struct term_info *info;
	size_t n, cap, info_cap;
	uint64_t section[SEC_COUNT]; /* where each begins in the file */
};

void seg_names_read(struct seg_names *names, const char *path);
void seg_names_release(struct seg_names *names);

/* The term whose postings, positions or forms hold byte `at` of the file, or `otherwise`. */
size_t seg_names_owner(const struct seg_names *names, uint64_t at, size_t otherwise);

struct seg_answers {
	int rc; /* of segment_open; no pieces if negative */
	uint64_t *piece;
	size_t n, cap;
	const char *broken; /* NULL: no rule */
	/* scratch */
	struct buf bytes;
	uint32_t *pos, *form;
	size_t pos_cap, form_cap;
};

void seg_answers_release(struct seg_answers *a); /* zero-initialised before first use */

/* Read the segment `path` (pieces replaced): of the terms, the n named by their index in `which`;
 * all if `which` is NULL. */
void seg_answers_read(struct seg_answers *a, const char *path, const struct seg_names *names,
		      const size_t *which, size_t n);

/* Is each piece of `a`, read with `which`, that of `truth`, read with all, or refused? */
bool seg_answers_agree(const struct seg_answers *a, const struct seg_answers *truth, const size_t *which,
		       size_t n);

#endif
