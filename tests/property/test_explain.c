/* tests/property/test_explain.c - an explanation's sum is the score that ranking gives, for
 * every hit; what is no hit has an explanation that does not match, and what was removed has none. */
#include "base/mem.h"
#include "output/explain_print.h"
#include "lib/random_query.h"
#include "output/print.h"
#include "rank/rank.h"
#include "segment/lengths.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <inttypes.h>
#include <stdlib.h>

#define QUERIES   24 /* an archive */
#define EXPLAINED 24 /* hits of a question at most, and as many others */

struct subject {
	uint64_t seed;
	uint64_t articles; /* numbers given */
	struct buf text;
	struct temp_archive archive;
	struct analyzer *analyzer;
	struct arena arena;
	struct plan plan;
};

/* What is printed of each leaf is the arithmetic that its score comes from. */
static int64_t check_parts(const struct subject *s, const struct explanation *x, const struct explained *e)
{
	const struct plan_node *leaf = e->node->kind == PLAN_ALTERNATIVES
					       ? e->node->children[0]
					       : e->node; /* which knows of title: */
	uint32_t weight = leaf->title ? 1 : s->archive.archive.headline_weight;
	uint64_t terms = 0;
	int64_t sum = 0;

	if (plan_scores(e->node) && e->matches) {
		assert_true((uint64_t)e->headline * weight <= e->freq);
		assert_int_equal(e->score,
				 scorer_contribution(&s->plan.scorer, e->node->weight, e->freq, x->length));
		for (size_t i = 0; i < e->nterms; i++)
			terms += e->terms[i].freq;
		if (e->node->kind == PLAN_EXPANSION)
			assert_int_equal(terms, e->freq);
		if (e->node->kind == PLAN_ALTERNATIVES)
			assert_int_equal(explained_reading(e)->freq, e->freq);
		return e->counts ? e->score : 0;
	}
	for (size_t i = 0; i < e->nparts; i++)
		sum += check_parts(s, x, &e->parts[i]);
	return e->counts ? sum : 0;
}

/* The text ends, and says of a match its sum. */
static void check_text(const struct explanation *x, uint32_t number)
{
	struct catalog_article a = { .number = number };
	struct buf text = BUF_INIT, json = BUF_INIT, score = BUF_INIT;

	print_explanation(&text, x, &a);
	json_explanation(&json, bytes_str("q"), BYTES_NONE, x, &a);
	add_score(&score, x->score);
	assert_true(text.n > 0 && text.p[text.n - 1] == '\n');
	if (x->root.matches)
		assert_non_null(strstr(buf_cstr(&text), buf_cstr(&score)));
	assert_non_null(strstr(buf_cstr(&json), buf_cstr(&score)));
	buf_release(&text);
	buf_release(&json);
	buf_release(&score);
}

/* `hit` NULL: the article is none. */
static void explain_one(const struct subject *s, uint32_t number, const struct hit *hit)
{
	struct explanation x;
	struct err err;

	int64_t date, words;
	bool there = catalog_indexed(s->archive.archive.catalog, number, &date, &words, &err) > 0;

	if (!there) {
		assert_int_equal(explain(&x, &s->plan, &s->archive.archive, number, &err), ERR_NOT_FOUND);
		explanation_release(&x);
		return;
	}
	if (explain(&x, &s->plan, &s->archive.archive, number, &err) < 0)
		fail_msg("seed %" PRIu64 ": query [%s]: %s", s->seed, buf_cstr(&s->text), err.msg);
	if (x.root.matches != (hit != NULL) || x.score != (hit ? hit->score : 0) ||
	    x.score != check_parts(s, &x, &x.root))
		fail_msg("seed %" PRIu64 ": query [%s]: article %" PRIu32 ": explained %" PRId64
			 " (%s), ranked %" PRId64,
			 s->seed, buf_cstr(&s->text), number, x.score,
			 x.root.matches ? "matches" : "does not", hit ? hit->score : -1);
	check_text(&x, number);
	explanation_release(&x);
}

static void explain_hits(const struct subject *s, const struct ranking *r)
{
	size_t step = r->n / EXPLAINED + 1;
	uint64_t total = s->articles;
	uint8_t *is_hit = mem_zalloc(total + 1, 1);

	for (size_t i = 0; i < r->n; i++)
		is_hit[r->hits[i].article] = 1;
	for (size_t i = 0; i < r->n; i += step)
		explain_one(s, r->hits[i].article, &r->hits[i]);
	step = total / EXPLAINED + 1;
	for (uint32_t number = 1; number <= total; number += (uint32_t)step)
		if (!is_hit[number])
			explain_one(s, number, NULL);
	free(is_hit);
}

static void ask(struct subject *s, struct rng *r, const struct random_corpus *c)
{
	const struct rank_options all = { .order = RANK_RELEVANCE, .count = UINT64_MAX };
	struct ranking ranking;
	struct query q;
	struct err err;

	buf_reset(&s->text);
	arena_reset(&s->arena);
	random_query(r, c, QUERY_STYLE_ALL, &s->text);
	assert_int_equal(query_parse(&q, buf_bytes(&s->text),
				     &(struct parse_options){ .any = rng_one_in(r, 5) }, &s->arena, &err),
			 0);
	assert_int_equal(plan_build(&s->plan, q.root, &s->archive.archive, s->analyzer,
				    rng_below(r, 3000) / 1000.0, rng_below(r, 1001) / 1000.0, &err),
			 0);
	assert_int_equal(rank_plan(&ranking, &s->plan, &s->archive.archive, &all, &err), 0);
	explain_hits(s, &ranking);
	ranking_release(&ranking);
	plan_release(&s->plan);
	query_release(&q);
}

static void try_archive(uint64_t seed)
{
	struct subject s = { .seed = seed };
	struct explanation x;
	struct random_corpus corpus;
	struct err err;
	struct rng r;

	rng_init(&r, seed ^ UINT64_C(0x6578706c));
	random_corpus_make(&corpus, seed);
	temp_archive_make(&s.archive, rng_range(&r, 1, 5));
	temp_archive_add_corpus(&s.archive, &corpus, rng_next(&r));
	s.articles = corpus.n;
	if (rng_one_in(&r, 2))
		temp_archive_remove(&s.archive, rng_range(&r, 2, 20), seed);
	temp_archive_read(&s.archive);
	s.analyzer = analyzer_new(buf_cstr(&s.archive.archive.language), &err);
	for (int i = 0; i < QUERIES; i++)
		ask(&s, &r, &corpus);
	assert_int_equal(explain(&x, &s.plan, &s.archive.archive, corpus.n + 1, &err), ERR_NOT_FOUND);
	explanation_release(&x);
	analyzer_free(s.analyzer);
	temp_archive_release(&s.archive);
	random_corpus_release(&corpus);
	buf_release(&s.text);
	arena_release(&s.arena);
}

static void sums_are_scores(void **state)
{
	(void)state;
	test_seeds(20, 6, 800, try_archive);
}

int main(void)
{
	const struct CMUnitTest tests[] = { cmocka_unit_test(sums_are_scores) };

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
