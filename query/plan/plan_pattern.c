/* query/plan/plan_pattern.c - leaves that stand for many words: prefixes, patterns, misspellings. */
#include "base/mem.h"
#include "patterns/expand.h"
#include "plan/planner.h"
#include "text/forms.h"

#include <inttypes.h>
#include <stdlib.h>

double idf_of_any(struct planner *p, struct plan_element *e, bool title)
{
	e->df = title ? 0 : e->df;
	for (size_t i = 0; title && i < e->nterms; i++) {
		uint64_t df = document_frequency(p, term_for(p, e->terms[i], title));

		if (df > e->df) {
			e->df = df;
			e->commonest = i;
		}
	}
	return scorer_idf(&p->plan->scorer, e->df);
}

/* Say that only the commonest are searched. */
static void note_bound(struct planner *p, const struct plan_element *e)
{
	struct buf *notes = &p->plan->notes;

	if (e->nterms == e->stands_for)
		return;
	utf8_add_safe(notes, e->shown, false);
	if (e->misspelt)
		buf_addf(notes, " is near to %" PRIu64 " words: the %zu nearest are searched\n",
			 e->stands_for, e->nterms);
	else
		buf_addf(notes,
			 " stands for %" PRIu64 " words: the %zu that most articles have are searched\n",
			 e->stands_for, e->nterms);
}

/* What tells a pattern, as it is shown, or a prefix from others: in the scratch. */
static struct bytes key_of(struct planner *p, const struct plan_element *e)
{
	buf_reset(&p->scratch);
	buf_add_byte(&p->scratch, e->prefix.n ? 'b' : 'p');
	buf_add_bytes(&p->scratch, e->prefix.n ? e->prefix : e->shown);
	return buf_bytes(&p->scratch);
}

/* Is it one too many? Then it finds nothing, and a note says so. */
static bool too_many(struct planner *p, const struct plan_element *e)
{
	struct bytes key = key_of(p, e);

	if (p->asked.n < PATTERNS_MAX || intern_find(&p->asked, key) != INTERN_NONE)
		return false;
	if (!p->noted_many) {
		buf_addf(&p->plan->notes, "there are more than %u patterns: from ", PATTERNS_MAX);
		utf8_add_safe(&p->plan->notes, utf8_cut(e->shown, 40), false);
		buf_add_str(&p->plan->notes, " on, they find nothing\n");
	}
	p->noted_many = true;
	return true;
}

/* Find what an element stands for; asked twice in one question, it is found once. */
static void expand_once(struct planner *p, struct plan_element *e)
{
	uint32_t known = p->asked.n, id = intern_add(&p->asked, key_of(p, e));
	int rc;

	if (id < known) {
		const struct plan_element *same = &p->expanded[id];

		e->terms = same->terms;
		e->nterms = same->nterms;
		e->stands_for = same->stands_for;
		e->found = same->found;
		e->whole = same->whole;
		e->df = same->df;
		e->commonest = same->commonest;
		return;
	}
	rc = expand(e, p->archive, &p->plan->arena, p->err);
	p->rc = p->rc < 0 ? p->rc : rc;
	MEM_GROW(p->expanded, p->expanded_cap, known + 1);
	p->expanded[id] = *e;
	note_bound(p, e);
}

void set_prefix(struct planner *p, struct plan_element *e, struct bytes prefix, uint32_t offset)
{
	e->offset = offset;
	e->prefix = arena_bytes(&p->plan->arena, prefix);
	buf_reset(&p->scratch);
	buf_add_bytes(&p->scratch, prefix);
	buf_add_byte(&p->scratch, '*');
	e->shown = arena_bytes(&p->plan->arena, buf_bytes(&p->scratch));
	if (!too_many(p, e))
		expand_once(p, e);
}

static int compile(struct pattern *pattern, const struct query_node *q, struct bytes text, size_t *at,
		   struct err *err)
{
	switch (q->kind) {
	case QUERY_REGEX: return pattern_regex(pattern, text, at, err);
	case QUERY_FUZZY: return pattern_fuzzy(pattern, text, q->n, at, err);
	default: return pattern_wildcard(pattern, text, at, err);
	}
}

