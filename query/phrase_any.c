/* query/phrase_any.c - a phrase in which any of several words may fill a place: the prefix
 * that ends one, a single character of Chinese or Japanese.
 *
 * The lists of a place are merged doc by doc. Rare, and plain; phrases of words are phrase.c's.
 */
#include "match_leaf.h"
#include "source.h"

#include <stdlib.h>

struct element_cursor {
	uint32_t offset;
	struct source *sources; /* one, or those of a CJK prefix */
	size_t n;
	uint64_t cost; /* docs of them all */
	uint32_t doc;
	struct positions_list list;
};

struct any_phrase {
	struct match base;
	struct element_cursor *elements; /* from rare to common */
	size_t n;
	bool title;
	double weight;
	uint32_t freq; /* of the current doc */
};

static uint32_t element_seek(struct match_context *ctx, struct element_cursor *e, uint32_t target)
{
	e->doc = DOC_END;
	for (size_t i = 0; i < e->n; i++) {
		uint32_t doc = match_seek_postings(ctx, &e->sources[i].post, target);

		e->doc = doc < e->doc ? doc : e->doc;
	}
	return e->doc;
}

static int by_number(const void *x, const void *y)
{
	uint32_t a = *(const uint32_t *)x, b = *(const uint32_t *)y;

	return (a > b) - (a < b);
}

/* A whole and its first part may both fill the place, at one position. */
static void sort_distinct(struct positions_list *list)
{
	size_t kept = 0;

	qsort(list->pos, list->n, sizeof *list->pos, by_number);
	for (size_t i = 0; i < list->n; i++)
		if (!kept || list->pos[i] != list->pos[kept - 1])
			list->pos[kept++] = list->pos[i];
	list->n = kept;
}

static void element_positions(struct match_context *ctx, struct element_cursor *e, uint64_t limit)
{
	e->list.n = 0;
	for (size_t i = 0; i < e->n; i++)
		if (e->sources[i].post.doc == e->doc)
			source_positions(ctx, &e->sources[i], limit, &e->list);
	if (e->n > 1)
		sort_distinct(&e->list);
}

/* Make an element's positions those where the phrase would begin. */
static void to_beginnings(struct element_cursor *e)
{
	size_t kept = 0;

	for (size_t i = 0; i < e->list.n; i++)
		if (e->list.pos[i] >= e->offset)
			e->list.pos[kept++] = e->list.pos[i] - e->offset;
	e->list.n = kept;
}

/* Keep the beginnings of the first list that are in the second, both ascending. */
static void keep_common(struct positions_list *first, const struct positions_list *second)
{
	size_t kept = 0, j = 0;

	for (size_t i = 0; i < first->n && j < second->n; i++) {
		while (j < second->n && second->pos[j] < first->pos[i])
			j++;
		if (j < second->n && second->pos[j] == first->pos[i])
			first->pos[kept++] = first->pos[i];
	}
	first->n = kept;
}

/* Count the phrase in the doc that all elements stand on. */
static uint32_t count_phrase(struct any_phrase *p)
{
	struct match_context *ctx = p->base.ctx;
	struct positions_list *first = &p->elements[0].list;
	uint32_t headline = segment_headline(ctx->seg, p->elements[0].doc), freq = 0;

	for (size_t i = 0; i < p->n; i++) {
		element_positions(ctx, &p->elements[i], p->title ? headline : UINT64_MAX);
		to_beginnings(&p->elements[i]);
		if (i > 0)
			keep_common(first, &p->elements[i].list);
		if (!first->n)
			return 0;
	}
	for (size_t i = 0; i < first->n; i++)
		freq += !p->title && first->pos[i] < headline ? ctx->seg->headline_weight : 1;
	return freq;
}

/* The first doc >= target that has all elements. */
static uint32_t agree(struct any_phrase *p, uint32_t target)
{
	size_t i = 0;

	while (i < p->n) {
		uint32_t doc = element_seek(p->base.ctx, &p->elements[i], target);

		if (doc == DOC_END)
			return DOC_END;
		i = doc == target || i == 0 ? i + 1 : 0;
		target = doc;
	}
	return target;
}

static uint32_t phrase_seek(struct match *m, uint32_t target)
{
	struct any_phrase *p = (struct any_phrase *)m;

	for (;; target++) {
		target = agree(p, target);
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

static int by_cost(const void *x, const void *y)
{
	const struct element_cursor *a = x, *b = y;

	return (a->cost > b->cost) - (a->cost < b->cost);
}

struct match *match_open_any_phrase(struct match_context *ctx, const struct plan_node *node)
{
	struct any_phrase *p = match_new(ctx, sizeof *p, &any_phrase_ops);

	p->n = node->nelements;
	p->title = node->title;
	p->weight = node->weight;
	p->elements = arena_zalloc(&ctx->arena, p->n * sizeof *p->elements);
	for (size_t i = 0; i < p->n; i++) {
		const struct plan_element *from = &node->elements[i];
		struct element_cursor *e = &p->elements[i];

		e->offset = from->offset;
		e->sources = arena_alloc(&ctx->arena, from->nterms * sizeof *e->sources);
		for (size_t j = 0; j < from->nterms; j++) {
			if (!source_open(ctx, &e->sources[e->n], from, j))
				continue;
			e->cost += e->sources[e->n++].post.df;
		}
		if (!e->n)
			p->base.doc = DOC_END;
	}
	qsort(p->elements, p->n, sizeof *p->elements, by_cost);
	p->base.cost = p->n ? p->elements[0].cost : 0;
	return &p->base;
}
