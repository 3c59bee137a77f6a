/* shared/base/nearest.h - the known name that a mistyped one was meant to be.
 *
 * Distance  edits of one character and swaps of two neighbours (Damerau-Levenshtein,
 *           each place edited once), ASCII letters compared without case. A name
 *           that the word begins counts as one edit away.
 * Allowed   one edit for every three letters of the longer, at least one from three
 *           letters on (docs/DECISIONS.md). Of equally near names the first offered.
 *
 *	nearest_start(&n, "jsno");
 *	for (each name)
 *		nearest_offer(&n, name);
 *	err_set(err, ERR_USAGE, "there is no option --%s%s", word, nearest_hint(&n, "--", hint));
 */
#ifndef MORGUE_NEAREST_H
#define MORGUE_NEAREST_H

#include <stddef.h>

#define NEAREST_MAX 48 /* bytes of a name; longer ones are near to nothing */

struct nearest {
	const char *word;       /* borrowed */
	char best[NEAREST_MAX]; /* a copy; "" if nothing is near */
	size_t edits;           /* to it */
};

void nearest_start(struct nearest *n, const char *word);
void nearest_offer(struct nearest *n, const char *name);

/* "; did you mean BEFOREname?", or "", into out; returns out. */
#define NEAREST_HINT (NEAREST_MAX + 40)
const char *nearest_hint(const struct nearest *n, const char *before, char out[NEAREST_HINT]);

/* Both steps over a list that ends with NULL. */
const char *nearest_of(const char *word, const char *const *names, const char *before,
		       char out[NEAREST_HINT]);

#endif
