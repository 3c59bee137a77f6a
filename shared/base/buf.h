/* shared/base/buf.h - owned, growing bytes; always followed by a NUL, so .p of a
 * non-empty buf can be passed as a C string when the content has none.
 */
#ifndef MORGUE_BUF_H
#define MORGUE_BUF_H

#include "base/bytes.h"

struct buf {
	uint8_t *p; /* NULL until the first byte */
	size_t n;
	size_t cap;
};

#define BUF_INIT                                                                                             \
	{                                                                                                    \
		NULL, 0, 0                                                                                   \
	}

void buf_init(struct buf *b);    /* no allocation; BUF_INIT does the same */
void buf_reset(struct buf *b);   /* length 0, memory kept */
void buf_release(struct buf *b); /* memory gone; twice is fine */

/* Make room for `more` bytes past the end; returns where they start. The
 * caller adds what it wrote to .n. */
uint8_t *buf_reserve(struct buf *b, size_t more);

void buf_add(struct buf *b, const void *p, size_t n);
void buf_add_bytes(struct buf *b, struct bytes s);
void buf_add_str(struct buf *b, const char *s);
void buf_add_byte(struct buf *b, uint8_t c);
void buf_add_zeros(struct buf *b, size_t n);
void buf_add_le16(struct buf *b, uint16_t v);
void buf_add_le32(struct buf *b, uint32_t v);
void buf_add_le64(struct buf *b, uint64_t v);
void buf_add_varint(struct buf *b, uint64_t v);
void buf_addf(struct buf *b, const char *fmt, ...) __attribute__((format(printf, 2, 3)));
void buf_set(struct buf *b, struct bytes s); /* reset and add; s may lie in b */

static inline struct bytes buf_bytes(const struct buf *b)
{
	return bytes_of(b->p, b->n);
}

/* The content as a C string; "" when empty. Borrowed. */
const char *buf_cstr(const struct buf *b);

#endif
