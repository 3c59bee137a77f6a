/* tests/unit/test_level.c - segments stay few, and keeping them few stays cheap. */
#include "upkeep/level.h"

#include "base/mem.h"
#include "generate/rng.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <stdlib.h>

/* An archive's segments, as far as the rule looks at them. */
struct shelf {
	struct catalog_segment v[2000];
	size_t n;
	uint64_t docs, work; /* articles in it; articles written again so far */
};

static int by_size(const void *x, const void *y)
{
	const struct catalog_segment *a = x, *b = y;

	return (a->docs < b->docs) - (a->docs > b->docs);
}

static size_t choose(const struct shelf *s, uint64_t allowed)
{
	return level_choose(s->v, s->n, allowed);
}

static void put(struct shelf *s, int64_t docs)
{
	s->v[s->n++] = (struct catalog_segment){ .docs = docs, .words = docs * 400 };
	qsort(s->v, s->n, sizeof *s->v, by_size);
	s->docs += (uint64_t)docs;
}

/* Do what the rule says until it is content. The most articles that one merge wrote. */
static int64_t settle(struct shelf *s, uint64_t allowed)
{
	int64_t most = 0;
	size_t n;

	while ((n = choose(s, allowed)) > 0) {
		int64_t docs = 0;

		assert_true(n >= 2 && n <= s->n);
		for (size_t i = 0; i < n; i++)
			docs += s->v[--s->n].docs;
		s->docs -= (uint64_t)docs;
		s->work += (uint64_t)docs;
		most = docs > most ? docs : most;
		put(s, docs);
	}
	return most;
}

/* What an `add` of so many articles does. */
static int64_t add(struct shelf *s, int64_t docs)
{
	uint64_t paid = (uint64_t)docs * LEVEL_RATIO;

	put(s, docs);
	return settle(s, paid > LEVEL_INLINE ? paid : LEVEL_INLINE);
}

static unsigned log2_of(uint64_t n)
{
	unsigned log = 0;

	while (n >>= 1)
		log++;
	return log;
}

static void nothing_is_done_where_each_segment_outweighs_the_smaller(void **state)
{
	struct shelf s = { .n = 0 };

	(void)state;
	assert_int_equal(choose(&s, UINT64_MAX), 0);
	put(&s, 1000);
	assert_int_equal(choose(&s, UINT64_MAX), 0);
	put(&s, 250);
	assert_int_equal(choose(&s, UINT64_MAX), 0);
	put(&s, 60);
	assert_int_equal(choose(&s, UINT64_MAX), 0);
}

static void a_segment_goes_with_all_smaller_ones(void **state)
{
	struct shelf s = { .n = 0 };

	(void)state;
	put(&s, 100000);
	put(&s, 1000);
	put(&s, 300);
	put(&s, 300);
	put(&s, 10);
	assert_int_equal(choose(&s, UINT64_MAX), 4); /* 1000 is less than three times 610 */
}

static void the_dead_count_for_nothing(void **state)
{
	struct shelf s = { .n = 0 };

	(void)state;
	put(&s, 1000);
	put(&s, 400);
	assert_int_equal(choose(&s, UINT64_MAX), 2);
	s.v[1].dead = 100;
	assert_int_equal(choose(&s, UINT64_MAX), 0);
	s.v[0].dead = 200;
	assert_int_equal(choose(&s, UINT64_MAX), 2);
}

static void a_segment_of_which_a_fifth_is_dead_is_written_anew(void **state)
{
	struct shelf s = { .n = 0 };

	(void)state;
	put(&s, 100000);
	put(&s, 1000);
	assert_int_equal(level_choose_dead(s.v, s.n, UINT64_MAX), 2);
	s.v[1].dead = 199;
	assert_int_equal(level_choose_dead(s.v, s.n, UINT64_MAX), 2);
	s.v[1].dead = 200;
	assert_int_equal(level_choose_dead(s.v, s.n, UINT64_MAX), 1);
	assert_int_equal(level_choose_dead(s.v, s.n, 799), 2);
	s.v[0].dead = 50000;
	assert_int_equal(level_choose_dead(s.v, s.n, LEVEL_INLINE), 1);
	assert_int_equal(level_choose_dead(s.v, s.n, 50000), 0);
}

