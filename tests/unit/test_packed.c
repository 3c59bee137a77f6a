/* tests/unit/test_packed.c - a packed array is short, and nothing but itself when unpacked. */
#include "generate/rng.h"
#include "lib/seg_fixture.h"
#include "segment/packed.h"
#include "segment/rows.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <stdlib.h>

/* Pack, unpack, compare; returns the bytes it took. */
static size_t round_trip(const uint32_t *values, uint32_t n)
{
	struct buf out = BUF_INIT;
	uint32_t got[PACKED_MAX];
	size_t size;

	packed_put(&out, values, n);
	assert_ptr_equal(packed_get(got, n, out.p, out.p + out.n), out.p + out.n);
	assert_memory_equal(got, values, n * sizeof *values);
	assert_ptr_equal(packed_skip(n, out.p, out.p + out.n), out.p + out.n);
	size = out.n;
	buf_release(&out);
	return size;
}

/* Decode n values from hex digits; NULL-ness of the answer. */
static bool decodes(const char *hex, uint32_t n)
{
	struct buf raw = BUF_INIT;
	uint32_t got[PACKED_MAX];
	const uint8_t *exact, *end;

	seg_from_hex(&raw, hex);
	exact = raw.p;
	end = packed_get(got, n, exact, exact + raw.n);
	assert_ptr_equal(packed_skip(n, exact, exact + raw.n), end);
	buf_release(&raw);
	return end != NULL;
}

static void zeros_take_one_byte(void **state)
{
	static const uint32_t zeros[PACKED_MAX];

	(void)state;
	assert_int_equal(round_trip(zeros, PACKED_MAX), 1);
	assert_int_equal(round_trip(zeros, 1), 1);
}

static void every_width_comes_back_in_every_size(void **state)
{
	uint32_t values[PACKED_MAX];

	(void)state;
	for (unsigned bits = 1; bits <= 32; bits++) {
		for (uint32_t i = 0; i < PACKED_MAX; i++)
			values[i] = UINT32_MAX >> (32 - bits) ^ (i * 0x9E3779B9u) >> 1 >> (32 - bits);
		for (uint32_t n = 1; n <= PACKED_MAX; n++)
			round_trip(values, n);
	}
}

static void full_arrays_take_sixteen_bytes_a_bit(void **state)
{
	uint32_t values[PACKED_MAX];

	(void)state;
	for (uint32_t i = 0; i < PACKED_MAX; i++)
		values[i] = 1000 + i;
	assert_int_equal(round_trip(values, PACKED_MAX), 1 + 16 * 11);
	assert_int_equal(round_trip(values, PACKED_MAX - 1), 1 + (127 * 11 + 7) / 8);
}

static void a_few_big_values_do_not_widen_the_rest(void **state)
{
	uint32_t values[PACKED_MAX];

	(void)state;
	for (uint32_t i = 0; i < PACKED_MAX; i++)
		values[i] = i & 1;
	values[0] = UINT32_MAX;
	values[127] = 1u << 31;
	assert_int_equal(round_trip(values, PACKED_MAX), 2 + 16 + 2 * (1 + 5));
}

static void the_largest_values_need_no_exceptions(void **state)
{
	uint32_t values[PACKED_MAX];

	(void)state;
	memset(values, 0xFF, sizeof values);
	assert_int_equal(round_trip(values, PACKED_MAX), 1 + 512);
	assert_int_equal(round_trip(values, 1), 1 + 4);
}

static void bits_left_over_do_not_matter(void **state)
{
	static const uint8_t raw[] = { 0x03, 0xcd, 0xb1 }; /* packed-short with the top bit set */
	static const uint32_t want[] = { 5, 1, 7, 0, 3 };
	uint32_t got[5];

	(void)state;
	assert_non_null(packed_get(got, 5, raw, raw + 3));
	assert_memory_equal(got, want, sizeof want);
}

static void what_is_cut_short_is_corrupt(void **state)
{
	static const uint32_t values[] = { 1, 0, 1, 1, 0, 1000, 1, 0 };
	struct buf out = BUF_INIT;

	(void)state;
	packed_put(&out, values, 8);
	for (size_t n = 0; n < out.n; n++) {
		uint8_t *exact = malloc(n + 1); /* its end is watched by the sanitizer */
		uint32_t got[8];

		assert_non_null(exact);
		memcpy(exact + 1, out.p, n);
		assert_null(packed_get(got, 8, exact + 1, exact + 1 + n));
		assert_null(packed_skip(8, exact + 1, exact + 1 + n));
		free(exact);
	}
	buf_release(&out);
}

