/* query/plan/plan_words.c - leaves that are words as they stand: their terms, weighed. */
#include "base/mem.h"
#include "patterns/candidates.h"
#include "plan/planner.h"

#include <stdlib.h>

/* ---- statistics over the archive ---- */

/* Look a term up in all segments, into found[] if that is not NULL; .df 0 where it is not.
 * Returns the number of articles that have it. */
static uint64_t find_everywhere(struct planner *p, struct bytes term, struct term_info *found)
{
	uint64_t df = 0;

	for (size_t i = 0; i < p->archive->nsegments; i++) {
		struct term_info info;
		int got = dict_find(&p->archive->segments[i], term, &info);

		if (got < 0)
			p->rc = dictionary_corrupt(&p->archive->segments[i], p->err);
		if (got <= 0)
			info.df = 0;
		df += info.df;
		if (found)
			found[i] = info;
	}
	return df;
}

uint64_t document_frequency(struct planner *p, struct bytes term)
{
	return find_everywhere(p, term, NULL);
}

struct bytes term_for(struct planner *p, struct bytes stem, bool title)
{
	if (!title)
		return stem;
	buf_reset(&p->scratch);
	buf_add_byte(&p->scratch, TERM_HEADLINE);
	buf_add_bytes(&p->scratch, stem);
	return arena_bytes(&p->plan->arena, buf_bytes(&p->scratch));
}

/* The idf of the element's only term. What is found of it is kept for the evaluators, unless
 * it is the headline list, which a phrase does not read. */
static double idf_of(struct planner *p, struct plan_element *e, bool title)
{
	if (!title)
		e->found = arena_alloc(&p->plan->arena, p->archive->nsegments * sizeof *e->found);
	e->df = find_everywhere(p, term_for(p, e->terms[0], title), e->found);
	return scorer_idf(&p->plan->scorer, e->df);
}

/* ---- places ---- */

/* Where the lone star of a quotation stands, from `at` on; text.n if there is none. */
static size_t find_gap(struct bytes text, size_t at)
{
	for (; at < text.n; at++)
		if (text.p[at] == '*' && (at == 0 || text.p[at - 1] == ' ') &&
		    (at + 1 == text.n || text.p[at + 1] == ' '))
			return at;
	return at;
}

/* The words of a text into p->tokens; where `gaps`, a lone star takes the place of a word. */
static void analyze(struct planner *p, struct bytes text, bool gaps)
{
	size_t kept = 0;

	tokens_reset(&p->tokens);
	for (size_t from = 0, to; from <= text.n; from = to + 1) {
		to = gaps ? find_gap(text, from) : text.n;
		buf_reset(&p->scratch);
		utf8_repair(&p->scratch, bytes_of(text.p + from, to - from));
		analyze_text(p->analyzer, buf_bytes(&p->scratch), &p->tokens);
		p->tokens.next += to < text.n;
	}
	for (size_t i = 0; i < p->tokens.n; i++)
		if (p->tokens.v[i].kind != TOKEN_MARK)
			p->tokens.v[kept++] = p->tokens.v[i];
	p->tokens.n = kept;
}

static struct form_test *new_test(struct planner *p, struct bytes form)
{
	struct plan *plan = p->plan;
	struct form_test *t = arena_alloc(&plan->arena, sizeof *t);

	form_test_init(t, form);
	MEM_GROW(plan->tests, plan->tests_cap, plan->ntests + 1);
	plan->tests[plan->ntests++] = t;
	return t;
}

static void set_stem(struct planner *p, struct plan_element *e, const struct token *t, uint32_t first,
		     bool exact)
{
	e->offset = t->pos - first;
	e->terms = arena_alloc(&p->plan->arena, sizeof *e->terms);
	e->terms[0] = arena_bytes(&p->plan->arena, t->word->stem);
	e->nterms = 1;
	if (exact)
		e->test = new_test(p, t->word->form);
}

/* Is token i the last character of a longer CJK run? The run's bigrams say it all. */
static bool ends_run(const struct tokens *t, size_t i)
{
	return t->v[i].kind == TOKEN_LAST && i > 0 && t->v[i - 1].kind == TOKEN_BIGRAM;
}

