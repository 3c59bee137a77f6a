/* tests/unit/test_vocabulary.c - the quick way over all forms meets what the careful way meets. */
#include "generate/rng.h"
#include "lib/seg_fixture.h"
#include "segment/vocabulary.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <stdio.h>
#include <stdlib.h>

static struct seg_fixture f;

static int drop(void **state)
{
	(void)state;
	seg_fixture_release(&f);
	return 0;
}

/* Every term from `from` on, with its place, and every form, both ways. */
static uint32_t compare(const struct segment *seg, struct bytes from)
{
	struct dict_cursor c;
	struct term_info info;
	struct vocabulary v;
	struct bytes form;
	uint32_t n = 0;
	int got;

	vocabulary_seek(&v, seg, from);
	for (got = dict_seek(&c, seg, from); got > 0; got = dict_next(&c), n++) {
		struct form_list list;
		int rc = 0;

		assert_true(vocabulary_next(&v));
		assert_true(bytes_equal(vocabulary_term(&v), dict_term(&c)));
		assert_true(vocabulary_info(&v, &info));
		assert_true(info.df == c.info.df && info.occurrences == c.info.occurrences);
		assert_true(info.post == c.info.post && info.post_size == c.info.post_size);
		assert_true(info.posn == c.info.posn && info.posn_size == c.info.posn_size);
		assert_true(info.form == c.info.form && info.form_size == c.info.form_size);
		assert_int_equal(form_list_open(&list, segment_forms(seg, &c.info, &rc), dict_term(&c)), 0);
		while (form_list_next(&list) > 0) {
			assert_true(vocabulary_form(&v, &form));
			assert_true(bytes_equal(form, bytes_of(list.form, list.size)));
		}
		assert_false(vocabulary_form(&v, &form));
		assert_false(vocabulary_form(&v, &form)); /* and stays so */
	}
	assert_int_equal(got, 0);
	assert_false(vocabulary_next(&v));
	assert_int_equal(v.rc, 0);
	return n;
}

static void add(const char *term, const struct form_count *forms, uint32_t nforms, uint32_t df)
{
	struct term_info info = {
		.df = df, .occurrences = df, .post = f.parts.post.n, .form = f.parts.form.n
	};

	if (forms)
		form_list_put(&f.parts.form, bytes_str(term), forms, nforms);
	info.form_size = f.parts.form.n - info.form;
	dict_writer_add(&f.parts.dict, bytes_str(term), &info);
}

/* Terms of all lengths, with few forms or many, of many articles or few. */
static const struct segment *random_terms(uint64_t seed, uint32_t n)
{
	static char written[8][300];
	struct form_count forms[8];
	char term[300];
	struct rng r;

	drop(NULL);
	rng_init(&r, seed);
	seg_fixture_init(&f, 100000, 2);
	for (uint32_t i = 0; i < n; i++) {
		uint32_t tail = rng_one_in(&r, 8) ? rng_below(&r, 240) : rng_below(&r, 12);
		uint32_t nforms = rng_below(&r, 8);
		int size = snprintf(term, sizeof term, "term%07u", i * 3);

		memset(term + size, 'x', tail);
		term[size + (int)tail] = '\0';
		for (uint32_t j = 0; j < nforms; j++) {
			snprintf(written[j], sizeof written[j], "%s", term);
			written[j][rng_below(&r, (uint32_t)size)] = 'A';
			written[j][rng_below(&r, 2) ? size + (int)tail : size - 1] = '\0';
			forms[j] = (struct form_count){ bytes_str(written[j]), rng_below(&r, 1000) };
		}
		add(term, nforms ? forms : NULL, nforms, rng_range(&r, 1, rng_one_in(&r, 9) ? 90000 : 100));
	}
	seg_fixture_seal(&f);
	return &f.seg;
}

static void all_forms_are_met(void **state)
{
	static const uint32_t sizes[] = { 0, 1, 2, 15, 16, 17, 33, 500 };

	(void)state;
	for (uint32_t s = 0; s < sizeof sizes / sizeof *sizes; s++)
		assert_int_equal(compare(random_terms(s, sizes[s]), BYTES_NONE), sizes[s]);
}

static void a_walk_begins_anywhere(void **state)
{
	const struct segment *seg = random_terms(1, 100);
	char from[16];

	(void)state;
	for (unsigned i = 0; i < 310; i++) {
		snprintf(from, sizeof from, "term%07u", i);
		compare(seg, bytes_str(from));
	}
	assert_int_equal(compare(seg, bytes_str("u")), 0);
	assert_int_equal(compare(seg, bytes_str("t")), 100);
}

