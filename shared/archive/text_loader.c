#include "archive/text_loader.h"

#include "base/mem.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

struct named_dictionary {
	uint32_t name;
	struct text_dictionary *dictionary;
};

void text_loader_init(struct text_loader *l, const char *path, struct catalog *catalog)
{
	*l = (struct text_loader){ .path = path,
				   .catalog = catalog,
				   .decompressor = text_decompressor_new() };
}

void text_loader_release(struct text_loader *l)
{
	text_decompressor_free(l->decompressor);
	for (size_t i = 0; i < l->ndictionaries; i++)
		text_dictionary_free(l->dictionaries[i].dictionary);
	free(l->dictionaries);
	buf_release(&l->text);
	*l = (struct text_loader){ .path = NULL };
}

static int fetch_dictionary(struct text_loader *l, uint32_t name, const char *what,
			    const struct text_dictionary **dictionary, struct err *err)
{
	struct text_dictionary *made = NULL;
	struct buf bytes = BUF_INIT;
	int rc = catalog_dictionary(l->catalog, name, &bytes, err);

	if (rc == 0)
		rc = err_set(err, ERR_CORRUPT,
			     "%s: catalog.db: %s wants dictionary %" PRIu32 ", which is not there", l->path,
			     what, name);
	else if (rc > 0 && !(made = text_dictionary_new(buf_bytes(&bytes), name)))
		rc = err_set(err, ERR_CORRUPT,
			     "%s: catalog.db: dictionary %" PRIu32 ", which %s wants, is damaged", l->path,
			     name, what);
	buf_release(&bytes);
	if (rc < 0)
		return rc;
	MEM_GROW(l->dictionaries, l->cap, l->ndictionaries + 1);
	l->dictionaries[l->ndictionaries++] = (struct named_dictionary){ name, made };
	*dictionary = made;
	return 0;
}

static int find_dictionary(struct text_loader *l, uint32_t name, const char *what,
			   const struct text_dictionary **dictionary, struct err *err)
{
	for (size_t i = 0; i < l->ndictionaries; i++)
		if (l->dictionaries[i].name == name) {
			*dictionary = l->dictionaries[i].dictionary;
			return 0;
		}
	return fetch_dictionary(l, name, what, dictionary, err);
}

static int damaged(const struct text_loader *l, const char *what, struct err *err)
{
	return err_set(err, ERR_CORRUPT, "%s: catalog.db: %s is damaged", l->path, what);
}

int text_loader_decompress(struct text_loader *l, struct bytes frame, int64_t size, const char *what,
			   struct bytes *text, struct err *err)
{
	const struct text_dictionary *dictionary = NULL;
	uint32_t name = text_wants_dictionary(frame);
	int rc;

	if (name && (rc = find_dictionary(l, name, what, &dictionary, err)) < 0)
		return rc;
	if (size < 0 || text_decompress(l->decompressor, frame, dictionary, (uint64_t)size, &l->text) < 0)
		return damaged(l, what, err);
	*text = buf_bytes(&l->text);
	return 0;
}

int text_loader_load(struct text_loader *l, struct catalog_article *row, struct err *err)
{
	struct bytes text;
	char what[48];
	int rc;

	snprintf(what, sizeof what, "the text of article %" PRId64, row->number);
	if ((rc = text_loader_decompress(l, row->frame, row->size, what, &text, err)) < 0)
		return rc;
	return text_split(text, &row->text) < 0 ? damaged(l, what, err) : 0;
}
