/* tests/unit/test_score.c - scores are the formula, in integers, with an own logarithm. */
#include "generate/rng.h"
#include "rank/score.h"
#include "segment/lengths.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <float.h>
#include <math.h>

static void check_ln(double x)
{
	double got = score_ln(x), wanted = log(x);

	if (fabs(got - wanted) > 4e-16 * fabs(wanted) + 2e-16)
		fail_msg("ln %.17g: %.17g, the library says %.17g", x, got, wanted);
}

static void the_logarithm_is_the_librarys(void **state)
{
	struct rng r;

	(void)state;
	rng_init(&r, 1);
	for (int i = 0; i < 200000; i++)
		check_ln(ldexp(1 + rng_below(&r, 1u << 30) / 1073741824.0, (int)rng_below(&r, 2000) - 1000));
	for (uint32_t i = 1; i < 100000; i++) {
		check_ln(i);
		check_ln(1.0 / i);
		check_ln(1 + 1.0 / i);
	}
	check_ln(DBL_MAX);
	check_ln(DBL_MIN);
	check_ln(nextafter(1, 0));
	check_ln(nextafter(1, 2));
	assert_true(score_ln(1) == 0);
}

static void the_logarithm_rises(void **state)
{
	double before = score_ln(1);

	(void)state;
	for (int i = 1; i < 400000; i++) {
		double now = score_ln(1 + i / 1000.0);

		assert_true(now > before);
		before = now;
	}
}

static void idf_falls_with_df_and_stays_above_zero(void **state)
{
	static const uint64_t sizes[] = { 1, 2, 10, 1000, 20000, 4000000000 };

	(void)state;
	for (int i = 0; i < 6; i++) {
		uint64_t n = sizes[i], step = n / 1000 + 1;
		struct scorer s;
		double before = INFINITY;

		scorer_init(&s, BM25_K1, BM25_B, n, n * 100);
		for (uint64_t df = 0; df <= n; df += step) {
			double idf = scorer_idf(&s, df);

			assert_true(idf > 0 && idf < before);
			assert_true(fabs(idf - log(1 + ((double)n - (double)df + 0.5) / ((double)df + 0.5))) <
				    1e-12);
			before = idf;
		}
		assert_true(scorer_idf(&s, n + 5) == scorer_idf(&s, n)); /* counts as at most N */
	}
}

static const double k1s[] = { 0, 0.001, 0.9, BM25_K1, 3, 1000 };
static const double bs[] = { 0, 0.3, BM25_B, 1 };

static void for_all_parameters(void (*check)(const struct scorer *s))
{
	for (int i = 0; i < 6; i++) {
		for (int j = 0; j < 4; j++) {
			struct scorer s;

			scorer_init(&s, k1s[i], bs[j], 1000, 250000);
			check(&s);
		}
	}
}

static void check_monotone(const struct scorer *s)
{
	static const uint32_t freqs[] = { 1, 2, 3, 7, 100, 65535, 1u << 24, UINT32_MAX };

	for (int i = 0; i < 8; i++) {
		for (int code = 0; code < 256; code++) {
			int64_t score = scorer_contribution(s, 3.7, freqs[i], (uint8_t)code);

			assert_true(score >= 0);
			assert_true(!i || score >= scorer_contribution(s, 3.7, freqs[i - 1], (uint8_t)code));
			assert_true(!code ||
				    score <= scorer_contribution(s, 3.7, freqs[i], (uint8_t)(code - 1)));
		}
	}
}

static void scores_rise_with_frequency_and_fall_with_length(void **state)
{
	(void)state;
	for_all_parameters(check_monotone);
}

static void check_zero(const struct scorer *s)
{
	for (int code = 0; code < 256; code++) {
		assert_int_equal(scorer_contribution(s, 3.7, 0, (uint8_t)code), 0);
		assert_int_equal(scorer_contribution(s, 0, 5, (uint8_t)code), 0);
	}
}

static void nothing_scores_nothing(void **state)
{
	(void)state;
	for_all_parameters(check_zero);
}

static void without_k1_only_the_weight_counts(void **state)
{
	struct scorer s;

	(void)state;
	scorer_init(&s, 0, BM25_B, 1000, 250000);
	for (int code = 0; code < 256; code++)
		assert_int_equal(scorer_contribution(&s, 2.5, 1 + (uint32_t)code, (uint8_t)code),
				 SCORE_ONE * 5 / 2);
}

static void without_b_length_does_not_count(void **state)
{
	struct scorer s;

	(void)state;
	scorer_init(&s, BM25_K1, 0, 1000, 250000);
	for (int code = 1; code < 256; code++)
		assert_int_equal(scorer_contribution(&s, 2.5, 3, (uint8_t)code),
				 scorer_contribution(&s, 2.5, 3, 0));
}

static void an_article_of_average_length_has_norm_k1(void **state)
{
	struct scorer s;
	uint8_t code = length_code(40);

	(void)state;
	scorer_init(&s, 1.5, 1, 10, 400);
	assert_true(s.norm[code] == 1.5);
	assert_int_equal(scorer_contribution(&s, 2, 1, code), SCORE_ONE * 2);
	assert_int_equal(scorer_contribution(&s, 1, 3, code),
			 (int64_t)floor(3 * 2.5 / 4.5 * (double)SCORE_ONE));
}

static void an_archive_without_words_has_scores_too(void **state)
{
	struct scorer s;

	(void)state;
	scorer_init(&s, BM25_K1, BM25_B, 3, 0);
	assert_true(isfinite(s.norm[0]) && isfinite(s.norm[255]));
	scorer_init(&s, BM25_K1, BM25_B, 0, 0);
	assert_true(isfinite(scorer_idf(&s, 0)) && scorer_idf(&s, 0) > 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_logarithm_is_the_librarys),
		cmocka_unit_test(the_logarithm_rises),
		cmocka_unit_test(idf_falls_with_df_and_stays_above_zero),
		cmocka_unit_test(scores_rise_with_frequency_and_fall_with_length),
		cmocka_unit_test(nothing_scores_nothing),
		cmocka_unit_test(without_k1_only_the_weight_counts),
		cmocka_unit_test(without_b_length_does_not_count),
		cmocka_unit_test(an_article_of_average_length_has_norm_k1),
		cmocka_unit_test(an_archive_without_words_has_scores_too),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
