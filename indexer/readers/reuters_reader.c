/* indexer/readers/reuters_reader.c - Reuters-21578, the wire of 1987, as distributed.
 *
 * The files look like SGML but no SGML parser reads them: control characters as
 * references (&#2; &#127;), a stray 0xFC, tags placed wrongly inside tables. So this
 * takes what is there: records from <REUTERS to </REUTERS>, elements by name, and
 * all text of TEXT that is not title or author as the body, wherever the tags stand.
 *
 * The wire set lines of 64 characters, four spaces before a paragraph, one before
 * table rows and the closing " Reuter". Paragraphs are joined and parted by an
 * empty line; rows of tables stay lines. Unprocessed records are kept as set.
 */
#include "readers/reader.h"

#include "base/mem.h"
#include "text/utf8.h"

#include <stdlib.h>

#define TAG_MAX 64 /* bytes in a tag within TEXT; a '<' without '>' by then is text */
#define INDENT  4  /* spaces that begin a paragraph */

#define PLACEHOLDER "Blah blah blah." /* the collection's own text for a brief without one */

struct reuters {
	struct buf record;
	struct buf text;    /* scratch: a body decoded and not yet laid out */
	struct bytes rest;  /* of the latest line, behind a record's end */
	uint64_t rest_at;   /* its offset in the file */
	bool open;          /* within a record */
	bool too_long;      /* the open record is dropped to its end: it is over ... */
	size_t longest;     /* ... what an article may have */
	uint64_t record_at; /* offset of the open record */
	struct err held;    /* an input error, told after the record it broke off */
};

/* ---- cutting the file into records ---- */

/* The first tag <REUTERS or </REUTERS> in s, from byte `from` on: its place, or s.n; its end in *end. */
static size_t find_record_tag(struct bytes s, size_t from, size_t *end, bool *closing)
{
	while (from < s.n) {
		const uint8_t *p = memmem(s.p + from, s.n - from, "REUTERS", 7);
		size_t at = p ? (size_t)(p - s.p) : s.n;
		bool last = at + 7 >= s.n;

		if (!p)
			break;
		from = at + 7;
		*end = last ? s.n : at + 8;
		*closing = at >= 2 && p[-1] == '/' && p[-2] == '<';
		if (*closing && (last || p[7] == '>'))
			return at - 2;
		if (at >= 1 && p[-1] == '<' && !last && (p[7] == ' ' || p[7] == '>'))
			return at - 1;
	}
	return s.n;
}

/* Skip to the start of a record within s; what stands between records is no article. */
static struct bytes enter_record(struct reuters *st, struct bytes s)
{
	bool closing = true;
	size_t at = 0, end = 0;

	while (closing && at < s.n)
		at = find_record_tag(s, end, &end, &closing);
	st->open = at < s.n;
	st->too_long = false;
	st->record_at = st->rest_at + at;
	st->rest_at += at;
	buf_reset(&st->record);
	return bytes_of(s.p + at, s.n - at);
}

/* Add s to the open record up to the record's end. True if the end was found. */
static bool extend_record(struct reuters *st, struct bytes s)
{
	bool closing = false, fresh = st->record.n == 0 && !st->too_long;
	size_t own_tag = fresh ? strlen("<REUTERS") : 0; /* the one that opened it does not end it */
	size_t end = s.n, at = find_record_tag(s, own_tag, &end, &closing);
	size_t n = at < s.n && closing ? end : at;

	if (st->record.n + n > st->longest)
		st->too_long = true;
	if (st->too_long)
		buf_reset(&st->record);
	else
		buf_add(&st->record, s.p, n);
	st->rest = bytes_of(s.p + n, s.n - n);
	st->rest_at += n;
	return at < s.n;
}

static int tell_held(struct reuters *st, struct err *err)
{
	int code = st->held.code;

	if (err)
		*err = st->held;
	st->held.code = 0;
	return code;
}

/* Gather the next record: 1 got it, 0 end, negative an error. */
static int next_record(struct reader *r, struct reuters *st, struct err *err)
{
	for (;;) {
		struct bytes s = st->rest;
		int rc = 1;

		if (!s.n) {
			rc = input_line_raw(&r->in, &s, &st->held);
			st->rest_at = r->in.line_offset;
		}
		if ((rc == 0 || rc == ERR_INPUT) && st->open)
			break;
		if (rc != 1)
			return rc < 0 ? tell_held(st, err) : 0;
		if (!st->open)
			s = enter_record(st, s);
		st->rest = BYTES_NONE;
		if (st->open && extend_record(st, s))
			break;
	}
	st->open = false;
	return 1;
}

