#include "invert.h"

#include "base/mem.h"
#include "base/radix.h"
#include "text/fields.h"

#include <stdlib.h>

/* Entries that wait before they are settled: so many that most terms have several among them,
 * and few enough to stay in the cache nearest but one. */
#define ENTRIES ((size_t)1 << 15)

#define AHEAD     16  /* entries between one whose stream is fetched and the one that is put there */
#define SORT_BITS 10u /* of a term's number, sorted by at once: most numbers take two passes */

/* ---- inverting ---- */

void inverter_init(struct inverter *inv)
{
	*inv = (struct inverter){ .ndocs = 0 };
	intern_init(&inv->terms);
	intern_init(&inv->form_names);
}

void inverter_reset(struct inverter *inv)
{
	intern_reset(&inv->terms);
	intern_reset(&inv->form_names);
	for (size_t i = 0; i < inv->nknown; i++)
		inv->known[i].n = 0;
	arena_reset(&inv->streams);
	inv->ndocs = inv->ndropped = 0;
	inv->nentries = 0;
}

void inverter_release(struct inverter *inv)
{
	intern_release(&inv->terms);
	intern_release(&inv->form_names);
	arena_release(&inv->streams);
	buf_release(&inv->scratch);
	for (size_t i = 0; i < inv->nknown; i++)
		free(inv->known[i].v);
	free(inv->known);
	free(inv->term);
	free(inv->form);
	free(inv->docs);
	free(inv->entries);
	free(inv->sorted);
	inverter_init(inv);
}

bool inverter_drop(struct inverter *inv, uint32_t article)
{
	uint32_t i = inv->ndocs;

	while (i && inv->docs[i - 1].article != article)
		i--;
	if (!i)
		return false;
	inv->docs[i - 1].article = 0;
	inv->ndropped++;
	return true;
}

size_t inverter_memory(const struct inverter *inv)
{
	return intern_memory(&inv->terms) + intern_memory(&inv->form_names) + inv->streams.total +
	       inv->term_cap * sizeof *inv->term + inv->form_cap * sizeof *inv->form +
	       inv->docs_cap * sizeof *inv->docs + 2 * inv->entries_cap * sizeof *inv->entries;
}

/* ---- terms ---- */

static uint32_t term_id(struct inverter *inv, struct bytes term)
{
	uint32_t known = inv->terms.n, id = intern_add(&inv->terms, term);

	if (id < known)
		return id;
	MEM_GROW(inv->term, inv->term_cap, id + 1);
	inv->term[id] = (struct inverted_term){ .forms = INTERN_NONE };
	return id;
}

/* The number of a token's form under its stem, and the term in *term. */
static uint32_t form_of_token(struct inverter *inv, const struct token *t, uint32_t *term)
{
	uint32_t known = inv->form_names.n, id;

	buf_reset(&inv->scratch);
	buf_add_bytes(&inv->scratch, t->word->stem);
	buf_add_byte(&inv->scratch, 0x1F);
	buf_add_bytes(&inv->scratch, t->word->form);
	id = intern_add(&inv->form_names, buf_bytes(&inv->scratch));
	if (id < known) {
		*term = inv->form[id].term;
		return inv->form[id].number;
	}
	*term = term_id(inv, t->word->stem);
	MEM_GROW(inv->form, inv->form_cap, id + 1);
	inv->form[id] = (struct inverted_form){ .term = *term,
						.number = inv->term[*term].nforms++,
						.older = inv->term[*term].forms,
						.size = (uint32_t)t->word->form.n };
	inv->term[*term].forms = id;
	return inv->form[id].number;
}

/* The term that lists headlines with this stem. */
static uint32_t headline_term(struct inverter *inv, struct bytes stem)
{
	buf_reset(&inv->scratch);
	buf_add_byte(&inv->scratch, TERM_HEADLINE);
	buf_add_bytes(&inv->scratch, stem);
	return term_id(inv, buf_bytes(&inv->scratch));
}

/* ---- words of vocabularies ---- */

/* What is known of the vocabulary; nothing if it is new. */
static struct known_words *known_words(struct inverter *inv, uint64_t vocabulary)
{
	struct known_words *known = inv->known, *end = known + inv->nknown;

	while (known < end && vocabulary_owner(known->vocabulary) != vocabulary_owner(vocabulary))
		known++;
	if (known == end) {
		MEM_GROW(inv->known, inv->known_cap, inv->nknown + 1);
		known = &inv->known[inv->nknown++];
		*known = (struct known_words){ .vocabulary = vocabulary };
	}
	if (known->vocabulary != vocabulary)
		known->n = 0;
	known->vocabulary = vocabulary;
	return known;
}

/* Get to know a word that has not been seen since the last reset. */
static void learn(struct inverter *inv, struct known_words *known, const struct token *t)
{
	struct known_word word = { .headline = INTERN_NONE };

	if (t->kind == TOKEN_MARK)
		word.term = term_id(inv, t->word->stem);
	else
		word.form = form_of_token(inv, t, &word.term);
	if (known->n <= t->number) {
		MEM_GROW(known->v, known->cap, t->number + 1);
		memset(known->v + known->n, 0xFF, (t->number + 1 - known->n) * sizeof *known->v);
		known->n = t->number + 1;
	}
	known->v[t->number] = word;
}

