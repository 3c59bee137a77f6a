/* tests/unit/test_forms.c - a surface becomes a form, a form a stem; queries test forms. */
#include "text/forms.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

static void expect_form(const char *surface, const char *wanted)
{
	struct buf out = BUF_INIT;

	form_of(bytes_str(surface), &out);
	assert_string_equal(buf_cstr(&out), wanted);
	buf_release(&out);
}

static void a_form_is_composed_and_unified(void **state)
{
	(void)state;
	expect_form("Plain", "Plain");
	expect_form("cafe\u0301", "caf\u00E9");
	expect_form("\u00C9TAT", "\u00C9TAT"); /* case and accents stay */
	expect_form("O\u2019Brien", "O'Brien");
	expect_form("O\u2018Brien", "O'Brien");
	expect_form("O`Brien", "O'Brien");
	expect_form("O\u00B4Brien", "O'Brien");
	expect_form("O\uFF07Brien", "O'Brien");
	expect_form("so\u00ADft", "soft");
	expect_form("zero\u200Dwidth", "zerowidth");
	expect_form("\uFB01nance", "finance");
	expect_form("\uFF21\uFF22\uFF23", "ABC");
	expect_form("\u2163", "IV");
	expect_form("\uFF76\uFF9E", "\u30AC"); /* half-width ka and its voicing mark */
	expect_form("", "");
}

static void a_form_is_cut_at_a_character(void **state)
{
	struct buf in = BUF_INIT, out = BUF_INIT;

	(void)state;
	for (int i = 0; i < 300; i++)
		buf_add_str(&in, "a");
	form_of(buf_bytes(&in), &out);
	assert_int_equal(out.n, FORM_MAX);
	buf_reset(&in);
	for (int i = 0; i < 300; i++)
		buf_add_str(&in, "\u1EA1"); /* three bytes */
	form_of(buf_bytes(&in), &out);
	assert_int_equal(out.n, FORM_MAX);
	buf_reset(&in);
	buf_add_str(&in, "a");
	for (int i = 0; i < 300; i++)
		buf_add_str(&in, "\u1EA1");
	form_of(buf_bytes(&in), &out);
	assert_int_equal(out.n, 253);
	assert_true(utf8_valid(buf_bytes(&out)));
	buf_release(&in);
	buf_release(&out);
}

/* U+FDFA is a phrase in one character: eighteen of them. */
static void the_widest_expansion_fits(void **state)
{
	struct buf in = BUF_INIT, out = BUF_INIT;

	(void)state;
	for (int i = 0; i < 200; i++)
		buf_add_str(&in, "\uFDFA");
	form_of(buf_bytes(&in), &out);
	assert_true(out.n > FORM_MAX - 4 && out.n <= FORM_MAX);
	buf_release(&in);
	buf_release(&out);
}

static void expect_fold(const char *form, unsigned what, const char *wanted)
{
	struct buf out = BUF_INIT;

	form_fold(bytes_str(form), what, &out);
	assert_string_equal(buf_cstr(&out), wanted);
	buf_release(&out);
}

static void folding_drops_what_it_is_told(void **state)
{
	(void)state;
	expect_fold("Gates", FOLD_CASE, "gates");
	expect_fold("Gates", FOLD_ACCENTS, "Gates");
	expect_fold("\u00C9TAT", FOLD_CASE, "\u00E9tat");
	expect_fold("\u00C9TAT", FOLD_ACCENTS, "ETAT");
	expect_fold("\u00C9TAT", FOLD_BOTH, "etat");
	expect_fold("\u00C9TAT", 0, "\u00C9TAT");
	expect_fold("Stra\u00DFe", FOLD_CASE, "strasse");
	expect_fold("\u00D8rsted \u0141\u00F3d\u017A", FOLD_ACCENTS, "Orsted Lodz");
	expect_fold("\u0439 \u0451 \u0419", FOLD_BOTH, "\u0439 \u0435 \u0439"); /* й ё Й */
	expect_fold("\u0939\u093F\u0928", FOLD_BOTH, "\u0939\u093F\u0928");
	expect_fold("\u05E9\u05B8\u05DC", FOLD_ACCENTS, "\u05E9\u05DC");
	expect_fold("\u0130stanbul", FOLD_BOTH, "istanbul");
	expect_fold("\u0131", FOLD_BOTH, "i");
	expect_fold("", FOLD_BOTH, "");
}

static void expect_stem(const char *language, const char *form, enum word_class class, const char *wanted)
{
	struct stemmer *stemmer = stemmer_new(language, NULL);
	struct buf out = BUF_INIT;

	assert_non_null(stemmer);
	form_stem(bytes_str(form), class, stemmer, stemmer_language(language), &out);
	buf_add(&out, NULL, 0);
	assert_string_equal(buf_cstr(&out), wanted);
	buf_release(&out);
	stemmer_free(stemmer);
}

