/* shared/archive/catalog.h - catalog.db, the truth of an archive: every article, where
 * it came from, and which segments index them.
 *
 * Shape   tables and columns: docs/FORMAT.md, "Catalog".
 * Owner   text in a struct catalog_article belongs to the catalog until the next
 *         call that returns one.
 * Errors  any answer of SQLite but success is ERR_IO (or ERR_CORRUPT, ERR_LOCKED)
 *         with SQLite's words.
 * Files   catalog.c opens, commits and keeps the settings; catalog_articles.c,
 *         catalog_origins.c, catalog_remove.c, catalog_segments.c and catalog_texts.c keep their tables,
 *         all by statements.h; catalog_care.h checks and copies it.
 * Safety  every value is a bound parameter. WAL; synchronous=FULL: what was
 *         committed survives power loss.
 */
#ifndef MORGUE_CATALOG_H
#define MORGUE_CATALOG_H

#include "archive/texts.h"
#include "base/buf.h"
#include "base/err.h"
#include "base/file_state.h"

#include <signal.h>

#define CATALOG_VERSION 4

struct catalog;

/* What stores the texts of a catalog of an older version as this version does. Those are in formats that
 * only the indexer knows. 0 or negative; `texts` runs in the transaction that does the rest. */
struct catalog_conversion {
	int (*texts)(const struct catalog_conversion *self, struct catalog *c, struct err *err);
	const char *path;                  /* of the archive, for the sentences */
	const volatile sig_atomic_t *stop; /* come to an end */
};

/* Open for reading; where the medium or directory cannot be written, too. */
int catalog_open_read(struct catalog **c, const char *path, struct err *err);
/* The same; but a file at rest, that is without a log and last written some seconds ago, is read
 * as it stands, without locks, and SQLite makes no file beside it. */
int catalog_open_unlocked(struct catalog **c, const char *path, struct err *err);
/* Open for writing; creates file and tables if they are not there, for an archive that is to
 * be stored so. With a conversion, which else is NULL, one of an older version is brought up to date first.
 * The caller holds the archive's lock. */
int catalog_open_write(struct catalog **c, const char *path, enum text_store store,
		       const struct catalog_conversion *conversion, struct err *err);
void catalog_close(struct catalog *c); /* ends a transaction without committing; NULL is fine */

int catalog_begin_read(struct catalog *c, struct err *err);
int catalog_end_read(struct catalog *c, struct err *err);
/* In a read transaction: a number that is another one as soon as others have committed. */
int catalog_data_version(struct catalog *c, int64_t *version, struct err *err);
/* Has a file that is read without locks, at rest or where nothing can be written, been written by
 * someone? Then what it said is not to be trusted: open it again. To be asked after reading. */
bool catalog_is_stale(const struct catalog *c);
int catalog_begin(struct catalog *c, struct err *err);
int catalog_commit(struct catalog *c, struct err *err);
int catalog_rollback(struct catalog *c, struct err *err);

/* Write what the open transaction has changed to the WAL, and that to the disk, so that catalog_commit has
 * little left to do. By any thread, while no other uses the catalog. What fails is left to the commit. */
void catalog_write_ahead(struct catalog *c);

/* Fold the WAL into the file: as far as readers let it, so that the next batch begins at
 * the WAL's front again; or all of it, waiting for readers, and truncate it. */
int catalog_fold(struct catalog *c, struct err *err);
int catalog_checkpoint(struct catalog *c, struct err *err);

/* Bytes of pages kept in memory by one that writes; CATALOG_MEMORY at first. */
#define CATALOG_MEMORY ((size_t)64 << 20)
int catalog_limit_memory(struct catalog *c, size_t bytes, struct err *err);

/* Is there a WAL with something in it beside the catalog at `path`? */
bool catalog_has_log(const char *path);

/* A setting's text into out: 1 there, 0 not set. */
int catalog_get(struct catalog *c, const char *name, struct buf *out, struct err *err);
int catalog_set(struct catalog *c, const char *name, const char *value, struct err *err);

