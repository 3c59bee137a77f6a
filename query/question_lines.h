/* query/question_lines.h - the questions of a batch, one a line, from a file or a pipe.
 *
 * Shape   a line is a question, or a name, a tab and a question: what follows the first
 *         tab is the question. It ends with LF or CR LF, the last one perhaps with the
 *         file. A line of white space is passed over, and so is a byte order mark at the
 *         beginning. Nothing is a comment.
 * Limit   QUESTION_LINE_MAX bytes without the line end; of a longer line the rest is read
 *         and not kept.
 * Waits   only for the line it is asked for: what a pipe has delivered is used first.
 * Owner   a question's text and name belong to the reader until the next call.
 *
 *	while ((got = question_lines_next(&lines, &question, &err)) != 0)
 *		...
 */
#ifndef MORGUE_QUESTION_LINES_H
#define MORGUE_QUESTION_LINES_H

#include "search.h"

#include <stdio.h>

#define QUESTION_LINE_MAX (128u << 10) /* bytes: what Linux lets one argument of a command hold */

struct question_lines {
	const char *path; /* borrowed */
	FILE *in;
	uint64_t number; /* of the last line read, blank ones counted */
	struct buf line;
};

/* "-" is standard input. 0 or ERR_IO. */
int question_lines_open(struct question_lines *l, const char *path, struct err *err);

/* 1 got one, 0 the end; ERR_LIMIT: the line is too long, *q is its beginning; ERR_IO: it
 * cannot be read. */
int question_lines_next(struct question_lines *l, struct question *q, struct err *err);
void question_lines_close(struct question_lines *l); /* twice is fine */

#endif
