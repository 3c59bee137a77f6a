#include "patterns/candidates.h"

#include "base/mem.h"
#include "base/radix.h"
#include "segment/vocabulary.h"

#include <stdlib.h>

struct finder {
	const struct archive *archive;
	const struct plan_element *element;
	struct candidates *found;
	size_t most;
	bool full; /* `most` are better than: */
	uint8_t edits;
	uint64_t df;
	struct arena *arena;
	/* the vocabularies of all segments, walked side by side */
	struct vocabulary *walks; /* by segment */
	uint32_t *order;          /* those that have not ended, by the term they stand on */
	uint32_t nwalks;
	bool *whole;  /* by segment: the stem at hand has no form there that will not do */
	size_t *dies; /* by segment: so many bytes of it no pattern's text begins with; 0: not known */
	struct buf scratch;
	struct err *err;
};

int dictionary_corrupt(const struct segment *seg, struct err *err)
{
	return segment_fault(seg, "its dictionary", err);
}

/* ---- the best ---- */

#define DIGIT_BITS 11u
#define DIGITS     (1u << DIGIT_BITS)

/* What candidates ascend by, but for their bytes. */
struct rank {
	uint64_t key;
	uint32_t at; /* of the candidate */
};

static struct rank rank_of(const struct candidates *c, size_t at)
{
	const uint64_t most = (UINT64_C(1) << 48) - 1;

	return (struct rank){ ((uint64_t)c->v[at].edits << 48) + (most - c->v[at].df), (uint32_t)at };
}

/* By one digit of the keys; equal ones keep their order. */
static void sort_by_digit(struct rank *to, const struct rank *from, size_t n, unsigned shift)
{
	uint32_t at[DIGITS] = { 0 };

	for (size_t i = 0; i < n; i++)
		at[from[i].key >> shift & (DIGITS - 1)]++;
	radix_starts(at, DIGITS);
	for (size_t i = 0; i < n; i++)
		to[at[from[i].key >> shift & (DIGITS - 1)]++] = from[i];
}

/* The order in which they were found, by bytes, stays among equal ones. Keeps `most`. */
static void sort(struct candidates *c, size_t most)
{
	struct rank *ranks = mem_alloc((2 * c->n + 1) * sizeof *ranks), *other = ranks + c->n;
	struct rank *from = ranks, *swap;
	struct candidate *sorted;
	uint64_t differ = 0;

	for (size_t i = 0; i < c->n; i++) {
		ranks[i] = rank_of(c, i);
		differ |= ranks[i].key ^ ranks[0].key;
	}
	for (unsigned shift = 0; shift < 56; shift += DIGIT_BITS) {
		if (!(differ >> shift & (DIGITS - 1)))
			continue;
		sort_by_digit(other, from, c->n, shift);
		swap = from;
		from = other;
		other = swap;
	}
	c->n = c->n < most ? c->n : most;
	c->cap = c->n + c->n / 2 + 1;
	sorted = mem_alloc(c->cap * sizeof *sorted);
	for (size_t i = 0; i < c->n; i++)
		sorted[i] = c->v[from[i].at];
	free(c->v);
	c->v = sorted;
	free(ranks);
}

/* Keep the best only, and know what is too bad from now on. */
static void keep_best(struct finder *x)
{
	struct candidates *found = x->found;

	sort(found, x->most);
	if (found->n < x->most)
		return;
	x->full = true;
	x->edits = found->v[found->n - 1].edits;
	x->df = found->v[found->n - 1].df;
}

