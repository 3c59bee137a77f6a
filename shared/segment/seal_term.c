#include "segment/seal_term.h"

#include "base/mem.h"
#include "base/radix.h"

#include <stdlib.h>

#define FEW       32u /* postings that are sorted by insertion */
#define SORT_BITS 10u /* of a doc's number, sorted by at once: two passes for a million docs */

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
	free(s->gaps);
	free(s->numbers);
	free(s->keys);
	free(s->other_keys);
	free(s->sorted);
	free(s->forms);
	free(s->counts);
	free(s->form_ids);
	free(s->renumber);
	postings_writer_release(&s->list);
	*s = (struct term_sealer){ .postings = NULL };
}

void term_sealer_trim(struct term_sealer *s, size_t most)
{
	size_t held = (s->postings_cap + s->sorted_cap) * sizeof *s->postings +
		      (s->gaps_cap + s->numbers_cap) * sizeof *s->gaps +
		      (s->starts_cap + s->keys_cap + s->other_keys_cap) * sizeof *s->keys +
		      s->list.blocks.cap;

	if (held > most)
		term_sealer_release(s);
}

/* ---- the stream ---- */

/* Read `count` occurrences of one article: gaps, form numbers, and each form counted. How many of them
 * are in the headline. */
static inline uint32_t read_occurrences(struct stream_reader *r, uint32_t count, uint32_t headline,
					uint32_t *gaps, uint32_t *numbers, uint64_t *counts)
{
	uint32_t pos = 0, found = 0;

	for (uint32_t i = 0; i < count; i++) {
		uint64_t v = stream_next(r);
		uint32_t gap = (uint32_t)(v >> 1);

		pos += gap;
		found += pos < headline;
		gaps[i] = gap - (i > 0);
		numbers[i] = v & 1 ? (uint32_t)stream_next(r) : 0;
		counts[numbers[i]]++;
	}
	return found;
}

static void make_room(struct term_sealer *s, const struct inverted_term *term)
{
	MEM_GROW(s->postings, s->postings_cap, term->df);
	MEM_GROW(s->starts, s->starts_cap, (size_t)term->df + 1);
	MEM_GROW(s->gaps, s->gaps_cap, term->occurrences);
	MEM_GROW(s->numbers, s->numbers_cap, term->occurrences);
	MEM_GROW(s->counts, s->counts_cap, (size_t)term->nforms + 1);
	memset(s->counts, 0, ((size_t)term->nforms + 1) * sizeof *s->counts);
}

/* Decode the stream: postings and occurrences in order of arrival, and how often each form stands
 * there. Headline words weigh `weight`. */
static void read_stream(struct term_sealer *s, const struct seal_order *order,
			const struct inverted_term *term, uint32_t weight)
{
	const struct seal_doc *doc = order->arrived;
	struct posting *postings;
	uint32_t *gaps, *numbers;
	uint64_t *starts, *counts, n = 0;
	struct stream_reader r;

	make_room(s, term);
	postings = s->postings;
	starts = s->starts;
	gaps = s->gaps;
	numbers = s->numbers;
	counts = s->counts;
	stream_read(&r, &term->stream);
	for (uint32_t i = 0; i < term->df; i++) {
		uint64_t v = stream_next(&r);
		uint32_t count = v & 1 ? (uint32_t)stream_next(&r) + 2 : 1, headline;

		doc += v >> 1;
		headline = read_occurrences(&r, count, doc->headline, gaps + n, numbers + n, counts);
		starts[i] = n;
		postings[i] = (struct posting){ .doc = doc->doc,
						.freq = count + (weight - 1) * headline,
						.headline = weight > 1 ? headline : 0 };
		n += count;
	}
	starts[term->df] = n;
}

/* ---- forms ---- */

/* qsort has no context argument in C11. */
static _Thread_local const struct inverter *sorting;
static _Thread_local const uint64_t *counted;

/* Forms by falling count, then by bytes. */
static int by_count(const void *x, const void *y)
{
	uint32_t i = *(const uint32_t *)x, j = *(const uint32_t *)y;
	uint64_t a = counted[sorting->form[i].number], b = counted[sorting->form[j].number];

	if (a != b)
		return a > b ? -1 : 1;
	return bytes_compare(sorting->form_names.strings[i], sorting->form_names.strings[j]);
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
	counted = s->counts;
	if (n > 1)
		qsort(s->form_ids, n, sizeof *s->form_ids, by_count);
	for (uint32_t i = 0; i < n; i++) {
		const struct inverted_form *form = &inv->form[s->form_ids[i]];
		struct bytes name = inv->form_names.strings[s->form_ids[i]];

		s->renumber[form->number] = i;
		s->forms[i].form = bytes_of(name.p + name.n - form->size, form->size);
		s->forms[i].count = s->counts[form->number];
	}
	if (n > 1 || (n == 1 && !bytes_equal(s->forms[0].form, stem)))
		form_list_put(out, stem, s->forms, n);
}

