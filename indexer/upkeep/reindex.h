/* indexer/upkeep/reindex.h - a segment made anew of articles that the catalog has.
 *
 * Shape   articles go in by rising number; out come the parts of one segment, byte for
 *         byte what the same articles make when they are added, however often they were
 *         merged since.
 * Memory  REINDEX_BYTES of inverted articles. If there are more, each lot is sealed into a
 *         file without a name, and these are merged at the end.
 * Owner   the archive and the path are borrowed.
 *
 *	reindex_begin(&r, &archive, path, stop, err);
 *	while (more) {
 *		archive_article(...);
 *		reindex_add(&r, &row, err);
 *	}
 *	reindex_end(&r, &parts, err);          and perhaps the next segment
 *	reindex_release(&r);
 */
#ifndef MORGUE_REINDEX_H
#define MORGUE_REINDEX_H

#include "archive/archive.h"
#include "segment/invert.h"

#include <signal.h>

#define REINDEX_BYTES ((size_t)256 << 20)

struct reindex {
	struct archive *archive;
	const char *temporary; /* path that files are made as, before they lose it */
	const volatile sig_atomic_t *stop;
	size_t lot_bytes; /* REINDEX_BYTES; tests want less */
	struct analyzer *analyzer;
	struct tokens tokens;
	struct buf fields;
	struct range *furniture;
	size_t nfurniture, furniture_cap;
	struct inverter inverter;
	struct segment *lots; /* sealed, waiting to be merged */
	uint32_t nlots;
	size_t lots_cap;
	uint32_t words, headline; /* of the article that was added last */
};

/* 0 or an error; `r` is the caller's to release either way. */
int reindex_begin(struct reindex *r, struct archive *archive, const char *temporary,
		  const volatile sig_atomic_t *stop, struct err *err);
void reindex_release(struct reindex *r);

/* Add an article whose text is loaded. 0 or an error. */
int reindex_add(struct reindex *r, const struct catalog_article *row, struct err *err);

/* The segment of what was added, of which there is some. `parts` are the caller's to release,
 * whatever is returned; `r` is as new. */
int reindex_end(struct reindex *r, struct segment_parts *parts, struct err *err);

#endif
