/* tests/property/test_upkeep.c - what is wrong with an archive is found by `verify --deep`, and
 * what can be made anew is, to the byte, by `rebuild`. */
#include "archive/token_replay.h"
#include "archive/catalog_care.h"
#include "base/mem.h"
#include "lib/random_archive.h"
#include "lib/seg_fixture.h"
#include "upkeep/rebuild.h"
#include "upkeep/verify.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <inttypes.h>
#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

static const volatile sig_atomic_t never;

/* ---- what the commands do ---- */

/* Open, and verify deep: 0, or the error of either. */
static int verify(struct temp_archive *t, size_t lot_bytes, struct err *err)
{
	struct verify_options options = { .deep = true, .stop = &never, .lot_bytes = lot_bytes };
	struct report report;
	FILE *null = quiet_report(&report);
	int rc;

	archive_close(&t->archive);
	if ((rc = archive_open_read(&t->archive, t->path, err)) == 0)
		rc = verify_archive(&t->archive, &options, &report, err);
	quiet_report_end(&report, null);
	return rc;
}

static int rebuild(struct temp_archive *t, size_t lot_bytes, struct err *err)
{
	struct rebuild_result result;
	struct report report;
	FILE *null = quiet_report(&report);
	int rc;

	archive_close(&t->archive);
	if ((rc = archive_open_upgrade(&t->archive, t->path, err)) == 0)
		rc = rebuild_archive(&t->archive, &never, lot_bytes, &report, &result, err);
	archive_close(&t->archive);
	quiet_report_end(&report, null);
	return rc;
}

static void must(int rc, const struct err *err, const char *what)
{
	if (rc < 0)
		fail_msg("%s: error %d: %s", what, rc, err->msg);
}

/* ---- the archive ---- */

/* Run statements on the catalog, as no program of ours would. */
static void tamper(const struct temp_archive *t, const char *sql)
{
	char path[sizeof t->path + 16];
	sqlite3 *db;

	snprintf(path, sizeof path, "%s/catalog.db", t->path);
	assert_int_equal(sqlite3_open(path, &db), SQLITE_OK);
	assert_int_equal(replay_register(db), SQLITE_OK);
	if (sqlite3_exec(db, sql, NULL, NULL, NULL) != SQLITE_OK)
		fail_msg("%s: %s", sql, sqlite3_errmsg(db));
	assert_int_equal(sqlite3_close(db), SQLITE_OK);
}

/* The path of the only segment: the newest. */
static const char *segment_path(struct temp_archive *t)
{
	static char path[sizeof t->path + 32];
	struct err err;
	int64_t id;

	archive_close(&t->archive);
	must(archive_open_read(&t->archive, t->path, &err), &err, "open");
	must(catalog_last_segment(t->archive.catalog, &id, &err), &err, "segments");
	archive_close(&t->archive);
	snprintf(path, sizeof path, "%s/%08" PRId64 ".seg", t->path, id);
	return path;
}

static void make(struct temp_archive *t, uint64_t seed, bool optimized)
{
	struct random_corpus corpus;

	random_corpus_make(&corpus, seed);
	temp_archive_make(t, 1 + (uint32_t)(seed % 4));
	temp_archive_add_corpus(t, &corpus, seed);
	if (optimized)
		temp_archive_optimize(t);
	archive_close(&t->archive);
	random_corpus_release(&corpus);
}

/* ---- rebuilding ---- */

static void try_rebuild(uint64_t seed)
{
	struct buf optimized = BUF_INIT, rebuilt = BUF_INIT;
	size_t lot = seed % 3 ? 400000 : 0;
	struct temp_archive t;
	struct err err;

	make(&t, seed, false);
	must(verify(&t, lot, &err), &err, "many segments");
	archive_close(&t.archive);
	must(archive_open_write(&t.archive, t.path, NULL, &err), &err, "open");
	temp_archive_optimize(&t);
	seg_read_file(segment_path(&t), &optimized);
	if (seed % 2) /* no segment is looked at */
		assert_int_equal(truncate(segment_path(&t), (off_t)(seed * 100 % optimized.n)), 0);
	else
		assert_int_equal(unlink(segment_path(&t)), 0);
	must(rebuild(&t, lot, &err), &err, "rebuild");
	seg_read_file(segment_path(&t), &rebuilt);
	if (!bytes_equal(buf_bytes(&optimized), buf_bytes(&rebuilt)))
		fail_msg("seed %" PRIu64 ": %zu bytes optimized, %zu rebuilt", seed, optimized.n, rebuilt.n);
	must(verify(&t, 0, &err), &err, "rebuilt");
	temp_archive_release(&t);
	buf_release(&optimized);
	buf_release(&rebuilt);
}

