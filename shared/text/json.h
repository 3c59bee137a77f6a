/* shared/text/json.h - JSON out: the lines both programs write for other programs.
 *
 * What could move a cursor or reorder text is escaped, so that even a terminal may
 * see a line; an invalid byte becomes U+FFFD. docs/OUTPUT.md has the lines.
 */
#ifndef MORGUE_JSON_H
#define MORGUE_JSON_H

#include "base/buf.h"

/* Append s as a JSON string, its quotes included. */
void json_add_string(struct buf *out, struct bytes s);

/* Append ,"name":"value", or null if the value is empty. */
void json_add_member(struct buf *out, const char *name, struct bytes value);

#endif
