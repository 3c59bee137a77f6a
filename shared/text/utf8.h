/* shared/text/utf8.h - UTF-8: decode, check, repair, and make safe to print.
 *
 * Shape   a character is a Unicode scalar value; surrogates, overlong forms and
 *         values above U+10FFFF are invalid (Unicode 15, table 3-7).
 * Cost    one pass; ASCII runs go eight bytes at a time in utf8_valid.
 */
#ifndef MORGUE_UTF8_H
#define MORGUE_UTF8_H

#include "base/buf.h"

#define UTF8_REPLACEMENT 0xFFFDu /* what an invalid byte decodes to */

/* Decode the character at p < end into *c; returns its bytes, 1 to 4. An
 * invalid byte gives UTF8_REPLACEMENT and 1. */
size_t utf8_decode(const uint8_t *p, const uint8_t *end, uint32_t *c);

/* Encode c, a scalar value, at p (4 bytes of room); returns the bytes used. */
size_t utf8_encode(uint8_t *p, uint32_t c);

bool utf8_valid(struct bytes s);

/* Append s to out, each invalid byte as U+FFFD. Returns the number of repairs. */
size_t utf8_repair(struct buf *out, struct bytes s);

/* The longest prefix of s of at most `max` bytes that does not cut a character. */
struct bytes utf8_cut(struct bytes s, size_t max);

/* Does c move the cursor, change colours or reorder what a reader sees? C0 and
 * C1 controls, DEL, line and paragraph separators, bidi controls, tag characters. */
bool utf8_is_unsafe(uint32_t c);

/* Append s so that a terminal shows only text: unsafe characters and invalid
 * bytes become U+FFFD; tabs and line ends become a space, except that `lines`
 * keeps LF. */
void utf8_add_safe(struct buf *out, struct bytes s, bool lines);

#endif