static void a_rebuilt_index_is_the_optimized_one(void **state)
{
	(void)state;
	test_seeds(4, 3, 600, try_rebuild);
}

/* ---- segments that are not what their articles make ---- */

static void a_wrong_byte_under_right_checksums_is_found(void **state)
{
	struct buf good = BUF_INIT, bad = BUF_INIT;
	struct temp_archive t;
	const char *path;
	struct err err;
	size_t step;

	(void)state;
	make(&t, 2, true);
	path = segment_path(&t);
	seg_read_file(path, &good);
	step = getenv("MORGUE_TEST_LONG") ? 1 : good.n / 16 + 1;
	for (size_t at = 208; at < seg_pages_at(good.p); at += step) {
		buf_set(&bad, buf_bytes(&good));
		bad.p[at] ^= (uint8_t)(1 + at % 255);
		seg_reseal(bad.p, bad.n, seg_pages_at(bad.p));
		seg_write_file(path, buf_bytes(&bad));
		if (verify(&t, 0, &err) != ERR_CORRUPT)
			fail_msg("byte %zu of %zu was changed and not found", at, good.n);
		if (strncmp(err.msg, path, strlen(path)) != 0)
			fail_msg("byte %zu: the segment is not named: %s", at, err.msg);
	}
	must(rebuild(&t, 0, &err), &err, "rebuild");
	must(verify(&t, 0, &err), &err, "rebuilt");
	temp_archive_release(&t);
	buf_release(&good);
	buf_release(&bad);
}

/* The first difference is told in words. */
static void changed_bytes_are_told_in_words(void **state)
{
	static const struct {
		enum { DATE, NUMBER, SOURCE, STORY, HEADLINE, LENGTH } column;
		const char *sentence;
	} cases[] = {
		{ DATE, "the date is " },
		{ SOURCE, "the source is " },
		{ STORY, "the story is " },
		{ HEADLINE, "the number of headline words is " },
		{ LENGTH, "the code of its length is " },
	};
	static const size_t before[] = { 0, 8, 12, 16, 20, 22 }; /* bytes a doc in the columns before */
	struct buf good = BUF_INIT, bad = BUF_INIT;
	struct temp_archive t;
	const char *path;
	struct err err;
	uint32_t ndocs;

	(void)state;
	make(&t, 2, true);
	path = segment_path(&t);
	seg_read_file(path, &good);
	ndocs = load_le32(good.p + 24);
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		buf_set(&bad, buf_bytes(&good));
		bad.p[208 + before[cases[i].column] * ndocs] ^= 1;
		seg_reseal(bad.p, bad.n, seg_pages_at(bad.p));
		seg_write_file(path, buf_bytes(&bad));
		assert_int_equal(verify(&t, 0, &err), ERR_CORRUPT);
		if (!strstr(err.msg, ": doc 0, article ") || !strstr(err.msg, cases[i].sentence))
			fail_msg("wanted \"%s\": %s", cases[i].sentence, err.msg);
	}
	temp_archive_release(&t);
	buf_release(&good);
	buf_release(&bad);
}

/* ---- catalogs that are not what the segments were made of ---- */

