/* shared/text/forms.h - a surface word becomes a form, a form becomes a stem.
 *
 * surface  bytes of the article
 * form     NFC of it, with quotes, ligatures and width unified, soft hyphens and
 *          elided articles (l'homme) gone; case and accents kept. "phrases" and =word compare forms.
 * stem     form case-folded, accents and possessive dropped, Snowball.
 *
 * Shape    a form and a stem have at most FORM_MAX bytes, cut at a character.
 * Source   Unicode Standard Annex 15 (normal forms), by utf8proc.
 */
#ifndef MORGUE_FORMS_H
#define MORGUE_FORMS_H

#include "base/buf.h"
#include "text/stems.h"
#include "text/words.h"

#define FORM_MAX    255u /* bytes; longer tokens are cut, on both sides */
#define SURFACE_MAX 512u /* bytes of a surface word that are looked at; more than any form needs */

/* The form of a surface word into `out` (replaced). */
void form_of(struct bytes surface, struct buf *out);

/* Without an elided article or the like: l'homme is homme, in French, Italian and
 * Catalan. Else phrases would depend on what stands before their first word. */
void form_drop_elision(struct buf *form, const char *language);

enum { FOLD_CASE = 1, FOLD_ACCENTS = 2, FOLD_BOTH = 3 };

/* `form` without case, accents or both, into `out` (replaced). */
void form_fold(struct bytes form, unsigned what, struct buf *out);

/* The stem of a form into `out` (replaced). `language` is stemmer_language's name. */
void form_stem(struct bytes form, enum word_class class, struct stemmer *stemmer, const char *language,
	       struct buf *out);

/* What a query's word asks of a form: case matters if it has capitals, accents
 * matter if it has some. */
struct form_test {
	unsigned fold;     /* FOLD_*: what does not matter */
	struct buf wanted; /* the query's form, folded so; owned */
	struct buf scratch;
};

void form_test_init(struct form_test *t, struct bytes query_form);
void form_test_release(struct form_test *t);
bool form_test_match(struct form_test *t, struct bytes form);

#endif
