/* tests/lib/format_page.h - the examples of docs/FORMAT.md, by their names.
 *
 * Shape   "Example `name`: bytes" in hexadecimal digits, perhaps gone on with in lines that are
 *         indented by four spaces.
 * A failure inside is a failed assertion of the test that runs.
 */
#ifndef MORGUE_FORMAT_PAGE_H
#define MORGUE_FORMAT_PAGE_H

#include "base/buf.h"

/* Group fixtures of cmocka. */
int format_page_load(void **state);
int format_page_drop(void **state);

/* The bytes of an example into `raw` (replaced). */
void format_page_take(const char *name, struct buf *raw);

/* Compare an encoding with the page. `raw` gets the page's bytes, to decode from. */
void format_page_check(const char *name, const struct buf *encoded, struct buf *raw);

/* A test, to be run last: every example has been taken, once. */
void format_page_was_taken(void **state);

#endif
