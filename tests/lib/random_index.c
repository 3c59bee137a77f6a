#include "lib/random_index.h"

#include "base/civil.h"
#include "base/mem.h"
#include "text/analyze.h"

#include <stdio.h>
#include <stdlib.h>

/* Many numbers at once come from a generator of their own, so that a fuzzer's byte is worth more. */
static struct rng bulk_of(struct rng *r)
{
	struct rng bulk;

	rng_init(&bulk, rng_below(r, 1u << 16));
	return bulk;
}

/* ---- sizes ---- */

static uint32_t draw_ndocs(struct rng *r, uint32_t class)
{
	static const uint32_t middle[] = { 129,  2049,  4095,  4096,  4097,  8191,  8192,  8193,
					   9000, 10000, 12287, 12288, 12289, 12500, 13000, 14000 };
	static const uint32_t large[] = { 32767, 32768, 32769, 36865, 65535, 65536, 65537, 60000 };

	if (class == 0)
		return rng_range(r, 1, 300);
	if (class == 1)
		return rng_range(r, 1, 3000);
	return class == 2 ? middle[rng_below(r, 16)] : large[rng_below(r, 8)];
}

/* ---- columns ---- */

/* Length codes: all equal, of two or three, in long stretches, or any. */
static void draw_lengths(struct rng *r, struct doc_columns *d)
{
	struct rng bulk = bulk_of(r);
	uint32_t style = rng_below(r, 6);
	uint8_t few[3] = { 0, 255, (uint8_t)rng_below(r, 256) }, code = few[rng_below(r, 3)];

	for (uint32_t doc = 0; doc < d->n; doc++) {
		if (style == 1)
			code = few[rng_below(&bulk, 3)];
		else if (style == 2 && rng_one_in(&bulk, 500))
			code = (uint8_t)rng_below(&bulk, 256);
		else if (style == 3)
			code = (uint8_t)rng_below(&bulk, 256);
		else if (style == 4)
			code = (uint8_t)(100 + rng_below(&bulk, 3));
		d->length[doc] = code;
	}
}

/* Dates fall, many are equal, in all segments the same few; some docs have none. */
static void draw_dates(struct rng *r, struct doc_columns *d, uint32_t number, uint32_t nsegments)
{
	static const uint32_t ties[] = { 1, 2, 10, 1000, 1u << 20 };
	struct rng bulk = bulk_of(r);
	uint32_t tie = ties[rng_below(r, 5)];
	int64_t date = (int64_t)CIVIL_DAY * rng_below(r, 3);

	d->ndated = rng_one_in(r, 3) ? rng_below(r, d->n + 1) : d->n;
	for (uint32_t doc = 0; doc < d->n; doc++) {
		if (rng_one_in(&bulk, tie))
			date -= CIVIL_DAY * (int64_t)rng_range(&bulk, 1, 3);
		d->date[doc] = doc < d->ndated ? date : CIVIL_NONE;
		d->article[doc] = 1 + doc * nsegments + number;
	}
}

static void draw_headlines(struct rng *r, struct doc_columns *d)
{
	struct rng bulk = bulk_of(r);
	uint32_t most = rng_one_in(r, 4) ? 0 : rng_range(r, 1, 12);

	for (uint32_t doc = 0; doc < d->n; doc++)
		d->headline[doc] =
			rng_one_in(&bulk, 3000) ? UINT16_MAX : (uint16_t)rng_below(&bulk, most + 1);
}

/* ---- which docs hold a word ---- */

static void mark_spread(struct rng *bulk, uint8_t *in, uint32_t from, uint32_t to, uint32_t step)
{
	for (uint32_t doc = from + rng_below(bulk, step); doc < to; doc += rng_range(bulk, 1, 2 * step - 1))
		in[doc] = 1;
}

/* Exactly `df` docs: first a stretch, then every so many. */
static void mark_df(struct rng *bulk, uint8_t *in, uint32_t ndocs, uint32_t df)
{
	uint32_t dense = rng_below(bulk, 3) ? 0 : df / 2, step = df ? ndocs / df : 1, n = 0;

	for (uint32_t doc = 0; doc < ndocs && n < df; doc++) {
		uint32_t left = ndocs - doc;

		in[doc] = n < dense || df - n >= left || doc % (step ? step : 1) == 0;
		n += in[doc];
	}
}

