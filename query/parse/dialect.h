/* query/parse/dialect.h - questions as Lexis and Factiva read them, by their published rules.
 *
 *	dialect.c          operators of any rank, phrases, dates, comparisons: what both share
 *	dialect_lexis.c    OR tightest, segments in parentheses, ! and *
 *	dialect_factiva.c  adjacency tightest, fields before =, $ and ?
 *
 * Words side by side are a phrase. The tree is the same as of any question, so it can be
 * printed in Morgue's own language (query --explain).
 */
#ifndef MORGUE_DIALECT_H
#define MORGUE_DIALECT_H

#include "parse/parser.h"

enum infix_kind {
	INFIX_AND,
	INFIX_OR,
	INFIX_NOT,
	INFIX_NEAR,
	INFIX_FIRST, /* behind an operand: among the first near.n words */
};

/* Between two operands; of equal ranks the left one binds first. */
struct infix {
	enum infix_kind kind;
	bool implicit; /* nothing stands between them */
	uint32_t rank; /* higher binds tighter */
	struct near_op near;
	struct bytes place;
};

struct dialect {
	enum query_kind word, phrase; /* what words by themselves are, and side by side */
	bool brackets;                /* [ ] are parentheses, too */
	uint32_t adjacent;            /* rank of what is not written */

	/* Is there an operator here? Passes nothing. */
	bool (*operator_here)(struct parser *p, struct infix *op);

	/* Anything but words: a quotation, a segment, a date. False: there is none here. */
	bool (*special)(struct parser *p, struct query_node **n);

	/* What `word` with wildcards stands for; NULL if it has none. */
	struct query_node *(*pattern)(struct parser *p, struct bytes word);
};

extern const struct dialect dialect_lexis, dialect_factiva;

/* The rest of a group, or with `least` only as far as operators of that rank bind. */
struct query_node *dialect_expression(struct parser *p, uint32_t least);

/* The run at `at`, cut before what the dialect has inside of words. */
struct bytes dialect_word(const struct parser *p, size_t at);

/* An expression of that rank under a changed scope; `outer` comes back behind it. NULL if
 * the question is nested too deep. */
struct query_node *dialect_scoped(struct parser *p, struct scope outer, uint32_t least);

/* Behind "date" or "length": after, >, is and the like, then a value. The comparison is passed. */
enum comparison { COMPARE_NONE, COMPARE_IS, COMPARE_ABOVE, COMPARE_BELOW, COMPARE_FROM, COMPARE_TO };
enum comparison dialect_compare(struct parser *p);

/* The value that stands here, compared as a date or as a number of words. */
struct query_node *dialect_date(struct parser *p, enum comparison compare);
struct query_node *dialect_length(struct parser *p, enum comparison compare);

#endif
