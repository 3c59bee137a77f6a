/* query/rank/shape.h - a plan's tree as evaluators want it: what scores, what only narrows.
 *
 * Shape   matches = a range of docs, and all or any of the clauses, and all of the
 *         filters, and none of the exclusions. Nested ANDs and ORs are flattened;
 *         dates and `*` become the range; what fits nowhere else is a clause or a
 *         filter of its own, a tree.
 * Owner   the arrays live in the arena, the nodes in the plan.
 */
#ifndef MORGUE_SHAPE_H
#define MORGUE_SHAPE_H

#include "plan/plan.h"

struct shape {
	uint32_t first, last; /* docs [first, last) */
	bool all;             /* every clause is required; else any one will do */
	const struct plan_node **clauses;
	size_t nclauses; /* 0: the range alone, which scores nothing */
	const struct plan_node **filters, **exclusions;
	size_t nfilters, nexclusions;
};

void shape_of(struct shape *s, const struct plan_node *root, const struct segment *seg, struct arena *arena);

/* Does the node ever add to a score? */
bool shape_scores(const struct plan_node *node);

#endif
