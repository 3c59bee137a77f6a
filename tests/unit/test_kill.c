/* tests/unit/test_kill.c - articles that die in a writer's transaction: what readers see before
 * it, after it, and when it is given up. */
#include "lib/random_archive.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <inttypes.h>
#include <stdio.h>
#include <sys/stat.h>

static struct random_corpus corpus;
static struct temp_archive archive;

static int make(void **state)
{
	(void)state;
	random_corpus_make(&corpus, 5);
	temp_archive_make(&archive, 3);
	temp_archive_add_corpus(&archive, &corpus, 3);
	temp_archive_seal(&archive);
	temp_archive_read(&archive);
	assert_true(archive.archive.nsegments > 1);
	return 0;
}

static int drop(void **state)
{
	(void)state;
	temp_archive_release(&archive);
	random_corpus_release(&corpus);
	return 0;
}

static void open_writer(struct archive *writer)
{
	assert_int_equal(archive_open_write(writer, archive.path, NULL, NULL), 0);
	assert_int_equal(archive_begin(writer, NULL), 0);
}

/* What a reader that opens the archive now counts. */
static void read_totals(uint64_t *docs, uint64_t *words, size_t *segments)
{
	struct archive reader;

	assert_int_equal(archive_open_read(&reader, archive.path, NULL), 0);
	*docs = reader.ndocs;
	*words = reader.words;
	*segments = reader.nsegments;
	archive_close(&reader);
}

static void check_totals(uint64_t docs, uint64_t words, size_t segments)
{
	uint64_t got_docs, got_words;
	size_t got_segments;

	read_totals(&got_docs, &got_words, &got_segments);
	assert_int_equal(got_docs, docs);
	assert_int_equal(got_words, words);
	assert_int_equal(got_segments, segments);
}

static int64_t words_of(int64_t number)
{
	int64_t date, words;

	assert_int_equal(catalog_indexed(archive.archive.catalog, number, &date, &words, NULL), 1);
	return words;
}

static void a_commit_takes_them_out_of_the_totals(void **state)
{
	uint64_t docs = archive.archive.ndocs, words = archive.archive.words;
	struct archive writer;

	(void)state;
	open_writer(&writer);
	for (int64_t number = 1; number <= 9; number += 4) {
		assert_int_equal(archive_kill(&writer, number, NULL), 1);
		words -= (uint64_t)words_of(number);
	}
	check_totals(docs, archive.archive.words, archive.archive.nsegments);
	assert_int_equal(archive_commit(&writer, NULL), 0);
	archive_close(&writer);
	check_totals(docs - 3, words, archive.archive.nsegments);
}

static void given_up_nothing_has_happened(void **state)
{
	struct archive writer;

	(void)state;
	open_writer(&writer);
	assert_int_equal(archive_kill(&writer, 2, NULL), 1);
	assert_int_equal(archive_rollback(&writer, NULL), 0);
	assert_int_equal(archive_begin(&writer, NULL), 0);
	assert_int_equal(archive_commit(&writer, NULL), 0);
	assert_int_equal(archive_begin(&writer, NULL), 0);
	assert_int_equal(archive_kill(&writer, 3, NULL), 1);
	archive_close(&writer); /* without an end of the transaction */
	check_totals(archive.archive.ndocs, archive.archive.words, archive.archive.nsegments);
}

static void nobody_dies_twice(void **state)
{
	struct archive writer;

	(void)state;
	open_writer(&writer);
	assert_int_equal(archive_kill(&writer, 2, NULL), 1);
	assert_int_equal(archive_kill(&writer, 2, NULL), 0);
	assert_int_equal(archive_commit(&writer, NULL), 0);
	assert_int_equal(archive_begin(&writer, NULL), 0);
	assert_int_equal(archive_kill(&writer, 2, NULL), 0);
	assert_int_equal(archive_kill(&writer, (int64_t)corpus.n + 1, NULL), 0);
	assert_int_equal(archive_kill(&writer, -1, NULL), 0);
	assert_int_equal(archive_rollback(&writer, NULL), 0);
	archive_close(&writer);
}

static bool is_there(int64_t segment)
{
	char path[400];
	struct stat st;

	snprintf(path, sizeof path, "%s/%08" PRId64 ".seg", archive.path, segment);
	return stat(path, &st) == 0;
}

/* Neither its id nor the number of its commit is given again. */
static void a_segment_without_a_living_doc_goes(void **state)
{
	const struct segment *last = &archive.archive.segments[archive.archive.nsegments - 1];
	struct archive writer;
	int64_t id, seq, next;

	(void)state;
	open_writer(&writer);
	assert_int_equal(catalog_last_segment(writer.catalog, &id, NULL), 0);
	assert_int_equal(catalog_next_seq(writer.catalog, &seq, NULL), 0);
	for (uint32_t doc = 0; doc < last->ndocs; doc++)
		assert_int_equal(archive_kill(&writer, segment_article(last, doc), NULL), 1);
	assert_true(is_there(id));
	assert_int_equal(archive_commit(&writer, NULL), 0);
	assert_false(is_there(id));
	assert_int_equal(archive_begin(&writer, NULL), 0);
	assert_int_equal(catalog_next_seq(writer.catalog, &next, NULL), 0);
	assert_int_equal(next, seq + 1);
	assert_int_equal(catalog_last_segment(writer.catalog, &next, NULL), 0);
	assert_int_equal(next, id);
	archive_close(&writer);
	check_totals(archive.archive.ndocs - last->ndocs, archive.archive.words - last->words,
		     archive.archive.nsegments - 1);
}

/* A catalog whose list is not what stands beside it. */
static void a_list_that_lies_is_damage(void **state)
{
	static const struct {
		int64_t dead, words;
		const char *list;
	} lies[] = { { 1, 0, "" },
		     { 2, 0, "\x01" },
		     { 1, 0, "\x01\x01" },
		     { -1, 0, "\x01" },
		     { 1, -1, "\x01" },
		     { 1, INT64_MAX, "\x01" },
		     { 1, 0, "\xff\xff\xff\xff\x0f" },
		     { INT64_C(1) << 32, 0, "\x01" } };
	struct catalog_segment row;
	struct archive writer, reader;
	int64_t after = 0;
	struct err err;

	(void)state;
	for (size_t i = 0; i < sizeof lies / sizeof *lies; i++) {
		open_writer(&writer);
		after = 0;
		assert_int_equal(catalog_next_segment(writer.catalog, &after, &row, NULL), 1);
		row.dead = lies[i].dead;
		row.dead_words = lies[i].words;
		assert_int_equal(catalog_set_dead(writer.catalog, &row, bytes_str(lies[i].list), NULL), 0);
		assert_int_equal(archive_commit(&writer, NULL), 0);
		archive_close(&writer);
		assert_int_equal(archive_open_read(&reader, archive.path, &err), ERR_CORRUPT);
		assert_non_null(strstr(err.msg, "the list of dead docs"));
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(a_commit_takes_them_out_of_the_totals, make, drop),
		cmocka_unit_test_setup_teardown(given_up_nothing_has_happened, make, drop),
		cmocka_unit_test_setup_teardown(nobody_dies_twice, make, drop),
		cmocka_unit_test_setup_teardown(a_segment_without_a_living_doc_goes, make, drop),
		cmocka_unit_test_setup_teardown(a_list_that_lies_is_damage, make, drop),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
