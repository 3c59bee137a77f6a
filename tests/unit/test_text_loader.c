/* tests/unit/test_text_loader.c - texts out of a catalog, with the dictionaries that they name. */
#include "archive/text_loader.h"
#include "base/civil.h"
#include "lib/random_archive.h"
#include "upkeep/pack.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <stdio.h>

#define OLD "The council met on Monday in the old town hall. "
#define NEW "The council met online on Friday. "

static struct temp_archive archive;

static void store(enum text_store how, const char *dictionary, const char *body, int64_t *number)
{
	struct text_fields fields = { .body = bytes_str(body), .url = bytes_str("https://example.org/1") };
	struct text_deflater *d = text_deflater_new(how, bytes_str(dictionary));
	struct buf text = BUF_INIT, stream = BUF_INIT;
	struct catalog_article row = {
		.seq = 1, .revision = 1, .date = CIVIL_NONE, .title = bytes_str("A title")
	};

	text_join(&fields, &text);
	text_deflate(d, buf_bytes(&text), &stream);
	row.size = (int64_t)text.n;
	row.stream = buf_bytes(&stream);
	assert_int_equal(catalog_add_article(archive.archive.catalog, &row, 1, number, NULL), 0);
	text_deflater_free(d);
	buf_release(&text);
	buf_release(&stream);
}

static void add_dictionary(const char *bytes, int64_t seq)
{
	assert_int_equal(catalog_add_dictionary(archive.archive.catalog, text_dictionary_id(bytes_str(bytes)),
						seq, bytes_str(bytes), NULL),
			 0);
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
	struct buf got = BUF_INIT;

	(void)state;
	assert_int_equal(catalog_newest_dictionary(archive.archive.catalog, &got, NULL), 0);
	add_dictionary(NEW, 2);
	add_dictionary(OLD, 1);
	assert_int_equal(catalog_newest_dictionary(archive.archive.catalog, &got, NULL), 1);
	assert_string_equal(buf_cstr(&got), NEW);
	buf_release(&got);
}

static void a_missing_dictionary_is_named(void **state)
{
	struct catalog_article row;
	char wanted[64];
	struct err err;
	int64_t number;

	(void)state;
	store(STORE_FAST, OLD, OLD, &number);
	assert_int_equal(archive_article(&archive.archive, number, &row, &err), ERR_CORRUPT);
	snprintf(wanted, sizeof wanted, "the text of article 1 wants dictionary %u,",
		 (unsigned)text_dictionary_id(bytes_str(OLD)));
	assert_non_null(strstr(err.msg, wanted));
}

static int reverse(void *context, struct bytes stream, int64_t size, struct buf *out, struct err *err)
{
	int64_t *sizes = context;

	(void)err;
	*sizes += size;
	buf_reset(out);
	for (size_t i = stream.n; i-- > 0;)
		buf_add_byte(out, stream.p[i]);
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
	buf_set(&before, row.stream);
	assert_int_equal(catalog_begin(archive.archive.catalog, NULL), 0);
	assert_int_equal(catalog_rewrite_texts(archive.archive.catalog, reverse, &sizes, NULL), 0);
	assert_int_equal(catalog_rewrite_texts(archive.archive.catalog, reverse, &sizes, NULL), 0);
	assert_int_equal(catalog_commit(archive.archive.catalog, NULL), 0);
	assert_int_equal(sizes, 2 * (2 * (6 + 21) + 4 + 11));
	expect_body(1, "One.");
	expect_body(2, "The second.");
	assert_int_equal(catalog_article(archive.archive.catalog, number, &row, NULL), 1);
	assert_true(bytes_equal(row.stream, buf_bytes(&before)));
	store(STORE_FAST, "", "Third.", &number);
	assert_int_equal(number, 3);
	buf_release(&before);
}

static int refuse(void *context, struct bytes stream, int64_t size, struct buf *out, struct err *err)
{
	(void)context;
	(void)stream;
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

/* Texts 1 to n as one block, against the dictionary OLD. */
static void store_block(unsigned n)
{
	struct text_deflater *d = text_deflater_new(STORE_SMALL, bytes_str(OLD));
	struct buf text = BUF_INIT, stream = BUF_INIT;
	int64_t number;

	add_dictionary(OLD, 1);
	for (unsigned i = 1; i <= n; i++) {
		char body[64];
		struct text_fields fields = { .body = BYTES_NONE, .url = bytes_str("https://example.org/1") };

		snprintf(body, sizeof body, "On day %u the council met.", i);
		store(STORE_SMALL, "", body, &number);
		assert_int_equal(number, i);
		fields.body = bytes_str(body);
		text_join(&fields, &text);
		text_deflate_piece(d, i, buf_bytes(&text), &stream);
		assert_int_equal(catalog_set_stream(archive.archive.catalog, i, i, buf_bytes(&stream), NULL),
				 0);
	}
	text_deflater_free(d);
	buf_release(&text);
	buf_release(&stream);
}

/* The article's text as something else, which stands alone. */
static void replace_text(int64_t number)
{
	struct text_deflater *d = text_deflater_new(STORE_FAST, BYTES_NONE);
	struct buf stream = BUF_INIT;

	text_deflate(d, bytes_str("gone"), &stream);
	assert_int_equal(catalog_set_stream(archive.archive.catalog, number, 0, buf_bytes(&stream), NULL), 0);
	text_deflater_free(d);
	buf_release(&stream);
}

static void a_block_is_read_in_any_order(void **state)
{
	static const int64_t order[] = { 3, 1, 2, 3, 4, 4, 2, 1, 1 };

	(void)state;
	store_block(4);
	for (size_t i = 0; i < sizeof order / sizeof *order; i++) {
		char body[64];

		snprintf(body, sizeof body, "On day %d the council met.", (int)order[i]);
		expect_body(order[i], body);
	}
}

static void loosened_texts_do_without_what_went(void **state)
{
	struct catalog_article row;
	struct err err;

	(void)state;
	store_block(4);
	assert_int_equal(pack_loosen(&archive.archive, 2, &err), 0);
	replace_text(2);
	expect_body(1, "On day 1 the council met.");
	expect_body(3, "On day 3 the council met.");
	expect_body(4, "On day 4 the council met.");
	assert_int_equal(archive_article(&archive.archive, 3, &row, &err), 1);
	assert_int_equal(row.piece, 0);
	assert_int_equal(pack_loosen(&archive.archive, 1, &err), 0); /* nothing goes on from it now */
}

static void a_piece_without_those_before_it_is_damaged(void **state)
{
	struct catalog_article row;
	struct err err;

	(void)state;
	store_block(3);
	replace_text(2);
	assert_int_equal(archive_article(&archive.archive, 3, &row, &err), ERR_CORRUPT);
	assert_string_equal(strstr(err.msg, "the text"), "the text of article 3 is damaged");
	expect_body(1, "On day 1 the council met.");
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
		TEST(a_block_is_read_in_any_order),
		TEST(loosened_texts_do_without_what_went),
		TEST(a_piece_without_those_before_it_is_damaged),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
