/* indexer/upkeep/rebuild.h - all segments of an archive made anew of the texts in its catalog.
 *
 * Shape   one segment, byte for byte the one that `indexer optimize` would leave; more only
 *         where one would have more than LEVEL_WORDS words. No old segment is looked at, nor the tail, which
 *         is empty then.
 * Safety  what is new is committed in place of what was there, at once; until then readers
 *         have the old segments, and whatever ends the run leaves them.
 * Version texts that were cut into words by older rules are cut by those of this program,
 *         and the lengths in the catalog follow; so does what articles are found by when
 *         they come again.
 */
#ifndef MORGUE_REBUILD_H
#define MORGUE_REBUILD_H

#include "archive/archive.h"
#include "report.h"

#include <signal.h>

struct rebuild_result {
	uint64_t articles, text;  /* text: bytes of titles and bodies */
	uint64_t segments, bytes; /* now */
};

/* Of an archive opened by archive_open_upgrade. 0, ERR_INTERRUPTED when *stop is set, or an
 * error; the archive is then as it was. `lot_bytes`: as in reindex.h; 0: its own. */
int rebuild_archive(struct archive *a, const volatile sig_atomic_t *stop, size_t lot_bytes,
		    struct report *report, struct rebuild_result *result, struct err *err);

#endif
