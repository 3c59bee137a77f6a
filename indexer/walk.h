/* indexer/walk.h - the files under the paths a user names, in a stable order.
 *
 * Shape   a named file, or "-", as it is; a directory recursively, its entries by
 *         bytes of their names. Below a named directory hidden entries, links to
 *         directories, what is no regular file and archives are left out.
 */
#ifndef MORGUE_WALK_H
#define MORGUE_WALK_H

#include "base/buf.h"
#include "base/err.h"

struct walk {
	char **paths; /* owned */
	size_t n, cap;
	uint64_t bytes; /* of all files together, as they lie on disk */
};

/* Told of each place that cannot be read. */
typedef void walk_problem(void *context, const char *path, const char *reason);

void walk_add(struct walk *w, const char *path, walk_problem *problem, void *context);
void walk_release(struct walk *w);

#endif