/* Stretches of dense and rare docs by turns. */
static void mark_clusters(struct rng *bulk, uint8_t *in, uint32_t ndocs)
{
	for (uint32_t from = 0; from < ndocs;) {
		uint32_t length = rng_range(bulk, 1, rng_one_in(bulk, 2) ? 200 : 5000);
		uint32_t to = ndocs - from < length ? ndocs : from + length;

		if (!rng_one_in(bulk, 3))
			mark_spread(bulk, in, from, to, rng_one_in(bulk, 2) ? 1 + rng_below(bulk, 4) : 300);
		from = to;
	}
}

/* Each window of the evaluator has a density of its own, often none. */
static void mark_windows(struct rng *bulk, uint8_t *in, uint32_t ndocs)
{
	static const uint32_t steps[] = { 1, 8, 100, 600 };

	for (uint32_t from = 0; from < ndocs; from += 4096)
		if (!rng_one_in(bulk, 4))
			mark_spread(bulk, in, from, ndocs - from < 4096 ? ndocs : from + 4096,
				    steps[rng_below(bulk, 4)]);
}

/* The docs beside the edges of windows, and a few more. */
static void mark_edges(struct rng *bulk, uint8_t *in, uint32_t ndocs)
{
	for (uint32_t edge = 0; edge <= ndocs; edge += rng_one_in(bulk, 2) ? 4096 : 128)
		for (uint32_t doc = edge ? edge - 1 : 0; doc <= edge + 1 && doc < ndocs; doc++)
			in[doc] = !rng_one_in(bulk, 3);
	in[ndocs - 1] = 1;
}

static void mark_docs(struct rng *r, uint8_t *in, uint32_t ndocs)
{
	static const uint32_t dfs[] = { 1, 2, 127, 128, 129, 255, 256, 257, 2047, 2048, 2049, 4096, 4097 };
	static const uint32_t steps[] = { 1, 2, 3, 10, 40, 300, 2000 };
	struct rng bulk = bulk_of(r);
	uint32_t df;

	memset(in, 0, ndocs);
	switch (ndocs > 4096 && rng_one_in(r, 2) ? 6 : rng_below(r, 9)) {
	case 0: break;
	case 1: in[rng_below(&bulk, 2) ? ndocs - 1 : rng_below(&bulk, ndocs)] = 1; break;
	case 2:
		df = dfs[rng_below(r, 13)];
		mark_df(&bulk, in, ndocs, df < ndocs ? df : ndocs);
		break;
	case 3: memset(in, 1, ndocs); break;
	case 4: mark_clusters(&bulk, in, ndocs); break;
	case 5: mark_edges(&bulk, in, ndocs); break;
	case 6: mark_windows(&bulk, in, ndocs); break;
	case 7: mark_spread(&bulk, in, 0, 1 + rng_below(&bulk, ndocs), steps[rng_below(r, 4)]); break;
	default: mark_spread(&bulk, in, 0, ndocs, steps[rng_below(r, 7)]); break;
	}
}

/* ---- words without places ---- */

/* Of posting `number`, in `doc`: some styles have the best at the ends of blocks and runs. */
static uint32_t draw_freq(struct rng *bulk, uint32_t style, uint32_t number, uint32_t doc)
{
	switch (style) {
	case 0: return 1;
	case 1: return rng_range(bulk, 1, 3);
	case 2: return rng_range(bulk, 20, 28); /* about the last frequency that has a table */
	case 3: return doc % 64 == 7 ? UINT32_MAX >> rng_below(bulk, 20) : 1;
	case 4: return rng_one_in(bulk, 700) ? rng_range(bulk, 2, 60) : 1;
	case 5: return number % 128 % 127 == 0 && rng_one_in(bulk, 4) ? rng_range(bulk, 3, 30) : 1;
	case 6: return number % 2048 % 2047 == 0 ? 50 : 1;
	default:
		return rng_one_in(bulk, 2) ? rng_range(bulk, 1, 8)
					   : 1 + rng_below(bulk, 40) * rng_below(bulk, 40);
	}
}

static void add_posting(struct index_list *l, uint32_t doc, uint32_t freq, uint32_t headline)
{
	MEM_GROW(l->postings, l->cap, l->df + 1);
	l->postings[l->df++] = (struct posting){ doc, freq, headline };
}

