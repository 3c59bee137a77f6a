/* query/places/within_words.c - a word, whatever its form, in a region: the lead, the first words, quotations.
 *
 * Why this is fast (`make bench BENCH=queries`, region): as near_words.c. Marks are looked up
 * where the word's positions leave it open only.
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
	struct match_context *ctx = w->words.base.ctx;
	struct layout *layout = &w->layout;

	layout->headline = segment_headline(ctx->seg, doc);
	w->begin = 0;
	w->end = UINT64_MAX;
	if (w->regions & REGION_FIRST)
		w->end = first_end(w->first, layout);
	if (w->regions & REGION_LEAD) {
		uint32_t lead;

		layout->paragraphs = place_marks(ctx, w->paragraphs, doc);
		lead = lead_end(layout);
		w->begin = layout->headline;
		w->end = lead < w->end ? lead : w->end;
	}
	if (w->regions & REGION_QUOTE) {
		layout->open = place_marks(ctx, w->open, doc);
		layout->close = layout->open.n ? place_marks(ctx, w->close, doc) : layout->open;
	}
}

/* Count the word's places there, or find out if there is one. */
static bool walk(struct placed_words *words, bool all)
{
	const struct within_words *w = (const struct within_words *)words;
	const struct positions_view *word = &words->pairs.places[0]->view;
	bool quoted = w->regions & REGION_QUOTE;
	struct quotes quotes;

	words->headline = words->body = 0;
	if (quoted && !w->layout.open.n)
		return false;
	quotes_begin(&quotes, &w->layout.open, &w->layout.close);
	for (uint32_t i = 0; i < word->n; i++) {
		uint32_t pos = word->at[i] - word->less;

		if (pos >= w->end)
			break;
		if (pos < w->begin || (quoted && !quotes_hold(&quotes, pos, pos)))
			continue;
		if (!all)
			return true;
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
	placed_words_begin(&w->words);
	if (node->regions & REGION_LEAD)
		w->paragraphs = place_open_marks(ctx, MARK_PARAGRAPH_TERM);
	if (node->regions & REGION_QUOTE) {
		w->open = place_open_marks(ctx, MARK_OPEN_TERM);
		w->close = place_open_marks(ctx, MARK_CLOSE_TERM);
	}
	return &w->words.base;
}
