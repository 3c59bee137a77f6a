/* tests/unit/test_pattern.c - wildcards, regular expressions and misspellings match whole words. */
#include "patterns/pattern.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <stdlib.h>

static struct pattern p;
static struct err err;
static size_t at;

static int wildcard(const char *pattern, const char *text)
{
	int got;

	assert_int_equal(pattern_wildcard(&p, bytes_str(pattern), &at, &err), 0);
	got = pattern_match(&p, bytes_str(text));
	pattern_release(&p);
	return got;
}

static int regex(const char *pattern, const char *text)
{
	int got;

	if (pattern_regex(&p, bytes_str(pattern), &at, &err) < 0)
		fail_msg("%s: %s at %zu", pattern, err.msg, at);
	got = pattern_match(&p, bytes_str(text));
	pattern_release(&p);
	return got;
}

static int fuzzy(const char *word, unsigned edits, const char *text)
{
	int got;

	assert_int_equal(pattern_fuzzy(&p, bytes_str(word), edits, &at, &err), 0);
	got = pattern_match(&p, bytes_str(text));
	pattern_release(&p);
	return got;
}

#define NO AUTOMATON_NO

static void stars_and_question_marks(void **state)
{
	(void)state;
	assert_int_equal(wildcard("terror*", "terror"), 0);
	assert_int_equal(wildcard("terror*", "Terrorists"), 0);
	assert_int_equal(wildcard("terror*", "terro"), NO);
	assert_int_equal(wildcard("wom?n", "women"), 0);
	assert_int_equal(wildcard("wom?n", "womn"), NO);
	assert_int_equal(wildcard("*gate", "Watergate"), 0);
	assert_int_equal(wildcard("*gate", "gates"), NO);
	assert_int_equal(wildcard("ab*cd?", "abxcdcde"), 0);
	assert_int_equal(wildcard("ab*cd?", "abcd"), NO);
	assert_int_equal(wildcard("*aix*", "Provencaix"), 0);
	assert_int_equal(wildcard("*", ""), 0);
	assert_int_equal(wildcard("a.c", "abc"), NO); /* a full stop is one */
	assert_int_equal(wildcard("a.c", "a.c"), 0);
}

static void case_and_accents_do_not_matter(void **state)
{
	(void)state;
	assert_int_equal(wildcard("ZO?", "zoé"), 0);
	assert_int_equal(wildcard("zoë", "ZOE"), 0);
	assert_int_equal(wildcard("?toile", "Étoile"), 0);
	assert_int_equal(wildcard("stra*e", "Straße"), 0);
	assert_int_equal(wildcard("straße", "strasse"), 0);
	assert_int_equal(wildcard("ж?к", "ЖУК"), 0);
	assert_int_equal(wildcard("時?塔", "時計塔"), 0);
	assert_int_equal(wildcard("z\xCC\x88*", "zebra"), 0); /* z and a diaeresis of its own */
	assert_int_equal(regex("[é-í]+", "ei"), 0);
	assert_int_equal(regex("\\É", "e"), 0);
	assert_int_equal(regex("[^é]", "E"), NO);
	assert_int_equal(fuzzy("Ångström", 1, "angstrem"), 1);
	assert_int_equal(fuzzy("жук", 1, "ЖАК"), 1);
	assert_int_equal(fuzzy("жук", 1, "ЖАР"), NO);
}

