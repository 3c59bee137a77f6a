/* tests/unit/test_furniture.c - furniture goes, text stays. */
#include "extract/furniture.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <stdio.h>
#include <stdlib.h>

#define SENTENCE                                                                                             \
	"The minister said on Monday that the talks would go on until both sides had agreed on every "       \
	"point, "                                                                                            \
	"and that nobody would leave the room before."
_Static_assert(sizeof SENTENCE > FURNITURE_PROSE && sizeof SENTENCE < FURNITURE_LINE,
	       "a story's short paragraph");

static struct furniture *rules_of(const char *text)
{
	struct furniture *f = furniture_new(bytes_str(text), NULL);

	assert_non_null(f);
	return f;
}

/* The text that f leaves of body; furniture shows as "[...]". */
static void expect_left(const struct furniture *f, const char *body, const char *want)
{
	struct range *ranges = NULL;
	struct buf left = BUF_INIT;
	size_t n = 0, cap = 0, at = 0;

	furniture_mark(f, bytes_str(body), &ranges, &n, &cap);
	for (size_t i = 0; i < n; i++) {
		assert_true(ranges[i].start < ranges[i].end && ranges[i].end <= strlen(body));
		assert_true(ranges[i].start == 0 || body[ranges[i].start - 1] == '\n');
		assert_true(i == 0 || ranges[i].start > ranges[i - 1].end);
		buf_add(&left, body + at, ranges[i].start - at);
		buf_add_str(&left, "[...]");
		at = ranges[i].end;
	}
	buf_add_str(&left, body + at);
	assert_string_equal(buf_cstr(&left), want);
	buf_release(&left);
	free(ranges);
}

static void a_line_rule_marks_the_line_wherever_it_stands(void **state)
{
	struct furniture *f = rules_of("line Advertisement\n");

	(void)state;
	expect_left(f, "A\n  ADVERTISEMENT \nB\nadvertisement\n\nAdvertisement",
		    "A\n[...]B\nadvertisement\n\n[...]");
	expect_left(f, "An Advertisement\nAdvertisements", "An Advertisement\nAdvertisements");
	expect_left(f, "Advertisement\nAdvertisement\nA", "[...]A");
	expect_left(f, "", "");
	furniture_free(f);
}

static void wildcards_stand_for_any_text(void **state)
{
	static const struct {
		const char *pattern, *line;
		bool want;
	} cases[] = {
		{ "Share this @*", "Share this @internewscast.com", true },
		{ "Share this @*", "Share this @", true },
		{ "Share this @*", "Share this", false },
		{ "* of *", "Image 1 of 2", true },
		{ "* of *", "of", false },
		{ "*ab*ab*c", "xabxabxabxc", true },
		{ "*ab*ab*c", "xabxac", false },
		{ "a*a", "a", false },
		{ "Editor's -- \"Pick\"...",
		  "editor\xE2\x80\x99s \xE2\x80\x93\xE2\x80\x94 \xE2\x80\x9CPick\xE2\x80\x9D\xE2\x80\xA6",
		  false },
		{ "Editor's -- \"Pick\"...",
		  "Editor\xE2\x80\x99s \xE2\x80\x93\xE2\x80\x94 \xE2\x80\x9CPick\xE2\x80\x9D\xE2\x80\xA6",
		  true },
		{ "Read  more", "\tRead\xC2\xA0 more\xE2\x80\x8B", true },
		{ "editor", "EDITOR", true },
		{ "Caf\xC3\xA9", "Caf\xC3\xA9", true },
		{ "x*", "x\xFF\xE2\x80", true },
	};

	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		char rule[64];
		struct furniture *f;

		snprintf(rule, sizeof rule, "line %s", cases[i].pattern);
		f = rules_of(rule);
		if (furniture_is_line(f, bytes_str(cases[i].line)) != cases[i].want)
			fail_msg("pattern \"%s\", line \"%s\"", cases[i].pattern, cases[i].line);
		furniture_free(f);
	}
}

static void a_long_line_is_never_furniture(void **state)
{
	struct furniture *f = rules_of("line Related: *\n");
	char line[400];

	(void)state;
	memset(line, 'x', sizeof line);
	memcpy(line, "Related: ", 9);
	assert_true(furniture_is_line(f, bytes_of(line, FURNITURE_LINE)));
	assert_false(furniture_is_line(f, bytes_of(line, FURNITURE_LINE + 1)));
	furniture_free(f);
}

static void a_rest_rule_marks_all_below(void **state)
{
	struct furniture *f = rules_of("line Share\nrest You may also like\n");

	(void)state;
	expect_left(f, "Text.\nShare\nYou May Also Like\n\nTeaser one\n\nIts start is cut\xE2\x80\xA6\n",
		    "Text.\n[...]");
	furniture_free(f);
}

static void a_rest_rule_with_no_text_above_marks_its_line(void **state)
{
	struct furniture *f = rules_of("line Share\nrest You may also like\n");

	(void)state;
	expect_left(f, "\nShare\nYou may also like\nText.", "\n[...]Text.");
	furniture_free(f);
}

