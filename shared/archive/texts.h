/* shared/archive/texts.h - article texts as they are stored: the small fields and the
 * body in one piece, deflated one by one against a preset dictionary.
 *
 * Shape   docs/FORMAT.md, "Texts". One article is one zlib stream, so that a hit costs
 *         one small inflate; a stream names its dictionary, if it has one. Or a few
 *         articles are one stream, a block, of which each has its piece: smaller, and a
 *         hit costs the inflating of the pieces before it.
 * Owner   a deflater and an inflater hold all the state there is: one for each thread.
 *         The dictionary given to a deflater may go afterwards. Fields that were split
 *         lie in the text they were split from.
 * Errors  whatever the bytes, ERR_CORRUPT is the only answer but success, and memory
 *         is asked for in proportion to the stream.
 * Cost    docs/DECISIONS.md. STORE_FAST is ours (fast_deflate.h). STORE_SMALL is zlib's: a
 *         deflater copies a primed state instead of priming one for every article: the
 *         256 KiB are copied in a third of the time that 32 KiB take to be hashed anew.
 */
#ifndef MORGUE_TEXTS_H
#define MORGUE_TEXTS_H

#include "base/buf.h"
#include "base/err.h"

#include <stdbool.h>

#define TEXT_MAX       ((64u << 20) + (128u << 10)) /* a body of 64 MiB and the fields before it */
#define DICTIONARY_MAX 32506u /* bytes that deflate can refer to from an article's first byte */

/* How much time is spent on size: what `--store` says, and the setting `store`. */
enum text_store { STORE_UNSAID, STORE_FAST, STORE_SMALL };

/* "fast", "small"; NULL, STORE_UNSAID if there is no such thing. */
const char *text_store_name(enum text_store store);
enum text_store text_store_of(struct bytes name);

/* What the text of an article is made of. */
struct text_fields {
	struct bytes key, author, section, url, lang, tags, body;
};

void text_join(const struct text_fields *fields, struct buf *out); /* out is replaced */
int text_split(struct bytes text, struct text_fields *fields);     /* 0 or ERR_CORRUPT */

struct text_deflater;

/* The dictionary has at most DICTIONARY_MAX bytes; none is fine. */
struct text_deflater *text_deflater_new(enum text_store store, struct bytes dictionary);
void text_deflater_free(struct text_deflater *d);                               /* NULL is fine */
void text_deflate(struct text_deflater *d, struct bytes text, struct buf *out); /* out is replaced */

#define TEXT_BLOCK     4u  /* texts that a writer puts in a block: docs/DECISIONS.md */
#define TEXT_BLOCK_MAX 16u /* what readers take */

/* Deflate the text, which is not empty, as piece 1, 2, ... of a block: piece 1 begins one, the others go on with
 * the block of the piece deflated last. For a deflater that makes texts small. out is replaced. */
void text_deflate_piece(struct text_deflater *d, unsigned piece, struct bytes text, struct buf *out);

/* The name of a dictionary: its Adler-32. */
uint32_t text_dictionary_id(struct bytes dictionary);

/* Does the stream say that it was made with a dictionary, and with which? */
bool text_names_dictionary(struct bytes stream, uint32_t *id);

struct text_inflater;

struct text_inflater *text_inflater_new(void);
void text_inflater_free(struct text_inflater *t); /* NULL is fine */

/* Inflate a stream of exactly `size` bytes into out (replaced), with the dictionary that
 * it names, which is not looked at if it names none. 0 or ERR_CORRUPT. */
int text_inflate(struct text_inflater *t, struct bytes stream, struct bytes dictionary, uint64_t size,
		 struct buf *out);

/* The same of a piece. Of any but piece 1 of a block, the one before it must be what was
 * inflated last; the dictionary is then not looked at. */
int text_inflate_piece(struct text_inflater *t, unsigned piece, struct bytes stream, struct bytes dictionary,
		       uint64_t size, struct buf *out);

#endif
