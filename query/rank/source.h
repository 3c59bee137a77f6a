/* query/rank/source.h - one term under the rules of a place in a phrase: its postings and where it stands.
 *
 * Owner   arrays live in the context's arena.
 * Errors  sticky in the context.
 */
#ifndef MORGUE_SOURCE_H
#define MORGUE_SOURCE_H

#include "rank/match.h"
#include "segment/positions.h"

struct source {
	struct postings post;
	struct positions posn;
	bool *allowed; /* by form number; NULL: every form will do */
};

/* Open an element's term number i: 1 it is there, 0 not in this segment. */
int source_open(struct match_context *ctx, struct source *s, const struct plan_element *e, size_t i);
/* The same, but only its .allowed is there, and *info what the dictionary says of it. */
int source_find(struct match_context *ctx, struct source *s, const struct plan_element *e, size_t i,
		struct term_info *info);

struct positions_list {
	uint32_t *pos, *form;
	size_t n, cap, form_cap;
};

/* Make `out` the positions of `count` occurrences, whatever their forms, behind them
 * POSITIONS_SLACK that are POSITION_NONE. 0 or ERR_CORRUPT. */
int source_occurrences(struct match_context *ctx, struct source *s, uint64_t first, uint32_t count,
		       struct positions_list *out);

/* Allowed occurrences in the doc at a place of the decoded block, those in the headline weighted;
 * with `title` only these, each once. `list` is room for work. */
uint32_t source_freq(struct match_context *ctx, struct source *s, uint32_t place, bool title,
		     struct positions_list *list);

/* Append the source's allowed positions in its current doc; only those below `limit`. */
void source_positions(struct match_context *ctx, struct source *s, uint64_t limit,
		      struct positions_list *out);

#endif
