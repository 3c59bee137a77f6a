/* tests/lib/random_plan.h - random trees of every kind over the words of a random index.
 *
 * Half are shaped as people ask (some words, a phrase, dates, exclusions), half as
 * nobody does. What a plan never holds is left out: a branch without children, forms
 * or places asked of a word that has none.
 * Owner   the plan: plan_release frees it.
 */
#ifndef MORGUE_RANDOM_PLAN_H
#define MORGUE_RANDOM_PLAN_H

#include "lib/random_index.h"
#include "plan/plan.h"

void random_plan_make(struct plan *plan, struct rng *r, const struct random_index *x);
/* Words, and parts of words that decide. */
void random_plan_decided(struct plan *plan, struct rng *r, const struct random_index *x);

/* The tree in words, for a message. */
void random_plan_print(struct buf *out, const struct plan_node *node);

#endif
