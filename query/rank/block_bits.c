/* query/rank/block_bits.c - why this is fast (`make bench BENCH=queries`, a b*, count):
 * - No branch waits for a doc's bit.
 * - AVX2, where the processor has it, fetches the bits of eight docs at once.
 */
#include "rank/block_bits.h"

#include <stdlib.h>

uint32_t block_bits_plain(const uint64_t *bits, const uint32_t *docs, uint32_t n,
			  uint8_t places[POSTINGS_BLOCK])
{
	uint32_t found = 0;

	for (uint32_t i = 0; i < n; i++) {
		places[found] = (uint8_t)i;
		found += (uint32_t)(bits[docs[i] / 64] >> docs[i] % 64 & 1);
	}
	return found;
}

#if defined(__x86_64__)
#include <immintrin.h>

/* A bit for each of 64 docs. A doc's own is shifted to the top of its lane, whence signs are gathered. */
__attribute__((target("avx2"))) static uint64_t bits_of_64(const uint64_t *bits, const uint32_t *docs)
{
	const __m256i low = _mm256_set1_epi32(31);
	uint64_t found = 0;

	for (unsigned i = 0; i < 64; i += 8) {
		__m256i doc = _mm256_loadu_si256((const __m256i *)(docs + i));
		__m256i word = _mm256_i32gather_epi32((const int *)bits, _mm256_srli_epi32(doc, 5), 4);
		__m256i top = _mm256_sllv_epi32(word, _mm256_andnot_si256(doc, low));

		found |= (uint64_t)(unsigned)_mm256_movemask_ps(_mm256_castsi256_ps(top)) << i;
	}
	return found;
}

static uint32_t block_bits_avx2(const uint64_t *bits, const uint32_t *docs, uint32_t n,
				uint8_t places[POSTINGS_BLOCK])
{
	uint32_t found = 0;

	if (n < POSTINGS_BLOCK)
		return block_bits_plain(bits, docs, n, places);
	for (uint32_t from = 0; from < POSTINGS_BLOCK; from += 64)
		for (uint64_t left = bits_of_64(bits, docs + from); left; left &= left - 1)
			places[found++] = (uint8_t)(from + (unsigned)__builtin_ctzll(left));
	return found;
}

static uint32_t (*choice)(const uint64_t *bits, const uint32_t *docs, uint32_t n,
			  uint8_t places[POSTINGS_BLOCK]) = block_bits_plain;

/* Before main: what this processor has, unless MORGUE_NO_AVX2 is set to compare the two. */
__attribute__((constructor)) static void choose(void)
{
	if (__builtin_cpu_supports("avx2") && !getenv("MORGUE_NO_AVX2"))
		choice = block_bits_avx2;
}

#else
#define choice block_bits_plain
#endif

uint32_t block_bits(const uint64_t *bits, const uint32_t *docs, uint32_t n, uint8_t places[POSTINGS_BLOCK])
{
	return choice(bits, docs, n, places);
}
