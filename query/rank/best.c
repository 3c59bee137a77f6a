#include "rank/best.h"

#include "base/mem.h"
#include "rank/clause.h"
#include "rank/shape.h"

#include <stdlib.h>

struct search_state {
	struct top *top;
	struct match_context *ctx;
	struct shape shape;
	struct clause *clauses;
	struct match **filters, **exclusions;
	uint32_t *sums; /* of a window */
	/* Of the docs that are looked at: each clause's bound, and sums of these. For alternatives
	 * by rising bound, the sums up to it; else from rare to common, the sums from it on. */
	struct clause **order;
	int64_t *bound, *sum;
};

static int64_t needed(const struct search_state *s)
{
	return top_needed(s->top, s->ctx->number);
}

/* ---- offering ---- */

struct hit hit_of(const struct match_context *ctx, uint32_t doc)
{
	return (struct hit){ .date = segment_date(ctx->seg, doc),
			     .article = segment_article(ctx->seg, doc),
			     .segment = ctx->number,
			     .doc = doc };
}

static bool passes(const struct search_state *s, uint32_t doc)
{
	if (dead_docs_has(&s->ctx->seg->dead, doc))
		return false;
	for (size_t i = 0; i < s->shape.nfilters; i++)
		if (match_seek(s->filters[i], doc) != doc)
			return false;
	for (size_t i = 0; i < s->shape.nexclusions; i++)
		if (match_seek(s->exclusions[i], doc) == doc)
			return false;
	return true;
}

/* Offer a doc that passes. */
static void offer_passed(struct search_state *s, uint32_t doc, int64_t score)
{
	struct hit hit = hit_of(s->ctx, doc);

	hit.score = score;
	top_offer(s->top, &hit);
}

static void offer(struct search_state *s, uint32_t doc, int64_t score)
{
	if (score >= needed(s) && passes(s, doc))
		offer_passed(s, doc, score);
}

static void offer_batch(struct search_state *s, const struct batch *batch)
{
	for (uint32_t i = 0; i < batch->n; i++)
		offer(s, batch->docs[i], batch->scores[i]);
}

/* ---- any clause will do: MaxScore over windows ---- */

/* Order the clauses by their bounds in [from, to). Returns how many of the lowest cannot
 * together bring a doc among the best. */
static size_t divide(struct search_state *s, uint32_t from, uint32_t to)
{
	size_t n = s->shape.nclauses, idle = 0;
	int64_t total = 0, least = needed(s);

	for (size_t i = 0; i < n; i++) {
		int64_t bound = clause_bound(&s->clauses[i], from, to);
		size_t at = i;

		for (; at > 0 && s->bound[at - 1] > bound; at--) {
			s->bound[at] = s->bound[at - 1];
			s->order[at] = s->order[at - 1];
		}
		s->bound[at] = bound;
		s->order[at] = &s->clauses[i];
	}
	for (size_t i = 0; i < n; i++) {
		total += s->bound[i];
		s->sum[i] = total;
		idle += total < least;
	}
	return idle;
}

/* Add to the batch what the idle clauses have for its docs, from the highest bound down. */
static void complete(struct search_state *s, struct batch *batch, size_t idle)
{
	for (size_t i = idle; i > 0 && batch->n; i--)
		clause_join(s->order[i - 1], batch, false, s->bound[i - 1], needed(s),
			    i > 1 ? s->sum[i - 2] : 0);
	offer_batch(s, batch);
}

/* One clause leads: its docs in batches. */
static void walk_one(struct search_state *s, uint32_t from, uint32_t to, size_t idle)
{
	struct batch batch;

	while (from < to && s->ctx->rc == 0) {
		int64_t rest = idle ? s->sum[idle - 1] : 0;

		clause_next(s->order[idle], &from, to, needed(s) - rest, &batch);
		complete(s, &batch, idle);
	}
}

