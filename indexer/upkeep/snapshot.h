/* indexer/upkeep/snapshot.h - a copy of an archive as one commit left it, while others write.
 *
 * Shape   an archive of its own: the catalog copied page by page as one read transaction sees
 *         it; each segment that it names as a second name of the same file (a hard
 *         link), or copied where there can be none: on another file system, or because it was
 *         merged away meanwhile.
 * Safety  it is made under another name, synced, and gets its own when it is complete. Whatever
 *         ends the run before leaves nothing under that name, and kill -9 only TO.tmp-PID.
 */
#ifndef MORGUE_SNAPSHOT_H
#define MORGUE_SNAPSHOT_H

#include "archive/archive.h"
#include "report.h"

#include <signal.h>

struct snapshot_result {
	uint64_t bytes;          /* of catalog and segments */
	size_t segments, linked; /* of those, the ones that share their file with the archive */
};

/* Of an archive open for reading, to `to`, which is not there yet: else ERR_USAGE. */
int snapshot_archive(struct archive *a, const char *to, const volatile sig_atomic_t *stop,
		     struct report *report, struct snapshot_result *result, struct err *err);

#endif
