/* shared/segment/invert.h - tokens of many articles, gathered by term in memory.
 *
 * Shape   articles are numbered 0.. in order of arrival. What they hold waits as entries, some
 *         ten thousand at a time, until it is settled: sorted by term and put into one growing
 *         stream per term. A stream is a list of articles, each
 *             gap to the article before << 1 | more than one occurrence, [their number - 2],
 *             for each: gap of the position << 1 | form number > 0, [form number]
 *         where gaps count from 0. seal.h turns the whole into a segment.
 * Owner   terms, forms and streams live in the inverter until reset.
 * Cost    a look into an array and a few sequential moves for each token, for the memory of a
 *         term is looked up once for all its occurrences in some hundred articles; hashing once
 *         for each word of a vocabulary. Bytes a token: about 3.
 */
#ifndef MORGUE_INVERT_H
#define MORGUE_INVERT_H

#include "segment/stream.h"
#include "text/analyze.h"

struct inverted_term {
	struct stream stream;
	uint32_t df, last; /* articles so far; the newest of them */
	uint64_t occurrences;
	uint32_t nforms;
	uint32_t forms; /* its newest written form in .forms, or INTERN_NONE */
	uint32_t field; /* of a term beside the text: articles when it was added last */
};

struct inverted_form {
	uint32_t term, number; /* numbered by appearance within the term */
	uint32_t older;        /* the term's next older form, or INTERN_NONE */
	uint32_t size;         /* bytes of the form at the end of its string */
};

/* An occurrence on its way to its term's stream. */
struct inverted_entry {
	uint32_t term, doc, pos;
	uint32_t form; /* its number within the term */
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
	uint32_t form;     /* the form's number within the term; 0 if it has none */
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
	struct inverted_entry *entries, *sorted; /* what came last, not in the streams yet; room to sort */
	size_t nentries, entries_cap;            /* room in each of both */
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

/* Bring what came last to its terms: before .term is looked at, sealing included. */
void inverter_settle(struct inverter *inv);

/* An article that was added has a newer text, to be added in its place: what was added stays in the lists,
 * as a doc of article 0, and is to be dead in the segment that is sealed. False if it is not here. Cost:
 * a look at each article that was added after it. */
bool inverter_drop(struct inverter *inv, uint32_t article);

/* Bytes held, the measure of a memory budget: the same for the same articles, however many
 * analyzers cut them. What is kept for each analyzer, a sixth of its own memory, is not in it. */
size_t inverter_memory(const struct inverter *inv);

#endif
