/* query/patterns/suggest.h - spellings of an archive that a word may have been meant to be.
 *
 * Shape   words at most two edits away (pattern.h), one if the word has fewer than six letters,
 *         none if it has fewer than three; the nearest first, then those of most articles,
 *         then by bytes. The word itself, and others of its stem, are not among them.
 * Errors  ERR_CORRUPT, with the segment that is damaged.
 * Cost    a walk over all forms of the archive: candidates.h.
 */
#ifndef MORGUE_SUGGEST_H
#define MORGUE_SUGGEST_H

#include "archive/archive.h"
#include "text/analyze.h"

#define SUGGEST_MAX 20u /* as many as are worth reading */

struct suggestion {
	struct bytes word; /* as it is written most often, in the caller's arena */
	uint64_t articles; /* that asking for it finds, at most */
	unsigned edits;
};

struct suggestions {
	struct suggestion v[SUGGEST_MAX];
	size_t n;
	uint64_t articles; /* that have the word itself, in any form */
};

/* The best `most`, SUGGEST_MAX at most, for a word as it stands in a question. */
int suggest(struct suggestions *out, size_t most, struct bytes word, const struct archive *archive,
	    struct analyzer *analyzer, struct arena *arena, struct err *err);

#endif
