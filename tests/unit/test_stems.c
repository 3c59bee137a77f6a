/* tests/unit/test_stems.c - stemmers are found by name and by code, and stem. */
#include "text/stems.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

static void expect_stem(const char *language, const char *word, const char *wanted)
{
	struct err err = { 0 };
	struct stemmer *s = stemmer_new(language, &err);
	struct bytes stem;

	if (!s)
		fail_msg("%s: %s", language, err.msg);
	stem = stemmer_stem(s, bytes_str(word));
	if (!bytes_is(stem, wanted))
		fail_msg("%s: %s gives %.*s, not %s", language, word, (int)stem.n, stem.p, wanted);
	stemmer_free(s);
}

static void languages_go_by_name_and_by_code(void **state)
{
	(void)state;
	assert_string_equal(stemmer_language("en"), "english");
	assert_string_equal(stemmer_language("english"), "english");
	assert_string_equal(stemmer_language("English"), "english");
	assert_string_equal(stemmer_language("DE"), "german");
	assert_string_equal(stemmer_language("none"), "none");
	assert_null(stemmer_language("klingon"));
	assert_null(stemmer_language("eng"));
	assert_null(stemmer_language(""));
}

static void words_are_stemmed(void **state)
{
	(void)state;
	expect_stem("english", "sanctions", "sanction");
	expect_stem("en", "running", "run");
	expect_stem("german", "zeitungen", "zeitung");
	expect_stem("fr", "journaux", "journal");
	expect_stem("russian", "\xD0\xBA\xD0\xBD\xD0\xB8\xD0\xB3\xD0\xB8",
		    "\xD0\xBA\xD0\xBD\xD0\xB8\xD0\xB3");
	expect_stem("es", "noticias", "notici");
	expect_stem("english", "", "");
}

static void none_leaves_words_as_they_are(void **state)
{
	(void)state;
	expect_stem("none", "running", "running");
	expect_stem("NONE", "sanctions", "sanctions");
}

/* Every code that is offered has its stemmer. */
static void every_language_has_a_stemmer(void **state)
{
	static const char *const codes[] = {
		"ar", "hy", "eu", "ca", "da", "nl", "en", "fi", "fr", "de", "el", "hi", "hu", "id",     "ga",
		"it", "lt", "ne", "no", "pt", "ro", "ru", "sr", "es", "sv", "ta", "tr", "yi", "porter", "none"
	};

	(void)state;
	for (size_t i = 0; i < sizeof codes / sizeof *codes; i++) {
		struct err err = { 0 };
		struct stemmer *s = stemmer_new(codes[i], &err);

		if (!s)
			fail_msg("%s: %s", codes[i], err.msg);
		stemmer_free(s);
	}
}

static void an_unknown_language_lists_the_known_ones(void **state)
{
	struct err err = { 0 };

	(void)state;
	assert_null(stemmer_new("klingon", &err));
	assert_int_equal(err.code, ERR_USAGE);
	assert_non_null(strstr(err.msg, "'klingon'"));
	assert_non_null(strstr(err.msg, "english"));
	assert_non_null(strstr(err.msg, "none"));
	assert_null(stemmer_new("klingon", NULL));
	stemmer_free(NULL);
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(languages_go_by_name_and_by_code),
		cmocka_unit_test(words_are_stemmed),
		cmocka_unit_test(none_leaves_words_as_they_are),
		cmocka_unit_test(every_language_has_a_stemmer),
		cmocka_unit_test(an_unknown_language_lists_the_known_ones),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
