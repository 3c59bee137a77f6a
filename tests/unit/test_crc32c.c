/* tests/unit/test_crc32c.c - the checksum is that of RFC 3720, by instruction and by table. */
#include "generate/rng.h"
#include "segment/crc32c.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#define BOTH(p, n, want)                                                                                     \
	do {                                                                                                 \
		assert_int_equal(crc32c(0, p, n), want);                                                     \
		assert_int_equal(crc32c_portable(0, p, n), want);                                            \
	} while (0)

/* RFC 3720, B.4 */
static void the_vectors_of_the_rfc_come_out(void **state)
{
	uint8_t block[32];
	static const uint8_t read_10[48] = {
		0x01, 0xc0, 0, 0,    0, 0, 0, 0,    0,    0, 0, 0, 0, 0, 0, 0, 0x14, 0, 0, 0, 0, 0, 0x04, 0,
		0,    0,    0, 0x14, 0, 0, 0, 0x18, 0x28, 0, 0, 0, 0, 0, 0, 0, 0x02, 0, 0, 0, 0, 0, 0,    0,
	};

	(void)state;
	memset(block, 0, sizeof block);
	BOTH(block, 32, 0x8A9136AA);
	memset(block, 0xFF, sizeof block);
	BOTH(block, 32, 0x62A8AB43);
	for (int i = 0; i < 32; i++)
		block[i] = (uint8_t)i;
	BOTH(block, 32, 0x46DD794E);
	for (int i = 0; i < 32; i++)
		block[i] = (uint8_t)(31 - i);
	BOTH(block, 32, 0x113FDB5C);
	BOTH(read_10, 48, 0xD9963A56);
	BOTH("123456789", 9, 0xE3069283);
}

static void nothing_has_the_checksum_zero(void **state)
{
	(void)state;
	BOTH("", 0, 0);
}

static void instruction_and_table_agree_at_every_alignment(void **state)
{
	uint8_t bytes[600];
	struct rng r;

	(void)state;
	rng_init(&r, 1);
	for (size_t i = 0; i < sizeof bytes; i++)
		bytes[i] = (uint8_t)rng_next(&r);
	for (size_t start = 0; start < 16; start++)
		for (size_t n = 0; start + n <= sizeof bytes; n++)
			assert_int_equal(crc32c(0, bytes + start, n), crc32c_portable(0, bytes + start, n));
}

static void a_checksum_continues_over_pieces(void **state)
{
	static const char text[] = "All miners vote on the strike ballot";
	uint32_t whole = crc32c(0, text, sizeof text);

	(void)state;
	for (size_t cut = 0; cut <= sizeof text; cut++) {
		assert_int_equal(crc32c(crc32c(0, text, cut), text + cut, sizeof text - cut), whole);
		assert_int_equal(
			crc32c_portable(crc32c_portable(0, text, cut), text + cut, sizeof text - cut), whole);
	}
}

static void one_flipped_bit_changes_it(void **state)
{
	uint8_t bytes[64] = { 0 };
	uint32_t zero = crc32c(0, bytes, sizeof bytes);

	(void)state;
	for (size_t bit = 0; bit < 8 * sizeof bytes; bit++) {
		bytes[bit / 8] ^= (uint8_t)(1u << bit % 8);
		assert_int_not_equal(crc32c(0, bytes, sizeof bytes), zero);
		bytes[bit / 8] ^= (uint8_t)(1u << bit % 8);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_vectors_of_the_rfc_come_out),
		cmocka_unit_test(nothing_has_the_checksum_zero),
		cmocka_unit_test(instruction_and_table_agree_at_every_alignment),
		cmocka_unit_test(a_checksum_continues_over_pieces),
		cmocka_unit_test(one_flipped_bit_changes_it),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
