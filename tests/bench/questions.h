/* tests/bench/questions.h - questions drawn from an archive, some of every class.
 *
 * Shape   words of a question stand side by side in some article (a title: word in a
 *         headline), so that each finds something; they differ from one another and
 *         are two letters or more of a-z, which every tokenizer sees alike. A word is
 *         drawn as often as it occurs. The same archive gives the same questions.
 * Owner   texts live in the arena.
 */
#ifndef MORGUE_QUESTIONS_H
#define MORGUE_QUESTIONS_H

#include "ask.h"

#define QUESTIONS 60 /* of each class */

enum question_class {
	TERM,         /* a */
	INTERSECTION, /* a b, a b c, a b c d */
	UNION,        /* a OR b ... */
	STEMS,        /* ~"a b" ... */
	COMPARED,     /* the classes before this one are asked of FTS5 too */
	EXACT = COMPARED,
	TITLE,
	DATED,         /* a union's words, in a range of a tenth of the archive */
	GROUP,         /* a (b OR c) */
	WITHOUT,       /* (a OR b) -c */
	MIXED,         /* a OR "b c" */
	NEAR,          /* an intersection's words: a w/5 b */
	SENTENCE,      /* a w/s b */
	QUOTED,        /* quote:(a b) */
	PREFIX,        /* an intersection's words by their first three letters: abc* def* */
	WIDE,          /* by their first one: a* d* */
	INFIX,         /* by letters inside: *bcd* *efg* */
	REGEX,         /* likewise, as regular expressions */
	FUZZY,         /* a term's word~2 */
	BESIDE_PREFIX, /* an intersection's words, the last by its first three letters: a bcd* */
	BESIDE_WIDE,   /* by its first one: a b* */
	BESIDE_INFIX,  /* by letters inside: a *bcd* */
	DATED_ALL,     /* an intersection's words, in the ranges of DATED */
	SOURCED,       /* an intersection's words, in the source of a random article */
	CLASSES
};

struct question {
	const char *ours, *fts5; /* NULL: not asked of it */
};

struct questions {
	struct question of[CLASSES][QUESTIONS];
	double dated; /* share of the archive that DATED's ranges hold, on average; 0: there are no dates */
	bool sourced; /* articles name their sources */
};

/* -1 if the archive holds too little text to draw from. */
int questions_draw(struct questions *q, struct asker *asker, struct arena *arena);

#endif
