#include "invert.h"

#include "base/mem.h"
#include "text/fields.h"

#include <stdlib.h>

#define LINK 8u /* bytes before a chunk's data: the address of the next */
_Static_assert(LINK >= sizeof(uint8_t *), "an address fits");

/* ---- streams ---- */

static uint32_t next_chunk_size(uint32_t size)
{
	return !size ? STREAM_CHUNK_MIN : size < STREAM_CHUNK_MAX ? size * 2 : size;
}

static void stream_grow(struct arena *arena, struct stream *s)
{
	uint8_t *newest = s->first ? s->end - s->chunk - LINK : NULL, *chunk;

	s->chunk = next_chunk_size(s->chunk);
	chunk = arena_alloc(arena, LINK + s->chunk);
	if (newest)
		memcpy(newest, &chunk, sizeof chunk);
	else
		s->first = chunk;
	s->p = chunk + LINK;
	s->end = s->p + s->chunk;
}

static void stream_put_slowly(struct arena *arena, struct stream *s, uint64_t v)
{
	for (bool more = true; more; v >>= 7) {
		more = v >= 0x80;
		if (s->p == s->end)
			stream_grow(arena, s);
		*s->p++ = (uint8_t)(v | (more ? 0x80 : 0));
	}
}

static inline void stream_put(struct arena *arena, struct stream *s, uint64_t v)
{
	if (v < 0x80 && s->p < s->end)
		*s->p++ = (uint8_t)v;
	else
		stream_put_slowly(arena, s, v);
}

static void enter_chunk(struct stream_reader *r, const uint8_t *chunk)
{
	r->chunk = next_chunk_size(r->chunk);
	r->at = chunk;
	r->p = chunk + LINK;
	r->end = r->p + r->chunk;
}

void stream_read(struct stream_reader *r, const struct stream *s)
{
	*r = (struct stream_reader){ .chunk = 0 };
	enter_chunk(r, s->first);
}

static uint8_t next_byte(struct stream_reader *r)
{
	if (r->p == r->end) {
		const uint8_t *next;

		memcpy(&next, r->at, sizeof next);
		enter_chunk(r, next);
	}
	return *r->p++;
}

uint64_t stream_next(struct stream_reader *r)
{
	uint64_t v = 0;

	if (r->p < r->end && *r->p < 0x80)
		return *r->p++;
	for (unsigned shift = 0;; shift += 7) {
		uint8_t byte = next_byte(r);

		v |= (uint64_t)(byte & 0x7F) << shift;
		if (!(byte & 0x80))
			return v;
	}
}

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
	       inv->docs_cap * sizeof *inv->docs;
}

static uint32_t term_id(struct inverter *inv, struct bytes term)
{
	uint32_t known = inv->terms.n, id = intern_add(&inv->terms, term);

	if (id < known)
		return id;
	MEM_GROW(inv->term, inv->term_cap, id + 1);
	inv->term[id] = (struct inverted_term){ .forms = INTERN_NONE };
	return id;
}

/* The form of a token under its stem, and the term in *term. */
static uint32_t form_of_token(struct inverter *inv, const struct token *t, uint32_t *term)
{
	uint32_t known = inv->form_names.n, id;

	buf_reset(&inv->scratch);
	buf_add_bytes(&inv->scratch, t->stem);
	buf_add_byte(&inv->scratch, 0x1F);
	buf_add_bytes(&inv->scratch, t->form);
	id = intern_add(&inv->form_names, buf_bytes(&inv->scratch));
	if (id < known) {
		*term = inv->form[id].term;
		return id;
	}
	*term = term_id(inv, t->stem);
	MEM_GROW(inv->form, inv->form_cap, id + 1);
	inv->form[id] = (struct inverted_form){ .term = *term,
						.number = inv->term[*term].nforms++,
						.older = inv->term[*term].forms,
						.size = (uint32_t)t->form.n };
	inv->term[*term].forms = id;
	return id;
}

/* One occurrence: the article's gap when it is the first there, then gap of the
 * position plus one (0 ends an article) and the form's number. */
static inline void add_occurrence(struct inverter *inv, uint32_t id, uint32_t pos, uint32_t form)
{
	struct inverted_term *term = &inv->term[id];
	uint32_t doc = inv->ndocs - 1;

	if (!term->df || term->last != doc) {
		if (term->df)
			stream_put(&inv->streams, &term->stream, 0);
		stream_put(&inv->streams, &term->stream, term->df ? doc - term->last : doc);
		stream_put(&inv->streams, &term->stream, (uint64_t)pos + 1);
		term->df++;
		term->last = doc;
	} else {
		stream_put(&inv->streams, &term->stream, pos - term->last_pos);
	}
	stream_put(&inv->streams, &term->stream, form);
	term->last_pos = pos;
	term->occurrences++;
}

/* The term that lists headlines with this stem. */
static uint32_t headline_term(struct inverter *inv, struct bytes stem)
{
	buf_reset(&inv->scratch);
	buf_add_byte(&inv->scratch, TERM_HEADLINE);
	buf_add_bytes(&inv->scratch, stem);
	return term_id(inv, buf_bytes(&inv->scratch));
}

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
	struct known_word word = { .form = INTERN_NONE, .headline = INTERN_NONE };

	if (t->kind == TOKEN_MARK)
		word.term = term_id(inv, t->stem);
	else
		word.form = form_of_token(inv, t, &word.term);
	if (known->n <= t->word) {
		MEM_GROW(known->v, known->cap, t->word + 1);
		memset(known->v + known->n, 0xFF, (t->word + 1 - known->n) * sizeof *known->v);
		known->n = t->word + 1;
	}
	known->v[t->word] = word;
}

/* Terms of the newest article that have no place in it. */
static void add_fields(struct inverter *inv, struct bytes fields)
{
	struct bytes term;

	while (field_term_next(&fields, &term)) {
		uint32_t id = term_id(inv, term);

		if (!inv->term[id].df || inv->term[id].last != inv->ndocs - 1) /* the same tag twice is one */
			add_occurrence(inv, id, 0, 0);
	}
}

void inverter_add(struct inverter *inv, const struct inverted_doc *doc, const struct tokens *tokens)
{
	struct known_words *known = known_words(inv, tokens->vocabulary);

	MEM_GROW(inv->docs, inv->docs_cap, inv->ndocs + 1);
	inv->docs[inv->ndocs++] = *doc;
	for (size_t i = 0; i < tokens->n; i++) {
		const struct token *t = &tokens->v[i];
		struct known_word *word;
		uint32_t number = 0;

		if (t->word >= known->n || known->v[t->word].term == INTERN_NONE)
			learn(inv, known, t);
		word = &known->v[t->word];
		if (word->form != INTERN_NONE) {
			struct inverted_form *form = &inv->form[word->form];

			form->count++;
			number = form->number;
		}
		add_occurrence(inv, word->term, t->pos, number);
		if (t->pos >= doc->headline || word->form == INTERN_NONE)
			continue;
		if (word->headline == INTERN_NONE)
			word->headline = headline_term(inv, t->stem);
		add_occurrence(inv, word->headline, t->pos, 0);
	}
	add_fields(inv, doc->fields);
	inv->docs[inv->ndocs - 1].fields = BYTES_NONE;
}
