/* indexer/recognise.h - is this article in the archive already?
 *
 * What makes two articles the same: the same id within the same source, or the same site
 * where no source is named; without an id the same canonical URL (url.h); without one the
 * same title, text, date and source. Where neither source nor site is known, two articles of
 * one id must also agree in headline or date. Hashes find candidates, the bytes decide.
 * A text is another one if title, date, source or a line that is searched differs: pages have other
 * teasers around them each time they are fetched.
 */
#ifndef MORGUE_RECOGNISE_H
#define MORGUE_RECOGNISE_H

#include "archive/archive.h"
#include "article.h"

enum recognised {
	ARTICLE_NEW,
	ARTICLE_KNOWN,   /* the same article with a text that it has, or had before */
	ARTICLE_CHANGED, /* the same id or URL as one that is there, but another text */
};

/* The article that has changed, as it is there. */
struct recognised_article {
	int64_t number, revision, story;
	uint32_t text; /* hash by which its text is to be known once it is an older one */
};

struct recogniser {
	struct buf url, other_url; /* scratch: canonical forms; */
	struct buf lines, there;   /* lines that are searched, of the article and of one that is there; */
	struct range *furniture;   /* of that one */
	size_t furniture_cap;
	uint32_t identity; /* hash of the article asked about last */
	struct recognised_article changed;
};

void recogniser_release(struct recogniser *r);

/* What a loaded article is to be found by, and what an older text of it. */
uint32_t recogniser_identity(struct recogniser *r, const struct catalog_article *row);
uint32_t recogniser_older(struct recogniser *r, const struct catalog_article *row);

/* An enum recognised, or negative. Sets r->identity for the catalog, and r->changed for what has. */
int recognise(struct recogniser *r, struct archive *archive, const struct article *a, struct err *err);

#endif
