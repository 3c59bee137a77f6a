#include "rank/clause.h"

#include "rank/match_leaf.h"

#include <stdlib.h>

/* Docs of a tree in a batch: few, so that what a hit must score rises soon. */
#define TREE_BATCH 16u

/* ---- opening ---- */

/* No doc gets more from the node. */
static int64_t most_of(const struct plan_node *node, const struct scorer *scorer)
{
	int64_t sum = 0;

	switch (node->kind) {
	case PLAN_AND:
	case PLAN_OR:
	case PLAN_AT_LEAST:
	case PLAN_SOME_OF:
		for (size_t i = 0; i < node->nchildren; i++) {
			int64_t most = most_of(node->children[i], scorer);

			sum = sum > INT64_MAX - most ? INT64_MAX : sum + most;
		}
		return sum;
	default: return plan_weighs(node) ? scorer_most(scorer, node->weight) : 0;
	}
}

static void open_bounds(struct clause *c)
{
	uint32_t nblocks = c->post.nblocks, nruns = postings_runs(&c->post);
	struct impacts set;

	c->limit = 0;
	if (!nblocks)
		return;
	c->block_bounds = arena_alloc(&c->ctx->arena, nblocks * sizeof *c->block_bounds);
	c->run_bounds = arena_alloc(&c->ctx->arena, nruns * sizeof *c->run_bounds);
	memset(c->block_bounds, 0xFF, nblocks * sizeof *c->block_bounds);
	for (uint32_t r = 0; r < nruns; r++) {
		if (postings_run_impacts(&c->post, r, &set) < 0)
			c->ctx->rc = ERR_CORRUPT;
		term_scores_meet(&c->scores, set.n ? set.v[set.n - 1].freq : 0);
		c->run_bounds[r] = term_scores_bound(&c->scores, &set);
		c->limit = c->run_bounds[r] > c->limit ? c->run_bounds[r] : c->limit;
	}
	if (nblocks == 1)
		c->block_bounds[0] = c->run_bounds[0];
}

void clause_open_docs(struct clause *c, struct match_context *ctx, const struct plan_node *node)
{
	*c = (struct clause){ .ctx = ctx, .node = node };
	if (node->kind == PLAN_TERM) {
		struct term_info info;
		int got = match_find_term(ctx, node, &info);

		postings_open(&c->post, ctx->seg, got > 0 ? &info : NULL);
		if (c->post.rc < 0)
			ctx->rc = ERR_CORRUPT;
		c->cost = c->post.df;
		return;
	}
	c->tree = match_open(ctx, node);
	c->cost = match_cost(c->tree);
}

bool clause_open(struct clause *c, struct match_context *ctx, const struct plan_node *node)
{
	clause_open_docs(c, ctx, node);
	c->scored = true;
	if (c->tree) {
		int64_t limit;

		c->limit = most_of(node, ctx->scorer);
		if (c->limit >= SCORE_LIMIT)
			return false;
		limit = match_limit(c->tree);
		c->limit = limit < c->limit ? limit : c->limit;
		return true;
	}
	if (!term_scores_init(&c->scores, ctx->scorer, node->weight, &ctx->arena))
		return false;
	term_scores_expect(&c->scores, c->post.df);
	open_bounds(c);
	return true;
}

void clause_rewind(struct clause *c)
{
	postings_rewind(&c->post);
	c->next = 0;
}

static int by_cost(const void *x, const void *y)
{
	const struct clause *a = x, *b = y;

	return (a->cost > b->cost) - (a->cost < b->cost);
}

size_t clauses_order(struct clause *clauses, size_t n)
{
	size_t plain = 1;

	qsort(clauses, n, sizeof *clauses, by_cost);
	if (!n)
		return 0;
	if (clause_gathers(&clauses[0]))
		clause_gather(&clauses[0]);
	for (size_t i = 1; i < n; i++) {
		struct clause c = clauses[i];

		if (clause_gathers(&c))
			continue;
		memmove(clauses + plain + 1, clauses + plain, (i - plain) * sizeof *clauses);
		clauses[plain++] = c;
	}
	for (size_t i = 1; i < n && clauses[0].tree; i++)
		match_narrow(clauses[0].tree, clauses[i].node, clauses[i].limit);
	return plain;
}

/* ---- gathering ---- */

bool clause_gathers(const struct clause *c)
{
	return c->tree && match_gathers(c->tree);
}