static void a_stem_is_folded_without_possessive(void **state)
{
	(void)state;
	expect_stem("en", "Sanctions", WORD_PLAIN, "sanction");
	expect_stem("en", "China's", WORD_PLAIN, "china");
	expect_stem("en", "1986's", WORD_NUMBER, "1986");
	expect_stem("en", "sanctions", WORD_CJK, "sanctions"); /* no word to stem */
	expect_stem("en", "M&Ms", WORD_AMPERSAND, "m&ms");
	expect_stem("en", "U.S.'s", WORD_ACRONYM, "u.s");
	expect_stem("en", "C.E.O.s", WORD_ACRONYM, "c.e.o");
	expect_stem("en", "c.e.o.s", WORD_ACRONYM, "c.e.o");
	expect_stem("en", "m.p.s", WORD_ACRONYM, "m.p.s"); /* three words may be meant */
	expect_stem("de", "H\u00E4usern", WORD_PLAIN, "haus");
	expect_stem("none", "Running", WORD_PLAIN, "running");
	expect_stem("tr", "Ankara'da", WORD_PLAIN, "ankar");
}

static void expect_elided(const char *language, const char *form, const char *wanted)
{
	struct buf word = BUF_INIT;

	buf_add_str(&word, form);
	form_drop_elision(&word, language);
	assert_string_equal(buf_cstr(&word), wanted);
	buf_release(&word);
}

static void elided_articles_go_in_some_languages(void **state)
{
	(void)state;
	expect_elided("french", "l'homme", "homme");
	expect_elided("french", "L'\u00C9quipe", "\u00C9quipe");
	expect_elided("french", "jusqu'alors", "alors");
	expect_elided("french", "aujourd'hui", "aujourd'hui");
	expect_elided("french", "l'", "l'");
	expect_elided("french", "'", "'");
	expect_elided("french", "", "");
	expect_elided("italian", "dell'acqua", "acqua");
	expect_elided("catalan", "d'Espanya", "Espanya");
	expect_elided("english", "l'homme", "l'homme");
}

static bool matches(const char *query, const char *form)
{
	struct form_test t;
	bool match;

	form_test_init(&t, bytes_str(query));
	match = form_test_match(&t, bytes_str(form));
	form_test_release(&t);
	return match;
}

static void case_matters_only_to_capitals(void **state)
{
	(void)state;
	assert_true(matches("gates", "gates") && matches("gates", "Gates") && matches("gates", "GATES"));
	assert_true(matches("Gates", "Gates"));
	assert_false(matches("Gates", "gates") || matches("Gates", "GATES") || matches("gates", "gate"));
	assert_true(matches("gAtes", "gAtes"));
	assert_false(matches("gAtes", "Gates"));
}

static void accents_matter_only_to_accents(void **state)
{
	(void)state;
	assert_true(matches("cafe", "cafe") && matches("cafe", "caf\u00E9") && matches("cafe", "CAF\u00C9"));
	assert_true(matches("caf\u00E9", "caf\u00E9") && matches("caf\u00E9", "Caf\u00E9"));
	assert_false(matches("caf\u00E9", "cafe"));
	assert_true(matches("Cafe", "Caf\u00E9")); /* capitals say nothing about accents */
	assert_false(matches("Cafe", "caf\u00E9"));
	assert_true(matches("\u00C9tat", "\u00C9tat"));
	assert_false(matches("\u00C9tat", "Etat") || matches("\u00C9tat", "\u00E9tat"));
}

static void spellings_that_fold_alike_match(void **state)
{
	(void)state;
	assert_true(matches("strasse", "Stra\u00DFe"));
	assert_true(matches("\u0435\u043B\u043A\u0430", "\u0451\u043B\u043A\u0430")); /* ёлка */
	assert_false(matches("china", "China's"));
	assert_true(matches("china's", "China's"));
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_form_is_composed_and_unified),
		cmocka_unit_test(a_form_is_cut_at_a_character),
		cmocka_unit_test(the_widest_expansion_fits),
		cmocka_unit_test(folding_drops_what_it_is_told),
		cmocka_unit_test(a_stem_is_folded_without_possessive),
		cmocka_unit_test(elided_articles_go_in_some_languages),
		cmocka_unit_test(case_matters_only_to_capitals),
		cmocka_unit_test(accents_matter_only_to_accents),
		cmocka_unit_test(spellings_that_fold_alike_match),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
