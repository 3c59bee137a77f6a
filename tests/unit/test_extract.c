/* tests/unit/test_extract.c - what a reader found becomes clean text with title and date. */
#include "extract/extract.h"

#include "base/mem.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <stdlib.h>

#define U_FFFD "\xEF\xBF\xBD"

static struct {
	struct extractor x;
	struct raw_article raw;
	struct article a;
	struct err err;
} t;

static void set(struct buf *field, const char *text)
{
	buf_set(field, bytes_str(text));
}

/* A raw article of a body alone. */
static void given_body(const char *body)
{
	raw_article_reset(&t.raw);
	set(&t.raw.body, body);
}

static void run(const char *path)
{
	assert_int_equal(extract(&t.x, &t.raw, path, &t.a, &t.err), 0);
}

static void expect(const char *title, const char *body)
{
	assert_string_equal(buf_cstr(&t.a.title), title);
	assert_string_equal(buf_cstr(&t.a.body), body);
}

static void the_body_becomes_clean_text(void **state)
{
	(void)state;
	raw_article_reset(&t.raw);
	buf_add(&t.raw.body, "\xEF\xBB\xBF\r\n one\r\ntwo\rthree\n\0four\xFC\xE2\x80 \n", 31);
	run(NULL);
	expect("", "one\ntwo\nthree\nfour" U_FFFD U_FFFD U_FFFD);
	assert_int_equal(t.a.repairs, 3);
}

static void a_given_title_is_set_on_one_line(void **state)
{
	(void)state;
	given_body("Text.");
	set(&t.raw.title, " Strike\r\n  ends\tnow\xFF ");
	run(NULL);
	expect("Strike ends now" U_FFFD, "Text.");
	assert_int_equal(t.a.repairs, 1);
}

static void the_first_line_of_text_is_the_title(void **state)
{
	(void)state;
	given_body("Share this @paper.org\n\nStrike  ends\n\nMiners went back.\n");
	t.raw.first_line_is_title = true;
	run(NULL);
	expect("Strike ends", "Share this @paper.org\n\n\n\nMiners went back.");
	assert_int_equal(t.a.nfurniture, 1);
	assert_int_equal(t.a.furniture[0].end, 22);
	given_body("\r\nStrike ends\r\n\r\nMiners went back.");
	t.raw.first_line_is_title = true;
	run(NULL);
	expect("Strike ends", "Miners went back.");
}

static void a_first_paragraph_is_no_title(void **state)
{
	char body[400];

	(void)state;
	memset(body, 'x', sizeof body);
	memcpy(body + EXTRACT_TITLE_LINE + 1, "\nMore.", 7);
	given_body(body);
	t.raw.first_line_is_title = true;
	run(NULL);
	expect("", body);
	given_body(body + 1);
	t.raw.first_line_is_title = true;
	run(NULL);
	assert_int_equal(t.a.title.n, EXTRACT_TITLE_LINE);
	assert_string_equal(buf_cstr(&t.a.body), "More.");
}

static void a_text_of_one_line_is_a_title(void **state)
{
	(void)state;
	given_body("Strike ends");
	t.raw.first_line_is_title = true;
	run(NULL);
	expect("Strike ends", "");
	given_body("Advertisement");
	t.raw.first_line_is_title = true;
	run(NULL);
	expect("", "Advertisement");
}

static void a_title_of_pages_moves_to_the_body(void **state)
{
	char *title = mem_alloc(EXTRACT_TITLE_MAX + 2);

	(void)state;
	memset(title, 'x', EXTRACT_TITLE_MAX + 1);
	title[EXTRACT_TITLE_MAX + 1] = '\0';
	given_body("Text.");
	set(&t.raw.title, title);
	run(NULL);
	assert_int_equal(t.a.title.n, 0);
	assert_int_equal(t.a.body.n, EXTRACT_TITLE_MAX + 1 + strlen("\n\nText."));
	free(title);
}

static void the_date_field_comes_before_url_and_path(void **state)
{
	(void)state;
	given_body("Text.");
	set(&t.raw.date, "2016-09-20T10:15:00+01:00");
	set(&t.raw.url, "http://x.org/2017/01/02/story");
	run("2018/01/02/a.txt");
	assert_int_equal(t.a.method, DATE_FIELD);
	assert_int_equal(t.a.date, 1474366500);
	assert_int_equal(t.a.precision, 's');
	assert_int_equal(t.a.offset, 60);
	set(&t.raw.date, "0001-11-30");
	run("2018/01/02/a.txt");
	assert_int_equal(t.a.method, DATE_PATH);
	assert_int_equal(t.a.date, 1483315200);
	assert_int_equal(t.a.offset, DATE_NO_ZONE);
	set(&t.raw.url, "http://x.org/story?on=2017-01-02");
	run("2018/01/02/a.txt");
	assert_int_equal(t.a.date, 1514851200);
	run(NULL);
	assert_int_equal(t.a.method, DATE_NOT_FOUND);
	assert_int_equal(t.a.date, CIVIL_NONE);
	assert_int_equal(t.a.precision, 0);
}

