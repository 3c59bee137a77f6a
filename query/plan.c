#include "plan.h"

#include "base/mem.h"
#include "patterns/candidates.h"
#include "patterns/expand.h"
#include "filter.h"
#include "parse/tree_print.h"

#include <inttypes.h>
#include <stdlib.h>

struct planner {
	struct plan *plan;
	struct archive *archive;
	struct analyzer *analyzer;
	struct tokens tokens;
	struct buf scratch;
	double boost;                  /* of the branches around a leaf */
	struct intern asked;           /* prefixes and patterns of the question */
	struct plan_element *expanded; /* what they stand for, by number */
	size_t expanded_cap;
	struct err *err;
	int rc;
};

static struct plan_node *new_node(struct planner *p, enum plan_kind kind)
{
	struct plan_node *n = arena_zalloc(&p->plan->arena, sizeof *n);

	n->kind = kind;
	return n;
}

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

static uint64_t document_frequency(struct planner *p, struct bytes term)
{
	return find_everywhere(p, term, NULL);
}

/* The stem's term, or its headline list's if only the headline counts: in the plan's arena. */
static struct bytes term_for(struct planner *p, struct bytes stem, bool title)
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

/* ---- expansions ---- */

static bool begins(struct bytes form, struct bytes prefix, struct buf *scratch)
{
	for (size_t i = 0; i < prefix.n; i++) {
		if (i == form.n)
			return false;
		if (form.p[i] >= 0x80 || prefix.p[i] >= 0x80) {
			form_fold(form, FOLD_BOTH, scratch);
			return bytes_start(buf_bytes(scratch), prefix);
		}
		if (ascii_lower((char)form.p[i]) != (char)prefix.p[i])
			return false;
	}
	return true;
}

/* Watergate's is Watergate, whose it is matters to no pattern. */
static int match_pattern(struct pattern *pattern, struct bytes form)
{
	int edits = pattern_match(pattern, form), shorter;

	if (edits == 0 || form.n < 3 || form.p[form.n - 2] != '\'' || (form.p[form.n - 1] | 0x20) != 's')
		return edits;
	shorter = pattern_match(pattern, bytes_of(form.p, form.n - 2));
	return edits < 0 || (shorter >= 0 && shorter < edits) ? shorter : edits;
}

int plan_element_edits(const struct plan_element *e, struct bytes form, struct buf *scratch)
{
	if (e->test && !form_test_match(e->test, form))
		return -1;
	if (e->prefix.n && !begins(form, e->prefix, scratch))
		return -1;
	return e->pattern ? match_pattern(e->pattern, form) : 0;
}

bool plan_element_form(const struct plan_element *e, struct bytes form, struct buf *scratch)
{
	return plan_element_edits(e, form, scratch) >= 0;
}

/* The idf of a pseudo-term: that of its commonest member. */
static double idf_of_any(struct planner *p, struct plan_element *e, bool title)
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

/* ---- leaves ---- */

