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

/* First thing in main: remember the program's name; end with a sentence and status 3
 * when memory runs out, and when a file shrinks under its map (SIGBUS). */
void args_begin(const char *program);

/* Print "program: message" to stderr, made safe for a terminal. */
void args_complain(const char *message);

/* Complain, and return the exit status: of an error by its code (2 usage, 5 interrupted,
 * else 3); of a mistake on the command line 2, after naming --help. */
int args_fail(const struct err *err);
int args_usage_error(const char *message);
int args_option_error(int c, char **argv); /* of what getopt_long answered c, ':' or '?', to */

#endif
