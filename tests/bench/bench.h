/* tests/bench/bench.h - what the parts of the benchmark share. */
#ifndef MORGUE_BENCH_H
#define MORGUE_BENCH_H

#include "ask.h"
#include "fts5_peer.h"
#include "timing.h"

#define SEGMENTS_MANY 8 /* of the archive that shows what segments cost */

struct bench {
	const char *programs;            /* folder of what is built: bin/query, tests/bench/one_shot */
	const char *folder;              /* to work in */
	struct buf archive, split, fts5; /* paths: the archive, the one of many segments, FTS5's file */
	uint64_t text;                   /* bytes of all titles and bodies */
	double seconds, fts5_seconds;    /* of indexing them; with all threads, and FTS5 in its one */
	double alone_seconds;            /* the same by one thread; 0: not measured */
};

/* The benchmark is of no use after a failure: say what failed and end. */
_Noreturn void die(const char *what);

/* bench_index.c: make the archive from files, FTS5's table from the archive, print what
 * it took and takes. */
void bench_add(struct bench *b, char **files, int n);
void bench_add_alone(struct bench *b, char **files, int n); /* once more, by one thread */
void bench_fill_fts5(struct bench *b);
void bench_print_indexing(const struct bench *b);

/* Index the archive's articles once more, as SEGMENTS_MANY segments of equal numbers of
 * articles in the order in which they were added. */
void bench_split(const struct bench *b);
void bench_merge(const struct bench *b); /* and merge those into one */

/* bench_query.c: questions in this process, by class and command; and the same with articles
 * removed that are still in the index. */
void bench_queries(const struct bench *b);
void bench_removal(const struct bench *b);

/* bench_process.c: the time of whole processes. No archive may be open in this one: pages
 * that are mapped stay in memory. */
void bench_processes(const struct bench *b);

#endif
