/* shared/archive/token_replay.h - hands SQLite's FTS5 words that were cut before.
 *
 * Shape   a stream of (steps from the position of the term before, at first from one
 *         before the text; size; bytes), all varints but the bytes. A step of 0 is the same
 *         position. FTS5 knows no gaps: a position that is left out takes REPLAY_GAP.
 * Errors  a stream that is not one is SQLITE_CORRUPT to SQLite.
 *
 *	replay_start(&r);
 *	for (each term, positions never falling)
 *		replay_add(&r, pos, term);
 *	sqlite3_bind_blob64(st, 1, r.stream.p, r.stream.n, SQLITE_STATIC);
 */
#ifndef MORGUE_TOKEN_REPLAY_H
#define MORGUE_TOKEN_REPLAY_H

#include "base/buf.h"

#include <sqlite3.h>

#define REPLAY_TOKENIZER "morgue" /* its name in SQL */
#define REPLAY_GAP       "\x1F"   /* stands where there is no word; no term begins so */

/* Make the tokenizer known to a connection: without it a table that names it does not
 * open. SQLITE_OK, or SQLite's code. */
int replay_register(sqlite3 *db);

struct replay {
	struct buf stream;
	uint32_t next; /* the position after the last term's */
};

void replay_start(struct replay *r); /* stream emptied; `r` was zeroed once */
void replay_add(struct replay *r, uint32_t pos, struct bytes term);
void replay_release(struct replay *r);

#endif
