/* bench - index articles, ask questions; the same with SQLite FTS5.
 *
 *	bench PROGRAMS FOLDER PATH...
 *
 * PROGRAMS is the folder of what is built, FOLDER one to work in, empty; PATHs hold articles
 * in any format that the indexer reads. BENCH in the environment selects parts: indexing,
 * queries, merging, removal, process; default all.
 */
#include "bench.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

enum { INDEXING = 1, QUERIES = 2, PROCESS = 4, MERGING = 8, REMOVAL = 16 };

static const struct {
	const char *name;
	unsigned bit;
} parts[] = {
	{ "indexing", INDEXING }, { "queries", QUERIES }, { "process", PROCESS },
	{ "merging", MERGING },   { "removal", REMOVAL },
};

void die(const char *what)
{
	fflush(stdout);
	fprintf(stderr, "bench: %s\n", what);
	exit(1);
}

/* The parts named, with commas or spaces between; 0 if one is unknown. */
static unsigned parse_parts(const char *names)
{
	unsigned chosen = 0;

	for (size_t n; *(names += strspn(names, ", ")); names += n) {
		unsigned bit = 0;

		n = strcspn(names, ", ");
		for (size_t i = 0; i < sizeof parts / sizeof *parts; i++)
			if (bytes_is(bytes_of(names, n), parts[i].name))
				bit = parts[i].bit;
		if (!bit)
			return 0;
		chosen |= bit;
	}
	return chosen ? chosen : INDEXING | QUERIES | PROCESS | MERGING | REMOVAL;
}

static void print_archive(const struct bench *b)
{
	struct asker asker;
	struct err err;

	if (asker_open(&asker, buf_cstr(&b->archive), &err) < 0)
		die(err.msg);
	printf("%" PRIu64 " articles, %.1f MB of text, %zu segment%s\n", asker.archive.ndocs,
	       (double)b->text / 1e6, asker.archive.nsegments, asker.archive.nsegments == 1 ? "" : "s");
	asker_close(&asker);
}

int main(int argc, char **argv)
{
	const char *chosen = getenv("BENCH");
	unsigned wanted = parse_parts(chosen ? chosen : "");
	struct bench b = { .archive = BUF_INIT };

	if (argc < 4 || !wanted) {
		fputs("usage: bench PROGRAMS FOLDER PATH...\n"
		      "BENCH=PART,... in the environment: indexing, queries, merging, removal, process\n",
		      stderr);
		return 2;
	}
	b.programs = argv[1];
	b.folder = argv[2];
	buf_addf(&b.archive, "%s/bench.morgue", b.folder);
	buf_addf(&b.split, "%s/split.morgue", b.folder);
	buf_addf(&b.fts5, "%s/fts5.db", b.folder);
	setvbuf(stdout, NULL, _IOLBF, 0);
	bench_add(&b, argv + 3, argc - 3);
	print_archive(&b);
	if (wanted & INDEXING)
		bench_add_alone(&b, argv + 3, argc - 3);
	if (wanted & (INDEXING | QUERIES | PROCESS))
		bench_fill_fts5(&b);
	if (wanted & INDEXING)
		bench_print_indexing(&b);
	if (wanted & (QUERIES | MERGING))
		bench_split(&b);
	if (wanted & QUERIES)
		bench_queries(&b);
	if (wanted & MERGING)
		bench_merge(&b);
	if (wanted & REMOVAL)
		bench_removal(&b);
	if (wanted & PROCESS)
		bench_processes(&b);
	buf_release(&b.archive);
	buf_release(&b.split);
	buf_release(&b.fts5);
	return 0;
}
