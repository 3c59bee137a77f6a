/* tests/unit/test_utf8.c - UTF-8 is decoded, checked, repaired, cut and made safe. */
#include "text/utf8.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

/* What decoding the first character of s gives. */
static void expect_decoded(const char *s, uint32_t c, size_t size)
{
	uint32_t got;
	size_t n = utf8_decode((const uint8_t *)s, (const uint8_t *)s + strlen(s), &got);

	if (got != c || n != size)
		fail_msg("gives U+%04X in %zu, not U+%04X in %zu", got, n, c, size);
}

static void characters_of_each_size_are_decoded(void **state)
{
	(void)state;
	expect_decoded("a", 'a', 1);
	expect_decoded("\xC2\x80", 0x80, 2);
	expect_decoded("\xDF\xBF", 0x7FF, 2);
	expect_decoded("\xE0\xA0\x80", 0x800, 3);
	expect_decoded("\xED\x9F\xBF", 0xD7FF, 3);
	expect_decoded("\xEE\x80\x80", 0xE000, 3);
	expect_decoded("\xEF\xBF\xBF", 0xFFFF, 3);
	expect_decoded("\xF0\x90\x80\x80", 0x10000, 4);
	expect_decoded("\xF4\x8F\xBF\xBF", 0x10FFFF, 4);
	expect_decoded("\xEF\xBF\xBD", UTF8_REPLACEMENT, 3); /* itself, not an error */
}

/* Unicode 15, table 3-7. */
static const char *const invalid[] = {
	"\x80", /* continuation alone */
	"\xBF",
	"\xC0\x80", /* overlong */
	"\xC1\xBF",
	"\xE0\x9F\xBF",
	"\xF0\x8F\xBF\xBF",
	"\xED\xA0\x80", /* surrogates */
	"\xED\xBF\xBF",
	"\xF4\x90\x80\x80", /* beyond U+10FFFF */
	"\xF5\x80\x80\x80",
	"\xFF",
	"\xC3", /* cut short */
	"\xE2\x82",
	"\xF0\x9F\x98",
	"\xC3z", /* broken off */
	"\xE2\x82z",
	"\xF0\x9F\x98z",
};

static void each_invalid_byte_decodes_alone(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof invalid / sizeof *invalid; i++) {
		expect_decoded(invalid[i], UTF8_REPLACEMENT, 1);
		assert_false(utf8_valid(bytes_str(invalid[i])));
	}
}

static void encoding_and_decoding_agree_on_every_scalar_value(void **state)
{
	(void)state;
	for (uint32_t c = 0; c <= 0x10FFFF; c++) {
		uint8_t raw[4];
		size_t n = utf8_encode(raw, c);
		uint32_t got = 0;

		if (c >= 0xD800 && c < 0xE000)
			continue;
		if (utf8_decode(raw, raw + n, &got) != n || got != c || !utf8_valid(bytes_of(raw, n)))
			fail_msg("U+%04X", c);
	}
}

static void an_error_is_seen_wherever_it_stands(void **state)
{
	char text[40];

	(void)state;
	for (size_t at = 0; at < 32; at++) {
		memset(text, 'a', 32);
		assert_true(utf8_valid(bytes_of(text, 32)));
		text[at] = '\x80';
		assert_false(utf8_valid(bytes_of(text, 32)));
	}
}

static void nothing_is_valid_and_needs_no_repair(void **state)
{
	struct buf out = BUF_INIT;

	(void)state;
	assert_true(utf8_valid(BYTES_NONE));
	assert_int_equal(utf8_repair(&out, BYTES_NONE), 0);
	utf8_add_safe(&out, BYTES_NONE, false);
	assert_int_equal(out.n, 0);
	assert_int_equal(utf8_cut(BYTES_NONE, 5).n, 0);
	buf_release(&out);
}

static void expect_repair(const char *in, const char *wanted, size_t repairs)
{
	struct buf out = BUF_INIT;

	assert_int_equal(utf8_repair(&out, bytes_str(in)), repairs);
	assert_string_equal(buf_cstr(&out), wanted);
	assert_true(utf8_valid(buf_bytes(&out)));
	buf_release(&out);
}

