/* query/loaded.h - an article with its text and furniture, as hits and `show` need it. */
#ifndef MORGUE_LOADED_H
#define MORGUE_LOADED_H

#include "archive/archive.h"

struct loaded {
	struct catalog_article row; /* borrowed from the archive, until it loads another one */
	struct range *furniture;
	size_t nfurniture, furniture_cap;
};

void loaded_release(struct loaded *l);

/* Its newest text. 0, ERR_NOT_FOUND, or another error. */
int load_article(struct archive *archive, int64_t number, struct loaded *l, struct err *err);

/* That of its texts which has the number `revision`. The same. */
int load_revision(struct archive *archive, int64_t number, int64_t revision, struct loaded *l,
		  struct err *err);

#endif
