/* tests/lib/naive.h - the answer to a question by reading every word of every article.
 *
 * The oracle that segments, postings, plans, matchers and heaps are compared with.
 * It shares with them the analyzer, the parsed tree, the length code and one
 * function, scorer_contribution; everything else it works out for itself, from
 * docs/QUERY.md and the formula. Scores come twice: as the exact integers, and in
 * doubles with the C library's logarithm.
 * Owner   a naive owns copies of all token streams; answers are the caller's.
 * Cost    one pass over all tokens a leaf.
 *
 *	naive_load(&n, &temp);
 *	naive_search(&n, query.root, k1, b, &answer);
 *	naive_sort(&answer, RANK_RELEVANCE);
 */
#ifndef MORGUE_NAIVE_H
#define MORGUE_NAIVE_H

#include "lib/random_archive.h"
#include "parse/parse.h"
#include "rank/rank.h"

struct naive_token {
	uint32_t pos;
	uint32_t word; /* index in naive.words: a stem with one of its forms */
};

struct naive_mark {
	uint32_t pos;
	char kind; /* s p ( ) : a sentence, paragraph or quotation begins, a quotation ended */
};

struct naive_word {
	struct bytes stem, form;
	uint32_t stem_id;
};

struct naive_doc {
	uint32_t number, headline, words;
	int64_t date;
	size_t first, end; /* its tokens */
	size_t first_mark, end_mark;
	bool dead, gone; /* gone: out of the index, too */
};

struct naive {
	struct analyzer *analyzer;
	uint32_t headline_weight; /* H */
	struct naive_doc *docs;
	size_t ndocs, docs_cap, ndead;
	struct naive_token *tokens;
	size_t ntokens, tokens_cap;
	struct naive_mark *marks;
	size_t nmarks, marks_cap;
	uint64_t total_words;       /* of the docs that live */
	struct intern stems, names; /* names: stem 0x1F form */
	struct naive_word *words;   /* by id of the name */
	size_t words_cap;
	uint32_t *df[2];   /* by stem: articles with it; with it in the headline */
	uint32_t *seen[2]; /* the last article counted there */
	size_t df_cap[4];
};

void naive_load(struct naive *n, struct temp_archive *t);

/* Those of its articles that the archive now lacks are dead: no hits, and not counted but in
 * document frequencies as long as a segment has them. */
void naive_bury(struct naive *n, struct temp_archive *t);
void naive_release(struct naive *n);

struct naive_hit {
	uint32_t number;
	int64_t date;
	int64_t score;   /* units of SCORE_ONE, each leaf rounded down */
	double exact;    /* the same, not rounded, in units of 1 */
	uint32_t leaves; /* that added to it: the score is below exact by less than so many units */
};

struct naive_answer {
	struct naive_hit *hits;
	size_t n;
};

/* Every article that answers, in order of number. `root` NULL: none. */
void naive_search(const struct naive *n, const struct query_node *root, double k1, double b,
		  struct naive_answer *answer);
void naive_sort(struct naive_answer *answer, enum rank_order order);
void naive_answer_release(struct naive_answer *answer);

#endif
