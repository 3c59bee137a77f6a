#include "parse/parser.h"

#include "parse/tree_print.h"
#include "text/utf8.h"

#include <stdarg.h>
#include <stdio.h>

#define PIECE_SHOWN 40u  /* bytes of the question in a message */
#define NOTES_MOST  8u   /* about one question; the first of them */
#define TREE_SHOWN  160u /* bytes of a reading in a note */

struct query_node *new_node(struct parser *p, enum query_kind kind, struct bytes text)
{
	struct query_node *n = arena_zalloc(p->arena, sizeof *n);

	n->kind = kind;
	n->text = text;
	n->boost = 1;
	if (query_is_words(kind)) {
		n->regions = p->scope.regions;
		n->first = p->scope.first;
	}
	return n;
}

void add_child(struct query_node *parent, struct query_node *child)
{
	if (parent->last)
		parent->last->next = child;
	else
		parent->children = child;
	parent->last = child;
	if (parent->height <= child->height)
		parent->height = child->height + 1;
}

static bool is_flat(const struct query_node *n, enum query_kind kind)
{
	return n->kind == kind && n->boost >= 1 && n->boost <= 1;
}

void adopt(struct query_node *parent, struct query_node *child)
{
	struct query_node *next;

	if (!is_flat(child, parent->kind)) {
		add_child(parent, child);
		return;
	}
	for (child = child->children; child; child = next) {
		next = child->next;
		child->next = NULL;
		add_child(parent, child);
	}
}

struct query_node *join(struct parser *p, enum query_kind kind, struct query_node *list,
			struct query_node *child)
{
	struct query_node *n = list;

	if (!child || !list)
		return child ? child : list;
	if (!is_flat(list, kind)) {
		n = new_node(p, kind, BYTES_NONE);
		add_child(n, list);
	}
	n->place = BYTES_NONE;
	adopt(n, child);
	return n;
}

struct bytes place_from(const struct parser *p, size_t start)
{
	return bytes_of(p->text.p + start, p->at - start);
}

struct bytes place_of(const struct query_node *n)
{
	while (!n->place.n && n->children)
		n = n->children;
	return n->place.n ? n->place : n->text;
}

bool is_inside(const struct parser *p, struct bytes piece)
{
	uintptr_t at = (uintptr_t)piece.p, start = (uintptr_t)p->text.p; /* of different objects, maybe */

	return at >= start && at + piece.n <= start + p->text.n;
}

void note(struct parser *p, const char *format, ...)
{
	char line[1024];
	va_list args;

	va_start(args, format);
	vsnprintf(line, sizeof line - 1, format, args);
	va_end(args);
	strcat(line, "\n");
	if (p->notes == NOTES_MOST || strstr(buf_cstr(&p->q->notes), line))
		return;
	buf_add_str(&p->q->notes, line);
	p->notes++;
}

struct query_node *refuse(struct parser *p, struct bytes place, const char *format, ...)
{
	char sentence[1024];
	va_list args;

	if (p->rc < 0)
		return NULL;
	va_start(args, format);
	vsnprintf(sentence, sizeof sentence, format, args);
	va_end(args);
	p->q->fault = is_inside(p, place) ? place : place_from(p, p->at);
	p->rc = err_set(p->err, ERR_USAGE, "%s", sentence);
	return NULL;
}

static const char *shortened(struct parser *p, struct bytes whole, size_t most)
{
	struct bytes piece = utf8_cut(whole, most);
	struct buf safe = BUF_INIT;
	struct bytes kept;

	utf8_add_safe(&safe, piece, false);
	if (piece.n < whole.n)
		buf_add_str(&safe, "…");
	buf_add_byte(&safe, '\0');
	kept = arena_bytes(p->arena, buf_bytes(&safe));
	buf_release(&safe);
	return (const char *)kept.p;
}

const char *shown(struct parser *p, struct bytes piece)
{
	return shortened(p, piece, PIECE_SHOWN);
}

const char *shown_tree(struct parser *p, const struct query_node *n)
{
	struct buf text = BUF_INIT;
	const char *s;

	tree_print(&text, n);
	s = shortened(p, buf_bytes(&text), TREE_SHOWN);
	buf_release(&text);
	return s;
}
