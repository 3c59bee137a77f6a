#include "archive/texts.h"

#include "archive/fast_deflate.h"
#include "base/mem.h"

#include <stdlib.h>
#include <zlib.h>

#define SMALL_LEVEL  6     /* of zlib, for texts that are to be small */
#define FIELDS       6     /* before the body */
#define RATIO_MAX    1032u /* deflate's best: 258 bytes for two bits */
#define HEADER_SIZE  2u    /* of a zlib stream (RFC 1950); the dictionary's name may follow */
#define NAME_SIZE    4u
#define TRAILER_SIZE 4u /* the Adler-32 of the text */
#define FLAG_PRESET  0x20u
#define MARKER_SIZE  4u   /* 00 00 FF FF, the end of an empty block of deflate, which no piece stores */
#define SPARE_OUTPUT 258u /* beyond the text: zlib is fast as long as the longest match has room */
#define POOL_BLOCKS  16

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

/* ---- numbers in a stream ---- */

static uint32_t load_be32(const uint8_t *p)
{
	return (uint32_t)p[0] << 24 | (uint32_t)p[1] << 16 | (uint32_t)p[2] << 8 | p[3];
}

static void store_be32(uint8_t *p, uint32_t v)
{
	for (int i = 0; i < 4; i++)
		p[i] = (uint8_t)(v >> (24 - 8 * i));
}

static uint32_t check_of(struct bytes text)
{
	return (uint32_t)adler32_z(adler32_z(0, NULL, 0), text.p, text.n);
}

uint32_t text_dictionary_id(struct bytes dictionary)
{
	return check_of(dictionary);
}

/* ---- deflating ---- */

/* zlib's blocks, kept from one copy of the state to the next: 256 KiB that malloc would
 * map and unmap for every article. */
struct pool {
	struct {
		void *p;
		size_t size;
		bool used;
	} blocks[POOL_BLOCKS];
};

struct text_deflater {
	struct fast_deflater *fast; /* STORE_FAST; or NULL, and zlib does it: */
	uint32_t dictionary;        /* its name; 0: none */
	struct pool pool;
	z_stream primed; /* with the dictionary, never fed */
	z_stream block;  /* what the next piece goes on with */
	bool in_block;
};

static void *pool_alloc(void *opaque, uInt count, uInt size)
{
	struct pool *pool = opaque;
	size_t wanted = (size_t)count * size;

	for (int i = 0; i < POOL_BLOCKS; i++) {
		if (pool->blocks[i].used || (pool->blocks[i].p && pool->blocks[i].size != wanted))
			continue;
		if (!pool->blocks[i].p)
			pool->blocks[i].p = mem_zalloc(1, wanted);
		pool->blocks[i].size = wanted;
		pool->blocks[i].used = true;
		return pool->blocks[i].p;
	}
	return mem_zalloc(1, wanted);
}

static void pool_free(void *opaque, void *p)
{
	struct pool *pool = opaque;

	for (int i = 0; i < POOL_BLOCKS; i++)
		if (pool->blocks[i].p == p) {
			pool->blocks[i].used = false;
			return;
		}
	free(p);
}

struct text_deflater *text_deflater_new(enum text_store store, struct bytes dictionary)
{
	struct text_deflater *d = mem_zalloc(1, sizeof *d);

	if (store != STORE_SMALL) {
		d->fast = fast_deflater_new(dictionary);
		d->dictionary = dictionary.n ? text_dictionary_id(dictionary) : 0;
		return d;
	}
	d->primed = (z_stream){ .zalloc = pool_alloc, .zfree = pool_free, .opaque = &d->pool };
	if (deflateInit(&d->primed, SMALL_LEVEL) != Z_OK ||
	    (dictionary.n && deflateSetDictionary(&d->primed, dictionary.p, (uInt)dictionary.n) != Z_OK))
		mem_exhausted(sizeof *d);
	return d;
}

void text_deflater_free(struct text_deflater *d)
{
	if (!d)
		return;
	if (d->in_block)
		deflateEnd(&d->block);
	if (!d->fast)
		deflateEnd(&d->primed);
	fast_deflater_free(d->fast);
	for (int i = 0; i < POOL_BLOCKS; i++)
		free(d->pool.blocks[i].p);
	free(d);
}

static void begin_stream(struct text_deflater *d, z_stream *z)
{
	if (deflateCopy(z, &d->primed) != Z_OK)
		mem_exhausted(sizeof *d);
}

/* Cannot fail: the bound is enough, also for the header and the end of a piece. */
static void deflate_into(z_stream *z, struct bytes text, int flush, struct buf *out)
{
	size_t bound = deflateBound(z, text.n) + MARKER_SIZE + TRAILER_SIZE;

	buf_reset(out);
	z->next_in = (Bytef *)(uintptr_t)text.p;
	z->avail_in = (uInt)text.n;
	z->next_out = buf_reserve(out, bound);
	z->avail_out = (uInt)bound;
	deflate(z, flush);
	out->n = bound - z->avail_out;
}

static void add_be32(struct buf *out, uint32_t v)
{
	uint8_t bytes[4];

	store_be32(bytes, v);
	buf_add(out, bytes, sizeof bytes);
}

/* What zlib puts around the data (RFC 1950): a window of 32 KiB, made fast. */
static void deflate_fast(struct text_deflater *d, struct bytes text, struct buf *out)
{
	unsigned header = 0x7840u | (d->dictionary ? FLAG_PRESET : 0);

	buf_reset(out);
	buf_add_byte(out, (uint8_t)(header >> 8));
	buf_add_byte(out, (uint8_t)(header + 31 - header % 31));
	if (d->dictionary)
		add_be32(out, d->dictionary);
	fast_deflate(d->fast, text, out);
	add_be32(out, check_of(text));
}

