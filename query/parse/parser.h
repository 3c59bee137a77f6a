/* query/parse/parser.h - what the files of the parser share: its state, and who reads what.
 *
 *	lex.c          characters: words, quotation marks, operators
 *	parse.c        the grammar: OR, AND, NOT, near, parentheses
 *	parse_leaf.c   a word with its stars, a quotation, what stands before a parenthesis
 *	parse_field.c  what stands before a colon, and its value
 *	parse_date.c   dates
 *	positional.c   which trees can be near something or be counted
 *	dialect.h      what others read otherwise
 *	node.c         nodes, notes, errors
 */
#ifndef MORGUE_PARSER_H
#define MORGUE_PARSER_H

#include "parse/parse.h"

/* What title:( ), caps( ) and source:( ) say of every leaf inside. */
struct scope {
	unsigned regions;
	uint32_t first;
	bool hlead;             /* in the headline or in the lead; of dialects */
	enum query_form form;   /* 0: any */
	enum query_field field; /* 0: words of the article */
};

struct parser {
	struct bytes text;
	size_t at;
	const struct dialect *dialect; /* NULL: Morgue's own */
	struct parse_options options;
	struct scope scope;
	unsigned depth;
	bool too_deep;  /* said so */
	bool joined;    /* parse_and read words side by side, or AND */
	size_t ignored; /* parentheses opened beyond PARSE_DEPTH and not closed yet */
	size_t copies;
	unsigned notes;
	struct arena *arena;
	struct query *q;
	struct err *err;
	int rc;
};

/* ---- lex.c ---- */

bool is_space(uint8_t c);
uint8_t peek(const struct parser *p, size_t ahead); /* 0 past the end */
void skip_spaces(struct parser *p);

/* The bytes of a double quotation mark of any style at `at`; 0 if there is none. */
size_t quote_at(const struct parser *p, size_t at);

/* The run without space, parenthesis or quotation mark at `at`. */
struct bytes run_at(const struct parser *p, size_t at);

/* Does an operator word stand here, alone? take_keyword passes it, and spaces before it. */
bool keyword(const struct parser *p, const char *word);
bool take_keyword(struct parser *p, const char *word);

/* A minus that excludes what follows it. */
bool minus_here(const struct parser *p);

bool has_word_characters(struct bytes s);

/* The bytes of ^2.5 at the front of `s`; 0 if it is none. */
size_t boost_length(struct bytes s);

bool is_digits(struct bytes s); /* and not empty */

/* `digits` as a number of at most `most`; false if it is anything else, or 0. */
bool parse_natural(struct bytes digits, uint32_t most, uint32_t *n);

/* w/5, near/5, pre/2, adj/2, w/s, w/p, each with "not" before it or without. */
struct near_op {
	bool negated, ordered;
	enum query_unit unit;
	uint32_t n;
	struct bytes place;
	const char *mistake; /* NULL; or what is wrong with it */
};

/* Is `word` one, without its "not"? */
bool near_word(struct bytes word, struct near_op *op);

/* Is there one, after spaces? Passes nothing. */
bool near_here(const struct parser *p, struct near_op *op);

/* ---- parse.c ---- */

struct query_node *parse_primary(struct parser *p);

/* A group from "(" on. */
struct query_node *parse_group(struct parser *p);

/* Is there an opening or a closing parenthesis here? */
bool opens_here(const struct parser *p);
bool closes_here(const struct parser *p);

/* Pass "(", or with a note ignore it: false; leave_group passes ")" if it is there. */
bool enter_group(struct parser *p);
void leave_group(struct parser *p);

/* At ")", is it the end of what is being read? If it closes nothing it is passed. */
bool group_ends(struct parser *p);

struct query_node *parse_near(struct parser *p);

/* Pass an operator that has nothing "before" or "behind" it, with a note. */
void skip_operator(struct parser *p, const struct near_op *op, const char *where);

/* ---- parse_leaf.c ---- */

bool regex_here(const struct parser *p, size_t *end);
struct query_node *parse_regex(struct parser *p, size_t end);
struct query_node *parse_quoted(struct parser *p, bool stemmed);
struct query_node *parse_word(struct parser *p);

/* A word that holds * or ?, or ends in !; NULL if these are punctuation. */
struct query_node *parse_wildcards(struct parser *p, struct bytes run);

/* ---- parse_field.c ---- */

struct prefix {
	const char *name;
	enum prefix_kind {
		PREFIX_NONE,
		PREFIX_REGION,
		PREFIX_FIELD,
		PREFIX_DATE,
		PREFIX_AFTER,
		PREFIX_BEFORE,
		PREFIX_WORDS
	} kind;
	unsigned value;    /* query_region or query_field */
	struct bytes word; /* with the colon, as it stands */
};

/* Is there a known name with its colon? Passes nothing. */
bool starts_with_prefix(struct bytes run, struct prefix *prefix);
bool prefix_here(struct parser *p, struct prefix *prefix);
struct query_node *parse_prefixed(struct parser *p, struct prefix *prefix);

/* A word with a colon is a word; say so if a field may have been meant. */
void note_near_field(struct parser *p, struct bytes word);

/* ---- parse_date.c ---- */

struct query_node *parse_date(struct parser *p, const struct prefix *prefix, struct bytes value);

/* A year, a month, a day, today or yesterday as [*from, *to). */
bool parse_period(struct bytes s, int64_t today, int64_t *from, int64_t *to);

/* ---- positional.c ---- */

/* Does it have places in an article, so that something can be near them? */
bool is_positional(const struct query_node *n);

/* `left` near `right`, multiplied out where they hold AND; NULL and p->rc if they cannot be near. */
struct query_node *near_join(struct parser *p, const struct near_op *op, struct query_node *left,
			     struct query_node *right);

/* At least n times `child`; likewise. */
struct query_node *at_least(struct parser *p, uint32_t n, struct query_node *child, struct bytes place);

/* ---- node.c ---- */

struct query_node *new_node(struct parser *p, enum query_kind kind, struct bytes text);
void add_child(struct query_node *parent, struct query_node *child);

/* The same, but of a child that is AND or OR like its parent the children. */
void adopt(struct query_node *parent, struct query_node *child);

/* `list` with `child` added: nothing, the child itself, or a node of `kind` that holds both. */
struct query_node *join(struct parser *p, enum query_kind kind, struct query_node *list,
			struct query_node *child);

/* From `start` to where the parser is. */
struct bytes place_from(const struct parser *p, size_t start);
struct bytes place_of(const struct query_node *n);
bool is_inside(const struct parser *p, struct bytes piece); /* of the question */

void note(struct parser *p, const char *format, ...) __attribute__((format(printf, 2, 3)));

/* Refuse the question for what stands at `place`. Returns NULL. */
struct query_node *refuse(struct parser *p, struct bytes place, const char *format, ...)
	__attribute__((format(printf, 3, 4)));

/* A piece of the question as a message shows it: safe, short, a C string in the arena. */
const char *shown(struct parser *p, struct bytes piece);

/* The same for a tree. */
const char *shown_tree(struct parser *p, const struct query_node *n);

#endif
