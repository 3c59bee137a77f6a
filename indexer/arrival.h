/* indexer/arrival.h - an article on its way in: where it was read, and what has been
 * made of it so far.
 *
 * Owner   an arrival owns its article and tokens and is reused from article to article,
 *         so that a bulk run does not allocate for each. Stems and forms of the tokens
 *         live in the analyzer that made them, until its next article.
 */
#ifndef MORGUE_ARRIVAL_H
#define MORGUE_ARRIVAL_H

#include "article.h"
#include "text/analyze.h"

struct arrival {
	const char *path; /* of its file; borrowed */
	const char *name; /* what the archive calls that file; borrowed */
	int64_t place;    /* and knows it by (roots.h); 0 if it cannot be known again */
	uint64_t file;    /* the number of that file in the run, from 1 */
	uint64_t offset;  /* the article's first byte in it, decompressed */
	struct article article;
	bool analyzed; /* what is below is there */
	struct tokens tokens;
	uint32_t headline; /* words of it in the headline */
	struct buf fields; /* terms of what is known beside the text */
};

/* Cut the article into tokens, if that has not been done. */
void arrival_analyze(struct arrival *a, struct analyzer *analyzer);

void arrival_release(struct arrival *a);

#endif
