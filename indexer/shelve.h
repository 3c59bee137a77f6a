/* indexer/shelve.h - article texts on their way into the catalog.
 *
 * The texts of a new archive are deflated as they are. Once it holds SHELVE_SAMPLE bytes
 * of them, or SHELVE_LEAST when a batch ends, a dictionary is trained on them and all are
 * deflated anew: in the transaction of the batch, so nobody sees it half done. When that
 * is depends on the sequence of articles alone.
 */
#ifndef MORGUE_SHELVE_H
#define MORGUE_SHELVE_H

#include "archive/archive.h"
#include "prepare.h"

#define SHELVE_SAMPLE (16 << 20) /* bytes of text; half of it makes archives 0.2 % of their text larger */
#define SHELVE_LEAST  (1 << 20) /* bytes of text; a dictionary for less would save little more than it takes */

struct shelver {
	struct archive *archive;
	struct dictionary dictionary;   /* what to deflate with: the newest of the archive, or none */
	struct buf bytes;               /* its bytes */
	bool trained;                   /* the archive has one */
	int64_t untrained;              /* else: bytes of text in the archive */
	struct text_deflater *deflater; /* for what is deflated anew */
};

/* For an archive open for writing, outside its transactions. 0 or negative. */
int shelver_init(struct shelver *s, struct archive *archive, struct err *err);
void shelver_release(struct shelver *s);

/* To be called after an article with `size` bytes of text was stored: trains, if it is time
 * to, under the commit number `seq`; s->dictionary is then another one. 0 or negative. */
int shelver_stored(struct shelver *s, int64_t size, int64_t seq, struct err *err);

/* The same before a batch is committed. */
int shelver_ending(struct shelver *s, int64_t seq, struct err *err);

/* A dictionary for the texts that the archive holds now. */
int shelve_dictionary(struct archive *archive, struct buf *dictionary, struct err *err);

#endif