bool belongs_in_phrase(const struct tokens *t, size_t i)
{
	return (token_takes_position(&t->v[i]) && !ends_run(t, i)) || t->v[i].kind == TOKEN_SIGN;
}

/* The words among tokens [from, to) in order, as a phrase; NULL if there are none. */
static struct plan_node *phrase_of(struct planner *p, size_t from, size_t to, bool exact, bool title)
{
	const struct tokens *t = &p->tokens;
	struct plan_node *n = new_plan_node(p, PLAN_PHRASE);
	uint32_t first = 0;

	n->title = title;
	n->elements =
		arena_zalloc(&p->plan->arena, (to - from + 1) * sizeof *n->elements); /* 1 for prefix_of */
	for (size_t i = from; i < to; i++) {
		struct plan_element *e = &n->elements[n->nelements];

		if (!belongs_in_phrase(t, i))
			continue;
		if (!n->nelements++)
			first = t->v[i].pos;
		if (t->v[i].kind == TOKEN_LAST)
			set_prefix(p, e, t->v[i].word->stem, t->v[i].pos - first);
		else
			set_stem(p, e, &t->v[i], first, exact);
		n->weight += plan_element_expands(e) ? idf_of_any(p, e, title) : idf_of(p, e, title);
	}
	return n->nelements ? n : NULL;
}

/* A plain word that is one term. */
static struct plan_node *term_of(struct planner *p, const struct token *t, bool title)
{
	struct plan_node *n = new_plan_node(p, PLAN_TERM);

	n->title = title;
	n->nelements = 1;
	n->elements = arena_zalloc(&p->plan->arena, sizeof *n->elements);
	set_stem(p, n->elements, t, t->pos, false);
	n->weight = idf_of(p, n->elements, title);
	return n;
}

static struct plan_node *expansion_of(struct planner *p, struct bytes prefix, bool title)
{
	struct plan_node *n = new_plan_node(p, PLAN_EXPANSION);

	n->title = title;
	n->nelements = 1;
	n->elements = arena_zalloc(&p->plan->arena, sizeof *n->elements);
	set_prefix(p, n->elements, prefix, 0);
	n->weight = idf_of_any(p, n->elements, title);
	return n;
}

struct plan_node *simplify(struct plan_node *n)
{
	if (n && n->kind == PLAN_PHRASE && n->nelements == 1 && !n->elements[0].test &&
	    !n->elements[0].capitals)
		n->kind = plan_element_expands(n->elements) ? PLAN_EXPANSION : PLAN_TERM;
	return n;
}

/* Readings of one word weigh alike: as the joined form, or if the archive has none,
 * as the rarest of the others. */
static void weigh_alternatives(struct planner *p, struct plan_node *n, struct bytes whole, bool title)
{
	uint64_t df = document_frequency(p, term_for(p, whole, title)), least = UINT64_MAX;

	for (size_t i = 0; !df && i < n->nchildren; i++) {
		for (size_t j = 0; j < n->children[i]->nelements; j++) {
			const struct plan_element *e = &n->children[i]->elements[j];
			uint64_t other =
				e->nterms ? document_frequency(p, term_for(p, e->terms[0], title)) : 0;

			if (other && other < least)
				least = other;
		}
	}
	n->df = df ? df : least == UINT64_MAX ? 0 : least;
	n->weight = scorer_idf(&p->plan->scorer, n->df);
}

/* The pieces of AT&T as words of their own, in order: AT T. Replaces p->tokens. */
static struct plan_node *pieces_of(struct planner *p, struct bytes text, bool title)
{
	uint8_t *spaced = (uint8_t *)arena_bytes(&p->plan->arena, text).p;

	for (size_t at = 0, size; at < text.n; at += size)
		if (char_class_at(text, at, &size) == CHAR_AMPERSAND)
			memset(spaced + at, ' ', size);
	analyze(p, bytes_of(spaced, text.n), false);
	return simplify(phrase_of(p, 0, p->tokens.n, false, title));
}

bool covers_all(const struct tokens *t, size_t i)
{
	for (size_t j = 0; j < t->n; j++)
		if (t->v[j].start < t->v[i].start || t->v[j].end > t->v[i].end)
			return false;
	return true;
}

