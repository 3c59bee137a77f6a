/* corpus/generate/news.h - made-up articles as an archive holds them, in the order they came in.
 *
 * Shape   topics from stories.h, text from prose.h, and around it what piles of real
 *         articles have: sources by Zipf's law, each with its ways to write headlines and
 *         dates, its staff and its page; copies of one story in several papers, cut and
 *         edited; dates that are missing, or long past when the article comes in; page
 *         furniture, and teasers for other stories; other languages.
 *         The same options give the same articles on every machine and compiler.
 * Owner   a struct news owns its buffers; newsroom_next reuses them. A newsroom holds no
 *         article: one that is copied or teased is made again from its story's seed.
 * Cost    about 60 MB/s. docs/DECISIONS.md, "What made-up news is like", has its figures.
 *
 *	room = newsroom_new(&(struct news_options){ .articles = 1000, .seed = 1 });
 *	while (newsroom_next(room, &news))
 *		news_json(&news, &line);
 */
#ifndef MORGUE_NEWS_H
#define MORGUE_NEWS_H

#include "base/buf.h"
#include "base/civil.h"

#define NEWS_FIRST_DAY 12786 /* 2005-01-03, a Monday, in days since 1970 */

struct news {
	struct buf id, title, body, source, author, section, url, lang;
	struct buf date;         /* as the source writes it; empty: not given */
	int64_t seconds;         /* the same as civil seconds, or CIVIL_NONE */
	struct range *furniture; /* lines of the body that the indexer's rules know as furniture */
	size_t nfurniture, furniture_cap;
	bool copy, late; /* of another paper's text; dated long before it came in */
};

struct news_options {
	uint64_t articles, seed;
	uint32_t words;      /* of a body, on average; 0: 420 */
	uint32_t days;       /* the dates lie on about so many days; 0: 20 years */
	uint32_t sources;    /* papers in English; 0: 120 */
	uint32_t vocabulary; /* lemmas of each kind: few of them make dense postings; 0: no end */
	uint32_t oddities;   /* of 10,000 words that are no grammar so many are odd ones: COVID-19, AT&T */

	/* Of 10,000 articles so many: */
	uint32_t undated;
	uint32_t late;
	uint32_t copies;     /* near copies of an earlier one, a quarter with the very same text */
	uint32_t duplicates; /* the article before once more, id and all */
	uint32_t furniture;
	uint32_t scripts; /* in another language, most in another script */
	uint32_t lacking; /* no headline, and as many no body */
};

struct newsroom;

struct newsroom *newsroom_new(const struct news_options *options);
void newsroom_free(struct newsroom *r); /* NULL is fine */

/* The next article; false after the last. Between calls `out` may be moved, not changed:
 * a duplicate is what it held before. */
bool newsroom_next(struct newsroom *r, struct news *out);

void news_release(struct news *n);

/* Append the article as a line of JSON. */
void news_json(const struct news *n, struct buf *out);

#endif
