/* indexer/shelve.h - article texts on their way into the catalog.
 *
 * The texts of a new archive are compressed as they are. Once it holds SHELVE_SAMPLE bytes
 * of them, or SHELVE_LEAST when a batch ends, a dictionary is trained on them and all are
 * compressed anew: in the transaction of the batch, so nobody sees it half done. When that
 * is depends on the sequence of articles alone.
 */
#ifndef MORGUE_SHELVE_H
#define MORGUE_SHELVE_H

#include "archive/archive.h"
#include "prepare.h"
#include "train.h"

#define SHELVE_SAMPLE (16 << 20) /* bytes of text; half of it makes archives 0.3 % of their text larger */
#define SHELVE_LEAST  (1 << 20) /* bytes of text; a dictionary for less would save little more than it takes */

struct shelver {
	struct archive *archive;
	struct storing storing;           /* now: .trained, or .plain while there is no dictionary */
	struct text_way *plain, *trained; /* both stay: workers may have the first one yet */
	unsigned jobs;                    /* threads that may compress; 0: the caller alone */
	int64_t untrained;    /* without a dictionary: bytes of text since one was last tried for */
	struct sample sample; /* these texts ... */
	bool earlier;         /* ... but for some that came before this run or before that try */
	struct text_compressor *compressor; /* for what is compressed anew */
};

/* For an archive open for writing, outside its transactions. 0 or negative. */
int shelver_init(struct shelver *s, struct archive *archive, struct err *err);
void shelver_release(struct shelver *s);

/* To be called after an article with this text was stored: trains, if it is time to, under the
 * commit number `seq`; s->storing is then another one. 0 or negative. */
int shelver_stored(struct shelver *s, struct bytes text, int64_t seq, struct err *err);

/* The same before a batch is committed. */
int shelver_ending(struct shelver *s, int64_t seq, struct err *err);

/* A dictionary for the texts that the archive holds now; empty if they make none. */
int shelve_dictionary(struct archive *archive, struct buf *dictionary, struct err *err);

#endif
