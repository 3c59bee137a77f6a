#include "patterns/candidates.h"

#include "base/mem.h"
#include "segment/vocabulary.h"

#include <stdlib.h>

struct finder {
	const struct archive *archive;
	const struct plan_element *element;
	struct candidates *found;
	/* the vocabularies of all segments, walked side by side */
	struct vocabulary *walks; /* by segment */
	uint32_t *order;          /* those that have not ended, by the term they stand on */
	uint32_t nwalks;
	struct buf scratch;
	struct err *err;
};

int dictionary_corrupt(const struct segment *seg, struct err *err)
{
	return segment_fault(seg, "its dictionary", err);
}

/* The stem that the first n walks stand on has a form that will do. */
static void add_candidate(struct finder *x, uint32_t n, uint8_t edits)
{
	struct candidates *found = x->found;
	struct candidate *c;

	MEM_GROW(found->v, found->cap, found->n + 1);
	c = &found->v[found->n++];
	*c = (struct candidate){ .edits = edits, .n = n };
	c->term = arena_bytes(&found->arena, vocabulary_term(&x->walks[x->order[0]]));
	c->entries = arena_alloc(&found->arena, n * sizeof *c->entries);
	for (uint32_t i = 0; i < n; i++) {
		const struct vocabulary *v = &x->walks[x->order[i]];

		c->entries[i] = (struct entry){ x->order[i], v->block, v->place };
		c->df += v->df;
	}
}

/* The edits to the nearest form of the term at hand, or negative. */
static int nearest_form(struct finder *x, struct vocabulary *v)
{
	int least = AUTOMATON_NO;
	struct bytes form;

	while (least != 0 && vocabulary_form(v, &form)) {
		int edits = plan_element_edits(x->element, form, &x->scratch);

		least = edits >= 0 && (least < 0 || edits < least) ? edits : least;
	}
	return least;
}

/* Let the first of the order stand on its next term, and at its place in the order; at `end`, a
 * first byte, it has ended. */
static int advance(struct finder *x, unsigned end)
{
	uint32_t segment = x->order[0], i = 1;
	struct vocabulary *v = &x->walks[segment];
	bool more = vocabulary_next(v) && v->term[0] < end;

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

/* How many of the walks stand on the first one's term. */
static uint32_t standing_together(const struct finder *x)
{
	struct bytes term = vocabulary_term(&x->walks[x->order[0]]);
	uint32_t n = 1;

	while (n < x->nwalks && bytes_equal(vocabulary_term(&x->walks[x->order[n]]), term))
		n++;
	return n;
}

/* Begin to walk all segments at a first byte. */
static int begin(struct finder *x, unsigned from, unsigned to)
{
	uint8_t first = (uint8_t)from;
	int rc = 0;

	x->nwalks = 0;
	for (uint32_t i = 0; i < x->archive->nsegments && rc == 0; i++) {
		vocabulary_seek(&x->walks[i], &x->archive->segments[i], bytes_of(&first, 1));
		memmove(x->order + 1, x->order, x->nwalks++ * sizeof *x->order);
		x->order[0] = i;
		rc = advance(x, to);
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

		for (uint32_t i = 0; i < n && edits != 0; i++) {
			int other = nearest_form(x, &x->walks[x->order[i]]);

			edits = other >= 0 && (edits < 0 || other < edits) ? other : edits;
		}
		if (edits >= 0)
			add_candidate(x, n, (uint8_t)edits);
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

int candidates_find(struct candidates *c, const struct plan_element *element, const struct archive *archive,
		    struct err *err)
{
	struct finder x = { .archive = archive, .element = element, .found = c, .err = err };
	int rc;

	*c = (struct candidates){ .arena = ARENA_INIT };
	x.walks = mem_alloc((archive->nsegments + 1) * sizeof *x.walks);
	x.order = mem_alloc((archive->nsegments + 1) * sizeof *x.order);
	rc = find(&x);
	free(x.walks);
	free(x.order);
	buf_release(&x.scratch);
	return rc;
}

void candidates_release(struct candidates *c)
{
	free(c->v);
	arena_release(&c->arena);
	*c = (struct candidates){ .v = NULL };
}

static int by_worth(const void *x, const void *y)
{
	const struct candidate *a = x, *b = y;

	if (a->edits != b->edits)
		return a->edits < b->edits ? -1 : 1;
	if (a->df != b->df)
		return a->df > b->df ? -1 : 1;
	return bytes_compare(a->term, b->term);
}

void candidates_sort(struct candidates *c)
{
	if (c->n)
		qsort(c->v, c->n, sizeof *c->v, by_worth);
}
