/* indexer/upkeep/merge.h - several segments become one, term by term.
 *
 * Shape   the parts that sealing all their articles in one batch would have made, to the
 *         byte. Each segment's docs keep their order, so a list of the result is its
 *         segments' lists, interleaved: nothing is sorted. Dead docs are left out, as if
 *         they had never been: one segment merged alone is rid of them.
 * Owner   the segments stay the caller's and must stay open.
 * Errors  ERR_CORRUPT names the segment that is not what was written, ERR_LIMIT what the
 *         result would have too much of (docs/FORMAT.md, "Limits"). `parts` are then not
 *         whole.
 * Cost    each list is decoded and encoded once, and the blocks that dead docs stand in
 *         are looked at once before. Memory: 29 bytes a doc, dictionary and forms, and
 *         for each thread the longest list it meets; POST and POSN as far as the caller does not
 *         spill them.
 */
#ifndef MORGUE_MERGE_H
#define MORGUE_MERGE_H

#include "base/intern.h"
#include "segment/form_list.h"
#include "segment/positions.h"
#include "segment/segment.h"

#include <signal.h>

#define MERGE_MAX 1024u /* segments at a time */

/* A segment, and where the merge stands in it. */
struct merge_source {
	const struct segment *segment;
	uint32_t *doc;            /* its doc -> doc of the result; of a dead one, nothing */
	struct dict_cursor terms; /* at its next term */
	int64_t date;             /* of its next doc, while docs are merged */
	uint32_t article;
	uint32_t at; /* its next doc; then its next posting in the decoded block */
	/* of the term that is merged: */
	struct postings postings;
	uint32_t next_block;
	uint64_t occurrences; /* in the blocks so far */
	uint32_t df;          /* postings of docs that live, and occurrences in them */
	uint64_t living;
	uint32_t left, next;  /* of .df, those not taken yet; doc of the first of them in the result */
	uint64_t *dead_forms; /* by form number: occurrences in dead docs, if forms are stored */
	size_t dead_forms_cap;
	struct positions positions;
	uint64_t next_chunk;
	uint32_t chunk_at, chunk_n; /* next occurrence in the decoded chunk, and how many it holds */
	uint32_t *forms, nforms;    /* its form numbers -> the result's */
	size_t forms_cap;
};

struct merger {
	struct segment_parts *parts;
	struct merge_source *sources; /* the one with the newest article first */
	uint32_t n;
	uint16_t *source_of;                /* doc of the result -> number of its source */
	bool has_runs;                      /* mostly, many docs of a source follow each other */
	uint32_t heap[MERGE_MAX], nheap;    /* sources by what comes next in them */
	uint32_t group[MERGE_MAX], ngroup;  /* the sources that have the term, ascending */
	uint32_t gone[MERGE_MAX], ngone;    /* those of which only dead docs have it */
	struct bytes term;                  /* the term that is merged */
	struct bytes until;                 /* terms from this one on are not this merger's; empty: all are */
	uint32_t ndocs;                     /* docs of the result */
	bool joined;                        /* .source_of and the sources' .doc are another's */
	uint64_t done;                      /* bytes of POST and POSN merged so far */
	struct postings_context context;    /* for the postings of ordinary terms */
	bool thinned;                       /* one of its lists has dead docs */
	struct intern form_names;           /* forms of the term, and of each: */
	struct form_count *forms, *ordered; /* how often it occurs; the same in order of number */
	uint32_t *order, *place;            /* form of each number, and the reverse */
	size_t forms_cap, ordered_cap, order_cap, place_cap;
	bool in_runs;              /* the term's lists are taken in runs */
	uint32_t queue[MERGE_MAX]; /* then: those of the group that are not done, by .next, at the end */
	uint32_t *docs, *scratch;  /* else: the list's docs */
	size_t docs_cap;
	uint32_t block[POSTINGS_BLOCK], freqs[POSTINGS_BLOCK], headlines[POSTINGS_BLOCK];
	struct postings_writer postings;
	struct positions_writer positions;
};

struct merge_settings {
	unsigned jobs;                     /* threads that merge terms; 0: as many as there are processors */
	const volatile sig_atomic_t *stop; /* give up */
	/* Called now and then between two terms: it may move what the parts hold to a file. What it answers below
	 * 0 ends all. */
	int (*spill)(void *context, struct segment_parts *parts, struct err *err);
	/* If not NULL: so many bytes of lists, of all, are done. */
	void (*progress)(void *context, uint64_t done, uint64_t all);
	void *context;
	uint64_t piece; /* bytes of lists that a thread merges at a time; 0: MERGE_PIECE. Tests want less */
};

#define MERGE_PIECE ((uint64_t)1 << 20) /* some milliseconds; a longer list is a piece of its own */

/* Merge n segments, 1 to MERGE_MAX. `parts` is initialised here, and the caller's to release, whatever is
 * returned: 0, ERR_INTERRUPTED, or what is said above. */
int merge_segments(const struct segment *segments, uint32_t n, const struct merge_settings *settings,
		   struct segment_parts *parts, struct err *err);

/* ---- for merge_segments.c ---- */

/* Lay out the docs of the result and stand before the first term. `m` need not be zeroed;
 * `parts` is initialised here, and the caller's to release; so is `m`, whatever is returned. */
int merger_begin(struct merger *m, const struct segment *segments, uint32_t n, struct segment_parts *parts,
		 struct err *err);

/* One more merger of the same segments, for a thread of its own: it has to be given .parts, and a range of
 * terms. It goes before the first one does. */
void merger_join(struct merger *m, const struct merger *whole);

/* Stand before the first term that is not less than `from`, to merge those less than `until` (empty: all),
 * which the caller keeps. */
int merger_seek(struct merger *m, struct bytes from, struct bytes until, struct err *err);

int merger_next(struct merger *m, struct err *err); /* merge a term: 1 done, 0 there are no more */
void merger_release(struct merger *m);

#define MERGE_DICTIONARY "a dictionary of more than 4 GiB"
int merge_too_large(const struct merger *m, const char *what, struct err *err); /* ERR_LIMIT */

/* ---- for merge.c ---- */

/* Merge the postings of the term, and its positions, into the parts. `info` has df and occurrences, and gets
 * places and sizes. */
int merge_lists(struct merger *m, uint32_t nforms, struct term_info *info, struct err *err);
/* Of the term that the source stands at: df, living, dead_forms. */
int merge_count_living(struct merge_source *s, struct err *err);
int merge_damaged(const struct merge_source *s, struct err *err);

#endif
