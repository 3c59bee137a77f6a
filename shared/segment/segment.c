#include "segment/segment.h"

#include "base/civil.h"
#include "base/mem.h"
#include "segment/crc32c.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

_Static_assert(HEADER_BYTES <= SEG_PAGE, "the header is checked before the page table is known");

static const char section_names[SEC_COUNT][5] = SEC_NAMES;

/* Bytes of a doc in all columns together, and where each column begins for n docs. */
enum { COL_DATE, COL_ARTICLE, COL_SOURCE, COL_STORY, COL_HEADLINE, COL_LENGTH, COL_COUNT };
static const uint8_t column_width[COL_COUNT] = { 8, 4, 4, 4, 2, 1 };

static size_t column_start(uint32_t ndocs, int column)
{
	size_t at = 0;

	for (int i = 0; i < column; i++)
		at += column_width[i] * (size_t)ndocs;
	return at;
}

/* ---- opening ---- */

static int map_file(struct segment *s, const char *path, struct err *err)
{
	struct stat st;
	void *map;
	int fd = open(path, O_RDONLY | O_CLOEXEC);

	if (fd < 0)
		return err_errno(err, "%s", path);
	if (fstat(fd, &st) < 0) {
		err_errno(err, "%s", path);
		close(fd);
		return ERR_IO;
	}
	if (st.st_size < (off_t)HEADER_BYTES) {
		close(fd);
		return err_set(err, ERR_CORRUPT, "%s: %lld bytes are too few for a segment", path,
			       (long long)st.st_size);
	}
	map = mmap(NULL, (size_t)st.st_size, PROT_READ, MAP_SHARED, fd, 0);
	close(fd);
	if (map == MAP_FAILED)
		return err_errno(err, "%s: cannot map", path);
	s->map = map;
	s->size = (size_t)st.st_size;
	return 0;
}

static int check_header(struct segment *s, struct err *err)
{
	const uint8_t *h = s->map;
	uint8_t copy[HEADER_BYTES];
	uint32_t crc;

	if (load_le64(h + H_MAGIC) != SEG_MAGIC)
		return err_set(err, ERR_CORRUPT, "%s: not a segment of an archive", s->path);
	if (load_le32(h + H_VERSION) != SEG_VERSION)
		return err_set(err, ERR_VERSION, "%s: segment format %" PRIu32 ", this program reads %u",
			       s->path, load_le32(h + H_VERSION), SEG_VERSION);
	memcpy(copy, h, sizeof copy);
	store_le32(copy + H_CRC, 0);
	crc = crc32c(0, copy, sizeof copy);
	if (crc != load_le32(h + H_CRC))
		return err_set(err, ERR_CORRUPT, "%s: header: crc %08" PRIx32 ", stored %08" PRIx32, s->path,
			       crc, load_le32(h + H_CRC));
	if (load_le32(h + H_SIZE) != HEADER_BYTES || load_le32(h + H_SECTIONS) != SEC_COUNT)
		return err_set(err, ERR_VERSION, "%s: header of another layout", s->path);
	if (load_le64(h + H_FILE_SIZE) != s->size)
		return err_set(err, ERR_CORRUPT, "%s: %zu bytes, header says %" PRIu64, s->path, s->size,
			       load_le64(h + H_FILE_SIZE));
	return 0;
}

static int read_toc(struct segment *s, uint64_t pages_at, struct err *err)
{
	for (int i = 0; i < SEC_COUNT; i++) {
		const uint8_t *e = s->map + SEG_HEADER_SIZE + (size_t)i * SEG_TOC_ENTRY;
		uint64_t offset = load_le64(e + 8), size = load_le64(e + 16);

		if (memcmp(e, section_names[i], 4) != 0)
			return err_set(err, ERR_VERSION, "%s: section %d is not %s", s->path, i,
				       section_names[i]);
		if (offset < HEADER_BYTES || offset > pages_at || size > pages_at - offset ||
		    pages_at - offset - size < SEG_SLACK)
			return err_set(err, ERR_CORRUPT,
				       "%s: section %s at byte %" PRIu64 " is out of the file", s->path,
				       section_names[i], offset);
		s->sections[i] = bytes_of(s->map + offset, size);
	}
	return 0;
}

/* The table of page checksums stands at the end, followed by its own. */
static int read_pages(struct segment *s, uint64_t at, struct err *err)
{
	uint64_t npages = (at + SEG_PAGE - 1) / SEG_PAGE;

	if (at < HEADER_BYTES || at > s->size || s->size - at != (npages + 1) * 4)
		return err_set(err, ERR_CORRUPT, "%s: page table at byte %" PRIu64 " does not fit the file",
			       s->path, at);
	s->page_crcs = s->map + at;
	if (crc32c(0, s->page_crcs, npages * 4) != load_le32(s->page_crcs + npages * 4))
		return err_set(err, ERR_CORRUPT, "%s: page table: wrong checksum", s->path);
	s->checked = mem_zalloc((npages + 63) / 64 + 1, 8);
	return 0;
}

