/* query/places/element.h - the docs that have one of a place's words, and where these stand.
 *
 * Owner   everything lives in the context's arena.
 * Errors  sticky in the context.
 * Cost    seek: a heap of the words' lists, so that many of them may fill a place.
 */
#ifndef MORGUE_ELEMENT_H
#define MORGUE_ELEMENT_H

#include "rank/source.h"

struct element {
	uint32_t offset;   /* of its position from the first element's */
	struct source **v; /* a heap by the docs they stand on */
	size_t n;          /* 0: the segment has none of the words */
	uint64_t cost;     /* docs of them all */
	struct positions_list list;
};

void element_open(struct match_context *ctx, struct element *e, const struct plan_element *from);
uint32_t element_seek(struct match_context *ctx, struct element *e, uint32_t target);

/* Of the current doc: no fewer than its occurrences weighted. */
uint32_t element_most(struct element *e);

/* Make e->list the distinct positions in the current doc, ascending, only those below `limit`. */
void element_positions(struct match_context *ctx, struct element *e, uint64_t limit);

#endif
