/* shared/text/words.h - cut a text into words: what is one word, and what hangs together.
 *
 * Shape   a text has less than 4 GiB. Words come in text order and do not overlap. `joined` words belong to
 *         one compound with the word before (COVID-19, $5bn); a CJK word is one
 *         whole run of characters.
 * Cost    linear: no character is looked at more than a few times; no allocation.
 * Rules   docs/QUERY.md, "What is a word"; tests/golden/tokens.tsv shows each.
 *
 *	words_init(&s, text);
 *	while (words_next(&s, &w))
 *		use(text.p + w.start, w.end - w.start);
 */
#ifndef MORGUE_WORDS_H
#define MORGUE_WORDS_H

#include "text/chars.h"

enum word_class {
	WORD_PLAIN = 'w',     /* letters and digits, inner apostrophes: Britain, MH370, O'Brien */
	WORD_NUMBER = '0',    /* digits, thousands separators, one decimal point, 's: 1,000 3.5 1986's */
	WORD_ACRONYM = '.',   /* single letters with full stops between: U.S. */
	WORD_AMPERSAND = '&', /* letters around an ampersand: AT&T */
	WORD_CJK = 'c',       /* a run of CJK characters */
};

struct word {
	uint32_t start, end; /* bytes in the text */
	enum word_class class;
	bool joined;         /* one compound with the word before */
	bool after_hyphen;   /* joined by a hyphen or underscore, not as a number's unit */
	uint8_t sign_before; /* bytes of a currency sign directly before a number, or 0 */
	uint8_t sign_after;  /* bytes of a percent or currency sign directly after a number, or 0 */
};

struct word_scanner {
	struct bytes text;
	size_t at;      /* where to look next */
	bool join_next; /* the word before ended in something that joins */
	bool unit_next; /* a number ended directly before a unit */
};

void words_init(struct word_scanner *s, struct bytes text);
bool words_next(struct word_scanner *s, struct word *w);

#endif
