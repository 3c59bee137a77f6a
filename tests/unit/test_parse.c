/* tests/unit/test_parse.c - what a question means, and that ordinary text is never an error. */
#include "base/civil.h"
#include "base/mem.h"
#include "generate/rng.h"
#include "lib/show_tree.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <stdlib.h>

#define LARGE 100000 /* bytes of a question that nobody types */
#define TODAY 20783  /* 2026-11-26, in days from 1970 */

/* One question, in a heap block of exactly its size, so that reading past either end shows. */
struct asked {
	uint8_t *text;
	size_t n;
	struct arena arena;
	struct query query;
	struct err err;
	int rc;
};

static void ask(struct asked *a, struct bytes text, bool any)
{
	*a = (struct asked){ .text = mem_alloc(text.n), .n = text.n };
	if (text.n)
		memcpy(a->text, text.p, text.n);
	a->rc = query_parse(&a->query, bytes_of(a->text, text.n),
			    &(struct parse_options){ .any = any, .today = TODAY * (int64_t)CIVIL_DAY },
			    &a->arena, &a->err);
}

static void drop(struct asked *a)
{
	query_release(&a->query);
	arena_release(&a->arena);
	free(a->text);
}

struct example {
	const char *text, *tree;
};

static void check(const struct example *e, bool any)
{
	struct buf tree = BUF_INIT;
	struct asked a;

	ask(&a, bytes_str(e->text), any);
	if (a.rc < 0)
		fail_msg("[%s]: %s", e->text, a.err.msg);
	if (a.query.root)
		show_tree(&tree, a.query.root);
	if (strcmp(buf_cstr(&tree), e->tree) != 0)
		fail_msg("[%s] is read as %s, not as %s", e->text, buf_cstr(&tree), e->tree);
	buf_release(&tree);
	drop(&a);
}

#define CHECK_ALL(examples, any)                                                                             \
	for (size_t i_ = 0; i_ < sizeof(examples) / sizeof *(examples); i_++)                                \
	check(&(examples)[i_], any)

/* ---- the grammar ---- */

static void operators_bind_as_usual(void **state)
{
	static const struct example examples[] = {
		{ "a", "a" },
		{ "a b c", "(and a b c)" },
		{ "a AND b", "(and a b)" },
		{ "a OR b", "(or a b)" },
		{ "a b OR c d", "(or (and a b) (and c d))" },
		{ "a OR b AND c OR d", "(or a (and b c) d)" },
		{ "(a OR b) c", "(and (or a b) c)" },
		{ "a(b OR c)d", "(and a (or b c) d)" },
		{ "NOT a b", "(and (not a) b)" },
		{ "a NOT b", "(and a (not b))" },
		{ "a AND NOT b", "(and a (not b))" },
		{ "a -b", "(and a (not b))" },
		{ "-a", "(not a)" },
		{ "-(a b)", "(not (and a b))" },
		{ "-\"a b\" c", "(and (not \"a b\") c)" },
		{ "NOT NOT a", "a" },
		{ "NOT -a", "a" },
		{ "a OR -b", "(or a (not b))" },
		{ "and or not", "(and and or not)" },
		{ "ANDY ORE NOTE", "(and ANDY ORE NOTE)" },
		{ "((a))", "a" },
		{ "a w/5 b", "(near5 a b)" },
		{ "a W/5 b near/3 c pre/2 d adj/1 e", "(prenear1 (prenear2 (near3 (near5 a b) c) d) e)" },
		{ "a w/s b w/p c", "(near/p (near/s a b) c)" },
		{ "a b w/5 c d OR e w/5 f", "(or (and a (near5 b c) d) (near5 e f))" },
		{ "a w/5 (b OR \"c d\")", "(near5 a (or b \"c d\"))" },
		{ "a not w/5 b", "(far5 a b)" },
		{ "a NOT near/5 (b OR c)", "(far5 a (or b c))" },
		{ "-a w/5 b", "(not (near5 a b))" },
		{ "a w/5 (b c)", "(and (near5 a b) (near5 a c))" },
		{ "(a OR b c) w/5 (d e)", "(or (and (near5 a d) (near5 a e)) (and (near5 b d) (near5 b e) "
					  "(near5 c d) (near5 c e)))" },
		{ "title:a w/5 title:b^2", "(near5 title:a title:b^2)" },
		{ "atleast5(opioid)", "(atleast5 opioid)" },
		{ "atleast5(a OR b w/5 c)", "(atleast5 (or a (near5 b c)))" },
		{ "atleast5(a b)", "(and (atleast5 a) (atleast5 b))" },
		{ "3of(crash plane \"a b\" (c d))", "(someof3 crash plane \"a b\" (and c d))" },
		{ "w/o a w/wife and/or w/", "(and w/o a w/wife and/or w/)" },
	};

	(void)state;
	CHECK_ALL(examples, false);
}

