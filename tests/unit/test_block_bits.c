/* tests/unit/test_block_bits.c - a block's docs in a bitmap are found as they are one by one.
 *
 * With MORGUE_NO_AVX2 in the environment the other code is tested.
 */
#include "generate/rng.h"
#include "rank/block_bits.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#define WORDS 256u /* of the bitmap */

static void places_are_those_of_set_bits(void **state)
{
	static const uint32_t sizes[] = { 1, 2, 63, 64, 65, 127, 128, 128, 128, 128 };
	static const uint32_t sets[] = { 0, 1, 50, 50, 1000 }; /* of a thousand bits */
	uint64_t bits[WORDS];
	struct rng r;

	(void)state;
	rng_init(&r, 1);
	for (int round = 0; round < 500; round++) {
		uint32_t n = sizes[rng_below(&r, 10)], set = sets[rng_below(&r, 5)], found = 0, got;
		uint32_t docs[POSTINGS_BLOCK] = { 0 }, doc = rng_below(&r, 64) ? 0 : WORDS * 64 - n * 64;
		uint8_t places[POSTINGS_BLOCK];

		for (uint32_t w = 0; w < WORDS; w++) {
			bits[w] = 0;
			for (unsigned i = 0; i < 64; i++)
				bits[w] |= (uint64_t)(rng_below(&r, 1000) < set) << i;
		}
		for (uint32_t i = 0; i < n; i++, doc++)
			docs[i] = doc += rng_below(&r, 63);
		got = block_bits(bits, docs, n, places);
		for (uint32_t i = 0; i < n; i++) {
			if (!(bits[docs[i] / 64] >> docs[i] % 64 & 1))
				continue;
			assert_true(found < got);
			assert_int_equal(places[found++], i);
		}
		assert_int_equal(got, found);
		assert_int_equal(block_bits_plain(bits, docs, n, places), found);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = { cmocka_unit_test(places_are_those_of_set_bits) };

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
