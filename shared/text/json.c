#include "text/json.h"

#include "text/utf8.h"

/* The bytes from p on that stand for themselves: printable ASCII but for quote and backslash. */
static size_t plain_run(const uint8_t *p, const uint8_t *end)
{
	const uint8_t *from = p;

	while (p < end && *p >= 0x20 && *p < 0x7F && *p != '"' && *p != '\\')
		p++;
	return (size_t)(p - from);
}

void json_add_string(struct buf *out, struct bytes s)
{
	const uint8_t *p = s.p, *end = s.p + s.n;

	buf_add_byte(out, '"');
	while (p < end) {
		uint32_t c;
		size_t size = plain_run(p, end);

		if (size) {
			buf_add(out, p, size);
			p += size;
			continue;
		}
		size = utf8_decode(p, end, &c);
		if (c == '"' || c == '\\')
			buf_addf(out, "\\%c", (int)c);
		else if (c == '\n')
			buf_add_str(out, "\\n");
		else if (c == '\t')
			buf_add_str(out, "\\t");
		else if (c >= 0x10000 && utf8_is_unsafe(c))
			buf_addf(out, "\\u%04x\\u%04x", 0xD800 + ((c - 0x10000) >> 10),
				 0xDC00 + ((c - 0x10000) & 0x3FF));
		else if (utf8_is_unsafe(c))
			buf_addf(out, "\\u%04x", c);
		else if (c == UTF8_REPLACEMENT)
			buf_add_str(out, "\xEF\xBF\xBD");
		else
			buf_add(out, p, size);
		p += size;
	}
	buf_add_byte(out, '"');
}

void json_add_member(struct buf *out, const char *name, struct bytes value)
{
	buf_addf(out, ",\"%s\":", name);
	if (value.n)
		json_add_string(out, value);
	else
		buf_add_str(out, "null");
}
