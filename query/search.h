/* query/search.h - questions from words to printed hits.
 *
 * Cost    a searcher keeps what does not depend on the question (the analyzer, memory),
 *         so the second question is cheaper than the first.
 *
 *	s = searcher_new(&archive, &options, &printer, &err);
 *	while (more questions)
 *		rc = search(s, &question, &notes, &total, &err);
 *	searcher_free(s);
 */
#ifndef MORGUE_SEARCH_H
#define MORGUE_SEARCH_H

#include "output/print.h"

enum search_output { OUTPUT_HITS, OUTPUT_JSON, OUTPUT_COUNT, OUTPUT_NUMBERS };

struct search_options {
	struct rank_options rank;
	enum search_output output;
	struct parse_options parse;
	bool parts;   /* print how the question is understood instead, and what its parts find */
	bool explain; /* print how `article` comes by its score instead */
	uint64_t article;
	double k1, b;
};

struct question {
	struct bytes text;
	struct bytes name; /* what its asker calls it; may be empty */
	uint64_t line;     /* where it stands among others, from 1; 0: it is asked alone */
};

struct searcher;

/* Archive, options and printer are borrowed. NULL: the archive's language is not known here. */
struct searcher *searcher_new(struct archive *archive, const struct search_options *options,
			      struct printer *printer, struct err *err);
void searcher_free(struct searcher *s); /* NULL is fine */

/* Answer `question` into printer->out; notes about its reading into `notes`, a line
 * each. *total gets the number of matching articles. With options->explain, that of one
 * article: 1 or 0, or ERR_NOT_FOUND if there is none of that number. */
int search(struct searcher *s, const struct question *question, struct buf *notes, uint64_t *total,
	   struct err *err);

/* Where programs read one answer after the other, print what stands for the answer to a
 * question that has none. True if that says why. */
bool search_refuse(struct searcher *s, const struct question *question, const struct err *reason);

/* Print what `word` may have been meant to be, at most so many spellings; *n gets how many. */
int search_suggest(struct searcher *s, struct bytes word, size_t most, size_t *n, struct err *err);

#endif
