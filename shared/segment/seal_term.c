#include "segment/seal_term.h"

#include "base/mem.h"

#include <stdlib.h>

#define FEW 32u /* postings that are sorted by insertion */

void sealed_terms_reset(struct sealed_terms *s)
{
	buf_reset(&s->form);
	buf_reset(&s->post);
	buf_reset(&s->posn);
	s->n = 0;
}

void sealed_terms_release(struct sealed_terms *s)
{
	buf_release(&s->form);
	buf_release(&s->post);
	buf_release(&s->posn);
	free(s->infos);
	*s = (struct sealed_terms){ .n = 0 };
}

void term_sealer_release(struct term_sealer *s)
{
	free(s->postings);
	free(s->starts);
	free(s->keys);
	free(s->other_keys);
	free(s->occurrences);
	free(s->sorted_postings);
	free(s->sorted);
	free(s->forms);
	free(s->form_ids);
	free(s->renumber);
	*s = (struct term_sealer){ .postings = NULL };
}

void term_sealer_trim(struct term_sealer *s, size_t most)
{
	size_t held = (s->postings_cap + s->sorted_postings_cap) * sizeof *s->postings +
		      (s->occurrences_cap + s->sorted_cap) * sizeof *s->occurrences +
		      (s->starts_cap + s->keys_cap + s->other_keys_cap) * sizeof *s->keys;

	if (held > most)
		term_sealer_release(s);
}

/* ---- forms ---- */

/* qsort has no context argument in C11. */
static _Thread_local const struct inverter *sorting;

/* Forms by falling count, then by bytes. */
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

/* Fills s->renumber, too: number of appearance -> form number. */
static void seal_forms(struct term_sealer *s, const struct inverter *inv, struct bytes stem,
		       const struct inverted_term *term, struct buf *out)
{
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
	if (n > 1 || (n == 1 && !bytes_equal(s->forms[0].form, stem)))
		form_list_put(out, stem, s->forms, n);
}

/* ---- postings and occurrences ---- */

/* Decode the stream: postings and occurrences in order of arrival. Headline
 * words weigh `weight`. */
static void read_stream(struct term_sealer *s, const struct seal_order *order,
			const struct inverted_term *term, uint32_t weight)
{
	struct stream_reader r;
	uint32_t arrived = 0;
	uint64_t n = 0;

	MEM_GROW(s->postings, s->postings_cap, term->df);
	MEM_GROW(s->starts, s->starts_cap, term->df);
	MEM_GROW(s->occurrences, s->occurrences_cap, term->occurrences);
	stream_read(&r, &term->stream);
	for (uint32_t i = 0; i < term->df; i++) {
		struct posting p = { .freq = 0 };
		uint32_t pos = UINT32_MAX; /* so that the first gap, position + 1, lands on it */
		uint32_t headline;

		arrived += (uint32_t)stream_next(&r);
		headline = order->inv->docs[arrived].headline;
		p.doc = order->doc[arrived];
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
			p.headline += pos < headline;
			p.freq += pos < headline ? weight : 1;
		}
		p.headline = weight > 1 ? p.headline : 0;
		s->postings[i] = p;
	}
}

static bool is_sorted(const struct posting *p, uint32_t n)
{
	for (uint32_t i = 1; i < n; i++)
		if (p[i].doc < p[i - 1].doc)
			return false;
	return true;
}

static void sort_few(uint64_t *keys, uint32_t n)
{
	for (uint32_t i = 1; i < n; i++) {
		uint64_t key = keys[i];
		uint32_t at = i;

		for (; at > 0 && keys[at - 1] > key; at--)
			keys[at] = keys[at - 1];
		keys[at] = key;
	}
}

/* One byte of the keys, from `shift` on: sorted into `to`, equal ones in the order they had. */
static void sort_by_byte(const uint64_t *from, uint64_t *to, uint32_t n, unsigned shift)
{
	uint32_t at[256] = { 0 }, sum = 0;

	for (uint32_t i = 0; i < n; i++)
		at[from[i] >> shift & 0xFF]++;
	for (unsigned i = 0; i < 256; i++) {
		uint32_t here = at[i];

		at[i] = sum;
		sum += here;
	}
	for (uint32_t i = 0; i < n; i++)
		to[at[from[i] >> shift & 0xFF]++] = from[i];
}

/* s->keys: for each posting in doc order its doc, and below that its place. */
static void sort_keys(struct term_sealer *s, uint32_t n, uint32_t ndocs)
{
	MEM_GROW(s->keys, s->keys_cap, n);
	for (uint32_t i = 0; i < n; i++)
		s->keys[i] = (uint64_t)s->postings[i].doc << 32 | i;
	if (n <= FEW) {
		sort_few(s->keys, n);
		return;
	}
	MEM_GROW(s->other_keys, s->other_keys_cap, n);
	for (unsigned shift = 0; shift < 32 && (ndocs - 1) >> shift; shift += 8) {
		uint64_t *sorted = s->other_keys;
		size_t cap = s->other_keys_cap;

		sort_by_byte(s->keys, sorted, n, 32 + shift);
		s->other_keys = s->keys;
		s->other_keys_cap = s->keys_cap;
		s->keys = sorted;
		s->keys_cap = cap;
	}
}

/* Bring postings, and their occurrences with them, into doc order. */
static void sort_postings(struct term_sealer *s, const struct inverted_term *term, uint32_t ndocs)
{
	uint32_t n = term->df;
	uint64_t out = 0;

	sort_keys(s, n, ndocs);
	MEM_GROW(s->sorted, s->sorted_cap, term->occurrences);
	MEM_GROW(s->sorted_postings, s->sorted_postings_cap, n);
	for (uint32_t i = 0; i < n; i++) {
		uint32_t from = (uint32_t)s->keys[i];
		uint64_t start = s->starts[from];
		uint64_t end = from + 1 < n ? s->starts[from + 1] : term->occurrences;

		s->sorted_postings[i] = s->postings[from];
		for (; start < end; start++)
			s->sorted[out++] = s->occurrences[start];
	}
}

void seal_term(struct term_sealer *s, const struct seal_order *order, uint32_t id, struct sealed_terms *out)
{
	const struct inverter *inv = order->inv;
	const struct inverted_term *term = &inv->term[id];
	struct bytes name = inv->terms.strings[id];
	bool no_places = term_has_no_places(name);
	const struct postings_context context = {
		.lengths = order->docs->length,
		.average = docs_average(order->docs),
		.headline_weight = no_places ? 1 : order->headline_weight,
	};
	struct term_info info = { .df = term->df,
				  .occurrences = term->occurrences,
				  .form = out->form.n,
				  .post = out->post.n,
				  .posn = out->posn.n };
	const struct posting *postings;
	const struct occurrence *occurrences;

	seal_forms(s, inv, name, term, &out->form);
	read_stream(s, order, term, context.headline_weight);
	postings = s->postings;
	occurrences = s->occurrences;
	if (!is_sorted(s->postings, term->df)) {
		sort_postings(s, term, inv->ndocs);
		postings = s->sorted_postings;
		occurrences = s->sorted;
	}
	postings_put(&out->post, postings, term->df, &context);
	if (!no_places)
		positions_put(&out->posn, occurrences, term->occurrences, term->nforms);
	info.form_size = out->form.n - info.form;
	info.post_size = out->post.n - info.post;
	info.posn_size = out->posn.n - info.posn;
	MEM_GROW(out->infos, out->cap, out->n + 1);
	out->infos[out->n++] = info;
}