static void any_makes_words_alternatives_but_not_filters(void **state)
{
	static const struct example examples[] = {
		{ "a b", "(or a b)" },
		{ "a -b c", "(and (not b) (or a c))" },
		{ "a b date:none", "(and undated (or a b))" },
		{ "a AND b", "(and a b)" },
		{ "a b AND c", "(or a (and b c))" },
		{ "a AND b c d", "(or (and a b) c d)" },
		{ "-a", "(not a)" },
		{ "(a b) c", "(or a b c)" },
	};

	(void)state;
	CHECK_ALL(examples, true);
}

static void leaves_are_what_they_look_like(void **state)
{
	static const struct example examples[] = {
		{ "COVID-19 U.S. AT&T O'Brien", "(and COVID-19 U.S. AT&T O'Brien)" },
		{ "=Gates", "=Gates" },
		{ "gate*", "gate*" },
		{ "*", "all" },
		{ "=\"a b\"", "\"a b\"" },
		{ "\"a (b) -c\"", "\"a (b) -c\"" },
		{ "~\"a b\"", "~\"a b\"" },
		{ "“a b” „c d“ ~“e f”", "(and \"a b\" \"c d\" ~\"e f\")" },
		{ "“a b\" c", "(and \"a b\" c)" },
		{ "a\"b c\"d", "(and a \"b c\" d)" },
		{ "title:a b", "(and title:a b)" },
		{ "title:\"a b\" c", "(and title:\"a b\" c)" },
		{ "title:~\"a b\"", "title:~\"a b\"" },
		{ "title:(a OR b) c", "(and (or title:a title:b) c)" },
		{ "title:=A title:b*", "(and title:=A title:b*)" },
		{ "title:title:a b", "(and title:a b)" },
		{ "-title:a", "(not title:a)" },
		{ "foo:bar http://a.b/c?d=e", "(and foo:bar http://a.b/c?d=e)" },
		{ "date: title: words:", "" },
		{ "wom?n *gate te*r Who? won?", "(and <wom?n> <*gate> <te*r> Who? won?)" },
		{ "terror! stop!! **bold** terror*, U.S.*", "(and terror* stop!! <*bold*> terror* U.S.*)" },
		{ "anti-wom?n", "(prenear1 anti <wom?n>)" },
		{ "qaddafi~1 qaddafi~2 ~1 a~x", "(and ~1:qaddafi ~2:qaddafi ~1 a~x)" },
		{ "/colou?r/ /(a|b)c/ /usr/bin / /a b/", "(and /colou?r/ /(a|b)c/ /usr/bin /a b/)" },
		{ "caps(apple) ALLCAPS(RICO AIDS)", "(and caps:apple allcaps:RICO allcaps:AIDS)" },
		{ "nocaps(a OR b) caps (a)", "(and (or nocaps:a nocaps:b) caps a)" },
		{ "bank^3 \"a b\"^0.5 (a OR b)^2 10^6 a^b", "(and bank^3 \"a b\"^0.5 (or a b)^2 10^6 a^b)" },
		{ "lead:(flood dam) first/50:flood", "(and lead:flood lead:dam first50:flood)" },
		{ "title:quote:a first/9:(first/5:b)", "(and title:quote:a first5:b)" },
		{ "source:bbc by:\"jane doe\" author:j*", "(and source='bbc' by='jane doe' by='j*')" },
		{ "source:(bbc OR \"le monde\") c", "(and (or source='bbc' source='le monde') c)" },
		{ "url:https://a.b/c?d=e^2 id:x tag:a:b",
		  "(and url='https://a.b/c?d=e^2' id='x' tag='a:b')" },
		{ "lang:en section: Title:x", "(and lang='en' Title:x)" },
		{ "words:>800 words:<300 words:>=5", "(and [words 801 ] [words 0 300] [words 5 ])" },
		{ "words:300..500 words:7 words:..9", "(and [words 300 501] [words 7 8] [words 0 10])" },
		{ "5% $5bn 京", "(and 5% $5bn 京)" },
	};

	(void)state;
	CHECK_ALL(examples, false);
}

