/* indexer/upkeep/remove.h - articles go out of an archive, for good.
 *
 * Shape   all that are named in one transaction, or none.
 * What    rows, older texts, and what tells that an article is known: so the same file, added
 *         again, brings them back as new articles with new numbers. Their docs in segments are
 *         dead (archive.h); level.h gets rid of these.
 * Cost    the pages the articles stand on, and one look at every article's hash.
 */
#ifndef MORGUE_REMOVE_H
#define MORGUE_REMOVE_H

#include "archive/archive.h"

#include <signal.h>

/* Remove the articles of a settled list, in a transaction of its own. Numbers that there are none
 * of are moved to `unknown`. 0, ERR_INTERRUPTED when *stop is set, or an error: then nothing has
 * changed, unless it was the commit that failed (archive_has_log). */
int remove_articles(struct archive *a, struct number_list *l, struct number_list *unknown,
		    const volatile sig_atomic_t *stop, struct err *err);

#endif
