/* tests/unit/test_dates.c - a date is read as printed, or not at all. */
#include "extract/dates.h"

#include "article.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <stdio.h>

#define NO DATE_NO_ZONE

/* `shown` is civil_format's text; its length tells the precision. */
static void expect(const char *text, bool got, const struct parsed_date *d, const char *shown, int zone)
{
	char have[20] = "";

	if (got)
		civil_format(have, d->seconds, d->precision);
	if (strcmp(have, shown) != 0 || (got && d->zone != zone))
		fail_msg("\"%s\" gives \"%s\" zone %d, not \"%s\" zone %d", text, have, got ? d->zone : NO,
			 shown, zone);
}

struct date_case {
	const char *text, *shown;
	int zone;
};

static void check_parse(const struct date_case *c, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		struct parsed_date d;
		bool got = date_parse(bytes_str(c[i].text), &d);

		expect(c[i].text, got, &d, c[i].shown, c[i].zone);
	}
}

#define CHECK_PARSE(...)                                                                                     \
	do {                                                                                                 \
		static const struct date_case cases_[] = { __VA_ARGS__ };                                    \
		check_parse(cases_, sizeof cases_ / sizeof *cases_);                                         \
	} while (0)

static void iso_dates_keep_the_precision_they_have(void **state)
{
	(void)state;
	CHECK_PARSE({ "2016", "2016", NO }, { "2016-09", "2016-09", NO }, { "2016/09", "2016-09", NO },
		    { "2016-09-20", "2016-09-20", NO }, { "2016/9/2", "2016-09-02", NO },
		    { "20160920", "2016-09-20", NO }, { "20160920101112", "2016-09-20 10:11:12", NO },
		    { "2016-Sep-20", "2016-09-20", NO }, { " 2016-09-20\n", "2016-09-20", NO },
		    { "2016-09-20Z", "2016-09-20", NO }, { "2016-09-20T10:15", "2016-09-20 10:15", NO },
		    { "2016-09-20 10:15:16", "2016-09-20 10:15:16", NO });
}

static void the_zone_is_kept_apart_and_not_applied(void **state)
{
	(void)state;
	CHECK_PARSE({ "2016-09-20T23:15:16.123456Z", "2016-09-20 23:15:16", 0 },
		    { "2016-09-20T23:15:16+01:00", "2016-09-20 23:15:16", 60 },
		    { "2016-09-20T23:15:16-0930", "2016-09-20 23:15:16", -570 },
		    { "20160920T231516Z", "2016-09-20 23:15:16", 0 },
		    { "20160920T2315+0100", "2016-09-20 23:15", 60 }, { "20160920T996000", "2016-09-20", NO },
		    { "2016-09-20 10:15 EST", "2016-09-20 10:15", -300 },
		    { "2016-09-20 10:15 CEST", "2016-09-20 10:15", 120 },
		    { "2016-09-20 10:15 ET", "2016-09-20 10:15", NO },
		    { "2016-09-20 10:15 +05", "2016-09-20 10:15", 300 },
		    { "2016-09-20 10:15+99:00", "2016-09-20 10:15", NO });
}

static void mail_and_feed_dates_are_read(void **state)
{
	(void)state;
	CHECK_PARSE({ "Tue, 12 Mar 2019 09:30:00 +0100", "2019-03-12 09:30:00", 60 },
		    { "12 Mar 2019 09:30 GMT", "2019-03-12 09:30", 0 },
		    { "Wed Aug 27 13:08:45 +0000 2008", "2008-08-27 13:08:45", 0 },
		    { "Thu Feb 29 13:08:45 EST 2024", "2024-02-29 13:08:45", -300 },
		    { "Mon Mar 25 2024 10:15:00 GMT+0100 (CET)", "2024-03-25 10:15:00", 60 });
}

static void newspaper_dates_are_read(void **state)
{
	(void)state;
	CHECK_PARSE({ "March 25, 2024", "2024-03-25", NO }, { "25 March 2024", "2024-03-25", NO },
		    { "Mon 25 Mar 2024", "2024-03-25", NO }, { "Monday, March 25, 2024", "2024-03-25", NO },
		    { "Mar. 25, 2024 10:15 a.m.", "2024-03-25 10:15", NO },
		    { "Mar. 25, 2024 at 12:05 AM EDT", "2024-03-25 00:05", -240 },
		    { "Sept. 1st, 2024, 12 p.m.", "2024-09-01 12:00", NO },
		    { "25th of March, 2024", "2024-03-25", NO }, { "March 2024", "2024-03", NO },
		    { "25. March 2024", "2024-03-25", NO },
		    { "May 1, 1886 / updated May 2", "1886-05-01", NO });
}

static void wire_dates_may_have_junk_behind(void **state)
{
	(void)state;
	CHECK_PARSE({ "26-FEB-1987 15:01:01.79", "1987-02-26 15:01:01", NO },
		    { " 9-MAR-1987 12:51:50.49\t\t\tF", "1987-03-09 12:51:50", NO },
		    { "9-APR-1987 00:00:00.00    # date added as guesswork", "1987-04-09 00:00:00", NO });
}

