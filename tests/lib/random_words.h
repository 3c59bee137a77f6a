/* tests/lib/random_words.h - the vocabulary of random_news.h: English-like words by Zipf's law.
 *
 * Shape   lemma i is drawn with weight 1 / (i + 1). Each has several written forms
 *         (gate, gates, gate's, Gate, Gates). The commonest are real words whose
 *         stems meet or nearly do; the rest are invented.
 * Cost    a draw: one alias look-up and one copy, some 10 ns. Vose, IEEE TSE 17 (9), 1991.
 */
#ifndef MORGUE_RANDOM_WORDS_H
#define MORGUE_RANDOM_WORDS_H

#include "base/arena.h"
#include "base/buf.h"
#include "lib/rng.h"

struct random_words {
	uint32_t lemmas;
	struct bytes *forms; /* a fixed number for each lemma */
	struct alias *alias;
	struct arena arena;
};

void random_words_init(struct random_words *w, uint32_t lemmas, struct rng *r);
void random_words_release(struct random_words *w);

/* Append a form of some lemma, as the 64 random bits say. */
void random_word(const struct random_words *w, uint64_t random, struct buf *out);

/* Append one odd word, or a few that belong together: COVID-19, AT T, $5bn. */
void random_oddity(uint64_t random, struct buf *out);

#endif
