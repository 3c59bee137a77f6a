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

/* The same, plainly: the oracles of the above. */
void rows_pack_plain(uint8_t *out, const uint32_t *values, unsigned bits);
void rows_unpack_plain(uint32_t *values, const uint8_t *in, unsigned bits);
uint32_t rows_add_up_plain(uint32_t *sums, const uint32_t *values, uint32_t base);

#endif
