#include "extract/extract.h"

#include "extract/dates.h"
#include "text/utf8.h"

#define SCRATCH_KEPT (1u << 20) /* bytes: an extractor is one of many */

static const uint8_t replacement[3] = { 0xEF, 0xBF, 0xBD }; /* U+FFFD */
static const uint8_t bom[3] = { 0xEF, 0xBB, 0xBF };

void extractor_init(struct extractor *x)
{
	*x = (struct extractor){ .furniture = furniture_builtin(), .longest = EXTRACT_MAX };
}

void extractor_release(struct extractor *x)
{
	furniture_free(x->furniture);
	buf_release(&x->text);
	buf_release(&x->line);
	x->furniture = NULL;
}

/* Of a long article nothing is kept for the next. */
static void trim(struct buf *scratch)
{
	if (scratch->cap > SCRATCH_KEPT)
		buf_release(scratch);
}

/* Append s with CR LF and CR as LF and without NUL. */
static void add_lines(struct buf *out, struct bytes s)
{
	const uint8_t *p = s.p, *end = s.p + s.n;
	uint8_t *to = buf_reserve(out, s.n);

	for (; p < end; p++) {
		if (*p == '\r')
			*to++ = '\n', p += p + 1 < end && p[1] == '\n';
		else if (*p)
			*to++ = *p;
	}
	out->n = (size_t)(to - out->p);
	*to = '\0';
}

/* Set out to the clean form of s: valid UTF-8, LF, no NUL, no BOM, trimmed. `scratch` is another buf. */
static void clean_text(struct buf *out, struct buf *scratch, struct bytes s)
{
	struct bytes text;

	buf_reset(out);
	if (!s.n)
		return;
	buf_reset(scratch);
	utf8_repair(scratch, s);
	text = buf_bytes(scratch);
	if (bytes_start(text, bytes_of(bom, sizeof bom)))
		text = bytes_of(text.p + sizeof bom, text.n - sizeof bom);
	if (text.n && (memchr(text.p, '\r', text.n) || memchr(text.p, '\0', text.n)))
		add_lines(out, text);
	else
		buf_add_bytes(out, text);
	buf_set(out, bytes_trim(buf_bytes(out)));
}

static bool is_space(uint8_t c)
{
	return c == ' ' || (c >= '\t' && c <= '\r');
}

/* White space, line ends included, becomes one space each time. */
static void collapse(struct buf *b)
{
	size_t n = 0;

	for (size_t i = 0; i < b->n; i++) {
		if (!is_space(b->p[i]))
			b->p[n++] = b->p[i];
		else if (n && b->p[n - 1] != ' ')
			b->p[n++] = ' ';
	}
	if (b->n)
		b->p[n] = '\0';
	b->n = n;
}

/* A short field: clean, on one line, of bounded length. */
static void clean_field(struct extractor *x, struct buf *out, const struct buf *raw)
{
	struct bytes s = buf_bytes(raw);

	if (s.n > 4 * EXTRACT_FIELD_MAX)
		s.n = 4 * EXTRACT_FIELD_MAX; /* what is cut below anyway, not repaired first */
	clean_text(out, &x->line, s);
	collapse(out);
	if (out->n > EXTRACT_FIELD_MAX)
		buf_set(out, bytes_trim(utf8_cut(buf_bytes(out), EXTRACT_FIELD_MAX)));
}

static void lower(struct buf *b)
{
	for (size_t i = 0; i < b->n; i++)
		b->p[i] = (uint8_t)ascii_lower((char)b->p[i]);
}

/* "By Jane Arraf" names Jane Arraf. */
static void drop_by(struct buf *author)
{
	struct bytes s = buf_bytes(author);

	if (s.n > 3 && bytes_is_nocase(bytes_of(s.p, 3), "by "))
		buf_set(author, bytes_of(s.p + 3, s.n - 3));
}

/* ---- title ---- */

/* The first line of body that holds text and is no furniture: its place, or false. */
static bool first_text_line(const struct furniture *f, struct bytes body, struct bytes *line)
{
	while (bytes_line(&body, line))
		if (bytes_trim(*line).n && !furniture_is_line(f, *line))
			return true;
	return false;
}

