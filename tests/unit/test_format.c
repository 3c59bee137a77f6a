/* tests/unit/test_format.c - docs/FORMAT.md and the code agree on every example byte.
 *
 * Each test takes one example from the page, encodes what the page's text says
 * and compares, then decodes the page's bytes and compares with the text. An
 * example that is missing, or that no test takes, is a failure.
 */
#include "archive/catalog.h"
#include "base/civil.h"
#include "base/hash.h"
#include "base/mem.h"
#include "lib/format_page.h"
#include "lib/seg_fixture.h"
#include "segment/crc32c.h"
#include "segment/dead_docs.h"
#include "segment/lengths.h"
#include "text/analyze.h"
#include "text/fields.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <stdlib.h>
#include <unistd.h>

/* ---- catalog ---- */

static void furniture(void **state)
{
	static const struct range ranges[] = { { 10, 25 }, { 300, 420 } };
	struct buf out = BUF_INIT, raw = BUF_INIT;
	struct range *got = NULL;
	size_t n, cap = 0;

	(void)state;
	furniture_put(&out, ranges, 2);
	format_page_check("furniture", &out, &raw);
	assert_int_equal(furniture_get(buf_bytes(&raw), 420, &got, &n, &cap), 0);
	assert_int_equal(n, 2);
	assert_memory_equal(got, ranges, sizeof ranges);
	assert_int_equal(furniture_get(buf_bytes(&raw), 419, &got, &n, &cap), ERR_CORRUPT);
	free(got);
	buf_release(&out);
	buf_release(&raw);
}

static void dead_list(void **state)
{
	struct dead_docs docs = { .ndocs = 301 }, got;
	struct buf out = BUF_INIT, raw = BUF_INIT;

	(void)state;
	dead_docs_add(&docs, 300, 1);
	dead_docs_add(&docs, 3, 1);
	dead_docs_add(&docs, 4, 1);
	dead_docs_put(&out, &docs);
	format_page_check("dead", &out, &raw);
	assert_int_equal(dead_docs_read(&got, 301, 3, buf_bytes(&raw)), 0);
	assert_int_equal(got.n, 3);
	assert_memory_equal(got.bits, docs.bits, 5 * sizeof *got.bits);
	dead_docs_release(&got);
	assert_int_equal(dead_docs_read(&got, 300, 3, buf_bytes(&raw)), ERR_CORRUPT);
	assert_int_equal(dead_docs_read(&got, 301, 2, buf_bytes(&raw)), ERR_CORRUPT);
	assert_int_equal(dead_docs_read(&got, 301, 4, buf_bytes(&raw)), ERR_CORRUPT);
	dead_docs_release(&docs);
	buf_release(&out);
	buf_release(&raw);
}

/* Encoders may differ: the page's frames are decoded, and ours come back as the same text. */
static void check_text(const char *name, struct bytes dictionary, const struct text_fields *fields)
{
	struct text_dictionary *read =
		dictionary.n ? text_dictionary_new(dictionary, text_dictionary_name(dictionary)) : NULL;
	struct text_way *way = text_way_new(STORE_SMALL, dictionary);
	struct text_compressor *compressor = text_compressor_new();
	struct text_decompressor *decompressor = text_decompressor_new();
	struct buf text = BUF_INIT, frame = BUF_INIT, raw = BUF_INIT, got = BUF_INIT;

	format_page_take(name, &raw);
	text_join(fields, &text);
	assert_int_equal(text_wants_dictionary(buf_bytes(&raw)),
			 dictionary.n ? text_dictionary_name(dictionary) : 0);
	assert_int_equal(text_decompress(decompressor, buf_bytes(&raw), read, text.n, &got), 0);
	assert_true(bytes_equal(buf_bytes(&got), buf_bytes(&text)));
	text_compress(compressor, way, buf_bytes(&text), &frame);
	assert_int_equal(text_decompress(decompressor, buf_bytes(&frame), read, text.n, &got), 0);
	assert_true(bytes_equal(buf_bytes(&got), buf_bytes(&text)));
	text_compressor_free(compressor);
	text_decompressor_free(decompressor);
	text_way_free(way);
	text_dictionary_free(read);
	buf_release(&text);
	buf_release(&frame);
	buf_release(&raw);
	buf_release(&got);
}

