/* query/rank/clause.h - one part of a question that adds to a score, walked by blocks.
 *
 * A clause is a plain term, read straight from its postings, or any other tree,
 * read through its matcher. Both answer the same calls, so that one evaluator
 * serves `a b c` and `a "b c" title:d` alike.
 * Shape   docs are asked for in windows or batches that never go back.
 * Owner   everything lives in the context's arena.
 * Errors  sticky in the context: .rc after the loop.
 */
#ifndef MORGUE_CLAUSE_H
#define MORGUE_CLAUSE_H

#include "rank/match.h"
#include "segment/postings.h"
#include "rank/term_scores.h"

#define WINDOW 4096u /* docs scored together: 16 KiB of sums, half of a first-level cache */

struct clause {
	struct match_context *ctx;
	const struct plan_node *node;
	struct match *tree; /* NULL: a term */
	struct postings post;
	struct term_scores scores;
	int32_t *block_bounds, *run_bounds; /* of a long list; -1: not worked out yet */
	uint32_t next;                      /* first block that may hold what is asked for next */
	int64_t limit;                      /* no contribution is higher */
	uint64_t cost;                      /* docs that it may have */
	bool leads;                         /* clause_next is asked for ever more: see there */
	bool scored;                        /* opened for more than its docs */
};

/* Docs with what they have scored so far, ascending. */
struct batch {
	uint32_t n;
	uint32_t docs[POSTINGS_BLOCK];
	int64_t scores[POSTINGS_BLOCK];
};

/* Take dead docs out. */
void batch_bury(struct batch *batch, const struct dead_docs *dead);

/* Open a plan's node. False if its scores may not fit 30 bits: such plans are rare
 * (a weight or k1 in the thousands) and scored doc by doc. */
bool clause_open(struct clause *c, struct match_context *ctx, const struct plan_node *node);

/* Open it for its docs alone: clause_next_docs and clause_keep. */
void clause_open_docs(struct clause *c, struct match_context *ctx, const struct plan_node *node);

/* All of them are required: order them from rare to common, by .cost, but after the first those that
 * gather come last. The first leads: it need not find what the others have no words for, and if
 * it gathers it has. Returns where the others that do begin. */
size_t clauses_order(struct clause *clauses, size_t n);

/* match_gathers and what follows it, in match.h; a term never does. Until a clause that does has been
 * gathered, .limit is what it could be at most, and nothing else may be asked of it. */
bool clause_gathers(const struct clause *c);
void clause_gather(struct clause *c);
void clause_gather_worth(struct clause *c, int64_t least);
void clause_gather_among(struct clause *c, struct gathered *g);
size_t clause_gather_least(struct clause *c, uint32_t *docs, int64_t *least, size_t n, size_t lists);
size_t clause_gather_met(struct clause *c, uint32_t *docs, size_t n);

/* Stand before the first doc again; only a term can. */
void clause_rewind(struct clause *c);

/* No doc in [from, to) gets more from the clause; 0 if there is none. `from` never goes
 * back. Cost: a few impacts; those of a dense list by runs of blocks. */
int64_t clause_bound(struct clause *c, uint32_t from, uint32_t to);

/* Sums of a window: twice the score, plus one if the doc was met at all. Add the clause's
 * docs in [from, to), to - from <= WINDOW, but for blocks whose bound is below `least`. */
void clause_add(struct clause *c, uint32_t from, uint32_t to, int64_t least, uint32_t sums[WINDOW]);

/* The next docs in [from, to), POSTINGS_BLOCK at most, with their scores, of those that
 * can score `least` or more. *from is moved behind them; to or more when it was all. If
 * .leads is set, `least` never falls from call to call and nothing else is asked of the
 * clause: then a tree may pass over for good what scores less. */
void clause_next(struct clause *c, uint32_t *from, uint32_t to, int64_t least, struct batch *batch);
/* The same without scores and without a least one. */
void clause_next_docs(struct clause *c, uint32_t *from, uint32_t to, struct batch *batch);

/* Add to each doc of the batch what it gets here, no doc more than `bound`. Docs that could
 * not come to `needed` with `rest` more are dropped, and with `required` those that are not
 * here at all. */
void clause_join(struct clause *c, struct batch *batch, bool required, int64_t bound, int64_t needed,
		 int64_t rest);
/* Keep the docs of the batch that are here, leaving scores alone. */
void clause_keep(struct clause *c, struct batch *batch);

/* A score that at least k docs of the segment reach by this clause alone, or 0. */
int64_t clause_top(struct clause *c, uint64_t k);

#endif