/* Move the body's first line of text to the title, if it is short enough to be one. */
static void title_from_body(struct extractor *x, struct article *a)
{
	struct bytes body = buf_bytes(&a->body), line, after;
	size_t start;

	if (!first_text_line(x->furniture, body, &line) || bytes_trim(line).n > EXTRACT_TITLE_LINE)
		return;
	buf_set(&a->title, bytes_trim(line));
	collapse(&a->title);
	start = (size_t)(line.p - body.p);
	after = bytes_of(line.p + line.n, body.n - start - line.n);
	if (!start)
		after = bytes_trim(after);
	buf_set(&x->line, bytes_of(body.p, start));
	buf_add_bytes(&x->line, after);
	buf_set(&a->body, bytes_trim(buf_bytes(&x->line)));
}

/* A "title" of many pages is text that lost its way: nothing of it is dropped. */
static void title_to_body(struct extractor *x, struct article *a)
{
	buf_set(&x->line, buf_bytes(&a->title));
	if (a->body.n)
		buf_add_str(&x->line, "\n\n");
	buf_add_bytes(&x->line, buf_bytes(&a->body));
	buf_set(&a->body, buf_bytes(&x->line));
	buf_reset(&a->title);
}

static void take_title(struct extractor *x, const struct raw_article *raw, struct article *a)
{
	clean_text(&a->title, &x->line, buf_bytes(&raw->title));
	if (a->title.n > EXTRACT_TITLE_MAX) {
		title_to_body(x, a);
		return;
	}
	collapse(&a->title);
	if (!a->title.n && raw->first_line_is_title)
		title_from_body(x, a);
}

/* ---- date ---- */

/* A URL's query may hold any number; only its path is looked at. */
static bool date_from_url(struct extractor *x, struct bytes url, struct parsed_date *date)
{
	size_t n = 0;

	while (n < url.n && url.p[n] != '?' && url.p[n] != '#')
		n++;
	buf_set(&x->line, bytes_of(url.p, n));
	return n && date_from_path(buf_cstr(&x->line), date);
}

static void take_date(struct extractor *x, const struct raw_article *raw, const char *path, struct article *a)
{
	struct parsed_date date;

	if (date_parse(buf_bytes(&raw->date), &date))
		a->method = DATE_FIELD;
	else if (date_from_url(x, buf_bytes(&a->url), &date) || (path && date_from_path(path, &date)))
		a->method = DATE_PATH;
	else
		return;
	a->date = date.seconds;
	a->precision = date.precision;
	a->offset = date.zone;
}

/* ---- all of it ---- */

/* Bytes that were no UTF-8, here or in a reader before, all stand as U+FFFD now. */
static size_t count_repairs(struct bytes s)
{
	size_t n = 0;
	const uint8_t *p = s.p, *end = s.n ? s.p + s.n : s.p;

	while (p < end && (p = memchr(p, replacement[0], (size_t)(end - p))) != NULL) {
		n += bytes_start(bytes_of(p, (size_t)(end - p)), bytes_of(replacement, sizeof replacement));
		p++;
	}
	return n;
}

static void take_fields(struct extractor *x, const struct raw_article *raw, struct article *a)
{
	clean_field(x, &a->key, &raw->id);
	clean_field(x, &a->source, &raw->source);
	clean_field(x, &a->author, &raw->author);
	clean_field(x, &a->section, &raw->section);
	clean_field(x, &a->url, &raw->url);
	clean_field(x, &a->lang, &raw->lang);
	clean_field(x, &a->tags, &raw->tags);
	lower(&a->lang);
	drop_by(&a->author);
}

int extract(struct extractor *x, const struct raw_article *raw, const char *path, struct article *out,
	    struct err *err)
{
	article_reset(out);
	if (raw->title.n > x->longest || raw->body.n > x->longest - raw->title.n)
		return input_over_limit("an article", x->longest, x->longest < EXTRACT_MAX, err);
	take_fields(x, raw, out);
	clean_text(&out->body, &x->text, buf_bytes(&raw->body));
	take_title(x, raw, out);
	if (!out->title.n && !out->body.n && !out->key.n)
		return err_set(err, ERR_INPUT, "no title and no text");
	take_date(x, raw, path, out);
	out->repairs = count_repairs(buf_bytes(&out->title)) + count_repairs(buf_bytes(&out->body));
	furniture_mark(x->furniture, buf_bytes(&out->body), &out->furniture, &out->nfurniture,
		       &out->furniture_cap);
	trim(&x->text);
	trim(&x->line);
	return 0;
}
