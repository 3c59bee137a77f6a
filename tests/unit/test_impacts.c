/* tests/unit/test_impacts.c - the pairs kept are those that no other pair dominates. */
#include "generate/rng.h"
#include "lib/seg_fixture.h"
#include "segment/impacts.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

static void expect(const struct impacts *set, const struct impact *want, uint32_t n)
{
	assert_int_equal(set->n, n);
	for (uint32_t i = 0; i < n; i++) {
		assert_int_equal(set->v[i].freq, want[i].freq);
		assert_int_equal(set->v[i].length, want[i].length);
	}
}

#define PAIRS(...)                                                                                           \
	(const struct impact[]){ __VA_ARGS__ },                                                              \
		sizeof((struct impact[]){ __VA_ARGS__ }) / sizeof(struct impact)

static void more_often_in_a_shorter_article_replaces_all_it_beats(void **state)
{
	struct impacts set = { .n = 0 };

	(void)state;
	impacts_add(&set, 1, 10);
	impacts_add(&set, 2, 20);
	impacts_add(&set, 3, 30);
	expect(&set, PAIRS({ 1, 10 }, { 2, 20 }, { 3, 30 }));
	impacts_add(&set, 3, 15);
	expect(&set, PAIRS({ 1, 10 }, { 3, 15 }));
	impacts_add(&set, 9, 5);
	expect(&set, PAIRS({ 9, 5 }));
}

static void less_often_or_longer_changes_nothing(void **state)
{
	struct impacts set = { .n = 0 };

	(void)state;
	impacts_add(&set, 5, 20);
	impacts_add(&set, 5, 20);
	impacts_add(&set, 4, 20);
	impacts_add(&set, 5, 21);
	impacts_add(&set, 1, 255);
	expect(&set, PAIRS({ 5, 20 }));
}

static void less_often_in_a_shorter_article_is_kept(void **state)
{
	struct impacts set = { .n = 0 };

	(void)state;
	impacts_add(&set, 5, 20);
	impacts_add(&set, 2, 10);
	impacts_add(&set, 3, 15);
	expect(&set, PAIRS({ 2, 10 }, { 3, 15 }, { 5, 20 }));
}

static bool dominates(struct impact a, struct impact b)
{
	return a.freq >= b.freq && a.length <= b.length;
}

static bool same(struct impact a, struct impact b)
{
	return a.freq == b.freq && a.length == b.length;
}

/* Of the n pairs, those that no different pair dominates, once each: how many. */
static uint32_t count_undominated(const struct impact *v, uint32_t n)
{
	uint32_t count = 0;

	for (uint32_t i = 0; i < n; i++) {
		bool keep = true;

		for (uint32_t j = 0; j < n && keep; j++)
			keep = same(v[i], v[j]) ? j >= i : !dominates(v[j], v[i]);
		count += keep;
	}
	return count;
}

static void the_set_is_what_brute_force_leaves(void **state)
{
	(void)state;
	for (uint64_t seed = 1; seed <= seg_seeds(); seed++) {
		struct impact all[POSTINGS_BLOCK];
		struct impacts set = { .n = 0 };
		struct rng r;

		rng_init(&r, seed);
		for (uint32_t i = 0; i < POSTINGS_BLOCK; i++) {
			all[i] = (struct impact){ 1 + rng_below(&r, 1 + rng_below(&r, 60)),
						  (uint8_t)rng_below(&r, 256) };
			impacts_add(&set, all[i].freq, all[i].length);
		}
		if (set.n != count_undominated(all, POSTINGS_BLOCK))
			fail_msg("seed %u: %u pairs", (unsigned)seed, set.n);
		for (uint32_t i = 0; i < POSTINGS_BLOCK; i++) {
			bool bounded = false;

			for (uint32_t k = 0; k < set.n; k++)
				bounded |= dominates(set.v[k], all[i]);
			if (!bounded)
				fail_msg("seed %u: a pair is above all that was kept", (unsigned)seed);
		}
	}
}

static void the_most_pairs_a_block_can_have_fit(void **state)
{
	struct impacts set = { .n = 0 }, got;
	struct buf out = BUF_INIT;

	(void)state;
	for (uint32_t i = POSTINGS_BLOCK; i-- > 0;)
		impacts_add(&set, 1 + 1000 * i, (uint8_t)(2 * i));
	assert_int_equal(set.n, POSTINGS_BLOCK);
	impacts_put(&out, &set);
	assert_ptr_equal(impacts_get(&got, out.p, out.p + out.n), out.p + out.n);
	expect(&got, set.v, POSTINGS_BLOCK);
	for (size_t n = 0; n < out.n; n++)
		assert_null(impacts_get(&got, out.p, out.p + n));
	buf_release(&out);
}

static bool decodes(const char *hex)
{
	struct buf raw = BUF_INIT;
	struct impacts set;
	bool good;

	seg_from_hex(&raw, hex);
	good = impacts_get(&set, raw.p, raw.p + raw.n) != NULL;
	buf_release(&raw);
	return good;
}

static void pairs_that_do_not_rise_are_corrupt(void **state)
{
	(void)state;
	assert_true(decodes("02 | 01 28 | 01 3c"));
	assert_false(decodes("00"));                             /* no pair */
	assert_false(decodes("81"));                             /* 129 pairs */
	assert_false(decodes("01 | 00 28"));                     /* frequency 0 */
	assert_false(decodes("02 | 01 28 | 00 3c"));             /* the same frequency again */
	assert_false(decodes("02 | 01 28 | 01 28"));             /* the same length again */
	assert_false(decodes("02 | ff ff ff ff 0f 28 | 01 3c")); /* over 32 bits */
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(more_often_in_a_shorter_article_replaces_all_it_beats),
		cmocka_unit_test(less_often_or_longer_changes_nothing),
		cmocka_unit_test(less_often_in_a_shorter_article_is_kept),
		cmocka_unit_test(the_set_is_what_brute_force_leaves),
		cmocka_unit_test(the_most_pairs_a_block_can_have_fit),
		cmocka_unit_test(pairs_that_do_not_rise_are_corrupt),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
