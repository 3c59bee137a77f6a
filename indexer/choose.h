/* indexer/choose.h - which articles a command means: numbers, or what they have in common.
 *
 * Owner   the lists are the caller's.
 * Cost    a source or a path: a look at every article; a question: that of asking it.
 */
#ifndef MORGUE_CHOOSE_H
#define MORGUE_CHOOSE_H

#include "archive/archive.h"
#include "archive/args.h"

/* Read numbers, "17" or "#17", from the words; "-" stands for those on standard input, separated
 * by white space. 0, or ERR_USAGE: it names what is no number. */
int choose_numbers(struct args words, struct number_list *l, struct err *err);

/* One of these, the others NULL. */
struct choice {
	const char *source, *path, *query;
};

/* Append the numbers it means; all NULL: none. A question is put to `query`, the program beside
 * this one, which says itself what is wrong with it: ERR_USAGE then. */
int choose_articles(struct archive *a, const struct choice *choice, struct number_list *l, struct err *err);

#endif
