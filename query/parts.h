/* query/parts.h - the parts of a question, each with the articles that it finds by itself.
 *
 * Owner   everything lives in the arena of the counter.
 * Cost    a plan and a count for each part, of PARTS_MOST at most; what comes after them
 *         is not counted.
 */
#ifndef MORGUE_PARTS_H
#define MORGUE_PARTS_H

#include "plan/plan.h"

#define PARTS_MOST 200u /* counted */
#define TERMS_KEPT 100u /* of a prefix, a pattern, a misspelling */

struct part {
	const struct query_node *node;
	bool counted;
	uint64_t matches;
	struct bytes *terms; /* words of the index that a leaf stands for */
	size_t nterms;       /* at most TERMS_KEPT */
	size_t stands_for;   /* all of them */
	struct part *parts;  /* for each child of the node */
	size_t nparts;
};

struct counter {
	struct archive *archive;
	struct analyzer *analyzer;
	struct arena *arena;
	unsigned left; /* counts still allowed */
};

/* The articles that match `n`. */
int count_matches(const struct counter *c, const struct query_node *n, uint64_t *matches, struct err *err);

/* The tree below `n`, counted. */
int parts_count(struct counter *c, const struct query_node *n, struct part *part, struct err *err);

#endif
