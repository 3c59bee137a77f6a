/* indexer/intake.h - the records of many files, one after the other.
 *
 * Shape   each call gives one arrival: a record that was cut out of its file, what of
 *         the files cannot be used and why, or that a file has been read to its end. What
 *         is costly is left to prepare.h.
 * Thread  one thread at a time, any thread.
 * Errors  what is rejected is an arrival; an error ends the run.
 */
#ifndef MORGUE_INTAKE_H
#define MORGUE_INTAKE_H

#include "arrival.h"
#include "walk.h"

#include <signal.h>
#include <stdatomic.h>

struct intake {
	const struct walk *files;          /* borrowed */
	const volatile sig_atomic_t *stop; /* come to an end: either may be NULL */
	const atomic_bool *halt;
	size_t longest;   /* bytes that an article may have */
	size_t next;      /* file to be opened */
	bool open, ended; /* a file is; it has been read to its end */
	struct reader reader;
	uint64_t consumed; /* bytes of the files before */
	struct buf name, scratch;
	int64_t place; /* of the open file, as is .name: arrival.h */
};

/* 1 got one, 0 all files are read, negative: ERR_INTERRUPTED when told to stop. A call that
 * waits for input is disturbed by a signal whose handler does not restart it. */
int intake_next(struct intake *s, struct arrival *a, struct err *err);

/* May the next call wait for somebody? Then it reads no regular file: a pipe, a terminal. */
bool intake_may_wait(const struct intake *s);

void intake_close(struct intake *s); /* twice is fine */

#endif
