/* shared/archive/catalog.h - catalog.db, the truth of an archive: every article, where
 * it came from, and which segments index them.
 *
 * Shape   tables and columns: docs/FORMAT.md, "Catalog".
 * Owner   text in a struct catalog_article belongs to the catalog until the next
 *         call that returns one.
 * Errors  any answer of SQLite but success is ERR_IO (or ERR_CORRUPT, ERR_LOCKED)
 *         with SQLite's words.
 * Safety  every value is a bound parameter. WAL; synchronous=FULL: what was
 *         committed survives power loss.
 */
#ifndef MORGUE_CATALOG_H
#define MORGUE_CATALOG_H

#include "base/buf.h"
#include "base/err.h"

#define CATALOG_VERSION 1

struct catalog;

/* Open for reading; where the medium or directory cannot be written, too. */
int catalog_open_read(struct catalog **c, const char *path, struct err *err);
/* Open for writing; creates file and tables if they are not there. The caller
 * holds the archive's lock. */
int catalog_open_write(struct catalog **c, const char *path, struct err *err);
void catalog_close(struct catalog *c); /* ends a transaction without committing; NULL is fine */

int catalog_begin_read(struct catalog *c, struct err *err);
int catalog_end_read(struct catalog *c, struct err *err);
/* In a read transaction: a number that is another one as soon as others have committed. */
int catalog_data_version(struct catalog *c, int64_t *version, struct err *err);
/* Has a file that was opened where nothing can be written been written by someone? Then what
 * it says is not to be trusted: open it again. */
bool catalog_is_stale(const struct catalog *c);
int catalog_begin(struct catalog *c, struct err *err);
int catalog_commit(struct catalog *c, struct err *err);
int catalog_rollback(struct catalog *c, struct err *err);
/* Fold the WAL into the file: as far as readers let it, so that the next batch begins at
 * the WAL's front again; or all of it, waiting for readers, and truncate it. */
int catalog_fold(struct catalog *c, struct err *err);
int catalog_checkpoint(struct catalog *c, struct err *err);

/* Is there a WAL with something in it beside the catalog at `path`? */
bool catalog_has_log(const char *path);

/* A setting's text into out: 1 there, 0 not set. */
int catalog_get(struct catalog *c, const char *name, struct buf *out, struct err *err);
int catalog_set(struct catalog *c, const char *name, const char *value, struct err *err);

struct catalog_article {
	int64_t number; /* given by the archive, from 1, never used again */
	int64_t seq;    /* commit it came with */
	int64_t revision, story;
	struct bytes key;          /* the article's own identifier */
	int64_t identity, content; /* hashes: what makes it the same article, the same text */
	int64_t source;            /* id; source_name on reading */
	struct bytes source_name;
	int64_t origin, offset; /* file id and byte in it; path on reading */
	struct bytes path;
	int64_t date;     /* civil seconds or CIVIL_NONE */
	char precision;   /* 'y' 'm' 'd' 't' 's', 0 */
	int method, zone; /* how the date was found; minutes east of UTC or 9999 */
	struct bytes title, author, section, url, lang, tags;
	int64_t words, headline; /* true length, words of it in the headline */
	int64_t size;            /* bytes of the body, inflated */
	struct bytes body;       /* deflated (bodies.h) */
	struct bytes furniture;  /* varints: gap to, and length of, each range */
};

/* Insert; *number gets the article's new number. */
int catalog_add_article(struct catalog *c, const struct catalog_article *a, int64_t *number, struct err *err);

/* 1 got it, 0 no such article. */
int catalog_article(struct catalog *c, int64_t number, struct catalog_article *a, struct err *err);

/* Articles with this identity hash, one a call, in order of number: start with
 * *after = 0. 1 got one, 0 no more. */
int catalog_find_identity(struct catalog *c, int64_t identity, int64_t *after, struct catalog_article *a,
			  struct err *err);

/* The id of a source's name, of an origin's path; new if need be. */
int catalog_source_id(struct catalog *c, struct bytes name, int64_t *id, struct err *err);
int catalog_origin_id(struct catalog *c, struct bytes path, int64_t *id, struct err *err);

/* The highest number of each, 0 if there is none. */
int catalog_last_seq(struct catalog *c, int64_t *seq, struct err *err);
int catalog_last_segment(struct catalog *c, int64_t *id, struct err *err);
int catalog_count_articles(struct catalog *c, int64_t *n, struct err *err);

struct catalog_segment {
	int64_t id;  /* file name: id in 8 digits, .seg */
	int64_t seq; /* commit that named it */
	int64_t docs, words, bytes;
};

int catalog_add_segment(struct catalog *c, const struct catalog_segment *s, struct err *err);
/* The segments in order of id, one a call: start with *after = 0. 1 got one, 0 no more. */
int catalog_next_segment(struct catalog *c, int64_t *after, struct catalog_segment *s, struct err *err);

/* Furniture ranges to and from their blob. Decoding checks order and `size`; 0 or ERR_CORRUPT.
 * *ranges grows as MEM_GROW does. */
void furniture_put(struct buf *out, const struct range *ranges, size_t n);
int furniture_get(struct bytes blob, int64_t size, struct range **ranges, size_t *n, size_t *cap);

#endif
