/* tests/unit/test_readers.c - every article of a file comes out, whole, once. */
#include "readers/reader.h"

#include "base/mem.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

static char path[] = "/tmp/morgue-test-readers-XXXXXX";

/* What a test looks at: a reader over given bytes, its latest article and error. */
static struct {
	struct reader r;
	struct record record;
	struct buf scratch;
	struct err err;
} t;

static void put_bytes(const void *p, size_t n)
{
	FILE *f = fopen(path, "wb");

	assert_non_null(f);
	assert_int_equal(fwrite(p, 1, n, f), n);
	assert_int_equal(fclose(f), 0);
}

static void open_bytes(const void *p, size_t n, const struct field_map *map)
{
	put_bytes(p, n);
	assert_int_equal(reader_open(&t.r, path, NULL, map, &t.err), 0);
}

static void open_text(const char *text)
{
	open_bytes(text, strlen(text), NULL);
}

static int next(void)
{
	int rc = reader_cut(&t.r, &t.record, &t.err);

	if (rc > 0 && (rc = record_parse(&t.record, &t.scratch, &t.err)) == 0)
		rc = 1;
	return rc;
}

/* Open, read the one article there is, close. */
static void read_one(const char *text)
{
	struct record none = { .format = NULL };

	open_text(text);
	assert_int_equal(next(), 1);
	assert_int_equal(reader_cut(&t.r, &none, &t.err), 0);
	record_release(&none);
	reader_close(&t.r);
}

static void expect(enum field field, const char *want)
{
	assert_string_equal(buf_cstr(raw_field(&t.record.raw, field)), want);
}

static void expect_reject(const char *sentence)
{
	assert_int_equal(next(), ERR_INPUT);
	if (!strstr(t.err.msg, sentence))
		fail_msg("\"%s\" lacks \"%s\"", t.err.msg, sentence);
}

/* ---- recognition ---- */

static void the_first_bytes_name_the_format(void **state)
{
	static const struct {
		const char *start, *format;
	} cases[] = {
		{ "{\"title\": \"A\"}", "jsonl" },
		{ "\xEF\xBB\xBF \n {\"title\": \"A\"}", "jsonl" },
		{ "<!DOCTYPE lewis SYSTEM \"lewis.dtd\">\n", "reuters" },
		{ "<REUTERS TOPICS=\"YES\">", "reuters" },
		{ "<html>", "text" },
		{ "[Laughter] said", "text" },
		{ " \n", "text" },
	};

	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		open_text(cases[i].start);
		assert_string_equal(t.r.format->name, cases[i].format);
		reader_close(&t.r);
	}
	assert_ptr_equal(format_by_name("jsonl"), &format_jsonl);
	assert_null(format_by_name("mbox"));
	assert_string_equal(format_names(), "text, jsonl, reuters");
}

static void what_is_no_text_is_refused_with_a_reason(void **state)
{
	static const struct {
		const char *bytes;
		size_t n;
		const char *sentence;
	} cases[] = {
		{ "", 0, "empty file" },
		{ "\x7F"
		  "ELF\0\0",
		  6, "binary file" },
		{ "\xFF\xFEh\0i\0", 6, "UTF-16" },
		{ "\xFE\xFF\0h", 4, "UTF-16" },
		{ "[\n {\"title\": \"A\"}]", 18, "JSON array" },
		{ "{\n \"title\": \"A\"}", 16, "several lines" },
	};

	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		put_bytes(cases[i].bytes, cases[i].n);
		assert_int_equal(reader_open(&t.r, path, NULL, NULL, &t.err), ERR_INPUT);
		assert_non_null(strstr(t.err.msg, cases[i].sentence));
		reader_close(&t.r);
	}
}

static void a_forced_format_is_taken(void **state)
{
	(void)state;
	put_bytes("{\"a\": 1}", 8);
	assert_int_equal(reader_open(&t.r, path, &format_text, NULL, &t.err), 0);
	assert_int_equal(next(), 1);
	expect(RAW_BODY, "{\"a\": 1}");
	reader_close(&t.r);
}

/* ---- text ---- */

