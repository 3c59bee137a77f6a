#include "text/words.h"

/* Letters that, directly after digits, are a unit and so a word of their own
 * (5bn, 30km, 7pm). Others make one word with the digits (1990s, 5G, 20th). */
static const char *const units[] = {
	"b",   "bln",  "bn",  "bps",     "cc",      "cm",       "cwt",     "ft", "gb",  "ghz",  "gw", "gwh",
	"ha",  "hp",   "hr",  "hrs",     "in",      "k",        "kb",      "kg", "kgs", "khz",  "km", "kmh",
	"kms", "kph",  "kt",  "kw",      "kwh",     "lb",       "lbs",     "m",  "mb",  "mbps", "mg", "mhz",
	"min", "mins", "ml",  "mln",     "mm",      "mn",       "mph",     "mw", "mwh", "oz",   "p",  "pc",
	"pct", "pm",   "am",  "ppm",     "sec",     "secs",     "sq",      "tb", "tn",  "trn",  "tw", "yd",
	"yds", "yr",   "yrs", "million", "billion", "trillion", "percent",
};

#define GROUPS_MAX 8 /* groups of digits in a number: enough for 10^27 */

void words_init(struct word_scanner *s, struct bytes text)
{
	*s = (struct word_scanner){ .text = text };
}

static bool is_alnum(enum char_class c)
{
	return c == CHAR_LETTER || c == CHAR_DIGIT;
}

/* The end of the run of characters of class `c` and their extensions from `at`. */
static size_t run_end(struct bytes text, size_t at, enum char_class c)
{
	for (;;) {
		size_t size;
		enum char_class next = char_class_at(text, at, &size);

		if (!size || (next != c && next != CHAR_EXTEND))
			return at;
		at += size;
	}
}

/* The end of one letter and its extensions at `at`, or `at` if none is there. */
static size_t letter_end(struct bytes text, size_t at)
{
	size_t size, next;

	if (char_class_at(text, at, &size) != CHAR_LETTER)
		return at;
	for (at += size; char_class_at(text, at, &next) == CHAR_EXTEND; at += next)
		;
	return at;
}

static bool dot_at(struct bytes text, size_t at)
{
	return at < text.n && text.p[at] == '.';
}

/* Is the apostrophe or ampersand of `size` bytes at `at` inside a word? */
static bool joins_letters(struct bytes text, size_t at, size_t size)
{
	size_t next;

	return is_alnum(char_class_at(text, at + size, &next));
}

/* The end of a possessive ('s) at `at`, or `at` if none is there. */
static size_t possessive_end(struct bytes text, size_t at)
{
	size_t size, next, s;

	if (char_class_at(text, at, &size) != CHAR_APOSTROPHE || at + size >= text.n)
		return at;
	s = at + size;
	if ((text.p[s] | 0x20) != 's' || is_alnum(char_class_at(text, s + 1, &next)))
		return at;
	return s + 1;
}

/* Does the word of which a letter ended at `at` go on there? Not by a possessive. */
static bool word_goes_on(struct bytes text, size_t at)
{
	size_t size;
	enum char_class c = char_class_at(text, at, &size);

	if (c == CHAR_APOSTROPHE || c == CHAR_AMPERSAND)
		return joins_letters(text, at, size) && possessive_end(text, at) == at;
	return is_alnum(c);
}

/* The end of letters with full stops between them, two at least, from `at`; or
 * `at` if there are none. The last full stop is not part of it, nor is a longer
 * word after that (J.K.Rowling). */
static size_t acronym_end(struct bytes text, size_t at)
{
	size_t end = letter_end(text, at);
	unsigned letters = 1;

	while (end > at && dot_at(text, end)) {
		size_t next = letter_end(text, end + 1);

		if (next == end + 1 || word_goes_on(text, next))
			break;
		end = next;
		letters++;
	}
	return letters > 1 ? end : at;
}

static size_t ascii_digits(struct bytes text, size_t at)
{
	size_t n = 0;

	while (at + n < text.n && ascii_is_digit(text.p[at + n]))
		n++;
	return n;
}

/* The end of groups of three digits, each after `separator`; `at` is after 1 to 3
 * digits. No number has more groups than GROUPS_MAX, so none is looked at often. */
static size_t groups_end(struct bytes text, size_t at, char separator)
{
	for (int i = 0; i < GROUPS_MAX && at < text.n && text.p[at] == separator; i++) {
		if (ascii_digits(text, at + 1) != 3)
			break;
		at += 4;
	}
	return at;
}

