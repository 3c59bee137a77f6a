/* tests/unit/test_postings.c - a cursor visits the articles of a term, and stays where it should. */
#include "base/mem.h"
#include "lib/seg_fixture.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <stdlib.h>

static struct seg_fixture f;

/* A cursor over one term's postings, in a segment of `ndocs` articles, H = 2. */
static struct postings cursor_over(const struct posting *list, uint32_t df, uint32_t ndocs)
{
	const struct seg_term term = { .name = bytes_str("strike"), .postings = list, .df = df };
	struct term_info info;
	struct postings c;

	seg_fixture_release(&f);
	seg_fixture_init(&f, ndocs, 2);
	seg_fixture_add(&f, &term);
	seg_fixture_seal(&f);
	info = seg_find(&f.seg, "strike");
	postings_open(&c, &f.seg, &info);
	return c;
}

/* The same over hand-made bytes. */
static struct postings cursor_over_hex(const char *hex, uint32_t df, uint32_t ndocs)
{
	struct term_info info = { .df = df };
	struct postings c;

	seg_fixture_release(&f);
	seg_fixture_init(&f, ndocs, 2);
	seg_from_hex(&f.parts.post, hex);
	seg_fixture_seal(&f);
	info.post_size = f.parts.post.n;
	postings_open(&c, &f.seg, &info);
	return c;
}

static int drop(void **state)
{
	(void)state;
	seg_fixture_release(&f);
	return 0;
}

static const struct posting four[] = { { 3, 1, 0 }, { 9, 1, 0 }, { 200, 4, 1 }, { 201, 2, 1 } };

/* Every third doc, n of them; frequencies 1 to 5. */
static struct posting *thirds(uint32_t n)
{
	struct posting *list = mem_zalloc(n, sizeof *list);

	for (uint32_t i = 0; i < n; i++)
		list[i] = (struct posting){ 3 * i, 1 + i % 5, i % 5 > 2 };
	return list;
}

static void next_visits_every_doc_once(void **state)
{
	struct postings c = cursor_over(four, 4, 300);

	(void)state;
	assert_int_equal(postings_first(&c), 3);
	assert_int_equal(postings_next(&c), 9);
	assert_int_equal(postings_next(&c), 200);
	assert_int_equal(postings_freq(&c), 4);
	assert_int_equal(postings_headline(&c), 1);
	assert_int_equal(postings_next(&c), 201);
	assert_int_equal(postings_next(&c), DOC_END);
	assert_int_equal(c.rc, 0);
}

static void seek_returns_first_doc_at_or_after_target(void **state)
{
	struct postings c = cursor_over(four, 4, 300);

	(void)state;
	assert_int_equal(postings_seek(&c, 10), 200);
	assert_int_equal(postings_seek(&c, 200), 200); /* already there: stays */
	assert_int_equal(postings_seek(&c, 4), 200);   /* never goes back */
	assert_int_equal(postings_seek(&c, 202), DOC_END);
	assert_int_equal(c.rc, 0);
}

static void a_cursor_at_the_end_stays_there(void **state)
{
	struct postings c = cursor_over(four, 4, 300);

	(void)state;
	assert_int_equal(postings_seek(&c, 202), DOC_END);
	assert_int_equal(postings_next(&c), DOC_END);
	assert_int_equal(postings_seek(&c, 3), DOC_END);
	assert_int_equal(postings_next(&c), DOC_END);
}

static void a_long_list_at_its_end_stays_there_too(void **state)
{
	struct posting *list = thirds(300);
	struct postings c = cursor_over(list, 300, 1000);

	(void)state;
	assert_int_equal(postings_seek(&c, 898), DOC_END); /* before anything was decoded */
	assert_int_equal(postings_seek(&c, 5), DOC_END);
	assert_int_equal(postings_next(&c), DOC_END);
	assert_int_equal(postings_first(&c), 0); /* first begins again */
	assert_int_equal(postings_next(&c), 3);
	assert_int_equal(c.rc, 0);
	free(list);
}

static void no_term_is_an_empty_list(void **state)
{
	struct postings c;

	(void)state;
	cursor_over(four, 4, 300);
	postings_open(&c, &f.seg, NULL);
	assert_int_equal(postings_first(&c), DOC_END);
	assert_int_equal(postings_seek(&c, 0), DOC_END);
	assert_int_equal(postings_next(&c), DOC_END);
	assert_int_equal(c.rc, 0);
}