static void a_text_without_front_matter_is_all_body(void **state)
{
	(void)state;
	read_one("\xEF\xBB\xBFStrike ends\n\nMiners went back.\n");
	expect(RAW_TITLE, "");
	expect(RAW_BODY, "Strike ends\n\nMiners went back.\n");
	assert_true(t.record.raw.first_line_is_title);
}

static void front_matter_fills_the_fields(void **state)
{
	(void)state;
	read_one("Title: Strike: day 3\r\nDATE: 1984-03-12\r\nAuthor: A\r\nauthor: B\r\nTags: coal, trade "
		 "union\r\n"
		 "\r\nMiners went back.\r\n");
	expect(RAW_TITLE, "Strike: day 3");
	expect(RAW_DATE, "1984-03-12");
	expect(RAW_AUTHOR, "A, B");
	expect(RAW_TAGS, "coal trade-union");
	expect(RAW_BODY, "Miners went back.\r\n");
	assert_false(t.record.raw.first_line_is_title);
	read_one("---\ntitle: \"Quoted\"\ntags: [a, b c]\n---\nText.");
	expect(RAW_TITLE, "Quoted");
	expect(RAW_TAGS, "a b-c");
	expect(RAW_BODY, "Text.");
	read_one("date: 1984\n\nHeadline\nText.");
	expect(RAW_BODY, "Headline\nText.");
	assert_true(t.record.raw.first_line_is_title);
}

static void one_line_out_of_order_makes_front_matter_text(void **state)
{
	static const char *const cases[] = {
		"Title: A\nSubtitle: B\n\nText",       "Title: A\nplain\n\nText",
		"Note: A\nTitle: B\n\nText",           "\nTitle: A\n\nText",
		"---\nTitle: A\nText without a fence", "---\n---\nText",
	};

	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		read_one(cases[i]);
		expect(RAW_BODY, cases[i]);
		expect(RAW_TITLE, "");
	}
}

/* ---- JSON lines ---- */

static void each_field_has_its_usual_names(void **state)
{
	(void)state;
	read_one("{\"hed\": \"H\", \"headline\": \"\", \"maintext\": \"a\\nb\", \"pubDate\": 1711361700, "
		 "\"guid\": "
		 "9007199254740993, \"authors\": [\"A\", null, {\"name\": \"B\"}], \"publisher\": {\"name\": "
		 "\"P\"}, "
		 "\"category\": \"C\", \"link\": \"http://x/\", \"language\": \"de\", \"keywords\": [\"a "
		 "b\", \"c\"]}");
	expect(RAW_TITLE, "H");
	expect(RAW_BODY, "a\nb");
	expect(RAW_DATE, "1711361700");
	expect(RAW_ID, "9007199254740993");
	expect(RAW_AUTHOR, "A, B");
	expect(RAW_SOURCE, "P");
	expect(RAW_SECTION, "C");
	expect(RAW_URL, "http://x/");
	expect(RAW_LANG, "de");
	expect(RAW_TAGS, "a-b c");
}

static void the_first_name_that_holds_something_wins(void **state)
{
	(void)state;
	read_one("{\"text\": \"T\", \"body\": \" \", \"content\": \"C\", \"title\": null, \"id\": true, "
		 "\"docno\": 7}");
	expect(RAW_BODY, "T");
	expect(RAW_TITLE, "");
	expect(RAW_ID, "7");
	read_one("{\"title\": \"A\", \"title\": \"B\", \"date\": 1388534400.0, \"body\": [\"p\", \"q\"]}");
	expect(RAW_TITLE, "B");
	expect(RAW_DATE, "1388534400");
	expect(RAW_BODY, "p\n\nq");
}

static void a_first_line_is_a_title_only_where_another_follows(void **state)
{
	(void)state;
	read_one("{\"body\": \"one line\"}");
	assert_false(t.record.raw.first_line_is_title);
	read_one("{\"body\": \"Headline\\nText\"}");
	assert_true(t.record.raw.first_line_is_title);
}

static void a_map_says_where_fields_lie(void **state)
{
	static const char line[] =
		"{\"title\": \"no\", \"x\": {\"hed\": \"H\"}, \"y.z\": \"B\", \"body\": \"no\"}";
	struct field_map map;

	(void)state;
	assert_int_equal(field_map_parse(&map, "title=x.hed,Body=y.z", &t.err), 0);
	open_bytes(line, strlen(line), &map);
	assert_int_equal(next(), 1);
	expect(RAW_TITLE, "H");
	expect(RAW_BODY, "B");
	reader_close(&t.r);
	field_map_release(&map);
}

