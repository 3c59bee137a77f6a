/* shared/archive/lock.h - one writer at a time: flock on a file of the archive.
 *
 * Shape   the file holds one line that says who, where, with what command and since when;
 *         a file that nobody locks means nothing (docs/FORMAT.md).
 * Manners how this process asks is said once, in main: the name of its command, and how
 *         long it waits for another writer.
 * Where   on a local disk. Over a network share flock may not reach the other machine, so
 *         shares are for reading.
 */
#ifndef MORGUE_LOCK_H
#define MORGUE_LOCK_H

#include "base/err.h"

#include <signal.h>
#include <stdbool.h>
#include <stdint.h>

struct lock_manners {
	const char *command;               /* as the lock file calls it; NULL: nothing */
	uint64_t wait;                     /* seconds to wait for another writer */
	const volatile sig_atomic_t *stop; /* set: wait no longer, ERR_INTERRUPTED; NULL: never */
	/* Called once, when there is someone to wait for. NULL: nobody wants to know. */
	void (*waiting)(const char *archive, const char *holder);
};
extern struct lock_manners lock_manners;

/* Lock the archive whose lock file is at `path`, made if it is not there (*made). *fd holds
 * the lock until it is closed. ERR_LOCKED says who has it. */
int lock_take(const char *archive, const char *path, int *fd, bool *made, struct err *err);

#endif