static void texts(void **state)
{
	const struct text_fields full = {
		.key = bytes_str("hc-1984-0312"),
		.section = bytes_str("Business"),
		.url = bytes_str("https://harbour-courier.example/1984/03/12/dockers"),
		.lang = bytes_str("en"),
		.body = bytes_str("Dockers in Saint-Aubrac voted to strike on Monday.\n"),
	};
	const struct text_fields plain = { .body = bytes_str("Dam.") };
	struct buf dictionary = BUF_INIT;

	(void)state;
	format_page_take("dictionary-text", &dictionary);
	assert_int_equal(dictionary.n, 204);
	assert_int_equal(text_dictionary_name(buf_bytes(&dictionary)), 120004124);
	check_text("text", buf_bytes(&dictionary), &full);
	check_text("text-plain", BYTES_NONE, &plain);
	buf_release(&dictionary);
}

static void hashes(void **state)
{
	struct buf out = BUF_INIT, raw = BUF_INIT;
	uint64_t hash = hash_bytes(bytes_str("id"));

	(void)state;
	buf_add_le64(&out, hash_bytes(bytes_str("morgue")));
	format_page_check("hash", &out, &raw);
	buf_reset(&out);
	hash = hash_add(hash, bytes_str("The Harbour Courier"));
	buf_add_le64(&out, hash_add(hash, bytes_str("hc-1984-0312")));
	format_page_check("hash-chain", &out, &raw);
	buf_release(&out);
	buf_release(&raw);
}

/* ---- conventions ---- */

static void varints(void **state)
{
	static const uint64_t values[] = { 0, 1, 127, 128, 300, UINT32_MAX };
	struct buf out = BUF_INIT, raw = BUF_INIT;
	const uint8_t *p;

	(void)state;
	for (int i = 0; i < 6; i++)
		buf_add_varint(&out, values[i]);
	format_page_check("varint", &out, &raw);
	p = raw.p;
	for (int i = 0; i < 6; i++) {
		uint64_t v;

		p = varint_get(p, raw.p + raw.n, &v);
		assert_true(v == values[i]);
	}
	assert_ptr_equal(p, raw.p + raw.n);
	buf_release(&out);
	buf_release(&raw);
}

static void checksum(void **state)
{
	struct buf out = BUF_INIT, raw = BUF_INIT;

	(void)state;
	buf_add_le32(&out, crc32c(0, "123456789", 9));
	format_page_check("crc32c", &out, &raw);
	buf_release(&out);
	buf_release(&raw);
}

/* ---- a tiny segment ---- */

/* The segment that section "Table of contents" describes. */
static void make_tiny(struct seg_fixture *f)
{
	static const struct posting postings[] = { { 0, 3, 1 }, { 1, 1, 0 } };
	static const struct occurrence occurrences[] = { { 1, 0, true }, { 4, 0, false }, { 17, 0, true } };
	const struct seg_term strike = {
		.name = bytes_str("strike"), .postings = postings, .df = 2, .occurrences = occurrences, .n = 3
	};
	struct doc_columns *d = &f->parts.docs;

	seg_fixture_init(f, 2, 2);
	d->ndated = 1;
	d->date[0] = 447897600;
	d->date[1] = CIVIL_NONE;
	d->article[0] = 7;
	d->article[1] = 3;
	d->source[0] = 1;
	d->headline[0] = 2;
	d->length[0] = length_code(5);
	d->length[1] = length_code(60);
	d->words = 65;
	seg_fixture_add(f, &strike);
}

/* The bytes of its file. */
static void write_tiny(struct buf *file)
{
	struct seg_fixture f;
	uint64_t size;

	make_tiny(&f);
	assert_int_equal(segment_write(&f.parts, seg_temp_path(), &size, NULL), 0);
	seg_read_file(seg_temp_path(), file);
	assert_int_equal(file->n, size);
	assert_int_equal(unlink(seg_temp_path()), 0);
	seg_fixture_release(&f);
}

