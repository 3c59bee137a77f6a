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

#define WIDTHS 64u /* 0 to 32, and 28 and more that no value has */
#define COUNTS 4u  /* so that one value's does not wait for that of the value before */

/* How many values need so many bits, which are `widest` at most. */
static void count_widths(const uint32_t *values, uint32_t n, unsigned widest,
			 uint8_t of_width[COUNTS][WIDTHS])
{
	for (uint32_t i = 0; i < n; i++)
		of_width[i % COUNTS][bits_of(values[i])]++;
	for (unsigned bits = 0; bits <= widest; bits++)
		for (uint32_t i = 1; i < COUNTS; i++)
			of_width[0][bits] += of_width[i][bits];
}

/* The width that makes the array shortest; the widest of equals, which has fewest exceptions. An
 * exception takes an index and a varint, two bytes and one more for each seven bits beyond seven. */
static unsigned best_bits(const uint32_t *values, uint32_t n, uint32_t *exceptions)
{
	uint8_t of_width[COUNTS][WIDTHS] = { { 0 } };
	unsigned widest, best;
	size_t best_size, size = 1; /* of the exceptions: their number is a byte too */
	uint32_t any = 0, wider = 0;

	*exceptions = 0;
	for (uint32_t i = 0; i < n; i++)
		any |= values[i];
	if (!any)
		return 0; /* often: form numbers, frequencies less one */
	best = widest = bits_of(any);
	best_size = body_size(n, widest);
	count_widths(values, n, widest, of_width);
	for (unsigned bits = widest; bits-- > 0 && size < best_size;) {
		const uint8_t *more = of_width[0] + bits + 1;

		wider += more[0];
		size += 2 * (size_t)more[0] + more[7] + more[14] + more[21] + more[28];
		if (body_size(n, bits) + size < best_size) {
			best_size = body_size(n, bits) + size;
			best = bits;
			*exceptions = wider;
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
	for (uint32_t i = 0; exceptions && i < n; i++) {
		if (values[i] >> bits) {
			buf_add_byte(out, (uint8_t)i);
			buf_add_varint(out, values[i] >> bits);
		}
	}
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