static void a_bad_map_names_what_is_wrong(void **state)
{
	static const char *const cases[][2] = {
		{ "heading=a", "no field \"heading\"\nThere are: id, title" },
		{ "tilte=a", "no field \"tilte\"; did you mean title?" },
		{ "title", "is not FIELD=NAME" },
		{ "title=", "is not FIELD=NAME" },
		{ "title=a,", "is not FIELD=NAME" },
		{ "title=a,title=b", "title is named twice" },
	};
	struct field_map map;

	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		assert_int_equal(field_map_parse(&map, cases[i][0], &t.err), ERR_USAGE);
		assert_non_null(strstr(t.err.msg, cases[i][1]));
		field_map_release(&map);
	}
}

static void a_bad_line_is_rejected_and_the_next_one_read(void **state)
{
	(void)state;
	open_text("{\"title\": \"A\"}\n\n{\"title\": \"cut of\n[1]\n{\"x\": 1, \"id\": 7}\n{\"title\": "
		  "\"\"}\n \n{\"title\": \"B\"}");
	assert_int_equal(next(), 1);
	assert_int_equal(t.record.raw.offset, 0);
	expect_reject("not valid JSON");
	assert_int_equal(t.record.raw.offset, 16);
	expect_reject("no object");
	expect_reject("no title and no text");
	expect_reject("no title and no text");
	assert_int_equal(next(), 1);
	expect(RAW_TITLE, "B");
	assert_int_equal(next(), 0);
	reader_close(&t.r);
}

static void an_object_with_an_id_and_empty_text_is_an_article(void **state)
{
	(void)state;
	open_text("{\"id\": \"471\", \"title\": \"\", \"body\": \"\"}");
	assert_int_equal(next(), 1);
	expect(RAW_ID, "471");
	expect(RAW_BODY, "");
	assert_int_equal(next(), 0);
	reader_close(&t.r);
}

static void lines_that_strict_json_refuses_are_mended(void **state)
{
	static const char *const cases[][2] = {
		{ "{\"title\": \"caf\xE9\"}", "caf\xEF\xBF\xBD" },    /* Latin-1 */
		{ "{\"title\": \"a\\ud83d b\"}", "a\xEF\xBF\xBD b" }, /* half a pair */
		{ "{\"title\": \"\\ude00\\ud83d\\ude00\"}", "\xEF\xBF\xBD\xF0\x9F\x98\x80" },
		{ "{\"title\": \"a\\u0000b\"}", "a\xEF\xBF\xBD"
						"b" }, /* NUL */
		{ "{\"title\": \"a\tb\"}", "a b" },    /* raw tab */
		{ "{\"title\": \"NaN -Infinity\", \"date\": NaN, \"id\": -Infinity}", "NaN -Infinity" },
		{ "{\"title\": \"A\", \"id\": 123456789012345678901234567890}", "A" },
	};

	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		read_one(cases[i][0]);
		expect(RAW_TITLE, cases[i][1]);
		expect(RAW_ID, "");
	}
}

/* A line of `n` times `piece` after an opening, then a good line. */
static void reject_bomb(const char *opening, const char *piece, size_t n, const char *sentence)
{
	struct buf b = BUF_INIT;

	buf_add_str(&b, opening);
	for (size_t i = 0; i < n; i++)
		buf_add_str(&b, piece);
	buf_add_str(&b, "\n{\"title\": \"B\"}\n");
	open_bytes(b.p, b.n, NULL);
	expect_reject(sentence);
	assert_int_equal(next(), 1);
	expect(RAW_TITLE, "B");
	reader_close(&t.r);
	buf_release(&b);
}

static void deep_and_wide_json_costs_bounded_memory(void **state)
{
	(void)state;
	reject_bomb("{\"a\": ", "[", 200000, "not valid JSON");
	reject_bomb("{\"a\": ", "{\"a\":", 200000, "not valid JSON");
	reject_bomb("{\"a\": [[]", ",[]", 2000000, "far more values");
}

