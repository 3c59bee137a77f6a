/* query/places/phrase.c - words at their places from each other, or one word by its written form.
 *
 * Why this is fast (`make bench BENCH=queries`, phrase):
 * - The rarest word leads, a block of docs at a time; words that are not in every other
 *   doc thin them out before any position is looked at.
 * - Then the two rarest must stand at their distance. Of a chunk that is decoded once only the
 *   doc's own positions are added up; only where they do are the other words' looked up.
 * - Nothing is looked at where the frequency of either could not make what a hit must
 *   score, were all its occurrences in the phrase.
 */
#include "places/pairs.h"
#include "segment/rows.h"

struct phrase {
	struct placed_words words;
	uint32_t span; /* from the first word to the last */
	bool title;
	uint32_t freq; /* of the current doc */
};

/* Does the word stand at this position, which never falls within a doc? */
static inline bool stands_at(struct place *place, uint32_t pos)
{
	place->at = view_search(&place->view, place->at, pos);
	return view_stands_at(&place->view, place->at, pos);
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
	for (size_t i = 1; i < p->words.pairs.n; i++)
		if (!stands_at(p->words.pairs.places[i], start + p->words.pairs.places[i]->offset))
			return false;
	return true;
}

/* What the phrase that begins at `start` counts for: nothing if it is written otherwise, H in
 * the headline, which it does not reach out of. */
static uint32_t phrase_weight(struct phrase *p, uint32_t doc, uint32_t start)
{
	const struct segment *seg = p->words.base.ctx->seg;
	uint32_t headline = segment_headline(seg, doc);

	for (size_t i = 0; i < p->words.pairs.n; i++)
		if (!form_fits(p->words.base.ctx, p->words.pairs.places[i]))
			return 0;
	if (start >= headline)
		return !p->title;
	if (start + p->span >= headline)
		return 0;
	return p->title ? 1 : seg->headline_weight;
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
	int64_t shift = (int64_t)b->offset - a->offset;
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

/* Count the phrase in the doc, where the two rarest have been found. */
static uint32_t count_in(struct phrase *p, uint32_t doc)
{
	struct place *lead = p->words.pairs.places[0];
	uint32_t freq = 0;

	for (size_t i = 2; i < p->words.pairs.n; i++)
		if (!pairs_look(&p->words.pairs, p->words.pairs.places[i], doc))
			return 0;
	for (uint32_t at = 0; at < lead->view.n; at++) {
		uint32_t start = lead->view.at[at] - lead->offset;

		lead->at = at;
		if (start <= UINT32_MAX - p->span && words_at(p, start))
			freq += phrase_weight(p, doc, start);
	}
	return freq;
}

/* ---- the match ---- */

/* Does the phrase stand in the doc, where the two rarest have been found? */
static bool stands_in(struct placed_words *words, uint32_t doc)
{
	struct phrase *p = (struct phrase *)words;
	struct place **places = p->words.pairs.places;

	if (p->words.pairs.n > 1 && !pair_stands(places[0], places[1]))
		return false;
	p->freq = count_in(p, doc);
	return p->freq && p->words.base.ctx->rc == 0;
}

static uint32_t phrase_freq(struct match *m)
{
	return ((const struct phrase *)m)->freq;
}

static int64_t phrase_score(struct match *m)
{
	const struct phrase *p = (const struct phrase *)m;

	return match_contribution(m, p->words.pairs.weight, p->freq);
}

static const struct match_ops phrase_ops = { .seek = placed_words_seek,
					     .is = placed_words_is,
					     .keep = placed_words_keep,
					     .narrow = placed_words_narrow,
					     .score = phrase_score,
					     .freq = phrase_freq };

struct match *match_open_phrase(struct match_context *ctx, const struct plan_node *node)
{
	struct phrase *p = match_new(ctx, sizeof *p, &phrase_ops);

	for (size_t i = 0; i < node->nelements; i++)
		if (node->elements[i].nterms != 1)
			return match_open_any_phrase(ctx, node);
	p->words.stand = stands_in;
	p->title = node->title;
	pairs_init(&p->words.pairs, ctx, node->nelements, node->weight);
	for (size_t i = 0; i < node->nelements; i++) {
		const struct plan_element *e = &node->elements[i];

		p->span = e->offset > p->span ? e->offset : p->span;
		if (!pairs_add(&p->words.pairs, e, e->offset)) {
			p->words.base.doc = DOC_END;
			return &p->words.base;
		}
	}
	if (node->nelements == 1 && !node->title && !p->words.pairs.places[0]->source.allowed)
		return match_open_term(ctx, node); /* every form will do */
	placed_words_begin(&p->words, 2);
	return &p->words.base;
}
