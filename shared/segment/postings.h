/* shared/segment/postings.h - the articles that contain one term, and how often.
 *
 * Shape   (doc, freq, headline) triples, doc strictly increasing in [0, ndocs).
 *         freq = H * headline + body counts occurrences, those in the headline H
 *         times (H is the archive's headline weight); occurrences themselves are
 *         freq - (H - 1) * headline. Blocks of POSTINGS_BLOCK, the last one short;
 *         runs of POSTINGS_RUN blocks.
 * Owner   a cursor owns nothing: it points into the segment's mapping, so the
 *         segment outlives it. Copying the struct forks the cursor.
 * Errors  first/next/seek return only a doc. A block that fails to decode parks
 *         the cursor on DOC_END and sets .rc; look at .rc once, after the loop.
 * Cost    next: O(1) amortised. seek: O(log blocks) skips + one block's docs decoded,
 *         or for a bitmap looked at in place. Frequencies are decoded when asked for.
 * Source  layout: docs/FORMAT.md, "Postings". Skips: Moffat & Zobel, TOIS 1996.
 *
 *	for (d = postings_first(&c); d != DOC_END; d = postings_next(&c))
 *		score[d] += weight(postings_freq(&c));
 *	if (c.rc < 0)
 *		return c.rc;
 */
#ifndef MORGUE_POSTINGS_H
#define MORGUE_POSTINGS_H

#include "segment/dictionary.h"
#include "segment/impacts.h"
#include "segment/packed.h"

struct posting {
	uint32_t doc;
	uint32_t freq;     /* H * headline + body */
	uint32_t headline; /* occurrences in the headline */
};

/* What the writer of a list has to know of the segment. */
struct postings_context {
	const uint8_t *lengths; /* length code of each doc */
	double average;         /* true words an article, more than 0 */
	uint32_t headline_weight;
};

/* A list block by block, for who does not hold it whole: begin, add full blocks and
 * a last one that may be short, end. Zeroed at first; then for list after list. */
struct postings_columns {
	const uint32_t *docs, *freqs, *headlines;
};

#define TOP_FREQS 32u /* for the tops, frequencies above count as this one */

struct postings_writer {
	struct postings_context context;
	bool single;      /* one block: no tables */
	uint32_t nblocks; /* written so far */
	uint32_t next;    /* the doc after the last one written */
	uint64_t occurrences;
	struct buf skips, runs, impacts, run_impacts,
		blocks;                    /* the list's parts; offsets from each one's start */
	struct impacts run;                /* of the blocks since the last whole run */
	uint32_t tops[TOP_FREQS + 1][256]; /* postings of each frequency and length code */
	uint8_t shortest, longest;         /* length codes, and frequency, that occur */
	uint32_t most;
};

void postings_begin(struct postings_writer *w, uint32_t df, const struct postings_context *context);
void postings_add(struct postings_writer *w, const struct postings_columns *columns, uint32_t n);
bool postings_end(struct postings_writer *w, struct buf *out); /* false: larger than 4 GiB, nothing added */
void postings_writer_release(struct postings_writer *w);

/* Append the list of df postings to `out`. */
void postings_put(struct postings_writer *w, struct buf *out, const struct posting *list, uint32_t df,
		  const struct postings_context *context);

struct postings {
	uint32_t doc; /* current doc, or DOC_END */
	int rc;       /* 0, or ERR_CORRUPT */
	/* below: for those who read a block at a time */
	uint32_t df, nblocks;
	uint32_t block;                                       /* the one decoded now; nblocks: none */
	uint32_t n;                                           /* postings in it */
	uint32_t docs[POSTINGS_BLOCK], freqs[POSTINGS_BLOCK]; /* after postings_load, postings_load_freqs */
	bool bitmap;                                          /* the block's docs are a bitmap: */
	uint32_t base, nwords;                                /* bit i of word j is doc base + 64 j + i */
	uint64_t words[BITMAP_MAX / 8];
	uint8_t ranks[BITMAP_MAX / 8]; /* bits set before each word; 128 at most */
	/* below: the cursor's own */
	const struct segment *seg;
	struct bytes list; /* in POST */
	uint64_t density;  /* blocks for each doc of the segment, times 2^32 */
	uint32_t at;       /* the current posting; in a bitmap only when .ranked */
	bool begun;        /* first or seek was called */
	bool expanded;     /* .docs are there */
	bool ranked;       /* .at is known */
	bool freqs_decoded, headlines_decoded;
	unsigned flags;
	const uint8_t *rest, *end; /* the block's bytes after docs, after freqs */
	uint32_t headlines[POSTINGS_BLOCK];
	/* Occurrences before each posting in the block and, from its end on, all of them; with .headlines. */
	uint32_t starts[POSTINGS_BLOCK + 2];
	uint64_t occurrence; /* ... and before the block */
};

