#include "rank/match_leaf.h"

#include "segment/postings.h"

/* The term that lists the headlines with a stem. In the context's arena. */
static struct bytes headline_term(struct match_context *ctx, struct bytes stem)
{
	uint8_t *term = arena_alloc(&ctx->arena, stem.n + 1);

	term[0] = TERM_HEADLINE;
	memcpy(term + 1, stem.p, stem.n);
	return bytes_of(term, stem.n + 1);
}

/* ---- a term ---- */

struct term_match {
	struct match base;
	struct postings post;
	double weight;
};

static uint32_t term_seek(struct match *m, uint32_t target)
{
	return match_seek_postings(m->ctx, &((struct term_match *)m)->post, target);
}

static uint32_t term_freq(struct match *m)
{
	return postings_freq(&((struct term_match *)m)->post);
}

static int64_t term_score(struct match *m)
{
	const struct term_match *t = (const struct term_match *)m;

	return match_contribution(m, t->weight, term_freq(m));
}

static const struct match_ops term_ops = { .seek = term_seek, .score = term_score, .freq = term_freq };

static int look_up(struct match_context *ctx, struct bytes term, struct term_info *info)
{
	int got = dict_find(ctx->seg, term, info);

	if (got < 0)
		match_corrupt(ctx);
	return got > 0;
}

int match_find_in(struct match_context *ctx, const struct plan_element *e, size_t i, struct term_info *info)
{
	if (!e->found)
		return look_up(ctx, e->terms[i], info);
	*info = e->found[ctx->number * e->nterms + i];
	return info->df > 0;
}

int match_find_term(struct match_context *ctx, const struct plan_node *node, struct term_info *info)
{
	const struct plan_element *e = &node->elements[0];

	return node->title ? look_up(ctx, headline_term(ctx, e->terms[0]), info)
			   : match_find_in(ctx, e, 0, info);
}

struct match *match_open_term(struct match_context *ctx, const struct plan_node *node)
{
	struct term_match *t = match_new(ctx, sizeof *t, &term_ops);
	struct term_info info;

	t->weight = node->weight;
	if (match_find_term(ctx, node, &info))
		postings_open(&t->post, ctx->seg, &info);
	else
		t->base.doc = DOC_END;
	t->base.cost = t->base.doc == DOC_END ? 0 : info.df;
	return &t->base;
}
