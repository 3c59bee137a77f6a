/* query/plan.h - the tree of a question, its words analyzed and weighed for one archive.
 *
 * Weights come from the whole archive (docs/DECISIONS.md, "Scoring"), never from one
 * segment, so the number of segments cannot change a score. Expansions of a prefix
 * are found over the whole archive too.
 * Owner   nodes live in the plan's arena.
 */
#ifndef MORGUE_PLAN_H
#define MORGUE_PLAN_H

#include "archive/archive.h"
#include "parse.h"
#include "score.h"
#include "text/analyze.h"

enum plan_kind {
	PLAN_AND,          /* children; score: sum */
	PLAN_OR,           /* children; score: sum of those that match */
	PLAN_NOT,          /* one child; score 0 */
	PLAN_TERM,         /* terms[0], by its posting frequency */
	PLAN_PHRASE,       /* elements: at their offsets from each other, forms tested; one is =word */
	PLAN_EXPANSION,    /* terms together, by the sum of their frequencies */
	PLAN_ALTERNATIVES, /* children that are readings of one word; frequency: the largest */
	PLAN_DATE,         /* from <= date < to; score 0 */
	PLAN_UNDATED,
	PLAN_ALL,
	PLAN_NOTHING, /* matches no article */
};

/* One place in a phrase: a word, or any of several (a single CJK character). */
struct plan_element {
	uint32_t offset;     /* of its position from the first element's */
	struct bytes *terms; /* stems */
	size_t nterms;
	struct form_test *test;  /* which written forms will do; NULL: all */
	struct bytes prefix;     /* folded; forms must begin with it, if not empty */
	uint64_t df;             /* articles with the term, or with its commonest: idf comes from it */
	struct term_info *found; /* of a single term, for each segment; .df 0: not there. NULL: look it up */
};

struct plan_node {
	enum plan_kind kind;
	bool title;                     /* only occurrences in the headline count */
	double weight;                  /* of a scoring leaf */
	uint64_t df;                    /* of ALTERNATIVES: articles that the weight comes from */
	const struct query_node *asked; /* what a leaf was made from; NULL for readings of one word */
	struct plan_element *elements;  /* TERM and EXPANSION have one */
	size_t nelements;
	struct plan_node **children;
	size_t nchildren;
	int64_t from, to;
};

struct plan {
	struct plan_node *root;
	struct scorer scorer;
	struct arena arena;
	struct form_test **tests; /* to release */
	size_t ntests, tests_cap;
};

/* Plan `query` for the open archive. A NULL root of the query plans to PLAN_NOTHING. */
int plan_build(struct plan *plan, const struct query_node *query, const struct archive *archive,
	       struct analyzer *analyzer, double k1, double b, struct err *err);
void plan_release(struct plan *plan);

/* Does a written form of a stem do for this element? */
bool plan_element_form(const struct plan_element *e, struct bytes form, struct buf *scratch);

#endif
