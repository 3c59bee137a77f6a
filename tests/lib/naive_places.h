/* tests/lib/naive_places.h - where parts of a question stand, by trying every pair of places: naive.h's reading.
 *
 * Written from docs/QUERY.md, without a look at query/spans.h.
 */
#ifndef MORGUE_NAIVE_PLACES_H
#define MORGUE_NAIVE_PLACES_H

#include "lib/naive_leaf.h"
#include "lib/stretches.h"

/* What stands somewhere: a leaf, or a node above leaves. */
struct placing {
	const struct query_node *q;
	struct leaf leaf;      /* of a leaf */
	struct placing *parts; /* of the others */
	size_t nparts;
	bool title; /* nothing but headlines */
};

void placing_read(struct placing *p, const struct naive *n, const struct query_node *q);
void placing_release(struct placing *p);

/* Every place in the article, in any order, each once. */
void placing_find(const struct placing *p, const struct naive *n, const struct naive_doc *doc,
		  struct stretches *out);

#endif
