/* tests/unit/test_postings.c - a cursor visits the articles of a term, and stays where it should. */
#include "base/mem.h"
#include "generate/rng.h"
#include "lib/seg_fixture.h"
#include "segment/short_list.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <stdlib.h>

static struct seg_fixture f;

/* A cursor over one term's postings, in a segment of `ndocs` articles, H = 2. */
static struct postings cursor_over(const struct posting *list, uint32_t df, uint32_t ndocs)
{
	const struct seg_term term = { .name = bytes_str("strike"), .postings = list, .df = df };
	struct term_info info;
	struct postings c;

	seg_fixture_release(&f);
	seg_fixture_init(&f, ndocs, 2);
	seg_fixture_add(&f, &term);
	seg_fixture_seal(&f);
	info = seg_find(&f.seg, "strike");
	postings_open(&c, &f.seg, &info);
	return c;
}

/* The same over hand-made bytes. */
static struct postings cursor_over_hex(const char *hex, uint32_t df, uint32_t ndocs)
{
	struct term_info info = { .df = df };
	struct postings c;

	seg_fixture_release(&f);
	seg_fixture_init(&f, ndocs, 2);
	seg_from_hex(&f.parts.post, hex);
	seg_fixture_seal(&f);
	info.post_size = f.parts.post.n;
	postings_open(&c, &f.seg, &info);
	return c;
}

static int drop(void **state)
{
	(void)state;
	seg_fixture_release(&f);
	return 0;
}

static const struct posting four[] = { { 3, 1, 0 }, { 9, 1, 0 }, { 200, 4, 1 }, { 201, 2, 1 } };

/* Every third doc, n of them; frequencies 1 to 5. */
static struct posting *thirds(uint32_t n)
{
	struct posting *list = mem_zalloc(n, sizeof *list);

	for (uint32_t i = 0; i < n; i++)
		list[i] = (struct posting){ 3 * i, 1 + i % 5, i % 5 > 2 };
	return list;
}

static void next_visits_every_doc_once(void **state)
{
	struct postings c = cursor_over(four, 4, 300);

	(void)state;
	assert_int_equal(postings_first(&c), 3);
	assert_int_equal(postings_next(&c), 9);
	assert_int_equal(postings_next(&c), 200);
	assert_int_equal(postings_freq(&c), 4);
	assert_int_equal(postings_headline(&c), 1);
	assert_int_equal(postings_next(&c), 201);
	assert_int_equal(postings_next(&c), DOC_END);
	assert_int_equal(c.rc, 0);
}

static void seek_returns_first_doc_at_or_after_target(void **state)
{
	struct postings c = cursor_over(four, 4, 300);

	(void)state;
	assert_int_equal(postings_seek(&c, 10), 200);
	assert_int_equal(postings_seek(&c, 200), 200); /* already there: stays */
	assert_int_equal(postings_seek(&c, 4), 200);   /* never goes back */
	assert_int_equal(postings_seek(&c, 202), DOC_END);
	assert_int_equal(c.rc, 0);
}

static void a_cursor_at_the_end_stays_there(void **state)
{
	struct postings c = cursor_over(four, 4, 300);

	(void)state;
	assert_int_equal(postings_seek(&c, 202), DOC_END);
	assert_int_equal(postings_next(&c), DOC_END);
	assert_int_equal(postings_seek(&c, 3), DOC_END);
	assert_int_equal(postings_next(&c), DOC_END);
}

static void a_long_list_at_its_end_stays_there_too(void **state)
{
	struct posting *list = thirds(300);
	struct postings c = cursor_over(list, 300, 1000);

	(void)state;
	assert_int_equal(postings_seek(&c, 898), DOC_END); /* before anything was decoded */
	assert_int_equal(postings_seek(&c, 5), DOC_END);
	assert_int_equal(postings_next(&c), DOC_END);
	assert_int_equal(postings_first(&c), 0); /* first begins again */
	assert_int_equal(postings_next(&c), 3);
	assert_int_equal(c.rc, 0);
	free(list);
}

