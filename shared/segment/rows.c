/* shared/segment/rows.c - 128 values of a block, four a row.
 *
 * Why this is fast (`make bench BENCH=queries`, phrase; for what packs BENCH=merging):
 * - A row of four values is one 128-bit register. The width is a constant in each of
 *   32 bodies, so every shift is known when it is compiled and nothing is tested: about
 *   four instructions a row, 130 for 128 values.
 * - Vectors are the compiler's own, for GCC and clang on any processor; AVX2, where the
 *   processor has it, saves a third of the instructions.
 * - Sums are made within a row by two shifts; only an addition and a shuffle a row wait
 *   for the row before.
 */
#include "segment/rows.h"

#include "base/bytes.h"

#include <stdlib.h>

/* Lane by lane, on any machine: what the others are tested against. */
void rows_pack_plain(uint8_t *out, const uint32_t *values, unsigned bits)
{
	uint64_t mask = (UINT64_C(1) << bits) - 1;

	for (unsigned lane = 0; lane < ROW_LANES; lane++) {
		uint64_t window = 0;
		unsigned filled = 0, word = lane;

		for (unsigned row = 0; row < ROWS_VALUES / ROW_LANES; row++) {
			window |= (values[row * ROW_LANES + lane] & mask) << filled;
			filled += bits;
			if (filled >= 32) {
				store_le32(out + 4 * (size_t)word, (uint32_t)window);
				window >>= 32;
				filled -= 32;
				word += ROW_LANES;
			}
		}
	}
}

void rows_unpack_plain(uint32_t *values, const uint8_t *in, unsigned bits)
{
	uint64_t mask = (UINT64_C(1) << bits) - 1;

	for (unsigned lane = 0; lane < ROW_LANES; lane++) {
		uint64_t window = 0;
		unsigned held = 0, word = lane;

		for (unsigned row = 0; row < ROWS_VALUES / ROW_LANES; row++) {
			if (held < bits) {
				window |= (uint64_t)load_le32(in + 4 * (size_t)word) << held;
				held += 32;
				word += ROW_LANES;
			}
			values[row * ROW_LANES + lane] = (uint32_t)(window & mask);
			window >>= bits;
			held -= bits;
		}
	}
}

uint32_t rows_add_up_plain(uint32_t *sums, const uint32_t *values, uint32_t base)
{
	uint32_t any = 0;

	for (unsigned i = 0; i < ROWS_VALUES; i++) {
		any |= values[i];
		base += values[i];
		sums[i] = base++;
	}
	return any;
}

uint32_t rows_add_up_but_plain(uint32_t *sums, uint32_t *values, uint32_t more, const uint32_t *parts,
			       uint32_t weight, uint32_t *any)
{
	uint32_t sum = 0, rest_or = 0, parts_or = 0;

	for (unsigned i = 0; i < ROWS_VALUES; i++) {
		uint32_t v = values[i] + more, rest = v - weight * parts[i];

		rest_or |= values[i] | v | rest;
		values[i] = v;
		parts_or |= parts[i];
		sum += rest + parts[i];
		sums[i] = sum;
	}
	*any = parts_or;
	return rest_or;
}

#if ROWS_SHUFFLE && defined(__BYTE_ORDER__) && __BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__

typedef uint32_t row_of_bytes __attribute__((vector_size(16), aligned(1), may_alias)); /* in a segment */

#ifdef __clang__
#define UNROLLED _Pragma("clang loop unroll(full)")
#else
#define UNROLLED _Pragma("GCC unroll 32")
#endif

#define INLINED static inline __attribute__((always_inline))

INLINED void pack_rows(uint8_t *out, const uint32_t *values, unsigned bits)
{
	const uint32_t mask = (uint32_t)((UINT64_C(1) << bits) - 1);
	const row_of_4 *from = (const row_of_4 *)values;
	row_of_bytes *to = (row_of_bytes *)out;
	row_of_4 word = { 0 };
	unsigned filled = 0;

	for (unsigned r = 0; r < ROWS_VALUES / ROW_LANES; r++) {
		row_of_4 v = from[r] & mask;

		word |= v << filled;
		filled += bits;
		if (filled < 32)
			continue;
		filled -= 32;
		*to++ = word;
		word = filled ? v >> (bits - filled) : (row_of_4){ 0 };
	}
}

