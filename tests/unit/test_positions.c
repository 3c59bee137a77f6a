/* tests/unit/test_positions.c - the positions and forms of any article, whatever chunks they lie in. */
#include "base/mem.h"
#include "generate/rng.h"
#include "lib/seg_fixture.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <stdlib.h>

static struct seg_fixture f;
static struct occurrence *list;

static int drop(void **state)
{
	(void)state;
	seg_fixture_release(&f);
	free(list);
	list = NULL;
	return 0;
}

static const struct form_count three_forms[3] = {
	{ { (const uint8_t *)"gate", 4 }, 9 },
	{ { (const uint8_t *)"gates", 5 }, 5 },
	{ { (const uint8_t *)"Gates", 5 }, 1 },
};

/* A term that article i holds counts[i] times, at positions i, i + 3, i + 6, ..., form numbers in turn. */
static struct positions positions_of(const uint32_t *counts, uint32_t df, uint32_t nforms)
{
	struct posting *postings = mem_zalloc(df, sizeof *postings);
	struct seg_term term = { .name = bytes_str("gate"), .postings = postings, .df = df };
	struct term_info info;
	struct positions c;

	drop(NULL);
	for (uint32_t doc = 0; doc < df; doc++) {
		postings[doc] = (struct posting){ doc, counts[doc], 0 };
		list = mem_realloc_array(list, term.n + counts[doc], sizeof *list);
		for (uint32_t k = 0; k < counts[doc]; k++, term.n++)
			list[term.n] = (struct occurrence){ doc + 3 * k, (uint32_t)term.n % nforms, k == 0 };
	}
	term.occurrences = list;
	term.forms = nforms > 1 ? three_forms : NULL;
	term.nforms = nforms;
	seg_fixture_init(&f, df, 2);
	seg_fixture_add(&f, &term);
	seg_fixture_seal(&f);
	info = seg_find(&f.seg, "gate");
	positions_open(&c, &f.seg, &info);
	free(postings);
	return c;
}

/* Do the occurrences from `first` on come out as they went in? */
static void check(struct positions *c, uint64_t first, uint32_t count)
{
	uint32_t *pos = mem_zalloc(count, sizeof *pos), *form = mem_zalloc(count, sizeof *form);

	assert_int_equal(positions_get(c, first, count, pos, form), 0);
	for (uint32_t i = 0; i < count; i++) {
		assert_int_equal(pos[i], list[first + i].pos);
		assert_int_equal(form[i], list[first + i].form);
	}
	free(pos);
	free(form);
}

static void each_article_has_its_own_positions(void **state)
{
	static const uint32_t counts[] = { 2, 1, 3 };
	struct positions c = positions_of(counts, 3, 3);

	(void)state;
	check(&c, 0, 2);
	check(&c, 2, 1);
	check(&c, 3, 3);
	check(&c, 0, 2); /* and again, backwards */
}

static void an_article_may_cross_chunks(void **state)
{
	static const uint32_t counts[] = { 100, 300, 28, 128, 1 };
	struct positions c = positions_of(counts, 5, 3);

	(void)state;
	check(&c, 100, 300);
	check(&c, 0, 100);
	check(&c, 400, 28);
	check(&c, 428, 128);
	check(&c, 556, 1);
}

static void forms_may_be_left_alone_and_asked_for_later(void **state)
{
	static const uint32_t counts[] = { 100, 300 };
	struct positions c = positions_of(counts, 2, 3);
	uint32_t pos[300];

	(void)state;
	assert_int_equal(positions_get(&c, 100, 300, pos, NULL), 0);
	assert_int_equal(pos[299], 1 + 3 * 299);
	check(&c, 100, 300);
	assert_int_equal(positions_get(&c, 0, 100, pos, NULL), 0);
	check(&c, 0, 100);
}

/* Where the positions lie, if in one chunk, they are what positions_get copies; each form number too. */
static void check_look(struct positions *c, uint64_t first, uint32_t count, bool wide)
{
	static uint32_t room[POSITIONS_FEW + POSITIONS_SLACK];
	struct positions_view view;
	int got = positions_look(c, first, count, room, &view);

	assert_int_equal(got, count <= POSITIONS_FEW && !wide);
	for (uint32_t i = 0; got == 1 && i < count; i++)
		assert_int_equal(view.at[i], list[first + i].pos);
	for (uint32_t i = 0; i < count; i++)
		assert_int_equal(positions_form(c, first + i), list[first + i].form);
	for (uint32_t i = 0; got == 1 && i < count; i++) /* decoding forms leaves the view alone */
		assert_int_equal(view.at[i], list[first + i].pos);
	check(c, first, count);
}

static void looking_is_getting(void **state)
{
	uint32_t counts[300];
	struct positions c;
	struct rng r;

	(void)state;
	rng_init(&r, 7);
	for (uint32_t nforms = 1; nforms <= 3; nforms += 2) {
		uint64_t first = 0;

		for (uint32_t i = 0; i < 300; i++)
			counts[i] = rng_one_in(&r, 20) ? rng_range(&r, 1, 300) : rng_range(&r, 1, 4);
		c = positions_of(counts, 300, nforms);
		for (uint32_t i = 0; i < 300; first += counts[i++])
			check_look(&c, first, counts[i], false);
		assert_int_equal(first, c.n);
		for (uint32_t i = 300; i-- > 0;) { /* backwards: a chunk is left and met again */
			first -= counts[i];
			check_look(&c, first, counts[i], false);
		}
	}
}

