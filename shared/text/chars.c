#include "text/chars.h"

#include <utf8proc.h>

const uint8_t char_ascii[128] = {
	['0' ... '9'] = CHAR_DIGIT, ['A' ... 'Z'] = CHAR_LETTER, ['a' ... 'z'] = CHAR_LETTER,
	['\''] = CHAR_APOSTROPHE,   ['`'] = CHAR_APOSTROPHE,     ['-'] = CHAR_HYPHEN,
	['_'] = CHAR_HYPHEN,        ['&'] = CHAR_AMPERSAND,      ['$'] = CHAR_CURRENCY,
	['%'] = CHAR_PERCENT,
};

/* Scripts written without spaces that bigrams serve (Unicode blocks). */
static bool is_cjk(uint32_t c)
{
	static const struct {
		uint32_t first, last;
	} blocks[] = {
		{ 0x1100, 0x11FF },   /* Hangul Jamo */
		{ 0x2E80, 0x2FDF },   /* CJK and Kangxi radicals */
		{ 0x3005, 0x3007 },   /* iteration mark, zero */
		{ 0x3041, 0x30FF },   /* Hiragana, Katakana */
		{ 0x3105, 0x318F },   /* Bopomofo, Hangul compatibility Jamo */
		{ 0x31F0, 0x31FF },   /* Katakana extensions */
		{ 0x3400, 0x4DBF },   /* Han extension A */
		{ 0x4E00, 0x9FFF },   /* Han */
		{ 0xA960, 0xA97F },   /* Hangul Jamo extended A */
		{ 0xAC00, 0xD7FF },   /* Hangul syllables, Jamo extended B */
		{ 0xF900, 0xFAFF },   /* Han compatibility */
		{ 0xFF66, 0xFFDC },   /* half-width kana and Hangul */
		{ 0x20000, 0x323AF }, /* Han extensions B to H */
	};

	for (size_t i = 0; i < sizeof blocks / sizeof *blocks && c >= blocks[i].first; i++)
		if (c <= blocks[i].last)
			return true;
	return false;
}

/* Letters include what is written as a letter and means a number: Roman numerals. */
static enum char_class category_class(uint32_t c)
{
	switch (utf8proc_category((utf8proc_int32_t)c)) {
	case UTF8PROC_CATEGORY_LU:
	case UTF8PROC_CATEGORY_LL:
	case UTF8PROC_CATEGORY_LT:
	case UTF8PROC_CATEGORY_LM:
	case UTF8PROC_CATEGORY_LO:
	case UTF8PROC_CATEGORY_NL: return is_cjk(c) ? CHAR_CJK : CHAR_LETTER;
	case UTF8PROC_CATEGORY_ND: return CHAR_DIGIT;
	case UTF8PROC_CATEGORY_MN:
	case UTF8PROC_CATEGORY_MC:
	case UTF8PROC_CATEGORY_ME: return CHAR_EXTEND;
	case UTF8PROC_CATEGORY_SC: return CHAR_CURRENCY;
	default: return CHAR_OTHER;
	}
}

enum char_class char_class(uint32_t c)
{
	if (c < 0x80)
		return (enum char_class)char_ascii[c];
	if (c >= 0x00C0 && c < 0x0250)
		return c == 0x00D7 || c == 0x00F7 ? CHAR_OTHER : CHAR_LETTER;
	switch (c) {
	case 0x00B4: /* an acute that stands alone, as in don´t */
	case 0x02BB: /* okina and its like: Hawaiʻi, Qurʾān */
	case 0x02BC:
	case 0x02BD:
	case 0x02BE:
	case 0x02BF:
	case 0x2018: /* a left quote inside a word stands for an apostrophe: O‘Brien, Qur‘an */
	case 0x2019:
	case 0x201B:
	case 0xFF07: return CHAR_APOSTROPHE;
	case 0x2010:
	case 0x2011:
	case 0xFF0D: return CHAR_HYPHEN;
	case 0xFF06: return CHAR_AMPERSAND;
	case 0x2030:
	case 0xFF05: return CHAR_PERCENT;
	case 0x00AD: /* soft hyphen */
	case 0x115F: /* Hangul fillers: letters that show nothing */
	case 0x1160:
	case 0x3164:
	case 0xFFA0:
	case 0x200C: /* zero-width non-joiner, joiner */
	case 0x200D:
	case 0x2060: /* word joiner, and the older way to write it */
	case 0xFEFF:
	case 0xFF9E: /* half-width voicing marks */
	case 0xFF9F: return CHAR_EXTEND;
	default: return category_class(c);
	}
}

enum char_class char_class_wide(struct bytes text, size_t at, size_t *size)
{
	uint32_t c;

	*size = utf8_decode(text.p + at, text.p + text.n, &c);
	return char_class(c);
}

bool char_is_upper(uint32_t c)
{
	utf8proc_category_t category;

	if (c < 0x80)
		return c >= 'A' && c <= 'Z';
	category = utf8proc_category((utf8proc_int32_t)c);
	return category == UTF8PROC_CATEGORY_LU || category == UTF8PROC_CATEGORY_LT;
}

bool char_is_lower(uint32_t c)
{
	if (c < 0x80)
		return c >= 'a' && c <= 'z';
	if (c >= 0x0590 && (c < 0x1E00 || c >= 0x2000)) /* Georgian, say, has small letters only */
		return false;
	return utf8proc_category((utf8proc_int32_t)c) == UTF8PROC_CATEGORY_LL;
}
