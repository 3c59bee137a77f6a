/* tests/unit/test_stems.c - stemmers are found by name and by code, and stem. */
#include "generate/rng.h"
#include "text/forms.h"
#include "text/stems.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <libstemmer.h>

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

/* A word of letters of one script, some of its beginnings common ones. */
static void random_word(struct rng *r, uint32_t first, uint32_t last, struct buf *out)
{
	static const char *const beginnings[] = { "",  "",   "ge",  "be",  "be", "ver", "de",   "al",
						  "m", "me", "ber", "pre", "un", "le",  "legm", "da" };

	buf_reset(out);
	if (last <= 'z')
		buf_add_str(out, beginnings[rng_below(r, sizeof beginnings / sizeof *beginnings)]);
	for (uint32_t n = rng_range(r, 1, 9); n > 0; n--) {
		uint32_t c = rng_range(r, first, last);
		uint8_t *p = buf_reserve(out, 4);

		out->n += utf8_encode(p, c);
	}
}

/* Words of many scripts, folded, and their stems. */
static void first_letters_are_kept_where_it_is_said(void **state)
{
	static const uint32_t scripts[][2] = { { 'a', 'z' },     { 0x3B1, 0x3C9 }, { 0x430, 0x44F },
					       { 0x561, 0x586 }, { 0x5D0, 0x5EA }, { 0x621, 0x64A },
					       { 0x905, 0x939 } };
	struct buf word = BUF_INIT, folded = BUF_INIT;
	struct rng r;

	(void)state;
	rng_init(&r, 1);
	for (const char **name = sb_stemmer_list(); *name; name++) {
		struct stemmer *s = stemmer_language(*name) ? stemmer_new(*name, NULL) : NULL;

		for (int i = 0; s && stemmer_keeps_first(stemmer_language(*name)) && i < 7000; i++) {
			struct bytes stem;
			size_t size;
			uint32_t c;

			random_word(&r, scripts[i % 7][0], scripts[i % 7][1], &word);
			form_fold(buf_bytes(&word), FOLD_BOTH, &folded);
			size = utf8_decode(folded.p, folded.p + folded.n, &c);
			stem = stemmer_stem(s, buf_bytes(&folded));
			if (stem.n && !bytes_start(stem, bytes_of(folded.p, size)))
				fail_msg("%s: %s", *name, buf_cstr(&folded));
		}
		stemmer_free(s);
	}
	buf_release(&word);
	buf_release(&folded);
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(languages_go_by_name_and_by_code),
		cmocka_unit_test(words_are_stemmed),
		cmocka_unit_test(none_leaves_words_as_they_are),
		cmocka_unit_test(every_language_has_a_stemmer),
		cmocka_unit_test(first_letters_are_kept_where_it_is_said),
		cmocka_unit_test(an_unknown_language_lists_the_known_ones),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
