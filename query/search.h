/* query/search.h - one question from words to printed hits. */
#ifndef MORGUE_SEARCH_H
#define MORGUE_SEARCH_H

#include "print.h"

enum search_output { OUTPUT_HITS, OUTPUT_JSON, OUTPUT_COUNT, OUTPUT_NUMBERS };

struct search_options {
	struct rank_options rank;
	enum search_output output;
	bool any;     /* words side by side are alternatives */
	bool explain; /* print how `article` comes by its score instead */
	uint64_t article;
	double k1, b;
};

/* Answer `question` into printer->out; notes about its reading into `notes`, a line
 * each. *total gets the number of matching articles. With options->explain, that of one
 * article: 1 or 0, or ERR_NOT_FOUND if there is none of that number. */
int search(struct archive *archive, struct bytes question, const struct search_options *options,
	   struct printer *printer, struct buf *notes, uint64_t *total, struct err *err);

/* Print one article; ERR_NOT_FOUND if there is none of that number. */
int show_article(struct archive *archive, int64_t number, bool json, bool with_furniture,
		 struct printer *printer, struct err *err);

#endif
