/* indexer/article.h - an article on its way in: as read, and as extracted.
 *
 * Owner   both structs own their buffers and are reused from article to
 *         article (reset, not released), so a bulk run does not allocate per
 *         article.
 */
#ifndef MORGUE_ARTICLE_H
#define MORGUE_ARTICLE_H

#include "base/buf.h"
#include "base/civil.h"

/* What a reader found, as raw bytes: any encoding error, any length of title,
 * nothing decided yet. An empty buf means "the format does not say". */
struct raw_article {
	struct buf id, title, date, source, author, section, url, lang, tags, body;
	bool first_line_is_title; /* no title given: extract takes the first line of body that is text */
	uint64_t offset;          /* first byte of the article in its (decompressed) file */
};

void raw_article_reset(struct raw_article *a);
size_t raw_article_memory(const struct raw_article *a); /* bytes its buffers hold */
void raw_article_release(struct raw_article *a);

enum date_method { /* how the date was found; stored, so never renumber */
		   DATE_NOT_FOUND = 0,
		   DATE_FIELD = 1, /* a date field of the format or front matter */
		   DATE_PATH = 2,  /* the file's path or name */
};

/* What is stored and indexed: valid UTF-8 throughout. */
struct article {
	struct buf key;   /* the article's own identifier, may be empty */
	struct buf title; /* one line, trimmed */
	struct buf body;  /* paragraphs, LF line ends */
	struct buf source, author, section, url, lang;
	struct buf tags;         /* space-separated "topic:cocoa place:usa" */
	struct range *furniture; /* page furniture in body, on line boundaries: stored, not indexed */
	size_t nfurniture, furniture_cap;
	int64_t date;   /* seconds of local civil time (civil.h), or CIVIL_NONE */
	char precision; /* 'y', 'm', 'd', 't' (minute), 's' (second); 0 without a date */
	enum date_method method;
	int offset;     /* the date's zone in minutes east of UTC, or DATE_NO_ZONE */
	size_t repairs; /* invalid bytes replaced by U+FFFD */
};

#define DATE_NO_ZONE 9999 /* the source gave no zone */

void article_reset(struct article *a);
size_t article_memory(const struct article *a);
void article_release(struct article *a);

#endif