static void a_rest_rule_with_a_story_below_marks_its_line(void **state)
{
	struct furniture *f = rules_of("rest You may also like\n");
	char body[20 + FURNITURE_LONG + 1] = "A\nYou may also like\n";
	char left[2 + 5 + FURNITURE_LONG + 1] = "A\n[...]";

	(void)state;
	expect_left(f, "A\nYou may also like\nB\n" SENTENCE "\nC", "A\n[...]B\n" SENTENCE "\nC");
	expect_left(f, "A\nYou may also like\nB\n" SENTENCE "\nC\nYou may also like\nD",
		    "A\n[...]B\n" SENTENCE "\nC\n[...]");
	expect_left(f, "A\nYou may also like\n" SENTENCE "\xE2\x80\xA6\n" SENTENCE "..\n", "A\n[...]");
	memset(body + 20, 'x', FURNITURE_LONG);
	memset(left + 7, 'x', FURNITURE_LONG);
	expect_left(f, body, left);
	furniture_free(f);
}

static void a_bad_rule_is_named_by_its_line(void **state)
{
	static const char *const cases[][2] = {
		{ "# ok\n\nlines Advertisement\n", "line 3: want \"line PATTERN\"" },
		{ "line Advertisement\nrest\n", "line 2: want" },
		{ "line * *\n", "line 1: a pattern that matches anything" },
		{ "line \xE2\x80\x8B\n", "line 1: a pattern that matches anything" },
	};
	struct err err;

	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		assert_null(furniture_new(bytes_str(cases[i][0]), &err));
		assert_int_equal(err.code, ERR_USAGE);
		assert_non_null(strstr(err.msg, cases[i][1]));
	}
}

static void no_rules_mark_nothing(void **state)
{
	struct furniture *f = rules_of("# nothing\n");

	(void)state;
	expect_left(f, "Advertisement\n", "Advertisement\n");
	furniture_free(f);
	furniture_free(NULL);
}

static void the_rules_of_the_program_know_the_usual_furniture(void **state)
{
	static const char *const furniture[] = {
		"Share this @internewscast.com",
		"Unlock the Editor\xE2\x80\x99s Digest for free",
		"You May Also Like",
		"ADVERTISEMENT",
		"Read more: Strike ends",
		"Click here to subscribe",
		" Reuter",
		"REUTER...",
		"\xC2\xA9 2019 The Daily. All rights reserved.",
		"Story Continued Below",
	};
	static const char *const text[] = {
		"Advertisement spending rose.",
		"more from the show of the week",
		"Reuters reported the talks.",
		"Sign up for health insurance began on Monday.",
		"Related party deals are banned.",
		"Advertising",
		"Share",
		"Unlock the door",
		"Follow the money",
		"Click",
		"More",
	};
	struct furniture *f = furniture_builtin();

	(void)state;
	for (size_t i = 0; i < sizeof furniture / sizeof *furniture; i++)
		if (!furniture_is_line(f, bytes_str(furniture[i])))
			fail_msg("not known: \"%s\"", furniture[i]);
	for (size_t i = 0; i < sizeof text / sizeof *text; i++)
		if (furniture_is_line(f, bytes_str(text[i])))
			fail_msg("taken for furniture: \"%s\"", text[i]);
	furniture_free(f);
}

/* A line that the pattern matches, with `space` between words and curly quotes. */
static void write_otherwise(struct buf *out, struct bytes pattern, const char *space)
{
	buf_reset(out);
	for (size_t i = 0; i < pattern.n; i++) {
		if (pattern.p[i] == ' ')
			buf_add_str(out, space);
		else if (pattern.p[i] == '*')
			buf_add_str(out, "x");
		else if (pattern.p[i] == '\'')
			buf_add_str(out, "\u2019");
		else
			buf_add_byte(out, pattern.p[i]);
	}
}

static void a_rule_is_known_however_it_is_written(void **state)
{
	static const char *const spaces[] = { " ", "  ", "\u00A0", " \u200B \t", "\u2003\u3000" };
	struct furniture *f = furniture_builtin();
	struct bytes rules = bytes_of(furniture_rules_text, furniture_rules_size), rule;
	struct buf line = BUF_INIT;

	(void)state;
	while (bytes_line(&rules, &rule)) {
		if (rule.n < 6 || rule.p[0] == '#')
			continue;
		for (size_t i = 0; i < sizeof spaces / sizeof *spaces; i++) {
			write_otherwise(&line, bytes_of(rule.p + 5, rule.n - 5), spaces[i]);
			if (!furniture_is_line(f, buf_bytes(&line)))
				fail_msg("not known: \"%s\"", buf_cstr(&line));
		}
	}
	furniture_free(f);
	buf_release(&line);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_line_rule_marks_the_line_wherever_it_stands),
		cmocka_unit_test(wildcards_stand_for_any_text),
		cmocka_unit_test(a_long_line_is_never_furniture),
		cmocka_unit_test(a_rest_rule_marks_all_below),
		cmocka_unit_test(a_rest_rule_with_no_text_above_marks_its_line),
		cmocka_unit_test(a_rest_rule_with_a_story_below_marks_its_line),
		cmocka_unit_test(a_bad_rule_is_named_by_its_line),
		cmocka_unit_test(no_rules_mark_nothing),
		cmocka_unit_test(the_rules_of_the_program_know_the_usual_furniture),
		cmocka_unit_test(a_rule_is_known_however_it_is_written),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
