/* tests/unit/test_spill.c - what is moved out of memory comes back, or an error does. */
#include "lib/seg_fixture.h"
#include "segment/spill.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <fcntl.h>
#include <signal.h>
#include <sys/resource.h>
#include <unistd.h>

static void bytes_come_back_in_order(void **state)
{
	struct spill s = SPILL_NONE;
	struct buf b = BUF_INIT;
	uint8_t got[9];

	(void)state;
	for (int i = 0; i < 3; i++) {
		buf_add_str(&b, i == 0 ? "one" : i == 1 ? "twos" : "threes");
		assert_int_equal(spill_take(&s, &b, seg_temp_path(), NULL), 0);
		assert_int_equal(b.n, 0);
	}
	assert_int_equal(s.n, 13);
	assert_int_equal(spill_read(&s, 2, got, 9, NULL), 0);
	assert_memory_equal(got, "etwosthre", 9);
	spill_release(&s);
	spill_release(&s);
	assert_int_equal(s.n, 0);
	buf_release(&b);
}

/* Can the file system free the front of a file? */
static bool frees_fronts(void)
{
	struct spill s = SPILL_NONE;
	struct buf b = BUF_INIT;
	bool can = false;

	buf_add_zeros(&b, 1 << 16);
	assert_int_equal(spill_take(&s, &b, seg_temp_path(), NULL), 0);
#ifdef FALLOC_FL_PUNCH_HOLE
	can = fallocate(s.fd, FALLOC_FL_PUNCH_HOLE | FALLOC_FL_KEEP_SIZE, 0, 1 << 15) == 0;
#endif
	spill_release(&s);
	buf_release(&b);
	return can;
}

static void a_forgotten_front_is_free_and_the_rest_is_there(void **state)
{
	static uint8_t got[1 << 17], zeros[1 << 16];
	struct spill s = SPILL_NONE;
	struct buf b = BUF_INIT;

	(void)state;
	memset(buf_reserve(&b, sizeof got), 'x', sizeof got);
	b.n = sizeof got;
	assert_int_equal(spill_take(&s, &b, seg_temp_path(), NULL), 0);
	spill_forget(&s, 0);
	assert_int_equal(spill_read(&s, 0, got, sizeof got, NULL), 0);
	assert_int_equal(got[0], 'x');
	spill_forget(&s, 1 << 16);
	assert_int_equal(spill_read(&s, 0, got, sizeof got, NULL), 0);
	for (size_t i = 1 << 16; i < sizeof got; i++)
		assert_int_equal(got[i], 'x');
	if (frees_fronts())
		assert_memory_equal(got, zeros, sizeof zeros);
	spill_release(&s);
	buf_release(&b);
}

static void the_file_has_no_name(void **state)
{
	struct spill s = SPILL_NONE;
	struct buf b = BUF_INIT;

	(void)state;
	buf_add_str(&b, "bytes");
	assert_int_equal(spill_take(&s, &b, seg_temp_path(), NULL), 0);
	assert_int_not_equal(access(seg_temp_path(), F_OK), 0);
	spill_release(&s);
	buf_release(&b);
}

static void more_than_there_is_is_an_error(void **state)
{
	struct spill s = SPILL_NONE;
	struct buf b = BUF_INIT;
	struct err err;
	uint8_t got[9];

	(void)state;
	buf_add_str(&b, "bytes");
	assert_int_equal(spill_take(&s, &b, seg_temp_path(), NULL), 0);
	assert_int_equal(spill_read(&s, 0, got, 9, &err), ERR_IO);
	spill_release(&s);
	buf_release(&b);
}

static void a_place_that_takes_no_file_is_named(void **state)
{
	struct spill s = SPILL_NONE;
	struct buf b = BUF_INIT;
	struct err err;

	(void)state;
	buf_add_str(&b, "bytes");
	assert_int_equal(spill_take(&s, &b, "/nowhere/at/all.tmp", &err), ERR_IO);
	assert_non_null(strstr(err.msg, "/nowhere/at/all.tmp: No such file or directory"));
	spill_release(&s);
	buf_release(&b);
}

/* A limit on the size of files stands in for a full disk. */
static void a_write_that_fails_is_an_error(void **state)
{
	struct spill s = SPILL_NONE;
	struct buf b = BUF_INIT;
	struct rlimit before, small;
	struct err err;

	(void)state;
	signal(SIGXFSZ, SIG_IGN);
	assert_int_equal(getrlimit(RLIMIT_FSIZE, &before), 0);
	small = before;
	small.rlim_cur = 1000;
	buf_add_zeros(&b, 5000);
	assert_int_equal(setrlimit(RLIMIT_FSIZE, &small), 0);
	assert_int_equal(spill_take(&s, &b, seg_temp_path(), &err), ERR_IO);
	assert_int_equal(setrlimit(RLIMIT_FSIZE, &before), 0);
	assert_non_null(strstr(err.msg, "cannot write"));
	spill_release(&s);
	buf_release(&b);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(bytes_come_back_in_order),
		cmocka_unit_test(a_forgotten_front_is_free_and_the_rest_is_there),
		cmocka_unit_test(the_file_has_no_name),
		cmocka_unit_test(more_than_there_is_is_an_error),
		cmocka_unit_test(a_place_that_takes_no_file_is_named),
		cmocka_unit_test(a_write_that_fails_is_an_error),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
