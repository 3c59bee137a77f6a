/* query/places/near_words.c - two words near each other, whatever their forms.
 *
 * Why this is fast (`make bench BENCH=queries`, near): as phrases are (pairs.h); around each place
 * of the rarer word there is one of the other or not (place_rows.h), and one is enough. Matches are
 * counted only of docs that are scored, in one walk over both.
 */
#include "places/pairs.h"

struct near_words {
	struct placed_words words;
	struct place *marks; /* where sentences or paragraphs begin; NULL: words are counted */
	uint32_t n;          /* of these */
	bool ordered;
	/* of the doc that is looked at */
	uint32_t headline;
	struct place_list breaks; /* where these begin */
};

/* A list on its way through the doc: its next position, and the two last ones. */
struct walked {
	const uint32_t *at, *end;
	int64_t last, before;
};

static struct walked walk_of(const struct place *place)
{
	const struct positions_view *v = &place->view;

	return (struct walked){ v->at, v->at + v->n, -1, -1 };
}

static inline uint32_t next_of(struct walked *w)
{
	w->before = w->last;
	w->last = *w->at++;
	return (uint32_t)w->last;
}

/* The last position of the list before `pos`. */
static inline int64_t before(const struct walked *w, uint32_t pos)
{
	return w->last < pos ? w->last : w->before;
}

/* The stretch in which a word is near one at `pos`, before or behind it. *met of the breaks are at an earlier one
 * that was asked about, or before it. */
static void stretch_around(const struct near_words *w, uint32_t pos, uint32_t *met, uint32_t *from,
			   uint32_t *to)
{
	const struct place_list *breaks = &w->breaks;

	if (w->marks) {
		*met = places_to(breaks->v, (uint32_t)breaks->n, *met, pos);
		*from = *met ? breaks->v[*met - 1] : 0;
		*to = *met < breaks->n ? breaks->v[*met] - 1 : UINT32_MAX;
	} else {
		*from = pos > w->n ? pos - w->n : 0;
		*to = pos < UINT32_MAX - w->n ? pos + w->n : UINT32_MAX;
	}
	if (pos >= w->headline)
		*from = *from < w->headline ? w->headline : *from;
	else
		*to = *to < w->headline ? *to : w->headline - 1;
}

/* Is one of the words near one of the others? */
static bool any_near(const struct near_words *w)
{
	struct place *const *places = w->words.pairs.places;
	const struct positions_view *rare = &places[0]->view, *other = &places[1]->view;
	bool before = !w->ordered || places[0]->offset, behind = !w->ordered || !places[0]->offset;
	uint32_t met = 0, passed = 0;

	for (uint32_t i = 0; i < rare->n; i++) {
		uint32_t pos = rare->at[i], from, to, here;

		stretch_around(w, pos, &met, &from, &to);
		if (!places_any(other->at, other->n, &passed, from, to))
			continue;
		here = passed; /* the next stretch may begin before this word */
		if ((before && from < pos && places_any(other->at, other->n, &here, from, pos - 1)) ||
		    (behind && pos < to && places_any(other->at, other->n, &here, pos + 1, to)))
			return true;
	}
	return false;
}

/* Find matches that do not overlap, those that end first: as many as there can be. */
static bool walk(struct placed_words *words, bool all)
{
	const struct near_words *w = (const struct near_words *)words;
	struct place *const *places = words->pairs.places;
	struct walked a = walk_of(places[places[0]->offset]), b = walk_of(places[!places[0]->offset]);
	uint32_t headline = w->headline;
	uint64_t free = 0;
	size_t met = 0;

	if (!all)
		return any_near(w);
	words->headline = words->body = 0;
	while (a.at < a.end || b.at < b.end) {
		bool first = b.at == b.end || (a.at < a.end && *a.at <= *b.at);
		uint32_t pos = next_of(first ? &a : &b);
		int64_t other = before(first ? &b : &a, pos), floor = (int64_t)free;

		if (other < floor || (w->ordered && first))
			continue;
		if (pos >= headline && floor < headline)
			floor = headline;
		if (w->marks) {
			uint32_t begun;

			met = places_met(&w->breaks, met, pos);
			begun = met ? place_at(&w->breaks, met - 1) : 0;
			floor = begun > floor ? begun : floor;
		} else if ((int64_t)pos - w->n > floor) {
			floor = (int64_t)pos - w->n;
		}
		if (other < floor)
			continue;
		free = (uint64_t)pos + 1;
		words->headline += pos < headline;
		words->body += pos >= headline;
	}
	return false;
}

/* Are they near in the doc that is looked at? */
static bool are_near(struct placed_words *words, uint32_t doc)
{
	struct near_words *w = (struct near_words *)words;

	w->headline = pairs_headline(&words->pairs, doc);
	if (w->marks)
		w->breaks = pairs_look_marks(&words->pairs, w->marks, doc);
	return placed_words_walk(words);
}

/* ---- opening ---- */

struct match *match_open_near_words(struct match_context *ctx, const struct plan_node *node)
{
	struct near_words *w;

	if (node->kind != PLAN_NEAR || !plan_is_word(node->children[0]) || !plan_is_word(node->children[1]))
		return NULL;
	w = match_new(ctx, sizeof *w, &placed_words_ops);
	w->words.stand = are_near;
	w->words.walk = walk;
	w->n = node->n;
	w->ordered = node->ordered;
	pairs_init(&w->words.pairs, ctx, 2, node->weight);
	if (!pairs_add(&w->words.pairs, node->children[0]->elements, 0) ||
	    !pairs_add(&w->words.pairs, node->children[1]->elements, 1)) {
		w->words.base.doc = DOC_END;
		return &w->words.base;
	}
	placed_words_begin(&w->words, 2);
	if (node->unit != UNIT_WORDS)
		w->marks = pairs_add_marks(
			&w->words.pairs,
			node->unit == UNIT_SENTENCE ? MARK_SENTENCE_TERM : MARK_PARAGRAPH_TERM, false);
	return &w->words.base;
}
