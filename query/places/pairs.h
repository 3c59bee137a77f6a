/* query/places/pairs.h - the docs that hold several words, and where the two rarest stand in them.
 *
 * What phrases and words near each other begin with. The rarest word leads, a block of docs at
 * a time; words that are not in every other doc thin them out; of the docs that are left the
 * positions of the two rarest are looked at. Where no score is needed, one list after the other is
 * gone through for all the docs of a block: which of its occurrences are theirs.
 * Owner   everything lives in the context's arena.
 * Errors  sticky in the context.
 *
 *	for (doc = pairs_next(&p, target, least); doc != DOC_END; doc = pairs_next(&p, doc + 1, least))
 *		use(p.places[0]->view, p.places[1]->view);
 */
#ifndef MORGUE_PAIRS_H
#define MORGUE_PAIRS_H

#include "places/place_rows.h"
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
	uint32_t few[POSITIONS_FEW + POSITIONS_SLACK]; /* others */
	/* of gathered docs, by their slots, if they are located in it: */
	uint64_t firsts[POSTINGS_BLOCK];
	uint32_t counts[POSTINGS_BLOCK]; /* 0: it is not there */
};

/* A word that docs must have, too. */
struct pairs_filter {
	struct postings post;
	int64_t limit; /* it adds no more to a score; 0: that is not known, or nothing */
	struct term_scores adds;
	bool located; /* it is a word that is located */
};

#define PAIRS_MARKS 3 /* most that are located with the words */

struct pairs {
	struct match_context *ctx;
	struct place **places; /* from rare to common */
	size_t n;
	double weight;
	struct term_scores scores;     /* by it */
	struct pairs_filter **filters; /* they have the docs, too, and run ahead by a block of the rarest */
	size_t nfilters, filters_cap;
	/* Where no score is needed, docs are gathered that hold the rarest nlocated words and the marks that
	 * are required, and it is noted for each which of their occurrences are the doc's. */
	size_t nlocated, nmarks;
	struct place *marks[PAIRS_MARKS];
	bool required[PAIRS_MARKS];
	bool located;             /* the docs that are gathered are */
	bool led;                 /* the rarest word gathered them: the slot is their place in its block */
	const uint8_t *headlines; /* then: words in the headline of each */
	uint32_t slot;            /* of the doc that is looked at, if it is one of these: where it is noted */
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

/* Add marks that words stand between; docs that do not have required ones may be passed over. */
struct place *pairs_add_marks(struct pairs *p, const char *term, bool required);

/* All are added. Of how many of the words are the positions mostly looked at, from rare to common? Two at least. */
void pairs_begin(struct pairs *p, size_t nlocated);

/* The next doc >= target that holds the two rarest, which are looked at, but those that could
 * not score `least` if every occurrence of these were a match. */
uint32_t pairs_next(struct pairs *p, uint32_t target, int64_t least);

/* Are the two rarest in this doc, for which pairs_next was not asked, and could it score `least`? They are
 * looked at then. */
bool pairs_in(struct pairs *p, uint32_t doc, int64_t least);

/* Make docs, at most a block of them, those that are gathered, less those that do not have the words, and look
 * at them in turn. False if there are no more. */
void pairs_gather(struct pairs *p, const uint32_t *docs, uint32_t n);
bool pairs_next_gathered(struct pairs *p, uint32_t *doc);

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
void placed_words_begin(struct placed_words *w, size_t nlocated);

/* For .stand: is there a match? */
bool placed_words_walk(struct placed_words *w);

/* Of what is counted by .walk. */
extern const struct match_ops placed_words_ops;

/* Ops of whatever begins so. */
uint32_t placed_words_seek(struct match *m, uint32_t target);
bool placed_words_is(struct match *m, uint32_t doc);
uint32_t placed_words_keep(struct match *m, uint32_t *docs, uint32_t n);
void placed_words_narrow(struct match *m, const struct term_info *term, struct worth worth);

/* Words in the headline of the doc where the two rarest are looked at. */
static inline uint32_t pairs_headline(const struct pairs *p, uint32_t doc)
{
	return p->located ? load_le16(p->headlines + 2 * (size_t)doc) : segment_headline(p->ctx->seg, doc);
}

/* Look at a word's positions in the doc where the two rarest are looked at; false if it is not there. */
bool pairs_look(struct pairs *p, struct place *place, uint32_t doc);

/* Where marks stand in it: nowhere, if it has none. Until those of another doc are looked at. */
struct place_list pairs_look_marks(struct pairs *p, struct place *marks, uint32_t doc);

/* The place in the view of the first position >= pos, from place `at` on; .n if there is none. */
static inline uint32_t view_search(const struct positions_view *v, uint32_t at, uint32_t pos)
{
	while (at < v->n && v->at[at] < pos)
		at++;
	return at;
}

static inline bool view_stands_at(const struct positions_view *v, uint32_t at, uint32_t pos)
{
	return at < v->n && v->at[at] == pos;
}

#endif