static void seeks_cross_blocks(void **state)
{
	struct posting *list = thirds(1000);
	struct postings c = cursor_over(list, 1000, 3000);

	(void)state;
	assert_int_equal(postings_seek(&c, 381), 381); /* last of block 0 */
	assert_int_equal(postings_next(&c), 384);      /* first of block 1 */
	assert_int_equal(postings_seek(&c, 385), 387);
	assert_int_equal(postings_seek(&c, 2000), 2001);
	assert_int_equal(postings_seek(&c, 2997), 2997);
	assert_int_equal(postings_seek(&c, 2998), DOC_END);
	assert_int_equal(c.rc, 0);
	free(list);
}

static void the_number_of_an_occurrence_is_the_sum_of_counts_before(void **state)
{
	struct posting *list = thirds(1000);
	struct postings c = cursor_over(list, 1000, 3000);
	const struct postings unread = c;
	uint64_t before = 0;

	(void)state;
	postings_first(&c);
	for (uint32_t i = 0; i < 1000; i++) {
		struct postings jump = unread;

		assert_int_equal(postings_seek(&jump, c.doc), c.doc);
		assert_int_equal(postings_occurrence(&jump), before);
		if (i % 7 == 0) /* asked at some, not at all */
			assert_int_equal(postings_occurrence(&c), before);
		assert_int_equal(postings_count(&c), list[i].freq - list[i].headline); /* H = 2 */
		before += list[i].freq - list[i].headline;
		postings_next(&c);
	}
	free(list);
}

static void copying_the_struct_forks_the_cursor(void **state)
{
	struct postings a = cursor_over(four, 4, 300), b;

	(void)state;
	postings_first(&a);
	b = a;
	assert_int_equal(postings_next(&b), 9);
	assert_int_equal(a.doc, 3);
	assert_int_equal(postings_seek(&a, 201), 201);
	assert_int_equal(b.doc, 9);
}

static void a_dense_block_is_a_bitmap_and_reads_the_same(void **state)
{
	struct posting list[200];
	struct postings c;
	uint32_t n = 0;

	(void)state;
	for (uint32_t doc = 1000; n < 200; doc++)
		if (doc % 5 < 3)
			list[n++] = (struct posting){ doc, 1, 0 };
	c = cursor_over(list, 200, 2000);
	assert_true(f.parts.post.p[load_le32(f.parts.post.p + SKIP_ENTRY + 4)] &
		    BLOCK_BITMAP); /* of block 1 */
	postings_first(&c);
	for (uint32_t i = 0; i < 200; i++, postings_next(&c))
		assert_int_equal(c.doc, list[i].doc);
	assert_int_equal(c.doc, DOC_END);
	assert_int_equal(c.rc, 0);
}

static void impacts_of_a_block_bound_its_postings(void **state)
{
	struct posting *list = thirds(300);
	struct postings c = cursor_over(list, 300, 1000);
	struct impacts set;

	(void)state;
	postings_seek(&c, 600);
	assert_int_equal(postings_impacts(&c, c.block, &set), 0);
	assert_int_equal(set.n, 1);
	assert_int_equal(set.v[0].freq, 5);
	free(list);
	c = cursor_over(four, 4, 300); /* one block: gathered from the postings */
	postings_first(&c);
	assert_int_equal(postings_impacts(&c, c.block, &set), 0);
	assert_int_equal(set.n, 1);
	assert_int_equal(set.v[0].freq, 4);
}

/* Docs that are wrong end the walk; frequencies and counts that are wrong are told when they
 * are asked for. */
static void expect_corrupt(struct postings c)
{
	for (postings_first(&c); c.doc != DOC_END; postings_next(&c)) {
		postings_freq(&c);
		assert_in_range(postings_count(&c), 1, 1u << 20);
	}
	assert_int_equal(c.rc, ERR_CORRUPT);
	assert_int_equal(postings_next(&c), DOC_END);
	assert_int_equal(postings_seek(&c, 0), DOC_END);
	assert_int_equal(c.rc, ERR_CORRUPT);
}

