#include "archive/texts.h"

#include "base/mem.h"
#include "segment/crc32c.h"

#include <stdlib.h>
#include <zdict.h>
#include <zstd.h>

/* Levels of zstd for the two ways: docs/DECISIONS.md. */
#define FAST_LEVEL  3
#define SMALL_LEVEL 9

#define FIELDS        6            /* before the body */
#define BLOCK_MAX     (128u << 10) /* bytes that a block of a frame can stand for, ... */
#define BLOCK_LEAST   4u           /* and bytes that it has */
#define FRAME_FLAGS   4u           /* byte of the flags, behind the magic number (RFC 8878) */
#define FLAG_CHECKSUM 0x04u
#define NAME_AT       4u /* in a dictionary: behind its magic number, too */
#define CONTENT_AT    8u

/* ---- names and fields ---- */

static const char *const store_names[] = { [STORE_FAST] = "fast", [STORE_SMALL] = "small" };

const char *text_store_name(enum text_store store)
{
	return store_names[store];
}

enum text_store text_store_of(struct bytes name)
{
	for (enum text_store s = STORE_FAST; s <= STORE_SMALL; s++)
		if (bytes_equal(name, bytes_str(store_names[s])))
			return s;
	return STORE_UNSAID;
}

void text_join(const struct text_fields *f, struct buf *out)
{
	const struct bytes fields[FIELDS] = { f->key, f->author, f->section, f->url, f->lang, f->tags };

	buf_reset(out);
	for (int i = 0; i < FIELDS; i++) {
		buf_add_bytes(out, fields[i]);
		buf_add_byte(out, 0);
	}
	buf_add_bytes(out, f->body);
}

int text_split(struct bytes text, struct text_fields *f)
{
	struct bytes *const fields[FIELDS] = {
		&f->key, &f->author, &f->section, &f->url, &f->lang, &f->tags
	};

	for (int i = 0; i < FIELDS; i++) {
		const uint8_t *end = text.n ? memchr(text.p, 0, text.n) : NULL;

		if (!end)
			return ERR_CORRUPT;
		*fields[i] = bytes_of(text.p, (size_t)(end - text.p));
		text = bytes_of(end + 1, text.n - fields[i]->n - 1);
	}
	f->body = text;
	return 0;
}

/* ---- dictionaries ---- */

static bool is_dictionary(struct bytes d)
{
	return d.n > CONTENT_AT && d.n <= DICTIONARY_MAX && load_le32(d.p) == ZSTD_MAGIC_DICTIONARY;
}

/* 0 stands for none. */
static uint32_t name_of_content(struct bytes d)
{
	uint32_t crc = crc32c(0, d.p + CONTENT_AT, d.n - CONTENT_AT);

	return crc ? crc : 1;
}

void text_dictionary_set_name(struct buf *dictionary)
{
	store_le32(dictionary->p + NAME_AT, name_of_content(buf_bytes(dictionary)));
}

uint32_t text_dictionary_name(struct bytes dictionary)
{
	uint32_t name;

	if (!is_dictionary(dictionary))
		return 0;
	name = load_le32(dictionary.p + NAME_AT);
	return name == name_of_content(dictionary) ? name : 0;
}

/* The checksum may be right over what is none all the same. */
int text_dictionary_check(struct bytes dictionary)
{
	return text_dictionary_name(dictionary) &&
			       !ZDICT_isError(ZDICT_getDictHeaderSize(dictionary.p, dictionary.n))
		       ? 0
		       : ERR_CORRUPT;
}

uint32_t text_wants_dictionary(struct bytes frame)
{
	return ZSTD_getDictID_fromFrame(frame.p, frame.n);
}

/* ---- compressing ---- */

struct text_way {
	int level;
	ZSTD_CDict *dictionary; /* NULL: none */
};

struct text_compressor {
	ZSTD_CCtx *z;
};

/* What zstd could not make for want of memory; it has no other reason where this is asked. */
static void *made(void *p, size_t size)
{
	if (!p)
		mem_exhausted(size);
	return p;
}

struct text_way *text_way_new(enum text_store store, struct bytes dictionary)
{
	struct text_way *way = mem_zalloc(1, sizeof *way);

