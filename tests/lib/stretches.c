#include "lib/stretches.h"

#include "base/mem.h"

#include <stdlib.h>

void stretches_add(struct stretches *s, uint32_t from, uint32_t to, bool open)
{
	for (size_t i = 0; i < s->n; i++) {
		if (s->v[i].from != from || s->v[i].to != to)
			continue;
		s->v[i].open |= open;
		return;
	}
	MEM_GROW(s->v, s->cap, s->n + 1);
	s->v[s->n++] = (struct stretch){ from, to, open };
}

/* Does y follow x, near enough? */
static bool follows(const struct fence *f, const struct stretch *x, const struct stretch *y)
{
	return y->from > x->to && (f->unit != UNIT_WORDS || y->from - x->to <= f->n) &&
	       f->together(f, x->from, y->to);
}

static bool inside(const struct fence *f, const struct stretch *outer, const struct stretch *inner)
{
	return outer->open && inner->from > outer->from && inner->to < outer->to &&
	       f->together(f, outer->from, outer->to);
}

/* The shortest with x's beginning, or with its end, replaces a longer one. */
static void add_shortest(struct stretches *s, uint32_t from, uint32_t to, bool by_end)
{
	for (size_t i = 0; i < s->n; i++) {
		struct stretch *x = &s->v[i];

		if (by_end ? x->to != to : x->from != from)
			continue;
		if (to - from < x->to - x->from)
			*x = (struct stretch){ from, to, true };
		return;
	}
	stretches_add(s, from, to, true);
}

void stretches_near(const struct stretches *a, const struct stretches *b, const struct fence *fence,
		    struct stretches *out)
{
	for (int by_end = 0; by_end < 2; by_end++) {
		struct stretches found = { .n = 0 };

		for (size_t i = 0; i < a->n; i++) {
			for (size_t j = 0; j < b->n; j++) {
				const struct stretch *x = &a->v[i], *y = &b->v[j];

				if (follows(fence, x, y))
					add_shortest(&found, x->from, y->to, by_end);
				if (fence->ordered)
					continue;
				if (follows(fence, y, x))
					add_shortest(&found, y->from, x->to, by_end);
				if (inside(fence, x, y))
					add_shortest(&found, x->from, x->to, by_end);
				if (inside(fence, y, x))
					add_shortest(&found, y->from, y->to, by_end);
			}
		}
		for (size_t i = 0; i < found.n; i++)
			stretches_add(out, found.v[i].from, found.v[i].to, true);
		free(found.v);
	}
}

void stretches_not_near(const struct stretches *a, const struct stretches *b, const struct fence *fence,
			struct stretches *out)
{
	for (size_t i = 0; i < a->n; i++) {
		const struct stretch *x = &a->v[i];
		bool near = false;

		for (size_t j = 0; j < b->n; j++) {
			const struct stretch *y = &b->v[j];
			bool same = x->from == y->from && x->to == y->to;
			bool overlap = x->from <= y->to && y->from <= x->to;

			near |= (overlap && !same) || follows(fence, x, y) ||
				(!fence->ordered && follows(fence, y, x));
		}
		if (!near)
			stretches_add(out, x->from, x->to, x->open);
	}
}

static int by_end(const void *x, const void *y)
{
	const struct stretch *a = x, *b = y;

	return (a->to > b->to) - (a->to < b->to);
}

/* best[i]: what can be had of the first i that end. */
uint32_t stretches_count(const struct stretches *s, uint32_t headline, uint32_t weight)
{
	uint32_t *best = mem_zalloc(s->n + 1, sizeof *best), count;

	if (s->n)
		qsort(s->v, s->n, sizeof *s->v, by_end);
	for (size_t i = 0; i < s->n; i++) {
		uint32_t with = s->v[i].to < headline ? weight : 1;
		size_t apart = 0;

		while (apart < i && s->v[apart].to < s->v[i].from)
			apart++;
		best[i + 1] = best[i] > best[apart] + with ? best[i] : best[apart] + with;
	}
	count = best[s->n];
	free(best);
	return count;
}
