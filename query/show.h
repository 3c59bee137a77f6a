/* query/show.h - articles, older texts of them, and what changed between two. */
#ifndef MORGUE_SHOW_H
#define MORGUE_SHOW_H

#include "archive/archive.h"
#include "output/print.h"

struct show_options {
	uint64_t revision;               /* which of an article's texts; 0: the newest */
	bool json, with_furniture, diff; /* diff: how it differs from the one before */
};

/* Print an article; ERR_NOT_FOUND if there is none of that number, or no such text of it. */
int show_article(struct archive *archive, int64_t number, const struct show_options *options,
		 struct printer *printer, struct err *err);

#endif
