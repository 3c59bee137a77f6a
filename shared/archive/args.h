/* shared/archive/args.h - what both command lines share. */
#ifndef MORGUE_ARGS_H
#define MORGUE_ARGS_H

#include "base/err.h"

#define MORGUE_VERSION "0.1.0"

struct args {
	int n;
	char **v;
};

/* The archive a command works on: `option` (-a DIR) if given, else $MORGUE, else
 * the first word of `args`, which is then taken off. NULL if there is none. */
const char *args_archive(struct args *args, const char *option);

/* Exit status of an error code, the same for both programs: 2 usage, 3 archive, 5 interrupted. */
int args_exit_status(int code);

/* Print "program: message" to stderr, made safe for a terminal,. */
void args_complain(const char *program, const char *message);

/* For main: end with a sentence and status 3 when memory runs out, and when a file
 * shrinks under its map (SIGBUS). */
void args_guard(const char *program);

#endif
