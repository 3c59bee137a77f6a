#include "match_leaf.h"

#include "base/mem.h"
#include "segment/form_list.h"
#include "segment/positions.h"

#include <stdlib.h>

/* One term under the form rules of an element: its postings and, where positions
 * or forms decide, its positions. */
struct source {
	struct postings post;
	struct positions posn;
	bool *allowed; /* by form number; NULL: every form will do */
};

static uint32_t fail(struct match_context *ctx)
{
	ctx->rc = ERR_CORRUPT;
	return DOC_END;
}

static uint32_t source_seek(struct match_context *ctx, struct source *s, uint32_t target)
{
	uint32_t doc = postings_seek(&s->post, target);

	if (s->post.rc < 0)
		ctx->rc = s->post.rc;
	return doc;
}

/* Which form numbers the element allows: 1 some or all (then *allowed is NULL), 0 none. */
static int allowed_forms(struct match_context *ctx, const struct plan_element *e, struct bytes term,
			 const struct term_info *info, bool **allowed)
{
	struct form_list forms;
	uint32_t yes = 0;
	int rc = 0, got;

	*allowed = NULL;
	if (!e->test && !e->prefix.n)
		return 1;
	if (form_list_open(&forms, segment_forms(ctx->seg, info, &rc), term) < 0 || rc < 0) {
		fail(ctx);
		return 0;
	}
	*allowed = arena_zalloc(&ctx->arena, forms.n);
	for (uint32_t i = 0; (got = form_list_next(&forms)) > 0; i++) {
		(*allowed)[i] = plan_element_form(e, bytes_of(forms.form, forms.size), &ctx->scratch);
		yes += (*allowed)[i];
	}
	if (got < 0)
		fail(ctx);
	if (yes == forms.n)
		*allowed = NULL;
	return yes > 0;
}

/* Open a term for an element: 1 it is there, 0 not in this segment. */
static int source_open(struct match_context *ctx, struct source *s, const struct plan_element *e,
		       struct bytes term)
{
	struct term_info info;
	int got = dict_find(ctx->seg, term, &info);

	if (got < 0)
		fail(ctx);
	if (got <= 0 || allowed_forms(ctx, e, term, &info, &s->allowed) == 0)
		return 0;
	postings_open(&s->post, ctx->seg, &info);
	positions_open(&s->posn, ctx->seg, &info);
	return 1;
}

/* The headline list of a stem. */
static int headline_source_open(struct match_context *ctx, struct source *s, struct bytes stem)
{
	static const struct plan_element any_form = { 0 };
	uint8_t *term = arena_alloc(&ctx->arena, stem.n + 1);

	term[0] = TERM_HEADLINE;
	memcpy(term + 1, stem.p, stem.n);
	return source_open(ctx, s, &any_form, bytes_of(term, stem.n + 1));
}

/* ---- a term ---- */

struct term_match {
	struct match base;
	struct source source;
	double weight;
};

static uint32_t term_seek(struct match *m, uint32_t target)
{
	return source_seek(m->ctx, &((struct term_match *)m)->source, target);
}

static uint32_t term_freq(struct match *m)
{
	return ((const struct term_match *)m)->source.post.freq;
}

static int64_t term_score(struct match *m)
{
	const struct term_match *t = (const struct term_match *)m;

	return match_contribution(m, t->weight, t->source.post.freq);
}

static const struct match_ops term_ops = { .seek = term_seek, .score = term_score, .freq = term_freq };

struct match *match_open_term(struct match_context *ctx, const struct plan_node *node)
{
	struct term_match *t = match_new(ctx, sizeof *t, &term_ops);
	const struct plan_element *e = &node->elements[0];
	int there = node->title ? headline_source_open(ctx, &t->source, e->terms[0])
				: source_open(ctx, &t->source, e, e->terms[0]);

	t->weight = node->weight;
	if (!there)
		t->base.doc = DOC_END;
	return &t->base;
}

/* ---- occurrences of a source in a doc ---- */

struct positions_list {
	uint32_t *pos, *form;
	size_t n, cap, form_cap;
};

/* A bigger array in the arena, doubled so that little is wasted. */
static uint32_t *room_for(struct match_context *ctx, uint32_t *array, size_t *cap, size_t need)
{
	if (need <= *cap)
		return array;
	*cap = need < 32 ? 64 : need * 2;
	return arena_alloc(&ctx->arena, *cap * sizeof *array);
}

/* Append the source's allowed positions in its current doc; only those below `limit`. */
static void source_positions(struct match_context *ctx, struct source *s, uint32_t limit,
			     struct positions_list *out)
{
	uint32_t count = postings_count(&s->post);
	uint32_t *grown;

	if (count > s->posn.n) {
		fail(ctx);
		return;
	}
	grown = room_for(ctx, out->pos, &out->cap, out->n + count);
	if (grown != out->pos && out->n)
		memcpy(grown, out->pos, out->n * sizeof *grown);
	out->pos = grown;
	if (s->allowed)
		out->form = room_for(ctx, out->form, &out->form_cap, count);
	if (positions_get(&s->posn, postings_occurrence(&s->post), count, out->pos + out->n,
			  s->allowed ? out->form : NULL) < 0) {
		fail(ctx);
		return;
	}
	for (uint32_t i = 0, from = (uint32_t)out->n; i < count && out->pos[from + i] < limit; i++)
		if (!s->allowed || s->allowed[out->form[i]])
			out->pos[out->n++] = out->pos[from + i];
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
		return s->post.freq;
	list->n = 0;
	source_positions(ctx, s, title ? headline : UINT32_MAX, list);
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
	struct positions_list list = { NULL, NULL, 0, 0, 0 };
	struct source s;