/* A word in the title of article 1 is another one, or gone: the lists tell. */
static void what_does_not_agree_is_told(void **state)
{
	static const struct {
		const char *sql, *sentence;
	} cases[] = {
		{ "UPDATE article SET words = words + 1 WHERE number = 2", "catalog.db: article 2 has " },
		{ "UPDATE article SET title = 'Zyzzyva ' || title WHERE number = 1",
		  "catalog.db: article 1 has " },
		{ "UPDATE article SET title = 'Zyzzyva ' || title, words = words + 1, headline = headline + "
		  "1 WHERE number = 1",
		  "article 1: the number of headline words is " },
		{ "UPDATE article SET date = date + 1 WHERE number = (SELECT max(number) FROM article WHERE "
		  "date = (SELECT max(date) FROM article))",
		  "the date is " },
		{ "UPDATE article SET source = NULL WHERE number = 3", "article 3: the source is " },
		{ "UPDATE article SET story = 77 WHERE number = 3", "article 3: the story is 0" },
		{ "DELETE FROM identity WHERE article = 3; DELETE FROM article WHERE number = 3",
		  "it holds article 3, which the catalog does not have" },
		{ "DELETE FROM article WHERE number = 3",
		  "a row refers to one that is not there: identity to article" },
		{ "CREATE TEMP TABLE twin AS SELECT * FROM article WHERE number = 3;"
		  "UPDATE twin SET number = 100003; INSERT INTO article SELECT * FROM twin",
		  "article 100003 is in the catalog, and no segment indexes it" },
		{ "UPDATE article SET text = x'00' WHERE number = 4", "the text of article 4 is damaged" },
		{ "UPDATE article SET furniture = x'ffffff7f01' WHERE number = 4",
		  "the furniture of article 4 is damaged" },
		{ "UPDATE segment SET docs = docs + 1", "not the segment that the catalog names" },
	};
	struct temp_archive t;
	struct err err;

	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		make(&t, 4, true);
		must(verify(&t, 0, &err), &err, "before");
		tamper(&t, cases[i].sql);
		if (verify(&t, 0, &err) != ERR_CORRUPT || !strstr(err.msg, cases[i].sentence))
			fail_msg("%s: wanted \"%s\", got \"%s\"", cases[i].sql, cases[i].sentence, err.msg);
		temp_archive_release(&t);
	}
}

static void an_article_in_two_segments_is_told(void **state)
{
	struct buf bytes = BUF_INIT;
	struct temp_archive t;
	char twin[500];
	struct err err;

	(void)state;
	make(&t, 2, true);
	seg_read_file(segment_path(&t), &bytes);
	snprintf(twin, sizeof twin, "%s/00000099.seg", t.path);
	seg_write_file(twin, buf_bytes(&bytes));
	tamper(&t, "INSERT INTO segment(id, seq, docs, words, bytes) SELECT 99, seq, docs, words, bytes FROM "
		   "segment");
	assert_int_equal(verify(&t, 0, &err), ERR_CORRUPT);
	assert_non_null(strstr(err.msg, "is there twice, or in another segment as well"));
	must(rebuild(&t, 0, &err), &err, "rebuild");
	must(verify(&t, 0, &err), &err, "rebuilt");
	temp_archive_release(&t);
	buf_release(&bytes);
}

/* ---- dead docs ---- */

/* Remove one article in three, as a writer does it: its doc dies, its rows go. */
static uint32_t remove_some(struct temp_archive *t)
{
	struct buf sql = BUF_INIT;
	uint32_t removed = 0;
	struct err err;

	archive_close(&t->archive);
	must(archive_open_write(&t->archive, t->path, NULL, &err), &err, "write");
	must(archive_begin(&t->archive, &err), &err, "begin");
	for (int64_t number = 2; number < 200; number += 3) {
		int got = archive_kill(&t->archive, number, &err);

		must(got, &err, "kill");
		removed += got > 0;
		buf_addf(&sql,
			 "DELETE FROM identity WHERE article = %d; DELETE FROM article WHERE number = %d;",
			 (int)number, (int)number);
	}
	must(archive_commit(&t->archive, &err), &err, "commit");
	archive_close(&t->archive);
	tamper(t, buf_cstr(&sql));
	buf_release(&sql);
	return removed;
}

