/* indexer/upkeep/pack.h - the texts of a small archive, packed: neighbours share a stream.
 *
 * Shape   docs/FORMAT.md, "Texts". Texts that stand alone and are no longer than PACK_TEXT,
 *         of articles numbered in a row, become blocks of TEXT_BLOCK, so that each is
 *         deflated against those before it.
 * Cost    that of deflating what is packed; a hit costs the pieces before it too:
 *         docs/DECISIONS.md. What is packed already is not looked at.
 * Safety  PACK_COMMIT articles a transaction: stopped anywhere, the archive is whole, part
 *         of it packed. At the end the catalog is written anew if that makes it smaller.
 */
#ifndef MORGUE_PACK_H
#define MORGUE_PACK_H

#include "archive/archive.h"

#include <signal.h>

#define PACK_TEXT   (16 << 10) /* bytes; behind a longer text a hit would cost too much */
#define PACK_COMMIT 16384u     /* articles; tens of MB in the log */

struct pack_result {
	uint64_t articles;            /* packed now */
	uint64_t bytes, bytes_packed; /* their streams before and after */
};

/* Pack what an archive that is stored small and has a dictionary lets be packed; of others
 * nothing. 0, ERR_INTERRUPTED when *stop is set, or an error. */
int pack_texts(struct archive *a, const volatile sig_atomic_t *stop, struct pack_result *result,
	       struct err *err);

/* Before the text of this article changes or goes, inside the transaction in which it does:
 * let those that go on from it stand alone. 0 or negative. */
int pack_loosen(struct archive *a, int64_t number, struct err *err);

/* The same, and let the text itself stand alone: it is to be kept elsewhere. */
int pack_unpack(struct archive *a, int64_t number, struct err *err);

#endif
