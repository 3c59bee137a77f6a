/* shared/segment/rows.h - 128 values laid out in rows of four: pack, unpack, add them up.
 *
 * Shape   layout: docs/FORMAT.md, "Packed arrays", the body of a full array.
 * Cost    see rows.c. MORGUE_NO_AVX2 in the environment keeps to what every processor has.
 * Source  Lemire & Boytsov 2015 (SIMD-BP128).
 */
#ifndef MORGUE_ROWS_H
#define MORGUE_ROWS_H

#include <stdint.h>

#define ROW_LANES   4u
#define ROWS_VALUES 128u

/* Four values in a vector of the compiler's own (GCC and clang, on any processor). */
typedef uint32_t row_of_4 __attribute__((vector_size(16), aligned(4), may_alias));

/* The lower `bits`, 1 to 32, of each value into the 16 * bits bytes at `out`. */
void rows_pack(uint8_t *out, const uint32_t *values, unsigned bits);

/* Values of `bits` 1 to 32 from the 16 * bits bytes at `in`. */
void rows_unpack(uint32_t *values, const uint8_t *in, unsigned bits);

/* Sum i = base + i + values 0 to i, modulo 2^32; returns the values or-ed together, which
 * tells whether they can pass 32 bits. In place is fine. */
uint32_t rows_add_up(uint32_t *sums, const uint32_t *values, uint32_t base);

/* Add `more` to each value. Then sum i = values 0 to i, of which parts weigh so much and count once: values - weight *
 * parts + parts, modulo 2^32. *any: the parts or-ed together. Returns what is left of the values without weighted
 * parts and the values, before and after, or-ed together, which tells whether one is negative. */
uint32_t rows_add_up_but(uint32_t *sums, uint32_t *values, uint32_t more, const uint32_t *parts,
			 uint32_t weight, uint32_t *any);

/* The same, plainly: the oracles of the above. */
void rows_pack_plain(uint8_t *out, const uint32_t *values, unsigned bits);
void rows_unpack_plain(uint32_t *values, const uint8_t *in, unsigned bits);
uint32_t rows_add_up_plain(uint32_t *sums, const uint32_t *values, uint32_t base);
uint32_t rows_add_up_but_plain(uint32_t *sums, uint32_t *values, uint32_t more, const uint32_t *parts,
			       uint32_t weight, uint32_t *any);

#ifdef __has_builtin
#define ROWS_SHUFFLE __has_builtin(__builtin_shufflevector)
#else
#define ROWS_SHUFFLE 0
#endif

/* Make n values 0. So few are quicker stored by rows than by what memset becomes. */
static inline void rows_clear(uint32_t *values, uint32_t n)
{
	const row_of_4 zero = { 0 };
	uint32_t i = 0;

	for (; i + ROW_LANES <= n; i += ROW_LANES)
		*(row_of_4 *)(values + i) = zero;
	for (; i < n; i++)
		values[i] = 0;
}

/* As rows_add_up, of n values. Up to three more are read and or-ed, and sums written for them. */
static inline uint32_t rows_add_up_few(uint32_t *sums, const uint32_t *values, uint32_t n, uint32_t base)
{
#if ROWS_SHUFFLE
	/* Sums within a row by two shifts; only an addition and a shuffle a row wait for the row before. */
	const row_of_4 zero = { 0 }, one = { 1, 1, 1, 1 };
	row_of_4 before = zero + (base - 1), any = zero;

	for (uint32_t i = 0; i < n; i += ROW_LANES) {
		row_of_4 v = *(const row_of_4 *)(values + i);

		any |= v;
		v += one;
		v += __builtin_shufflevector(zero, v, 0, 4, 5, 6);
		v += __builtin_shufflevector(zero, v, 0, 1, 4, 5);
		v += before;
		before = __builtin_shufflevector(v, v, 3, 3, 3, 3);
		*(row_of_4 *)(sums + i) = v;
	}
	return any[0] | any[1] | any[2] | any[3];
#else
	uint32_t any = 0;

	for (uint32_t i = 0; i < n; i++) {
		any |= values[i];
		base += values[i];
		sums[i] = base++;
	}
	return any;
#endif
}

#endif