static void try_dead_docs(uint64_t seed)
{
	struct buf rebuilt = BUF_INIT, optimized = BUF_INIT;
	struct temp_archive t;
	struct err err;

	make(&t, seed, seed % 2);
	if (!remove_some(&t)) {
		temp_archive_release(&t);
		return;
	}
	must(verify(&t, 0, &err), &err, "dead docs");
	must(rebuild(&t, 0, &err), &err, "rebuild");
	must(verify(&t, 0, &err), &err, "rebuilt");
	seg_read_file(segment_path(&t), &rebuilt);
	must(archive_open_write(&t.archive, t.path, NULL, &err), &err, "open");
	temp_archive_optimize(&t);
	seg_read_file(segment_path(&t), &optimized);
	assert_true(bytes_equal(buf_bytes(&rebuilt), buf_bytes(&optimized)));
	temp_archive_release(&t);
	buf_release(&rebuilt);
	buf_release(&optimized);
}

static void dead_docs_are_no_fault_and_gone_after_rebuild(void **state)
{
	(void)state;
	test_seeds(5, 3, 300, try_dead_docs);
}

static void wrong_dead_docs_are_found(void **state)
{
	static const struct {
		const char *sql, *sentence;
	} cases[] = {
		{ "UPDATE segment SET dead_words = dead_words - 1",
		  " are said to be dead; its articles have " },
		{ "UPDATE segment SET dead = 0, dead_words = 0, dead_list = NULL",
		  "which the catalog does not have" },
		{ "DELETE FROM identity WHERE article = 1; DELETE FROM article WHERE number = 1",
		  "it holds article 1, which the catalog does not have" },
	};
	struct temp_archive t;
	struct err err;

	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		make(&t, 4, true);
		assert_true(remove_some(&t) > 2);
		must(verify(&t, 0, &err), &err, "before");
		tamper(&t, cases[i].sql);
		if (verify(&t, 0, &err) != ERR_CORRUPT || !strstr(err.msg, cases[i].sentence))
			fail_msg("%s: wanted \"%s\", got \"%s\"", cases[i].sql, cases[i].sentence, err.msg);
		temp_archive_release(&t);
	}
}

/* A byte that is wrong under right checksums is found where docs are dead, too: unless it is in what a
 * dead doc says of itself, which nobody can know. */
static void a_wrong_byte_beside_dead_docs_is_found(void **state)
{
	struct buf good = BUF_INIT, bad = BUF_INIT;
	uint32_t tried = 0, found = 0;
	struct temp_archive t;
	const char *path;
	struct err err;

	(void)state;
	make(&t, 2, true);
	assert_true(remove_some(&t) > 2);
	path = segment_path(&t);
	seg_read_file(path, &good);
	for (size_t at = 208; at < seg_pages_at(good.p); at += good.n / 16 + 1) {
		buf_set(&bad, buf_bytes(&good));
		bad.p[at] ^= (uint8_t)(1 + at % 255);
		seg_reseal(bad.p, bad.n, seg_pages_at(bad.p));
		seg_write_file(path, buf_bytes(&bad));
		tried++;
		found += verify(&t, 0, &err) == ERR_CORRUPT;
	}
	if (found * 10 < tried * 7)
		fail_msg("of %" PRIu32 " changed bytes %" PRIu32 " were found", tried, found);
	temp_archive_release(&t);
	buf_release(&good);
	buf_release(&bad);
}

/* ---- older versions ---- */

/* The words as older rules may have cut them: lengths that are none of ours, a segment that
 * this program would not read. */
static void words_cut_by_older_rules_are_cut_anew(void **state)
{
	struct buf good = BUF_INIT, anew = BUF_INIT;
	struct temp_archive t;
	struct err err;

	(void)state;
	make(&t, 2, true);
	seg_read_file(segment_path(&t), &good);
	seg_write_file(segment_path(&t), bytes_str("of an older format"));
	tamper(&t, "UPDATE setting SET value = '0' WHERE name = 'analyzer';"
		   "UPDATE article SET words = words + 7, headline = 0");
	assert_int_equal(archive_open_read(&t.archive, t.path, &err), ERR_VERSION);
	assert_non_null(strstr(err.msg, "rebuild"));
	assert_int_equal(archive_open_write(&t.archive, t.path, NULL, &err), ERR_VERSION);
	must(rebuild(&t, 0, &err), &err, "rebuild");
	must(verify(&t, 0, &err), &err, "rebuilt");
	seg_read_file(segment_path(&t), &anew);
	assert_true(bytes_equal(buf_bytes(&good), buf_bytes(&anew)));
	temp_archive_release(&t);
	buf_release(&good);
	buf_release(&anew);
}

