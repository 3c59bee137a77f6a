#include "bench.h"

#include "archive/catalog_care.h"
#include "base/mem.h"
#include "base/trace.h"
#include "ingest.h"
#include "upkeep/level.h"
#include "segment/seal.h"

#include <inttypes.h>
#include <stdlib.h>
#include <sys/stat.h>

/* ---- the archive ---- */

static void no_problem(void *context, const char *path, const char *reason)
{
	(void)context;
	fprintf(stderr, "bench: %s: %s\n", path, reason);
	exit(1);
}

static volatile sig_atomic_t never;

/* Make the archive at `path` of the files, with so many threads (0: all): seconds; the bytes
 * of their titles and texts in *text. */
static double add(const char *path, unsigned jobs, char **files, int n, uint64_t *text)
{
	struct archive_settings settings = { .language = NULL };
	struct ingest_options options = { .stop = &never, .jobs = jobs };
	FILE *nowhere = fopen("/dev/null", "w");
	struct walk paths = { .n = 0 };
	struct roots roots;
	struct archive archive;
	struct report report;
	struct err err;
	double start = timing_now();

	roots_init(&roots);
	for (int i = 0; i < n; i++)
		roots_add(&roots, files[i], NULL, NULL, &err);
	for (size_t i = 0; i < roots.n; i++)
		walk_add(&paths, &roots.v[i], no_problem, NULL);
	report_start(&report, nowhere, true);
	if (archive_open_write(&archive, path, &settings, &err) < 0 ||
	    ingest(&archive, &paths, &options, &report, &err) < 0 ||
	    level_settle(&archive, report.count.added, jobs, &never, &report, &err) < 0 ||
	    catalog_checkpoint(archive.catalog, &err) < 0)
		die(err.msg);
	start = timing_now() - start;
	if (!report.count.added)
		die("there are no articles in what was given");
	archive_close(&archive);
	*text = report.count.text;
	walk_release(&paths);
	roots_release(&roots);
	report_release(&report);
	fclose(nowhere);
	return start;
}

void bench_add(struct bench *b, char **files, int n)
{
	b->seconds = add(buf_cstr(&b->archive), 0, files, n, &b->text);
}

/* Where the processor's time goes is seen by the trace, which may look at the clock here. */
void bench_add_alone(struct bench *b, char **files, int n)
{
	struct buf path = BUF_INIT;

	buf_addf(&path, "%s/alone.morgue", b->folder);
	trace_level = 1;
	trace_thread_begin();
	b->alone_seconds = add(buf_cstr(&path), 1, files, n, &b->text);
	trace_thread_end();
	trace_level = 0;
	buf_release(&path);
}

static void print_stages(const struct bench *b)
{
	double text = (double)b->text / 1e6, sum = 0;

	printf("\n%-10s %20s %16s\n", "stage", "processor seconds", "MB/s of text");
	for (int i = 0; i < TRACE_WAIT; i++) {
		double seconds = trace_seconds((enum trace_phase)i);

		sum += seconds;
		if (seconds > 0)
			printf("%-10s %20.2f %16.1f\n", trace_name((enum trace_phase)i), seconds,
			       text / seconds);
	}
	printf("%-10s %20.2f %16.1f\n", "all", sum, text / sum);
}

/* ---- its articles once more ---- */

static void open_archive(struct archive *archive, const struct bench *b)
{
	struct err err;

	if (archive_open_read(archive, buf_cstr(&b->archive), &err) < 0)
		die(err.msg);
}

/* The article of this number and its text; false if there is none. */
static bool read_article(struct archive *archive, int64_t number, struct catalog_article *row)
{
	struct err err;
	int rc = archive_article(archive, number, row, &err);

	if (rc < 0)
		die(err.msg);
	return rc > 0;
}

/* Reading and decompressing the articles is not counted. */
void bench_fill_fts5(struct bench *b)
{
	struct catalog_article row;
	struct archive archive;
	struct fts5_peer fts5;
	double start;

	open_archive(&archive, b);
	fts5_peer_create(&fts5, buf_cstr(&b->fts5));
	for (int64_t number = 1; read_article(&archive, number, &row); number++) {
		start = timing_now();
		fts5_peer_add(&fts5, number, row.title, row.text.body);
		b->fts5_seconds += timing_now() - start;
	}
	start = timing_now();
	fts5_peer_finish(&fts5);
	b->fts5_seconds += timing_now() - start;
	fts5_peer_close(&fts5);
	archive_close(&archive);
}

/* ---- many segments ---- */

struct splitter {
	struct archive from, to;
	struct analyzer *analyzer;
	struct inverter inverter;
	struct tokens tokens;
	struct range *furniture;
	size_t furniture_cap;
};

