/* query/rank/match_leaf.h - the inside of a match, and the leaves that read postings. */
#ifndef MORGUE_MATCH_LEAF_H
#define MORGUE_MATCH_LEAF_H

#include "rank/match.h"
#include "segment/postings.h"

/* What a word adds to the score of a doc that has it: at most what it would by this weight if all its
 * occurrences counted, and at most .limit, which is in what the doc needs already. 0: that is not known. */
struct worth {
	double weight;
	int64_t limit;
};

struct match_ops {
	uint32_t (*seek)(struct match *m, uint32_t target);
	bool (*is)(struct match *m, uint32_t doc);                     /* NULL: seek says it as well */
	uint32_t (*keep)(struct match *m, uint32_t *docs, uint32_t n); /* NULL: they are asked one by one */
	bool tests;                                                    /* match_tests */
	void (*narrow)(struct match *m, const struct term_info *term,
		       struct worth worth);    /* NULL: it would not help */
	int64_t (*score)(struct match *m);     /* NULL: 0 */
	uint32_t (*freq)(struct match *m);     /* of leaves, alternatives and what works by places */
	uint32_t (*headline)(struct match *m); /* of what works by places */
	int64_t (*limit)(struct match *m);     /* NULL: not known */
	const struct gather_ops *gather;       /* NULL: it reads lists as they are asked for */
};

/* Of a match that is worked out before it says anything: match_gathers and what follows it. */
struct gather_ops {
	bool (*pending)(const struct match *m);
	void (*whole)(struct match *m);
	void (*worth)(struct match *m, int64_t least);
	void (*among)(struct match *m, struct gathered *g);
	size_t (*least)(struct match *m, uint32_t *docs, int64_t *least, size_t n, size_t lists);
	size_t (*met)(struct match *m, uint32_t *docs, size_t n);
};

struct match { /* the first member of every kind */
	const struct match_ops *ops;
	struct match_context *ctx;
	uint32_t doc;
	bool begun;
	uint64_t cost;
	int64_t least; /* docs that score less may be passed over */
};

void *match_new(struct match_context *ctx, size_t size, const struct match_ops *ops);

/* What a leaf of this weight and frequency adds to the current doc's score. */
int64_t match_contribution(const struct match *m, double weight, uint32_t freq);

/* Make the context's error sticky; DOC_END. */
uint32_t match_corrupt(struct match_context *ctx);

/* postings_seek, its error kept in the context. */
uint32_t match_seek_postings(struct match_context *ctx, struct postings *post, uint32_t target);

/* What the segment has of an element's term number i, kept there or looked up: 1 or 0. */
int match_find_in(struct match_context *ctx, const struct plan_element *e, size_t i, struct term_info *info);

/* Look a TERM node's term up, its headline list under `title`: 1 found, 0 not there, and so if corrupt. */
int match_find_term(struct match_context *ctx, const struct plan_node *node, struct term_info *info);

struct match *match_open_term(struct match_context *ctx, const struct plan_node *node);
struct match *match_open_expansion(struct match_context *ctx, const struct plan_node *node);
struct match *match_open_phrase(struct match_context *ctx, const struct plan_node *node);
struct match *match_open_any_phrase(struct match_context *ctx, const struct plan_node *node);
struct match *match_open_placed(struct match_context *ctx, const struct plan_node *node);

/* NULL: not two plain words near each other; not more of them; not a plain word in a region. */
struct match *match_open_near_words(struct match_context *ctx, const struct plan_node *node);
struct match *match_open_near_chain(struct match_context *ctx, const struct plan_node *node);
struct match *match_open_within_words(struct match_context *ctx, const struct plan_node *node);

#endif
