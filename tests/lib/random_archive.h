/* tests/lib/random_archive.h - archives for tests: made in a temporary folder through
 * the indexer's own way in, read back article by article, deleted at the end.
 *
 *	random_corpus_make(&corpus, seed);
 *	temp_archive_make(&t, headline_weight);
 *	temp_archive_add_corpus(&t, &corpus, seed);   or temp_archive_add_files
 *	temp_archive_read(&t);                        now t.archive answers
 *	temp_archive_release(&t);
 *
 * A failure inside is a failed assertion of the test that runs.
 */
#ifndef MORGUE_RANDOM_ARCHIVE_H
#define MORGUE_RANDOM_ARCHIVE_H

#include "archive/archive.h"
#include "generate/news.h"
#include "generate/rng.h"
#include "report.h"
#include "text/analyze.h"

struct random_corpus {
	struct news *v;
	size_t n;
	uint64_t seed;
};

/* From a handful of articles to over a thousand, long or short, of small or large
 * vocabularies, as the seed wants. */
void random_corpus_make(struct random_corpus *c, uint64_t seed);
void random_corpus_release(struct random_corpus *c);

struct temp_archive {
	char path[300];
	struct archive archive; /* open for reading after temp_archive_read */
	bool reading;
};

/* A new archive in a folder of its own under $TMPDIR, /dev/shm or /tmp. */
void temp_archive_make(struct temp_archive *t, uint32_t headline_weight);

/* Add the corpus in 1 to 8 commits of random sizes. What is little goes into the tail, which
 * is sealed after half of them: so there are up to 8 segments, and perhaps a tail. */
void temp_archive_add_corpus(struct temp_archive *t, const struct random_corpus *c, uint64_t seed);

/* Add files of any format the indexer knows, in one commit. */
void temp_archive_add_files(struct temp_archive *t, char **paths, size_t n);

/* Add JSON lines, in one commit. */
void temp_archive_add_lines(struct temp_archive *t, struct bytes lines);

/* Seal the tail. */
void temp_archive_seal(struct temp_archive *t);

/* Merge all its segments, and the tail, into one. */
void temp_archive_optimize(struct temp_archive *t);

/* Remove one article of so many, by chance; the segments stay as they are. */
void temp_archive_remove(struct temp_archive *t, uint32_t one_in, uint64_t seed);

/* A report that tells nobody anything; returns what to end it with. */
FILE *quiet_report(struct report *report);
void quiet_report_end(struct report *report, FILE *null);

void temp_archive_read(struct temp_archive *t);
void temp_archive_write(struct temp_archive *t);   /* again, after reading */
void temp_archive_release(struct temp_archive *t); /* deletes it; the end of the program does too */

/* What the catalog says of one article, analyzed. Borrowed during the call. */
struct stored_article {
	uint32_t number;
	int64_t date;
	uint32_t headline; /* T */
	const struct tokens *tokens;
};

typedef void article_visit(void *context, const struct stored_article *a);

/* Visit the articles of an archive open for reading, in order of their numbers. */
void temp_archive_visit(struct temp_archive *t, article_visit *visit, void *context);

/* Run one(seed) for seeds 1, 2, ...: `usual` of them, `few` in a short run, `many` in a long
 * one (MORGUE_TEST_LONG). With MORGUE_TEST_SEED=N only that one; then false. */
bool test_seeds(uint64_t usual, uint64_t few, uint64_t many, void (*one)(uint64_t seed));

/* Should this run be short? Set by the test runner under sanitizers. */
bool test_is_slow(void);

#endif
