/* tests/unit/test_nearest.c - slips of the finger find their name, other words none. */
#include "base/nearest.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <stdio.h>
#include <string.h>

static const char *const options[] = { "limit", "offset", "sort",          "count", "numbers", "json",
				       "any",   "color",  "explain-score", "k1",    "b",       NULL };

static const char *meant(const char *word)
{
	static struct nearest n;

	nearest_start(&n, word);
	for (size_t i = 0; options[i]; i++)
		nearest_offer(&n, options[i]);
	return n.best;
}

static void one_slip_finds_its_name(void **state)
{
	(void)state;
	assert_string_equal(meant("jsno"), "json");  /* two letters swapped */
	assert_string_equal(meant("jon"), "json");   /* one left out */
	assert_string_equal(meant("jsson"), "json"); /* one too many */
	assert_string_equal(meant("jspn"), "json");  /* another one */
	assert_string_equal(meant("JSON"), "json");  /* case */
	assert_string_equal(meant("colour"), "color");
	assert_string_equal(meant("ayn"), "any");
	assert_string_equal(meant("K1"), "k1");
}

static void long_names_forgive_more(void **state)
{
	(void)state;
	assert_string_equal(meant("explan-scroe"), "explain-score");
	assert_string_equal(meant("xplan-scroe"), "explain-score");
	assert_string_equal(meant("numebrss"), "numbers");
	assert_string_equal(meant("jsnoo"), ""); /* two slips in four letters */
}

static void a_beginning_finds_its_name(void **state)
{
	(void)state;
	assert_string_equal(meant("explain"), "explain-score");
	assert_string_equal(meant("num"), "numbers");
	assert_string_equal(meant("n"), ""); /* one letter is no beginning */
}

static void other_words_find_nothing(void **state)
{
	(void)state;
	assert_string_equal(meant("fuzzy"), "");
	assert_string_equal(meant(""), "");
	assert_string_equal(meant("x"), "");
	assert_string_equal(meant("k2"), ""); /* nothing would be left of the word */
	assert_string_equal(meant("an-option-that-is-longer-than-any-name-could-ever-be"), "");
}

static void the_nearest_wins_and_of_equals_the_first(void **state)
{
	struct nearest n;

	(void)state;
	nearest_start(&n, "newst");
	nearest_offer(&n, "newsy");
	nearest_offer(&n, "newest");
	assert_string_equal(n.best, "newsy");
	assert_int_equal(n.edits, 1);
	nearest_offer(&n, "newst");
	assert_string_equal(n.best, "newst");
	assert_int_equal(n.edits, 0);
}

static void the_longest_name_has_room_in_a_hint(void **state)
{
	char name[NEAREST_MAX], hint[NEAREST_HINT];
	const char *names[] = { name, NULL };

	(void)state;
	memset(name, 'x', sizeof name - 1);
	name[sizeof name - 1] = '\0';
	nearest_of(name, names, "the command ", hint);
	assert_int_equal(hint[strlen(hint) - 1], '?');
	assert_string_equal(nearest_of("json", options, "--", hint), "; did you mean --json?");
	assert_string_equal(nearest_of("fuzzy", options, "--", hint), "");
}

/* Edits are as many from one word to the other as back. */
static void edits_are_symmetric(void **state)
{
	struct nearest there, back;

	(void)state;
	for (size_t i = 0; options[i]; i++) {
		for (size_t j = 0; options[j]; j++) {
			nearest_start(&there, options[i]);
			nearest_offer(&there, options[j]);
			nearest_start(&back, options[j]);
			nearest_offer(&back, options[i]);
			if (*there.best && *back.best)
				assert_int_equal(there.edits, back.edits);
			if (i == j)
				assert_int_equal(there.edits, 0);
		}
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(one_slip_finds_its_name),
		cmocka_unit_test(long_names_forgive_more),
		cmocka_unit_test(a_beginning_finds_its_name),
		cmocka_unit_test(other_words_find_nothing),
		cmocka_unit_test(the_nearest_wins_and_of_equals_the_first),
		cmocka_unit_test(the_longest_name_has_room_in_a_hint),
		cmocka_unit_test(edits_are_symmetric),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
