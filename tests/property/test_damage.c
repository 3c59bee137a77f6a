/* tests/property/test_damage.c - damage is never taken for data.
 *
 * A changed byte gives the right answer or an error; a file cut short gives an
 * error; bytes that are wrong under right checksums give any answer or an error,
 * within their bounds and in finite time. MORGUE_TEST_LONG tries every byte.
 */
#include "archive/catalog.h"
#include "base/mem.h"
#include "dump.h"
#include "generate/rng.h"
#include "lib/seg_answers.h"
#include "lib/seg_fixture.h"
#include "lib/seg_sealed.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#define MANY  450u /* articles: postings in blocks, pages enough */
#define FEW   12u
#define ASKED 9u /* terms that one damage is shown to */

/* A segment, whole. */
struct subject {
	struct buf file;
	struct seg_names names;
	struct seg_answers truth;
};

static struct subject few, many, spread;

static const char *path(void)
{
	return seg_temp_path();
}

/* Of the file that stands at path(). */
static void make_subject(struct subject *s)
{
	seg_read_file(path(), &s->file);
	seg_names_read(&s->names, path());
	seg_answers_read(&s->truth, path(), &s->names, NULL, 0);
	assert_int_equal(s->truth.rc, 0);
	assert_null(s->truth.broken);
	for (size_t i = 0; i < s->truth.n; i++)
		assert_true(s->truth.piece[i] != SEG_REFUSED);
}

static void drop_subject(struct subject *s)
{
	buf_release(&s->file);
	seg_names_release(&s->names);
	seg_answers_release(&s->truth);
}

#define SPREAD_TERMS 2000u
#define SPREAD_DOCS  700u

/* A term with three forms, one to three times in about every `step`th doc. */
static void add_spread_term(struct seg_fixture *f, const char *name, uint32_t step)
{
	struct posting postings[SPREAD_DOCS];
	struct occurrence occurrences[3 * SPREAD_DOCS];
	const struct form_count forms[] = {
		{ bytes_str(name), 5 },
		{ bytes_str("Spread"), 3 },
		{ bytes_str("SPREADING"), 1 },
	};
	struct seg_term term = { .name = bytes_str(name),
				 .postings = postings,
				 .occurrences = occurrences,
				 .forms = forms,
				 .nforms = 3 };

	for (uint32_t doc = step / 2; doc < SPREAD_DOCS; doc += 1 + (doc * 7 + step) % (2 * step)) {
		uint32_t count = 1 + (doc * 5 + step) % 3;

		postings[term.df++] = (struct posting){ doc, count, 0 };
		for (uint32_t i = 0; i < count; i++)
			occurrences[term.n++] =
				(struct occurrence){ 100 * i + doc % 70, (doc + i) % 3, i == 0 };
	}
	seg_fixture_add(f, &term);
}

/* A segment each of whose sections has pages to itself, with lists across their edges: no look-up
 * is saved by another that touched the same page. */
static void write_spread(void)
{
	struct seg_fixture f;
	char name[32];
	uint64_t size;

	seg_fixture_init(&f, SPREAD_DOCS, 2);
	for (uint32_t doc = 0; doc < SPREAD_DOCS; doc++)
		f.parts.docs.length[doc] = (uint8_t)(doc % 200);
	for (uint32_t i = 0; i < SPREAD_TERMS; i++) {
		snprintf(name, sizeof name, "%08xspread", i * 2000003u);
		add_spread_term(&f, name, i / 250 == 4 ? 1 + i % 3 : 300 + i % 300);
	}
	assert_int_equal(segment_write(&f.parts, path(), &size, NULL), 0);
	seg_fixture_release(&f);
}

static int make_subjects(void **state)
{
	(void)state;
	seg_seal_articles(path(), FEW, 1);
	make_subject(&few);
	seg_seal_articles(path(), MANY, 1);
	make_subject(&many);
	write_spread();
	make_subject(&spread);
	return 0;
}

