/* query/rank/score.h - BM25 in integers: one function for scores and for bounds.
 *
 * A contribution is floor(weight * (k1 + 1) * 2^20 / (1 + norm * (1 / freq))), where norm =
 * k1 * (1 - b + b * length / average), which is BM25's weight * freq * (k1 + 1) / (freq + norm).
 * It is computed in doubles by + - * / alone, without fused operations, so that every
 * compiler and machine gets the same integer. Frequency and length stand once each, and
 * rounding never turns an order around: so it never falls with freq and never rises with
 * length, to the last unit, and the best of a block's impacts bounds the block exactly.
 * Totals are sums in 64 bits: no order of evaluation can change them.
 * Source  Robertson & Zaragoza 2009; idf as in Lucene, never negative.
 */
#ifndef MORGUE_SCORE_H
#define MORGUE_SCORE_H

#include <stdint.h>

#define SCORE_ONE (INT64_C(1) << 20) /* the unit: a score of 1.0 */

#define BM25_K1 1.2
#define BM25_B  0.75

struct scorer {
	double k1;
	double norm[256]; /* k1 * (1 - b + b * length / average), by length code */
	uint64_t ndocs;
};

/* Statistics of the whole archive: articles and the sum of their lengths. 0 <= b <= 1, k1 >= 0. */
void scorer_init(struct scorer *s, double k1, double b, uint64_t ndocs, uint64_t words);

/* idf = ln(1 + (N - df + 0.5) / (df + 0.5)); df counts as at most N. */
double scorer_idf(const struct scorer *s, uint64_t df);

/* Natural logarithm of x > 0 by series; error below 1e-15 relative. */
double score_ln(double x);

/* No contribution of a leaf of this weight is higher. */
int64_t scorer_most(const struct scorer *s, double weight);

int64_t scorer_contribution(const struct scorer *s, double weight, uint32_t freq, uint8_t length_code);

#endif
