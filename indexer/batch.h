/* indexer/batch.h - articles into the archive, in batches: what stands between an article
 * that was extracted and a commit.
 *
 * Shape   a batch is what fits its budget of memory: one segment and one transaction. It
 *         is in the archive whole or not at all (docs/FORMAT.md, "Commit"). The first
 *         article that is added opens one, and the one that fills it commits it.
 * Errors  any error ends the run: batch_give_up, then release. Batches committed before
 *         stand, and report->count tells of them alone.
 *
 *	if ((rc = batch_init(&b, archive, stop, bytes, words, report, err)) == 0)
 *		while (next(&arrival) && (rc = batch_add(&b, &arrival, err)) == 0)
 *			;
 *	if (rc == 0)
 *		rc = batch_end(&b, err);
 *	if (rc < 0)
 *		batch_give_up(&b);
 *	batch_release(&b);
 */
#ifndef MORGUE_BATCH_H
#define MORGUE_BATCH_H

#include "archive/archive.h"
#include "prepare.h"
#include "recognise.h"
#include "report.h"
#include "segment/invert.h"
#include "shelve.h"

#include <signal.h>

struct batch {
	struct archive *archive;           /* borrowed, open for writing */
	struct report *report;             /* borrowed */
	const volatile sig_atomic_t *stop; /* set by a signal: give up the open batch */
	size_t bytes;                      /* the memory at which it is sealed */
	unsigned jobs;                     /* threads that seal it; 0: the caller alone */
	struct preparer preparer;          /* for what arrives unprepared */
	struct recogniser recogniser;
	struct shelver shelver;
	struct inverter inverter;
	struct buf furniture;        /* scratch: ranges as they are stored */
	uint64_t file;               /* the file that .origin is of */
	int64_t origin;              /* its id in the catalog, from its first article on */
	bool open;                   /* articles are in a transaction */
	int64_t seq;                 /* its commit number */
	struct report_counts before; /* the counts when it was opened, restored if it is given up */
	double began;                /* the clock when it was opened */
	unsigned known;              /* articles in a row, the last ones, that were there already */
};

/* Sealed at so many bytes of inverted articles, with so many of words remembered: more of the
 * first means fewer segments. 0 or negative; release it whatever the outcome. */
int batch_init(struct batch *b, struct archive *archive, const volatile sig_atomic_t *stop, size_t bytes,
	       size_t words, struct report *report, struct err *err);
void batch_release(struct batch *b);

/* Recognise, store and invert what has arrived, which is prepared here as far as it is not;
 * tell of what was rejected. Commits when the batch is full. 0 or negative. */
int batch_add(struct batch *b, struct arrival *a, struct err *err);

/* All articles of the arrival's file have been added or were there: what has this state need not be
 * read again, once the open batch is committed. 0 or negative. */
int batch_end_file(struct batch *b, const struct arrival *a, const struct file_state *state, struct err *err);

/* Seal what is gathered and commit it with its articles, if there is any. A stop is looked
 * for at every term; what has been sealed is committed. */
int batch_end(struct batch *b, struct err *err);

/* Forget the open batch: as if its articles had never been read. */
void batch_give_up(struct batch *b);

#endif
