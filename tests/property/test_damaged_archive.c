/* tests/property/test_damaged_archive.c - any byte of any segment of an archive changed, or its end cut off: each question has its
 * right answer, to the byte that is printed, or an error that names the segment. Header, tables, padding and
 * checksums included; with dead docs. MORGUE_TEST_LONG tries every byte with every bit.
 */
#include "base/mem.h"
#include "lib/random_archive.h"
#include "lib/seg_fixture.h"
#include "search.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#define SEGMENTS_MAX 8u

static const char *const questions[] = {
	"the", "the OR of OR a -to",       "\"of the\"",          "title:the OR =The",
	"t*",  "date:none OR date:1900..", "the (of OR to) -zzz", "*"
};
#define QUESTIONS (sizeof questions / sizeof *questions)

/* A small archive, its segments as they are, and what it answers. */
static struct temp_archive subject;
static char paths[SEGMENTS_MAX][600];
static struct buf files[SEGMENTS_MAX], right[QUESTIONS];
static size_t nfiles;

/* One question of an open archive, as JSON. 0 or an error. */
static int ask(struct archive *a, const char *text, struct buf *out, struct err *err)
{
	static const struct search_options options = {
		.rank.count = 20, .output = OUTPUT_JSON, .k1 = BM25_K1, .b = BM25_B
	};
	const struct question question = { .text = bytes_str(text) };
	struct printer printer = { .color = false };
	struct buf notes = BUF_INIT;
	struct searcher *s = searcher_new(a, &options, &printer, err);
	uint64_t total;
	int rc = s ? search(s, &question, &notes, &total, err) : err->code;

	searcher_free(s);
	buf_set(out, buf_bytes(&printer.out));
	buf_release(&printer.out);
	buf_release(&notes);
	return rc;
}

static void find_segments(void)
{
	const struct dirent *e;
	DIR *dir = opendir(subject.path);

	assert_non_null(dir);
	while ((e = readdir(dir))) {
		if (!strstr(e->d_name, ".seg"))
			continue;
		assert_true(nfiles < SEGMENTS_MAX);
		snprintf(paths[nfiles], sizeof *paths, "%s/%.100s", subject.path, e->d_name);
		seg_read_file(paths[nfiles], &files[nfiles]);
		nfiles++;
	}
	closedir(dir);
}

/* Twelve articles in a segment, six in another one, one dead. */
static int make(void **state)
{
	struct news_options options = {
		.articles = 18, .seed = 7, .words = 40, .undated = 2000, .oddities = 1500
	};
	struct newsroom *room = newsroom_new(&options);
	struct buf lines = BUF_INIT;
	struct archive reader;
	struct news news = { .copy = false };
	struct err err;

	(void)state;
	temp_archive_make(&subject, 3);
	for (int i = 0; i < 18; i++) {
		assert_true(newsroom_next(room, &news));
		news_json(&news, &lines);
		if (i != 11 && i != 17)
			continue;
		temp_archive_add_lines(&subject, buf_bytes(&lines));
		temp_archive_seal(&subject);
		buf_reset(&lines);
	}
	assert_int_equal(archive_begin(&subject.archive, NULL), 0);
	assert_int_equal(archive_kill(&subject.archive, 5, NULL), 1);
	assert_int_equal(archive_commit(&subject.archive, NULL), 0);
	archive_close(&subject.archive);
	find_segments();
	assert_int_equal(nfiles, 2);
	assert_int_equal(archive_open_read(&reader, subject.path, NULL), 0);
	for (size_t i = 0; i < QUESTIONS; i++)
		if (ask(&reader, questions[i], &right[i], &err) < 0)
			fail_msg("[%s]: %s", questions[i], err.msg);
	archive_close(&reader);
	news_release(&news);
	newsroom_free(room);
	buf_release(&lines);
	return 0;
}

static int drop(void **state)
{
	(void)state;
	temp_archive_release(&subject);
	for (size_t i = 0; i < nfiles; i++)
		buf_release(&files[i]);
	for (size_t i = 0; i < QUESTIONS; i++)
		buf_release(&right[i]);
	return 0;
}

static void check_error(int rc, const struct err *err, size_t file, const char *what, size_t at)
{
	if ((rc != ERR_CORRUPT && rc != ERR_VERSION) || strncmp(err->msg, paths[file], strlen(paths[file])))
		fail_msg("%s, %s byte %zu: error %d: %s", paths[file], what, at, rc, err->msg);
}

/* With the file as it is now. True if all questions were answered. */
static bool check_answers(size_t file, const char *what, size_t at)
{
	struct buf out = BUF_INIT;
	struct archive a;
	bool all = true;
	struct err err;
	int rc = archive_open_read(&a, subject.path, &err);

	if (rc < 0) {
		check_error(rc, &err, file, what, at);
		return false;
	}
	for (size_t i = 0; i < QUESTIONS; i++) {
		if ((rc = ask(&a, questions[i], &out, &err)) < 0) {
			check_error(rc, &err, file, what, at);
			all = false;
		} else if (!bytes_equal(buf_bytes(&out), buf_bytes(&right[i]))) {
			fail_msg("%s, %s byte %zu: [%s] has another answer", paths[file], what, at,
				 questions[i]);
		}
	}
	archive_close(&a);
	buf_release(&out);
	return all;
}

static void write_file(size_t file, const struct buf *bytes)
{
	seg_write_file(paths[file], buf_bytes(bytes));
}

static void a_changed_byte_is_the_right_answer_or_an_error(void **state)
{
	bool every = getenv("MORGUE_TEST_LONG") != NULL;
	size_t refused = 0, tried = 0;

	(void)state;
	for (size_t file = 0; file < nfiles; file++) {
		size_t step = every ? 1 : files[file].n / 500 + 1;

		for (size_t at = 0; at < files[file].n; at += step)
			for (unsigned bit = every ? 0 : (unsigned)(at % 8); bit < 8; bit += every ? 1 : 8) {
				files[file].p[at] ^= (uint8_t)(1u << bit);
				write_file(file, &files[file]);
				refused += !check_answers(file, "changed", at);
				files[file].p[at] ^= (uint8_t)(1u << bit);
				tried++;
			}
		write_file(file, &files[file]);
	}
	if (refused * 2 < tried)
		fail_msg("of %zu changed bytes %zu were noticed", tried, refused);
}

static void an_end_cut_off_is_an_error(void **state)
{
	(void)state;
	for (size_t file = 0; file < nfiles; file++) {
		size_t step = getenv("MORGUE_TEST_LONG") ? 1 : files[file].n / 60 + 1;

		for (size_t n = 0; n < files[file].n; n += step) {
			seg_write_file(paths[file], bytes_of(files[file].p, n));
			if (check_answers(file, "cut at", n))
				fail_msg("%s, cut at byte %zu, is taken for whole", paths[file], n);
		}
		write_file(file, &files[file]);
	}
	assert_true(check_answers(0, "whole", 0));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_changed_byte_is_the_right_answer_or_an_error),
		cmocka_unit_test(an_end_cut_off_is_an_error),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, make, drop);
}
