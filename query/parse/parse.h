/* query/parse/parse.h - the words of a question become a tree. Grammar: docs/QUERY.md.
 *
 * Ordinary text is never an error: what does not fit the grammar is read as words,
 * and a note says so. Only an operator that cannot mean anything is ERR_USAGE.
 * Shape   no tree is higher than PARSE_HEIGHT, so that walking one may recurse.
 * Cost    linear, but where words near each other are groups of words: those are
 *         multiplied out, to PARSE_COPIES nodes at most.
 */
#ifndef MORGUE_PARSE_H
#define MORGUE_PARSE_H

#include "base/arena.h"
#include "base/buf.h"
#include "base/err.h"

#define PARSE_DEPTH  64    /* parentheses within each other; deeper ones are ignored */
#define PARSE_HEIGHT 512   /* nodes above each other */
#define PARSE_COPIES 10000 /* nodes of one question that `a w/5 (b c)` and the like may add */
#define NEAR_MOST    9999  /* words apart, occurrences, words from the beginning */
#define BOOST_LEAST  0.01  /* of what ^ says, and of several together */
#define BOOST_MOST   100.0

enum query_kind {
	QUERY_AND,            /* children: all of them */
	QUERY_OR,             /* children: any of them */
	QUERY_NOT,            /* one child: everything else */
	QUERY_NEAR,           /* children a, b: near each other by .unit, .n, .ordered */
	QUERY_NOT_NEAR,       /* children a, b: an occurrence of a with no b so near */
	QUERY_AT_LEAST,       /* one child: .n occurrences or more */
	QUERY_SOME_OF,        /* children: .n of them or more */
	QUERY_WORD,           /* text: a word, or what hangs together: COVID-19 */
	QUERY_EXACT,          /* text: =word */
	QUERY_CASED,          /* text: a word; .form says in which capitals */
	QUERY_PREFIX,         /* text before the star */
	QUERY_PATTERN,        /* text: * for any characters, ? for one */
	QUERY_REGEX,          /* text between the slashes */
	QUERY_FUZZY,          /* text: a word; .n edits, 1 or 2 */
	QUERY_PHRASE,         /* text between quotes, forms compared; a lone * is any one word */
	QUERY_STEMMED_PHRASE, /* ~"...", stems compared; likewise */
	QUERY_FIELD,          /* text: the value of .field, which may hold * */
	QUERY_LENGTH,         /* from <= words < to */
	QUERY_DATE,           /* from <= date < to */
	QUERY_UNDATED,        /* date:none */
	QUERY_ALL,            /* * */
};

enum query_unit { UNIT_WORDS, UNIT_SENTENCE, UNIT_PARAGRAPH };

enum query_form {
	CASE_CAPS = 1, /* a capital or more */
	CASE_ALLCAPS,  /* capitals only */
	CASE_NOCAPS,   /* none */
};

enum query_field {
	QUERY_FIELD_SOURCE = 1,
	QUERY_FIELD_BY,
	QUERY_FIELD_SECTION,
	QUERY_FIELD_LANG,
	QUERY_FIELD_URL,
	QUERY_FIELD_ID,
	QUERY_FIELD_TAG,
};

/* Where a leaf has to stand: in all of these; 0: anywhere. */
enum query_region {
	REGION_TITLE = 1, /* in the headline */
	REGION_LEAD = 2,  /* in the first two paragraphs of the body */
	REGION_FIRST = 4, /* among the first words of headline and body: .first of them */
	REGION_QUOTE = 8, /* inside quotation marks */
};

struct query_node {
	enum query_kind kind;
	enum query_unit unit;
	enum query_form form;
	enum query_field field;
	unsigned regions;   /* of a leaf that is words */
	uint32_t first;     /* REGION_FIRST */
	uint32_t n;         /* most words apart (adjacent is 1), least occurrences or children, edits */
	bool ordered;       /* a before b */
	double boost;       /* 1, or what ^ says; for all leaves below */
	struct bytes text;  /* borrowed from the question, or in the arena */
	struct bytes place; /* the piece of the question that says so; empty for what nothing says */
	int64_t from, to;   /* QUERY_DATE, QUERY_LENGTH; INT64_MAX: no end */
	unsigned height;    /* of the tree below; 0: a leaf */
	struct query_node *children, *last; /* first and last child */
	struct query_node *next;            /* sibling */
};

/* A leaf of words: it has places in an article, and regions. */
static inline bool query_is_words(enum query_kind kind)
{
	return kind >= QUERY_WORD && kind <= QUERY_STEMMED_PHRASE;
}

struct query {
	struct query_node *root; /* NULL: nothing to search for */
	struct buf notes;        /* lines: what was read otherwise than it may look */
	struct bytes fault;      /* of ERR_USAGE: the piece of the question that is wrong */
};

enum query_dialect { DIALECT_MORGUE, DIALECT_LEXIS, DIALECT_FACTIVA };

struct parse_options {
	bool any;     /* words side by side are alternatives */
	bool literal; /* no operators: every run between spaces is a word */
	enum query_dialect dialect;
	int64_t today; /* a day, as civil.h has it: what last-30d counts from */
};

/* Parse `text`; nodes live in `arena`, texts borrow from `text`. `options` NULL: all zero.
 * 0 or ERR_USAGE. Release with query_release. */
int query_parse(struct query *q, struct bytes text, const struct parse_options *options, struct arena *arena,
		struct err *err);
void query_release(struct query *q);

/* "2019-03-12" as its first second. False if it is no day so written. */
bool query_day(struct bytes text, int64_t *day);

/* Is `text` a question that is this one word? */
bool query_is_word(struct bytes text);

#endif
