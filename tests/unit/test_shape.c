/* tests/unit/test_shape.c - what of a plan's tree scores, what only narrows, what shuts out. */
#include "base/civil.h"
#include "lib/seg_fixture.h"
#include "rank/shape.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

/* Ten docs, a day apart, doc 0 of day 10; the last two have no date. */
static struct seg_fixture f;
static struct arena arena;

static int make(void **state)
{
	(void)state;
	seg_fixture_init(&f, 10, 1);
	f.parts.docs.ndated = 8;
	for (uint32_t doc = 0; doc < 10; doc++)
		f.parts.docs.date[doc] = doc < 8 ? CIVIL_DAY * (10 - (int64_t)doc) : CIVIL_NONE;
	seg_fixture_seal(&f);
	return 0;
}

static int drop(void **state)
{
	(void)state;
	seg_fixture_release(&f);
	arena_release(&arena);
	return 0;
}

static struct plan_node *node(enum plan_kind kind)
{
	struct plan_node *n = arena_zalloc(&arena, sizeof *n);

	n->kind = kind;
	return n;
}

static struct plan_node *branch(enum plan_kind kind, struct plan_node *a, struct plan_node *b,
				struct plan_node *c)
{
	struct plan_node *n = node(kind), *all[] = { a, b, c };

	n->children = arena_alloc(&arena, sizeof all);
	for (int i = 0; i < 3; i++)
		if (all[i])
			n->children[n->nchildren++] = all[i];
	return n;
}

static struct plan_node *dates(int64_t from, int64_t to)
{
	struct plan_node *n = node(PLAN_DATE);

	n->from = from * CIVIL_DAY;
	n->to = to * CIVIL_DAY;
	return n;
}

static struct shape shape(const struct plan_node *root)
{
	struct shape s;

	shape_of(&s, root, &f.seg, &arena);
	return s;
}

static void check_sizes(const struct shape *s, size_t clauses, size_t filters, size_t exclusions)
{
	assert_int_equal(s->nclauses, clauses);
	assert_int_equal(s->nfilters, filters);
	assert_int_equal(s->nexclusions, exclusions);
}

static void check_range(const struct shape *s, uint32_t first, uint32_t last)
{
	assert_int_equal(s->first, first);
	assert_int_equal(s->last, last);
}

static void one_word_is_one_clause(void **state)
{
	struct plan_node *word = node(PLAN_TERM);
	struct shape s = shape(word);

	(void)state;
	check_sizes(&s, 1, 0, 0);
	check_range(&s, 0, 10);
	assert_true(s.all);
	assert_ptr_equal(s.clauses[0], word);
}

static void nested_ands_and_ors_are_flattened(void **state)
{
	struct plan_node *a = node(PLAN_TERM), *b = node(PLAN_PHRASE), *c = node(PLAN_EXPANSION);
	struct shape s = shape(branch(PLAN_AND, a, branch(PLAN_AND, b, c, NULL), NULL));

	(void)state;
	check_sizes(&s, 3, 0, 0);
	assert_true(s.all);
	assert_true(s.clauses[0] == a && s.clauses[1] == b && s.clauses[2] == c);
	s = shape(branch(PLAN_OR, branch(PLAN_OR, a, b, NULL), c, NULL));
	check_sizes(&s, 3, 0, 0);
	assert_false(s.all);
	assert_true(s.clauses[0] == a && s.clauses[1] == b && s.clauses[2] == c);
}

static void an_or_beside_a_word_stays_a_tree(void **state)
{
	struct plan_node *any = branch(PLAN_OR, node(PLAN_TERM), node(PLAN_TERM), NULL);
	struct shape s = shape(branch(PLAN_AND, any, node(PLAN_TERM), NULL));

	(void)state;
	check_sizes(&s, 2, 0, 0);
	assert_true(s.all);
	assert_ptr_equal(s.clauses[0], any);
}

static void an_or_with_a_filter_is_still_flattened(void **state)
{
	struct plan_node *any = branch(PLAN_OR, node(PLAN_TERM), node(PLAN_TERM), NULL);
	struct shape s = shape(branch(PLAN_AND, any, dates(5, 8), NULL));

	(void)state;
	check_sizes(&s, 2, 0, 0);
	assert_false(s.all);
	check_range(&s, 3, 6); /* days 7, 6, 5 */
}

static void dates_and_everything_become_the_range(void **state)
{
	struct shape s = shape(branch(PLAN_AND, dates(5, 8), dates(6, 20), node(PLAN_ALL)));

	(void)state;
	check_sizes(&s, 0, 0, 0);
	check_range(&s, 3, 5);
	s = shape(node(PLAN_UNDATED));
	check_range(&s, 8, 10);
	s = shape(node(PLAN_NOTHING));
	assert_true(s.first >= s.last);
	s = shape(branch(PLAN_AND, node(PLAN_UNDATED), dates(0, 20), NULL));
	assert_true(s.first >= s.last);
}

static void what_is_not_wanted_is_an_exclusion(void **state)
{
	struct plan_node *unwanted = node(PLAN_TERM);
	struct shape s =
		shape(branch(PLAN_AND, node(PLAN_TERM), branch(PLAN_NOT, unwanted, NULL, NULL), NULL));

	(void)state;
	check_sizes(&s, 1, 0, 1);
	assert_ptr_equal(s.exclusions[0], unwanted);
	s = shape(branch(PLAN_NOT, unwanted, NULL, NULL));
	check_sizes(&s, 0, 0, 1);
	check_range(&s, 0, 10);
}

static void what_does_not_score_is_a_filter(void **state)
{
	struct plan_node *some = branch(PLAN_OR, dates(1, 2), node(PLAN_UNDATED), NULL);
	struct shape s = shape(branch(PLAN_AND, node(PLAN_TERM), some, NULL));

	(void)state;
	check_sizes(&s, 1, 1, 0);
	assert_ptr_equal(s.filters[0], some);
	assert_false(shape_scores(some));
	assert_false(shape_scores(branch(PLAN_NOT, node(PLAN_TERM), NULL, NULL)));
	assert_true(shape_scores(branch(PLAN_OR, node(PLAN_ALL), node(PLAN_ALTERNATIVES), NULL)));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(one_word_is_one_clause),
		cmocka_unit_test(nested_ands_and_ors_are_flattened),
		cmocka_unit_test(an_or_beside_a_word_stays_a_tree),
		cmocka_unit_test(an_or_with_a_filter_is_still_flattened),
		cmocka_unit_test(dates_and_everything_become_the_range),
		cmocka_unit_test(what_is_not_wanted_is_an_exclusion),
		cmocka_unit_test(what_does_not_score_is_a_filter),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, make, drop);
}