static void what_does_not_fit_is_read_around(void **state)
{
	static const struct example examples[] = {
		{ "", "" },
		{ "   \t\n", "" },
		{ "-", "" },
		{ "a - b", "(and a b)" },
		{ "--a", "--a" },
		{ "((", "" },
		{ "))", "" },
		{ "()", "" },
		{ "a)b", "(and a b)" },
		{ "(a b", "(and a b)" },
		{ ")a OR(b", "(or a b)" },
		{ "a AND", "a" },
		{ "AND a", "a" },
		{ "a OR", "a" },
		{ "OR a", "a" },
		{ "a OR OR b", "(or a b)" },
		{ "a NOT", "a" },
		{ "NOT", "" },
		{ "(NOT) a", "a" },
		{ "\"a b", "\"a b\"" },
		{ "\"\" a", "a" },
		{ "\"...\" a", "a" },
		{ "a \"", "a" },
		{ "~", "" },
		{ "=", "" },
		{ "~a", "~a" },
		{ "? ! , ; a", "a" },
		{ "🙂", "" },
		{ "a 🙂 b", "(and a b)" },
		{ "title:", "" },
		{ "a (b date:", "(and a b)" },
		{ "title:) a", "a" },
		{ "title:( a", "title:a" },
		{ "title: a", "a" },
		{ "(by: words:) date: \"2019\" date:(a)", "(and \"2019\" a)" },
		{ "a w/5", "a" },
		{ "w/5 a", "a" },
		{ "a w/5 OR b", "(or a b)" },
		{ "a w/5 w/3 b", "(near3 a b)" },
		{ "a w/5 — b", "(and a b)" },
		{ "w/x a", "a" },
		{ "a (w/x) -w/5 b", "(and a (not ~\"w/5\") b)" },
		{ "title:OR", "title:~\"OR\"" },
		{ "allcaps(OR) caps(w/5)", "(and allcaps:OR caps:w/5)" },
		{ "(a^2)^3", "a^6" },
		{ "\"climat* change\" ~\"a * b c* d\"",
		  "(and (prenear1 climat* \"change\") (prenear1 (prenear1 ~\"a * b\" c*) ~\"d\"))" },
		{ "atleast2() a", "a" },
	};

	(void)state;
	CHECK_ALL(examples, false);
}

static void an_unclosed_quotation_is_noted(void **state)
{
	struct asked a;

	(void)state;
	ask(&a, bytes_str("\"a b"), false);
	assert_non_null(strstr(buf_cstr(&a.query.notes), "not closed"));
	drop(&a);
	ask(&a, bytes_str("\"a b\""), false);
	assert_int_equal(a.query.notes.n, 0);
	drop(&a);
}

/* ---- dates ---- */

