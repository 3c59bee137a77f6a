/* corpus/generate/draws.h - numbers from the distributions that made-up news needs.
 *
 * Repeatable to the last bit on every machine and compiler: no functions of libm but
 * sqrt, which IEEE 754 rounds exactly; sums, products and quotients of doubles in the
 * order written (-ffp-contract=off), integers elsewhere. C leaves the order of arguments
 * open, so no call has two that draw.
 *
 * Source  exponential: von Neumann, NBS Applied Mathematics Series 12, 1951. Ranks of
 *         words: Zipf's law with Mandelbrot's flat top (1953) as far as the words that
 *         everybody uses, and a steeper law with no end behind them, which makes the
 *         vocabulary grow as Heaps' law says: Gerlach & Altmann, Physical Review X 3, 2013.
 */
#ifndef MORGUE_DRAWS_H
#define MORGUE_DRAWS_H

#include "generate/rng.h"

double draw_uniform(struct rng *r);                 /* above 0, up to 1 */
double draw_normal(struct rng *r);                  /* mean 0, variance 1, never beyond 8 */
double draw_exponential(struct rng *r);             /* mean 1 */
bool draw_chance(struct rng *r, uint32_t of_10000); /* draws even if it is 0: what follows stays */

/* Median 1, and the mean that `sigma` gives: about exp(sigma^2 / 2). */
double draw_lognormal(struct rng *r, double sigma);

/* At least 1, no upper end: P(x >= s) = s^(-8/7). The mean of min(x, most) is pareto_mean(most). */
double draw_pareto(struct rng *r);
double pareto_mean(double most);

/* A law of ranks. Rank x below flat * 2^doublings has a weight of 1 / (x + flat); from
 * there on the weight falls as x^-1.8, and `tail` of 10,000 draws fall there. Where the two
 * meet without a jump tail is 10000 / (1 + 0.8 ln 2 * doublings). */
struct zipf {
	double flat;
	uint32_t doublings, tail;
};

uint64_t draw_rank(struct rng *r, const struct zipf *z); /* 0 is the commonest; below 2^40 */

/* One of n by the plain law 1 / (rank + 1). */
uint32_t draw_one_of(struct rng *r, uint32_t n);

/* Another rng for every value of what: independent of its neighbours. */
struct rng rng_for(uint64_t what, uint64_t which);

#endif