/* Gather from the window's sums the docs that can still come among the best. */
static void harvest(struct search_state *s, uint32_t from, uint32_t to, size_t idle)
{
	int64_t rest = idle ? s->sum[idle - 1] : 0, least = needed(s) - rest;
	uint32_t floor = least > 0 ? (uint32_t)least * 2 : 1;
	struct batch batch = { .n = 0 };

	for (uint32_t i = 0; i < to - from; i++) {
		if (s->sums[i] < floor)
			continue;
		batch.docs[batch.n] = from + i;
		batch.scores[batch.n++] = s->sums[i] / 2;
		if (batch.n == POSTINGS_BLOCK) {
			complete(s, &batch, idle);
			batch.n = 0;
			least = needed(s) - rest;
			floor = least > 0 ? (uint32_t)least * 2 : 1;
		}
	}
	complete(s, &batch, idle);
}

/* Several clauses are walked: their scores are added up in the window. */
static void walk_several(struct search_state *s, uint32_t from, uint32_t to, size_t idle)
{
	size_t n = s->shape.nclauses;

	memset(s->sums, 0, (to - from) * sizeof *s->sums);
	for (size_t i = idle; i < n; i++)
		clause_add(s->order[i], from, to, needed(s) - (s->sum[n - 1] - s->bound[i]), s->sums);
	harvest(s, from, to, idle);
}

static void best_of_any(struct search_state *s)
{
	size_t n = s->shape.nclauses;

	for (size_t i = 0; i < n; i++)
		if (clause_gathers(&s->clauses[i]))
			clause_gather(&s->clauses[i]);
	for (uint32_t from = s->shape.first, to; from < s->shape.last && s->ctx->rc == 0; from = to) {
		size_t idle;

		to = s->shape.last - from < WINDOW ? s->shape.last : from + WINDOW;
		idle = divide(s, from, to);
		if (idle + 1 == n)
			walk_one(s, from, to, idle);
		else if (idle < n)
			walk_several(s, from, to, idle);
	}
}

/* ---- all clauses are required ---- */

/* Bound the clauses by what they can add to any doc. Narrower bounds, of each block's range of
 * docs, did not pay: docs/DECISIONS.md. */
static void know_bounds(struct search_state *s)
{
	size_t n = s->shape.nclauses;

	s->sum[n] = 0;
	for (size_t i = n; i-- > 0;) {
		s->bound[i] = s->clauses[i].limit;
		s->sum[i] = s->bound[i] + s->sum[i + 1];
	}
}

#define ANY_SCORE INT64_MIN /* is enough */

/* The next docs that the first `n` clauses have, from the rarest on. */
static void next_of_all(struct search_state *s, uint32_t *from, size_t n, int64_t needed, struct batch *batch)
{
	int64_t least = needed == ANY_SCORE ? ANY_SCORE : needed - s->sum[1];

	clause_next(&s->clauses[0], from, s->shape.last, least, batch);
	for (size_t i = 1; i < n && batch->n; i++)
		clause_join(&s->clauses[i], batch, true, s->bound[i], needed, s->sum[i + 1]);
}

/* The docs that are looked at are those that the first `n` clauses have. */
static void walk_all(struct search_state *s, size_t n)
{
	uint32_t from = s->shape.first;
	struct batch batch;

	s->clauses[0].leads = true;
	while (from < s->shape.last && s->ctx->rc == 0) {
		next_of_all(s, &from, n, needed(s), &batch);
		offer_batch(s, &batch);
	}
}

static struct match **open_all(struct search_state *s, const struct plan_node **nodes, size_t n)
{
	struct match **matches = arena_alloc(&s->ctx->arena, n * sizeof *matches);

	for (size_t i = 0; i < n; i++)
		matches[i] = match_open(s->ctx, nodes[i]);
	return matches;
}

/* ---- some clauses are worked out for the docs that all others have ---- */

