/* shared/archive/fast_deflate.h - deflate against a preset dictionary, faster than zlib does.
 *
 * Shape   raw deflate data (RFC 1951), which any inflate reads that is given the same
 *         dictionary.
 * Owner   a deflater owns a copy of its dictionary and all its tables: one a thread.
 * Cost    docs/DECISIONS.md. What zlib does for each text once more, hashing 32 KiB of
 *         dictionary or copying the 256 KiB that come of it, is done once: the
 *         dictionary has a table of its own, which is only read.
 */
#ifndef MORGUE_FAST_DEFLATE_H
#define MORGUE_FAST_DEFLATE_H

#include "base/buf.h"

struct fast_deflater;

/* The dictionary has at most 32506 bytes (texts.h); none is fine. */
struct fast_deflater *fast_deflater_new(struct bytes dictionary);
void fast_deflater_free(struct fast_deflater *d); /* NULL is fine */

/* Append the deflated text. */
void fast_deflate(struct fast_deflater *d, struct bytes text, struct buf *out);

#endif
