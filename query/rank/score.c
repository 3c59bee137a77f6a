#include "rank/score.h"

#include "segment/lengths.h"

#include <math.h>

#define LN2 0.693147180559945309417

double score_ln(double x)
{
	int exponent;
	double m = frexp(x, &exponent); /* exact */
	double t, square, power, sum = 0;

	if (m < 0.70710678118654752440) {
		m *= 2;
		exponent--;
	}
	t = (m - 1) / (m + 1); /* |t| < 0.172 */
	square = t * t;
	power = t;
	for (int k = 1; k < 24; k += 2) { /* ln m = 2 atanh t; 0.172^25 is below 2^-60 */
		sum += power / k;
		power *= square;
	}
	return exponent * LN2 + 2 * sum;
}

void scorer_init(struct scorer *s, double k1, double b, uint64_t ndocs, uint64_t total)
{
	double average = total ? (double)total / (double)ndocs : 1;
	const uint32_t *words = length_table();

	s->k1 = k1;
	s->ndocs = ndocs;
	for (unsigned code = 0; code < 256; code++)
		s->norm[code] = k1 * (1 - b + b * ((double)words[code] / average));
}

double scorer_idf(const struct scorer *s, uint64_t df)
{
	double n = (double)s->ndocs;
	double d = (double)(df < s->ndocs ? df : s->ndocs);

	return score_ln(1 + (n - d + 0.5) / (d + 0.5));
}

int64_t scorer_most(const struct scorer *s, double weight)
{
	return (int64_t)(weight * (s->k1 + 1) * (double)SCORE_ONE);
}

int64_t scorer_contribution(const struct scorer *s, double weight, uint32_t freq, uint8_t length_code)
{
	double most = weight * (s->k1 + 1) * (double)SCORE_ONE;

	return freq ? (int64_t)(most / (1 + s->norm[length_code] * (1.0 / freq))) : 0;
}
