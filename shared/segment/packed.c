#include "segment/packed.h"

#include "segment/rows.h"

#define PATCHED   0x80u /* head byte: exceptions follow */
#define BITS_MASK 0x7Fu

static unsigned bits_of(uint32_t v)
{
	return 63 - (unsigned)__builtin_clzll((uint64_t)v << 1 | 1);
}

static size_t body_size(uint32_t n, unsigned bits)
{
	return n == PACKED_MAX ? 16 * (size_t)bits : ((size_t)n * bits + 7) / 8;
}

#if defined(__SSE2__)
#include <emmintrin.h>

/* All ones for each of four values that needs no more than `bits`. */
static inline __m128i narrow_of_four(const uint32_t *values, __m128i bits)
{
	__m128i v = _mm_loadu_si128((const __m128i *)values);

	return _mm_cmpeq_epi32(_mm_srl_epi32(v, bits), _mm_setzero_si128());
}
#endif

/* How many values need more than `bits`, below 32. */
static uint32_t count_wider(const uint32_t *values, uint32_t n, unsigned bits)
{
	uint32_t wider = 0, i = 0;

#if defined(__SSE2__)
	__m128i width = _mm_cvtsi32_si128((int)bits), sum = _mm_setzero_si128();

	for (; i + 4 <= n; i += 4)
		sum = _mm_add_epi32(sum, narrow_of_four(values + i, width)); /* one is taken off for each */
	sum = _mm_add_epi32(sum, _mm_shuffle_epi32(sum, _MM_SHUFFLE(1, 0, 3, 2)));
	sum = _mm_add_epi32(sum, _mm_shuffle_epi32(sum, _MM_SHUFFLE(2, 3, 0, 1)));
	wider = i + (uint32_t)_mm_cvtsi128_si32(sum);
#endif
	for (; i < n; i++)
		wider += values[i] >> bits != 0;
	return wider;
}

/* The width that makes the array shortest; the widest of equals, which has fewest exceptions. An
 * exception takes an index and a varint, two bytes and one more for each seven bits beyond seven. */
static unsigned best_bits(const uint32_t *values, uint32_t n, uint32_t *exceptions)
{
	uint8_t wider[32 + 28] = { 0 }; /* values that need more bits than so many */
	unsigned widest, best;
	size_t best_size, size = 1; /* of the exceptions: their number is a byte too */
	uint32_t any = 0;

	*exceptions = 0;
	for (uint32_t i = 0; i < n; i++)
		any |= values[i];
	if (!any)
		return 0; /* often: form numbers, frequencies less one */
	best = widest = bits_of(any);
	best_size = body_size(n, widest);
	for (unsigned bits = widest; bits-- > 0 && size < best_size;) {
		const uint8_t *more = wider + bits;

		wider[bits] = (uint8_t)count_wider(values, n, bits);
		size = 1 + 2 * (size_t)more[0] + more[7] + more[14] + more[21] + more[28];
		if (body_size(n, bits) + size < best_size) {
			best_size = body_size(n, bits) + size;
			best = bits;
			*exceptions = wider[bits];
		}
	}
	return best;
}

static uint32_t low_bits(uint32_t v, unsigned bits)
{
	return bits == 32 ? v : v & ((1u << bits) - 1);
}

static void pack_string(uint8_t *out, const uint32_t *values, uint32_t n, unsigned bits)
{
	uint64_t window = 0;
	unsigned filled = 0;

	for (uint32_t i = 0; i < n; i++) {
		window |= (uint64_t)low_bits(values[i], bits) << filled;
		for (filled += bits; filled >= 8; filled -= 8, window >>= 8)
			*out++ = (uint8_t)window;
	}
	if (filled)
		*out = (uint8_t)window;
}

/* Up to eight bytes of [p, end) as a number; those that are missing count as zero. */
static uint64_t load_up_to_64(const uint8_t *p, const uint8_t *end)
{
	uint64_t v = 0;

	if (end - p >= 8)
		return load_le64(p);
	for (unsigned shift = 0; p < end; p++, shift += 8)
		v |= (uint64_t)*p << shift;
	return v;
}

/* Each value lies within eight bytes, of which five count. */
static void unpack_string(uint32_t *values, uint32_t n, const uint8_t *in, const uint8_t *end, unsigned bits)
{
	for (uint32_t i = 0, at = 0; i < n; i++, at += bits)
		values[i] = low_bits((uint32_t)(load_up_to_64(in + at / 8, end) >> at % 8), bits);
}

