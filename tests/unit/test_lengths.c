/* tests/unit/test_lengths.c - a length code stands for nearly the length, and never for more. */
#include "segment/lengths.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

static void short_articles_are_exact(void **state)
{
	(void)state;
	for (uint32_t words = 0; words <= 48; words++) {
		assert_int_equal(length_code(words), words);
		assert_int_equal(length_of_code((uint8_t)words), words);
	}
}

/* The table of docs/FORMAT.md, "Length codes". */
static void the_page_tells_the_truth(void **state)
{
	static const uint32_t table[][2] = {
		{ 49, 50 },   { 50, 52 },    { 56, 64 },    { 64, 80 },     { 80, 133 },    { 96, 217 },
		{ 128, 582 }, { 160, 1562 }, { 192, 4181 }, { 224, 11190 }, { 254, 28173 }, { 255, 29053 },
	};

	(void)state;
	for (size_t i = 0; i < sizeof table / sizeof *table; i++)
		assert_int_equal(length_of_code((uint8_t)table[i][0]), table[i][1]);
}

static void codes_rise_with_lengths(void **state)
{
	(void)state;
	for (uint32_t code = 1; code < 256; code++)
		assert_true(length_of_code((uint8_t)code) > length_of_code((uint8_t)(code - 1)));
	for (uint32_t words = 1; words < 40000; words++)
		assert_true(length_code(words) >= length_code(words - 1));
}

static void a_code_stands_for_at_most_the_length_and_over_96_percent_of_it(void **state)
{
	(void)state;
	for (uint32_t words = 1; words <= 29053; words++) {
		uint32_t stands_for = length_of_code(length_code(words));

		assert_true(stands_for <= words);
		assert_true(stands_for * 100 > words * 96);
	}
}

static void a_code_is_the_code_of_what_it_stands_for(void **state)
{
	(void)state;
	for (uint32_t code = 0; code < 256; code++)
		assert_int_equal(length_code(length_of_code((uint8_t)code)), code);
}

static void the_longest_articles_share_a_code(void **state)
{
	(void)state;
	assert_int_equal(length_code(29052), 254);
	assert_int_equal(length_code(29053), 255);
	assert_int_equal(length_code(UINT32_MAX), 255);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(short_articles_are_exact),
		cmocka_unit_test(the_page_tells_the_truth),
		cmocka_unit_test(codes_rise_with_lengths),
		cmocka_unit_test(a_code_stands_for_at_most_the_length_and_over_96_percent_of_it),
		cmocka_unit_test(a_code_is_the_code_of_what_it_stands_for),
		cmocka_unit_test(the_longest_articles_share_a_code),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
