/* shared/segment/spill.h - the front of a section that grows too large for memory.
 *
 * Shape   a file without a name: gone when it is closed, however the process ends.
 *
 *	struct spill s = SPILL_NONE;
 *	... buf grows ...
 *	spill_take(&s, &buf, path, err);      the section so far is the file, then buf
 */
#ifndef MORGUE_SPILL_H
#define MORGUE_SPILL_H

#include "base/buf.h"
#include "base/err.h"

struct spill {
	int fd;     /* -1: nothing was spilled */
	uint64_t n; /* bytes in it */
};

#define SPILL_NONE ((struct spill){ -1, 0 })

/* Append what `from` holds and reset it. The file is made as `path` when it is first
 * needed and loses that name at once. */
int spill_take(struct spill *s, struct buf *from, const char *path, struct err *err);

/* The n bytes from `offset` on, n at most what is left. */
int spill_read(const struct spill *s, uint64_t offset, uint8_t *out, size_t n, struct err *err);

/* What stands before `offset` is not read again: its memory and its place on the disk are free for
 * what is written meanwhile, where the system can do that. */
void spill_forget(const struct spill *s, uint64_t offset);

void spill_release(struct spill *s); /* twice is fine */

#endif