	for (size_t i = 0; i < e->nterms && ctx->rc == 0; i++) {
		if (!source_open(ctx, &s, e, e->terms[i]))
			continue;
		for (uint32_t d = source_seek(ctx, &s, 0); d != DOC_END; d = source_seek(ctx, &s, d + 1))
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
	return &l->base;
}

/* ---- a phrase, or one word by its written form ---- */

struct element_cursor {
	uint32_t offset;
	struct source *sources; /* one, or those of a CJK prefix */
	size_t n;
	uint32_t doc;
	struct positions_list list;
};

struct phrase_match {
	struct match base;
	struct element_cursor *elements;
	size_t n;
	bool title;
	double weight;
	uint32_t freq; /* of the current doc */
};

static uint32_t element_seek(struct match_context *ctx, struct element_cursor *e, uint32_t target)
{
	e->doc = DOC_END;
	for (size_t i = 0; i < e->n; i++) {
		uint32_t doc = source_seek(ctx, &e->sources[i], target);

		e->doc = doc < e->doc ? doc : e->doc;
	}
	return e->doc;
}

static int by_number(const void *x, const void *y)
{
	uint32_t a = *(const uint32_t *)x, b = *(const uint32_t *)y;

	return (a > b) - (a < b);
}

static void element_positions(struct match_context *ctx, struct element_cursor *e, uint32_t limit)
{
	e->list.n = 0;
	for (size_t i = 0; i < e->n; i++)
		if (e->sources[i].post.doc == e->doc)
			source_positions(ctx, &e->sources[i], limit, &e->list);
	if (e->n > 1)
		qsort(e->list.pos, e->list.n, sizeof *e->list.pos, by_number);
}

/* Keep of the first element's positions those that have the other's at its offset. */
static void keep_adjacent(struct positions_list *first, const struct element_cursor *e)
{
	size_t kept = 0, j = 0;

	for (size_t i = 0; i < first->n; i++) {
		uint32_t wanted = first->pos[i] + e->offset;

		while (j < e->list.n && e->list.pos[j] < wanted)
			j++;
		if (j < e->list.n && e->list.pos[j] == wanted)
			first->pos[kept++] = first->pos[i];
	}
	first->n = kept;
}

/* Count the phrase in the doc that all elements stand on. */
static uint32_t count_phrase(struct phrase_match *p)
{
	struct match_context *ctx = p->base.ctx;
	struct positions_list *first = &p->elements[0].list;
	uint32_t headline = segment_headline(ctx->seg, p->elements[0].doc), freq = 0;

	for (size_t i = 0; i < p->n; i++) {
		element_positions(ctx, &p->elements[i], p->title ? headline : UINT32_MAX);
		if (i > 0)
			keep_adjacent(first, &p->elements[i]);
		if (!first->n)
			return 0;
	}
	for (size_t i = 0; i < first->n; i++)
		freq += !p->title && first->pos[i] < headline ? ctx->seg->headline_weight : 1;
	return freq;
}

static uint32_t phrase_seek(struct match *m, uint32_t target)
{
	struct phrase_match *p = (struct phrase_match *)m;

	for (;; target++) {
		for (size_t agreed = 0, i = 0; agreed < p->n; i = (i + 1) % p->n) {
			struct element_cursor *e = &p->elements[i];
			uint32_t doc = element_seek(m->ctx, e, target);

			if (doc == DOC_END)
				return DOC_END;
			agreed = doc == target ? agreed + 1 : 1;
			target = doc;
		}
		p->freq = count_phrase(p);
		if (m->ctx->rc < 0)
			return DOC_END;
		if (p->freq)
			return target;
	}
}

static uint32_t phrase_freq(struct match *m)
{
	return ((const struct phrase_match *)m)->freq;
}

static int64_t phrase_score(struct match *m)
{
	const struct phrase_match *p = (const struct phrase_match *)m;

	return match_contribution(m, p->weight, p->freq);
}

static const struct match_ops phrase_ops = { .seek = phrase_seek,
					     .score = phrase_score,
					     .freq = phrase_freq };

struct match *match_open_phrase(struct match_context *ctx, const struct plan_node *node)
{
	struct phrase_match *p = match_new(ctx, sizeof *p, &phrase_ops);

	p->n = node->nelements;
	p->title = node->title;
	p->weight = node->weight;
	p->elements = arena_zalloc(&ctx->arena, p->n * sizeof *p->elements);
	for (size_t i = 0; i < p->n; i++) {
		const struct plan_element *from = &node->elements[i];
		struct element_cursor *e = &p->elements[i];

		e->offset = from->offset;
		e->sources = arena_alloc(&ctx->arena, from->nterms * sizeof *e->sources);
		for (size_t j = 0; j < from->nterms; j++)
			e->n += (size_t)source_open(ctx, &e->sources[e->n], from, from->terms[j]);
		if (!e->n)
			p->base.doc = DOC_END;
	}
	return &p->base;
}
