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
	CHAR_APOSTROPHE, /* ' and its curly and full-width kin */
	CHAR_HYPHEN,     /* - and its kin, underscore: joins parts; dashes do not */
	CHAR_AMPERSAND,
	CHAR_CURRENCY,
	CHAR_PERCENT,    /* % and per mille */
};

enum char_class char_class(uint32_t c);

/* Decode the character at `at` and class it; CHAR_OTHER and size 0 at the end. */
enum char_class char_class_at(struct bytes text, size_t at, size_t *size);

bool char_is_upper(uint32_t c);

#endif
