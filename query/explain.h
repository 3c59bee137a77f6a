/* query/explain.h - how one article's score for a plan comes about.
 *
 * Every node of the plan is asked of the article alone, through the matches of match.h:
 * does it match, how often, what does it add. The sum is the score that ranking gives
 * the article, to the unit.
 * Owner   everything lives in the explanation's arena; nodes are borrowed from the plan.
 * Cost    that of finding the number among the docs of each segment, then for each leaf
 *         one seek; for a prefix its whole expansion.
 */
#ifndef MORGUE_EXPLAIN_H
#define MORGUE_EXPLAIN_H

#include "plan/plan.h"

struct explained_term {
	struct bytes term;
	uint32_t freq;
};

/* A node of the plan, as it is for the article. */
struct explained {
	const struct plan_node *node;
	bool matches;
	bool counts;             /* .score is part of the sum: it and all it stands under match */
	uint32_t freq;           /* of a scoring leaf */
	uint32_t headline;       /* occurrences in the headline; freq less H times as many are in the body */
	int64_t score;           /* of a scoring leaf; units of SCORE_ONE */
	struct explained *parts; /* for each child of the node; readings of a word included */
	size_t nparts;
	struct explained_term *terms; /* of an expansion: those in the article */
	size_t nterms;
};

struct explanation {
	struct explained root;
	const struct plan *plan;
	const struct archive *archive;
	int64_t date;
	uint8_t length; /* code */
	int64_t score;  /* the sum; 0 if the article does not match */
	struct arena arena;
};

/* Explain article `number`. 0; ERR_NOT_FOUND: no segment holds it. */
int explain(struct explanation *e, const struct plan *plan, const struct archive *archive, uint64_t number,
	    struct err *err);
void explanation_release(struct explanation *e);

/* The reading of a word that its frequency comes from. */
const struct explained *explained_reading(const struct explained *e);

#endif
