/* query/parse/tree_print.h - a question's tree as a question again.
 *
 * Reading the text again gives the same tree, whatever dialect it came from; what
 * nothing in the language can say (a word that reads as an operator) stands in
 * a stemmed quotation.
 */
#ifndef MORGUE_TREE_PRINT_H
#define MORGUE_TREE_PRINT_H

#include "parse/parse.h"

/* Append it, safe to print. NULL appends nothing. */
void tree_print(struct buf *out, const struct query_node *n);

/* The name that QUERY.md uses for a field: "source". */
const char *query_field_name(enum query_field field);

#endif
