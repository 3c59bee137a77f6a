/* shared/text/marks.h - where sentences, paragraphs and quotations begin and end.
 *
 * Shape   looked for in the gaps between words; the answer is about the word
 *         that follows the gap.
 * Limits  a rule of thumb, not a parser: after "Mr." or "U.S." no sentence
 *         begins, whatever follows; after "Sept." or "No." none if a number
 *         does. Single straight quotes are not quotation
 *         marks (they are apostrophes far more often).
 */
#ifndef MORGUE_MARKS_H
#define MORGUE_MARKS_H

#include "text/words.h"

enum {
	MARK_SENTENCE = 1,  /* a sentence begins with the next word */
	MARK_PARAGRAPH = 2, /* a paragraph does (and so a sentence) */
	MARK_OPEN = 4,      /* a quotation does */
	MARK_CLOSE = 8,     /* a quotation ended before the next word */
};

struct marks {
	struct bytes text; /* without white space at its end */
	bool blank_lines;  /* paragraphs end at an empty line, not at every line */
	bool quoted;       /* inside a quotation */
	bool single;       /* which was opened by a single curly quote */
};

/* Does the text have an empty line between two others? */
bool marks_blank_lines(struct bytes text);

/* For a text, or a piece of one whose paragraphs end as blank_lines says. */
void marks_init(struct marks *m, struct bytes text, bool blank_lines);

unsigned marks_look(struct marks *m, const struct word *before, size_t to);

/* Marks in the gap between `before` (NULL at the start of the text) and byte `to`,
 * where the next word begins (text.n at the end of the text). Gaps come in order. */
static inline unsigned marks_gap(struct marks *m, const struct word *before, size_t to)
{
	if (before && to < m->text.n) {
		const uint8_t *gap = m->text.p + before->end;
		size_t n = to - before->end;

		if (n && gap[n - 1] == ' ' && (n == 1 || (n == 2 && gap[0] == ',')))
			return 0; /* nearly always */
	}
	return marks_look(m, before, to);
}

#endif
