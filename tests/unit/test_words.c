/* tests/unit/test_words.c - where words begin and end, of what class, and what hangs together. */
#include "base/buf.h"
#include "text/words.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

/* The words of a text, written with their class; - and + join one to the word before
 * (a hyphen, a unit), < and > stand for a sign before and after. */
static void show(struct bytes text, struct buf *out)
{
	struct word_scanner s;
	struct word w;
	size_t end = 0;

	words_init(&s, text);
	while (words_next(&s, &w)) {
		assert_true(w.start >= end && w.end > w.start && w.end <= text.n);
		end = w.end;
		if (out->n)
			buf_add_byte(out, w.after_hyphen ? '-' : w.joined ? '+' : ' ');
		buf_add_str(out, w.sign_before ? "<" : "");
		buf_add_bytes(out, bytes_of(text.p + w.start, w.end - w.start));
		buf_add_str(out, w.sign_after ? ">" : "");
		buf_addf(out, "/%c", (char)w.class);
	}
	assert_false(words_next(&s, &w)); /* the end stays the end */
}

static void expect(const char *text, const char *wanted)
{
	struct buf out = BUF_INIT;

	show(bytes_str(text), &out);
	assert_string_equal(buf_cstr(&out), wanted);
	buf_release(&out);
}

static void plain_words(void **state)
{
	(void)state;
	expect("The cat, sat.", "The/w cat/w sat/w");
	expect("MH370 1990s 5G 20th", "MH370/w 1990s/w 5G/w 20th/w");
	expect("O'Brien don\u2019t boys' 'em", "O'Brien/w don\u2019t/w boys/w em/w");
	expect("caf\u00E9 cafe\u0301 so\u00ADft", "caf\u00E9/w cafe\u0301/w so\u00ADft/w");
	expect("a\xFFz", "a/w z/w");
	expect("", "");
	expect(" .,;", "");
}

/* Words are cut eight bytes at a time: any byte ends them where its class says, wherever it stands. */
static void every_byte_in_every_place(void **state)
{
	uint8_t text[24];
	struct word_scanner s;
	struct word w;

	(void)state;
	for (unsigned c = 0; c < 256; c++) {
		enum char_class class = c < 0x80 ? (enum char_class)char_ascii[c] : CHAR_OTHER;
		bool inside = class == CHAR_LETTER || class == CHAR_DIGIT || class == CHAR_APOSTROPHE ||
			      class == CHAR_AMPERSAND;

		for (size_t n = 2; n < 20; n++) {
			memset(text, 'z', sizeof text);
			text[n] = (uint8_t)c;
			text[n + 2] = ' ';
			for (size_t end = n + 2; end <= sizeof text; end += sizeof text - n - 2) {
				words_init(&s, bytes_of(text, end));
				assert_true(words_next(&s, &w));
				assert_int_equal(w.end, inside ? n + 2 : n);
			}
		}
	}
}

static void numbers(void **state)
{
	(void)state;
	expect("1,000 3.5 1.000.000 1,234.5", "1,000/0 3.5/0 1.000.000/0 1,234.5/0");
	expect("1,234,56 1,2 12,345,678", "1/0 234/0 56/0 1/0 2/0 12,345,678/0");
	expect("3.4.1 12.03.2019 1.000.000.5", "3/0 4/0 1/0 12/0 03/0 2019/0 1/0 000/0 000/0 5/0");
	expect("1.000.000, 1.000.000. 5.", "1.000.000/0 1.000.000/0 5/0");
	expect("1986's 1,000's 5's'", "1986's/0 1,000's/0 5's/0");
	expect("5bn 7pm 30km 4K 2x", "5/0+bn/w 7/0+pm/w 30/0+km/w 4/0+K/w 2x/w");
	expect("$5bn 100% 5% \u20AC3 3\u20AC", "<5/0+bn/w 100>/0 5>/0 <3/0 3>/0");
	expect("US$5 $x $ 5", "US/w <5/0 x/w 5/0");
}

/* No number has more than nine groups, or each "000" of a long list that is no number
 * would be tried with all that follow. */
static void a_number_has_an_end(void **state)
{
	(void)state;
	expect("1,000,000,000,000,000,000,000,000", "1,000,000,000,000,000,000,000,000/0");
	expect("1,000,000,000,000,000,000,000,000,000", "1/0 000,000,000,000,000,000,000,000,000/0");
}

static void acronyms(void **state)
{
	(void)state;
	expect("U.S. c.e.o.s e.g., U.S.'s U.S's", "U.S/. c.e.o.s/. e.g/. U.S.'s/. U.S's/.");
	expect("J.K.Rowling a.m.to J.O'Brien", "J.K/. Rowling/w a.m/. to/w J/w O'Brien/w");
	expect("a.b Mr. x. .x.", "a.b/. Mr/w x/w x/w");
	expect("a.b1 1.a", "a/w b1/w 1/0 a/w");
	expect("U.S.-led", "U.S/.-led/w");
}

static void ampersands(void **state)
{
	(void)state;
	expect("AT&T R&D x&y&z", "AT&T/& R&D/& x&y&z/&");
	expect("AT& T &T A & B", "AT/w T/w T/w A/w B/w");
}

static void hyphens_and_dashes(void **state)
{
	(void)state;
	expect("COVID-19 e-mail a_b", "COVID/w-19/0 e/w-mail/w a/w-b/w");
	expect("e\u2010mail e\u2013mail", "e/w-mail/w e/w mail/w");
	expect("a--b a- b a -b -c", "a/w b/w a/w b/w a/w b/w c/w");
	expect("5-10m", "5/0-10/0+m/w");
}

static void addresses(void **state)
{
	(void)state;
	expect("@a #b c@d.com", "a/w b/w c/w d/w com/w");
	expect("http://a.org/x-y HTTPS://b ftp://c", "a/w org/w x/w-y/w b/w c/w");
	expect("http: https", "http/w https/w");
	expect("http://", "");
}

static void runs_of_cjk(void **state)
{
	(void)state;
	expect("\u6771\u4EAC5", "\u6771\u4EAC/c 5/0");
	expect("5\u4E07 a\u6771-b", "5/0 \u4E07/c a/w \u6771/c b/w");
	expect("\u3164", ""); /* a filler shows nothing */
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(plain_words),
		cmocka_unit_test(every_byte_in_every_place),
		cmocka_unit_test(numbers),
		cmocka_unit_test(a_number_has_an_end),
		cmocka_unit_test(acronyms),
		cmocka_unit_test(ampersands),
		cmocka_unit_test(hyphens_and_dashes),
		cmocka_unit_test(addresses),
		cmocka_unit_test(runs_of_cjk),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
