/* shared/segment/short_list.h - a list of one block read at once, without a cursor.
 *
 * Most words stand in few articles, and who adds up thousands of them opens as many lists:
 * here that is a look at some bytes each.
 * Errors  false: corrupt.
 * Cost    20 ns for a few postings; a cursor's first block takes four times that.
 */
#ifndef MORGUE_SHORT_LIST_H
#define MORGUE_SHORT_LIST_H

#include "segment/postings.h"

struct short_list {
	uint32_t n;
	uint32_t docs[POSTINGS_BLOCK], freqs[POSTINGS_BLOCK];
	/* below: its own */
	const uint8_t *rest, *end;
	unsigned flags;
};

/* Can it be read so? Not if it has several blocks, or none that is a bitmap. */
bool short_list_is(const struct segment *seg, const struct term_info *info);

bool short_list_docs(struct short_list *s, const struct segment *seg, const struct term_info *info);
bool short_list_freqs(struct short_list *s); /* of the docs that have been read */

#endif
