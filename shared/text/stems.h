/* shared/text/stems.h - Snowball stems by libstemmer.
 *
 * Source  M. F. Porter, "Snowball: a language for stemming algorithms", 2001;
 *         the stemmers are libstemmer's.
 */
#ifndef MORGUE_STEMS_H
#define MORGUE_STEMS_H

#include "base/bytes.h"
#include "base/err.h"

struct stemmer; /* opaque; one a thread */

/* For a language by libstemmer's name ("english") or ISO code ("en"), or "none"
 * (words stay as they are). NULL and ERR_USAGE with the known names otherwise. */
struct stemmer *stemmer_new(const char *language, struct err *err);
void stemmer_free(struct stemmer *s); /* NULL is fine */

/* libstemmer's full name of a language given by name or code, or NULL. Static. */
const char *stemmer_language(const char *name);

/* Does a stem of the language always begin with its word's first letter? No where stemmers take
 * beginnings off or write words in other letters. */
bool stemmer_keeps_first(const char *language);

/* The stem of a folded word. Borrowed until the next call. */
struct bytes stemmer_stem(struct stemmer *s, struct bytes word);

#endif