/* What is wrong of a regular expression stands from byte `at` on. */
int plan_pattern(struct plan *plan, const struct query_node *q, struct bytes text, struct pattern **out,
		 struct bytes *fault, struct err *err)
{
	struct pattern *pattern = mem_alloc(sizeof *pattern);
	size_t at;
	int rc = compile(pattern, q, text, &at, err);

	if (rc < 0) {
		free(pattern);
		*fault = q->kind == QUERY_REGEX ? bytes_of(q->text.p + at, q->text.n - at) : q->place;
		return rc;
	}
	MEM_GROW(plan->patterns, plan->patterns_cap, plan->npatterns + 1);
	plan->patterns[plan->npatterns++] = *out = pattern;
	return 0;
}

static struct bytes shown_pattern(struct planner *p, const struct query_node *q, struct bytes text)
{
	buf_reset(&p->scratch);
	buf_add_str(&p->scratch, q->kind == QUERY_REGEX ? "/" : "");
	buf_add_bytes(&p->scratch, text);
	if (q->kind == QUERY_FUZZY)
		buf_addf(&p->scratch, "~%" PRIu32, q->n);
	buf_add_str(&p->scratch, q->kind == QUERY_REGEX ? "/" : "");
	return arena_bytes(&p->plan->arena, buf_bytes(&p->scratch));
}

/* A place for words that match `text`, a part of what the node asks. */
static void add_pattern(struct planner *p, struct plan_node *n, const struct query_node *q, struct bytes text,
			uint32_t offset)
{
	struct plan_element *e = &n->elements[n->nelements];
	struct bytes fault;
	int rc;

	e->shown = shown_pattern(p, q, text);
	if (too_many(p, e)) {
		n->kind = PLAN_NOTHING;
		return;
	}
	rc = plan_pattern(p->plan, q, text, &e->pattern, &fault, p->err);
	if (rc < 0) {
		if (p->rc == 0)
			p->plan->fault = fault;
		p->rc = p->rc < 0 ? p->rc : rc;
		return;
	}
	e->offset = offset;
	e->misspelt = q->kind == QUERY_FUZZY;
	expand_once(p, e);
	n->weight += idf_of_any(p, e, n->title);
	n->nelements++;
}

/* The form that stands for all of a word, if one does. */
static const struct token *only_word(const struct tokens *t)
{
	const struct token *only = NULL;
	size_t places = 0;

	for (size_t i = 0; i < t->n; i++) {
		if (t->v[i].kind == TOKEN_WHOLE && covers_all(t, i))
			return &t->v[i];
		if (!belongs_in_phrase(t, i))
			continue;
		only = &t->v[i];
		places++;
	}
	return places == 1 ? only : NULL;
}

/* A word that may be misspelt: as one, al-qaida as alqaida, or its parts in order. */
static void add_misspelt(struct planner *p, struct plan_node *n, const struct query_node *q)
{
	const struct token *only = only_word(&p->tokens);

	for (size_t i = 0; i < p->tokens.n; i++) {
		const struct token *t = &p->tokens.v[i];

		if (only ? t == only : belongs_in_phrase(&p->tokens, i))
			add_pattern(p, n, q, t->word->form, t->pos - (only ? t->pos : p->tokens.v[0].pos));
	}
}

/* What a pattern asks of a word's form: l'h?tel, where articles are elided, h?tel. */
static struct bytes pattern_of_form(struct planner *p, struct bytes text)
{
	form_of(text, &p->scratch);
	form_drop_elision(&p->scratch, buf_cstr(&p->archive->language));
	if (strspn(buf_cstr(&p->scratch), "*?") == p->scratch.n) /* nothing follows that could be meant */
		return text;
	return arena_bytes(&p->plan->arena, buf_bytes(&p->scratch));
}

struct plan_node *plan_pattern_leaf(struct planner *p, const struct query_node *q)
{
	struct plan_node *n = new_plan_node(p, PLAN_PHRASE);

	n->title = q->regions & REGION_TITLE;
	n->elements = arena_zalloc(&p->plan->arena, (p->tokens.n + 1) * sizeof *n->elements);
	if (q->kind == QUERY_FUZZY)
		add_misspelt(p, n, q);
	else
		add_pattern(p, n, q, q->kind == QUERY_REGEX ? q->text : pattern_of_form(p, q->text), 0);
	return n->kind == PLAN_PHRASE && n->nelements ? simplify(n) : NULL;
}
