#include "parse/parse.h"

#include "parse/dialect.h"

#include <stdlib.h>

static struct query_node *parse_or(struct parser *p);

/* ---- parentheses ---- */

bool enter_group(struct parser *p)
{
	p->at++;
	if (p->depth < PARSE_DEPTH) {
		p->depth++;
		return true;
	}
	if (!p->too_deep)
		note(p, "parentheses are nested too deep: the innermost are ignored");
	p->too_deep = true;
	p->ignored++;
	return false;
}

void leave_group(struct parser *p)
{
	p->depth--;
	skip_spaces(p);
	if (closes_here(p))
		p->at++;
}

bool group_ends(struct parser *p)
{
	if (p->depth && !p->ignored)
		return true;
	p->at++;
	p->ignored -= p->ignored > 0;
	return false;
}

struct query_node *parse_group(struct parser *p)
{
	size_t start = p->at;
	struct query_node *n;

	if (!enter_group(p))
		return NULL;
	n = p->dialect ? dialect_expression(p, 0) : parse_or(p);
	leave_group(p);
	if (n && !n->place.n)
		n->place = place_from(p, start);
	return n;
}

/* ---- what binds tightest ---- */

/* ^2.5 behind `n`, if that is what stands here; of several the product. */
static void parse_boost(struct parser *p, struct query_node *n)
{
	struct bytes run = run_at(p, p->at), one;
	size_t end = 0;

	while (end < run.n && (one.n = boost_length(bytes_of(run.p + end, run.n - end))) > 0)
		end += one.n;
	if (!n || !run.n || end < run.n)
		return;
	for (one = run; p->rc == 0 && run.n; run.p += one.n, run.n -= one.n) {
		double value;

		one = bytes_of(run.p, boost_length(run));
		p->at += one.n;
		value = strtod((const char *)arena_bytes(p->arena, one).p + 1, NULL);
		if (value < BOOST_LEAST || value > BOOST_MOST)
			refuse(p, one, "%s: a weight is 0.01 to 100", shown(p, one));
		value *= n->boost;
		n->boost = value < BOOST_LEAST ? BOOST_LEAST : value > BOOST_MOST ? BOOST_MOST : value;
	}
}

struct query_node *parse_primary(struct parser *p)
{
	size_t start = p->at, end;
	struct prefix prefix;
	struct query_node *n;

	if (peek(p, 0) == '(')
		n = parse_group(p);
	else if (quote_at(p, p->at))
		n = parse_quoted(p, false);
	else if ((peek(p, 0) == '~' || peek(p, 0) == '=') && quote_at(p, p->at + 1))
		n = parse_quoted(p, p->text.p[p->at++] == '~');
	else if (regex_here(p, &end))
		n = parse_regex(p, end);
	else if (!p->scope.field && prefix_here(p, &prefix))
		n = parse_prefixed(p, &prefix);
	else
		n = parse_word(p);
	if (n && !n->place.n && !n->children)
		n->place = place_from(p, start);
	parse_boost(p, n);
	return n;
}

void skip_operator(struct parser *p, const struct near_op *op, const char *why)
{
	note(p, "'%s' is ignored: there is nothing %s it", shown(p, op->place), why);
	p->at = (size_t)(op->place.p - p->text.p) + op->place.n;
}

/* What follows an operator of nearness; NULL if nothing does, or with p->rc if it cannot be near. */
static struct query_node *parse_near_right(struct parser *p, const struct near_op *op)
{
	size_t start;

	skip_spaces(p);
	start = p->at;
	if (keyword(p, "NOT") || minus_here(p))
		return refuse(p, bytes_of(p->text.p + start, peek(p, 0) == '-' ? 1 : 3),
			      "NOT has no place behind '%s'; write 'a not w/5 b' for an a with no b near it",
			      shown(p, op->place));
	if (p->at >= p->text.n || peek(p, 0) == ')' || keyword(p, "OR") || keyword(p, "AND"))
		return NULL;
	return parse_primary(p);
}

struct query_node *parse_near(struct parser *p)
{
	struct query_node *left = parse_primary(p), *right;
	struct near_op op, next;

	while (left && p->rc == 0 && near_here(p, &op)) {
		if (op.mistake)
			return refuse(p, op.place, "%s: %s", shown(p, op.place), op.mistake);
		p->at = (size_t)(op.place.p - p->text.p) + op.place.n;
		right = near_here(p, &next) ? NULL : parse_near_right(p, &op);
		if (p->rc < 0)
			return NULL;
		if (!right)
			skip_operator(p, &op, "behind");
		else
			left = near_join(p, &op, left, right);
	}
	return left;
}