static void epochs_are_utc(void **state)
{
	(void)state;
	CHECK_PARSE({ "1711361700", "2024-03-25 10:15:00", 0 }, { "1711361700123", "2024-03-25 10:15:00", 0 },
		    { "1711361700.5", "2024-03-25 10:15:00", 0 }, { "999999999", "2001-09-09 01:46:39", 0 },
		    { "9999999999", "", NO }, { "17113617001", "", NO });
}

static void numbers_are_a_date_only_in_one_order(void **state)
{
	(void)state;
	CHECK_PARSE({ "25/03/2024", "2024-03-25", NO }, { "03/25/2024 10:15", "2024-03-25 10:15", NO },
		    { "25.03.2024", "2024-03-25", NO }, { "03/03/2019", "2019-03-03", NO },
		    { "03/04/2019", "", NO }, { "3-4-2019", "", NO }, { "25/03/24", "", NO },
		    { "13/13/2024", "", NO });
}

static void days_that_never_were_are_refused(void **state)
{
	(void)state;
	CHECK_PARSE({ "2015-02-29", "", NO }, { "Feb 30, 2016", "", NO }, { "31 April 2016", "", NO },
		    { "2016-13-01", "", NO }, { "2016-00-10", "", NO }, { "1399-01-01", "", NO },
		    { "2101-01-01", "", NO }, { "0001-11-30", "", NO }, { "2016-02-29", "2016-02-29", NO });
}

static void a_bad_clock_leaves_the_day(void **state)
{
	(void)state;
	CHECK_PARSE({ "2016-09-20 25:00", "2016-09-20", NO }, { "2016-09-20T10:61:00", "2016-09-20", NO },
		    { "2016-09-20 23:59:60", "2016-09-20 23:59:59", NO },
		    { "2016-09-20 13:00 PM", "2016-09-20 13:00", NO });
}

static void what_is_no_date_is_none(void **state)
{
	(void)state;
	CHECK_PARSE({ "", "", NO }, { "yesterday", "", NO }, { "March", "", NO }, { "March 25", "", NO },
		    { "25", "", NO }, { "2016 was a year", "", NO }, { "1914-1918", "", NO },
		    { "2016-09-201", "", NO }, { "mayor 2016", "", NO }, { "2016-09-20abc", "", NO },
		    { "2016-", "", NO }, { "-2016-09-20", "", NO }, { "Mon", "", NO },
		    { "99999999999999999999999999", "", NO }, { "\xFF\xFE", "", NO });
}

/* Every prefix of a long date is read within its bounds (for the sanitizer). */
static void cut_dates_are_not_read_past_their_end(void **state)
{
	static const char *const texts[] = { "Tue, 12 Mar 2019 09:30:00.123 +01:00 (CET)",
					     "Monday, Sept. 1st, 2024, at 12:05:06 p.m. GMT+0100",
					     "2016-09-20T23:15:16.123456-09:30" };
	struct parsed_date d;

	(void)state;
	for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
		for (size_t n = 0; n <= strlen(texts[i]); n++) {
			uint8_t exact[64];
			uint8_t *p = exact + sizeof exact - n;

			memcpy(p, texts[i], n);
			date_parse(bytes_of(p, n), &d);
		}
	}
}

static void paths_tell_dates(void **state)
{
	static const struct date_case c[] = {
		{ "news/2016/09/20/story.txt", "2016-09-20", NO },
		{ "2016/9/2/story.txt", "2016-09-02", NO },
		{ "news/1987/02/26.txt", "1987-02", NO },
		{ "https://x.org/2016/09/story-19991231.html", "1999-12-31", NO },
		{ "dump-2020-01-01/2016/09/20/a", "2016-09-20", NO },
		{ "2016/09/20/a/2019/05/", "2016-09-20", NO },
		{ "2016/09/13/99/2017/11/", "2016-09-13", NO },
		{ "ed_20160920_v2.txt", "2016-09-20", NO },
		{ "id-120160920.txt", "", NO },
		{ "id-20161320.txt", "", NO },
		{ "a12016/09/20/b", "", NO },
		{ "2016/13/01/a", "", NO },
		{ "2016/02/30/a", "2016-02", NO },
		{ "2016-09-201.txt", "", NO },
		{ "2016", "", NO },
		{ "", "", NO },
	};

	(void)state;
	for (size_t i = 0; i < sizeof c / sizeof *c; i++) {
		struct parsed_date d;
		bool got = date_from_path(c[i].text, &d);

		expect(c[i].text, got, &d, c[i].shown, c[i].zone);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(iso_dates_keep_the_precision_they_have),
		cmocka_unit_test(the_zone_is_kept_apart_and_not_applied),
		cmocka_unit_test(mail_and_feed_dates_are_read),
		cmocka_unit_test(newspaper_dates_are_read),
		cmocka_unit_test(wire_dates_may_have_junk_behind),
		cmocka_unit_test(epochs_are_utc),
		cmocka_unit_test(numbers_are_a_date_only_in_one_order),
		cmocka_unit_test(days_that_never_were_are_refused),
		cmocka_unit_test(a_bad_clock_leaves_the_day),
		cmocka_unit_test(what_is_no_date_is_none),
		cmocka_unit_test(cut_dates_are_not_read_past_their_end),
		cmocka_unit_test(paths_tell_dates),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