/* All occurrences of a word in a segment are 2^32 - 1 at most. */
static void draw_list(struct rng *r, struct index_list *l, const uint8_t *in, uint32_t ndocs, uint32_t weight,
		      uint32_t usual)
{
	struct rng bulk = bulk_of(r);
	uint32_t style = rng_one_in(r, 3) ? usual : rng_below(r, 8), titled = rng_below(r, 3),
		 left = UINT32_MAX;

	for (uint32_t doc = 0; doc < ndocs; doc++)
		left -= in[doc];
	for (uint32_t doc = 0; doc < ndocs; doc++) {
		uint32_t freq, most;

		if (!in[doc])
			continue;
		freq = draw_freq(&bulk, style, l->df, doc);
		freq = freq - 1 > left ? left + 1 : freq;
		left -= freq - 1;
		most = titled && freq / weight > 3 ? 3 : freq / weight;
		add_posting(l, doc, freq,
			    titled && rng_one_in(&bulk, titled * 3) ? rng_range(&bulk, 0, most) : 0);
	}
}

/* ---- words with places ---- */

/* The text of one doc. */
struct writer {
	struct random_index *x;
	struct index_segment *s;
	struct rng *bulk;
	uint32_t headline; /* T */
	uint64_t pos;      /* the next position that is free */
	uint32_t far;      /* one doc in so many goes on at the last position of all */
	uint32_t present[INDEX_WORDS], npresent;
	uint32_t count[INDEX_WORDS], titled[INDEX_WORDS]; /* occurrences so far, in the headline */
};

static void write_word(struct writer *w, uint32_t word)
{
	struct index_list *l = &w->s->lists[word];
	uint32_t form = rng_one_in(w->bulk, 3) ? rng_below(w->bulk, l->nforms) : 0;

	MEM_GROW(l->occurrences, l->occurrences_cap, l->n + 1);
	l->occurrences[l->n++] = (struct occurrence){ (uint32_t)w->pos, form, w->count[word] == 0 };
	w->count[word]++;
	w->titled[word] += w->pos < w->headline;
}

static void step(struct writer *w, uint64_t by)
{
	w->pos += by;
	w->pos += w->pos == w->headline;
}

/* A few words in a row, from the given one on in their order; some share a position. */
static void write_row(struct writer *w, uint32_t at, uint32_t length)
{
	for (uint32_t i = 0; i < length && w->pos <= UINT32_MAX; i++) {
		uint32_t word = w->present[(at + i) % w->npresent];

		write_word(w, word);
		if (w->npresent > 1 && rng_one_in(w->bulk, 12))
			write_word(w, w->present[(at + i + 1) % w->npresent]);
		step(w, 1);
	}
}

static void leave_gap(struct writer *w)
{
	if (rng_one_in(w->bulk, 3))
		step(w, rng_below(w->bulk, 30));
	if (rng_one_in(w->bulk, w->far))
		step(w, rng_range(w->bulk, 1u << 20, 1u << rng_range(w->bulk, 21, 30)));
}

/* At or beside the last position that there is. */
static void write_last(struct writer *w)
{
	uint32_t before = rng_below(w->bulk, 4);

	if (w->pos >= UINT32_MAX - before)
		return;
	w->pos = UINT32_MAX - before;
	write_row(w, rng_below(w->bulk, w->npresent), 4);
}

static void write_text(struct writer *w, uint32_t rows)
{
	w->pos = 0;
	step(w, rng_one_in(w->bulk, 2) ? 0 : rng_below(w->bulk, 20));
	for (uint32_t i = 0; i < w->npresent; i++) {
		if (w->count[w->present[i]])
			continue;
		write_row(w, i, rng_range(w->bulk, 1, 4));
		leave_gap(w);
	}
	for (uint32_t i = 0; i < rows; i++) {
		write_row(w, rng_below(w->bulk, w->npresent), rng_range(w->bulk, 1, 4));
		leave_gap(w);
	}
	if (rng_one_in(w->bulk, w->far))
		write_last(w);
}

static void write_doc(struct writer *w, uint32_t doc, uint32_t style)
{
	uint32_t rows = style < 2 ? 0 : rng_below(w->bulk, style == 2 ? 3 : 12);

	w->headline = w->s->docs->headline[doc];
	memset(w->count, 0, sizeof w->count);
	memset(w->titled, 0, sizeof w->titled);
	write_text(w, rng_one_in(w->bulk, 600) ? 200 : rows);
	for (uint32_t i = 0; i < w->npresent; i++) {
		uint32_t word = w->present[i], titled = w->titled[word];

		add_posting(&w->s->lists[word], doc, w->x->headline_weight * titled + w->count[word] - titled,
			    titled);
	}
}

static void find_starts(struct index_list *l, uint32_t weight)
{
	uint64_t at = 0;

	l->starts = mem_zalloc(l->df + 1, sizeof *l->starts);
	for (uint32_t i = 0; i < l->df; i++) {
		at += l->postings[i].freq - (weight - 1) * l->postings[i].headline;
		l->starts[i + 1] = at;
	}
}

