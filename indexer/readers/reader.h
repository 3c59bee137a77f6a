/* indexer/readers/reader.h - articles out of a file, whatever its format.
 *
 * Shape   a format is a row of the table in reader.c and a file of its own:
 *           text     one article a file, optional "Key: value" lines on top
 *           jsonl    one JSON object a line
 *           reuters  Reuters-21578 SGML, many records a file
 *         Without a forced format the first bytes decide, never the name.
 * Owner   a reader owns its input and its format's state; the field map is
 *         borrowed. Articles go into the caller's record, reset each time.
 * Errors  ERR_INPUT of a record rejects one piece and reading goes on; the
 *         sentence says why in words for a person, without path or offset, and
 *         .raw.offset is where the piece starts. Any other error ends the file.
 *         reader_open: ERR_INPUT means the file as a whole is no such input.
 * Cost    memory: one article, whatever the file's size (text: the file, at most
 *         INPUT_MAX_FILE).
 * Thread  one at a time. A record that was cut out may be parsed by another one, while
 *         this one reads on.
 *
 *	if ((rc = reader_open(&r, path, NULL, NULL, err)) < 0)
 *		return rc;
 *	while ((rc = reader_cut(&r, &record, err)) != 0) {
 *		if (rc > 0)
 *			rc = record_parse(&record, &scratch, err);
 *		if (rc == ERR_INPUT)
 *			report(path, record.raw.offset, err);
 *		else if (rc < 0)
 *			break;
 *		else
 *			use(&record.raw);
 *	}
 *	reader_close(&r);
 */
#ifndef MORGUE_READER_H
#define MORGUE_READER_H

#include "article.h"
#include "readers/input.h"

enum field { /* in the order of a raw_article's members */
	     RAW_ID,
	     RAW_TITLE,
	     RAW_DATE,
	     RAW_SOURCE,
	     RAW_AUTHOR,
	     RAW_SECTION,
	     RAW_URL,
	     RAW_LANG,
	     RAW_TAGS,
	     RAW_BODY,
	     RAW_COUNT,
};

struct buf *raw_field(struct raw_article *a, enum field f);

/* Append tags: "politics, world news" gives "politics world-news" (commas part
 * tags, spaces within one become '-'); without commas spaces part tags. */
void tags_add_list(struct buf *tags, struct bytes list);
/* Append one tag, "topic:" and the like before it if `kind` is not "". */
void tags_add(struct buf *tags, const char *kind, struct bytes tag);

/* The user's --map: where fields lie in that user's JSON. */
struct field_map {
	char *spec;                 /* owned; cut into the strings below */
	const char *key[RAW_COUNT]; /* member name or path "a.b", or NULL: the usual names */
};

/* "title=hed,body=content.text". ERR_USAGE for what is not FIELD=NAME, names no
 * field, or names one twice. Release the map whatever the outcome. */
int field_map_parse(struct field_map *map, const char *spec, struct err *err);
void field_map_release(struct field_map *map);

struct reader;

/* One article's bytes, cut out of its file. */
struct record {
	const struct format *format;
	const struct field_map *map; /* borrowed from the reader */
	struct buf bytes;            /* to be parsed, if the format does that apart */
	struct raw_article raw;      /* its offset is there from the first */
};

void record_release(struct record *record);

struct format {
	const char *name;                               /* for --format */
	const char *what;                               /* one phrase for the help */
	bool (*recognise)(struct bytes start);          /* bytes after BOM and white space; NULL: takes all */
	int (*open)(struct reader *r, struct err *err); /* may be NULL */
	int (*next)(struct reader *r, struct raw_article *raw, struct err *err);
	/* Or, where parsing is what costs: cut the next record out, as one piece, at *offset ... */
	int (*cut)(struct reader *r, struct bytes *record, uint64_t *offset, struct err *err);
	/* ... and make an article of it. Any thread; `scratch` is its own. 1, or ERR_INPUT. */
	int (*parse)(struct bytes record, const struct field_map *map, struct buf *scratch,
		     struct raw_article *raw, struct err *err);
	void (*close)(struct reader *r); /* may be NULL; also called after a failed open */
};

extern const struct format format_text, format_jsonl, format_reuters;

const struct format *format_by_name(const char *name); /* NULL: no such format */
const char *format_names(void);                        /* "text, jsonl, reuters" */
/* By a name that a user wrote: 0 or ERR_USAGE. */
int format_parse(const char *name, const struct format **format, struct err *err);

struct reader {
	struct input in;
	const struct format *format;
	const struct field_map *map; /* borrowed; NULL: the usual names */
	void *state;                 /* the format's own */
};

/* `force` NULL: recognise. `map` NULL: usual names. On error the reader is closed. */
int reader_open(struct reader *r, const char *path, const struct format *force, const struct field_map *map,
		struct err *err);

/* The next record: 1 got one, 0 end, negative an error (see above). */
int reader_cut(struct reader *r, struct record *record, struct err *err);

/* Make of it the article in record->raw: 0, or ERR_INPUT as above. `scratch` is the thread's own. */
int record_parse(struct record *record, struct buf *scratch, struct err *err);

void reader_close(struct reader *r); /* twice is fine */

#endif
