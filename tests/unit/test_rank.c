/* tests/unit/test_rank.c - the best hits of all segments, in each order, page by page. */
#include "base/civil.h"
#include "base/mem.h"
#include "generate/rng.h"
#include "lib/seg_fixture.h"
#include "rank/rank.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <stdlib.h>

#define SEGMENTS 3
#define DOCS     700 /* in all; more than one block of postings in a segment */

/* Segments in memory that hold one term, `strike`; what a ranking of it must be. */
struct fixture {
	struct seg_fixture segments[SEGMENTS];
	struct segment opened[SEGMENTS];
	struct archive archive;
	struct hit hits[DOCS];
	size_t n;
	struct plan plan;
	struct plan_node node;
	struct plan_element element;
	struct bytes term;
};

static int by_doc_order(const void *x, const void *y)
{
	const struct hit *a = x, *b = y;

	if (a->date != b->date)
		return a->date > b->date ? -1 : 1;
	return a->article < b->article ? -1 : 1;
}

static int by_age(const void *x, const void *y)
{
	const struct hit *a = x, *b = y;

	if ((a->date == CIVIL_NONE) != (b->date == CIVIL_NONE))
		return a->date == CIVIL_NONE ? 1 : -1;
	if (a->date != b->date)
		return a->date < b->date ? -1 : 1;
	return a->article < b->article ? -1 : 1;
}

static int by_score(const void *x, const void *y)
{
	const struct hit *a = x, *b = y;

	if (a->score != b->score)
		return a->score > b->score ? -1 : 1;
	return by_doc_order(x, y);
}

/* ---- segments ---- */

/* Articles number, number + SEGMENTS, ...: few dates, some none, so that they tie. */
static uint32_t draw_docs(struct rng *r, struct hit *hits, uint32_t number)
{
	uint32_t n = 0;

	for (uint32_t article = number + 1; article <= DOCS; article += SEGMENTS)
		hits[n++] = (struct hit){
			.article = article,
			.segment = number,
			.date = rng_one_in(r, 5) ? CIVIL_NONE
						 : (int64_t)rng_below(r, 6) * CIVIL_DAY - 3 * CIVIL_DAY,
		};
	qsort(hits, n, sizeof *hits, by_doc_order);
	return n;
}

static void make_segment(struct fixture *f, struct rng *r, uint32_t number)
{
	struct seg_fixture *s = &f->segments[number];
	struct hit *hits = f->hits + f->n;
	struct posting postings[DOCS];
	uint32_t n = draw_docs(r, hits, number);

	seg_fixture_init(s, n, 1);
	for (uint32_t doc = 0; doc < n; doc++) {
		postings[doc] = (struct posting){ .doc = doc, .freq = rng_range(r, 1, 4) };
		hits[doc].doc = doc;
		s->parts.docs.article[doc] = hits[doc].article;
		s->parts.docs.date[doc] = hits[doc].date;
		s->parts.docs.length[doc] = (uint8_t)rng_range(r, 10, 12);
		s->parts.docs.ndated += hits[doc].date != CIVIL_NONE;
		hits[doc].score = scorer_contribution(&f->plan.scorer, f->node.weight, postings[doc].freq,
						      s->parts.docs.length[doc]);
	}
	seg_fixture_add(s, &(struct seg_term){ .name = f->term, .postings = postings, .df = n });
	seg_fixture_seal(s);
	f->opened[number] = s->seg;
	f->n += n;
}

static void make(struct fixture *f)
{
	struct rng r;

	*f = (struct fixture){ .term = bytes_str("strike") };
	rng_init(&r, 11);
	f->element = (struct plan_element){ .terms = &f->term, .nterms = 1 };
	f->node =
		(struct plan_node){ .kind = PLAN_TERM, .weight = 2, .elements = &f->element, .nelements = 1 };
	f->plan.root = &f->node;
	scorer_init(&f->plan.scorer, BM25_K1, BM25_B, DOCS, DOCS * 11);
	for (uint32_t i = 0; i < SEGMENTS; i++)
		make_segment(f, &r, i);
	f->archive = (struct archive){ .segments = f->opened, .nsegments = SEGMENTS };
	assert_int_equal(f->n, DOCS);
}

static void release(struct fixture *f)
{
	for (int i = 0; i < SEGMENTS; i++) {
		dead_docs_release(&f->opened[i].dead);
		seg_fixture_release(&f->segments[i]);
	}
}

/* ---- pages ---- */

