#include "readers/flat_json.h"

#include "text/utf8.h"

#define EVERY(byte) (UINT64_C(0x0101010101010101) * (byte))

/* ---- escapes ---- */

static int hex_digit(uint8_t c)
{
	int lower = ascii_lower((char)c);

	return ascii_is_digit(c) ? c - '0' : lower >= 'a' && lower <= 'f' ? lower - 'a' + 10 : -1;
}

/* The number of \uXXXX at p, or -1. */
static int32_t unit_at(const uint8_t *p, const uint8_t *end)
{
	int32_t unit = 0;

	if (end - p < 6 || p[0] != '\\' || p[1] != 'u')
		return -1;
	for (int i = 2; i < 6; i++) {
		if (hex_digit(p[i]) < 0)
			return -1;
		unit = unit * 16 + hex_digit(p[i]);
	}
	return unit;
}

/* Decode the escape at p; returns its bytes, 0 if it means nothing: no escape, half of a
 * surrogate pair, NUL. */
static size_t decode_escape(const uint8_t *p, const uint8_t *end, uint32_t *c)
{
	static const char letters[] = "\"\\/bfnrt", meanings[] = "\"\\/\b\f\n\r\t";
	const char *letter;
	int32_t high, low;

	if (end - p < 2 || !p[1])
		return 0;
	if ((letter = strchr(letters, p[1])) != NULL) {
		*c = (uint32_t)meanings[letter - letters];
		return 2;
	}
	high = unit_at(p, end);
	if (high <= 0 || (high >= 0xDC00 && high < 0xE000))
		return 0;
	*c = (uint32_t)high;
	if (high < 0xD800 || high >= 0xE000)
		return 6;
	low = unit_at(p + 6, end);
	*c = (uint32_t)(0x10000 + (high - 0xD800) * 0x400 + (low - 0xDC00));
	return low >= 0xDC00 && low < 0xE000 ? 12 : 0;
}

void flat_value_add(struct buf *out, const struct flat_value *value)
{
	const uint8_t *p = value->text.p, *end = p + value->text.n, *escape;
	uint32_t c = 0;

	if (value->kind == FLAT_NAME)
		return; /* null, true and false say nothing */
	while (p < end && (escape = memchr(p, '\\', (size_t)(end - p))) != NULL) {
		buf_add(out, p, (size_t)(escape - p));
		p = escape + decode_escape(escape, end, &c);
		out->n += utf8_encode(buf_reserve(out, 4), c);
	}
	buf_add(out, p, (size_t)(end - p));
}

/* ---- members ---- */

void flat_json_init(struct flat_json *f, struct bytes line)
{
	*f = (struct flat_json){ .p = line.p, .end = line.p + line.n };
}

static void skip_space(struct flat_json *f)
{
	while (f->p < f->end && (*f->p == ' ' || *f->p == '\t' || *f->p == '\n' || *f->p == '\r'))
		f->p++;
}

static bool take_byte(struct flat_json *f, char byte)
{
	skip_space(f);
	if (f->p == f->end || *f->p != (uint8_t)byte)
		return false;
	f->p++;
	return true;
}

/* Might one of eight bytes end a plain stretch: a quotation mark, a backslash, a control byte? */
static bool may_end(uint64_t eight)
{
	uint64_t quote = eight ^ EVERY('"'), escape = eight ^ EVERY('\\');

	return (((quote - EVERY(1)) & ~quote) | ((escape - EVERY(1)) & ~escape) |
		((eight - EVERY(0x20)) & ~eight)) &
	       EVERY(0x80);
}

/* A string from its first quotation mark on: what is between them, all its escapes sound. */
static bool take_string(struct flat_json *f, struct bytes *text, bool *escapes)
{
	const uint8_t *start;
	uint32_t c;

	if (!take_byte(f, '"'))
		return false;
	*escapes = false;
	for (start = f->p; f->p < f->end;) {
		size_t eaten = 1;

		if (f->end - f->p >= 8 && !may_end(load_le64(f->p))) {
			f->p += 8;
			continue;
		}
		if (*f->p == '"') {
			*text = bytes_of(start, (size_t)(f->p - start));
			f->p++;
			return true;
		}
		if (*f->p == '\\') {
			*escapes = true;
			eaten = decode_escape(f->p, f->end, &c);
		}
		if (*f->p < 0x20 || !eaten)
			return false;
		f->p += eaten;
	}
	return false;
}

/* An integer that no double is needed for, without a sign: ids, years. */
static bool take_integer(struct flat_json *f, struct bytes *text)
{
	const uint8_t *start = f->p;

	while (f->p < f->end && ascii_is_digit(*f->p))
		f->p++;
	*text = bytes_of(start, (size_t)(f->p - start));
	if (!text->n || text->n > 18 || (*start == '0' && text->n > 1))
		return false;
	return f->p < f->end && *f->p != '.' && *f->p != 'e' && *f->p != 'E';
}

static bool take_name(struct flat_json *f, struct bytes *text)
{
	static const char *const names[] = { "null", "true", "false" };

	for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
		struct bytes name = bytes_str(names[i]);

		if (bytes_start(bytes_of(f->p, (size_t)(f->end - f->p)), name)) {
			*text = bytes_of(f->p, name.n);
			f->p += name.n;
			return f->p < f->end && (*f->p < 'a' || *f->p > 'z');
		}
	}
	return false;
}

static bool take_value(struct flat_json *f, struct flat_value *value)
{
	bool escapes;

	skip_space(f);
	if (f->p == f->end)
		return false;
	if (*f->p == '"') {
		value->kind = FLAT_STRING;
		return take_string(f, &value->text, &escapes);
	}
	value->kind = ascii_is_digit(*f->p) ? FLAT_INTEGER : FLAT_NAME;
	return value->kind == FLAT_INTEGER ? take_integer(f, &value->text) : take_name(f, &value->text);
}

int flat_json_next(struct flat_json *f, struct bytes *key, struct flat_value *value)
{
	bool first = !f->begun, escapes;

	if (first && !take_byte(f, '{'))
		return -1;
	f->begun = true;
	if (take_byte(f, '}')) {
		skip_space(f);
		return f->p == f->end ? 0 : -1;
	}
	if (!first && !take_byte(f, ','))
		return -1;
	if (!take_string(f, key, &escapes) || escapes || !take_byte(f, ':') || !take_value(f, value))
		return -1;
	skip_space(f);
	return f->p < f->end && (*f->p == ',' || *f->p == '}') ? 1 : -1;
}
