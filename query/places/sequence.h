/* query/places/sequence.h - words at their places from each other: the docs that have all of them,
 * and where it begins in one.
 *
 * Owner, errors  as element.h.
 * Cost    docs are compared first; positions are read of the doc that is asked about.
 */
#ifndef MORGUE_SEQUENCE_H
#define MORGUE_SEQUENCE_H

#include "places/element.h"

struct sequence {
	struct element *elements; /* from rare to common */
	size_t n;
	uint32_t span; /* from the first word to the last */
	bool title;    /* only in the headline */
	uint64_t cost;
	uint32_t doc;
};

/* Open a TERM, an EXPANSION or a PHRASE. */
void sequence_open(struct match_context *ctx, struct sequence *s, const struct plan_node *node);

/* The first doc >= target that has all its words, somewhere; sequence_positions says whether so. */
uint32_t sequence_seek(struct match_context *ctx, struct sequence *s, uint32_t target);

/* Of the current doc: no fewer than its occurrences weighted. */
uint32_t sequence_most(struct sequence *s);

/* The positions at which it begins in the current doc, ascending. */
const struct positions_list *sequence_positions(struct match_context *ctx, struct sequence *s);

#endif
