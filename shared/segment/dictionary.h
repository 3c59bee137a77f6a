/* shared/segment/dictionary.h - sorted terms, front-coded; what is known of each.
 *
 * Shape   terms ascend by byte order, blocks of DICT_BLOCK. Layout: docs/FORMAT.md,
 *         "Dictionary".
 * Cost    find: O(log blocks) looks at first terms, then one block. Nothing is
 *         loaded at open.
 */
#ifndef MORGUE_DICTIONARY_H
#define MORGUE_DICTIONARY_H

#include "base/buf.h"
#include "base/err.h"
#include "segment/format.h"

/* What the dictionary says of a term. */
struct term_info {
	uint32_t df;              /* articles that hold it */
	uint64_t occurrences;     /* in all of them */
	uint64_t post, post_size; /* bytes in POST */
	uint64_t posn, posn_size; /* bytes in POSN; size 0: no positions */
	uint64_t form, form_size; /* bytes in FORM; size 0: the only form is the stem itself */
};

struct dict_writer {
	struct buf dict, index; /* the sections DICT and DIDX */
	struct buf last;        /* term added last */
	uint32_t n;
};

void dict_writer_init(struct dict_writer *w);
void dict_writer_release(struct dict_writer *w);

/* Add the next term, greater than the one before. The offsets of `info` follow
 * directly on those of the term before. */
void dict_writer_add(struct dict_writer *w, struct bytes term, const struct term_info *info);

struct segment;

/* Walks terms in order; also the way to look one up. */
struct dict_cursor {
	const struct segment *seg;
	uint32_t block; /* block decoded now */
	uint32_t left;  /* terms not yet read in it */
	uint32_t read;  /* terms read in it */
	const uint8_t *p, *end;
	uint64_t post, posn, form; /* offsets of the next term */
	uint8_t term[TERM_MAX];
	size_t size; /* bytes in term */
	struct term_info info;
	int rc; /* 0 or ERR_CORRUPT, sticky */
};

/* Stand on the first term >= `from`; 1 if there is one, 0 if not, negative if corrupt. */
int dict_seek(struct dict_cursor *c, const struct segment *seg, struct bytes from);
int dict_next(struct dict_cursor *c); /* the same for the term after */

static inline struct bytes dict_term(const struct dict_cursor *c)
{
	return bytes_of(c->term, c->size);
}

/* The place in its block, from 0, of the term that the cursor stands on. */
static inline uint32_t dict_place(const struct dict_cursor *c)
{
	return c->read - 1;
}

/* Look one term up: 1 found, 0 not there, negative if corrupt. */
int dict_find(const struct segment *seg, struct bytes term, struct term_info *info);

#endif
