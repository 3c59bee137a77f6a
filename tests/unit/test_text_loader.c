/* tests/unit/test_text_loader.c - texts out of a catalog, with the dictionaries that they name. */
#include "archive/text_loader.h"
#include "base/civil.h"
#include "lib/any_dictionary.h"
#include "lib/random_archive.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <stdio.h>

#define OLD "The council met on Monday in the old town hall. "
#define NEW "The council met online on Friday. "

static struct temp_archive archive;

/* The dictionary of this content; none of "". */
static struct buf dictionary_of(const char *content)
{
	struct buf out = BUF_INIT;

	if (*content)
		any_dictionary(bytes_str(content), &out);
	return out;
}

static void store(enum text_store how, const char *content, const char *body, int64_t *number)
{
	struct text_fields fields = { .body = bytes_str(body), .url = bytes_str("https://example.org/1") };
	struct text_compressor *c = text_compressor_new();
	struct buf dictionary = dictionary_of(content), text = BUF_INIT, frame = BUF_INIT;
	struct text_way *way = text_way_new(how, buf_bytes(&dictionary));
	struct catalog_article row = {
		.seq = 1, .revision = 1, .date = CIVIL_NONE, .title = bytes_str("A title")
	};

	text_join(&fields, &text);
	text_compress(c, way, buf_bytes(&text), &frame);
	row.size = (int64_t)text.n;
	row.frame = buf_bytes(&frame);
	assert_int_equal(catalog_add_article(archive.archive.catalog, &row, 1, number, NULL), 0);
	text_compressor_free(c);
	text_way_free(way);
	buf_release(&dictionary);
	buf_release(&text);
	buf_release(&frame);
}

static void add_dictionary(const char *content, int64_t seq)
{
	struct buf d = dictionary_of(content);

	assert_int_equal(catalog_add_dictionary(archive.archive.catalog, text_dictionary_name(buf_bytes(&d)),
						seq, buf_bytes(&d), NULL),
			 0);
	buf_release(&d);
}

static void expect_body(int64_t number, const char *body)
{
	struct catalog_article row;
	struct err err;

	if (archive_article(&archive.archive, number, &row, &err) != 1)
		fail_msg("%s", err.msg);
	assert_true(bytes_is(row.text.body, body));
	assert_true(bytes_is(row.text.url, "https://example.org/1"));
	assert_true(bytes_is(row.title, "A title")); /* the row outlived the look for a dictionary */
}

static int open_empty(void **state)
{
	(void)state;
	temp_archive_make(&archive, 3);
	return 0;
}

static int close_it(void **state)
{
	(void)state;
	temp_archive_release(&archive);
	return 0;
}

static void every_text_finds_its_own_dictionary(void **state)
{
	int64_t plain, old, new;

	(void)state;
	add_dictionary(OLD, 1);
	add_dictionary(NEW, 2);
	store(STORE_FAST, "", "No dictionary.", &plain);
	store(STORE_FAST, OLD, OLD "It was cold.", &old);
	store(STORE_SMALL, NEW, NEW "It was short.", &new);
	for (int i = 0; i < 2; i++) { /* fetched, then kept */
		expect_body(new, NEW "It was short.");
		expect_body(plain, "No dictionary.");
		expect_body(old, OLD "It was cold.");
	}
}

static void the_newest_dictionary_is_that_of_the_last_commit(void **state)
{
	struct buf got = BUF_INIT, new = dictionary_of(NEW);

	(void)state;
	assert_int_equal(catalog_newest_dictionary(archive.archive.catalog, &got, NULL), 0);
	add_dictionary(NEW, 2);
	add_dictionary(OLD, 1);
	assert_int_equal(catalog_newest_dictionary(archive.archive.catalog, &got, NULL), 1);
	assert_true(bytes_equal(buf_bytes(&got), buf_bytes(&new)));
	buf_release(&got);
	buf_release(&new);
}

static void a_missing_dictionary_is_named(void **state)
{
	struct buf old = dictionary_of(OLD);
	struct catalog_article row;
	char wanted[64];
	struct err err;
	int64_t number;

	(void)state;
	store(STORE_FAST, OLD, OLD, &number);
	assert_int_equal(archive_article(&archive.archive, number, &row, &err), ERR_CORRUPT);
	snprintf(wanted, sizeof wanted, "the text of article 1 wants dictionary %u,",
		 (unsigned)text_dictionary_name(buf_bytes(&old)));
	assert_non_null(strstr(err.msg, wanted));
	buf_release(&old);
}

static int reverse(void *context, struct bytes frame, int64_t size, struct buf *out, struct err *err)
{
	int64_t *sizes = context;

	(void)err;
	*sizes += size;
	buf_reset(out);
	for (size_t i = frame.n; i-- > 0;)
		buf_add_byte(out, frame.p[i]);
	return 0;
}

static void a_rewrite_changes_texts_alone(void **state)
{
	struct catalog_article row;
	struct buf before = BUF_INIT;
	int64_t number, sizes = 0;

	(void)state;
	store(STORE_FAST, "", "One.", &number);
	store(STORE_FAST, "", "The second.", &number);
	assert_int_equal(catalog_article(archive.archive.catalog, number, &row, NULL), 1);
	buf_set(&before, row.frame);
	assert_int_equal(catalog_begin(archive.archive.catalog, NULL), 0);
	assert_int_equal(catalog_rewrite_texts(archive.archive.catalog, reverse, &sizes, NULL), 0);
	assert_int_equal(catalog_rewrite_texts(archive.archive.catalog, reverse, &sizes, NULL), 0);
	assert_int_equal(catalog_commit(archive.archive.catalog, NULL), 0);
	assert_int_equal(sizes, 2 * (2 * (6 + 21) + 4 + 11));
	expect_body(1, "One.");
	expect_body(2, "The second.");
	assert_int_equal(catalog_article(archive.archive.catalog, number, &row, NULL), 1);
	assert_true(bytes_equal(row.frame, buf_bytes(&before)));
	store(STORE_FAST, "", "Third.", &number);
	assert_int_equal(number, 3);
	buf_release(&before);
}

static int refuse(void *context, struct bytes frame, int64_t size, struct buf *out, struct err *err)
{
	(void)context;
	(void)frame;
	(void)size;
	(void)out;
	return err_set(err, ERR_CORRUPT, "will not");
}

static void a_rewrite_that_fails_is_undone(void **state)
{
	struct err err;
	int64_t number;

	(void)state;
	store(STORE_FAST, "", "One.", &number);
	assert_int_equal(catalog_begin(archive.archive.catalog, NULL), 0);
	assert_int_equal(catalog_rewrite_texts(archive.archive.catalog, refuse, NULL, &err), ERR_CORRUPT);
	assert_string_equal(err.msg, "will not");
	assert_int_equal(catalog_rollback(archive.archive.catalog, NULL), 0);
	expect_body(1, "One.");
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, open_empty, close_it)
	const struct CMUnitTest tests[] = {
		TEST(every_text_finds_its_own_dictionary),
		TEST(the_newest_dictionary_is_that_of_the_last_commit),
		TEST(a_missing_dictionary_is_named),
		TEST(a_rewrite_changes_texts_alone),
		TEST(a_rewrite_that_fails_is_undone),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
