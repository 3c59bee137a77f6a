/* shared/archive/texts.h - article texts as they are stored: the small fields and the
 * body in one piece, compressed one by one with zstd, against a dictionary of the archive.
 *
 * Shape   docs/FORMAT.md, "Texts". One article is one zstd frame, so that a hit costs one
 *         small decompression; a frame names its dictionary, if it has one.
 * Owner   a compressor and a decompressor hold the state of one text: one for each thread.
 *         A way of storing and a dictionary are only read: threads share one. The bytes that
 *         they were made of may go afterwards. Fields that were split lie in the text they
 *         were split from.
 * Errors  whatever the bytes, ERR_CORRUPT is the only answer but success, and memory
 *         is asked for in proportion to the frame.
 * Cost    docs/DECISIONS.md. A compressor takes 0.1 to 1 MiB, more for texts of megabytes; a
 *         way of storing 0.5 MiB if fast, 6 if small.
 */
#ifndef MORGUE_TEXTS_H
#define MORGUE_TEXTS_H

#include "base/buf.h"
#include "base/err.h"

#include <stdbool.h>

#define TEXT_MAX       ((64u << 20) + (128u << 10)) /* a body of 64 MiB and the fields before it */
#define DICTIONARY_MAX (1u << 20)                   /* bytes; what readers take */

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

/* ---- dictionaries ---- */

/* A dictionary as zstd's trainer made it gets its name: the CRC-32C of what follows the name. */
void text_dictionary_set_name(struct buf *dictionary);

/* The name of a dictionary; 0 if this is none, or not the one that was named. */
uint32_t text_dictionary_name(struct bytes dictionary);

/* Is it a dictionary that can be compressed with? 0 or ERR_CORRUPT. */
int text_dictionary_check(struct bytes dictionary);

/* The name of the dictionary that a frame was made with; 0: without, or this is no frame. */
uint32_t text_wants_dictionary(struct bytes frame);

/* ---- compressing ---- */

struct text_way; /* of storing: how much time is spent on a text, and with which dictionary */

/* The dictionary has a name; none is fine. */
struct text_way *text_way_new(enum text_store store, struct bytes dictionary);
void text_way_free(struct text_way *way); /* NULL is fine */

struct text_compressor;

struct text_compressor *text_compressor_new(void);
void text_compressor_free(struct text_compressor *c); /* NULL is fine */

/* What comes out depends on the way and the text alone, and on the version of zstd. out is replaced. */
void text_compress(struct text_compressor *c, const struct text_way *way, struct bytes text, struct buf *out);

/* ---- decompressing ---- */

struct text_dictionary; /* made ready to decompress with */

/* NULL: its name is not `name`, or it is damaged. */
struct text_dictionary *text_dictionary_new(struct bytes dictionary, uint32_t name);
void text_dictionary_free(struct text_dictionary *dictionary); /* NULL is fine */

struct text_decompressor;

struct text_decompressor *text_decompressor_new(void);
void text_decompressor_free(struct text_decompressor *d); /* NULL is fine */

/* Decompress a frame of a text of exactly `size` bytes into out (replaced), with the dictionary that it
 * names, NULL if it names none. 0 or ERR_CORRUPT. */
int text_decompress(struct text_decompressor *d, struct bytes frame, const struct text_dictionary *dictionary,
		    uint64_t size, struct buf *out);

#endif
