/* query/rank/match.h - the docs of one segment that answer a plan, in order, with scores.
 *
 * Doc at a time, for every kind of tree. The evaluators that work by blocks (best.h,
 * count.h) use it for the parts that are no plain terms, and are proven equal to it.
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

#include "plan/plan.h"

struct match;

struct match_context {
	const struct segment *seg;
	uint32_t number; /* of the segment in its archive */
	const struct scorer *scorer;
	struct arena arena;
	struct arena doc_arena; /* for what is worked out about one doc */
	struct buf scratch;
	/* sums by doc, and which are asked about, a bit each; all zero between uses: sums.c */
	uint32_t *sums;
	uint64_t *met;
	uint32_t *places;             /* for each word of .met */
	uint32_t sums_room, met_room; /* docs; words */
	struct expanded **expanded;   /* of the segment: added up already, by their hash; or NULL */
	bool in_order;                /* docs will be asked for from the first on, perhaps only a few */
	int rc;
	const struct err *why; /* of .rc; NULL: the segment is damaged */
};

/* Docs that ascend, with what they score so far. */
struct gathered {
	uint32_t *docs;
	int64_t *scores;
	size_t n, docs_cap, scores_cap;
	uint64_t wanted; /* of the best, when this is the last that they score by; 0: all */
	int64_t needed;  /* what one of them scores at least */
};

void match_context_init(struct match_context *ctx, const struct scorer *scorer);
/* Begin on a segment; what was opened in the context is gone. Until then the elements of plans
 * that are opened stay as they are. */
void match_context_enter(struct match_context *ctx, const struct segment *seg, uint32_t number);
void match_context_release(struct match_context *ctx);

struct match *match_open(struct match_context *ctx, const struct plan_node *node);
uint32_t match_seek(struct match *m, uint32_t target); /* first matching doc >= target */
bool match_is(struct match *m, uint32_t doc);          /* is it one? Asked by rising doc */
bool match_is_worth(struct match *m, uint32_t doc,
		    int64_t least); /* likewise; it may say no if it scores less */
uint32_t
match_keep(struct match *m, uint32_t *docs,
	   uint32_t n); /* likewise of at most a block of docs, which ascend: keep those, how many? */
int64_t match_score(struct match *m);     /* of the current doc */
uint32_t match_freq(struct match *m);     /* there; 0 if it is no scoring leaf */
uint32_t match_headline(struct match *m); /* of what works by places: its matches in the headline */

/* Does it say of a doc that it is one for far less than it takes to find the next? */
bool match_tests(const struct match *m);

/* Is it less work to ask it about so many docs of a stretch than to walk it there? */
bool match_is_asked(const struct match *m, uint64_t docs, uint64_t stretch);

/* About how many docs are looked at to walk it; to compare, no more. */
uint64_t match_cost(const struct match *m);

/* No doc scores more; INT64_MAX if that is not known. */
int64_t match_limit(struct match *m);

/* Before it is sought in: only docs that `other` matches are wanted, which need not be found out here. If
 * `limit` is not 0, what docs need (match_need) is so much less than they must score with `other`. */
void match_narrow(struct match *m, const struct plan_node *other, int64_t limit);

/* Will it be worked out for all docs when it is first asked for one? Such a match says nothing of
 * its limit yet, and docs are better gathered from all else first. Then: */
bool match_gathers(const struct match *m);
void match_gather(struct match *m); /* work it out for all */
/* The same, but docs that score less than `least` need not be found. */
void match_gather_worth(struct match *m, int64_t least);
/* Work it out for these docs only: from now on no others are asked for. Where some are wanted, it may
 * let go of docs that cannot be among them, or are not there at all. */
void match_gather_among(struct match *m, struct gathered *g);
/* Add to least[] what each of n docs, ascending, is sure to score, by `lists` of its lists at most, and
 * keep those where it is sure that they are there; returns their number. It is as it was. */
size_t match_gather_least(struct match *m, uint32_t *docs, int64_t *least, size_t n, size_t lists);
/* Keep those of the docs that it has; returns their number. It is as it was. */
size_t match_gather_met(struct match *m, uint32_t *docs, size_t n);

/* From now on docs that score less than `least` need not be found. */
void match_need(struct match *m, int64_t least);

#endif
