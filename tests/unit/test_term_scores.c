/* tests/unit/test_term_scores.c - the table holds what the formula says, and bounds cover it. */
#include "generate/rng.h"
#include "rank/term_scores.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

static const double weights[] = { 0, 1e-300, 1e-7, 0.3, 1, 7.77, 100, 400 };
static const double k1s[] = { 0, 1e-9, 0.9, BM25_K1 };
static const double bs[] = { 0, BM25_B, 1 };

#define N(array) (sizeof(array) / sizeof *(array))

static void for_all(void (*check)(struct term_scores *t))
{
	for (size_t i = 0; i < N(weights) * N(k1s) * N(bs); i++) {
		struct arena arena = ARENA_INIT;
		struct term_scores t;
		struct scorer s;

		scorer_init(&s, k1s[i % N(k1s)], bs[i / N(k1s) % N(bs)], 1000, i % 2 ? 250000 : 3);
		assert_true(term_scores_init(&t, &s, weights[i / N(k1s) / N(bs)], &arena));
		check(&t);
		arena_release(&arena);
	}
}

static void check_freq(const struct term_scores *t, uint32_t freq)
{
	for (unsigned length = 0; length < 256; length++)
		assert_true(term_score(t, freq, (uint8_t)length) ==
			    scorer_contribution(t->scorer, t->weight, freq, (uint8_t)length));
}

/* Before a row is filled, when some are, and when all are. */
static void check_table(struct term_scores *t)
{
	static const uint32_t fills[] = {
		0, 1, 5, 3, SCORE_ROWS - 1, SCORE_ROWS, SCORE_ROWS + 1, UINT32_MAX
	};

	for (size_t i = 0; i < N(fills); i++) {
		term_scores_fill(t, fills[i]);
		for (uint32_t freq = 1; freq < SCORE_ROWS + 4; freq++)
			check_freq(t, freq);
		check_freq(t, 1u << 20);
		check_freq(t, UINT32_MAX);
	}
	assert_int_equal(t->filled, SCORE_ROWS);
}

static void the_table_is_the_formula(void **state)
{
	(void)state;
	for_all(check_table);
}

/* A set of impacts bounds every posting that it was made of. */
static void check_bounds(struct term_scores *t)
{
	struct rng r;

	rng_init(&r, 3);
	for (int round = 0; round < 30; round++) {
		struct impacts set = { .n = 0 };
		uint32_t freqs[50];
		uint8_t lengths[50];
		int32_t bound, most = 0;

		term_scores_fill(t, (uint32_t)round);
		for (int i = 0; i < 50; i++) {
			freqs[i] = rng_one_in(&r, 9) ? rng_range(&r, 1, UINT32_MAX) : rng_range(&r, 1, 30);
			lengths[i] = (uint8_t)rng_below(&r, 256);
			impacts_add(&set, freqs[i], lengths[i]);
		}
		bound = term_scores_bound(t, &set);
		for (int i = 0; i < 50; i++) {
			int32_t score = term_score(t, freqs[i], lengths[i]);

			most = score > most ? score : most;
		}
		assert_int_equal(bound, most);
		assert_true(bound <= scorer_most(t->scorer, t->weight));
	}
}

static void the_bound_of_impacts_is_the_best_posting(void **state)
{
	(void)state;
	for_all(check_bounds);
}

static void rows_are_filled_as_they_are_met_and_pay(void **state)
{
	static const struct {
		uint32_t df, rows;
	} lists[] = { { 0, 0 }, { 31, 0 }, { 32, 1 }, { 127, 1 }, { 128, 2 }, { UINT32_MAX, SCORE_ROWS } };
	struct arena arena = ARENA_INIT;
	struct term_scores t;
	struct scorer s;

	(void)state;
	scorer_init(&s, BM25_K1, BM25_B, 10, 100);
	for (size_t i = 0; i < N(lists); i++) {
		assert_true(term_scores_init(&t, &s, 2, &arena));
		term_scores_meet(&t, 1);
		assert_int_equal(t.filled, 0); /* nothing is expected yet */
		term_scores_expect(&t, lists[i].df);
		term_scores_meet(&t, 1);
		assert_int_equal(t.filled, lists[i].rows ? 1 : 0);
		term_scores_meet(&t, UINT32_MAX);
		assert_int_equal(t.filled, lists[i].rows);
		assert_int_equal(term_score(&t, 3, 7), scorer_contribution(&s, 2, 3, 7));
	}
	arena_release(&arena);
}

static void weights_that_do_not_fit_are_refused(void **state)
{
	struct arena arena = ARENA_INIT;
	struct term_scores t;
	struct scorer s;

	(void)state;
	scorer_init(&s, 0, 0, 10, 100); /* k1 0: every contribution is the weight */
	assert_true(term_scores_init(&t, &s, 1023.9999, &arena));
	assert_true(term_score(&t, 1, 0) < SCORE_LIMIT);
	assert_false(term_scores_init(&t, &s, 1024, &arena));
	scorer_init(&s, 1, 0, 10, 100);
	assert_false(term_scores_init(&t, &s, 512, &arena));
	assert_true(scorer_most(&s, 512) == SCORE_LIMIT);
	arena_release(&arena);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_table_is_the_formula),
		cmocka_unit_test(the_bound_of_impacts_is_the_best_posting),
		cmocka_unit_test(rows_are_filled_as_they_are_met_and_pay),
		cmocka_unit_test(weights_that_do_not_fit_are_refused),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
