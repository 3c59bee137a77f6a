/* indexer/readers/jsonl_reader.c - one JSON object a line, under whatever names.
 *
 * Scrapers, dumps and feeds agree on the meaning of the fields and not on their
 * names, so each field has a list of names: the first that holds something wins.
 * A value may be a string, a number, an array of these, or an object with a "name".
 *
 * Real dumps also hold lines that strict JSON refuses and whose article is whole:
 * invalid UTF-8, half of a surrogate pair, NUL, raw tabs, Python's NaN. Such a line
 * is mended and parsed once more; sound lines, nearly all, pay nothing for it.
 *
 * Most lines are flat objects of strings, which are read without a tree (flat_json.h).
 *
 * A line of "[[],[],..." makes objects thirty times its size, so what one line may
 * allocate is limited (JSONL_MEMORY_*).
 */
#include "readers/flat_json.h"
#include "readers/reader.h"

#include "base/mem.h"
#include "text/utf8.h"

#include <jansson.h>
#include <math.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>

#define JSONL_MAX_LINE (2 * INPUT_MAX_FILE) /* bytes: escapes can double an article's text */

/* Bytes a line may allocate in all while it is parsed: the first figure, and the
 * second for each of its bytes, but the third at most. Real articles need about 4
 * a byte, lists of short numbers 12. */
#define JSONL_MEMORY_LEAST (16u << 20)
#define JSONL_MEMORY_RATIO 16u
#define JSONL_MEMORY_MOST  (1u << 30)

#define MAX_NAMES 8 /* in a list below, its end included */

static const char *const names[RAW_COUNT][MAX_NAMES] = {
	[RAW_ID] = { "id", "uuid", "guid", "docno" },
	[RAW_TITLE] = { "title", "headline", "hed" },
	[RAW_DATE] = { "date", "published", "published_at", "date_publish", "datePublished", "pubDate" },
	[RAW_SOURCE] = { "source", "publication", "site", "source_domain", "publisher" },
	[RAW_AUTHOR] = { "author", "authors", "byline" },
	[RAW_SECTION] = { "section", "category" },
	[RAW_URL] = { "url", "link" },
	[RAW_LANG] = { "lang", "language" },
	[RAW_TAGS] = { "tags", "topic", "topics", "keywords" },
	[RAW_BODY] = { "body", "text", "content", "maintext", "article", "articleBody" },
};

/* Of the line being parsed: what it may still allocate, and whether it asked for more. */
static _Thread_local size_t memory_left = SIZE_MAX;
static _Thread_local bool memory_refused;

static void *limited_malloc(size_t n)
{
	if (n > memory_left) {
		memory_refused = true;
		return NULL;
	}
	memory_left -= n;
	return mem_alloc(n);
}

static size_t memory_for(size_t line)
{
	if (line > (JSONL_MEMORY_MOST - JSONL_MEMORY_LEAST) / JSONL_MEMORY_RATIO)
		return JSONL_MEMORY_MOST;
	return JSONL_MEMORY_LEAST + line * JSONL_MEMORY_RATIO;
}

static json_t *parse(struct bytes line, size_t flags, json_error_t *why)
{
	json_t *root;

	memory_refused = false;
	memory_left = memory_for(line.n);
	root = json_loadb((const char *)line.p, line.n, flags | JSON_DECODE_ANY, why);
	memory_left = SIZE_MAX;
	return root;
}

/* ---- mending ---- */

static unsigned hex4(const uint8_t *p)
{
	unsigned v = 0;

	for (int i = 0; i < 4; i++) {
		int c = ascii_lower((char)p[i]);

		if (!ascii_is_digit(c) && (c < 'a' || c > 'f'))
			return 0x20; /* not an escape: the parser will say so */
		v = v * 16 + (unsigned)(c <= '9' ? c - '0' : c - 'a' + 10);
	}
	return v;
}

static bool is_escape(const uint8_t *p, const uint8_t *end)
{
	return end - p >= 6 && p[0] == '\\' && p[1] == 'u';
}