static void analyze(struct planner *p, struct bytes text)
{
	size_t kept = 0;

	tokens_reset(&p->tokens);
	buf_reset(&p->scratch);
	utf8_repair(&p->scratch, text);
	analyze_text(p->analyzer, buf_bytes(&p->scratch), &p->tokens);
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
	e->terms[0] = arena_bytes(&p->plan->arena, t->stem);
	e->nterms = 1;
	if (exact)
		e->test = new_test(p, t->form);
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

/* Find what an element stands for; asked twice in one question, it is found once. */
static void expand_once(struct planner *p, struct plan_element *e)
{
	uint32_t known = p->asked.n, id;
	int rc;

	buf_reset(&p->scratch);
	buf_add_byte(&p->scratch, e->pattern ? 'p' : 'b');
	buf_add_bytes(&p->scratch, e->pattern ? e->shown : e->prefix);
	id = intern_add(&p->asked, buf_bytes(&p->scratch));
	if (id < known) {
		const struct plan_element *same = &p->expanded[id];

		e->terms = same->terms;
		e->nterms = same->nterms;
		e->stands_for = same->stands_for;
		e->found = same->found;
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

/* A place that a single CJK character fills: any bigram that begins with it, or itself. */
static void set_prefix(struct planner *p, struct plan_element *e, struct bytes prefix, uint32_t offset)
{
	e->offset = offset;
	e->prefix = arena_bytes(&p->plan->arena, prefix);
	buf_reset(&p->scratch);
	buf_add_bytes(&p->scratch, prefix);
	buf_add_byte(&p->scratch, '*');
	e->shown = arena_bytes(&p->plan->arena, buf_bytes(&p->scratch));
	expand_once(p, e);
}

/* Is token i the last character of a longer CJK run? The run's bigrams say it all. */
static bool ends_run(const struct tokens *t, size_t i)
{
	return t->v[i].kind == TOKEN_LAST && i > 0 && t->v[i - 1].kind == TOKEN_BIGRAM;
}

static bool belongs_in_phrase(const struct tokens *t, size_t i)
{
	return (token_takes_position(&t->v[i]) && !ends_run(t, i)) || t->v[i].kind == TOKEN_SIGN;
}

/* The words among tokens [from, to) in order, as a phrase; NULL if there are none. */
static struct plan_node *phrase_of(struct planner *p, size_t from, size_t to, bool exact, bool title)
{
	const struct tokens *t = &p->tokens;
	struct plan_node *n = new_node(p, PLAN_PHRASE);
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
			set_prefix(p, e, t->v[i].stem, t->v[i].pos - first);
		else
			set_stem(p, e, &t->v[i], first, exact);
		n->weight += plan_element_expands(e) ? idf_of_any(p, e, title) : idf_of(p, e, title);
	}
	return n->nelements ? n : NULL;
}

/* A plain word that is one term. */
static struct plan_node *term_of(struct planner *p, const struct token *t, bool title)
{
	struct plan_node *n = new_node(p, PLAN_TERM);

	n->title = title;
	n->nelements = 1;
	n->elements = arena_zalloc(&p->plan->arena, sizeof *n->elements);
	set_stem(p, n->elements, t, t->pos, false);
	n->weight = idf_of(p, n->elements, title);
	return n;
}

static struct plan_node *expansion_of(struct planner *p, struct bytes prefix, bool title)
{
	struct plan_node *n = new_node(p, PLAN_EXPANSION);

	n->title = title;
	n->nelements = 1;
	n->elements = arena_zalloc(&p->plan->arena, sizeof *n->elements);
	set_prefix(p, n->elements, prefix, 0);
	n->weight = idf_of_any(p, n->elements, title);
	return n;
}

/* A phrase whose only element has no test is simply its term, or its expansion. */
static struct plan_node *simplify(struct plan_node *n)
{
	if (n && n->kind == PLAN_PHRASE && n->nelements == 1 && !n->elements[0].test)
		n->kind = plan_element_expands(n->elements) ? PLAN_EXPANSION : PLAN_TERM;
	return n;
}

static void add_child(struct plan_node *n, struct plan_node *child)
{
	if (child)
		n->children[n->nchildren++] = child;
}

static struct plan_node *new_parent(struct planner *p, enum plan_kind kind, size_t room)
{
	struct plan_node *n = new_node(p, kind);

	n->children = arena_alloc(&p->plan->arena, room * sizeof *n->children);
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
	analyze(p, bytes_of(spaced, text.n));
	return simplify(phrase_of(p, 0, p->tokens.n, false, title));
}

/* Does token i cover the text from the first word to the last? */
static bool covers_all(const struct tokens *t, size_t i)
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
	struct plan_node *n = new_parent(p, PLAN_ALTERNATIVES, p->tokens.n + 2);
	struct bytes whole = p->tokens.n ? arena_bytes(&p->plan->arena, p->tokens.v[0].stem) : BYTES_NONE;
	size_t places = 0, pieces = 0;

	add_child(n, simplify(phrase_of(p, 0, p->tokens.n, false, title)));
	for (size_t i = 0; i < p->tokens.n; i++) {
		const struct token *t = &p->tokens.v[i];

		places += token_takes_position(t);
		pieces += t->kind == TOKEN_PART;
		if (t->kind != TOKEN_WHOLE || !covers_all(&p->tokens, i))
			continue;
		add_child(n, term_of(p, t, title));
		whole = arena_bytes(&p->plan->arena, t->stem);
	}
	if (pieces && places == 1)
		add_child(n, pieces_of(p, text, title));
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
	form_fold(p->tokens.v[last].form, FOLD_BOTH, &p->scratch);
	prefix = arena_bytes(&p->plan->arena, buf_bytes(&p->scratch));
	n = phrase_of(p, 0, last, false, title);
	if (!n)
		return expansion_of(p, prefix, title);
	set_prefix(p, &n->elements[n->nelements], prefix, p->tokens.v[last].pos - p->tokens.v[0].pos);
	n->weight += idf_of_any(p, &n->elements[n->nelements++], title);
	return n;
}

/* ---- patterns ---- */

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
	int rc = plan_pattern(p->plan, q, text, &e->pattern, &fault, p->err);

	if (rc < 0) {
		if (p->rc == 0)
			p->plan->fault = fault;
		p->rc = p->rc < 0 ? p->rc : rc;
		return;
	}
	e->offset = offset;
	e->misspelt = q->kind == QUERY_FUZZY;
	e->shown = shown_pattern(p, q, text);
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
			add_pattern(p, n, q, t->form, t->pos - (only ? t->pos : p->tokens.v[0].pos));
	}
}

