/* shared/text/fields.h - what is known of an article beside its text, as terms of the index.
 *
 * Shape   one term a value: TERM_FIELD, the field's letter, the value folded (case and
 *         accents do not matter, spaces are single). A word of the tags is a value each. Ids
 *         and addresses are nearly as many as articles, and a term each would cost a
 *         hundred times what a posting does: they are listed by FIELD_HASH_BITS of their
 *         hash, and who looks one up compares those that share them. Sites, by the host
 *         of an address, have lists of their own. The source is a column of a segment.
 * Limits  values are cut at FIELD_VALUE_MAX bytes, in articles and in questions.
 * Rules   docs/FORMAT.md, "Terms under reserved first bytes".
 *
 *	field_terms(&values, &list);
 *	for (rest = buf_bytes(&list); field_term_next(&rest, &term);)
 *		add(term);
 */
#ifndef MORGUE_FIELDS_H
#define MORGUE_FIELDS_H

#include "base/buf.h"

#include <stdbool.h>

#define FIELD_VALUE_MAX 250u /* bytes; a term has 255 at most */
#define FIELD_HASH_BITS 12u  /* of a million articles 244 share them: 4 ms to compare */

enum field_letter {
	FIELD_AUTHOR = 'a',
	FIELD_HOST = 'h',
	FIELD_ID = 'i', /* hashed */
	FIELD_LANG = 'l',
	FIELD_SECTION = 'p', /* of the paper */
	FIELD_TAG = 't',
	FIELD_URL = 'u', /* its canonical form, hashed */
};

struct field_values {
	struct bytes author, section, lang, url, tags, id; /* empty: not known */
};

/* The terms of all values into `out` (replaced), to be read by field_term_next. */
void field_terms(const struct field_values *values, struct buf *out);
bool field_term_next(struct bytes *list, struct bytes *term);

/* A value as it stands in a term, into `out` (replaced); empty if nothing is left of it. */
void field_fold(struct bytes value, struct buf *out);

/* A term by its letter and folded value, or canonical URL; out is replaced. */
void field_term(enum field_letter letter, struct bytes value, struct buf *out);

#endif
