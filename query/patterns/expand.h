/* query/patterns/expand.h - the words of an archive that a part of the question stands for.
 *
 * Written forms are compared: of a stem that has one that will do, the others do not count.
 * Shape   stems from common to rare by document frequency, misspellings first by their edits,
 *         equal ones by bytes. All of that is of the whole archive: how many segments it has
 *         cannot be seen.
 * Bound   EXPANSIONS_MAX, or FUZZY_MAX for misspellings; .stands_for says how many there are.
 * Owner   terms live in the caller's arena.
 * Errors, cost  candidates.h's.
 */
#ifndef MORGUE_EXPAND_H
#define MORGUE_EXPAND_H

#include "plan/plan.h"

#define EXPANSIONS_MAX 10000u /* stems that a prefix, a wildcard or a regular expression stands for */
#define PATTERNS_MAX   1000u  /* different ones of a question: docs/DECISIONS.md, "Patterns beside words" */
#define FUZZY_MAX      50u    /* more are seldom misspellings: docs/DECISIONS.md, "Patterns" */

/* Fill e->terms, e->found and what else an expansion has, by its prefix or pattern. */
int expand(struct plan_element *e, const struct archive *archive, struct arena *arena, struct err *err);

#endif
