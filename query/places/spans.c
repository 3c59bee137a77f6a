#include "places/spans.h"

#include <stdlib.h>

/* ---- lists ---- */

void spans_add(struct spans *s, uint32_t first, uint32_t last, bool loose)
{
	if (s->n == s->cap) {
		struct span *old = s->v;

		s->cap = s->cap ? s->cap * 2 : 32;
		s->v = arena_alloc(s->arena, s->cap * sizeof *s->v);
		if (s->n)
			memcpy(s->v, old, s->n * sizeof *old);
	}
	s->v[s->n++] = (struct span){ first, last, loose };
}

void spans_add_all(struct spans *s, const struct spans *more)
{
	for (size_t i = 0; i < more->n; i++)
		spans_add(s, more->v[i].first, more->v[i].last, more->v[i].loose);
}

static int by_first(const void *x, const void *y)
{
	const struct span *a = x, *b = y;

	if (a->first != b->first)
		return a->first < b->first ? -1 : 1;
	return (a->last > b->last) - (a->last < b->last);
}

static int by_last(const void *x, const void *y)
{
	const struct span *a = x, *b = y;

	if (a->last != b->last)
		return a->last < b->last ? -1 : 1;
	return (a->first > b->first) - (a->first < b->first);
}

static bool in_order(const struct spans *s, int (*compare)(const void *, const void *))
{
	for (size_t i = 1; i < s->n; i++)
		if (compare(&s->v[i - 1], &s->v[i]) >= 0)
			return false;
	return true;
}

void spans_sort(struct spans *s)
{
	size_t n = 0;

	if (in_order(s, by_first))
		return;
	qsort(s->v, s->n, sizeof *s->v, by_first);
	for (size_t i = 0; i < s->n; i++) {
		if (n && by_first(&s->v[n - 1], &s->v[i]) == 0)
			s->v[n - 1].loose |= s->v[i].loose;
		else
			s->v[n++] = s->v[i];
	}
	s->n = n;
}

/* The same spans by their last positions: mostly the list itself. */
static struct spans sorted_by_last(const struct spans *s, struct arena *arena)
{
	struct spans copy = *s;

	if (in_order(s, by_last))
		return copy;
	copy.v = arena_alloc(arena, s->n * sizeof *copy.v);
	memcpy(copy.v, s->v, s->n * sizeof *copy.v);
	qsort(copy.v, copy.n, sizeof *copy.v, by_last);
	return copy;
}

/* ---- nearness ---- */

/* How many of the places are at `pos` or before it. */
static size_t places_to(const struct place_list *l, uint32_t pos)
{
	size_t low = 0, high = l->n;

	while (low < high) {
		size_t middle = low + (high - low) / 2;

		if (place_at(l, middle) <= pos)
			low = middle + 1;
		else
			high = middle;
	}
	return low;
}

static const struct place_list *breaks_of(const struct nearness *rule, const struct layout *layout)
{
	return rule->unit == UNIT_SENTENCE ? &layout->sentences : &layout->paragraphs;
}

/* Does a stretch stay within the headline or the body, and within what the rule names? *breaks_met
 * is how many breaks were met up to the end of the stretch asked about before, mostly near to this. */
static bool holds_together(const struct nearness *rule, const struct layout *layout, uint32_t first,
			   uint32_t last, size_t *breaks_met)
{
	const struct place_list *breaks = breaks_of(rule, layout);
	size_t met;

	if (first < layout->headline && last >= layout->headline)
		return false;
	if (rule->unit == UNIT_WORDS)
		return true;
	met = places_met(breaks, *breaks_met, last);
	while (met > 0 && place_at(breaks, met - 1) > last)
		met--;
	*breaks_met = met;
	return met == 0 || place_at(breaks, met - 1) <= first;
}

static uint32_t farthest(const struct nearness *rule)
{
	return rule->unit == UNIT_WORDS ? rule->n : UINT32_MAX;
}

/* For each of `b` the shortest stretch that ends with it and begins with one of `a`, which are
 * in order of their last positions. */
static void join_to_ends(const struct spans *a, const struct spans *b, const struct nearness *rule,
			 const struct layout *layout, struct spans *out)
{
	size_t breaks_met = 0, next = 0; /* of `a`, the first that ends too late */

	for (size_t i = 0; i < b->n; i++) {
		const struct span *end = &b->v[i], *best = NULL;

		while (next < a->n && a->v[next].last < end->first)
			next++;
		for (size_t j = next; j-- > 0;) {
			const struct span *begin = &a->v[j];

			if (end->first - begin->last > farthest(rule) || (best && begin->last < best->first))
				break;
			if (!best || begin->first > best->first)
				best = begin;
		}
		if (best && holds_together(rule, layout, best->first, end->last, &breaks_met))
			spans_add(out, best->first, end->last, true);
	}
}

/* For each of `a`, likewise ordered, the shortest stretch that begins with it and ends with one
 * of `b`. */
