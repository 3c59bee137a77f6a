#include "lib/random_plan.h"

#include "base/civil.h"
#include "base/mem.h"

#include <inttypes.h>

#define CHILDREN_MAX 9u

struct grower {
	struct plan *plan;
	struct rng *r;
	const struct random_index *x;
	double scale; /* of the weights */
	uint32_t nodes;
};

static struct plan_node *new_node(struct grower *g, enum plan_kind kind)
{
	struct plan_node *n = arena_zalloc(&g->plan->arena, sizeof *n);

	g->nodes++;
	n->kind = kind;
	return n;
}

static struct plan_node *new_branch(struct grower *g, enum plan_kind kind)
{
	struct plan_node *n = new_node(g, kind);

	n->children = arena_alloc(&g->plan->arena, CHILDREN_MAX * sizeof(struct plan_node *));
	return n;
}

static void add_child(struct plan_node *n, struct plan_node *child)
{
	n->children[n->nchildren++] = child;
}

/* ---- leaves ---- */

static double draw_weight(struct grower *g)
{
	switch (rng_below(g->r, 6)) {
	case 0: return 0;
	case 1: return g->scale;
	case 2: return g->scale * rng_range(g->r, 1, 1000) / 1e6;
	default: return g->scale * rng_range(g->r, 1, 1000) / 100;
	}
}

static struct plan_element *new_elements(struct grower *g, struct plan_node *n, size_t room)
{
	return n->elements = arena_zalloc(&g->plan->arena, room * sizeof *n->elements);
}

static const struct index_word *draw_word(struct grower *g, bool placed)
{
	return &g->x->words[rng_below(g->r, placed ? g->x->nplaced : g->x->nwords)];
}

/* Give a place `n` words, those that follow each other in the index's list. */
static void repeat_words(struct grower *g, struct plan_element *e, uint32_t n, bool placed)
{
	uint32_t most = placed ? g->x->nplaced : g->x->nwords, first = rng_below(g->r, most);

	e->terms = arena_alloc(&g->plan->arena, n * sizeof *e->terms);
	for (; e->nterms < n; e->nterms++)
		e->terms[e->nterms] = bytes_str(g->x->words[(first + e->nterms) % most].name);
}

/* The same, but different ones. */
static void set_words(struct grower *g, struct plan_element *e, uint32_t n, bool placed)
{
	uint32_t most = placed ? g->x->nplaced : g->x->nwords;

	repeat_words(g, e, n < most ? n : most, placed);
}

/* Ask for a written form of the element's first word. */
static void set_test(struct grower *g, struct plan_element *e)
{
	struct plan *p = g->plan;
	const struct index_word *word = draw_word(g, true);

	for (uint32_t i = 0; i < g->x->nplaced; i++)
		if (bytes_is(e->terms[0], g->x->words[i].name))
			word = &g->x->words[i];
	if (rng_one_in(g->r, 4)) {
		static const char *const prefixes[] = { "w", "w0", "w00", "w00s", "w01", "x" };

		e->prefix = bytes_str(prefixes[rng_below(g->r, 6)]);
		return;
	}
	e->test = arena_alloc(&p->arena, sizeof *e->test);
	form_test_init(e->test, bytes_str(word->forms[rng_below(g->r, INDEX_FORMS)]));
	MEM_GROW(p->tests, p->tests_cap, p->ntests + 1);
	p->tests[p->ntests++] = e->test;
}

static struct plan_node *term(struct grower *g)
{
	struct plan_node *n = new_node(g, PLAN_TERM);

	n->weight = draw_weight(g);
	n->title = rng_one_in(g->r, 5);
	n->nelements = 1;
	set_words(g, new_elements(g, n, 1), 1, false);
	return n;
}

/* Up to so many docs an expansion may have hundreds of words: some again and again, which must count as often. */
#define MANY_WORDS_DOCS 15000u

static struct plan_node *expansion(struct grower *g, bool many)
{
	struct plan_node *n = new_node(g, PLAN_EXPANSION);
	bool placed = g->x->nplaced && rng_one_in(g->r, 2);

