/* tests/unit/test_places.c - words near each other and in regions, by many docs at once and by one after the other. */
#include "base/mem.h"
#include "generate/rng.h"
#include "lib/seg_fixture.h"
#include "places/place_rows.h"
#include "places/spans.h"
#include "rank/match.h"
#include "text/analyze.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <stdlib.h>

/* ---- rows of places ---- */

#define PLACES 70u

/* Places as they are looked at: ascending, PLACE_NONE behind them. */
static uint32_t draw_places(struct rng *r, uint32_t *v, uint32_t step)
{
	uint32_t n = rng_below(r, PLACES + 1), pos = rng_below(r, step);

	memset(v, 0xFF, (PLACES + PLACE_GROUP) * sizeof *v);
	for (uint32_t i = 0; i < n; i++, pos += rng_range(r, 1, step))
		v[i] = pos;
	if (n && rng_one_in(r, 20))
		v[n - 1] = PLACE_NONE - rng_below(r, 2);
	return n;
}

static bool any_plainly(const uint32_t *v, uint32_t n, uint32_t from, uint32_t to)
{
	for (uint32_t i = 0; i < n; i++)
		if (v[i] >= from && v[i] <= to)
			return true;
	return false;
}

static uint32_t count_plainly(const uint32_t *v, uint32_t n, uint32_t pos)
{
	uint32_t count = 0;

	for (uint32_t i = 0; i < n; i++)
		count += v[i] <= pos;
	return count;
}

static void places_are_found_as_one_by_one(void **state)
{
	uint32_t v[PLACES + PLACE_GROUP];
	struct rng r;

	(void)state;
	rng_init(&r, 11);
	for (int round = 0; round < 3000; round++) {
		uint32_t step = 1u << rng_below(&r, 25), n = draw_places(&r, v, step), met = 0, passed = 0;

		for (uint32_t from = 0; from < UINT32_MAX - 40 * step; from += rng_below(&r, 6 * step)) {
			uint32_t to = rng_one_in(&r, 9) ? UINT32_MAX : from + rng_below(&r, 3 * step + 1);

			if (rng_one_in(&r, 30))
				to = from ? from - 1 : 0;
			assert_int_equal(places_any(v, n, &passed, from, to), any_plainly(v, n, from, to));
			met = places_to(v, n, met, from);
			assert_int_equal(met, count_plainly(v, n, from));
			if (from > 80 * step)
				break;
		}
		assert_int_equal(places_to(v, n, met, UINT32_MAX), n);
	}
}

/* Whatever the order of the marks, also where they share a place. */
static void a_place_is_quoted_as_quotations_say(void **state)
{
	struct rng r;

	(void)state;
	rng_init(&r, 12);
	for (int round = 0; round < 5000; round++) {
		uint32_t marks[2][40];
		struct place_list open = { marks[0], 0 }, close = { marks[1], 0 };
		uint32_t share = rng_range(&r, 2, 6);

		for (uint32_t pos = 0; pos < 40; pos++) {
			if (rng_one_in(&r, share))
				marks[0][open.n++] = pos;
			if (rng_one_in(&r, share))
				marks[1][close.n++] = pos;
		}
		for (uint32_t pos = 0; pos < 42; pos++) {
			struct quotes q;

			quotes_begin(&q, &open, &close);
			assert_int_equal(quotes_are_open(&open, &close, places_met(&open, 0, pos),
							 places_met(&close, 0, pos)),
					 quotes_hold(&q, pos, pos));
		}
	}
}

/* ---- matches ---- */

#define DOCS  900u
#define TERMS 7u

static const char *const names[TERMS] = {
	MARK_OPEN_TERM, MARK_CLOSE_TERM, MARK_PARAGRAPH_TERM, MARK_SENTENCE_TERM, "a", "b", "c"
};

struct made_list {
	struct posting postings[DOCS];
	struct occurrence *occurrences;
	uint32_t df;
	size_t n, cap;
};

static struct seg_fixture f;
static struct match_context ctx;
static const struct scorer scorer = { .k1 = BM25_K1 };
static struct made_list lists[TERMS];