static void part_of_tiny(const char *name, size_t from, size_t to)
{
	struct buf file = BUF_INIT, part = BUF_INIT, raw = BUF_INIT;

	write_tiny(&file);
	from = from ? from : seg_pages_at(file.p);
	to = to ? to : file.n;
	buf_add(&part, file.p + from, to - from);
	format_page_check(name, &part, &raw);
	buf_release(&file);
	buf_release(&part);
	buf_release(&raw);
}

static void header(void **state)
{
	struct buf file = BUF_INIT, head = BUF_INIT, raw = BUF_INIT;
	struct segment s;

	(void)state;
	write_tiny(&file);
	buf_add(&head, file.p, 208);
	format_page_check("header", &head, &raw);
	seg_write_file(seg_temp_path(), buf_bytes(&file));
	assert_int_equal(segment_open(&s, seg_temp_path(), NULL), 0);
	unlink(seg_temp_path());
	assert_int_equal(s.ndocs, 2);
	assert_int_equal(s.ndated, 1);
	assert_int_equal(s.words, 65);
	assert_int_equal(s.nterms, 1);
	assert_int_equal(s.headline_weight, 2);
	assert_int_equal(s.sections[SEC_DOCS].p - s.map, 208);
	segment_close(&s);
	buf_release(&file);
	buf_release(&head);
	buf_release(&raw);
}

static void page_table(void **state)
{
	(void)state;
	part_of_tiny("page-table", 0, 0);
}

static void documents(void **state)
{
	struct seg_fixture f;
	const struct segment *s = &f.seg;

	(void)state;
	part_of_tiny("documents", 208, 208 + 46);
	make_tiny(&f);
	seg_fixture_seal(&f);
	assert_true(segment_date(s, 0) == 447897600 && segment_date(s, 1) == CIVIL_NONE);
	assert_true(segment_article(s, 0) == 7 && segment_article(s, 1) == 3);
	assert_true(segment_source(s, 0) == 1 && segment_source(s, 1) == 0);
	assert_true(segment_story(s, 0) == 0 && segment_story(s, 1) == 0);
	assert_true(segment_headline(s, 0) == 2 && segment_headline(s, 1) == 0);
	assert_int_equal(length_of_code(segment_length_code(s, 0)), 5);
	assert_int_equal(length_of_code(segment_length_code(s, 1)), 60);
	seg_fixture_release(&f);
}

/* ---- dictionary and forms ---- */

static const char *const dictionary_names[3] = { "cocoa", "coffee", "coffer" };
static const struct term_info dictionary_infos[3] = {
	{ .df = 2, .occurrences = 3, .post = 1000, .post_size = 6, .posn = 5, .posn_size = 4 },
	{ .df = 300,
	  .occurrences = 450,
	  .post = 1006,
	  .post_size = 200,
	  .posn = 9,
	  .posn_size = 500,
	  .form_size = 18 },
	{ .df = 1, .occurrences = 1, .post = 1206, .post_size = 4, .posn = 509, .posn_size = 2, .form = 18 },
};

static bool same_info(const struct term_info *a, const struct term_info *b)
{
	return a->df == b->df && a->occurrences == b->occurrences && a->post == b->post &&
	       a->post_size == b->post_size && a->posn == b->posn && a->posn_size == b->posn_size &&
	       a->form == b->form && a->form_size == b->form_size;
}

/* Walk a segment of which only the dictionary is of interest. */
static void check_dictionary(struct seg_fixture *f)
{
	struct dict_cursor c;
	int got = dict_seek(&c, &f->seg, BYTES_NONE);

	for (int i = 0; i < 3; i++, got = dict_next(&c)) {
		assert_int_equal(got, 1);
		assert_true(bytes_is(dict_term(&c), dictionary_names[i]));
		assert_true(same_info(&c.info, &dictionary_infos[i]));
	}
	assert_int_equal(got, 0);
}

