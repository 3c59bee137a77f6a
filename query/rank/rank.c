#include "rank/rank.h"

#include "base/civil.h"
#include "base/trace.h"
#include "rank/best.h"
#include "rank/count.h"

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

static compare_hits *const orders[] = {
	[RANK_RELEVANCE] = best_first,
	[RANK_NEWEST] = newest_first,
	[RANK_OLDEST] = oldest_first,
};

/* ---- one segment ---- */

/* Every match, doc by doc. */
static uint64_t rank_plainly(struct top *top, struct match_context *ctx, const struct plan_node *root)
{
	struct match *m = match_open(ctx, root);
	uint64_t total = 0;

	for (uint32_t d = match_seek(m, 0); d != DOC_END; d = match_seek(m, d + 1)) {
		struct hit hit;

		if (dead_docs_has(&ctx->seg->dead, d))
			continue;
		hit = hit_of(ctx, d);
		hit.score = top->compare == best_first ? match_score(m) : 0;
		top_offer(top, &hit);
		total++;
	}
	return total;
}

/* The newest: in doc order, until the room is full and what comes is older. */
static void rank_newest(struct top *top, struct match_context *ctx, const struct plan_node *root)
{
	struct match *m = match_open(ctx, root);

	ctx->in_order = true;
	for (uint32_t d = match_seek(m, 0); d != DOC_END; d = match_seek(m, d + 1)) {
		struct hit hit;

		if (dead_docs_has(&ctx->seg->dead, d))
			continue;
		hit = hit_of(ctx, d);
		if (top->n == top->room && newest_first(&hit, &top->v[0]) > 0)
			return;
		top_offer(top, &hit);
	}
}

/* Offer the docs of [from, to) whose bits are set, from the last on, until the room is full
 * and what comes is younger. */
static void offer_backwards(struct top *top, const struct match_context *ctx, const uint64_t *bits,
			    uint32_t from, uint32_t to)
{
	for (uint32_t d = to; d-- > from;) {
		struct hit hit = hit_of(ctx, d);

		if (!(bits[d / 64] >> d % 64 & 1))
			continue;
		if (top->n == top->room && hit.date != top->v[0].date && oldest_first(&hit, &top->v[0]) > 0)
			return;
		top_offer(top, &hit);
	}
}

/* The oldest: all matches are marked, then walked from the end, the dated docs first. Returns
 * how many there are. */
static uint64_t rank_oldest(struct top *top, struct match_context *ctx, const struct plan_node *root)
{
	uint32_t ndocs = ctx->seg->ndocs;
	uint64_t *bits = arena_alloc(&ctx->arena, ((size_t)ndocs / MARKS_WINDOW + 1) * (MARKS_WINDOW / 8));
	struct marks *m = marks_new(ctx, root);
	uint64_t total = 0;

	for (uint32_t from = 0, to; from < ndocs; from = to) {
		to = ndocs - from < MARKS_WINDOW ? ndocs : from + MARKS_WINDOW;
		total += marks_window(m, from, to, bits + from / 64);
	}
	if (ctx->rc < 0)
		return 0;
	offer_backwards(top, ctx, bits, 0, ctx->seg->ndated);
	offer_backwards(top, ctx, bits, ctx->seg->ndated, ndocs);
	return total;
}

static int rank_segment(struct match_context *ctx, struct top *top, uint64_t *total,
			const struct plan_node *root, const struct rank_options *options, struct err *err)
{
	if (options->plain) {
		*total += rank_plainly(top, ctx, root);
		goto done;
	}
	if (!options->no_total && top->room && options->order == RANK_RELEVANCE &&
	    best_and_count(top, ctx, root, total))
		goto done;
	if (top->room && options->order == RANK_OLDEST) {
		uint64_t matches = rank_oldest(top, ctx, root);

		*total += options->no_total ? 0 : matches;
		goto done;
	}
	if (!options->no_total)
		*total += count_in_segment(ctx, root);
	if (!top->room)
		goto done;
	if (options->order == RANK_NEWEST)
		rank_newest(top, ctx, root);
	else if (!best_of_segment(top, ctx, root))
		rank_plainly(top, ctx, root);
done:
	if (segment_damaged(ctx->seg))
		ctx->rc = ERR_CORRUPT;
	if (ctx->rc < 0 && ctx->why)
		err_set(err, ctx->rc, "%s", ctx->why->msg);
	else if (ctx->rc < 0)
		segment_fault(ctx->seg, "it", err);
	return ctx->rc;
}

int rank_plan(struct ranking *r, const struct plan *plan, const struct archive *archive,
	      const struct rank_options *options, struct err *err)
{
	struct top top = { .compare = orders[options->order] };
	uint64_t offset = options->offset;
	struct match_context ctx;
	int rc = 0;

	*r = (struct ranking){ .n = 0 };
	if (options->count)
		top.room = offset > UINT64_MAX - options->count ? UINT64_MAX : offset + options->count;
	match_context_init(&ctx, &plan->scorer);
	for (uint32_t i = 0; rc == 0 && i < archive->nsegments; i++) {
		uint64_t before = r->total;
		double since = trace_clock();

		match_context_enter(&ctx, &archive->segments[i], i);
		rc = rank_segment(&ctx, &top, &r->total, plan->root, options, err);
		if (trace_level > 1)
			trace_step("segment", since, r->total - before, 0,
				   strrchr(archive->segments[i].path, '/') + 1);
	}
	match_context_release(&ctx);
	if (rc < 0) {
		top_release(&top);
		return rc;
	}
	top_sort(&top);
	r->hits = top.v;
	r->n = top.n > offset ? top.n - offset : 0;
	if (r->n)
		memmove(r->hits, r->hits + offset, r->n * sizeof *r->hits);
	return 0;
}

void ranking_release(struct ranking *r)
{
	free(r->hits);
	*r = (struct ranking){ .n = 0 };
}
