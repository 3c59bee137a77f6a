/* query/places/near_chain.c - three words or more near each other, whatever their forms.
 *
 * Why this is fast (`make bench BENCH=queries`, near): the docs are found as for phrases (pairs.h). All
 * of a match stands in a window around a place of the rarest word: so many words to both sides, or its
 * sentence. Windows that have no place of the next word are dropped before the one after that is looked
 * up; stretches are made of the places in those that are left, window by window, to the first match.
 * What lies outside of a window cannot change which stretches within it count: of stretches only
 * shorter ones, with the same beginning or end, are preferred.
 */
#include "places/pairs.h"

struct window {
	uint32_t from, to; /* both in it */
};

/* Where sentences or paragraphs begin. */
struct breaks {
	struct place *marks;   /* NULL: the chain does not need them */
	struct place_list all; /* of the doc that is looked at */
	uint32_t next;         /* of these: the first behind the window's beginning */
};

struct near_chain {
	struct placed_words words;
	const struct plan_node *node;
	struct place **leaves; /* its words, as they stand in the question */
	uint32_t reach;        /* a word stands at most so far from another; UINT32_MAX: anywhere */
	bool anyhow; /* in one sentence or paragraph, in any order; each word is near all before it */
	struct breaks sentences, paragraphs;
	/* of the doc that is looked at */
	uint32_t headline;
	struct window *windows; /* ascending, apart from each other */
	size_t nwindows, windows_cap;
};

/* ---- windows ---- */

static struct window *room_for_windows(struct near_chain *c, size_t n)
{
	if (n > c->windows_cap) {
		c->windows_cap = n * 2;
		c->windows = arena_alloc(&c->words.base.ctx->arena, c->windows_cap * sizeof *c->windows);
	}
	return c->windows;
}

/* The sentence or paragraph that `pos` is in. */
static struct window between_breaks(struct breaks *b, uint32_t pos)
{
	const struct place_list *all = &b->all;

	b->next = places_to(all->v, (uint32_t)all->n, b->next, pos);
	return (struct window){ b->next ? place_at(all, b->next - 1) : 0,
				b->next < all->n ? place_at(all, b->next) - 1 : UINT32_MAX };
}

/* Where all of a match stands that has the rarest word at `pos`: in the headline or in the body. */
static struct window window_around(struct near_chain *c, uint32_t pos)
{
	struct window w;

	switch (c->node->unit) {
	case UNIT_SENTENCE: w = between_breaks(&c->sentences, pos); break;
	case UNIT_PARAGRAPH: w = between_breaks(&c->paragraphs, pos); break;
	default:
		w.from = pos > c->reach ? pos - c->reach : 0;
		w.to = pos < UINT32_MAX - c->reach ? pos + c->reach : UINT32_MAX;
	}
	if (pos < c->headline)
		w.to = w.to < c->headline ? w.to : c->headline - 1;
	else
		w.from = w.from < c->headline ? c->headline : w.from;
	return w;
}

static void open_windows(struct near_chain *c)
{
	const struct positions_view *v = &c->words.pairs.places[0]->view;
	struct window *windows = room_for_windows(c, v->n);
	size_t n = 0;

	c->sentences.next = c->paragraphs.next = 0;
	for (uint32_t i = 0; i < v->n; i++) {
		struct window w = window_around(c, v->at[i]);

		if (n && w.from <= windows[n - 1].to)
			windows[n - 1].to = w.to;
		else
			windows[n++] = w;
	}
	c->nwindows = n;
}

/* Drop windows that the word is not in. */
static void keep_windows_of(struct near_chain *c, const struct place *place)
{
	const struct positions_view *v = &place->view;
	uint32_t met = 0;
	size_t n = 0;

	for (size_t i = 0; i < c->nwindows; i++) {
		struct window w = c->windows[i];

		c->windows[n] = w;
		n += places_any(v->at, v->n, &met, w.from, w.to);
	}
	c->nwindows = n;
}

/* ---- stretches in a window ---- */

/* Of the breaks, those that may part what is in the window. */
static struct place_list breaks_in(struct breaks *b, struct window w)
{
	struct place_list in = b->all;

	b->next = places_to(in.v, (uint32_t)in.n, b->next, w.from);
	in.n = places_to(in.v, (uint32_t)in.n, b->next, w.to) - b->next;
	in.v += b->next;
	return in;
}

/* The first of the word's places that is in the window, or one behind it; no earlier one is asked for again. */
static uint32_t first_in(struct place *place, struct window w)
{
	const struct positions_view *v = &place->view;

	place->at = view_search(v, place->at, w.from);
	return place->at < v->n ? v->at[place->at] : UINT32_MAX;
}

static void add_places(struct place *place, struct window w, struct spans *out)
{
	const struct positions_view *v = &place->view;
	uint32_t at;

	first_in(place, w);
	for (at = place->at; at < v->n && v->at[at] <= w.to; at++)
		spans_add(out, v->at[at], v->at[at], false);
}

/* Where what the node asks for stands in the window. Its words are the next of the leaves. */
static struct spans spans_in(struct near_chain *c, const struct plan_node *node, struct place ***leaf,
			     struct window w, const struct layout *layout)
{
	struct spans out = { .arena = &c->words.base.ctx->doc_arena };
	const struct nearness rule = { node->unit, node->n, node->ordered };
	struct spans a, b;

	if (node->kind != PLAN_NEAR) {
		add_places(*(*leaf)++, w, &out);
		return out;
	}
	a = spans_in(c, node->children[0], leaf, w, layout);
	b = spans_in(c, node->children[1], leaf, w, layout);
	if (a.n && b.n)
		spans_near(&a, &b, &rule, layout, &out);
	return out;
}

