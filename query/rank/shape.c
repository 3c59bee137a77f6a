#include "rank/shape.h"

struct shaper {
	struct shape *shape;
	const struct segment *seg;
};

bool shape_scores(const struct plan_node *node)
{
	switch (node->kind) {
	case PLAN_AND:
	case PLAN_OR:
	case PLAN_AT_LEAST:
	case PLAN_SOME_OF:
		for (size_t i = 0; i < node->nchildren; i++)
			if (shape_scores(node->children[i]))
				return true;
		return false;
	default: return plan_weighs(node);
	}
}

static void narrow(struct shape *s, uint32_t first, uint32_t last)
{
	s->first = first > s->first ? first : s->first;
	s->last = last < s->last ? last : s->last;
}

/* How many nodes stand below, at most: room for the arrays. */
static size_t count_nodes(const struct plan_node *node)
{
	size_t n = 1;

	for (size_t i = 0; i < node->nchildren; i++)
		n += count_nodes(node->children[i]);
	return n;
}

static void require(struct shaper *sh, const struct plan_node *node)
{
	struct shape *s = sh->shape;
	uint32_t first, last;

	switch (node->kind) {
	case PLAN_AND:
		for (size_t i = 0; i < node->nchildren; i++)
			require(sh, node->children[i]);
		return;
	case PLAN_NOT: s->exclusions[s->nexclusions++] = node->children[0]; return;
	case PLAN_DATE:
		segment_date_range(sh->seg, node->from, node->to, &first, &last);
		narrow(s, first, last);
		return;
	case PLAN_UNDATED: narrow(s, sh->seg->ndated, sh->seg->ndocs); return;
	case PLAN_ALL: return;
	case PLAN_NOTHING: narrow(s, 0, 0); return;
	default: break;
	}
	if (shape_scores(node))
		s->clauses[s->nclauses++] = node;
	else
		s->filters[s->nfilters++] = node;
}

static void flatten(struct shape *s, const struct plan_node *node)
{
	if (node->kind != PLAN_OR) {
		s->clauses[s->nclauses++] = node;
		return;
	}
	for (size_t i = 0; i < node->nchildren; i++)
		flatten(s, node->children[i]);
}

void shape_of(struct shape *s, const struct plan_node *root, const struct segment *seg, struct arena *arena)
{
	size_t room = count_nodes(root);
	struct shaper sh = { .shape = s, .seg = seg };

	*s = (struct shape){ .last = seg->ndocs, .all = true };
	s->clauses = arena_alloc(arena, room * sizeof *s->clauses);
	s->filters = arena_alloc(arena, room * sizeof *s->filters);
	s->exclusions = arena_alloc(arena, room * sizeof *s->exclusions);
	require(&sh, root);
	if (s->nclauses == 1 && s->clauses[0]->kind == PLAN_OR) {
		const struct plan_node *alternatives = s->clauses[0];

		s->all = false;
		s->nclauses = 0;
		flatten(s, alternatives);
	}
}
