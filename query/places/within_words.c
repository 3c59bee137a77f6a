/* query/places/within_words.c - a word, whatever its form, in a region: the lead, the first words, quotations.
 *
 * Why this is fast (`make bench BENCH=queries`, region): as near_words.c. How many marks open and
 * close quotations up to a place says whether it is in one, without going through them.
 */
#include "places/pairs.h"

struct within_words {
	struct placed_words words;
	unsigned regions;
	uint32_t first;
	struct place *paragraphs, *open, *close; /* those that the regions need */
	/* of the doc that is looked at */
	struct layout layout;
	uint64_t begin, end; /* of the positions that may be in the region */
};

/* What of the doc's layout the regions need. */
static void look_up_layout(struct within_words *w, uint32_t doc)
{
	struct pairs *p = &w->words.pairs;
	struct layout *layout = &w->layout;

	layout->headline = pairs_headline(p, doc);
	w->begin = 0;
	w->end = UINT64_MAX;
	if (w->regions & REGION_FIRST)
		w->end = first_end(w->first, layout);
	if (w->regions & REGION_LEAD) {
		uint32_t lead;

		layout->paragraphs = pairs_look_marks(p, w->paragraphs, doc);
		lead = lead_end(layout);
		w->begin = layout->headline;
		w->end = lead < w->end ? lead : w->end;
	}
	if (w->regions & REGION_QUOTE) {
		layout->open = pairs_look_marks(p, w->open, doc);
		layout->close = layout->open.n ? pairs_look_marks(p, w->close, doc) : layout->open;
	}
}

/* Is one of the word's places there? */
static bool any_within(const struct within_words *w)
{
	const struct positions_view *word = &w->words.pairs.places[0]->view;
	const struct place_list *open = &w->layout.open, *close = &w->layout.close;
	uint32_t opened = 0, closed = 0;

	for (uint32_t i = 0; i < word->n && word->at[i] < w->end; i++) {
		uint32_t pos = word->at[i];

		if (pos < w->begin)
			continue;
		if (!(w->regions & REGION_QUOTE))
			return true;
		opened = places_to(open->v, (uint32_t)open->n, opened, pos);
		if (!opened)
			continue;
		closed = places_to(close->v, (uint32_t)close->n, closed, pos);
		if (quotes_are_open(open, close, opened, closed))
			return true;
	}
	return false;
}

/* Count the word's places there, or find out if there is one. */
static bool walk(struct placed_words *words, bool all)
{
	const struct within_words *w = (const struct within_words *)words;
	const struct positions_view *word = &words->pairs.places[0]->view;
	bool quoted = w->regions & REGION_QUOTE;
	struct quotes quotes;

	if (!all)
		return any_within(w);
	words->headline = words->body = 0;
	if (quoted && !w->layout.open.n)
		return false;
	quotes_begin(&quotes, &w->layout.open, &w->layout.close);
	for (uint32_t i = 0; i < word->n; i++) {
		uint32_t pos = word->at[i];

		if (pos >= w->end)
			break;
		if (pos < w->begin || (quoted && !quotes_hold(&quotes, pos, pos)))
			continue;
		words->headline += pos < w->layout.headline;
		words->body += pos >= w->layout.headline;
	}
	return false;
}

/* Does it stand there in the doc that is looked at? */
static bool is_within(struct placed_words *words, uint32_t doc)
{
	look_up_layout((struct within_words *)words, doc);
	return placed_words_walk(words);
}

struct match *match_open_within_words(struct match_context *ctx, const struct plan_node *node)
{
	const struct plan_node *word = node->children[0];
	struct within_words *w;

	if (node->kind != PLAN_WITHIN || !plan_is_word(word))
		return NULL;
	w = match_new(ctx, sizeof *w, &placed_words_ops);
	w->words.stand = is_within;
	w->words.walk = walk;
	w->regions = node->regions;
	w->first = node->first;
	pairs_init(&w->words.pairs, ctx, 1, node->weight);
	if (!pairs_add(&w->words.pairs, word->elements, 0)) {
		w->words.base.doc = DOC_END;
		return &w->words.base;
	}
	placed_words_begin(&w->words, 1);
	if (node->regions & REGION_LEAD)
		w->paragraphs = pairs_add_marks(&w->words.pairs, MARK_PARAGRAPH_TERM, false);
	if (node->regions & REGION_QUOTE) {
		w->open = pairs_add_marks(&w->words.pairs, MARK_OPEN_TERM, true);
		w->close = pairs_add_marks(&w->words.pairs, MARK_CLOSE_TERM, false);
	}
	return &w->words.base;
}