static void regular_expressions(void **state)
{
	(void)state;
	assert_int_equal(regex("colou?r", "Color"), 0);
	assert_int_equal(regex("colou?r", "colours"), NO); /* the whole word */
	assert_int_equal(regex("^colou?r$", "colour"), 0);
	assert_int_equal(regex("colo(u|)r", "color"), 0);
	assert_int_equal(regex("gr[ae]y", "grey"), 0);
	assert_int_equal(regex("gr[^ae]y", "grey"), NO);
	assert_int_equal(regex("[]-]+", "]-"), 0);
	assert_int_equal(regex("[a-]", "-"), 0);
	assert_int_equal(regex("\\d{2,3}th", "19th"), 0);
	assert_int_equal(regex("\\d{2,3}th", "1900th"), NO);
	assert_int_equal(regex("\\d{2}", "123"), NO);
	assert_int_equal(regex("[\\d.]{3,}", "3.51"), 0);
	assert_int_equal(regex("\\D\\d", "x7"), 0);
	assert_int_equal(regex("\\w+", "naïve"), 0);
	assert_int_equal(regex("\\W", "'"), 0);
	assert_int_equal(regex("u\\.s\\.?", "U.S"), 0);
	assert_int_equal(regex("(?:ab)*", "ababab"), 0);
	assert_int_equal(regex("(ab)*?", "aba"), NO);
	assert_int_equal(regex("(a|b)*abb", "bababb"), 0);
	assert_int_equal(regex("x{0}y", "y"), 0);
	assert_int_equal(regex("(x{2}){2}", "xxxx"), 0);
	assert_int_equal(regex("a{2,}", "a"), NO);
	assert_int_equal(regex("a{2,}", "aaaaa"), 0);
}

static void misspellings(void **state)
{
	(void)state;
	assert_int_equal(fuzzy("qaddafi", 1, "qaddafi"), 0);
	assert_int_equal(fuzzy("qaddafi", 1, "Gaddafi"), 1); /* the first letter too */
	assert_int_equal(fuzzy("qaddafi", 1, "qadafi"), 1);
	assert_int_equal(fuzzy("qaddafi", 1, "qaddaffi"), 1);
	assert_int_equal(fuzzy("qaddafi", 1, "qaddaif"), 1); /* swapped */
	assert_int_equal(fuzzy("qaddafi", 1, "gadafi"), NO);
	assert_int_equal(fuzzy("qaddafi", 2, "gadafi"), 2);
	assert_int_equal(fuzzy("qaddafi", 2, "gadhafi"), 2);
	assert_int_equal(fuzzy("ca", 2, "abc"), NO); /* a swapped pair is not edited once more */
	assert_int_equal(fuzzy("ab", 2, "ba"), 1);
	assert_int_equal(fuzzy("a", 1, ""), 1);
	assert_int_equal(fuzzy("a", 1, "b"), 1);
}

static void refused(const char *pattern, size_t where, const char *what)
{
	assert_int_equal(pattern_regex(&p, bytes_str(pattern), &at, &err), ERR_USAGE);
	if (!strstr(err.msg, what) || at != where)
		fail_msg("%s: %s at %zu, not %s at %zu", pattern, err.msg, at, what, where);
}

static void errors_say_where(void **state)
{
	(void)state;
	refused("a(bc", 1, "( is not closed");
	refused("^a(bc", 2, "( is not closed");
	refused("ab)c", 2, ") closes nothing");
	refused("a[bc", 1, "[ is not closed");
	refused("a[", 1, "[ is not closed");
	refused("[z-a]", 1, "backwards");
	refused("*a", 0, "nothing to repeat");
	refused("a|+", 2, "nothing to repeat");
	refused("a**", 2, "repeated twice");
	refused("a{2}{3}", 4, "repeated twice");
	refused("a{,3}", 2, "a number of times is missing");
	refused("a{3,2}", 1, "at most less often");
	refused("a{256}", 2, "255");
	refused("a{2", 1, "{ is not closed");
	refused("(a)\\1", 3, "refer back");
	refused("\\bword", 0, "whole word");
	refused("a^b", 1, "whole word");
	refused("a\\", 1, "nothing stands after");
	refused("a\\s", 1, "no spaces");
	refused("\\p", 0, "not known");
	refused("[[:alpha:]]", 1, "by name");
	refused("(?=a)", 0, "(?:");
	refused("(((a{255}){255}){255})", 0, "too big");
	refused("((a{255}b){30}c){30}", 0, "too big");
}

static void nesting_is_bounded(void **state)
{
	char deep[2 * PATTERN_DEPTH + 3] = { 0 };

	(void)state;
	memset(deep, '(', PATTERN_DEPTH);
	memset(deep + PATTERN_DEPTH, ')', PATTERN_DEPTH);
	assert_int_equal(regex(deep, ""), 0);
	memset(deep, '(', PATTERN_DEPTH + 1);
	memset(deep + PATTERN_DEPTH + 1, ')', PATTERN_DEPTH + 1);
	refused(deep, PATTERN_DEPTH, "too deep");
}

