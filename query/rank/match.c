#include "rank/match.h"

#include "plan/filter.h"
#include "rank/match_leaf.h"

#include <stdlib.h>

void match_context_init(struct match_context *ctx, const struct scorer *scorer)
{
	*ctx = (struct match_context){ .scorer = scorer };
}

void match_context_enter(struct match_context *ctx, const struct segment *seg, uint32_t number)
{
	arena_reset(&ctx->arena);
	ctx->seg = seg;
	ctx->number = number;
	ctx->rc = 0;
	ctx->expanded = NULL;
	ctx->in_order = false;
	ctx->why = NULL;
}

void match_context_release(struct match_context *ctx)
{
	arena_release(&ctx->arena);
	free(ctx->sums);
	free(ctx->met);
	free(ctx->places);
	arena_release(&ctx->doc_arena);
	buf_release(&ctx->scratch);
}

uint32_t match_seek(struct match *m, uint32_t target)
{
	if (m->doc == DOC_END || (m->begun && m->doc >= target))
		return m->doc;
	m->begun = true;
	m->doc = m->ops->seek(m, target);
	return m->doc;
}

bool match_is(struct match *m, uint32_t doc)
{
	if (!m->ops->is || m->doc == DOC_END || (m->begun && m->doc >= doc))
		return match_seek(m, doc) == doc;
	if (!m->ops->is(m, doc))
		return false;
	m->begun = true;
	m->doc = doc;
	return true;
}

bool match_is_worth(struct match *m, uint32_t doc, int64_t least)
{
	int64_t needed = m->least;
	bool is;

	if (!m->ops->is)
		return match_is(m, doc);
	m->least = least;
	is = match_is(m, doc);
	m->least = needed;
	return is;
}

uint32_t match_keep(struct match *m, uint32_t *docs, uint32_t n)
{
	uint32_t kept = 0;

	if (m->ops->keep && !m->begun)
		return m->doc == DOC_END ? 0 : m->ops->keep(m, docs, n);
	for (uint32_t i = 0; i < n; i++) {
		docs[kept] = docs[i];
		kept += match_is(m, docs[i]);
	}
	return kept;
}

bool match_tests(const struct match *m)
{
	return m->ops->tests;
}

bool match_is_asked(const struct match *m, uint64_t docs, uint64_t stretch)
{
	return m->ops->tests || (m->ops->is && docs * m->ctx->seg->ndocs < m->cost * stretch);
}

int64_t match_score(struct match *m)
{
	return m->ops->score ? m->ops->score(m) : 0;
}

uint64_t match_cost(const struct match *m)
{
	return m->cost;
}

int64_t match_limit(struct match *m)
{
	return m->ops->limit ? m->ops->limit(m) : INT64_MAX;
}

/* By a word; only one of a part says what this is worth. */
static void narrow_by_word(struct match *m, const struct term_info *term, struct worth *worth)
{
	m->ops->narrow(m, term, *worth);
	worth->limit = 0;
}

static void narrow_by(struct match *m, const struct plan_node *other, struct worth *worth)
{
	struct term_info info;

	switch (other->kind) {
	case PLAN_TERM:
		if (match_find_term(m->ctx, other, &info) > 0)
			narrow_by_word(m, &info, worth);
		return;
	case PLAN_PHRASE:
		for (size_t i = 0; i < other->nelements; i++)
			if (other->elements[i].nterms == 1 &&
			    match_find_in(m->ctx, &other->elements[i], 0, &info) > 0)
				narrow_by_word(m, &info, worth);
		return;
	case PLAN_NEAR: narrow_by(m, other->children[1], worth); /* fall through */
	case PLAN_NOT_NEAR:
	case PLAN_WITHIN:
	case PLAN_AT_LEAST: narrow_by(m, other->children[0], worth); return;
	default: return;
	}
}

void match_narrow(struct match *m, const struct plan_node *other, int64_t limit)
{
	struct worth worth = { other->kind == PLAN_AT_LEAST ? other->children[0]->weight : other->weight,
			       limit };

	if (m->ops->narrow && m->doc != DOC_END)
		narrow_by(m, other, &worth);
}

bool match_gathers(const struct match *m)
{
	return m->ops->gather && m->ops->gather->pending(m);
}

void match_gather(struct match *m)
{
	m->ops->gather->whole(m);
}

void match_gather_worth(struct match *m, int64_t least)
{
	m->ops->gather->worth(m, least);
}

void match_gather_among(struct match *m, struct gathered *g)
{
	m->ops->gather->among(m, g);
}

size_t match_gather_least(struct match *m, uint32_t *docs, int64_t *least, size_t n, size_t lists)
{
	return m->ops->gather->least(m, docs, least, n, lists);
}

