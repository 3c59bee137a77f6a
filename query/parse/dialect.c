#include "parse/dialect.h"

#include "base/civil.h"
#include "base/mem.h"
#include "text/forms.h"

#include <stdlib.h>

/* ---- leaves ---- */

/* `leaf` in the headline or in the lead. */
static struct query_node *in_either(struct parser *p, struct query_node *leaf)
{
	struct query_node *lead = arena_alloc(p->arena, sizeof *lead), *either;

	*lead = *leaf;
	leaf->regions |= REGION_TITLE;
	lead->regions |= REGION_LEAD;
	either = new_node(p, QUERY_OR, BYTES_NONE);
	either->place = leaf->place;
	add_child(either, leaf);
	add_child(either, lead);
	return either;
}

/* A leaf, or leaves side by side, where the scope wants them. */
static struct query_node *in_scope(struct parser *p, struct query_node *n)
{
	struct query_node *next, *child = n->children;

	if (!p->scope.hlead)
		return n;
	if (query_is_words(n->kind))
		return in_either(p, n);
	n->children = n->last = NULL;
	for (; child; child = next) {
		next = child->next;
		child->next = NULL;
		add_child(n, in_scope(p, child));
	}
	return n;
}

/* A word or a phrase; under a field its value, in caps() a word whose capitals count. */
static struct query_node *new_leaf(struct parser *p, enum query_kind kind, struct bytes text,
				   struct bytes place)
{
	bool field = p->scope.field, cased = p->scope.form && !field;
	struct query_node *n = new_node(p,
					field   ? QUERY_FIELD
					: cased ? QUERY_CASED
						: kind,
					field || cased ? place : text);

	n->field = p->scope.field;
	n->form = cased ? p->scope.form : 0;
	n->place = place;
	return in_scope(p, n);
}

/* Words side by side, as they are gathered. */
struct words {
	struct buf text; /* a space between two */
	size_t count;
	size_t from, to; /* in the question */
};

/* Append words, a space between two, in small letters: forms are compared without case here,
 * whatever the question's letters are. */
static void add_folded(struct buf *out, struct bytes words)
{
	struct buf repaired = BUF_INIT, folded = BUF_INIT;
	struct bytes rest, word;

	utf8_repair(&repaired, words);
	rest = buf_bytes(&repaired);
	while (bytes_run(&rest, &word)) {
		form_fold(word, FOLD_CASE, &folded);
		if (out->n)
			buf_add_byte(out, ' ');
		buf_add_bytes(out, buf_bytes(&folded));
	}
	buf_release(&repaired);
	buf_release(&folded);
}

static void add_word(struct parser *p, struct words *w, struct bytes word)
{
	if (!w->count++)
		w->from = (size_t)(word.p - p->text.p);
	w->to = (size_t)(word.p - p->text.p) + word.n;
	add_folded(&w->text, word);
}

/* ---- operators ---- */

/* One level of parentheses: operands and what stands between them. */
struct level {
	struct query_node **operands;
	struct infix *ops;
	size_t n, cap, nops, ops_cap;
	bool wants; /* an operand */
	bool negated;
	struct words words;
};

static struct query_node *negate(struct parser *p, struct query_node *n)
{
	struct query_node *all_but = new_node(p, QUERY_NOT, BYTES_NONE);

	add_child(all_but, n);
	all_but->place = n->place;
	return all_but;
}

static struct query_node *apply(struct parser *p, const struct infix *op, struct query_node *a,
				struct query_node *b)
{
	switch (op->kind) {
	case INFIX_OR: return join(p, QUERY_OR, a, b);
	case INFIX_AND: return join(p, QUERY_AND, a, b);
	case INFIX_NOT: return join(p, QUERY_AND, a, negate(p, b));
	default: break;
	}
	if (op->implicit && (!is_positional(a) || !is_positional(b)))
		return join(p, QUERY_AND, a, b); /* a filter beside words */
	return near_join(p, &op->near, a, b);
}

