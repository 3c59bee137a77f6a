/* shared/segment/segment.h - one sealed segment: write it, map it, check it.
 *
 * Shape   an immutable file of sections (docs/FORMAT.md). Doc 0 is the newest
 *         article: dated before undated, by local date and time falling, ties by
 *         article number.
 * Owner   an open segment owns its mapping; every pointer into it is borrowed. The
 *         file may be unlinked while it is open.
 * Errors  opening checks header and table of contents. A page's checksum is
 *         checked the first time segment_touch is asked about it; readers in this
 *         folder ask before they look.
 * Cost    open: one map, one page read. Nothing grows with the segment.
 * Thread  any number may read an open segment that has no term_maker.
 * Memory  a segment can also stand in memory (segment_of_parts), and its terms can be made
 *         when they are asked for (struct term_maker): who searches sees no difference.
 */
#ifndef MORGUE_SEGMENT_H
#define MORGUE_SEGMENT_H

#include "base/buf.h"
#include "base/err.h"
#include "segment/dead_docs.h"
#include "segment/dictionary.h"
#include "segment/format.h"
#include "segment/spill.h"

struct segment {
	const uint8_t *map;
	size_t size;
	char *path;
	struct bytes sections[SEC_COUNT];
	uint32_t ndocs;
	uint32_t ndated; /* docs before this one have a date */
	uint32_t nterms;
	uint32_t headline_weight;  /* H of the archive */
	uint64_t words;            /* true length of all docs together */
	const uint8_t *page_crcs;  /* NULL: it stands in memory, there is nothing to check */
	_Atomic uint64_t *checked; /* a bit a page: checksum seen to match; then a word: segment_damaged */
	struct dead_docs dead;     /* none, until someone says so who knows the catalog (archive.h) */
	struct buf columns;        /* DOCS, in memory */
	struct term_maker *maker;  /* NULL: all its terms are there */
};

/* Makes the terms of a segment in memory. What has been found stays where it is, whatever is
 * made after it. Errors: negative, and `fault` says what is wrong. */
struct term_maker {
	/* As dict_find. */
	int (*find)(struct term_maker *m, const struct segment *s, struct bytes term, struct term_info *info);
	/* Put all terms into the dictionary. */
	int (*complete)(struct term_maker *m, struct segment *s);
	void (*free)(struct term_maker *m);
	struct err fault;
};

int segment_open(struct segment *s, const char *path, struct err *err);
void segment_close(struct segment *s); /* twice is fine */

/* Let the system have back the memory that shows pages of the file which were read: for one
 * who reads much of it once. What is looked at again comes back by itself. */
void segment_leave(const struct segment *s);

/* Put all terms there are into the dictionary, so that it can be walked. 0, or the error of its maker. */
int segment_complete(const struct segment *s);

/* Why a look-up or a list was negative: the maker's reason, or that `what` does not match its
 * checksums. Returns err->code. */
int segment_fault(const struct segment *s, const char *what, struct err *err);

/* Make sure that the pages under [p, p + n) are what was written. 0 or ERR_CORRUPT. */
int segment_check_pages(const struct segment *s, const uint8_t *p, size_t n);
static inline int segment_touch(const struct segment *s, const uint8_t *p, size_t n)
{
	uint64_t first = (uint64_t)(p - s->map) / SEG_PAGE, last = (uint64_t)(p - s->map + n - 1) / SEG_PAGE;

	if (first == last && p >= s->map && p + n <= s->page_crcs && s->checked[first / 64] >> first % 64 & 1)
		return 0; /* nearly always */
	return segment_check_pages(s, p, n);
}

/* Check every page of the file; names the first bad one. */
int segment_verify(const struct segment *s, struct err *err);

/* Columns, for doc < ndocs. Only the pages that are looked at are checked. A page that does
 * not match answers 0, and segment_damaged from then on: ask it before the answer is used. */