static void no_term_is_an_empty_list(void **state)
{
	struct postings c;

	(void)state;
	cursor_over(four, 4, 300);
	postings_open(&c, &f.seg, NULL);
	assert_int_equal(postings_first(&c), DOC_END);
	assert_int_equal(postings_seek(&c, 0), DOC_END);
	assert_int_equal(postings_next(&c), DOC_END);
	assert_int_equal(c.rc, 0);
}

static void seeks_cross_blocks(void **state)
{
	struct posting *list = thirds(1000);
	struct postings c = cursor_over(list, 1000, 3000);

	(void)state;
	assert_int_equal(postings_seek(&c, 381), 381); /* last of block 0 */
	assert_int_equal(postings_next(&c), 384);      /* first of block 1 */
	assert_int_equal(postings_seek(&c, 385), 387);
	assert_int_equal(postings_seek(&c, 2000), 2001);
	assert_int_equal(postings_seek(&c, 2997), 2997);
	assert_int_equal(postings_seek(&c, 2998), DOC_END);
	assert_int_equal(c.rc, 0);
	free(list);
}

static void the_number_of_an_occurrence_is_the_sum_of_counts_before(void **state)
{
	struct posting *list = thirds(1000);
	struct postings c = cursor_over(list, 1000, 3000);
	const struct postings unread = c;
	uint64_t before = 0;

	(void)state;
	postings_first(&c);
	for (uint32_t i = 0; i < 1000; i++) {
		struct postings jump = unread;

		assert_int_equal(postings_seek(&jump, c.doc), c.doc);
		assert_int_equal(postings_occurrence(&jump), before);
		if (i % 7 == 0) /* asked at some, not at all */
			assert_int_equal(postings_occurrence(&c), before);
		assert_int_equal(postings_count(&c), list[i].freq - list[i].headline); /* H = 2 */
		before += list[i].freq - list[i].headline;
		postings_next(&c);
	}
	free(list);
}

static void copying_the_struct_forks_the_cursor(void **state)
{
	struct postings a = cursor_over(four, 4, 300), b;

	(void)state;
	postings_first(&a);
	b = a;
	assert_int_equal(postings_next(&b), 9);
	assert_int_equal(a.doc, 3);
	assert_int_equal(postings_seek(&a, 201), 201);
	assert_int_equal(b.doc, 9);
}

static void a_dense_block_is_a_bitmap_and_reads_the_same(void **state)
{
	struct posting list[200];
	struct postings c;
	uint32_t n = 0;

	(void)state;
	for (uint32_t doc = 1000; n < 200; doc++)
		if (doc % 5 < 3)
			list[n++] = (struct posting){ doc, 1, 0 };
	c = cursor_over(list, 200, 2000);
	assert_true(f.parts.post.p[load_le32(f.parts.post.p + SKIP_ENTRY + 4)] &
		    BLOCK_BITMAP); /* of block 1 */
	postings_first(&c);
	for (uint32_t i = 0; i < 200; i++, postings_next(&c))
		assert_int_equal(c.doc, list[i].doc);
	assert_int_equal(c.doc, DOC_END);
	assert_int_equal(c.rc, 0);
}

/* ---- a block at a time ---- */

/* Dense and thin stretches by turns, so that bitmaps and gaps are mixed; every doc below `ndocs`. */
static uint32_t mixed_list(struct rng *r, struct posting *list, uint32_t ndocs)
{
	uint32_t n = 0, step = 1;

	for (uint32_t doc = rng_below(r, 3); doc < ndocs; doc += rng_range(r, 1, step)) {
		list[n++] =
			(struct posting){ doc, rng_one_in(r, 5) ? rng_range(r, 2, 90) : 2, rng_below(r, 2) };
		step = rng_one_in(r, 100) ? 1u << rng_below(r, 6) : step;
	}
	return n;
}

static void check_bitmap(const struct postings *c, const struct posting *list, uint32_t n)
{
	uint32_t before = 0;

	for (uint32_t i = 0; i < c->nwords; i++) {
		assert_int_equal(c->ranks[i], before);
		for (uint32_t bit = 0; bit < 64; bit++)
			if (c->words[i] >> bit & 1)
				assert_int_equal(c->base + 64 * i + bit, list[before++].doc);
	}
	assert_int_equal(before, n);
}

