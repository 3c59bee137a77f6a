/* query/match.h - the docs of one segment that answer a plan, in order, with scores.
 *
 * This is the plain evaluator: doc at a time, every match scored, nothing pruned. It
 * stays as the reference that faster ones are proven against.
 * Shape   a match stands on a doc or on DOC_END; seek never goes back.
 * Owner   everything lives in the context's arena, gone with it.
 * Errors  sticky in the context: after the loop, look at .rc.
 * Cost    seek: that of the leaves; score: one decode of positions for phrases.
 *
 *	m = match_open(&ctx, plan->root);
 *	for (d = match_seek(m, 0); d != DOC_END; d = match_seek(m, d + 1))
 *		use(d, match_score(m));
 *	if (ctx.rc < 0)
 *		return ctx.rc;
 */
#ifndef MORGUE_MATCH_H
#define MORGUE_MATCH_H

#include "plan.h"

struct match;

struct match_context {
	const struct segment *seg;
	const struct scorer *scorer;
	struct arena arena;
	struct buf scratch;
	int rc;
};

void match_context_init(struct match_context *ctx, const struct segment *seg, const struct scorer *scorer);
void match_context_release(struct match_context *ctx);

struct match *match_open(struct match_context *ctx, const struct plan_node *node);
uint32_t match_seek(struct match *m, uint32_t target); /* first matching doc >= target */
int64_t match_score(struct match *m);                  /* of the current doc */
uint32_t match_freq(struct match *m);                  /* there; 0 if it is no scoring leaf */

#endif