static int drop(void **state)
{
	(void)state;
	match_context_release(&ctx);
	seg_fixture_release(&f);
	for (uint32_t t = 0; t < TERMS; t++) {
		free(lists[t].occurrences);
		lists[t] = (struct made_list){ .df = 0 };
	}
	return 0;
}

static void add_here(struct made_list *l, uint32_t doc, uint32_t pos, bool title)
{
	bool first = !l->df || l->postings[l->df - 1].doc != doc;

	if (first)
		l->postings[l->df++] = (struct posting){ doc, 0, 0 };
	l->postings[l->df - 1].freq += title ? 2 : 1;
	l->postings[l->df - 1].headline += title;
	MEM_GROW(l->occurrences, l->cap, l->n + 1);
	l->occurrences[l->n++] = (struct occurrence){ pos, 0, first };
}

/* Docs of a few words or of thousands, in which a term is often, seldom or not at all; T is 0 to 4. */
static void make(struct rng *r, bool marked)
{
	uint32_t lacks[TERMS], share[TERMS];

	drop(NULL);
	seg_fixture_init(&f, DOCS, 2);
	for (uint32_t t = 0; t < TERMS; t++) {
		lacks[t] = 1u << rng_below(r, 4);
		share[t] = 1u << rng_range(r, 1, 7);
	}
	for (uint32_t doc = 0; doc < DOCS; doc++) {
		uint32_t words = rng_one_in(r, 60) ? 4000 : rng_range(r, 1, 120), title = rng_below(r, 5);

		f.parts.docs.headline[doc] = (uint16_t)title;
		for (uint32_t t = marked ? 0 : 4; t < TERMS; t++) {
			if (lacks[t] > 1 && rng_one_in(r, lacks[t]))
				continue;
			for (uint32_t pos = 0; pos < words; pos++)
				if (pos != title && rng_one_in(r, share[t]))
					add_here(&lists[t], doc, pos, pos < title);
		}
	}
	for (uint32_t t = 0; t < TERMS; t++)
		if (lists[t].df)
			seg_fixture_add(&f, &(struct seg_term){ .name = bytes_str(names[t]),
								.postings = lists[t].postings,
								.df = lists[t].df,
								.occurrences = lists[t].occurrences,
								.n = lists[t].n });
	seg_fixture_seal(&f);
	match_context_init(&ctx, &scorer);
	match_context_enter(&ctx, &f.seg, 0);
}

/* What is asked, of words in any form; and the same of phrases of one word, for which spans are made of all
 * that stands in a doc. */
struct asked {
	struct bytes terms[3];
	struct plan_element elements[3];
	struct plan_node leaves[3], *near[2], *chain[2], *within[1];
	struct plan_node inner, outer;
};

static const struct plan_node *ask(struct asked *q, enum plan_kind leaf, struct rng r)
{
	static const enum query_unit units[] = { UNIT_WORDS, UNIT_SENTENCE, UNIT_PARAGRAPH };
	static const unsigned regions[] = { REGION_QUOTE, REGION_LEAD, REGION_FIRST,
					    REGION_QUOTE | REGION_FIRST, REGION_QUOTE | REGION_LEAD };

	for (uint32_t i = 0; i < 3; i++) {
		q->terms[i] = bytes_str(names[4 + (rng_one_in(&r, 8) ? rng_below(&r, 3) : i)]);
		q->elements[i] = (struct plan_element){ .terms = &q->terms[i], .nterms = 1 };
		q->leaves[i] = (struct plan_node){
			.kind = leaf, .weight = 1, .elements = &q->elements[i], .nelements = 1
		};
	}
	if (rng_one_in(&r, 3)) {
		q->within[0] = &q->leaves[0];
		q->outer = (struct plan_node){ .kind = PLAN_WITHIN,
					       .weight = 1,
					       .regions = regions[rng_below(&r, 5)],
					       .first = rng_below(&r, 40),
					       .children = q->within,
					       .nchildren = 1 };
		return &q->outer;
	}
	q->near[0] = &q->leaves[0];
	q->near[1] = &q->leaves[1];
	q->inner = (struct plan_node){ .kind = PLAN_NEAR,
				       .weight = 1,
				       .unit = units[rng_below(&r, 3)],
				       .n = rng_range(&r, 1, 20),
				       .ordered = rng_one_in(&r, 3),
				       .children = q->near,
				       .nchildren = 2 };
	if (rng_one_in(&r, 2))
		return &q->inner;
	q->chain[0] = &q->inner;
	q->chain[1] = &q->leaves[2];
	q->outer = q->inner;
	q->outer.children = q->chain;
	if (rng_one_in(&r, 4))
		q->outer.unit = units[rng_below(&r, 3)];
	return &q->outer;
}