static uint64_t check_block(struct postings *c, uint32_t block, const struct posting *list, uint32_t n,
			    uint64_t at)
{
	uint64_t first;

	assert_true(postings_enter(c, block));
	assert_int_equal(c->n, n);
	if (c->bitmap)
		check_bitmap(c, list, n);
	assert_true(postings_load(c, block) && postings_load_freqs(c));
	for (uint32_t i = 0; i < POSTINGS_BLOCK; i++)
		assert_int_equal(c->docs[i], i < n ? list[i].doc : DOC_END);
	for (uint32_t i = 0; i < n; i++) {
		uint32_t count = list[i].freq - list[i].headline; /* H = 2 */

		assert_int_equal(c->freqs[i], list[i].freq);
		assert_int_equal(postings_occurrences_at(c, i, &first), count);
		assert_int_equal(first, at);
		assert_int_equal(c->headlines[i], list[i].headline);
		assert_int_equal(postings_search(c->docs, list[i].doc), i);
		if (i + 1 < n) /* between two docs, the later one; if there is none between, that is it too */
			assert_int_equal(postings_search(c->docs, list[i].doc + 1), i + 1);
		at += count;
	}
	if (c->nblocks > 1)
		assert_int_equal(postings_block_last(c, block), list[n - 1].doc);
	return at;
}

static void blocks_are_read_whole(void **state)
{
	struct posting *list = mem_zalloc(20000, sizeof *list);
	uint32_t bitmaps = 0, gaps = 0;
	struct rng r;

	(void)state;
	rng_init(&r, 4);
	for (uint32_t round = 0; round < 12; round++) {
		uint32_t ndocs = round < 4 ? 300 : 20000, n = mixed_list(&r, list, ndocs);
		struct postings c = cursor_over(list, n, ndocs);
		uint64_t at = 0;

		for (uint32_t b = 0; b < c.nblocks; b++) {
			uint32_t left = n - b * POSTINGS_BLOCK;

			at = check_block(&c, b, list + b * POSTINGS_BLOCK,
					 left < POSTINGS_BLOCK ? left : POSTINGS_BLOCK, at);
			bitmaps += c.bitmap;
			gaps += !c.bitmap;
		}
		assert_int_equal(c.rc, 0);
	}
	assert_true(bitmaps > 20 && gaps > 20);
	free(list);
}

static void the_block_of_a_doc_is_found_from_any_before_it(void **state)
{
	struct posting *list = thirds(POSTINGS_BLOCK * 41);
	struct postings c = cursor_over(list, POSTINGS_BLOCK * 41, POSTINGS_BLOCK * 41 * 3);

	(void)state;
	for (uint32_t from = 0; from <= c.nblocks; from++) {
		for (uint32_t block = from; block < c.nblocks; block++) {
			uint32_t last = postings_block_last(&c, block);

			assert_int_equal(postings_find_block(&c, from, last), block);
			assert_int_equal(postings_find_block(&c, from, last + 1), block + 1);
		}
		assert_int_equal(postings_find_block(&c, from, 0), from);
		assert_int_equal(postings_find_block(&c, from, UINT32_MAX), c.nblocks);
	}
	free(list);
}

/* Every doc of some, and those beside them. */
static void check_finds(const struct postings *unread, struct rng *r, const struct posting *list, uint32_t n,
			uint32_t ndocs)
{
	struct postings c = *unread;
	uint32_t step = 1u << rng_below(r, 10), i = 0;

	for (uint32_t doc = rng_below(r, step); doc < ndocs; doc += rng_range(r, 1, step)) {
		uint32_t found = postings_find(&c, doc);

		while (i < n && list[i].doc < doc)
			i++;
		if (i == n || list[i].doc != doc) {
			assert_int_equal(found, POSTINGS_BLOCK);
			continue;
		}
		assert_int_equal(found, i % POSTINGS_BLOCK);
		assert_int_equal(c.block, i / POSTINGS_BLOCK);
		assert_true(postings_load_freqs(&c));
		assert_int_equal(c.freqs[found], list[i].freq);
	}
	assert_int_equal(c.rc, 0);
}

