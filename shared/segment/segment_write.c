/* What a segment is made of, gathered in memory and in spills, and written to a file. */
#include "base/mem.h"
#include "segment/crc32c.h"
#include "segment/segment.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <unistd.h>

static const char section_names[SEC_COUNT][5] = SEC_NAMES;

/* ---- parts ---- */

void segment_parts_init(struct segment_parts *p, uint32_t ndocs, uint32_t headline_weight)
{
	*p = (struct segment_parts){ .post_spill = SPILL_NONE,
				     .posn_spill = SPILL_NONE,
				     .headline_weight = headline_weight };
	dict_writer_init(&p->dict);
	p->docs.n = ndocs;
	p->docs.date = mem_zalloc(ndocs, sizeof *p->docs.date);
	p->docs.article = mem_zalloc(ndocs, sizeof *p->docs.article);
	p->docs.source = mem_zalloc(ndocs, sizeof *p->docs.source);
	p->docs.story = mem_zalloc(ndocs, sizeof *p->docs.story);
	p->docs.headline = mem_zalloc(ndocs, sizeof *p->docs.headline);
	p->docs.length = mem_zalloc(ndocs, sizeof *p->docs.length);
}

void segment_parts_release(struct segment_parts *p)
{
	free(p->docs.date);
	free(p->docs.article);
	free(p->docs.source);
	free(p->docs.story);
	free(p->docs.headline);
	free(p->docs.length);
	dict_writer_release(&p->dict);
	buf_release(&p->form);
	buf_release(&p->post);
	buf_release(&p->posn);
	spill_release(&p->post_spill);
	spill_release(&p->posn_spill);
	*p = (struct segment_parts){ .post_spill = SPILL_NONE, .posn_spill = SPILL_NONE };
}

int segment_parts_spill(struct segment_parts *p, const char *path, struct err *err)
{
	int rc = spill_take(&p->post_spill, &p->post, path, err);

	return rc < 0 ? rc : spill_take(&p->posn_spill, &p->posn, path, err);
}

/* ---- pages ---- */

/* A file being written: bytes go out page by page, each page's checksum on the way. */
struct page_writer {
	int fd;
	const char *path;
	uint64_t written; /* bytes */
	uint8_t page[SEG_PAGE];
	size_t filled;
	struct buf crcs;
};

static int write_all(struct page_writer *w, const uint8_t *p, size_t n, struct err *err)
{
	while (n) {
		ssize_t done = write(w->fd, p, n);

		if (done < 0 && errno == EINTR)
			continue;
		if (done < 0)
			return err_errno(err, "%s: cannot write", w->path);
		p += done;
		n -= (size_t)done;
	}
	return 0;
}

#define SYNC_EVERY ((uint64_t)8 << 20) /* bytes that the disk is told of at a time */

/* Have the disk begin with what has been written, so that less is left for the sync at the end. */
static void start_sync(const struct page_writer *w)
{
#ifdef SYNC_FILE_RANGE_WRITE
	if (w->written % SYNC_EVERY == 0) /* where it cannot, the sync will do it all */
		(void)sync_file_range(w->fd, (off_t)(w->written - SYNC_EVERY), (off_t)SYNC_EVERY,
				      SYNC_FILE_RANGE_WRITE);
#else
	(void)w;
#endif
}

static int flush_page(struct page_writer *w, struct err *err)
{
	if (!w->filled)
		return 0;
	buf_add_le32(&w->crcs, crc32c(0, w->page, w->filled));
	if (write_all(w, w->page, w->filled, err) < 0)
		return ERR_IO;
	w->written += w->filled;
	w->filled = 0;
	start_sync(w);
	return 0;
}

/* n bytes from p, or zeros if p is NULL. */
static int put(struct page_writer *w, const uint8_t *p, size_t n, struct err *err)
{
	while (n) {
		size_t room = SEG_PAGE - w->filled, part = n < room ? n : room;

		if (p)
			memcpy(w->page + w->filled, p, part);
		else
			memset(w->page + w->filled, 0, part);
		w->filled += part;
		p = p ? p + part : NULL;
		n -= part;
		if (w->filled == SEG_PAGE && flush_page(w, err) < 0)
			return ERR_IO;
	}
	return 0;
}

/* ---- sections ---- */

static void columns_put(struct buf *out, const struct doc_columns *d)
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

/* A section in memory, with the slack behind it. */
static struct bytes section_of(struct buf *b)
{
	memset(buf_reserve(b, SEG_SLACK), 0, SEG_SLACK);
	return buf_bytes(b);
}

void segment_of_parts(struct segment *s, struct segment_parts *parts, const char *name)
{
	*s = (struct segment){ .path = mem_strdup(name),
			       .ndocs = parts->docs.n,
			       .ndated = parts->docs.ndated,
			       .nterms = parts->dict.n,
			       .headline_weight = parts->headline_weight,
			       .words = parts->docs.words,
			       .checked = mem_zalloc(1, sizeof *s->checked) };
	columns_put(&s->columns, &parts->docs);
	s->sections[SEC_DOCS] = section_of(&s->columns);
	s->sections[SEC_DICT] = section_of(&parts->dict.dict);
	s->sections[SEC_DIDX] = section_of(&parts->dict.index);
	s->sections[SEC_FORM] = section_of(&parts->form);
	s->sections[SEC_POST] = section_of(&parts->post);
	s->sections[SEC_POSN] = section_of(&parts->posn);
}

