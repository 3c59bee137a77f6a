/* indexer/readers/flat_json.h - the members of a JSON object that has no objects or arrays in it.
 *
 * Shape   one pass, no tree: a member's key and value are told as they stand in the line.
 *         What is not strictly JSON, or not flat, is not told to the end; whoever asks then
 *         lets a parser of all JSON have the line, so nothing depends on which of them read it.
 * Cost    a few instructions for eight bytes of a string. docs/DECISIONS.md.
 */
#ifndef MORGUE_FLAT_JSON_H
#define MORGUE_FLAT_JSON_H

#include "base/buf.h"

#include <stdbool.h>

enum flat_kind { FLAT_NONE, FLAT_STRING, FLAT_INTEGER, FLAT_NAME /* null, true or false */ };

struct flat_value {
	enum flat_kind kind;
	struct bytes text; /* of a string what is between the quotation marks, escapes and all */
};

struct flat_json {
	const uint8_t *p, *end;
	bool begun;
};

void flat_json_init(struct flat_json *f, struct bytes line);

/* The next member: 1 got one, 0 the object is complete and nothing follows it, negative: it is
 * not flat, or no JSON, or holds what strict JSON has and this does not read: an escape in a key, a
 * number that is no plain integer. Bytes that are no UTF-8 are not noticed. */
int flat_json_next(struct flat_json *f, struct bytes *key, struct flat_value *value);

/* Append a value as text: of a string what it means. */
void flat_value_add(struct buf *out, const struct flat_value *value);

#endif
