#include "lib/index_naive.h"

#include "base/civil.h"
#include "base/mem.h"
#include "lib/stretches.h"

#include <stdlib.h>
#include <strings.h>

/* The docs of a segment that a node matches, and what they score. */
struct docs {
	uint8_t *match;
	int64_t *score;
};

struct reader {
	const struct random_index *x;
	const struct index_segment *s;
	const struct scorer *scorer;
};

static struct docs new_docs(uint32_t n)
{
	return (struct docs){ mem_zalloc(n, 1), mem_zalloc(n, sizeof(int64_t)) };
}

static void free_docs(struct docs *d)
{
	free(d->match);
	free(d->score);
}

/* ---- words and forms ---- */

static uint32_t word_number(const struct reader *rd, struct bytes name)
{
	for (uint32_t i = 0; i < rd->x->nwords; i++)
		if (bytes_is(name, rd->x->words[i].name))
			return i;
	abort();
}

static bool has_capital(const struct buf *b)
{
	for (size_t i = 0; i < b->n; i++)
		if (b->p[i] >= 'A' && b->p[i] <= 'Z')
			return true;
	return false;
}

/* Does an occurrence's written form do? ASCII only: capitals in what is asked for make case matter. */
static bool form_does(const struct reader *rd, uint32_t word, uint32_t form, const struct plan_element *e)
{
	const struct index_list *l = &rd->s->lists[word];
	const char *written = rd->x->words[word].forms[(l->first_form + form) % INDEX_FORMS];

	if (l->nforms == 1)
		written = rd->x->words[word].forms[l->first_form];
	if (e->test) {
		const char *wanted = (const char *)e->test->wanted.p;

		if (has_capital(&e->test->wanted) ? strcmp(written, wanted) : strcasecmp(written, wanted))
			return false;
	}
	return !e->prefix.n || strncasecmp(written, (const char *)e->prefix.p, e->prefix.n) == 0;
}

/* ---- frequencies ---- */

static uint32_t saturating(uint64_t freq)
{
	return freq > UINT32_MAX ? UINT32_MAX : (uint32_t)freq;
}

static void term_freqs(const struct reader *rd, const struct plan_node *node, uint32_t *freqs)
{
	const struct index_list *l = &rd->s->lists[word_number(rd, node->elements[0].terms[0])];

	for (uint32_t i = 0; i < l->df; i++)
		freqs[l->postings[i].doc] = node->title ? l->postings[i].headline : l->postings[i].freq;
}

/* One posting of a member of an expansion. */
static uint32_t member_freq(const struct reader *rd, const struct plan_node *node, uint32_t word, uint32_t i)
{
	const struct plan_element *e = &node->elements[0];
	const struct index_list *l = &rd->s->lists[word];
	uint32_t headline = rd->s->docs->headline[l->postings[i].doc];
	uint64_t freq = 0;

	if (!e->test && !e->prefix.n)
		return node->title ? l->postings[i].headline : l->postings[i].freq;
	for (uint64_t at = l->starts[i]; at < l->starts[i + 1]; at++) {
		bool titled = l->occurrences[at].pos < headline;

		if (form_does(rd, word, l->occurrences[at].form, e))
			freq += node->title ? titled : titled ? rd->x->headline_weight : 1;
	}
	return (uint32_t)freq;
}

static void expansion_freqs(const struct reader *rd, const struct plan_node *node, uint32_t *freqs)
{
	for (size_t t = 0; t < node->elements[0].nterms; t++) {
		uint32_t word = word_number(rd, node->elements[0].terms[t]);
		const struct index_list *l = &rd->s->lists[word];

		for (uint32_t i = 0; i < l->df; i++) {
			uint32_t *freq = &freqs[l->postings[i].doc];

			*freq = saturating((uint64_t)*freq + member_freq(rd, node, word, i));
		}
	}
}

/* The posting of a doc, or df. */
static uint32_t find_doc(const struct index_list *l, uint32_t doc)
{
	uint32_t low = 0, high = l->df;

	while (low < high) {
		uint32_t middle = low + (high - low) / 2;

		if (l->postings[middle].doc < doc)
			low = middle + 1;
		else
			high = middle;
	}
	return low < l->df && l->postings[low].doc == doc ? low : l->df;
}

