/* tests/property/test_fts5_reuters.c - Reuters-21578, indexed and asked, against FTS5.
 *
 * Needs the collection's 22 files in $MORGUE_DATA/reuters21578 (../shared/data without
 * it), else it is skipped. Under sanitizers two files will do.
 */
#include "base/mem.h"
#include "lib/fts5_oracle.h"
#include "rank/rank.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#define FILES         22
#define FILES_SLOW    2
#define ARTICLES      21578 /* in all files */
#define ARTICLES_SLOW 2000

static const char *const questions[] = {
	"cocoa",
	"Reagan trade sanctions",
	"oil OR gas OR petroleum",
	"bank NOT japan",
	"(wheat OR corn) AND (soviet OR ussr) -tonnes",
	"\"interest rates\"",
	"~\"interest rate\"",
	"\"bank of england\" OR \"bundesbank\"",
	"~\"raise prime rates\"",
	"\"said it expects\"",
	"title:dollar",
	"title:\"money market\"",
	"title:(oil price) opec",
	"protect*",
	"econom* -title:econom*",
	"U.S.",
	"year-end OR co-operation",
	"AT&T",
	"gulf AND NOT (iran OR iraq) AND \"persian gulf\"",
	"1986 \"first quarter\" NOT (net OR shr)",
	"* NOT the",
};

#define NQUESTIONS (sizeof questions / sizeof *questions)

struct world {
	struct temp_archive temp;
	struct fts5_oracle oracle;
	bool slow;
};

static struct world world;

static void file_path(char out[400], int i)
{
	const char *data = getenv("MORGUE_DATA");

	snprintf(out, 400, "%.300s/reuters21578/reut2-%03d.sgm", data && *data ? data : "../shared/data", i);
}

static bool all_files_there(void)
{
	char path[400];

	for (int i = 0; i < FILES; i++) {
		file_path(path, i);
		if (access(path, R_OK) < 0)
			return false;
	}
	return true;
}

static int build(void **state)
{
	char names[FILES][400];
	char *paths[FILES];

	(void)state;
	for (int i = 0; i < FILES; i++) {
		file_path(names[i], i);
		paths[i] = names[i];
	}
	world.slow = test_is_slow();
	temp_archive_make(&world.temp, 0);
	temp_archive_add_files(&world.temp, paths, world.slow ? FILES_SLOW : FILES);
	temp_archive_read(&world.temp);
	fts5_oracle_load(&world.oracle, &world.temp);
	return 0;
}

static int drop(void **state)
{
	(void)state;
	fts5_oracle_release(&world.oracle);
	temp_archive_release(&world.temp);
	return 0;
}

/* Ask; the answer in doc order. */
static void search(struct ranking *r, const struct query_node *root, enum rank_order order, uint64_t count)
{
	const struct rank_options o = { .order = order, .count = count };
	struct archive *a = &world.temp.archive;
	struct plan plan;
	struct err err;

	assert_int_equal(plan_build(&plan, root, a, world.oracle.analyzer, BM25_K1, BM25_B, &err), 0);
	assert_int_equal(rank_plan(r, &plan, a, &o, &err), 0);
	plan_release(&plan);
}

static struct query_node *parse(struct query *q, struct arena *arena, const char *text)
{
	struct err err;

	assert_int_equal(query_parse(q, bytes_str(text), NULL, arena, &err), 0);
	assert_non_null(q->root);
	return q->root;
}

static void ask(const char *question, uint8_t *theirs)
{
	struct arena arena = ARENA_INIT;
	struct ranking ranking;
	struct query query;
	uint64_t total = 0;

	parse(&query, &arena, question);
	if (!fts5_oracle_search(&world.oracle, query.root, theirs))
		fail_msg("query [%s]: FTS5 cannot say", question);
	for (uint32_t i = 1; i <= world.oracle.last; i++)
		total += theirs[i];
	search(&ranking, query.root, RANK_RELEVANCE, UINT64_MAX);
	if (ranking.total != total || (!world.slow && !total))
		fail_msg("query [%s]: engine %d, FTS5 %d", question, (int)ranking.total, (int)total);
	for (size_t i = 0; i < ranking.n; i++)
		if (!theirs[ranking.hits[i].article])
			fail_msg("query [%s]: FTS5 does not find article %d", question,
				 (int)ranking.hits[i].article);
	ranking_release(&ranking);
	query_release(&query);
	arena_release(&arena);
}

static void questions_find_what_fts5_finds(void **state)
{
	uint8_t *theirs;

	(void)state;
	theirs = mem_alloc(world.oracle.last + 1);
	for (size_t i = 0; i < NQUESTIONS; i++)
		ask(questions[i], theirs);
	free(theirs);
}

static int64_t day(int year, int month, int of_month)
{
	const struct civil c = { .year = year, .month = month, .day = of_month };

	return civil_to_seconds(&c);
}

static void every_article_is_there_and_dated(void **state)
{
	uint32_t articles = world.slow ? ARTICLES_SLOW : ARTICLES;
	struct arena arena = ARENA_INIT;
	struct ranking newest, oldest;
	struct query query;

	(void)state;
	parse(&query, &arena, "*");
	search(&newest, query.root, RANK_NEWEST, 1);
	search(&oldest, query.root, RANK_OLDEST, UINT64_MAX);
	assert_int_equal(newest.total, articles);
	assert_int_equal(oldest.n, articles);
	assert_true(oldest.hits[articles - 1].date != CIVIL_NONE);
	assert_in_range(oldest.hits[0].date - day(1987, 2, 26), 0, CIVIL_DAY - 1);
	if (!world.slow)
		assert_in_range(newest.hits[0].date - day(1987, 10, 20), 0, CIVIL_DAY - 1);
	ranking_release(&newest);
	ranking_release(&oldest);
	query_release(&query);
	arena_release(&arena);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_article_is_there_and_dated),
		cmocka_unit_test(questions_find_what_fts5_finds),
	};

	if (!all_files_there()) {
		puts("1..0 # SKIP no Reuters-21578 under $MORGUE_DATA");
		return 0;
	}
	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, build, drop);
}