static void join_to_beginnings(const struct spans *a, const struct spans *b, const struct nearness *rule,
			       const struct layout *layout, struct spans *out)
{
	size_t breaks_met = 0, next = 0; /* of `b`, the first that begins late enough */

	for (size_t i = 0; i < a->n; i++) {
		const struct span *begin = &a->v[i], *best = NULL;

		while (next < b->n && b->v[next].first <= begin->last)
			next++;
		for (size_t j = next; j < b->n; j++) {
			const struct span *end = &b->v[j];

			if (end->first - begin->last > farthest(rule) || (best && end->first > best->last))
				break;
			if (!best || end->last < best->last)
				best = end;
		}
		if (best && holds_together(rule, layout, begin->first, best->last, &breaks_met))
			spans_add(out, begin->first, best->last, true);
	}
}

/* Those of `a`, loose ones, between whose ends one of `b` stands. */
static void join_inside(const struct spans *a, const struct spans *b, const struct nearness *rule,
			const struct layout *layout, struct spans *out)
{
	size_t breaks_met = 0, next = 0;

	for (size_t i = 0; i < a->n; i++) {
		const struct span *outer = &a->v[i];

		while (next < b->n && b->v[next].first <= outer->first)
			next++;
		if (!outer->loose || !holds_together(rule, layout, outer->first, outer->last, &breaks_met))
			continue;
		for (size_t j = next; j < b->n && b->v[j].first < outer->last; j++) {
			if (b->v[j].last < outer->last) {
				spans_add(out, outer->first, outer->last, true);
				break;
			}
		}
	}
}

/* Of a list by last positions, keep what is the shortest of its beginning or of its end. */
static void keep_shortest(struct spans *s)
{
	struct span *v = s->v;
	size_t n = 0;

	for (size_t i = 0; i < s->n; i++) /* .loose marks what is kept meanwhile */
		v[i].loose = i + 1 == s->n || v[i + 1].last != v[i].last;
	qsort(v, s->n, sizeof *v, by_first);
	for (size_t i = 0; i < s->n; i++) {
		bool keep = v[i].loose || i == 0 || v[i - 1].first != v[i].first;

		/* never over what the next one is compared with: n <= i */
		if (keep)
			v[n++] = v[i];
	}
	s->n = n;
	for (size_t i = 0; i < n; i++)
		v[i].loose = true;
}

static void drop_doubles(struct spans *s)
{
	size_t n = 0;

	for (size_t i = 0; i < s->n; i++)
		if (!n || s->v[n - 1].first != s->v[i].first || s->v[n - 1].last != s->v[i].last)
			s->v[n++] = s->v[i];
	s->n = n;
}

void spans_near(const struct spans *a, const struct spans *b, const struct nearness *rule,
		const struct layout *layout, struct spans *out)
{
	struct spans a_by_last = sorted_by_last(a, out->arena), b_by_last = sorted_by_last(b, out->arena);

	join_to_ends(&a_by_last, b, rule, layout, out);
	join_to_beginnings(&a_by_last, b, rule, layout, out);
	if (!rule->ordered) {
		join_to_ends(&b_by_last, a, rule, layout, out);
		join_to_beginnings(&b_by_last, a, rule, layout, out);
		join_inside(a, b, rule, layout, out);
		join_inside(b, a, rule, layout, out);
	}
	if (!out->n)
		return;
	qsort(out->v, out->n, sizeof *out->v, by_last);
	drop_doubles(out);
	keep_shortest(out);
}

/* ---- counting ---- */

static void count_one(uint32_t last, const struct layout *layout, uint32_t *headline, uint32_t *body)
{
	if (last < layout->headline)
		++*headline;
	else
		++*body;
}

/* Those that end first leave the most room. */
static void count_apart(const struct spans *by_end, const struct layout *layout, uint32_t *headline,
			uint32_t *body)
{
	uint64_t free = 0;

	for (size_t i = 0; i < by_end->n; i++) {
		if (by_end->v[i].first < free)
			continue;
		count_one(by_end->v[i].last, layout, headline, body);
		free = (uint64_t)by_end->v[i].last + 1;
	}
}

void spans_count(const struct spans *s, const struct layout *layout, uint32_t *headline, uint32_t *body)
{
	struct spans by_end = sorted_by_last(s, s->arena);

	*headline = *body = 0;
	count_apart(&by_end, layout, headline, body);
}

static bool are_words(const struct spans *s)
{
	for (size_t i = 0; i < s->n; i++)
		if (s->v[i].first != s->v[i].last)
			return false;
	return true;
}

/* The same for words, in one pass: the first stretch to end takes the latest beginning. */
static void count_words(const struct spans *a, const struct spans *b, const struct nearness *rule,
			const struct layout *layout, uint32_t *headline, uint32_t *body)
{
	size_t i = 0, j = 0, breaks_met = 0;
	int64_t free = 0, begin[2] = { -1, -1 }, before[2] = { -1, -1 }; /* of each list the last two */

	while (i < a->n || j < b->n) {
		int of = j == b->n || (i < a->n && a->v[i].first <= b->v[j].first) ? 0 : 1;
		uint32_t pos = of ? b->v[j++].first : a->v[i++].first;
		int64_t other = begin[!of] < pos ? begin[!of] : before[!of];

		before[of] = begin[of];
		begin[of] = pos;
		if (other < free || (rule->ordered && of == 0) || pos - other > farthest(rule) ||
		    !holds_together(rule, layout, (uint32_t)other, pos, &breaks_met))
			continue;
		count_one(pos, layout, headline, body);
		free = (int64_t)pos + 1;
	}
}