/* Copy the backslash and what it escapes; NUL and half pairs become U+FFFD. Bytes eaten. */
static size_t mend_escape(struct buf *out, const uint8_t *p, const uint8_t *end)
{
	size_t n = end - p >= 2 ? 2 : 1;
	unsigned c;

	if (is_escape(p, end)) {
		n = 6;
		c = hex4(p + 2);
		if (c >= 0xD800 && c < 0xDC00 && is_escape(p + 6, end) && (hex4(p + 8) & 0xFC00) == 0xDC00) {
			n = 12;
		} else if (c == 0 || (c >= 0xD800 && c < 0xE000)) {
			buf_add_str(out, "\\uFFFD");
			return n;
		}
	}
	buf_add(out, p, n);
	return n;
}

/* Outside strings: NaN, Infinity and -Infinity, which Python writes, become null. Bytes eaten. */
static size_t mend_bare(struct buf *out, const uint8_t *p, const uint8_t *end)
{
	static const char *const bare[] = { "NaN", "Infinity", "-Infinity" };

	for (size_t i = 0; i < sizeof bare / sizeof *bare; i++) {
		struct bytes word = bytes_str(bare[i]);

		if (bytes_start(bytes_of(p, (size_t)(end - p)), word)) {
			buf_add_str(out, "null");
			return word.n;
		}
	}
	buf_add_byte(out, *p);
	return 1;
}

/* A copy of the line with what strict JSON refuses and no article deserves to be
 * lost for replaced. `line` must not lie in out. */
static void mend(struct buf *out, struct bytes line)
{
	struct buf utf8 = BUF_INIT;
	const uint8_t *p, *end;
	bool quoted = false;

	utf8_repair(&utf8, line);
	buf_reset(out);
	for (p = utf8.p, end = p + utf8.n; p < end;) {
		if (*p == '\\') {
			p += mend_escape(out, p, end);
		} else if (*p < 0x20) {
			buf_add_byte(out, ' ');
			p++;
		} else if (!quoted && (*p == 'N' || *p == 'I' || *p == '-')) {
			p += mend_bare(out, p, end);
		} else {
			quoted ^= *p == '"';
			buf_add_byte(out, *p++);
		}
	}
	buf_release(&utf8);
}

/* The parser's message up to the text it quotes, for that may be anything. */
static int refuse(const json_error_t *why, struct err *err)
{
	const char *near = strstr(why->text, " near ");
	int n = near ? (int)(near - why->text) : (int)strlen(why->text);

	if (memory_refused)
		return err_set(err, ERR_INPUT, "a JSON line of far more values than an article has");
	return err_set(err, ERR_INPUT, "not valid JSON: %.*s (column %d)", n, why->text, why->column);
}

/* Parse the line, mended if need be. NULL after filling err. `mended` is scratch. */
static json_t *parse_or_mend(struct bytes line, struct buf *mended, struct err *err)
{
	json_error_t why, again;
	json_t *root = parse(line, 0, &why);

	if (root || memory_refused)
		goto done;
	mend(mended, line);
	root = parse(buf_bytes(mended), 0, &again);
	if (!root && json_error_code(&again) == json_error_numeric_overflow)
		root = parse(buf_bytes(mended), JSON_DECODE_INT_AS_REAL, &again);
done:
	if (!root)
		refuse(&why, err);
	return root;
}

/* ---- values ---- */

static void add_string(struct buf *out, const json_t *v)
{
	buf_add(out, json_string_value(v), json_string_length(v));
}

/* A number as text, integers exactly. One too large to be exact is left out: two
 * articles whose ids became equal would be taken for one. */
static void add_number(struct buf *out, const json_t *v)
{
	double real;

	if (json_is_integer(v)) {
		buf_addf(out, "%" JSON_INTEGER_FORMAT, json_integer_value(v));
		return;
	}
	real = json_real_value(v);
	if (fabs(real) >= 9007199254740992.0)
		return;
	if (real == floor(real))
		buf_addf(out, "%.0f", real);
	else
		buf_addf(out, "%.17g", real);
}

/* A string, a number, or the name of an object; anything else adds nothing. */
static void add_scalar(struct buf *out, const json_t *v)
{
	if (json_is_object(v))
		v = json_object_get(v, "name");
	if (json_is_string(v))
		add_string(out, v);
	else if (json_is_number(v))
		add_number(out, v);
}

