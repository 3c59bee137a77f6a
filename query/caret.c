#include "caret.h"

#include "output/columns.h"
#include "text/utf8.h"

#define INDENT 2u
#define BEFORE 30u /* columns shown before the place, at most */

/* The character at p as it is shown: its columns, its bytes into *size. */
static unsigned shown_columns(const uint8_t *p, const uint8_t *end, size_t *size)
{
	uint32_t c;

	*size = utf8_decode(p, end, &c);
	if (c == '\t' || c == '\n' || c == '\r')
		return 1; /* a space */
	return char_columns(utf8_is_unsafe(c) ? UTF8_REPLACEMENT : c);
}

/* The first byte of the character that ends before `at`. */
static size_t previous(struct bytes text, size_t at)
{
	size_t start = at - 1;
	uint32_t c;

	while (start > 0 && at - start < 4 && (text.p[start] & 0xC0) == 0x80)
		start--;
	return start + utf8_decode(text.p + start, text.p + at, &c) == at ? start : at - 1;
}

/* Where to begin, so that not too much stands before `place`. */
static size_t first_shown(struct bytes text, size_t place)
{
	unsigned columns = 0;
	size_t at = place;

	while (at > 0) {
		size_t size, start = previous(text, at);

		columns += shown_columns(text.p + start, text.p + at, &size);
		if (columns > BEFORE)
			break;
		at = start;
	}
	return at;
}

void caret_print(struct buf *out, struct bytes text, struct bytes place)
{
	size_t from = (size_t)(place.p - text.p), to = from + place.n, at = first_shown(text, from), size;
	unsigned column = INDENT + (at > 0), before = column, below = 0;

	buf_addf(out, "%*s%s", (int)INDENT, "", at > 0 ? "…" : "");
	for (; at < text.n; at += size) {
		unsigned columns = shown_columns(text.p + at, text.p + text.n, &size);

		if (column + columns >= CARET_COLUMNS && at + size < text.n) {
			buf_add_str(out, "…");
			break;
		}
		utf8_add_safe(out, bytes_of(text.p + at, size), false);
		column += columns;
		before += at < from ? columns : 0;
		below += at >= from && at < to ? columns : 0;
	}
	buf_addf(out, "\n%*s^", (int)before, "");
	while (below-- > 1)
		buf_add_byte(out, '~');
	buf_add_byte(out, '\n');
}