/* ---- elements and characters ---- */

struct element {
	struct bytes attributes; /* of the start tag */
	struct bytes inner;      /* between the tags; to the end of the text without an end tag */
	size_t start, end;       /* of the whole in the text searched */
};

/* The first element `name` in s. */
static bool find_element(struct bytes s, const char *name, struct element *e)
{
	size_t n = strlen(name), from = 0;
	const uint8_t *p, *gt, *close;
	char end_tag[32] = "</";

	memcpy(end_tag + 2, name, n);
	end_tag[n + 2] = '>';
	for (;; from = (size_t)(p - s.p) + 1) {
		p = from < s.n ? memmem(s.p + from, s.n - from, end_tag + 2, n) : NULL;
		if (!p)
			return false;
		if (p > s.p && p[-1] == '<' && p + n < s.p + s.n && (p[n] == '>' || p[n] == ' '))
			break;
	}
	gt = memchr(p, '>', (size_t)(s.p + s.n - p));
	if (!gt)
		return false;
	close = memmem(gt + 1, (size_t)(s.p + s.n - gt - 1), end_tag, n + 3);
	e->attributes = bytes_of(p + n, (size_t)(gt - p) - n);
	e->inner = bytes_of(gt + 1, (size_t)((close ? close : s.p + s.n) - gt - 1));
	e->start = (size_t)(p - s.p) - 1;
	e->end = close ? (size_t)(close - s.p) + n + 3 : s.n;
	return true;
}

/* The value of name="..." among a tag's attributes, or none. `name` begins with its space. */
static struct bytes attribute(struct bytes attributes, const char *name)
{
	size_t n = strlen(name);
	const uint8_t *end = attributes.p + attributes.n, *p, *quote;

	p = attributes.n ? memmem(attributes.p, attributes.n, name, n) : NULL;
	if (!p || end - p < (ptrdiff_t)n + 2 || p[n] != '=' || p[n + 1] != '"')
		return BYTES_NONE;
	p += n + 2;
	quote = memchr(p, '"', (size_t)(end - p));
	return quote ? bytes_of(p, (size_t)(quote - p)) : BYTES_NONE;
}

/* A character reference at p ("&lt;", "&#127;", "&#x7f;"): its bytes, 0 if it is none. */
static size_t reference(const uint8_t *p, const uint8_t *end, uint32_t *c)
{
	static const struct {
		const char *text;
		uint32_t c;
	} named[] = {
		{ "&lt;", '<' }, { "&gt;", '>' }, { "&amp;", '&' }, { "&quot;", '"' }, { "&apos;", '\'' }
	};
	struct bytes s = bytes_of(p, (size_t)(end - p));
	unsigned base = s.n > 2 && (p[2] == 'x' || p[2] == 'X') ? 16 : 10;
	size_t i = base == 16 ? 3 : 2, digits = 0;
	uint32_t value = 0;

	for (size_t k = 0; k < sizeof named / sizeof *named; k++) {
		if (bytes_start(s, bytes_str(named[k].text))) {
			*c = named[k].c;
			return strlen(named[k].text);
		}
	}
	if (s.n < 4 || p[1] != '#')
		return 0;
	for (; i < s.n && digits < 8; i++, digits++) {
		unsigned d = ascii_is_digit(p[i]) ? p[i] - 48u : (p[i] | 32u) - 'a' + 10;

		if (d >= base)
			break;
		value = value * base + d;
	}
	if (!digits || i == s.n || p[i] != ';')
		return 0;
	*c = value;
	return i + 1;
}

static bool is_control(uint32_t c)
{
	return (c < 0x20 && c != '\t' && c != '\n') || (c >= 0x7F && c < 0xA0);
}

static bool is_word(uint32_t c)
{
	return c >= 0x80 || ascii_is_digit((int)c) || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z');
}

/* Bytes from p on that stand for themselves. */
static size_t plain_run(const uint8_t *p, const uint8_t *end)
{
	const uint8_t *q = p;

	while (q < end && *q != '&' && *q != 0x7F && (*q >= 0x20 || *q == '\n' || *q == '\t'))
		q++;
	return (size_t)(q - p);
}

static void add_character(struct buf *out, uint32_t c)
{
	uint8_t *p = buf_reserve(out, 4);

	out->n += utf8_encode(p, c > 0x10FFFF || (c >= 0xD800 && c < 0xE000) ? UTF8_REPLACEMENT : c);
	out->p[out->n] = '\0';
}