static void short_fields_are_clean_and_bounded(void **state)
{
	(void)state;
	given_body("Text.");
	set(&t.raw.lang, " EN-us\n");
	set(&t.raw.author, "By  Jo\nDoe");
	set(&t.raw.url, " http://x/ ");
	for (size_t i = 0; i < EXTRACT_FIELD_MAX; i++)
		buf_add_str(&t.raw.section, "\xC3\xA9");
	run(NULL);
	assert_string_equal(buf_cstr(&t.a.lang), "en-us");
	assert_string_equal(buf_cstr(&t.a.author), "Jo Doe");
	assert_string_equal(buf_cstr(&t.a.url), "http://x/");
	assert_int_equal(t.a.section.n, EXTRACT_FIELD_MAX);
}

static void furniture_lies_where_the_final_body_has_it(void **state)
{
	(void)state;
	given_body("\r\n\r\nText.\r\nADVERTISEMENT\r\nMore text.\r\nYou May Also Like\r\n\r\nTeaser\r\n");
	run(NULL);
	expect("", "Text.\nADVERTISEMENT\nMore text.\nYou May Also Like\n\nTeaser");
	assert_int_equal(t.a.nfurniture, 2);
	assert_int_equal(t.a.furniture[0].start, 6);
	assert_int_equal(t.a.furniture[0].end, 20);
	assert_int_equal(t.a.furniture[1].start, 31);
	assert_int_equal(t.a.furniture[1].end, t.a.body.n);
}

static void nothing_is_no_article(void **state)
{
	(void)state;
	given_body(" \r\n \xEF\xBB\xBF");
	t.raw.body.n -= 3;
	assert_int_equal(extract(&t.x, &t.raw, NULL, &t.a, &t.err), ERR_INPUT);
	assert_string_equal(t.err.msg, "no title and no text");
	raw_article_reset(&t.raw);
	assert_int_equal(extract(&t.x, &t.raw, NULL, &t.a, &t.err), ERR_INPUT);
	set(&t.raw.id, "471"); /* but a record with an id is one, if an empty one */
	assert_int_equal(extract(&t.x, &t.raw, NULL, &t.a, &t.err), 0);
}

static void more_than_the_limit_is_refused(void **state)
{
	(void)state;
	given_body("");
	set(&t.raw.title, "A");
	buf_add_zeros(&t.raw.body, EXTRACT_MAX);
	assert_int_equal(extract(&t.x, &t.raw, NULL, &t.a, &t.err), ERR_INPUT);
	assert_string_equal(t.err.msg,
			    "an article of more than 16 MiB, the most there may be; cut it into several");
	buf_release(&t.raw.body);
}

static void the_same_extractor_gives_the_same_again(void **state)
{
	(void)state;
	given_body("One\n\nAdvertisement\n");
	t.raw.first_line_is_title = true;
	run("2018/01/a.txt");
	given_body("Two");
	run(NULL);
	expect("", "Two");
	assert_int_equal(t.a.nfurniture, 0);
	assert_int_equal(t.a.method, DATE_NOT_FOUND);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_body_becomes_clean_text),
		cmocka_unit_test(a_given_title_is_set_on_one_line),
		cmocka_unit_test(the_first_line_of_text_is_the_title),
		cmocka_unit_test(a_first_paragraph_is_no_title),
		cmocka_unit_test(a_text_of_one_line_is_a_title),
		cmocka_unit_test(a_title_of_pages_moves_to_the_body),
		cmocka_unit_test(the_date_field_comes_before_url_and_path),
		cmocka_unit_test(short_fields_are_clean_and_bounded),
		cmocka_unit_test(furniture_lies_where_the_final_body_has_it),
		cmocka_unit_test(nothing_is_no_article),
		cmocka_unit_test(more_than_the_limit_is_refused),
		cmocka_unit_test(the_same_extractor_gives_the_same_again),
	};
	int failed;

	cmocka_set_message_output(CM_OUTPUT_TAP);
	extractor_init(&t.x);
	failed = cmocka_run_group_tests(tests, NULL, NULL);
	extractor_release(&t.x);
	raw_article_release(&t.raw);
	article_release(&t.a);
	return failed;
}
