/* corpus/generate/lexicon.h - a language without end, made up as it is spoken.
 *
 * Shape   a lemma is a kind and a rank, 0 the commonest. The first ones of each kind are
 *         ordinary English, some with stems that meet or nearly do (university, universe;
 *         gate, Gates). Behind them a lemma's rank is hashed into syllables: nothing is
 *         stored, so there are as many words as anyone asks for, and rarer ones are longer
 *         (Zipf's law of abbreviation). Two ranks may share a spelling, as words do.
 *         Other languages have syllables of their own script, and small words of their own.
 * Cost    a word: 30 to 60 ns.
 */
#ifndef MORGUE_LEXICON_H
#define MORGUE_LEXICON_H

#include "base/buf.h"
#include "generate/draws.h"

enum lemma_kind { NOUN, VERB, ADJECTIVE, GIVEN_NAME, SURNAME, PLACE, LEMMA_KINDS };

enum lemma_form {
	FORM_PLAIN,
	FORM_PLURAL,     /* of nouns; -s of verbs */
	FORM_POSSESSIVE, /* of nouns and names */
	FORM_PAST,       /* of verbs, as the next */
	FORM_ING,
	FORM_ADVERB, /* of adjectives */
};

/* Append the lemma; names begin with a capital, nothing else does. */
void lexicon_add(struct buf *out, enum lemma_kind kind, uint64_t rank, enum lemma_form form);

/* A rank, by the frequencies of the kind. */
uint64_t lexicon_draw(struct rng *r, enum lemma_kind kind);

/* One odd word, or a few that belong together, by number: COVID-19, AT T, $5bn. */
const char *lexicon_oddity(uint64_t number);

/* ---- other languages ---- */

struct script {
	const char *lang;                           /* ISO 639-1 */
	const char *onset[16], *vowel[8], *coda[8]; /* of a syllable; frequent ones several times */
	const char *ending[4];                      /* that a word may take */
	const char *small[16];                      /* words of its grammar */
	const char *open, *close, *comma, *stop;    /* quotation marks; the last two with their space */
	const char *space;                          /* between words: "" where none is written */
	uint32_t first, letters;                    /* where not 0: its words are of these characters */
	const char *paper;                          /* what its newspapers are called */
};

#define SCRIPTS 8u /* English is none of them */

extern const struct script scripts[SCRIPTS];

void script_add_word(struct buf *out, const struct script *s, uint64_t rank, bool ending);

#endif
