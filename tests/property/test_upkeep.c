/* tests/property/test_upkeep.c - what is wrong with an archive is found by `verify --deep`, and
 * what can be made anew is, to the byte, by `rebuild`. */
#include "archive/token_replay.h"
#include "archive/catalog_care.h"
#include "base/mem.h"
#include "lib/older_archive.h"
#include "lib/random_archive.h"
#include "lib/seg_fixture.h"
#include "upkeep/convert.h"
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
	const struct catalog_conversion conversion = { convert_texts, t->path, &never };
	struct rebuild_result result;
	struct report report;
	FILE *null = quiet_report(&report);
	int rc;

	archive_close(&t->archive);
	if ((rc = archive_open_upgrade(&t->archive, t->path, &conversion, err)) == 0)
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

/* All that the catalog says of its articles and their older texts. */
static struct buf all_texts(struct temp_archive *t)
{
	struct catalog_article row;
	struct buf out = BUF_INIT;
	int64_t number = 0, last;
	struct err err;

	archive_close(&t->archive);
	must(archive_open_read(&t->archive, t->path, &err), &err, "open");
	must(catalog_last_article(t->archive.catalog, &last, &err), &err, "last");
	while (++number <= last)
		for (int64_t revision = 1; archive_revision(&t->archive, number, revision, &row, &err) > 0;
		     revision++)
			buf_addf(&out, "%" PRId64 " %" PRId64 " %.*s %.*s %.*s\n", number, revision,
				 (int)row.title.n, (const char *)row.title.p, (int)row.text.url.n,
				 (const char *)row.text.url.p, (int)row.text.body.n,
				 (const char *)row.text.body.p);
	archive_close(&t->archive);
	return out;
}

/* Make an archive older, and bring it up to date: it is what it was. */
static void try_older(struct temp_archive *t, int version, unsigned block)
{
	struct buf good = BUF_INIT, anew = BUF_INIT, texts = all_texts(t), converted;
	char path[500];
	struct err err;

	snprintf(path, sizeof path, "%s", segment_path(t));
	seg_read_file(path, &good);
	older_archive(t->path, version, block);
	assert_int_equal(archive_open_read(&t->archive, t->path, &err), ERR_VERSION);
	assert_non_null(strstr(err.msg, "rebuild"));
	must(rebuild(t, 0, &err), &err, "rebuild");
	must(verify(t, 0, &err), &err, "rebuilt");
	assert_true(strcmp(path, segment_path(t)) < 0); /* an id is never used again */
	seg_read_file(segment_path(t), &anew);
	assert_true(bytes_equal(buf_bytes(&good), buf_bytes(&anew)));
	converted = all_texts(t);
	assert_true(texts.n && bytes_equal(buf_bytes(&texts), buf_bytes(&converted)));
	buf_release(&good);
	buf_release(&anew);
	buf_release(&texts);
	buf_release(&converted);
}

static void a_catalog_of_version_2_is_brought_up_to_date(void **state)
{
	int64_t seq = 0;
	struct temp_archive t;
	struct err err;

	(void)state;
	make(&t, 2, true);
	try_older(&t, 2, 0);
	must(archive_open_write(&t.archive, t.path, NULL, &err), &err, "write");
	must(catalog_begin(t.archive.catalog, &err), &err, "begin");
	must(catalog_next_seq(t.archive.catalog, &seq, &err), &err, "seq");
	assert_true(seq > 2);
	must(catalog_rollback(t.archive.catalog, &err), &err, "rollback");
	temp_archive_release(&t);
}

static void texts_of_version_3_are_converted(void **state)
{
	static const unsigned blocks[] = { 0, 1, 4, 16 };

	(void)state;
	for (unsigned i = 0; i < 4; i++) {
		struct temp_archive t;

		make(&t, 3 + i, true);
		try_older(&t, 3, blocks[i]);
		temp_archive_release(&t);
	}
}

static void older_texts_of_version_3_are_converted(void **state)
{
	static const char lines[] =
		"{\"id\":\"a\",\"title\":\"Dam\",\"body\":\"The dam held on Monday.\"}\n"
		"{\"id\":\"b\",\"title\":\"Ferry\",\"body\":\"The ferry was late on Monday.\"}\n"
		"{\"id\":\"a\",\"title\":\"Dam\",\"body\":\"The dam broke on Tuesday.\"}\n"
		"{\"id\":\"a\",\"title\":\"Dam\",\"body\":\"The dam is gone on Friday.\"}\n";
	struct temp_archive t;

	(void)state;
	for (unsigned block = 0; block <= 2; block += 2) {
		temp_archive_make(&t, 1);
		temp_archive_add_lines(&t, bytes_str(lines));
		temp_archive_optimize(&t);
		archive_close(&t.archive);
		try_older(&t, 3, block);
		temp_archive_release(&t);
	}
}

