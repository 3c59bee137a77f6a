/* shared/segment/impacts.h - the (frequency, length) pairs that bound a block's scores.
 *
 * Shape   at most IMPACTS_MAX pairs, frequency and length code both strictly
 *         ascending: every posting of the block has a pair with at least its
 *         frequency and at most its length. As BM25 rises with frequency and
 *         falls with length for every k1 >= 0, 0 <= b <= 1 and average length,
 *         the block's best score is that of one of the pairs.
 * Source  Grand, Muir, Ferenczi, Lin, ECIR 2020.
 */
#ifndef MORGUE_IMPACTS_H
#define MORGUE_IMPACTS_H

#include "base/buf.h"
#include "segment/format.h"

struct impact {
	uint32_t freq;
	uint8_t length; /* length code */
};

#define IMPACTS_MAX 128u

struct impacts {
	struct impact v[IMPACTS_MAX];
	uint32_t n;
};

/* For impacts_add alone. */
void impacts_insert(struct impacts *set, uint32_t freq, uint8_t length);

/* Take a posting into account. Cost: O(n), n is small. A set that would grow over the
 * limit becomes coarser, never wrong. */
static inline void impacts_add(struct impacts *set, uint32_t freq, uint8_t length)
{
	if (!set->n || set->v[0].freq < freq || set->v[0].length > length)
		impacts_insert(set, freq, length); /* else the first pair is as good: most often */
}

void impacts_put(struct buf *out, const struct impacts *set);

/* Decode from [p, end). Returns the byte after, or NULL if corrupt. */
const uint8_t *impacts_get(struct impacts *set, const uint8_t *p, const uint8_t *end);

#endif