/* Zero bytes after a section of n bytes: the slack, and up to a multiple of 8. */
static size_t padding(uint64_t n)
{
	return SEG_SLACK + (8 - n % 8) % 8;
}

/* A section as it is written: what was spilled, then what is in memory. */
struct section {
	struct spill spill;
	struct bytes bytes;
};

static uint64_t section_size(const struct section *s)
{
	return s->spill.n + s->bytes.n;
}

static uint64_t fill_header(uint8_t h[HEADER_BYTES], const struct segment_parts *p,
			    const struct section sections[SEC_COUNT])
{
	uint64_t offset = HEADER_BYTES, npages;

	memset(h, 0, HEADER_BYTES);
	for (int i = 0; i < SEC_COUNT; i++) {
		uint8_t *e = h + SEG_HEADER_SIZE + (size_t)i * SEG_TOC_ENTRY;

		memcpy(e, section_names[i], 4);
		store_le64(e + 8, offset);
		store_le64(e + 16, section_size(&sections[i]));
		offset += section_size(&sections[i]) + padding(section_size(&sections[i]));
	}
	npages = (offset + SEG_PAGE - 1) / SEG_PAGE;
	store_le64(h + H_MAGIC, SEG_MAGIC);
	store_le32(h + H_VERSION, SEG_VERSION);
	store_le32(h + H_SIZE, HEADER_BYTES);
	store_le64(h + H_FILE_SIZE, offset + (npages + 1) * 4);
	store_le32(h + H_NDOCS, p->docs.n);
	store_le32(h + H_NDATED, p->docs.ndated);
	store_le64(h + H_WORDS, p->docs.words);
	store_le32(h + H_NTERMS, p->dict.n);
	store_le32(h + H_WEIGHT, p->headline_weight);
	store_le64(h + H_PAGES, offset);
	store_le32(h + H_SECTIONS, SEC_COUNT);
	store_le32(h + H_CRC, crc32c(0, h, HEADER_BYTES));
	return load_le64(h + H_FILE_SIZE);
}

#define FORGET_EVERY ((uint64_t)4 << 20) /* bytes of a spilled section that has been copied */

static int put_section(struct page_writer *w, const struct section *s, struct err *err)
{
	uint8_t piece[SEG_PAGE];
	int rc;

	for (uint64_t at = 0, n; at < s->spill.n; at += n) {
		n = s->spill.n - at < sizeof piece ? s->spill.n - at : sizeof piece;
		if ((rc = spill_read(&s->spill, at, piece, n, err)) < 0 || (rc = put(w, piece, n, err)) < 0)
			return rc;
		if ((at + n) % FORGET_EVERY == 0)
			spill_forget(&s->spill, at + n);
	}
	if (s->bytes.n && (rc = put(w, s->bytes.p, s->bytes.n, err)) < 0)
		return rc;
	return put(w, NULL, padding(section_size(s)), err);
}

static int put_file(struct page_writer *w, const uint8_t *header, const struct section sections[SEC_COUNT],
		    struct err *err)
{
	int rc = put(w, header, HEADER_BYTES, err);

	for (int i = 0; rc == 0 && i < SEC_COUNT; i++)
		rc = put_section(w, &sections[i], err);
	if (rc < 0 || (rc = flush_page(w, err)) < 0)
		return rc;
	buf_add_le32(&w->crcs, crc32c(0, w->crcs.p, w->crcs.n));
	return write_all(w, w->crcs.p, w->crcs.n, err);
}

int segment_write(const struct segment_parts *p, const char *path, uint64_t *size, struct err *err)
{
	struct page_writer *w = mem_zalloc(1, sizeof *w);
	struct buf columns = BUF_INIT;
	uint8_t header[HEADER_BYTES];
	int rc = 0;

	columns_put(&columns, &p->docs);
	const struct section sections[SEC_COUNT] = {
		[SEC_DOCS] = { SPILL_NONE, buf_bytes(&columns) },
		[SEC_DICT] = { SPILL_NONE, buf_bytes(&p->dict.dict) },
		[SEC_DIDX] = { SPILL_NONE, buf_bytes(&p->dict.index) },
		[SEC_FORM] = { SPILL_NONE, buf_bytes(&p->form) },
		[SEC_POST] = { p->post_spill, buf_bytes(&p->post) },
		[SEC_POSN] = { p->posn_spill, buf_bytes(&p->posn) },
	};
	*size = fill_header(header, p, sections);
	w->path = path;
	w->fd = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0666);
	if (w->fd < 0) {
		rc = err_errno(err, "%s", path);
	} else {
		rc = put_file(w, header, sections, err);
		if (rc == 0 && fsync(w->fd) < 0)
			rc = err_errno(err, "%s: cannot write", path);
		if (close(w->fd) < 0 && !rc)
			rc = err_errno(err, "%s: cannot close", path);
		if (rc < 0)
			unlink(path);
	}
	buf_release(&columns);
	buf_release(&w->crcs);
	free(w);
	return rc;
}
