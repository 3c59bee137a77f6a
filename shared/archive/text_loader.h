/* shared/archive/text_loader.h - texts out of the catalog, with the dictionaries that
 * their frames name.
 *
 * Owner   the fields of an article that was loaded lie in the loader, until it loads the
 *         next one; the rest of the article stays the catalog's.
 * Errors  a frame that is damaged, or names a dictionary that is missing or is not the
 *         one of that name: ERR_CORRUPT with a sentence. An error of the catalog: its own.
 * Cost    a dictionary is fetched when it is first named, and kept.
 */
#ifndef MORGUE_TEXT_LOADER_H
#define MORGUE_TEXT_LOADER_H

#include "archive/catalog.h"

struct text_loader {
	const char *path; /* of the archive, for the sentences */
	struct catalog *catalog;
	struct text_decompressor *decompressor;
	struct named_dictionary *dictionaries; /* those that were named */
	size_t ndictionaries, cap;
	struct buf text; /* the one loaded last */
};

void text_loader_init(struct text_loader *l, const char *path,
		      struct catalog *catalog); /* both are borrowed */
void text_loader_release(struct text_loader *l);

/* Decompress row->frame and set row->text. 0 or negative. */
int text_loader_load(struct text_loader *l, struct catalog_article *row, struct err *err);

/* Decompress the frame of a text of `size` bytes into the loader, to be borrowed from there. `what`
 * names it in a sentence. 0 or negative. */
int text_loader_decompress(struct text_loader *l, struct bytes frame, int64_t size, const char *what,
			   struct bytes *text, struct err *err);

#endif