static void long_wildcards_are_refused(void **state)
{
	static char text[AUTOMATON_NODES + 10];

	(void)state;
	memset(text, 'a', sizeof text - 1);
	assert_int_equal(pattern_wildcard(&p, bytes_str(text), &at, &err), ERR_USAGE);
	assert_non_null(strstr(err.msg, "too big"));
	memset(text, '*', sizeof text - 1);
	assert_int_equal(pattern_wildcard(&p, bytes_str(text), &at, &err), ERR_USAGE);
}

/* What takes a backtracker longer than there is time. */
static void nothing_is_tried_twice(void **state)
{
	char text[256] = { 0 };

	(void)state;
	memset(text, 'a', 255);
	assert_int_equal(regex("(a*)*b", text), NO);
	assert_int_equal(regex("(a|aa)+b", text), NO);
	assert_int_equal(regex("(a?){200}a{200}", text), 0);
	assert_int_equal(wildcard("*a*a*a*a*a*a*a*a*b", text), NO);
}

/* States are forgotten when they are many; 2^14 of them would be here. */
static void forgotten_states_are_found_again(void **state)
{
	(void)state;
	assert_int_equal(pattern_regex(&p, bytes_str(".*a.{13}"), &at, &err), 0);
	for (uint32_t i = 0, x = 1; i < 30000; i++) {
		char text[40];

		for (int j = 0; j < 40; j++) {
			x = x * 1664525 + 1013904223;
			text[j] = x >> 31 ? 'a' : 'b';
		}
		assert_int_equal(pattern_match(&p, bytes_of(text, 40)), text[26] == 'a' ? 0 : NO);
	}
	assert_in_range(p.automaton.states.n, 2, AUTOMATON_STATES);
	pattern_release(&p);
}

static void first_bytes(void **state)
{
	bool first[256];
	size_t n = 0;

	(void)state;
	assert_int_equal(pattern_regex(&p, bytes_str("(ab|c?D|É)f"), &at, &err), 0);
	automaton_first_bytes(&p.automaton, first);
	for (unsigned b = 0; b < 256; b++)
		n += first[b];
	assert_int_equal(n, 4);
	assert_true(first['a'] && first['c'] && first['d'] && first['e']);
	pattern_release(&p);
}

/* Whether a text lacks what the pattern must find, at sight; 16 letters before it change nothing. */
static bool lacks(const char *text)
{
	char room[80] = "aaaaaaaaaaaaaaaa";
	bool here;

	strcpy(room + 16, text);
	here = pattern_lacks(&p, bytes_str(room + 16));
	assert_int_equal(pattern_lacks(&p, bytes_str(room)), here);
	return here;
}

static void what_a_text_must_have_is_seen_at_once(void **state)
{
	(void)state;
	assert_int_equal(pattern_wildcard(&p, bytes_str("x*bc?dÉf4*"), &at, &err), 0);
	assert_true(!lacks("DEF4") && !lacks("adef4") && lacks("xbcadf4") && lacks("de") && lacks(""));
	assert_false(lacks("é")); /* it may stand for e */
	pattern_release(&p);
	assert_int_equal(pattern_regex(&p, bytes_str("(abc)+xyz?d.ef"), &at, &err), 0);
	assert_true(!lacks("axy") && lacks("abcef"));
	pattern_release(&p);
	assert_int_equal(pattern_regex(&p, bytes_str("abc|b"), &at, &err), 0);
	assert_false(lacks("b"));
	pattern_release(&p);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(stars_and_question_marks),
		cmocka_unit_test(case_and_accents_do_not_matter),
		cmocka_unit_test(regular_expressions),
		cmocka_unit_test(misspellings),
		cmocka_unit_test(errors_say_where),
		cmocka_unit_test(nesting_is_bounded),
		cmocka_unit_test(long_wildcards_are_refused),
		cmocka_unit_test(nothing_is_tried_twice),
		cmocka_unit_test(forgotten_states_are_found_again),
		cmocka_unit_test(first_bytes),
		cmocka_unit_test(what_a_text_must_have_is_seen_at_once),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