static void add_element(struct buf *out, enum field field, const json_t *v)
{
	const char *between = field == RAW_BODY ? "\n\n" : ", ";
	size_t before = out->n, after;

	if (before)
		buf_add_str(out, between);
	after = out->n;
	add_scalar(out, v);
	if (out->n == after && after != before) {
		out->n = before;
		out->p[before] = '\0';
	}
}

/* Tags come as ["a b", "c"], as "a b, c" or as [{"name": "a b"}]. */
static void add_tags(struct buf *out, const json_t *v)
{
	struct buf tag = BUF_INIT;

	if (json_is_array(v)) {
		for (size_t i = 0; i < json_array_size(v); i++) {
			buf_reset(&tag);
			add_scalar(&tag, json_array_get(v, i));
			tags_add(out, "", buf_bytes(&tag));
		}
	} else {
		add_scalar(&tag, v);
		tags_add_list(out, buf_bytes(&tag));
	}
	buf_release(&tag);
}

/* Append v to the field's text. True if that left more than white space. */
static bool add_value(struct buf *out, enum field field, const json_t *v)
{
	buf_reset(out);
	if (field == RAW_TAGS)
		add_tags(out, v);
	else if (json_is_array(v))
		for (size_t i = 0; i < json_array_size(v); i++)
			add_element(out, field, json_array_get(v, i));
	else
		add_scalar(out, v);
	if (bytes_trim(buf_bytes(out)).n)
		return true;
	buf_reset(out);
	return false;
}

/* The member at "a.b": that name itself, or b within a. */
static const json_t *member_at(const json_t *object, const char *path)
{
	const json_t *v = json_object_get(object, path);
	const char *dot;

	while (!v && (dot = strchr(path, '.')) != NULL) {
		object = json_object_getn(object, path, (size_t)(dot - path));
		path = dot + 1;
		v = json_object_get(object, path);
	}
	return v;
}

static void take_field(struct raw_article *raw, enum field field, const json_t *root,
		       const struct field_map *map)
{
	struct buf *out = raw_field(raw, field);

	if (map && map->key[field]) {
		add_value(out, field, member_at(root, map->key[field]));
		return;
	}
	for (const char *const *name = names[field]; *name; name++) {
		const json_t *v = json_object_get(root, *name);

		if (v && add_value(out, field, v))
			return;
	}
}

/* Does the object have a member for title or text, be it an empty one? */
static bool names_text(const json_t *root, const struct field_map *map)
{
	static const enum field fields[] = { RAW_TITLE, RAW_BODY };

	for (size_t i = 0; i < 2; i++) {
		if (map && map->key[fields[i]]) {
			if (member_at(root, map->key[fields[i]]))
				return true;
			continue;
		}
		for (const char *const *name = names[fields[i]]; *name; name++)
			if (json_object_get(root, *name))
				return true;
	}
	return false;
}

/* All fields are there: is it an article? `named`: members for title or text were there. */
static int finish(struct raw_article *raw, bool named, struct err *err)
{
	if (!raw->title.n && !raw->body.n && !(raw->id.n && named))
		return err_set(err, ERR_INPUT,
			       "no title and no text under the names looked for; --map names others");
	raw->first_line_is_title = !raw->title.n && raw->body.n && memchr(raw->body.p, '\n', raw->body.n);
	return 1;
}

static int take_object(struct raw_article *raw, const json_t *root, const struct field_map *map,
		       struct err *err)
{
	if (!json_is_object(root))
		return err_set(err, ERR_INPUT, "a JSON line that is no object");
	for (int f = 0; f < RAW_COUNT; f++)
		take_field(raw, (enum field)f, root, map);
	return finish(raw, names_text(root, map), err);
}

/* ---- flat lines, without a tree ---- */

/* The values of the usual names. */
struct flat_values {
	struct flat_value v[RAW_COUNT][MAX_NAMES];
};

/* Keep a member if its key is a usual name. False if it has been there before. */
static bool keep_member(struct flat_values *values, struct bytes key, const struct flat_value *value)
{
	for (int f = 0; f < RAW_COUNT; f++)
		for (int i = 0; names[f][i]; i++) {
			if (names[f][i][0] != (char)key.p[0] || !bytes_is(key, names[f][i]))
				continue;
			if (values->v[f][i].kind != FLAT_NONE)
				return false;
			values->v[f][i] = *value;
			return true;
		}
	return true;
}

