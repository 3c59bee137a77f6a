/* shared/archive/archive_inside.h - what the files that make up an archive share: archive.c
 * (closing and reading), archive_settings.c and archive_write.c.
 */
#ifndef MORGUE_ARCHIVE_INSIDE_H
#define MORGUE_ARCHIVE_INSIDE_H

#include "archive/archive.h"

void archive_init(struct archive *a, const char *path);

/* The path of a file of it, or of NNNNNNNN.seg and a suffix, into out (replaced); returns it. */
const char *archive_file(const struct archive *a, struct buf *out, const char *name);
const char *archive_segment_file(const struct archive *a, struct buf *out, int64_t id, const char *suffix);

/* Is an archive there? 0, or ERR_NOT_FOUND with what is there instead. */
int archive_require_catalog(const struct archive *a, struct err *err);

/* Open a segment that the catalog names: 1 open, 0 it is not there (which err says), negative an error. */
int archive_open_named(const struct archive *a, const struct catalog_segment *row, struct segment *s,
		       struct err *err);

/* Settings of an archive that is there; a new one, or one whose making was cut short, gets those
 * that are wanted first, and what is wanted must agree. */
int archive_load_settings(struct archive *a, struct err *err);
int archive_settle_settings(struct archive *a, const struct archive_settings *wanted, struct err *err);

#endif