static void docs_that_are_looked_up_are_found_at_their_places(void **state)
{
	struct posting *list = mem_zalloc(20000, sizeof *list);
	struct rng r;

	(void)state;
	rng_init(&r, 6);
	for (uint32_t round = 0; round < 40; round++) {
		uint32_t ndocs = round < 8 ? 100 : 20000, n = mixed_list(&r, list, ndocs);
		struct postings c = cursor_over(list, n, ndocs);

		check_finds(&c, &r, list, n, ndocs);
	}
	free(list);
}

/* Docs that are looked up together, up to a block's end, are where they are one by one. A doc that is not there has
 * no occurrences. */
static void docs_are_found_together_as_one_by_one(void **state)
{
	struct posting *list = mem_zalloc(20000, sizeof *list);
	struct rng r;

	(void)state;
	rng_init(&r, 8);
	for (uint32_t round = 0; round < 60; round++) {
		uint32_t ndocs = round < 12 ? 100 : 20000, n = mixed_list(&r, list, ndocs),
			 docs[POSTINGS_BLOCK];
		uint32_t step = 1u << rng_below(&r, 10);
		struct postings all = cursor_over(list, n, ndocs), one = all;

		for (uint32_t doc = rng_below(&r, step); doc < ndocs;) {
			uint32_t m = 0;

			for (; doc < ndocs && m < POSTINGS_BLOCK; doc += rng_range(&r, 1, step))
				docs[m++] = doc;
			for (uint32_t i = 0, got; i < m; i += got) {
				uint8_t places[POSTINGS_BLOCK];

				got = postings_find_all(&all, docs + i, m - i, places);
				assert_in_range(got, 1, m - i);
				for (uint32_t j = 0; j < got; j++) {
					uint32_t place = postings_find(&one, docs[i + j]);
					uint64_t first[2];

					assert_int_equal(places[j], place);
					if (place < POSTINGS_BLOCK)
						assert_int_equal(
							postings_occurrences_at(&all, place, &first[0]),
							postings_occurrences_at(&one, place, &first[1]));
					else if (all.block < all.nblocks)
						assert_int_equal(
							postings_occurrences_at(&all, place, &first[0]), 0);
					if (place < POSTINGS_BLOCK)
						assert_true(first[0] == first[1]);
				}
			}
		}
		assert_true(all.rc == 0 && one.rc == 0);
	}
	free(list);
}

/* A list of one block has no table that says where it ends: behind its bitmap, words that are
 * not there were looked at. */
static void nothing_is_found_behind_a_bitmap_without_a_table(void **state)
{
	static const struct posting dense[] = {
		{ 0, 1, 0 }, { 1, 1, 0 }, { 2, 1, 0 }, { 3, 1, 0 }, { 5, 1, 0 }
	};
	struct postings c;

	(void)state;
	c = cursor_over(dense, 5, 100000);
	for (uint32_t doc = 6; doc < 100000; doc += 61) {
		struct postings fresh = c;

		memset(fresh.words, 0xFF, sizeof fresh.words);
		assert_int_equal(postings_find(&fresh, doc), POSTINGS_BLOCK);
		assert_int_equal(postings_find(&fresh, doc + 1), POSTINGS_BLOCK);
		assert_int_equal(fresh.rc, 0);
	}
	assert_int_equal(postings_find(&c, 5), 4);
	assert_true(c.bitmap);
}

static void check_top(const struct posting *list, uint32_t n, uint32_t k, const struct impact *pair)
{
	uint32_t as_good = 0;

	for (uint32_t i = 0; i < n; i++)
		as_good += list[i].freq >= pair->freq && f.parts.docs.length[list[i].doc] <= pair->length;
	assert_true(as_good >= k);
}

/* Seals the segment again, with lengths. */
static struct postings with_lengths(struct rng *r, const struct posting *list, uint32_t df, uint32_t ndocs)
{
	const struct seg_term term = { .name = bytes_str("strike"), .postings = list, .df = df };
	struct term_info info;
	struct postings c;

