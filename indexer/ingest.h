/* indexer/ingest.h - the way in: files to articles to batches (batch.h). */
#ifndef MORGUE_INGEST_H
#define MORGUE_INGEST_H

#include "archive/archive.h"
#include "pipeline.h"
#include "readers/reader.h"
#include "report.h"
#include "walk.h"

#include <signal.h>

#define MEMORY_DEFAULT ((size_t)512 << 20)
#define MEMORY_LEAST   ((size_t)64 << 20)

struct ingest_options {
	const volatile sig_atomic_t *stop; /* set by a signal: give up the open batch */
	unsigned jobs;                     /* threads that prepare articles; 0: as many as there are cores */
	size_t memory;                     /* bytes that the process may take; 0: MEMORY_DEFAULT */
	size_t batch_bytes;                /* for tests; 0: a share of the memory */
};

/* Add every article of the files. 0, ERR_INTERRUPTED, or the error that ended the
 * run; batches committed before stand, and report->count tells of them alone. Rejected
 * input is reported, not an error. A stop is looked for before every article, between
 * its stages and at every term that is sealed; a sealed batch is committed. */
int ingest(struct archive *archive, const struct walk *files, const struct ingest_options *options,
	   struct report *report, struct err *err);

#endif