/* ---- occurrences ---- */

static inline void add_entry(struct inverter *inv, uint32_t term, uint32_t pos, uint32_t form)
{
	inv->entries[inv->nentries++] =
		(struct inverted_entry){ .term = term, .doc = inv->ndocs - 1, .pos = pos, .form = form };
}

static void make_room(struct inverter *inv, size_t more)
{
	size_t cap = inv->entries_cap;

	MEM_GROW(inv->entries, cap, inv->nentries + more);
	if (cap > inv->entries_cap)
		inv->sorted = mem_realloc_array(inv->sorted, cap, sizeof *inv->sorted);
	inv->entries_cap = cap;
}

/* Terms of the newest article that have no place in it. */
static void add_fields(struct inverter *inv, struct bytes fields)
{
	struct bytes term;

	while (field_term_next(&fields, &term)) {
		uint32_t id = term_id(inv, term);

		if (inv->term[id].field == inv->ndocs)
			continue; /* the same tag twice is one */
		inv->term[id].field = inv->ndocs;
		make_room(inv, 1);
		add_entry(inv, id, 0, 0);
	}
}

void inverter_add(struct inverter *inv, const struct inverted_doc *doc, const struct tokens *tokens)
{
	struct known_words *known = known_words(inv, tokens->vocabulary);

	MEM_GROW(inv->docs, inv->docs_cap, inv->ndocs + 1);
	inv->docs[inv->ndocs++] = *doc;
	make_room(inv, 2 * tokens->n); /* all may be in the headline */
	for (size_t i = 0; i < tokens->n; i++) {
		const struct token *t = &tokens->v[i];
		struct known_word *word;

		if (i + AHEAD < tokens->n)
			__builtin_prefetch(&known->v[t[AHEAD].number]); /* beyond its end it does no harm */
		if (t->number >= known->n || known->v[t->number].term == INTERN_NONE)
			learn(inv, known, t);
		word = &known->v[t->number];
		add_entry(inv, word->term, t->pos, word->form);
		if (t->pos >= doc->headline || t->kind == TOKEN_MARK)
			continue;
		if (word->headline == INTERN_NONE)
			word->headline = headline_term(inv, t->word->stem);
		add_entry(inv, word->headline, t->pos, 0);
	}
	add_fields(inv, doc->fields);
	inv->docs[inv->ndocs - 1].fields = BYTES_NONE;
	if (inv->nentries >= ENTRIES)
		inverter_settle(inv);
}

/* Sort the entries by `bits` bits of their terms, from `shift` on; equal ones stay in order. */
static void sort_by_bits(struct inverter *inv, unsigned shift, unsigned bits)
{
	uint32_t at[1 << SORT_BITS] = { 0 }, mask = (1u << bits) - 1;
	struct inverted_entry *from = inv->entries, *to = inv->sorted;

	for (size_t i = 0; i < inv->nentries; i++)
		at[from[i].term >> shift & mask]++;
	radix_starts(at, (size_t)mask + 1);
	for (size_t i = 0; i < inv->nentries; i++)
		to[at[from[i].term >> shift & mask]++] = from[i];
	inv->entries = to;
	inv->sorted = from;
}

/* By term; of a term in order of arrival and position, as they came. */
static void sort_entries(struct inverter *inv)
{
	unsigned width = radix_width(inv->terms.n), passes = (width + SORT_BITS - 1) / SORT_BITS;

	for (unsigned i = 0, shift = 0; i < passes; i++) {
		unsigned bits = (width - shift + passes - i - 1) / (passes - i);

		sort_by_bits(inv, shift, bits);
		shift += bits;
	}
}

/* The occurrences of one term in one article, `n` entries: see the head of invert.h. */
static inline void put_entries(struct arena *arena, struct inverted_term *term,
			       const struct inverted_entry *e, uint32_t n)
{
	uint64_t gap = term->df ? e->doc - term->last : e->doc;

	term->df++;
	term->last = e->doc;
	term->occurrences += n;
	if (n == 1) { /* most often */
		stream_put_three(arena, &term->stream, gap << 1, (uint64_t)e->pos << 1 | (e->form > 0),
				 e->form);
		return;
	}
	stream_put(arena, &term->stream, gap << 1 | 1);
	stream_put(arena, &term->stream, n - 2);
	for (uint32_t i = 0, pos = 0; i < n; pos = e[i++].pos) {
		stream_put(arena, &term->stream, (uint64_t)(e[i].pos - pos) << 1 | (e[i].form > 0));
		if (e[i].form)
			stream_put(arena, &term->stream, e[i].form);
	}
}

void inverter_settle(struct inverter *inv)
{
	const struct inverted_entry *e, *next, *end;

	if (!inv->nentries)
		return;
	sort_entries(inv);
	end = inv->entries + inv->nentries;
	for (e = next = inv->entries; e < end; e = next) {
		do {
			if (end - next > 2 * AHEAD) {
				__builtin_prefetch(&inv->term[next[2 * AHEAD].term]);
				__builtin_prefetch(inv->term[next[AHEAD].term].stream.p, 1);
			}
			next++;
		} while (next < end && next->term == e->term && next->doc == e->doc);
		put_entries(&inv->streams, &inv->term[e->term], e, (uint32_t)(next - e));
	}
	inv->nentries = 0;
}
