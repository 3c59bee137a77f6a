/* query/places/operand.h - what may stand near something: words, phrases, groups of them, and what is
 * itself near each other. Docs first, places of the one that is asked about afterwards.
 *
 * Owner   operands live in the context's arena; spans in what is for one doc.
 * Errors  sticky in the context.
 */
#ifndef MORGUE_OPERAND_H
#define MORGUE_OPERAND_H

#include "places/sequence.h"
#include "places/spans.h"

struct operand;

/* Open a leaf, alternatives, an OR of operands, or a node that works by places. */
struct operand *operand_open(struct match_context *ctx, const struct plan_node *node);

uint64_t operand_cost(const struct operand *o);

/* The first doc >= target that may have it: all its words are there. Never goes back. */
uint32_t operand_seek(struct match_context *ctx, struct operand *o, uint32_t target);

/* Of that doc: no fewer than its occurrences weighted. */
uint32_t operand_most(struct operand *o);

/* How often it stands in that doc, occurrences that overlap counted as one: in the headline and
 * in the body. */
void operand_count(struct match_context *ctx, struct operand *o, uint32_t *headline, uint32_t *body);

#endif
