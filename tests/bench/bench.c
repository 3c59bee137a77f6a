/* bench - index articles, ask questions; the same with SQLite FTS5 in the same process.
 *
 *	bench PATH...          articles in any format that the indexer reads
 *
 * Prints indexing speed, the archive's size as a share of the text, and query times
 * by class: mean, median and 95th percentile of each query's best of REPETITIONS runs,
 * for both, and FTS5's mean over ours. Text is the bytes of titles and bodies. FTS5
 * stems by Porter, stores the text, and does not sync to disk, which we do.
 */
#include "archive/bodies.h"
#include "base/mem.h"
#include "ingest.h"
#include "lib/rng.h"
#include "rank.h"

#include <inttypes.h>
#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>
#include <unistd.h>

#define QUERIES     60 /* of each class */
#define REPETITIONS 5
#define WORDS_MAX   4

enum query_class { TERM, INTERSECTION, UNION, PHRASE, CLASSES };
static const char *const class_names[CLASSES] = { "term", "intersection", "union", "phrase" };

struct question {
	char words[WORDS_MAX][64];
	int n;
};

struct bench {
	const char *folder;
	struct archive archive;
	struct analyzer *analyzer;
	sqlite3 *fts;
	uint64_t text; /* bytes */
	struct question questions[CLASSES][QUERIES];
};

static _Noreturn void die(const char *what)
{
	fprintf(stderr, "bench: %s\n", what);
	exit(1);
}

