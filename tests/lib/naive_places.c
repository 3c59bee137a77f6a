#include "lib/naive_places.h"

#include "base/mem.h"

#include <stdlib.h>

/* ---- reading ---- */

static bool only_title(const struct placing *p)
{
	bool all = p->nparts > 0;

	for (size_t i = 0; i < p->nparts; i++)
		all &= p->parts[i].title;
	if (p->q->kind == QUERY_NEAR)
		return p->parts[0].title || p->parts[1].title;
	return p->q->kind == QUERY_NOT_NEAR ? p->parts[0].title : all;
}

void placing_read(struct placing *p, const struct naive *n, const struct query_node *q)
{
	size_t room = 0;

	*p = (struct placing){ .q = q };
	if (query_is_words(q->kind)) {
		leaf_read(&p->leaf, n, q);
		p->title = p->leaf.title;
		return;
	}
	for (const struct query_node *child = q->children; child; child = child->next)
		room++;
	p->parts = mem_zalloc(room, sizeof *p->parts);
	for (const struct query_node *child = q->children; child; child = child->next)
		placing_read(&p->parts[p->nparts++], n, child);
	p->title = only_title(p);
}

void placing_release(struct placing *p)
{
	if (query_is_words(p->q->kind))
		leaf_release(&p->leaf);
	for (size_t i = 0; i < p->nparts; i++)
		placing_release(&p->parts[i]);
	free(p->parts);
}

/* ---- the article's layout ---- */

static bool in_headline(const struct naive_doc *doc, uint32_t pos)
{
	return pos < doc->headline;
}

/* How many sentences or paragraphs have begun at a position. */
static uint32_t ordinal(const struct naive *n, const struct naive_doc *doc, char mark, uint32_t pos)
{
	uint32_t count = 0;

	for (size_t i = doc->first_mark; i < doc->end_mark; i++)
		count += n->marks[i].kind == mark && n->marks[i].pos <= pos;
	return count;
}

static bool has_mark(const struct naive *n, const struct naive_doc *doc, char mark, uint32_t pos)
{
	for (size_t i = doc->first_mark; i < doc->end_mark; i++)
		if (n->marks[i].kind == mark && n->marks[i].pos == pos)
			return true;
	return false;
}

/* The position at which the quotation around a position began; UINT32_MAX: there is none. What
 * opens and closes at one place outside of a quotation is an empty one. */
static uint32_t quotation(const struct naive *n, const struct naive_doc *doc, uint32_t pos)
{
	uint32_t began = UINT32_MAX;

	for (uint32_t at = 0; at <= pos; at++) {
		bool open = has_mark(n, doc, '(', at), close = has_mark(n, doc, ')', at);

		if (began == UINT32_MAX && open && close)
			continue;
		if (close)
			began = UINT32_MAX;
		if (open)
			began = at;
	}
	return began;
}

static bool in_region(const struct naive *n, const struct naive_doc *doc, const struct query_node *q,
		      const struct stretch *s)
{
	uint32_t before = ordinal(n, doc, 'p', doc->headline);
	uint32_t words = s->to + 1 - (s->to > doc->headline); /* up to its end */

	if ((q->regions & REGION_TITLE) && !in_headline(doc, s->to))
		return false;
	if ((q->regions & REGION_LEAD) &&
	    (in_headline(doc, s->from) || ordinal(n, doc, 'p', s->to) > before + 2))
		return false;
	if ((q->regions & REGION_FIRST) && words > q->first)
		return false;
	return !(q->regions & REGION_QUOTE) || (quotation(n, doc, s->from) != UINT32_MAX &&
						quotation(n, doc, s->from) == quotation(n, doc, s->to));
}

/* ---- near ---- */

static bool together(const struct fence *f, uint32_t from, uint32_t to)
{
	const struct naive_doc *doc = f->article;
	char mark = f->unit == UNIT_SENTENCE ? 's' : 'p';

	if (in_headline(doc, from) != in_headline(doc, to))
		return false;
	return f->unit == UNIT_WORDS ||
	       ordinal(f->archive, doc, mark, from) == ordinal(f->archive, doc, mark, to);
}

/* ---- finding ---- */

static void find_leaf(const struct placing *p, const struct naive *n, const struct naive_doc *doc,
		      struct stretches *out)
{
	for (size_t r = 0; r < p->leaf.n; r++) {
		const struct run *run = &p->leaf.readings[r];
		uint32_t length = 0;

		for (size_t i = 0; i < run->n; i++)
			length = run->places[i].offset > length ? run->places[i].offset : length;
		for (size_t i = doc->first; i < doc->end; i++) {
			struct stretch s = { n->tokens[i].pos, n->tokens[i].pos + length, false };

			if (i > doc->first && n->tokens[i - 1].pos == s.from)
				continue;
			if (leaf_stands(n, doc, i, run) && in_region(n, doc, p->q, &s))
				stretches_add(out, s.from, s.to, false);
		}
	}
}

void placing_find(const struct placing *p, const struct naive *n, const struct naive_doc *doc,
		  struct stretches *out)
{
	struct fence fence = { together, p->q->unit, p->q->n, p->q->ordered, doc, n };
	struct stretches a = { .n = 0 }, b = { .n = 0 };

	if (query_is_words(p->q->kind)) {
		find_leaf(p, n, doc, out);
	} else if (p->q->kind == QUERY_NEAR || p->q->kind == QUERY_NOT_NEAR) {
		placing_find(&p->parts[0], n, doc, &a);
		placing_find(&p->parts[1], n, doc, &b);
		(p->q->kind == QUERY_NEAR ? stretches_near : stretches_not_near)(&a, &b, &fence, out);
	} else {
		for (size_t i = 0; i < p->nparts; i++)
			placing_find(&p->parts[i], n, doc, out);
	}
	free(a.v);
	free(b.v);
}
