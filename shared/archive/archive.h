/* shared/archive/archive.h - an archive on disk: a directory with a catalog, segments
 * and a lock.
 *
 * Reading  one read transaction: begin, then open every segment the catalog
 *          names. A segment that is gone was merged away meanwhile: begin again.
 *          What is mapped stays readable after an unlink.
 * Writing  one writer at a time, by flock on `lock`, held until close. Opening for
 *          writing sweeps what a killed writer left: *.tmp and segments that the
 *          catalog does not name.
 */
#ifndef MORGUE_ARCHIVE_H
#define MORGUE_ARCHIVE_H

#include "archive/text_loader.h"
#include "segment/segment.h"

/* Weight of a word in the headline against one in the body, for new archives;
 * docs/DECISIONS.md has the measurement. Recorded in the archive. */
#define HEADLINE_WEIGHT 3u

struct archive {
	char *path;
	struct catalog *catalog;
	struct text_loader texts;
	int lock; /* descriptor of the lock file, -1 when reading */
	const struct catalog_conversion
		*upgrade;         /* NULL, or archive_open_upgrade: it may be of an older version */
	bool texts_only;          /* archive_open_texts */
	struct buf language;      /* libstemmer's name, fixed when the archive is made */
	uint32_t headline_weight; /* H, likewise */
	enum text_store store;    /* how new texts are compressed */
	struct segment *segments; /* when reading */
	size_t nsegments;
	int64_t version;       /* of the catalog that named them: catalog_data_version */
	uint64_t ndocs, words; /* of the docs that live in all segments: N and the sum of lengths */
	bool tail_untidy;      /* when writing: the open transaction took articles out of the tail */
	struct kills *kills;   /* when writing: docs that the open transaction kills, kill.c; else NULL */
};

/* Open for reading, in a read transaction. ERR_NOT_FOUND: no archive there. */
int archive_open_read(struct archive *a, const char *path, struct err *err);

/* The same, a quarter quicker where the archive is at rest: its catalog is then read without locks
 * (catalog_open_unlocked). What was read is good once archive_settle answers 0: to be asked before
 * anything of it is shown. 1: somebody wrote meanwhile, and the archive has been opened anew:
 * read again what is needed. */
int archive_open_unlocked(struct archive *a, const char *path, struct err *err);
int archive_settle(struct archive *a, struct err *err);

/* archive_open_unlocked without segments: enough to read articles, whatever the index is like. */
int archive_open_texts(struct archive *a, const char *path, struct err *err);

/* Between two questions of one reader. Paused, it holds no transaction: SQLite waits for
 * nobody who waits for a person or a pipe. Resumed, it sees what has been committed since;
 * segments stay open unless there is something. After an error only close. */
int archive_pause(struct archive *a, struct err *err);
int archive_resume(struct archive *a, struct err *err);

/* An article and its text: 1 got it, 0 no such article. All of it is borrowed until the next
 * call for an article. */
int archive_article(struct archive *a, int64_t number, struct catalog_article *row, struct err *err);

/* The same of that of its texts which has this number: 0 there is no such article, or no such text of it. */
int archive_revision(struct archive *a, int64_t number, int64_t revision, struct catalog_article *row,
		     struct err *err);

/* What the index holds of such an article beside its words: field_terms into out (replaced). */
void archive_fields(const struct catalog_article *row, struct buf *out);

/* What an archive is made with. Language and weight are fixed then: asked of one that is
 * there, each that is set must agree with it. `store` changes it for texts to come. */
struct archive_settings {
	const char *language;     /* libstemmer's name; NULL: English */
	uint32_t headline_weight; /* 1 to HEADLINE_WEIGHT_MAX; 0: HEADLINE_WEIGHT */
	enum text_store store;    /* STORE_UNSAID: STORE_FAST */
};

#define HEADLINE_WEIGHT_MAX 100u

/* Open for writing; made if it is not there, unless `wanted` is NULL. An archive made with
 * other settings than asked for is ERR_USAGE, one that another writer holds ERR_LOCKED. */
int archive_open_write(struct archive *a, const char *path, const struct archive_settings *wanted,
		       struct err *err);

/* A transaction in which articles are killed, or may be: these, not catalog_begin and its like.
 * A segment of which no doc lives any more goes with the commit. */
int archive_begin(struct archive *a, struct err *err);
int archive_commit(struct archive *a, struct err *err);
int archive_rollback(struct archive *a, struct err *err); /* without a transaction too */

/* The doc of article `number` is dead from the commit on: the article is removed, or gets a newer
 * text, which another segment or the tail indexes. To be called before its row changes or goes: date and
 * length come from there. 1 done, 0 neither a committed segment nor the tail has it. Cost: a binary
 * search in each segment; at the commit, the lists of dead docs of the segments concerned. */
int archive_kill(struct archive *a, int64_t number, struct err *err);

/* Open for writing one that may be of an older version. Its catalog is this version's then
 * (catalog_upgrade), with the texts that the conversion, which is borrowed, made; whoever opens it so makes all segments anew and calls
 * archive_set_analyzer in the transaction that names them. */
int archive_open_upgrade(struct archive *a, const char *path, const struct catalog_conversion *conversion,
			 struct err *err);
int archive_set_analyzer(struct archive *a, struct err *err);

/* Write a segment file under the next id, durably; `s` gets id, docs, words, bytes.
 * It belongs to the archive once the catalog names it in a commit. */
int archive_write_segment(struct archive *a, const struct segment_parts *parts, struct catalog_segment *s,
			  struct err *err);

/* Open one segment of an archive that is open for writing, as the catalog's row says. */
int archive_open_segment(const struct archive *a, const struct catalog_segment *row, struct segment *s,
			 struct err *err);

/* Between two terms: move what the parts hold to temporary files in the archive, if it is much. */
int archive_spill(const struct archive *a, struct segment_parts *parts, struct err *err);

/* Commit the parts as one segment in place of `old`, then remove the files of those. On an
 * error before the commit everything is as it was. `by` gets what the catalog says of it. */
int archive_replace_segments(struct archive *a, const struct catalog_segment *old, size_t n,
			     const struct segment_parts *parts, struct catalog_segment *by, struct err *err);

/* Remove a segment file that no commit has been tried for, or that none names any more. */
void archive_drop_segment(struct archive *a, int64_t id);

/* Bytes of catalog and segments on disk. */
int archive_sizes(const struct archive *a, uint64_t *catalog, uint64_t *segments, struct err *err);

/* Make the names in a directory durable; or its own name, which is left to the directory above
 * where that may not be opened. */
int archive_sync_directory(const char *path, struct err *err);
int archive_sync_parent(const char *path, struct err *err);

/* Is a log left beside the closed archive? Then what a failed commit wrote into it may
 * yet count: who opens the archive next finds out. */
bool archive_has_log(const char *path);

void archive_close(struct archive *a); /* twice is fine */

#endif