/* Apply what binds at least as tightly as `rank`. */
static void reduce(struct parser *p, struct level *l, uint32_t rank)
{
	while (p->rc == 0 && l->nops && l->ops[l->nops - 1].rank >= rank) {
		struct query_node *b = l->operands[--l->n], *a = l->operands[l->n - 1], *n;

		n = apply(p, &l->ops[--l->nops], a, b);
		l->operands[l->n - 1] = n ? n : a; /* NULL: p->rc */
	}
}

static void push_op(struct parser *p, struct level *l, const struct infix *op)
{
	reduce(p, l, op->rank);
	MEM_GROW(l->ops, l->ops_cap, l->nops + 1);
	l->ops[l->nops++] = *op;
	l->wants = true;
}

static void push(struct parser *p, struct level *l, struct query_node *n)
{
	struct infix beside = { .kind = INFIX_NEAR,
				.implicit = true,
				.rank = p->dialect->adjacent,
				.near = { .ordered = true, .n = 1, .place = place_of(n) } };

	if (!l->wants)
		push_op(p, l, &beside);
	MEM_GROW(l->operands, l->cap, l->n + 1);
	l->operands[l->n++] = l->negated ? negate(p, n) : n;
	l->wants = l->negated = false;
}

/* The words gathered so far are an operand. */
static void end_words(struct parser *p, struct level *l)
{
	struct words *w = &l->words;
	struct bytes text;

	if (!w->count)
		return;
	while (w->count > 1 && w->text.p[w->text.n - 1] == '*')
		w->text.n -= 2, w->count--;
	text = arena_bytes(p->arena, buf_bytes(&w->text));
	push(p, l,
	     new_leaf(p, w->count > 1 ? p->dialect->phrase : p->dialect->word, text,
		      bytes_of(p->text.p + w->from, w->to - w->from)));
	buf_reset(&w->text);
	w->count = 0;
}

static void ignore(struct parser *p, const struct infix *op, const char *where)
{
	note(p, "'%s' is ignored: there is nothing %s it", shown(p, op->place), where);
}

/* All leaves of `n` stand among the first words. */
static void narrow(struct query_node *n, uint32_t first)
{
	if (query_is_words(n->kind)) {
		n->first = n->first && n->first < first ? n->first : first;
		n->regions |= REGION_FIRST;
	}
	for (struct query_node *child = n->children; child; child = child->next)
		narrow(child, first);
}

/* What stands before /F50/: the words side by side. */
static void narrow_last(struct parser *p, struct level *l, uint32_t first)
{
	reduce(p, l, p->dialect->adjacent);
	narrow(l->operands[l->n - 1], first);
}

/* An operator where one can stand; NOT also before its operand. */
static void take_operator(struct parser *p, struct level *l, const struct infix *op)
{
	p->at = (size_t)(op->place.p - p->text.p) + op->place.n;
	if (op->near.mistake && !l->wants)
		refuse(p, op->place, "%s: %s", shown(p, op->place), op->near.mistake);
	else if (op->kind == INFIX_FIRST && !l->wants)
		narrow_last(p, l, op->near.n);
	else if (!l->wants)
		push_op(p, l, op);
	else if (op->kind == INFIX_NOT)
		l->negated = !l->negated;
	else
		ignore(p, op, "before");
}

/* A quotation or a group, if one begins here. */
static bool take_enclosed(struct parser *p, struct query_node **n)
{
	struct buf folded = BUF_INIT;
	size_t start = p->at;

	if (opens_here(p)) {
		*n = parse_group(p);
		return true;
	}
	if (!quote_at(p, p->at))
		return false;
	*n = parse_quoted(p, false);
	if (*n && !(*n)->place.n)
		(*n)->place = place_from(p, start);
	if (*n && (*n)->kind == QUERY_PHRASE) {
		add_folded(&folded, (*n)->text);
		(*n)->text = arena_bytes(p->arena, buf_bytes(&folded));
		buf_release(&folded);
	}
	if (*n && (*n)->kind != QUERY_FIELD)
		*n = in_scope(p, *n);
	return true;
}

