/* tests/unit/test_dialects.c - questions in the syntax that Lexis and Factiva publish. */
#include "base/civil.h"
#include "lib/show_tree.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#define TODAY 20783 /* 2026-11-26, in days from 1970 */

struct example {
	const char *text, *tree;
};

static int read_tree(enum query_dialect dialect, const char *text, struct buf *tree, struct buf *notes,
		     struct err *err)
{
	struct parse_options options = { .dialect = dialect, .today = TODAY * (int64_t)CIVIL_DAY };
	struct arena arena = ARENA_INIT;
	struct query q;
	int rc = query_parse(&q, bytes_str(text), &options, &arena, err);

	if (rc == 0 && q.root)
		show_tree(tree, q.root);
	buf_set(notes, buf_bytes(&q.notes));
	query_release(&q);
	arena_release(&arena);
	return rc;
}

static void check(enum query_dialect dialect, const struct example *e)
{
	struct buf tree = BUF_INIT, notes = BUF_INIT;
	struct err err;

	if (read_tree(dialect, e->text, &tree, &notes, &err) < 0)
		fail_msg("[%s]: %s", e->text, err.msg);
	if (strcmp(buf_cstr(&tree), e->tree) != 0)
		fail_msg("[%s] is read as %s, not as %s", e->text, buf_cstr(&tree), e->tree);
	buf_release(&tree);
	buf_release(&notes);
}

#define CHECK_ALL(dialect, examples)                                                                         \
	for (size_t i_ = 0; i_ < sizeof(examples) / sizeof *(examples); i_++)                                \
	check(dialect, &(examples)[i_])

/* ---- Lexis ---- */

static void lexis_binds_or_first_then_the_nearest(void **state)
{
	static const struct example examples[] = {
		{ "harbor or port and strike", "(and (or harbor port) strike)" },
		{ "strike AND harbor OR port AND pilot", "(and strike (or harbor port) pilot)" },
		{ "bankrupt! w/25 discharg! and not student or college or education! w/5 loan",
		  "(and (near25 bankrupt* discharg*) (not (near5 (or student college education*) loan)))" },
		{ "school w/25 liab! and rugby or football w/10 injur!",
		  "(and (near25 school liab*) (near10 (or rugby football) injur*))" },
		{ "a w/10 b w/2 c", "(near10 a (near2 b c))" },
		{ "a w/p b w/s c w/3 d", "(near/p a (near/s b (near3 c d)))" },
		{ "a and b and not c or d", "(and a b (not (or c d)))" },
		{ "a w/5 (loan and scholarship)", "(and (near5 a loan) (near5 a scholarship))" },
		{ "(a or b) /5 c", "(near5 (or a b) c)" },
		{ "a near/4 b", "(near4 a b)" },
		{ "southwest pre/2 air or airline", "(prenear2 southwest (or air airline))" },
		{ "cats onear/3 dogs", "(prenear3 cats dogs)" },
		{ "rico not w/5 puerto", "(far5 rico puerto)" },
		{ "rico not/5 puerto", "(far5 rico puerto)" },
		{ "a /s b /para c", "(near/p (near/s a b) c)" },
		{ "smith & sons", "(and smith sons)" },
		{ "marvin w/seg marvin", "(and marvin marvin)" },
		{ "[a or b] c", "(or [a ~\"b] c\")" },
	};

	(void)state;
	CHECK_ALL(DIALECT_LEXIS, examples);
}

static void lexis_reads_words_side_by_side_as_a_phrase(void **state)
{
	static const struct example examples[] = {
		{ "interest rates", "~\"interest rates\"" },
		{ "Central Bank w/5 interest rate", "(near5 ~\"central bank\" ~\"interest rate\")" },
		{ "mental health AND california AND budget", "(and ~\"mental health\" california budget)" },
		{ "\"Deep Throat\"", "\"deep throat\"" },
		{ "recycl! container", "(prenear1 recycl* container)" },
		{ "wom*n", "<wom?n>" },
		{ "wom?n employ*", "(prenear1 <wom?n> employ*)" },
		{ "Stop!", "Stop*" },
		{ "the (red or blue) car", "(prenear1 (prenear1 the (or red blue)) car)" },
	};

	(void)state;
	CHECK_ALL(DIALECT_LEXIS, examples);
}

