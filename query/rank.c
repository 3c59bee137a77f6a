#include "rank.h"

#include "base/civil.h"
#include "base/mem.h"
#include "base/trace.h"
#include "match.h"

#include <stdlib.h>

/* Does a stand before b in the archive's doc order? */
static int newest_first(const struct hit *a, const struct hit *b)
{
	if (a->date != b->date)
		return a->date > b->date ? -1 : 1; /* CIVIL_NONE is the least: undated last */
	return (a->article > b->article) - (a->article < b->article);
}

static int oldest_first(const struct hit *a, const struct hit *b)
{
	if (a->date != b->date) {
		if (a->date == CIVIL_NONE || b->date == CIVIL_NONE)
			return a->date == CIVIL_NONE ? 1 : -1;
		return a->date < b->date ? -1 : 1;
	}
	return (a->article > b->article) - (a->article < b->article);
}

static int best_first(const struct hit *a, const struct hit *b)
{
	if (a->score != b->score)
		return a->score > b->score ? -1 : 1;
	return newest_first(a, b);
}

typedef int compare_hits(const struct hit *a, const struct hit *b);

static compare_hits *const orders[] = {
	[RANK_RELEVANCE] = best_first,
	[RANK_NEWEST] = newest_first,
	[RANK_OLDEST] = oldest_first,
};

/* The best `room` hits so far; the worst of them on top of the heap. */
struct heap {
	struct hit *v;
	size_t n, cap;
	uint64_t room;
	compare_hits *compare;
};

static void sift_down(struct heap *h, size_t at)
{
	for (;;) {
		size_t worst = at, child = 2 * at + 1;
		struct hit swap;

		for (size_t i = child; i < child + 2 && i < h->n; i++)
			if (h->compare(&h->v[i], &h->v[worst]) > 0)
				worst = i;
		if (worst == at)
			return;
		swap = h->v[at];
		h->v[at] = h->v[worst];
		h->v[worst] = swap;
		at = worst;
	}
}

static void sift_up(struct heap *h, size_t at)
{
	while (at > 0 && h->compare(&h->v[at], &h->v[(at - 1) / 2]) > 0) {
		struct hit swap = h->v[at];

		h->v[at] = h->v[(at - 1) / 2];
		h->v[(at - 1) / 2] = swap;
		at = (at - 1) / 2;
	}
}

static void heap_offer(struct heap *h, const struct hit *hit)
{
	if (h->n < h->room) {
		MEM_GROW(h->v, h->cap, h->n + 1);
		h->v[h->n] = *hit;
		sift_up(h, h->n++);
	} else if (h->n && h->compare(hit, &h->v[0]) < 0) {
		h->v[0] = *hit;
		sift_down(h, 0);
	}
}

/* Take the worst off until nothing is left: the array is then in order. */
static void heap_sort(struct heap *h)
{
	size_t n = h->n;

	while (h->n > 1) {
		struct hit worst = h->v[0];

		h->v[0] = h->v[--h->n];
		h->v[h->n] = worst;
		sift_down(h, 0);
	}
	h->n = n;
}

/* Every match of one segment. */
static int rank_segment(struct heap *heap, uint64_t *total, const struct plan *plan,
			const struct segment *seg, uint32_t number, struct err *err)
{
	bool scored = heap->room && heap->compare == best_first;
	struct match_context ctx;
	struct match *m;

	match_context_init(&ctx, seg, &plan->scorer);
	m = match_open(&ctx, plan->root);
	for (uint32_t d = match_seek(m, 0); d != DOC_END; d = match_seek(m, d + 1)) {
		struct hit hit = { .date = segment_date(seg, d),
				   .article = segment_article(seg, d),
				   .segment = number,
				   .doc = d };

		++*total;
		if (scored)
			hit.score = match_score(m);
		heap_offer(heap, &hit);
	}
	if (ctx.rc < 0)
		err_set(err, ctx.rc, "%s: damaged: it does not match its checksums", seg->path);
	match_context_release(&ctx);
	return ctx.rc;
}

int rank_plan(struct ranking *r, const struct plan *plan, const struct archive *archive,
	      const struct rank_options *options, struct err *err)
{
	struct heap heap = { .compare = orders[options->order] };
	uint64_t offset = options->offset;
	int rc = 0;

	*r = (struct ranking){ .n = 0 };
	if (options->count)
		heap.room = offset > UINT64_MAX - options->count ? UINT64_MAX : offset + options->count;
	for (uint32_t i = 0; rc == 0 && i < archive->nsegments; i++) {
		uint64_t before = r->total;
		double since = trace_clock();

		rc = rank_segment(&heap, &r->total, plan, &archive->segments[i], i, err);
		if (trace_level > 1)
			trace_step("segment", since, r->total - before, 0,
				   strrchr(archive->segments[i].path, '/') + 1);
	}
	if (rc < 0) {
		free(heap.v);
		return rc;
	}
	heap_sort(&heap);
	r->hits = heap.v;
	r->n = heap.n > offset ? heap.n - offset : 0;
	if (r->n)
		memmove(r->hits, r->hits + offset, r->n * sizeof *r->hits);
	return 0;
}

void ranking_release(struct ranking *r)
{
	free(r->hits);
	*r = (struct ranking){ .n = 0 };
}
