/* tests/unit/test_match.c - what counts how often, at the edges of what frequencies and positions can be. */
#include "rank/match.h"

#include "base/mem.h"
#include "lib/seg_fixture.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

static struct seg_fixture f;
static struct match_context ctx;
static const struct scorer scorer = { .k1 = BM25_K1 };

static int drop(void **state)
{
	(void)state;
	match_context_release(&ctx);
	seg_fixture_release(&f);
	return 0;
}

/* Doc 0 of one holds `gate` and `gates`: these occurrences of each, H = 1. */
static void make(const struct occurrence *gate, uint32_t n, const struct occurrence *gates, uint32_t m)
{
	static const struct form_count forms[] = { { { (const uint8_t *)"gate", 4 }, 2 },
						   { { (const uint8_t *)"Gate", 4 }, 1 } };
	const struct posting of_gate = { 0, n, 0 }, of_gates = { 0, m, 0 };

	drop(NULL);
	seg_fixture_init(&f, 1, 1);
	seg_fixture_add(&f, &(struct seg_term){ bytes_str("gate"), &of_gate, 1, gate, gate ? n : 0, forms, 2,
						false });
	seg_fixture_add(&f, &(struct seg_term){ bytes_str("gates"), &of_gates, 1, gates, gates ? m : 0, NULL,
						0, false });
	seg_fixture_seal(&f);
	match_context_init(&ctx, &scorer);
	match_context_enter(&ctx, &f.seg, 0);
}

/* The frequency of a node with one place that `nterms` of gate and gates fill. */
static uint32_t freq_of(enum plan_kind kind, size_t nterms, struct form_test *test)
{
	struct bytes terms[] = { bytes_str("gate"), bytes_str("gates") };
	struct plan_element element = { .terms = terms, .nterms = nterms, .test = test };
	const struct plan_node node = { .kind = kind, .weight = 1, .elements = &element, .nelements = 1 };
	struct match *m = match_open(&ctx, &node);
	uint32_t freq = match_seek(m, 0) == 0 ? match_freq(m) : 0;

	assert_int_equal(ctx.rc, 0);
	assert_true(!freq || match_score(m) == scorer_contribution(&scorer, 1, freq, 0));
	return freq;
}

static void frequencies_of_an_expansion_add_up_to_no_more_than_fits(void **state)
{
	(void)state;
	make(NULL, UINT32_MAX, NULL, UINT32_MAX);
	assert_true(freq_of(PLAN_EXPANSION, 2, NULL) == UINT32_MAX);
	make(NULL, UINT32_MAX - 2, NULL, 1);
	assert_true(freq_of(PLAN_EXPANSION, 2, NULL) == UINT32_MAX - 1);
}

/* A whole and its first part both begin with what a prefix asks for: counted twice if theirs was the rarest place. */
static void words_at_one_position_fill_a_place_once(void **state)
{
	static const struct occurrence gate[] = { { 3, 0, true }, { 9, 0, false } };
	static const struct occurrence gates[] = { { 3, 0, true }, { 12, 0, false } };

	(void)state;
	make(gate, 2, gates, 2);
	assert_int_equal(freq_of(PLAN_PHRASE, 2, NULL), 3);
	assert_int_equal(freq_of(PLAN_EXPANSION, 2, NULL), 4); /* of words, not of places */
}

/* The last position that there is was left out where forms are looked at. */
static void a_form_at_the_last_position_counts(void **state)
{
	static const struct occurrence gate[] = { { 3, 1, true }, { UINT32_MAX, 0, false } };
	static const struct occurrence gates[] = { { 1, 0, true } };
	struct form_test test;

	(void)state;
	make(gate, 2, gates, 1);
	form_test_init(&test, bytes_str("gate")); /* either case */
	assert_int_equal(freq_of(PLAN_PHRASE, 1, &test), 2);
	assert_int_equal(freq_of(PLAN_EXPANSION, 1, &test), 2);
	form_test_release(&test);
	make(gate, 2, gates, 1); /* a context keeps what an element adds up to */
	form_test_init(&test, bytes_str("Gate"));
	assert_int_equal(freq_of(PLAN_PHRASE, 1, &test), 1);
	assert_int_equal(freq_of(PLAN_EXPANSION, 1, &test), 1);
	assert_int_equal(freq_of(PLAN_PHRASE, 2, &test), 1);
	form_test_release(&test);
}

