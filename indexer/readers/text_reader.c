/* indexer/readers/text_reader.c - one plain-text article a file.
 *
 * Front matter is optional and must be unmistakable, for a line such as
 * "Author: unknown" may also open a story: the first line names a known key and so
 * does every line up to the first empty one. A YAML fence ("---" before and after)
 * is allowed. Line ends are left to extract, which settles them for every format.
 */
#include "readers/reader.h"

static const struct {
	const char *key;
	enum field field;
} front_keys[] = {
	{ "title", RAW_TITLE },   { "date", RAW_DATE },       { "source", RAW_SOURCE },
	{ "author", RAW_AUTHOR }, { "section", RAW_SECTION }, { "url", RAW_URL },
	{ "lang", RAW_LANG },     { "id", RAW_ID },           { "tags", RAW_TAGS },
};

/* "Key: value" with a known key: its field, and the value trimmed and unquoted; else -1. */
static int front_line(struct bytes line, struct bytes *value)
{
	const uint8_t *colon = line.n ? memchr(line.p, ':', line.n) : NULL;
	struct bytes key, v;

	if (!colon)
		return -1;
	key = bytes_of(line.p, (size_t)(colon - line.p));
	v = bytes_trim(bytes_of(colon + 1, line.n - key.n - 1));
	if (v.n >= 2 && (v.p[0] == '"' || v.p[0] == '\'') && v.p[v.n - 1] == v.p[0])
		v = bytes_of(v.p + 1, v.n - 2);
	*value = v;
	for (size_t i = 0; i < sizeof front_keys / sizeof *front_keys; i++)
		if (bytes_is_nocase(bytes_trim(key), front_keys[i].key))
			return (int)front_keys[i].field;
	return -1;
}

/* Keep one value. A key given again adds to author and tags and is ignored otherwise. */
static void front_keep(struct raw_article *raw, enum field field, struct bytes value)
{
	struct buf *to = raw_field(raw, field);

	if (field == RAW_TAGS) {
		if (value.n >= 2 && value.p[0] == '[' && value.p[value.n - 1] == ']')
			value = bytes_of(value.p + 1, value.n - 2);
		tags_add_list(to, value);
		return;
	}
	if (to->n && field == RAW_AUTHOR && value.n)
		buf_add_str(to, ", ");
	else if (to->n)
		return;
	buf_add_bytes(to, value);
}

static bool is_fence(struct bytes line)
{
	return bytes_is(bytes_trim(line), "---");
}

/* The text after the front matter, or all of it when there is none. With `raw`
 * the values go there: call without first, since only the last line tells
 * whether the first ones are front matter at all. */
static struct bytes front_matter(struct bytes text, struct raw_article *raw)
{
	struct bytes rest = text, line, value;
	bool fenced = false, any = false;

	while (bytes_line(&rest, &line)) {
		int field;

		if (!any && !fenced && is_fence(line)) {
			fenced = true;
			continue;
		}
		if (any && (fenced ? is_fence(line) : !bytes_trim(line).n))
			return rest;
		field = front_line(line, &value);
		if (field < 0)
			return text;
		any = true;
		if (raw)
			front_keep(raw, (enum field)field, value);
	}
	return any && !fenced ? rest : text;
}

static int text_next(struct reader *r, struct raw_article *raw, struct err *err)
{
	struct bytes text, body;
	int rc = input_all(&r->in, &text, err);

	raw->offset = 0;
	if (rc != 1)
		return rc;
	body = front_matter(text, NULL);
	if (body.n != text.n)
		front_matter(text, raw);
	raw->first_line_is_title = raw->title.n == 0;
	buf_add_bytes(&raw->body, body);
	return 1;
}

const struct format format_text = {
	.name = "text",
	.what = "plain text, one article a file, optional \"Key: value\" lines on top",
	.next = text_next,
};