/* An index and what is above the low bits, for each value that has something there. */
static void put_exceptions(struct buf *out, const uint32_t *values, uint32_t n, unsigned bits)
{
	for (uint32_t i = 0; i < n; i++) {
#if defined(__SSE2__)
		if (i % 4 == 0 && i + 4 <= n &&
		    _mm_movemask_epi8(narrow_of_four(values + i, _mm_cvtsi32_si128((int)bits))) == 0xFFFF) {
			i += 3; /* there is nothing in four: most often */
			continue;
		}
#endif
		if (values[i] >> bits) {
			buf_add_byte(out, (uint8_t)i);
			buf_add_varint(out, values[i] >> bits);
		}
	}
}

void packed_put(struct buf *out, const uint32_t *values, uint32_t n)
{
	uint32_t exceptions;
	unsigned bits = best_bits(values, n, &exceptions);
	size_t size = body_size(n, bits);

	buf_add_byte(out, (uint8_t)(bits | (exceptions ? PATCHED : 0)));
	if (exceptions)
		buf_add_byte(out, (uint8_t)exceptions);
	buf_add_zeros(out, size);
	if (bits && n == PACKED_MAX)
		rows_pack(out->p + out->n - size, values, bits);
	else if (bits)
		pack_string(out->p + out->n - size, values, n, bits);
	if (exceptions)
		put_exceptions(out, values, n, bits);
}

/* Read the head: sets the width, the number of exceptions and where the body begins. */
static const uint8_t *read_head(const uint8_t *p, const uint8_t *end, uint32_t n, unsigned *bits,
				unsigned *exceptions)
{
	if (p >= end)
		return NULL;
	*bits = *p & BITS_MASK;
	*exceptions = 0;
	if (*bits > 32)
		return NULL;
	if (*p++ & PATCHED) {
		if (p >= end || *p == 0 || *p > n || *bits == 32)
			return NULL;
		*exceptions = *p++;
	}
	return (size_t)(end - p) < body_size(n, *bits) ? NULL : p;
}

/* Apply (values set) or step over (values NULL) the exceptions. */
static const uint8_t *patch(uint32_t *values, uint32_t n, const uint8_t *p, const uint8_t *end, unsigned bits,
			    unsigned exceptions)
{
	for (; exceptions; exceptions--) {
		uint32_t index, high;

		if (p >= end)
			return NULL;
		index = *p++;
		p = varint_get32(p, end, &high);
		if (!p || index >= n || high > UINT32_MAX >> bits)
			return NULL;
		if (values)
			values[index] |= high << bits;
	}
	return p;
}

const uint8_t *packed_get(uint32_t *values, uint32_t n, const uint8_t *p, const uint8_t *end)
{
	unsigned bits, exceptions;

	if (!p || !(p = read_head(p, end, n, &bits, &exceptions)))
		return NULL;
	if (bits == 0)
		memset(values, 0, n * sizeof *values);
	else if (n == PACKED_MAX)
		rows_unpack(values, p, bits);
	else
		unpack_string(values, n, p, end, bits);
	return patch(values, n, p + body_size(n, bits), end, bits, exceptions);
}

const uint8_t *packed_get_few(uint32_t *values, uint32_t n, const uint8_t *p, const uint8_t *end)
{
	unsigned bits, exceptions;
	uint64_t mask;

	if (n == PACKED_MAX)
		return packed_get(values, n, p, end);
	if (!p || !(p = read_head(p, end, n, &bits, &exceptions)))
		return NULL;
	mask = (UINT64_C(1) << bits) - 1;
	for (uint32_t i = 0, at = 0; i < n; i++, at += bits)
		values[i] = (uint32_t)(load_le64(p + at / 8) >> at % 8 & mask);
	p += body_size(n, bits);
	return exceptions ? patch(values, n, p, end, bits, exceptions) : p;
}

const uint8_t *packed_skip(uint32_t n, const uint8_t *p, const uint8_t *end)
{
	unsigned bits, exceptions;

	if (!p || !(p = read_head(p, end, n, &bits, &exceptions)))
		return NULL;
	return patch(NULL, n, p + body_size(n, bits), end, bits, exceptions);
}
