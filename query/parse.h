/* query/parse.h - the words of a question become a tree. Grammar: docs/QUERY.md.
 *
 * Ordinary text is never an error: what does not fit the grammar is read as words,
 * and a note says so. Only an operator that cannot mean anything is ERR_USAGE.
 * Cost: linear; nesting is bounded by PARSE_DEPTH, deeper parentheses are ignored.
 */
#ifndef MORGUE_PARSE_H
#define MORGUE_PARSE_H

#include "base/arena.h"
#include "base/buf.h"
#include "base/err.h"

#define PARSE_DEPTH 64

enum query_kind {
	QUERY_AND,            /* children: all of them */
	QUERY_OR,             /* children: any of them */
	QUERY_NOT,            /* one child: everything else */
	QUERY_WORD,           /* text: a word, or what hangs together: COVID-19 */
	QUERY_EXACT,          /* text: =word */
	QUERY_PREFIX,         /* text before the star */
	QUERY_PHRASE,         /* text between quotes, forms compared */
	QUERY_STEMMED_PHRASE, /* ~"...", stems compared */
	QUERY_DATE,           /* from <= date < to */
	QUERY_UNDATED,        /* date:none */
	QUERY_ALL,            /* * */
};

struct query_node {
	enum query_kind kind;
	bool title; /* a leaf under title: */
	struct bytes text;
	int64_t from, to;                   /* QUERY_DATE */
	struct query_node *children, *last; /* first and last child */
	struct query_node *next;            /* sibling */
};

struct query {
	struct query_node *root; /* NULL: nothing to search for */
	struct buf notes;        /* lines: what was read otherwise than it may look */
};

/* Parse `text`; nodes live in `arena`, texts borrow from `text`. With `any`, words side
 * by side are alternatives. 0 or ERR_USAGE. Release with query_release. */
int query_parse(struct query *q, struct bytes text, bool any, struct arena *arena, struct err *err);
void query_release(struct query *q);

#endif
