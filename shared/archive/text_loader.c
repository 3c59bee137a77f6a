#include "archive/text_loader.h"

#include "base/mem.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

struct text_dictionary {
	uint32_t id;
	struct buf bytes;
};

void text_loader_init(struct text_loader *l, const char *path, struct catalog *catalog)
{
	*l = (struct text_loader){ .path = path, .catalog = catalog, .inflater = text_inflater_new() };
}

void text_loader_release(struct text_loader *l)
{
	text_inflater_free(l->inflater);
	for (size_t i = 0; i < l->ndictionaries; i++)
		buf_release(&l->dictionaries[i].bytes);
	free(l->dictionaries);
	buf_release(&l->text);
	buf_release(&l->piece);
	*l = (struct text_loader){ .path = NULL };
}

static int fetch_dictionary(struct text_loader *l, uint32_t id, const char *what, struct bytes *dictionary,
			    struct err *err)
{
	struct buf bytes = BUF_INIT;
	int rc = catalog_dictionary(l->catalog, id, &bytes, err);

	if (rc == 0)
		rc = err_set(err, ERR_CORRUPT,
			     "%s: catalog.db: %s wants dictionary %" PRIu32 ", which is not there", l->path,
			     what, id);
	else if (rc > 0 && (bytes.n > DICTIONARY_MAX || text_dictionary_id(buf_bytes(&bytes)) != id))
		rc = err_set(err, ERR_CORRUPT,
			     "%s: catalog.db: dictionary %" PRIu32 ", which %s wants, is damaged", l->path,
			     id, what);
	if (rc < 0) {
		buf_release(&bytes);
		return rc;
	}
	MEM_GROW(l->dictionaries, l->cap, l->ndictionaries + 1);
	l->dictionaries[l->ndictionaries++] = (struct text_dictionary){ id, bytes };
	*dictionary = buf_bytes(&bytes);
	return 0;
}

static int find_dictionary(struct text_loader *l, uint32_t id, const char *what, struct bytes *dictionary,
			   struct err *err)
{
	for (size_t i = 0; i < l->ndictionaries; i++)
		if (l->dictionaries[i].id == id) {
			*dictionary = buf_bytes(&l->dictionaries[i].bytes);
			return 0;
		}
	return fetch_dictionary(l, id, what, dictionary, err);
}

static int damaged(const struct text_loader *l, const char *what, struct err *err)
{
	return err_set(err, ERR_CORRUPT, "%s: catalog.db: %s is damaged", l->path, what);
}

int text_loader_inflate(struct text_loader *l, struct bytes stream, int64_t size, const char *what,
			struct bytes *text, struct err *err)
{
	struct bytes dictionary = BYTES_NONE;
	uint32_t id;
	int rc;

	l->in_block = 0;
	if (text_names_dictionary(stream, &id) && (rc = find_dictionary(l, id, what, &dictionary, err)) < 0)
		return rc;
	if (size < 0 || text_inflate(l->inflater, stream, dictionary, (uint64_t)size, &l->text) < 0)
		return damaged(l, what, err);
	*text = buf_bytes(&l->text);
	return 0;
}

/* Inflate a piece into l->text, of which all those before are inflated. */
static int inflate_piece(struct text_loader *l, const struct catalog_article *row, const char *what,
			 struct err *err)
{
	struct bytes dictionary = BYTES_NONE;
	uint32_t id;
	int rc;

	l->in_block = 0;
	if (row->piece == 1 && text_names_dictionary(row->stream, &id) &&
	    (rc = find_dictionary(l, id, what, &dictionary, err)) < 0)
		return rc;
	if (row->size < 0 || text_inflate_piece(l->inflater, row->piece, row->stream, dictionary,
						(uint64_t)row->size, &l->text) < 0)
		return damaged(l, what, err);
	l->in_block = row->number;
	return 0;
}

/* Inflate what stands before this piece in its block. */
static int inflate_before(struct text_loader *l, const struct catalog_article *row, const char *what,
			  struct err *err)
{
	if (row->piece == 1 || l->in_block == row->number - 1)
		return 0;
	if (row->piece > TEXT_BLOCK_MAX || row->number < row->piece)
		return damaged(l, what, err);
	for (unsigned piece = 1; piece < row->piece; piece++) {
		struct catalog_article before;
		int got =
			catalog_stream(l->catalog, row->number - row->piece + piece, &before, &l->piece, err);

		if (got < 0)
			return got;
		if (!got || before.piece != piece)
			return damaged(l, what, err);
		if ((got = inflate_piece(l, &before, what, err)) < 0)
			return got;
	}
	return 0;
}

int text_loader_load(struct text_loader *l, struct catalog_article *row, struct err *err)
{
	struct bytes text;
	char what[48];
	int rc;

	snprintf(what, sizeof what, "the text of article %" PRId64, row->number);
	if (!row->piece)
		rc = text_loader_inflate(l, row->stream, row->size, what, &text, err);
	else if ((rc = inflate_before(l, row, what, err)) == 0)
		rc = inflate_piece(l, row, what, err);
	if (rc < 0)
		return rc;
	return text_split(buf_bytes(&l->text), &row->text) < 0 ? damaged(l, what, err) : 0;
}