static void thousand_small_adds_make_few_segments_with_little_work(void **state)
{
	struct shelf s = { .n = 0 };

	(void)state;
	for (int i = 0; i < 1000; i++) {
		add(&s, 3);
		assert_true(s.n <= 6); /* 3, 12, 48, ... 3072 */
	}
	assert_int_equal(s.docs, 3000);
	assert_true(s.work <= s.docs * (1 + log2_of(1000)));
}

static void random_adds_keep_the_rule(void **state)
{
	struct rng r;

	(void)state;
	for (uint64_t seed = 1; seed <= 20; seed++) {
		struct shelf s = { .n = 0 };
		uint64_t smaller;

		rng_init(&r, seed);
		for (int i = 0; i < 500; i++) {
			put(&s, rng_range(&r, 1, rng_one_in(&r, 10) ? 5000 : 20));
			settle(&s, UINT64_MAX);
			smaller = 0;
			for (size_t at = s.n; at-- > 0; smaller += (uint64_t)s.v[at].docs)
				assert_true((uint64_t)s.v[at].docs >= (LEVEL_RATIO - 1) * smaller);
		}
		assert_true(s.n <= 1 + log2_of(s.docs) / 2);
		assert_true(s.work <=
			    5 * s.docs / 2 *
				    log2_of(s.docs)); /* a doc moves when its segment grows by a third */
	}
}

static void a_small_add_leaves_large_merges_alone(void **state)
{
	struct shelf s = { .n = 0 };

	(void)state;
	put(&s, 15000);
	put(&s, 15000);
	put(&s, 40);
	assert_int_equal(add(&s, 30), 70); /* and not the two large ones */
	assert_int_equal(s.n, 3);
	assert_int_equal(settle(&s, 30070), 30070);
	assert_int_equal(s.n, 1);
}

static void a_bulk_add_pays_for_large_merges(void **state)
{
	struct shelf s = { .n = 0 };

	(void)state;
	put(&s, 90000);
	for (int i = 0; i < 7; i++)
		put(&s, 100000); /* the batches of one run */
	settle(&s, 700000 * LEVEL_RATIO);
	assert_int_equal(s.n, 1);
	assert_int_equal(s.work, 790000); /* each article once */
}

static void many_segments_are_merged_whatever_it_takes(void **state)
{
	struct shelf s = { .n = 0 };
	uint64_t adds = 0;

	(void)state;
	put(&s, 1000000);
	while (s.docs < 1400000) {
		add(&s, 5000);
		adds++;
		assert_true(s.n <= LEVEL_MANY);
	}
	assert_true(s.work / adds <= 40000); /* articles an add, on average */
}

static void no_segment_outgrows_the_format(void **state)
{
	struct shelf s = { .n = 0 };

	(void)state;
	put(&s, 9000000); /* of 400 words */
	put(&s, 9000000);
	assert_int_equal(choose(&s, UINT64_MAX), 0);
	put(&s, 100);
	put(&s, 100);
	assert_int_equal(choose(&s, UINT64_MAX), 2);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(nothing_is_done_where_each_segment_outweighs_the_smaller),
		cmocka_unit_test(a_segment_goes_with_all_smaller_ones),
		cmocka_unit_test(the_dead_count_for_nothing),
		cmocka_unit_test(a_segment_of_which_a_fifth_is_dead_is_written_anew),
		cmocka_unit_test(thousand_small_adds_make_few_segments_with_little_work),
		cmocka_unit_test(random_adds_keep_the_rule),
		cmocka_unit_test(a_small_add_leaves_large_merges_alone),
		cmocka_unit_test(a_bulk_add_pays_for_large_merges),
		cmocka_unit_test(many_segments_are_merged_whatever_it_takes),
		cmocka_unit_test(no_segment_outgrows_the_format),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