/* Does one of the element's words stand at this position of the doc? */
static bool stands(const struct reader *rd, const struct plan_element *e, uint32_t doc, uint64_t pos)
{
	for (size_t t = 0; t < e->nterms; t++) {
		uint32_t word = word_number(rd, e->terms[t]);
		const struct index_list *l = &rd->s->lists[word];
		uint32_t i = find_doc(l, doc);

		for (uint64_t at = i < l->df ? l->starts[i] : 0; i < l->df && at < l->starts[i + 1]; at++)
			if (l->occurrences[at].pos == pos && form_does(rd, word, l->occurrences[at].form, e))
				return true;
	}
	return false;
}

/* Was this beginning met before, by an earlier word of the first place? */
static bool met_before(const struct reader *rd, const struct plan_element *e, size_t t, uint32_t doc,
		       uint64_t pos)
{
	struct plan_element earlier = *e;

	earlier.nterms = t;
	return stands(rd, &earlier, doc, pos);
}

static uint32_t phrase_at(const struct reader *rd, const struct plan_node *node, uint32_t doc, uint64_t start)
{
	uint32_t headline = rd->s->docs->headline[doc];
	uint64_t last = start;

	for (size_t i = 1; i < node->nelements; i++) {
		last = start + node->elements[i].offset > last ? start + node->elements[i].offset : last;
		if (!stands(rd, &node->elements[i], doc, start + node->elements[i].offset))
			return 0;
	}
	if (start >= headline)
		return !node->title;
	if (last >= headline)
		return 0;
	return node->title ? 1 : rd->x->headline_weight;
}

/* The first element's offset is 0: the phrase begins where one of its words stands. */
static void phrase_freqs(const struct reader *rd, const struct plan_node *node, uint32_t *freqs)
{
	const struct plan_element *e = &node->elements[0];

	for (size_t t = 0; t < e->nterms; t++) {
		uint32_t word = word_number(rd, e->terms[t]);
		const struct index_list *l = &rd->s->lists[word];

		for (uint32_t i = 0; i < l->df; i++) {
			uint32_t doc = l->postings[i].doc;

			for (uint64_t at = l->starts[i]; at < l->starts[i + 1]; at++) {
				uint32_t pos = l->occurrences[at].pos;

				if (form_does(rd, word, l->occurrences[at].form, e) &&
				    (t == 0 || !met_before(rd, e, t, doc, pos)))
					freqs[doc] += phrase_at(rd, node, doc, pos);
			}
		}
	}
}

/* ---- places ---- */

static void add_leaf_places(const struct reader *rd, const struct plan_node *node, uint32_t doc,
			    struct stretches *out)
{
	const struct plan_element *e = &node->elements[0];
	uint32_t length = 0;

	for (size_t i = 0; i < node->nelements; i++)
		length = node->elements[i].offset > length ? node->elements[i].offset : length;
	for (size_t t = 0; t < e->nterms; t++) {
		uint32_t word = word_number(rd, e->terms[t]);
		const struct index_list *l = &rd->s->lists[word];
		uint32_t i = find_doc(l, doc);

		for (uint64_t at = i < l->df ? l->starts[i] : 0; i < l->df && at < l->starts[i + 1]; at++) {
			uint32_t pos = l->occurrences[at].pos;

			if (form_does(rd, word, l->occurrences[at].form, e) && phrase_at(rd, node, doc, pos))
				stretches_add(out, pos, pos + length, false);
		}
	}
}

static bool on_one_side(const struct fence *f, uint32_t from, uint32_t to)
{
	uint32_t headline = *(const uint16_t *)f->article;

	return (from < headline) == (to < headline);
}

/* Is it among the first so many words? The body's are numbered from one later on. */
static bool among_first(const struct plan_node *node, uint32_t headline, uint32_t to)
{
	return (to < headline ? to : to - 1) < node->first;
}

static void add_places(const struct reader *rd, const struct plan_node *node, uint32_t doc,
		       struct stretches *out)
{
	const uint16_t *headline = &rd->s->docs->headline[doc];
	struct fence fence = { on_one_side, node->unit, node->n, node->ordered, headline, NULL };
	struct stretches a = { .n = 0 }, b = { .n = 0 };