	seg_fixture_release(&f);
	seg_fixture_init(&f, ndocs, 2);
	for (uint32_t doc = 0; doc < ndocs; doc++)
		f.parts.docs.length[doc] = (uint8_t)(rng_one_in(r, 3) ? rng_below(r, 256) : 90);
	seg_fixture_add(&f, &term);
	seg_fixture_seal(&f);
	info = seg_find(&f.seg, "strike");
	postings_open(&c, &f.seg, &info);
	return c;
}

static void k_docs_are_as_good_as_the_top_pair_of_k(void **state)
{
	struct posting *list = mem_zalloc(20000, sizeof *list);
	uint32_t kept = 0;
	struct rng r;

	(void)state;
	rng_init(&r, 8);
	for (uint32_t round = 0; round < 20; round++) {
		uint32_t ndocs = round < 6 ? 400 : 20000, n = mixed_list(&r, list, ndocs);
		struct postings c = with_lengths(&r, list, n, ndocs);
		struct impact pair;

		for (uint32_t k = 1; k <= 1100; k += k < 12 || k > 990 ? 1 : 30) {
			if (!postings_top(&c, k, &pair))
				continue;
			assert_true(k <= 1000);
			check_top(list, n, k, &pair);
			kept++;
		}
	}
	assert_true(kept > 100);
	free(list);
}

static void impacts_of_a_block_bound_its_postings(void **state)
{
	struct posting *list = thirds(300);
	struct postings c = cursor_over(list, 300, 1000);
	struct impacts set;

	(void)state;
	postings_seek(&c, 600);
	assert_int_equal(postings_impacts(&c, c.block, &set), 0);
	assert_int_equal(set.n, 1);
	assert_int_equal(set.v[0].freq, 5);
	free(list);
	c = cursor_over(four, 4, 300); /* one block: gathered from the postings */
	postings_first(&c);
	assert_int_equal(postings_impacts(&c, c.block, &set), 0);
	assert_int_equal(set.n, 1);
	assert_int_equal(set.v[0].freq, 4);
}

/* Docs that are wrong end the walk; frequencies and counts that are wrong are told when they
 * are asked for. */
static void expect_corrupt(struct postings c)
{
	for (postings_first(&c); c.doc != DOC_END; postings_next(&c)) {
		postings_freq(&c);
		assert_in_range(postings_count(&c), 1, 1u << 20);
	}
	assert_int_equal(c.rc, ERR_CORRUPT);
	assert_int_equal(postings_next(&c), DOC_END);
	assert_int_equal(postings_seek(&c, 0), DOC_END);
	assert_int_equal(c.rc, ERR_CORRUPT);
}

static void blocks_that_cannot_be_are_corrupt(void **state)
{
	struct postings c =
		cursor_over_hex("00 | 08 03 05 be | 02 30", 3, 300); /* the page's postings-short */

	(void)state;
	assert_int_equal(postings_first(&c), 3);
	expect_corrupt(cursor_over_hex("00 | 08 03 05 be | 02 30", 3, 200));      /* doc 200 of 200 */
	expect_corrupt(cursor_over_hex("04 | 08 03 05 be | 02 30", 3, 300));      /* unknown flag */
	expect_corrupt(cursor_over_hex("00 | 08 03 05 be | 02 30 | 00", 3, 300)); /* a byte too many */
	expect_corrupt(cursor_over_hex("00 | 08 03 05 be | 02", 3, 300));         /* a byte too few */
	expect_corrupt(cursor_over_hex("", 3, 300));
}

/* ---- lists of one block, at once ---- */

