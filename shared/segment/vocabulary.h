/* shared/segment/vocabulary.h - every written form of every term, for patterns that no order helps.
 *
 * Shape   terms ascend; those of a reserved first byte are among them. A term's forms come in
 *         the order of their numbers.
 * Errors  sticky: look at .rc once, after the loop.
 * Cost    some 15 ns a term and 10 a form. Each page is checked once, as everywhere.
 *
 *	vocabulary_seek(&v, seg, from);
 *	while (vocabulary_next(&v))
 *		while (vocabulary_form(&v, &form))
 *			use(vocabulary_term(&v), form);
 *	if (v.rc < 0)
 *		return v.rc;
 */
#ifndef MORGUE_VOCABULARY_H
#define MORGUE_VOCABULARY_H

#include "segment/segment.h"

#define VOCABULARY_COPY 16 /* bytes moved at once; what lies behind a section is more */
#define VOCABULARY_OVER 48 /* bytes behind a term or a form that may be read */
_Static_assert(VOCABULARY_COPY <= VOCABULARY_OVER && VOCABULARY_OVER <= SEG_SLACK,
	       "copies may read beyond a section");

struct vocabulary {
	const struct segment *seg;
	struct term_info info; /* of the term, as it is read: .df is what it should be */
	int rc;                /* 0 or ERR_CORRUPT */
	/* the block that is read */
	uint32_t block, left;
	const uint8_t *p, *end;
	uint8_t term[TERM_MAX + VOCABULARY_OVER];
	size_t size, kept; /* .kept: bytes that it has from the term before */
	/* forms of the term still to be read */
	uint32_t nforms;
	const uint8_t *list, *list_end;
	const uint8_t *checked; /* pages before here have been */
	uint8_t form[TERM_MAX + VOCABULARY_OVER];
};

/* Stand before the first term >= `from`. */
void vocabulary_seek(struct vocabulary *v, const struct segment *seg, struct bytes from);

bool vocabulary_next(struct vocabulary *v); /* false: there are no more, or .rc */

/* The next form of the term; borrowed until the next call. False: no more, or .rc */
bool vocabulary_form(struct vocabulary *v, struct bytes *form);

/* What dict_find says of the term. False: .rc. */
bool vocabulary_info(struct vocabulary *v, struct term_info *info);

/* Is the term its only form, not asked for yet? */
static inline bool vocabulary_plain(const struct vocabulary *v)
{
	return v->nforms && !v->list;
}

static inline struct bytes vocabulary_term(const struct vocabulary *v)
{
	return bytes_of(v->term, v->size);
}

#endif
