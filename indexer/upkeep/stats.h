/* indexer/upkeep/stats.h - what an archive holds: articles, sources, dates and the holes in them,
 * sizes by part, segments, vocabulary.
 *
 * Count   articles are the docs that live; the index counts them, so dates and sources cost
 *         no look at the texts. Sizes of texts do: one pass over the catalog.
 * Holes   stretches of the calendar without an article where there are some before and after:
 *         whole months, where the twelve months before and the twelve after have
 *         STATS_DENSE articles each on average; where the archive is thinner, whole years.
 * Owner   everything belongs to the struct until it is released.
 */
#ifndef MORGUE_STATS_H
#define MORGUE_STATS_H

#include "archive/archive.h"

#include <signal.h>
#include <stdio.h>

#define STATS_FORMAT_VERSION 1  /* of the JSON line */
#define STATS_DENSE          10 /* so many a month: one without any is no chance (1 in 20,000) */

struct stats_hole {
	int32_t first, last; /* months since year 0, both within the hole */
	bool years;          /* whole years */
};

struct stats_source {
	int64_t id; /* 0: the articles without one */
	struct buf name;
	uint64_t articles;
};

struct stats_segment {
	struct catalog_segment row;
	int64_t modified; /* seconds since 1970, UTC */
	uint32_t terms;
};

struct stats {
	uint64_t articles, words, dated;
	int64_t first, last; /* civil seconds; CIVIL_NONE: no article has a date */
	struct stats_hole *holes;
	size_t nholes, holes_cap;
	struct stats_source *sources; /* most articles first */
	size_t nsources, sources_cap;
	struct stats_segment *segments;
	size_t nsegments;
	uint64_t tail;                /* articles in it */
	uint64_t sections[SEC_COUNT]; /* bytes of all segments together */
	uint64_t index, catalog;      /* bytes on disk */
	int64_t texts, stored;        /* bytes of texts: as they are, as they are stored */
	uint64_t terms;               /* different stems */
};

/* Of an archive open for reading. 0, ERR_INTERRUPTED, or an error; release it either way. */
int stats_gather(struct stats *s, struct archive *a, const volatile sig_atomic_t *stop, struct err *err);
void stats_release(struct stats *s);

/* For people, or as one JSON line (docs/OUTPUT.md). Appended. */
void stats_print(const struct stats *s, const char *archive, struct buf *out);
void stats_print_json(const struct stats *s, struct buf *out);

#endif
