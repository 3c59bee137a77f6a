/* tests/unit/test_form_list.c - the written forms of a stem come back in order. */
#include "lib/seg_fixture.h"
#include "segment/form_list.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

static void no_bytes_mean_the_stem_itself(void **state)
{
	struct form_list l;

	(void)state;
	assert_int_equal(form_list_open(&l, BYTES_NONE, bytes_str("gate")), 0);
	assert_int_equal(l.n, 1);
	assert_int_equal(form_list_next(&l), 1);
	assert_true(bytes_is(bytes_of(l.form, l.size), "gate"));
	assert_int_equal(l.count, 0); /* all of them */
	assert_int_equal(form_list_next(&l), 0);
}

static void forms_longer_shorter_and_unlike_the_stem_come_back(void **state)
{
	static const char *const names[] = { "universities", "univers", "Universität", "un", "x" };
	struct form_count forms[5];
	struct buf out = BUF_INIT;
	struct form_list l;

	(void)state;
	for (uint32_t i = 0; i < 5; i++)
		forms[i] = (struct form_count){ bytes_str(names[i]), UINT64_C(5000000000) >> 8 * i };
	form_list_put(&out, bytes_str("univers"), forms, 5);
	assert_int_equal(form_list_open(&l, buf_bytes(&out), bytes_str("univers")), 0);
	assert_int_equal(l.n, 5);
	for (uint32_t i = 0; i < 5; i++) {
		assert_int_equal(form_list_next(&l), 1);
		assert_true(bytes_is(bytes_of(l.form, l.size), names[i]));
		assert_true(l.count == forms[i].count);
	}
	assert_int_equal(form_list_next(&l), 0);
	buf_release(&out);
}

static void the_longest_stem_and_form_fit(void **state)
{
	uint8_t stem[255], form[255];
	struct buf out = BUF_INIT;
	struct form_count one = { bytes_of(form, sizeof form), 1 };
	struct form_list l;

	(void)state;
	memset(stem, 'a', sizeof stem);
	memset(form, 'a', sizeof form);
	form[254] = 'b';
	form_list_put(&out, bytes_of(stem, sizeof stem), &one, 1);
	assert_int_equal(form_list_open(&l, buf_bytes(&out), bytes_of(stem, sizeof stem)), 0);
	assert_int_equal(form_list_next(&l), 1);
	assert_true(bytes_equal(bytes_of(l.form, l.size), one.form));
	buf_release(&out);
}

/* The first negative answer, or 0 when all forms come out. */
static int read_all(const char *hex, const char *stem)
{
	struct buf raw = BUF_INIT;
	struct form_list l;
	int rc;

	seg_from_hex(&raw, hex);
	rc = form_list_open(&l, buf_bytes(&raw), bytes_str(stem));
	for (rc = rc < 0 ? rc : 1; rc > 0;)
		rc = form_list_next(&l);
	buf_release(&raw);
	return rc;
}

static void lists_that_cannot_be_are_corrupt(void **state)
{
	(void)state;
	assert_int_equal(read_all("01 | 04 06 01 73", "strike"), 0);
	assert_int_equal(read_all("00", "strike"), ERR_CORRUPT); /* no form */
	assert_int_equal(read_all("05 | 04 06 01 73", "strike"),
			 ERR_CORRUPT); /* more forms than bytes allow */
	assert_int_equal(read_all("01 | 04 07 01 73", "strike"),
			 ERR_CORRUPT); /* shares more than the stem has */
	assert_int_equal(read_all("01 | 04 06 02 73", "strike"), ERR_CORRUPT);    /* ends in the form */
	assert_int_equal(read_all("01 | 04 06 fb 01 73", "strike"), ERR_CORRUPT); /* 257 bytes */
	assert_int_equal(read_all("01 | 04 06 01 73 00", "strike"), ERR_CORRUPT); /* a byte too many */
	assert_int_equal(read_all("02 | 04 06 01 73", "strike"), ERR_CORRUPT);    /* the second is missing */
	assert_int_equal(read_all("ff ff ff ff 0f", "strike"), ERR_CORRUPT);
	assert_int_equal(read_all("80", "strike"), ERR_CORRUPT);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(no_bytes_mean_the_stem_itself),
		cmocka_unit_test(forms_longer_shorter_and_unlike_the_stem_come_back),
		cmocka_unit_test(the_longest_stem_and_form_fit),
		cmocka_unit_test(lists_that_cannot_be_are_corrupt),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
