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

#ifdef __has_builtin
#define HAS_SHUFFLE __has_builtin(__builtin_shufflevector)
#else
#define HAS_SHUFFLE 0
#endif

#if HAS_SHUFFLE && defined(__BYTE_ORDER__) && __BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__

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

/* Sums within a row by two shifts; only one addition and one shuffle a row wait for the row before. */
INLINED uint32_t add_up_rows(uint32_t *sums, const uint32_t *values, uint32_t base)
{
	const row_of_4 zero = { 0 }, one = { 1, 1, 1, 1 };
	row_of_4 before = zero + (base - 1), any = zero;
	const row_of_4 *from = (const row_of_4 *)values;
	row_of_4 *to = (row_of_4 *)sums;

	for (unsigned r = 0; r < ROWS_VALUES / ROW_LANES; r++) {
		row_of_4 v = from[r];

		any |= v;
		v += one;
		v += __builtin_shufflevector(zero, v, 0, 4, 5, 6);
		v += __builtin_shufflevector(zero, v, 0, 1, 4, 5);
		v += before;
		before = __builtin_shufflevector(v, v, 3, 3, 3, 3);
		to[r] = v;
	}
	return any[0] | any[1] | any[2] | any[3];
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
__attribute__((target("avx2"))) static uint32_t add_up_avx2(uint32_t *sums, const uint32_t *values,
							    uint32_t base)
{
	const __m256i one = _mm256_set1_epi32(1), last = _mm256_set1_epi32(7);
	__m256i before = _mm256_set1_epi32((int)(base - 1)), any = _mm256_setzero_si256();
	uint32_t lanes[8];

	for (unsigned i = 0; i < ROWS_VALUES; i += 8) {
		__m256i v = _mm256_loadu_si256((const __m256i *)(values + i)), low;

		any = _mm256_or_si256(any, v);
		v = _mm256_add_epi32(v, one);
		v = _mm256_add_epi32(v, _mm256_slli_si256(v, 4));
		v = _mm256_add_epi32(v, _mm256_slli_si256(v, 8));
		low = _mm256_permute2x128_si256(v, v, 0x08);
		v = _mm256_add_epi32(v, _mm256_shuffle_epi32(low, 0xFF));
		v = _mm256_add_epi32(v, before);
		before = _mm256_permutevar8x32_epi32(v, last);
		_mm256_storeu_si256((__m256i *)(sums + i), v);
	}
	_mm256_storeu_si256((__m256i *)lanes, any);
	return lanes[0] | lanes[1] | lanes[2] | lanes[3] | lanes[4] | lanes[5] | lanes[6] | lanes[7];
}

static void (*unpack)(uint32_t *values, const uint8_t *in, unsigned bits) = unpack_anywhere;
static uint32_t (*add_up)(uint32_t *sums, const uint32_t *values, uint32_t base) = add_up_anywhere;

/* Before main: what this processor has, unless MORGUE_NO_AVX2 is set to compare the two. */
__attribute__((constructor)) static void choose(void)
{
	if (__builtin_cpu_supports("avx2") && !getenv("MORGUE_NO_AVX2")) {
		unpack = unpack_avx2;
		add_up = add_up_avx2;
	}
}

#else
#define unpack unpack_anywhere
#define add_up add_up_anywhere
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