void text_deflate(struct text_deflater *d, struct bytes text, struct buf *out)
{
	z_stream z;

	if (d->fast) {
		deflate_fast(d, text, out);
		return;
	}
	begin_stream(d, &z);
	deflate_into(&z, text, Z_FINISH, out);
	deflateEnd(&z);
}

void text_deflate_piece(struct text_deflater *d, unsigned piece, struct bytes text, struct buf *out)
{
	if (piece == 1) {
		if (d->in_block)
			deflateEnd(&d->block);
		begin_stream(d, &d->block);
		d->in_block = true;
	}
	deflate_into(&d->block, text, Z_SYNC_FLUSH, out);
	out->n -= MARKER_SIZE;
	add_be32(out, check_of(text));
}

/* ---- inflating ---- */

struct text_inflater {
	z_stream z;
};

bool text_names_dictionary(struct bytes stream, uint32_t *id)
{
	if (stream.n < HEADER_SIZE + NAME_SIZE || !(stream.p[1] & FLAG_PRESET))
		return false;
	*id = load_be32(stream.p + HEADER_SIZE);
	return true;
}

struct text_inflater *text_inflater_new(void)
{
	struct text_inflater *t = mem_zalloc(1, sizeof *t);

	if (inflateInit2(&t->z, -MAX_WBITS) != Z_OK)
		mem_exhausted(sizeof *t);
	return t;
}

void text_inflater_free(struct text_inflater *t)
{
	if (!t)
		return;
	inflateEnd(&t->z);
	free(t);
}

/* Split what stands before a text's check off from it; false if there is too little. */
static bool cut_check(struct bytes stream, size_t header, struct bytes *data, uint32_t *check)
{
	if (stream.n < header + TRAILER_SIZE)
		return false;
	*data = bytes_of(stream.p + header, stream.n - header - TRAILER_SIZE);
	*check = load_be32(stream.p + stream.n - TRAILER_SIZE);
	return true;
}

/* The deflated data in a zlib stream, and the check that follows it; false if it has no such
 * header or is too short. */
static bool open_stream(struct bytes stream, struct bytes *data, uint32_t *check)
{
	size_t header = HEADER_SIZE;

	if (stream.n < HEADER_SIZE || (stream.p[0] & 0x0F) != Z_DEFLATED ||
	    (stream.p[0] << 8 | stream.p[1]) % 31)
		return false;
	if (stream.p[1] & FLAG_PRESET)
		header += NAME_SIZE;
	return cut_check(stream, header, data, check);
}

static bool is_possible(struct bytes stream, uint64_t size)
{
	return size <= TEXT_MAX && stream.n <= TEXT_MAX && size / RATIO_MAX <= stream.n;
}

/* Begin with the stream, whose header has been looked at; false without its dictionary. */
static bool begin_inflating(z_stream *z, struct bytes stream, struct bytes dictionary)
{
	inflateReset(z);
	return !(stream.p[1] & FLAG_PRESET) ||
	       (dictionary.n && !inflateSetDictionary(z, dictionary.p, (uInt)dictionary.n));
}

static int inflate_some(z_stream *z, struct bytes data, int flush, uint64_t size)
{
	int got;

	z->next_in = (Bytef *)(uintptr_t)data.p;
	z->avail_in = (uInt)data.n;
	got = inflate(z, flush);
	if (got == Z_MEM_ERROR)
		mem_exhausted(size);
	return got;
}

/* All that was expected came: is it what was stored? */
static int finish_text(const z_stream *z, uint64_t size, uint32_t check, struct buf *out)
{
	if (z->avail_in || z->avail_out != SPARE_OUTPUT)
		return ERR_CORRUPT;
	out->n = size;
	out->p[size] = 0;
	return check_of(buf_bytes(out)) == check ? 0 : ERR_CORRUPT;
}

static void expect_text(z_stream *z, uint64_t size, struct buf *out)
{
	z->next_out = buf_reserve(out, size + SPARE_OUTPUT);
	z->avail_out = (uInt)(size + SPARE_OUTPUT);
}

/* The header is read here, because zlib would compute the dictionary's Adler-32 for every
 * stream: as long as inflating it takes. */
int text_inflate(struct text_inflater *t, struct bytes stream, struct bytes dictionary, uint64_t size,
		 struct buf *out)
{
	struct bytes data;
	uint32_t check;

	buf_reset(out);
	if (!is_possible(stream, size) || !open_stream(stream, &data, &check) ||
	    !begin_inflating(&t->z, stream, dictionary))
		return ERR_CORRUPT;
	expect_text(&t->z, size, out);
	if (inflate_some(&t->z, data, Z_FINISH, size) != Z_STREAM_END)
		return ERR_CORRUPT;
	return finish_text(&t->z, size, check, out);
}

int text_inflate_piece(struct text_inflater *t, unsigned piece, struct bytes stream, struct bytes dictionary,
		       uint64_t size, struct buf *out)
{
	static const uint8_t marker[MARKER_SIZE] = { 0x00, 0x00, 0xFF, 0xFF };
	struct bytes data;
	uint32_t check;

	buf_reset(out);
	if (!is_possible(stream, size))
		return ERR_CORRUPT;
	if (piece > 1 ? !cut_check(stream, 0, &data, &check)
		      : !open_stream(stream, &data, &check) || !begin_inflating(&t->z, stream, dictionary))
		return ERR_CORRUPT;
	expect_text(&t->z, size, out);
	if (inflate_some(&t->z, data, Z_SYNC_FLUSH, size) != Z_OK || t->z.avail_in ||
	    inflate_some(&t->z, bytes_of(marker, sizeof marker), Z_SYNC_FLUSH, size) != Z_OK)
		return ERR_CORRUPT;
	return finish_text(&t->z, size, check, out);
}
