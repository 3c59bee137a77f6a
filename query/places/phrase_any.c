/* query/places/phrase_any.c - a phrase in which any of several words may fill a place: the prefix
 * that ends one, a single character of Chinese or Japanese.
 *
 * Rare, and plain; phrases of words are phrase.c's.
 */
#include "rank/match_leaf.h"
#include "places/sequence.h"

struct any_phrase {
	struct match base;
	struct sequence words;
	double weight;
	uint32_t freq; /* of the current doc */
};

static uint32_t count_phrase(struct any_phrase *p)
{
	struct match_context *ctx = p->base.ctx;
	const struct positions_list *found = sequence_positions(ctx, &p->words);
	uint32_t headline = segment_headline(ctx->seg, p->words.doc), freq = 0;

	for (size_t i = 0; i < found->n; i++)
		freq += !p->words.title && found->pos[i] < headline ? ctx->seg->headline_weight : 1;
	return freq;
}

static uint32_t phrase_seek(struct match *m, uint32_t target)
{
	struct any_phrase *p = (struct any_phrase *)m;

	for (;; target++) {
		target = sequence_seek(m->ctx, &p->words, target);
		if (target == DOC_END)
			return DOC_END;
		p->freq = count_phrase(p);
		if (m->ctx->rc < 0)
			return DOC_END;
		if (p->freq)
			return target;
	}
}

static uint32_t phrase_freq(struct match *m)
{
	return ((const struct any_phrase *)m)->freq;
}

static int64_t phrase_score(struct match *m)
{
	const struct any_phrase *p = (const struct any_phrase *)m;

	return match_contribution(m, p->weight, p->freq);
}

static const struct match_ops any_phrase_ops = { .seek = phrase_seek,
						 .score = phrase_score,
						 .freq = phrase_freq };

struct match *match_open_any_phrase(struct match_context *ctx, const struct plan_node *node)
{
	struct any_phrase *p = match_new(ctx, sizeof *p, &any_phrase_ops);

	p->weight = node->weight;
	sequence_open(ctx, &p->words, node);
	p->base.cost = p->words.cost;
	return &p->base;
}
