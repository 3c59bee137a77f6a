/* shared/segment/invert.h - tokens of many articles, gathered by term in memory.
 *
 * Shape   articles are numbered 0.. in order of arrival; per term one growing stream
 *         of (article gap, then position gap and form number of each occurrence).
 *         seal.h turns the whole into a segment.
 * Owner   terms, forms and streams live in the inverter until reset.
 * Cost    a look into an array for each token, and hashing once for each word of a
 *         vocabulary; bytes a token: about 3.
 */
#ifndef MORGUE_INVERT_H
#define MORGUE_INVERT_H

#include "text/analyze.h"

/* A stream of bytes in arena chunks that double up to STREAM_CHUNK_MAX. */
#define STREAM_CHUNK_MIN 16u
#define STREAM_CHUNK_MAX 4096u

struct stream {
	uint8_t *first;   /* chunks: the next one's address, then data */
	uint8_t *p, *end; /* room in the newest */
	uint32_t chunk;   /* its bytes of data */
};

struct inverted_term {
	struct stream stream;
	uint32_t df, last; /* articles so far; the newest of them */
	uint32_t last_pos; /* newest occurrence in it */
	uint64_t occurrences;
	uint32_t nforms;
	uint32_t forms; /* its newest written form in .forms, or INTERN_NONE */
};

struct inverted_form {
	uint32_t term, number; /* numbered by appearance within the term */
	uint32_t older;        /* the term's next older form, or INTERN_NONE */
	uint32_t size;         /* bytes of the form at the end of its string */
	uint64_t count;
};

struct inverted_doc {
	uint32_t article; /* number in the archive; 0: dropped */
	int64_t date;     /* civil seconds or CIVIL_NONE */
	uint32_t source, story;
	uint32_t words, headline; /* true length; words of it in the headline */
	struct bytes fields;      /* as field_terms makes them; looked at by inverter_add alone */
};

/* What is known of a word of a vocabulary (struct tokens). */
struct known_word {
	uint32_t term;     /* INTERN_NONE: nothing yet */
	uint32_t form;     /* INTERN_NONE: a mark */
	uint32_t headline; /* the term that lists headlines with it, or INTERN_NONE */
};

struct known_words {
	uint64_t vocabulary;
	struct known_word *v; /* by number */
	size_t n, cap;
};

struct inverter {
	struct known_words *known; /* one an analyzer */
	size_t nknown, known_cap;
	struct intern terms; /* term -> index in .term */
	struct inverted_term *term;
	size_t term_cap;
	struct intern form_names; /* stem 0x1F form -> index in .form */
	struct inverted_form *form;
	size_t form_cap;
	struct inverted_doc *docs;
	uint32_t ndocs;
	size_t docs_cap;
	uint32_t ndropped;
	struct arena streams;
	struct buf scratch;
};

void inverter_init(struct inverter *inv);
void inverter_reset(struct inverter *inv);
void inverter_release(struct inverter *inv);

/* Add one article. Tokens as analyze_article gives them. */
void inverter_add(struct inverter *inv, const struct inverted_doc *doc, const struct tokens *tokens);

/* An article that was added has a newer text, to be added in its place: what was added stays in the lists,
 * as a doc of article 0, and is to be dead in the segment that is sealed. False if it is not here. Cost:
 * a look at each article that was added after it. */
bool inverter_drop(struct inverter *inv, uint32_t article);

/* Bytes held, the measure of a memory budget: the same for the same articles, however many
 * analyzers cut them. What is kept for each analyzer, a sixth of its own memory, is not in it. */
size_t inverter_memory(const struct inverter *inv);

/* Reads a term's stream back. */
struct stream_reader {
	const uint8_t *at, *p, *end; /* chunk, next byte, end of chunk */
	uint32_t chunk;
};

void stream_read(struct stream_reader *r, const struct stream *s);
uint64_t stream_next(struct stream_reader *r); /* the next number */

#endif