/* Tables as version 2 had them. */
static const char version_2[] =
	"CREATE TABLE kept AS SELECT * FROM segment; DROP TABLE segment;"
	"CREATE TABLE segment(id INTEGER PRIMARY KEY, seq INTEGER NOT NULL, docs INTEGER NOT NULL,"
	" words INTEGER NOT NULL, bytes INTEGER NOT NULL);"
	"INSERT INTO segment SELECT id, seq, docs, words, bytes FROM kept; DROP TABLE kept;"
	"CREATE TABLE kept AS SELECT * FROM origin; DROP TABLE origin;"
	"CREATE TABLE origin(id INTEGER PRIMARY KEY, path TEXT NOT NULL);"
	"INSERT INTO origin SELECT id, path FROM kept; DROP TABLE kept;"
	"DROP TABLE tail_term; DROP TABLE tail; DROP TABLE tail_article; DROP TABLE revision; ALTER TABLE "
	"article DROP COLUMN piece;"
	"DELETE FROM setting WHERE name = 'seq';"
	"PRAGMA user_version = 2";

static void a_catalog_of_version_2_is_brought_up_to_date(void **state)
{
	struct buf good = BUF_INIT, anew = BUF_INIT;
	int64_t seq = 0;
	struct temp_archive t;
	char path[500];
	struct err err;

	(void)state;
	make(&t, 2, true);
	snprintf(path, sizeof path, "%s", segment_path(&t));
	seg_read_file(path, &good);
	tamper(&t, version_2);
	assert_int_equal(archive_open_read(&t.archive, t.path, &err), ERR_VERSION);
	assert_non_null(strstr(err.msg, "rebuild"));
	must(rebuild(&t, 0, &err), &err, "rebuild");
	must(verify(&t, 0, &err), &err, "rebuilt");
	assert_true(strcmp(path, segment_path(&t)) < 0); /* an id is never used again */
	seg_read_file(segment_path(&t), &anew);
	assert_true(bytes_equal(buf_bytes(&good), buf_bytes(&anew)));
	must(archive_open_write(&t.archive, t.path, NULL, &err), &err, "write");
	must(catalog_begin(t.archive.catalog, &err), &err, "begin");
	must(catalog_next_seq(t.archive.catalog, &seq, &err), &err, "seq");
	assert_true(seq > 2);
	must(catalog_rollback(t.archive.catalog, &err), &err, "rollback");
	temp_archive_release(&t);
	buf_release(&good);
	buf_release(&anew);
}

static void a_newer_version_is_refused(void **state)
{
	static const char *const newer[] = { "PRAGMA user_version = 99",
					     "UPDATE setting SET value = '99' WHERE name = 'analyzer'" };
	struct temp_archive t;
	struct err err;

	(void)state;
	for (size_t i = 0; i < 2; i++) {
		make(&t, 2, true);
		tamper(&t, newer[i]);
		assert_int_equal(rebuild(&t, 0, &err), ERR_VERSION);
		assert_non_null(strstr(err.msg, "a newer program wrote it"));
		temp_archive_release(&t);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_rebuilt_index_is_the_optimized_one),
		cmocka_unit_test(a_wrong_byte_under_right_checksums_is_found),
		cmocka_unit_test(changed_bytes_are_told_in_words),
		cmocka_unit_test(what_does_not_agree_is_told),
		cmocka_unit_test(an_article_in_two_segments_is_told),
		cmocka_unit_test(dead_docs_are_no_fault_and_gone_after_rebuild),
		cmocka_unit_test(wrong_dead_docs_are_found),
		cmocka_unit_test(a_wrong_byte_beside_dead_docs_is_found),
		cmocka_unit_test(words_cut_by_older_rules_are_cut_anew),
		cmocka_unit_test(a_catalog_of_version_2_is_brought_up_to_date),
		cmocka_unit_test(a_newer_version_is_refused),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