static int drop_subjects(void **state)
{
	(void)state;
	drop_subject(&few);
	drop_subject(&many);
	drop_subject(&spread);
	unlink(path());
	return 0;
}

/* The segment is big enough for what is to be shown with it. */
static void the_subject_has_blocks_chunks_and_pages(void **state)
{
	struct segment s;
	struct term_info info;

	(void)state;
	seg_write_file(path(), buf_bytes(&many.file));
	assert_int_equal(segment_open(&s, path(), NULL), 0);
	assert_true(s.size > 2 * SEG_PAGE);
	info = seg_find(&s, "strike");
	assert_true(info.df > 2 * POSTINGS_BLOCK && info.occurrences > 2 * POSTINGS_BLOCK);
	assert_true(segment_form_count(&s, &info) > 2);
	info = seg_find(&s, "\x01strike");
	assert_true(info.df > 10 && info.posn_size == 0);
	segment_close(&s);
	assert_true(spread.names.section[SEC_DIDX] - spread.names.section[SEC_DICT] > SEG_PAGE);
	assert_true(spread.names.section[SEC_POST] - spread.names.section[SEC_FORM] > SEG_PAGE);
	assert_true(spread.names.section[SEC_POSN] - spread.names.section[SEC_POST] > SEG_PAGE);
	assert_true(spread.file.n - spread.names.section[SEC_POSN] > SEG_PAGE);
}

/* ---- changed bytes ---- */

/* Terms to ask about after damage at byte `at`: the one whose bytes they are, and others by turns. */
static void choose_terms(const struct subject *s, size_t at, size_t round, size_t which[ASKED])
{
	for (size_t i = 0; i < ASKED; i++)
		which[i] = (round * ASKED + i) % s->names.n;
	which[0] = seg_names_owner(&s->names, at, which[0]);
}

/* Does the damaged file tell the truth, or nothing? */
static void check_damaged(const struct subject *s, struct seg_answers *a, size_t round, const char *what,
			  size_t at)
{
	size_t which[ASKED];

	choose_terms(s, at, round, which);
	seg_answers_read(a, path(), &s->names, which, ASKED);
	if (a->rc != 0 && a->rc != ERR_CORRUPT && a->rc != ERR_VERSION)
		fail_msg("%s at byte %zu: code %d", what, at, a->rc);
	if (a->broken)
		fail_msg("%s at byte %zu: broken: %s", what, at, a->broken);
	if (!seg_answers_agree(a, &s->truth, which, ASKED))
		fail_msg("%s at byte %zu: another answer", what, at);
}

/* Flip a bit of each `step`th byte of [from, to). */
static void flip_bytes(const struct subject *s, size_t from, size_t to, size_t step)
{
	struct seg_answers a = { .rc = 0 };
	int fd;

	seg_write_file(path(), buf_bytes(&s->file));
	fd = open(path(), O_WRONLY);
	assert_true(fd >= 0);
	for (size_t at = from, round = 0; at < to; at += step, round++) {
		uint8_t byte = (uint8_t)(s->file.p[at] ^ 1u << round % 8);

		assert_int_equal(pwrite(fd, &byte, 1, (off_t)at), 1);
		check_damaged(s, &a, round, "a flipped bit", at);
		assert_int_equal(pwrite(fd, s->file.p + at, 1, (off_t)at), 1);
	}
	close(fd);
	seg_answers_release(&a);
}

static void a_flipped_bit_is_the_right_answer_or_an_error(void **state)
{
	(void)state;
	flip_bytes(&few, 0, few.file.n, 1);
	flip_bytes(&many, 0, many.file.n, seg_step(7));
	flip_bytes(&spread, 0, spread.file.n, seg_step(19));
}

/* The blocks it leads to may lie in another page, which is whole. */
static void a_damaged_skip_table_is_seen_before_its_blocks(void **state)
{
	uint32_t across = 0;

	(void)state;
	for (size_t i = 0; i < spread.names.n; i++) {
		const struct term_info *t = &spread.names.info[i];
		uint64_t from = spread.names.section[SEC_POST] + t->post, end = from + t->post_size;

		if (t->df <= POSTINGS_BLOCK || from / SEG_PAGE == (end - 1) / SEG_PAGE)
			continue;
		flip_bytes(&spread, from, from + (t->df + 127) / 128 * SKIP_ENTRY, 1);
		across++;
	}
	assert_true(across > 0);
}

