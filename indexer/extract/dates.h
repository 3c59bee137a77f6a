/* indexer/extract/dates.h - dates as newspapers, feeds and databases write them.
 *
 * Shape   local civil time as the source printed it; the zone is kept beside it and
 *         never applied. An epoch is UTC. Years 1400 to 2100, real days only.
 *         What does not say which part is the day is refused: 03/04/2019 is,
 *         25/03/2024 and 03/03/2019 are not.
 * Reads   2016  2016-09  2016-09-20  2016/9/20  20160920  20160920101500
 *         2016-09-20T10:15:00.5+01:00   2016-09-20 10:15 EST   20160920T101500Z   (ISO 8601 and kin)
 *         Tue, 12 Mar 2019 09:30:00 +0100                      (RFC 2822)
 *         Wed Aug 27 13:08:45 +0000 2008                       (ctime)
 *         26-FEB-1987 15:01:01.79   25 March 2024   Mar. 25th, 2024, 10:15 a.m.
 *         March 2024   1711361700   1711361700000
 *         What follows a whole date and is neither time nor zone is ignored.
 * Errors  false: no date, *out untouched.
 * Cost    one pass over the string; date_from_path one over the path.
 */
#ifndef MORGUE_DATES_H
#define MORGUE_DATES_H

#include "base/bytes.h"
#include "base/civil.h"

struct parsed_date {
	int64_t seconds; /* local civil time (civil.h) */
	char precision;  /* 'y', 'm', 'd', 't' (minute) or 's' (second) */
	int zone;        /* minutes east of UTC, or DATE_NO_ZONE (article.h) */
};

bool date_parse(struct bytes text, struct parsed_date *out);

/* The date that a path or URL carries: /2016/09/20/, /2016/9/, 2016-09-20 or 20160920.
 * A day beats a month; of equals the last wins, for it is nearest to the article. */
bool date_from_path(const char *path, struct parsed_date *out);

#endif