/* A run that is no operator: a pattern by itself, or a word among others. */
static void take_word(struct parser *p, struct level *l)
{
	struct bytes word = dialect_word(p, p->at);
	struct query_node *n = NULL;

	p->at += word.n ? word.n : 1; /* what is no word here is passed over */
	if (bytes_is(word, "%") && l->words.count && !p->scope.field && !p->scope.form) {
		buf_add_str(&l->words.text, " *"); /* exactly one word, at Factiva */
		l->words.count++;
		return;
	}
	if (!has_word_characters(word))
		return;
	if (!p->scope.field && !p->scope.form)
		n = p->dialect->pattern(p, word);
	if (!n && !p->scope.form) {
		add_word(p, &l->words, word);
		return;
	}
	end_words(p, l);
	if (n)
		n->place = word;
	push(p, l, n ? in_scope(p, n) : new_leaf(p, p->dialect->word, word, word));
}

static struct query_node *finish(struct parser *p, struct level *l)
{
	struct query_node *n;

	end_words(p, l);
	if (l->n && l->wants && l->nops)
		ignore(p, &l->ops[--l->nops], "behind");
	reduce(p, l, 0);
	n = l->n && p->rc == 0 ? l->operands[0] : NULL;
	free(l->operands);
	free(l->ops);
	buf_release(&l->words.text);
	return n;
}

struct query_node *dialect_expression(struct parser *p, uint32_t least)
{
	struct level l = { .wants = true };

	while (p->rc == 0) {
		struct query_node *n = NULL;
		struct infix op;

		skip_spaces(p);
		if (p->at >= p->text.n)
			break;
		if (closes_here(p)) {
			if (least || group_ends(p))
				break;
			continue;
		}
		op = (struct infix){ .kind = INFIX_AND };
		if (p->dialect->operator_here(p, &op)) {
			if (op.rank < least)
				break;
			end_words(p, &l);
			take_operator(p, &l, &op);
		} else if (take_enclosed(p, &n) || p->dialect->special(p, &n)) {
			end_words(p, &l);
			if (n && p->rc == 0)
				push(p, &l, n);
		} else {
			take_word(p, &l);
		}
	}
	return finish(p, &l);
}

struct query_node *dialect_scoped(struct parser *p, struct scope outer, uint32_t least)
{
	struct query_node *n = NULL;

	if (p->depth < PARSE_DEPTH) {
		p->depth++;
		n = dialect_expression(p, least);
		p->depth--;
	}
	p->scope = outer;
	return n;
}

/* ---- comparisons ---- */

enum comparison dialect_compare(struct parser *p)
{
	static const struct {
		const char *name;
		enum comparison compare;
	} all[] = { { ">=", COMPARE_FROM },      { "<=", COMPARE_TO },       { ">", COMPARE_ABOVE },
		    { "<", COMPARE_BELOW },      { "=", COMPARE_IS },        { "is", COMPARE_IS },
		    { "aft", COMPARE_ABOVE },    { "after", COMPARE_ABOVE }, { "bef", COMPARE_BELOW },
		    { "before", COMPARE_BELOW }, { "geq", COMPARE_FROM },    { "leq", COMPARE_TO } };
	size_t start = p->at;
	struct bytes run;

	skip_spaces(p);
	run = run_at(p, p->at);
	for (size_t i = 0; i < sizeof all / sizeof *all; i++) {
		size_t n = strlen(all[i].name);
		bool letters = all[i].name[0] >= 'a';

		if (run.n < n || (letters && run.n > n) || !bytes_is_nocase(bytes_of(run.p, n), all[i].name))
			continue;
		p->at += n;
		return all[i].compare;
	}
	p->at = start;
	return COMPARE_NONE;
}

/* The number up to `stop` or the end; -1 if it is none of one to four digits. */
static int take_number(struct bytes *s, uint8_t stop, size_t *digits)
{
	int value = 0;

	*digits = 0;
	while (s->n && ascii_is_digit(*s->p) && *digits < 5) {
		value = value * 10 + (*s->p - '0');
		s->p++, s->n--, ++*digits;
	}
	if (!*digits || *digits > 4 || (stop ? !s->n || *s->p != stop : s->n > 0))
		return -1;
	s->p += stop > 0;
	s->n -= stop > 0;
	return value;
}