/* Does a separator at `at` lead to more of the same? "1,234,56" is a list, "3.4.1"
 * and 12.03.2019 are parts of something: no numbers. */
static bool list_goes_on(struct bytes text, size_t at, char separator)
{
	size_t size;

	return at < text.n && text.p[at] == separator &&
	       (separator == ',' ? ascii_digits(text, at + 1) > 0
				 : is_alnum(char_class_at(text, at + 1, &size)));
}

/* The end of the number at `at`, which begins with `digits` ASCII digits. */
static size_t number_end(struct bytes text, size_t at, size_t digits)
{
	size_t end = at + digits, grouped = digits <= 3 ? groups_end(text, end, ',') : end;
	bool after_dot = at > 1 && text.p[at - 1] == '.' && ascii_is_digit(text.p[at - 2]);
	size_t fraction, dotted;

	if (list_goes_on(text, grouped, ','))
		return end;
	if (after_dot || !dot_at(text, grouped) || !(fraction = ascii_digits(text, grouped + 1)))
		return grouped;
	dotted = digits <= 3 ? groups_end(text, end, '.') : end;
	if (dotted >= end + 2 * 4 && !list_goes_on(text, dotted, '.'))
		return dotted; /* 1.000.000 */
	end = grouped + 1 + fraction;
	return list_goes_on(text, end, '.') ? grouped : end;
}

static bool is_unit(struct bytes letters)
{
	for (size_t i = 0; i < sizeof units / sizeof *units; i++)
		if (bytes_is_nocase(letters, units[i]))
			return true;
	return false;
}

/* The end of a plain word from `at`; sets *ampersand if it holds one. */
static size_t plain_end(struct bytes text, size_t at, bool *ampersand)
{
	for (;;) {
		size_t size;
		enum char_class c = char_class_at(text, at, &size);

		if (c == CHAR_APOSTROPHE || c == CHAR_AMPERSAND) {
			if (!joins_letters(text, at, size))
				return at;
			*ampersand |= c == CHAR_AMPERSAND;
		} else if (!is_alnum(c) && c != CHAR_EXTEND) {
			return at;
		}
		at += size;
	}
}

/* Scan a number at s->at; false if the digits there begin a plain word (1990s). */
static bool scan_number(struct word_scanner *s, struct word *w, size_t digits)
{
	struct bytes t = s->text;
	size_t end = number_end(t, s->at, digits), size;
	enum char_class next = char_class_at(t, end, &size);
	bool separators = end - s->at != digits;
	size_t letters = run_end(t, end, CHAR_LETTER) - end;

	if (is_alnum(next) || next == CHAR_EXTEND) {
		bool unit = letters && is_unit(bytes_of(t.p + end, letters)) &&
			    !is_alnum(char_class_at(t, end + letters, &size));

		if (!unit && !separators && !w->sign_before)
			return false;
		s->unit_next = true;
	}
	if (next == CHAR_PERCENT || next == CHAR_CURRENCY)
		w->sign_after = (uint8_t)size;
	w->class = WORD_NUMBER;
	w->end = (uint32_t)possessive_end(t, end);
	return true;
}

static void scan_plain(struct word_scanner *s, struct word *w)
{
	bool ampersand = false;
	size_t acronym = acronym_end(s->text, s->at), dot;

	if (acronym > s->at) {
		w->class = WORD_ACRONYM;
		dot = dot_at(s->text, acronym);
		w->end = (uint32_t)possessive_end(s->text, acronym + dot);
		if (w->end == acronym + dot)
			w->end = (uint32_t)acronym;
		return;
	}
	w->end = (uint32_t)plain_end(s->text, s->at, &ampersand);
	w->class = ampersand ? WORD_AMPERSAND : WORD_PLAIN;
}

/* Move s->at to the next character that begins a word; remember a currency sign
 * directly before it. False at the end of the text. */
static inline bool find_start(struct word_scanner *s, enum char_class *class, size_t *sign)
{
	size_t at = s->at, size;

	for (*sign = 0;; at += size) {
		*class = char_class_at(s->text, at, &size);
		if (!size || is_alnum(*class) || *class == CHAR_CJK)
			break;
		*sign = *class == CHAR_CURRENCY ? size : 0;
	}
	if (at > s->at)
		s->join_next = s->unit_next = false;
	s->at = at;
	return size > 0;
}