	n->weight = draw_weight(g);
	n->nelements = 1;
	if (many && g->x->ndocs <= MANY_WORDS_DOCS)
		repeat_words(g, new_elements(g, n, 1), rng_range(g->r, 17, 300), placed);
	else
		set_words(g, new_elements(g, n, 1), rng_range(g->r, 1, 4), placed);
	n->title = placed && rng_one_in(g->r, 3);
	if (placed && rng_one_in(g->r, 2))
		set_test(g, n->elements);
	return n;
}

/* One place: mostly the word after that of the place before. */
static void set_place(struct grower *g, struct plan_element *e, uint32_t next, bool several)
{
	if (several && rng_one_in(g->r, 2)) {
		set_words(g, e, rng_range(g->r, 1, 3), true);
	} else if (rng_one_in(g->r, 4)) {
		set_words(g, e, 1, true);
	} else {
		e->terms = arena_alloc(&g->plan->arena, sizeof *e->terms);
		e->terms[e->nterms++] = bytes_str(g->x->words[next % g->x->nplaced].name);
	}
}

/* Places follow each other; now and then two are one. */
static struct plan_node *phrase_of(struct grower *g, uint32_t most, uint32_t tested)
{
	struct plan_node *n = new_node(g, PLAN_PHRASE);
	uint32_t first = rng_below(g->r, g->x->nplaced);
	bool several = rng_one_in(g->r, 5);

	n->weight = draw_weight(g);
	n->title = rng_one_in(g->r, 5);
	n->nelements = rng_range(g->r, 1, most);
	new_elements(g, n, n->nelements);
	for (uint32_t i = 0; i < n->nelements; i++) {
		struct plan_element *e = &n->elements[i];

		set_place(g, e, first + i, several);
		if (i)
			e->offset = e[-1].offset + !rng_one_in(g->r, 10);
		if (rng_below(g->r, 3) < tested)
			set_test(g, e);
	}
	return n;
}

static struct plan_node *phrase(struct grower *g)
{
	return phrase_of(g, rng_below(g->r, 4) ? 3 : 5, rng_below(g->r, 3));
}

static struct plan_node *leaf_of_words(struct grower *g)
{
	uint32_t kind = rng_below(g->r, 8);

	if (kind < 3 && g->x->nplaced)
		return phrase(g);
	return kind == 3 ? expansion(g, rng_one_in(g->r, 8)) : term(g);
}

static struct plan_node *placed(struct grower *g, uint32_t depth);
static struct plan_node *at_least(struct grower *g);
static struct plan_node *chain(struct grower *g);

static struct plan_node *leaf(struct grower *g)
{
	uint32_t kind = rng_below(g->r, 10);

	if (kind < 2 && g->x->nplaced)
		return kind ? at_least(g) : rng_one_in(g->r, 3) ? chain(g) : placed(g, 2);
	return leaf_of_words(g);
}

static struct plan_node *alternatives(struct grower *g)
{
	struct plan_node *n = new_branch(g, PLAN_ALTERNATIVES);
	uint32_t want = rng_range(g->r, 1, 3);

	n->weight = draw_weight(g);
	while (n->nchildren < want)
		add_child(n, leaf_of_words(g));
	return n;
}

/* ---- places ---- */

/* A word that has places, by itself or with others. */
static struct plan_node *placed_leaf(struct grower *g)
{
	struct plan_node *n;

	if (rng_one_in(g->r, 4))
		return phrase(g);
	n = rng_one_in(g->r, 5) ? expansion(g, rng_one_in(g->r, 8)) : term(g);
	n->elements[0].nterms = 0;
	set_words(g, n->elements, n->kind == PLAN_TERM ? 1 : rng_range(g->r, 1, 3), true);
	n->elements[0].test = NULL;
	n->elements[0].prefix = BYTES_NONE;
	return n;
}

static struct plan_node *operand(struct grower *g, uint32_t depth)
{
	struct plan_node *n;

	if (depth == 0 || rng_below(g->r, 3))
		return placed_leaf(g);
	if (rng_one_in(g->r, 2))
		return placed(g, depth - 1);
	n = new_branch(g, rng_one_in(g->r, 2) ? PLAN_OR : PLAN_ALTERNATIVES);
	n->weight = draw_weight(g);
	for (uint32_t want = rng_range(g->r, 1, 3); n->nchildren < want;)
		add_child(n, n->kind == PLAN_OR ? operand(g, depth - 1) : placed_leaf(g));
	return n;
}