/* The stem that the first n walks stand on has a form that will do. */
static int add_candidate(struct finder *x, uint32_t n, uint8_t edits)
{
	struct candidates *found = x->found;
	struct bytes term = vocabulary_term(&x->walks[x->order[0]]);
	struct candidate c = { .edits = edits, .n = n };

	for (uint32_t i = 0; i < n; i++)
		c.df += x->walks[x->order[i]].info.df;
	found->total++;
	if (x->full && (edits > x->edits || (edits == x->edits && c.df <= x->df)))
		return 0;
	c.entries = arena_alloc(x->arena, n * sizeof *c.entries + term.n + 1);
	c.term = bytes_of(memcpy(c.entries + n, term.p, term.n + 1), term.n);
	for (uint32_t i = 0; i < n; i++) {
		uint32_t segment = x->order[i];
		struct entry *entry = &c.entries[i];

		entry->segment = segment;
		entry->whole = x->whole[segment];
		if (!vocabulary_info(&x->walks[segment], &entry->info))
			return dictionary_corrupt(x->walks[segment].seg, x->err);
	}
	MEM_GROW(found->v, found->cap, found->n + 1);
	found->v[found->n++] = c;
	if (found->n > x->most && found->n - x->most > x->most / 2)
		keep_best(x);
	return 0;
}

/* ---- the walk ---- */

_Static_assert(PATTERN_OVER <= VOCABULARY_OVER, "forms are looked at beyond their ends");

/* The edits to the nearest form of the term at hand, or negative; *whole: all of them will do. */
static int nearest_form(struct finder *x, struct vocabulary *v, bool *whole)
{
	const struct plan_element *e = x->element;
	int least = AUTOMATON_NO;
	struct bytes form;

	if (vocabulary_plain(v)) {
		least = plan_element_edits(e, vocabulary_term(v), &x->scratch);
		*whole = least >= 0;
		return least;
	}
	*whole = true;
	while (vocabulary_form(v, &form)) {
		bool lacks = e->pattern && pattern_lacks(e->pattern, form);
		int edits = lacks ? AUTOMATON_NO : plan_element_edits(e, form, &x->scratch);

		*whole &= edits >= 0;
		least = edits >= 0 && (least < 0 || edits < least) ? edits : least;
		if (least == 0 && !*whole)
			break;
	}
	return least;
}

/* Is it seen at a glance that the term at hand will not do? Most will not, and begin as the one before. */
static bool hopeless(struct finder *x, uint32_t segment)
{
	const struct vocabulary *v = &x->walks[segment];
	struct pattern *pattern = x->element->pattern;
	size_t *dies = &x->dies[segment];

	if (v->kept < *dies)
		*dies = 0;
	if (!vocabulary_plain(v))
		return false;
	if (!pattern)
		return !plan_element_form(x->element, vocabulary_term(v), &x->scratch);
	if (pattern->nmust)
		return pattern_lacks(pattern, vocabulary_term(v));
	if (!*dies)
		*dies = pattern_dies(pattern, vocabulary_term(v));
	return *dies;
}

/* At `end`, a first byte, a walk has ended. */
static bool next_before(struct vocabulary *v, unsigned end)
{
	return vocabulary_next(v) && v->term[0] < end;
}

/* Put the first of the order, which has a term or has ended, where it belongs. */
static int put_in_order(struct finder *x, bool more)
{
	uint32_t segment = x->order[0], i = 1;
	struct vocabulary *v = &x->walks[segment];

	if (v->rc < 0)
		return dictionary_corrupt(v->seg, x->err);
	for (; i < x->nwalks; i++) {
		if (more && bytes_compare(vocabulary_term(v), vocabulary_term(&x->walks[x->order[i]])) <= 0)
			break;
		x->order[i - 1] = x->order[i];
	}
	if (more)
		x->order[i - 1] = segment;
	else
		x->nwalks--;
	return 0;
}

/* Let the first of the order stand on its next term. Those that only it has are passed over where they are
 * hopeless. */
static int advance(struct finder *x, unsigned end)
{
	uint32_t segment = x->order[0];
	struct vocabulary *v = &x->walks[segment], *next = x->nwalks > 1 ? &x->walks[x->order[1]] : NULL;
	bool more;

	do {
		more = next_before(v, end);
	} while (more && hopeless(x, segment) &&
		 (!next || bytes_compare(vocabulary_term(v), vocabulary_term(next)) < 0));
	return put_in_order(x, more);
}

