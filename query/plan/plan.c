#include "plan/planner.h"

#include "base/mem.h"
#include "plan/filter.h"

#include <stdlib.h>

struct plan_node *new_plan_node(struct planner *p, enum plan_kind kind)
{
	struct plan_node *n = arena_zalloc(&p->plan->arena, sizeof *n);

	n->kind = kind;
	n->boost = 1;
	return n;
}

void add_plan_child(struct plan_node *n, struct plan_node *child)
{
	if (child)
		n->children[n->nchildren++] = child;
}

struct plan_node *new_plan_parent(struct planner *p, enum plan_kind kind, size_t room)
{
	struct plan_node *n = new_plan_node(p, kind);

	n->children = arena_alloc(&p->plan->arena, room * sizeof *n->children);
	return n;
}

static struct plan_node *leaf_of(struct planner *p, const struct query_node *q)
{
	struct plan_node *n = plan_words(p, q);

	n = n ? n : new_plan_node(p, PLAN_NOTHING);
	n->weight *= p->boost;
	n->boost = p->boost;
	n = plan_within(p, q, n);
	n->asked = q;
	return n;
}

/* ---- the tree ---- */

struct plan_node *plan_branch(struct planner *p, enum plan_kind kind, const struct query_node *q)
{
	const struct query_node *child;
	size_t room = 0;
	struct plan_node *n;

	for (child = q->children; child; child = child->next)
		room++;
	n = new_plan_parent(p, kind, room);
	for (child = q->children; child; child = child->next)
		add_plan_child(n, plan_tree(p, child));
	return n;
}

static struct plan_node *filtered(struct planner *p, const struct query_node *q)
{
	struct plan_node *n = filter_plan(p->plan, p->archive, q, p->err);

	if (!n)
		p->rc = p->err->code;
	return n ? n : new_plan_node(p, PLAN_NOTHING);
}

/* Weights that multiply stay within what one may be. */
static double within(double boost)
{
	return boost < BOOST_LEAST ? BOOST_LEAST : boost > BOOST_MOST ? BOOST_MOST : boost;
}

static struct plan_node *build_weighted(struct planner *p, const struct query_node *q)
{
	struct plan_node *n;

	switch (q->kind) {
	case QUERY_AND: return plan_branch(p, PLAN_AND, q);
	case QUERY_OR: return plan_branch(p, PLAN_OR, q);
	case QUERY_NOT: return plan_branch(p, PLAN_NOT, q);
	case QUERY_UNDATED: return new_plan_node(p, PLAN_UNDATED);
	case QUERY_ALL: return new_plan_node(p, PLAN_ALL);
	case QUERY_DATE:
		n = new_plan_node(p, PLAN_DATE);
		n->asked = q;
		n->from = q->from;
		n->to = q->to;
		return n;
	case QUERY_NEAR:
	case QUERY_NOT_NEAR: return plan_near(p, q);
	case QUERY_AT_LEAST: return plan_at_least(p, q);
	case QUERY_SOME_OF: return plan_some_of(p, q);
	case QUERY_FIELD:
	case QUERY_LENGTH: return filtered(p, q);
	default: return leaf_of(p, q);
	}
}

struct plan_node *plan_tree(struct planner *p, const struct query_node *q)
{
	double outer = p->boost;
	struct plan_node *n;

	p->boost = within(outer * q->boost);
	n = build_weighted(p, q);
	n->boost = p->boost;
	p->boost = outer;
	return n;
}

int plan_build(struct plan *plan, const struct query_node *query, struct archive *archive,
	       struct analyzer *analyzer, double k1, double b, struct err *err)
{
	struct planner p = { .plan = plan, .archive = archive, .analyzer = analyzer, .boost = 1, .err = err };

	*plan = (struct plan){ .arena = ARENA_INIT };
	scorer_init(&plan->scorer, k1, b, archive->ndocs, archive->words);
	intern_init(&p.asked);
	plan->root = query ? plan_tree(&p, query) : new_plan_node(&p, PLAN_NOTHING);
	intern_release(&p.asked);
	free(p.expanded);
	tokens_release(&p.tokens);
	buf_release(&p.scratch);
	if (p.rc < 0) {
		struct bytes fault = plan->fault;

		plan_release(plan);
		plan->fault = fault;
	}
	return p.rc;
}

void plan_release(struct plan *plan)
{
	for (size_t i = 0; i < plan->ntests; i++)
		form_test_release(plan->tests[i]);
	free(plan->tests);
	for (size_t i = 0; i < plan->npatterns; i++) {
		pattern_release(plan->patterns[i]);
		free(plan->patterns[i]);
	}
	free(plan->patterns);
	for (size_t i = 0; i < plan->nfilters; i++)
		filter_release(plan->filters[i]);
	free(plan->filters);
	buf_release(&plan->notes);
	arena_release(&plan->arena);
	*plan = (struct plan){ .root = NULL };
}