/* Lists of every length, thin and dense, with frequencies that are exceptions and headline counts. */
static void a_short_list_reads_as_a_cursor_does(void **state)
{
	struct posting list[POSTINGS_BLOCK + 1];
	struct short_list s;
	struct rng r;

	(void)state;
	rng_init(&r, 7);
	for (uint32_t n = 1; n <= POSTINGS_BLOCK + 1; n++) {
		uint32_t doc = rng_below(&r, 9), step = 1u << rng_below(&r, 9);
		struct term_info info;
		struct postings c;

		for (uint32_t i = 0; i < n; i++, doc += rng_range(&r, 1, step))
			list[i] = (struct posting){ doc, rng_one_in(&r, 9) ? rng_range(&r, 2, 1u << 20) : 2,
						    n % 2 ? 0 : rng_below(&r, 2) };
		c = cursor_over(list, n, doc + 1);
		info = seg_find(&f.seg, "strike");
		postings_first(&c);
		assert_int_equal(short_list_is(&f.seg, &info), n <= POSTINGS_BLOCK && !c.bitmap);
		if (!short_list_is(&f.seg, &info))
			continue;
		assert_true(short_list_docs(&s, &f.seg, &info) && short_list_freqs(&s));
		assert_int_equal(s.n, n);
		for (uint32_t i = 0; i < n; i++, postings_next(&c))
			assert_true(s.docs[i] == c.doc && s.freqs[i] == postings_freq(&c));
	}
}

static bool short_reads(const char *hex, uint32_t df, uint32_t ndocs)
{
	struct postings c = cursor_over_hex(hex, df, ndocs);
	const struct term_info info = { .df = c.df, .post_size = f.parts.post.n };
	struct short_list s;

	return short_list_is(&f.seg, &info) && short_list_docs(&s, &f.seg, &info) && short_list_freqs(&s);
}

static void short_lists_that_cannot_be_are_corrupt(void **state)
{
	(void)state;
	assert_true(short_reads("00 | 08 03 05 be | 02 30", 3, 201));
	assert_false(short_reads("00 | 08 03 05 be | 02 30", 3, 200));      /* doc 200 of 200 */
	assert_false(short_reads("04 | 08 03 05 be | 02 30", 3, 300));      /* unknown flag */
	assert_false(short_reads("00 | 08 03 05 be | 02 30 | 00", 3, 300)); /* a byte too many */
	assert_false(short_reads("00 | 08 03 05 be | 02", 3, 300));         /* a byte too few */
	assert_false(short_reads("00 | 08 03 05", 3, 300));
	assert_false(short_reads("00 | 21 03 05 be | 02 30", 3, 300)); /* 33 bits */
	assert_false(short_reads("00 | 00 | 20 ff ff ff ff", 1, 300)); /* frequency 2^32 */
	assert_false(short_reads("00 | 20 ff ff ff ff | 00", 1, 300));
	assert_false(short_reads("00", 3, 300));
	assert_false(short_reads("", 3, 300));
}

static void bitmaps_that_cannot_be_are_corrupt(void **state)
{
	struct postings c = cursor_over_hex("02 | 02 03 80 | 00", 3, 16);

	(void)state;
	assert_int_equal(postings_seek(&c, 2), 15);
	expect_corrupt(cursor_over_hex("02 | 02 03 80 | 00", 4, 16));          /* a bit too few */
	expect_corrupt(cursor_over_hex("02 | 02 03 80 | 00", 2, 16));          /* a bit too many */
	expect_corrupt(cursor_over_hex("02 | 02 03 80 | 00", 3, 15));          /* doc 15 of 15 */
	expect_corrupt(cursor_over_hex("02 | 05 03 80 00 00 00 | 00", 3, 16)); /* longer than the docs */
	expect_corrupt(cursor_over_hex("02 | 7f 03 80 | 00", 3, 16));          /* longer than the list */
	expect_corrupt(cursor_over_hex("02 | 00 | 00", 1, 16));                /* empty */
}

/* Headline counts above what the frequency allows made postings_count wrap around below 0. */
static void headline_counts_above_the_frequency_are_corrupt(void **state)
{
	struct postings c = cursor_over_hex("01 | 00 | 01 01 | 01 01", 1, 300); /* freq 2, headline 1 */

	(void)state;
	assert_int_equal(postings_first(&c), 0);
	assert_int_equal(postings_count(&c), 1);
	expect_corrupt(cursor_over_hex("01 | 00 | 01 01 | 02 02", 1, 300)); /* freq 2, headline 2, H 2 */
}