INLINED void unpack_rows(uint32_t *values, const uint8_t *in, const unsigned bits)
{
	const uint32_t mask = (uint32_t)((UINT64_C(1) << bits) - 1);
	const row_of_bytes *from = (const row_of_bytes *)in;
	row_of_4 *to = (row_of_4 *)values;
	row_of_4 word = *from++;
	unsigned used = 0;

	UNROLLED
	for (unsigned r = 0; r < ROWS_VALUES / ROW_LANES; r++) {
		row_of_4 v = word >> used;

		used += bits;
		if (used >= 32 && r + 1 < ROWS_VALUES / ROW_LANES) {
			word = *from++;
			used -= 32;
			if (used)
				v |= word << (bits - used);
		}
		to[r] = v & mask;
	}
}

#define CASE(bits)                                                                                           \
	case bits:                                                                                           \
		unpack_rows(values, in, bits);                                                               \
		break
#define CASES(bits)                                                                                          \
	CASE(bits);                                                                                          \
	CASE((bits) + 1);                                                                                    \
	CASE((bits) + 2);                                                                                    \
	CASE((bits) + 3)

INLINED void unpack_width(uint32_t *values, const uint8_t *in, unsigned bits)
{
	switch (bits) {
		CASES(1);
		CASES(5);
		CASES(9);
		CASES(13);
		CASES(17);
		CASES(21);
		CASES(25);
		CASES(29);
	}
}

INLINED uint32_t add_up_rows(uint32_t *sums, const uint32_t *values, uint32_t base)
{
	return rows_add_up_few(sums, values, ROWS_VALUES, base);
}

#else

#define INLINED static inline

INLINED void pack_rows(uint8_t *out, const uint32_t *values, unsigned bits)
{
	rows_pack_plain(out, values, bits);
}

INLINED void unpack_width(uint32_t *values, const uint8_t *in, unsigned bits)
{
	rows_unpack_plain(values, in, bits);
}

INLINED uint32_t add_up_rows(uint32_t *sums, const uint32_t *values, uint32_t base)
{
	return rows_add_up_plain(sums, values, base);
}
#endif

static void unpack_anywhere(uint32_t *values, const uint8_t *in, unsigned bits)
{
	unpack_width(values, in, bits);
}

static uint32_t add_up_anywhere(uint32_t *sums, const uint32_t *values, uint32_t base)
{
	return add_up_rows(sums, values, base);
}

#if defined(__x86_64__)
#include <immintrin.h>

/* The same with instructions of three operands, which save the copies. */
__attribute__((target("avx2"))) static void unpack_avx2(uint32_t *values, const uint8_t *in, unsigned bits)
{
	unpack_width(values, in, bits);
}

/* Eight values a step: the sums within the two halves, then the lower half's last for the upper. */
__attribute__((target("avx2"))) INLINED __m256i add_up_eight(__m256i v)
{
	__m256i low;

	v = _mm256_add_epi32(v, _mm256_slli_si256(v, 4));
	v = _mm256_add_epi32(v, _mm256_slli_si256(v, 8));
	low = _mm256_permute2x128_si256(v, v, 0x08);
	return _mm256_add_epi32(v, _mm256_shuffle_epi32(low, 0xFF));
}

__attribute__((target("avx2"))) INLINED uint32_t or_eight(__m256i v)
{
	__m128i half = _mm_or_si128(_mm256_castsi256_si128(v), _mm256_extracti128_si256(v, 1));

	half = _mm_or_si128(half, _mm_shuffle_epi32(half, _MM_SHUFFLE(1, 0, 3, 2)));
	return (uint32_t)_mm_cvtsi128_si32(half) | (uint32_t)_mm_extract_epi32(half, 1);
}