static void write_docs(struct rng *r, struct random_index *x, struct index_segment *s, uint8_t *in[])
{
	struct rng bulk = bulk_of(r);
	struct writer w = { .x = x, .s = s, .bulk = &bulk };
	uint32_t style = rng_below(r, 4);

	w.far = rng_one_in(r, 6) ? 8 : 1000;
	for (uint32_t doc = 0; doc < s->ndocs; doc++) {
		w.npresent = 0;
		for (uint32_t word = 0; word < x->nplaced; word++)
			if (in[word][doc])
				w.present[w.npresent++] = word;
		if (w.npresent)
			write_doc(&w, doc, style);
	}
	for (uint32_t word = 0; word < x->nplaced; word++)
		find_starts(&s->lists[word], x->headline_weight);
}

/* ---- sealing ---- */

/* The word's headline list: as often as it stands there. */
static void add_title(struct index_segment *s, const struct index_word *word, const struct index_list *l)
{
	struct posting *titles = mem_zalloc(l->df + 1, sizeof *titles);
	char name[8] = { TERM_HEADLINE };
	struct seg_term term = { .postings = titles, .plain = true };

	for (uint32_t i = 0; i < l->df; i++)
		if (l->postings[i].headline)
			titles[term.df++] =
				(struct posting){ l->postings[i].doc, l->postings[i].headline, 0 };
	memcpy(name + 1, word->name, sizeof word->name);
	term.name = bytes_str(name);
	if (term.df)
		seg_fixture_add(&s->fixture, &term);
	free(titles);
}

static void add_word(struct index_segment *s, const struct index_word *word, const struct index_list *l)
{
	struct form_count forms[INDEX_FORMS];
	struct seg_term term = { .name = bytes_str(word->name), .postings = l->postings, .df = l->df };

	for (uint32_t i = 0; i < l->nforms; i++)
		forms[i] = (struct form_count){ bytes_str(word->forms[(l->first_form + i) % INDEX_FORMS]),
						INDEX_FORMS - i };
	if (word->placed) {
		term.occurrences = l->occurrences;
		term.n = l->n;
		term.forms = forms;
		term.nforms = l->nforms;
	}
	if (l->df)
		seg_fixture_add(&s->fixture, &term);
}

static void seal(struct random_index *x, struct index_segment *s)
{
	for (uint32_t word = 0; word < x->nwords; word++)
		add_title(s, &x->words[word], &s->lists[word]);
	for (uint32_t word = 0; word < x->nwords; word++)
		add_word(s, &x->words[word], &s->lists[word]);
	seg_fixture_seal(&s->fixture);
}

/* ---- the whole ---- */

static void name_words(struct random_index *x)
{
	for (uint32_t i = 0; i < x->nwords; i++) {
		struct index_word *w = &x->words[i];

		snprintf(w->name, sizeof w->name, "w%02u", i % 100);
		snprintf(w->forms[0], sizeof *w->forms, "w%02u", i % 100);
		snprintf(w->forms[1], sizeof *w->forms, "W%02u", i % 100);
		snprintf(w->forms[2], sizeof *w->forms, "w%02us", i % 100);
		snprintf(w->forms[3], sizeof *w->forms, "W%02uS", i % 100);
		w->placed = i < x->nplaced;
	}
}

static void make_segment(struct random_index *x, struct rng *r, uint32_t number, uint32_t nsegments,
			 uint32_t ndocs)
{
	struct index_segment *s = &x->segments[number];
	uint8_t *in[INDEX_WORDS];
	uint32_t usual = rng_below(r, 8); /* style of many lists */

	s->ndocs = ndocs;
	seg_fixture_init(&s->fixture, ndocs, x->headline_weight);
	s->docs = &s->fixture.parts.docs;
	draw_lengths(r, s->docs);
	draw_dates(r, s->docs, number, nsegments);
	draw_headlines(r, s->docs);
	s->docs->words = rng_one_in(r, 3) ? rng_below(r, 50) : (uint64_t)ndocs * 400;
	for (uint32_t word = 0; word < x->nwords; word++) {
		struct index_list *l = &s->lists[word];

		in[word] = mem_alloc(ndocs);
		mark_docs(r, in[word], ndocs);
		l->nforms = rng_range(r, 1, INDEX_FORMS);
		l->first_form = rng_below(r, INDEX_FORMS);
		if (word >= x->nplaced)
			draw_list(r, l, in[word], ndocs, x->headline_weight, usual);
	}
	write_docs(r, x, s, in);
	for (uint32_t word = 0; word < x->nwords; word++)
		free(in[word]);
	seal(x, s);
	x->opened[number] = s->fixture.seg;
	x->ndocs += ndocs;
}

