/* tests/property/test_merge.c - merged segments are, byte for byte, the segment that their
 * articles that live would have made in one batch; damage is named and not copied. */
#include "base/mem.h"
#include "lib/random_archive.h"
#include "lib/seg_fixture.h"
#include "lib/seg_sealed.h"
#include "upkeep/merge.h"
#include "segment/seal.h"
#include "text/fields.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#define PARTS_MAX 12u

/* Articles, and what the inverter is told of each. */
struct stack {
	struct news *news;
	struct inverted_doc *docs;
	bool *dead;
	uint32_t n;
	struct analyzer *analyzer;
	struct tokens tokens;
	struct buf fields;
};

static const char *path_of(uint32_t part)
{
	static char path[400];

	snprintf(path, sizeof path, "%s.%u", seg_temp_path(), part);
	return path;
}

/* ---- articles ---- */

static struct news_options draw_options(struct rng *r)
{
	static const struct {
		uint32_t least, most, words; /* articles, words of a body */
	} sizes[] = { { 2, 30, 60 }, { 100, 400, 80 }, { 800, 1500, 20 }, { 4200, 5000, 3 } };
	static const uint32_t vocabularies[] = { 1, 10, 100, 2000 };
	uint32_t size = rng_below(r, rng_one_in(r, 3) ? 4 : 3);

	return (struct news_options){ .articles = rng_range(r, sizes[size].least, sizes[size].most),
				      .seed = rng_next(r),
				      .words = sizes[size].words,
				      .days = rng_one_in(r, 3) ? 5 : 2000,
				      .vocabulary = vocabularies[rng_below(r, 4)],
				      .oddities = 800,
				      .scripts = 300,
				      .lacking = 500,
				      .undated = rng_one_in(r, 2) ? 2000 : 0 };
}

static void make_stack(struct stack *s, struct rng *r)
{
	struct news_options options = draw_options(r);
	struct newsroom *room = newsroom_new(&options);

	s->n = (uint32_t)options.articles;
	s->analyzer = analyzer_new("english", NULL);
	assert_non_null(s->analyzer);
	s->tokens = (struct tokens)TOKENS_INIT;
	s->fields = (struct buf)BUF_INIT;
	s->docs = mem_zalloc(s->n, sizeof *s->docs);
	s->dead = mem_zalloc(s->n, sizeof *s->dead);
	s->news = mem_zalloc(s->n, sizeof *s->news);
	for (uint32_t i = 0; i < s->n; i++) {
		newsroom_next(room, &s->news[i]);
		s->docs[i] =
			(struct inverted_doc){ .date = s->news[i].seconds, .source = i % 7, .story = i % 5 };
	}
	newsroom_free(room);
}

static void release_stack(struct stack *s)
{
	for (uint32_t i = 0; i < s->n; i++)
		news_release(&s->news[i]);
	free(s->news);
	free(s->docs);
	free(s->dead);
	tokens_release(&s->tokens);
	buf_release(&s->fields);
	analyzer_free(s->analyzer);
}

/* Article i into the inverter. */
static void invert(struct stack *s, uint32_t i, struct inverter *inv)
{
	s->docs[i].headline = analyze_article(s->analyzer, buf_bytes(&s->news[i].title),
					      buf_bytes(&s->news[i].body), NULL, 0, &s->tokens);
	s->docs[i].words = s->tokens.words;
	field_terms(&(struct field_values){ .author = buf_bytes(&s->news[i].author),
					    .section = buf_bytes(&s->news[i].section),
					    .id = buf_bytes(&s->news[i].id),
					    .url = buf_bytes(&s->news[i].url) },
		    &s->fields);
	s->docs[i].fields = buf_bytes(&s->fields);
	inverter_add(inv, &s->docs[i], &s->tokens);
}

static const struct stack *sorting;

static int by_date(const void *x, const void *y)
{
	int64_t a = sorting->docs[*(const uint32_t *)x].date, b = sorting->docs[*(const uint32_t *)y].date;

	return (a > b) - (a < b);
}

/* The order in which the articles come: by date, or as it happens. It numbers them. */
static uint32_t *draw_arrival(struct stack *s, struct rng *r)
{
	uint32_t *arrival = mem_zalloc(s->n, sizeof *arrival);

	for (uint32_t i = 0; i < s->n; i++) {
		uint32_t other = rng_below(r, i + 1);

		arrival[i] = arrival[other];
		arrival[other] = i;
	}
	sorting = s;
	if (rng_one_in(r, 2))
		qsort(arrival, s->n, sizeof *arrival, by_date);
	for (uint32_t i = 0; i < s->n; i++)
		s->docs[arrival[i]].article = i + 1;
	return arrival;
}

/* ---- segments ---- */

static void write_parts(struct segment_parts *parts, uint32_t part)
{
	uint64_t size;

	assert_int_equal(segment_write(parts, path_of(part), &size, NULL), 0);
	segment_parts_release(parts);
}

