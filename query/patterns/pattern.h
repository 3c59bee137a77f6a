/* query/patterns/pattern.h - words by their pattern: terror*, wom?n, /colou?r/, qaddafi~1.
 *
 * Shape   a pattern holds for a whole text or not at all. Case and accents never matter: the
 *         pattern's letters and the text are folded alike (text/forms.h). Characters are those
 *         of the folded text: ß is two.
 *         Knows of texts only; that words of an archive are matched is its caller's affair.
 * Errors  ERR_USAGE with a sentence, and the byte of the pattern where it stands.
 * Cost    building and matching are linear: automaton.h. Text is folded as it is read,
 *         a character once for good.
 * Source  syntax: docs/QUERY.md, "Patterns"; distance: Damerau, CACM 1964, each place edited
 *         once, as an automaton: Schulz and Mihov, IJDAR 2002.
 */
#ifndef MORGUE_PATTERN_H
#define MORGUE_PATTERN_H

#include "patterns/automaton.h"
#include "base/buf.h"
#include "base/err.h"

#define PATTERN_DEPTH 64  /* of parentheses in a regular expression */
#define PATTERN_TIMES 255 /* the greatest number of a repetition; no word is longer */

/* A character that is not ASCII, folded. */
struct folded {
	uint8_t n; /* bytes; 0: not known yet */
	uint8_t bytes[7];
};

#define PATTERN_MUST 3u

struct pattern {
	struct automaton automaton;
	struct folded **folded; /* by character, 256 together; NULL where none has been met */
	struct buf scratch;
	uint8_t must[PATTERN_MUST]; /* what every text has in a row, if it is ASCII: bytes | 0x20 */
	unsigned nmust;
};

/* `*` stands for any characters, `?` for one. */
int pattern_wildcard(struct pattern *p, struct bytes text, size_t *at, struct err *err);
int pattern_regex(struct pattern *p, struct bytes text, size_t *at, struct err *err);
/* Texts at most `edits` away: a character more, less or another, or two neighbours swapped. */
int pattern_fuzzy(struct pattern *p, struct bytes word, unsigned edits, size_t *at, struct err *err);

void pattern_release(struct pattern *p);

/* The edits to `text`, 0 unless the pattern is fuzzy, or AUTOMATON_NO. */
int pattern_match(struct pattern *p, struct bytes text);

/* Is it seen by its beginning that a text does not match, with or without 's? Then neither does one that
 * has as many bytes of it as are returned, which may be one more than there are. 0: it may match. */
size_t pattern_dies(struct pattern *p, struct bytes text);

typedef uint8_t pattern_row __attribute__((vector_size(16)));

static inline bool pattern_any(pattern_row v)
{
	uint64_t halves[2];

	memcpy(halves, &v, sizeof v);
	return halves[0] | halves[1];
}

#define PATTERN_OVER 32u /* bytes behind a text that pattern_lacks may read */

/* Does the text lack what it must have? True of most texts, for a tenth of what it takes to match
 * one; false says nothing. */
static inline bool pattern_lacks(const struct pattern *p, struct bytes text)
{
	static const uint8_t high[2 * sizeof(pattern_row)] = {
		0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80
	};
	pattern_row found = { 0 }, wide = { 0 };

	if (!p->nmust)
		return false;
	for (size_t at = 0; at < text.n; at += sizeof found) {
		size_t left = text.n - at < sizeof found ? text.n - at : sizeof found;
		pattern_row here = ~(pattern_row){ 0 }, inside, v;

		for (unsigned i = 0; i < p->nmust; i++) {
			memcpy(&v, text.p + at + i, sizeof v);
			here &= (pattern_row)((v | 0x20) == p->must[i]);
		}
		memcpy(&v, text.p + at, sizeof v);
		memcpy(&inside, high + sizeof inside - left, sizeof inside);
		found |= here;
		wide |= v & inside;
	}
	return !pattern_any(found) && !pattern_any(wide);
}

/* For those who read a pattern's text: the character at `at` with what combines with it,
 * folded, into `out` (replaced). Returns its bytes in the text. */
size_t pattern_character(struct bytes text, size_t at, struct buf *out);

/* From a node on, read exactly these characters; returns the node behind. */
uint32_t pattern_literal(struct automaton *a, uint32_t from, struct bytes folded);

/* Letters that stand side by side in every text: add the next, or begin anew. The first that are
 * enough are what must be there. */
struct pattern_run {
	uint8_t bytes[PATTERN_MUST];
	unsigned n;
};

void pattern_run_add(struct pattern *p, struct pattern_run *run, struct bytes folded);

/* The end of building: 0, or the error of a pattern that needs too many nodes. */
int pattern_finish(struct pattern *p, struct bytes text, size_t *at, struct err *err);

#endif
