/* tests/unit/test_segment.c - what is written is what is read, or the reader says why not. */
#include "base/civil.h"
#include "lib/seg_fixture.h"
#include "lib/seg_sealed.h"
#include "segment/lengths.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <stdlib.h>
#include <unistd.h>

#define DAY(n) ((int64_t)(n)*CIVIL_DAY)

static struct segment seg;
static struct err err;

static int drop(void **state)
{
	(void)state;
	segment_close(&seg);
	unlink(seg_temp_path());
	return 0;
}

/* Write five articles: dated days 40, 30, 30, 10, and one without a date; one term. */
static void write_five(void)
{
	static const struct posting postings[] = { { 1, 1, 0 }, { 4, 3, 1 } };
	static const int64_t dates[] = { DAY(40), DAY(30), DAY(30), DAY(10), CIVIL_NONE };
	const struct seg_term strike = { .name = bytes_str("strike"), .postings = postings, .df = 2 };
	struct seg_fixture f;
	uint64_t size;

	seg_fixture_init(&f, 5, 2);
	f.parts.docs.ndated = 4;
	f.parts.docs.words = 1234;
	for (uint32_t doc = 0; doc < 5; doc++) {
		f.parts.docs.date[doc] = dates[doc];
		f.parts.docs.source[doc] = doc * 2;
		f.parts.docs.story[doc] = doc * 3;
		f.parts.docs.headline[doc] = (uint16_t)(65535 - doc);
		f.parts.docs.length[doc] = (uint8_t)(250 + doc);
	}
	seg_fixture_add(&f, &strike);
	assert_int_equal(segment_write(&f.parts, seg_temp_path(), &size, &err), 0);
	assert_int_equal(access(seg_temp_path(), R_OK), 0);
	seg_fixture_release(&f);
}

static void open_five(void)
{
	drop(NULL);
	write_five();
	assert_int_equal(segment_open(&seg, seg_temp_path(), &err), 0);
	assert_int_equal(segment_touch_docs(&seg), 0);
}

/* Write the five, change the file, open: the code and the sentence. */
static int open_changed(void (*change)(struct buf *file))
{
	struct buf file = BUF_INIT;

	drop(NULL);
	write_five();
	seg_read_file(seg_temp_path(), &file);
	change(&file);
	seg_write_file(seg_temp_path(), buf_bytes(&file));
	buf_release(&file);
	return segment_open(&seg, seg_temp_path(), &err);
}

static void columns_come_back(void **state)
{
	(void)state;
	open_five();
	assert_int_equal(seg.ndocs, 5);
	assert_int_equal(seg.ndated, 4);
	assert_int_equal(seg.words, 1234);
	assert_int_equal(seg.headline_weight, 2);
	for (uint32_t doc = 0; doc < 5; doc++) {
		assert_int_equal(segment_article(&seg, doc), doc + 1);
		assert_int_equal(segment_source(&seg, doc), doc * 2);
		assert_int_equal(segment_story(&seg, doc), doc * 3);
		assert_int_equal(segment_headline(&seg, doc), 65535 - doc);
		assert_int_equal(segment_length_code(&seg, doc), 250 + doc);
		assert_int_equal(segment_length_codes(&seg, doc, doc)[doc], 250 + doc);
	}
	assert_true(segment_date(&seg, 0) == DAY(40) && segment_date(&seg, 4) == CIVIL_NONE);
}

static void expect_range(int64_t from, int64_t to, uint32_t first, uint32_t last)
{
	uint32_t a, b;

	segment_date_range(&seg, from, to, &a, &b);
	assert_int_equal(a, first);
	assert_int_equal(b, last);
}