static void heads_that_cannot_be_are_corrupt(void **state)
{
	(void)state;
	assert_true(decodes("81 01 4d 05 f4 03", 8));
	assert_false(decodes("21 00 00 00 00 00 00", 1));       /* 33 bits */
	assert_false(decodes("81 00 4d", 8));                   /* no exceptions, yet announced */
	assert_false(decodes("81 09 4d", 8));                   /* more than values */
	assert_false(decodes("a0 01 00 00 00 00 00 01", 1));    /* exceptions to 32 bits */
	assert_false(decodes("81 01 4d 08 f4 03", 8));          /* value 8 of 8 */
	assert_false(decodes("81 01 4d 05 ff ff ff ff 08", 8)); /* more than 32 bits with the lower one */
	assert_false(decodes("81 01 4d 05 80 80 80 80 80 80 80 80 80 80 01", 8));
	assert_null(packed_get(NULL, 8, NULL, NULL)); /* errors pass through */
}

/* Bytes of an array packed with this width, by the words of docs/FORMAT.md. */
static size_t size_with(const uint32_t *values, uint32_t n, unsigned bits)
{
	size_t size = 1 + (n == PACKED_MAX ? 16 * (size_t)bits : ((size_t)n * bits + 7) / 8), exceptions = 0;

	for (uint32_t i = 0; i < n; i++) {
		uint64_t high = (uint64_t)values[i] >> bits;
		uint8_t raw[VARINT_MAX];

		exceptions += high > 0;
		size += high ? 1 + varint_put(raw, high) : 0;
	}
	return size + (exceptions > 0);
}

static void no_width_would_be_shorter(void **state)
{
	struct buf out = BUF_INIT;
	uint32_t values[PACKED_MAX];
	struct rng r;

	(void)state;
	rng_init(&r, 3);
	for (int i = 0; i < 20000; i++) {
		uint32_t n = rng_one_in(&r, 3) ? PACKED_MAX : rng_range(&r, 1, PACKED_MAX);
		uint32_t usual = rng_below(&r, 33), rare = rng_below(&r, 33), often = rng_range(&r, 1, 60);
		size_t best = SIZE_MAX;

		for (uint32_t k = 0; k < n; k++) {
			unsigned bits = rng_one_in(&r, often) ? rare : rng_below(&r, usual + 1);

			values[k] = bits ? (uint32_t)rng_next(&r) >> (32 - bits) : 0;
		}
		for (unsigned bits = 0; bits <= 32; bits++)
			best = size_with(values, n, bits) < best ? size_with(values, n, bits) : best;
		buf_reset(&out);
		packed_put(&out, values, n);
		assert_int_equal(out.n, best);
		round_trip(values, n);
	}
	buf_release(&out);
}

static void rows_pack_as_the_plain_loop_does(void **state)
{
	uint32_t values[ROWS_VALUES], back[ROWS_VALUES];
	uint8_t got[16 * 32 + 1], plain[16 * 32 + 1];
	struct rng r;

	(void)state;
	rng_init(&r, 5);
	for (unsigned bits = 1; bits <= 32; bits++) {
		for (unsigned i = 0; i < ROWS_VALUES; i++)
			values[i] = (uint32_t)rng_next(&r);
		memset(got, 0xAA, sizeof got);
		memset(plain, 0xAA, sizeof plain);
		rows_pack(got + 1, values, bits); /* at any byte */
		rows_pack_plain(plain + 1, values, bits);
		assert_memory_equal(got, plain, sizeof got);
		rows_unpack_plain(back, got + 1, bits);
		for (unsigned i = 0; i < ROWS_VALUES; i++)
			assert_int_equal(back[i], bits == 32 ? values[i] : values[i] & ((1u << bits) - 1));
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(zeros_take_one_byte),
		cmocka_unit_test(every_width_comes_back_in_every_size),
		cmocka_unit_test(full_arrays_take_sixteen_bytes_a_bit),
		cmocka_unit_test(a_few_big_values_do_not_widen_the_rest),
		cmocka_unit_test(the_largest_values_need_no_exceptions),
		cmocka_unit_test(bits_left_over_do_not_matter),
		cmocka_unit_test(what_is_cut_short_is_corrupt),
		cmocka_unit_test(heads_that_cannot_be_are_corrupt),
		cmocka_unit_test(no_width_would_be_shorter),
		cmocka_unit_test(rows_pack_as_the_plain_loop_does),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
