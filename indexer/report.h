/* indexer/report.h - what a run of the indexer tells the person at the terminal.
 *
 * Everything goes to one stream (standard error); text from files is made safe to
 * print. A progress line appears on a terminal only.
 */
#ifndef MORGUE_REPORT_H
#define MORGUE_REPORT_H

#include "base/buf.h"

#include <stdio.h>

struct report {
	FILE *to;
	bool terminal, quiet;
	double start, shown; /* seconds of the monotonic clock: of the run, of the last progress line */
	uint64_t total;      /* bytes of all files on disk, 0 unknown */
	uint64_t done_files; /* bytes of the files finished */
	uint64_t raw;        /* bytes read, decompressed */
	uint64_t text;       /* bytes of title and body added */
	uint64_t added, known, changed, rejected, repaired;
	uint64_t dated, dated_by_path;
	uint64_t furniture; /* articles with page furniture */
	struct buf line;
};

void report_start(struct report *r, FILE *to, bool quiet, uint64_t total);
void report_release(struct report *r);

/* A piece of input, or a place, that could not be used. `offset` < 0: the file as a whole. */
void report_rejected(struct report *r, const char *path, int64_t offset, const char *reason);

/* Something worth knowing about a piece of input that was used all the same. */
void report_note(struct report *r, const char *path, int64_t offset, const char *note);

/* Show progress, if it is time to; `consumed` bytes of the current file are read. */
void report_progress(struct report *r, uint64_t consumed);

/* The table at the end. Sizes in bytes. */
void report_end(struct report *r, uint64_t articles, uint64_t catalog, uint64_t segments,
		const char *archive);

/* n with thousands separators, "21,578", into out (32 bytes); returns out. */
const char *report_number(char out[32], uint64_t n);

#endif
