/* tests/property/test_naive.c - the engine's answers are those of reading every article. */
#include "base/mem.h"
#include "lib/naive.h"
#include "lib/random_query.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <inttypes.h>
#include <stdlib.h>

#define QUERIES 60 /* an archive */
#define LISTED  12 /* hits shown when answers differ */

/* One question and how it is asked. */
struct question {
	uint64_t seed;
	struct buf text;
	struct arena arena;
	struct query query;
	double k1, b;
};

/* ---- what differs ---- */

static void add_naive(struct buf *out, const struct naive_answer *a)
{
	buf_addf(out, "naive, %zu:", a->n);
	for (size_t i = 0; i < a->n && i < LISTED; i++)
		buf_addf(out, " %" PRIu32 "(%" PRId64 ")", a->hits[i].number, a->hits[i].score);
}

static void add_ranking(struct buf *out, const struct ranking *r)
{
	buf_addf(out, "\nengine, %" PRIu64 ":", r->total);
	for (size_t i = 0; i < r->n && i < LISTED; i++)
		buf_addf(out, " %" PRIu32 "(%" PRId64 ")", r->hits[i].article, r->hits[i].score);
}

static void differ(const struct question *q, const struct rank_options *o, const struct naive_answer *wanted,
		   const struct ranking *got, const char *what)
{
	struct buf out = BUF_INIT;

	add_naive(&out, wanted);
	add_ranking(&out, got);
	fail_msg("seed %" PRIu64 ": %s: query [%s] k1 %g b %g order %d offset %" PRIu64 " count %" PRIu64
		 "\n%s",
		 q->seed, what, buf_cstr(&q->text), q->k1, q->b, (int)o->order, o->offset, o->count,
		 buf_cstr(&out));
}

/* ---- comparing ---- */

static bool same_hit(const struct hit *got, const struct naive_hit *wanted, enum rank_order order)
{
	return got->article == wanted->number && got->date == wanted->date &&
	       (order != RANK_RELEVANCE || got->score == wanted->score);
}

/* Newest first, the docs of one segment ascend: that is how they are numbered. */
static bool docs_ascend(const struct ranking *r, size_t nsegments)
{
	uint32_t *next = mem_zalloc(nsegments + 1, sizeof *next);
	bool ascend = true;

	for (size_t i = 0; i < r->n && ascend; i++) {
		const struct hit *hit = &r->hits[i];

		ascend = hit->segment < nsegments && hit->doc >= next[hit->segment];
		if (ascend)
			next[hit->segment] = hit->doc + 1;
	}
	free(next);
	return ascend;
}

/* A page of the answer. `wanted` is in the order asked for. */
static void compare_page(const struct question *q, const struct plan *plan, struct temp_archive *t,
			 const struct rank_options *o, const struct naive_answer *wanted)
{
	size_t first = o->offset < wanted->n ? (size_t)o->offset : wanted->n;
	size_t n = wanted->n - first < o->count ? wanted->n - first : (size_t)o->count;
	struct ranking got;
	struct err err;

	if (rank_plan(&got, plan, &t->archive, o, &err) < 0)
		fail_msg("seed %" PRIu64 ": query [%s]: %s", q->seed, buf_cstr(&q->text), err.msg);
	if (got.total != wanted->n)
		differ(q, o, wanted, &got, "total");
	if (got.n != n)
		differ(q, o, wanted, &got, "number of hits");
	for (size_t i = 0; i < n; i++)
		if (!same_hit(&got.hits[i], &wanted->hits[first + i], o->order))
			differ(q, o, wanted, &got, "hits");
	if (o->order == RANK_NEWEST && !docs_ascend(&got, t->archive.nsegments))
		differ(q, o, wanted, &got, "doc numbers");
	ranking_release(&got);
}

/* Integer scores are the formula's, each leaf rounded down. */
static void check_rounding(const struct question *q, const struct naive_answer *a)
{
	for (size_t i = 0; i < a->n; i++) {
		double units = a->hits[i].exact * (double)SCORE_ONE, slack = units * 1e-9;
		double below = units - (double)a->hits[i].score;

		if (below < -slack || below > a->hits[i].leaves + slack)
			fail_msg("seed %" PRIu64 ": query [%s] k1 %g b %g: article %" PRIu32
				 " scores %" PRId64 ", the formula says %.6f",
				 q->seed, buf_cstr(&q->text), q->k1, q->b, a->hits[i].number,
				 a->hits[i].score, units);
	}
}

static void compare_archive(struct rng *r, const struct question *q, const struct naive *n,
			    struct temp_archive *t, struct naive_answer *wanted)
{
	static const uint64_t counts[] = { 1, 2, 10, 100, UINT64_MAX };
	struct rank_options o = { .order = RANK_RELEVANCE, .count = counts[rng_below(r, 5)] };
	struct plan plan;
	struct err err;