/* Stand before the first of the terms of a segment of these bytes. */
static void open_hex(struct vocabulary *v, uint32_t nterms, const char *dict, const char *forms)
{
	drop(NULL);
	seg_fixture_init(&f, 300, 2);
	buf_add_le32(&f.parts.dict.index, 0);
	seg_from_hex(&f.parts.dict.dict, dict);
	seg_from_hex(&f.parts.form, forms);
	f.parts.dict.n = nterms;
	seg_fixture_seal(&f);
	vocabulary_seek(v, &f.seg, BYTES_NONE);
}

/* Can this be said of the second term? */
static bool info_of_hex(const char *said)
{
	struct term_info info;
	struct vocabulary v;
	char dict[100];

	snprintf(dict, sizeof dict, "00 00 00 | 00 01 61 | 01 00 00 00 00 | 00 01 62 | %s", said);
	open_hex(&v, 2, dict, "");
	assert_true(vocabulary_next(&v) && vocabulary_info(&v, &info));
	assert_true(vocabulary_next(&v));
	if (vocabulary_info(&v, &info))
		return true;
	assert_int_equal(v.rc, ERR_CORRUPT);
	return false;
}

/* Walk such a segment to its end. */
static int walk_hex(const char *dict, const char *forms)
{
	struct vocabulary v;
	struct bytes form;

	open_hex(&v, 1, dict, forms);
	while (vocabulary_next(&v))
		while (vocabulary_form(&v, &form))
			;
	assert_false(vocabulary_next(&v)); /* an error sticks */
	return v.rc;
}

static void forms_that_cannot_be_are_corrupt(void **state)
{
	(void)state;
	assert_int_equal(walk_hex("00 00 00 | 00 01 61 | 01 00 00 00 06", "01 | 01 01 02 62 63"), 0);
	assert_int_equal(walk_hex("00 00 00 | 00 01 61 | 01 00 00 00 07", "01 | 01 01 02 62 63"),
			 ERR_CORRUPT);
	assert_int_equal(walk_hex("00 00 00 | 00 01 61 | 01 00 00 00 05", "01 | 01 01 02 62 63"),
			 ERR_CORRUPT);
	assert_int_equal(walk_hex("00 00 00 | 00 01 61 | 01 00 00 00 06", "01 | 01 02 02 62 63"),
			 ERR_CORRUPT);
	assert_int_equal(walk_hex("00 00 00 | 00 01 61 | 01 00 00 00 06", "01 | 01 01 01 62 63"),
			 ERR_CORRUPT);
	assert_int_equal(walk_hex("00 00 00 | 00 01 61 | 01 00 00 00 06", "02 | 01 01 02 62 63"),
			 ERR_CORRUPT);
	assert_int_equal(walk_hex("00 00 00 | 00 01 61 | 01 00 00 00 06", "00 | 01 01 02 62 63"),
			 ERR_CORRUPT);
	assert_int_equal(walk_hex("00 00 01 | 00 01 61 | 01 00 00 00 06", "01 | 01 01 02 62 63"),
			 ERR_CORRUPT);
	assert_int_equal(walk_hex("00 00 00 | 01 01 61 | 01 00 00 00 00", ""), ERR_CORRUPT);
	assert_int_equal(walk_hex("00 00 00 | 00 01 61 | 00 00 00 00 00", ""), ERR_CORRUPT);
	assert_int_equal(walk_hex("00 00 00 | 00 01 61 | ad 02 00 00 00 00", ""), ERR_CORRUPT);
	assert_int_equal(walk_hex("00 00 00 | 00 7f 61 | 01 00 00 00 00", ""), ERR_CORRUPT);
	assert_int_equal(walk_hex("00 00", ""), ERR_CORRUPT);
}

static void pieces_that_cannot_be_are_corrupt(void **state)
{
	(void)state;
	assert_true(info_of_hex("01 00 00 00 00"));
	assert_false(info_of_hex("01 00 01 00 00"));
	assert_false(info_of_hex("01 00 00 01 00"));
	assert_true(info_of_hex("01 fe ff ff ff 0f 00 00 00"));
	assert_false(info_of_hex("01 ff ff ff ff 0f 00 00 00"));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(all_forms_are_met),
		cmocka_unit_test(a_walk_begins_anywhere),
		cmocka_unit_test(forms_that_cannot_be_are_corrupt),
		cmocka_unit_test(pieces_that_cannot_be_are_corrupt),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, NULL, drop);
}