/* 1/31/2019, 1/2019: months first. Of two digits, 60 and more are of the 1900s. */
static bool slashed_period(struct bytes s, int64_t *from, int64_t *to)
{
	const uint8_t *first = s.n ? memchr(s.p, '/', s.n) : NULL;
	bool day = first && memchr(first + 1, '/', s.n - (size_t)(first + 1 - s.p));
	struct civil c = { .day = 1 };
	size_t digits;
	char iso[20];

	if (!first)
		return false;
	c.month = take_number(&s, '/', &digits);
	if (day && c.month > 0)
		c.day = take_number(&s, '/', &digits);
	if (c.month < 1 || c.day < 1)
		return false;
	c.year = take_number(&s, 0, &digits);
	if (digits == 2 && c.year >= 0)
		c.year += c.year < 60 ? 2000 : 1900;
	else if (digits != 4)
		return false;
	if (!civil_valid(&c))
		return false;
	civil_format(iso, civil_to_seconds(&c), day ? 'd' : 'm');
	return parse_period(bytes_str(iso), 0, from, to);
}

static bool compact_day(struct bytes s, int64_t *from, int64_t *to)
{
	char iso[11] = "0000-00-00";

	if (s.n != 8)
		return false;
	memcpy(iso, s.p, 4);
	memcpy(iso + 5, s.p + 4, 2);
	memcpy(iso + 8, s.p + 6, 2);
	return parse_period(bytes_str(iso), 0, from, to);
}

/* "1/31/2019", "1/2019", "20190131", "2019", "-7" (days before today) as [*from, *to). */
static bool dialect_period(const struct parser *p, struct bytes s, int64_t *from, int64_t *to)
{
	uint32_t days;

	if (s.n > 1 && s.p[0] == '-' && parse_natural(bytes_of(s.p + 1, s.n - 1), 99999, &days)) {
		*from = p->options.today - (int64_t)days * CIVIL_DAY;
		*to = *from + CIVIL_DAY;
		return true;
	}
	return parse_period(s, p->options.today, from, to) || compact_day(s, from, to) ||
	       slashed_period(s, from, to);
}

/* [from, to) is what `compare` says of the period or number [from, to). */
static void compared(enum comparison compare, struct query_node *n, int64_t least)
{
	switch (compare) {
	case COMPARE_ABOVE:
		n->from = n->to;
		n->to = INT64_MAX;
		break;
	case COMPARE_FROM: n->to = INT64_MAX; break;
	case COMPARE_BELOW:
		n->to = n->from;
		n->from = least;
		break;
	case COMPARE_TO: n->from = least; break;
	default: break;
	}
}

struct query_node *dialect_date(struct parser *p, enum comparison compare)
{
	struct query_node *n;
	struct bytes value;

	skip_spaces(p);
	value = run_at(p, p->at);
	p->at += value.n;
	n = new_node(p, QUERY_DATE, value);
	n->place = value;
	if (!dialect_period(p, value, &n->from, &n->to))
		return refuse(p, value, "%s is not a date; write 2019, 3/2019, 3/15/2019 or 20190315",
			      value.n ? shown(p, value) : "nothing");
	compared(compare, n, CIVIL_NONE + 1);
	return n;
}

struct query_node *dialect_length(struct parser *p, enum comparison compare)
{
	struct query_node *n;
	struct bytes value;
	uint32_t count;

	skip_spaces(p);
	value = run_at(p, p->at);
	p->at += value.n;
	n = new_node(p, QUERY_LENGTH, value);
	n->place = value;
	if (!parse_natural(value, 1000000000, &count))
		return refuse(p, value, "%s is not a number of words", value.n ? shown(p, value) : "nothing");
	n->from = count;
	n->to = (int64_t)count + 1;
	compared(compare, n, 0);
	return n;
}
