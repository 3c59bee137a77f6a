/* corpus/generate/prose.h - sentences about a topic.
 *
 * English comes from a probabilistic context-free grammar (Booth & Thompson, IEEE Trans.
 * Computers C-22, 1973), so that words of grammar stand where they do and phrases of two
 * to five words recur; prose.c holds it as a table. Which word fills a place is drawn, as
 * chances have it, from
 *   - the topic: a handful of words and names that all articles of a story share;
 *   - what this article has said before: a rich word gets richer (Simon, Biometrika 42,
 *     1955), which is the burstiness that Church & Gale measured (Natural Language
 *     Engineering 1, 1995): a word met once is likely met again;
 *   - the language as a whole, by lexicon.h, words of the topic's section more often.
 * This mixture is a cut-down hierarchical Pitman-Yor process (Teh, ACL 2006).
 * Other languages get their small words and their words by turns, without a grammar.
 *
 * Owner   a prose writes to a buffer of the caller's and holds nothing.
 * Cost    about 100 ns a word.
 */
#ifndef MORGUE_PROSE_H
#define MORGUE_PROSE_H

#include "generate/lexicon.h"

#define TOPIC_WORDS   24u /* of nouns; the other kinds have fewer */
#define TOPIC_PHRASES 6u
#define PROSE_MEMORY  64u /* words of each kind that an article remembers having used */
#define SECTIONS      10u

struct topic {
	uint64_t seed;
	uint64_t words[LEMMA_KINDS][TOPIC_WORDS]; /* person i is given name i and surname i */
	uint64_t phrases[TOPIC_PHRASES][2];       /* an adjective and a noun that go together */
	uint32_t section;
	const struct script *script; /* NULL: English */
};

/* The topic of a seed; `vocabulary` bounds ranks unless 0. */
void topic_make(struct topic *t, uint64_t seed, uint32_t vocabulary, const struct script *script);

struct prose {
	const struct topic *topic;
	struct buf *out;
	struct rng rng;
	uint32_t vocabulary, oddities; /* the latter of 10,000 words */
	uint32_t words;                /* written since prose_init */
	bool curly;                    /* quotation marks */
	bool headline;                 /* words of the topic more often, no long sentences */

	/* of the sentence being written */
	bool capital, article, space; /* the next word: begins with one; follows "a"; follows a space */
	uint32_t met;                 /* persons of the topic that have been introduced, a bit each */
	uint32_t nused[LEMMA_KINDS];
	uint64_t used[LEMMA_KINDS][PROSE_MEMORY];
};

void prose_init(struct prose *p, const struct topic *t, uint64_t seed, struct buf *out);

void prose_headline(struct prose *p); /* 5 to 14 words, no full stop */
void prose_sentence(struct prose *p);
void prose_paragraph(struct prose *p); /* one to four sentences */
void prose_teaser(struct prose *p);    /* the beginning of a sentence */

#endif
