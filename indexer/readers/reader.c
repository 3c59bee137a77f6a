#include "readers/reader.h"

#include "base/mem.h"
#include "base/nearest.h"

#include <stdlib.h>

#define COUNT(array) (sizeof(array) / sizeof *(array))

static const struct format *const formats[] = { &format_jsonl, &format_reuters, &format_text };

static const char *const field_names[RAW_COUNT + 1] = {
	[RAW_ID] = "id",         [RAW_TITLE] = "title",     [RAW_DATE] = "date", [RAW_SOURCE] = "source",
	[RAW_AUTHOR] = "author", [RAW_SECTION] = "section", [RAW_URL] = "url",   [RAW_LANG] = "lang",
	[RAW_TAGS] = "tags",     [RAW_BODY] = "body",       [RAW_COUNT] = NULL,
};
#define FIELD_LIST "id, title, date, source, author, section, url, lang, tags, body"

static int field_by_name(struct bytes name)
{
	for (int i = 0; i < RAW_COUNT; i++)
		if (bytes_is_nocase(name, field_names[i]))
			return i;
	return -1;
}

struct buf *raw_field(struct raw_article *a, enum field f)
{
	struct buf *const fields[RAW_COUNT] = {
		[RAW_ID] = &a->id,         [RAW_TITLE] = &a->title,   [RAW_DATE] = &a->date,
		[RAW_SOURCE] = &a->source, [RAW_AUTHOR] = &a->author, [RAW_SECTION] = &a->section,
		[RAW_URL] = &a->url,       [RAW_LANG] = &a->lang,     [RAW_TAGS] = &a->tags,
		[RAW_BODY] = &a->body,
	};

	return fields[f];
}

static bool is_space(uint8_t c)
{
	return c == ' ' || (c >= '\t' && c <= '\r');
}

void tags_add(struct buf *tags, const char *kind, struct bytes tag)
{
	tag = bytes_trim(tag);
	if (!tag.n)
		return;
	if (tags->n)
		buf_add_byte(tags, ' ');
	buf_add_str(tags, kind);
	for (size_t i = 0; i < tag.n; i++) {
		if (!is_space(tag.p[i]))
			buf_add_byte(tags, tag.p[i]);
		else if (!is_space(tag.p[i - 1]))
			buf_add_byte(tags, '-');
	}
}

void tags_add_list(struct buf *tags, struct bytes list)
{
	bool commas = list.n && memchr(list.p, ',', list.n);

	while (list.n) {
		size_t n = 0;

		while (n < list.n && (commas ? list.p[n] != ',' : !is_space(list.p[n])))
			n++;
		tags_add(tags, "", bytes_of(list.p, n));
		n += n < list.n;
		list = bytes_of(list.p + n, list.n - n);
	}
}

static int field_map_pair(struct field_map *map, char *pair, struct err *err)
{
	char *eq = strchr(pair, '='), hint[NEAREST_HINT];
	int field;

	if (!eq || eq == pair || !eq[1])
		return err_set(err, ERR_USAGE,
			       "--map: \"%.100s\" is not FIELD=NAME; write title=hed,body=content.text, say",
			       pair);
	*eq = '\0';
	field = field_by_name(bytes_str(pair));
	if (field < 0)
		return err_set(err, ERR_USAGE,
			       "--map: there is no field \"%.100s\"%s\nThere are: " FIELD_LIST, pair,
			       nearest_of(pair, field_names, "", hint));
	if (map->key[field])
		return err_set(err, ERR_USAGE, "--map: %s is named twice; leave one out", pair);
	map->key[field] = eq + 1;
	return 0;
}

int field_map_parse(struct field_map *map, const char *spec, struct err *err)
{
	char *next, *rest;
	int rc = 0;

	*map = (struct field_map){ .spec = mem_strdup(spec) };
	rest = map->spec;
	while (rc == 0 && (next = strsep(&rest, ",")) != NULL)
		rc = field_map_pair(map, next, err);
	return rc;
}