struct catalog_article {
	int64_t number; /* given by the archive, from 1, never used again */
	int64_t seq;    /* commit it came with */
	int64_t revision, story;
	int64_t source; /* id; source_name on reading */
	struct bytes source_name;
	int64_t origin, offset; /* file id and byte in it; path on reading */
	struct bytes path;
	int64_t date;     /* civil seconds or CIVIL_NONE */
	char precision;   /* 'y' 'm' 'd' 't' 's', 0 */
	int method, zone; /* how the date was found; minutes east of UTC or CATALOG_NO_ZONE */
	struct bytes title;
	int64_t words, headline; /* true length, words of it in the headline */
	int64_t size;            /* bytes of the text */
	struct bytes frame;      /* the text, compressed (texts.h) */
	struct bytes furniture;  /* varints: gap to, and length of, each range of the body */
	struct text_fields text; /* what the frame holds; filled by text_loader.h alone */
};

#define CATALOG_NO_ZONE 9999

/* Insert, findable by this hash of what makes it the same article; *number gets its new
 * number. */
int catalog_add_article(struct catalog *c, const struct catalog_article *a, uint32_t identity,
			int64_t *number, struct err *err);

/* Another hash to find it by. Has it this one? 1 yes, 0 no; the row that was given last is gone. */
int catalog_add_identity(struct catalog *c, uint32_t hash, int64_t number, struct err *err);
int catalog_clear_identities(struct catalog *c, struct err *err); /* of all articles */
int catalog_has_identity(struct catalog *c, uint32_t hash, int64_t number, struct err *err);

/* Article a->number gets a newer text: what its row is goes to table `revision`. */
int catalog_revise(struct catalog *c, const struct catalog_article *a, struct err *err);

/* The older texts of an article, the oldest first, one a call: start with *after = 0. 1 got one, 0 no more. */
int catalog_next_revision(struct catalog *c, int64_t number, int64_t *after, struct catalog_article *a,
			  struct err *err);

/* 1 got it, 0 no such article. */
int catalog_article(struct catalog *c, int64_t number, struct catalog_article *a, struct err *err);

/* Where its index says that it stands, and how long it is: 1 got it, 0 no such article. */
int catalog_indexed(struct catalog *c, int64_t number, int64_t *date, int64_t *words, struct err *err);

/* Articles with this identity hash, one a call, in order of number: start with
 * *after = 0. 1 got one, 0 no more. */
int catalog_find_identity(struct catalog *c, uint32_t identity, int64_t *after, struct catalog_article *a,
			  struct err *err);

/* The articles in order of number, one a call: start with *after = 0. 1 got one, 0 no more. */
int catalog_next_article(struct catalog *c, int64_t *after, struct catalog_article *a, struct err *err);

/* The sizes of all texts added up. Reads the whole table. */
int catalog_text_bytes(struct catalog *c, int64_t *bytes, struct err *err);

/* Store an article's text anew, of the same size. */
int catalog_set_frame(struct catalog *c, int64_t number, struct bytes frame, struct err *err);

/* Write the catalog anew, without room to spare. Outside of transactions; the disk needs twice
 * its size. */
int catalog_compact(struct catalog *c, struct err *err);

/* A dictionary into out: 1 got it, 0 there is none. An article returned before stays. */
int catalog_dictionary(struct catalog *c, uint32_t name, struct buf *out, struct err *err);
int catalog_newest_dictionary(struct catalog *c, struct buf *out, struct err *err);
int catalog_add_dictionary(struct catalog *c, uint32_t name, int64_t seq, struct bytes dictionary,
			   struct err *err);

/* Store every text anew, densely: `rewrite` turns the frame of a text of `size` bytes into
 * another one. In a transaction; needs memory for all frames. 0, or what rewrite answered. */
typedef int catalog_rewrite(void *context, struct bytes frame, int64_t size, struct buf *out,
			    struct err *err);
int catalog_rewrite_texts(struct catalog *c, catalog_rewrite *rewrite, void *context, struct err *err);

/* The id of a source's name; new if need be. */
int catalog_source_id(struct catalog *c, struct bytes name, int64_t *id, struct err *err);

/* A file that articles came from. */
struct catalog_origin {
	int64_t id;
	bool whole;              /* all of its articles are here, as it was when it had this state */
	struct file_state state; /* size and hash unset if it is not */
};

/* By the number of its place, which is not 0. 1 got it, 0 there is none. */
int catalog_find_origin(struct catalog *c, int64_t place, struct catalog_origin *o, struct err *err);
/* The id of the file at a place, new if need be; always new if place is 0. */
int catalog_origin_id(struct catalog *c, struct bytes path, int64_t place, int64_t *id, struct err *err);
/* All of its articles are here. */
int catalog_set_origin(struct catalog *c, int64_t id, const struct file_state *state, struct err *err);

