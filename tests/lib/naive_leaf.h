/* tests/lib/naive_leaf.h - what one leaf of a question looks for, word by word: naive.h's reading.
 *
 * A leaf has readings: runs of places that stand in order. A place says of every
 * distinct (stem, form) of the archive whether it fits. Written from docs/QUERY.md,
 * without a look at query/plan/plan.h.
 */
#ifndef MORGUE_NAIVE_LEAF_H
#define MORGUE_NAIVE_LEAF_H

#include "lib/naive.h"

struct place {
	uint32_t offset; /* of its position from the first one's */
	uint8_t *fits;   /* by naive.words */
	uint32_t df;     /* articles with its stem; of a prefix: with its commonest stem */
	bool prefix;
};

struct run { /* of words, in order */
	struct place *places;
	size_t n, cap;
};

#define READINGS_MAX 3

struct leaf { /* readings of one word are one pseudo-term */
	struct run readings[READINGS_MAX];
	size_t n;
	bool title;
	bool sums;      /* a prefix by itself: every occurrence counts, several at one position too */
	uint32_t whole; /* of several readings: articles with the word written together */
};

void leaf_read(struct leaf *leaf, const struct naive *n, const struct query_node *q);
void leaf_release(struct leaf *leaf);

/* Does the run stand where token i does, all of it in the headline or all in the body? */
bool leaf_stands(const struct naive *n, const struct naive_doc *doc, size_t i, const struct run *run);

#endif