static void a_range_of_dates_is_a_range_of_docs(void **state)
{
	(void)state;
	open_five();
	expect_range(DAY(30), DAY(31), 1, 3);
	expect_range(DAY(10), DAY(41), 0, 4);
	expect_range(DAY(11), DAY(30), 3, 3); /* none: the end is not included */
	expect_range(DAY(0), DAY(11), 3, 4);
	expect_range(DAY(41), DAY(99), 0, 0);
	expect_range(DAY(0), DAY(10), 4, 4); /* the undated is never in */
	expect_range(INT64_MIN, INT64_MAX, 0, 4);
	expect_range(DAY(40), DAY(10), 4, 4); /* upside down: empty */
}

static void an_open_segment_outlives_its_name(void **state)
{
	struct term_info info;

	(void)state;
	open_five();
	unlink(seg_temp_path());
	assert_int_equal(dict_find(&seg, bytes_str("strike"), &info), 1);
	assert_int_equal(segment_verify(&seg, &err), 0);
}

static void closing_twice_and_closing_nothing_are_fine(void **state)
{
	struct segment nothing = { .map = NULL };

	(void)state;
	open_five();
	segment_close(&seg);
	segment_close(&seg);
	segment_close(&nothing);
}

static void what_is_not_there_is_an_io_error_with_its_name(void **state)
{
	(void)state;
	drop(NULL);
	assert_int_equal(segment_open(&seg, seg_temp_path(), &err), ERR_IO);
	assert_non_null(strstr(err.msg, seg_temp_path()));
}

static void empty(struct buf *file)
{
	file->n = 0;
}

static void cut(struct buf *file)
{
	file->n--;
}

static void extend(struct buf *file)
{
	buf_add_byte(file, 0);
}

static void change_magic(struct buf *file)
{
	file->p[3] ^= 1;
}

static void change_version(struct buf *file)
{
	file->p[8] = SEG_VERSION + 1;
}

static void change_count(struct buf *file)
{
	file->p[24] ^= 1;
}

static void change_page_table(struct buf *file)
{
	file->p[file->n - 8] ^= 1;
}

static void files_that_are_no_segments_are_told_apart(void **state)
{
	(void)state;
	assert_int_equal(open_changed(empty), ERR_CORRUPT);
	assert_int_equal(open_changed(cut), ERR_CORRUPT);
	assert_int_equal(open_changed(extend), ERR_CORRUPT);
	assert_int_equal(open_changed(change_magic), ERR_CORRUPT);
	assert_int_equal(open_changed(change_version), ERR_VERSION);
	assert_non_null(strstr(err.msg, "format 3"));
	assert_int_equal(open_changed(change_count), ERR_CORRUPT);
	assert_int_equal(open_changed(change_page_table), ERR_CORRUPT);
}

/* Headers whose checksum matches, but whose fields cannot be. */
static int open_resealed(size_t at, uint32_t value)
{
	struct buf file = BUF_INIT;
	uint64_t pages_at;

	drop(NULL);
	write_five();
	seg_read_file(seg_temp_path(), &file);
	pages_at = seg_pages_at(file.p);
	store_le32(file.p + at, value);
	seg_reseal(file.p, file.n, pages_at);
	seg_write_file(seg_temp_path(), buf_bytes(&file));
	buf_release(&file);
	return segment_open(&seg, seg_temp_path(), &err);
}

static void every_field_of_the_header_is_checked(void **state)
{
	(void)state;
	assert_int_equal(open_resealed(12, 209), ERR_VERSION); /* header_size */
	assert_int_equal(open_resealed(16, 1), ERR_CORRUPT);   /* file_size */
	assert_int_equal(open_resealed(24, 0), ERR_CORRUPT);   /* ndocs */
	assert_int_equal(open_resealed(24, 6), ERR_CORRUPT);
	assert_int_equal(open_resealed(24, UINT32_MAX), ERR_CORRUPT);
	assert_int_equal(open_resealed(28, 6), ERR_CORRUPT);  /* ndated */
	assert_int_equal(open_resealed(40, 17), ERR_CORRUPT); /* nterms */
	assert_int_equal(open_resealed(44, 0), ERR_CORRUPT);  /* headline_weight */
	assert_int_equal(open_resealed(48, 0), ERR_CORRUPT);  /* pages_at */
	assert_int_equal(open_resealed(52, 1), ERR_CORRUPT);
	assert_int_equal(open_resealed(56, 7), ERR_VERSION); /* sections */
	assert_int_equal(open_resealed(64, 0), ERR_VERSION); /* DOCS: id */
	assert_int_equal(open_resealed(72, 1), ERR_CORRUPT); /* offset */
	assert_int_equal(open_resealed(76, 1), ERR_CORRUPT);
	assert_int_equal(open_resealed(80, 100000), ERR_CORRUPT); /* size */
	assert_int_equal(open_resealed(84, UINT32_MAX), ERR_CORRUPT);
	assert_int_equal(open_resealed(24, 5), 0); /* as it was */
}

