#include "text/marks.h"

#define ABBREVIATION_MAX 6 /* bytes of the longest of these */

/* Zeros behind it, so that it is one number. */
typedef char abbreviation[8];
_Static_assert(sizeof(abbreviation) > ABBREVIATION_MAX, "as it is compared");

/* Words that a full stop shortens and a name follows. */
static const abbreviation before_name[] = {
	"adm",  "amb", "atty", "brig", "bros", "capt", "cllr",   "cmdr", "co",   "col",
	"corp", "cpl", "dept", "det",  "dr",   "drs",  "fig",    "ft",   "gen",  "gov",
	"govs", "hon", "inc",  "jr",   "lt",   "maj",  "messrs", "mlle", "mme",  "mr",
	"mrs",  "ms",  "msgr", "mt",   "pres", "prof", "pvt",    "rep",  "reps", "rev",
	"rt",   "sen", "sens", "sgt",  "spc",  "sr",   "st",     "supt", "vs",
};

/* Words that a full stop shortens when a number follows: Sept. 11, No. 10. */
static const abbreviation before_number[] = {
	"apr", "art", "aug", "ca",  "dec", "feb", "jan", "jul", "jun",  "mar",
	"no",  "nos", "nov", "oct", "op",  "p",   "pp",  "sep", "sept", "vol",
};

bool marks_blank_lines(struct bytes text)
{
	const uint8_t *p, *end;

	text = bytes_trim(text);
	for (p = text.p, end = text.n ? p + text.n : p; p < end;) {
		p = memchr(p, '\n', (size_t)(end - p));
		if (!p)
			return false;
		for (p++; p < end && (*p == ' ' || *p == '\t' || *p == '\r'); p++)
			;
		if (p < end && *p == '\n')
			return true;
	}
	return false;
}

void marks_init(struct marks *m, struct bytes text, bool blank_lines)
{
	struct bytes trimmed = bytes_trim(text);

	text.n = trimmed.n ? (size_t)(trimmed.p - text.p) + trimmed.n : 0;
	*m = (struct marks){ .text = text, .blank_lines = blank_lines };
}

static bool is_among(struct bytes word, const abbreviation *list, size_t n)
{
	abbreviation small = { 0 };

	for (size_t i = 0; i < word.n; i++)
		small[i] = ascii_lower((char)word.p[i]);
	for (size_t i = 0; i < n; i++)
		if (!memcmp(list[i], small, sizeof small))
			return true;
	return false;
}

/* Does a full stop directly after word w end no sentence, when the next is at `to`? */
static bool shortens(struct bytes text, const struct word *w, size_t to)
{
	struct bytes word = bytes_of(text.p + w->start, w->end - w->start);

	if (w->class == WORD_ACRONYM || (word.n == 1 && word.p[0] >= 'A' && word.p[0] <= 'Z'))
		return true;
	if (word.n > ABBREVIATION_MAX)
		return false;
	if (is_among(word, before_name, sizeof before_name / sizeof *before_name))
		return true;
	return to < text.n && ascii_is_digit(text.p[to]) &&
	       is_among(word, before_number, sizeof before_number / sizeof *before_number);
}

/* Can a sentence end at c if space follows? . is not among these. */
static bool is_stop(uint32_t c)
{
	return c == '!' || c == '?' || c == 0x2026 || c == 0x061F || c == 0x06D4 || c == 0x0964;
}

/* Does a sentence end at c whatever follows? */
static bool is_wide_stop(uint32_t c)
{
	return c == 0x3002 || c == 0xFF01 || c == 0xFF1F;
}

static bool is_space(uint32_t c)
{
	return c == ' ' || c == '\t' || c == '\n' || c == '\r' || c == 0xA0 || c == 0x202F || c == 0x3000;
}

/* The character at `at`, or a space at the end of the text. */
static uint32_t char_at(struct bytes text, size_t at)
{
	uint32_t c = ' ';

	if (at < text.n)
		utf8_decode(text.p + at, text.p + text.n, &c);
	return c;
}

static unsigned open_quote(struct marks *m, bool single)
{
	unsigned found = m->quoted ? MARK_CLOSE : 0;

	m->quoted = true;
	m->single = single;
	return found | MARK_OPEN;
}

static unsigned close_quote(struct marks *m, bool single)
{
	if (!m->quoted || m->single != single)
		return 0;
	m->quoted = false;
	return MARK_CLOSE;
}

/* What the quotation mark c at `at` does; `after` is where it ends. */
static unsigned quote_mark(struct marks *m, uint32_t c, size_t after, bool space_before)
{
	size_t size;
	bool space_after = is_space(char_at(m->text, after));

	switch (c) {
	case '"':
	case 0xFF02:
		if (m->quoted && !m->single)
			return close_quote(m, false);
		return space_before || !space_after ? open_quote(m, false) : 0;
	case 0x201C: /* left double: opens, or closes a German „quotation“ */
		if (m->quoted && !m->single && !space_before)
			return close_quote(m, false);
		return open_quote(m, false);
	case 0x201E:
	case 0x00AB:
	case 0x300C: return open_quote(m, false);
	case 0x201D:
	case 0x00BB:
	case 0x300D: return close_quote(m, false);
	case 0x2018: return m->quoted ? 0 : open_quote(m, true); /* one inside another is not told apart */
	case 0x2019:
		if (char_class_at(m->text, after, &size) == CHAR_LETTER)
			return 0; /* ’tis */
		return close_quote(m, true);
	default: return 0;
	}
}

/* Look through the gap [at, to) after `before`; *ended: a sentence did. */
static unsigned scan_gap(struct marks *m, const struct word *before, size_t at, size_t to, bool *ended)
{
	bool stop = false, spaced = !before;
	unsigned newlines = 0, found = 0;

	while (at < to && at < m->text.n) {
		uint32_t c;
		size_t size = utf8_decode(m->text.p + at, m->text.p + m->text.n, &c);
		bool space = is_space(c);

		if (c == '.')
			stop |= !before || at != before->end || !shortens(m->text, before, to);
		else
			stop |= is_stop(c);
		*ended |= is_wide_stop(c) || (space && stop);
		if (c == '\n' && ++newlines > m->blank_lines)
			found |= MARK_PARAGRAPH;
		if (!space) {
			found |= quote_mark(m, c, at + size, spaced);
			newlines = 0;
		}
		spaced = space || c == '(' || c == '[';
		at += size;
	}
	return found;
}

unsigned marks_look(struct marks *m, const struct word *before, size_t to)
{
	size_t at = before ? before->end : 0;
	unsigned found = before ? 0 : MARK_PARAGRAPH;
	bool ended = false;

	found |= scan_gap(m, before, at, to, &ended);
	if ((to >= m->text.n || found & MARK_PARAGRAPH) && m->quoted && !(found & MARK_OPEN))
		found |= close_quote(m, m->single);
	if (ended && !char_is_lower(char_at(m->text, to)))
		found |= MARK_SENTENCE;
	return found & MARK_PARAGRAPH ? found | MARK_SENTENCE : found;
}
