/* tests/unit/test_marks.c - sentences, paragraphs and quotations begin and end between words. */
#include "base/buf.h"
#include "text/marks.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

static void show_marks(unsigned marks, struct buf *out)
{
	if (marks & MARK_CLOSE)
		buf_add_byte(out, ')');
	if (marks & MARK_PARAGRAPH)
		buf_add_byte(out, '|');
	else if (marks & MARK_SENTENCE)
		buf_add_byte(out, '.');
	if (marks & MARK_OPEN)
		buf_add_byte(out, '(');
	if (marks & MARK_PARAGRAPH)
		assert_true(marks & MARK_SENTENCE);
}

/* Each word as an x with the marks before it: | for a paragraph, . for a sentence. */
static void expect(const char *text, const char *wanted)
{
	struct bytes s = bytes_str(text);
	struct word_scanner scanner;
	struct marks marks;
	struct word w, before;
	struct buf out = BUF_INIT;
	bool any = false;

	words_init(&scanner, s);
	marks_init(&marks, s, marks_blank_lines(s));
	for (; words_next(&scanner, &w); before = w, any = true) {
		show_marks(marks_gap(&marks, any ? &before : NULL, w.start), &out);
		buf_add_byte(&out, 'x');
	}
	if (any)
		show_marks(marks_gap(&marks, &before, s.n) & MARK_CLOSE, &out);
	if (strcmp(buf_cstr(&out), wanted) != 0)
		fail_msg("%s gives %s, not %s", text, buf_cstr(&out), wanted);
	buf_release(&out);
}

#define LEFT   "\u201C"
#define RIGHT  "\u201D"
#define LOW    "\u201E"
#define LEFT1  "\u2018"
#define RIGHT1 "\u2019"

static void sentences_end_at_a_stop_and_a_space(void **state)
{
	(void)state;
	expect("One. Two", "|x.x");
	expect("One! Two? Three", "|x.x.x");
	expect("One\u2026 Two", "|x.x");
	expect("One. two", "|xx"); /* a small letter goes on */
	expect("One. 2", "|x.x");
	expect("One.Two", "|xx");
	expect("(One.) Two", "|x.x");
	expect("One; two: three, four", "|xxxx");
	expect("One.", "|x");
	expect("\u4E00\u3002\u4E8C", "|x.x"); /* no space in Chinese */
}

static void abbreviations_end_no_sentence(void **state)
{
	(void)state;
	expect("Mr. Smith", "|xx");
	expect("MR. Smith", "|xx");
	expect("Messrs. Smith", "|xx");
	expect("U.S. Senate", "|xx");
	expect("George W. Bush", "|xxx");
	expect("Mr.. Smith", "|x.x");
	expect("Mr! Smith", "|x.x");
	expect("a. B", "|x.x"); /* no initial is small */
}

static void some_abbreviate_before_numbers_only(void **state)
{
	(void)state;
	expect("Sept. 11", "|xx");
	expect("Sept. He", "|x.x");
	expect("No. 10", "|xx");
	expect("No. He", "|x.x");
	expect("pp. 5", "|xx");
	expect("Ten. 11", "|x.x");
}

static void paragraphs_end_at_lines_or_empty_lines(void **state)
{
	(void)state;
	expect("a\nb\nc", "|x|x|x");
	expect("a\nb\n\nc", "|xx|x");
	expect("a\r\nb\r\n\r\nc", "|xx|x");
	expect("a\nb\n \t\nc", "|xx|x");
	expect("\n\na\nb\n\n", "|x|x"); /* empty lines around the text tell nothing */
	expect("a\n-\n\nb", "|x|x");
	expect("a b", "|xx");
}

static void quotations_open_and_close(void **state)
{
	(void)state;
	expect(LEFT "a" RIGHT " b", "|(x)x");
	expect("a " LEFT "b c." RIGHT " D", "|x(xx).x");
	expect("a \"b\" c", "|x(x)x");
	expect("\"a,\" b, \"c\"", "|(x)x(x)");
	expect(LOW "a" LEFT " b", "|(x)x");
	expect("\u00AB\u00A0z\u00A0\u00BB b", "|(x)x");
	expect("\u00A0\"A\"\u00A0z", "|(x)x");
	expect("a" RIGHT " b", "|xx"); /* none to close */
	expect("5\" b \"c\"", "|xx(x)");
}

static void single_quotes_are_mostly_apostrophes(void **state)
{
	(void)state;
	expect(LEFT1 "a" RIGHT1 " b", "|(x)x");
	expect("'a' b", "|xx");
	expect("boys" RIGHT1 " b", "|xx");
	expect(RIGHT1 "tis", "|x");
	expect(LEFT "a " LEFT1 "b" RIGHT1 " c" RIGHT " d", "|(xxx)x");
	expect(LEFT1 "a don" RIGHT1 "t b" RIGHT1 " c", "|(xxx)x");
}

static void a_quotation_ends_with_its_paragraph(void **state)
{
	(void)state;
	expect(LEFT "a\nb", "|(x)|x");
	expect(LEFT "a\n" LEFT "b" RIGHT " c", "|(x)|(x)x");
	expect("\"a\nb \"c\"", "|(x)|x(x)");
	expect("\"a", "|(x)");
}

static void white_space_around_a_text_changes_nothing(void **state)
{
	(void)state;
	expect(" \n\n\n Mr. A. B " LEFT "c" RIGHT " \n\n ", "|xxx(x)");
	expect("\n One. Two\n", "|x.x");
	expect(" \n ", "");
	expect("", "");
}

static void blank_lines_are_found(void **state)
{
	(void)state;
	assert_false(marks_blank_lines(BYTES_NONE));
	assert_false(marks_blank_lines(bytes_str("a\nb")));
	assert_false(marks_blank_lines(bytes_str("\n\na\n\n")));
	assert_true(marks_blank_lines(bytes_str("a\n\nb")));
	assert_true(marks_blank_lines(bytes_str("a\n  x\n \t\r\nb")));
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(sentences_end_at_a_stop_and_a_space),
		cmocka_unit_test(abbreviations_end_no_sentence),
		cmocka_unit_test(some_abbreviate_before_numbers_only),
		cmocka_unit_test(paragraphs_end_at_lines_or_empty_lines),
		cmocka_unit_test(quotations_open_and_close),
		cmocka_unit_test(single_quotes_are_mostly_apostrophes),
		cmocka_unit_test(a_quotation_ends_with_its_paragraph),
		cmocka_unit_test(white_space_around_a_text_changes_nothing),
		cmocka_unit_test(blank_lines_are_found),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
