/* tests/bench/ask.h - questions to an archive in this process, as `query` asks them.
 *
 * Cost    ask: what a question costs once the archive is open: parse, plan (the
 *         dictionary's look-ups) and rank. No article is read.
 */
#ifndef MORGUE_ASK_H
#define MORGUE_ASK_H

#include "rank/rank.h"

struct asker {
	struct archive archive; /* open for reading */
	struct analyzer *analyzer;
};

int asker_open(struct asker *a, const char *path, struct err *err);
void asker_close(struct asker *a); /* twice is fine */

struct answer {
	uint64_t hits;  /* returned */
	uint64_t total; /* articles that match; unset with .no_total */
};

/* Any of the words side by side with `any`, as `query --any`. */
int ask(struct asker *a, struct bytes question, bool any, const struct rank_options *options,
	struct answer *answer, struct err *err);

#endif