/* Nothing but plain words, of which a plan never says that they stand in headlines alone. */
static bool all_words(const struct plan_node *n)
{
	for (size_t i = 0; i < n->nchildren; i++)
		if (!all_words(n->children[i]))
			return false;
	return n->nchildren || plan_is_word(n);
}

static uint32_t draw_distance(struct grower *g, bool far)
{
	static const uint32_t distances[] = { 1, 1, 2, 3, 5, 20, 9999 };

	return distances[rng_below(g->r, far ? 7 : 6)];
}

/* Near each other, not so, or among the first words. */
static struct plan_node *placed(struct grower *g, uint32_t depth)
{
	static const enum plan_kind kinds[] = { PLAN_NEAR, PLAN_NEAR, PLAN_NEAR, PLAN_NOT_NEAR, PLAN_WITHIN };
	struct plan_node *n = new_branch(g, kinds[rng_below(g->r, 5)]);

	n->weight = draw_weight(g);
	n->n = draw_distance(g, true);
	n->ordered = rng_one_in(g->r, 3);
	if (n->kind == PLAN_WITHIN) {
		n->regions = REGION_FIRST;
		n->first = rng_one_in(g->r, 4) ? 9999 : rng_range(g->r, 1, 30);
	}
	add_child(n, operand(g, depth));
	if (n->kind != PLAN_WITHIN)
		add_child(n, operand(g, depth));
	n->title = rng_one_in(g->r, 8) && !all_words(n);
	return n;
}

/* Plain words near each other, mostly those that follow each other in the index's list. */
static struct plan_node *chain_of(struct grower *g, uint32_t first, uint32_t words)
{
	struct plan_node *n = new_branch(g, words > 1 ? PLAN_NEAR : PLAN_TERM);
	uint32_t left = words - 1;

	n->weight = draw_weight(g);
	if (words == 1) {
		n->nelements = 1;
		set_place(g, new_elements(g, n, 1), first, false);
		return n;
	}
	n->n = draw_distance(g, false);
	n->ordered = rng_one_in(g->r, 4);
	if (rng_one_in(g->r, 4))
		left = rng_range(g->r, 1, words - 1);
	add_child(n, chain_of(g, first, left));
	add_child(n, chain_of(g, first + left, words - left));
	return n;
}

static struct plan_node *chain(struct grower *g)
{
	return chain_of(g, rng_below(g->r, g->x->nplaced), rng_range(g->r, 3, 4));
}

static struct plan_node *at_least(struct grower *g)
{
	struct plan_node *n = new_branch(g, PLAN_AT_LEAST);

	n->n = rng_range(g->r, 1, 4);
	add_child(n, operand(g, 2));
	return n;
}

static int64_t draw_date(struct grower *g)
{
	return CIVIL_DAY * ((int64_t)2 - rng_below(g->r, rng_one_in(g->r, 2) ? 8 : 20000)) +
	       rng_below(g->r, 2);
}

static struct plan_node *range(struct grower *g)
{
	static const enum plan_kind kinds[] = { PLAN_DATE,    PLAN_DATE, PLAN_DATE, PLAN_UNDATED,
						PLAN_UNDATED, PLAN_ALL,  PLAN_ALL,  PLAN_NOTHING };
	struct plan_node *n = new_node(g, kinds[rng_below(g->r, 8)]);

	if (n->kind == PLAN_DATE) {
		n->from = rng_one_in(g->r, 3) ? INT64_MIN + 1 : draw_date(g);
		n->to = rng_one_in(g->r, 3) ? INT64_MAX : draw_date(g);
	}
	return n;
}

/* ---- trees ---- */

static struct plan_node *tree(struct grower *g, uint32_t depth)
{
	uint32_t kind = rng_below(g->r, 12), want;
	struct plan_node *n;

