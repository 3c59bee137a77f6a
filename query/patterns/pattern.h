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

struct pattern {
	struct automaton automaton;
	struct folded **folded; /* by character, 256 together; NULL where none has been met */
	struct buf scratch;
};

/* `*` stands for any characters, `?` for one. */
int pattern_wildcard(struct pattern *p, struct bytes text, size_t *at, struct err *err);
int pattern_regex(struct pattern *p, struct bytes text, size_t *at, struct err *err);
/* Texts at most `edits` away: a character more, less or another, or two neighbours swapped. */
int pattern_fuzzy(struct pattern *p, struct bytes word, unsigned edits, size_t *at, struct err *err);

void pattern_release(struct pattern *p);

/* The edits to `text`, 0 unless the pattern is fuzzy, or AUTOMATON_NO. */
int pattern_match(struct pattern *p, struct bytes text);

/* For those who read a pattern's text: the character at `at` with what combines with it,
 * folded, into `out` (replaced). Returns its bytes in the text. */
size_t pattern_character(struct bytes text, size_t at, struct buf *out);

/* From a node on, read exactly these characters; returns the node behind. */
uint32_t pattern_literal(struct automaton *a, uint32_t from, struct bytes folded);

/* The end of building: 0, or the error of a pattern that needs too many nodes. */
int pattern_finish(struct pattern *p, struct bytes text, size_t *at, struct err *err);

#endif