/* A path that was given to `add`, and how its files are to be read. */
struct catalog_root {
	struct bytes path;        /* absolute */
	struct bytes name;        /* as it was named */
	struct bytes format, map; /* as the options name them; empty: not given */
};

/* In order of path, one a call: start with after = BYTES_NONE. 1 got one, 0 no more. */
int catalog_next_root(struct catalog *c, struct bytes after, struct catalog_root *r, struct err *err);
int catalog_set_root(struct catalog *c, const struct catalog_root *r, struct err *err);
int catalog_remove_root(struct catalog *c, struct bytes path, struct err *err);

int catalog_count_articles(struct catalog *c, int64_t *n, struct err *err);

/* The number of the commit that the open transaction will be. */
int catalog_next_seq(struct catalog *c, int64_t *seq, struct err *err);

struct catalog_segment {
	int64_t id;  /* file name: id in 8 digits, .seg */
	int64_t seq; /* commit that named it */
	int64_t docs, words, bytes;
	int64_t dead, dead_words; /* docs that are no articles any more, and their lengths added up */
};

/* The highest id that was ever committed, 0 if none was. */
int catalog_last_segment(struct catalog *c, int64_t *id, struct err *err);
int catalog_add_segment(struct catalog *c, const struct catalog_segment *s, struct err *err);
int catalog_remove_segment(struct catalog *c, int64_t id, struct err *err);
/* The segments in order of id, one a call: start with *after = 0. 1 got one, 0 no more. */
int catalog_next_segment(struct catalog *c, int64_t *after, struct catalog_segment *s, struct err *err);

/* Which docs of a segment are dead, as dead_docs.h has it: 1 got it, 0 none is. Borrowed. */
int catalog_dead_list(struct catalog *c, int64_t segment, struct bytes *list, struct err *err);
/* The segment's `dead` and `dead_words`, and the list that goes with them. */
int catalog_set_dead(struct catalog *c, const struct catalog_segment *s, struct bytes list, struct err *err);

/* ---- removing; catalog_remove.c ---- */

struct number_list {
	int64_t *v;
	size_t n, cap;
};
void number_list_add(struct number_list *l, int64_t number);
void number_list_settle(struct number_list *l); /* ascending, each once */
void number_list_release(struct number_list *l);

/* Append the numbers of the articles of a source, or of a file or all files below a directory
 * as they were named when added. Both look at every article. */
int catalog_articles_of_source(struct catalog *c, struct bytes name, struct number_list *l, struct err *err);
int catalog_articles_of_path(struct catalog *c, struct bytes path, struct number_list *l, struct err *err);

/* Take an article's row away, and those of its older texts: 1 done, 0 there is none. The files
 * they came from are to be read again: what is known of their state is forgotten. */
int catalog_remove_article(struct catalog *c, int64_t number, struct err *err);
/* Forget what told that an article is one of these. Looks at every article's hash. */
int catalog_forget_identities(struct catalog *c, const struct number_list *l, struct err *err);
/* The texts of all revisions, one a call: start with zeroes. 1 got one, 0 no more. */
int catalog_next_old_text(struct catalog *c, int64_t *article, int64_t *revision, struct catalog_article *a,
			  struct err *err);
int catalog_set_old_frame(struct catalog *c, int64_t article, int64_t revision, struct bytes frame,
			  struct err *err);
/* Remove all dictionaries but the one of this id, of which there may be none; and the names of
 * sources and files that nothing comes from. */
int catalog_keep_dictionary(struct catalog *c, uint32_t id, struct err *err);
int catalog_forget_names(struct catalog *c, struct err *err);
int catalog_count_dictionaries(struct catalog *c, int64_t *n, struct err *err);
/* Give pages back that hold nothing. Outside of a transaction. */
int catalog_shrink(struct catalog *c, struct err *err);

/* Furniture ranges to and from their blob. Decoding checks order and `size`; 0 or ERR_CORRUPT.
 * *ranges grows as MEM_GROW does. */
void furniture_put(struct buf *out, const struct range *ranges, size_t n);
int furniture_get(struct bytes blob, int64_t size, struct range **ranges, size_t *n, size_t *cap);

#endif