static bool stands_at(const struct place *place, uint32_t pos)
{
	return view_stands_at(&place->view, view_search(&place->view, place->at, pos), pos);
}

/* Is it plain that a window that has all words has a match? Where how far apart they are does not matter, each
 * needs a place in it at which none of the words before it in the question stands: stretches of these have
 * their ends elsewhere, so it is outside of them or between. */
static bool surely_in(struct near_chain *c, struct window w)
{
	for (size_t i = 0; i < c->words.pairs.n; i++) {
		uint32_t pos = first_in(c->leaves[i], w);

		for (size_t j = 0; j < i; j++)
			if (stands_at(c->leaves[j], pos))
				return false;
	}
	return true;
}

static bool walk(struct placed_words *words, bool all)
{
	struct near_chain *c = (struct near_chain *)words;

	words->headline = words->body = 0;
	c->sentences.next = c->paragraphs.next = 0;
	for (size_t i = 0; i < words->pairs.n; i++)
		c->leaves[i]->at = 0;
	for (size_t i = 0; i < c->nwindows; i++) {
		struct window w = c->windows[i];
		struct layout layout = { .headline = c->headline };
		struct place **leaf = c->leaves;
		struct spans found;
		uint32_t headline, body;

		if (!all && c->anyhow && surely_in(c, w))
			return true;
		layout.sentences = breaks_in(&c->sentences, w);
		layout.paragraphs = breaks_in(&c->paragraphs, w);
		arena_reset(&words->base.ctx->doc_arena);
		found = spans_in(c, c->node, &leaf, w, &layout);
		if (found.n && !all)
			return true;
		spans_count(&found, &layout, &headline, &body);
		words->headline += headline;
		words->body += body;
	}
	return false;
}

/* ---- docs ---- */

static void look_up_breaks(struct near_chain *c, struct breaks *b, uint32_t doc)
{
	if (b->marks)
		b->all = pairs_look_marks(&c->words.pairs, b->marks, doc);
}

/* Are they near in the doc, where the two rarest have been found? */
static bool are_near(struct placed_words *words, uint32_t doc)
{
	struct near_chain *c = (struct near_chain *)words;
	struct pairs *p = &words->pairs;

	c->headline = pairs_headline(p, doc);
	look_up_breaks(c, &c->sentences, doc);
	look_up_breaks(c, &c->paragraphs, doc);
	open_windows(c);
	keep_windows_of(c, p->places[1]);
	for (size_t i = 2; i < p->n && c->nwindows; i++) {
		if (!pairs_look(p, p->places[i], doc))
			return false;
		keep_windows_of(c, p->places[i]);
	}
	return c->nwindows && placed_words_walk(words);
}

/* ---- opening ---- */

/* The number of words in what is near each other, and nothing but words; or 0. */
static size_t count_words(const struct plan_node *node)
{
	size_t a, b;

	if (node->kind != PLAN_NEAR)
		return plan_is_word(node);
	a = count_words(node->children[0]);
	b = count_words(node->children[1]);
	return a && b ? a + b : 0;
}

/* Add the words; false if the segment does not have them all. */
static bool add_words(struct near_chain *c, const struct plan_node *node)
{
	struct pairs *p = &c->words.pairs;

	if (node->kind == PLAN_NEAR)
		return add_words(c, node->children[0]) && add_words(c, node->children[1]);
	if (!pairs_add(p, node->elements, 0))
		return false;
	c->leaves[p->n - 1] = p->places[p->n - 1];
	return true;
}

static uint32_t reach_of(const struct plan_node *node)
{
	uint64_t reach = node->n;

	if (node->kind != PLAN_NEAR)
		return 0;
	if (node->unit != UNIT_WORDS)
		return UINT32_MAX;
	reach += (uint64_t)reach_of(node->children[0]) + reach_of(node->children[1]);
	return reach < UINT32_MAX ? (uint32_t)reach : UINT32_MAX;
}

static bool are_anyhow(const struct plan_node *node, enum query_unit unit)
{
	return plan_is_word(node) || (unit != UNIT_WORDS && node->unit == unit && !node->ordered &&
				      plan_is_word(node->children[1]) && are_anyhow(node->children[0], unit));
}

static bool counts_by(const struct plan_node *node, enum query_unit unit)
{
	return node->kind == PLAN_NEAR && (node->unit == unit || counts_by(node->children[0], unit) ||
					   counts_by(node->children[1], unit));
}

struct match *match_open_near_chain(struct match_context *ctx, const struct plan_node *node)
{
	size_t n = count_words(node);
	struct near_chain *c;

	if (n < 3)
		return NULL;
	c = match_new(ctx, sizeof *c, &placed_words_ops);
	c->words.stand = are_near;
	c->words.walk = walk;
	c->node = node;
	c->reach = reach_of(node);
	c->anyhow = are_anyhow(node, node->unit);
	c->leaves = arena_alloc(&ctx->arena, n * sizeof(struct place *));
	pairs_init(&c->words.pairs, ctx, n, node->weight);
	if (!add_words(c, node)) {
		c->words.base.doc = DOC_END;
		return &c->words.base;
	}
	placed_words_begin(&c->words, n);
	if (counts_by(node, UNIT_SENTENCE))
		c->sentences.marks = pairs_add_marks(&c->words.pairs, MARK_SENTENCE_TERM, false);
	if (counts_by(node, UNIT_PARAGRAPH))
		c->paragraphs.marks = pairs_add_marks(&c->words.pairs, MARK_PARAGRAPH_TERM, false);
	return &c->words.base;
}