static void know_limit(struct clause *c)
{
	int64_t limit = c->scored ? match_limit(c->tree) : INT64_MAX;

	c->limit = limit < c->limit ? limit : c->limit;
}

void clause_gather(struct clause *c)
{
	match_gather(c->tree);
	know_limit(c);
}

void clause_gather_worth(struct clause *c, int64_t least)
{
	match_gather_worth(c->tree, least);
	know_limit(c);
}

void clause_gather_among(struct clause *c, struct gathered *g)
{
	match_gather_among(c->tree, g);
	know_limit(c);
}

size_t clause_gather_least(struct clause *c, uint32_t *docs, int64_t *least, size_t n, size_t lists)
{
	return match_gather_least(c->tree, docs, least, n, lists);
}

size_t clause_gather_met(struct clause *c, uint32_t *docs, size_t n)
{
	return match_gather_met(c->tree, docs, n);
}

int64_t clause_top(struct clause *c, uint64_t k)
{
	struct impact pair;

	if (c->tree || k > UINT32_MAX || !postings_top(&c->post, (uint32_t)k, &pair))
		return 0;
	return term_score(&c->scores, pair.freq, pair.length);
}

/* ---- bounds ---- */

static int64_t block_bound(struct clause *c, uint32_t block)
{
	struct impacts set;

	if (c->block_bounds[block] < 0) {
		if (postings_impacts(&c->post, block, &set) < 0)
			c->ctx->rc = ERR_CORRUPT;
		c->block_bounds[block] = term_scores_bound(&c->scores, &set);
	}
	return c->block_bounds[block];
}

/* Blocks of a window that are looked at one by one; more are looked at by runs. */
#define FEW_BLOCKS 4u

/* The place of the first doc >= target in the decoded block, n if there is none. */
static uint32_t place_from(const struct postings *p, uint32_t target)
{
	uint32_t i = 0;

	while (i < p->n && p->docs[i] < target)
		i++;
	return i;
}

static int64_t short_list_bound(struct clause *c, uint32_t from, uint32_t to)
{
	uint32_t place;

	if (!postings_load(&c->post, 0))
		return c->limit;
	place = place_from(&c->post, from);
	return place < c->post.n && c->post.docs[place] < to ? c->limit : 0;
}

int64_t clause_bound(struct clause *c, uint32_t from, uint32_t to)
{
	uint32_t first, last;
	int64_t most = 0;

	if (c->tree)
		return match_seek(c->tree, from) < to ? c->limit : 0;
	if (c->post.nblocks == 1)
		return short_list_bound(c, from, to);
	if (c->next < c->post.nblocks)
		c->next = postings_find_block(&c->post, c->next, from);
	first = c->next;
	if (first >= c->post.nblocks || postings_block_base(&c->post, first) >= to)
		return 0;
	last = postings_find_block(&c->post, first, to - 1);
	last = last < c->post.nblocks ? last : c->post.nblocks - 1;
	if (last - first < FEW_BLOCKS) {
		for (uint32_t b = first; b <= last; b++)
			most = block_bound(c, b) > most ? block_bound(c, b) : most;
	} else {
		for (uint32_t r = first / POSTINGS_RUN; r <= last / POSTINGS_RUN; r++)
			most = c->run_bounds[r] > most ? c->run_bounds[r] : most;
	}
	return most;
}

/* ---- terms: a block at a time ---- */

/* Decode a block whose docs and frequencies are wanted, and have the rows for them. */
static bool load_block(struct clause *c, uint32_t block, bool *in_rows)
{
	uint32_t most = 0;

	if (!postings_load(&c->post, block) || !postings_load_freqs(&c->post)) {
		c->ctx->rc = ERR_CORRUPT;
		return false;
	}
	for (uint32_t i = 0; i < c->post.n; i++)
		most = c->post.freqs[i] > most ? c->post.freqs[i] : most;
	term_scores_meet(&c->scores, most);
	*in_rows = most <= c->scores.filled;
	return true;
}

static const uint8_t *lengths_of_block(const struct clause *c)
{
	return segment_length_codes(c->ctx->seg, c->post.docs[0], c->post.docs[c->post.n - 1]);
}