static bool scan_flat(struct bytes line, struct flat_values *values)
{
	struct flat_value value;
	struct flat_json flat;
	struct bytes key;
	int rc;

	memset(values, 0, sizeof *values);
	flat_json_init(&flat, line);
	while ((rc = flat_json_next(&flat, &key, &value)) > 0)
		if (key.n && !keep_member(values, key, &value))
			return false;
	return rc == 0 && utf8_valid(line);
}

/* The first value of the field that holds something, as take_field does it. */
static void take_flat_field(struct raw_article *raw, enum field field, const struct flat_values *values,
			    struct buf *scratch)
{
	struct buf *out = raw_field(raw, field);

	for (int i = 0; names[field][i]; i++) {
		const struct flat_value *value = &values->v[field][i];

		buf_reset(out);
		buf_reset(scratch);
		if (value->kind == FLAT_NONE)
			continue;
		flat_value_add(field == RAW_TAGS ? scratch : out, value);
		tags_add_list(out, buf_bytes(scratch));
		if (bytes_trim(buf_bytes(out)).n)
			return;
	}
	buf_reset(out);
}

/* 1 an article, ERR_INPUT none, 0: the line wants a parser of all JSON. */
static int take_flat(struct raw_article *raw, struct bytes line, struct buf *scratch, struct err *err)
{
	struct flat_values values;
	bool named = false;

	if (!scan_flat(line, &values))
		return 0;
	for (int f = 0; f < RAW_COUNT; f++)
		take_flat_field(raw, (enum field)f, &values, scratch);
	for (int i = 0; i < MAX_NAMES; i++)
		named |= values.v[RAW_TITLE][i].kind || values.v[RAW_BODY][i].kind;
	return finish(raw, named, err);
}

/* ---- the format ---- */

/* '{' of an object, or '[' before one: that is an array, which jsonl_open explains. */
static bool jsonl_recognise(struct bytes start)
{
	if (start.n && start.p[0] == '[') {
		start = bytes_trim(bytes_of(start.p + 1, start.n - 1));
		return start.n >= 2 && start.p[0] == '{' && start.p[1] != '{';
	}
	return start.n && start.p[0] == '{';
}

static void limit_memory(void)
{
	json_set_alloc_funcs(limited_malloc, free);
}

/* JSON that is not one object a line would be refused line by line; say so once. */
static int jsonl_open(struct reader *r, struct err *err)
{
	static pthread_once_t once = PTHREAD_ONCE_INIT;
	struct bytes head, line = BYTES_NONE;
	int rc = input_peek(&r->in, &head, err);

	if (rc < 0)
		return rc;
	while (!line.n && bytes_line(&head, &line))
		line = bytes_trim(line);
	if (line.n && line.p[0] == '[')
		return err_set(err, ERR_INPUT,
			       "a JSON array; one object a line is read (jq -c '.[]' makes that)");
	if (bytes_is(line, "{"))
		return err_set(
			err, ERR_INPUT,
			"a JSON object over several lines; one object a line is read (jq -c . makes that)");
	pthread_once(&once, limit_memory);
	r->in.max_line = JSONL_MAX_LINE;
	return 0;
}

/* A line that is not empty. */
static int jsonl_cut(struct reader *r, struct bytes *line, uint64_t *offset, struct err *err)
{
	int rc;

	do {
		rc = input_line(&r->in, line, err);
		*offset = r->in.line_offset;
		*line = rc == 1 ? bytes_trim(*line) : BYTES_NONE;
	} while (rc == 1 && !line->n);
	return rc;
}

static int jsonl_parse(struct bytes line, const struct field_map *map, struct buf *mended,
		       struct raw_article *raw, struct err *err)
{
	int rc = map ? 0 : take_flat(raw, line, mended, err);
	json_t *root;

	if (rc)
		return rc;
	root = parse_or_mend(line, mended, err);
	if (!root)
		return ERR_INPUT;
	rc = take_object(raw, root, map, err);
	json_decref(root);
	return rc;
}

const struct format format_jsonl = {
	.name = "jsonl",
	.what = "one JSON object a line, under the usual names or those of --map",
	.recognise = jsonl_recognise,
	.open = jsonl_open,
	.cut = jsonl_cut,
	.parse = jsonl_parse,
};
