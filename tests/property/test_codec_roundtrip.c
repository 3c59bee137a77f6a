/* tests/property/test_codec_roundtrip.c - for seeds 1..N: what is decoded is what was encoded.
 *
 * The seed of a failure is printed; seg_seeds() says how many are tried.
 */
#include "archive/texts.h"
#include "base/mem.h"
#include "generate/rng.h"
#include "lib/any_dictionary.h"
#include "lib/seg_fixture.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <stdio.h>
#include <stdlib.h>

#define DF_MAX 1000u

static uint64_t seed; /* of the round that runs */

#define CHECK(condition)                                                                                     \
	do {                                                                                                 \
		if (!(condition))                                                                            \
			fail_msg("seed %u: %s (line %d)", (unsigned)seed, #condition, __LINE__);             \
	} while (0)

#define FOR_EACH_SEED(r) for (seed = 1; seed <= seg_seeds() && (rng_init(&r, seed), true); seed++)

/* A number of random width: small ones are as likely as large ones. */
static uint32_t any_width(struct rng *r, unsigned most)
{
	unsigned bits = rng_below(r, most + 1);

	return bits ? (uint32_t)(rng_next(r) >> (64 - bits)) : 0;
}

/* ---- packed arrays ---- */

static void make_values(struct rng *r, uint32_t *values, uint32_t n)
{
	unsigned usual = rng_below(r, 33), rare = rng_below(r, 33);
	uint32_t one_in = 1 + rng_below(r, 40);

	for (uint32_t i = 0; i < n; i++)
		values[i] = any_width(r, rng_one_in(r, one_in) ? rare : usual);
}

static void packed_arrays_come_back(void **state)
{
	struct rng r;

	(void)state;
	FOR_EACH_SEED(r)
	{
		uint32_t n = rng_one_in(&r, 2) ? PACKED_MAX : rng_range(&r, 1, PACKED_MAX);
		uint32_t values[PACKED_MAX], got[PACKED_MAX];
		struct buf once = BUF_INIT, twice = BUF_INIT;

		make_values(&r, values, n);
		packed_put(&once, values, n);
		packed_put(&twice, values, n);
		CHECK(bytes_equal(buf_bytes(&once), buf_bytes(&twice)));
		CHECK(packed_get(got, n, once.p, once.p + once.n) == once.p + once.n);
		CHECK(packed_skip(n, once.p, once.p + once.n) == once.p + once.n);
		CHECK(memcmp(got, values, n * sizeof *values) == 0);
		CHECK(once.n <= 1 + 4 * (size_t)n);
		for (size_t cut = 0; cut < once.n; cut++)
			CHECK(!packed_get(got, n, once.p, once.p + cut));
		memset(got, 0, sizeof got);
		buf_add_zeros(&once, 8); /* that may be read */
		CHECK(packed_get_few(got, n, once.p, once.p + twice.n) == once.p + twice.n);
		CHECK(memcmp(got, values, n * sizeof *values) == 0);
		for (size_t cut = 0; cut < twice.n; cut++)
			CHECK(!packed_get_few(got, n, once.p, once.p + cut));
		buf_release(&once);
		buf_release(&twice);
	}
}

/* ---- posting lists ---- */

static uint32_t any_df(struct rng *r)
{
	static const uint32_t edges[] = { 1, 2, 127, 128, 129, 255, 256, 257, DF_MAX };

	return rng_one_in(r, 2) ? edges[rng_below(r, sizeof edges / sizeof *edges)] : rng_range(r, 1, DF_MAX);
}

/* Ascending docs, dense or sparse or in clusters; returns how many docs a segment must have. */
static uint32_t make_postings(struct rng *r, struct posting *list, uint32_t df, uint32_t weight)
{
	uint32_t doc = any_width(r, 12), step = 1 + any_width(r, 10), freqs = rng_below(r, 12);
	bool clusters = rng_one_in(r, 3), headlines = rng_one_in(r, 2);

	for (uint32_t i = 0; i < df; i++) {
		uint32_t headline = headlines && rng_one_in(r, 5) ? 1 + any_width(r, 3) : 0;
		uint32_t body = any_width(r, freqs) + !headline;

		list[i] = (struct posting){ doc, headline * weight + body, weight > 1 ? headline : 0 };
		doc += 1 + (clusters && !rng_one_in(r, 20) ? 0 : rng_below(r, step));
	}
	return doc;
}

struct made {
	struct seg_fixture f;
	struct posting list[DF_MAX];
	uint32_t df, weight;
	struct term_info info;
};

static void make_list(struct rng *r, struct made *m)
{
	uint32_t ndocs;
	struct seg_term term = { .name = bytes_str("strike"), .postings = m->list };

	m->df = term.df = any_df(r);
	m->weight = 1 + rng_below(r, 4);
	ndocs = make_postings(r, m->list, m->df, m->weight);
	seg_fixture_init(&m->f, ndocs, m->weight);
	for (uint32_t doc = 0; doc < ndocs; doc++)
		m->f.parts.docs.length[doc] = (uint8_t)rng_next(r);
	seg_fixture_add(&m->f, &term);
	seg_fixture_seal(&m->f);
	m->info = seg_find(&m->f.seg, "strike");
}

static void check_walk(const struct made *m)
{
	struct postings c;
	uint64_t before = 0;
	uint32_t i = 0;

	postings_open(&c, &m->f.seg, &m->info);
	for (postings_first(&c); c.doc != DOC_END; postings_next(&c), i++) {
		uint32_t count = m->list[i].freq - (m->weight - 1) * m->list[i].headline;

		CHECK(i < m->df && c.doc == m->list[i].doc && postings_freq(&c) == m->list[i].freq);
		CHECK(postings_headline(&c) == m->list[i].headline);
		CHECK(postings_count(&c) == count && postings_occurrence(&c) == before);
		before += count;
	}
	CHECK(i == m->df && c.rc == 0 && before == m->info.occurrences);
}

static void posting_lists_come_back(void **state)
{
	struct made *m = mem_zalloc(1, sizeof *m);
	struct rng r;

	(void)state;
	FOR_EACH_SEED(r)
	{
		struct buf again = BUF_INIT;

		make_list(&r, m);
		check_walk(m);
		seg_put_postings(&again, m->list, m->df,
				 &(struct postings_context){ m->f.parts.docs.length,
							     docs_average(&m->f.parts.docs), m->weight });
		CHECK(bytes_equal(buf_bytes(&again), buf_bytes(&m->f.parts.post)));
		buf_release(&again);
		seg_fixture_release(&m->f);
	}
	free(m);
}

/* The first posting at or after `target`, by looking at each from `from` on. */
static uint32_t scan(const struct made *m, uint32_t from, uint32_t target)
{
	while (from < m->df && m->list[from].doc < target)
		from++;
	return from;
}

/* One cursor through the list by seeks of random length, now and then a next. */
static void check_seeks(struct rng *r, const struct made *m)
{
	struct postings c;
	uint32_t stride = 1 + any_width(r, 14), target = rng_below(r, stride), at = 0;
	uint64_t counted = 0;

	postings_open(&c, &m->f.seg, &m->info);
	for (bool begun = false; c.doc != DOC_END || !begun; begun = true) {
		uint32_t before = at;

		if (begun && rng_one_in(r, 4))
			postings_next(&c), at++;
		else
			postings_seek(&c, target), at = scan(m, at, target);
		CHECK(c.doc == (at < m->df ? m->list[at].doc : DOC_END));
		for (; before < at && before < m->df; before++)
			counted += m->list[before].freq - (m->weight - 1) * m->list[before].headline;
		if (at < m->df) {
			CHECK(postings_freq(&c) == m->list[at].freq);
			CHECK(postings_occurrence(&c) == counted);
		}
		target += 1 + rng_below(r, stride);
	}
	CHECK(c.rc == 0);
}

static void seeks_agree_with_a_scan(void **state)
{
	struct made *m = mem_zalloc(1, sizeof *m);
	struct rng r;

	(void)state;
	FOR_EACH_SEED(r)
	{
		make_list(&r, m);
		for (int i = 0; i < 4; i++)
			check_seeks(&r, m);
		seg_fixture_release(&m->f);
	}
	free(m);
}

static bool bounded(const struct impacts *set, uint32_t freq, uint8_t length)
{
	for (uint32_t i = 0; i < set->n; i++)
		if (set->v[i].freq >= freq && set->v[i].length <= length)
			return true;
	return false;
}

/* Every pair is that of a posting, so the bound is no higher than it must be. */
static bool is_tight(const struct made *m, const struct impacts *set, uint32_t block)
{
	uint32_t end = (block + 1) * POSTINGS_BLOCK < m->df ? (block + 1) * POSTINGS_BLOCK : m->df;

	for (uint32_t k = 0; k < set->n; k++) {
		bool there = false;

		for (uint32_t i = block * POSTINGS_BLOCK; i < end; i++)
			there |= m->list[i].freq == set->v[k].freq &&
				 m->f.parts.docs.length[m->list[i].doc] == set->v[k].length;
		if (!there)
			return false;
	}
	return true;
}

static void impacts_bound_every_posting_of_their_block(void **state)
{
	struct made *m = mem_zalloc(1, sizeof *m);
	struct rng r;

	(void)state;
	FOR_EACH_SEED(r)
	{
		struct postings c;
		struct impacts set;

		make_list(&r, m);
		postings_open(&c, &m->f.seg, &m->info);
		for (postings_first(&c); c.doc != DOC_END; postings_next(&c)) {
			CHECK(postings_impacts(&c, c.block, &set) == 0);
			CHECK(bounded(&set, postings_freq(&c), segment_length_code(&m->f.seg, c.doc)));
			CHECK(c.at || is_tight(m, &set, c.block));
		}
		CHECK(c.rc == 0);
		seg_fixture_release(&m->f);
	}
	free(m);
}

/* ---- positions and forms ---- */

#define OCCURRENCES_MAX 2000u

static const struct form_count four_forms[] = {
	{ { (const uint8_t *)"gate", 4 }, 4 },
	{ { (const uint8_t *)"gates", 5 }, 3 },
	{ { (const uint8_t *)"Gates", 5 }, 2 },
	{ { (const uint8_t *)"GATE", 4 }, 1 },
};

struct made_positions {
	struct posting postings[OCCURRENCES_MAX];
	struct occurrence list[OCCURRENCES_MAX];
	struct seg_term term;
};

static void make_positions(struct rng *r, struct made_positions *m)
{
	uint32_t longest = 1 + any_width(r, 9), step = 1 + any_width(r, 16);
	uint32_t total =
		rng_one_in(r, 3) ? POSTINGS_BLOCK * rng_range(r, 1, 3) : rng_range(r, 1, OCCURRENCES_MAX);
	uint32_t nforms = rng_range(r, 1, 4);

	m->term = (struct seg_term){ .name = bytes_str("gate"),
				     .postings = m->postings,
				     .occurrences = m->list,
				     .forms = nforms > 1 ? four_forms : NULL,
				     .nforms = nforms };
	while (m->term.n < total) {
		uint32_t count = rng_range(r, 1, longest), pos = any_width(r, 17);

		count = count < total - m->term.n ? count : (uint32_t)(total - m->term.n);
		m->postings[m->term.df] = (struct posting){ m->term.df, count, 0 };
		m->term.df++;
		for (uint32_t k = 0; k < count; k++, pos += 1 + rng_below(r, step))
			m->list[m->term.n++] = (struct occurrence){ pos, rng_below(r, nforms), k == 0 };
	}
}

/* One article's occurrences, with or without forms. */
static void check_article(struct rng *r, struct positions *c, const struct occurrence *list, uint64_t first,
			  uint32_t count)
{
	static uint32_t pos[OCCURRENCES_MAX], form[OCCURRENCES_MAX];
	bool forms = rng_one_in(r, 2);

	CHECK(positions_get(c, first, count, pos, forms ? form : NULL) == 0);
	for (uint32_t i = 0; i < count; i++)
		CHECK(pos[i] == list[first + i].pos && (!forms || form[i] == list[first + i].form));
}

static void positions_and_forms_come_back(void **state)
{
	struct made_positions *m = mem_zalloc(1, sizeof *m);
	struct rng r;

	(void)state;
	FOR_EACH_SEED(r)
	{
		struct seg_fixture f;
		struct term_info info;
		struct positions c;
		uint64_t first = 0;

		make_positions(&r, m);
		seg_fixture_init(&f, m->term.df, 2);
		seg_fixture_add(&f, &m->term);
		seg_fixture_seal(&f);
		info = seg_find(&f.seg, "gate");
		positions_open(&c, &f.seg, &info);
		for (uint32_t i = 0; i < m->term.df; first += m->postings[i++].freq)
			if (!rng_one_in(&r, 3))
				check_article(&r, &c, m->list, first, m->postings[i].freq);
		seg_fixture_release(&f);
	}
	free(m);
}

/* ---- dictionaries ---- */

#define TERMS_MAX 200u

struct made_terms {
	struct buf term[TERMS_MAX];
	struct term_info info[TERMS_MAX];
	uint32_t n;
};

static int by_bytes(const void *x, const void *y)
{
	return bytes_compare(buf_bytes(x), buf_bytes(y));
}

/* A term over few letters, so that prefixes are shared; now and then any bytes, any length. */
static void make_term(struct rng *r, struct buf *out)
{
	bool odd = rng_one_in(r, 10);
	uint32_t n = odd ? rng_range(r, 1, TERM_MAX) : rng_range(r, 1, 10);

	buf_reset(out);
	for (uint32_t i = 0; i < n; i++)
		buf_add_byte(out, odd && rng_one_in(r, 2) ? (uint8_t)rng_next(r)
							  : (uint8_t)('a' + rng_below(r, 3)));
}

static void make_terms(struct rng *r, struct made_terms *m)
{
	uint32_t n = rng_below(r, TERMS_MAX) + 1, kept = 0;

	for (uint32_t i = 0; i < n; i++)
		make_term(r, &m->term[i]);
	qsort(m->term, n, sizeof *m->term, by_bytes);
	for (uint32_t i = 0; i < n; i++) {
		if (kept && by_bytes(&m->term[kept - 1], &m->term[i]) == 0)
			continue;
		struct buf swap = m->term[kept];

		m->term[kept++] = m->term[i];
		m->term[i] = swap;
	}
	m->n = kept;
}

static void write_terms(struct rng *r, struct made_terms *m, struct seg_fixture *f)
{
	for (uint32_t i = 0; i < m->n; i++) {
		struct term_info *info = &m->info[i];

		*info = (struct term_info){ .df = 1 + any_width(r, 16),
					    .post = f->parts.post.n,
					    .posn = f->parts.posn.n,
					    .form = f->parts.form.n };
		info->occurrences = info->df + (uint64_t)any_width(r, 20);
		info->post_size = 1 + any_width(r, 9);
		info->posn_size = any_width(r, 9);
		info->form_size = any_width(r, 6);
		buf_add_zeros(&f->parts.post, info->post_size);
		buf_add_zeros(&f->parts.posn, info->posn_size);
		buf_add_zeros(&f->parts.form, info->form_size);
		dict_writer_add(&f->parts.dict, buf_bytes(&m->term[i]), info);
	}
}

static bool same_info(const struct term_info *a, const struct term_info *b)
{
	return a->df == b->df && a->occurrences == b->occurrences && a->post == b->post &&
	       a->post_size == b->post_size && a->posn == b->posn && a->posn_size == b->posn_size &&
	       a->form == b->form && a->form_size == b->form_size;
}

/* The first term at or after `wanted`, by looking at each. */
static uint32_t scan_terms(const struct made_terms *m, struct bytes wanted)
{
	uint32_t i = 0;

	while (i < m->n && bytes_compare(buf_bytes(&m->term[i]), wanted) < 0)
		i++;
	return i;
}

static void check_lookup(const struct made_terms *m, const struct segment *seg, struct bytes wanted)
{
	uint32_t at = scan_terms(m, wanted);
	bool there = at < m->n && bytes_equal(buf_bytes(&m->term[at]), wanted);
	struct term_info info;
	struct dict_cursor c;

	CHECK(dict_find(seg, wanted, &info) == there);
	CHECK(!there || same_info(&info, &m->info[at]));
	CHECK(dict_seek(&c, seg, wanted) == (at < m->n));
	CHECK(at == m->n || bytes_equal(dict_term(&c), buf_bytes(&m->term[at])));
}

static void dictionaries_find_what_is_there_and_nothing_else(void **state)
{
	struct made_terms *m = mem_zalloc(1, sizeof *m);
	struct buf other = BUF_INIT;
	struct rng r;

	(void)state;
	FOR_EACH_SEED(r)
	{
		struct seg_fixture f;
		struct dict_cursor c;
		int got;

		make_terms(&r, m);
		seg_fixture_init(&f, 1u << 17, 2);
		write_terms(&r, m, &f);
		seg_fixture_seal(&f);
		got = dict_seek(&c, &f.seg, BYTES_NONE);
		for (uint32_t i = 0; i < m->n; i++, got = dict_next(&c)) {
			CHECK(got == 1 && bytes_equal(dict_term(&c), buf_bytes(&m->term[i])));
			CHECK(same_info(&c.info, &m->info[i]));
			check_lookup(m, &f.seg, buf_bytes(&m->term[i]));
		}
		CHECK(got == 0);
		for (int i = 0; i < 30; i++) {
			make_term(&r, &other);
			check_lookup(m, &f.seg, buf_bytes(&other));
		}
		seg_fixture_release(&f);
	}
	for (uint32_t i = 0; i < TERMS_MAX; i++)
		buf_release(&m->term[i]);
	buf_release(&other);
	free(m);
}

/* ---- form lists ---- */

#define FORMS_MAX 20u

static void form_lists_come_back(void **state)
{
	struct buf names[FORMS_MAX] = { { NULL, 0, 0 } }, stem = BUF_INIT;
	struct rng r;

	(void)state;
	FOR_EACH_SEED(r)
	{
		uint32_t n = rng_range(&r, 1, FORMS_MAX);
		struct form_count forms[FORMS_MAX];
		struct buf out = BUF_INIT, again = BUF_INIT;
		struct form_list l;

		make_term(&r, &stem);
		for (uint32_t i = 0; i < n; i++) {
			make_term(&r, &names[i]);
			if (rng_one_in(&r, 2)) /* a form that goes on where the stem ends */
				buf_set(&names[i], buf_bytes(&stem)),
					names[i].n = names[i].n < 250 ? names[i].n : 250;
			forms[i] = (struct form_count){ buf_bytes(&names[i]),
							rng_next(&r) >> rng_below(&r, 64) };
		}
		form_list_put(&out, buf_bytes(&stem), forms, n);
		form_list_put(&again, buf_bytes(&stem), forms, n);
		CHECK(bytes_equal(buf_bytes(&out), buf_bytes(&again)));
		CHECK(form_list_open(&l, buf_bytes(&out), buf_bytes(&stem)) == 0 && l.n == n);
		for (uint32_t i = 0; i < n; i++) {
			CHECK(form_list_next(&l) == 1 && l.count == forms[i].count);
			CHECK(bytes_equal(bytes_of(l.form, l.size), forms[i].form));
		}
		CHECK(form_list_next(&l) == 0);
		buf_release(&out);
		buf_release(&again);
	}
	for (uint32_t i = 0; i < FORMS_MAX; i++)
		buf_release(&names[i]);
	buf_release(&stem);
}

/* ---- texts ---- */

static void add_run(struct rng *r, const struct buf *from, uint32_t n, struct buf *text)
{
	uint32_t at = rng_below(r, (uint32_t)(from->n - n));

	buf_reserve(text, n); /* before the address is taken: it may be the same buf */
	buf_add(text, from->p + at, n);
}

/* Runs of what was there before, or in the dictionary, between random bytes. */
static void make_text(struct rng *r, const struct buf *dictionary, struct buf *text)
{
	uint32_t pieces = rng_below(r, 60);

	buf_reset(text);
	for (uint32_t i = 0; i < pieces; i++) {
		const struct buf *from = rng_one_in(r, 2) ? dictionary : text;
		uint32_t n = rng_range(r, 1, 80);

		if (from->n > n && !rng_one_in(r, 4))
			add_run(r, from, n, text);
		else
			for (uint32_t j = 0; j < n; j++)
				buf_add_byte(text, (uint8_t)rng_below(r, rng_one_in(r, 2) ? 8 : 256));
	}
}

static void texts_come_back(void **state)
{
	struct buf content = BUF_INIT, dictionary = BUF_INIT, text = BUF_INIT, frame = BUF_INIT,
		   got = BUF_INIT;
	struct text_decompressor *decompressor = text_decompressor_new();
	struct text_compressor *compressor = text_compressor_new();
	struct rng r;

	(void)state;
	FOR_EACH_SEED(r)
	{
		struct text_dictionary *read = NULL;
		struct text_way *way;

		make_text(&r, &got, &content);
		buf_reset(&dictionary);
		if (content.n >= 8 && !rng_one_in(&r, 4)) {
			any_dictionary(buf_bytes(&content), &dictionary);
			read = text_dictionary_new(buf_bytes(&dictionary),
						   text_dictionary_name(buf_bytes(&dictionary)));
		}
		way = text_way_new(rng_one_in(&r, 2) ? STORE_FAST : STORE_SMALL, buf_bytes(&dictionary));
		for (int i = 0; i < 4; i++) {
			make_text(&r, &content, &text);
			text_compress(compressor, way, buf_bytes(&text), &frame);
			CHECK(text_decompress(decompressor, buf_bytes(&frame), read, text.n, &got) == 0);
			CHECK(bytes_equal(buf_bytes(&got), buf_bytes(&text)));
			/* damaged somewhere, it may come out the same, but not as another text */
			frame.p[rng_below(&r, (uint32_t)frame.n)] ^= (uint8_t)rng_range(&r, 1, 255);
			if (text_decompress(decompressor, buf_bytes(&frame), read, text.n, &got) == 0)
				CHECK(bytes_equal(buf_bytes(&got), buf_bytes(&text)));
		}
		text_way_free(way);
		text_dictionary_free(read);
	}
	text_decompressor_free(decompressor);
	text_compressor_free(compressor);
	buf_release(&content);
	buf_release(&dictionary);
	buf_release(&text);
	buf_release(&frame);
	buf_release(&got);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(packed_arrays_come_back),
		cmocka_unit_test(posting_lists_come_back),
		cmocka_unit_test(seeks_agree_with_a_scan),
		cmocka_unit_test(impacts_bound_every_posting_of_their_block),
		cmocka_unit_test(positions_and_forms_come_back),
		cmocka_unit_test(dictionaries_find_what_is_there_and_nothing_else),
		cmocka_unit_test(form_lists_come_back),
		cmocka_unit_test(texts_come_back),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
