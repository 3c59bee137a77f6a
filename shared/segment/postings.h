/* shared/segment/postings.h - the articles that contain one term, and how often.
 *
 * Shape   (doc, freq, headline) triples, doc strictly increasing in [0, ndocs).
 *         freq = H * headline + body counts occurrences, those in the headline H
 *         times (H is the archive's headline weight); occurrences themselves are
 *         freq - (H - 1) * headline. Blocks of POSTINGS_BLOCK, the last one short.
 * Owner   a cursor owns nothing: it points into the segment's mapping, so the
 *         segment outlives it. Copying the struct forks the cursor.
 * Errors  first/next/seek return only a doc. A block that fails to decode parks
 *         the cursor on DOC_END and sets .rc; look at .rc once, after the loop.
 * Cost    next: O(1) amortised. seek: O(log blocks) skips + one block decoded.
 * Source  layout: docs/FORMAT.md, "Postings". Skips: Moffat & Zobel, TOIS 1996.
 *
 *	for (d = postings_first(&c); d != DOC_END; d = postings_next(&c))
 *		score[d] += weight(c.freq);
 *	if (c.rc < 0)
 *		return c.rc;
 */
#ifndef MORGUE_POSTINGS_H
#define MORGUE_POSTINGS_H

#include "segment/dictionary.h"
#include "segment/impacts.h"
#include "segment/packed.h"

struct posting {
	uint32_t doc;
	uint32_t freq;     /* H * headline + body */
	uint32_t headline; /* occurrences in the headline */
};

/* Append the list of df postings to `out`. lengths[doc] is the doc's length code. */
void postings_put(struct buf *out, const struct posting *list, uint32_t df, const uint8_t *lengths,
		  uint32_t headline_weight);

struct postings {
	uint32_t doc;  /* current doc, or DOC_END */
	uint32_t freq; /* of the current doc; unset at DOC_END */
	uint32_t headline;
	int rc; /* 0, or ERR_CORRUPT */
	/* below: the cursor's own */
	const struct segment *seg;
	bool begun; /* first or seek was called */
	uint32_t df;
	struct bytes list;       /* in POST */
	uint32_t nblocks, block; /* block decoded now */
	uint32_t n, at;          /* postings in it, and the current one */
	uint32_t docs[POSTINGS_BLOCK], freqs[POSTINGS_BLOCK], headlines[POSTINGS_BLOCK];
	uint64_t occurrence; /* occurrences of the term before the current posting; see postings_occurrence */
	uint32_t counted;    /* posting of the block that .occurrence stands for */
};

/* Bind to a term found in the dictionary; NULL info: an empty list. The cursor
 * stands before the first doc. */
void postings_open(struct postings *c, const struct segment *seg, const struct term_info *info);
uint32_t postings_first(struct postings *c);
uint32_t postings_next(struct postings *c);
uint32_t postings_seek(struct postings *c, uint32_t target); /* first doc >= target; never goes back */

/* Occurrences of the term in the current doc, and the number of the first of
 * them among all the term's occurrences (where its positions are). */
uint32_t postings_count(const struct postings *c);
uint64_t postings_occurrence(struct postings *c);

/* The block that holds the current doc: its parts by their names in docs/FORMAT.md. */
struct postings_block {
	uint32_t number, postings;
	uint32_t offset, size; /* bytes of the list */
	unsigned flags;        /* BLOCK_* */
};
struct postings_block postings_block(const struct postings *c);

/* The impacts of the block that holds the current doc. A list of one block has
 * none stored: they are gathered from its postings and the column of lengths,
 * so segment_touch_docs comes first. 0 or ERR_CORRUPT. */
int postings_impacts(struct postings *c, struct impacts *set);

#endif
