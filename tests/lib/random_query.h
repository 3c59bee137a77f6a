/* tests/lib/random_query.h - questions in the query language, made from what a corpus says.
 *
 * Words and runs of adjacent words are taken from a random article, then changed in
 * case, accents and endings now and then; some are in no article. Operators, groups,
 * titles and dates stand around them as they come.
 */
#ifndef MORGUE_RANDOM_QUERY_H
#define MORGUE_RANDOM_QUERY_H

#include "lib/random_archive.h"

enum query_style {
	QUERY_STYLE_ALL,  /* everything the language has */
	QUERY_STYLE_FTS5, /* what FTS5 can answer too: see fts5_oracle.h */
};

/* Append a question; it parses without error. */
void random_query(struct rng *r, const struct random_corpus *c, enum query_style style, struct buf *out);

#endif
