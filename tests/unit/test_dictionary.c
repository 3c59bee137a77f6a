/* tests/unit/test_dictionary.c - a term is found if it is there, and the next one if it is not. */
#include "lib/seg_fixture.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <stdio.h>

static struct seg_fixture f;

static int drop(void **state)
{
	(void)state;
	seg_fixture_release(&f);
	return 0;
}

static void add(const char *term, uint32_t df)
{
	const struct term_info info = {
		.df = df, .occurrences = df + 2, .post = f.parts.post.n, .post_size = 3
	};

	dict_writer_add(&f.parts.dict, bytes_str(term), &info);
	buf_add_zeros(&f.parts.post, 3);
}

static const char *name_of(uint32_t i)
{
	static char name[16];

	snprintf(name, sizeof name, "term%05u", i);
	return name;
}

/* A segment with the terms term00000, term00002, ..., n of them. */
static const struct segment *even_terms(uint32_t n)
{
	drop(NULL);
	seg_fixture_init(&f, 1000, 2);
	for (uint32_t i = 0; i < n; i++)
		add(name_of(2 * i), i + 1);
	seg_fixture_seal(&f);
	return &f.seg;
}

static void every_term_is_found(void **state)
{
	static const uint32_t sizes[] = { 1, 2, 15, 16, 17, 32, 33, 500 };
	struct term_info info;

	(void)state;
	for (size_t s = 0; s < sizeof sizes / sizeof *sizes; s++) {
		const struct segment *seg = even_terms(sizes[s]);

		for (uint32_t i = 0; i < sizes[s]; i++) {
			assert_int_equal(dict_find(seg, bytes_str(name_of(2 * i)), &info), 1);
			assert_int_equal(info.df, i + 1);
			assert_int_equal(info.occurrences, i + 3);
			assert_int_equal(info.post, 3 * i);
			assert_int_equal(info.post_size, 3);
		}
	}
}

static void absent_terms_are_not_found(void **state)
{
	const struct segment *seg = even_terms(100);
	struct term_info info;

	(void)state;
	for (uint32_t i = 0; i < 200; i += 2)
		assert_int_equal(dict_find(seg, bytes_str(name_of(i + 1)), &info), 0);
	assert_int_equal(dict_find(seg, bytes_str(""), &info), 0);
	assert_int_equal(dict_find(seg, bytes_str("a"), &info), 0);
	assert_int_equal(dict_find(seg, bytes_str("zzz"), &info), 0);
	assert_int_equal(dict_find(seg, bytes_str("term0000"), &info), 0);   /* a prefix */
	assert_int_equal(dict_find(seg, bytes_str("term000000"), &info), 0); /* an extension */
}

static void seek_stands_on_the_first_term_at_or_after(void **state)
{
	const struct segment *seg = even_terms(100);
	struct dict_cursor c;

	(void)state;
	for (uint32_t i = 0; i < 198; i++) {
		assert_int_equal(dict_seek(&c, seg, bytes_str(name_of(i))), 1);
		assert_true(bytes_is(dict_term(&c), name_of(i + i % 2)));
	}
	assert_int_equal(dict_seek(&c, seg, bytes_str("term")), 1);
	assert_true(bytes_is(dict_term(&c), name_of(0)));
	assert_int_equal(dict_seek(&c, seg, bytes_str(name_of(199))), 0);
	assert_int_equal(dict_next(&c), 0);
}

static void a_walk_visits_all_terms_in_order(void **state)
{
	const struct segment *seg = even_terms(100);
	struct dict_cursor c;
	int got = dict_seek(&c, seg, BYTES_NONE);

	(void)state;
	for (uint32_t i = 0; i < 100; i++, got = dict_next(&c)) {
		assert_int_equal(got, 1);
		assert_true(bytes_is(dict_term(&c), name_of(2 * i)));
	}
	assert_int_equal(got, 0);
	assert_int_equal(dict_next(&c), 0);
}

static void bytes_order_the_terms(void **state)
{
	static const char *const terms[] = {
		"\x01strike", "\x02s", "a", "aa", "ab", "b", "\xc3\xa9t", "\xff"
	};
	struct dict_cursor c;
	int got;

	(void)state;
	drop(NULL);
	seg_fixture_init(&f, 10, 2);
	for (size_t i = 0; i < 8; i++)
		add(terms[i], 1);
	seg_fixture_seal(&f);
	got = dict_seek(&c, &f.seg, bytes_str("\x02"));
	for (size_t i = 1; i < 8; i++, got = dict_next(&c)) {
		assert_int_equal(got, 1);
		assert_true(bytes_is(dict_term(&c), terms[i]));
	}
	assert_int_equal(got, 0);
}

