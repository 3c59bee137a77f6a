/* tests/unit/test_rows.c - unpacking and adding up by rows is what it is one value after the other.
 *
 * With MORGUE_NO_AVX2 in the environment the other code is tested.
 */
#include "base/buf.h"
#include "generate/rng.h"
#include "segment/packed.h"
#include "segment/rows.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

static void every_width_unpacks_as_plainly(void **state)
{
	uint32_t plain[ROWS_VALUES], got[ROWS_VALUES + 1];
	uint8_t in[16 * 32];
	struct rng r;

	(void)state;
	rng_init(&r, 1);
	for (unsigned bits = 1; bits <= 32; bits++) {
		for (int round = 0; round < 20; round++) {
			for (size_t i = 0; i < sizeof in; i++)
				in[i] = round == 0 ? 0xFF : (uint8_t)rng_next(&r);
			got[ROWS_VALUES] = 0xC0FFEE;
			rows_unpack_plain(plain, in, bits);
			rows_unpack(got, in, bits);
			assert_memory_equal(got, plain, sizeof plain);
			assert_int_equal(got[ROWS_VALUES], 0xC0FFEE);
		}
	}
}

/* What the plain way unpacks is what was packed. */
static void plain_unpacking_gives_what_was_packed(void **state)
{
	uint32_t values[ROWS_VALUES], got[ROWS_VALUES];
	struct buf out = BUF_INIT;
	struct rng r;

	(void)state;
	rng_init(&r, 2);
	for (unsigned bits = 1; bits <= 32; bits++) {
		buf_reset(&out);
		for (uint32_t i = 0; i < ROWS_VALUES; i++)
			values[i] = (uint32_t)rng_next(&r) >> (32 - bits) | 1u << (bits - 1);
		packed_put(&out, values, ROWS_VALUES);
		assert_int_equal(out.p[0], bits); /* no exceptions */
		rows_unpack_plain(got, out.p + 1, bits);
		assert_memory_equal(got, values, sizeof values);
		assert_ptr_equal(packed_get(got, ROWS_VALUES, out.p, out.p + out.n), out.p + out.n);
		assert_memory_equal(got, values, sizeof values);
	}
	buf_release(&out);
}

static void check_sums(const uint32_t *values, uint32_t base)
{
	uint32_t sums[ROWS_VALUES], plain[ROWS_VALUES], any = 0, at = base;

	for (uint32_t i = 0; i < ROWS_VALUES; i++, at++) {
		any |= values[i];
		at += values[i];
		sums[i] = at;
	}
	assert_int_equal(rows_add_up_plain(plain, values, base), any);
	assert_memory_equal(plain, sums, sizeof sums);
	assert_int_equal(rows_add_up(plain, values, base), any);
	assert_memory_equal(plain, sums, sizeof sums);
	memcpy(plain, values, sizeof plain);
	assert_int_equal(rows_add_up(plain, plain, base), any); /* in place */
	assert_memory_equal(plain, sums, sizeof sums);
}

static void sums_are_those_of_a_loop(void **state)
{
	uint32_t values[ROWS_VALUES];
	struct rng r;

	(void)state;
	rng_init(&r, 3);
	for (int round = 0; round < 500; round++) {
		uint32_t most = UINT32_MAX >> rng_below(&r, 32);

		for (uint32_t i = 0; i < ROWS_VALUES; i++)
			values[i] = rng_one_in(&r, 40) ? (uint32_t)rng_next(&r) : rng_range(&r, 0, most);
		check_sums(values, round % 3 ? (uint32_t)rng_next(&r) : (uint32_t)round / 3 % 2);
	}
}

/* Of a few values no more is written than a row's end. */
static void few_sums_are_the_first_of_many(void **state)
{
	uint32_t values[ROWS_VALUES], all[ROWS_VALUES], some[ROWS_VALUES + ROW_LANES];
	struct rng r;

	(void)state;
	rng_init(&r, 4);
	for (uint32_t n = 0; n <= ROWS_VALUES; n++) {
		uint32_t any = 0, base = (uint32_t)rng_next(&r),
			 end = (n + ROW_LANES - 1) / ROW_LANES * ROW_LANES;

		for (uint32_t i = 0; i < ROWS_VALUES; i++)
			values[i] = (uint32_t)rng_next(&r) >> rng_below(&r, 32);
		memset(some, 0x55, sizeof some);
		rows_add_up_plain(all, values, base);
		for (uint32_t i = 0; i < n; i++)
			any |= values[i];
		assert_int_equal(rows_add_up_few(some, values, n, base) & any, any);
		assert_memory_equal(some, all, n * sizeof *all);
		assert_int_equal(some[end], 0x55555555);
	}
}

static void parts_count_once_and_weigh_more(void **state)
{
	uint32_t values[ROWS_VALUES], parts[ROWS_VALUES];
	struct rng r;

	(void)state;
	rng_init(&r, 5);
	for (int round = 0; round < 500; round++) {
		uint32_t plain[ROWS_VALUES], got[ROWS_VALUES], other[ROWS_VALUES],
			weight = rng_range(&r, 1, 9);
		uint32_t more = rng_below(&r, 2), sum = 0, rest_or = 0, parts_or = 0, any[2];

		for (uint32_t i = 0; i < ROWS_VALUES; i++) {
			parts[i] = rng_one_in(&r, 9) ? (uint32_t)rng_next(&r) >> rng_below(&r, 32) : 0;
			values[i] = rng_one_in(&r, 30) ? (uint32_t)rng_next(&r) : rng_below(&r, 50);
			if (round == 0 && i == 77)
				values[i] = UINT32_MAX;
		}
		memcpy(other, values, sizeof other);
		for (uint32_t i = 0; i < ROWS_VALUES; i++) {
			uint32_t v = values[i] + more, rest = v - weight * parts[i];

			rest_or |= rest | v | values[i];
			parts_or |= parts[i];
			sum += rest + parts[i];
			plain[i] = sum;
		}
		assert_int_equal(rows_add_up_but_plain(got, other, more, parts, weight, &any[0]), rest_or);
		assert_memory_equal(got, plain, sizeof got);
		assert_int_equal(rows_add_up_but(got, values, more, parts, weight, &any[1]), rest_or);
		assert_memory_equal(got, plain, sizeof got);
		assert_memory_equal(values, other, sizeof values); /* more was added to both */
		assert_true(any[0] == parts_or && any[1] == parts_or);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_width_unpacks_as_plainly),
		cmocka_unit_test(plain_unpacking_gives_what_was_packed),
		cmocka_unit_test(sums_are_those_of_a_loop),
		cmocka_unit_test(few_sums_are_the_first_of_many),
		cmocka_unit_test(parts_count_once_and_weigh_more),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