	if (node->nelements) {
		add_leaf_places(rd, node, doc, out);
	} else if (node->kind == PLAN_NEAR || node->kind == PLAN_NOT_NEAR) {
		add_places(rd, node->children[0], doc, &a);
		add_places(rd, node->children[1], doc, &b);
		(node->kind == PLAN_NEAR ? stretches_near : stretches_not_near)(&a, &b, &fence, out);
	} else {
		for (size_t i = 0; i < node->nchildren; i++)
			add_places(rd, node->children[i], doc, &a);
		for (size_t i = 0; i < a.n; i++)
			if (node->kind != PLAN_WITHIN || among_first(node, *headline, a.v[i].to))
				stretches_add(out, a.v[i].from, a.v[i].to, a.v[i].open);
	}
	free(a.v);
	free(b.v);
}

/* How many of its places do not overlap, headline ones worth `weight`. */
static uint32_t count_places(const struct reader *rd, const struct plan_node *node, uint32_t doc,
			     uint32_t weight)
{
	struct stretches found = { .n = 0 };
	uint32_t count;

	add_places(rd, node, doc, &found);
	count = stretches_count(&found, rd->s->docs->headline[doc], weight);
	free(found.v);
	return count;
}

static void leaf_freqs(const struct reader *rd, const struct plan_node *node, uint32_t *freqs)
{
	uint32_t *other;

	switch (node->kind) {
	case PLAN_TERM: term_freqs(rd, node, freqs); return;
	case PLAN_EXPANSION: expansion_freqs(rd, node, freqs); return;
	case PLAN_PHRASE: phrase_freqs(rd, node, freqs); return;
	case PLAN_NEAR:
	case PLAN_NOT_NEAR:
	case PLAN_WITHIN:
		for (uint32_t doc = 0; doc < rd->s->ndocs; doc++)
			freqs[doc] = count_places(rd, node, doc, node->title ? 1 : rd->x->headline_weight);
		return;
	default: break;
	}
	for (size_t i = 0; i < node->nchildren; i++) { /* alternatives */
		other = mem_zalloc(rd->s->ndocs, sizeof *other);
		leaf_freqs(rd, node->children[i], other);
		for (uint32_t doc = 0; doc < rd->s->ndocs; doc++)
			freqs[doc] = other[doc] > freqs[doc] ? other[doc] : freqs[doc];
		free(other);
	}
}

/* ---- nodes ---- */

static struct docs leaf(const struct reader *rd, const struct plan_node *node)
{
	uint32_t *freqs = mem_zalloc(rd->s->ndocs, sizeof *freqs);
	struct docs d = new_docs(rd->s->ndocs);

	leaf_freqs(rd, node, freqs);
	for (uint32_t doc = 0; doc < rd->s->ndocs; doc++) {
		if (!freqs[doc])
			continue;
		d.match[doc] = 1;
		d.score[doc] =
			scorer_contribution(rd->scorer, node->weight, freqs[doc], rd->s->docs->length[doc]);
	}
	free(freqs);
	return d;
}

static bool in_range(const struct plan_node *node, int64_t date)
{
	switch (node->kind) {
	case PLAN_DATE: return date != CIVIL_NONE && date >= node->from && date < node->to;
	case PLAN_UNDATED: return date == CIVIL_NONE;
	default: return node->kind == PLAN_ALL;
	}
}

static struct docs evaluate(const struct reader *rd, const struct plan_node *node);

static struct docs at_least(const struct reader *rd, const struct plan_node *node)
{
	struct docs d = evaluate(rd, node->children[0]);

	for (uint32_t doc = 0; doc < rd->s->ndocs; doc++) {
		d.match[doc] = d.match[doc] && count_places(rd, node->children[0], doc, 1) >= node->n;
		d.score[doc] = d.match[doc] ? d.score[doc] : 0;
	}
	return d;
}

static struct docs branch(const struct reader *rd, const struct plan_node *node)
{
	uint32_t n = rd->s->ndocs;
	struct docs d = new_docs(n);

