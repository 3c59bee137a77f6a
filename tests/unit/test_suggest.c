/* tests/unit/test_suggest.c - the nearest spellings, of all segments together, as written most often. */
#include "lib/random_archive.h"
#include "lib/seg_fixture.h"
#include "patterns/candidates.h"
#include "patterns/suggest.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

static struct temp_archive t;
static struct analyzer *analyzer;
static struct arena arena = ARENA_INIT;
static struct suggestions found;

/* An article in a commit, so a segment, of its own. */
static void add(const char *text)
{
	char path[320];
	char *paths[] = { path };

	snprintf(path, sizeof path, "%s.txt", t.path);
	seg_write_file(path, bytes_str(text));
	temp_archive_seal(&t); /* so that each is a segment, and the last one the tail */
	temp_archive_add_files(&t, paths, 1);
	unlink(path);
}

static int make(void **state)
{
	(void)state;
	temp_archive_make(&t, 2);
	add("Reservoirs\n\nThe reservoir. RESERVOIR! The Reservoir, the reservoir's wall; a strike.\n");
	add("Walls\n\nReservoir Reservoir Reservoir Reservoir, and strikes. A strip of it.\n");
	add("Strips\n\nA strip, a string. L'étoile; Zoé, cafés. al-Qaida. 1987\n");
	temp_archive_read(&t);
	assert_int_equal(t.archive.nsegments, 3);
	assert_non_null(analyzer = analyzer_new("english", NULL));
	return 0;
}

static int drop(void **state)
{
	(void)state;
	temp_archive_release(&t);
	analyzer_free(analyzer);
	arena_release(&arena);
	return 0;
}

/* The suggestions for a word, between spaces. */
static const char *nearest(const char *word, size_t most)
{
	static struct buf out;

	assert_int_equal(suggest(&found, most, bytes_str(word), &t.archive, analyzer, &arena, NULL), 0);
	buf_reset(&out);
	for (size_t i = 0; i < found.n; i++)
		buf_addf(&out, "%s%.*s %u %u", i ? ", " : "", (int)found.v[i].word.n, found.v[i].word.p,
			 (unsigned)found.v[i].articles, found.v[i].edits);
	return buf_cstr(&out);
}

static void the_nearest_and_then_the_commonest(void **state)
{
	(void)state;
	assert_string_equal(nearest("strik", 5), "strike 2 1, strip 2 1");
	assert_int_equal(found.articles, 0);
	assert_string_equal(nearest("strik", 1), "strike 2 1");
	assert_string_equal(nearest("strink", 5), "string 1 1, strike 2 2, strip 2 2");
}

/* Reservoir five times, reservoir once, RESERVOIR once, in two segments. */
static void written_as_most_often(void **state)
{
	(void)state;
	assert_string_equal(nearest("resivoir", 5), "Reservoir 2 2");
}

static void not_the_word_itself_nor_its_stem(void **state)
{
	(void)state;
	assert_string_equal(nearest("reservoir", 5), "");
	assert_int_equal(found.articles, 2);
	assert_string_equal(nearest("Reservoirs", 5), "");
	assert_int_equal(found.articles, 2);
}

static void accents_and_case_are_no_edits(void **state)
{
	(void)state;
	assert_string_equal(nearest("CAVES", 5), "cafés 1 1");
	assert_string_equal(nearest("zoo", 5), "Zoé 1 1");
}

static void compounds_are_written_together(void **state)
{
	(void)state;
	assert_string_equal(nearest("al-qaeda", 5), "alQaida 1 1");
	assert_string_equal(nearest("alqaeda", 5), "alQaida 1 1");
}

static void short_words_and_numbers_have_none(void **state)
{
	(void)state;
	assert_string_equal(nearest("zo", 5), "");
	assert_string_equal(nearest("1986", 5), "");
	assert_string_equal(nearest("", 5), "");
	assert_string_equal(nearest("--", 5), "");
	assert_string_equal(nearest("strik strik", 5), "");
	assert_string_equal(nearest("\xFF\xFE", 5), "");
}

/* Of any number, the best: those that come first among all. */
static void the_best_are_kept(void **state)
{
	struct candidates all, some;
	struct plan_element e = { .offset = 0 };
	struct pattern pattern;
	size_t at;

	(void)state;
	e.pattern = &pattern;
	assert_int_equal(pattern_fuzzy(&pattern, bytes_str("strik"), 2, &at, NULL), 0);
	assert_int_equal(candidates_find(&all, &e, SIZE_MAX, &t.archive, &arena, NULL), 0);
	assert_true(all.n == 3 && all.total == 3); /* strike, strip, string */
	assert_true(all.v[0].df == 2 && all.v[0].n == 2 && all.v[0].entries[0].whole);
	for (size_t most = 1; most <= all.n; most++) {
		assert_int_equal(candidates_find(&some, &e, most, &t.archive, &arena, NULL), 0);
		assert_true(some.n == most && some.total == all.total);
		for (size_t i = 0; i < most; i++)
			assert_true(bytes_equal(some.v[i].term, all.v[i].term));
		candidates_release(&some);
	}
	candidates_release(&all);
	pattern_release(&pattern);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_nearest_and_then_the_commonest),
		cmocka_unit_test(written_as_most_often),
		cmocka_unit_test(not_the_word_itself_nor_its_stem),
		cmocka_unit_test(accents_and_case_are_no_edits),
		cmocka_unit_test(compounds_are_written_together),
		cmocka_unit_test(short_words_and_numbers_have_none),
		cmocka_unit_test(the_best_are_kept),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, make, drop);
}