/* Only an addition a step waits for the step before. */
__attribute__((target("avx2"))) static uint32_t add_up_avx2(uint32_t *sums, const uint32_t *values,
							    uint32_t base)
{
	const __m256i one = _mm256_set1_epi32(1), last = _mm256_set1_epi32(7);
	__m256i before = _mm256_set1_epi32((int)(base - 1)), any = _mm256_setzero_si256();

	for (unsigned i = 0; i < ROWS_VALUES; i += 8) {
		__m256i v = _mm256_loadu_si256((const __m256i *)(values + i));

		any = _mm256_or_si256(any, v);
		v = add_up_eight(_mm256_add_epi32(v, one));
		_mm256_storeu_si256((__m256i *)(sums + i), _mm256_add_epi32(v, before));
		before = _mm256_add_epi32(before, _mm256_permutevar8x32_epi32(v, last));
	}
	return or_eight(any);
}

__attribute__((target("avx2"))) static uint32_t add_up_but_avx2(uint32_t *sums, uint32_t *values,
								uint32_t more, const uint32_t *parts,
								uint32_t weight, uint32_t *any)
{
	const __m256i last = _mm256_set1_epi32(7), times = _mm256_set1_epi32((int)weight);
	const __m256i added = _mm256_set1_epi32((int)more);
	__m256i before = _mm256_setzero_si256(), parts_or = before, rest_or = before;

	for (unsigned i = 0; i < ROWS_VALUES; i += 8) {
		__m256i before_adding = _mm256_loadu_si256((const __m256i *)(values + i));
		__m256i v = _mm256_add_epi32(before_adding, added);
		__m256i part = _mm256_loadu_si256((const __m256i *)(parts + i));
		__m256i rest = _mm256_sub_epi32(v, _mm256_mullo_epi32(part, times));

		_mm256_storeu_si256((__m256i *)(values + i), v);
		parts_or = _mm256_or_si256(parts_or, part);
		rest_or = _mm256_or_si256(_mm256_or_si256(rest_or, before_adding), _mm256_or_si256(rest, v));
		v = add_up_eight(_mm256_add_epi32(rest, part));
		_mm256_storeu_si256((__m256i *)(sums + i), _mm256_add_epi32(v, before));
		before = _mm256_add_epi32(before, _mm256_permutevar8x32_epi32(v, last));
	}
	*any = or_eight(parts_or);
	return or_eight(rest_or);
}

static void (*unpack)(uint32_t *values, const uint8_t *in, unsigned bits) = unpack_anywhere;
static uint32_t (*add_up)(uint32_t *sums, const uint32_t *values, uint32_t base) = add_up_anywhere;
static uint32_t (*add_up_but)(uint32_t *sums, uint32_t *values, uint32_t more, const uint32_t *parts,
			      uint32_t weight, uint32_t *any) = rows_add_up_but_plain;

/* Before main: what this processor has, unless MORGUE_NO_AVX2 is set to compare the two. */
__attribute__((constructor)) static void choose(void)
{
	if (__builtin_cpu_supports("avx2") && !getenv("MORGUE_NO_AVX2")) {
		unpack = unpack_avx2;
		add_up = add_up_avx2;
		add_up_but = add_up_but_avx2;
	}
}

#else
#define unpack     unpack_anywhere
#define add_up     add_up_anywhere
#define add_up_but rows_add_up_but_plain
#endif

void rows_pack(uint8_t *out, const uint32_t *values, unsigned bits)
{
	pack_rows(out, values, bits);
}

void rows_unpack(uint32_t *values, const uint8_t *in, unsigned bits)
{
	unpack(values, in, bits);
}

uint32_t rows_add_up(uint32_t *sums, const uint32_t *values, uint32_t base)
{
	return add_up(sums, values, base);
}

uint32_t rows_add_up_but(uint32_t *sums, uint32_t *values, uint32_t more, const uint32_t *parts,
			 uint32_t weight, uint32_t *any)
{
	return add_up_but(sums, values, more, parts, weight, any);
}
