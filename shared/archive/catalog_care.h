/* shared/archive/catalog_care.h - what who takes care of an archive asks of its catalog:
 * is it sound, make a copy, bring it up to date. */
#ifndef MORGUE_CATALOG_CARE_H
#define MORGUE_CATALOG_CARE_H

#include "archive/catalog.h"

#include <signal.h>

#define CATALOG_OLDEST 2 /* version that can be brought up to date */

/* Make a catalog of an older version one of CATALOG_VERSION, in a transaction of its own, in which the
 * conversion stores its texts as this version does. */
int catalog_upgrade(struct catalog *c, const struct catalog_conversion *conversion, struct err *err);

/* For a conversion: the texts that there are, as an older version stored them, in order of number, one a
 * call: start with *after = 0. `piece`: up to version 3 a few texts could be one stream, of which each had
 * its piece, from 1; 0: it has a stream of its own. 1 got one, 0 no more. */
int catalog_next_stream(struct catalog *c, int64_t *after, struct catalog_article *a, unsigned *piece,
			struct err *err);

/* SQLite's own check of every page, index and row, and of references between tables. 0,
 * ERR_CORRUPT with its first complaint, or ERR_INTERRUPTED when *stop is set. */
int catalog_check(struct catalog *c, const volatile sig_atomic_t *stop, struct err *err);

/* Into a new database at `to`, durably, what the open read transaction sees. `progress` is told
 * now and then how many bytes are copied, of all; when it answers false the copy is given up
 * with ERR_INTERRUPTED. What has been made of the file is the caller's to remove. */
typedef bool catalog_progress(void *context, uint64_t done, uint64_t all);
int catalog_copy(struct catalog *c, const char *to, catalog_progress *progress, void *context,
		 struct err *err);

/* The highest number of an article, 0 if there is none. */
int catalog_last_article(struct catalog *c, int64_t *number, struct err *err);
int catalog_set_lengths(struct catalog *c, int64_t number, int64_t words, int64_t headline, struct err *err);

/* The sources in order of id, one a call: start with *id = 0. 1 got one, 0 no more. */
int catalog_next_source(struct catalog *c, int64_t *id, struct bytes *name, struct err *err);
int catalog_last_source(struct catalog *c, int64_t *id, struct err *err); /* 0 if there is none */

/* Bytes of all texts, older revisions too: as they are, and as they are stored. Reads the whole
 * catalog; ERR_INTERRUPTED when *stop is set. */
int catalog_text_sizes(struct catalog *c, const volatile sig_atomic_t *stop, int64_t *texts, int64_t *stored,
		       struct err *err);

#endif
