#include "lib/random_archive.h"

#include "base/mem.h"
#include "ingest.h"
#include "upkeep/level.h"
#include "upkeep/remove.h"
#include "sealing.h"

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
#define ARCHIVES_MAX 8u /* that one test holds at a time */

bool test_is_slow(void)
{
	return getenv("MORGUE_TEST_SLOW") != NULL;
}

bool test_seeds(uint64_t usual, uint64_t few, uint64_t many, void (*one)(uint64_t seed))
{
	const char *only = getenv("MORGUE_TEST_SEED");
	uint64_t seeds = getenv("MORGUE_TEST_LONG") ? many : test_is_slow() ? few : usual;

	if (only) {
		one(strtoull(only, NULL, 10));
		return false;
	}
	for (uint64_t seed = 1; seed <= seeds; seed++)
		one(seed);
	return true;
}

static void check(int rc, const struct err *err)
{
	if (rc < 0)
		fail_msg("error %d: %s", rc, err->msg);
}

/* ---- the articles ---- */

void random_corpus_make(struct random_corpus *c, uint64_t seed)
{
	static const struct {
		uint32_t least, most, words; /* articles, words of a body */
	} sizes[] = { { 1, 12, 60 }, { 40, 200, 60 }, { 100, 300, 100 }, { 300, 1200, 12 } };
	static const uint32_t lemmas[] = { 1, 4, 12, 40, 2000 };
	struct news_options o = { .oddities = 1500,
				  .copies = 2500,
				  .furniture = 1200,
				  .undated = 1600,
				  .late = 300,
				  .scripts = 300,
				  .lacking = 1000 };
	struct newsroom *room;
	struct rng r;
	uint32_t size;

	rng_init(&r, seed);
	size = rng_below(&r, 4);
	o.words = sizes[size].words;
	o.vocabulary = lemmas[rng_below(&r, 5)];
	o.days = rng_one_in(&r, 2) ? 5 : 1000;
	o.oddities = rng_one_in(&r, 4) ? 0 : o.oddities;
	c->seed = seed;
	c->n = rng_range(&r, sizes[size].least, sizes[size].most);
	c->v = mem_zalloc(c->n, sizeof *c->v);
	o.articles = c->n;
	o.seed = rng_next(&r);
	room = newsroom_new(&o);
	for (size_t i = 0; i < c->n; i++)
		newsroom_next(room, &c->v[i]);
	newsroom_free(room);
}

void random_corpus_release(struct random_corpus *c)
{
	for (size_t i = 0; i < c->n; i++)
		news_release(&c->v[i]);
	free(c->v);
	*c = (struct random_corpus){ .n = 0 };
}

/* ---- the archive ---- */

static const char *temp_folder(void)
{
	const char *dir = getenv("TMPDIR");

	if (dir && *dir)
		return dir;
	return access("/dev/shm", W_OK) == 0 ? "/dev/shm" : "/tmp"; /* commits sync: memory is fastest */
}

static void remove_folder(const char *path)
{
	struct buf name = BUF_INIT;
	const struct dirent *e;
	DIR *dir = opendir(path);

	while (dir && (e = readdir(dir))) {
		buf_reset(&name);
		buf_addf(&name, "%s/%s", path, e->d_name);
		unlink(buf_cstr(&name));
	}
	if (dir)
		closedir(dir);
	rmdir(path);
	buf_release(&name);
}

/* Folders not released yet: a failed assertion jumps past the release. */
static char remaining[ARCHIVES_MAX][sizeof((struct temp_archive *)0)->path];

static void remove_remaining(void)
{
	for (size_t i = 0; i < ARCHIVES_MAX; i++)
		if (*remaining[i])
			remove_folder(remaining[i]);
}

static void remember(const char *path)
{
	static bool registered;
	size_t i = 0;

	while (i < ARCHIVES_MAX && *remaining[i])
		i++;
	assert_true(i < ARCHIVES_MAX);
	memcpy(remaining[i], path, strlen(path) + 1);
	if (!registered)
		atexit(remove_remaining);
	registered = true;
}

static void forget(const char *path)
{
	for (size_t i = 0; i < ARCHIVES_MAX; i++)
		if (strcmp(remaining[i], path) == 0)
			*remaining[i] = '\0';
}

void temp_archive_make(struct temp_archive *t, uint32_t headline_weight)
{
	const struct archive_settings settings = { .headline_weight = headline_weight };
	struct err err;

	*t = (struct temp_archive){ .reading = false };
	snprintf(t->path, sizeof t->path, "%.200s/morgue-test-XXXXXX", temp_folder());
	assert_non_null(mkdtemp(t->path));
	remember(t->path);
	check(archive_open_write(&t->archive, t->path, &settings, &err), &err);
}

static const volatile sig_atomic_t never;

FILE *quiet_report(struct report *report)
{
	FILE *null = fopen("/dev/null", "w");

	assert_non_null(null);
	report_start(report, null, true);
	return null;
}

void quiet_report_end(struct report *report, FILE *null)
{
	report_release(report);
	fclose(null);
}

void temp_archive_remove(struct temp_archive *t, uint32_t one_in, uint64_t seed)
{
	struct number_list numbers = { .n = 0 }, unknown = { .n = 0 };
	struct catalog_article row;
	int64_t after = 0;
	struct err err;
	struct rng r;

	rng_init(&r, seed);
	while (catalog_next_article(t->archive.catalog, &after, &row, &err) > 0)
		if (rng_one_in(&r, one_in))
			number_list_add(&numbers, row.number);
	check(remove_articles(&t->archive, &numbers, &unknown, &never, &err), &err);
	assert_int_equal(unknown.n, 0);
	number_list_release(&numbers);
}

