/* query/plan/plan_near.c - what matches by where it stands: near, not near, in a region, so often. */
#include "plan/planner.h"

/* What an operand weighs: a group as the commonest of its words, as if it were one. */
static double weight_of(const struct plan_node *n)
{
	double least = 0;

	if (n->kind != PLAN_OR)
		return n->weight;
	for (size_t i = 0; i < n->nchildren; i++) {
		double weight = weight_of(n->children[i]);

		if (n->children[i]->kind != PLAN_NOTHING && (least == 0 || weight < least))
			least = weight;
	}
	return least;
}

/* Can it stand only in headlines? */
static bool only_title(const struct plan_node *n)
{
	bool all = n->nchildren > 0;

	if (n->kind != PLAN_OR && n->kind != PLAN_ALTERNATIVES)
		return n->title;
	for (size_t i = 0; i < n->nchildren; i++)
		all &= only_title(n->children[i]);
	return all;
}

struct plan_node *plan_near(struct planner *p, const struct query_node *q)
{
	bool near = q->kind == QUERY_NEAR;
	struct plan_node *n = plan_branch(p, near ? PLAN_NEAR : PLAN_NOT_NEAR, q);
	const struct plan_node *a = n->children[0], *b = n->children[1];

	n->asked = q;
	n->unit = q->unit;
	n->n = q->n;
	n->ordered = q->ordered;
	n->weight = weight_of(a) + (near ? weight_of(b) : 0);
	n->title = only_title(a) || (near && only_title(b));
	return n;
}

struct plan_node *plan_at_least(struct planner *p, const struct query_node *q)
{
	struct plan_node *n = plan_branch(p, PLAN_AT_LEAST, q);

	n->asked = q;
	n->n = q->n;
	return n;
}

struct plan_node *plan_some_of(struct planner *p, const struct query_node *q)
{
	struct plan_node *n = plan_branch(p, PLAN_SOME_OF, q);

	n->asked = q;
	n->n = q->n;
	return n;
}

struct plan_node *plan_within(struct planner *p, const struct query_node *q, struct plan_node *leaf)
{
	unsigned regions = q->regions & ~(unsigned)REGION_TITLE;
	struct plan_node *n;

	if (!regions || leaf->kind == PLAN_NOTHING)
		return leaf;
	n = new_plan_parent(p, PLAN_WITHIN, 1);
	add_plan_child(n, leaf);
	n->weight = leaf->weight;
	n->title = only_title(leaf);
	n->regions = regions;
	n->first = q->first;
	return n;
}
