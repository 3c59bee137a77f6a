/* indexer/sealing.h - what was gathered becomes searchable: in the tail while it is little,
 * else as a segment, together with what the tail held.
 *
 * Both happen in the caller's transaction, which archive_commit ends. A segment file stays
 * where it is when the commit fails: a log that was written and not synced may yet make the
 * commit good for the next who reads it. Who writes next sweeps it, if not.
 */
#ifndef MORGUE_SEALING_H
#define MORGUE_SEALING_H

#include "archive/archive.h"
#include "segment/invert.h"

#include <signal.h>

/* Index what was gathered. made->id is 0 if it went into the tail, else that of the segment;
 * made->seq is given. `jobs` threads
 * seal it (seal.h). ERR_INTERRUPTED when *stop is set meanwhile. */
int index_gathered(struct archive *a, struct inverter *gathered, unsigned jobs,
		   const volatile sig_atomic_t *stop, struct catalog_segment *made, struct err *err);

/* Seal the tail, in a transaction of its own. made->id is 0 if it held nothing. */
int seal_tail(struct archive *a, const volatile sig_atomic_t *stop, struct catalog_segment *made,
	      struct err *err);

#endif
