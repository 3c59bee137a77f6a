#include "lib/seg_fixture.h"

#include "base/mem.h"
#include "segment/crc32c.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#define H_PAGES    48u /* docs/FORMAT.md, "Header" */
#define H_CRC      60u
#define HEADER_ALL (SEG_HEADER_SIZE + SEC_COUNT * SEG_TOC_ENTRY)

/* ---- in memory ---- */

void seg_fixture_init(struct seg_fixture *f, uint32_t ndocs, uint32_t headline_weight)
{
	*f = (struct seg_fixture){ .memory = NULL };
	segment_parts_init(&f->parts, ndocs, headline_weight);
	for (uint32_t doc = 0; doc < ndocs; doc++)
		f->parts.docs.article[doc] = doc + 1;
}

static uint64_t count_occurrences(const struct seg_term *t, uint32_t weight)
{
	uint64_t n = 0;

	for (uint32_t i = 0; i < t->df; i++)
		n += t->postings[i].freq - (weight - 1) * t->postings[i].headline;
	return n;
}

void seg_put_postings(struct buf *out, const struct posting *list, uint32_t df,
		      const struct postings_context *context)
{
	struct postings_writer *w = mem_zalloc(1, sizeof *w);

	postings_put(w, out, list, df, context);
	postings_writer_release(w);
	free(w);
}

static void put_positions(struct buf *out, const struct occurrence *list, uint64_t n, uint32_t nforms)
{
	struct positions_writer w;

	positions_begin(&w, out, n, nforms);
	for (uint64_t i = 0; i < n; i++) {
		w.gaps[w.filled] = list[i].first ? list[i].pos : list[i].pos - list[i - 1].pos - 1;
		w.forms[w.filled++] = list[i].form;
		if (w.filled == POSTINGS_BLOCK)
			positions_end_chunk(&w);
	}
	positions_end(&w);
}

void seg_fixture_add(struct seg_fixture *f, const struct seg_term *t)
{
	struct segment_parts *p = &f->parts;
	uint32_t weight = t->plain ? 1 : p->headline_weight;
	struct term_info info = { .df = t->df, .occurrences = count_occurrences(t, weight) };

	info.form = p->form.n;
	if (t->forms)
		form_list_put(&p->form, t->name, t->forms, t->nforms);
	info.form_size = p->form.n - info.form;
	info.post = p->post.n;
	seg_put_postings(&p->post, t->postings, t->df,
			 &(struct postings_context){ p->docs.length, docs_average(&p->docs), weight });
	info.post_size = p->post.n - info.post;
	info.posn = p->posn.n;
	if (t->occurrences) {
		assert_int_equal(t->n, info.occurrences);
		put_positions(&p->posn, t->occurrences, t->n, t->forms ? t->nforms : 1);
	}
	info.posn_size = p->posn.n - info.posn;
	dict_writer_add(&p->dict, t->name, &info);
}

/* The cells of the columns as a segment has them: docs/FORMAT.md, "Documents". */
static void put_columns(struct buf *out, const struct doc_columns *d)
{
	for (uint32_t i = 0; i < d->n; i++)
		buf_add_le64(out, (uint64_t)d->date[i]);
	for (uint32_t i = 0; i < d->n; i++)
		buf_add_le32(out, d->article[i]);
	for (uint32_t i = 0; i < d->n; i++)
		buf_add_le32(out, d->source[i]);
	for (uint32_t i = 0; i < d->n; i++)
		buf_add_le32(out, d->story[i]);
	for (uint32_t i = 0; i < d->n; i++)
		buf_add_le16(out, d->headline[i]);
	buf_add(out, d->length, d->n);
}