/* The same in a block of 128, whose numbers are looked at together. */
static void numbers_of_a_full_block_that_cannot_be_are_corrupt(void **state)
{
	static const char *const docs = "03 | 10 ff ff ff ff ff ff ff ff ff ff ff ff ff ff ff ff";
	static const struct {
		const char *rest;
		bool fine;
	} cases[] = { { "00 | 80 01 05 00", true },
		      { "80 01 05 01 | 80 01 05 01", true },              /* doc 5: freq 2, headline 1 */
		      { "00 | 80 01 05 01", false },                      /* freq 1, headline 1 */
		      { "80 01 05 ff ff ff ff 0f | 80 01 05 00", false }, /* freq 2^32 */
		      { "80 01 05 02 | 80 01 05 81 80 80 80 08",
			false } }; /* H times headline is 2 in 32 bits */

	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		struct buf hex = BUF_INIT;
		struct postings c;

		buf_addf(&hex, "%s | %s", docs, cases[i].rest);
		c = cursor_over_hex(buf_cstr(&hex), 128, 300);
		buf_release(&hex);
		assert_int_equal(postings_seek(&c, 127), 127);
		assert_int_equal(postings_count(&c), 1);
		assert_int_equal(c.rc, cases[i].fine ? 0 : ERR_CORRUPT);
		if (cases[i].fine)
			assert_int_equal(postings_occurrence(&c), 127);
	}
}

static void skip_tables_that_lie_are_corrupt(void **state)
{
	struct posting *list = thirds(300);
	struct buf good = BUF_INIT;
	struct term_info info = { .df = 300 };

	(void)state;
	cursor_over(list, 300, 1000);
	buf_add_bytes(&good, buf_bytes(&f.parts.post));
	for (size_t field = 0; field < 12; field++) { /* of the three entries, four fields each */
		struct postings c;
		struct impacts set;
		int rc = 0;

		buf_set(&f.parts.post, buf_bytes(&good));
		store_le32(f.parts.post.p + 4 * field, 0xFFFFFFF0);
		seg_fixture_seal(&f);
		info.post_size = good.n;
		postings_open(&c, &f.seg, &info);
		for (postings_first(&c); c.doc != DOC_END && rc == 0; postings_next(&c))
			rc = postings_impacts(&c, c.block, &set);
		if (field % 4 != 2) /* the occurrences before are checked where positions are read */
			assert_int_equal(c.rc, ERR_CORRUPT);
	}
	expect_corrupt(cursor_over_hex("00", 300, 1000)); /* no room for the table */
	buf_release(&good);
	free(list);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(next_visits_every_doc_once),
		cmocka_unit_test(seek_returns_first_doc_at_or_after_target),
		cmocka_unit_test(a_cursor_at_the_end_stays_there),
		cmocka_unit_test(a_long_list_at_its_end_stays_there_too),
		cmocka_unit_test(no_term_is_an_empty_list),
		cmocka_unit_test(seeks_cross_blocks),
		cmocka_unit_test(the_number_of_an_occurrence_is_the_sum_of_counts_before),
		cmocka_unit_test(copying_the_struct_forks_the_cursor),
		cmocka_unit_test(a_dense_block_is_a_bitmap_and_reads_the_same),
		cmocka_unit_test(blocks_are_read_whole),
		cmocka_unit_test(the_block_of_a_doc_is_found_from_any_before_it),
		cmocka_unit_test(docs_that_are_looked_up_are_found_at_their_places),
		cmocka_unit_test(docs_are_found_together_as_one_by_one),
		cmocka_unit_test(nothing_is_found_behind_a_bitmap_without_a_table),
		cmocka_unit_test(k_docs_are_as_good_as_the_top_pair_of_k),
		cmocka_unit_test(impacts_of_a_block_bound_its_postings),
		cmocka_unit_test(blocks_that_cannot_be_are_corrupt),
		cmocka_unit_test(bitmaps_that_cannot_be_are_corrupt),
		cmocka_unit_test(a_short_list_reads_as_a_cursor_does),
		cmocka_unit_test(short_lists_that_cannot_be_are_corrupt),
		cmocka_unit_test(headline_counts_above_the_frequency_are_corrupt),
		cmocka_unit_test(numbers_of_a_full_block_that_cannot_be_are_corrupt),
		cmocka_unit_test(skip_tables_that_lie_are_corrupt),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, NULL, drop);
}
