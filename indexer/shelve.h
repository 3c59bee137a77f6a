/* indexer/shelve.h - article texts on their way into the catalog.
 *
 * The texts of a new archive are deflated as they are. Once it holds SHELVE_SAMPLE bytes
 * of them, or SHELVE_LEAST when a batch ends, a dictionary is trained on them and all are
 * deflated anew: in the transaction of the batch, so nobody sees it half done.
 */
#ifndef MORGUE_SHELVE_H
#define MORGUE_SHELVE_H

#include "archive/archive.h"
#include "article.h"

#define SHELVE_SAMPLE (16 << 20) /* bytes of text; half of it makes archives 0.2 % of their text larger */
#define SHELVE_LEAST  (1 << 20) /* bytes of text; a dictionary for less would save little more than it takes */

struct shelver {
	struct archive *archive;
	struct text_deflater *deflater;
	bool trained;      /* the archive has a dictionary, and the deflater the newest */
	int64_t untrained; /* else: bytes of text in the archive */
	struct buf text, stream;
};

/* For an archive open for writing, outside its transactions. 0 or negative. */
int shelver_init(struct shelver *s, struct archive *archive, struct err *err);
void shelver_release(struct shelver *s);

/* Deflate the article's text; sets row->stream, lent until the next call, and row->size. */
void shelve(struct shelver *s, const struct article *a, struct catalog_article *row);

/* To be called after an article was stored, and before a batch is committed under the number
 * `seq` (then `ending`): trains if it is time to. 0 or negative. */
int shelver_train(struct shelver *s, bool ending, int64_t seq, struct err *err);

#endif