static void too_much(size_t size)
{
	fail_msg("%zu bytes asked for", size);
}

/* As many occurrences as a segment may claim, and no byte of positions: room for all of them was asked for. */
static void positions_that_are_not_there_are_corrupt(void **state)
{
	struct bytes term = bytes_str("gate");
	struct plan_element twice[] = { { .terms = &term, .nterms = 1 },
					{ .offset = 1, .terms = &term, .nterms = 1 } };
	const struct plan_node node = { .kind = PLAN_PHRASE, .weight = 1, .elements = twice, .nelements = 2 };

	(void)state;
	mem_exhausted = too_much;
	make(NULL, UINT32_MAX, NULL, 1);
	assert_true(match_seek(match_open(&ctx, &node), 0) == DOC_END);
	assert_int_equal(ctx.rc, ERR_CORRUPT);
	assert_true(ctx.arena.total < 1u << 20);
}

/* ---- a phrase of three words, one of which cannot be read ---- */

static const char *const three[] = { "gate", "gates", "gateway" };

/* Doc 0 holds them in a row; the last is in docs 1 and 2 too, so that it is looked at last.
 * Byte `at` of the postings of one of them, the last if that is below 0, is made one that cannot be. */
static void make_row(int damaged, int at)
{
	static const struct posting in[] = { { 0, 1, 0 }, { 1, 1, 0 }, { 2, 1, 0 } };
	static const uint32_t df[] = { 1, 2, 3 };

	drop(NULL);
	seg_fixture_init(&f, 3, 1);
	for (uint32_t i = 0; i < 3; i++) {
		struct occurrence occurrences[3];
		size_t from = f.parts.post.n;

		for (uint32_t doc = 0; doc < 3; doc++)
			occurrences[doc] = (struct occurrence){ 4 + i, 0, true };
		seg_fixture_add(&f, &(struct seg_term){ .name = bytes_str(three[i]),
							.postings = in,
							.df = df[i],
							.occurrences = occurrences,
							.n = df[i] });
		if (damaged == (int)i)
			f.parts.post.p[at < 0 ? f.parts.post.n - 1 : from + (size_t)at] = 0x7F;
	}
	seg_fixture_seal(&f);
	match_context_init(&ctx, &scorer);
	match_context_enter(&ctx, &f.seg, 0);
}

static uint32_t first_of_row(void)
{
	struct bytes terms[] = { bytes_str(three[0]), bytes_str(three[1]), bytes_str(three[2]) };
	struct plan_element e[] = { { .offset = 0, .terms = &terms[0], .nterms = 1 },
				    { .offset = 1, .terms = &terms[1], .nterms = 1 },
				    { .offset = 2, .terms = &terms[2], .nterms = 1 } };
	const struct plan_node node = { .kind = PLAN_PHRASE, .weight = 1, .elements = e, .nelements = 3 };

	return match_seek(match_open(&ctx, &node), 0);
}

/* A block that could not be read was one that the doc is not in. */
static void words_of_a_phrase_that_cannot_be_read_are_an_error(void **state)
{
	(void)state;
	make_row(-1, 0);
	assert_int_equal(first_of_row(), 0);
	assert_int_equal(ctx.rc, 0);
	for (int word = 0; word < 3; word++) {
		make_row(word, 0); /* its flags */
		assert_true(first_of_row() == DOC_END);
		assert_int_equal(ctx.rc, ERR_CORRUPT);
		make_row(word, -1); /* its frequencies */
		assert_true(first_of_row() == DOC_END);
		assert_int_equal(ctx.rc, ERR_CORRUPT);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(frequencies_of_an_expansion_add_up_to_no_more_than_fits),
		cmocka_unit_test(words_at_one_position_fill_a_place_once),
		cmocka_unit_test(a_form_at_the_last_position_counts),
		cmocka_unit_test(positions_that_are_not_there_are_corrupt),
		cmocka_unit_test(words_of_a_phrase_that_cannot_be_read_are_an_error),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, NULL, drop);
}
