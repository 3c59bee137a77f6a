/* query/match_leaf.h - the inside of a match, and the leaves that read postings. */
#ifndef MORGUE_MATCH_LEAF_H
#define MORGUE_MATCH_LEAF_H

#include "match.h"

struct match_ops {
	uint32_t (*seek)(struct match *m, uint32_t target);
	int64_t (*score)(struct match *m); /* NULL: 0 */
	uint32_t (*freq)(struct match *m); /* of leaves and alternatives */
};

struct match { /* the first member of every kind */
	const struct match_ops *ops;
	struct match_context *ctx;
	uint32_t doc;
	bool begun;
};

void *match_new(struct match_context *ctx, size_t size, const struct match_ops *ops);

/* What a leaf of this weight and frequency adds to the current doc's score. */
int64_t match_contribution(const struct match *m, double weight, uint32_t freq);

struct match *match_open_term(struct match_context *ctx, const struct plan_node *node);
struct match *match_open_expansion(struct match_context *ctx, const struct plan_node *node);
struct match *match_open_phrase(struct match_context *ctx, const struct plan_node *node);

#endif