void seg_fixture_seal(struct seg_fixture *f)
{
	const struct segment_parts *p = &f->parts;
	struct buf columns = BUF_INIT;
	size_t size = 0, at = 0, words;

	put_columns(&columns, &p->docs);
	const struct bytes parts[SEC_COUNT] = {
		[SEC_DOCS] = buf_bytes(&columns),       [SEC_DICT] = buf_bytes(&p->dict.dict),
		[SEC_DIDX] = buf_bytes(&p->dict.index), [SEC_FORM] = buf_bytes(&p->form),
		[SEC_POST] = buf_bytes(&p->post),       [SEC_POSN] = buf_bytes(&p->posn),
	};

	for (int i = 0; i < SEC_COUNT; i++)
		size += parts[i].n + SEG_SLACK;
	free(f->memory);
	free(f->seg.checked);
	f->memory = mem_zalloc(size, 1);
	f->seg = (struct segment){ .map = f->memory,
				   .size = size,
				   .page_crcs = f->memory + size,
				   .ndocs = p->docs.n,
				   .ndated = p->docs.ndated,
				   .nterms = p->dict.n,
				   .headline_weight = p->headline_weight,
				   .words = p->docs.words };
	for (int i = 0; i < SEC_COUNT; i++) {
		if (parts[i].n)
			memcpy(f->memory + at, parts[i].p, parts[i].n);
		f->seg.sections[i] = bytes_of(f->memory + at, parts[i].n);
		at += parts[i].n + SEG_SLACK;
	}
	words = ((size + SEG_PAGE - 1) / SEG_PAGE + 63) / 64;
	f->seg.checked = mem_zalloc(words + 1, 8); /* every page is taken for checked */
	memset(f->seg.checked, 0xFF, words * 8);
	buf_release(&columns);
}

void seg_fixture_release(struct seg_fixture *f)
{
	free(f->memory);
	free(f->seg.checked);
	segment_parts_release(&f->parts);
	*f = (struct seg_fixture){ .memory = NULL };
}

struct term_info seg_find(const struct segment *s, const char *name)
{
	struct term_info info = { .df = 0 };

	assert_int_equal(dict_find(s, bytes_str(name), &info), 1);
	return info;
}

/* ---- on disk ---- */

const char *seg_temp_path(void)
{
	static char path[512];
	const char *dir = getenv("TMPDIR");

	snprintf(path, sizeof path, "%s/morgue-test-segment-%ld.seg", dir && *dir ? dir : "/tmp",
		 (long)getpid());
	return path;
}

void seg_write_file(const char *path, struct bytes content)
{
	FILE *f = fopen(path, "wb");

	assert_non_null(f);
	assert_int_equal(fwrite(content.p, 1, content.n, f), content.n);
	assert_int_equal(fclose(f), 0);
}

void seg_read_file(const char *path, struct buf *out)
{
	FILE *f = fopen(path, "rb");
	size_t got;

	assert_non_null(f);
	buf_reset(out);
	do {
		got = fread(buf_reserve(out, SEG_PAGE), 1, SEG_PAGE, f);
		out->n += got;
	} while (got);
	fclose(f);
}

uint64_t seg_pages_at(const uint8_t *file)
{
	return load_le64(file + H_PAGES);
}

void seg_reseal(uint8_t *file, size_t n, uint64_t pages_at)
{
	uint64_t npages = (pages_at + SEG_PAGE - 1) / SEG_PAGE;
	uint8_t *table = file + pages_at;

	assert_int_equal(pages_at + (npages + 1) * 4, n);
	store_le32(file + H_CRC, 0);
	store_le32(file + H_CRC, crc32c(0, file, HEADER_ALL));
	for (uint64_t page = 0; page < npages; page++) {
		uint64_t start = page * SEG_PAGE, left = pages_at - start;

		store_le32(table + page * 4, crc32c(0, file + start, left < SEG_PAGE ? left : SEG_PAGE));
	}
	store_le32(table + npages * 4, crc32c(0, table, npages * 4));
}

/* ---- hex ---- */

static int hex_digit(char c)
{
	return isdigit((unsigned char)c) ? c - '0' : tolower((unsigned char)c) - 'a' + 10;
}

void seg_from_hex(struct buf *out, const char *hex)
{
	buf_reset(out);
	for (; *hex; hex++) {
		if (!isxdigit((unsigned char)hex[0]))
			continue;
		assert_true(isxdigit((unsigned char)hex[1]));
		buf_add_byte(out, (uint8_t)(hex_digit(hex[0]) << 4 | hex_digit(hex[1])));
		hex++;
	}
}

void seg_to_hex(struct buf *out, struct bytes raw)
{
	buf_reset(out);
	for (size_t i = 0; i < raw.n; i++)
		buf_addf(out, i ? " %02x" : "%02x", raw.p[i]);
}

uint32_t seg_seeds(void)
{
	return getenv("MORGUE_TEST_LONG") ? 2000 : getenv("MORGUE_TEST_SLOW") ? 40 : 100;
}

size_t seg_step(size_t usual)
{
	return getenv("MORGUE_TEST_LONG") ? 1 : getenv("MORGUE_TEST_SLOW") ? 3 * usual : usual;
}