/* Bind to a term found in the dictionary; NULL info: an empty list. The cursor
 * stands before the first doc. */
void postings_open(struct postings *c, const struct segment *seg, const struct term_info *info);
void postings_rewind(struct postings *c); /* stand there again */
uint32_t postings_first(struct postings *c);
uint32_t postings_next(struct postings *c);
uint32_t postings_seek(struct postings *c, uint32_t target); /* first doc >= target; never goes back */

/* Of the current doc. */
uint32_t postings_freq(struct postings *c);
uint32_t postings_headline(struct postings *c);

/* Occurrences of the term in the current doc, and the number of the first of
 * them among all the term's occurrences (where its positions are). */
uint32_t postings_count(struct postings *c);
uint64_t postings_occurrence(struct postings *c);

/* ---- a block at a time ---- */

/* The last doc of a block < nblocks. */
uint32_t postings_block_last(const struct postings *c, uint32_t block);

/* The doc that a block counts from: behind the last one of the block before. */
static inline uint32_t postings_block_base(const struct postings *c, uint32_t block)
{
	return block ? postings_block_last(c, block - 1) + 1 : 0;
}

/* The first block from `block` on whose last doc is >= target; nblocks if none is. */
uint32_t postings_find_block(const struct postings *c, uint32_t block, uint32_t target);

/* Make the block the decoded one, its docs in .docs, then its frequencies in .freqs.
 * .doc is left alone: seek takes up from the block. False, and .rc set, if corrupt:
 * frequencies are then all 1. */
bool postings_load(struct postings *c, uint32_t block);
bool postings_enter(struct postings *c, uint32_t block); /* the same; with .bitmap only .words are there */
bool postings_load_freqs(struct postings *c);

/* Let the first bytes of a block come while something else is done. */
void postings_fetch(const struct postings *c, uint32_t block);

/* Look one doc up, never going back to an earlier block: its place in the block that is
 * then the decoded one, or POSTINGS_BLOCK if the term is not in it. */
uint32_t postings_find(struct postings *c, uint32_t doc);

/* Look up n docs that ascend, those that the block of the first one reaches to: their places, as above, and
 * how many they were, at least one. */
uint32_t postings_find_all(struct postings *c, const uint32_t *docs, uint32_t n,
			   uint8_t places[POSTINGS_BLOCK]);

/* The same in the block that is the decoded one. */
uint32_t postings_place(const struct postings *c, uint32_t doc);

/* The place of the first of a block's docs that is >= target; the last place if all are less. */
uint32_t postings_search(const uint32_t docs[POSTINGS_BLOCK], uint32_t target);

/* Where the occurrences of each posting of the decoded block begin; corrupt: .rc, and none. */
void postings_load_starts(struct postings *c);

/* Occurrences in the doc at a place of the decoded block, none at POSTINGS_BLOCK; *first: the number of their
 * first. */
static inline uint32_t postings_occurrences_at(struct postings *c, uint32_t place, uint64_t *first)
{
	if (!c->headlines_decoded)
		postings_load_starts(c);
	*first = c->occurrence + c->starts[place];
	return c->starts[place + 1] - c->starts[place];
}

/* The block that holds the current doc: its parts by their names in docs/FORMAT.md. */
struct postings_block {
	uint32_t number, postings;
	uint32_t offset, size; /* bytes of the list */
	unsigned flags;        /* BLOCK_* */
};
struct postings_block postings_block(const struct postings *c);

/* ---- bounds ---- */

/* The impacts of a block, or of a run of blocks. A list of one block has none
 * stored: they are gathered from its postings and the column of lengths. 0 or
 * ERR_CORRUPT, which is in .rc too. */
int postings_impacts(struct postings *c, uint32_t block, struct impacts *set);
int postings_run_impacts(struct postings *c, uint32_t run, struct impacts *set);
static inline uint32_t postings_runs(const struct postings *c)
{
	return (c->nblocks + POSTINGS_RUN - 1) / POSTINGS_RUN;
}

/* A pair that at least k docs of the list are as good as: freq no less, length no
 * greater. k is 10, 100 or 1000; false if none is kept. */
bool postings_top(struct postings *c, uint32_t k, struct impact *pair);

#endif
