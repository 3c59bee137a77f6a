/* query/phrase.c - words at their places from each other, or one word by its written form.
 *
 * Why this is fast (`make bench BENCH=queries`, phrase):
 * - The rarest word leads, a block of docs at a time; words that are not in every other
 *   doc thin them out before any position is looked at.
 * - Then the two rarest must stand at their distance. Their positions are looked at where
 *   they lie, a chunk decoded once; only where they do are the other words' looked up.
 * - Nothing is looked at where the frequency of either could not make what a hit must
 *   score, were all its occurrences in the phrase.
 */
#include "match_leaf.h"
#include "segment/rows.h"
#include "source.h"

#include <stdlib.h>

struct place {
	struct source source;
	struct postings filter; /* the same list again, running ahead by a block of the rarest */
	bool filters;
	uint32_t offset; /* of its position from the phrase's first */
	/* of the doc that is looked at */
	uint32_t found; /* its place in the decoded block */
	struct positions_view view;
	uint64_t first;             /* number of the view's first occurrence */
	uint32_t at;                /* in the view: the first that may stand at what is asked for next */
	struct positions_list list; /* positions that lie in several chunks */
};

struct phrase {
	struct match base;
	struct place **places; /* from rare to common */
	size_t n;
	uint32_t span; /* from the first word to the last */
	bool title;
	double weight;
	uint32_t freq; /* of the current doc */
	/* docs of the rarest word's decoded block that are still to be looked at */
	uint32_t docs[POSTINGS_BLOCK], found[POSTINGS_BLOCK];
	uint32_t ndocs, next;
	uint32_t from;  /* where to look for more */
	uint32_t block; /* of the rarest word, whose bound is known */
	int64_t bound;
};

/* ---- what can be passed over ---- */

/* The bound of a block of the rarest word's list, were all its occurrences in the phrase. */
static int64_t block_bound(struct phrase *p, struct postings *post, uint32_t block)
{
	struct impacts set;

	if (block == p->block)
		return p->bound;
	p->block = block;
	p->bound = 0;
	if (postings_impacts(post, block, &set) < 0)
		match_corrupt(p->base.ctx);
	for (uint32_t i = 0; i < set.n; i++) {
		int64_t score =
			scorer_contribution(p->base.ctx->scorer, p->weight, set.v[i].freq, set.v[i].length);

		p->bound = score > p->bound ? score : p->bound;
	}
	return p->bound;
}

/* The first doc >= target in a block that may hold what is needed. */
static uint32_t skip_blocks(struct phrase *p, uint32_t target)
{
	struct postings *post = &p->places[0]->source.post;
	uint32_t block = p->block < post->nblocks ? p->block : 0;

	if (p->base.least <= 0 || post->nblocks < 2)
		return target;
	for (;;) {
		block = postings_find_block(post, block, target);
		if (block >= post->nblocks)
			return DOC_END;
		if (block_bound(p, post, block) >= p->base.least)
			return target;
		target = postings_block_last(post, block);
		if (target++ >= p->base.ctx->seg->ndocs)
			return match_corrupt(p->base.ctx);
	}
}

/* Could the doc score what is needed, if every occurrence of the rarer of the two words
 * stood in the phrase? */
static inline bool may_suffice(struct phrase *p, uint32_t doc)
{
	uint32_t least = UINT32_MAX;

	if (p->base.least <= 0)
		return true;
	for (size_t i = 0; i < p->n && i < 2; i++) {
		struct postings *post = &p->places[i]->source.post;
		uint32_t freq;

		postings_load_freqs(post);
		freq = post->freqs[p->places[i]->found];
		least = freq < least ? freq : least;
	}
	return scorer_contribution(p->base.ctx->scorer, p->weight, least,
				   segment_length_code(p->base.ctx->seg, doc)) >= p->base.least;
}

/* ---- docs ---- */

/* Keep of the gathered docs those that a word is in. */
static void thin_out(struct phrase *p, struct postings *filter)
{
	uint32_t n = 0;

	for (uint32_t i = 0; i < p->ndocs; i++) {
		p->docs[n] = p->docs[i];
		p->found[n] = p->found[i];
		n += postings_find(filter, p->docs[i]) < POSTINGS_BLOCK;
	}
	p->ndocs = n;
	if (filter->rc < 0)
		p->base.ctx->rc = filter->rc;
}

