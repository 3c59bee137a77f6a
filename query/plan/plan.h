/* query/plan/plan.h - the tree of a question, its words analyzed and weighed for one archive.
 *
 * Weights come from the whole archive (docs/DECISIONS.md, "Scoring"), never from one
 * segment, so the number of segments cannot change a score. Expansions of a prefix
 * are found over the whole archive too.
 * Owner   nodes live in the plan's arena.
 */
#ifndef MORGUE_PLAN_H
#define MORGUE_PLAN_H

#include "archive/archive.h"
#include "parse/parse.h"
#include "patterns/pattern.h"
#include "rank/score.h"
#include "text/analyze.h"

enum plan_kind {
	PLAN_AND,          /* children; score: sum */
	PLAN_OR,           /* children; score: sum of those that match */
	PLAN_NOT,          /* one child; score 0 */
	PLAN_TERM,         /* terms[0], by its posting frequency */
	PLAN_PHRASE,       /* elements: at their offsets from each other, forms tested; one is =word */
	PLAN_EXPANSION,    /* terms together, by the sum of their frequencies */
	PLAN_ALTERNATIVES, /* children that are readings of one word; frequency: the largest */
	PLAN_NEAR,         /* children a, b: near each other, by .unit, .n and .ordered */
	PLAN_NOT_NEAR,     /* children a, b: a that has no b so near */
	PLAN_WITHIN,       /* one child: where it stands in .regions */
	PLAN_AT_LEAST,     /* one child: .n occurrences; score: the child's */
	PLAN_SOME_OF,      /* children: .n of them; score: sum of those that match */
	PLAN_DATE,         /* from <= date < to; score 0 */
	PLAN_UNDATED,
	PLAN_FIELD, /* any of the terms, which are values of a field; score 0 */
	PLAN_TEST,  /* what .filter lets through, of the child's docs if there is one; score 0 */
	PLAN_ALL,
	PLAN_NOTHING, /* matches no article */
};

/* One place in a phrase: a word, or any of several (a prefix, a pattern, a single CJK
 * character). Which forms will do is said by .test, .prefix, .pattern and .capitals together. */
struct plan_element {
	uint32_t offset;     /* of its position from the first element's */
	struct bytes *terms; /* stems; of several the commonest first */
	size_t nterms;
	struct form_test *test;   /* NULL: all */
	struct bytes prefix;      /* folded; forms must begin with it, if not empty */
	struct pattern *pattern;  /* forms must match it, or do without 's; NULL: all. The plan's */
	struct bytes shown;       /* of a prefix or pattern: as it was asked */
	enum query_form capitals; /* 0: written with capitals or without */
	bool misspelt;            /* the pattern is a word that may be written a little otherwise */
	uint64_t stands_for;      /* stems, of which .nterms are searched */
	uint64_t df;              /* articles with the term, or with the commonest: idf comes from it */
	size_t commonest;         /* of several terms */
	struct term_info *found;  /* of term i in segment s at s * nterms + i; .df 0: not there. NULL:
	                          * look it up */
	bool *whole;              /* beside .found: none of its forms there will not do; NULL: look */
};

static inline bool plan_element_expands(const struct plan_element *e)
{
	return e->prefix.n || e->pattern;
}

/* Do only some written forms do? */
static inline bool plan_element_tests(const struct plan_element *e)
{
	return e->test || e->capitals || plan_element_expands(e);
}

/* What it is called in a message. */
static inline struct bytes plan_element_shown(const struct plan_element *e)
{
	return plan_element_expands(e) ? e->shown : e->nterms ? e->terms[0] : BYTES_NONE;
}

struct plan_node {
	enum plan_kind kind;
	bool title;                     /* only occurrences in the headline count */
	double weight;                  /* of a scoring leaf */
	double boost;                   /* what it was multiplied by, of a part that was asked for */
	uint64_t df;                    /* of ALTERNATIVES: articles that the weight comes from */
	const struct query_node *asked; /* what a leaf was made from; NULL for readings of one word */
	struct plan_element *elements;  /* TERM and EXPANSION have one */
	size_t nelements;
	struct plan_node **children;
	size_t nchildren;
	int64_t from, to;
	struct filter *filter; /* of what is no word */
	enum query_unit unit;
	bool ordered;
	uint32_t n;
	unsigned regions;
	uint32_t first; /* of REGION_FIRST */
};

/* Is it one plain word, in any form and anywhere? */
static inline bool plan_is_word(const struct plan_node *node)
{
	return node->kind == PLAN_TERM && !node->title;
}

/* Does it add to a score by a weight of its own? */
static inline bool plan_weighs(const struct plan_node *node)
{
	switch (node->kind) {
	case PLAN_TERM:
	case PLAN_PHRASE:
	case PLAN_EXPANSION:
	case PLAN_NEAR:
	case PLAN_NOT_NEAR:
	case PLAN_WITHIN:
	case PLAN_ALTERNATIVES: return true;
	default: return false;
	}
}

/* Does it match by where it stands, with a frequency and a weight of its own? */
static inline bool plan_is_placed(const struct plan_node *node)
{
	return node->kind == PLAN_NEAR || node->kind == PLAN_NOT_NEAR || node->kind == PLAN_WITHIN;
}

/* Has it a weight and, where it matches, a frequency? Others score what stands below them. */
static inline bool plan_scores(const struct plan_node *node)
{
	return node->kind == PLAN_TERM || node->kind == PLAN_PHRASE || node->kind == PLAN_EXPANSION ||
	       node->kind == PLAN_ALTERNATIVES || plan_is_placed(node);
}

struct plan {
	struct plan_node *root;
	struct scorer scorer;
	struct arena arena;
	struct buf notes;         /* lines: what is not searched to the last word */
	struct bytes fault;       /* of ERR_USAGE: the piece of the question that is wrong */
	struct form_test **tests; /* to release */
	size_t ntests, tests_cap;
	struct pattern **patterns; /* likewise */
	size_t npatterns, patterns_cap;
	struct filter **filters; /* what they hold, likewise */
	size_t nfilters, filters_cap;
};

/* Plan `query` for the open archive. A NULL root of the query plans to PLAN_NOTHING. ERR_USAGE
 * for a pattern that cannot be one. */
int plan_build(struct plan *plan, const struct query_node *query, struct archive *archive,
	       struct analyzer *analyzer, double k1, double b, struct err *err);
void plan_release(struct plan *plan);

/* Compile what a node asks for by `text` (a regular expression, a word and its misspellings, else
 * with wildcards) into *out, which the plan keeps. An error leaves what is wrong of the question
 * in *fault. */
int plan_pattern(struct plan *plan, const struct query_node *q, struct bytes text, struct pattern **out,
		 struct bytes *fault, struct err *err);

/* Does a written form of a stem do for this element? */
bool plan_element_form(const struct plan_element *e, struct bytes form, struct buf *scratch);

/* How many edits it is away from what was asked, 0 unless that may be misspelt; negative if it
 * does not do. */
int plan_element_edits(const struct plan_element *e, struct bytes form, struct buf *scratch);

#endif