static struct plan_node *pattern_of(struct planner *p, const struct query_node *q, bool title)
{
	struct plan_node *n = new_node(p, PLAN_PHRASE);

	n->title = title;
	n->elements = arena_zalloc(&p->plan->arena, (p->tokens.n + 1) * sizeof *n->elements);
	if (q->kind == QUERY_FUZZY)
		add_misspelt(p, n, q);
	else
		add_pattern(p, n, q, q->text, 0);
	return n->nelements ? simplify(n) : NULL;
}

/* Can the evaluators answer this leaf? */
static bool is_planned(const struct query_node *q)
{
	bool phrase = q->kind == QUERY_PHRASE || q->kind == QUERY_STEMMED_PHRASE;

	if (q->regions & ~(unsigned)REGION_TITLE)
		return false;
	if (phrase && q->text.n && memmem(q->text.p, q->text.n, " * ", 3))
		return false;
	return phrase || q->kind == QUERY_WORD || q->kind == QUERY_EXACT || q->kind == QUERY_PREFIX ||
	       q->kind == QUERY_PATTERN || q->kind == QUERY_REGEX || q->kind == QUERY_FUZZY;
}

static struct plan_node *not_planned(struct planner *p, const struct query_node *q)
{
	struct buf text = BUF_INIT;

	tree_print(&text, q);
	p->rc = err_set(p->err, ERR_USAGE, "%.200s is not understood yet", buf_cstr(&text));
	buf_release(&text);
	return new_node(p, PLAN_NOTHING);
}

static struct plan_node *leaf_of(struct planner *p, const struct query_node *q)
{
	struct plan_node *n;

	if (!is_planned(q))
		return not_planned(p, q);
	analyze(p, q->text);
	switch (q->kind) {
	case QUERY_WORD: n = word_of(p, q->text, q->regions & REGION_TITLE); break;
	case QUERY_PREFIX: n = prefix_of(p, q->regions & REGION_TITLE); break;
	case QUERY_PATTERN:
	case QUERY_REGEX:
	case QUERY_FUZZY: n = pattern_of(p, q, q->regions & REGION_TITLE); break;
	case QUERY_STEMMED_PHRASE:
		n = simplify(phrase_of(p, 0, p->tokens.n, false, q->regions & REGION_TITLE));
		break;
	default: n = phrase_of(p, 0, p->tokens.n, true, q->regions & REGION_TITLE); break;
	}
	n = n ? n : new_node(p, PLAN_NOTHING);
	n->asked = q;
	n->weight *= p->boost;
	return n;
}

