#include "match_leaf.h"

#include "base/mem.h"
#include "segment/postings.h"
#include "source.h"

#include <stdlib.h>

/* The term that lists the headlines with a stem. In the context's arena. */
static struct bytes headline_term(struct match_context *ctx, struct bytes stem)
{
	uint8_t *term = arena_alloc(&ctx->arena, stem.n + 1);

	term[0] = TERM_HEADLINE;
	memcpy(term + 1, stem.p, stem.n);
	return bytes_of(term, stem.n + 1);
}

/* ---- a term ---- */

struct term_match {
	struct match base;
	struct postings post;
	double weight;
};

static uint32_t term_seek(struct match *m, uint32_t target)
{
	return match_seek_postings(m->ctx, &((struct term_match *)m)->post, target);
}

static uint32_t term_freq(struct match *m)
{
	return postings_freq(&((struct term_match *)m)->post);
}

static int64_t term_score(struct match *m)
{
	const struct term_match *t = (const struct term_match *)m;

	return match_contribution(m, t->weight, term_freq(m));
}

static const struct match_ops term_ops = { .seek = term_seek, .score = term_score, .freq = term_freq };

int match_find_in(struct match_context *ctx, const struct plan_element *e, struct bytes term,
		  struct term_info *info)
{
	int got;

	if (e && e->found) {
		*info = e->found[ctx->number];
		return info->df > 0;
	}
	got = dict_find(ctx->seg, term, info);
	if (got < 0)
		match_corrupt(ctx);
	return got > 0;
}

int match_find_term(struct match_context *ctx, const struct plan_node *node, struct term_info *info)
{
	const struct plan_element *e = &node->elements[0];

	return node->title ? match_find_in(ctx, NULL, headline_term(ctx, e->terms[0]), info)
			   : match_find_in(ctx, e, e->terms[0], info);
}

struct match *match_open_term(struct match_context *ctx, const struct plan_node *node)
{
	struct term_match *t = match_new(ctx, sizeof *t, &term_ops);
	struct term_info info;

	t->weight = node->weight;
	if (match_find_term(ctx, node, &info))
		postings_open(&t->post, ctx->seg, &info);
	else
		t->base.doc = DOC_END;
	t->base.cost = t->base.doc == DOC_END ? 0 : info.df;
	return &t->base;
}

/* ---- an expansion: its members' postings, added up ahead ---- */

struct list_match {
	struct match base;
	uint32_t *docs, *freqs;
	size_t n, at;
	double weight;
};

static uint32_t list_seek(struct match *m, uint32_t target)
{
	struct list_match *l = (struct list_match *)m;

	while (l->at < l->n && l->docs[l->at] < target)
		l->at++;
	return l->at < l->n ? l->docs[l->at] : DOC_END;
}

static uint32_t list_freq(struct match *m)
{
	const struct list_match *l = (const struct list_match *)m;

	return l->freqs[l->at];
}

static int64_t list_score(struct match *m)
{
	return match_contribution(m, ((const struct list_match *)m)->weight, list_freq(m));
}

static const struct match_ops list_ops = { .seek = list_seek, .score = list_score, .freq = list_freq };

/* The frequency of the source's current doc, counting allowed forms, headline
 * occurrences weighted; with `title` those in the headline, each once. */
static uint32_t source_freq(struct match_context *ctx, struct source *s, bool title,
			    struct positions_list *list)
{
	uint32_t headline = segment_headline(ctx->seg, s->post.doc), freq = 0;

	if (!s->allowed && !title)
		return postings_freq(&s->post);
	list->n = 0;
	source_positions(ctx, s, title ? headline : UINT64_MAX, list);
	for (size_t i = 0; i < list->n; i++)
		freq += !title && list->pos[i] < headline ? ctx->seg->headline_weight : 1;
	return freq;
}

static uint32_t add_saturating(uint32_t a, uint32_t b)
{
	return a > UINT32_MAX - b ? UINT32_MAX : a + b;
}

struct match *match_open_expansion(struct match_context *ctx, const struct plan_node *node)
{
	const struct plan_element *e = &node->elements[0];
	struct list_match *l = match_new(ctx, sizeof *l, &list_ops);
	uint32_t *freqs = mem_zalloc(ctx->seg->ndocs, sizeof *freqs);
	struct positions_list list = { .n = 0 };
	struct source s;

	for (size_t i = 0; i < e->nterms && ctx->rc == 0; i++) {
		if (!source_open(ctx, &s, e, e->terms[i]))
			continue;
		for (uint32_t d = match_seek_postings(ctx, &s.post, 0); d != DOC_END;
		     d = match_seek_postings(ctx, &s.post, d + 1))
			freqs[d] = add_saturating(freqs[d], source_freq(ctx, &s, node->title, &list));
	}
	for (uint32_t d = 0; d < ctx->seg->ndocs; d++)
		l->n += freqs[d] > 0;
	l->docs = arena_alloc(&ctx->arena, l->n * sizeof *l->docs);
	l->freqs = arena_alloc(&ctx->arena, l->n * sizeof *l->freqs);
	for (uint32_t d = 0, i = 0; d < ctx->seg->ndocs; d++)
		if (freqs[d])
			l->docs[i] = d, l->freqs[i++] = freqs[d];
	free(freqs);
	l->weight = node->weight;
	l->base.cost = l->n;
	return &l->base;
}