static void lexis_has_segments_and_commands(void **state)
{
	static const struct example examples[] = {
		{ "HEADLINE(flood or dam)", "(or title:flood title:dam)" },
		{ "headline (water board) and levee", "(and title:~\"water board\" levee)" },
		{ "hlead(nuclear w/3 plant)",
		  "(near3 (or title:nuclear lead:nuclear) (or title:plant lead:plant))" },
		{ "hlead(allcaps(RICO)) and atleast5(allcaps(RICO))",
		  "(and (or title:allcaps:RICO lead:allcaps:RICO) (atleast5 allcaps:RICO))" },
		{ "Atleast5(caps(Apple Computer))", "(atleast5 (prenear1 caps:Apple caps:Computer))" },
		{ "atl3 (opioid or opiate)", "(atleast3 (or opioid opiate))" },
		{ "nocaps(aids) and lead(budget)", "(and nocaps:aids lead:budget)" },
		{ "byline(jane doe) and publication(new york times or post)",
		  "(and by='jane doe' (or source='new york times' source='post'))" },
		{ "subject(labor unions) and language(english)", "(and tag='labor unions' lang='english')" },
		{ "strike and length > 1200", "(and strike [words 1201 ])" },
		{ "strike and length<500", "(and strike [words 0 500])" },
		{ "strike and date aft 1/31/2019", "(and strike [2019-02-01 ])" },
		{ "strike and date bef 2019 and date >= 6/30/98",
		  "(and strike [ 2019-01-01] [1998-06-30 ])" },
		{ "strike and date is 3/2019", "(and strike [2019-03-01 2019-04-01])" },
		{ "date(geq (1/1/2019) and leq (12/31/2019)) and strike",
		  "(and [2019-01-01 ] [ 2020-01-01] strike)" },
		{ "blind date", "~\"blind date\"" },
		{ "date and length", "(and date length)" },
	};

	(void)state;
	CHECK_ALL(DIALECT_LEXIS, examples);
}

/* ---- Factiva ---- */

static void factiva_binds_nearness_first_and_or_last(void **state)
{
	static const struct example examples[] = {
		{ "bill clinton or gore and george bush",
		  "(or \"bill clinton\" (and =gore \"george bush\"))" },
		{ "michelin or firestone and tires", "(or =michelin (and =firestone =tires))" },
		{ "wireless not cellular", "(and =wireless (not =cellular))" },
		{ "a and b not c or d", "(or (and =a =b (not =c)) =d)" },
		{ "president w/2 bush", "(prenear2 =president =bush)" },
		{ "World Cup adj5 rugby", "(prenear5 \"world cup\" =rugby)" },
		{ "carrefour near5 retail sales", "(near5 =carrefour \"retail sales\")" },
		{ "boeing 747/N30/british airways", "(near30 \"boeing 747\" \"british airways\")" },
		{ "vodafone same telecommunications", "(near/p =vodafone =telecommunications)" },
		{ "a near5 b adj2 c", "(prenear2 (near5 =a =b) =c)" },
		{ "releases and [university or instruction]",
		  "(and =releases (or =university =instruction))" },
		{ "nokia AND emerging markets", "(and =nokia \"emerging markets\")" },
	};

	(void)state;
	CHECK_ALL(DIALECT_FACTIVA, examples);
}

static void factiva_has_patterns_counts_and_places(void **state)
{
	static const struct example examples[] = {
		{ "toyota/F50/", "first50:=toyota" },
		{ "british airways/F20/ and strike", "(and first20:\"british airways\" =strike)" },
		{ "communicat* and (cell* or phone)", "(and communicat* (or cell* =phone))" },
		{ "wom?n cat?", "(prenear1 <wom?n> <cat?>)" },
		{ "engineer$2", "(or =engineer <engineer?> <engineer?"
				"?>)" },
		{ "president % clinton", "\"president * clinton\"" },
		{ "atleast5 microsoft and atleast10 winter games",
		  "(and (atleast5 =microsoft) (atleast10 \"winter games\"))" },
		{ "\"peas and carrots\"", "\"peas and carrots\"" },
		{ "\"Peas and carrot*\"", "(prenear1 \"Peas and\" carrot*)" },
	};

	(void)state;
	CHECK_ALL(DIALECT_FACTIVA, examples);
}

static void factiva_has_fields(void **state)
{
	static const struct example examples[] = {
		{ "hd=europe", "title:=europe" },
		{ "hl=northern ireland and td=peace agreement",
		  "(and title:\"northern ireland\" \"peace agreement\")" },
		{ "hd=(bank or lender) and rescue", "(and (or title:=bank title:=lender) =rescue)" },
		{ "hlp=opec", "(or title:=opec lead:=opec)" },
		{ "lp=oil near3 price", "(near3 lead:=oil lead:=price)" },
		{ "by=jane doe and la=en", "(and by='jane doe' lang='en')" },
		{ "rst=nytf or sn=financial times", "(or source='nytf' source='financial times')" },
		{ "strike and wc>500 and wc<3000", "(and =strike [words 501 ] [words 0 3000])" },
		{ "strike and date after 19990201", "(and =strike [1999-02-02 ])" },
		{ "strike and date from 19990201 to 19990301", "(and =strike [1999-02-01 ] [ 1999-03-02])" },
		{ "strike date before 2/1/99", "(and =strike [ 1999-02-01])" },
		{ "strike and date -7", "(and =strike [2026-11-19 2026-11-20])" },
		{ "closing date and bids", "(and \"closing date\" =bids)" },
	};

	(void)state;
	CHECK_ALL(DIALECT_FACTIVA, examples);
}

