/* tests/lib/index_naive.h - a plan's answer from the lists that an index was made of, doc by doc.
 *
 * Written for being right. Of the engine it uses the plan, the columns, and
 * scorer_contribution for a leaf; nothing that reads a segment.
 */
#ifndef MORGUE_INDEX_NAIVE_H
#define MORGUE_INDEX_NAIVE_H

#include "lib/random_index.h"
#include "rank/rank.h"

/* Every match in every segment, with its score. In no order worth relying on. */
struct index_answer {
	struct hit *hits;
	size_t n, cap;
};

void index_answer_make(struct index_answer *a, const struct random_index *x, const struct plan *plan);
void index_answer_sort(struct index_answer *a, enum rank_order order);
void index_answer_release(struct index_answer *a);

#endif
