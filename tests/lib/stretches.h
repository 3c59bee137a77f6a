/* tests/lib/stretches.h - pieces of an article, paired off one by one: what near means, for both naive readers.
 *
 * Written from docs/QUERY.md, without a look at query/spans.h.
 */
#ifndef MORGUE_STRETCHES_H
#define MORGUE_STRETCHES_H

#include "parse/parse.h"

/* From one position to another; `open`: other words may stand between. */
struct stretch {
	uint32_t from, to;
	bool open;
};

struct stretches {
	struct stretch *v;
	size_t n, cap;
};

void stretches_add(struct stretches *s, uint32_t from, uint32_t to, bool open); /* once */

/* May a stretch go from one position to the other, by the sentences or paragraphs it has to stay in? */
struct fence {
	bool (*together)(const struct fence *f, uint32_t from, uint32_t to);
	enum query_unit unit;
	uint32_t n;
	bool ordered;
	const void *article, *archive; /* for the function */
};

void stretches_near(const struct stretches *a, const struct stretches *b, const struct fence *fence,
		    struct stretches *out);
void stretches_not_near(const struct stretches *a, const struct stretches *b, const struct fence *fence,
			struct stretches *out);

/* The most of them that do not overlap, those that end before `headline` worth `weight` each. */
uint32_t stretches_count(const struct stretches *s, uint32_t headline, uint32_t weight);

#endif
