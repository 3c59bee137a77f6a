/* query/rank/match_filter.c - docs that a filter lets through. */
#include "plan/filter.h"
#include "rank/match_leaf.h"

/* ---- lists: one bit a doc ---- */

struct bits_match {
	struct match base;
	uint64_t *bits;
};

static uint32_t bits_seek(struct match *m, uint32_t target)
{
	const uint64_t *bits = ((const struct bits_match *)m)->bits;
	uint32_t ndocs = m->ctx->seg->ndocs;
	uint64_t word;

	if (target >= ndocs)
		return DOC_END;
	word = bits[target / 64] >> target % 64;
	if (word)
		return target + (uint32_t)__builtin_ctzll(word);
	for (uint32_t w = target / 64 + 1; w < (ndocs + 63) / 64; w++)
		if (bits[w])
			return w * 64 + (uint32_t)__builtin_ctzll(bits[w]);
	return DOC_END;
}

static const struct match_ops bits_ops = { .seek = bits_seek };

static void set_docs(struct bits_match *b, const struct term_info *info)
{
	struct match_context *ctx = b->base.ctx;
	struct postings post;

	postings_open(&post, ctx->seg, info);
	for (uint32_t block = 0; block < post.nblocks; block++) {
		if (!postings_load(&post, block))
			break;
		for (uint32_t i = 0; i < post.n; i++)
			b->bits[post.docs[i] / 64] |= UINT64_C(1) << post.docs[i] % 64;
	}
	if (post.rc < 0)
		ctx->rc = post.rc;
	b->base.cost += info->df;
}

struct match *match_open_field(struct match_context *ctx, const struct plan_node *node)
{
	const struct plan_element *e = &node->elements[0];
	struct bits_match *b = match_new(ctx, sizeof *b, &bits_ops);
	struct term_info info;

	b->bits = arena_zalloc(&ctx->arena, ((size_t)ctx->seg->ndocs / 64 + 1) * sizeof *b->bits);
	for (size_t i = 0; i < e->nterms && ctx->rc == 0; i++)
		if (match_find_in(ctx, e, i, &info))
			set_docs(b, &info);
	return &b->base;
}

/* ---- tests ---- */

struct test_match {
	struct match base;
	struct match *candidates; /* NULL: all docs */
	struct filter *filter;
};

static bool passes(struct test_match *t, uint32_t doc)
{
	int got = filter_test(t->filter, t->base.ctx->seg, doc);

	if (got < 0) {
		t->base.ctx->rc = got;
		t->base.ctx->why = &t->filter->why;
	}
	return got > 0;
}

static uint32_t next_candidate(const struct test_match *t, uint32_t target)
{
	if (t->base.ctx->rc < 0)
		return DOC_END;
	if (t->candidates)
		return match_seek(t->candidates, target);
	return target < t->base.ctx->seg->ndocs ? target : DOC_END;
}

static uint32_t test_seek(struct match *m, uint32_t target)
{
	struct test_match *t = (struct test_match *)m;
	uint32_t doc = next_candidate(t, target);

	while (doc != DOC_END && !passes(t, doc))
		doc = next_candidate(t, doc + 1);
	return doc;
}

static bool test_is(struct match *m, uint32_t doc)
{
	struct test_match *t = (struct test_match *)m;

	return next_candidate(t, doc) == doc && passes(t, doc);
}

static const struct match_ops test_ops = { .seek = test_seek, .is = test_is, .tests = true };

struct match *match_open_test(struct match_context *ctx, const struct plan_node *node)
{
	struct test_match *t = match_new(ctx, sizeof *t, &test_ops);

	t->filter = node->filter;
	t->candidates = node->nchildren ? match_open(ctx, node->children[0]) : NULL;
	t->base.cost = t->candidates ? t->candidates->cost : ctx->seg->ndocs;
	return &t->base;
}
