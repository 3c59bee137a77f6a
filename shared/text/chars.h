/* shared/text/chars.h - what a character is to the tokenizer. */
#ifndef MORGUE_CHARS_H
#define MORGUE_CHARS_H

#include "text/utf8.h"

enum char_class {
	CHAR_OTHER,      /* space, punctuation, symbols: between words */
	CHAR_LETTER,     /* letters of scripts that write words apart */
	CHAR_DIGIT,      /* decimal digits of any script */
	CHAR_CJK,        /* Han, kana, Hangul: cut into bigrams */
	CHAR_EXTEND,     /* combining marks, soft hyphen, joiners: continue a word, never begin one */
	CHAR_APOSTROPHE, /* ' and its curly and full-width kin, grave, acute, okina, hamza */
	CHAR_HYPHEN,     /* - and its kin, underscore: joins parts; dashes do not */
	CHAR_AMPERSAND,
	CHAR_CURRENCY,
	CHAR_PERCENT, /* % and per mille */
};

extern const uint8_t char_ascii[128]; /* the class of each ASCII character */

enum char_class char_class(uint32_t c);

/* As char_class_at, where a byte that is not ASCII stands. */
enum char_class char_class_wide(struct bytes text, size_t at, size_t *size);

/* Decode the character at `at` and class it; CHAR_OTHER and size 0 at the end. */
static inline enum char_class char_class_at(struct bytes text, size_t at, size_t *size)
{
	if (at >= text.n) {
		*size = 0;
		return CHAR_OTHER;
	}
	if (text.p[at] >= 0x80)
		return char_class_wide(text, at, size);
	*size = 1;
	return (enum char_class)char_ascii[text.p[at]];
}

bool char_is_upper(uint32_t c);

/* A small letter of a script in which sentences begin with a capital. */
bool char_is_lower(uint32_t c);

#endif