	if (depth == 0 || kind < 4 || g->nodes > 60)
		return kind == 0 ? range(g) : kind == 1 ? alternatives(g) : leaf(g);
	n = new_branch(g, kind < 7 ? PLAN_AND : kind < 9 ? PLAN_OR : kind < 10 ? PLAN_SOME_OF : PLAN_NOT);
	n->n = rng_range(g->r, 1, 4);
	want = n->kind == PLAN_NOT ? 1 : rng_range(g->r, 1, 4);
	while (n->nchildren < want)
		add_child(n, tree(g, depth - 1));
	return n;
}

/* Phrases and what is near each other against words of about the same weight: which of them leads changes
 * from window to window. */
static struct plan_node *contest(struct grower *g)
{
	struct plan_node *n = new_branch(g, PLAN_OR);
	uint32_t phrases = rng_range(g->r, 1, 2), terms = rng_below(g->r, 4);

	while (n->nchildren < phrases + terms) {
		struct plan_node *child = n->nchildren >= phrases ? term(g)
					  : rng_one_in(g->r, 10)  ? chain(g)
								  : phrase_of(g, 2, 0);

		child->weight = g->scale * rng_range(g->r, 50, 200) / 100;
		child->title &= rng_one_in(g->r, 2);
		add_child(n, child);
	}
	return n;
}

/* Some words, and what people add to them. */
static struct plan_node *usual(struct grower *g)
{
	struct plan_node *n = new_branch(g, rng_one_in(g->r, 2) ? PLAN_OR : PLAN_AND), *outer;
	uint32_t want = rng_range(g->r, 1, n->kind == PLAN_OR ? 8 : 4), phrases = rng_below(g->r, 2);

	while (n->nchildren < want)
		add_child(n, phrases ? leaf(g) : rng_one_in(g->r, 12) ? alternatives(g) : term(g));
	if (!rng_one_in(g->r, 3))
		return n->nchildren == 1 ? n->children[0] : n;
	outer = new_branch(g, PLAN_AND);
	add_child(outer, n);
	for (uint32_t ranges = rng_below(g->r, 3); ranges; ranges--)
		add_child(outer, range(g));
	if (rng_one_in(g->r, 2)) {
		struct plan_node *without = new_branch(g, PLAN_NOT);

		add_child(without, rng_one_in(g->r, 3)   ? tree(g, 1)
				   : rng_one_in(g->r, 2) ? term(g)
							 : leaf(g));
		add_child(outer, without);
	}
	return outer;
}

/* Words, one of them by a part that stands for many; it weighs less, so that the others tell most docs apart. */
static struct plan_node *beside(struct grower *g)
{
	struct plan_node *n = new_branch(g, PLAN_AND), *many;

	for (uint32_t want = rng_range(g->r, 1, 3); n->nchildren < want;)
		add_child(n, rng_one_in(g->r, 8) ? leaf(g) : term(g));
	many = expansion(g, true);
	many->weight = g->scale * rng_range(g->r, 1, 200) / 1000;
	add_child(n, many);
	if (rng_one_in(g->r, 4))
		add_child(n, rng_one_in(g->r, 2) ? range(g) : expansion(g, false));
	return n;
}

/* The other way round: parts of words decide, and the words beside them say little. */
static struct plan_node *decided(struct grower *g)
{
	struct plan_node *n = new_branch(g, PLAN_AND), *without;
	uint32_t words = rng_range(g->r, 1, 2), parts = rng_one_in(g->r, 3) ? 2 : 1;

	while (n->nchildren < words) {
		add_child(n, term(g));
		n->children[n->nchildren - 1]->weight /= rng_range(g->r, 1, 100);
	}
	while (n->nchildren < words + parts)
		add_child(n, expansion(g, true));
	if (rng_one_in(g->r, 4))
		add_child(n, range(g));
	if (rng_one_in(g->r, 2)) {
		without = new_branch(g, PLAN_NOT);
		add_child(without, term(g));
		add_child(n, without);
	}
	return n;
}

/* ---- parameters ---- */