static void add_block(struct clause *c, uint32_t from, uint32_t to, bool in_rows, uint32_t *sums)
{
	const uint8_t *lengths = lengths_of_block(c);
	const struct postings *p = &c->post;
	uint32_t i = p->docs[0] < from ? place_from(p, from) : 0, end = p->n;

	if (p->docs[end - 1] >= to)
		end = place_from(p, to);
	if (in_rows) {
		int32_t *const *rows = c->scores.rows;

		for (; i < end; i++) {
			uint32_t doc = p->docs[i], *sum = &sums[doc - from];

			*sum = (*sum + 2 * (uint32_t)rows[p->freqs[i] - 1][lengths[doc]]) | 1;
		}
		return;
	}
	for (; i < end; i++) {
		uint32_t doc = p->docs[i], *sum = &sums[doc - from];

		*sum = (*sum + 2 * (uint32_t)term_score(&c->scores, p->freqs[i], lengths[doc])) | 1;
	}
}

static void add_term(struct clause *c, uint32_t from, uint32_t to, int64_t least, uint32_t *sums)
{
	struct postings *p = &c->post;
	uint32_t block = c->next = postings_find_block(p, c->next, from);

	for (; block < p->nblocks && postings_block_base(p, block) < to; block++) {
		bool in_rows;

		if (block_bound(c, block) < least)
			continue;
		if (!load_block(c, block, &in_rows))
			return;
		add_block(c, from, to, in_rows, sums);
	}
}

/* The docs of the decoded block in [from, to), those that score less than `least` left out. */
static void take_block(struct clause *c, uint32_t from, uint32_t to, bool in_rows, int64_t least,
		       struct batch *batch)
{
	const uint8_t *lengths = lengths_of_block(c);
	const struct postings *p = &c->post;
	uint32_t n = 0, i = p->docs[0] < from ? place_from(p, from) : 0, end = p->n;

	if (p->docs[end - 1] >= to)
		end = place_from(p, to);
	for (; i < end; i++) {
		uint32_t doc = p->docs[i], freq = p->freqs[i];
		int64_t score = in_rows ? c->scores.rows[freq - 1][lengths[doc]]
					: term_score(&c->scores, freq, lengths[doc]);

		batch->docs[n] = doc;
		batch->scores[n] = score;
		n += score >= least;
	}
	batch->n = n;
}

/* Behind the last doc of a block, or `to`; whatever a table says that was not checked: forwards. */
static uint32_t behind(const struct postings *p, uint32_t block, uint32_t to)
{
	uint32_t last = postings_block_last(p, block);

	return last < to ? last + 1 : to;
}

static void next_of_term(struct clause *c, uint32_t *from, uint32_t to, int64_t least, struct batch *batch)
{
	struct postings *p = &c->post;
	bool in_rows;

	batch->n = 0;
	while (batch->n == 0 && *from < to) {
		uint32_t run;

		c->next = postings_find_block(p, c->next, *from);
		if (c->next >= p->nblocks || postings_block_base(p, c->next) >= to) {
			*from = to;
			return;
		}
		run = c->next / POSTINGS_RUN;
		if (c->run_bounds[run] < least) {
			uint32_t last = (run + 1) * POSTINGS_RUN - 1;

			*from = behind(p, last < p->nblocks ? last : p->nblocks - 1, to);
			continue;
		}
		if (block_bound(c, c->next) >= least) {
			if (!load_block(c, c->next, &in_rows)) {
				*from = to;
				return;
			}
			take_block(c, *from, to, in_rows, least, batch);
		}
		*from = behind(p, c->next, to);
	}
}

static void next_docs_of_term(struct clause *c, uint32_t *from, uint32_t to, struct batch *batch)
{
	struct postings *p = &c->post;
	uint32_t i, n = 0;

	batch->n = 0;
	c->next = postings_find_block(p, c->next, *from);
	if (c->next >= p->nblocks || !postings_load(p, c->next)) {
		c->ctx->rc = p->rc < 0 ? p->rc : c->ctx->rc;
		*from = to;
		return;
	}
	for (i = place_from(p, *from); i < p->n && p->docs[i] < to; i++)
		batch->docs[n++] = p->docs[i];
	batch->n = n;
	*from = behind(p, c->next, to);
}