static void a_changed_byte_is_seen_when_its_page_is_touched(void **state)
{
	struct buf file = BUF_INIT;

	(void)state;
	drop(NULL);
	write_five();
	seg_read_file(seg_temp_path(), &file);
	file.p[220] ^= 4; /* in DOCS */
	seg_write_file(seg_temp_path(), buf_bytes(&file));
	assert_int_equal(segment_open(&seg, seg_temp_path(), &err), 0);
	assert_int_equal(segment_touch_docs(&seg), ERR_CORRUPT);
	assert_int_equal(segment_verify(&seg, &err), ERR_CORRUPT);
	assert_non_null(strstr(err.msg, seg_temp_path()));
	buf_release(&file);
}

static void a_failed_write_leaves_nothing(void **state)
{
	struct seg_fixture f;
	uint64_t size;

	(void)state;
	seg_fixture_init(&f, 1, 2);
	assert_int_equal(segment_write(&f.parts, "/nowhere/at/all.seg", &size, &err), ERR_IO);
	assert_non_null(strstr(err.msg, "/nowhere/at/all.seg"));
	seg_fixture_release(&f);
}

static void the_same_articles_make_the_same_bytes(void **state)
{
	struct buf once = BUF_INIT, twice = BUF_INIT;

	(void)state;
	seg_seal_articles(seg_temp_path(), 50, 1);
	seg_read_file(seg_temp_path(), &once);
	seg_seal_articles(seg_temp_path(), 50, 1);
	seg_read_file(seg_temp_path(), &twice);
	assert_true(bytes_equal(buf_bytes(&once), buf_bytes(&twice)));
	buf_release(&once);
	buf_release(&twice);
}

static void a_sealed_segment_is_in_order_of_dates(void **state)
{
	(void)state;
	drop(NULL);
	seg_seal_articles(seg_temp_path(), 50, 1);
	assert_int_equal(segment_open(&seg, seg_temp_path(), &err), 0);
	assert_int_equal(segment_verify(&seg, &err), 0);
	assert_int_equal(segment_touch_docs(&seg), 0);
	assert_int_equal(seg.ndocs, 50);
	assert_int_equal(seg.ndated, 43);
	for (uint32_t doc = 1; doc < 50; doc++) {
		int64_t before = segment_date(&seg, doc - 1), date = segment_date(&seg, doc);

		assert_true(before > date ||
			    (before == date && segment_article(&seg, doc - 1) < segment_article(&seg, doc)));
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(columns_come_back),
		cmocka_unit_test(a_range_of_dates_is_a_range_of_docs),
		cmocka_unit_test(an_open_segment_outlives_its_name),
		cmocka_unit_test(closing_twice_and_closing_nothing_are_fine),
		cmocka_unit_test(what_is_not_there_is_an_io_error_with_its_name),
		cmocka_unit_test(files_that_are_no_segments_are_told_apart),
		cmocka_unit_test(every_field_of_the_header_is_checked),
		cmocka_unit_test(a_changed_byte_is_seen_when_its_page_is_touched),
		cmocka_unit_test(a_failed_write_leaves_nothing),
		cmocka_unit_test(the_same_articles_make_the_same_bytes),
		cmocka_unit_test(a_sealed_segment_is_in_order_of_dates),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, NULL, drop);
}
