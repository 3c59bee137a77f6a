#include "parse.h"

#include "archive/args.h"
#include "base/civil.h"
#include "base/nearest.h"
#include "text/chars.h"

#include <stdio.h>

struct parser {
	struct bytes text;
	size_t at;
	bool any;
	bool title; /* inside title:( ) */
	unsigned depth;
	bool too_deep;  /* said so */
	size_t ignored; /* parentheses opened beyond PARSE_DEPTH and not closed yet */
	struct arena *arena;
	struct query *q;
	struct err *err;
	int rc;
};

static struct query_node *parse_or(struct parser *p);

static struct query_node *new_node(struct parser *p, enum query_kind kind, struct bytes text)
{
	struct query_node *n = arena_zalloc(p->arena, sizeof *n);

	n->kind = kind;
	n->text = text;
	n->title = p->title;
	return n;
}

static void add_child(struct query_node *parent, struct query_node *child)
{
	if (parent->last)
		parent->last->next = child;
	else
		parent->children = child;
	parent->last = child;
}

/* `list` with `child` added: nothing, the child itself, or a node of `kind` that holds both. */
static struct query_node *join(struct parser *p, enum query_kind kind, struct query_node *list,
			       struct query_node *child)
{
	struct query_node *n;

	if (!child || !list)
		return child ? child : list;
	if (list->kind == kind && list->last) {
		add_child(list, child);
		return list;
	}
	n = new_node(p, kind, BYTES_NONE);
	add_child(n, list);
	add_child(n, child);
	return n;
}

/* ---- characters ---- */

static bool is_space(uint8_t c)
{
	return c == ' ' || (c >= '\t' && c <= '\r');
}

static uint8_t peek(const struct parser *p, size_t ahead)
{
	return p->at + ahead < p->text.n ? p->text.p[p->at + ahead] : 0;
}

static void skip_spaces(struct parser *p)
{
	while (p->at < p->text.n && is_space(p->text.p[p->at]))
		p->at++;
}

/* The bytes of a quotation mark at `at`, straight or curly double; 0 if there is none. */
static size_t quote_at(const struct parser *p, size_t at)
{
	const uint8_t *s = p->text.p + at;
	size_t left = p->text.n - at;

	if (left >= 1 && s[0] == '"')
		return 1;
	if (left >= 3 && s[0] == 0xE2 && s[1] == 0x80 && (s[2] == 0x9C || s[2] == 0x9D || s[2] == 0x9E))
		return 3;
	return 0;
}

/* The end of the run without space, parenthesis or quotation mark at p->at. */
static size_t word_end(const struct parser *p)
{
	size_t at = p->at;

	while (at < p->text.n && !is_space(p->text.p[at]) && p->text.p[at] != '(' && p->text.p[at] != ')' &&
	       !quote_at(p, at))
		at++;
	return at;
}

/* Does an operator word in capitals stand here, alone? */
static bool keyword(struct parser *p, const char *word)
{
	size_t end = word_end(p);

	return bytes_is(bytes_of(p->text.p + p->at, end - p->at), word);
}

static bool take_keyword(struct parser *p, const char *word)
{
	skip_spaces(p);
	if (!keyword(p, word))
		return false;
	p->at += strlen(word);
	return true;
}

static bool has_word_characters(struct bytes s)
{
	for (size_t at = 0, size; at < s.n; at += size) {
		enum char_class c = char_class_at(s, at, &size);

		if (c == CHAR_LETTER || c == CHAR_DIGIT || c == CHAR_CJK)
			return true; /* a sign alone is no word: "3.5 %" asks for 3.5 */
	}
	return false;
}

/* ---- dates ---- */

/* The digits at *s as a number of exactly `n` digits, or -1. */
static int take_digits(struct bytes *s, size_t n)
{
	int value = 0;

	if (s->n < n)
		return -1;
	for (size_t i = 0; i < n; i++) {
		if (!ascii_is_digit(s->p[i]))
			return -1;
		value = value * 10 + (s->p[i] - '0');
	}
	s->p += n;
	s->n -= n;
	return value;
}

static bool take_dash(struct bytes *s)
{
	if (!s->n || *s->p != '-')
		return false;
	s->p++;
	s->n--;
	return true;
}