/* ---- files cut short or with more at the end ---- */

static void cut_at(const struct subject *s, size_t n)
{
	struct segment seg;

	seg_write_file(path(), bytes_of(s->file.p, n));
	if (segment_open(&seg, path(), NULL) != ERR_CORRUPT)
		fail_msg("a file cut at byte %zu is not corrupt", n);
}

static void a_file_cut_short_is_corrupt(void **state)
{
	const struct buf *file = &many.file;
	size_t step = seg_step(13);

	(void)state;
	for (size_t n = 0; n < few.file.n; n += step)
		cut_at(&few, n);
	for (size_t n = 0; n <= 210; n++)
		cut_at(&many, n);
	for (int i = 0; i < 6; i++) { /* around each section's ends */
		size_t offset = load_le64(file->p + 64 + 24 * i + 8),
		       size = load_le64(file->p + 64 + 24 * i + 16);

		for (size_t n = offset - 2; n < offset + 3; n++)
			cut_at(&many, n), cut_at(&many, n + size), cut_at(&many, n + size + SEG_SLACK);
	}
	for (size_t page = SEG_PAGE; page < file->n; page += SEG_PAGE)
		cut_at(&many, page - 1), cut_at(&many, page), cut_at(&many, page + 1);
	for (size_t n = seg_pages_at(file->p) - 2; n < file->n; n++)
		cut_at(&many, n);
}

static void a_file_with_more_at_the_end_is_corrupt(void **state)
{
	static const size_t more[] = { 1, 3, 4, 8, 4096, SEG_PAGE };
	struct buf file = BUF_INIT;

	(void)state;
	for (size_t i = 0; i < sizeof more / sizeof *more; i++) {
		struct segment s;

		buf_set(&file, buf_bytes(&few.file));
		buf_add_zeros(&file, more[i]);
		seg_write_file(path(), buf_bytes(&file));
		assert_int_equal(segment_open(&s, path(), NULL), ERR_CORRUPT);
	}
	buf_release(&file);
}

/* ---- wrong bytes under right checksums ---- */

/* A byte that decoders are likely to trip over. */
static uint8_t bad_byte(struct rng *r, uint8_t old)
{
	static const uint8_t odd[] = { 0x00, 0x01, 0x7F, 0x80, 0x81, 0xFE, 0xFF, 0x20, 0x21, 0xA0 };

	switch (rng_below(r, 4)) {
	case 0: return odd[rng_below(r, sizeof odd)];
	case 1: return (uint8_t)(old ^ 1u << rng_below(r, 8));
	case 2: return (uint8_t)(old + 1 - 2 * rng_below(r, 2));
	default: return (uint8_t)rng_next(r);
	}
}

/* Where to damage: the header's counts, or a section's beginning, or anywhere. */
static size_t bad_place(struct rng *r, const uint8_t *file, uint64_t pages_at)
{
	const uint8_t *entry = file + 64 + 24 * rng_below(r, 6);
	uint64_t offset = load_le64(entry + 8), size = load_le64(entry + 16);

	if (rng_one_in(r, 20))
		return 24 + rng_below(r, 184); /* counts and table of contents */
	if (offset < 208 || offset >= pages_at || size == 0 || size > pages_at - offset)
		return 208 + rng_below(r, (uint32_t)(pages_at - 208));
	return offset + rng_below(r, (uint32_t)size);
}

/* Damage a few bytes, make the checksums right; returns where the last one is. */
static size_t craft(struct rng *r, struct buf *file)
{
	uint64_t pages_at = seg_pages_at(file->p);
	uint32_t n = 1 + rng_below(r, 4);
	size_t at = 0;

	for (uint32_t i = 0; i < n; i++) {
		at = bad_place(r, file->p, pages_at);
		file->p[at] = bad_byte(r, file->p[at]);
	}
	seg_reseal(file->p, file->n, pages_at);
	return at;
}