	for (uint32_t doc = 0; doc < n; doc++)
		d.match[doc] = node->kind != PLAN_OR && node->kind != PLAN_SOME_OF;
	for (size_t i = 0; i < node->nchildren; i++) {
		struct docs child = evaluate(rd, node->children[i]);

		for (uint32_t doc = 0; doc < n; doc++) {
			switch (node->kind) {
			case PLAN_AND: d.match[doc] &= child.match[doc]; break;
			case PLAN_OR: d.match[doc] |= child.match[doc]; break;
			case PLAN_SOME_OF: d.match[doc] = (uint8_t)(d.match[doc] + child.match[doc]); break;
			default: d.match[doc] = !child.match[doc]; break;
			}
			d.score[doc] += node->kind == PLAN_NOT ? 0 : child.score[doc];
		}
		free_docs(&child);
	}
	for (uint32_t doc = 0; doc < n; doc++) {
		if (node->kind == PLAN_SOME_OF)
			d.match[doc] = d.match[doc] >= node->n;
		d.score[doc] = d.match[doc] ? d.score[doc] : 0;
	}
	return d;
}

static struct docs evaluate(const struct reader *rd, const struct plan_node *node)
{
	struct docs d;

	switch (node->kind) {
	case PLAN_TERM:
	case PLAN_PHRASE:
	case PLAN_EXPANSION:
	case PLAN_NEAR:
	case PLAN_NOT_NEAR:
	case PLAN_WITHIN:
	case PLAN_ALTERNATIVES: return leaf(rd, node);
	case PLAN_AT_LEAST: return at_least(rd, node);
	case PLAN_SOME_OF:
	case PLAN_AND:
	case PLAN_OR:
	case PLAN_NOT: return branch(rd, node);
	default: break;
	}
	d = new_docs(rd->s->ndocs);
	for (uint32_t doc = 0; doc < rd->s->ndocs; doc++)
		d.match[doc] = in_range(node, rd->s->docs->date[doc]);
	return d;
}

/* ---- the answer ---- */

void index_answer_make(struct index_answer *a, const struct random_index *x, const struct plan *plan)
{
	*a = (struct index_answer){ .n = 0 };
	for (uint32_t number = 0; number < x->archive.nsegments; number++) {
		struct reader rd = { x, &x->segments[number], &plan->scorer };
		struct docs d = evaluate(&rd, plan->root);

		for (uint32_t doc = 0; doc < rd.s->ndocs; doc++) {
			if (!d.match[doc] || (rd.s->dead && rd.s->dead[doc]))
				continue;
			MEM_GROW(a->hits, a->cap, a->n + 1);
			a->hits[a->n++] = (struct hit){ .score = d.score[doc],
							.date = rd.s->docs->date[doc],
							.article = rd.s->docs->article[doc],
							.segment = number,
							.doc = doc };
		}
		free_docs(&d);
	}
}

static int by_doc_order(const void *x, const void *y)
{
	const struct hit *a = x, *b = y;

	if (a->date != b->date)
		return a->date > b->date ? -1 : 1;
	return a->article < b->article ? -1 : a->article > b->article;
}

static int by_age(const void *x, const void *y)
{
	const struct hit *a = x, *b = y;

	if ((a->date == CIVIL_NONE) != (b->date == CIVIL_NONE))
		return a->date == CIVIL_NONE ? 1 : -1;
	if (a->date != b->date)
		return a->date < b->date ? -1 : 1;
	return by_doc_order(x, y);
}

static int by_score(const void *x, const void *y)
{
	const struct hit *a = x, *b = y;

	if (a->score != b->score)
		return a->score > b->score ? -1 : 1;
	return by_doc_order(x, y);
}

void index_answer_sort(struct index_answer *a, enum rank_order order)
{
	if (a->n)
		qsort(a->hits, a->n, sizeof *a->hits,
		      order == RANK_RELEVANCE ? by_score
		      : order == RANK_NEWEST  ? by_doc_order
					      : by_age);
}

void index_answer_release(struct index_answer *a)
{
	free(a->hits);
	*a = (struct index_answer){ .n = 0 };
}
