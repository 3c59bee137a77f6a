/* tests/lib/seg_fixture.h - small segments for tests, in memory and on disk.
 *
 *	seg_fixture_init(&f, ndocs, headline_weight);
 *	seg_fixture_add(&f, &term);        ... terms in ascending order
 *	seg_fixture_seal(&f);              now f.seg answers as an opened segment does
 *	seg_fixture_release(&f);
 *
 * A failure inside is a failed assertion of the test that runs.
 */
#ifndef MORGUE_SEG_FIXTURE_H
#define MORGUE_SEG_FIXTURE_H

#include "segment/form_list.h"
#include "segment/positions.h"
#include "segment/segment.h"

struct occurrence {
	uint32_t pos;  /* position in its article */
	uint32_t form; /* form number */
	bool first;    /* the first one in its article */
};

/* What a test knows of a term. */
struct seg_term {
	struct bytes name;
	const struct posting *postings;
	uint32_t df;
	const struct occurrence *occurrences; /* NULL: no positions */
	uint64_t n;                           /* 0 with NULL: as many as the postings say */
	const struct form_count *forms;       /* NULL: the only form is the name */
	uint32_t nforms;
	bool plain; /* headline words weigh 1, as in a headline list */
};

struct seg_fixture {
	struct segment_parts parts;
	struct segment seg; /* over .memory: no file, no checksums; every byte outside is out of bounds */
	uint8_t *memory;
};

void seg_fixture_init(struct seg_fixture *f, uint32_t ndocs, uint32_t headline_weight);
void seg_fixture_add(struct seg_fixture *f, const struct seg_term *term);
void seg_fixture_seal(struct seg_fixture *f);
void seg_fixture_release(struct seg_fixture *f);

/* Append the list of df postings. */
void seg_put_postings(struct buf *out, const struct posting *list, uint32_t df,
		      const struct postings_context *context);

/* Look a term up that is there. */
struct term_info seg_find(const struct segment *s, const char *name);

/* A path for a temporary file, under $TMPDIR or /tmp; static, the same for the whole process. */
const char *seg_temp_path(void);
void seg_write_file(const char *path, struct bytes content);
void seg_read_file(const char *path, struct buf *out);

/* Make the checksums of a segment's bytes match what the bytes are now: header, pages, page
 * table. `pages_at` is where the page table stands. */
void seg_reseal(uint8_t *file, size_t n, uint64_t pages_at);
uint64_t seg_pages_at(const uint8_t *file);

/* The page's examples and tests write bytes as "03 1a | 2f". */
void seg_from_hex(struct buf *out, const char *hex);
void seg_to_hex(struct buf *out, struct bytes raw);

/* How many seeds a property test tries, and how far apart the bytes are that it damages: every
 * one with MORGUE_TEST_LONG, fewer than usual with MORGUE_TEST_SLOW (under a sanitizer). */
uint32_t seg_seeds(void);
size_t seg_step(size_t usual);

#endif