void field_map_release(struct field_map *map)
{
	free(map->spec);
	*map = (struct field_map){ .spec = NULL };
}

const struct format *format_by_name(const char *name)
{
	for (size_t i = 0; i < COUNT(formats); i++)
		if (strcmp(formats[i]->name, name) == 0)
			return formats[i];
	return NULL;
}

const char *format_names(void)
{
	return "text, jsonl, reuters";
}

int format_parse(const char *name, const struct format **format, struct err *err)
{
	static const char *const names[] = { "text", "jsonl", "reuters", NULL };
	char hint[NEAREST_HINT];

	if ((*format = format_by_name(name)))
		return 0;
	return err_set(err, ERR_USAGE, "there is no --format %.100s%s\nThere are: %s", name,
		       nearest_of(name, names, "", hint), format_names());
}

static const struct format *recognise(struct bytes start)
{
	size_t i = 0;

	while (formats[i]->recognise && !formats[i]->recognise(start))
		i++;
	return formats[i];
}

static bool is_utf16(struct bytes head)
{
	return head.n >= 2 &&
	       ((head.p[0] == 0xFF && head.p[1] == 0xFE) || (head.p[0] == 0xFE && head.p[1] == 0xFF));
}

/* Look at the first bytes: refuse what is no text, drop the BOM, find the format. */
static int reader_start(struct reader *r, struct err *err)
{
	static const uint8_t bom[3] = { 0xEF, 0xBB, 0xBF };
	struct bytes head;
	int rc = input_peek(&r->in, &head, err);

	if (rc < 0)
		return rc;
	if (!head.n)
		return err_set(err, ERR_INPUT, "empty file");
	if (is_utf16(head))
		return err_set(err, ERR_INPUT,
			       "UTF-16 text, which is not read yet; convert it to UTF-8 (iconv -f UTF-16)");
	if (!r->format && memchr(head.p, '\0', head.n))
		return err_set(err, ERR_INPUT, "binary file; if it is text all the same, name its --format");
	if (bytes_start(head, bytes_of(bom, sizeof bom))) {
		input_skip(&r->in, sizeof bom);
		head = bytes_of(head.p + sizeof bom, head.n - sizeof bom);
	}
	if (!r->format)
		r->format = recognise(bytes_trim(head));
	return r->format->open ? r->format->open(r, err) : 0;
}

int reader_open(struct reader *r, const char *path, const struct format *force, const struct field_map *map,
		struct err *err)
{
	int rc;

	*r = (struct reader){ .format = force, .map = map };
	rc = input_open(&r->in, path, err);
	if (rc == 0)
		rc = reader_start(r, err);
	if (rc < 0)
		reader_close(r);
	return rc;
}

int reader_cut(struct reader *r, struct record *record, struct err *err)
{
	struct bytes bytes;
	int rc;

	record->format = r->format;
	record->map = r->map;
	buf_reset(&record->bytes);
	raw_article_reset(&record->raw);
	if (!r->format->cut)
		return r->format->next(r, &record->raw, err);
	rc = r->format->cut(r, &bytes, &record->raw.offset, err);
	if (rc == 1)
		buf_add_bytes(&record->bytes, bytes);
	return rc;
}

int record_parse(struct record *record, struct buf *scratch, struct err *err)
{
	const struct format *format = record->format;
	int rc = 1;

	if (format->parse)
		rc = format->parse(buf_bytes(&record->bytes), record->map, scratch, &record->raw, err);
	return rc < 0 ? rc : 0;
}

void record_release(struct record *record)
{
	buf_release(&record->bytes);
	raw_article_release(&record->raw);
}

void reader_close(struct reader *r)
{
	if (r->format && r->format->close)
		r->format->close(r);
	r->format = NULL;
	r->state = NULL;
	input_close(&r->in);
}