static void gather_hit(struct gathered *g, uint32_t doc, int64_t score)
{
	MEM_GROW(g->docs, g->docs_cap, g->n + 1);
	MEM_GROW(g->scores, g->scores_cap, g->n + 1);
	g->docs[g->n] = doc;
	g->scores[g->n++] = score;
}

/* Take a batch over: of it what lives and no filter holds back. */
static void gather_batch(struct search_state *s, struct gathered *g, struct batch *batch)
{
	bool filtered = s->shape.nfilters || s->shape.nexclusions;

	batch_bury(batch, &s->ctx->seg->dead);
	for (uint32_t i = 0; i < batch->n; i++)
		if (!filtered || passes(s, batch->docs[i]))
			gather_hit(g, batch->docs[i], batch->scores[i]);
}

/* Gather the docs that the clauses before number `plain` have: all, or those that may be among the best. */
static void gather(struct search_state *s, struct gathered *g, size_t plain, bool all)
{
	uint32_t from = s->shape.first;
	struct batch batch;

	while (from < s->shape.last && s->ctx->rc == 0) {
		next_of_all(s, &from, plain, all ? ANY_SCORE : needed(s), &batch);
		gather_batch(s, g, &batch);
	}
}

static int by_doc(const void *x, const void *y)
{
	const struct hit *a = x, *b = y;

	return (a->doc > b->doc) - (a->doc < b->doc);
}

static int by_score(const struct hit *a, const struct hit *b)
{
	if (a->score != b->score)
		return a->score > b->score ? -1 : 1;
	return by_doc(a, b);
}

/* Docs that are tried for each hit that is wanted, and lists that they are looked up in. Where many
 * docs are left after that, the same are looked up in more. */
#define TRIED      4u
#define FEW_LISTS  64u
#define MANY_LISTS 512u
#define MANY_DOCS  512u

/* Those that score most so far: of the docs that have been gathered ... */
static void tried_of_gathered(const struct search_state *s, const struct gathered *g, struct top *tried)
{
	for (size_t i = 0; i < g->n; i++) {
		struct hit hit = { .score = g->scores[i], .doc = g->docs[i] };

		if (g->scores[i] >= top_needed(tried, s->ctx->number))
			top_offer(tried, &hit);
	}
}

/* ... or of those that all clauses before `plain` have, which are terms. */
static void tried_of_terms(const struct search_state *s, size_t plain, struct top *tried)
{
	struct search_state t = *s;

	tried->floor = needed(s) - s->sum[plain];
	t.top = tried;
	t.shape.nclauses = plain;
	t.bound = arena_alloc(&s->ctx->arena, plain * sizeof *t.bound);
	t.sum = arena_alloc(&s->ctx->arena, (plain + 1) * sizeof *t.sum);
	t.filters = open_all(&t, t.shape.filters, t.shape.nfilters);
	t.exclusions = open_all(&t, t.shape.exclusions, t.shape.nexclusions);
	know_bounds(&t);
	walk_all(&t, plain);
	for (size_t i = 0; i < plain; i++)
		clause_rewind(&s->clauses[i]);
}

/* Raise what a hit must score: as many docs as are wanted get it from all clauses together, of those
 * from `plain` on by so many of their lists. Docs and scores are changed. */
static void raise_by(struct search_state *s, uint32_t *docs, int64_t *least, size_t n, size_t plain,
		     size_t lists)
{
	int64_t floor;

	for (size_t i = plain; i < s->shape.nclauses && n && s->ctx->rc == 0; i++)
		n = clause_gather_least(&s->clauses[i], docs, least, n, lists);
	floor = top_kth(least, n, s->top->room);
	s->top->floor = floor > s->top->floor ? floor : s->top->floor;
}

