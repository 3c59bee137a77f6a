/* tests/lib/random_news.h - made-up news from a seed, for property tests and the benchmark.
 *
 * Shape   words follow Zipf's law over lemmas, each in several written forms, so that
 *         stems meet (gate, gates, Gates; university, universe). Headlines and
 *         paragraphs of sentences with capitals, commas, quotations and phrases that
 *         recur; with oddities also compounds, acronyms, numbers, accents, CJK.
 *         Some articles have no date, share one, repeat an earlier text, or lack a
 *         headline or a body, so that scores and dates tie.
 *         The same seed and options give the same articles on every machine.
 * Owner   a struct news owns its buffers; random_news_next reuses them.
 * Cost    60 MB/s of text and more; a word is drawn and copied (random_words.h).
 *
 *	r = random_news_new(seed, &(struct news_options){ .lemmas = 20000 });
 *	while (size < wanted) {
 *		random_news_next(r, &news);
 *		news_json(&news, ++id, &line);
 *	}
 */
#ifndef MORGUE_RANDOM_NEWS_H
#define MORGUE_RANDOM_NEWS_H

#include "base/buf.h"
#include "base/civil.h"

struct news {
	struct buf title, body, source;
	int64_t date;            /* civil seconds or CIVIL_NONE */
	bool timed;              /* the date has hours and minutes */
	struct range *furniture; /* lines of the body that the indexer's rules know as furniture */
	size_t nfurniture, furniture_cap;
};

struct news_options {
	uint32_t lemmas;    /* words known, inflections apart; few of them make dense postings; 0: 20,000 */
	uint32_t words;     /* of a body, on average; 0: 300 */
	uint32_t days;      /* the dates lie on so many days; 0: 10,000 */
	uint32_t oddities;  /* one word in so many is an odd one; 0: none */
	uint32_t repeats;   /* one article in so many repeats an earlier text; 0: none */
	uint32_t furniture; /* one article in so many has page furniture; 0: none */
	uint32_t undated;   /* one article in so many has no date, no headline or no body; 0: none */
};

struct random_news;

struct random_news *random_news_new(uint64_t seed, const struct news_options *options);
void random_news_free(struct random_news *r); /* NULL is fine */
void random_news_next(struct random_news *r, struct news *out);

void news_copy(struct news *to, const struct news *from); /* `to` is zeroed or a copy made before */
void news_release(struct news *n);

/* Append the article as a line of JSON; ids differ between articles of equal text. */
void news_json(const struct news *n, uint64_t id, struct buf *out);

#endif