/* YYYY, YYYY-MM or YYYY-MM-DD as [*from, *to). */
static bool parse_period(struct bytes s, int64_t *from, int64_t *to)
{
	struct civil first = { .month = 1, .day = 1 }, last = { .month = 12, .day = 31 };

	first.year = last.year = take_digits(&s, 4);
	if (first.year > 0 && take_dash(&s)) {
		first.month = last.month = take_digits(&s, 2);
		if (!civil_valid(&first))
			return false;
		last.day = civil_days_in_month(last.year, last.month);
		if (take_dash(&s))
			first.day = last.day = take_digits(&s, 2);
	}
	if (s.n || !civil_valid(&first))
		return false;
	*from = civil_to_seconds(&first);
	*to = civil_to_seconds(&last) + CIVIL_DAY;
	return true;
}

static struct query_node *date_error(struct parser *p, struct bytes text)
{
	p->rc = err_set(p->err, ERR_USAGE,
			"date:%.*s: not a date; write 1987, 1987-03, 1987-03-15, 1987-03..1987-05, ..1999, "
			"2001.. or none ('%s help dates')",
			(int)(text.n > 40 ? 40 : text.n), (const char *)text.p, args_name(PROGRAM_QUERY));
	return NULL;
}

static struct query_node *parse_date(struct parser *p, struct bytes text)
{
	struct query_node *n = new_node(p, QUERY_DATE, text);
	const uint8_t *dots = text.n ? memmem(text.p, text.n, "..", 2) : NULL;
	struct bytes first = text, second = text;
	int64_t ignored;

	if (bytes_is_nocase(text, "none")) {
		n->kind = QUERY_UNDATED;
		return n;
	}
	if (dots) {
		first.n = (size_t)(dots - text.p);
		second = bytes_of(dots + 2, text.n - first.n - 2);
	}
	n->from = CIVIL_NONE + 1;
	n->to = INT64_MAX;
	if (!first.n && !second.n)
		return date_error(p, text);
	if (first.n && !parse_period(first, &n->from, &ignored))
		return date_error(p, text);
	if (second.n && !parse_period(second, &ignored, &n->to))
		return date_error(p, text);
	if (n->from >= n->to)
		return date_error(p, text);
	return n;
}

/* ---- the grammar ---- */

/* "..." from the opening mark on; an unclosed quotation runs to the end. */
static struct query_node *parse_quoted(struct parser *p, bool stemmed)
{
	size_t start, size = quote_at(p, p->at);
	struct bytes text;

	p->at += size;
	start = p->at;
	while (p->at < p->text.n && !quote_at(p, p->at))
		p->at++;
	text = bytes_of(p->text.p + start, p->at - start);
	if (p->at < p->text.n)
		p->at += quote_at(p, p->at);
	else
		buf_add_str(&p->q->notes, "a quotation is not closed: it is read to the end\n");
	if (!has_word_characters(text))
		return NULL;
	return new_node(p, stemmed ? QUERY_STEMMED_PHRASE : QUERY_PHRASE, text);
}

static struct query_node *parse_group(struct parser *p)
{
	struct query_node *n;

	p->at++;
	if (p->depth == PARSE_DEPTH) {
		if (!p->too_deep)
			buf_add_str(&p->q->notes,
				    "parentheses are nested too deep: the innermost are ignored\n");
		p->too_deep = true;
		p->ignored++;
		return NULL;
	}
	p->depth++;
	n = parse_or(p);
	p->depth--;
	skip_spaces(p);
	if (peek(p, 0) == ')')
		p->at++;
	return n;
}

/* What stands after "title:": a group, a quotation or a word. */
static struct query_node *parse_titled(struct parser *p);

/* titel:dam is two words; say so if a field may have been meant. */
static void note_near_field(struct parser *p, struct bytes word)
{
	static const char *const fields[] = { "title", "date", NULL };
	char name[NEAREST_MAX], hint[NEAREST_HINT];
	size_t n = 0;

	while (n < word.n && n < sizeof name - 1 && (word.p[n] | 32) >= 'a' && (word.p[n] | 32) <= 'z')
		n++;
	if (n + 1 >= word.n || word.p[n] != ':')
		return;
	snprintf(name, sizeof name, "%.*s", (int)n, (const char *)word.p);
	if (*nearest_of(name, fields, "", hint))
		buf_addf(&p->q->notes, "'%s:' is read as a word%.*s:?\n", name, (int)strlen(hint) - 1, hint);
}

/* A word: with =, with *, with a field, or plain. */
static struct query_node *parse_word(struct parser *p)
{
	size_t end = word_end(p);
	struct bytes word = bytes_of(p->text.p + p->at, end - p->at);