	assert_int_equal(plan_build(&plan, q->query.root, &t->archive, n->analyzer, q->k1, q->b, &err), 0);
	naive_sort(wanted, RANK_RELEVANCE);
	compare_page(q, &plan, t, &o, wanted);
	o.offset = rng_below(r, (uint32_t)wanted->n + 2);
	o.count = rng_below(r, 12);
	compare_page(q, &plan, t, &o, wanted);
	o.order = rng_one_in(r, 2) ? RANK_NEWEST : RANK_OLDEST;
	o.offset = rng_one_in(r, 2) ? 0 : o.offset;
	naive_sort(wanted, o.order);
	compare_page(q, &plan, t, &o, wanted);
	plan_release(&plan);
}

/* ---- one archive ---- */

static void draw_parameters(struct rng *r, struct question *q)
{
	q->k1 = rng_one_in(r, 3) ? BM25_K1 : rng_one_in(r, 8) ? 0 : rng_below(r, 3000) / 1000.0;
	q->b = rng_one_in(r, 3) ? BM25_B : rng_one_in(r, 8) ? rng_below(r, 2) : rng_below(r, 1001) / 1000.0;
}

static void ask(struct question *q, struct rng *r, const struct random_corpus *c)
{
	struct parse_options options = { .any = false };
	struct err err;

	buf_reset(&q->text);
	arena_reset(&q->arena);
	random_query(r, c, QUERY_STYLE_ALL, &q->text);
	draw_parameters(r, q);
	options.any = rng_one_in(r, 5);
	if (query_parse(&q->query, buf_bytes(&q->text), &options, &q->arena, &err) < 0)
		fail_msg("seed %" PRIu64 ": query [%s]: %s", q->seed, buf_cstr(&q->text), err.msg);
}

/* Take the same articles out of both. What one knows of document frequencies is then what it
 * knew before; the other is merged, and knows nothing but what is left. */
static void bury(struct rng *r, struct naive naive[2], struct temp_archive t[2])
{
	uint32_t one_in = 1 + rng_below(r, 20);
	uint64_t seed = rng_next(r);

	for (int i = 0; i < 2; i++) {
		temp_archive_write(&t[i]);
		temp_archive_remove(&t[i], one_in, seed);
		if (i)
			temp_archive_optimize(&t[i]);
		temp_archive_read(&t[i]);
	}
	naive_bury(&naive[0], &t[0]);
	naive_release(&naive[1]);
	naive_load(&naive[1], &t[1]);
}

static void ask_all(struct rng *r, const struct random_corpus *corpus, struct question *q,
		    struct naive naive[2], struct temp_archive t[2])
{
	struct naive_answer wanted;

	ask(q, r, corpus);
	for (int i = 0; i < 2; i++) {
		naive_search(&naive[i], q->query.root, q->k1, q->b, &wanted);
		check_rounding(q, &wanted);
		compare_archive(r, q, &naive[i], &t[i], &wanted);
		naive_answer_release(&wanted);
	}
	query_release(&q->query);
}

/* The same articles in two archives, split differently, one perhaps merged: one naive answer
 * for both. Then some are removed. */
static void try_archive(uint64_t seed)
{
	struct question q = { .seed = seed };
	struct random_corpus corpus;
	struct temp_archive t[2];
	struct naive naive[2];
	struct rng r;

	rng_init(&r, seed ^ UINT64_C(0x6d6f7267));
	random_corpus_make(&corpus, seed);
	for (uint32_t i = 0, weight = rng_range(&r, 1, 5); i < 2; i++) {
		temp_archive_make(&t[i], weight);
		temp_archive_add_corpus(&t[i], &corpus, rng_next(&r));
		if (i == 1 && rng_one_in(&r, 2))
			temp_archive_optimize(&t[i]);
		temp_archive_read(&t[i]);
	}
	for (int i = 0; i < 2; i++)
		naive_load(&naive[i], &t[i]);
	assert_int_equal(naive[0].ndocs, corpus.n);
	for (int i = 0; i < QUERIES; i++) {
		if (i == QUERIES / 2)
			bury(&r, naive, t);
		ask_all(&r, &corpus, &q, naive, t);
	}
	naive_release(&naive[0]);
	naive_release(&naive[1]);
	temp_archive_release(&t[0]);
	temp_archive_release(&t[1]);
	random_corpus_release(&corpus);
	buf_release(&q.text);
	arena_release(&q.arena);
}

static void answers_are_those_of_reading_everything(void **state)
{
	(void)state;
	test_seeds(45, 10, 1500, try_archive);
}

int main(void)
{
	const struct CMUnitTest tests[] = { cmocka_unit_test(answers_are_those_of_reading_everything) };

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
