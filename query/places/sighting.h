/* query/places/sighting.h - where the parts of a plan stand in an article that is at hand as tokens.
 *
 * What matchers read from postings, once more from the text: for snippets.
 * Owner   spans are in the caller's arena.
 * Cost    a pass over the tokens for each leaf.
 */
#ifndef MORGUE_SIGHTING_H
#define MORGUE_SIGHTING_H

#include "plan/plan.h"
#include "places/spans.h"

struct sighting {
	const struct tokens *tokens;
	uint32_t headline; /* words of it */
	struct arena *arena;
	struct buf *scratch;
};

/* Does a leaf's run of places begin with token i? Then the bytes it covers, and its places. */
bool sight_here(const struct sighting *s, const struct plan_element *elements, size_t n, size_t i,
		struct range *where, struct span *span);

/* All places of a node that can be near something, or is in a region. */
struct spans sight_all(const struct sighting *s, const struct plan_node *node);

#endif