/* Gather docs from .from on: those of the rarest word's next block. False if there are none. */
static bool gather(struct phrase *p)
{
	struct postings *lead = &p->places[0]->source.post;
	uint32_t from = skip_blocks(p, p->from), block, i;

	if (from == DOC_END)
		return false;
	block = postings_find_block(lead, lead->block < lead->nblocks ? lead->block : 0, from);
	if (block >= lead->nblocks || !postings_load(lead, block)) {
		p->base.ctx->rc = lead->rc < 0 ? lead->rc : p->base.ctx->rc;
		return false;
	}
	p->ndocs = p->next = 0;
	for (i = postings_search(lead->docs, from); i < lead->n && lead->docs[i] >= from; i++) {
		p->found[p->ndocs] = i;
		p->docs[p->ndocs++] = lead->docs[i];
	}
	if (!p->ndocs) /* a list of one block that has ended */
		return false;
	p->from = lead->docs[lead->n - 1] + 1;
	for (size_t j = 1; j < p->n && p->ndocs; j++)
		if (p->places[j]->filters)
			thin_out(p, &p->places[j]->filter);
	return p->base.ctx->rc == 0;
}

/* ---- positions ---- */

/* Look at a word's positions in the doc that it was found in, where they lie if in one chunk. */
static inline bool look(struct match_context *ctx, struct place *place)
{
	struct source *s = &place->source;
	uint32_t count = postings_occurrences_at(&s->post, place->found, &place->first);
	int got = positions_look(&s->posn, place->first, count, &place->view);

	place->at = 0;
	if (got == 0) {
		got = source_occurrences(ctx, s, place->first, count, &place->list);
		place->view = (struct positions_view){ place->list.pos, 0, count };
	}
	if (got < 0 || s->post.rc < 0)
		match_corrupt(ctx);
	return got >= 0 && s->post.rc == 0;
}

/* A word was not found, or could not be read, which is then said. */
static bool not_there(struct match_context *ctx, const struct postings *post)
{
	if (post->rc < 0)
		match_corrupt(ctx);
	return false;
}

/* Does the word stand at this position, which never falls within a doc? */
static inline bool stands_at(struct place *place, uint32_t pos)
{
	uint32_t wanted = pos + place->view.less, at = place->at;

	while (at < place->view.n && place->view.at[at] < wanted)
		at++;
	place->at = at;
	return at < place->view.n && place->view.at[at] == wanted;
}

/* Is the occurrence that the place stands on written in a form that will do? */
static bool form_fits(struct match_context *ctx, struct place *place)
{
	struct source *s = &place->source;
	int64_t form;

	if (!s->allowed)
		return true;
	form = positions_form(&s->posn, place->first + place->at);
	if (form < 0)
		match_corrupt(ctx);
	return form >= 0 && s->allowed[form];
}

/* Do the other words stand where the phrase would begin at `start`? */
static inline bool words_at(struct phrase *p, uint32_t start)
{
	for (size_t i = 1; i < p->n; i++)
		if (!stands_at(p->places[i], start + p->places[i]->offset))
			return false;
	return true;
}

/* What the phrase that begins at `start` counts for: nothing if it is written otherwise, H in
 * the headline, which it does not reach out of. */
static uint32_t phrase_weight(struct phrase *p, uint32_t doc, uint32_t start)
{
	const struct segment *seg = p->base.ctx->seg;
	uint32_t headline = segment_headline(seg, doc);

	for (size_t i = 0; i < p->n; i++)
		if (!form_fits(p->base.ctx, p->places[i]))
			return 0;
	if (start >= headline)
		return !p->title;
	return p->title ? start + p->span < headline : seg->headline_weight;
}

/* Is a position of few, moved by shift, among eight at most? Without a branch that could be
 * guessed wrong; what lies behind the eight is read and masked out. */
static inline bool any_common(const struct positions_view *a, uint32_t shift, const struct positions_view *b)
{
	const row_of_4 numbers = { 0, 1, 2, 3 }, zero = { 0 };
	row_of_4 low, high, first = (row_of_4)(numbers < zero + b->n), second, hit = zero;
	uint64_t halves[2];

	second = (row_of_4)(numbers + 4 < zero + b->n);
	memcpy(&low, b->at, sizeof low);
	memcpy(&high, b->at + 4, sizeof high);
	for (uint32_t i = 0; i < a->n; i++) {
		row_of_4 wanted = zero + (a->at[i] + shift);

		hit |= ((row_of_4)(low == wanted) & first) | ((row_of_4)(high == wanted) & second);
	}
	memcpy(halves, &hit, sizeof halves);
	return (halves[0] | halves[1]) != 0;
}

