/* shared/segment/packed.h - small arrays of numbers, bit-packed with patches.
 *
 * Shape   1 to PACKED_MAX values of 32 bits; most take `bits` bits each, the few
 *         that do not fit ("exceptions") add their upper bits behind. Layout:
 *         docs/FORMAT.md, "Packed arrays". A full array is laid out in four
 *         lanes, so that one 128-bit register holds a row; a short one is a
 *         plain bit string.
 * Errors  the decoder checks every byte it uses against `end`; NULL is corrupt.
 * Source  lanes: Lemire & Boytsov 2015 (SIMD-BP128); patches: Zukowski et al.
 *         2006 (PFOR).
 */
#ifndef MORGUE_PACKED_H
#define MORGUE_PACKED_H

#include "base/buf.h"

#define PACKED_MAX 128u

/* Append n values; `bits` is chosen so that the result is shortest. */
void packed_put(struct buf *out, const uint32_t *values, uint32_t n);

/* Decode n values from [p, end). Returns the byte after them, or NULL. */
const uint8_t *packed_get(uint32_t *values, uint32_t n, const uint8_t *p, const uint8_t *end);

/* The same, quick for a few values; eight bytes behind `end` can be read. */
const uint8_t *packed_get_few(uint32_t *values, uint32_t n, const uint8_t *p, const uint8_t *end);

/* The byte after a packed array of n values, undecoded, or NULL. */
const uint8_t *packed_skip(uint32_t n, const uint8_t *p, const uint8_t *end);

#endif
