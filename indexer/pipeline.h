/* indexer/pipeline.h - arrivals read and prepared by several threads, handed out in the
 * order of the files.
 *
 * Shape   a ring of arrivals. A worker takes the next place in the ring and the next
 *         record of the intake, one worker at a time, so that places are in the order of
 *         the intake; then it prepares the arrival by itself. The caller, who has the
 *         catalog, takes them out from the front. Where the first one is not ready yet the
 *         caller is a worker itself: with N workers N threads are busy, and none waits for
 *         another while there is something to do. What comes out is the same for any N.
 * Bounds  workers wait when the ring is full, or when the records in it have more than
 *         .most bytes; one record of any size always passes.
 * Thread  open, next, done, set_storing and close by the thread that made it. Signals
 *         that end a run are blocked in the other workers, so that they reach that thread.
 * Cost    a lock, uncontended as a rule, four times an arrival.
 *
 *	if ((rc = pipeline_open(&p, &settings, err)) == 0) {
 *		while ((rc = pipeline_next(p, &arrival, err)) > 0) {
 *			use(arrival);
 *			pipeline_done(p);
 *		}
 *		pipeline_close(p);
 *	}
 */
#ifndef MORGUE_PIPELINE_H
#define MORGUE_PIPELINE_H

#include "prepare.h"
#include "intake.h"

struct pipeline;

struct pipeline_settings {
	unsigned workers;       /* from 1 to WORKERS_MAX, the caller among them */
	size_t most;            /* bytes of records that are under way */
	const char *language;   /* for their analyzers */
	size_t longest;         /* bytes that an article may have */
	size_t memory;          /* of words that each remembers, in bytes */
	size_t places;          /* bytes that all places together may keep for their next articles */
	struct storing storing; /* how texts are stored at first */
	const volatile sig_atomic_t *stop; /* come to an end */
	struct intake *intake;             /* borrowed; of nobody else's concern until closed */
};

#define WORKERS_MAX 256u

/* 0 or negative; then there is nothing to close. */
int pipeline_open(struct pipeline **p, const struct pipeline_settings *settings, struct err *err);

/* The next arrival, prepared or not (batch_add does the rest), lent until pipeline_done: 1 got one, 0 there are no more, negative the
 * error that ended the intake, or ERR_INTERRUPTED. */
int pipeline_next(struct pipeline *p, struct arrival **a, struct err *err);
void pipeline_done(struct pipeline *p);

/* How texts are stored from now on. Those that are under way may still be compressed for what
 * was before: prepare_rest mends that. */
void pipeline_set_storing(struct pipeline *p, const struct storing *storing);

/* Are articles likely to be in the archive already? Then workers extract and no more. */
void pipeline_expect_known(struct pipeline *p, bool known);

/* Stop the workers, wherever they are, and join them. NULL is fine. */
void pipeline_close(struct pipeline *p);

#endif