static void a_text_of_megabytes_is_within_the_bounds(void **state)
{
	struct buf b = BUF_INIT;

	(void)state;
	buf_add_str(&b, "{\"body\": \"");
	for (size_t i = 0; i < 1u << 20; i++)
		buf_add_str(&b, "twenty bytes of text");
	buf_add_str(&b, "\"}\n");
	open_bytes(b.p, b.n, NULL);
	assert_int_equal(next(), 1);
	assert_int_equal(t.record.raw.body.n, 20u << 20);
	assert_int_equal(next(), 0);
	reader_close(&t.r);
	buf_release(&b);
}

/* ---- Reuters ---- */

#define HEAD "<!DOCTYPE lewis SYSTEM \"lewis.dtd\">\n"

static void a_wire_record_becomes_an_article(void **state)
{
	(void)state;
	read_one(HEAD
		 "<REUTERS TOPICS=\"YES\" OLDID=\"5544\" NEWID=\"17\">\n<DATE> 3-MAR-1987 "
		 "15:01:01.79&#9;F</DATE>\n"
		 "<TOPICS><D>cocoa</D></TOPICS>\n<PLACES><D>el-salvador</D><D>new zealand</D></PLACES>\n"
		 "<UNKNOWN> \n&#5;&#5;C T</UNKNOWN>\n<TEXT>&#2;\n<TITLE>BAHIA &lt;BAH>\n REVIEW</TITLE>\n"
		 "<AUTHOR>    By Jo Doe</AUTHOR><DATELINE>    SALVADOR, Feb 26 - </DATELINE><BODY>Showers "
		 "went\n"
		 "on, a two-\nday rain.\n    It is &amp; was&#127;wet.\n "
		 "Reuter\n&#3;</BODY></TEXT>\n</REUTERS>\n");
	expect(RAW_ID, "17");
	expect(RAW_DATE, "3-MAR-1987 15:01:01.79 F");
	expect(RAW_SOURCE, "Reuters");
	expect(RAW_TITLE, "BAHIA <BAH>  REVIEW");
	expect(RAW_AUTHOR, "By Jo Doe");
	expect(RAW_TAGS, "topic:cocoa place:el-salvador place:new-zealand");
	expect(RAW_BODY, "SALVADOR, Feb 26 - Showers went on, a two-day rain.\n\nIt is & was wet.\n Reuter");
	assert_int_equal(t.record.raw.offset, strlen(HEAD));
}

static void tables_keep_their_lines(void **state)
{
	(void)state;
	read_one("<REUTERS NEWID=\"1\">\n<TEXT>\n<TITLE>T</TITLE>\n<DATELINE>    LONDON - </DATELINE><BODY>\n"
		 "    Prices:\n    MAY     12\n    JUNE....13\n JUL 14\nThat "
		 "is\nall.</BODY></TEXT>\n</REUTERS>");
	expect(RAW_BODY, "LONDON -\n\nPrices:\n\nMAY     12\nJUNE....13\n JUL 14\nThat is all.");
}

static void a_brief_has_no_placeholder_and_no_stars(void **state)
{
	(void)state;
	read_one("<REUTERS NEWID=\"1\">\n<TEXT TYPE=\"BRIEF\">&#2;\n******<TITLE>RATE CUT\n</TITLE>Blah blah "
		 "blah.\n&#3;\n"
		 "\n</TEXT>\n</REUTERS>");
	expect(RAW_TITLE, "RATE CUT");
	expect(RAW_BODY, "");
	read_one("<REUTERS NEWID=\"1\">\n<TEXT TYPE=\"BRIEF\">\nBulletin <TITLE>RATE CUT</TITLE>Blah blah "
		 "blah. More.\n"
		 "</TEXT>\n</REUTERS>");
	expect(RAW_BODY, "Bulletin Blah blah blah. More.");
}

static void an_unprocessed_record_is_kept_as_set(void **state)
{
	(void)state;
	read_one("<REUTERS NEWID=\"1\">\n<TEXT TYPE=\"UNPROC\">&#2;\nHONG KONG GOLD\n    3,913 < 4,000 <b\n  "
		 "hilo\n"
		 "&#3;\n\n</TEXT>\n</REUTERS>");
	expect(RAW_TITLE, "");
	expect(RAW_BODY, "HONG KONG GOLD\n    3,913 < 4,000 <b\n  hilo");
	assert_true(t.record.raw.first_line_is_title);
}