/* Is the page what a sorted list of all hits holds there? */
static void check_page(const struct fixture *f, enum rank_order order, uint64_t offset, uint64_t count)
{
	const struct rank_options o = { .order = order, .offset = offset, .count = count };
	size_t first = offset < f->n ? (size_t)offset : f->n;
	size_t n = count < f->n - first ? (size_t)count : f->n - first;
	struct ranking r;
	struct err err;

	assert_int_equal(rank_plan(&r, &f->plan, &f->archive, &o, &err), 0);
	assert_int_equal(r.total, f->n);
	assert_int_equal(r.n, n);
	for (size_t i = 0; i < n; i++) {
		const struct hit *wanted = &f->hits[first + i];

		assert_int_equal(r.hits[i].article, wanted->article);
		assert_int_equal(r.hits[i].segment, wanted->segment);
		assert_int_equal(r.hits[i].doc, wanted->doc);
		assert_true(r.hits[i].date == wanted->date);
		assert_true(order != RANK_RELEVANCE || r.hits[i].score == wanted->score);
	}
	ranking_release(&r);
	ranking_release(&r); /* twice is fine */
}

static void check_order(enum rank_order order, int (*compare)(const void *, const void *))
{
	static const uint64_t offsets[] = { 0, 1, 13, DOCS - 1, DOCS, DOCS + 1, UINT64_MAX };
	static const uint64_t counts[] = { 0,         1, 2, 10, 256, DOCS - 1, DOCS, DOCS + 1, UINT64_MAX - 5,
					   UINT64_MAX };
	struct fixture f;

	make(&f);
	qsort(f.hits, f.n, sizeof *f.hits, compare);
	for (size_t i = 0; i < sizeof offsets / sizeof *offsets; i++)
		for (size_t j = 0; j < sizeof counts / sizeof *counts; j++)
			check_page(&f, order, offsets[i], counts[j]);
	release(&f);
}

static void relevance_is_score_then_doc_order(void **state)
{
	(void)state;
	check_order(RANK_RELEVANCE, by_score);
}

static void newest_is_doc_order(void **state)
{
	(void)state;
	check_order(RANK_NEWEST, by_doc_order);
}

static void oldest_has_the_undated_last(void **state)
{
	(void)state;
	check_order(RANK_OLDEST, by_age);
}

static void pages_make_up_the_whole(void **state)
{
	struct fixture f;

	(void)state;
	make(&f);
	qsort(f.hits, f.n, sizeof *f.hits, by_score);
	for (uint64_t offset = 0; offset < f.n + 7; offset += 7)
		check_page(&f, RANK_RELEVANCE, offset, 7);
	release(&f);
}

/* The first n hits in the order they stand in die: those after them move up. */
static void bury_first(struct fixture *f, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		struct segment *s = &f->opened[f->hits[i].segment];

		s->dead.ndocs = s->ndocs;
		assert_true(dead_docs_add(&s->dead, f->hits[i].doc, 1));
	}
	f->n -= n;
	memmove(f->hits, f->hits + n, f->n * sizeof *f->hits);
}

/* What is known of a list's best docs ahead, for 10, 100 and 1,000 hits, counts dead ones. */
static void the_dead_are_no_hits(void **state)
{
	static int (*const compare[])(const void *, const void *) = { by_score, by_doc_order, by_age };
	static const enum rank_order orders[] = { RANK_RELEVANCE, RANK_NEWEST, RANK_OLDEST };
	static const size_t many[] = { 1, 9, 10, 100, 300, DOCS };

	(void)state;
	for (size_t i = 0; i < sizeof many / sizeof *many; i++) {
		struct fixture f;

		make(&f);
		qsort(f.hits, f.n, sizeof *f.hits, by_score);
		bury_first(&f, many[i]);
		for (size_t j = 0; j < sizeof orders / sizeof *orders; j++) {
			if (f.n)
				qsort(f.hits, f.n, sizeof *f.hits, compare[j]);
			for (uint64_t count = 0; count < 120; count += count < 12 ? 1 : 29)
				check_page(&f, orders[j], 0, count);
		}
		f.node.kind = PLAN_ALL;
		check_page(&f, RANK_OLDEST, 0, 0);
		release(&f);
	}
}

static void nothing_found_is_an_empty_page(void **state)
{
	const struct rank_options o = { .count = 10 };
	struct ranking r;
	struct fixture f;
	struct err err;

	(void)state;
	make(&f);
	f.node.kind = PLAN_NOTHING;
	assert_int_equal(rank_plan(&r, &f.plan, &f.archive, &o, &err), 0);
	assert_int_equal(r.total, 0);
	assert_int_equal(r.n, 0);
	ranking_release(&r);
	f.archive.nsegments = 0;
	f.node.kind = PLAN_ALL;
	assert_int_equal(rank_plan(&r, &f.plan, &f.archive, &o, &err), 0);
	assert_int_equal(r.total, 0);
	ranking_release(&r);
	release(&f);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(relevance_is_score_then_doc_order),
		cmocka_unit_test(newest_is_doc_order),
		cmocka_unit_test(oldest_has_the_undated_last),
		cmocka_unit_test(pages_make_up_the_whole),
		cmocka_unit_test(the_dead_are_no_hits),
		cmocka_unit_test(nothing_found_is_an_empty_page),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
