/* indexer/unchanged.h - files whose articles are all in the archive are not opened again.
 *
 * Shape   a file is known by its place (roots.h) and the options it is read with. Same size
 *         and time of change: unchanged. Same size, another time or one that cannot be
 *         relied on (file_state.h): its bytes are hashed, and nothing else is done if they
 *         are the same. What was not read whole, or with pieces that were rejected, has
 *         no state and is read again.
 * Cost    a look-up in the catalog for each file, some microseconds; docs/DECISIONS.md.
 */
#ifndef MORGUE_UNCHANGED_H
#define MORGUE_UNCHANGED_H

#include "archive/archive.h"
#include "report.h"
#include "walk.h"

#include <signal.h>

/* Record the roots, and take the files off the list that are unchanged: none if `again`. They are
 * counted in the report. 0, ERR_INTERRUPTED or another error. */
int unchanged_drop(struct archive *archive, const struct roots *roots, struct walk *files, bool again,
		   struct report *report, const volatile sig_atomic_t *stop, struct err *err);

#endif
