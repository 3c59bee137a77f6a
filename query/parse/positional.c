#include "parse/parser.h"

bool is_positional(const struct query_node *n)
{
	if (n->kind == QUERY_NEAR)
		return true;
	if (n->kind != QUERY_OR)
		return query_is_words(n->kind);
	for (const struct query_node *child = n->children; child; child = child->next)
		if (!is_positional(child))
			return false;
	return true;
}

/* The same node without its children. */
static struct query_node *emptied(struct parser *p, const struct query_node *n)
{
	struct query_node *c = arena_alloc(p->arena, sizeof *c);

	*c = *n;
	c->children = c->last = c->next = NULL;
	c->height = 0;
	return c;
}

static struct query_node *copy(struct parser *p, const struct query_node *n)
{
	struct query_node *c = emptied(p, n);

	if (p->copies++ >= PARSE_COPIES)
		return c; /* multiply refuses it all */
	for (const struct query_node *child = n->children; child; child = child->next)
		add_child(c, copy(p, child));
	return c;
}

static bool is_branch(const struct query_node *n)
{
	return n->kind == QUERY_AND || n->kind == QUERY_OR;
}

static const char *why_not(const struct query_node *n)
{
	switch (n->kind) {
	case QUERY_NOT: return "what must not be there has no place; write 'a not w/5 b', or AND NOT";
	case QUERY_NOT_NEAR: return "what is not near something can itself be near nothing";
	case QUERY_AT_LEAST:
	case QUERY_SOME_OF: return "a count has no place in an article";
	default: return "it says nothing about a place in an article";
	}
}

/* ---- near ---- */

static struct query_node *new_near(struct parser *p, const struct near_op *op, struct query_node *a,
				   struct query_node *b)
{
	struct query_node *n = new_node(p, op->negated ? QUERY_NOT_NEAR : QUERY_NEAR, BYTES_NONE);

	n->unit = op->unit;
	n->n = op->n;
	n->ordered = op->ordered;
	add_child(n, a);
	add_child(n, b);
	return n;
}

static struct query_node *refuse_near(struct parser *p, const struct near_op *op, const struct query_node *n)
{
	return refuse(p, place_of(n), "'%s' cannot stand beside '%s': %s", shown(p, place_of(n)),
		      shown(p, op->place), why_not(n));
}

/* a near b; where one holds AND, what it holds by itself, each near the other. */
static struct query_node *multiply(struct parser *p, const struct near_op *op, struct query_node *a,
				   struct query_node *b)
{
	struct query_node *branch = !is_positional(a) ? a : b, *n, *next;

	if (p->copies++ >= PARSE_COPIES)
		return refuse(p, op->place, "groups beside '%s' make too many combinations",
			      shown(p, op->place));
	if (is_positional(a) && is_positional(b))
		return new_near(p, op, a, b);
	if (!is_branch(branch) || (op->negated && branch == b))
		return refuse_near(p, op, branch);
	n = emptied(p, branch);
	for (struct query_node *child = branch->children; child && p->rc == 0; child = next) {
		struct query_node *one;

		next = child->next;
		child->next = NULL;
		one = branch == a ? multiply(p, op, child, copy(p, b)) : multiply(p, op, copy(p, a), child);
		if (one)
			adopt(n, one);
	}
	return p->rc < 0 ? NULL : n;
}

struct query_node *near_join(struct parser *p, const struct near_op *op, struct query_node *left,
			     struct query_node *right)
{
	struct query_node *n;

	if (left->height >= PARSE_DEPTH || right->height >= PARSE_DEPTH) {
		note(p, "too many words near each other in a row: the last are only required");
		return join(p, QUERY_AND, left, right);
	}
	if (is_positional(left) && is_positional(right))
		return new_near(p, op, left, right);
	n = multiply(p, op, left, right);
	if (n)
		note(p, "'%s' joins words, not groups with AND: read as %s", shown(p, op->place),
		     shown_tree(p, n));
	return n;
}

/* ---- at least ---- */

/* At least so often one of `child`, or where it holds AND, what it holds by itself. */
static struct query_node *count_each(struct parser *p, uint32_t least, struct query_node *child,
				     struct bytes place)
{
	struct query_node *n, *next;

	if (is_positional(child)) {
		n = new_node(p, QUERY_AT_LEAST, BYTES_NONE);
		n->n = least;
		n->place = place;
		add_child(n, child);
		return n;
	}
	if (!is_branch(child))
		return refuse(p, place_of(child), "atleast%u( ) counts words: %s", least, why_not(child));
	n = emptied(p, child);
	n->place = place;
	for (child = child->children; child && p->rc == 0; child = next) {
		struct query_node *one;

		next = child->next;
		child->next = NULL;
		if ((one = count_each(p, least, child, place)))
			adopt(n, one);
	}
	return p->rc < 0 ? NULL : n;
}

struct query_node *at_least(struct parser *p, uint32_t least, struct query_node *child, struct bytes place)
{
	bool plain = is_positional(child);
	struct query_node *n = count_each(p, least, child, place);

	if (n && !plain)
		note(p, "atleast%u( ) counts one thing: read as %s", least, shown_tree(p, n));
	return n;
}
