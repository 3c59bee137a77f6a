/* indexer/train.h - train a dictionary for an archive's texts: what most of them can be
 * copied from.
 *
 * Shape   texts are gathered in a sample; zstd's trainer (ZDICT, fast COVER) takes the stretches out
 *         of it that are worth most to the others, and counts what is left, for the tables of
 *         codes that every frame would else have to bring along.
 * Cost    0.01 s a megabyte of sample, 10 MiB beside it. docs/DECISIONS.md has the measurements.
 * Errors  none; the same sample gives the same dictionary wherever the version of zstd is the same.
 * Source  Liao, Petri, Moffat, Wirth, "Effective construction of relative Lempel-Ziv
 *         dictionaries", WWW 2016 (COVER).
 */
#ifndef MORGUE_TRAIN_H
#define MORGUE_TRAIN_H

#include "archive/texts.h"

struct sample {
	struct buf bytes; /* texts one behind the other */
	size_t *sizes;    /* of each */
	size_t n, cap;
};

/* Its first 64 KiB, for many articles are worth more than much of one. */
void sample_add(struct sample *s, struct bytes text);
void sample_release(struct sample *s);

/* A dictionary, with its name, for texts that are stored so, into out (replaced). Empty where the sample
 * is too little to train on: fewer than five texts, or 8 KiB. */
void train_dictionary(const struct sample *s, enum text_store store, struct buf *out);

#endif
