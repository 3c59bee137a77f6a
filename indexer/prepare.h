/* indexer/prepare.h - what can be done to an article without the catalog: its record to an
 * article, that to tokens and to a deflated text.
 *
 * Thread  a preparer belongs to one thread; what comes out does not depend on which.
 */
#ifndef MORGUE_PREPARE_H
#define MORGUE_PREPARE_H

#include "archive/texts.h"
#include "arrival.h"
#include "extract/extract.h"

/* A preset dictionary that the archive has now, and its number: shelve.h. */
struct dictionary {
	uint32_t generation;
	struct bytes bytes; /* borrowed; it stays as it is until another generation's is the last */
};

struct preparer {
	struct analyzer *analyzer;
	struct extractor extractor;
	enum text_store store;
	struct text_deflater *deflater; /* NULL: none yet */
	uint32_t generation;            /* of its dictionary */
	struct buf scratch;
};

/* `memory`: bytes of words to remember. 0 or ERR_USAGE; release it whatever the outcome. */
int preparer_init(struct preparer *p, const char *language, enum text_store store, size_t memory,
		  struct err *err);
void preparer_release(struct preparer *p);

/* Of what was read, make an article: ARRIVAL_EXTRACTED, or ARRIVAL_REJECTED. */
void prepare_article(struct preparer *p, struct arrival *a);

/* Of the article, tokens and stream: ARRIVAL_PREPARED. Nothing if it is that already, with
 * this dictionary. */
void prepare_rest(struct preparer *p, struct arrival *a, const struct dictionary *dictionary);

#endif
