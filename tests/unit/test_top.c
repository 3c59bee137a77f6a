/* tests/unit/test_top.c - the best are kept whatever order they come in, and what a further one needs is said. */
#include "generate/rng.h"
#include "rank/top.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <stdlib.h>

/* Score falling, then article: a total order, as every order of rank.c is. */
static int best_first(const struct hit *a, const struct hit *b)
{
	if (a->score != b->score)
		return a->score > b->score ? -1 : 1;
	return (a->article > b->article) - (a->article < b->article);
}

static int sorted(const void *a, const void *b)
{
	return best_first(a, b);
}

static struct hit hit(int64_t score, uint32_t segment, uint32_t article)
{
	return (struct hit){ .score = score, .segment = segment, .article = article };
}

static void the_best_are_kept_in_order(void **state)
{
	struct hit all[200];
	struct rng r;

	(void)state;
	rng_init(&r, 5);
	for (uint64_t room = 0; room <= 210; room += 1 + room / 3) {
		struct top t = { .compare = best_first, .room = room };
		size_t n = rng_below(&r, 201), kept;

		for (uint32_t i = 0; i < n; i++) {
			all[i] = hit(rng_below(&r, 20), 0, i * 77 % 200);
			top_offer(&t, &all[i]);
		}
		top_sort(&t);
		qsort(all, n, sizeof *all, sorted);
		kept = n < room ? n : (size_t)room;
		assert_int_equal(t.n, kept);
		for (size_t i = 0; i < kept; i++)
			assert_true(t.v[i].score == all[i].score && t.v[i].article == all[i].article);
		top_release(&t);
	}
}

static void a_later_doc_of_the_same_segment_needs_more_than_the_worst(void **state)
{
	struct top t = { .compare = best_first, .room = 2 };

	(void)state;
	assert_int_equal(top_needed(&t, 0), 0);
	top_offer(&t, &(struct hit){ .score = 30, .segment = 1, .article = 7 });
	assert_int_equal(top_needed(&t, 1), 0); /* there is room */
	top_offer(&t, &(struct hit){ .score = 20, .segment = 0, .article = 5 });
	assert_int_equal(top_needed(&t, 0), 21);
	assert_int_equal(top_needed(&t, 1), 20); /* of another segment: an equal score may do */
	top_release(&t);
}

static void an_equal_score_of_another_segment_comes_by_its_order(void **state)
{
	struct top t = { .compare = best_first, .room = 1 };
	struct hit later = hit(20, 1, 9), earlier = hit(20, 1, 3);

	(void)state;
	top_offer(&t, &(struct hit){ .score = 20, .segment = 0, .article = 5 });
	top_offer(&t, &later);
	assert_int_equal(t.v[0].article, 5);
	top_offer(&t, &earlier);
	assert_int_equal(t.v[0].article, 3);
	assert_int_equal(top_needed(&t, 1), 21);
	assert_int_equal(top_needed(&t, 0), 20);
	top_release(&t);
}

/* A hit that only reaches what `room` hits are known to reach may still be one of them. */
static void a_floor_is_enough(void **state)
{
	struct top t = { .compare = best_first, .room = 1, .floor = 40 };

	(void)state;
	assert_int_equal(top_needed(&t, 0), 40);
	top_offer(&t, &(struct hit){ .score = 30 });
	assert_int_equal(top_needed(&t, 0), 40);
	top_offer(&t, &(struct hit){ .score = 40 });
	assert_int_equal(top_needed(&t, 0), 41);
	assert_int_equal(top_needed(&t, 1), 40);
	top_release(&t);
}

static void without_room_nothing_is_enough(void **state)
{
	struct top t = { .compare = best_first };

	(void)state;
	assert_true(top_needed(&t, 0) == INT64_MAX);
	top_offer(&t, &(struct hit){ .score = 1 });
	assert_int_equal(t.n, 0);
	top_release(&t);
}

static void the_kth_of_scores_leaves_out_those_that_are_none(void **state)
{
	const int64_t scores[] = { 5, TOP_NONE, 9, -3, 9, 0 };

	(void)state;
	assert_int_equal(top_kth(scores, 6, 1), 9);
	assert_int_equal(top_kth(scores, 6, 2), 9);
	assert_int_equal(top_kth(scores, 6, 3), 5);
	assert_int_equal(top_kth(scores, 6, 5), -3);
	assert_true(top_kth(scores, 6, 6) == TOP_NONE);
	assert_true(top_kth(scores, 6, 0) == TOP_NONE);
	assert_true(top_kth(NULL, 0, 1) == TOP_NONE);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_best_are_kept_in_order),
		cmocka_unit_test(a_later_doc_of_the_same_segment_needs_more_than_the_worst),
		cmocka_unit_test(an_equal_score_of_another_segment_comes_by_its_order),
		cmocka_unit_test(a_floor_is_enough),
		cmocka_unit_test(without_room_nothing_is_enough),
		cmocka_unit_test(the_kth_of_scores_leaves_out_those_that_are_none),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
