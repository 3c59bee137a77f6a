#include "upkeep/pack.h"

#include "base/trace.h"

/* What is gained must be this part of the catalog, or it is not written anew for it. */
#define WORTH_COMPACTING 32

struct packer {
	struct archive *archive;
	const volatile sig_atomic_t *stop;
	struct pack_result *result;
	struct text_deflater *deflater;
	struct buf texts;        /* of the block that is gathered, one behind the other */
	size_t ends[TEXT_BLOCK]; /* of each in .texts */
	uint64_t streams;        /* their bytes as they are stored */
	int64_t first;           /* the first one's number; the others follow it */
	unsigned n;
	struct buf stream;
};

/* Store the block that is gathered, and begin a new one. */
static int store_block(struct packer *p, struct err *err)
{
	size_t at = 0;
	int rc = 0;

	for (unsigned i = 0; p->n > 1 && i < p->n && rc == 0; i++) {
		text_deflate_piece(p->deflater, i + 1, bytes_of(p->texts.p + at, p->ends[i] - at),
				   &p->stream);
		rc = catalog_set_stream(p->archive->catalog, p->first + i, i + 1, buf_bytes(&p->stream), err);
		p->result->bytes_packed += p->stream.n;
		at = p->ends[i];
	}
	if (p->n > 1) {
		p->result->articles += p->n;
		p->result->bytes += p->streams;
	}
	p->n = 0;
	p->streams = 0;
	buf_reset(&p->texts);
	return rc;
}

/* Add an article to the block, or begin another one with it. */
static int gather(struct packer *p, int64_t number, struct err *err)
{
	struct catalog_article row;
	struct bytes text;
	int rc = 0, got;

	if (p->n == TEXT_BLOCK || (p->n && number != p->first + p->n))
		rc = store_block(p, err);
	if (rc < 0 || (got = catalog_stream(p->archive->catalog, number, &row, &p->stream, err)) < 0)
		return rc < 0 ? rc : got;
	if ((rc = text_loader_inflate(&p->archive->texts, row.stream, row.size, "a text", &text, err)) < 0)
		return rc;
	if (!p->n)
		p->first = number;
	buf_add_bytes(&p->texts, text);
	p->streams += row.stream.n;
	p->ends[p->n++] = p->texts.n;
	return 0;
}

/* One transaction: from the article after *after on. 1 there may be more, 0 that was all. */
static int pack_some(struct packer *p, int64_t *after, struct err *err)
{
	int got = 1, rc = catalog_begin(p->archive->catalog, err);

	for (unsigned i = 0; rc == 0 && got > 0 && i < PACK_COMMIT; i++) {
		if (*p->stop)
			rc = err_stopped(err);
		else if ((got = catalog_next_loose(p->archive->catalog, PACK_TEXT, after, err)) < 0)
			rc = got;
		else if (got > 0)
			rc = gather(p, *after, err);
	}
	if (rc == 0)
		rc = store_block(p, err);
	if (rc == 0)
		rc = catalog_commit(p->archive->catalog, err);
	if (rc < 0) {
		catalog_rollback(p->archive->catalog, NULL);
		return rc;
	}
	rc = catalog_fold(p->archive->catalog, err);
	return rc < 0 ? rc : got;
}

/* Rows that shrank leave their pages with room to spare. */
static int compact(struct packer *p, struct err *err)
{
	uint64_t catalog, segments;
	int rc = archive_sizes(p->archive, &catalog, &segments, err);

	if (rc < 0 || (p->result->bytes - p->result->bytes_packed) * WORTH_COMPACTING < catalog)
		return rc;
	return catalog_compact(p->archive->catalog, err);
}

int pack_texts(struct archive *a, const volatile sig_atomic_t *stop, struct pack_result *result,
	       struct err *err)
{
	struct packer p = { .archive = a, .stop = stop, .result = result };
	struct buf dictionary = BUF_INIT;
	int64_t after = 0;
	int rc;

	*result = (struct pack_result){ 0 };
	if (a->store != STORE_SMALL)
		return 0;
	if ((rc = catalog_newest_dictionary(a->catalog, &dictionary, err)) > 0) {
		trace_phase(TRACE_DEFLATE);
		p.deflater = text_deflater_new(STORE_SMALL, buf_bytes(&dictionary));
		while ((rc = pack_some(&p, &after, err)) > 0)
			;
		if (rc == 0)
			rc = compact(&p, err);
		text_deflater_free(p.deflater);
	}
	buf_release(&dictionary);
	buf_release(&p.texts);
	buf_release(&p.stream);
	return rc;
}

/* ---- the reverse ---- */

/* Let a piece of a block, of which none comes after it, stand alone. */
static int loosen(struct archive *a, struct text_deflater *d, int64_t number, struct buf *stream,
		  struct err *err)
{
	struct catalog_article row;
	int got = archive_article(a, number, &row, err);

	if (got <= 0)
		return got;
	text_deflate(d, buf_bytes(&a->texts.text), stream);
	return catalog_set_stream(a->catalog, number, 0, buf_bytes(stream), err);
}

/* How many pieces there are of this article's block from its own on. */
static int count_from(struct archive *a, int64_t number, unsigned *n, struct buf *scratch, struct err *err)
{
	struct catalog_article row;
	int got = catalog_stream(a->catalog, number, &row, scratch, err);
	unsigned piece = got > 0 ? row.piece : 0;

	for (*n = 0; piece && got > 0; *n += got > 0) {
		got = catalog_stream(a->catalog, number + *n, &row, scratch, err);
		got = got > 0 && row.piece != piece + *n ? 0 : got;
	}
	return got < 0 ? got : 0;
}

/* Let the pieces stand alone that come after the first `stay` of those from this article on. The last
 * ones first: each needs those before it. */
static int loosen_from(struct archive *a, int64_t number, unsigned stay, struct err *err)
{
	struct buf dictionary = BUF_INIT, stream = BUF_INIT;
	struct text_deflater *d = NULL;
	unsigned n;
	int rc = count_from(a, number, &n, &stream, err);

	if (rc == 0 && n > stay && (rc = catalog_newest_dictionary(a->catalog, &dictionary, err)) >= 0) {
		d = text_deflater_new(a->store, buf_bytes(&dictionary));
		rc = 0;
	}
	for (unsigned i = n; d && rc == 0 && i > stay; i--)
		rc = loosen(a, d, number + i - 1, &stream, err);
	text_deflater_free(d);
	buf_release(&dictionary);
	buf_release(&stream);
	return rc;
}

int pack_loosen(struct archive *a, int64_t number, struct err *err)
{
	return loosen_from(a, number, 1, err);
}

int pack_unpack(struct archive *a, int64_t number, struct err *err)
{
	return loosen_from(a, number, 0, err);
}
