/* query/output/parts_print.h - query --explain: a question as it was understood, for people and as JSON. */
#ifndef MORGUE_PARTS_PRINT_H
#define MORGUE_PARTS_PRINT_H

#include "parts.h"

/* `root` NULL: the question holds nothing to search for. */
void print_parts(struct buf *out, const struct part *root);

/* One object, an "understood" of docs/OUTPUT.md; places are counted from the question's start. */
void json_parts(struct buf *out, struct bytes question, struct bytes name, const struct part *root);

#endif
