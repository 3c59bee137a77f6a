/* shared/archive/tail.h - the newest articles, indexed in the catalog until they are worth a
 * segment.
 *
 * Shape   table `tail`, contentless FTS5, holds the words of the articles that table
 *         `tail_article` lists: docs/FORMAT.md, "Tail". What an inverter gathered goes in, and
 *         what comes out is the same, so a tail that is sealed makes the segment that its
 *         articles would have made at once.
 * Limits  TAIL_DOCS articles of TAIL_TOKENS tokens together; more is a segment's work.
 * Calls   those that write belong into the caller's transaction, those that read into any.
 *         FTS5 does not forget single rows: to take an article out is to write the others
 *         anew.
 * Cost    putting: 0.6 us a token. Gathering: 0.4 us a token.
 */
#ifndef MORGUE_TAIL_H
#define MORGUE_TAIL_H

#include "archive/catalog.h"
#include "segment/invert.h"

/* For a table that is new: merge what was put in four times at once, for readers look into each. */
#define TAIL_SETTINGS "INSERT INTO tail(tail, rank) VALUES ('automerge', 0), ('crisismerge', 4);"

#define TAIL_DOCS   128u
#define TAIL_TOKENS 32768u

#define TAIL_DOCS_MAX   4096u /* what a reader accepts: writers stay far below */
#define TAIL_TOKENS_MAX 1048576u

#define TAIL_NAME "tail" /* what messages call it, after the archive's path */

/* How much is in it, and what its articles' true lengths add up to. */
struct tail_size {
	uint32_t docs;
	uint64_t tokens, words;
};

int tail_size(struct catalog *c, struct tail_size *size, struct err *err);

/* Is there room for what was gathered? */
bool tail_has_room(const struct tail_size *size, struct inverter *gathered);

/* Put the gathered articles in; their rows are in table `article`. */
int tail_put(struct catalog *c, struct inverter *gathered, struct err *err);

/* Gather what is in the tail, after what `into` has gathered already. */
int tail_gather(struct catalog *c, struct inverter *into, struct err *err);

/* Empty it. */
int tail_clear(struct catalog *c, struct err *err);

/* Take an article out: 1 done, 0 it was not in. Its words stay until tail_tidy, or tail_clear,
 * before the commit; gathering passes them over. Its row may be gone. */
int tail_remove(struct catalog *c, int64_t number, struct err *err);

/* Write the articles that are left anew. */
int tail_tidy(struct catalog *c, struct err *err);

/* Say that it is not what was written: ERR_CORRUPT. */
int tail_damaged(const struct catalog *c, const char *what, struct err *err);

/* ---- for tail_segment.c, which reads it word by word ---- */

#define TAIL_FORM_FOLLOWS 0x1F /* between stem and form in a term of `tail` */

/* The articles in order of number, as the inverter wants them. */
struct tail_docs {
	struct inverted_doc *v;
	uint32_t n;
	size_t cap;
	uint64_t tokens;
};

int tail_docs_read(struct catalog *c, struct tail_docs *docs, struct err *err);
void tail_docs_release(struct tail_docs *docs);

/* Gather the terms in [from, to) of all docs; `to` empty: all terms there are. */
int tail_gather_terms(struct catalog *c, const struct tail_docs *docs, struct bytes from, struct bytes to,
		      struct inverter *into, struct err *err);

#endif
