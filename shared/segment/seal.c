#include "seal.h"

#include "base/civil.h"
#include "base/mem.h"
#include "segment/form_list.h"
#include "segment/lengths.h"
#include "segment/positions.h"

#include <stdlib.h>

struct sealer {
	const struct inverter *inv;
	struct segment_parts *parts;
	uint32_t *order; /* doc -> article in order of arrival */
	uint32_t *doc;   /* the reverse */
	/* of the term being sealed */
	struct posting *postings;
	uint64_t *starts; /* where each posting's occurrences begin, in order of arrival */
	struct occurrence *occurrences, *sorted;
	size_t postings_cap, starts_cap, occurrences_cap, sorted_cap;
	struct form_count *forms;
	uint32_t *form_ids, *renumber;
	size_t forms_cap, form_ids_cap, renumber_cap;
};

/* qsort has no context argument in C11. */
static _Thread_local const struct inverter *sorting;

static int by_date(const void *x, const void *y)
{
	uint32_t i = *(const uint32_t *)x, j = *(const uint32_t *)y;
	const struct inverted_doc *a = &sorting->docs[i], *b = &sorting->docs[j];

	if (a->date != b->date)
		return a->date > b->date ? -1 : 1; /* CIVIL_NONE is the least: undated come last */
	if (a->article != b->article)
		return a->article > b->article ? 1 : -1;
	return (i > j) - (i < j); /* two that were dropped */
}

static void order_docs(struct sealer *s)
{
	const struct inverter *inv = s->inv;
	struct doc_columns *d = &s->parts->docs;

	s->order = mem_realloc_array(NULL, inv->ndocs, sizeof *s->order);
	s->doc = mem_realloc_array(NULL, inv->ndocs, sizeof *s->doc);
	for (uint32_t i = 0; i < inv->ndocs; i++)
		s->order[i] = i;
	sorting = inv;
	qsort(s->order, inv->ndocs, sizeof *s->order, by_date);
	for (uint32_t doc = 0; doc < inv->ndocs; doc++) {
		const struct inverted_doc *from = &inv->docs[s->order[doc]];

		s->doc[s->order[doc]] = doc;
		d->date[doc] = from->date;
		d->article[doc] = from->article;
		d->source[doc] = from->source;
		d->story[doc] = from->story;
		d->headline[doc] = (uint16_t)from->headline;
		d->length[doc] = length_code(from->words);
		d->words += from->words;
		d->ndated += from->date != CIVIL_NONE;
	}
}

/* Forms by falling count, then by bytes; fills s->renumber: number of appearance -> form number. */
static int by_count(const void *x, const void *y)
{
	const struct inverted_form *a = &sorting->form[*(const uint32_t *)x];
	const struct inverted_form *b = &sorting->form[*(const uint32_t *)y];
	struct bytes p = sorting->form_names.strings[*(const uint32_t *)x];
	struct bytes q = sorting->form_names.strings[*(const uint32_t *)y];

	if (a->count != b->count)
		return a->count > b->count ? -1 : 1;
	return bytes_compare(p, q);
}

static void seal_forms(struct sealer *s, struct bytes stem, const struct inverted_term *term,
		       struct term_info *info)
{
	const struct inverter *inv = s->inv;
	uint32_t n = 0;

	MEM_GROW(s->forms, s->forms_cap, term->nforms);
	MEM_GROW(s->form_ids, s->form_ids_cap, term->nforms);
	MEM_GROW(s->renumber, s->renumber_cap, (size_t)term->nforms + 1);
	s->renumber[0] = 0;
	for (uint32_t id = term->forms; id != INTERN_NONE; id = inv->form[id].older)
		s->form_ids[n++] = id;
	sorting = inv;
	if (n > 1)
		qsort(s->form_ids, n, sizeof *s->form_ids, by_count);
	for (uint32_t i = 0; i < n; i++) {
		const struct inverted_form *form = &inv->form[s->form_ids[i]];
		struct bytes name = inv->form_names.strings[s->form_ids[i]];

		s->renumber[form->number] = i;
		s->forms[i].form = bytes_of(name.p + name.n - form->size, form->size);
		s->forms[i].count = form->count;
	}
	info->form = s->parts->form.n;
	if (n > 1 || (n == 1 && !bytes_equal(s->forms[0].form, stem)))
		form_list_put(&s->parts->form, stem, s->forms, n);
	info->form_size = s->parts->form.n - info->form;
}

/* Decode the stream: postings and occurrences in order of arrival. Headline
 * words weigh `weight`. */
static void read_stream(struct sealer *s, const struct inverted_term *term, uint32_t weight)
{
	struct stream_reader r;
	uint32_t arrived = 0;
	uint64_t n = 0;

	MEM_GROW(s->postings, s->postings_cap, term->df);
	MEM_GROW(s->starts, s->starts_cap, term->df);
	MEM_GROW(s->occurrences, s->occurrences_cap, term->occurrences);
	stream_read(&r, &term->stream);
	for (uint32_t i = 0; i < term->df; i++) {
		struct posting *p = &s->postings[i];
		uint32_t pos = UINT32_MAX; /* so that the first gap, position + 1, lands on it */
		uint32_t headline;

		arrived += (uint32_t)stream_next(&r);
		headline = s->inv->docs[arrived].headline;
		*p = (struct posting){ .doc = s->doc[arrived] };
		s->starts[i] = n;
		while (n < term->occurrences) {
			uint64_t gap = stream_next(&r);

			if (!gap)
				break;
			pos += (uint32_t)gap;
			s->occurrences[n] = (struct occurrence){ .pos = pos,
								 .form = s->renumber[stream_next(&r)],
								 .first = n == s->starts[i] };
			n++;
			p->headline += pos < headline;
			p->freq += pos < headline ? weight : 1;
		}
		p->headline = weight > 1 ? p->headline : 0;
	}
}

