/* query/places/place_rows.h - ascending places, four at a time: is there one in a stretch, how many are before.
 *
 * Why this is fast (`make bench BENCH=queries`, near and region): of a few places each is compared, without
 * a branch that could be guessed wrong; of many, groups that lie before what is asked for are passed
 * over by their last one.
 * Shape   behind the last place PLACE_GROUP numbers follow that are PLACE_NONE.
 */
#ifndef MORGUE_PLACE_ROWS_H
#define MORGUE_PLACE_ROWS_H

#include "segment/positions.h"
#include "segment/rows.h"

#include <stdbool.h>
#include <string.h>

#define PLACE_NONE  POSITION_NONE
#define PLACE_GROUP POSITIONS_SLACK /* places compared before it is seen whether to go on */

_Static_assert(PLACE_GROUP == 4 * ROW_LANES, "four rows are written out");

typedef int32_t signs_of_4 __attribute__((vector_size(16)));

static inline row_of_4 row_at(const uint32_t *v)
{
	row_of_4 row;

	memcpy(&row, v, sizeof row);
	return row;
}

/* Of each: is it less? All ones if so. Numbers moved by half of their range compare as signed ones. */
static inline row_of_4 row_less(row_of_4 a, uint32_t b)
{
	const row_of_4 half = { 1u << 31, 1u << 31, 1u << 31, 1u << 31 };
	const row_of_4 zero = { 0 };

	return (row_of_4)((signs_of_4)(a - half) < (signs_of_4)(zero + (b - (1u << 31))));
}

/* Is one of n places in [from, to]? All before place *met are before `from`, which never falls from call to call. */
static inline bool places_any(const uint32_t *v, uint32_t n, uint32_t *met, uint32_t from, uint32_t to)
{
	uint32_t at = *met, width = to - from + (to < PLACE_NONE); /* which is in no stretch */

	if (from > to)
		return false;
	if (to == PLACE_NONE && n && v[n - 1] == PLACE_NONE) /* where a place may be, too */
		return true;
	while (n - at > PLACE_GROUP && v[at + PLACE_GROUP - 1] < from)
		at += PLACE_GROUP;
	*met = at;
	for (; at < n; at += PLACE_GROUP) {
		row_of_4 hit = row_less(row_at(v + at) - from, width);
		uint64_t halves[2];

		hit |= row_less(row_at(v + at + 4) - from, width);
		hit |= row_less(row_at(v + at + 8) - from, width);
		hit |= row_less(row_at(v + at + 12) - from, width);
		memcpy(halves, &hit, sizeof halves);
		if (halves[0] | halves[1])
			return true;
		if (v[at + PLACE_GROUP - 1] > to)
			break;
	}
	return false;
}

/* How many of n places are at `pos` or before it, if `met` of them are. */
static inline uint32_t places_to(const uint32_t *v, uint32_t n, uint32_t met, uint32_t pos)
{
	row_of_4 fewer;

	while (n - met > PLACE_GROUP && v[met + PLACE_GROUP - 1] <= pos)
		met += PLACE_GROUP;
	if (met == n || pos == PLACE_NONE)
		return n;
	fewer = row_less(row_at(v + met), pos + 1);
	fewer += row_less(row_at(v + met + 4), pos + 1);
	fewer += row_less(row_at(v + met + 8), pos + 1);
	fewer += row_less(row_at(v + met + 12), pos + 1);
	return met - (fewer[0] + fewer[1] + fewer[2] + fewer[3]);
}

#endif