/* ---- order ---- */

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

/* By some bits of the keys, from `shift` on: sorted into `to`, equal ones in the order they had. */
static void sort_by_bits(const uint64_t *from, uint64_t *to, uint32_t n, unsigned shift, unsigned bits)
{
	uint32_t at[1 << SORT_BITS] = { 0 }, mask = (1u << bits) - 1;

	for (uint32_t i = 0; i < n; i++)
		at[from[i] >> shift & mask]++;
	radix_starts(at, (size_t)mask + 1);
	for (uint32_t i = 0; i < n; i++)
		to[at[from[i] >> shift & mask]++] = from[i];
}

/* s->keys: for each posting in doc order its doc, and below that its place. */
static void sort_keys(struct term_sealer *s, uint32_t n, uint32_t ndocs)
{
	unsigned width, passes, bits;

	MEM_GROW(s->keys, s->keys_cap, n);
	for (uint32_t i = 0; i < n; i++)
		s->keys[i] = (uint64_t)s->postings[i].doc << 32 | i;
	if (n <= FEW) {
		sort_few(s->keys, n);
		return;
	}
	MEM_GROW(s->other_keys, s->other_keys_cap, n);
	width = radix_width(ndocs);
	passes = (width + SORT_BITS - 1) / SORT_BITS;
	bits = (width + passes - 1) / passes;
	for (unsigned pass = 0; pass < passes; pass++) {
		uint64_t *sorted = s->other_keys;
		size_t cap = s->other_keys_cap;

		sort_by_bits(s->keys, sorted, n, 32 + pass * bits, bits);
		s->other_keys = s->keys;
		s->other_keys_cap = s->keys_cap;
		s->keys = sorted;
		s->keys_cap = cap;
	}
}

/* The postings in doc order; then s->keys is, too. */
static const struct posting *sort_postings(struct term_sealer *s, uint32_t n, uint32_t ndocs)
{
	sort_keys(s, n, ndocs);
	MEM_GROW(s->sorted, s->sorted_cap, n);
	for (uint32_t i = 0; i < n; i++)
		s->sorted[i] = s->postings[(uint32_t)s->keys[i]];
	return s->sorted;
}

/* ---- lists ---- */

/* Occurrences [from, to), in order of arrival, are the next ones. */
static inline void put_occurrences(struct term_sealer *s, uint64_t from, uint64_t to)
{
	struct positions_writer *w = &s->positions;
	const uint32_t *gaps = s->gaps, *numbers = s->numbers, *renumber = s->renumber;

	while (from < to) {
		uint64_t left = to - from, room = POSTINGS_BLOCK - w->filled, n = left < room ? left : room;

		for (uint64_t i = 0; i < n; i++) {
			w->gaps[w->filled + i] = gaps[from + i];
			w->forms[w->filled + i] = renumber[numbers[from + i]];
		}
		w->filled += (uint32_t)n;
		from += n;
		if (w->filled == POSTINGS_BLOCK)
			positions_end_chunk(w);
	}
}

static void put_positions(struct term_sealer *s, const struct inverted_term *term, bool sorted,
			  struct buf *out)
{
	positions_begin(&s->positions, out, term->occurrences, term->nforms);
	if (sorted)
		put_occurrences(s, 0, term->occurrences);
	for (uint32_t i = 0; !sorted && i < term->df; i++) {
		uint32_t from = (uint32_t)s->keys[i];

		put_occurrences(s, s->starts[from], s->starts[from + 1]);
	}
	positions_end(&s->positions);
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
	bool sorted;

	read_stream(s, order, term, context.headline_weight);
	seal_forms(s, inv, name, term, &out->form);
	sorted = is_sorted(s->postings, term->df);
	postings = sorted ? s->postings : sort_postings(s, term->df, inv->ndocs);
	postings_put(&s->list, &out->post, postings, term->df, &context);
	if (!no_places)
		put_positions(s, term, sorted, &out->posn);
	info.form_size = out->form.n - info.form;
	info.post_size = out->post.n - info.post;
	info.posn_size = out->posn.n - info.posn;
	MEM_GROW(out->infos, out->cap, out->n + 1);
	out->infos[out->n++] = info;
}
