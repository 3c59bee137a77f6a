/* shared/archive/help.h - what `--help` and `help TOPIC` print.
 *
 * The texts are files, <program>/help/TOPIC.txt, turned into an array by the Makefile.
 * A file's first line says what it is about; usage.txt is what --help prints. The words
 * query and indexer in them are the programs, and printed as these are called (args_name);
 * "query" in double quotes is itself.
 */
#ifndef MORGUE_HELP_H
#define MORGUE_HELP_H

struct help_topic {
	const char *name, *text; /* the last one's name is NULL */
};

extern const struct help_topic help_topics[]; /* of this program */

int help_usage(const struct help_topic *topics); /* exit status 0 */

/* Print the texts of the topics named, or the list of them all; the exit status. */
int help(const struct help_topic *topics, int n, char **names);

#endif
