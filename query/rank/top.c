#include "rank/top.h"

#include "base/mem.h"

#include <stdlib.h>

static void sift_down(struct top *t, size_t at)
{
	for (;;) {
		size_t worst = at, child = 2 * at + 1;
		struct hit swap;

		for (size_t i = child; i < child + 2 && i < t->n; i++)
			if (t->compare(&t->v[i], &t->v[worst]) > 0)
				worst = i;
		if (worst == at)
			return;
		swap = t->v[at];
		t->v[at] = t->v[worst];
		t->v[worst] = swap;
		at = worst;
	}
}

static void sift_up(struct top *t, size_t at)
{
	while (at > 0 && t->compare(&t->v[at], &t->v[(at - 1) / 2]) > 0) {
		struct hit swap = t->v[at];

		t->v[at] = t->v[(at - 1) / 2];
		t->v[(at - 1) / 2] = swap;
		at = (at - 1) / 2;
	}
}

void top_offer(struct top *t, const struct hit *hit)
{
	if (t->n < t->room) {
		MEM_GROW(t->v, t->cap, t->n + 1);
		t->v[t->n] = *hit;
		sift_up(t, t->n++);
	} else if (t->n && t->compare(hit, &t->v[0]) < 0) {
		t->v[0] = *hit;
		sift_down(t, 0);
	}
}

/* Take the worst off until nothing is left: the array is then in order. */
void top_sort(struct top *t)
{
	size_t n = t->n;

	while (t->n > 1) {
		struct hit worst = t->v[0];

		t->v[0] = t->v[--t->n];
		t->v[t->n] = worst;
		sift_down(t, 0);
	}
	t->n = n;
}

void top_release(struct top *t)
{
	free(t->v);
	*t = (struct top){ .n = 0 };
}

static int by_score(const struct hit *a, const struct hit *b)
{
	return (a->score < b->score) - (a->score > b->score);
}

int64_t top_kth(const int64_t *scores, size_t n, uint64_t k)
{
	struct top best = { .room = k, .compare = by_score };
	int64_t kth = TOP_NONE;

	for (size_t i = 0; i < n; i++)
		if (scores[i] != TOP_NONE)
			top_offer(&best, &(struct hit){ .score = scores[i] });
	if (k && best.n == k)
		kth = best.v[0].score;
	top_release(&best);
	return kth;
}