/* After a word: does a hyphen or underscore tie it to another? */
static void look_for_join(struct word_scanner *s, const struct word *w)
{
	size_t at = w->end, size, next;

	if (w->class == WORD_ACRONYM && dot_at(s->text, at))
		at++;
	s->join_next = char_class_at(s->text, at, &size) == CHAR_HYPHEN &&
		       is_alnum(char_class_at(s->text, at + size, &next));
	s->at = s->join_next ? at + size : w->end;
}

/* The scheme of a URL is not a word: "https://" says nothing. */
static bool skip_scheme(struct word_scanner *s)
{
	static const char *const schemes[] = { "http://", "https://", "ftp://" };
	struct bytes rest = bytes_of(s->text.p + s->at, s->text.n - s->at);

	for (size_t i = 0; i < 3; i++) {
		size_t n = strlen(schemes[i]);

		if (rest.n >= n && bytes_is_nocase(bytes_of(rest.p, n), schemes[i])) {
			s->at += n;
			return true;
		}
	}
	return false;
}

#define EVERY(byte) (UINT64_C(0x0101010101010101) * (byte))

/* The high bit of each of eight bytes that is an ASCII letter or digit. Adding carries nothing from one
 * byte to the next, for the high bits are put aside. */
static inline uint64_t letters_and_digits(uint64_t eight)
{
	uint64_t low = eight & EVERY(0x7F), small = (low | EVERY(0x20));
	uint64_t letter = (small + EVERY(0x80 - 'a')) & ~(small + EVERY(0x7F - 'z'));
	uint64_t digit = (low + EVERY(0x80 - '0')) & ~(low + EVERY(0x7F - '9'));

	return (letter | digit) & ~eight & EVERY(0x80);
}

/* The end of the run of ASCII letters and digits from p on. */
static inline const uint8_t *simple_run(const uint8_t *p, const uint8_t *stop)
{
	while (stop - p >= 8) {
		uint64_t others = letters_and_digits(load_le64(p)) ^ EVERY(0x80);

		if (others)
			return p + __builtin_ctzll(others) / 8;
		p += 8;
	}
	while (p < stop && (char_ascii[*p & 0x7F] == CHAR_LETTER || char_ascii[*p & 0x7F] == CHAR_DIGIT) &&
	       *p < 0x80)
		p++;
	return p;
}

/* The commonest word, ASCII letters and digits before a space, a comma or the like:
 * its end, or `at` if what stands there needs a closer look. */
static inline size_t simple_end(struct bytes text, size_t at)
{
	const uint8_t *stop = text.p + text.n, *p = simple_run(text.p + at, stop);
	size_t end = (size_t)(p - text.p);
	uint8_t after = p < stop ? *p : ' ';

	if (after == ' ')
		return end;
	if (after >= 0x80 || char_ascii[after] != CHAR_OTHER || after == ':' ||
	    (after == '.' && end - at == 1))
		return at;
	return end;
}

/* A number, an acronym or any other word at s->at. */
static void scan_word(struct word_scanner *s, struct word *w, size_t sign)
{
	size_t digits = ascii_digits(s->text, s->at);

	w->sign_before = (uint8_t)sign;
	if (!digits || !scan_number(s, w, digits))
		scan_plain(s, w);
	if (w->class != WORD_NUMBER)
		w->sign_before = 0;
	if (s->unit_next)
		s->at = w->end;
	else
		look_for_join(s, w);
}

bool words_next(struct word_scanner *s, struct word *w)
{
	enum char_class class;
	size_t sign, simple;

	do {
		if (!find_start(s, &class, &sign))
			return false;
		simple = class == CHAR_LETTER ? simple_end(s->text, s->at) : s->at;
	} while (class == CHAR_LETTER && simple == s->at && skip_scheme(s));
	*w = (struct word){
		.start = (uint32_t)s->at,
		.joined = s->join_next || s->unit_next,
		.after_hyphen = s->join_next,
	};
	s->join_next = s->unit_next = false;
	if (simple > s->at) {
		w->class = WORD_PLAIN;
		w->end = (uint32_t)simple;
		s->at = simple;
	} else if (class == CHAR_CJK) {
		w->class = WORD_CJK;
		s->at = run_end(s->text, s->at, CHAR_CJK);
		w->end = (uint32_t)s->at;
	} else {
		scan_word(s, w, sign);
	}
	return true;
}