/* Append s with references resolved. Controls go; between two word characters one
 * stood for something, so it leaves a space. Bytes from 0x80 are passed as they are. */
static void decode(struct buf *out, struct bytes s)
{
	const uint8_t *p = s.p, *end = s.p + s.n;
	bool gap = false;

	while (p < end) {
		size_t n = plain_run(p, end), ref = 0;
		uint32_t c = *p;

		if (!n && c == '&')
			ref = reference(p, end, &c);
		if (!n && is_control(c)) {
			gap |= c != '\r';
			p += ref ? ref : 1;
			continue;
		}
		if (gap && is_word(c) && out->n && is_word(out->p[out->n - 1]))
			buf_add_byte(out, ' ');
		gap = false;
		if (ref)
			add_character(out, c);
		else
			buf_add(out, p, n = n ? n : 1);
		p += ref + n;
	}
}

/* Bytes of the tag at p, 0 if '<' is only a character there. */
static size_t tag_at(const uint8_t *p, const uint8_t *end)
{
	size_t room = (size_t)(end - p) < TAG_MAX ? (size_t)(end - p) : TAG_MAX;
	const uint8_t *gt = memchr(p, '>', room);
	bool letter = room >= 2 && (p[1] == '/' || (is_word(p[1]) && !ascii_is_digit(p[1])));

	return gt && letter ? (size_t)(gt - p) + 1 : 0;
}

/* Append s decoded, without its tags. */
static void decode_marked_up(struct buf *out, struct bytes s)
{
	const uint8_t *p = s.p, *end = s.p + s.n, *text = p;

	while (p < end && (p = memchr(p, '<', (size_t)(end - p))) != NULL) {
		size_t n = tag_at(p, end);

		if (n) {
			decode(out, bytes_of(text, (size_t)(p - text)));
			text = p + n;
		}
		p += n ? n : 1;
	}
	decode(out, bytes_of(text, (size_t)(end - text)));
}

static void decode_line(struct buf *out, struct bytes s)
{
	decode(out, bytes_trim(s));
	for (size_t i = 0; i < out->n; i++)
		if (out->p[i] == '\n' || out->p[i] == '\t')
			out->p[i] = ' ';
	buf_set(out, bytes_trim(buf_bytes(out)));
}

/* ---- layout ---- */

/* A row of a table has columns: three spaces in a row, or dot leaders. */
static bool is_tabular(struct bytes line)
{
	struct bytes s = bytes_trim(line);

	return memmem(s.p, s.n, "   ", 3) || memmem(s.p, s.n, "....", 4);
}

/* Spaces before the text; a tab counts as a paragraph's. */
static size_t indent_of(struct bytes line)
{
	size_t n = 0;

	while (n < line.n && line.p[n] == ' ')
		n++;
	return n < line.n && line.p[n] == '\t' ? INDENT : n;
}

/* The line as it is set: a row keeps its columns but for a paragraph's indent. */
static struct bytes set_line(struct bytes line, bool row, bool as_set)
{
	struct bytes text = bytes_trim(line);
	struct bytes whole = bytes_of(line.p, (size_t)(text.p - line.p) + text.n);

	if (as_set || !row)
		return as_set ? whole : text;
	return bytes_start(whole, bytes_str("    ")) ? bytes_of(whole.p + INDENT, whole.n - INDENT) : whole;
}

/* What joins a line to the text before it within a paragraph. */
static const char *joint(const struct buf *out)
{
	bool hyphen = out->n >= 2 && out->p[out->n - 1] == '-' && is_word(out->p[out->n - 2]);

	return hyphen ? "" : " ";
}

/* Set decoded wire text in paragraphs. With `as_set` every line stays a line. */
static void lay_out(struct buf *out, struct bytes text, bool as_set)
{
	struct bytes line;
	bool blank = false, row, before_row = false;

	while (bytes_line(&text, &line)) {
		size_t indent = indent_of(line);

		if (!bytes_trim(line).n) {
			blank = true;
			continue;
		}
		row = as_set || (indent > 0 && indent < INDENT) || is_tabular(line);
		if (out->n && (blank || (indent >= INDENT && !(row && before_row))))
			buf_add_str(out, "\n\n");
		else if (out->n)
			buf_add_str(out, row || before_row ? "\n" : joint(out));
		buf_add_bytes(out, set_line(line, row, as_set));
		before_row = row;
		blank = false;
	}
}

/* ---- a record ---- */