static void periods_end_where_the_calendar_says(void **state)
{
	static const struct example examples[] = {
		{ "date:1987", "[1987-01-01 1988-01-01]" },
		{ "date:1987-01", "[1987-01-01 1987-02-01]" },
		{ "date:1987-12", "[1987-12-01 1988-01-01]" },
		{ "date:1987-02", "[1987-02-01 1987-03-01]" },
		{ "date:1988-02", "[1988-02-01 1988-03-01]" },
		{ "date:1987-03-15", "[1987-03-15 1987-03-16]" },
		{ "date:1987-03-01", "[1987-03-01 1987-03-02]" },
		{ "date:1987-01-01", "[1987-01-01 1987-01-02]" },
		{ "date:1987-03-31", "[1987-03-31 1987-04-01]" },
		{ "date:1987-12-31", "[1987-12-31 1988-01-01]" },
		{ "date:1988-02-29", "[1988-02-29 1988-03-01]" },
		{ "date:2000-02-29", "[2000-02-29 2000-03-01]" },
		{ "date:1987-03..1987-05", "[1987-03-01 1987-06-01]" },
		{ "date:1987-03-01..1987-03-01", "[1987-03-01 1987-03-02]" },
		{ "date:..1999", "[ 2000-01-01]" },
		{ "date:..1999-04-30", "[ 1999-05-01]" },
		{ "date:2001..", "[2001-01-01 ]" },
		{ "after:2001 before:1987-03", "(and [2002-01-01 ] [ 1987-03-01])" },
		{ "date:today date:yesterday", "(and [2026-11-26 2026-11-27] [2026-11-25 2026-11-26])" },
		{ "date:last-30d date:last-2w", "(and [2026-10-27 2026-11-27] [2026-11-12 2026-11-27])" },
		{ "date:last-9m date:last-1y", "(and [2026-02-26 2026-11-27] [2025-11-26 2026-11-27])" },
		{ "date:none", "undated" },
		{ "date:NONE -date:1987-05", "(and undated (not [1987-05-01 1987-06-01]))" },
		{ "title:(a date:1987)", "(and title:a [1987-01-01 1988-01-01])" },
	};

	(void)state;
	CHECK_ALL(examples, false);
}

static void the_last_year_is_a_whole_year(void **state)
{
	struct asked a;

	(void)state;
	ask(&a, bytes_str("date:9999"), false);
	assert_true(a.query.root->to - a.query.root->from == 365 * CIVIL_DAY);
	drop(&a);
}

static void what_is_no_date_is_an_error(void **state)
{
	/* clang-format off */
	static const char *const texts[] = {
		"date:x", "date:..", "date:198", "date:19870", "date:1987-", "date:1987-0",
		"date:1987-00", "date:1987-13", "date:1987-1", "date:1987-02-29", "date:1900-02-29",
		"date:1987-04-31", "date:1987-04-00", "date:1987-04-1", "date:1987-04-011",
		"date:1987-04-", "date:0000", "date:1999..1998", "date:1987...", "date:1987..x",
		"date:-1987", "date:1987/03", "date:last-0d", "date:last-5x", "date:last-99999y",
		"after:x", "before:1987-", "after:none", "a OR (b date:y)", "date:𝟙𝟡𝟠𝟟", "a -date:z",
	};
	/* clang-format on */

	(void)state;
	for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
		struct asked a;

		ask(&a, bytes_str(texts[i]), false);
		if (a.rc != ERR_USAGE)
			fail_msg("[%s] is read without an error", texts[i]);
		assert_non_null(strstr(a.err.msg, "not a date"));
		drop(&a);
	}
}

/* ---- sizes ---- */

/* `piece` again and again, LARGE bytes of it, then `end`. */
static void ask_large(struct asked *a, const char *piece, const char *end)
{
	struct buf text = BUF_INIT;

	while (text.n < LARGE)
		buf_add_str(&text, piece);
	buf_add_str(&text, end);
	ask(a, buf_bytes(&text), false);
	assert_int_equal(a->rc, 0);
	buf_release(&text);
}

static void nothing_is_too_deep_or_too_long(void **state)
{
	static const char *const pieces[] = { "(",       ")",  "-(",           "NOT ",      "-",   "title:",
					      "title:(", "\"", "~\"",          "a OR ",     "(a ", "a)",
					      "=\"",     "()", "a AND (b OR ", "-title:(c " };

	(void)state;
	for (size_t i = 0; i < sizeof pieces / sizeof *pieces; i++) {
		struct asked a;

		ask_large(&a, pieces[i], "z");
		assert_true(a.query.notes.n < 3000);
		drop(&a);
	}
}

static void groups_beyond_the_limit_are_ignored_with_their_ends(void **state)
{
	struct buf text = BUF_INIT, tree = BUF_INIT;
	struct asked a;

	(void)state;
	for (int i = 0; i < PARSE_DEPTH; i++)
		buf_add_byte(&text, '(');
	buf_add_str(&text, "a ((b)) c");
	for (int i = 0; i < PARSE_DEPTH; i++)
		buf_add_byte(&text, ')');
	buf_add_str(&text, " OR d");
	ask(&a, buf_bytes(&text), false);
	show_tree(&tree, a.query.root);
	assert_string_equal(buf_cstr(&tree), "(or (and a b c) d)");
	assert_non_null(strstr(buf_cstr(&a.query.notes), "too deep"));
	drop(&a);
	buf_release(&text);
	buf_release(&tree);
}

