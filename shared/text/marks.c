#include "text/marks.h"

/* Words that a full stop shortens and a name follows. */
static const char *const abbreviations[] = {
	"adm", "brig", "capt", "cmdr", "co",  "col", "corp", "dept", "dr",  "fig",  "ft",  "gen",  "gov", "hon",
	"inc", "jr",   "lt",   "maj",  "messrs", "mr",  "mrs",	"ms",	"mt",  "no",   "prof", "rep",  "rev", "rt",
	"sen", "sgt",  "sr",   "st",   "supt",	"vs",
};

/* Does the text have an empty line between two others? */
static bool has_blank_line(struct bytes text)
{
	bool line_empty = false;

	for (size_t i = 0; i < text.n; i++) {
		uint8_t c = text.p[i];

		if (c == '\n' && line_empty)
			return true;
		if (c == '\n')
			line_empty = true;
		else if (c != ' ' && c != '\t' && c != '\r')
			line_empty = false;
	}
	return false;
}

void marks_init(struct marks *m, struct bytes text)
{
	text = bytes_trim(text);
	*m = (struct marks){ .text = text, .blank_lines = has_blank_line(text) };
}

/* Does a full stop directly after this word end no sentence? */
static bool shortens(struct bytes text, const struct word *w)
{
	struct bytes word;

	if (!w)
		return false;
	word = bytes_of(text.p + w->start, w->end - w->start);
	if (w->class == WORD_ACRONYM || (word.n == 1 && word.p[0] >= 'A' && word.p[0] <= 'Z'))
		return true;
	for (size_t i = 0; i < sizeof abbreviations / sizeof *abbreviations; i++)
		if (bytes_is_nocase(word, abbreviations[i]))
			return true;
	return false;
}

static bool is_space(uint32_t c)
{
	return c == ' ' || c == '\t' || c == '\n' || c == '\r' || c == 0xA0 || c == 0x3000;
}

static bool is_lower_at(struct bytes text, size_t at)
{
	uint32_t c;

	if (at >= text.n)
		return false;
	utf8_decode(text.p + at, text.p + text.n, &c);
	return char_class(c) == CHAR_LETTER && c < 0x250 && !char_is_upper(c);
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
	bool space_after = after >= m->text.n || is_space(m->text.p[after]);

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
	case 0x300C:
		return open_quote(m, false);
	case 0x201D:
	case 0x00BB:
	case 0x300D:
		return close_quote(m, false);
	case 0x2018:
		return m->quoted ? 0 : open_quote(m, true); /* one inside another is not told apart */
	case 0x2019:
		if (char_class_at(m->text, after, &size) == CHAR_LETTER)
			return 0; /* ’tis */
		return close_quote(m, true);
	default:
		return 0;
	}
}

unsigned marks_gap(struct marks *m, const struct word *before, size_t to)
{
	size_t at = before ? before->end : 0;
	bool short_stop = shortens(m->text, before);
	bool ended = false, spaced = !before, wide_stop = false;
	unsigned newlines = 0, found = before ? 0 : MARK_PARAGRAPH;

	while (at < to && at < m->text.n) {
		uint32_t c;
		size_t size = utf8_decode(m->text.p + at, m->text.p + m->text.n, &c);
		bool stop = c == '!' || c == '?' || c == 0x2026 || (c == '.' && !short_stop);

		short_stop = false;
		ended |= stop;
		wide_stop |= c == 0x3002 || c == 0xFF01 || c == 0xFF1F;
		if (c == '\n' && ++newlines > m->blank_lines)
			found |= MARK_PARAGRAPH;
		found |= quote_mark(m, c, at + size, spaced);
		spaced = is_space(c) || c == '(' || c == '[';
		if (!is_space(c))
			newlines = 0;
		if (is_space(c) && ended)
			wide_stop = true;
		at += size;
	}
	if (at >= m->text.n || found & MARK_PARAGRAPH) {
		if (m->quoted && !(found & MARK_OPEN))
			found |= close_quote(m, m->single);
	}
	if (wide_stop && !is_lower_at(m->text, to))
		found |= MARK_SENTENCE;
	return found & MARK_PARAGRAPH ? found | MARK_SENTENCE : found;
}
