/* shared/segment/seal.h - what the inverter gathered becomes the parts of a segment.
 *
 * Shape   articles are renumbered newest first (dated before undated, by local date
 *         falling, ties by article number); terms ascend; forms are numbered by
 *         falling count. The same articles in any order of arrival that gives them
 *         the same numbers make the same bytes, in any number of threads.
 * Cost    linear in the postings; for each thread the scratch space of the longest list
 *         it meets and the lists of a few terms.
 */
#ifndef MORGUE_SEAL_H
#define MORGUE_SEAL_H

#include "segment/invert.h"
#include "segment/segment.h"

#include <signal.h>

struct seal_settings {
	uint32_t headline_weight;
	unsigned jobs;                     /* threads that seal terms; 0, 1: the caller alone */
	const volatile sig_atomic_t *stop; /* give up; NULL: never */
	/* If not NULL, called now and then between two terms: it may move what the parts hold to
	 * a file (segment_parts_spill). What it answers below 0 ends all. */
	int (*spill)(void *context, struct segment_parts *parts, struct err *err);
	void *context;
};

/* `parts` is initialised here; the caller releases it, whatever the outcome. inv->ndocs > 0. 0,
 * ERR_INTERRUPTED, or what `spill` answered. */
int seal_with(struct inverter *inv, const struct seal_settings *settings, struct segment_parts *parts,
	      struct err *err);

/* The same by the caller's thread alone and in memory. False if *stop was set meanwhile (NULL:
 * never): the parts are then not whole. */
bool seal(struct inverter *inv, uint32_t headline_weight, const volatile sig_atomic_t *stop,
	  struct segment_parts *parts);

/* Of what was sealed, the docs that were dropped meanwhile; the caller releases the set. */
void seal_dropped(const struct inverter *inv, const struct segment_parts *parts, struct dead_docs *dead);

#endif
