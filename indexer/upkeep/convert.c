#include "upkeep/convert.h"

#include "archive/catalog_care.h"
#include "base/mem.h"
#include "base/trace.h"
#include "shelve.h"
#include "train.h"

#include <inttypes.h>
#include <stdio.h>
#include <zlib.h>

#define RATIO_MAX  1032u /* deflate's best: 258 bytes for two bits */
#define CHECK_SIZE 4u    /* the Adler-32 behind a piece */
#define PIECE_MAX  16u

struct converter {
	const struct catalog_conversion *conversion;
	struct catalog *catalog;
	z_stream z;
	int64_t in_block; /* .z stands behind this article's piece, ... */
	unsigned piece;   /* ... which has this place in its block; 0: it stands nowhere */
	uint32_t name;    /* of the dictionary that was fetched last */
	struct buf old;   /* the dictionary */
	struct buf text, frame, dictionary;
	struct text_way *way;
	struct text_compressor *compressor;
};

static int damaged(const struct converter *v, const char *what, struct err *err)
{
	return err_set(err, ERR_CORRUPT, "%s: catalog.db: %s is damaged", v->conversion->path, what);
}

/* ---- inflating ---- */

/* The dictionary that the stream wants, whose Adler-32 zlib compares. 0, a code of zlib's, or of an error
 * in *rc. */
static int set_dictionary(struct converter *v, int *rc, struct err *err)
{
	uint32_t name = (uint32_t)v->z.adler;

	if (v->name != name || !v->old.n)
		*rc = catalog_dictionary(v->catalog, name, &v->old, err);
	if (*rc < 0 || !v->old.n || v->old.n > DICTIONARY_MAX)
		return Z_DATA_ERROR;
	v->name = name;
	return inflateSetDictionary(&v->z, v->old.p, (uInt)v->old.n);
}

/* Inflate more; what zlib answers. */
static int inflate_some(struct converter *v, struct bytes data, int *rc, struct err *err)
{
	int got;

	v->z.next_in = (Bytef *)(uintptr_t)data.p;
	v->z.avail_in = (uInt)data.n;
	got = inflate(&v->z, Z_SYNC_FLUSH);
	if (got == Z_NEED_DICT && (got = set_dictionary(v, rc, err)) == Z_OK)
		got = inflate(&v->z, Z_SYNC_FLUSH);
	if (got == Z_MEM_ERROR)
		mem_exhausted(v->text.cap);
	return got;
}

/* Is this piece the next one of the block that the inflater is in? A first one begins another. */
static bool is_next(const struct converter *v, int64_t number, unsigned piece)
{
	return piece == 1 || (piece <= PIECE_MAX && v->piece == piece - 1 && v->in_block == number - 1);
}

static bool inflate_whole(struct converter *v, struct bytes stream, int *rc, struct err *err)
{
	return inflate_some(v, stream, rc, err) == Z_STREAM_END && !v->z.avail_in;
}

static bool inflate_piece(struct converter *v, struct bytes stream, uint64_t size, int *rc, struct err *err)
{
	static const uint8_t marker[] = { 0x00, 0x00, 0xFF, 0xFF };
	const uint8_t *check;

	if (stream.n < CHECK_SIZE ||
	    inflate_some(v, bytes_of(stream.p, stream.n - CHECK_SIZE), rc, err) != Z_OK || v->z.avail_in ||
	    inflate_some(v, bytes_of(marker, sizeof marker), rc, err) != Z_OK)
		return false;
	check = stream.p + stream.n - CHECK_SIZE;
	return (uint32_t)adler32_z(1, v->text.p, size) ==
	       ((uint32_t)check[0] << 24 | (uint32_t)check[1] << 16 | (uint32_t)check[2] << 8 | check[3]);
}

/* Inflate a text into v->text. */
static int inflate_text(struct converter *v, const struct catalog_article *a, unsigned piece,
			const char *what, struct err *err)
{
	uint64_t size = (uint64_t)a->size;
	bool good;
	int rc = 0;

	buf_reset(&v->text);
	if (size > TEXT_MAX || a->frame.n > TEXT_MAX || size / RATIO_MAX > a->frame.n ||
	    (piece && !is_next(v, a->number, piece)))
		return damaged(v, what, err);
	if (piece <= 1)
		inflateReset(&v->z);
	v->z.next_out = buf_reserve(&v->text, size + 1);
	v->z.avail_out = (uInt)(size + 1);
	good = piece ? inflate_piece(v, a->frame, size, &rc, err) : inflate_whole(v, a->frame, &rc, err);
	v->in_block = a->number;
	v->piece = good ? piece : 0;
	if (rc < 0)
		return rc;
	if (!good || v->z.avail_out != 1)
		return damaged(v, what, err);
	v->text.n = size;
	return 0;
}

