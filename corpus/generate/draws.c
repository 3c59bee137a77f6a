#include "generate/draws.h"

#include <math.h>
#include <string.h>

#define RANK_LIMIT 1099511627776.0 /* 2^40 */

struct rng rng_for(uint64_t what, uint64_t which)
{
	struct rng r;

	rng_init(&r, what);
	rng_init(&r, rng_next(&r) ^ which * UINT64_C(0xD1342543DE82EF95));
	rng_init(&r, rng_next(&r));
	return r;
}

double draw_uniform(struct rng *r)
{
	return (double)((rng_next(r) >> 11) + 1) * 0x1p-53;
}

bool draw_chance(struct rng *r, uint32_t of_10000)
{
	return rng_below(r, 10000) < of_10000;
}

/* 2^x for |x| below 1000, to eight digits: the whole part goes into the exponent, the rest
 * through Taylor's series, ln(2)^k / k!. */
static double power_of_two(double x)
{
	static const double terms[] = { 1,
					0.693147180559945,
					0.240226506959101,
					0.0555041086648216,
					0.00961812910762848,
					0.00133335581464284,
					0.000154035303933816,
					1.52527338040598e-05,
					1.32154867901443e-06 };
	double whole = floor(x), y = x - whole, sum = 0, result;
	uint64_t bits = (uint64_t)(1023 + (int)whole) << 52;

	for (int k = 8; k >= 0; k--)
		sum = sum * y + terms[k];
	memcpy(&result, &bits, sizeof result);
	return result * sum;
}

/* The bits set in a random word are the heads of 64 coins: a binomial of variance 16,
 * made smooth by one uniform (variance 1/12). */
double draw_normal(struct rng *r)
{
	int heads = __builtin_popcountll(rng_next(r));

	return (heads - 32.5 + draw_uniform(r)) * 0.24935; /* 1 / sqrt(16 + 1/12) */
}

double draw_lognormal(struct rng *r, double sigma)
{
	return power_of_two(draw_normal(r) * sigma * 1.442695040888963407);
}

/* A run of uniforms that falls: its first one is exponential if the run's length is odd;
 * if not, begin again one further on. */
double draw_exponential(struct rng *r)
{
	for (double whole = 0;; whole++) {
		double first = draw_uniform(r), last = first, next;
		bool odd = true;

		while ((next = draw_uniform(r)) < last) {
			last = next;
			odd = !odd;
		}
		if (odd)
			return whole + first;
	}
}

static double pareto_at(double u) /* u^(-7/8), by three square roots */
{
	double half = sqrt(u), quarter = sqrt(half);

	return 1 / (half * quarter * sqrt(quarter));
}

double draw_pareto(struct rng *r)
{
	return pareto_at(draw_uniform(r));
}

double pareto_mean(double most)
{
	const int steps = 4096;
	double sum = 0;

	for (int i = 0; i < steps; i++)
		sum += floor(fmin(pareto_at((i + 0.5) / steps), most));
	return sum / steps;
}

uint64_t draw_rank(struct rng *r, const struct zipf *z)
{
	double u, x;

	if (draw_chance(r, z->tail)) {
		u = draw_uniform(r); /* x^-1.8 has the tail x^-0.8 = u, so x = u^(-5/4) */
		x = z->flat * (double)(UINT64_C(1) << z->doublings) / (u * sqrt(sqrt(u)));
	} else {
		x = z->flat * (power_of_two(draw_uniform(r) * z->doublings) - 1);
	}
	return (uint64_t)fmin(x, RANK_LIMIT - 1);
}

uint32_t draw_one_of(struct rng *r, uint32_t n)
{
	double x = 1, doublings = 0;
	uint32_t i;

	for (; x < n + 1.0; x *= 2)
		doublings++;
	do
		i = (uint32_t)power_of_two(draw_uniform(r) * doublings) - 1;
	while (i >= n);
	return i;
}
