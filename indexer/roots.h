/* indexer/roots.h - the paths that are given to an archive: to add now, and to look at again.
 *
 * Shape   a root is a file or directory and how its files are to be read. `add` makes
 *         roots of its arguments and records them; `update` walks those that are recorded,
 *         by their absolute paths, so it may run anywhere. A path that is given again has
 *         the options it was given last. Standard input, and what is neither a file nor a
 *         directory, is walked but never recorded.
 * Owner   a list owns its roots. Adding moves them: point at one when the list is complete.
 */
#ifndef MORGUE_ROOTS_H
#define MORGUE_ROOTS_H

#include "archive/archive.h"
#include "base/intern.h"
#include "readers/reader.h"

struct root {
	char *path;                  /* to open it by */
	char *name;                  /* as it was named on a command line */
	char *place;                 /* absolute; "" if nobody knows where we are */
	char *format_name, *map;     /* as options name them; "" if not given */
	const struct format *format; /* NULL: recognised by content */
	struct field_map fields;
};

struct roots {
	struct root *v;
	size_t n, cap;
	struct intern places;
};

void roots_init(struct roots *r);
void roots_release(struct roots *r);

/* A path as it is named on the command line; format and map may be NULL. 0 or ERR_USAGE. */
int roots_add(struct roots *r, const char *path, const char *format, const char *map, struct err *err);

/* Those that the archive has recorded. 0 or negative. */
int roots_load(struct roots *r, struct archive *archive, struct err *err);

/* Record those that can be looked at again, if they are not recorded so already. In a transaction. */
int roots_record(const struct roots *r, struct archive *archive, struct err *err);

/* Is one of them at this absolute path? */
bool roots_find(const struct roots *r, const char *place);

/* Of a file that was found under a root: what it is called in the archive, and a number for
 * it and the way it is read, 0 if it has none. `out` is replaced. */
const char *root_file_name(const struct root *root, const char *path, struct buf *out);
int64_t root_file_place(const struct root *root, const char *path, struct buf *out);

#endif
