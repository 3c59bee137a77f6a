/* shared/archive/args.h - what both command lines share. */
#ifndef MORGUE_ARGS_H
#define MORGUE_ARGS_H

#include "base/err.h"

#define MORGUE_VERSION "0.1.0" /* the Makefile reads it here */

struct args {
	int n;
	char **v;
};

/* The archive a command works on: `option` (-a DIR) if given, else $MORGUE, else
 * the first word of `args`, which is then taken off. NULL if there is none. */
const char *args_archive(struct args *args, const char *option);

enum program { PROGRAM_INDEXER, PROGRAM_QUERY, PROGRAM_GENERATE };

/* First thing in main: which program this is, and by what name it was called, the last
 * part of `argv0`; trace if MORGUE_TRACE asks (base/trace.h); end with a sentence and
 * status 3 when memory runs out, and when a file shrinks under its map (SIGBUS). */
void args_begin(enum program self, const char *argv0);

/* What a message should call a program. This one: as it was called. The other: likewise,
 * "morgue-indexer" in what was called morgue-query; else "indexer" or "query". */
const char *args_name(enum program program);

/* Print to stdout the program's name and version, then, a line each, those of the formats
 * that it reads and of the libraries that it runs with (docs/OUTPUT.md). A program that
 * runs with more libraries prints theirs after it. */
void args_version(void);

/* Print "program: message" to stderr, made safe for a terminal. */
void args_complain(const char *message);

/* The exit status of an error: 2 usage, 5 interrupted, else 3. */
int args_status(const struct err *err);

/* Complain, and return the exit status: of an error as above, after a line that says what
 * to do about it where the code alone tells; of a mistake on the command line 2, after
 * naming --help. */
int args_fail(const struct err *err);
int args_usage_error(const char *message);

/* The same of what getopt_long answered c, ':' or '?', to; names the option of `known`
 * that was meant, if one is near. */
struct option;
int args_option_error(int c, char **argv, const struct option *known);

#endif
