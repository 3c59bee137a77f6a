/* tests/lib/parse_trial.h - one question, whatever it is: read without harm, to a sound tree.
 *
 * The text is read from a heap block of exactly its size, so that a sanitizer sees what
 * reads past its ends. Every node must be what its kind promises; what Morgue's own
 * language says must be the same tree when it is printed and read again.
 */
#ifndef MORGUE_PARSE_TRIAL_H
#define MORGUE_PARSE_TRIAL_H

#include "generate/rng.h"
#include "parse/parse.h"

/* False: something is wrong with it, and `what` says what. */
bool parse_trial(struct bytes text, const struct parse_options *options, struct buf *what);

/* The first byte of an input draws the options, the others are the question. */
bool parse_trial_of_bytes(const uint8_t *bytes, size_t n, struct buf *what);

/* A question that is mostly right, with some bytes changed, into `text`. */
void random_question(struct rng *r, struct buf *text);

#endif