	if (bytes_start(word, bytes_str("title:")) && (word.n > 6 || end < p->text.n)) {
		p->at += 6;
		return parse_titled(p);
	}
	p->at = end;
	if (bytes_start(word, bytes_str("date:")) && word.n > 5)
		return parse_date(p, bytes_of(word.p + 5, word.n - 5));
	if (bytes_is(word, "*"))
		return new_node(p, QUERY_ALL, word);
	if (!has_word_characters(word))
		return NULL;
	note_near_field(p, word);
	if (word.p[0] == '=')
		return new_node(p, QUERY_EXACT, bytes_of(word.p + 1, word.n - 1));
	if (word.p[word.n - 1] == '*')
		return new_node(p, QUERY_PREFIX, bytes_of(word.p, word.n - 1));
	return new_node(p, QUERY_WORD, word);
}

static struct query_node *parse_primary(struct parser *p)
{
	if (peek(p, 0) == '(')
		return parse_group(p);
	if (quote_at(p, p->at))
		return parse_quoted(p, false);
	if (peek(p, 0) == '~' && p->at + 1 < p->text.n && quote_at(p, p->at + 1)) {
		p->at++;
		return parse_quoted(p, true);
	}
	if (peek(p, 0) == '=' && p->at + 1 < p->text.n && quote_at(p, p->at + 1)) {
		p->at++;
		return parse_quoted(p, false);
	}
	return parse_word(p);
}

static struct query_node *parse_titled(struct parser *p)
{
	bool outer = p->title;
	struct query_node *n = NULL;

	while (bytes_start(bytes_of(p->text.p + p->at, p->text.n - p->at), bytes_str("title:")))
		p->at += 6; /* once more says nothing new */
	p->title = true;
	if (p->at < p->text.n && !is_space(peek(p, 0)) && peek(p, 0) != ')')
		n = parse_primary(p);
	p->title = outer;
	return n;
}

/* NOT x, -x, or x. */
static struct query_node *parse_unary(struct parser *p)
{
	bool negated = false;
	struct query_node *n, *not ;

	for (;;) {
		if (take_keyword(p, "NOT"))
			negated = !negated;
		else if (peek(p, 0) == '-' && peek(p, 1) && !is_space(peek(p, 1)) && peek(p, 1) != '-' &&
			 peek(p, 1) != ')')
			p->at++, negated = !negated;
		else
			break;
	}
	if (p->at >= p->text.n || peek(p, 0) == ')')
		return NULL;
	n = parse_primary(p);
	if (!n || !negated)
		return n;
	not = new_node(p, QUERY_NOT, BYTES_NONE);
	add_child(not, n);
	return not ;
}

/* With --any these still narrow the answer instead of widening it. */
static bool is_filter(const struct query_node *n)
{
	return n->kind == QUERY_NOT || n->kind == QUERY_DATE || n->kind == QUERY_UNDATED;
}

/* Words side by side, or with AND between them. */
static struct query_node *parse_and(struct parser *p)
{
	struct query_node *words = NULL, *chain = NULL, *filters = NULL; /* chain: joined by AND */
	bool joined = false;

	while (p->rc == 0) {
		struct query_node *n;

		skip_spaces(p);
		if (p->at >= p->text.n || (peek(p, 0) == ')' && p->depth && !p->ignored) || keyword(p, "OR"))
			break;
		if (peek(p, 0) == ')') { /* closes nothing, or what was ignored */
			p->at++;
			p->ignored -= p->ignored > 0;
			continue;
		}
		if (take_keyword(p, "AND")) {
			joined = true;
			continue;
		}
		n = parse_unary(p);
		if (n && p->any && is_filter(n)) {
			filters = join(p, QUERY_AND, filters, n);
		} else if (n && p->any && !joined) {
			words = join(p, QUERY_OR, words, chain);
			chain = n;
		} else {
			chain = join(p, QUERY_AND, chain, n);
		}
		joined = false;
	}
	words = join(p, QUERY_OR, words, chain);
	if (!filters)
		return words;
	return words ? join(p, QUERY_AND, filters, words) : filters;
}

static struct query_node *parse_or(struct parser *p)
{
	struct query_node *n = parse_and(p);

	while (p->rc == 0 && take_keyword(p, "OR"))
		n = join(p, QUERY_OR, n, parse_and(p));
	return n;
}

int query_parse(struct query *q, struct bytes text, bool any, struct arena *arena, struct err *err)
{
	struct parser p = {
		.text = text.n ? text : bytes_str(""), .any = any, .arena = arena, .q = q, .err = err
	};

	*q = (struct query){ .root = NULL };
	q->root = parse_or(&p);
	return p.rc;
}

void query_release(struct query *q)
{
	buf_release(&q->notes);
	q->root = NULL;
}