bool segment_damaged(const struct segment *s);
int segment_touch_docs(const struct segment *s);                 /* check them all: 0 or ERR_CORRUPT */
uint32_t segment_article(const struct segment *s, uint32_t doc); /* article number */
int64_t segment_date(const struct segment *s, uint32_t doc);     /* civil seconds or CIVIL_NONE */
uint8_t segment_length_code(const struct segment *s, uint32_t doc);
uint32_t segment_headline(const struct segment *s, uint32_t doc); /* T: words in the headline */
uint32_t segment_source(const struct segment *s, uint32_t doc);   /* source id, 0 unknown */
uint32_t segment_story(const struct segment *s, uint32_t doc);    /* story group, 0 none */

/* T of all docs, two bytes each, of which those of [first, last] are checked. */
const uint8_t *segment_headlines(const struct segment *s, uint32_t first, uint32_t last);

/* The length codes of all docs, indexed by doc; those of [first, last] are checked. */
const uint8_t *segment_length_codes(const struct segment *s, uint32_t first, uint32_t last);

/* The docs dated in [from, to), as a range of doc numbers [*first, *last). */
void segment_date_range(const struct segment *s, int64_t from, int64_t to, uint32_t *first, uint32_t *last);

/* Where an article of this date stands among the docs, or would; does it? Sound if the segment
 * is not damaged: ask after. */
bool segment_find(const struct segment *s, int64_t date, uint32_t article, uint32_t *doc);

/* A block of the dictionary, touched; empty if corrupt. */
struct bytes segment_dict_block(const struct segment *s, uint32_t block);
uint32_t segment_dict_blocks(const struct segment *s);

/* The bytes of a term's form list, touched; see form_list_open. Empty is a valid
 * answer; so is it when corrupt, with ERR_CORRUPT in *rc. */
struct bytes segment_forms(const struct segment *s, const struct term_info *info, int *rc);
uint32_t segment_form_count(const struct segment *s, const struct term_info *info); /* 0 when corrupt */

/* What the writer is given: sections and columns, complete. */
struct doc_columns {
	uint32_t n, ndated;
	int64_t *date;
	uint32_t *article, *source, *story;
	uint16_t *headline;
	uint8_t *length;
	uint64_t words;
};

double docs_average(const struct doc_columns *docs); /* words an article; 1 if there are none */

struct segment_parts {
	struct doc_columns docs;
	struct dict_writer dict;
	struct buf form, post, posn;
	struct spill post_spill, posn_spill; /* what of POST and POSN stands before the bufs */
	uint32_t headline_weight;
};

/* Where the next list goes in POST, and in POSN. */
static inline uint64_t parts_post(const struct segment_parts *p)
{
	return p->post_spill.n + p->post.n;
}
static inline uint64_t parts_posn(const struct segment_parts *p)
{
	return p->posn_spill.n + p->posn.n;
}

void segment_parts_init(struct segment_parts *p, uint32_t ndocs, uint32_t headline_weight);
void segment_parts_release(struct segment_parts *p);

/* Bytes of POST and POSN in memory. Larger saves writes, smaller saves memory; neither is
 * felt: docs/DECISIONS.md, "Merging". */
#define SPILL_BYTES (16u << 20)

static inline bool segment_parts_full(const struct segment_parts *p)
{
	return p->post.n + p->posn.n > SPILL_BYTES;
}

/* A segment in memory that borrows the parts; they must not change while it is open. `name`
 * is what messages call it. */
void segment_of_parts(struct segment *s, struct segment_parts *parts, const char *name);

/* Between two terms: move POST and POSN to temporary files, made as `path`. */
int segment_parts_spill(struct segment_parts *p, const char *path, struct err *err);

/* Write the file `path`, synced to disk; on an error nothing is left there.
 * *size gets the file's bytes. What was spilled is gone while it is copied: once only. */
int segment_write(const struct segment_parts *p, const char *path, uint64_t *size, struct err *err);

#endif