	way->level = store == STORE_SMALL ? SMALL_LEVEL : FAST_LEVEL;
	if (dictionary.n)
		way->dictionary =
			made(ZSTD_createCDict(dictionary.p, dictionary.n, way->level), dictionary.n);
	return way;
}

void text_way_free(struct text_way *way)
{
	if (!way)
		return;
	ZSTD_freeCDict(way->dictionary);
	free(way);
}

struct text_compressor *text_compressor_new(void)
{
	struct text_compressor *c = mem_zalloc(1, sizeof *c);

	c->z = made(ZSTD_createCCtx(), sizeof *c);
	ZSTD_CCtx_setParameter(c->z, ZSTD_c_checksumFlag, 1);
	return c;
}

void text_compressor_free(struct text_compressor *c)
{
	if (!c)
		return;
	ZSTD_freeCCtx(c->z);
	free(c);
}

/* Cannot fail but for want of memory: the bound is enough. */
void text_compress(struct text_compressor *c, const struct text_way *way, struct bytes text, struct buf *out)
{
	size_t bound = ZSTD_compressBound(text.n), n;

	buf_reset(out);
	ZSTD_CCtx_setParameter(c->z, ZSTD_c_compressionLevel, way->level);
	ZSTD_CCtx_refCDict(c->z, way->dictionary);
	n = ZSTD_compress2(c->z, buf_reserve(out, bound), bound, text.p, text.n);
	if (ZSTD_isError(n))
		mem_exhausted(bound);
	out->n = n;
}

/* ---- decompressing ---- */

struct text_dictionary {
	ZSTD_DDict *z;
};

struct text_decompressor {
	ZSTD_DCtx *z;
};

struct text_dictionary *text_dictionary_new(struct bytes dictionary, uint32_t name)
{
	struct text_dictionary *d;
	ZSTD_DDict *z;

	if (!name || text_dictionary_name(dictionary) != name)
		return NULL;
	z = ZSTD_createDDict(dictionary.p, dictionary.n);
	if (!z && text_dictionary_check(dictionary) < 0)
		return NULL;
	d = mem_zalloc(1, sizeof *d);
	d->z = made(z, dictionary.n);
	return d;
}

void text_dictionary_free(struct text_dictionary *d)
{
	if (!d)
		return;
	ZSTD_freeDDict(d->z);
	free(d);
}

struct text_decompressor *text_decompressor_new(void)
{
	struct text_decompressor *d = mem_zalloc(1, sizeof *d);

	d->z = made(ZSTD_createDCtx(), sizeof *d);
	return d;
}

void text_decompressor_free(struct text_decompressor *d)
{
	if (!d)
		return;
	ZSTD_freeDCtx(d->z);
	free(d);
}

static bool is_possible(struct bytes frame, uint64_t size)
{
	return size <= TEXT_MAX && frame.n <= ZSTD_COMPRESSBOUND(TEXT_MAX) &&
	       size / BLOCK_MAX <= frame.n / BLOCK_LEAST;
}

/* One frame and nothing behind it, of a text of this size, with its checksum? */
static bool is_frame(struct bytes frame, uint64_t size)
{
	return frame.n > FRAME_FLAGS && load_le32(frame.p) == ZSTD_MAGICNUMBER &&
	       frame.p[FRAME_FLAGS] & FLAG_CHECKSUM && ZSTD_getFrameContentSize(frame.p, frame.n) == size &&
	       ZSTD_findFrameCompressedSize(frame.p, frame.n) == frame.n;
}

int text_decompress(struct text_decompressor *d, struct bytes frame, const struct text_dictionary *dictionary,
		    uint64_t size, struct buf *out)
{
	buf_reset(out);
	if (!is_possible(frame, size) || !is_frame(frame, size))
		return ERR_CORRUPT;
	if (ZSTD_decompress_usingDDict(d->z, buf_reserve(out, size), size, frame.p, frame.n,
				       dictionary ? dictionary->z : NULL) != size)
		return ERR_CORRUPT;
	out->n = size;
	out->p[size] = 0;
	return 0;
}