/* Print the lists of the terms to nowhere. */
static void dump_terms(const struct subject *s, const size_t which[ASKED], FILE *nowhere)
{
	const struct dump_options options = { .raw = true, .blocks = UINT64_MAX };
	struct segment seg;
	struct archive archive = { .segments = &seg, .nsegments = 1 };
	uint64_t found = 0;
	struct err err;

	if (segment_open(&seg, path(), &err) < 0)
		return;
	assert_int_equal(dump_segments(&archive, nowhere, &err), 0);
	for (size_t i = 0; i < ASKED; i++) {
		int rc =
			dump_word(&archive, buf_cstr(&s->names.v[which[i]]), &options, nowhere, &found, &err);

		assert_true(rc == 0 || rc == ERR_CORRUPT);
	}
	segment_close(&seg);
}

static void wrong_bytes_under_right_checksums_stay_within_bounds(void **state)
{
	FILE *nowhere = fopen("/dev/null", "w");
	struct seg_answers a = { .rc = 0 };
	struct buf file = BUF_INIT;
	struct rng r;

	(void)state;
	assert_non_null(nowhere);
	for (uint32_t round = 0; round < 20 * seg_seeds(); round++) {
		const struct subject *s = round % 4 == 0 ? &many : round % 4 == 1 ? &spread : &few;
		size_t at, which[ASKED];

		rng_init(&r, round);
		buf_set(&file, buf_bytes(&s->file));
		at = craft(&r, &file);
		seg_write_file(path(), buf_bytes(&file));
		choose_terms(s, at, round, which);
		seg_answers_read(&a, path(), &s->names, which, ASKED);
		if (a.rc != 0 && a.rc != ERR_CORRUPT && a.rc != ERR_VERSION)
			fail_msg("round %u: code %d", round, a.rc);
		if (a.broken)
			fail_msg("round %u: broken: %s", round, a.broken);
		dump_terms(s, which, nowhere);
	}
	fclose(nowhere);
	buf_release(&file);
	seg_answers_release(&a);
}

/* ---- random bytes ---- */

/* Random bytes in memory of their exact size, so that a sanitizer sees a step too far. */
static uint8_t *random_bytes(struct rng *r, size_t n)
{
	uint8_t *p = mem_alloc(n);

	for (size_t i = 0; i < n; i++)
		p[i] = rng_one_in(r, 3) ? (uint8_t)rng_below(r, 4) : (uint8_t)rng_next(r);
	return p;
}

static void feed_arrays(struct rng *r, const uint8_t *p, size_t n)
{
	uint32_t values[PACKED_MAX], count = rng_one_in(r, 2) ? PACKED_MAX : rng_range(r, 1, PACKED_MAX);
	struct impacts set;
	const uint8_t *end = packed_get(values, count, p, p + n);

	assert_true(!end || (end > p && end <= p + n));
	assert_ptr_equal(packed_skip(count, p, p + n), end);
	end = impacts_get(&set, p, p + n);
	assert_true(!end || (end <= p + n && set.n && set.n <= POSTINGS_BLOCK));
}

static void feed_lists(const uint8_t *p, size_t n)
{
	struct form_list l;
	struct range *ranges = NULL;
	size_t nranges, cap = 0;
	uint32_t forms = 0;
	int got = form_list_open(&l, bytes_of(p, n), bytes_str("strike"));

	for (got = got < 0 ? got : 1; got > 0 && (got = form_list_next(&l)) > 0; forms++)
		assert_true(l.size <= TERM_MAX);
	assert_true(forms <= n + 1);
	if (furniture_get(bytes_of(p, n), 1000, &ranges, &nranges, &cap) == 0)
		for (size_t i = 0; i < nranges; i++)
			assert_true(ranges[i].start <= ranges[i].end && ranges[i].end <= 1000 &&
				    (i == 0 || ranges[i].start >= ranges[i - 1].end));
	free(ranges);
}

