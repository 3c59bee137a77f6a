/* indexer/report.h - what a run of the indexer tells: the person at the terminal, and
 * the file that collects what was rejected.
 *
 * Terminal  one stream (standard error); text from files is made safe to print. A
 *           progress line appears on a terminal only.
 * File      JSON lines (docs/OUTPUT.md, "indexer add --errors"), each written out at
 *           once, so that it can be read to its end however the run ends.
 */
#ifndef MORGUE_REPORT_H
#define MORGUE_REPORT_H

#include "base/buf.h"
#include "base/err.h"

#include <stdio.h>

#define ERRORS_FORMAT_VERSION 1 /* of the JSON lines */

/* What a batch that is given up takes back. */
struct report_counts {
	uint64_t added, known, repaired;
	uint64_t changed; /* articles that were there and have a newer text now; not in `added` */
	uint64_t dated, dated_by_path;
	uint64_t furniture; /* articles with page furniture */
	uint64_t text;      /* bytes of title and body added */
};

struct report {
	FILE *to;
	bool terminal, quiet, showing; /* a progress line is there now */
	double start, shown; /* seconds of the monotonic clock: of the run, of the last progress line */
	uint64_t total;      /* bytes of all files on disk, 0 unknown */
	uint64_t done_files; /* bytes of the files finished */
	uint64_t raw;        /* bytes read, decompressed */
	uint64_t rejected;
	uint64_t unchanged; /* files that were not read again */
	struct report_counts count;
	uint64_t unsure; /* articles whose commit failed: whether they are in, the next reader finds out */
	FILE *errors;    /* NULL: not collected */
	const char *errors_path;
	bool errors_failed; /* it could not be written; said when it happened */
	struct buf line;
};

/* Articles whose text was taken. */
static inline uint64_t report_taken(const struct report_counts *c)
{
	return c->added + c->changed;
}

void report_start(struct report *r, FILE *to, bool quiet);
void report_release(struct report *r);

/* Collect what is rejected in the file at `path`, which is emptied; "-" is standard
 * output. 0 or ERR_USAGE. */
int report_collect(struct report *r, const char *path, struct err *err);

/* A piece of input, or a place, that could not be used. `offset` < 0: the file as a whole. */
void report_rejected(struct report *r, const char *path, int64_t offset, const char *reason);

/* Something worth knowing about a piece of input that was used all the same. */
void report_note(struct report *r, const char *path, int64_t offset, const char *note);

/* An article with `n` bytes that are not UTF-8: counted, and a note in the file only. */
void report_repaired(struct report *r, const char *path, int64_t offset, uint64_t n);

/* Show progress, if it is time to; `consumed` bytes of the current file are read. */
void report_progress(struct report *r, uint64_t consumed);

/* The same of other work, since `start`: bytes, or articles, done of all. */
void report_bytes(struct report *r, const char *work, double start, uint64_t done, uint64_t all);
void report_work(struct report *r, const char *work, double start, uint64_t done, uint64_t all);

/* A run that ends with one line: a sentence about the archive. */
void report_one_line(struct report *r, const char *archive, const char *sentence);

/* Remove the progress line, if there is one: before something else is printed there. */
void report_clear(struct report *r);

/* The table at the end. Sizes in bytes. */
void report_end(struct report *r, uint64_t articles, uint64_t catalog, uint64_t segments,
		const char *archive);

/* Close the file, its last line telling how the run ended, `ended` NULL for well.
 * False if a line of it could not be written. */
bool report_close(struct report *r, const struct err *ended);

/* n with thousands separators, "21,578", into out (32 bytes); returns out. */
const char *report_number(char out[32], uint64_t n);

#endif
