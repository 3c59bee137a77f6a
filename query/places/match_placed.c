/* query/places/match_placed.c - what matches by where it stands: near, not near, within a region, so often.
 *
 * Why this is fast (`make bench BENCH=queries`, near):
 * - The docs that have all words come first; positions are read of these alone.
 * - Not even those are read where the frequency of the rarer words could not make what a hit
 *   must score, were all their occurrences matches.
 */
#include "rank/match_leaf.h"
#include "places/operand.h"

struct placed {
	struct match base;
	struct operand *operand;
	struct match *child; /* of AT_LEAST: scores */
	double weight;
	bool title;
	uint32_t need;
	uint32_t freq, headline; /* of the current doc */
};

/* Could the doc score what is needed, if every occurrence were a match? */
static bool may_suffice(struct placed *p, uint32_t doc)
{
	const struct match_context *ctx = p->base.ctx;

	return p->base.least <= 0 || p->child ||
	       scorer_contribution(ctx->scorer, p->weight, operand_most(p->operand),
				   segment_length_code(ctx->seg, doc)) >= p->base.least;
}

/* Count in the doc; true if it matches. */
static bool look(struct placed *p)
{
	const struct segment *seg = p->base.ctx->seg;
	uint32_t body;

	operand_count(p->base.ctx, p->operand, &p->headline, &body);
	p->freq = body + p->headline * (p->title ? 1 : seg->headline_weight);
	return p->headline + body >= p->need;
}

static uint32_t placed_seek(struct match *m, uint32_t target)
{
	struct placed *p = (struct placed *)m;

	for (;; target++) {
		target = operand_seek(m->ctx, p->operand, target);
		if (target == DOC_END || m->ctx->rc < 0)
			return DOC_END;
		if (!may_suffice(p, target) || !look(p))
			continue;
		return m->ctx->rc < 0 ? DOC_END : target;
	}
}

static bool placed_is(struct match *m, uint32_t doc)
{
	struct placed *p = (struct placed *)m;

	return operand_seek(m->ctx, p->operand, doc) == doc && m->ctx->rc == 0 && may_suffice(p, doc) &&
	       look(p);
}

static uint32_t placed_freq(struct match *m)
{
	return ((const struct placed *)m)->freq;
}

static uint32_t placed_headline(struct match *m)
{
	return ((const struct placed *)m)->headline;
}

static int64_t placed_score(struct match *m)
{
	const struct placed *p = (const struct placed *)m;

	if (!p->child)
		return match_contribution(m, p->weight, p->freq);
	return match_seek(p->child, m->doc) == m->doc ? match_score(p->child) : 0;
}

static const struct match_ops placed_ops = { .seek = placed_seek,
					     .is = placed_is,
					     .score = placed_score,
					     .freq = placed_freq,
					     .headline = placed_headline };

struct match *match_open_placed(struct match_context *ctx, const struct plan_node *node)
{
	struct match *words = match_open_near_words(ctx, node);
	struct placed *p;

	if (words || (words = match_open_near_chain(ctx, node)) ||
	    (words = match_open_within_words(ctx, node)))
		return words;
	p = match_new(ctx, sizeof *p, &placed_ops);
	p->weight = node->weight;
	p->title = node->title;
	p->need = 1;
	p->operand = operand_open(ctx, node);
	p->base.cost = operand_cost(p->operand);
	if (node->kind == PLAN_AT_LEAST) {
		p->need = node->n;
		p->child = match_open(ctx, node->children[0]);
	}
	return &p->base;
}