/* Sums of the gaps of a chunk would pass 32 bits: its positions are copied. */
static void positions_far_apart_are_not_looked_at_in_place(void **state)
{
	static const uint32_t far[] = { 5, 1u << 24, 1u << 25, 1u << 31, UINT32_MAX };
	struct posting postings[40];
	struct occurrence all[200];
	struct seg_term term = {
		.name = bytes_str("gate"), .postings = postings, .df = 40, .occurrences = all
	};
	struct term_info info;
	struct positions c;

	(void)state;
	drop(NULL);
	for (uint32_t doc = 0; doc < 40; doc++) {
		postings[doc] = (struct posting){ doc, 5, 0 };
		for (uint32_t i = 0; i < 5; i++)
			all[term.n++] = (struct occurrence){ far[i], 0, i == 0 };
	}
	list = mem_alloc(sizeof all);
	memcpy(list, all, sizeof all);
	seg_fixture_init(&f, 40, 2);
	seg_fixture_add(&f, &term);
	seg_fixture_seal(&f);
	info = seg_find(&f.seg, "gate");
	positions_open(&c, &f.seg, &info);
	for (uint32_t doc = 0; doc < 40; doc++)
		check_look(&c, 5 * doc, 5, true);
}

static void one_form_is_number_zero_and_takes_no_bytes(void **state)
{
	static const uint32_t counts[] = { 5 };
	struct positions c = positions_of(counts, 1, 1);

	(void)state;
	assert_int_equal(f.parts.posn.n, 1 + 2); /* gaps 0 2 2 2 2 in two bits each */
	check(&c, 0, 5);
}

static void what_the_term_does_not_have_is_corrupt(void **state)
{
	static const uint32_t counts[] = { 2, 1 };
	struct positions c = positions_of(counts, 2, 1);
	struct positions_view view;
	uint32_t pos[8], room[2 + POSITIONS_SLACK];

	(void)state;
	assert_int_equal(positions_get(&c, 2, 2, pos, NULL), ERR_CORRUPT);
	assert_int_equal(positions_get(&c, 4, 0, pos, NULL), ERR_CORRUPT);
	assert_int_equal(positions_get(&c, UINT64_MAX, 1, pos, NULL), ERR_CORRUPT);
	assert_int_equal(positions_get(&c, 0, UINT32_MAX, pos, NULL), ERR_CORRUPT);
	assert_int_equal(positions_get(&c, 3, 0, pos, NULL), 0);
	assert_int_equal(positions_look(&c, 2, 2, room, &view), ERR_CORRUPT);
	assert_int_equal(positions_look(&c, UINT64_MAX, 1, room, &view), ERR_CORRUPT);
	assert_int_equal(positions_look(&c, 0, UINT32_MAX, room, &view), ERR_CORRUPT);
	assert_true(positions_form(&c, 3) == ERR_CORRUPT && positions_form(&c, 2) == 0);
}

/* Read all `n` occurrences of a term whose list is `hex`, as one article. */
static int read_hex(const char *hex, uint32_t n, uint32_t nforms)
{
	struct term_info info = { .df = 1, .occurrences = n };
	struct positions c;
	uint32_t *pos = mem_zalloc(n, sizeof *pos), *form = mem_zalloc(n, sizeof *form);
	int rc;

	drop(NULL);
	seg_fixture_init(&f, 1, 2);
	if (nforms > 1)
		form_list_put(&f.parts.form, bytes_str("gate"), three_forms, nforms);
	seg_from_hex(&f.parts.posn, hex);
	seg_fixture_seal(&f);
	info.posn_size = f.parts.posn.n;
	info.form_size = f.parts.form.n;
	positions_open(&c, &f.seg, &info);
	rc = positions_get(&c, 0, n, pos, form);
	free(pos);
	free(form);
	return rc;
}

static void lists_that_cannot_be_are_corrupt(void **state)
{
	(void)state;
	assert_int_equal(read_hex("03 a4 00 | 01 02", 3, 2), 0);        /* the page's positions */
	assert_int_equal(read_hex("03 a4 | 01 02", 3, 2), ERR_CORRUPT); /* forms fall short */
	assert_int_equal(read_hex("03", 3, 1), ERR_CORRUPT);
	assert_int_equal(read_hex("", 3, 1), ERR_CORRUPT);                           /* no positions */
	assert_int_equal(read_hex("20 ff ff ff ff 00 00 00 00", 2, 1), ERR_CORRUPT); /* beyond 32 bits */
	assert_int_equal(read_hex("01 00 00 00 | 00 | 00", 129, 1), 0);
	assert_int_equal(read_hex("00 00 00 00 | 00 | 00", 129, 1), ERR_CORRUPT); /* chunk 0 is empty */
	assert_int_equal(read_hex("02 00 00 00 | 00 | 00", 129, 1), ERR_CORRUPT); /* chunk 1 is empty */
	assert_int_equal(read_hex("ff ff ff ff | 00 | 00", 129, 1), ERR_CORRUPT);
}

/* A form number beyond the stem's list reached readers, who look it up in an array. */
static void form_numbers_beyond_the_list_are_corrupt(void **state)
{
	(void)state;
	assert_int_equal(read_hex("00 | 02 02", 1, 3), 0);
	assert_int_equal(read_hex("00 | 02 03", 1, 3), ERR_CORRUPT);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(each_article_has_its_own_positions),
		cmocka_unit_test(an_article_may_cross_chunks),
		cmocka_unit_test(forms_may_be_left_alone_and_asked_for_later),
		cmocka_unit_test(looking_is_getting),
		cmocka_unit_test(positions_far_apart_are_not_looked_at_in_place),
		cmocka_unit_test(one_form_is_number_zero_and_takes_no_bytes),
		cmocka_unit_test(what_the_term_does_not_have_is_corrupt),
		cmocka_unit_test(lists_that_cannot_be_are_corrupt),
		cmocka_unit_test(form_numbers_beyond_the_list_are_corrupt),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, NULL, drop);
}