static void dictionary(void **state)
{
	struct buf raw = BUF_INIT;
	struct seg_fixture f;
	struct dict_writer *w = &f.parts.dict;

	(void)state;
	seg_fixture_init(&f, 300, 2);
	for (int i = 0; i < 3; i++)
		dict_writer_add(w, bytes_str(dictionary_names[i]), &dictionary_infos[i]);
	format_page_check("dictionary-index", &w->index, &raw);
	format_page_check("dictionary", &w->dict, &raw);
	buf_set(&w->dict, buf_bytes(&raw));
	buf_add_zeros(&f.parts.post, 1210);
	buf_add_zeros(&f.parts.posn, 511);
	buf_add_zeros(&f.parts.form, 18);
	seg_fixture_seal(&f);
	check_dictionary(&f);
	seg_fixture_release(&f);
	buf_release(&raw);
}

static void forms(void **state)
{
	static const char *const names[] = { "strikes", "strike", "STRIKES" };
	static const uint64_t counts[] = { 4, 3, 1 };
	struct form_count list[3];
	struct buf out = BUF_INIT, raw = BUF_INIT;
	struct form_list l;

	(void)state;
	for (int i = 0; i < 3; i++)
		list[i] = (struct form_count){ bytes_str(names[i]), counts[i] };
	form_list_put(&out, bytes_str("strike"), list, 3);
	format_page_check("forms", &out, &raw);
	assert_int_equal(form_list_open(&l, buf_bytes(&raw), bytes_str("strike")), 0);
	for (int i = 0; i < 3; i++) {
		assert_int_equal(form_list_next(&l), 1);
		assert_true(bytes_is(bytes_of(l.form, l.size), names[i]));
		assert_int_equal(l.count, counts[i]);
	}
	assert_int_equal(form_list_next(&l), 0);
	buf_release(&out);
	buf_release(&raw);
}

/* ---- packed arrays ---- */

static void check_packed(const char *name, const uint32_t *values, uint32_t n)
{
	struct buf out = BUF_INIT, raw = BUF_INIT;
	uint32_t got[PACKED_MAX];

	packed_put(&out, values, n);
	format_page_check(name, &out, &raw);
	assert_ptr_equal(packed_get(got, n, raw.p, raw.p + raw.n), raw.p + raw.n);
	assert_memory_equal(got, values, n * sizeof *values);
	assert_ptr_equal(packed_skip(n, raw.p, raw.p + raw.n), raw.p + raw.n);
	buf_release(&out);
	buf_release(&raw);
}

static void packed_arrays(void **state)
{
	static const uint32_t few[] = { 5, 1, 7, 0, 3 };
	static const uint32_t patched[] = { 1, 0, 1, 1, 0, 1000, 1, 0 };
	uint32_t full[PACKED_MAX];

	(void)state;
	for (uint32_t i = 0; i < PACKED_MAX; i++)
		full[i] = i % 4;
	check_packed("packed-short", few, 5);
	check_packed("packed-full", full, PACKED_MAX);
	check_packed("packed-exceptions", patched, 8);
}

/* ---- postings ---- */

static void check_impacts(const struct impacts *set, const struct impact *want, uint32_t n)
{
	assert_int_equal(set->n, n);
	for (uint32_t i = 0; i < n; i++) {
		assert_int_equal(set->v[i].freq, want[i].freq);
		assert_int_equal(set->v[i].length, want[i].length);
	}
}

static void impacts(void **state)
{
	static const struct impact want[] = { { 1, 40 }, { 2, 60 }, { 5, 200 } };
	struct impacts set = { .n = 3 };
	struct buf out = BUF_INIT, raw = BUF_INIT;

	(void)state;
	memcpy(set.v, want, sizeof want);
	impacts_put(&out, &set);
	format_page_check("impacts", &out, &raw);
	set.n = 0;
	assert_ptr_equal(impacts_get(&set, raw.p, raw.p + raw.n), raw.p + raw.n);
	check_impacts(&set, want, 3);
	buf_release(&out);
	buf_release(&raw);
}

