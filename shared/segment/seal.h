/* shared/segment/seal.h - what the inverter gathered becomes the parts of a segment.
 *
 * Shape   articles are renumbered newest first (dated before undated, by local date
 *         falling, ties by article number); terms ascend; forms are numbered by
 *         falling count. The same articles in any order of arrival that gives them
 *         the same numbers make the same bytes.
 * Cost    O(postings log postings) at worst; the scratch space of the longest list.
 */
#ifndef MORGUE_SEAL_H
#define MORGUE_SEAL_H

#include "segment/invert.h"
#include "segment/segment.h"

#include <signal.h>

/* `parts` is initialised here; the caller releases it. inv->ndocs > 0. False if *stop
 * was set meanwhile (NULL: never): the parts are then not whole. */
bool seal(const struct inverter *inv, uint32_t headline_weight, const volatile sig_atomic_t *stop,
	  struct segment_parts *parts);

/* Of what was sealed, the docs that were dropped meanwhile; the caller releases the set. */
void seal_dropped(const struct inverter *inv, const struct segment_parts *parts, struct dead_docs *dead);

#endif