void spans_count_near(const struct spans *a, const struct spans *b, const struct nearness *rule,
		      const struct layout *layout, struct arena *arena, uint32_t *headline, uint32_t *body)
{
	struct spans near = { .arena = arena };

	*headline = *body = 0;
	if (are_words(a) && are_words(b)) {
		count_words(a, b, rule, layout, headline, body);
		return;
	}
	spans_near(a, b, rule, layout, &near);
	spans_count(&near, layout, headline, body);
}

/* ---- what is not near ---- */

/* Is `b` near `a`, which is another place? What overlaps is. */
static bool is_near(const struct span *a, const struct span *b, const struct nearness *rule,
		    const struct layout *layout, size_t *breaks_met)
{
	if (a->first == b->first && a->last == b->last)
		return false;
	if (a->last < b->first)
		return b->first - a->last <= farthest(rule) &&
		       holds_together(rule, layout, a->first, b->last, breaks_met);
	if (b->last < a->first)
		return !rule->ordered && a->first - b->last <= farthest(rule) &&
		       holds_together(rule, layout, b->first, a->last, breaks_met);
	return true;
}

void spans_drop_near(struct spans *a, const struct spans *b, const struct nearness *rule,
		     const struct layout *layout)
{
	size_t breaks_met = 0, n = 0, from = 0; /* of `b`, the first that may be near */

	for (size_t i = 0; i < a->n; i++) {
		const struct span at = a->v[i];
		bool near = false;

		while (from < b->n && b->v[from].last < at.first &&
		       !is_near(&at, &b->v[from], rule, layout, &breaks_met))
			from++;
		for (size_t j = from; j < b->n && !near; j++) {
			if (b->v[j].first > at.last && b->v[j].first - at.last > farthest(rule))
				break;
			near = is_near(&at, &b->v[j], rule, layout, &breaks_met);
		}
		if (!near)
			a->v[n++] = at;
	}
	a->n = n;
}

/* ---- regions ---- */

void quotes_begin(struct quotes *q, const struct place_list *open, const struct place_list *close)
{
	*q = (struct quotes){ .open = open, .close = close, .ended = -1, .first = 1 };
}

bool quotes_next(struct quotes *q)
{
	const struct place_list *open = q->open, *close = q->close;

	while (q->next < open->n) {
		uint32_t from = place_at(open, q->next++), to;
		bool closes;

		to = q->next < open->n ? place_at(open, q->next) : UINT32_MAX;
		while (q->next_close < close->n && place_at(close, q->next_close) < from)
			q->next_close++;
		closes = q->next_close < close->n && place_at(close, q->next_close) == from;
		if (closes && q->ended != from)
			continue; /* it closes what it opens: there is no word in it */
		q->next_close += closes;
		if (q->next_close < close->n && place_at(close, q->next_close) < to)
			to = place_at(close, q->next_close);
		q->ended = to;
		q->first = from;
		q->last = to - 1;
		return true;
	}
	return false;
}

bool quotes_hold(struct quotes *q, uint32_t first, uint32_t last)
{
	while (q->first > q->last || q->last < first)
		if (!quotes_next(q))
			return false;
	return q->first <= first && last <= q->last;
}

/* It is if the last of them opens. Where one closes and one opens, the first closes what was open before; if
 * nothing was, it closes what the second opens, and no word is in it. */
bool quotes_are_open(const struct place_list *open, const struct place_list *close, size_t opened,
		     size_t closed)
{
	for (; opened; opened--, closed--) {
		if (!closed || place_at(close, closed - 1) < place_at(open, opened - 1))
			return true;
		if (place_at(close, closed - 1) > place_at(open, opened - 1))
			return false;
	}
	return false;
}

/* The marks of the headline come first. */
uint32_t lead_end(const struct layout *layout)
{
	size_t before = places_to(&layout->paragraphs, layout->headline);

	return before + 2 < layout->paragraphs.n ? place_at(&layout->paragraphs, before + 2) : UINT32_MAX;
}

void spans_keep_within(struct spans *s, unsigned regions, uint32_t first, const struct layout *layout)
{
	uint32_t lead = regions & REGION_LEAD ? lead_end(layout) : 0;
	uint32_t headline = layout->headline;
	struct quotes quotes;
	size_t n = 0;

	quotes_begin(&quotes, &layout->open, &layout->close);

	for (size_t i = 0; i < s->n; i++) {
		const struct span *at = &s->v[i];

		if (((regions & REGION_TITLE) && at->last >= headline) ||
		    ((regions & REGION_LEAD) && (at->first < headline || at->last >= lead)) ||
		    ((regions & REGION_FIRST) && at->last >= first_end(first, layout)) ||
		    ((regions & REGION_QUOTE) && !quotes_hold(&quotes, at->first, at->last)))
			continue;
		s->v[n++] = *at;
	}
	s->n = n;
}
