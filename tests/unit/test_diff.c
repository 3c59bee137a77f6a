/* tests/unit/test_diff.c - the steps of a diff lead from the old list to the new one, and keep
 * as much as can be kept. */
#include "output/diff.h"
#include "output/diff_print.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <stdlib.h>

/* One piece a character. */
static size_t pieces(const char *text, struct bytes *v)
{
	size_t n = strlen(text);

	for (size_t i = 0; i < n; i++)
		v[i] = bytes_of(text + i, 1);
	return n;
}

static void check_sides(const struct diff *d, const char *old, const char *new)
{
	for (size_t i = 0; i < d->n; i++) {
		const struct diff_step *s = &d->v[i];

		if (s->kind != DIFF_NEW)
			assert_int_equal(*s->piece.p, *old++);
		if (s->kind != DIFF_OLD)
			assert_int_equal(*s->piece.p, *new ++);
		assert_false(i && s->kind == DIFF_OLD && s[-1].kind == DIFF_NEW);
	}
	assert_true(!*old && !*new);
}

/* How many pieces both can have in common at most, by trying all. */
static size_t most_common(const char *old, const char *new)
{
	size_t a, b;

	if (!*old || !*new)
		return 0;
	if (*old == *new)
		return 1 + most_common(old + 1, new + 1);
	a = most_common(old + 1, new);
	b = most_common(old, new + 1);
	return a > b ? a : b;
}

static size_t kept(const struct diff *d)
{
	size_t n = 0;

	for (size_t i = 0; i < d->n; i++)
		n += d->v[i].kind == DIFF_SAME;
	return n;
}

static void steps_lead_from_one_to_the_other(void **state)
{
	struct diff d = { .v = NULL };
	struct bytes a[8], b[8];

	(void)state;
	srand(7);
	for (int round = 0; round < 3000; round++) {
		char old[9] = "", new[9] = "";

		for (int i = rand() % 9; i > 0; i--)
			old[i - 1] = (char)('a' + rand() % 3);
		for (int i = rand() % 9; i > 0; i--)
			new[i - 1] = (char)('a' + rand() % 3);
		diff(&d, a, pieces(old, a), b, pieces(new, b));
		check_sides(&d, old, new);
		assert_int_equal(kept(&d), most_common(old, new));
	}
	diff_release(&d);
}

static void what_is_too_long_is_all_changed_but_for_its_ends(void **state)
{
	enum { LONG = 3000 };
	struct bytes *a = calloc(LONG, sizeof *a), *b = calloc(LONG, sizeof *b);
	struct diff d = { .v = NULL };

	(void)state;
	for (size_t i = 0; i < LONG; i++) {
		a[i] = bytes_str(i % 2 ? "x" : "a");
		b[i] = bytes_str(i % 2 ? "x" : "b");
	}
	a[0] = b[0] = a[LONG - 2] = b[LONG - 2] = bytes_str("same");
	diff(&d, a, LONG, b, LONG);
	assert_int_equal(kept(&d), 5); /* same x ... x same x */
	assert_int_equal(d.n, 5 + 2 * (LONG - 5));
	diff_release(&d);
	free(a);
	free(b);
}

static void expect_printed(const char *old, const char *new, const char *wanted)
{
	struct printer p = { .color = false };

	print_difference(&p, bytes_str(old), bytes_str(new));
	assert_string_equal(buf_cstr(&p.out), wanted);
	buf_release(&p.out);
}

static void changes_are_printed(void **state)
{
	(void)state;
	expect_printed("", "", "");
	expect_printed("a\n", "a\n", "");
	expect_printed("", "a\n", "+ a\n");
	expect_printed("a\n\n", "", "- a\n-\n");
	expect_printed("the dam holds\n", "the dam broke\n", "~ the dam [-holds-]{+broke+}\n");
	expect_printed("the dam holds now\n", "the dam holds\n", "~ the dam holds[- now-]\n");
	expect_printed("one two three\n", "four five six\n", "- one two three\n+ four five six\n");
	expect_printed("aa b c dd\n", "aa x y dd\n", "~ aa [-b c-]{+x y+} dd\n");
	expect_printed("  aaa b\n", "  aaa c\n", "~   aaa [-b-]{+c+}\n");
	expect_printed("1\n2\n3\n4\n5\n6\n7\n", "1\n2\n3\n4\n5\n6\nx\n", "...\n  5\n  6\n- 7\n+ x\n");
	expect_printed("1\n2\n3\n4\n5\n6\n7\n8\n", "x\n2\n3\n4\n5\n6\n7\ny\n",
		       "- 1\n+ x\n  2\n  3\n...\n  6\n  7\n- 8\n+ y\n");
	expect_printed("1\n2\n3\n4\n5\n", "x\n2\n3\n4\ny\n", "- 1\n+ x\n  2\n  3\n  4\n- 5\n+ y\n");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(steps_lead_from_one_to_the_other),
		cmocka_unit_test(what_is_too_long_is_all_changed_but_for_its_ends),
		cmocka_unit_test(changes_are_printed),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