/* All of the articles, or those that live. */
static void seal_slice(struct stack *s, const uint32_t *arrival, uint32_t n, bool dead, uint32_t weight,
		       uint32_t part)
{
	struct segment_parts parts;
	struct inverter inv;

	inverter_init(&inv);
	for (uint32_t i = 0; i < n; i++)
		if (dead || !s->dead[arrival[i]])
			invert(s, arrival[i], &inv);
	assert_true(seal(&inv, weight, NULL, &parts));
	inverter_release(&inv);
	write_parts(&parts, part);
}

/* Tell the segment which of its docs are dead. */
static void bury(struct segment *segment, const struct stack *s)
{
	for (uint32_t i = 0; i < s->n; i++) {
		uint32_t doc;

		if (s->dead[i] && segment_find(segment, s->docs[i].date, s->docs[i].article, &doc))
			assert_true(dead_docs_add(&segment->dead, doc, s->docs[i].words));
	}
}

static const volatile sig_atomic_t never;

/* How to merge. */
struct manner {
	unsigned jobs;
	uint64_t piece;
	bool spill;
};

static struct manner draw_manner(struct rng *r)
{
	return (struct manner){ .jobs = rng_range(r, 1, 3),
				.piece = rng_range(r, 1, rng_one_in(r, 2) ? 200 : 20000),
				.spill = rng_one_in(r, 3) };
}

static int spill(void *context, struct segment_parts *parts, struct err *err)
{
	(void)context;
	return segment_parts_spill(parts, path_of(PARTS_MAX + 1), err);
}

static int keep(void *context, struct segment_parts *parts, struct err *err)
{
	(void)context;
	(void)parts;
	(void)err;
	return 0;
}

/* Merge the parts that are named into the file of the first. `s`: whose dead docs they hold, or
 * NULL. 0 or an error. */
static int merge_parts(const struct stack *s, const uint32_t *named, uint32_t n, const struct manner *how,
		       struct err *err)
{
	struct segment segments[PARTS_MAX];
	struct segment_parts parts;
	const struct merge_settings settings = {
		.jobs = how->jobs, .stop = &never, .spill = how->spill ? spill : keep, .piece = how->piece
	};
	uint32_t open = 0;
	int rc = 0;

	while (open < n && rc == 0)
		if ((rc = segment_open(&segments[open], path_of(named[open]), err)) == 0)
			open++;
	for (uint32_t i = 0; s && i < open; i++)
		bury(&segments[i], s);
	if (rc == 0) {
		rc = merge_segments(segments, n, &settings, &parts, err);
		if (rc == 0)
			write_parts(&parts, named[0]);
		else
			segment_parts_release(&parts);
	}
	while (open > 0)
		segment_close(&segments[--open]);
	return rc;
}

/* Cut what arrived into slices and seal each; how many. */
static uint32_t seal_slices(struct stack *s, const uint32_t *arrival, struct rng *r, uint32_t weight)
{
	uint32_t slices = rng_range(r, 1, s->n < PARTS_MAX ? s->n : PARTS_MAX), from = 0;

	for (uint32_t i = 0; i < slices; i++) {
		uint32_t most = s->n - from - (slices - i - 1);
		uint32_t n = i + 1 == slices ? most : rng_range(r, 1, most);

		seal_slice(s, arrival + from, n, true, weight, i);
		s->dead[arrival[from]] = false;
		from += n;
	}
	return slices;
}

/* Merge some of the parts, then some of what there is then, until one is left. */
static void merge_at_random(const struct stack *s, struct rng *r, uint32_t n, uint64_t seed)
{
	uint32_t left[PARTS_MAX];
	struct manner how;
	struct err err;

	for (uint32_t i = 0; i < n; i++)
		left[i] = i;
	do {
		uint32_t take = n > 1 ? rng_range(r, 2, n) : 1;

		for (uint32_t i = 0; i < take; i++) {
			uint32_t other = rng_range(r, i, n - 1), swap = left[i];

			left[i] = left[other];
			left[other] = swap;
		}
		how = draw_manner(r);
		if (merge_parts(s, left, take, &how, &err) < 0)
			fail_msg("seed %" PRIu64 ": %s", seed, err.msg);
		memmove(left + 1, left + take, (n - take) * sizeof *left);
		n -= take - 1;
	} while (n > 1);
	if (left[0])
		assert_int_equal(rename(path_of(left[0]), seg_temp_path()), 0);
	else
		assert_int_equal(rename(path_of(0), seg_temp_path()), 0);
}

/* None, one, some, nearly all: but each slice keeps one that lives. */
static void draw_dead(struct stack *s, struct rng *r)
{
	static const uint32_t one_in[] = { 1, 2, 5, 50 };
	uint32_t which = rng_below(r, 8);

	if (which < 4)
		for (uint32_t i = 0; i < s->n; i++)
			s->dead[i] = rng_one_in(r, one_in[which]);
	else if (which == 4)
		s->dead[rng_below(r, s->n)] = true;
}

