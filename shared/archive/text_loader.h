/* shared/archive/text_loader.h - texts out of the catalog, with the dictionaries that
 * their streams name.
 *
 * Owner   the fields of an article that was loaded lie in the loader, until it loads the
 *         next one; the rest of the article stays the catalog's.
 * Errors  a stream that is damaged, or names a dictionary that is missing or is not the
 *         one of that name: ERR_CORRUPT with a sentence. An error of the catalog: its own.
 * Cost    a dictionary is fetched when it is first named, and kept. A text in a block costs
 *         the pieces before it too, unless the one before it was loaded last.
 */
#ifndef MORGUE_TEXT_LOADER_H
#define MORGUE_TEXT_LOADER_H

#include "archive/catalog.h"

struct text_loader {
	const char *path; /* of the archive, for the sentences */
	struct catalog *catalog;
	struct text_inflater *inflater;
	struct text_dictionary *dictionaries; /* those that were named */
	size_t ndictionaries, cap;
	struct buf text;  /* the one loaded last */
	struct buf piece; /* a stream of the block that it is in */
	int64_t in_block; /* the inflater stands behind this article's piece; 0: behind none */
};

void text_loader_init(struct text_loader *l, const char *path,
		      struct catalog *catalog); /* both are borrowed */
void text_loader_release(struct text_loader *l);

/* Inflate row->stream and set row->text. 0 or negative. */
int text_loader_load(struct text_loader *l, struct catalog_article *row, struct err *err);

/* Inflate a stream of `size` bytes into the loader, to be borrowed from there. `what` names
 * it in a sentence. 0 or negative. */
int text_loader_inflate(struct text_loader *l, struct bytes stream, int64_t size, const char *what,
			struct bytes *text, struct err *err);

#endif