static int check_counts(struct segment *s, struct err *err)
{
	const uint8_t *h = s->map;
	uint32_t blocks;

	s->ndocs = load_le32(h + H_NDOCS);
	s->ndated = load_le32(h + H_NDATED);
	s->words = load_le64(h + H_WORDS);
	s->nterms = load_le32(h + H_NTERMS);
	s->headline_weight = load_le32(h + H_WEIGHT);
	blocks = s->nterms / DICT_BLOCK + (s->nterms % DICT_BLOCK > 0);
	if (!s->ndocs || s->ndocs > DOCS_MAX || s->ndated > s->ndocs || !s->headline_weight ||
	    s->sections[SEC_DOCS].n != column_start(s->ndocs, COL_COUNT) ||
	    s->sections[SEC_DIDX].n != (size_t)blocks * 4)
		return err_set(err, ERR_CORRUPT, "%s: counts do not fit the sections", s->path);
	return 0;
}

int segment_open(struct segment *s, const char *path, struct err *err)
{
	uint64_t pages_at;
	int rc;

	*s = (struct segment){ .path = mem_strdup(path) };
	if ((rc = map_file(s, path, err)) < 0 || (rc = check_header(s, err)) < 0)
		goto fail;
	pages_at = load_le64(s->map + H_PAGES);
	if ((rc = read_pages(s, pages_at, err)) < 0 || (rc = read_toc(s, pages_at, err)) < 0 ||
	    (rc = check_counts(s, err)) < 0)
		goto fail;
	s->dead.ndocs = s->ndocs;
	return 0;
fail:
	segment_close(s);
	return rc;
}

void segment_close(struct segment *s)
{
	if (s->map)
		munmap((void *)(uintptr_t)s->map, s->size);
	if (s->maker)
		s->maker->free(s->maker);
	buf_release(&s->columns);
	free(s->checked);
	free(s->path);
	dead_docs_release(&s->dead);
	*s = (struct segment){ .map = NULL };
}

void segment_leave(const struct segment *s)
{
	if (s->map)
		madvise((void *)(uintptr_t)s->map, s->size, MADV_DONTNEED);
}

int segment_complete(const struct segment *s)
{
	/* The terms were there all the time: who holds the segment const sees no change. */
	return s->maker ? s->maker->complete(s->maker, (struct segment *)(uintptr_t)s) : 0;
}

int segment_fault(const struct segment *s, const char *what, struct err *err)
{
	if (s->maker && s->maker->fault.code < 0) {
		*err = s->maker->fault;
		return err->code;
	}
	return err_set(err, ERR_CORRUPT, "%s: damaged: %s does not match its checksums", s->path, what);
}

double docs_average(const struct doc_columns *docs)
{
	return docs->words ? (double)docs->words / docs->n : 1;
}

/* ---- checking ---- */

static bool page_matches(const struct segment *s, uint64_t page)
{
	uint64_t covered = (uint64_t)(s->page_crcs - s->map), start = page * SEG_PAGE;
	uint64_t n = covered - start < SEG_PAGE ? covered - start : SEG_PAGE;

	return crc32c(0, s->map + start, n) == load_le32(s->page_crcs + page * 4);
}

int segment_check_pages(const struct segment *s, const uint8_t *p, size_t n)
{
	uint64_t first = (uint64_t)(p - s->map) / SEG_PAGE;
	uint64_t last = (uint64_t)(p - s->map + (n ? n - 1 : 0)) / SEG_PAGE;

	if (!s->page_crcs)
		return 0;
	if (p < s->map || p + n > s->page_crcs)
		return ERR_CORRUPT;
	for (uint64_t page = first; page <= last; page++) {
		uint64_t bit = UINT64_C(1) << page % 64;

		if (atomic_load_explicit(&s->checked[page / 64], memory_order_relaxed) & bit)
			continue;
		if (!page_matches(s, page))
			return ERR_CORRUPT;
		atomic_fetch_or_explicit(&s->checked[page / 64], bit, memory_order_relaxed);
	}
	return 0;
}

int segment_verify(const struct segment *s, struct err *err)
{
	uint64_t covered = s->page_crcs ? (uint64_t)(s->page_crcs - s->map) : 0;

	if (segment_complete(s) < 0)
		return segment_fault(s, "it", err);
	for (uint64_t page = 0; page * SEG_PAGE < covered; page++)
		if (!page_matches(s, page))
			return err_set(err, ERR_CORRUPT,
				       "%s: bytes from %" PRIu64 " on do not match their checksum", s->path,
				       page * SEG_PAGE);
	return 0;
}

/* ---- columns ---- */

int segment_touch_docs(const struct segment *s)
{
	return segment_touch(s, s->sections[SEC_DOCS].p, s->sections[SEC_DOCS].n);
}

static _Atomic uint64_t *damage(const struct segment *s)
{
	uint64_t covered = s->page_crcs ? (uint64_t)(s->page_crcs - s->map) : 0;
	uint64_t npages = (covered + SEG_PAGE - 1) / SEG_PAGE;

	return &s->checked[(npages + 63) / 64];
}