/* Encode a list under H = 2, compare, put the page's bytes in its place, and walk it. */
static void check_postings(const char *name, struct seg_fixture *f, const struct posting *list, uint32_t df)
{
	const struct seg_term term = { .name = bytes_str("strike"), .postings = list, .df = df };
	struct buf raw = BUF_INIT;
	struct term_info info;
	struct postings c;

	seg_fixture_add(f, &term);
	format_page_check(name, &f->parts.post, &raw);
	buf_set(&f->parts.post, buf_bytes(&raw));
	seg_fixture_seal(f);
	info = seg_find(&f->seg, "strike");
	postings_open(&c, &f->seg, &info);
	assert_int_equal(postings_first(&c), list[0].doc);
	for (uint32_t i = 0; i < df; i++) {
		assert_int_equal(c.doc, list[i].doc);
		assert_int_equal(postings_freq(&c), list[i].freq);
		assert_int_equal(postings_headline(&c), list[i].headline);
		postings_next(&c);
	}
	assert_true(c.doc == DOC_END && c.rc == 0);
	buf_release(&raw);
}

static void postings_short(void **state)
{
	static const struct posting list[] = { { 3, 1, 0 }, { 9, 1, 0 }, { 200, 4, 0 } };
	struct seg_fixture f;

	(void)state;
	seg_fixture_init(&f, 300, 2);
	check_postings("postings-short", &f, list, 3);
	seg_fixture_release(&f);
}

static void postings_bitmap(void **state)
{
	struct posting list[16];
	struct seg_fixture f;
	uint32_t n = 0;

	(void)state;
	for (uint32_t doc = 0; doc < 20; doc++)
		if (doc != 3 && doc != 8 && doc != 13 && doc != 14)
			list[n++] = (struct posting){ doc, 1, 0 };
	seg_fixture_init(&f, 20, 2);
	check_postings("postings-bitmap", &f, list, n);
	assert_int_equal(f.parts.post.p[0], BLOCK_BITMAP);
	seg_fixture_release(&f);
}

static void postings_with_headline(void **state)
{
	static const struct posting list[] = { { 2, 3, 1 }, { 5, 1, 0 }, { 6, 4, 2 } };
	struct seg_fixture f;

	(void)state;
	seg_fixture_init(&f, 7, 2);
	check_postings("postings-headline", &f, list, 3);
	seg_fixture_release(&f);
}

static void postings_blocks(void **state)
{
	static const struct impact first[] = { { 1, 30 }, { 3, 40 } }, second[] = { { 1, 30 } };
	struct posting list[129];
	struct term_info info;
	struct seg_fixture f;
	struct postings c;
	struct impacts set;

	(void)state;
	seg_fixture_init(&f, 129, 2);
	memset(f.parts.docs.length, 30, 129);
	f.parts.docs.length[5] = 40;
	for (uint32_t doc = 0; doc < 129; doc++)
		list[doc] = (struct posting){ doc, doc == 5 ? 3 : 1, 0 };
	check_postings("postings-blocks", &f, list, 129);
	info = seg_find(&f.seg, "strike");
	postings_open(&c, &f.seg, &info);
	postings_first(&c);
	assert_int_equal(postings_impacts(&c, c.block, &set), 0);
	check_impacts(&set, first, 2);
	assert_int_equal(postings_seek(&c, 128), 128);
	assert_int_equal(postings_occurrence(&c), 130);
	assert_int_equal(postings_impacts(&c, c.block, &set), 0);
	check_impacts(&set, second, 1);
	seg_fixture_release(&f);
}

/* ---- positions ---- */

