/* tests/unit/test_fields.c - what is known of an article beside its text becomes terms. */
#include "text/fields.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <string.h>

/* The terms, a bar after each, 0x03 left out: "pbusiness|". */
static void expect_terms(const struct field_values *values, const char *wanted)
{
	struct buf list = BUF_INIT, shown = BUF_INIT;
	struct bytes rest, term;

	field_terms(values, &list);
	for (rest = buf_bytes(&list); field_term_next(&rest, &term);) {
		assert_int_equal(term.p[0], 0x03);
		buf_add(&shown, term.p + 1, term.n - 1);
		buf_add_byte(&shown, '|');
	}
	assert_string_equal(buf_cstr(&shown), wanted);
	buf_release(&list);
	buf_release(&shown);
}

static void each_field_has_its_letter(void **state)
{
	const struct field_values values = { .author = bytes_str("Zoë Ferreira-Brandão"),
					     .section = bytes_str("Business"),
					     .lang = bytes_str("en-GB"),
					     .url = bytes_str(
						     "https://www.Harbour-Courier.example/1984/dockers"),
					     .tags = bytes_str("topic:cocoa place:usa"),
					     .id = bytes_str("hc-1984-0312") };

	(void)state;
	expect_terms(&values, "azoe ferreira-brandao|pbusiness|len-gb|i0b5|ttopic:cocoa|tplace:usa|"
			      "ua87|hharbour-courier.example|");
}

static void what_is_not_known_has_no_term(void **state)
{
	(void)state;
	expect_terms(&(struct field_values){ .tags = BYTES_NONE }, "");
	expect_terms(&(struct field_values){ .section = bytes_str("  \t "), .tags = bytes_str("  ") }, "");
	expect_terms(&(struct field_values){ .url = bytes_str("no address") }, "");
}

static void values_are_folded_and_spaces_single(void **state)
{
	(void)state;
	expect_terms(&(struct field_values){ .author = bytes_str(" By  Anne\tO’Brien\n") },
		     "aby anne o'brien|");
	expect_terms(&(struct field_values){ .author = bytes_str("ＡＰ\x1b[31m") }, "aap [31m|");
	expect_terms(&(struct field_values){ .tags = bytes_str(" one  two ") }, "tone|ttwo|");
}

static void long_values_are_cut_at_a_character(void **state)
{
	struct buf value = BUF_INIT, folded = BUF_INIT;

	(void)state;
	for (int i = 0; i < 200; i++)
		buf_add_str(&value, "日");
	field_fold(buf_bytes(&value), &folded);
	assert_int_equal(folded.n, 249);
	assert_memory_equal(folded.p, value.p, 249);
	buf_release(&value);
	buf_release(&folded);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(each_field_has_its_letter),
		cmocka_unit_test(what_is_not_known_has_no_term),
		cmocka_unit_test(values_are_folded_and_spaces_single),
		cmocka_unit_test(long_values_are_cut_at_a_character),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