/* ---- all of them ---- */

/* The next article's text: 1 got it, 0 no more. */
static int next_text(struct converter *v, int64_t *number, struct err *err)
{
	struct catalog_article a;
	unsigned piece;
	char what[48];
	int got, rc;

	if (*v->conversion->stop)
		return err_stopped(err);
	if ((got = catalog_next_stream(v->catalog, number, &a, &piece, err)) <= 0)
		return got;
	snprintf(what, sizeof what, "the text of article %" PRId64, *number);
	rc = inflate_text(v, &a, piece, what, err);
	return rc < 0 ? rc : 1;
}

/* Into v->dictionary, which stays empty where there is too little to train on. */
static int train(struct converter *v, enum text_store store, struct err *err)
{
	struct sample sample = { .n = 0 };
	int64_t number = 0;
	int got = 0;

	while (sample.bytes.n < SHELVE_SAMPLE && (got = next_text(v, &number, err)) > 0)
		sample_add(&sample, buf_bytes(&v->text));
	if (got >= 0 && sample.bytes.n >= SHELVE_LEAST)
		train_dictionary(&sample, store, &v->dictionary);
	sample_release(&sample);
	return got < 0 ? got : 0;
}

static int convert_articles(struct converter *v, struct err *err)
{
	int64_t number = 0;
	int got, rc = 0;

	while (rc == 0 && (got = next_text(v, &number, err)) != 0) {
		if (got < 0)
			return got;
		text_compress(v->compressor, v->way, buf_bytes(&v->text), &v->frame);
		rc = catalog_set_frame(v->catalog, number, buf_bytes(&v->frame), err);
	}
	return rc;
}

static int convert_old_texts(struct converter *v, struct err *err)
{
	int64_t article = 0, revision = 0;
	struct catalog_article a = { .number = 0 };
	int got, rc = 0;

	while (rc == 0 && (got = catalog_next_old_text(v->catalog, &article, &revision, &a, err)) != 0) {
		if (got < 0 || (got = inflate_text(v, &a, 0, "an older text", err)) < 0)
			return got;
		text_compress(v->compressor, v->way, buf_bytes(&v->text), &v->frame);
		rc = *v->conversion->stop ? err_stopped(err)
					  : catalog_set_old_frame(v->catalog, article, revision,
								  buf_bytes(&v->frame), err);
	}
	return rc;
}

/* The new dictionary, if there is one, in place of those that nothing names any more. */
static int replace_dictionary(struct converter *v, struct err *err)
{
	struct bytes dictionary = buf_bytes(&v->dictionary);
	int64_t seq;
	int rc = catalog_keep_dictionary(v->catalog, 0, err);

	if (rc < 0 || !dictionary.n || (rc = catalog_next_seq(v->catalog, &seq, err)) < 0)
		return rc;
	return catalog_add_dictionary(v->catalog, text_dictionary_name(dictionary), seq, dictionary, err);
}

static int convert(struct converter *v, struct err *err)
{
	struct buf name = BUF_INIT;
	enum text_store store;
	int rc = catalog_get(v->catalog, "store", &name, err);

	store = text_store_of(buf_bytes(&name));
	buf_release(&name);
	if (rc < 0 || (rc = train(v, store, err)) < 0)
		return rc;
	v->way = text_way_new(store, buf_bytes(&v->dictionary));
	if ((rc = convert_articles(v, err)) < 0 || (rc = convert_old_texts(v, err)) < 0)
		return rc;
	return replace_dictionary(v, err);
}

int convert_texts(const struct catalog_conversion *self, struct catalog *c, struct err *err)
{
	struct converter v = { .conversion = self, .catalog = c, .compressor = text_compressor_new() };
	int rc;

	trace_phase(TRACE_COMPRESS);
	if (inflateInit(&v.z) != Z_OK)
		mem_exhausted(sizeof v.z);
	rc = convert(&v, err);
	inflateEnd(&v.z);
	text_compressor_free(v.compressor);
	text_way_free(v.way);
	buf_release(&v.old);
	buf_release(&v.text);
	buf_release(&v.frame);
	buf_release(&v.dictionary);
	return rc;
}