static uint32_t draw_class(struct rng *r, uint32_t big)
{
	if (big && rng_one_in(r, big))
		return 3;
	return big && rng_below(r, 5) < 2 ? 2 : rng_one_in(r, 3);
}

static uint32_t draw_nsegments(struct rng *r, uint32_t class)
{
	static const uint32_t most[] = { INDEX_SEGMENTS, INDEX_SEGMENTS, 3, 2 };

	return rng_one_in(r, 3) ? 1 : rng_range(r, 2, most[class]);
}

void random_index_make(struct random_index *x, struct rng *r, uint32_t big)
{
	static const uint32_t weights[] = { 1, 2, 3, 5, 100 };
	uint32_t class = draw_class(r, big), nsegments = draw_nsegments(r, class);

	*x = (struct random_index){ .headline_weight = weights[rng_below(r, 5)] };
	x->nwords = class == 3 ? 6 : rng_range(r, 2, INDEX_WORDS);
	x->nplaced = rng_below(r, class == 3 ? 3 : class == 2 ? 5 : x->nwords + 1);
	x->nplaced = x->nplaced < x->nwords ? x->nplaced : x->nwords;
	name_words(x);
	for (uint32_t i = 0; i < nsegments; i++)
		make_segment(x, r, i, nsegments,
			     draw_ndocs(r, i && class > 1 && rng_one_in(r, 2) ? 0 : class));
	x->archive = (struct archive){ .segments = x->opened,
				       .nsegments = nsegments,
				       .headline_weight = x->headline_weight,
				       .ndocs = x->ndocs };
}

/* ---- the dead ---- */

static void bury(struct random_index *x, uint32_t number, uint32_t doc)
{
	struct index_segment *s = &x->segments[number];
	bool new = !s->dead[doc];

	s->dead[doc] = 1;
	if (dead_docs_add(&x->opened[number].dead, doc, 0) != new)
		abort();
	x->ndocs -= new;
	x->archive.ndocs -= new;
}

/* The docs where a word is most frequent: those that bounds speak of. */
static void bury_best(struct random_index *x, struct rng *r, uint32_t number)
{
	const struct index_segment *s = &x->segments[number];
	const struct index_list *l = &s->lists[rng_below(r, x->nwords)];

	for (uint32_t n = rng_range(r, 1, 20); n; n--) {
		const struct posting *best = NULL;

		for (uint32_t i = 0; i < l->df; i++)
			if (!s->dead[l->postings[i].doc] && (!best || l->postings[i].freq > best->freq))
				best = &l->postings[i];
		if (best)
			bury(x, number, best->doc);
	}
}

static void bury_some(struct random_index *x, struct rng *r, uint32_t number)
{
	static const uint32_t one_in[] = { 1, 2, 5, 100, 100 };
	uint32_t ndocs = x->segments[number].ndocs, which = rng_below(r, 10);
	uint32_t from = rng_below(r, ndocs), to = rng_range(r, from, ndocs);

	if (which > 6) {
		bury_best(x, r, number);
		return;
	}
	if (which > 4) {
		bury(x, number, from);
		return;
	}
	if (one_in[which] == 100)
		from = 0, to = ndocs;
	for (uint32_t doc = from; doc < to; doc++)
		if (rng_one_in(r, one_in[which]))
			bury(x, number, doc);
}

void random_index_bury(struct random_index *x, struct rng *r)
{
	for (uint32_t i = 0; i < x->archive.nsegments; i++) {
		struct index_segment *s = &x->segments[i];

		if (!s->dead)
			s->dead = mem_zalloc(s->ndocs, 1);
		x->opened[i].dead.ndocs = s->ndocs;
		for (uint32_t times = rng_below(r, 3); times; times--)
			bury_some(x, r, i);
	}
}

void random_index_release(struct random_index *x)
{
	for (uint32_t i = 0; i < x->archive.nsegments; i++) {
		for (uint32_t word = 0; word < x->nwords; word++) {
			free(x->segments[i].lists[word].postings);
			free(x->segments[i].lists[word].occurrences);
			free(x->segments[i].lists[word].starts);
		}
		free(x->segments[i].dead);
		dead_docs_release(&x->opened[i].dead);
		seg_fixture_release(&x->segments[i].fixture);
	}
	*x = (struct random_index){ .nwords = 0 };
}