static void draw_scorer(struct grower *g)
{
	static const double k1s[] = { 0, 1e-9, 0.9, 1000 }, bs[] = { 0, 0.3, 1 };
	static const double averages[] = { 1e-4, 1, 300, 30000, 1e12 };
	double k1 = rng_one_in(g->r, 2) ? BM25_K1 : k1s[rng_below(g->r, 4)];
	double b = rng_one_in(g->r, 2) ? BM25_B : bs[rng_below(g->r, 3)];
	double average = rng_one_in(g->r, 2) ? 300 : averages[rng_below(g->r, 5)];
	uint64_t words = (uint64_t)((double)g->x->ndocs * average);

	scorer_init(&g->plan->scorer, k1, b, g->x->ndocs, words);
}

/* Most scores are usual ones; others are nothing, next to nothing, or do not fit 30 bits. */
static double draw_scale(struct rng *r)
{
	static const double scales[] = { 1e-300, 1e-9, 1e-6, 3e-5, 0.001, 20, 40, 230, 230, 1e7 };

	return rng_below(r, 3) ? 1 : scales[rng_below(r, 10)];
}

static void begin(struct grower *g, struct plan *plan, struct rng *r, const struct random_index *x)
{
	*g = (struct grower){ .plan = plan, .r = r, .x = x };
	*plan = (struct plan){ .arena = ARENA_INIT };
	draw_scorer(g);
	g->scale = draw_scale(r);
}

void random_plan_make(struct plan *plan, struct rng *r, const struct random_index *x)
{
	struct grower g;

	begin(&g, plan, r, x);
	if (x->nplaced && rng_one_in(r, 3))
		plan->root = contest(&g);
	else if (rng_one_in(r, 5))
		plan->root = beside(&g);
	else
		plan->root = rng_below(r, 5) < 3 ? usual(&g) : tree(&g, rng_below(r, 5));
}

void random_plan_decided(struct plan *plan, struct rng *r, const struct random_index *x)
{
	struct grower g;

	begin(&g, plan, r, x);
	plan->root = decided(&g);
}

/* ---- printing ---- */

static void print_element(struct buf *out, const struct plan_element *e)
{
	buf_addf(out, " +%" PRIu32, e->offset);
	for (size_t i = 0; i < e->nterms; i++)
		buf_addf(out, "%c%.*s", i ? '|' : ':', (int)e->terms[i].n, (const char *)e->terms[i].p);
	if (e->test)
		buf_addf(out, "=%s%s", (const char *)e->test->wanted.p, e->test->fold & FOLD_CASE ? "" : "!");
	if (e->prefix.n)
		buf_addf(out, "=%.*s*", (int)e->prefix.n, (const char *)e->prefix.p);
}

void random_plan_print(struct buf *out, const struct plan_node *node)
{
	static const char *const kinds[] = {
		[PLAN_AND] = "and",
		[PLAN_OR] = "or",
		[PLAN_NOT] = "not",
		[PLAN_TERM] = "term",
		[PLAN_PHRASE] = "phrase",
		[PLAN_EXPANSION] = "expansion",
		[PLAN_ALTERNATIVES] = "alternatives",
		[PLAN_NEAR] = "near",
		[PLAN_NOT_NEAR] = "not-near",
		[PLAN_WITHIN] = "within",
		[PLAN_AT_LEAST] = "at-least",
		[PLAN_SOME_OF] = "some-of",
		[PLAN_DATE] = "date",
		[PLAN_UNDATED] = "undated",
		[PLAN_ALL] = "all",
		[PLAN_NOTHING] = "nothing",
	};

	buf_addf(out, "(%s%s", node->title ? "title-" : "", kinds[node->kind]);
	if (node->nelements || node->kind == PLAN_ALTERNATIVES)
		buf_addf(out, " %.9g", node->weight);
	if (node->n || node->first)
		buf_addf(out, " n %" PRIu32 "%s first %" PRIu32, node->n, node->ordered ? " ordered" : "",
			 node->first);
	if (node->kind == PLAN_DATE)
		buf_addf(out, " %" PRId64 " %" PRId64, node->from, node->to);
	for (size_t i = 0; i < node->nelements; i++)
		print_element(out, &node->elements[i]);
	for (size_t i = 0; i < node->nchildren; i++) {
		buf_add_byte(out, ' ');
		random_plan_print(out, node->children[i]);
	}
	buf_add_byte(out, ')');
}
