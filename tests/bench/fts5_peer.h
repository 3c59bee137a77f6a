/* tests/bench/fts5_peer.h - SQLite's FTS5 with the same articles, to compare with.
 *
 * English stems (Porter), positions, the text stored, one segment at the end; what it
 * writes is not synced to disk, which ours is.
 * Errors  end the process: die().
 */
#ifndef MORGUE_FTS5_PEER_H
#define MORGUE_FTS5_PEER_H

#include "base/bytes.h"

#include <sqlite3.h>

struct fts5_peer {
	sqlite3 *db;
	sqlite3_stmt *insert, *best, *count;
};

void fts5_peer_create(struct fts5_peer *f, const char *path); /* a new file, open for fts5_peer_add */
void fts5_peer_add(struct fts5_peer *f, int64_t number, struct bytes title, struct bytes body);
void fts5_peer_finish(struct fts5_peer *f); /* commit and merge to one segment */

void fts5_peer_open(struct fts5_peer *f, const char *path); /* to ask it */
void fts5_peer_close(struct fts5_peer *f);

/* Rank the best `n` (if n > 0), count the matches (if wanted): returns the matches, else the hits. */
uint64_t fts5_peer_ask(struct fts5_peer *f, const char *question, uint64_t n, bool count);

#endif
