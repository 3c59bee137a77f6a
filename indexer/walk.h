/* indexer/walk.h - the files under the paths a user names, in a stable order.
 *
 * Shape   a named file, or "-", as it is; a directory recursively, its entries by
 *         bytes of their names. Below a named directory hidden entries, links to
 *         directories, what is no regular file, archives and one file to avoid are
 *         left out, and what is a root of its own, if the walk knows of roots. A path that
 *         cannot be looked at is told and passed over.
 */
#ifndef MORGUE_WALK_H
#define MORGUE_WALK_H

#include "base/buf.h"
#include "roots.h"

#include <signal.h>
#include <sys/stat.h>

struct walk_file {
	char *path;              /* to open it by; owned */
	const struct root *root; /* under which it was found */
	int64_t size, mtime;     /* bytes, nanoseconds (file_state.h); size -1: no regular file */
};

struct walk {
	struct walk_file *v; /* owned */
	size_t n, cap;
	uint64_t bytes;                    /* of all files together, as they lie on disk */
	const struct roots *others;        /* left out below a root; may be NULL */
	const volatile sig_atomic_t *stop; /* set by a signal: come to an end; may be NULL */
	dev_t avoid_device;                /* the file that this run writes about its input, */
	ino_t avoid_inode;                 /* which must not be read; 0: none */
};

/* Told of each place that cannot be read, with a reason that does not name it. */
typedef void walk_problem(void *context, const char *path, const char *reason);

void walk_add(struct walk *w, const struct root *root, walk_problem *problem, void *context);

/* Is the file at `path` the one that `st` describes? */
bool walk_same_file(const char *path, const struct stat *st);
void walk_release(struct walk *w);

#endif
