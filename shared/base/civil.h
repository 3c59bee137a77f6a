/* shared/base/civil.h - dates as seconds of local civil time.
 *
 * Shape   seconds since 1970-01-01 00:00:00 as the clock on the wall showed it
 *         (no zone, no leap seconds), proleptic Gregorian, years 1 to 9999.
 * Source  days from civil: Howard Hinnant, "chrono-compatible low-level date
 *         algorithms" (eras of 400 years, years that begin in March).
 */
#ifndef MORGUE_CIVIL_H
#define MORGUE_CIVIL_H

#include <stdbool.h>
#include <stdint.h>

#define CIVIL_NONE INT64_MIN /* no date; sorts before every date */
#define CIVIL_DAY  86400     /* seconds in a day */

struct civil {
	int year, month, day, hour, minute, second; /* 1..9999, 1..12, 1..31, 0..23, 0..59, 0..59 */
};

bool civil_valid(const struct civil *c);
int civil_days_in_month(int year, int month);
int64_t civil_to_seconds(const struct civil *c); /* c must be valid */
struct civil civil_from_seconds(int64_t seconds);

/* The day that it is here, as its first second. */
int64_t civil_today(void);

/* "1987-02-26" or, with `time`, "1987-02-26 15:01" into out (20 bytes);
 * precision 'y', 'm', 'd', 't' (minutes) or 's' cuts what is not known. CIVIL_NONE gives "". */
void civil_format(char out[20], int64_t seconds, char precision);

#endif
