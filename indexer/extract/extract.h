/* indexer/extract/extract.h - from what a reader found to what is stored and indexed.
 *
 * Shape   in: raw bytes. Out: valid UTF-8 without NUL, LF line ends, no white space
 *         at either end of any field; title and short fields on one line.
 *         Title: the given one, else, if the reader says so, the body's first line
 *         that is no furniture, which then leaves the body. A first line of over
 *         EXTRACT_TITLE_LINE bytes is a paragraph: no title then.
 *         Date: the date field, else the path of the article's URL, else that of its
 *         file. A field that cannot be read counts as none.
 * Owner   an extractor holds the rules and scratch memory; one per thread. The
 *         article is the caller's, reset here.
 * Errors  ERR_INPUT with a sentence for a person, no path in it: no text at all and
 *         no id either, or more than .longest bytes. *out is then of no use. A record
 *         with an id is an article even without text: its date and tags count.
 * Cost    a few passes over the bytes, no allocation once the buffers have grown.
 */
#ifndef MORGUE_EXTRACT_H
#define MORGUE_EXTRACT_H

#include "article.h"
#include "base/err.h"
#include "extract/furniture.h"
#include "readers/input.h"

#define EXTRACT_MAX        INPUT_MAX_FILE /* bytes of title and body: what a run's memory has room for */
#define EXTRACT_TITLE_LINE 300u           /* bytes of a first line that may be a title */
#define EXTRACT_TITLE_MAX  (16u << 10)    /* bytes of a given title; a longer one is put before the body */
#define EXTRACT_FIELD_MAX  (16u << 10)    /* bytes of any other short field; the rest is cut off */

struct extractor {
	struct furniture *furniture;
	size_t longest;        /* bytes of title and body: EXTRACT_MAX unless the owner lowers it */
	struct buf text, line; /* scratch */
};

void extractor_init(struct extractor *x); /* with the rules of the program */
void extractor_release(struct extractor *x);

/* `path` is the file's, for a date; NULL if it tells nothing (standard input). 0 or ERR_INPUT. */
int extract(struct extractor *x, const struct raw_article *raw, const char *path, struct article *out,
	    struct err *err);

#endif