size_t match_gather_met(struct match *m, uint32_t *docs, size_t n)
{
	return m->ops->gather->met(m, docs, n);
}

void match_need(struct match *m, int64_t least)
{
	m->least = least;
}

uint32_t match_freq(struct match *m)
{
	return m->ops->freq ? m->ops->freq(m) : 0;
}

uint32_t match_headline(struct match *m)
{
	return m->ops->headline ? m->ops->headline(m) : 0;
}

/* ---- ranges of docs: dates, everything, nothing ---- */

struct range_match {
	struct match base;
	uint32_t first, last; /* [first, last) */
};

static uint32_t range_seek(struct match *m, uint32_t target)
{
	const struct range_match *r = (const struct range_match *)m;

	target = target < r->first ? r->first : target;
	return target < r->last ? target : DOC_END;
}

static const struct match_ops range_ops = { .seek = range_seek };

static struct match *open_range(struct match_context *ctx, uint32_t first, uint32_t last)
{
	struct range_match *r = match_new(ctx, sizeof *r, &range_ops);

	r->first = first;
	r->last = last;
	r->base.cost = last - first;
	return &r->base;
}

static struct match *open_date(struct match_context *ctx, const struct plan_node *node)
{
	uint32_t first, last;

	segment_date_range(ctx->seg, node->from, node->to, &first, &last);
	return open_range(ctx, first, last);
}

/* ---- and, or, not ---- */

struct branch_match {
	struct match base;
	struct match **children;
	size_t n, ntests; /* of AND: the last of them */
	double weight;    /* of alternatives */
	uint32_t *docs;   /* of some: those of the first that match, ascending */
	uint32_t need;
};

/* The first doc from `target` on that is in the first n of the children. */
static uint32_t agree(const struct branch_match *b, size_t n, uint32_t target)
{
	size_t agreed = 0;

	for (size_t i = 0; agreed < n; i = (i + 1) % n) {
		uint32_t doc = match_seek(b->children[i], target);

		if (doc == DOC_END)
			return DOC_END;
		agreed = doc == target ? agreed + 1 : 1;
		target = doc;
	}
	return target;
}

/* Tests are asked last, about docs that are in all else. */
static uint32_t and_seek(struct match *m, uint32_t target)
{
	const struct branch_match *b = (const struct branch_match *)m;
	size_t plain = b->n - b->ntests + (b->ntests == b->n), i;

	while ((target = agree(b, plain, target)) != DOC_END) {
		for (i = plain; i < b->n && match_is(b->children[i], target); i++)
			;
		if (i == b->n)
			break;
		target++;
	}
	return target;
}

static int64_t sum_score(struct match *m)
{
	const struct branch_match *b = (const struct branch_match *)m;
	int64_t sum = 0;

	for (size_t i = 0; i < b->n; i++)
		if (b->children[i]->doc == m->doc)
			sum += match_score(b->children[i]);
	return sum;
}

static uint32_t or_seek(struct match *m, uint32_t target)
{
	const struct branch_match *b = (const struct branch_match *)m;
	uint32_t least = DOC_END;

	for (size_t i = 0; i < b->n; i++) {
		uint32_t doc = match_seek(b->children[i], target);

		least = doc < least ? doc : least;
	}
	return least;
}

static uint32_t not_seek(struct match *m, uint32_t target)
{
	const struct branch_match *b = (const struct branch_match *)m;

	while (target < m->ctx->seg->ndocs && match_seek(b->children[0], target) == target)
		target++;
	return target < m->ctx->seg->ndocs ? target : DOC_END;
}

/* The doc that .need of the children stand on or before; and the first one. */
static uint32_t some_doc(struct branch_match *b, uint32_t *first)
{
	uint32_t n = 0;

	for (size_t i = 0; i < b->n; i++) {
		uint32_t doc = b->children[i]->doc, at = n < b->need ? n++ : n;

		for (; at > 0 && b->docs[at - 1] > doc; at--)
			if (at < b->need)
				b->docs[at] = b->docs[at - 1];
		if (at < b->need)
			b->docs[at] = doc;
	}
	*first = b->docs[0];
	return b->docs[b->need - 1];
}

static uint32_t some_seek(struct match *m, uint32_t target)
{
	struct branch_match *b = (struct branch_match *)m;
	uint32_t first;

	if (b->need > b->n)
		return DOC_END;
	for (;;) {
		for (size_t i = 0; i < b->n; i++)
			match_seek(b->children[i], target);
		target = some_doc(b, &first);
		if (target == first)
			return target;
	}
}

