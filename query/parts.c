#include "parts.h"

#include "rank/rank.h"

static int count_plan(const struct counter *c, const struct plan *plan, uint64_t *matches, struct err *err)
{
	static const struct rank_options only_count = { .count = 0 };
	struct ranking ranking;
	int rc = rank_plan(&ranking, plan, c->archive, &only_count, err);

	*matches = rc == 0 ? ranking.total : 0;
	ranking_release(&ranking);
	return rc;
}

int count_matches(const struct counter *c, const struct query_node *n, uint64_t *matches, struct err *err)
{
	struct plan plan;
	int rc = plan_build(&plan, n, c->archive, c->analyzer, BM25_K1, BM25_B, err);

	if (rc == 0)
		rc = count_plan(c, &plan, matches, err);
	plan_release(&plan);
	return rc;
}

/* The words of a leaf that is one word, or stands for several; not those of phrases. */
static void keep_terms(const struct counter *c, const struct plan_node *n, struct part *part)
{
	const struct plan_element *e;

	if (n->kind == PLAN_WITHIN)
		n = n->children[0];
	if (n->nelements != 1)
		return;
	e = n->elements;
	part->stands_for = e->nterms;
	part->nterms = e->nterms < TERMS_KEPT ? e->nterms : TERMS_KEPT;
	part->terms = arena_alloc(c->arena, part->nterms * sizeof *part->terms);
	for (size_t i = 0; i < part->nterms; i++)
		part->terms[i] = arena_bytes(c->arena, e->terms[i]);
}

static int count_part(struct counter *c, struct part *part, struct err *err)
{
	struct plan plan;
	int rc;

	if (!c->left)
		return 0;
	c->left--;
	rc = plan_build(&plan, part->node, c->archive, c->analyzer, BM25_K1, BM25_B, err);
	if (rc < 0)
		return rc;
	rc = count_plan(c, &plan, &part->matches, err);
	part->counted = rc == 0;
	if (query_is_words(part->node->kind))
		keep_terms(c, plan.root, part);
	plan_release(&plan);
	return rc;
}

int parts_count(struct counter *c, const struct query_node *n, struct part *part, struct err *err)
{
	size_t room = 0;
	int rc;

	*part = (struct part){ .node = n };
	if ((rc = count_part(c, part, err)) < 0)
		return rc;
	for (const struct query_node *child = n->children; child; child = child->next)
		room++;
	part->parts = arena_alloc(c->arena, room * sizeof *part->parts);
	for (const struct query_node *child = n->children; child; child = child->next)
		if ((rc = parts_count(c, child, &part->parts[part->nparts++], err)) < 0)
			return rc;
	return 0;
}
