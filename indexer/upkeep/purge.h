/* indexer/upkeep/purge.h - after optimizing: no byte is left of what was removed.
 *
 * Where   a removed text was in its row, in the log, on pages that are free now, perhaps in pieces
 *         in the dictionary that was trained on it, and its words in
 *         segments. Segments are level_optimize's to write anew; the rest is done here: the
 *         dictionary is trained on what is left and, if that gives another one, all texts are
 *         compressed anew; the catalog is written anew, and the log is emptied.
 * Limits  of the archive's files. What the file system does with blocks that it freed is its own.
 * Cost    that of reading all texts and compressing them, if the dictionary has changed; the disk
 *         needs twice the catalog's size.
 * Safety  PURGE_COMMIT articles a transaction; stopped anywhere, the archive is whole.
 */
#ifndef MORGUE_PURGE_H
#define MORGUE_PURGE_H

#include "archive/archive.h"

#include <signal.h>

#define PURGE_COMMIT 16384u

/* Of an archive whose index is optimized: first the texts, then, when nothing else writes any
 * more, the files. ERR_LOCKED: all is done, but a reader still has the log open. */
int purge_texts(struct archive *a, const volatile sig_atomic_t *stop, struct err *err);
int purge_files(struct archive *a, struct err *err);

#endif