/* ---- both ---- */

static void plain_text_is_no_error_there_either(void **state)
{
	static const char *const texts[] = {
		"",     "and",    "or or",     "not",     "a and",    "a w/5", "w/5 a", "((",   "))",
		"a)b",  "\"a b",  "hd=",       "hd=)",    "atleast5", "/F50/", "/N3/",  "date", "length",
		"wc",   "a not",  "not not a", "a w/o b", "é",        "\xff(", "[]",    "%",    "$3",
		"a $3", "caps()", "date(",     "hlead",   "\"\"",     "=",     "!",     "*",    "?",
	};

	(void)state;
	for (int dialect = DIALECT_LEXIS; dialect <= DIALECT_FACTIVA; dialect++) {
		for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
			struct buf tree = BUF_INIT, notes = BUF_INIT;
			struct err err;

			if (texts[i][0] == 'd' && texts[i][4] == '(' && dialect == DIALECT_LEXIS)
				continue; /* the one that is a mistake */
			if (read_tree((enum query_dialect)dialect, texts[i], &tree, &notes, &err) < 0)
				fail_msg("[%s]: %s", texts[i], err.msg);
			buf_release(&tree);
			buf_release(&notes);
		}
	}
}

static void mistakes_are_refused(void **state)
{
	static const struct {
		enum query_dialect dialect;
		const char *text, *message;
	} examples[] = {
		{ DIALECT_LEXIS, "a w/0 b", "words are 1 to 9999 apart" },
		{ DIALECT_LEXIS, "date aft 13/1/2019", "is not a date" },
		{ DIALECT_LEXIS, "length > x", "is not a number of words" },
		{ DIALECT_LEXIS, "plural(job)", "no counterpart" },
		{ DIALECT_LEXIS, "a w/5 date is 2019", "says nothing about a place" },
		{ DIALECT_LEXIS, "atleast0(a)", "wants a number from 1" },
		{ DIALECT_FACTIVA, "date after 19991301", "is not a date" },
		{ DIALECT_FACTIVA, "a adj0 b", "words are 1 to 9999 apart" },
		{ DIALECT_FACTIVA, "atleast0 a", "the number is 1 to 9999" },
		{ DIALECT_FACTIVA, "wc>many", "is not a number of words" },
	};

	(void)state;
	for (size_t i = 0; i < sizeof examples / sizeof *examples; i++) {
		struct buf tree = BUF_INIT, notes = BUF_INIT;
		struct err err;

		if (read_tree(examples[i].dialect, examples[i].text, &tree, &notes, &err) != ERR_USAGE)
			fail_msg("[%s] is read without an error", examples[i].text);
		if (!strstr(err.msg, examples[i].message))
			fail_msg("[%s]: %s", examples[i].text, err.msg);
		buf_release(&tree);
		buf_release(&notes);
	}
}

static void what_has_no_counterpart_is_noted(void **state)
{
	static const struct example examples[] = {
		{ "a w/seg b", "w/seg is read as AND" },
		{ "body(a)", "'body( )' is read as anywhere" },
		{ "or a", "'or' is ignored: there is nothing before it" },
		{ "a or", "'or' is ignored: there is nothing behind it" },
		{ "a w/5 (b and c)", "read as (a w/5 b) (a w/5 c)" },
	};

	(void)state;
	for (size_t i = 0; i < sizeof examples / sizeof *examples; i++) {
		struct buf tree = BUF_INIT, notes = BUF_INIT;
		struct err err;

		assert_int_equal(read_tree(DIALECT_LEXIS, examples[i].text, &tree, &notes, &err), 0);
		if (!strstr(buf_cstr(&notes), examples[i].tree))
			fail_msg("[%s] is noted as %s", examples[i].text, buf_cstr(&notes));
		buf_release(&tree);
		buf_release(&notes);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(lexis_binds_or_first_then_the_nearest),
		cmocka_unit_test(lexis_reads_words_side_by_side_as_a_phrase),
		cmocka_unit_test(lexis_has_segments_and_commands),
		cmocka_unit_test(factiva_binds_nearness_first_and_or_last),
		cmocka_unit_test(factiva_has_patterns_counts_and_places),
		cmocka_unit_test(factiva_has_fields),
		cmocka_unit_test(plain_text_is_no_error_there_either),
		cmocka_unit_test(mistakes_are_refused),
		cmocka_unit_test(what_has_no_counterpart_is_noted),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
