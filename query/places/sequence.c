#include "places/sequence.h"

#include <stdlib.h>

static int by_cost(const void *x, const void *y)
{
	const struct element *a = x, *b = y;

	return (a->cost > b->cost) - (a->cost < b->cost);
}

void sequence_open(struct match_context *ctx, struct sequence *s, const struct plan_node *node)
{
	*s = (struct sequence){ .n = node->nelements, .title = node->title };
	s->elements = arena_alloc(&ctx->arena, s->n * sizeof *s->elements);
	for (size_t i = 0; i < s->n; i++) {
		element_open(ctx, &s->elements[i], &node->elements[i]);
		s->span = s->elements[i].offset > s->span ? s->elements[i].offset : s->span;
	}
	qsort(s->elements, s->n, sizeof *s->elements, by_cost);
	s->cost = s->n ? s->elements[0].cost : 0;
}

uint32_t sequence_seek(struct match_context *ctx, struct sequence *s, uint32_t target)
{
	size_t i = 0;

	while (i < s->n) {
		uint32_t doc = element_seek(ctx, &s->elements[i], target);

		if (doc == DOC_END)
			return s->doc = DOC_END;
		i = doc == target || i == 0 ? i + 1 : 0;
		target = doc;
	}
	return s->doc = target;
}

uint32_t sequence_most(struct sequence *s)
{
	uint32_t least = UINT32_MAX;

	for (size_t i = 0; i < s->n; i++) {
		uint32_t most = element_most(&s->elements[i]);

		least = most < least ? most : least;
	}
	return least;
}

/* Make an element's positions those where the sequence would begin. */
static void to_beginnings(struct element *e)
{
	size_t kept = 0;

	for (size_t i = 0; e->offset && i < e->list.n; i++)
		if (e->list.pos[i] >= e->offset)
			e->list.pos[kept++] = e->list.pos[i] - e->offset;
	e->list.n = e->offset ? kept : e->list.n;
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

/* Drop what begins in the headline and ends in the body. */
static void drop_crossing(struct positions_list *list, uint32_t span, uint32_t headline)
{
	size_t kept = 0;

	for (size_t i = 0; i < list->n; i++)
		if (list->pos[i] >= headline || (uint64_t)list->pos[i] + span < headline)
			list->pos[kept++] = list->pos[i];
	list->n = kept;
}

const struct positions_list *sequence_positions(struct match_context *ctx, struct sequence *s)
{
	struct positions_list *first = &s->elements[0].list;
	uint32_t headline = segment_headline(ctx->seg, s->doc);

	for (size_t i = 0; i < s->n; i++) {
		element_positions(ctx, &s->elements[i], s->title ? headline : UINT64_MAX);
		to_beginnings(&s->elements[i]);
		if (i > 0)
			keep_common(first, &s->elements[i].list);
		if (!first->n)
			return first;
	}
	if (s->span && headline)
		drop_crossing(first, s->span, headline);
	return first;
}