static void repair_replaces_each_invalid_byte(void **state)
{
	(void)state;
	expect_repair("plain", "plain", 0);
	expect_repair("caf\xC3\xA9", "caf\xC3\xA9", 0);
	expect_repair("\xFF", "\xEF\xBF\xBD", 1);
	expect_repair("a\xC3z", "a\xEF\xBF\xBDz", 1);
	expect_repair("a\xE2\x82", "a\xEF\xBF\xBD\xEF\xBF\xBD", 2);
	for (size_t i = 0; i < sizeof invalid / sizeof *invalid; i++) {
		struct buf out = BUF_INIT;

		assert_true(utf8_repair(&out, bytes_str(invalid[i])) > 0);
		assert_true(utf8_valid(buf_bytes(&out)));
		buf_release(&out);
	}
}

static void a_cut_keeps_characters_whole(void **state)
{
	struct bytes s = bytes_str("a\xC3\xA9\xF0\x9F\x98\x80z"); /* 1, 2, 4, 1 bytes */
	static const size_t wanted[] = { 0, 1, 1, 3, 3, 3, 3, 7, 8, 8 };

	(void)state;
	for (size_t max = 0; max < sizeof wanted / sizeof *wanted; max++)
		assert_int_equal(utf8_cut(s, max).n, wanted[max]);
	assert_int_equal(utf8_cut(bytes_str("\x80\x80\x80"), 2).n, 0);
}

static void expect_safe(const char *in, bool lines, const char *wanted)
{
	struct buf out = BUF_INIT;

	utf8_add_safe(&out, bytes_str(in), lines);
	assert_string_equal(buf_cstr(&out), wanted);
	buf_release(&out);
}

static void nothing_unsafe_reaches_a_terminal(void **state)
{
	(void)state;
	expect_safe("plain caf\xC3\xA9", false, "plain caf\xC3\xA9");
	expect_safe("a\tb\r\nc\n", false, "a b  c ");
	expect_safe("a\tb\nc\n", true, "a b\nc\n");
	expect_safe("\x1B[31mred", false, "\xEF\xBF\xBD[31mred");
	expect_safe("\x7F\x01", false, "\xEF\xBF\xBD\xEF\xBF\xBD");
	expect_safe("\xC2\x9B[m", false, "\xEF\xBF\xBD[m");       /* CSI as a C1 control */
	expect_safe("\xE2\x80\xAEliv", false, "\xEF\xBF\xBDliv"); /* right-to-left override */
	expect_safe("\x9B", false, "\xEF\xBF\xBD");
	expect_safe("\xEF\xBF\xBD", false, "\xEF\xBF\xBD");
}

static void unsafe_characters_are_these(void **state)
{
	static const uint32_t unsafe[] = { 0,      0x1B,   0x7F,   0x80,   0x9F,   0x061C,
					   0x200E, 0x200F, 0x2028, 0x2029, 0x202A, 0x202E,
					   0x2066, 0x2069, 0xFEFF, 0xFFF9, 0xE0041 };
	static const uint32_t safe[] = {
		' ', '~', 0xA0, 0xAD, 0x0600, 0x200D, 0x2030, 0x2070, 0x4E00, 0x1F600
	};

	(void)state;
	for (size_t i = 0; i < sizeof unsafe / sizeof *unsafe; i++)
		assert_true(utf8_is_unsafe(unsafe[i]));
	for (size_t i = 0; i < sizeof safe / sizeof *safe; i++)
		assert_false(utf8_is_unsafe(safe[i]));
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(characters_of_each_size_are_decoded),
		cmocka_unit_test(each_invalid_byte_decodes_alone),
		cmocka_unit_test(encoding_and_decoding_agree_on_every_scalar_value),
		cmocka_unit_test(an_error_is_seen_wherever_it_stands),
		cmocka_unit_test(nothing_is_valid_and_needs_no_repair),
		cmocka_unit_test(repair_replaces_each_invalid_byte),
		cmocka_unit_test(a_cut_keeps_characters_whole),
		cmocka_unit_test(nothing_unsafe_reaches_a_terminal),
		cmocka_unit_test(unsafe_characters_are_these),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
