/* indexer/preset.h - train a preset dictionary for deflate: the stretches of a sample that
 * most of the rest can be copied from.
 *
 * Shape   every string of 6 bytes is worth as often as it occurs again in the sample. The
 *         sample is cut into pieces of equal size; from each in turn the stretch of 48
 *         bytes is taken whose distinct strings are worth most, and these strings are
 *         worth nothing from then on; so round and round until the dictionary is full. What was
 *         taken first stands at its end, the nearest to the texts.
 * Cost    0.08 s a megabyte of sample, 5 MiB.
 * Errors  none; the same sample gives the same dictionary everywhere.
 * Source  Liao, Petri, Moffat, Wirth, "Effective construction of relative Lempel-Ziv
 *         dictionaries", WWW 2016 (COVER).
 */
#ifndef MORGUE_PRESET_H
#define MORGUE_PRESET_H

#include "base/buf.h"

/* At most `size` bytes into out (replaced); fewer if no more of the sample is worth it. */
void preset_train(struct bytes sample, size_t size, struct buf *out);

#endif
