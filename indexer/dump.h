/* indexer/dump.h - what the segments of an archive hold, decoded, in the words of docs/FORMAT.md. */
#ifndef MORGUE_DUMP_H
#define MORGUE_DUMP_H

#include "archive/archive.h"

#include <stdio.h>

struct dump_options {
	bool raw;        /* terms are bytes, \xNN for those that cannot be typed */
	bool headline;   /* the stem's headline list; so does "title:" before a term */
	uint64_t blocks; /* most blocks of a list to print */
};

/* Header and sections of each segment to `to`. */
int dump_segments(const struct archive *a, FILE *to, struct err *err);

/* Dictionary entry, forms, postings and positions of what `word` stands for, segment by
 * segment: *found rises by one for each list. A word is analyzed as in a question. */
int dump_word(const struct archive *a, const char *word, const struct dump_options *options, FILE *to,
	      uint64_t *found, struct err *err);

#endif
