/* tests/property/test_fts5.c - the articles found are those that two FTS5 tables find. */
#include "base/mem.h"
#include "lib/fts5_oracle.h"
#include "lib/random_query.h"
#include "rank/rank.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <inttypes.h>
#include <stdlib.h>

#define QUERIES 100 /* an archive */

/* How many questions FTS5 could answer, and how many of them found something. */
static size_t asked, answered, found;

struct trial {
	uint64_t seed;
	struct random_corpus corpus;
	struct temp_archive temp;
	struct fts5_oracle oracle;
	struct rng rng;
	uint8_t *theirs, *ours; /* by article number */
	struct buf text;
};

/* Mark what the engine finds. */
static void search(struct trial *t, const struct query_node *root)
{
	const struct rank_options all = { .order = RANK_NEWEST, .count = UINT64_MAX };
	struct ranking ranking;
	struct plan plan;
	struct err err;

	memset(t->ours, 0, t->oracle.last + 1);
	assert_int_equal(plan_build(&plan, root, &t->temp.archive, t->oracle.analyzer, BM25_K1, BM25_B, &err),
			 0);
	assert_int_equal(rank_plan(&ranking, &plan, &t->temp.archive, &all, &err), 0);
	assert_int_equal(ranking.n, ranking.total);
	found += ranking.n > 0;
	for (size_t i = 0; i < ranking.n; i++)
		t->ours[ranking.hits[i].article] = 1;
	ranking_release(&ranking);
	plan_release(&plan);
}

static void compare(const struct trial *t)
{
	for (uint32_t i = 1; i <= t->oracle.last; i++)
		if (t->ours[i] != t->theirs[i])
			fail_msg("seed %" PRIu64 ": query [%s]: article %" PRIu32 ": engine %s, FTS5 %s",
				 t->seed, buf_cstr(&t->text), i, t->ours[i] ? "yes" : "no",
				 t->theirs[i] ? "yes" : "no");
}

static void ask(struct trial *t)
{
	struct arena arena = ARENA_INIT;
	struct query query;
	struct parse_options options = { .any = false };
	struct err err;

	buf_reset(&t->text);
	random_query(&t->rng, &t->corpus, QUERY_STYLE_FTS5, &t->text);
	options.any = rng_one_in(&t->rng, 5);
	if (query_parse(&query, buf_bytes(&t->text), &options, &arena, &err) < 0)
		fail_msg("seed %" PRIu64 ": query [%s]: %s", t->seed, buf_cstr(&t->text), err.msg);
	asked++;
	if (fts5_oracle_search(&t->oracle, query.root, t->theirs)) {
		answered++;
		search(t, query.root);
		compare(t);
	}
	query_release(&query);
	arena_release(&arena);
}

static void try_archive(uint64_t seed)
{
	struct trial t = { .seed = seed };

	rng_init(&t.rng, seed ^ UINT64_C(0x66747335));
	random_corpus_make(&t.corpus, seed);
	temp_archive_make(&t.temp, 0);
	temp_archive_add_corpus(&t.temp, &t.corpus, seed);
	temp_archive_read(&t.temp);
	fts5_oracle_load(&t.oracle, &t.temp);
	t.ours = mem_alloc(t.oracle.last + 1);
	t.theirs = mem_alloc(t.oracle.last + 1);
	for (int i = 0; i < QUERIES; i++)
		ask(&t);
	free(t.ours);
	free(t.theirs);
	buf_release(&t.text);
	fts5_oracle_release(&t.oracle);
	temp_archive_release(&t.temp);
	random_corpus_release(&t.corpus);
}

static void hit_sets_are_those_of_fts5(void **state)
{
	(void)state;
	if (!test_seeds(40, 8, 600, try_archive))
		return;
	/* It must be able to say something of most questions, or nothing is proven. */
	assert_true(answered > asked / 2 && found > answered / 4);
}

int main(void)
{
	const struct CMUnitTest tests[] = { cmocka_unit_test(hit_sets_are_those_of_fts5) };

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