static void positions(void **state)
{
	static const struct occurrence list[] = { { 4, 0, true }, { 9, 1, false }, { 2, 0, true } };
	static const struct posting postings[] = { { 0, 2, 0 }, { 1, 1, 0 } };
	const struct form_count form[] = { { bytes_str("strike"), 2 }, { bytes_str("strikes"), 1 } };
	const struct seg_term term = { .name = bytes_str("strike"),
				       .postings = postings,
				       .df = 2,
				       .occurrences = list,
				       .n = 3,
				       .forms = form,
				       .nforms = 2 };
	struct buf raw = BUF_INIT;
	struct seg_fixture f;
	struct term_info info;
	struct positions c;
	uint32_t pos[2], number[2];

	(void)state;
	seg_fixture_init(&f, 2, 2);
	seg_fixture_add(&f, &term);
	format_page_check("positions", &f.parts.posn, &raw);
	seg_fixture_seal(&f);
	info = seg_find(&f.seg, "strike");
	positions_open(&c, &f.seg, &info);
	assert_int_equal(positions_get(&c, 0, 2, pos, number), 0);
	assert_true(pos[0] == 4 && pos[1] == 9 && number[0] == 0 && number[1] == 1);
	assert_int_equal(positions_get(&c, 2, 1, pos, number), 0);
	assert_true(pos[0] == 2 && number[0] == 0);
	seg_fixture_release(&f);
	buf_release(&raw);
}

static void positions_chunks(void **state)
{
	static const struct posting posting = { 0, 129, 0 };
	struct occurrence list[129];
	const struct seg_term term = {
		.name = bytes_str("strike"), .postings = &posting, .df = 1, .occurrences = list, .n = 129
	};
	struct buf raw = BUF_INIT;
	struct seg_fixture f;
	struct term_info info;
	struct positions c;
	uint32_t pos[129];

	(void)state;
	for (uint32_t i = 0; i < 129; i++)
		list[i] = (struct occurrence){ i < 128 ? i : 200, 0, i == 0 };
	seg_fixture_init(&f, 1, 2);
	seg_fixture_add(&f, &term);
	format_page_check("positions-chunks", &f.parts.posn, &raw);
	seg_fixture_seal(&f);
	info = seg_find(&f.seg, "strike");
	positions_open(&c, &f.seg, &info);
	assert_int_equal(positions_get(&c, 0, 129, pos, NULL), 0);
	for (uint32_t i = 0; i < 129; i++)
		assert_int_equal(pos[i], list[i].pos);
	seg_fixture_release(&f);
	buf_release(&raw);
}

static void reserved_terms(void **state)
{
	struct buf out = BUF_INIT, raw = BUF_INIT;
	struct bytes list = BYTES_NONE, term;

	(void)state;
	buf_add_byte(&out, TERM_HEADLINE);
	buf_add_str(&out, "strike");
	format_page_check("term-headline", &out, &raw);
	buf_set(&out, bytes_str(MARK_SENTENCE_TERM));
	format_page_check("term-sentence", &out, &raw);
	assert_int_equal(raw.p[0], TERM_MARK);
	field_terms(&(struct field_values){ .section = bytes_str(" Économie\n") }, &out);
	assert_true(field_term_next(&list, &term) == false);
	list = buf_bytes(&out);
	assert_true(field_term_next(&list, &term));
	format_page_take("term-field", &raw);
	assert_true(bytes_equal(term, buf_bytes(&raw)));
	field_terms(&(struct field_values){ .id = bytes_str("HC-1984-0312") }, &out);
	list = buf_bytes(&out);
	assert_true(field_term_next(&list, &term));
	format_page_take("term-id", &raw);
	assert_true(bytes_equal(term, buf_bytes(&raw)));
	buf_release(&out);
	buf_release(&raw);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(furniture),
		cmocka_unit_test(dead_list),
		cmocka_unit_test(texts),
		cmocka_unit_test(hashes),
		cmocka_unit_test(varints),
		cmocka_unit_test(checksum),
		cmocka_unit_test(header),
		cmocka_unit_test(page_table),
		cmocka_unit_test(documents),
		cmocka_unit_test(dictionary),
		cmocka_unit_test(forms),
		cmocka_unit_test(packed_arrays),
		cmocka_unit_test(impacts),
		cmocka_unit_test(postings_short),
		cmocka_unit_test(postings_bitmap),
		cmocka_unit_test(postings_with_headline),
		cmocka_unit_test(postings_blocks),
		cmocka_unit_test(positions),
		cmocka_unit_test(positions_chunks),
		cmocka_unit_test(reserved_terms),
		cmocka_unit_test(format_page_was_taken),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, format_page_load, format_page_drop);
}