static void join_term(struct clause *c, struct batch *batch, bool required, int64_t bound, int64_t needed,
		      int64_t rest)
{
	const uint8_t *lengths;
	struct postings *p = &c->post;
	uint32_t n = 0;

	if (!batch->n)
		return;
	lengths = segment_length_codes(c->ctx->seg, batch->docs[0], batch->docs[batch->n - 1]);
	for (uint32_t i = 0; i < batch->n; i++) {
		uint32_t doc = batch->docs[i], place;
		int64_t score = batch->scores[i];

		if (score + bound + rest < needed)
			continue;
		place = postings_find(p, doc);
		if (place < POSTINGS_BLOCK) {
			postings_load_freqs(p);
			score += term_score_met(&c->scores, p->freqs[place], lengths[doc]);
		} else if (required) {
			continue;
		}
		batch->docs[n] = doc;
		batch->scores[n] = score;
		n += score + rest >= needed;
	}
	batch->n = n;
	if (p->rc < 0)
		c->ctx->rc = p->rc;
}

static void keep_term(struct clause *c, struct batch *batch)
{
	uint32_t n = 0;

	for (uint32_t i = 0; i < batch->n; i++) {
		batch->docs[n] = batch->docs[i];
		n += postings_find(&c->post, batch->docs[i]) < POSTINGS_BLOCK;
	}
	batch->n = n;
	if (c->post.rc < 0)
		c->ctx->rc = c->post.rc;
}

/* ---- any clause ---- */

void batch_bury(struct batch *batch, const struct dead_docs *dead)
{
	uint32_t n = 0;

	for (uint32_t i = 0; dead->n && i < batch->n; i++) {
		batch->docs[n] = batch->docs[i];
		batch->scores[n] = batch->scores[i];
		n += !dead_docs_has(dead, batch->docs[i]);
	}
	batch->n = dead->n ? n : batch->n;
}

void clause_add(struct clause *c, uint32_t from, uint32_t to, int64_t least, uint32_t sums[WINDOW])
{
	if (!c->tree) {
		add_term(c, from, to, least, sums);
		return;
	}
	if (c->limit < least)
		return;
	for (uint32_t d = match_seek(c->tree, from); d < to; d = match_seek(c->tree, d + 1))
		sums[d - from] = (sums[d - from] + 2 * (uint32_t)match_score(c->tree)) | 1;
}

void clause_next(struct clause *c, uint32_t *from, uint32_t to, int64_t least, struct batch *batch)
{
	uint32_t doc;

	if (!c->tree) {
		next_of_term(c, from, to, least, batch);
		return;
	}
	batch->n = 0;
	if (c->leads)
		match_need(c->tree, least);
	for (doc = match_seek(c->tree, *from); doc < to; doc = match_seek(c->tree, doc + 1)) {
		int64_t score = match_score(c->tree);

		if (score < least)
			continue;
		batch->docs[batch->n] = doc;
		batch->scores[batch->n++] = score;
		if (batch->n == TREE_BATCH) {
			*from = doc + 1;
			return;
		}
	}
	*from = to;
}

void clause_next_docs(struct clause *c, uint32_t *from, uint32_t to, struct batch *batch)
{
	uint32_t doc;

	if (!c->tree) {
		next_docs_of_term(c, from, to, batch);
		return;
	}
	batch->n = 0;
	for (doc = match_seek(c->tree, *from); doc < to; doc = match_seek(c->tree, doc + 1)) {
		batch->docs[batch->n++] = doc;
		if (batch->n == POSTINGS_BLOCK) {
			*from = doc + 1;
			return;
		}
	}
	*from = to;
}

void clause_join(struct clause *c, struct batch *batch, bool required, int64_t bound, int64_t needed,
		 int64_t rest)
{
	uint32_t n = 0;

	if (!c->tree) {
		join_term(c, batch, required, bound, needed, rest);
		return;
	}
	for (uint32_t i = 0; i < batch->n; i++) {
		uint32_t doc = batch->docs[i];
		int64_t score = batch->scores[i];

		if (score + bound + rest < needed)
			continue;
		if (match_is_worth(c->tree, doc, needed > 0 ? needed - rest - score : 0))
			score += match_score(c->tree);
		else if (required)
			continue;
		batch->docs[n] = doc;
		batch->scores[n] = score;
		n += score + rest >= needed;
	}
	batch->n = n;
}

void clause_keep(struct clause *c, struct batch *batch)
{
	if (c->tree)
		batch->n = match_keep(c->tree, batch->docs, batch->n);
	else
		keep_term(c, batch);
}