static void try_merge(uint64_t seed)
{
	struct buf whole = BUF_INIT, merged = BUF_INIT;
	uint32_t *arrival, weight, slices;
	struct stack s;
	struct rng r;

	rng_init(&r, seed ^ UINT64_C(0x6d65726765));
	make_stack(&s, &r);
	arrival = draw_arrival(&s, &r);
	weight = rng_range(&r, 1, 4);
	draw_dead(&s, &r);
	slices = seal_slices(&s, arrival, &r, weight);
	merge_at_random(&s, &r, slices, seed);
	seal_slice(&s, arrival, s.n, false, weight, PARTS_MAX);
	seg_read_file(path_of(PARTS_MAX), &whole);
	seg_read_file(seg_temp_path(), &merged);
	if (!bytes_equal(buf_bytes(&whole), buf_bytes(&merged)))
		fail_msg("seed %" PRIu64 ": %" PRIu32 " articles make %zu bytes at once, %zu merged", seed,
			 s.n, whole.n, merged.n);
	free(arrival);
	release_stack(&s);
	buf_release(&whole);
	buf_release(&merged);
}

static void a_merged_segment_is_the_one_sealed_at_once(void **state)
{
	(void)state;
	test_seeds(40, 6, 1500, try_merge);
}

/* ---- damage ---- */

static const uint32_t both[] = { 0, 1 };
static const struct manner alone = { .jobs = 1 }, in_threads = { .jobs = 2, .piece = 500 };

/* Two segments whose articles differ, the second with bytes changed as told. */
static int merge_with(struct buf *file, const struct manner *how, struct err *err)
{
	seg_write_file(path_of(1), buf_bytes(file));
	seg_seal_articles(path_of(0), 60, 2);
	return merge_parts(NULL, both, 2, how, err);
}

/* seg_seal_articles numbers from 1: other numbers, so that both can go together. */
static void read_renumbered(struct buf *file)
{
	struct segment s;
	size_t articles;

	seg_seal_articles(path_of(1), 200, 1);
	seg_read_file(path_of(1), file);
	assert_int_equal(segment_open(&s, path_of(1), NULL), 0);
	articles = (size_t)(s.sections[SEC_DOCS].p - s.map) + 8 * (size_t)s.ndocs;
	for (uint32_t doc = 0; doc < s.ndocs; doc++)
		store_le32(file->p + articles + 4 * (size_t)doc, segment_article(&s, doc) + 1000);
	segment_close(&s);
	seg_reseal(file->p, file->n, seg_pages_at(file->p));
}

static void a_changed_byte_ends_the_merge(void **state)
{
	struct buf good = BUF_INIT, bad = BUF_INIT;
	struct err err;

	(void)state;
	read_renumbered(&good);
	assert_int_equal(merge_with(&good, &in_threads, &err), 0);
	for (size_t at = 0; at < good.n; at += seg_step(211)) {
		buf_set(&bad, buf_bytes(&good));
		bad.p[at] ^= 0x10;
		if (merge_with(&bad, at % 2 ? &alone : &in_threads, &err) >= 0)
			fail_msg("byte %zu of %zu was changed and nobody noticed", at, good.n);
		assert_true(err.code == ERR_CORRUPT || err.code == ERR_VERSION);
		if (!strstr(err.msg, path_of(1)))
			fail_msg("byte %zu: the damaged file is not named: %s", at, err.msg);
	}
	buf_release(&good);
	buf_release(&bad);
}

/* Wrong bytes under right checksums: any end, but within bounds and in finite time. */
static void wrong_numbers_do_no_harm(void **state)
{
	struct buf good = BUF_INIT, bad = BUF_INIT;
	struct err err;
	uint32_t refused = 0;
	struct rng r;

	(void)state;
	rng_init(&r, 7);
	read_renumbered(&good);
	for (size_t at = 208; at < seg_pages_at(good.p); at += 1 + rng_below(&r, (uint32_t)seg_step(400))) {
		buf_set(&bad, buf_bytes(&good));
		bad.p[at] = (uint8_t)rng_next(&r);
		seg_reseal(bad.p, bad.n, seg_pages_at(bad.p));
		refused += merge_with(&bad, at % 2 ? &alone : &in_threads, &err) == ERR_CORRUPT;
	}
	assert_true(refused > 10);
	buf_release(&good);
	buf_release(&bad);
}

/* ---- */

static void the_same_article_twice_is_named(void **state)
{
	struct err err;

	(void)state;
	seg_seal_articles(path_of(0), 5, 1);
	seg_seal_articles(path_of(1), 5, 1);
	assert_int_equal(merge_parts(NULL, both, 2, &alone, &err), ERR_CORRUPT);
	assert_non_null(strstr(err.msg, "is there twice"));
}

static int remove_files(void **state)
{
	(void)state;
	for (uint32_t i = 0; i < PARTS_MAX + 2; i++)
		unlink(path_of(i));
	unlink(seg_temp_path());
	return 0;
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_merged_segment_is_the_one_sealed_at_once),
		cmocka_unit_test(a_changed_byte_ends_the_merge),
		cmocka_unit_test(wrong_numbers_do_no_harm),
		cmocka_unit_test(the_same_article_twice_is_named),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, NULL, remove_files);
}