static _Thread_local const struct posting *sorting_postings;

static int by_doc(const void *x, const void *y)
{
	uint32_t a = sorting_postings[*(const uint32_t *)x].doc;
	uint32_t b = sorting_postings[*(const uint32_t *)y].doc;

	return (a > b) - (a < b);
}

static bool is_sorted(const struct posting *p, uint32_t n)
{
	for (uint32_t i = 1; i < n; i++)
		if (p[i].doc < p[i - 1].doc)
			return false;
	return true;
}

/* Bring postings, and their occurrences with them, into doc order. */
static void sort_postings(struct sealer *s, const struct inverted_term *term)
{
	uint32_t n = term->df;
	uint32_t *index;
	struct posting *copy;
	uint64_t out = 0;

	if (is_sorted(s->postings, n))
		return;
	MEM_GROW(s->sorted, s->sorted_cap, term->occurrences);
	index = mem_realloc_array(NULL, n, sizeof *index);
	copy = mem_realloc_array(NULL, n, sizeof *copy);
	for (uint32_t i = 0; i < n; i++)
		index[i] = i;
	sorting_postings = s->postings;
	qsort(index, n, sizeof *index, by_doc);
	for (uint32_t i = 0; i < n; i++) {
		uint64_t start = s->starts[index[i]];
		uint64_t end = index[i] + 1 < n ? s->starts[index[i] + 1] : term->occurrences;

		copy[i] = s->postings[index[i]];
		memcpy(s->sorted + out, s->occurrences + start, (end - start) * sizeof *s->sorted);
		out += end - start;
	}
	memcpy(s->postings, copy, n * sizeof *copy);
	memcpy(s->occurrences, s->sorted, out * sizeof *s->sorted);
	free(index);
	free(copy);
}

static void seal_term(struct sealer *s, uint32_t id)
{
	const struct inverted_term *term = &s->inv->term[id];
	struct bytes name = s->inv->terms.strings[id];
	struct segment_parts *parts = s->parts;
	bool no_places = term_has_no_places(name);
	uint32_t weight = no_places ? 1 : parts->headline_weight;
	struct term_info info = { .df = term->df, .occurrences = term->occurrences };

	seal_forms(s, name, term, &info);
	read_stream(s, term, weight);
	sort_postings(s, term);
	info.post = parts->post.n;
	postings_put(&parts->post, s->postings, term->df,
		     &(struct postings_context){ .lengths = parts->docs.length,
						 .average = docs_average(&parts->docs),
						 .headline_weight = weight });
	info.post_size = parts->post.n - info.post;
	info.posn = parts->posn.n;
	if (!no_places)
		positions_put(&parts->posn, s->occurrences, term->occurrences, term->nforms);
	info.posn_size = parts->posn.n - info.posn;
	dict_writer_add(&parts->dict, name, &info);
}

static int by_term(const void *x, const void *y)
{
	return bytes_compare(sorting->terms.strings[*(const uint32_t *)x],
			     sorting->terms.strings[*(const uint32_t *)y]);
}

bool seal(const struct inverter *inv, uint32_t headline_weight, const volatile sig_atomic_t *stop,
	  struct segment_parts *parts)
{
	struct sealer s = { .inv = inv, .parts = parts };
	bool stopped = false;
	uint32_t *ids = mem_realloc_array(NULL, inv->terms.n, sizeof *ids);

	segment_parts_init(parts, inv->ndocs, headline_weight);
	order_docs(&s);
	for (uint32_t i = 0; i < inv->terms.n; i++)
		ids[i] = i;
	sorting = inv;
	qsort(ids, inv->terms.n, sizeof *ids, by_term);
	for (uint32_t i = 0; i < inv->terms.n && !stopped; i++) {
		seal_term(&s, ids[i]);
		stopped = stop && *stop;
	}
	free(ids);
	free(s.order);
	free(s.doc);
	free(s.postings);
	free(s.starts);
	free(s.occurrences);
	free(s.sorted);
	free(s.forms);
	free(s.form_ids);
	free(s.renumber);
	return !stopped;
}

void seal_dropped(const struct inverter *inv, const struct segment_parts *parts, struct dead_docs *dead)
{
	*dead = (struct dead_docs){ .ndocs = parts->docs.n };
	for (uint32_t doc = 0; inv->ndropped && doc < parts->docs.n; doc++)
		if (!parts->docs.article[doc])
			dead_docs_add(dead, doc, 0);
	for (uint32_t i = 0; dead->n && i < inv->ndocs; i++)
		if (!inv->docs[i].article)
			dead->words += inv->docs[i].words;
}