bool segment_damaged(const struct segment *s)
{
	return *damage(s) != 0;
}

static const uint8_t *column(const struct segment *s, int number)
{
	return s->sections[SEC_DOCS].p + column_start(s->ndocs, number);
}

static const uint8_t *cell(const struct segment *s, int number, uint32_t doc)
{
	static const uint8_t nothing[8];
	const uint8_t *p = column(s, number) + (size_t)doc * column_width[number];

	if (segment_touch(s, p, column_width[number]) == 0)
		return p;
	*damage(s) = 1;
	return nothing;
}

int64_t segment_date(const struct segment *s, uint32_t doc)
{
	return (int64_t)load_le64(cell(s, COL_DATE, doc));
}

uint32_t segment_article(const struct segment *s, uint32_t doc)
{
	return load_le32(cell(s, COL_ARTICLE, doc));
}

uint32_t segment_source(const struct segment *s, uint32_t doc)
{
	return load_le32(cell(s, COL_SOURCE, doc));
}

uint32_t segment_story(const struct segment *s, uint32_t doc)
{
	return load_le32(cell(s, COL_STORY, doc));
}

uint32_t segment_headline(const struct segment *s, uint32_t doc)
{
	return load_le16(cell(s, COL_HEADLINE, doc));
}

uint8_t segment_length_code(const struct segment *s, uint32_t doc)
{
	return *cell(s, COL_LENGTH, doc);
}

/* A column of which the cells of [first, last] are looked at. */
static const uint8_t *cells(const struct segment *s, int number, uint32_t first, uint32_t last)
{
	const uint8_t *p = column(s, number);
	size_t width = column_width[number];

	if (segment_touch(s, p + first * width, ((size_t)last - first + 1) * width) < 0)
		*damage(s) = 1;
	return p;
}

const uint8_t *segment_headlines(const struct segment *s, uint32_t first, uint32_t last)
{
	return cells(s, COL_HEADLINE, first, last);
}

const uint8_t *segment_length_codes(const struct segment *s, uint32_t first, uint32_t last)
{
	return cells(s, COL_LENGTH, first, last);
}

/* The first dated doc that is not younger than `date`: docs before it are at or after it. */
static uint32_t first_before(const struct segment *s, int64_t date)
{
	uint32_t low = 0, high = s->ndated;

	while (low < high) {
		uint32_t middle = low + (high - low) / 2;

		if (segment_date(s, middle) >= date)
			low = middle + 1;
		else
			high = middle;
	}
	return low;
}

void segment_date_range(const struct segment *s, int64_t from, int64_t to, uint32_t *first, uint32_t *last)
{
	*first = first_before(s, to);
	*last = first_before(s, from);
	if (*last < *first)
		*last = *first;
}

/* Does doc stand before the article, in the order of docs/FORMAT.md, "Documents"? */
static bool stands_before(const struct segment *s, uint32_t doc, int64_t date, uint32_t article)
{
	int64_t other = segment_date(s, doc);

	return other != date ? other > date : segment_article(s, doc) < article;
}

bool segment_find(const struct segment *s, int64_t date, uint32_t article, uint32_t *doc)
{
	uint32_t low = 0, high = s->ndocs;

	while (low < high) {
		uint32_t middle = low + (high - low) / 2;

		if (stands_before(s, middle, date, article))
			low = middle + 1;
		else
			high = middle;
	}
	*doc = low;
	return low < s->ndocs && segment_date(s, low) == date && segment_article(s, low) == article;
}

/* ---- dictionary and forms ---- */

uint32_t segment_dict_blocks(const struct segment *s)
{
	return (uint32_t)(s->sections[SEC_DIDX].n / 4);
}

struct bytes segment_dict_block(const struct segment *s, uint32_t block)
{
	struct bytes index = s->sections[SEC_DIDX], dict = s->sections[SEC_DICT];
	uint64_t from, to = dict.n;

	if (segment_touch(s, index.p + (size_t)block * 4, block + 1 < index.n / 4 ? 8 : 4) < 0)
		return BYTES_NONE;
	from = load_le32(index.p + (size_t)block * 4);
	if (block + 1 < index.n / 4)
		to = load_le32(index.p + (size_t)(block + 1) * 4);
	if (from >= to || to > dict.n || segment_touch(s, dict.p + from, to - from) < 0)
		return BYTES_NONE;
	return bytes_of(dict.p + from, to - from);
}

struct bytes segment_forms(const struct segment *s, const struct term_info *info, int *rc)
{
	struct bytes list = bytes_of(s->sections[SEC_FORM].p + info->form, info->form_size);

	if (list.n && segment_touch(s, list.p, list.n) < 0) {
		*rc = ERR_CORRUPT;
		return BYTES_NONE;
	}
	return list;
}

uint32_t segment_form_count(const struct segment *s, const struct term_info *info)
{
	int rc = 0;
	uint32_t n = 1;
	struct bytes list = segment_forms(s, info, &rc);

	if (list.n && !varint_get32(list.p, list.p + list.n, &n))
		return 0;
	return rc < 0 ? 0 : n;
}
