/* tests/lib/fts5_oracle.h - which articles answer a question, by SQLite's FTS5.
 *
 * Two tables in memory over the analyzer's own tokens: one of stems, for words and
 * ~"stemmed phrases"; one of forms without case and accents, for "phrases" and
 * prefixes. Headline and body are columns. A registered tokenizer only replays the
 * tokens, colocated ones as such; marks are left out. AND, OR and NOT are set
 * operations over the answers of single leaves, one MATCH each.
 * Limits  hit sets only, no scores. It cannot say: =word, phrases with capitals or
 *         accents, signs ($ and %), CJK runs before other words, dates.
 */
#ifndef MORGUE_FTS5_ORACLE_H
#define MORGUE_FTS5_ORACLE_H

#include "lib/random_archive.h"
#include "parse/parse.h"

struct sqlite3;
struct sqlite3_stmt;

struct fts5_oracle {
	struct sqlite3 *db;
	struct sqlite3_stmt *insert[2], *match[2]; /* stems, forms */
	struct analyzer *analyzer;
	struct buf columns[2][2], expression, scratch; /* by table: headline, body */
	uint32_t last;                                 /* the highest article number */
	uint8_t *there;                                /* by number: is there such an article? */
	size_t there_cap;
};

/* Feed it every article of an archive open for reading. */
void fts5_oracle_load(struct fts5_oracle *o, struct temp_archive *t);
void fts5_oracle_release(struct fts5_oracle *o);

/* Mark in hits[1 .. o->last] the articles that answer; `root` NULL: none. False: it cannot say. */
bool fts5_oracle_search(struct fts5_oracle *o, const struct query_node *root, uint8_t *hits);

#endif