/* Is every node what its kind promises, its place inside the question? */
static void check_tree(const struct asked *a, const struct query_node *n, unsigned height)
{
	size_t children = 0;

	assert_true(height <= PARSE_HEIGHT);
	for (const struct query_node *child = n->children; child; child = child->next, children++) {
		assert_true(child->height < n->height);
		check_tree(a, child, height + 1);
	}
	switch (n->kind) {
	case QUERY_AND:
	case QUERY_OR: assert_true(children > 1); break;
	case QUERY_NEAR:
	case QUERY_NOT_NEAR: assert_int_equal(children, 2); break;
	case QUERY_SOME_OF: assert_true(n->n && children >= n->n); break;
	case QUERY_NOT:
	case QUERY_AT_LEAST: assert_int_equal(children, 1); break;
	default: assert_int_equal(children, 0);
	}
	if (n->place.n)
		assert_true(n->place.p >= a->text && n->place.p + n->place.n <= a->text + a->n);
	if (n->kind == QUERY_DATE || n->kind == QUERY_LENGTH)
		assert_true(n->from < n->to);
	assert_true(n->boost >= BOOST_LEAST && n->boost <= BOOST_MOST);
	if (n->regions)
		assert_true(query_is_words(n->kind) && !(n->regions & REGION_FIRST) == !n->first);
}

static void garbage_is_read_too(void **state)
{
	/* clang-format off */
	static const char *const pieces[] = {
		" ", "  ", "(", ")", "\"", "“", "”", "~", "=", "-", "*", "a", "é", "京", "AND", "OR",
		"NOT", "title:", "date:", "..", "1987", "-03", "-31", "none", "\n", "\'", "\x80",
		"\xE2", "\xE2\x80", "\xF0\x9F", "🙂", "$5", "%", "word", "COVID-19", "\x01",
	};
	/* clang-format on */
	struct buf text = BUF_INIT;
	struct rng r;

	(void)state;
	rng_init(&r, 7);
	for (int i = 0; i < 20000; i++) {
		struct asked a;

		buf_reset(&text);
		for (uint32_t n = rng_below(&r, 14); n; n--) {
			buf_add_str(&text, pieces[rng_below(&r, sizeof pieces / sizeof *pieces)]);
			if (rng_one_in(&r, 50))
				buf_add_byte(&text, 0);
		}
		ask(&a, buf_bytes(&text), rng_one_in(&r, 3));
		assert_true(a.rc == 0 || a.rc == ERR_USAGE);
		if (a.rc == 0 && a.query.root)
			check_tree(&a, a.query.root, 0);
		drop(&a);
	}
	buf_release(&text);
}

static void no_text_at_all_is_no_question(void **state)
{
	struct arena arena = ARENA_INIT;
	struct query query;
	struct err err;

	(void)state;
	assert_int_equal(query_parse(&query, BYTES_NONE, NULL, &arena, &err), 0);
	assert_null(query.root);
	query_release(&query);
	arena_release(&arena);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(operators_bind_as_usual),
		cmocka_unit_test(any_makes_words_alternatives_but_not_filters),
		cmocka_unit_test(leaves_are_what_they_look_like),
		cmocka_unit_test(what_does_not_fit_is_read_around),
		cmocka_unit_test(an_unclosed_quotation_is_noted),
		cmocka_unit_test(periods_end_where_the_calendar_says),
		cmocka_unit_test(the_last_year_is_a_whole_year),
		cmocka_unit_test(what_is_no_date_is_an_error),
		cmocka_unit_test(nothing_is_too_deep_or_too_long),
		cmocka_unit_test(groups_beyond_the_limit_are_ignored_with_their_ends),
		cmocka_unit_test(garbage_is_read_too),
		cmocka_unit_test(no_text_at_all_is_no_question),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