static void blocks_that_cannot_be_are_corrupt(void **state)
{
	struct postings c =
		cursor_over_hex("00 | 08 03 05 be | 02 30", 3, 300); /* the page's postings-short */

	(void)state;
	assert_int_equal(postings_first(&c), 3);
	expect_corrupt(cursor_over_hex("00 | 08 03 05 be | 02 30", 3, 200));      /* doc 200 of 200 */
	expect_corrupt(cursor_over_hex("04 | 08 03 05 be | 02 30", 3, 300));      /* unknown flag */
	expect_corrupt(cursor_over_hex("00 | 08 03 05 be | 02 30 | 00", 3, 300)); /* a byte too many */
	expect_corrupt(cursor_over_hex("00 | 08 03 05 be | 02", 3, 300));         /* a byte too few */
	expect_corrupt(cursor_over_hex("", 3, 300));
}

static void bitmaps_that_cannot_be_are_corrupt(void **state)
{
	struct postings c = cursor_over_hex("02 | 02 03 80 | 00", 3, 16);

	(void)state;
	assert_int_equal(postings_seek(&c, 2), 15);
	expect_corrupt(cursor_over_hex("02 | 02 03 80 | 00", 4, 16));          /* a bit too few */
	expect_corrupt(cursor_over_hex("02 | 02 03 80 | 00", 2, 16));          /* a bit too many */
	expect_corrupt(cursor_over_hex("02 | 02 03 80 | 00", 3, 15));          /* doc 15 of 15 */
	expect_corrupt(cursor_over_hex("02 | 05 03 80 00 00 00 | 00", 3, 16)); /* longer than the docs */
	expect_corrupt(cursor_over_hex("02 | 7f 03 80 | 00", 3, 16));          /* longer than the list */
	expect_corrupt(cursor_over_hex("02 | 00 | 00", 1, 16));                /* empty */
}

/* Headline counts above what the frequency allows made postings_count wrap around below 0. */
static void headline_counts_above_the_frequency_are_corrupt(void **state)
{
	struct postings c = cursor_over_hex("01 | 00 | 01 01 | 01 01", 1, 300); /* freq 2, headline 1 */

	(void)state;
	assert_int_equal(postings_first(&c), 0);
	assert_int_equal(postings_count(&c), 1);
	expect_corrupt(cursor_over_hex("01 | 00 | 01 01 | 02 02", 1, 300)); /* freq 2, headline 2, H 2 */
}

static void skip_tables_that_lie_are_corrupt(void **state)
{
	struct posting *list = thirds(300);
	struct buf good = BUF_INIT;
	struct term_info info = { .df = 300 };

	(void)state;
	cursor_over(list, 300, 1000);
	buf_add_bytes(&good, buf_bytes(&f.parts.post));
	for (size_t field = 0; field < 12; field++) { /* of the three entries, four fields each */
		struct postings c;
		struct impacts set;
		int rc = 0;

		buf_set(&f.parts.post, buf_bytes(&good));
		store_le32(f.parts.post.p + 4 * field, 0xFFFFFFF0);
		seg_fixture_seal(&f);
		info.post_size = good.n;
		postings_open(&c, &f.seg, &info);
		for (postings_first(&c); c.doc != DOC_END && rc == 0; postings_next(&c))
			rc = postings_impacts(&c, c.block, &set);
		if (field % 4 != 2) /* the occurrences before are checked where positions are read */
			assert_int_equal(c.rc, ERR_CORRUPT);
	}
	expect_corrupt(cursor_over_hex("00", 300, 1000)); /* no room for the table */
	buf_release(&good);
	free(list);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(next_visits_every_doc_once),
		cmocka_unit_test(seek_returns_first_doc_at_or_after_target),
		cmocka_unit_test(a_cursor_at_the_end_stays_there),
		cmocka_unit_test(a_long_list_at_its_end_stays_there_too),
		cmocka_unit_test(no_term_is_an_empty_list),
		cmocka_unit_test(seeks_cross_blocks),
		cmocka_unit_test(the_number_of_an_occurrence_is_the_sum_of_counts_before),
		cmocka_unit_test(copying_the_struct_forks_the_cursor),
		cmocka_unit_test(a_dense_block_is_a_bitmap_and_reads_the_same),
		cmocka_unit_test(impacts_of_a_block_bound_its_postings),
		cmocka_unit_test(blocks_that_cannot_be_are_corrupt),
		cmocka_unit_test(bitmaps_that_cannot_be_are_corrupt),
		cmocka_unit_test(headline_counts_above_the_frequency_are_corrupt),
		cmocka_unit_test(skip_tables_that_lie_are_corrupt),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, NULL, drop);
}
