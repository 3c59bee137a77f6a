/* shared/segment/dead_docs.h - the docs of a segment that are no articles any more:
 * removed, or replaced by a newer text in another segment.
 *
 * Shape   one bit a doc, and the true lengths of the dead docs added up. Stored as a list:
 *         docs/FORMAT.md, table `segment`.
 * Owner   the bits are the set's. A set without dead docs has none: test `n` first.
 * Errors  a list that does not say what is stored beside it is ERR_CORRUPT.
 * Cost    reading: proportional to the list, and untouched pages for the bits.
 */
#ifndef MORGUE_DEAD_DOCS_H
#define MORGUE_DEAD_DOCS_H

#include "base/buf.h"

#include <stdbool.h>

struct dead_docs {
	uint64_t *bits; /* NULL: none is dead */
	uint32_t ndocs; /* of the segment */
	uint32_t n;
	uint64_t words;
};

#define DEAD_DOCS_NONE UINT32_MAX

/* The set of a segment of `ndocs` docs from its list, which must name exactly n of them. */
int dead_docs_read(struct dead_docs *d, uint32_t ndocs, uint32_t n, struct bytes list);
void dead_docs_put(struct buf *out, const struct dead_docs *d); /* the list; appended */
void dead_docs_release(struct dead_docs *d);                    /* twice is fine */

/* Another dead doc, of so many words; false: it was dead already. */
bool dead_docs_add(struct dead_docs *d, uint32_t doc, uint64_t words);

/* The first dead doc from `doc` on; DEAD_DOCS_NONE: there is none. */
uint32_t dead_docs_next(const struct dead_docs *d, uint32_t doc);

/* How many in [from, to). */
uint32_t dead_docs_count(const struct dead_docs *d, uint32_t from, uint32_t to);

/* Clear the bits of dead docs: bit i is doc from + i, for docs [from, to). */
void dead_docs_clear(const struct dead_docs *d, uint32_t from, uint32_t to, uint64_t *bits);

static inline bool dead_docs_has(const struct dead_docs *d, uint32_t doc)
{
	return d->n && d->bits[doc / 64] >> (doc % 64) & 1;
}

#endif
