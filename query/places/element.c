#include "places/element.h"

#include "rank/match_leaf.h"

#include <stdlib.h>

static void sift_down(struct element *e, size_t i)
{
	struct source *moved = e->v[i];

	for (size_t child; (child = 2 * i + 1) < e->n; i = child) {
		if (child + 1 < e->n && e->v[child + 1]->post.doc < e->v[child]->post.doc)
			child++;
		if (e->v[child]->post.doc >= moved->post.doc)
			break;
		e->v[i] = e->v[child];
	}
	e->v[i] = moved;
}

void element_open(struct match_context *ctx, struct element *e, const struct plan_element *from)
{
	*e = (struct element){ .offset = from->offset };
	e->v = arena_alloc(&ctx->arena, from->nterms * sizeof *e->v);
	for (size_t i = 0; i < from->nterms && ctx->rc == 0; i++) {
		struct source *s = e->v[e->n] = arena_alloc(&ctx->arena, sizeof *s);

		if (!source_open(ctx, s, from, i))
			continue;
		e->cost += s->post.df;
		e->n++;
	}
	if (e->n < 2)
		return;
	for (size_t i = 0; i < e->n; i++)
		match_seek_postings(ctx, &e->v[i]->post, 0);
	for (size_t i = e->n / 2; i-- > 0;)
		sift_down(e, i);
}

uint32_t element_seek(struct match_context *ctx, struct element *e, uint32_t target)
{
	if (!e->n)
		return DOC_END;
	if (e->n == 1)
		return match_seek_postings(ctx, &e->v[0]->post, target);
	while (e->v[0]->post.doc < target) {
		match_seek_postings(ctx, &e->v[0]->post, target);
		sift_down(e, 0);
	}
	return e->v[0]->post.doc;
}

/* What stands on the doc at the top of a heap is its top part. */
static bool is_here(const struct element *e, size_t i)
{
	return i < e->n && e->v[i]->post.doc == e->v[0]->post.doc;
}

static uint64_t most_from(struct element *e, size_t i)
{
	if (!is_here(e, i))
		return 0;
	return postings_freq(&e->v[i]->post) + most_from(e, 2 * i + 1) + most_from(e, 2 * i + 2);
}

uint32_t element_most(struct element *e)
{
	uint64_t most = most_from(e, 0);

	return most < UINT32_MAX ? (uint32_t)most : UINT32_MAX;
}

static void add_positions(struct match_context *ctx, struct element *e, size_t i, uint64_t limit)
{
	if (!is_here(e, i))
		return;
	source_positions(ctx, e->v[i], limit, &e->list);
	add_positions(ctx, e, 2 * i + 1, limit);
	add_positions(ctx, e, 2 * i + 2, limit);
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

void element_positions(struct match_context *ctx, struct element *e, uint64_t limit)
{
	e->list.n = 0;
	add_positions(ctx, e, 0, limit);
	if (e->n > 1 && e->list.n)
		sort_distinct(&e->list);
}