/* ---- AND, OR, NOT ---- */

/* NOT x, -x, or x. */
static struct query_node *parse_unary(struct parser *p)
{
	bool negated = false;
	struct query_node *n, *all_but;
	size_t start;

	skip_spaces(p);
	start = p->at;
	for (;;) {
		if (take_keyword(p, "NOT"))
			negated = !negated;
		else if (minus_here(p))
			p->at++, negated = !negated;
		else
			break;
	}
	if (p->at >= p->text.n || peek(p, 0) == ')')
		return NULL;
	n = parse_near(p);
	if (!n || !negated)
		return n;
	all_but = new_node(p, QUERY_NOT, BYTES_NONE);
	add_child(all_but, n);
	all_but->place = place_from(p, start);
	return all_but;
}

/* With --any these still narrow the answer instead of widening it. */
static bool is_filter(const struct query_node *n)
{
	return n->kind == QUERY_NOT || n->kind == QUERY_DATE || n->kind == QUERY_UNDATED ||
	       n->kind == QUERY_FIELD || n->kind == QUERY_LENGTH;
}

/* Words side by side, or with AND between them. */
static struct query_node *parse_and(struct parser *p)
{
	struct query_node *words = NULL, *chain = NULL, *filters = NULL; /* chain: joined by AND */
	bool joined = false;

	p->joined = false;
	while (p->rc == 0) {
		struct near_op op;
		struct query_node *n;

		skip_spaces(p);
		if (p->at >= p->text.n || keyword(p, "OR"))
			break;
		if (peek(p, 0) == ')') {
			if (group_ends(p))
				break;
			continue;
		}
		if (take_keyword(p, "AND")) {
			joined = true;
			continue;
		}
		if (near_here(p, &op)) {
			skip_operator(p, &op, "before");
			continue;
		}
		n = parse_unary(p);
		if (n && p->options.any && !p->scope.field && is_filter(n)) {
			filters = join(p, QUERY_AND, filters, n);
		} else if (n && p->options.any && !joined) {
			words = join(p, QUERY_OR, words, chain);
			chain = n;
		} else {
			chain = join(p, QUERY_AND, chain, n);
		}
		joined = false;
	}
	words = join(p, QUERY_OR, words, chain);
	if (filters)
		words = words ? join(p, QUERY_AND, filters, words) : filters;
	p->joined = words && words->kind == QUERY_AND && !words->place.n;
	return words;
}

static struct query_node *parse_or(struct parser *p)
{
	struct query_node *n = parse_and(p), *more;
	bool mixed = p->joined;

	while (p->rc == 0 && take_keyword(p, "OR")) {
		more = parse_and(p);
		mixed = mixed || p->joined;
		n = join(p, QUERY_OR, n, more);
	}
	if (p->rc == 0 && mixed && n->kind == QUERY_OR && !n->place.n)
		note(p, "AND binds tighter than OR: read as %s", shown_tree(p, n));
	return n;
}

/* Every run between spaces is a word. */
static struct query_node *parse_literal(struct parser *p)
{
	struct bytes rest = p->text, run;
	struct query_node *n = NULL;

	while (bytes_run(&rest, &run)) {
		struct query_node *word = new_node(p, QUERY_WORD, run);

		word->place = run;
		if (has_word_characters(run))
			n = join(p, p->options.any ? QUERY_OR : QUERY_AND, n, word);
	}
	return n;
}

int query_parse(struct query *q, struct bytes text, const struct parse_options *options, struct arena *arena,
		struct err *err)
{
	struct parser p = { .text = text.n ? text : bytes_str(""), .arena = arena, .q = q, .err = err };

	if (options)
		p.options = *options;
	*q = (struct query){ .root = NULL };
	p.dialect = p.options.dialect == DIALECT_LEXIS     ? &dialect_lexis
		    : p.options.dialect == DIALECT_FACTIVA ? &dialect_factiva
							   : NULL;
	q->root = p.options.literal ? parse_literal(&p)
		  : p.dialect       ? dialect_expression(&p, 0)
				    : parse_or(&p);
	return p.rc;
}

void query_release(struct query *q)
{
	buf_release(&q->notes);
	q->root = NULL;
}

bool query_is_word(struct bytes text)
{
	struct arena arena = ARENA_INIT;
	struct query q;
	struct err err;
	bool is = query_parse(&q, text, NULL, &arena, &err) == 0 && q.root && q.root->kind == QUERY_WORD &&
		  bytes_equal(q.root->text, text) && !q.root->regions && q.root->boost >= 1 &&
		  q.root->boost <= 1;

	query_release(&q);
	arena_release(&arena);
	return is;
}
