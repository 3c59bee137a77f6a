/* query/places/pairs.h - the docs that hold several words, and where the two rarest stand in them.
 *
 * What phrases and words near each other begin with. The rarest word leads, a block of docs at
 * a time; words that are not in every other doc thin them out; of the docs that are left the
 * positions of the two rarest are looked at where they lie.
 * Owner   everything lives in the context's arena.
 * Errors  sticky in the context.
 *
 *	for (doc = pairs_next(&p, target, least); doc != DOC_END; doc = pairs_next(&p, doc + 1, least))
 *		use(p.places[0]->view, p.places[1]->view);
 */
#ifndef MORGUE_PAIRS_H
#define MORGUE_PAIRS_H

#include "places/spans.h"
#include "rank/match_leaf.h"
#include "rank/source.h"
#include "rank/term_scores.h"

struct place {
	struct source source;
	uint32_t offset; /* of its position from the phrase's first */
	/* of the doc that is looked at */
	uint32_t found; /* its place in the decoded block */
	struct positions_view view;
	uint64_t first;             /* number of the view's first occurrence */
	uint32_t at;                /* in the view: the first that may stand at what is asked for next */
	struct positions_list list; /* positions that lie in several chunks */
};

/* A word that docs must have, too. */
struct pairs_filter {
	struct postings post;
	int64_t limit; /* it adds no more to a score; 0: that is not known, or nothing */
	struct term_scores adds;
};

struct pairs {
	struct match_context *ctx;
	struct place **places; /* from rare to common */
	size_t n;
	double weight;
	struct term_scores scores;     /* by it */
	struct pairs_filter **filters; /* they have the docs, too, and run ahead by a block of the rarest */
	size_t nfilters, filters_cap;
	/* docs of the rarest word's decoded block that are still to be looked at */
	uint32_t docs[POSTINGS_BLOCK], found[POSTINGS_BLOCK];
	bool bounded; /* of each is known: */
	const uint8_t *lengths;
	int64_t most[POSTINGS_BLOCK]; /* it scores no more, were all occurrences of the rarest matches */
	int64_t less[POSTINGS_BLOCK]; /* the filters add so much less than they might */
	uint32_t ndocs, next;
	uint32_t from;  /* where to look for more */
	uint32_t block; /* of the rarest word, whose bound is known */
	int64_t bound;
};

/* Room for `n` words, which are then added. */
void pairs_init(struct pairs *p, struct match_context *ctx, size_t n, double weight);

/* Add a word: false if the segment does not have it. */
bool pairs_add(struct pairs *p, const struct plan_element *e, uint32_t offset);

/* All are added. */
void pairs_begin(struct pairs *p);

/* The next doc >= target that holds the two rarest, which are looked at, but those that could
 * not score `least` if every occurrence of these were a match. */
uint32_t pairs_next(struct pairs *p, uint32_t target, int64_t least);

/* Are the two rarest in this doc, for which pairs_next was not asked, and could it score `least`? They are
 * looked at then. */
bool pairs_in(struct pairs *p, uint32_t doc, int64_t least);

/* After pairs_begin: only docs that have this term, too, are wanted. */
void pairs_narrow(struct pairs *p, const struct term_info *term, struct worth worth);

/* A match of docs that have the words, by where these stand. */
struct placed_words {
	struct match base;
	struct pairs pairs;
	bool (*stand)(struct placed_words *w, uint32_t doc); /* do they, in the doc that is looked at? */
	/* What is counted only when it is asked how often: `walk` finds a match or, with `all`, counts them. */
	bool (*walk)(struct placed_words *w, bool all);
	bool counted; /* in the current doc: */
	uint32_t headline, body;
};

/* All words are added to its pairs. */
void placed_words_begin(struct placed_words *w);

/* For .stand: is there a match? */
bool placed_words_walk(struct placed_words *w);

/* Of what is counted by .walk. */
extern const struct match_ops placed_words_ops;

/* Ops of whatever begins so. */
uint32_t placed_words_seek(struct match *m, uint32_t target);
bool placed_words_is(struct match *m, uint32_t doc);
void placed_words_narrow(struct match *m, const struct term_info *term, struct worth worth);

/* A place for marks, to be looked up; it may be in no doc. */
struct place *place_open_marks(struct match_context *ctx, const char *term);

/* Find a word in the doc and look at its positions; false if it is not there. */
bool place_look_up(struct match_context *ctx, struct place *place, uint32_t doc);

/* Where marks stand in the doc: nowhere, if it has none. Until others are looked up. */
struct place_list place_marks(struct match_context *ctx, struct place *marks, uint32_t doc);

/* The place in the view of the first position >= pos, from place `at` on; .n if there is none. An article
 * has at most 16 MiB of text, and a chunk 128 positions: their sums do not overflow. */
static inline uint32_t view_search(const struct positions_view *v, uint32_t at, uint32_t pos)
{
	uint32_t wanted = pos + v->less;

	while (at < v->n && v->at[at] < wanted)
		at++;
	return at;
}

static inline bool view_stands_at(const struct positions_view *v, uint32_t at, uint32_t pos)
{
	return at < v->n && v->at[at] == pos + v->less;
}

#endif