static void try_docs(struct search_state *s, const struct top *tried, size_t plain, size_t lists)
{
	struct arena *arena = &s->ctx->arena;
	uint32_t *docs = arena_alloc(arena, (tried->n + 1) * sizeof *docs);
	int64_t *least = arena_alloc(arena, (tried->n + 1) * sizeof *least);

	for (size_t i = 0; i < tried->n; i++) {
		docs[i] = tried->v[i].doc;
		least[i] = tried->v[i].score;
	}
	raise_by(s, docs, least, tried->n, plain, lists);
}

static void try_gathered(struct search_state *s, const struct gathered *g, size_t plain, size_t lists)
{
	struct arena *arena = &s->ctx->arena;
	uint32_t *docs = arena_alloc(arena, (g->n + 1) * sizeof *docs);
	int64_t *least = arena_alloc(arena, (g->n + 1) * sizeof *least);

	memcpy(docs, g->docs, g->n * sizeof *docs);
	memcpy(least, g->scores, g->n * sizeof *least);
	raise_by(s, docs, least, g->n, plain, lists);
}

/* Let go of gathered docs that cannot come among the best, whatever they get from the clauses from
 * number `plain` on. */
static void let_go(struct search_state *s, struct gathered *g, size_t plain)
{
	size_t kept = 0;

	for (size_t i = 0; i < g->n; i++) {
		g->docs[kept] = g->docs[i];
		g->scores[kept] = g->scores[i];
		kept += g->scores[i] + s->sum[plain] >= needed(s);
	}
	g->n = kept;
}

/* Take those of the tried docs over that may be among the best. */
static void gather_tried(struct search_state *s, struct gathered *g, const struct top *tried, size_t plain)
{
	for (size_t i = 0; i < tried->n; i++)
		if (tried->v[i].score + s->sum[plain] >= needed(s))
			gather_hit(g, tried->v[i].doc, tried->v[i].score);
}

/* Of so many docs one has been gathered: then the clauses from `plain` on decide. */
#define FEW_OF_ALL 16u

/* Gather the docs that may be among the best. Whenever there are four times as many, what a hit must
 * score is raised, at first by the tried ones in more lists; where one of FEW_OF_ALL is gathered, by these.
 * False if that many still are, and one clause decides: they are then better not gathered. */
static bool gather_rising(struct search_state *s, struct gathered *g, const struct top *tried, size_t plain)
{
	uint32_t from = s->shape.first;
	struct batch batch;

	for (size_t many = MANY_DOCS; from < s->shape.last && s->ctx->rc == 0;) {
		next_of_all(s, &from, plain, needed(s), &batch);
		gather_batch(s, g, &batch);
		if (g->n < many)
			continue;
		if (many == MANY_DOCS)
			try_docs(s, tried, plain, MANY_LISTS);
		let_go(s, g, plain);
		if (g->n > (from - s->shape.first) / FEW_OF_ALL) {
			try_gathered(s, g, plain, MANY_LISTS);
			let_go(s, g, plain);
			if (many > MANY_DOCS && plain + 1 == s->shape.nclauses &&
			    g->n > (from - s->shape.first) / FEW_OF_ALL)
				return false;
		}
		many *= TRIED;
	}
	return true;
}

/* Gather the docs that may be among the best. To know what these score some are tried before; often
 * no others are left. False if too many are. */
static bool gather_best(struct search_state *s, struct gathered *g, size_t plain)
{
	struct top tried = { .room = s->top->room * TRIED, .compare = by_score };
	bool terms = true, fine = true;
	int64_t others; /* docs that are not tried score no more so far */

	for (size_t i = 0; i < plain; i++)
		terms &= !s->clauses[i].tree;
	if (terms) {
		tried_of_terms(s, plain, &tried);
	} else {
		gather(s, g, plain, false);
		tried_of_gathered(s, g, &tried);
	}
	others = tried.n < tried.room ? INT64_MIN / 2 : tried.v[0].score;
	if (tried.n)
		qsort(tried.v, tried.n, sizeof *tried.v, by_doc);
	try_docs(s, &tried, plain, FEW_LISTS);
	if (terms && others + s->sum[plain] < needed(s))
		gather_tried(s, g, &tried, plain);
	else if (terms)
		fine = gather_rising(s, g, &tried, plain);
	let_go(s, g, plain);
	if (!terms && g->n > MANY_DOCS) {
		try_docs(s, &tried, plain, MANY_LISTS);
		let_go(s, g, plain);
	}
	top_release(&tried);
	return fine;
}

