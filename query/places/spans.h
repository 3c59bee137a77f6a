/* query/places/spans.h - where something stands in an article, and what is near to it.
 *
 * Works on positions alone: the matchers fill spans from postings, snippets from tokens.
 * Shape   a span is a stretch of positions, both ends in it. Lists are in order of the
 *         first position, then of the last, each span once.
 * Owner   arrays live in the arena that a list was given.
 * Rules   docs/QUERY.md, "Near each other".
 */
#ifndef MORGUE_SPANS_H
#define MORGUE_SPANS_H

#include "base/arena.h"
#include "parse/parse.h"

struct span {
	uint32_t first, last;
	bool loose; /* between its ends other words may stand */
};

struct spans {
	struct span *v;
	size_t n, cap;
	struct arena *arena;
};

/* Positions, ascending. */
struct place_list {
	const uint32_t *v;
	size_t n;
};

static inline uint32_t place_at(const struct place_list *l, size_t i)
{
	return l->v[i];
}

/* How many of the places are at `pos` or before it, if `met` of them are. Cost: those in between. */
static inline size_t places_met(const struct place_list *l, size_t met, uint32_t pos)
{
	while (met < l->n && place_at(l, met) <= pos)
		met++;
	return met;
}

/* How an article is laid out; of marks only what is asked for has to be there. */
struct layout {
	uint32_t headline;             /* words of it: the body's positions are above */
	struct place_list sentences;   /* where one begins */
	struct place_list paragraphs;  /* likewise */
	struct place_list open, close; /* where a quotation does, and behind its end */
};

struct nearness {
	enum query_unit unit;
	uint32_t n; /* of UNIT_WORDS: most positions apart */
	bool ordered;
};

void spans_add(struct spans *s, uint32_t first, uint32_t last, bool loose);

void spans_add_all(struct spans *s, const struct spans *more);

/* Put a list that was added to into order. */
void spans_sort(struct spans *s);

/* Add to `out` the stretches from one of `a` to one of `b`: of those that begin at one place
 * the shortest, and of those that end at one place. `out` is then in order. */
void spans_near(const struct spans *a, const struct spans *b, const struct nearness *rule,
		const struct layout *layout, struct spans *out);

/* Keep of `a` what has no `b` near, and is not part of one. */
void spans_drop_near(struct spans *a, const struct spans *b, const struct nearness *rule,
		     const struct layout *layout);

/* Keep what stands wholly in all of the regions; `first` is that of REGION_FIRST. */
void spans_keep_within(struct spans *s, unsigned regions, uint32_t first, const struct layout *layout);

/* The most of them that do not overlap: *headline in the headline, *body in the body. */
void spans_count(const struct spans *s, const struct layout *layout, uint32_t *headline, uint32_t *body);

/* The same of spans_near(a, b), which need not be made for it. */
void spans_count_near(const struct spans *a, const struct spans *b, const struct nearness *rule,
		      const struct layout *layout, struct arena *arena, uint32_t *headline, uint32_t *body);

/* Quotations one after the other, from where marks open and close them. */
struct quotes {
	const struct place_list *open, *close;
	size_t next, next_close;
	int64_t ended;        /* behind the last word of the one before */
	uint32_t first, last; /* of the one at hand; first > last: none yet */
};

void quotes_begin(struct quotes *q, const struct place_list *open, const struct place_list *close);
bool quotes_next(struct quotes *q); /* false: there are no more */

/* Is a stretch within one of them? Asked in order of the first positions. */
bool quotes_hold(struct quotes *q, uint32_t first, uint32_t last);

/* Is what stands behind the first `opened` and `closed` of the marks within a quotation? */
bool quotes_are_open(const struct place_list *open, const struct place_list *close, size_t opened,
		     size_t closed);

/* Where the third paragraph of the body begins, or UINT32_MAX. */
uint32_t lead_end(const struct layout *layout);

/* Behind the first so many words of headline and body. */
static inline uint64_t first_end(uint32_t first, const struct layout *layout)
{
	return first <= layout->headline ? first : (uint64_t)first + 1;
}

#endif
