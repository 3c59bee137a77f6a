/* shared/base/bytes.h - borrowed bytes, little-endian loads and stores, varints.
 *
 * Owner   `struct bytes` borrows; `struct buf` (buf.h) owns.
 * Source  varint: LEB128, seven bits a byte, least significant first.
 */
#ifndef MORGUE_BYTES_H
#define MORGUE_BYTES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

struct bytes {
	const uint8_t *p;
	size_t n;
};

#define BYTES_NONE ((struct bytes){ NULL, 0 })

/* A piece [start, end) of some text, in bytes. Lists of them ascend and do not overlap. */
struct range {
	uint32_t start, end;
};

static inline struct bytes bytes_of(const void *p, size_t n)
{
	return (struct bytes){ (const uint8_t *)p, n };
}

static inline struct bytes bytes_str(const char *s)
{
	return bytes_of(s, s ? strlen(s) : 0);
}

static inline bool bytes_equal(struct bytes a, struct bytes b)
{
	return a.n == b.n && (a.n == 0 || memcmp(a.p, b.p, a.n) == 0);
}

static inline bool bytes_is(struct bytes a, const char *s)
{
	return bytes_equal(a, bytes_str(s));
}

static inline bool bytes_start(struct bytes a, struct bytes prefix)
{
	return a.n >= prefix.n && (prefix.n == 0 || memcmp(a.p, prefix.p, prefix.n) == 0);
}

/* Order of terms in a dictionary: by unsigned byte, a prefix before its extensions. */
static inline int bytes_compare(struct bytes a, struct bytes b)
{
	size_t n = a.n < b.n ? a.n : b.n;
	int c = n ? memcmp(a.p, b.p, n) : 0;

	return c ? c : (a.n > b.n) - (a.n < b.n);
}

/* Without ASCII white space at both ends. */
static inline struct bytes bytes_trim(struct bytes b)
{
	while (b.n && (*b.p == ' ' || (*b.p >= '\t' && *b.p <= '\r')))
		b.p++, b.n--;
	while (b.n && (b.p[b.n - 1] == ' ' || (b.p[b.n - 1] >= '\t' && b.p[b.n - 1] <= '\r')))
		b.n--;
	return b;
}

/* Cut the line at the front of *rest, without its LF or CR LF, and advance. False at the end. */
static inline bool bytes_line(struct bytes *rest, struct bytes *line)
{
	const uint8_t *nl;

	if (!rest->n)
		return false;
	nl = memchr(rest->p, '\n', rest->n);
	*line = bytes_of(rest->p, nl ? (size_t)(nl - rest->p) : rest->n);
	rest->n -= line->n + (nl != NULL);
	rest->p += line->n + (nl != NULL);
	if (line->n && line->p[line->n - 1] == '\r')
		line->n--;
	return true;
}

/* Take the next run between ASCII white space off *rest. False: there is none. */
static inline bool bytes_run(struct bytes *rest, struct bytes *run)
{
	size_t n = 0;

	while (rest->n && (*rest->p == ' ' || (*rest->p >= '\t' && *rest->p <= '\r')))
		rest->p++, rest->n--;
	while (n < rest->n && rest->p[n] != ' ' && (rest->p[n] < '\t' || rest->p[n] > '\r'))
		n++;
	*run = bytes_of(rest->p, n);
	rest->p += n;
	rest->n -= n;
	return n > 0;
}

static inline char ascii_lower(char c)
{
	return c >= 'A' && c <= 'Z' ? (char)(c + 32) : c;
}

static inline bool ascii_is_digit(int c)
{
	return c >= '0' && c <= '9';
}

/* ASCII letters compared without case. */
static inline bool bytes_is_nocase(struct bytes a, const char *s)
{
	for (size_t i = 0; i < a.n; i++)
		if (!s[i] || ascii_lower((char)a.p[i]) != ascii_lower(s[i]))
			return false;
	return s[a.n] == '\0';
}

static inline uint16_t load_le16(const uint8_t *p)
{
	return (uint16_t)(p[0] | p[1] << 8);
}

static inline uint32_t load_le32(const uint8_t *p)
{
	return (uint32_t)p[0] | (uint32_t)p[1] << 8 | (uint32_t)p[2] << 16 | (uint32_t)p[3] << 24;
}

static inline uint64_t load_le64(const uint8_t *p)
{
	return load_le32(p) | (uint64_t)load_le32(p + 4) << 32;
}

static inline uint64_t load_be64(const uint8_t *p)
{
	uint64_t v = 0;

	for (int i = 0; i < 8; i++)
		v = v << 8 | p[i];
	return v;
}

static inline void store_le16(uint8_t *p, uint16_t v)
{
	p[0] = (uint8_t)v;
	p[1] = (uint8_t)(v >> 8);
}

/* Written out, these become one store; a loop does not. */
static inline void store_le32(uint8_t *p, uint32_t v)
{
	p[0] = (uint8_t)v;
	p[1] = (uint8_t)(v >> 8);
	p[2] = (uint8_t)(v >> 16);
	p[3] = (uint8_t)(v >> 24);
}

static inline void store_le64(uint8_t *p, uint64_t v)
{
	p[0] = (uint8_t)v;
	p[1] = (uint8_t)(v >> 8);
	p[2] = (uint8_t)(v >> 16);
	p[3] = (uint8_t)(v >> 24);
	p[4] = (uint8_t)(v >> 32);
	p[5] = (uint8_t)(v >> 40);
	p[6] = (uint8_t)(v >> 48);
	p[7] = (uint8_t)(v >> 56);
}

/* Bits set in v. Source: Warren, Hacker's Delight, 5-1; not every processor counts them by itself. */
static inline unsigned bit_count(uint64_t v)
{
	v -= v >> 1 & UINT64_C(0x5555555555555555);
	v = (v & UINT64_C(0x3333333333333333)) + (v >> 2 & UINT64_C(0x3333333333333333));
	v = (v + (v >> 4)) & UINT64_C(0x0F0F0F0F0F0F0F0F);
	return (unsigned)(v * UINT64_C(0x0101010101010101) >> 56);
}

#define VARINT_MAX 10 /* bytes in a 64-bit varint */

/* Write v at p, which has VARINT_MAX bytes of room; returns the bytes used. */
static inline size_t varint_put(uint8_t *p, uint64_t v)
{
	size_t n = 0;

	while (v >= 0x80) {
		p[n++] = (uint8_t)(v | 0x80);
		v >>= 7;
	}
	p[n++] = (uint8_t)v;
	return n;
}

/* Read one varint from [p, end). Returns the byte after it, or NULL if it is
 * cut short or does not fit 64 bits. A NULL p is passed through, so a chain of
 * reads needs one check at its end. */
static inline const uint8_t *varint_get(const uint8_t *p, const uint8_t *end, uint64_t *v)
{
	*v = 0;
	if (!p)
		return NULL;
	for (unsigned shift = 0; shift < 64 && p < end; shift += 7) {
		uint8_t b = *p++;

		if (shift == 63 && b > 1)
			return NULL;
		*v |= (uint64_t)(b & 0x7f) << shift;
		if (!(b & 0x80))
			return p;
	}
	return NULL;
}

/* As varint_get, for a value that must fit 32 bits. */
static inline const uint8_t *varint_get32(const uint8_t *p, const uint8_t *end, uint32_t *v)
{
	uint64_t wide;

	p = varint_get(p, end, &wide);
	*v = (uint32_t)wide;
	return wide > UINT32_MAX ? NULL : p;
}

#endif
