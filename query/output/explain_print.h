/* query/output/explain_print.h - a plan and an explanation in words, and as JSON (docs/OUTPUT.md). */
#ifndef MORGUE_EXPLAIN_PRINT_H
#define MORGUE_EXPLAIN_PRINT_H

#include "archive/catalog.h"
#include "explain.h"

/* For people: the arithmetic or, if the article does not match, which part fails. */
void print_explanation(struct buf *out, const struct explanation *e, const struct catalog_article *a);

/* One JSON object. `name` is what the question is called, or empty. */
void json_explanation(struct buf *out, struct bytes question, struct bytes name, const struct explanation *e,
		      const struct catalog_article *a);

/* A line for each leaf of the plan: what it is, in how many articles (trace.h). */
void trace_plan(const struct plan_node *node);

#endif