/* How many of the walks stand on the first one's term. */
static uint32_t standing_together(const struct finder *x)
{
	struct bytes term = vocabulary_term(&x->walks[x->order[0]]);
	uint32_t n = 1;

	while (n < x->nwalks && bytes_equal(vocabulary_term(&x->walks[x->order[n]]), term))
		n++;
	return n;
}

/* Begin to walk all segments at a first byte: none is passed over, for others that begin later may have it. */
static int begin(struct finder *x, unsigned from, unsigned to)
{
	uint8_t first = (uint8_t)from;
	int rc = 0;

	x->nwalks = 0;
	for (uint32_t i = 0; i < x->archive->nsegments && rc == 0; i++) {
		vocabulary_seek(&x->walks[i], &x->archive->segments[i], bytes_of(&first, 1));
		x->dies[i] = 0;
		memmove(x->order + 1, x->order, x->nwalks++ * sizeof *x->order);
		x->order[0] = i;
		rc = put_in_order(x, next_before(&x->walks[i], to));
	}
	return rc;
}

/* Stems whose first byte is in [from, to). */
static int find_between(struct finder *x, unsigned from, unsigned to)
{
	int rc = begin(x, from, to);

	while (rc == 0 && x->nwalks) {
		uint32_t n = standing_together(x);
		int edits = AUTOMATON_NO;

		for (uint32_t i = 0; i < n; i++) {
			uint32_t segment = x->order[i];
			int other = nearest_form(x, &x->walks[segment], &x->whole[segment]);

			edits = other >= 0 && (edits < 0 || other < edits) ? other : edits;
		}
		if (edits >= 0)
			rc = add_candidate(x, n, (uint8_t)edits);
		for (; n > 0 && rc == 0; n--)
			rc = advance(x, to);
	}
	return rc;
}

#define FIRST_OF_STEMS 0x20u /* terms of other kinds begin with less */

/* Which bytes a stem that is wanted may begin with. A stemmer may change all of a word but
 * its first letter (dying: die). */
static void first_bytes(const struct finder *x, bool first[256])
{
	const struct plan_element *e = x->element;

	memset(first, 0, 256 * sizeof *first);
	if (!stemmer_keeps_first(buf_cstr(&x->archive->language)))
		memset(first + FIRST_OF_STEMS, true, 256 - FIRST_OF_STEMS);
	else if (e->pattern)
		automaton_first_bytes(&e->pattern->automaton, first);
	else
		first[*e->prefix.p] = true;
}

static int find(struct finder *x)
{
	bool first[256];
	int rc = 0;

	first_bytes(x, first);
	for (unsigned from = FIRST_OF_STEMS, to; rc == 0 && from < 256; from = to) {
		for (to = from + 1; to < 256 && first[to] == first[from]; to++)
			;
		if (first[from])
			rc = find_between(x, from, to);
	}
	return rc;
}

int candidates_find(struct candidates *c, const struct plan_element *element, size_t most,
		    const struct archive *archive, struct arena *arena, struct err *err)
{
	struct finder x = {
		.archive = archive, .element = element, .found = c, .most = most, .arena = arena, .err = err
	};
	int rc;

	*c = (struct candidates){ .v = NULL };
	x.walks = mem_alloc((archive->nsegments + 1) * sizeof *x.walks);
	x.order = mem_alloc((archive->nsegments + 1) * sizeof *x.order);
	x.whole = mem_alloc((archive->nsegments + 1) * sizeof *x.whole);
	x.dies = mem_alloc((archive->nsegments + 1) * sizeof *x.dies);
	rc = find(&x);
	keep_best(&x);
	free(x.walks);
	free(x.order);
	free(x.whole);
	free(x.dies);
	buf_release(&x.scratch);
	return rc;
}

void candidates_release(struct candidates *c)
{
	free(c->v);
	*c = (struct candidates){ .v = NULL };
}
