/* corpus/generate/rng.h - a small generator of repeatable numbers, for made-up news and tests.
 *
 * From a seed, or from the bytes of a fuzzer's input as long as there are some: then
 * a draw takes as many bytes as its range needs, so that one changed byte changes one
 * draw.
 * Source  splitmix64: Steele, Lea, Flood, OOPSLA 2014.
 *
 *	struct rng r;
 *
 *	rng_init(&r, seed);
 *	x = rng_below(&r, 10);
 */
#ifndef MORGUE_RNG_H
#define MORGUE_RNG_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct rng {
	uint64_t state;
	const uint8_t *bytes; /* borrowed; drawn first */
	size_t left;
};

static inline void rng_init(struct rng *r, uint64_t seed)
{
	*r = (struct rng){ .state = seed };
}

static inline void rng_init_bytes(struct rng *r, const uint8_t *bytes, size_t n)
{
	*r = (struct rng){ .bytes = bytes, .left = n };
}

static inline uint64_t rng_next(struct rng *r)
{
	uint64_t z = r->state += UINT64_C(0x9E3779B97F4A7C15);

	z = (z ^ z >> 30) * UINT64_C(0xBF58476D1CE4E5B9);
	z = (z ^ z >> 27) * UINT64_C(0x94D049BB133111EB);
	return z ^ z >> 31;
}

/* 0..n-1, n up to 2^32. */
static inline uint64_t rng_draw(struct rng *r, uint64_t n)
{
	uint64_t v = 0;

	if (!r->left)
		return rng_next(r) % n;
	for (uint64_t wide = n - 1; wide && r->left; wide >>= 8, r->left--)
		v = v << 8 | *r->bytes++;
	return v % n;
}

/* 0..n-1; n > 0. The bias is that of a modulus: nothing a test would notice. */
static inline uint32_t rng_below(struct rng *r, uint32_t n)
{
	return (uint32_t)rng_draw(r, n);
}

/* low..high */
static inline uint32_t rng_range(struct rng *r, uint32_t low, uint32_t high)
{
	return low + (uint32_t)rng_draw(r, (uint64_t)high - low + 1);
}

/* True once in n. */
static inline bool rng_one_in(struct rng *r, uint32_t n)
{
	return rng_below(r, n) == 0;
}

#endif
