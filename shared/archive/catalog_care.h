/* shared/archive/catalog_care.h - what who takes care of an archive asks of its catalog:
 * is it sound, make a copy, bring it up to date. */
#ifndef MORGUE_CATALOG_CARE_H
#define MORGUE_CATALOG_CARE_H

#include "archive/catalog.h"

#include <signal.h>

#define CATALOG_OLDEST 2 /* version that can be brought up to date */

/* Make a catalog of an older version one of CATALOG_VERSION, in a transaction of its own. */
int catalog_upgrade(struct catalog *c, struct err *err);

/* SQLite's own check of every page, index and row, and of references between tables. 0,
 * ERR_CORRUPT with its first complaint, or ERR_INTERRUPTED when *stop is set. */
int catalog_check(struct catalog *c, const volatile sig_atomic_t *stop, struct err *err);

/* The highest number of an article, 0 if there is none. */
int catalog_last_article(struct catalog *c, int64_t *number, struct err *err);
int catalog_set_lengths(struct catalog *c, int64_t number, int64_t words, int64_t headline, struct err *err);

#endif