/* What one run of characters without spaces stands for: one term; or, of a compound,
 * the whole written together or its parts in order. */
static struct plan_node *word_of(struct planner *p, struct bytes text, bool title)
{
	struct plan_node *n = new_plan_parent(p, PLAN_ALTERNATIVES, p->tokens.n + 2);
	struct bytes whole =
		p->tokens.n ? arena_bytes(&p->plan->arena, p->tokens.v[0].word->stem) : BYTES_NONE;
	size_t places = 0, pieces = 0;

	add_plan_child(n, simplify(phrase_of(p, 0, p->tokens.n, false, title)));
	for (size_t i = 0; i < p->tokens.n; i++) {
		const struct token *t = &p->tokens.v[i];

		places += token_takes_position(t);
		pieces += t->kind == TOKEN_PART;
		if (t->kind != TOKEN_WHOLE || !covers_all(&p->tokens, i))
			continue;
		add_plan_child(n, term_of(p, t, title));
		whole = arena_bytes(&p->plan->arena, t->word->stem);
	}
	if (pieces && places == 1)
		add_plan_child(n, pieces_of(p, text, title));
	if (n->nchildren < 2)
		return n->nchildren ? n->children[0] : NULL;
	weigh_alternatives(p, n, whole, title);
	return n;
}

/* prefix*: what stands before the last word is a phrase that the expansion ends. */
static struct plan_node *prefix_of(struct planner *p, bool title)
{
	size_t last = p->tokens.n;
	struct plan_node *n;
	struct bytes prefix;

	while (last > 0 && !token_takes_position(&p->tokens.v[last - 1]))
		last--;
	if (!last--)
		return NULL;
	form_fold(p->tokens.v[last].word->form, FOLD_BOTH, &p->scratch);
	prefix = arena_bytes(&p->plan->arena, buf_bytes(&p->scratch));
	n = phrase_of(p, 0, last, false, title);
	if (!n)
		return expansion_of(p, prefix, title);
	set_prefix(p, &n->elements[n->nelements], prefix, p->tokens.v[last].pos - p->tokens.v[0].pos);
	n->weight += idf_of_any(p, &n->elements[n->nelements++], title);
	return n;
}

/* ---- capitals ---- */

static bool has_letter(struct bytes form)
{
	for (size_t i = 0; i < form.n;) {
		uint32_t c;

		i += utf8_decode(form.p + i, form.p + form.n, &c);
		if (char_is_upper(c) || char_is_lower(c))
			return true;
	}
	return false;
}

/* A word by its capitals: of a compound those parts that can have some. */
static struct plan_node *cased_of(struct planner *p, enum query_form capitals, bool title)
{
	struct plan_node *n = phrase_of(p, 0, p->tokens.n, false, title);
	size_t at = 0;

	for (size_t i = 0; n && i < p->tokens.n; i++) {
		struct plan_element *e;

		if (!belongs_in_phrase(&p->tokens, i))
			continue;
		e = &n->elements[at++];
		if (n->nelements > 1 && !has_letter(p->tokens.v[i].word->form))
			continue;
		e->capitals = capitals;
		e->whole = NULL; /* it was found out without them */
	}
	return simplify(n);
}

/* ---- any leaf ---- */

struct plan_node *plan_words(struct planner *p, const struct query_node *q)
{
	bool title = q->regions & REGION_TITLE;

	analyze(p, q->text, q->kind == QUERY_PHRASE || q->kind == QUERY_STEMMED_PHRASE);
	switch (q->kind) {
	case QUERY_WORD: return word_of(p, q->text, title);
	case QUERY_PREFIX: return prefix_of(p, title);
	case QUERY_CASED: return cased_of(p, q->form, title);
	case QUERY_PATTERN:
	case QUERY_REGEX:
	case QUERY_FUZZY: return plan_pattern_leaf(p, q);
	case QUERY_STEMMED_PHRASE: return simplify(phrase_of(p, 0, p->tokens.n, false, title));
	default: return phrase_of(p, 0, p->tokens.n, true, title);
	}
}