/* The last clause, for which others gather, decides: its docs are looked up in the others, which are terms. */
static void best_of_last(struct search_state *s)
{
	size_t last = s->shape.nclauses - 1;
	struct clause decides = s->clauses[last];

	clause_gather_worth(&decides, needed(s) - (s->sum[0] - s->sum[last]));
	memmove(s->clauses + 1, s->clauses, last * sizeof *s->clauses);
	s->clauses[0] = decides;
	for (size_t i = 1; i <= last; i++)
		clause_rewind(&s->clauses[i]);
	s->filters = open_all(s, s->shape.filters, s->shape.nfilters);
	s->exclusions = open_all(s, s->shape.exclusions, s->shape.nexclusions);
	know_bounds(s);
	walk_all(s, last + 1);
}

/* Work a clause out for the docs that have been gathered, and join it. Without `all`, the last one may
 * let go of docs as it goes. */
static void join_gathered(struct search_state *s, struct gathered *g, size_t i, bool all)
{
	bool last = i + 1 == s->shape.nclauses;
	struct batch batch;
	size_t n;

	g->wanted = all || !last ? 0 : s->top->room;
	g->needed = needed(s);
	clause_gather_among(&s->clauses[i], g);
	if (g->needed > needed(s))
		s->top->floor = g->needed;
	know_bounds(s);
	n = g->n;
	g->n = 0;
	for (size_t at = 0; at < n; at += POSTINGS_BLOCK) {
		batch.n = n - at < POSTINGS_BLOCK ? (uint32_t)(n - at) : POSTINGS_BLOCK;
		memcpy(batch.docs, g->docs + at, batch.n * sizeof *g->docs);
		memcpy(batch.scores, g->scores + at, batch.n * sizeof *g->scores);
		clause_join(&s->clauses[i], &batch, true, s->bound[i], all ? ANY_SCORE : needed(s),
			    s->sum[i + 1]);
		for (uint32_t j = 0; j < batch.n; j++)
			gather_hit(g, batch.docs[j], batch.scores[j]);
	}
}

/* Clauses from number `plain` on are worked out for the docs that all others have. With `total`, all
 * matches are found and counted; else those that may be among the best. */
static void best_of_gathered(struct search_state *s, size_t plain, uint64_t *total)
{
	struct gathered g = { .n = 0 };

	if (total || s->top->room > s->clauses[0].cost / TRIED / TRIED) {
		gather(s, &g, plain, total);
	} else if (!gather_best(s, &g, plain)) {
		g.n = 0;
		best_of_last(s);
	}
	for (size_t i = plain; i < s->shape.nclauses && g.n && s->ctx->rc == 0; i++)
		join_gathered(s, &g, i, total);
	if (total)
		*total += g.n;
	for (size_t i = 0; i < g.n && s->ctx->rc == 0; i++)
		if (g.scores[i] >= needed(s))
			offer_passed(s, g.docs[i], g.scores[i]);
	free(g.docs);
	free(g.scores);
}

static void best_of_all(struct search_state *s)
{
	size_t n = s->shape.nclauses, plain = clauses_order(s->clauses, n);

	know_bounds(s);
	if (plain < n)
		best_of_gathered(s, plain, NULL);
	else
		walk_all(s, n);
}

/* Nothing scores: the first docs are the best. */
static void best_of_range(struct search_state *s)
{
	for (uint32_t doc = s->shape.first; doc < s->shape.last && needed(s) <= 0 && s->ctx->rc == 0; doc++)
		offer(s, doc, 0);
}

