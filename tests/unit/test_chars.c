/* tests/unit/test_chars.c - characters are classed as the tokenizer needs them. */
#include "text/chars.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

static void expect_class(enum char_class class, const uint32_t *chars, size_t n)
{
	for (size_t i = 0; i < n; i++)
		if (char_class(chars[i]) != class)
			fail_msg("U+%04X is of class %d, not %d", chars[i], (int)char_class(chars[i]),
				 (int)class);
}

#define EXPECT(class, ...)                                                                                   \
	do {                                                                                                 \
		static const uint32_t chars_[] = { __VA_ARGS__ };                                            \
		expect_class(class, chars_, sizeof chars_ / sizeof *chars_);                                 \
	} while (0)

static void each_class_has_its_characters(void **state)
{
	(void)state;
	EXPECT(CHAR_LETTER, 'a', 'Z', 0xAA, 0xC0, 0xFF, 0x0131, 0x024F, 0x0250, 0x03B1, 0x0439, 0x05D0,
	       0x0627, 0x0905, 0x0E01, 0x10D0, 0x1E9E, 0x2163, 0xFB01, 0xFF21, 0x1D400);
	EXPECT(CHAR_DIGIT, '0', '9', 0x0660, 0x0966, 0xFF10);
	EXPECT(CHAR_CJK, 0x1100, 0x3005, 0x3007, 0x3042, 0x30A2, 0x30FC, 0x4E00, 0xAC00, 0xFF71, 0x20000);
	EXPECT(CHAR_EXTEND, 0xAD, 0x0301, 0x05B8, 0x064B, 0x093F, 0x115F, 0x200C, 0x200D, 0x2060, 0x3099,
	       0x3164, 0xFE0F, 0xFEFF, 0xFF9E);
	EXPECT(CHAR_APOSTROPHE, '\'', '`', 0xB4, 0x02BB, 0x02BC, 0x02BE, 0x02BF, 0x2018, 0x2019, 0x201B,
	       0xFF07);
	EXPECT(CHAR_HYPHEN, '-', '_', 0x2010, 0x2011, 0xFF0D);
	EXPECT(CHAR_AMPERSAND, '&', 0xFF06);
	EXPECT(CHAR_CURRENCY, '$', 0xA2, 0xA3, 0xA5, 0x20AC, 0x20B9, 0xFF04);
	EXPECT(CHAR_PERCENT, '%', 0x2030, 0xFF05);
	EXPECT(CHAR_OTHER, 0, ' ', '\n', '.', '/', '"', '@', '#', 0x7F, 0xA0, 0xAB, 0xD7, 0xF7, 0x2013,
	       0x2014, 0x200B, 0x201C, 0x2026, 0x3002, 0x30FB, 0xFFFD, 0x1F600, 0x10FFFF);
}

static void classes_at_a_place_know_the_size(void **state)
{
	struct bytes s = bytes_str("a\xC3\xA9\xE6\x9D\xB1\xFF");
	size_t size;

	(void)state;
	assert_int_equal(char_class_at(s, 0, &size), CHAR_LETTER);
	assert_int_equal(size, 1);
	assert_int_equal(char_class_at(s, 1, &size), CHAR_LETTER);
	assert_int_equal(size, 2);
	assert_int_equal(char_class_at(s, 3, &size), CHAR_CJK);
	assert_int_equal(size, 3);
	assert_int_equal(char_class_at(s, 6, &size), CHAR_OTHER); /* an invalid byte parts words */
	assert_int_equal(size, 1);
	assert_int_equal(char_class_at(s, 7, &size), CHAR_OTHER);
	assert_int_equal(size, 0);
	assert_int_equal(char_class_at(BYTES_NONE, 0, &size), CHAR_OTHER);
	assert_int_equal(size, 0);
}

static void case_is_known(void **state)
{
	(void)state;
	assert_true(char_is_upper('A') && char_is_upper(0xC9) && char_is_upper(0x0416) &&
		    char_is_upper(0x01C5));
	assert_false(char_is_upper('a') || char_is_upper('1') || char_is_upper(0xE9) ||
		     char_is_upper(0x6771));
	assert_true(char_is_lower('a') && char_is_lower(0xE9) && char_is_lower(0x0436) &&
		    char_is_lower(0x1EA1));
	assert_false(char_is_lower('A') || char_is_lower('1') || char_is_lower(0x6771));
	assert_false(char_is_lower(0x10D0)); /* Georgian: sentences begin with these too */
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(each_class_has_its_characters),
		cmocka_unit_test(classes_at_a_place_know_the_size),
		cmocka_unit_test(case_is_known),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