/* Texts as an earlier program stored them: with and without dictionary, and two that share a stream. */
static const char stored_3[] =
	"DELETE FROM dictionary;"
	"INSERT INTO dictionary VALUES (384899948, 1, x'"
	"0000427573696e6573730068747470733a2f2f686172626f75722d636f75726965722e6578616d706c652f313920696e"
	"205361696e742d41756272616320766f74656420746f20737472696b65');"
	"UPDATE article SET size = 129, text = x'"
	"78bb16f11b6ccb48d635b4b430d13530363462"
	"20c5600b137d03637d4323fd94fce4ecd4a26286d43c060617089b90a50af9790abef9792989957a5c0064a12a32' "
	"WHERE number = 1;"
	"UPDATE article SET size = 10, text = x'789c6360000197c45c3d0003450141' WHERE number = 2;"
	"UPDATE article SET piece = 1, size = 19, text = "
	"x'789c62600081908c548594c45c858cd49c143d00001eeb045f' "
	"WHERE number = 3;"
	"UPDATE article SET piece = 2, size = 29, text = x'62c01052c8cf53f0cdcf4b49acd4030"
	"05de907e4' WHERE number = 4;";

static void what_an_earlier_program_stored_is_read(void **state)
{
	static const char *const bodies[] = { "Dockers in Saint-Aubrac voted to strike on Monday.\n", "Dam.",
					      "The dam held.", "The dam held on Monday." };
	struct temp_archive t;
	struct catalog_article row;
	struct err err;

	(void)state;
	temp_archive_make(&t, 1);
	temp_archive_add_lines(
		&t, bytes_str("{\"id\":\"1\",\"body\":\"One\"}\n{\"id\":\"2\",\"body\":\"Two\"}\n"
			      "{\"id\":\"3\",\"body\":\"Three\"}\n{\"id\":\"4\",\"body\":\"Four\"}\n"));
	archive_close(&t.archive);
	older_archive(t.path, 3, 16);
	tamper(&t, "UPDATE article SET piece = NULL");
	tamper(&t, stored_3);
	must(rebuild(&t, 0, &err), &err, "rebuild");
	must(verify(&t, 0, &err), &err, "rebuilt");
	for (int i = 0; i < 4; i++) {
		assert_int_equal(archive_article(&t.archive, i + 1, &row, &err), 1);
		assert_true(bytes_is(row.text.body, bodies[i]));
	}
	temp_archive_release(&t);
}

/* Damage of the texts that are to be converted is found, and the archive stays as it was. */
static void damaged_texts_of_version_3_are_refused(void **state)
{
	static const char *const damage[] = {
		"UPDATE article SET text = substr(text, 1, length(text) - 6) WHERE number = 7",
		"UPDATE article SET text = CAST(text || x'00' AS BLOB) WHERE number = 7",
		"UPDATE article SET text = x'' WHERE number = 7",
		"UPDATE article SET text = x'789c' WHERE number = 7",
		"UPDATE article SET size = size + 1 WHERE number = 7",
		"UPDATE article SET size = size - 1 WHERE number = 7",
		"UPDATE article SET size = -1 WHERE number = 7",
		"UPDATE article SET size = 9223372036854775807 WHERE number = 7",
		"UPDATE article SET piece = piece + 1 WHERE number = 7",
		"UPDATE article SET piece = NULL WHERE number = 7",
		"DELETE FROM identity WHERE article = 6; DELETE FROM article WHERE number = 6",
		"DELETE FROM dictionary",
		"UPDATE dictionary SET bytes = zeroblob(length(bytes))",
		"UPDATE dictionary SET bytes = zeroblob(2000000)",
	};

	(void)state;
	for (size_t i = 0; i < sizeof damage / sizeof *damage; i++) {
		struct temp_archive t;
		struct err err;
		int rc;

		make(&t, 3, true);
		older_archive(t.path, 3, 4);
		tamper(&t, damage[i]);
		if ((rc = rebuild(&t, 0, &err)) != ERR_CORRUPT)
			fail_msg("%s: %d", damage[i], rc);
		if (!strstr(err.msg, "is damaged"))
			fail_msg("%s: %s", damage[i], err.msg);
		assert_int_equal(archive_open_read(&t.archive, t.path, &err), ERR_VERSION);
		temp_archive_release(&t);
	}
}

static void a_conversion_can_be_stopped(void **state)
{
	static const volatile sig_atomic_t now = 1;
	struct temp_archive t;
	struct err err;

	(void)state;
	make(&t, 3, true);
	older_archive(t.path, 3, 4);
	assert_int_equal(archive_open_upgrade(&t.archive, t.path,
					      &(struct catalog_conversion){ convert_texts, t.path, &now },
					      &err),
			 ERR_INTERRUPTED);
	must(rebuild(&t, 0, &err), &err, "rebuild");
	must(verify(&t, 0, &err), &err, "rebuilt");
	temp_archive_release(&t);
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
		cmocka_unit_test(texts_of_version_3_are_converted),
		cmocka_unit_test(older_texts_of_version_3_are_converted),
		cmocka_unit_test(what_an_earlier_program_stored_is_read),
		cmocka_unit_test(damaged_texts_of_version_3_are_refused),
		cmocka_unit_test(a_conversion_can_be_stopped),
		cmocka_unit_test(a_newer_version_is_refused),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
