#include "rank/term_scores.h"

bool term_scores_init(struct term_scores *t, const struct scorer *scorer, double weight, struct arena *arena)
{
	*t = (struct term_scores){ .scorer = scorer, .weight = weight, .arena = arena };
	return scorer_most(scorer, weight) < SCORE_LIMIT;
}

void term_scores_fill(struct term_scores *t, uint32_t freq)
{
	double most = t->weight * (t->scorer->k1 + 1) * (double)SCORE_ONE;

	for (freq = freq < SCORE_ROWS ? freq : SCORE_ROWS; t->filled < freq; t->filled++) {
		int32_t *row = t->rows[t->filled] = arena_alloc(t->arena, 256 * sizeof *row);
		double inverse = 1.0 / (t->filled + 1);

		for (unsigned length = 0; length < 256; length++)
			row[length] = (int32_t)(most / (1 + t->scorer->norm[length] * inverse));
	}
}

/* Filling a row costs some 64 contributions worked out one by one. Of df postings about
 * df / f^2 have the frequency f, so rows pay up to a frequency of the root of df / 64; twice
 * that many postings are looked up when bounds are, too. */
void term_scores_expect(struct term_scores *t, uint32_t df)
{
	t->paying = 0;
	while (t->paying < SCORE_ROWS && (uint64_t)(t->paying + 1) * (t->paying + 1) * 32 <= df)
		t->paying++;
}

int32_t term_scores_bound(const struct term_scores *t, const struct impacts *set)
{
	int32_t most = 0;

	for (uint32_t i = 0; i < set->n; i++) {
		int32_t score = term_score(t, set->v[i].freq, set->v[i].length);

		most = score > most ? score : most;
	}
	return most;
}
