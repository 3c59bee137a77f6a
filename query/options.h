/* query/options.h - the command line of query. */
#ifndef MORGUE_OPTIONS_H
#define MORGUE_OPTIONS_H

#include "search.h"
#include "show.h"

#include <getopt.h>

struct options {
	const char *archive;
	struct search_options search;
	const char *color; /* auto, always, never; NULL: auto */
	const char *batch; /* file of questions; NULL: the words are one */
	struct show_options show;
};

extern const struct option search_known[], show_known[], suggest_known[];

/* Read them; an exit status if the program is to end, help being given or an error said,
 * or -1. `letters` as getopt_long has them. */
int parse_options(int argc, char **argv, const char *letters, const struct option *known, struct options *o);

/* An article's number, with or without the # that hits are printed with. */
bool parse_number(const char *text, uint64_t *number);

#endif
