/* tests/lib/random_index.h - random segments made straight from lists of postings, and the lists.
 *
 * What an index of real text seldom holds: up to 65,537 articles in milliseconds, lists
 * whose ends fall on the edges of blocks, runs and windows, frequencies of 2^32 - 1,
 * equal lengths and dates everywhere, positions that lie 2^24 apart.
 * Shape   words are named "w00", "w01", ...; those with .placed have positions and forms.
 *         No word stands at the position between headline and body.
 *         x->ndocs counts the docs that live, as the archive does.
 * Owner   the index; everything is gone with random_index_release.
 */
#ifndef MORGUE_RANDOM_INDEX_H
#define MORGUE_RANDOM_INDEX_H

#include "archive/archive.h"
#include "base/arena.h"
#include "generate/rng.h"
#include "lib/seg_fixture.h"

#define INDEX_WORDS    16u
#define INDEX_SEGMENTS 8u
#define INDEX_FORMS    4u /* of a word: w07 W07 w07s W07S */

/* A word in a segment. */
struct index_list {
	struct posting *postings;
	uint32_t df;
	size_t cap;
	struct occurrence *occurrences; /* of a placed word, those of a doc together */
	size_t n, occurrences_cap;
	uint64_t *starts;            /* of each posting's occurrences, and the end */
	uint32_t nforms, first_form; /* form number i is the word's form (first_form + i) % INDEX_FORMS */
};

struct index_segment {
	uint32_t ndocs;
	struct doc_columns *docs; /* the fixture's */
	uint8_t *dead;            /* a byte a doc; NULL: none is dead */
	struct index_list lists[INDEX_WORDS];
	struct seg_fixture fixture;
};

struct index_word {
	char name[4];
	char forms[INDEX_FORMS][5];
	bool placed;
};

struct random_index {
	struct index_word words[INDEX_WORDS];
	uint32_t nwords, nplaced; /* placed words come first */
	uint32_t headline_weight;
	uint64_t ndocs;
	struct index_segment segments[INDEX_SEGMENTS];
	struct segment opened[INDEX_SEGMENTS];
	struct archive archive;
};

/* Of all sizes; one in `big` drawn has 32,767 docs or more in a segment. 0: of a few hundred or thousand docs. */
void random_index_make(struct random_index *x, struct rng *r, uint32_t big);
/* Some of its docs die: one, one of a hundred, a stretch, most, or a word's best. */
void random_index_bury(struct random_index *x, struct rng *r);
void random_index_release(struct random_index *x);

#endif
