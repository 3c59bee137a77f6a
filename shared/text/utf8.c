#include "text/utf8.h"

size_t utf8_decode(const uint8_t *p, const uint8_t *end, uint32_t *c)
{
	static const uint32_t least[5] = { 0, 0, 0x80, 0x800, 0x10000 };
	size_t n;
	uint32_t v;

	if (p[0] < 0x80) {
		*c = p[0];
		return 1;
	}
	n = p[0] >= 0xF0 ? 4 : p[0] >= 0xE0 ? 3 : 2;
	*c = UTF8_REPLACEMENT;
	if (p[0] < 0xC2 || p[0] > 0xF4 || (size_t)(end - p) < n)
		return 1;
	v = p[0] & (0xFFu >> (n + 1));
	for (size_t i = 1; i < n; i++) {
		if ((p[i] & 0xC0) != 0x80)
			return 1;
		v = v << 6 | (p[i] & 0x3F);
	}
	if (v < least[n] || v > 0x10FFFF || (v >= 0xD800 && v < 0xE000))
		return 1;
	*c = v;
	return n;
}

size_t utf8_encode(uint8_t *p, uint32_t c)
{
	if (c < 0x80) {
		p[0] = (uint8_t)c;
		return 1;
	}
	if (c < 0x800) {
		p[0] = (uint8_t)(0xC0 | c >> 6);
		p[1] = (uint8_t)(0x80 | (c & 0x3F));
		return 2;
	}
	if (c < 0x10000) {
		p[0] = (uint8_t)(0xE0 | c >> 12);
		p[1] = (uint8_t)(0x80 | (c >> 6 & 0x3F));
		p[2] = (uint8_t)(0x80 | (c & 0x3F));
		return 3;
	}
	p[0] = (uint8_t)(0xF0 | c >> 18);
	p[1] = (uint8_t)(0x80 | (c >> 12 & 0x3F));
	p[2] = (uint8_t)(0x80 | (c >> 6 & 0x3F));
	p[3] = (uint8_t)(0x80 | (c & 0x3F));
	return 4;
}

/* The first byte at or after p that is not ASCII, or end. */
static const uint8_t *skip_ascii(const uint8_t *p, const uint8_t *end)
{
	while (end - p >= 8 && !(load_le64(p) & UINT64_C(0x8080808080808080)))
		p += 8;
	while (p < end && *p < 0x80)
		p++;
	return p;
}

/* The first invalid byte of [p, end), or end. */
static const uint8_t *first_invalid(const uint8_t *p, const uint8_t *end)
{
	while ((p = skip_ascii(p, end)) < end) {
		uint32_t c;
		size_t n = utf8_decode(p, end, &c);

		if (n == 1)
			break;
		p += n;
	}
	return p;
}

bool utf8_valid(struct bytes s)
{
	return !s.n || first_invalid(s.p, s.p + s.n) == s.p + s.n;
}

size_t utf8_repair(struct buf *out, struct bytes s)
{
	const uint8_t *p = s.p, *end;
	size_t repairs = 0;

	if (!s.n)
		return 0;
	for (end = s.p + s.n;;) {
		const uint8_t *bad = first_invalid(p, end);

		buf_add(out, p, (size_t)(bad - p));
		if (bad == end)
			return repairs;
		buf_add_str(out, "\xEF\xBF\xBD");
		repairs++;
		p = bad + 1;
	}
}

struct bytes utf8_cut(struct bytes s, size_t max)
{
	if (s.n <= max)
		return s;
	while (max && (s.p[max] & 0xC0) == 0x80)
		max--;
	return bytes_of(s.p, max);
}

bool utf8_is_unsafe(uint32_t c)
{
	return c < 0x20 || (c >= 0x7F && c < 0xA0) || c == 0x061C || c == 0x200E || c == 0x200F ||
	       (c >= 0x2028 && c <= 0x202E) || (c >= 0x2066 && c <= 0x2069) || c == 0xFEFF ||
	       (c >= 0xFFF9 && c <= 0xFFFB) || (c >= 0xE0000 && c <= 0xE007F);
}

void utf8_add_safe(struct buf *out, struct bytes s, bool lines)
{
	for (size_t at = 0, n; at < s.n; at += n) {
		uint32_t c;

		n = utf8_decode(s.p + at, s.p + s.n, &c);
		if (c == '\n' && lines)
			buf_add_byte(out, '\n');
		else if (c == '\t' || c == '\n' || c == '\r')
			buf_add_byte(out, ' ');
		else if (utf8_is_unsafe(c) || (c == UTF8_REPLACEMENT && n == 1))
			buf_add_str(out, "\xEF\xBF\xBD");
		else
			buf_add(out, s.p + at, n);
	}
}