static void a_raw_byte_stays_for_the_extractor(void **state)
{
	(void)state;
	read_one("<REUTERS NEWID=\"1\"><TEXT><TITLE>growth.\xFC&#5;&#30;side</TITLE></TEXT></REUTERS>");
	expect(RAW_TITLE, "growth.\xFC side");
}

static void references_that_are_none_stay(void **state)
{
	(void)state;
	read_one("<REUTERS NEWID=\"1\"><TEXT><TITLE>&&amp;lt; &nbsp; &#; &#x; &#xE9; &#55296; &#99999999; "
		 "&#1</TITLE></TEXT>"
		 "</REUTERS>");
	expect(RAW_TITLE, "&&lt; &nbsp; &#; &#x; \xC3\xA9 \xEF\xBF\xBD \xEF\xBF\xBD &#1");
}

static void records_end_where_the_next_begins_or_the_file_ends(void **state)
{
	(void)state;
	open_text("<REUTERS NEWID=\"1\"><TEXT><TITLE>A</TITLE></TEXT></REUTERS> junk <REUTERS NEWID=\"2\">\n"
		  "<TEXT><TITLE>B</TITLE>\n<REUTERS NEWID=\"3\">\n<TEXT></TEXT></REUTERS>\n"
		  "<REUTERS NEWID=\"4\">\n<TEXT><TITLE>D</TITLE><BODY>cut o");
	assert_int_equal(next(), 1);
	expect(RAW_ID, "1");
	assert_int_equal(next(), 1);
	expect(RAW_TITLE, "B");
	assert_int_equal(t.record.raw.offset, 64);
	assert_int_equal(next(), 1);
	expect(RAW_ID, "3");
	expect(RAW_BODY, "");
	assert_int_equal(next(), 1);
	expect(RAW_ID, "4");
	expect(RAW_BODY, "cut o");
	assert_int_equal(next(), 0);
	reader_close(&t.r);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_first_bytes_name_the_format),
		cmocka_unit_test(what_is_no_text_is_refused_with_a_reason),
		cmocka_unit_test(a_forced_format_is_taken),
		cmocka_unit_test(a_text_without_front_matter_is_all_body),
		cmocka_unit_test(front_matter_fills_the_fields),
		cmocka_unit_test(one_line_out_of_order_makes_front_matter_text),
		cmocka_unit_test(each_field_has_its_usual_names),
		cmocka_unit_test(the_first_name_that_holds_something_wins),
		cmocka_unit_test(a_first_line_is_a_title_only_where_another_follows),
		cmocka_unit_test(a_map_says_where_fields_lie),
		cmocka_unit_test(a_bad_map_names_what_is_wrong),
		cmocka_unit_test(a_bad_line_is_rejected_and_the_next_one_read),
		cmocka_unit_test(an_object_with_an_id_and_empty_text_is_an_article),
		cmocka_unit_test(lines_that_strict_json_refuses_are_mended),
		cmocka_unit_test(deep_and_wide_json_costs_bounded_memory),
		cmocka_unit_test(a_text_of_megabytes_is_within_the_bounds),
		cmocka_unit_test(a_wire_record_becomes_an_article),
		cmocka_unit_test(tables_keep_their_lines),
		cmocka_unit_test(a_brief_has_no_placeholder_and_no_stars),
		cmocka_unit_test(an_unprocessed_record_is_kept_as_set),
		cmocka_unit_test(a_raw_byte_stays_for_the_extractor),
		cmocka_unit_test(references_that_are_none_stay),
		cmocka_unit_test(records_end_where_the_next_begins_or_the_file_ends),
	};
	int fd = mkstemp(path), failed;

	cmocka_set_message_output(CM_OUTPUT_TAP);
	failed = cmocka_run_group_tests(tests, NULL, NULL);
	record_release(&t.record);
	buf_release(&t.scratch);
	close(fd);
	unlink(path);
	return failed;
}
