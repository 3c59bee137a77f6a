/* query/rank/term_scores.h - what a leaf of one weight adds to a score, from a table.
 *
 * Why this is fast: contributions depend on frequency and length code alone, and
 * frequencies are small. A row of 256 for each of the first SCORE_ROWS frequencies
 * is filled when it is first needed (256 divisions, of which vectors do several at
 * once), and a posting then costs a load instead of a division (`make bench
 * BENCH=queries`, union top 10).
 * Shape   every contribution is below SCORE_LIMIT: term_scores_init says whether it is so.
 * Owner   rows live in the arena.
 * Source  the numbers are those of scorer_contribution, to the unit.
 */
#ifndef MORGUE_TERM_SCORES_H
#define MORGUE_TERM_SCORES_H

#include "base/arena.h"
#include "rank/score.h"
#include "segment/impacts.h"

#define SCORE_ROWS  24u
#define SCORE_LIMIT (INT64_C(1) << 30)

struct term_scores {
	const struct scorer *scorer;
	double weight;
	struct arena *arena;
	int32_t *rows[SCORE_ROWS]; /* by frequency - 1: 256 contributions by length code */
	uint32_t filled;           /* rows that are there */
	uint32_t paying;           /* rows that pay for themselves, of a list that is expected */
};

/* False if a contribution could reach SCORE_LIMIT. */
bool term_scores_init(struct term_scores *t, const struct scorer *scorer, double weight, struct arena *arena);

/* Fill the rows of frequencies up to `freq`, SCORE_ROWS at most. */
void term_scores_fill(struct term_scores *t, uint32_t freq);

/* A list of df postings is going to be scored: of rows, fill no more than pay for themselves. */
void term_scores_expect(struct term_scores *t, uint32_t df);

/* A posting of it has this frequency: fill the rows up to it, if they pay. */
static inline void term_scores_meet(struct term_scores *t, uint32_t freq)
{
	if (freq > t->filled && t->filled < t->paying)
		term_scores_fill(t, freq < t->paying ? freq : t->paying);
}

static inline int32_t term_score(const struct term_scores *t, uint32_t freq, uint8_t length)
{
	if (freq - 1 < t->filled)
		return t->rows[freq - 1][length];
	return (int32_t)scorer_contribution(t->scorer, t->weight, freq, length);
}

/* The same of a posting that is met. */
static inline int32_t term_score_met(struct term_scores *t, uint32_t freq, uint8_t length)
{
	term_scores_meet(t, freq);
	return term_score(t, freq, length);
}

/* The best of a set of impacts. */
int32_t term_scores_bound(const struct term_scores *t, const struct impacts *set);

#endif