static void decoders_of_random_bytes_stay_within_bounds(void **state)
{
	struct rng r;

	(void)state;
	for (uint32_t round = 0; round < 1000 * seg_seeds(); round++) {
		rng_init(&r, round);
		size_t n = rng_below(&r, rng_one_in(&r, 4) ? 600 : 40);
		uint8_t *p = random_bytes(&r, n);

		feed_arrays(&r, p, n);
		feed_lists(p, n);
		free(p);
	}
}

/* A segment in memory whose sections are random. */
static void make_random(struct rng *r, struct seg_fixture *f, uint32_t nterms)
{
	struct buf *sections[] = { &f->parts.dict.dict, &f->parts.form, &f->parts.post, &f->parts.posn };

	seg_fixture_init(f, 1 + rng_below(r, 2000), 1 + rng_below(r, 3));
	for (int i = 0; i < 4; i++) {
		size_t n = 1 + rng_below(r, 500);
		uint8_t *p = random_bytes(r, n);

		buf_add(sections[i], p, n);
		free(p);
	}
	f->parts.dict.n = nterms;
	for (uint32_t i = 0; i < (nterms + DICT_BLOCK - 1) / DICT_BLOCK; i++)
		buf_add_le32(&f->parts.dict.index, rng_below(r, (uint32_t)f->parts.dict.dict.n + 3));
	seg_fixture_seal(f);
}

static void read_random_list(struct rng *r, const struct segment *s)
{
	struct term_info info = { .df = 1 + rng_below(r, s->ndocs),
				  .post_size = s->sections[SEC_POST].n,
				  .posn_size = s->sections[SEC_POSN].n,
				  .form_size = s->sections[SEC_FORM].n };
	uint32_t pos[600], form[600];
	struct postings c;
	struct positions p;
	struct impacts set;

	info.df = rng_one_in(r, 2) ? 1 + info.df % 16 : info.df;
	info.occurrences = info.df + (uint64_t)rng_below(r, 600);
	info.form_size = rng_one_in(r, 2) ? 0 : info.form_size;
	postings_open(&c, s, &info);
	for (postings_first(&c); c.doc != DOC_END; postings_next(&c)) {
		assert_true(c.doc < s->ndocs);
		postings_impacts(&c, c.block, &set);
		postings_occurrence(&c);
	}
	positions_open(&p, s, &info);
	positions_get(&p, rng_below(r, 600), rng_below(r, 600), pos, rng_one_in(r, 2) ? form : NULL);
}

static void segments_of_random_bytes_stay_within_bounds(void **state)
{
	struct rng r;

	(void)state;
	for (uint32_t round = 0; round < 200 * seg_seeds(); round++) {
		struct seg_fixture f;
		struct dict_cursor c;
		uint32_t nterms, seen = 0;

		rng_init(&r, round);
		nterms = 1 + rng_below(&r, 60);
		make_random(&r, &f, nterms);
		for (int got = dict_seek(&c, &f.seg, BYTES_NONE); got > 0; got = dict_next(&c))
			assert_true(++seen <= nterms && c.size <= TERM_MAX);
		dict_find(&f.seg, bytes_str("strike"), &c.info);
		read_random_list(&r, &f.seg);
		seg_fixture_release(&f);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_subject_has_blocks_chunks_and_pages),
		cmocka_unit_test(a_flipped_bit_is_the_right_answer_or_an_error),
		cmocka_unit_test(a_damaged_skip_table_is_seen_before_its_blocks),
		cmocka_unit_test(a_file_cut_short_is_corrupt),
		cmocka_unit_test(a_file_with_more_at_the_end_is_corrupt),
		cmocka_unit_test(wrong_bytes_under_right_checksums_stay_within_bounds),
		cmocka_unit_test(decoders_of_random_bytes_stay_within_bounds),
		cmocka_unit_test(segments_of_random_bytes_stay_within_bounds),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, make_subjects, drop_subjects);
}
