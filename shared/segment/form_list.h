/* shared/segment/form_list.h - the written forms of one stem, most frequent first.
 *
 * Shape   form number i is entry i; counts fall, equal counts by byte order.
 *         Layout: docs/FORMAT.md, "Forms".
 *
 *	form_list_open(&l, bytes, stem);
 *	while ((got = form_list_next(&l)) > 0)
 *		use(l.form, l.size, l.count);
 */
#ifndef MORGUE_FORM_LIST_H
#define MORGUE_FORM_LIST_H

#include "base/buf.h"
#include "base/err.h"
#include "segment/format.h"

struct form_count {
	struct bytes form;
	uint64_t count; /* occurrences written so */
};

/* Append the list of n forms, in order of number. */
void form_list_put(struct buf *out, struct bytes stem, const struct form_count *forms, uint32_t n);

struct form_list {
	struct bytes stem;
	const uint8_t *p, *end;
	uint32_t n;    /* forms in all */
	uint32_t read; /* forms read so far */
	uint64_t count;
	uint8_t form[TERM_MAX];
	size_t size;
};

/* `bytes` as the dictionary places them; empty: the stem is the only form. 0 or ERR_CORRUPT. */
int form_list_open(struct form_list *l, struct bytes bytes, struct bytes stem);

/* 1 got one, 0 no more, ERR_CORRUPT. An only form's count is 0 ("all of them"). */
int form_list_next(struct form_list *l);

#endif