/* One doc after the other; the frequency is asked of some. */
static void check_seek(const struct plan_node *quick, const struct plan_node *plain, struct rng *r)
{
	struct match *a = match_open(&ctx, quick), *b = match_open(&ctx, plain);

	for (uint32_t doc = 0; doc < DOCS; doc += rng_one_in(r, 50) ? rng_range(r, 1, 200) : 1) {
		doc = match_seek(b, doc);
		assert_int_equal(match_seek(a, doc == DOC_END ? DOCS : doc), doc);
		if (doc == DOC_END)
			break;
		if (!rng_one_in(r, 3))
			continue;
		assert_int_equal(match_freq(a), match_freq(b));
		assert_int_equal(match_headline(a), match_headline(b));
	}
	assert_int_equal(ctx.rc, 0);
}

static void check_seek_from_each(const struct plan_node *quick, const struct plan_node *plain)
{
	struct match *a = match_open(&ctx, quick), *b = match_open(&ctx, plain);

	for (uint32_t doc = match_seek(a, 0), other = match_seek(b, 0);;
	     doc = match_seek(a, doc + 1), other = match_seek(b, other + 1)) {
		assert_int_equal(doc, other);
		if (doc == DOC_END)
			break;
	}
}

/* Some docs, as many as there may be at once or fewer, also from where a match stands; and asked about one by one. */
static void check_keep(const struct plan_node *quick, const struct plan_node *plain, struct rng *r)
{
	struct match *a = match_open(&ctx, quick), *b = match_open(&ctx, plain), *c = match_open(&ctx, quick);
	uint32_t step = 1u << rng_below(r, 5),
		 most = rng_one_in(r, 2) ? POSTINGS_BLOCK : rng_range(r, 1, 128);

	if (rng_one_in(r, 3))
		assert_int_equal(match_seek(a, 40), match_seek(b, 40));
	for (uint32_t doc = rng_range(r, 40, 39 + step); doc < DOCS;) {
		uint32_t docs[POSTINGS_BLOCK], n = 0, wanted = 0, expected[POSTINGS_BLOCK];

		for (; doc < DOCS && n < most; doc += rng_range(r, 1, step))
			docs[n++] = doc;
		for (uint32_t i = 0; i < n; i++) {
			bool is = match_is(b, docs[i]);

			assert_int_equal(match_is(c, docs[i]), is);
			if (is)
				expected[wanted++] = docs[i];
		}
		assert_int_equal(match_keep(a, docs, n), wanted);
		assert_memory_equal(docs, expected, wanted * sizeof *docs);
	}
	assert_int_equal(ctx.rc, 0);
}

static void try_seed(uint64_t seed)
{
	struct asked quick, plain;
	struct rng r;

	rng_init(&r, seed);
	make(&r, !rng_one_in(&r, 10));
	for (int i = 0; i < 12; i++) {
		struct rng same = r;
		const struct plan_node *a = ask(&quick, PLAN_TERM, same), *b = ask(&plain, PLAN_PHRASE, same);

		rng_next(&r);
		if (b->kind == PLAN_PHRASE)
			continue;
		check_seek(a, b, &r);
		check_seek_from_each(a, b);
		check_keep(a, b, &r);
	}
}

static void many_docs_at_once_are_one_by_one(void **state)
{
	uint64_t seeds = getenv("MORGUE_TEST_LONG") ? 2000 : 20;

	(void)state;
	for (uint64_t seed = 1; seed <= seeds; seed++)
		try_seed(seed);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(places_are_found_as_one_by_one),
		cmocka_unit_test(a_place_is_quoted_as_quotations_say),
		cmocka_unit_test(many_docs_at_once_are_one_by_one),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, NULL, drop);
}
