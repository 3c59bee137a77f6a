/* tests/lib/engine_trial.h - the evaluator against reading every list: one random index, a few random plans.
 *
 * Each plan is ranked in several orders, for several numbers of hits, with and without a
 * total, by pruning and plainly; every total, hit and score must be the naive one.
 */
#ifndef MORGUE_ENGINE_TRIAL_H
#define MORGUE_ENGINE_TRIAL_H

#include "base/buf.h"
#include "generate/rng.h"

struct trial_options {
	uint32_t plans; /* an index is asked so many, and half as many once some docs are dead */
	uint32_t big;   /* one index in so many has windows of docs */
	bool decided;   /* by parts of words: all of the plans are */
	bool every_k;   /* 1 to 1,000; every 19th of a big index */
};

/* False: an answer is wrong, and `what` says which. */
bool engine_trial(struct rng *r, const struct trial_options *o, struct buf *what);

/* Plans over a small index whose bytes were changed, their checksums right: any answer
 * that could be one, or ERR_CORRUPT. */
bool engine_damage_trial(struct rng *r, struct buf *what);

/* Either of them, small, as a fuzzer's input draws it. */
bool engine_trial_of_bytes(const uint8_t *bytes, size_t n, struct buf *what);

#endif