static void take_tags(struct buf *tags, struct bytes head)
{
	static const char *const kinds[][2] = {
		{ "TOPICS", "topic:" }, { "PLACES", "place:" },       { "PEOPLE", "person:" },
		{ "ORGS", "org:" },     { "EXCHANGES", "exchange:" }, { "COMPANIES", "company:" },
	};
	struct element list, value;
	struct buf text = BUF_INIT;

	for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++) {
		if (!find_element(head, kinds[i][0], &list))
			continue;
		while (find_element(list.inner, "D", &value)) {
			buf_reset(&text);
			decode_line(&text, value.inner);
			tags_add(tags, kinds[i][1], buf_bytes(&text));
			list.inner = bytes_of(list.inner.p + value.end, list.inner.n - value.end);
		}
	}
	buf_release(&text);
}

/* "***" before a title is how the wire marked urgency. */
static bool only_stars(struct bytes s)
{
	s = bytes_trim(s);
	while (s.n && *s.p == '*')
		s.p++, s.n--;
	return !s.n;
}

static struct bytes after(struct bytes s, size_t at)
{
	return bytes_of(s.p + at, s.n - at);
}

/* Title, author and body out of the inside of TEXT. */
static void take_text(struct raw_article *raw, struct buf *text, struct bytes inner, struct bytes attributes)
{
	struct bytes type = attribute(attributes, " TYPE");
	struct element e;

	buf_reset(text);
	if (find_element(inner, "TITLE", &e)) {
		decode_line(&raw->title, e.inner);
		decode_marked_up(text, bytes_of(inner.p, e.start));
		if (only_stars(buf_bytes(text)))
			buf_reset(text);
		inner = after(inner, e.end);
	}
	if (find_element(inner, "AUTHOR", &e)) {
		decode_line(&raw->author, e.inner);
		decode_marked_up(text, bytes_of(inner.p, e.start));
		inner = after(inner, e.end);
	}
	decode_marked_up(text, inner);
	if (bytes_is(type, "BRIEF") && bytes_is(bytes_trim(buf_bytes(text)), PLACEHOLDER))
		return;
	lay_out(&raw->body, buf_bytes(text), bytes_is(type, "UNPROC") || !raw->title.n);
}

static int take_record(struct raw_article *raw, struct reuters *st, struct err *err)
{
	struct bytes record = buf_bytes(&st->record), head = record;
	struct element whole, text, date;

	raw->offset = st->record_at;
	if (st->too_long)
		return input_over_limit("a record", st->longest, st->longest < INPUT_MAX_FILE, err);
	if (!find_element(record, "REUTERS", &whole))
		return err_set(err, ERR_INPUT, "a record whose first tag is cut off");
	buf_add_bytes(&raw->id, attribute(whole.attributes, " NEWID"));
	buf_add_str(&raw->source, "Reuters");
	if (find_element(whole.inner, "TEXT", &text)) {
		head = bytes_of(whole.inner.p, text.start);
		take_text(raw, &st->text, text.inner, text.attributes);
	}
	if (find_element(head, "DATE", &date))
		decode_line(&raw->date, date.inner);
	take_tags(&raw->tags, head);
	raw->first_line_is_title = !raw->title.n;
	if (!raw->title.n && !raw->body.n && !raw->id.n)
		return err_set(err, ERR_INPUT, "a record without title and text");
	return 1;
}

/* ---- the format ---- */

static bool reuters_recognise(struct bytes start)
{
	return bytes_start(start, bytes_str("<!DOCTYPE lewis")) || bytes_start(start, bytes_str("<REUTERS "));
}

static int reuters_open(struct reader *r, struct err *err)
{
	(void)err;
	r->in.max_line = INPUT_MAX_FILE;
	r->state = mem_zalloc(1, sizeof(struct reuters));
	return 0;
}

static int reuters_next(struct reader *r, struct raw_article *raw, struct err *err)
{
	struct reuters *st = r->state;
	int rc;

	st->longest = r->in.max_file;
	rc = st->held.code ? tell_held(st, err) : next_record(r, st, err);
	raw->offset = r->in.line_offset;
	return rc == 1 ? take_record(raw, st, err) : rc;
}

static void reuters_close(struct reader *r)
{
	struct reuters *st = r->state;

	if (!st)
		return;
	buf_release(&st->record);
	buf_release(&st->text);
	free(st);
}

const struct format format_reuters = {
	.name = "reuters",
	.what = "Reuters-21578 SGML, many records a file",
	.recognise = reuters_recognise,
	.open = reuters_open,
	.next = reuters_next,
	.close = reuters_close,
};
