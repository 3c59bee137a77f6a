/* indexer/upkeep/verify.h - is an archive what it should be?
 *
 * Plain   every page of every segment against its checksum: what was written is there.
 * Deep    what was written is right: the catalog's own check, every text decompressed, and
 *         from the texts every segment made anew (reindex.h) and compared byte by byte.
 *         No article is in two segments, none is in no segment.
 * Memory  that of reindex.h, four bytes for each article of the largest segment, a bit
 *         for each article. Segments are made in temporary files without a name, under
 *         $TMPDIR or /var/tmp or /tmp.
 * Reader  the archive is open for reading and stays unchanged; writers go on, but SQLite's
 *         log grows until the check is done.
 */
#ifndef MORGUE_VERIFY_H
#define MORGUE_VERIFY_H

#include "archive/archive.h"
#include "report.h"

#include <signal.h>

struct verify_options {
	bool deep;
	const volatile sig_atomic_t *stop;
	size_t lot_bytes; /* as in reindex.h; 0: its own */
};

/* 0, ERR_INTERRUPTED, or what is wrong: ERR_CORRUPT with the first fault in words. */
int verify_archive(struct archive *a, const struct verify_options *options, struct report *report,
		   struct err *err);

#endif
