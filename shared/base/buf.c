#include "base/buf.h"

#include "base/mem.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

void buf_init(struct buf *b)
{
	*b = (struct buf)BUF_INIT;
}

void buf_reset(struct buf *b)
{
	b->n = 0;
	if (b->p)
		b->p[0] = 0;
}

void buf_release(struct buf *b)
{
	free(b->p);
	buf_init(b);
}

uint8_t *buf_reserve(struct buf *b, size_t more)
{
	if (b->cap - b->n <= more) {
		size_t cap = b->cap ? b->cap * 2 : 64;

		if (cap - b->n <= more)
			cap = b->n + more + 1;
		b->p = mem_realloc(b->p, cap);
		b->cap = cap;
	}
	return b->p + b->n;
}

void buf_add(struct buf *b, const void *p, size_t n)
{
	if (n)
		memcpy(buf_reserve(b, n), p, n);
	else
		buf_reserve(b, 0);
	b->n += n;
	b->p[b->n] = 0;
}

void buf_add_bytes(struct buf *b, struct bytes s)
{
	buf_add(b, s.p, s.n);
}

void buf_add_str(struct buf *b, const char *s)
{
	buf_add(b, s, strlen(s));
}

void buf_add_byte(struct buf *b, uint8_t c)
{
	buf_add(b, &c, 1);
}

void buf_add_zeros(struct buf *b, size_t n)
{
	memset(buf_reserve(b, n), 0, n);
	b->n += n;
	b->p[b->n] = 0;
}

void buf_add_le16(struct buf *b, uint16_t v)
{
	uint8_t raw[2];

	store_le16(raw, v);
	buf_add(b, raw, sizeof raw);
}

void buf_add_le32(struct buf *b, uint32_t v)
{
	uint8_t raw[4];

	store_le32(raw, v);
	buf_add(b, raw, sizeof raw);
}

void buf_add_le64(struct buf *b, uint64_t v)
{
	uint8_t raw[8];

	store_le64(raw, v);
	buf_add(b, raw, sizeof raw);
}

void buf_add_varint(struct buf *b, uint64_t v)
{
	uint8_t raw[VARINT_MAX] = { 0 };

	buf_add(b, raw, varint_put(raw, v));
}

void buf_addf(struct buf *b, const char *fmt, ...)
{
	va_list ap, again;
	int n;

	va_start(ap, fmt);
	va_copy(again, ap);
	n = vsnprintf(NULL, 0, fmt, ap);
	va_end(ap);
	if (n > 0) {
		vsnprintf((char *)buf_reserve(b, (size_t)n + 1), (size_t)n + 1, fmt, again);
		b->n += (size_t)n;
	}
	va_end(again);
}

void buf_set(struct buf *b, struct bytes s)
{
	if (s.n && b->p && s.p >= b->p && s.p <= b->p + b->n) {
		memmove(b->p, s.p, s.n);
		b->n = s.n;
		b->p[b->n] = 0;
		return;
	}
	buf_reset(b);
	buf_add_bytes(b, s);
}

const char *buf_cstr(const struct buf *b)
{
	return b->p ? (const char *)b->p : "";
}