static void no_terms_are_no_error(void **state)
{
	const struct segment *seg = even_terms(0);
	struct term_info info;
	struct dict_cursor c;

	(void)state;
	assert_int_equal(dict_find(seg, bytes_str("strike"), &info), 0);
	assert_int_equal(dict_seek(&c, seg, BYTES_NONE), 0);
	assert_int_equal(dict_next(&c), 0);
}

static void the_longest_term_fits(void **state)
{
	char longest[TERM_MAX + 1];
	struct term_info info;

	(void)state;
	drop(NULL);
	memset(longest, 'x', TERM_MAX);
	longest[TERM_MAX] = '\0';
	seg_fixture_init(&f, 10, 2);
	add("x", 1);
	add(longest, 2);
	seg_fixture_seal(&f);
	assert_int_equal(dict_find(&f.seg, bytes_str(longest), &info), 1);
	assert_int_equal(info.df, 2);
}

/* Walk a block of `nterms` terms given as hex. */
static int walk_hex(const char *hex, uint32_t nterms)
{
	struct dict_cursor c;
	int got;

	drop(NULL);
	seg_fixture_init(&f, 300, 2);
	buf_add_le32(&f.parts.dict.index, 0);
	seg_from_hex(&f.parts.dict.dict, hex);
	buf_add_zeros(&f.parts.post, 100);
	f.parts.dict.n = nterms;
	seg_fixture_seal(&f);
	for (got = dict_seek(&c, &f.seg, BYTES_NONE); got > 0;)
		got = dict_next(&c);
	assert_int_equal(dict_next(&c), got); /* an error sticks */
	return got;
}

static void blocks_that_cannot_be_are_corrupt(void **state)
{
	(void)state;
	assert_int_equal(walk_hex("00 00 00 | 00 01 61 | 01 00 64 00 00", 1), 0);
	assert_int_equal(walk_hex("01 00 00 | 00 01 61 | 01 00 64 00 00", 1),
			 ERR_CORRUPT); /* ends after POST */
	assert_int_equal(walk_hex("00 00 00 | 00 01 61 | 01 00 64 01 00", 1), ERR_CORRUPT); /* after POSN */
	assert_int_equal(walk_hex("00 00 00 | 00 01 61 | 01 00 64 00 01", 1), ERR_CORRUPT); /* after FORM */
	assert_int_equal(walk_hex("00 00 00 | 01 01 61 | 01 00 64 00 00", 1),
			 ERR_CORRUPT); /* shares with no term */
	assert_int_equal(walk_hex("00 00 00 | 00 7f 61 | 01 00 64 00 00", 1),
			 ERR_CORRUPT); /* longer than the block */
	assert_int_equal(walk_hex("00 00 00 | 00 01 61 | 00 00 64 00 00", 1),
			 ERR_CORRUPT); /* in no article */
	assert_int_equal(walk_hex("00 00 00 | 00 01 61 | ad 02 00 64 00 00", 1),
			 ERR_CORRUPT); /* in 301 of 300 */
	assert_int_equal(walk_hex("00 00 00 | 00 01 61 | 01 ff ff ff ff 0f 64 00 00", 1),
			 ERR_CORRUPT); /* 2^32 times */
	assert_int_equal(walk_hex("00 00 00 | 00 01 61 | 01 00 64 00 00", 2),
			 ERR_CORRUPT); /* one term of two */
	assert_int_equal(walk_hex("00 00", 1), ERR_CORRUPT);
	assert_int_equal(walk_hex("", 1), ERR_CORRUPT);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_term_is_found),
		cmocka_unit_test(absent_terms_are_not_found),
		cmocka_unit_test(seek_stands_on_the_first_term_at_or_after),
		cmocka_unit_test(a_walk_visits_all_terms_in_order),
		cmocka_unit_test(bytes_order_the_terms),
		cmocka_unit_test(no_terms_are_no_error),
		cmocka_unit_test(the_longest_term_fits),
		cmocka_unit_test(blocks_that_cannot_be_are_corrupt),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, NULL, drop);
}
