/* tests/unit/test_at_rest.c - a catalog at rest is read without locks and without a file made beside it; what was read
 * while somebody wrote is noticed. */
#include "lib/random_archive.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <fcntl.h>
#include <stdio.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

static struct random_corpus corpus;
static struct temp_archive archive;
static char catalog[400];

static void age(time_t seconds)
{
	struct timespec times[2];

	clock_gettime(CLOCK_REALTIME, &times[0]);
	times[0].tv_sec -= seconds;
	times[1] = times[0];
	assert_int_equal(utimensat(AT_FDCWD, catalog, times, 0), 0);
}

static int make(void **state)
{
	(void)state;
	random_corpus_make(&corpus, 4);
	temp_archive_make(&archive, 3);
	temp_archive_add_corpus(&archive, &corpus, 3);
	archive_close(&archive.archive);
	snprintf(catalog, sizeof catalog, "%s/catalog.db", archive.path);
	return 0;
}

static int drop(void **state)
{
	(void)state;
	temp_archive_release(&archive);
	random_corpus_release(&corpus);
	return 0;
}

static bool is_there(const char *suffix)
{
	char path[sizeof catalog + 16];

	snprintf(path, sizeof path, "%s%s", catalog, suffix);
	return access(path, F_OK) == 0;
}

/* In a process of its own, as SQLite's locks want it: take article `number` out of the index. It ends in good
 * order, or leaves its log behind. */
static void write_elsewhere(int64_t number, bool in_order)
{
	pid_t writer = fork();
	int status;

	if (writer == 0) {
		struct archive a;

		if (archive_open_write(&a, archive.path, NULL, NULL) < 0 || archive_begin(&a, NULL) < 0 ||
		    archive_kill(&a, number, NULL) != 1 || archive_commit(&a, NULL) < 0)
			_exit(1);
		if (in_order) {
			catalog_checkpoint(a.catalog, NULL);
			archive_close(&a);
		}
		_exit(0);
	}
	assert_true(writer > 0);
	assert_int_equal(waitpid(writer, &status, 0), writer);
	assert_true(WIFEXITED(status) && WEXITSTATUS(status) == 0);
}

static void at_rest_nothing_is_made_beside_it(void **state)
{
	struct archive a;

	(void)state;
	age(60);
	assert_int_equal(archive_open_unlocked(&a, archive.path, NULL), 0);
	assert_int_equal(a.ndocs, corpus.n);
	assert_false(is_there("-wal") || is_there("-shm"));
	assert_int_equal(archive_settle(&a, NULL), 0);
	assert_int_equal(archive_pause(&a, NULL), 0);
	assert_int_equal(archive_resume(&a, NULL), 0);
	assert_false(is_there("-wal") || is_there("-shm"));
	archive_close(&a);
}

/* Its time would not tell whether it is written again within the same tick. */
static void just_written_it_is_read_with_locks(void **state)
{
	struct archive a;

	(void)state;
	age(0);
	assert_int_equal(archive_open_unlocked(&a, archive.path, NULL), 0);
	assert_true(is_there("-shm"));
	assert_int_equal(archive_settle(&a, NULL), 0);
	archive_close(&a);
}

static void of_the_future_it_is_read_with_locks(void **state)
{
	struct archive a;

	(void)state;
	age(-3600);
	assert_int_equal(archive_open_unlocked(&a, archive.path, NULL), 0);
	assert_true(is_there("-shm"));
	archive_close(&a);
}

static void who_wrote_meanwhile_is_noticed(void **state)
{
	struct archive a;

	(void)state;
	age(60);
	assert_int_equal(archive_open_unlocked(&a, archive.path, NULL), 0);
	write_elsewhere(1, true);
	assert_int_equal(archive_settle(&a, NULL), 1);
	assert_int_equal(a.ndocs, corpus.n - 1);
	assert_true(is_there("-shm")); /* from now on with locks */
	assert_int_equal(archive_settle(&a, NULL), 0);
	archive_close(&a);
}

/* Even if the time of change is set back to what it was. */
static void a_forged_time_hides_nothing(void **state)
{
	struct timespec times[2];
	struct archive a;
	struct stat st;

	(void)state;
	age(60);
	assert_int_equal(stat(catalog, &st), 0);
	assert_int_equal(archive_open_unlocked(&a, archive.path, NULL), 0);
	write_elsewhere(2, true);
	times[0] = times[1] = st.st_mtim;
	assert_int_equal(utimensat(AT_FDCWD, catalog, times, 0), 0);
	assert_int_equal(archive_settle(&a, NULL), 1);
	assert_int_equal(a.ndocs, corpus.n - 2);
	archive_close(&a);
}

static void between_two_questions_it_is_noticed_too(void **state)
{
	struct archive a;

	(void)state;
	age(60);
	assert_int_equal(archive_open_unlocked(&a, archive.path, NULL), 0);
	assert_int_equal(archive_pause(&a, NULL), 0);
	write_elsewhere(3, true);
	assert_int_equal(archive_resume(&a, NULL), 0);
	assert_int_equal(a.ndocs, corpus.n - 3);
	archive_close(&a);
}

static void a_log_that_a_killed_writer_left_is_read(void **state)
{
	struct archive a;

	(void)state;
	age(60);
	write_elsewhere(4, false);
	assert_true(is_there("-wal"));
	age(60);
	assert_int_equal(archive_open_unlocked(&a, archive.path, NULL), 0);
	assert_int_equal(a.ndocs, corpus.n - 4);
	archive_close(&a);
}

/* Articles alone can be read so, too, whatever the index is like. */
static void texts_are_read_without_locks(void **state)
{
	struct catalog_article row;
	struct archive a;

	(void)state;
	age(60);
	assert_int_equal(archive_open_texts(&a, archive.path, NULL), 0);
	assert_false(is_there("-shm"));
	assert_int_equal(archive_article(&a, 5, &row, NULL), 1);
	assert_int_equal(archive_settle(&a, NULL), 0);
	write_elsewhere(5, true);
	assert_int_equal(archive_settle(&a, NULL), 1);
	assert_int_equal(archive_article(&a, 6, &row, NULL), 1);
	archive_close(&a);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(at_rest_nothing_is_made_beside_it),
		cmocka_unit_test(just_written_it_is_read_with_locks),
		cmocka_unit_test(of_the_future_it_is_read_with_locks),
		cmocka_unit_test(who_wrote_meanwhile_is_noticed),
		cmocka_unit_test(a_forged_time_hides_nothing),
		cmocka_unit_test(between_two_questions_it_is_noticed_too),
		cmocka_unit_test(a_log_that_a_killed_writer_left_is_read),
		cmocka_unit_test(texts_are_read_without_locks),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, make, drop);
}