/* Does an occurrence of the rarest word stand where one of the next demands it? */
static inline bool pair_stands(const struct place *a, const struct place *b)
{
	int64_t shift = (int64_t)b->offset - a->offset - a->view.less + b->view.less;
	const uint32_t *at = b->view.at, *end = at + b->view.n;

	if (b->view.n <= 8 && a->view.n <= 8)
		return any_common(&a->view, (uint32_t)shift, &b->view);
	for (uint32_t i = 0; i < a->view.n; i++) {
		int64_t wanted = a->view.at[i] + shift;

		while (at < end && *at < wanted)
			at++;
		if (at == end)
			return false;
		if (*at == wanted)
			return true;
	}
	return false;
}

/* Find the two rarest words in the doc, near enough. */
static inline bool find_pair(struct phrase *p, uint32_t doc, uint32_t found)
{
	struct match_context *ctx = p->base.ctx;
	struct place *a = p->places[0], *b = p->n > 1 ? p->places[1] : a;

	a->found = found;
	if (b != a) {
		b->found = postings_find(&b->source.post, doc);
		if (b->found == POSTINGS_BLOCK)
			return not_there(ctx, &b->source.post);
	}
	return may_suffice(p, doc) && look(ctx, a) && (b == a || (look(ctx, b) && pair_stands(a, b)));
}

/* Count the phrase in the doc, where the two rarest have been found. */
static uint32_t count_in(struct phrase *p, uint32_t doc)
{
	struct match_context *ctx = p->base.ctx;
	struct place *lead = p->places[0];
	uint32_t freq = 0, less = lead->offset + lead->view.less;

	for (size_t i = 2; i < p->n; i++) {
		struct place *place = p->places[i];

		place->found = postings_find(&place->source.post, doc);
		if (place->found == POSTINGS_BLOCK)
			return not_there(ctx, &place->source.post);
		if (!look(ctx, place))
			return 0;
	}
	for (uint32_t at = 0; at < lead->view.n; at++) {
		uint32_t start = lead->view.at[at] - less;

		lead->at = at;
		if (start <= UINT32_MAX - p->span && words_at(p, start))
			freq += phrase_weight(p, doc, start);
	}
	return freq;
}

/* ---- the match ---- */

static uint32_t phrase_seek(struct match *m, uint32_t target)
{
	struct phrase *p = (struct phrase *)m;

	for (;;) {
		while (p->next < p->ndocs) {
			uint32_t i = p->next++, doc = p->docs[i];

			if (doc < target || !find_pair(p, doc, p->found[i]))
				continue;
			p->freq = count_in(p, doc);
			if (p->freq)
				return m->ctx->rc < 0 ? DOC_END : doc;
		}
		p->from = p->from < target ? target : p->from;
		if (m->ctx->rc < 0 || !gather(p))
			return DOC_END;
	}
}

static uint32_t phrase_freq(struct match *m)
{
	return ((const struct phrase *)m)->freq;
}

static int64_t phrase_score(struct match *m)
{
	const struct phrase *p = (const struct phrase *)m;

	return match_contribution(m, p->weight, p->freq);
}

static const struct match_ops phrase_ops = { .seek = phrase_seek,
					     .score = phrase_score,
					     .freq = phrase_freq };

static int by_cost(const void *x, const void *y)
{
	const struct place *const *a = x, *const *b = y;

	return ((*a)->source.post.df > (*b)->source.post.df) - ((*a)->source.post.df < (*b)->source.post.df);
}

/* A word thins the docs out if it is in fewer than one of so many. */
#define FILTER_SHARE 2u

struct match *match_open_phrase(struct match_context *ctx, const struct plan_node *node)
{
	struct phrase *p = match_new(ctx, sizeof *p, &phrase_ops);

	for (size_t i = 0; i < node->nelements; i++)
		if (node->elements[i].nterms != 1)
			return match_open_any_phrase(ctx, node);
	p->title = node->title;
	p->weight = node->weight;
	p->block = UINT32_MAX;
	p->places = arena_alloc(&ctx->arena, node->nelements * sizeof(struct place *));
	for (size_t i = 0; i < node->nelements; i++) {
		struct place *place = p->places[p->n] = arena_alloc(&ctx->arena, sizeof *place);

		place->offset = node->elements[i].offset;
		place->filters = false;
		place->list = (struct positions_list){ .n = 0 };
		p->span = place->offset > p->span ? place->offset : p->span;
		if (!source_open(ctx, &place->source, &node->elements[i], 0)) {
			p->base.doc = DOC_END;
			return &p->base;
		}
		p->n++;
	}
	qsort(p->places, p->n, sizeof(struct place *), by_cost);
	for (size_t i = 2; i < p->n; i++) {
		struct place *place = p->places[i];

		place->filters = place->source.post.df < ctx->seg->ndocs / FILTER_SHARE;
		place->filter = place->source.post;
	}
	p->base.cost = p->places[0]->source.post.df;
	return &p->base;
}