void temp_archive_optimize(struct temp_archive *t)
{
	struct level_result result;
	struct report report;
	FILE *null = quiet_report(&report);
	struct err err;

	check(level_optimize(&t->archive, 0, &never, &report, &result, &err), &err);
	assert_true(result.now <= 1);
	quiet_report_end(&report, null);
}

void temp_archive_seal(struct temp_archive *t)
{
	struct catalog_segment made;
	struct err err;

	check(seal_tail(&t->archive, &never, &made, &err), &err);
}

static void no_problem(void *context, const char *path, const char *reason)
{
	(void)context;
	fail_msg("%s: %s", path, reason);
}

void temp_archive_add_files(struct temp_archive *t, char **paths, size_t n)
{
	const struct ingest_options options = { .stop = &never };
	struct walk files = { .n = 0 };
	struct roots roots;
	struct report report;
	FILE *null = quiet_report(&report);
	struct err err;

	roots_init(&roots);
	for (size_t i = 0; i < n; i++)
		check(roots_add(&roots, paths[i], NULL, NULL, &err), &err);
	for (size_t i = 0; i < n; i++)
		walk_add(&files, &roots.v[i], no_problem, NULL);
	check(ingest(&t->archive, &files, &options, &report, &err), &err);
	assert_int_equal(report.rejected, 0);
	walk_release(&files);
	roots_release(&roots);
	quiet_report_end(&report, null);
}

void temp_archive_add_lines(struct temp_archive *t, struct bytes lines)
{
	char path[sizeof t->path + 16];
	char *paths[] = { path };
	FILE *file;

	snprintf(path, sizeof path, "%s/news.jsonl", t->path);
	file = fopen(path, "w");
	assert_non_null(file);
	assert_int_equal(fwrite(lines.p, 1, lines.n, file), lines.n);
	assert_int_equal(fclose(file), 0);
	temp_archive_add_files(t, paths, 1);
	unlink(path);
}

/* Articles [from, to) of the corpus. */
static void add_slice(struct temp_archive *t, const struct random_corpus *c, size_t from, size_t to)
{
	struct buf lines = BUF_INIT;

	for (size_t i = from; i < to; i++)
		news_json(&c->v[i], &lines);
	temp_archive_add_lines(t, buf_bytes(&lines));
	buf_release(&lines);
}

static int by_number(const void *x, const void *y)
{
	size_t a = *(const size_t *)x, b = *(const size_t *)y;

	return (a > b) - (a < b);
}

void temp_archive_add_corpus(struct temp_archive *t, const struct random_corpus *c, uint64_t seed)
{
	size_t cuts[SEGMENTS_MAX + 1] = { 0 };
	uint32_t parts;
	struct rng r;

	rng_init(&r, seed);
	parts = rng_range(&r, 1, SEGMENTS_MAX);
	for (uint32_t i = 1; i < parts; i++)
		cuts[i] = rng_below(&r, (uint32_t)c->n + 1);
	cuts[parts] = c->n;
	qsort(cuts, parts + 1, sizeof *cuts, by_number);
	for (uint32_t i = 0; i < parts; i++)
		if (cuts[i] < cuts[i + 1]) {
			add_slice(t, c, cuts[i], cuts[i + 1]);
			if (rng_one_in(&r, 2))
				temp_archive_seal(t);
		}
}

void temp_archive_read(struct temp_archive *t)
{
	struct err err;

	archive_close(&t->archive);
	check(archive_open_read(&t->archive, t->path, &err), &err);
	t->reading = true;
}

void temp_archive_write(struct temp_archive *t)
{
	struct err err;

	archive_close(&t->archive);
	check(archive_open_write(&t->archive, t->path, NULL, &err), &err);
	t->reading = false;
}

void temp_archive_release(struct temp_archive *t)
{
	if (!*t->path)
		return;
	archive_close(&t->archive);
	remove_folder(t->path);
	forget(t->path);
	*t->path = '\0';
}

/* ---- reading it back ---- */

static void analyze_stored(struct analyzer *analyzer, const struct catalog_article *row,
			   struct tokens *tokens, struct stored_article *a)
{
	struct range *furniture = NULL;
	size_t n = 0, cap = 0;

	assert_int_equal(furniture_get(row->furniture, (int64_t)row->text.body.n, &furniture, &n, &cap), 0);
	a->number = (uint32_t)row->number;
	a->date = row->date;
	a->headline = analyze_article(analyzer, row->title, row->text.body, furniture, n, tokens);
	a->tokens = tokens;
	free(furniture);
}

void temp_archive_visit(struct temp_archive *t, article_visit *visit, void *context)
{
	struct analyzer *analyzer = analyzer_new(buf_cstr(&t->archive.language), NULL);
	struct tokens tokens = TOKENS_INIT;
	struct catalog_article row;
	struct stored_article a;
	struct err err;
	uint64_t seen = 0;

	assert_non_null(analyzer);
	assert_true(t->reading);
	for (int64_t number = 1; seen < t->archive.ndocs; number++) {
		int got = archive_article(&t->archive, number, &row, &err);

		check(got, &err);
		if (got == 0)
			continue;
		analyze_stored(analyzer, &row, &tokens, &a);
		visit(context, &a);
		seen++;
	}
	tokens_release(&tokens);
	analyzer_free(analyzer);
}