/* ---- opening ---- */

/* False if the clauses' scores together may not fit a window's sums. */
static bool open_clauses(struct search_state *s)
{
	struct arena *arena = &s->ctx->arena;
	size_t n = s->shape.nclauses;
	int64_t total = 0;

	s->clauses = arena_alloc(arena, n * sizeof *s->clauses);
	s->order = arena_alloc(arena, n * sizeof(struct clause *));
	s->bound = arena_alloc(arena, n * sizeof *s->bound);
	s->sum = arena_alloc(arena, (n + 1) * sizeof *s->sum);
	s->sums = arena_alloc(arena, WINDOW * sizeof *s->sums);
	for (size_t i = 0; i < n; i++) {
		if (!clause_open(&s->clauses[i], s->ctx, s->shape.clauses[i]))
			return false;
		total += s->clauses[i].limit;
		if (total >= SCORE_LIMIT)
			return false;
	}
	return true;
}

/* What the best are known to score before anything is looked at: by one plain word of
 * alternatives, where nothing is filtered out; of its best docs any may be dead. */
static void raise_floor(struct search_state *s)
{
	const struct shape *shape = &s->shape;
	uint64_t k = s->top->room;

	if ((shape->all && shape->nclauses > 1) || shape->nfilters || shape->nexclusions || shape->first ||
	    shape->last < s->ctx->seg->ndocs || !k || k > UINT32_MAX)
		return;
	k += s->ctx->seg->dead.n;
	for (size_t i = 0; i < shape->nclauses; i++) {
		int64_t score = clause_top(&s->clauses[i], k);

		s->top->floor = score > s->top->floor ? score : s->top->floor;
	}
}

/* False if the scores may not fit. */
static bool open_state(struct search_state *s)
{
	if (!open_clauses(s))
		return false;
	s->filters = open_all(s, s->shape.filters, s->shape.nfilters);
	s->exclusions = open_all(s, s->shape.exclusions, s->shape.nexclusions);
	return true;
}

bool best_of_segment(struct top *top, struct match_context *ctx, const struct plan_node *root)
{
	struct search_state s = { .top = top, .ctx = ctx };

	if (ctx->rc < 0)
		return true;
	shape_of(&s.shape, root, ctx->seg, &ctx->arena);
	if (!open_state(&s))
		return false;
	raise_floor(&s);
	if (!s.shape.nclauses)
		best_of_range(&s);
	else if (s.shape.all)
		best_of_all(&s);
	else
		best_of_any(&s);
	return true;
}

static bool led_by_tree(const struct shape *shape)
{
	bool term = !shape->all || !shape->nclauses || shape->nfilters || shape->nexclusions;

	for (size_t i = 0; i < shape->nclauses; i++)
		term |= shape->clauses[i]->kind == PLAN_TERM;
	return !term;
}

bool best_and_count(struct top *top, struct match_context *ctx, const struct plan_node *root, uint64_t *total)
{
	struct search_state s = { .top = top, .ctx = ctx };
	struct batch batch;
	size_t n, plain;
	uint32_t from;

	shape_of(&s.shape, root, ctx->seg, &ctx->arena);
	if (ctx->rc < 0 || !led_by_tree(&s.shape) || !open_state(&s))
		return false;
	n = s.shape.nclauses;
	plain = clauses_order(s.clauses, n);
	know_bounds(&s);
	if (plain < n) {
		best_of_gathered(&s, plain, total);
		return true;
	}
	for (from = s.shape.first; from < s.shape.last && ctx->rc == 0; *total += batch.n) {
		next_of_all(&s, &from, n, ANY_SCORE, &batch);
		batch_bury(&batch, &ctx->seg->dead);
		offer_batch(&s, &batch);
	}
	return true;
}