/* ---- the tree ---- */

static struct plan_node *build(struct planner *p, const struct query_node *q);

static struct plan_node *branch_of(struct planner *p, enum plan_kind kind, const struct query_node *q)
{
	const struct query_node *child;
	size_t room = 0;
	struct plan_node *n;

	for (child = q->children; child; child = child->next)
		room++;
	n = new_parent(p, kind, room);
	for (child = q->children; child; child = child->next)
		add_child(n, build(p, child));
	return n;
}

static struct plan_node *filtered(struct planner *p, const struct query_node *q)
{
	struct plan_node *n = filter_plan(p->plan, p->archive, q, p->err);

	if (!n)
		p->rc = p->err->code;
	return n ? n : new_node(p, PLAN_NOTHING);
}

/* Weights that multiply stay within what one may be. */
static double within(double boost)
{
	return boost < BOOST_LEAST ? BOOST_LEAST : boost > BOOST_MOST ? BOOST_MOST : boost;
}

static struct plan_node *build_weighted(struct planner *p, const struct query_node *q)
{
	struct plan_node *n;

	switch (q->kind) {
	case QUERY_AND: return branch_of(p, PLAN_AND, q);
	case QUERY_OR: return branch_of(p, PLAN_OR, q);
	case QUERY_NOT: return branch_of(p, PLAN_NOT, q);
	case QUERY_UNDATED: return new_node(p, PLAN_UNDATED);
	case QUERY_ALL: return new_node(p, PLAN_ALL);
	case QUERY_DATE:
		n = new_node(p, PLAN_DATE);
		n->asked = q;
		n->from = q->from;
		n->to = q->to;
		return n;
	case QUERY_NEAR:
	case QUERY_NOT_NEAR:
	case QUERY_AT_LEAST:
	case QUERY_SOME_OF: return not_planned(p, q);
	case QUERY_FIELD:
	case QUERY_LENGTH: return filtered(p, q);
	default: return leaf_of(p, q);
	}
}

static struct plan_node *build(struct planner *p, const struct query_node *q)
{
	double outer = p->boost;
	struct plan_node *n;

	p->boost = within(outer * q->boost);
	n = build_weighted(p, q);
	p->boost = outer;
	return n;
}

int plan_build(struct plan *plan, const struct query_node *query, struct archive *archive,
	       struct analyzer *analyzer, double k1, double b, struct err *err)
{
	struct planner p = { .plan = plan, .archive = archive, .analyzer = analyzer, .boost = 1, .err = err };

	*plan = (struct plan){ .arena = ARENA_INIT };
	scorer_init(&plan->scorer, k1, b, archive->ndocs, archive->words);
	intern_init(&p.asked);
	plan->root = query ? build(&p, query) : new_node(&p, PLAN_NOTHING);
	intern_release(&p.asked);
	free(p.expanded);
	tokens_release(&p.tokens);
	buf_release(&p.scratch);
	if (p.rc < 0) {
		struct bytes fault = plan->fault;

		plan_release(plan);
		plan->fault = fault;
	}
	return p.rc;
}

void plan_release(struct plan *plan)
{
	for (size_t i = 0; i < plan->ntests; i++)
		form_test_release(plan->tests[i]);
	free(plan->tests);
	for (size_t i = 0; i < plan->npatterns; i++) {
		pattern_release(plan->patterns[i]);
		free(plan->patterns[i]);
	}
	free(plan->patterns);
	for (size_t i = 0; i < plan->nfilters; i++)
		filter_release(plan->filters[i]);
	free(plan->filters);
	buf_release(&plan->notes);
	arena_release(&plan->arena);
	*plan = (struct plan){ .root = NULL };
}
