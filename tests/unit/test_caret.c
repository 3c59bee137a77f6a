/* tests/unit/test_caret.c - the mark stands under the place, whatever is around it. */
#include "caret.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

static void check(const char *text, size_t from, size_t to, const char *wanted)
{
	struct buf out = BUF_INIT;

	caret_print(&out, bytes_str(text), bytes_of(text + from, to - from));
	assert_string_equal(buf_cstr(&out), wanted);
	buf_release(&out);
}

static void it_stands_under_the_place(void **state)
{
	(void)state;
	check("merger w/x block", 7, 10, "  merger w/x block\n         ^~~\n");
	check("date:x", 5, 6, "  date:x\n       ^\n");
	check("a", 0, 1, "  a\n  ^\n");
}

static void a_place_without_extent_is_one_caret(void **state)
{
	(void)state;
	check("ab", 2, 2, "  ab\n    ^\n");
	check("", 0, 0, "  \n  ^\n");
}

static void wide_characters_take_two_columns_and_marks_none(void **state)
{
	(void)state;
	check("時計 x 塔", 7, 8, "  時計 x 塔\n       ^\n");
	check("時計 x 塔", 9, 12, "  時計 x 塔\n         ^~\n");
	check("e\xCC\x81 x", 4, 5, "  e\xCC\x81 x\n    ^\n");
}

static void nothing_reaches_a_terminal_that_it_would_obey(void **state)
{
	(void)state;
	check("\x1b[2J x", 5, 6, "  \xEF\xBF\xBD[2J x\n       ^\n");
	check("a\nb\tx", 4, 5, "  a b x\n      ^\n");
	check("\xE2\x80\xAE x", 4, 5, "  \xEF\xBF\xBD x\n    ^\n");
	check("\xFF\x80 x", 3, 4, "  \xEF\xBF\xBD\xEF\xBF\xBD x\n     ^\n");
}

/* 30 columns before it, 76 in all. */
static void a_long_line_is_cut_around_the_place(void **state)
{
	char text[401];

	(void)state;
	memset(text, 'a', 400);
	memcpy(text + 200, "w/x", 3);
	text[400] = '\0';
	check(text, 200, 203,
	      "  …aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaw/xaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa…\n"
	      "                                 ^~~\n");
	check(text, 200, 400,
	      "  …aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaw/xaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa…\n"
	      "                                 ^~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~\n");
	check(text + 369, 30, 31, "  aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa\n                                ^\n");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(it_stands_under_the_place),
		cmocka_unit_test(a_place_without_extent_is_one_caret),
		cmocka_unit_test(wide_characters_take_two_columns_and_marks_none),
		cmocka_unit_test(nothing_reaches_a_terminal_that_it_would_obey),
		cmocka_unit_test(a_long_line_is_cut_around_the_place),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
