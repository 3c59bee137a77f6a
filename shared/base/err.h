/* shared/base/err.h - errors: a code to branch on and a sentence for a person.
 *
 * Rule    Cold calls return 0 or a negative code and fill a `struct err` that
 *         lives on the caller's stack; iterators return 1 for "got one", 0 for
 *         "end", negative for an error. Only the two main.c print.
 * Memory  Running out of memory is not an error code: see mem.h.
 */
#ifndef MORGUE_ERR_H
#define MORGUE_ERR_H

enum {
	ERR_IO = -1,          /* the system refused: open, read, write, sync */
	ERR_CORRUPT = -2,     /* bytes on disk are not what was written */
	ERR_VERSION = -3,     /* written by another version of the format */
	ERR_NOT_FOUND = -4,   /* no such archive, article or term */
	ERR_LOCKED = -5,      /* another writer holds the archive */
	ERR_USAGE = -6,       /* the caller's words are off */
	ERR_INPUT = -7,       /* this piece of input cannot be an article */
	ERR_INTERRUPTED = -8, /* the user asked to stop */
	ERR_LIMIT = -9,       /* a documented limit is exceeded */
};

struct err {
	int code;
	char msg[4608]; /* a path of 4096 bytes and a sentence about it */
};

/* Set code and message, return code. `e` may be NULL. */
int err_set(struct err *e, int code, const char *fmt, ...) __attribute__((format(printf, 3, 4)));

/* As err_set with ERR_IO, and ": " strerror(errno) appended, with what to do about it
 * where that can be said. Out of memory ends the process (mem.h). */
int err_errno(struct err *e, const char *fmt, ...) __attribute__((format(printf, 2, 3)));

/* ERR_INTERRUPTED, in the words of whatever was told to stop. */
int err_stopped(struct err *e);

/* "; what to do" when the system answers so; "" if there is nothing to say. */
const char *errno_way_out(int error);

#endif
