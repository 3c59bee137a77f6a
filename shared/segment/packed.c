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

/* ---- the width ---- */

/* How many bits each value of an array needs, a byte each, zeros behind the last up to 16. */
struct widths {
	_Alignas(16) uint8_t v[PACKED_MAX];
	uint32_t n; /* a multiple of 16 */
};

static void measure_plain(struct widths *w, const uint32_t *values, uint32_t from, uint32_t n)
{
	for (uint32_t i = from; i < n; i++)
		w->v[i] = (uint8_t)bits_of(values[i]);
	w->n = (n + 15) & ~15u;
	memset(w->v + n, 0, w->n - n);
}

#if defined(__SSE2__)
#include <emmintrin.h>

/* The exponents of four values as floating-point numbers. With the bit below the highest taken
 * away no value is rounded up to the next power of two. */
static inline __m128i exponents(const uint32_t *values)
{
	__m128i v = _mm_loadu_si128((const __m128i *)values);

	v = _mm_andnot_si128(_mm_srli_epi32(v, 1), v);
	return _mm_srli_epi32(_mm_castps_si128(_mm_cvtepi32_ps(v)), 23);
}

/* 2^k has the exponent 127 + k and needs k + 1 bits; 0 has 0. A value of 32 bits counts as
 * negative, so its exponent has the sign above it and is measured plainly. */
static void measure(struct widths *w, const uint32_t *values, uint32_t n)
{
	const __m128i less = _mm_set1_epi16(126);
	__m128i signs = _mm_setzero_si128();
	uint32_t i = 0;

	for (; i + 16 <= n; i += 16) {
		__m128i low = _mm_packs_epi32(exponents(values + i), exponents(values + i + 4));
		__m128i high = _mm_packs_epi32(exponents(values + i + 8), exponents(values + i + 12));

		signs = _mm_or_si128(signs, _mm_or_si128(low, high));
		_mm_store_si128((__m128i *)(w->v + i),
				_mm_packus_epi16(_mm_subs_epu16(low, less), _mm_subs_epu16(high, less)));
	}
	if (_mm_movemask_epi8(_mm_slli_epi16(signs, 7)) & 0xAAAA)
		i = 0;
	measure_plain(w, values, i, n);
}

/* The greatest. */
static unsigned widest_of(const struct widths *w)
{
	const __m128i *v = (const __m128i *)w->v;
	__m128i most = v[0];

	for (unsigned i = 1; i < w->n / 16; i++)
		most = _mm_max_epu8(most, v[i]);
	most = _mm_max_epu8(most, _mm_srli_si128(most, 8));
	most = _mm_max_epu8(most, _mm_srli_si128(most, 4));
	most = _mm_max_epu8(most, _mm_srli_si128(most, 2));
	most = _mm_max_epu8(most, _mm_srli_si128(most, 1));
	return (unsigned)_mm_cvtsi128_si32(most) & 0xFF;
}

/* How many are more than `bits`. */
static unsigned count_wider(const struct widths *w, unsigned bits)
{
	const __m128i *v = (const __m128i *)w->v;
	__m128i limit = _mm_set1_epi8((char)bits), sum = _mm_setzero_si128();

	for (unsigned i = 0; i < w->n / 16; i++)
		sum = _mm_sub_epi8(sum, _mm_cmpgt_epi8(v[i], limit));
	sum = _mm_sad_epu8(sum, _mm_setzero_si128());
	return (unsigned)(_mm_cvtsi128_si32(sum) + _mm_extract_epi16(sum, 4));
}

/* Bit i is set if number `from` + i, i below 16, is more than `bits`. */
static unsigned which_wider(const struct widths *w, uint32_t from, unsigned bits)
{
	__m128i v = _mm_load_si128((const __m128i *)(w->v + from));

	return (unsigned)_mm_movemask_epi8(_mm_cmpgt_epi8(v, _mm_set1_epi8((char)bits)));
}
#else
static void measure(struct widths *w, const uint32_t *values, uint32_t n)
{
	measure_plain(w, values, 0, n);
}

static unsigned widest_of(const struct widths *w)
{
	unsigned most = 0;

	for (unsigned i = 0; i < w->n; i++)
		most = w->v[i] > most ? w->v[i] : most;
	return most;
}

static unsigned count_wider(const struct widths *w, unsigned bits)
{
	unsigned wider = 0;

	for (unsigned i = 0; i < w->n; i++)
		wider += w->v[i] > bits;
	return wider;
}

static unsigned which_wider(const struct widths *w, uint32_t from, unsigned bits)
{
	unsigned which = 0;

	for (unsigned i = 0; i < 16; i++)
		which |= (unsigned)(w->v[from + i] > bits) << i;
	return which;
}
#endif

/* The width that makes the array of n values shortest; the widest of equals, which has fewest
 * exceptions. An exception takes an index and a varint, two bytes and one more for each seven bits beyond
 * seven. */
static unsigned best_bits(const struct widths *w, uint32_t n, unsigned *exceptions)
{
	uint8_t wider[32 + 28] = { 0 }; /* values that need more bits than so many */
	unsigned widest = widest_of(w), best = widest;
	size_t best_size = body_size(n, widest), size = 1; /* of the exceptions: their number is a byte too */

	*exceptions = 0;
	for (unsigned bits = widest; bits-- > 0 && size < best_size;) {
		const uint8_t *more = wider + bits;

		wider[bits] = (uint8_t)count_wider(w, bits);
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

#define EXCEPTION_MAX 6u /* bytes: an index, and a varint of at most 32 bits */

/* An index and what is above the low bits, for each value that has something there. */
static void put_exceptions(struct buf *out, const uint32_t *values, const struct widths *w, unsigned bits,
			   unsigned exceptions)
{
	uint8_t *p = buf_reserve(out, exceptions * EXCEPTION_MAX);

	for (uint32_t from = 0; exceptions; from += 16)
		for (unsigned which = which_wider(w, from, bits); which; which &= which - 1, exceptions--) {
			uint32_t i = from + (uint32_t)__builtin_ctz(which);

			*p++ = (uint8_t)i;
			p += varint_put(p, values[i] >> bits);
		}
	out->n = (size_t)(p - out->p);
	*p = 0;
}

void packed_put(struct buf *out, const uint32_t *values, uint32_t n)
{
	struct widths widths;
	unsigned exceptions, bits;
	size_t size;

	measure(&widths, values, n);
	bits = best_bits(&widths, n, &exceptions);
	size = body_size(n, bits);
	buf_add_byte(out, (uint8_t)(bits | (exceptions ? PATCHED : 0)));
	if (exceptions)
		buf_add_byte(out, (uint8_t)exceptions);
	buf_add_zeros(out, size);
	if (bits && n == PACKED_MAX)
		rows_pack(out->p + out->n - size, values, bits);
	else if (bits)
		pack_string(out->p + out->n - size, values, n, bits);
	if (exceptions)
		put_exceptions(out, values, &widths, bits, exceptions);
}

/* Read the head: sets the width, the number of exceptions and where the body begins. */
static inline const uint8_t *read_head(const uint8_t *p, const uint8_t *end, uint32_t n, unsigned *bits,
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
	/* nearly all have two bytes, of which the upper bits fit */
	for (; values && bits < 25 && exceptions && end - p >= 2 && p[1] < 0x80; exceptions--, p += 2) {
		if (p[0] >= n)
			return NULL;
		values[p[0]] |= (uint32_t)p[1] << bits;
	}
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
		rows_clear(values, n);
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
