#include "explain.h"

#include "rank/match.h"
#include "segment/postings.h"

#include <inttypes.h>

struct explainer {
	struct explanation *e;
	struct match_context ctx;
	uint32_t doc;
};

static struct match *match_here(struct explainer *x, const struct plan_node *node)
{
	struct match *m = match_open(&x->ctx, node);

	return match_seek(m, x->doc) == x->doc ? m : NULL;
}

/* How often the leaf's words stand in the headline: the same leaf, under title:. */
static uint32_t headline_occurrences(struct explainer *x, const struct plan_node *node)
{
	struct plan_node in_title = *node;
	struct match *m;

	in_title.title = true;
	m = match_here(x, &in_title);
	return m ? match_freq(m) : 0;
}

/* Does the doc hold the term at all? */
static bool holds(struct explainer *x, struct bytes term)
{
	struct term_info info;
	struct postings post;
	int got = dict_find(x->ctx.seg, term, &info);
	bool found;

	if (got <= 0)
		return false;
	postings_open(&post, x->ctx.seg, &info);
	found = postings_seek(&post, x->doc) == x->doc;
	if (post.rc < 0)
		x->ctx.rc = post.rc;
	return found;
}

/* The members of an expansion that the article has, each by its own frequency. */
static void explain_terms(struct explainer *x, struct explained *e)
{
	const struct plan_element *all = e->node->elements;
	struct plan_element element = *all;
	struct plan_node one = *e->node;

	one.elements = &element;
	element.nterms = 1;
	element.found = NULL;
	element.whole = NULL;
	e->terms = arena_alloc(&x->e->arena, all->nterms * sizeof *e->terms);
	for (size_t i = 0; i < all->nterms && x->ctx.rc == 0; i++) {
		struct match *m;

		element.terms = all->terms + i;
		if (!holds(x, all->terms[i]) || !(m = match_here(x, &one)))
			continue;
		e->terms[e->nterms++] = (struct explained_term){ all->terms[i], match_freq(m) };
	}
}

const struct explained *explained_reading(const struct explained *e)
{
	const struct explained *most = NULL;

	for (size_t i = 0; i < e->nparts; i++)
		if (e->parts[i].matches && (!most || e->parts[i].freq > most->freq))
			most = &e->parts[i];
	return most;
}

static void explain_leaf(struct explainer *x, struct explained *e)
{
	struct match *m = match_here(x, e->node);

	if (!(e->matches = m != NULL) || !plan_scores(e->node))
		return;
	e->freq = match_freq(m);
	e->score = match_score(m);
	if (plan_is_placed(e->node))
		e->headline = match_headline(m);
	else if (e->node->kind == PLAN_ALTERNATIVES)
		e->headline = explained_reading(e)->headline;
	else
		e->headline = e->node->title ? e->freq : headline_occurrences(x, e->node);
	if (e->node->kind == PLAN_EXPANSION)
		explain_terms(x, e);
}

static void explain_node(struct explainer *x, const struct plan_node *node, struct explained *e)
{
	size_t matching = 0;

	*e = (struct explained){ .node = node, .nparts = node->nchildren };
	if (node->nchildren)
		e->parts = arena_alloc(&x->e->arena, node->nchildren * sizeof *e->parts);
	for (size_t i = 0; i < node->nchildren; i++) {
		explain_node(x, node->children[i], &e->parts[i]);
		matching += e->parts[i].matches;
	}
	switch (node->kind) {
	case PLAN_AND: e->matches = matching == e->nparts; break;
	case PLAN_OR: e->matches = matching > 0; break;
	case PLAN_SOME_OF: e->matches = matching >= node->n; break;
	case PLAN_NOT: e->matches = matching == 0; break;
	default: explain_leaf(x, e); break;
	}
}

/* Add up what counts: leaves that match, under nodes that match, outside of NOT. */
static void add_up(struct explanation *x, struct explained *e)
{
	e->counts = e->matches;
	if (!e->matches || e->node->kind == PLAN_NOT)
		return;
	if (plan_scores(e->node)) {
		x->score += e->score;
		return;
	}
	for (size_t i = 0; i < e->nparts; i++)
		add_up(x, &e->parts[i]);
}

/* The segment and doc of an article that lives: 1 found, 0 not there, negative if corrupt. */
static int find_article(const struct archive *archive, uint64_t number, const struct segment **seg,
			uint32_t *doc, struct err *err)
{
	for (size_t i = 0; i < archive->nsegments; i++) {
		*seg = &archive->segments[i];
		if (segment_touch_docs(*seg) < 0)
			return segment_fault(*seg, "it", err);
		for (*doc = 0; *doc < (*seg)->ndocs; ++*doc)
			if (segment_article(*seg, *doc) == number && !dead_docs_has(&(*seg)->dead, *doc))
				return 1;
	}
	return 0;
}

int explain(struct explanation *e, const struct plan *plan, const struct archive *archive, uint64_t number,
	    struct err *err)
{
	struct explainer x = { .e = e };
	const struct segment *seg;
	int got;

	*e = (struct explanation){ .plan = plan, .archive = archive, .arena = ARENA_INIT };
	if ((got = find_article(archive, number, &seg, &x.doc, err)) < 0)
		return got;
	if (!got)
		return err_set(err, ERR_NOT_FOUND,
			       "%s: there is no article %" PRIu64 "; hits have their number after #",
			       archive->path, number);
	e->date = segment_date(seg, x.doc);
	e->length = segment_length_code(seg, x.doc);
	match_context_init(&x.ctx, &plan->scorer);
	match_context_enter(&x.ctx, seg, (uint32_t)(seg - archive->segments));
	explain_node(&x, plan->root, &e->root);
	add_up(e, &e->root);
	if (x.ctx.rc < 0)
		segment_fault(seg, "it", err);
	match_context_release(&x.ctx);
	return x.ctx.rc;
}

void explanation_release(struct explanation *e)
{
	arena_release(&e->arena);
}