static void invert_article(struct splitter *s, const struct catalog_article *row)
{
	struct inverted_doc doc = { .article = (uint32_t)row->number,
				    .date = row->date,
				    .source = (uint32_t)row->source,
				    .story = (uint32_t)row->story };
	size_t nfurniture;

	if (furniture_get(row->furniture, (int64_t)row->text.body.n, &s->furniture, &nfurniture,
			  &s->furniture_cap) < 0)
		die("an article's furniture is damaged");
	doc.headline = analyze_article(s->analyzer, row->title, row->text.body, s->furniture, nfurniture,
				       &s->tokens);
	doc.words = s->tokens.words;
	inverter_add(&s->inverter, &doc, &s->tokens);
}

/* Seal what is inverted and commit it. */
static void end_segment(struct splitter *s, int64_t number)
{
	struct catalog_segment segment = { .seq = number };
	struct segment_parts parts;
	struct err err;

	seal(&s->inverter, s->from.headline_weight, NULL, &parts);
	if (archive_write_segment(&s->to, &parts, &segment, &err) < 0 ||
	    catalog_begin(s->to.catalog, &err) < 0 ||
	    catalog_add_segment(s->to.catalog, &segment, &err) < 0 || catalog_commit(s->to.catalog, &err) < 0)
		die(err.msg);
	segment_parts_release(&parts);
	inverter_reset(&s->inverter);
}

/* The names of sources, which segments know by number. */
static void copy_sources(struct splitter *s)
{
	struct bytes name;
	struct err err;
	int64_t id = 0, copied;
	int got;

	if (catalog_begin(s->to.catalog, &err) < 0)
		die(err.msg);
	while ((got = catalog_next_source(s->from.catalog, &id, &name, &err)) > 0) {
		if (catalog_source_id(s->to.catalog, name, &copied, &err) < 0)
			die(err.msg);
		if (copied != id)
			die("sources get other numbers when they are copied");
	}
	if (got < 0 || catalog_commit(s->to.catalog, &err) < 0)
		die(err.msg);
}

/* The articles themselves are not copied: ranking reads none. The segments are sealed here and
 * not by the indexer, which may merge what it adds. */
void bench_split(const struct bench *b)
{
	struct splitter s = { .analyzer = NULL };
	struct archive_settings settings = { .language = NULL };
	struct catalog_article row;
	struct err err;
	int64_t n;

	open_archive(&s.from, b);
	settings.language = buf_cstr(&s.from.language);
	settings.headline_weight = s.from.headline_weight;
	if (archive_open_write(&s.to, buf_cstr(&b->split), &settings, &err) < 0 ||
	    catalog_count_articles(s.from.catalog, &n, &err) < 0 ||
	    !(s.analyzer = analyzer_new(settings.language, &err)))
		die(err.msg);
	copy_sources(&s);
	inverter_init(&s.inverter);
	for (int64_t number = 1; read_article(&s.from, number, &row); number++) {
		int64_t part = number * SEGMENTS_MANY / n; /* parts that are full with this article */

		invert_article(&s, &row);
		if (part != (number - 1) * SEGMENTS_MANY / n)
			end_segment(&s, part);
	}
	archive_close(&s.from);
	archive_close(&s.to);
	analyzer_free(s.analyzer);
	inverter_release(&s.inverter);
	tokens_release(&s.tokens);
	free(s.furniture);
}

void bench_merge(const struct bench *b)
{
	FILE *nowhere = fopen("/dev/null", "w");
	struct level_result result;
	struct archive archive;
	struct report report;
	struct err err;
	double start;

	report_start(&report, nowhere, true);
	if (archive_open_write(&archive, buf_cstr(&b->split), NULL, &err) < 0)
		die(err.msg);
	start = timing_now();
	if (level_optimize(&archive, 1, &never, &report, &result, &err) < 0)
		die(err.msg);
	printf("\nmerging %" PRIu64 " segments into one: %.1f MB/s of text\n", result.segments,
	       (double)b->text / 1e6 / (timing_now() - start));
	archive_close(&archive);
	report_release(&report);
	fclose(nowhere);
}

/* ---- what it took, what it takes ---- */

void bench_print_indexing(const struct bench *b)
{
	struct archive archive;
	uint64_t catalog, segments;
	struct stat fts5;
	struct err err;
	double text = (double)b->text;

	open_archive(&archive, b);
	if (stat(buf_cstr(&b->fts5), &fts5) < 0 || archive_sizes(&archive, &catalog, &segments, &err) < 0)
		die("cannot measure the sizes");
	archive_close(&archive);
	printf("\n%-9s %10s %16s %16s %16s\n", "indexing", "MB/s", "index % of text", "stored % of text",
	       "total % of text");
	if (b->alone_seconds > 0)
		printf("%-10s %10.1f\n", "one thread", text / 1e6 / b->alone_seconds);
	printf("%-10s %10.1f %16.1f %16.1f %16.1f\n", "morgue", text / 1e6 / b->seconds,
	       100 * (double)segments / text, 100 * (double)catalog / text,
	       100 * (double)(catalog + segments) / text);
	printf("%-10s %10.1f %16s %16s %16.1f\n", "FTS5", text / 1e6 / b->fts5_seconds, "", "",
	       100 * (double)fts5.st_size / text);
	if (b->alone_seconds > 0)
		print_stages(b);
}
