/* indexer/frames.h - the texts of a sample compressed, by several threads: most of the time that an
 * archive takes to get its dictionary, while whatever else could be done waits for that.
 *
 * Shape   a frame for each text that stands whole in the sample.
 * Memory  the frames, and 1 MiB for each thread.
 * Errors  none: where a thread cannot be started there is one fewer.
 */
#ifndef MORGUE_FRAMES_H
#define MORGUE_FRAMES_H

#include "train.h"

struct frame_stretch; /* frames of texts in a row */

struct frames {
	const struct sample *sample; /* borrowed */
	struct frame_stretch *stretches;
	size_t nstretches;
	size_t next, at; /* the text that is asked for next, and its first byte in the sample */
};

/* In up to `jobs` threads, the caller among them. To be released. */
void frames_compress(struct frames *f, const struct sample *s, const struct text_way *way, unsigned jobs);
void frames_release(struct frames *f);

/* To be asked for the texts in their order: the frame, if this is the next text of the sample and it
 * stands there whole. */
bool frames_next(struct frames *f, struct bytes text, struct bytes *frame);

#endif