/* Readings of one word are one pseudo-term: the largest frequency counts. */
static uint32_t alternatives_freq(struct match *m)
{
	const struct branch_match *b = (const struct branch_match *)m;
	uint32_t most = 0;

	for (size_t i = 0; i < b->n; i++) {
		if (b->children[i]->doc == m->doc) {
			uint32_t freq = b->children[i]->ops->freq(b->children[i]);

			most = freq > most ? freq : most;
		}
	}
	return most;
}

static int64_t alternatives_score(struct match *m)
{
	return match_contribution(m, ((const struct branch_match *)m)->weight, alternatives_freq(m));
}

static const struct match_ops and_ops = { .seek = and_seek, .score = sum_score };
static const struct match_ops or_ops = { .seek = or_seek, .score = sum_score };
static const struct match_ops some_ops = { .seek = some_seek, .score = sum_score };
static const struct match_ops not_ops = { .seek = not_seek };
static const struct match_ops alternatives_ops = { .seek = or_seek,
						   .score = alternatives_score,
						   .freq = alternatives_freq };

static void tests_last(struct branch_match *b)
{
	size_t n = 0;

	for (size_t i = 0; i < b->n; i++) {
		struct match *child = b->children[i];

		if (match_tests(child))
			continue;
		memmove(b->children + n + 1, b->children + n, (i - n) * sizeof(struct match *));
		b->children[n++] = child;
	}
	b->ntests = b->n - n;
}

static struct match *open_branch(struct match_context *ctx, const struct plan_node *node,
				 const struct match_ops *ops)
{
	struct branch_match *b = match_new(ctx, sizeof *b, ops);

	b->weight = node->weight;
	b->children = arena_alloc(&ctx->arena, node->nchildren * sizeof(struct match *));
	for (size_t i = 0; i < node->nchildren; i++) {
		struct match *child = b->children[b->n++] = match_open(ctx, node->children[i]);

		if (ops == &and_ops)
			b->base.cost = i && b->base.cost < child->cost ? b->base.cost : child->cost;
		else
			b->base.cost += child->cost;
	}
	if (ops == &and_ops)
		tests_last(b);
	if (ops == &some_ops) {
		b->need = node->n;
		b->docs = arena_alloc(&ctx->arena, b->need * sizeof *b->docs);
	}
	if (ops == &not_ops)
		b->base.cost = ctx->seg->ndocs;
	return &b->base;
}

/* ---- opening ---- */

void *match_new(struct match_context *ctx, size_t size, const struct match_ops *ops)
{
	struct match *m = arena_zalloc(&ctx->arena, size);

	m->ctx = ctx;
	m->ops = ops;
	return m;
}

uint32_t match_corrupt(struct match_context *ctx)
{
	ctx->rc = ERR_CORRUPT;
	return DOC_END;
}

uint32_t match_seek_postings(struct match_context *ctx, struct postings *post, uint32_t target)
{
	uint32_t doc = postings_seek(post, target);

	if (post->rc < 0)
		ctx->rc = post->rc;
	return doc;
}

int64_t match_contribution(const struct match *m, double weight, uint32_t freq)
{
	return scorer_contribution(m->ctx->scorer, weight, freq, segment_length_code(m->ctx->seg, m->doc));
}

struct match *match_open(struct match_context *ctx, const struct plan_node *node)
{
	const struct segment *seg = ctx->seg;

	if (ctx->rc < 0)
		return open_range(ctx, 0, 0);
	switch (node->kind) {
	case PLAN_AND: return open_branch(ctx, node, &and_ops);
	case PLAN_OR: return open_branch(ctx, node, &or_ops);
	case PLAN_SOME_OF: return open_branch(ctx, node, &some_ops);
	case PLAN_NOT: return open_branch(ctx, node, &not_ops);
	case PLAN_ALTERNATIVES: return open_branch(ctx, node, &alternatives_ops);
	case PLAN_DATE: return open_date(ctx, node);
	case PLAN_UNDATED: return open_range(ctx, seg->ndated, seg->ndocs);
	case PLAN_FIELD: return match_open_field(ctx, node);
	case PLAN_TEST: return match_open_test(ctx, node);
	case PLAN_ALL: return open_range(ctx, 0, seg->ndocs);
	case PLAN_NOTHING: return open_range(ctx, 0, 0);
	case PLAN_TERM: return match_open_term(ctx, node);
	case PLAN_EXPANSION: return match_open_expansion(ctx, node);
	case PLAN_PHRASE: return match_open_phrase(ctx, node);
	case PLAN_NEAR:
	case PLAN_NOT_NEAR:
	case PLAN_WITHIN:
	case PLAN_AT_LEAST: return match_open_placed(ctx, node);
	}
	return open_range(ctx, 0, 0);
}
