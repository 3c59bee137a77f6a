/* indexer/prepare.h - what can be done to an article without the catalog: its record to an
 * article, that to tokens and to a compressed text.
 *
 * Thread  a preparer belongs to one thread; what comes out does not depend on which.
 */
#ifndef MORGUE_PREPARE_H
#define MORGUE_PREPARE_H

#include "archive/texts.h"
#include "arrival.h"
#include "extract/extract.h"

/* How texts are stored now: with the dictionary that the archive has, which is known by its number. */
struct storing {
	uint32_t generation;
	const struct text_way *way; /* borrowed: shelve.h */
};

struct preparer {
	struct analyzer *analyzer;
	struct extractor extractor;
	struct text_compressor *compressor;
	struct buf scratch;
};

/* `memory`: bytes of words to remember. 0 or ERR_USAGE; release it whatever the outcome. */
int preparer_init(struct preparer *p, const char *language, size_t memory, struct err *err);
void preparer_release(struct preparer *p);

/* Of what was read, make an article: ARRIVAL_EXTRACTED, or ARRIVAL_REJECTED. */
void prepare_article(struct preparer *p, struct arrival *a);

/* Of the article, tokens and frame: ARRIVAL_PREPARED. Nothing if it is that already,
 * stored so. */
void prepare_rest(struct preparer *p, struct arrival *a, const struct storing *storing);

#endif