static double now(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

/* ---- indexing ---- */

static void no_problem(void *context, const char *path, const char *reason)
{
	(void)context;
	fprintf(stderr, "bench: %s: %s\n", path, reason);
	exit(1);
}

static double index_archive(struct bench *b, const char *path, char **inputs, int n)
{
	static volatile sig_atomic_t never;
	struct archive_settings settings = { .language = NULL };
	struct ingest_options options = { .stop = &never };
	FILE *nowhere = fopen("/dev/null", "w");
	struct walk files = { .n = 0 };
	struct archive archive;
	struct report report;
	struct err err;
	double start = now(), seconds;

	for (int i = 0; i < n; i++)
		walk_add(&files, inputs[i], no_problem, NULL);
	report_start(&report, nowhere, true, 0);
	if (archive_open_write(&archive, path, &settings, &err) < 0 ||
	    ingest(&archive, &files, &options, &report, &err) < 0 ||
	    catalog_checkpoint(archive.catalog, &err) < 0)
		die(err.msg);
	seconds = now() - start;
	archive_close(&archive);
	b->text = report.text;
	walk_release(&files);
	report_release(&report);
	fclose(nowhere);
	return seconds;
}

static void sql(struct bench *b, const char *text)
{
	if (sqlite3_exec(b->fts, text, NULL, NULL, NULL) != SQLITE_OK)
		die(sqlite3_errmsg(b->fts));
}

/* Put every article of the archive into an FTS5 table; inflating is not counted. */
static double index_fts(struct bench *b, const char *path)
{
	struct catalog_article row;
	struct buf body = BUF_INIT;
	sqlite3_stmt *insert;
	struct err err;
	double seconds = 0, start;

	if (sqlite3_open(path, &b->fts) != SQLITE_OK)
		die("cannot open the FTS5 file");
	sql(b, "PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF; PRAGMA cache_size = -262144;"
	       "CREATE VIRTUAL TABLE t USING fts5(title, body, tokenize = 'porter unicode61'); BEGIN");
	if (sqlite3_prepare_v2(b->fts, "INSERT INTO t(rowid, title, body) VALUES (?, ?, ?)", -1, &insert,
			       NULL) != SQLITE_OK)
		die(sqlite3_errmsg(b->fts));
	for (int64_t number = 1; catalog_article(b->archive.catalog, number, &row, &err) > 0; number++) {
		if (body_inflate(row.body, (uint64_t)row.size, &body) < 0)
			die("a body does not inflate");
		start = now();
		sqlite3_bind_int64(insert, 1, number);
		sqlite3_bind_text(insert, 2, (const char *)row.title.p, (int)row.title.n, SQLITE_STATIC);
		sqlite3_bind_text(insert, 3, (const char *)body.p, (int)body.n, SQLITE_STATIC);
		if (sqlite3_step(insert) != SQLITE_DONE)
			die(sqlite3_errmsg(b->fts));
		sqlite3_reset(insert);
		seconds += now() - start;
	}
	start = now();
	sqlite3_finalize(insert);
	sql(b, "COMMIT; INSERT INTO t(t) VALUES ('optimize')");
	buf_release(&body);
	return seconds + now() - start;
}

/* ---- questions ---- */

/* Is this a word that every tokenizer sees alike: two letters or more of a-z? */
static bool plain_word(const struct token *t)
{
	if (t->kind != TOKEN_WORD || t->form.n < 2 || t->form.n > 60)
		return false;
	for (size_t i = 0; i < t->form.n; i++)
		if (t->form.p[i] < 'a' || t->form.p[i] > 'z')
			return false;
	return true;
}

/* A run of `n` plain words from the tokens, beginning at random; false if luck is out. */
static bool draw_run(struct rng *rng, const struct tokens *t, int n, struct question *q)
{
	size_t at = rng_below(rng, (uint32_t)t->n);

	q->n = 0;
	for (; at < t->n && q->n < n; at++) {
		if (t->v[at].kind != TOKEN_WORD && t->v[at].kind != TOKEN_MARK)
			return false;
		if (t->v[at].kind == TOKEN_MARK)
			continue;
		if (!plain_word(&t->v[at]))
			return false;
		snprintf(q->words[q->n++], sizeof q->words[0], "%.*s", (int)t->v[at].form.n,
			 (const char *)t->v[at].form.p);
	}
	return q->n == n;
}

/* Questions whose words stand side by side in some article. */
static void draw_questions(struct bench *b)
{
	struct tokens tokens = TOKENS_INIT;
	struct buf body = BUF_INIT;
	struct catalog_article row;
	struct err err;
	struct rng rng;

	rng_init(&rng, 42);
	for (int c = 0; c < CLASSES; c++) {
		for (int i = 0, tries = 0; i < QUERIES; tries++) {
			int n = c == TERM ? 1 : 2 + i % (WORDS_MAX - 1);

			if (tries > 100000)
				die("too little text to draw questions from");
			if (catalog_article(b->archive.catalog,
					    1 + (int64_t)rng_below(&rng, (uint32_t)b->archive.ndocs), &row,
					    &err) <= 0 ||
			    body_inflate(row.body, (uint64_t)row.size, &body) < 0)
				continue;
			tokens_reset(&tokens);
			analyze_text(b->analyzer, buf_bytes(&body), &tokens);
			if (tokens.n && draw_run(&rng, &tokens, n, &b->questions[c][i]))
				i++;
		}
	}
	tokens_release(&tokens);
	buf_release(&body);
}

static void question_text(const struct question *q, enum query_class c, bool fts, struct buf *out)
{
	const char *glue = c == UNION ? " OR " : " ";

	buf_reset(out);
	if (c == PHRASE)
		buf_add_str(out, fts ? "\"" : "~\"");
	for (int i = 0; i < q->n; i++)
		buf_addf(out, fts && c != PHRASE ? "%s\"%s\"" : "%s%s", i ? glue : "", q->words[i]);
	if (c == PHRASE)
		buf_add_str(out, "\"");
}

/* ---- asking ---- */

static uint64_t ask_ours(struct bench *b, const char *text, uint64_t count)
{
	struct rank_options options = { .count = count };
	struct arena arena = ARENA_INIT;
	struct ranking ranking;
	struct query query;
	struct plan plan;
	struct err err;
	uint64_t total;

	if (query_parse(&query, bytes_str(text), false, &arena, &err) < 0 ||
	    plan_build(&plan, query.root, &b->archive, b->analyzer, BM25_K1, BM25_B, &err) < 0 ||
	    rank_plan(&ranking, &plan, &b->archive, &options, &err) < 0)
		die(err.msg);
	total = ranking.total;
	ranking_release(&ranking);
	plan_release(&plan);
	query_release(&query);
	arena_release(&arena);
	return total;
}

static uint64_t ask_fts(struct bench *b, const char *text, uint64_t count)
{
	static const char *const statements[2] = {
		"SELECT count(*) FROM t WHERE t MATCH ?1",
		"SELECT rowid FROM t WHERE t MATCH ?1 ORDER BY rank LIMIT ?2"
	};
	static sqlite3_stmt *prepared[2];
	sqlite3_stmt **st = &prepared[count > 0];
	uint64_t total = 0;

	if (!*st && sqlite3_prepare_v2(b->fts, statements[count > 0], -1, st, NULL) != SQLITE_OK)
		die(sqlite3_errmsg(b->fts));
	sqlite3_bind_text(*st, 1, text, -1, SQLITE_STATIC);
	if (count)
		sqlite3_bind_int64(*st, 2, (int64_t)count);
	while (sqlite3_step(*st) == SQLITE_ROW)
		total = count ? total + 1 : (uint64_t)sqlite3_column_int64(*st, 0);
	sqlite3_reset(*st);
	return total;
}

typedef uint64_t ask(struct bench *b, const char *text, uint64_t count);

static int by_size(const void *x, const void *y)
{
	double a = *(const double *)x, b = *(const double *)y;

	return (a > b) - (a < b);
}

/* Milliseconds of each question's best run, ascending; returns their mean. */
static double time_class(struct bench *b, ask *ask_one, enum query_class c, bool fts, uint64_t count,
			 double best[QUERIES])
{
	struct buf text = BUF_INIT;
	double sum = 0;

	for (int i = 0; i < QUERIES; i++) {
		question_text(&b->questions[c][i], c, fts, &text);
		best[i] = 1e9;
		for (int r = 0; r < REPETITIONS; r++) {
			double start = now(), ms;

			ask_one(b, buf_cstr(&text), count);
			ms = (now() - start) * 1e3;
			best[i] = ms < best[i] ? ms : best[i];
		}
		sum += best[i];
	}
	qsort(best, QUERIES, sizeof *best, by_size);
	buf_release(&text);
	return sum / QUERIES;
}

static void print_times(struct bench *b)
{
	static const struct {
		const char *name;
		uint64_t count;
	} commands[] = { { "top 10", 10 }, { "count", 0 } };

	printf("\n%-14s %-7s %8s %8s %8s   %8s %8s %8s   %s\n", "query (ms)", "", "mean", "p50", "p95",
	       "FTS5", "p50", "p95", "FTS5/ours");
	for (int c = 0; c < CLASSES; c++) {
		for (int k = 0; k < 2; k++) {
			double ours[QUERIES], theirs[QUERIES];
			double mean =
				time_class(b, ask_ours, (enum query_class)c, false, commands[k].count, ours);
			double fts =
				time_class(b, ask_fts, (enum query_class)c, true, commands[k].count, theirs);

			printf("%-14s %-7s %8.3f %8.3f %8.3f   %8.3f %8.3f %8.3f   %.2f\n", class_names[c],
			       commands[k].name, mean, ours[QUERIES / 2], ours[QUERIES * 95 / 100], fts,
			       theirs[QUERIES / 2], theirs[QUERIES * 95 / 100], fts / mean);
		}
	}
}

static void print_indexing(const struct bench *b, double seconds, double fts_seconds, const char *fts_path)
{
	uint64_t catalog, segments;
	struct err err;
	FILE *file = fopen(fts_path, "rb");
	double text = (double)b->text, fts_bytes;

	if (!file || fseek(file, 0, SEEK_END) < 0 ||
	    archive_sizes(&b->archive, &catalog, &segments, &err) < 0)
		die("cannot measure the sizes");
	fts_bytes = (double)ftell(file);
	fclose(file);
	printf("%" PRIu64 " articles, %.1f MB of text, %zu segments\n\n", b->archive.ndocs, text / 1e6,
	       b->archive.nsegments);
	printf("%-14s %10s %14s %14s %14s\n", "indexing", "MB/s", "index % text", "stored % text",
	       "total % text");
	printf("%-14s %10.1f %14.1f %14.1f %14.1f\n", "morgue", text / 1e6 / seconds,
	       100 * (double)segments / text, 100 * (double)catalog / text,
	       100 * (double)(catalog + segments) / text);
	printf("%-14s %10.1f %14s %14s %14.1f\n", "FTS5", text / 1e6 / fts_seconds, "", "",
	       100 * fts_bytes / text);
}

int main(int argc, char **argv)
{
	static struct bench b;
	struct buf archive = BUF_INIT, fts = BUF_INIT;
	double seconds, fts_seconds;
	struct err err;

	if (argc < 3) {
		fputs("usage: bench FOLDER PATH...\n\nWorks in FOLDER, which must be empty.\n", stderr);
		return 2;
	}
	b.folder = argv[1];
	buf_addf(&archive, "%s/bench.morgue", b.folder);
	buf_addf(&fts, "%s/fts5.db", b.folder);
	seconds = index_archive(&b, buf_cstr(&archive), argv + 2, argc - 2);
	if (archive_open_read(&b.archive, buf_cstr(&archive), &err) < 0 ||
	    !(b.analyzer = analyzer_new(buf_cstr(&b.archive.language), &err)))
		die(err.msg);
	fts_seconds = index_fts(&b, buf_cstr(&fts));
	print_indexing(&b, seconds, fts_seconds, buf_cstr(&fts));
	draw_questions(&b);
	print_times(&b);
	return 0;
}
