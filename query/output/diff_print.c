#include "output/diff_print.h"

#include "base/mem.h"
#include "output/diff.h"

#include <stdlib.h>

#define OLD   "\x1b[31m"
#define NEW   "\x1b[32m"
#define PLAIN "\x1b[0m"

struct pieces {
	struct bytes *v;
	size_t n, cap;
};

static void add_piece(struct pieces *p, struct bytes piece)
{
	MEM_GROW(p->v, p->cap, p->n + 1);
	p->v[p->n++] = piece;
}

static void cut_lines(struct pieces *p, struct bytes text)
{
	struct bytes line;

	p->n = 0;
	while (bytes_line(&text, &line))
		add_piece(p, line);
}

/* Words, and the spaces between them. */
static void cut_words(struct pieces *p, struct bytes line)
{
	p->n = 0;
	for (size_t i = 0, from = 0; i < line.n; i++)
		if (i + 1 == line.n || (line.p[i] == ' ') != (line.p[i + 1] == ' ')) {
			add_piece(p, bytes_of(line.p + from, i + 1 - from));
			from = i + 1;
		}
}

/* ---- words of a line ---- */

static bool is_space(struct bytes piece)
{
	return piece.p[0] == ' ';
}

struct word_diff {
	struct pieces old, new;
	struct diff diff;
};

/* Are they one line, changed? A third of the longer one must be in both. */
static bool is_one_line(struct word_diff *w, struct bytes old, struct bytes new)
{
	size_t same = 0, longer = old.n > new.n ? old.n : new.n;

	cut_words(&w->old, old);
	cut_words(&w->new, new);
	diff(&w->diff, w->old.v, w->old.n, w->new.v, w->new.n);
	for (size_t i = 0; i < w->diff.n; i++)
		if (w->diff.v[i].kind == DIFF_SAME && !is_space(w->diff.v[i].piece))
			same += w->diff.v[i].piece.n;
	return same * 3 >= longer;
}

static const char *const colors[] = { "", OLD, NEW };

static void print_part(struct printer *p, enum diff_kind kind, struct bytes words)
{
	static const char *const opening[] = { "", "[-", "{+" }, *const closing[] = { "", "-]", "+}" };

	if (!words.n)
		return;
	buf_add_str(&p->out, p->color ? colors[kind] : "");
	buf_add_str(&p->out, opening[kind]);
	buf_add_bytes(&p->out, words);
	buf_add_str(&p->out, closing[kind]);
	if (p->color && kind != DIFF_SAME)
		buf_add_str(&p->out, PLAIN);
}

/* The end of the change that has begun before step i. A space between two changed words is a part of it, not
 * something that stayed. */
static size_t end_of_change(const struct diff *d, size_t i)
{
	while (i < d->n && (d->v[i].kind != DIFF_SAME ||
			    (is_space(d->v[i].piece) && i + 1 < d->n && d->v[i + 1].kind != DIFF_SAME)))
		i++;
	return i;
}

/* What one side has of a change. */
static void gather_side(const struct diff *d, size_t i, size_t end, enum diff_kind side, struct buf *out)
{
	buf_reset(out);
	for (; i < end; i++)
		if (d->v[i].kind == side || d->v[i].kind == DIFF_SAME)
			buf_add_bytes(out, d->v[i].piece);
}

static void print_words(struct printer *p, const struct diff *d)
{
	struct buf old = BUF_INIT, new = BUF_INIT;
	size_t end;

	buf_add_str(&p->out, "~ ");
	for (size_t i = 0; i < d->n; i = end) {
		bool space;

		end = i + 1;
		if (d->v[i].kind == DIFF_SAME) {
			print_part(p, DIFF_SAME, d->v[i].piece);
			continue;
		}
		end = end_of_change(d, end);
		gather_side(d, i, end, DIFF_OLD, &old);
		gather_side(d, i, end, DIFF_NEW, &new);
		space = old.n && new.n &&old.p[old.n - 1] == ' ' && new.p[new.n - 1] == ' ';
		print_part(p, DIFF_OLD, bytes_of(old.p, old.n - space));
		print_part(p, DIFF_NEW, bytes_of(new.p, new.n - space));
		buf_add_str(&p->out, space ? " " : "");
	}
	buf_add_byte(&p->out, '\n');
	buf_release(&old);
	buf_release(&new);
}

/* ---- lines ---- */

static void print_line(struct printer *p, enum diff_kind kind, struct bytes line)
{
	buf_add_str(&p->out, p->color ? colors[kind] : "");
	if (line.n) /* else no space at the end of a line */
		buf_add_str(&p->out, kind == DIFF_SAME ? "  " : kind == DIFF_OLD ? "- " : "+ ");
	else if (kind != DIFF_SAME)
		buf_add_byte(&p->out, kind == DIFF_OLD ? '-' : '+');
	buf_add_bytes(&p->out, line);
	if (p->color && kind != DIFF_SAME)
		buf_add_str(&p->out, PLAIN);
	buf_add_byte(&p->out, '\n');
}

/* Old lines, then new ones: those that are one line changed as such, pair by pair. */
static void print_change(struct printer *p, const struct diff_step *old, size_t nold,
			 const struct diff_step *new, size_t nnew)
{
	struct word_diff w = { .old.v = NULL };

	for (size_t i = 0; i < nold || i < nnew; i++) {
		if (i < nold && i < nnew && is_one_line(&w, old[i].piece, new[i].piece)) {
			print_words(p, &w.diff);
			continue;
		}
		if (i < nold)
			print_line(p, DIFF_OLD, old[i].piece);
		if (i < nnew)
			print_line(p, DIFF_NEW, new[i].piece);
	}
	free(w.old.v);
	free(w.new.v);
	diff_release(&w.diff);
}

/* Lines that both have: at most DIFF_CONTEXT at a side where something changed. */
static void print_same(struct printer *p, const struct diff_step *v, size_t n, bool first, bool last)
{
	size_t head = first ? 0 : DIFF_CONTEXT, tail = last ? 0 : DIFF_CONTEXT;

	if (first && last)
		return;
	if (n <= head + tail + 1)
		head = n;
	for (size_t i = 0; i < n; i++) {
		if (i < head || i + tail >= n)
			print_line(p, DIFF_SAME, v[i].piece);
		else if (i == head)
			buf_add_str(&p->out, "...\n");
	}
}

void print_difference(struct printer *p, struct bytes old, struct bytes new)
{
	struct pieces a = { .v = NULL }, b = { .v = NULL };
	struct diff d = { .v = NULL };
	size_t end;

	cut_lines(&a, old);
	cut_lines(&b, new);
	diff(&d, a.v, a.n, b.v, b.n);
	for (size_t i = 0; i < d.n; i = end) {
		size_t middle = i;

		for (end = i; end < d.n && d.v[end].kind == DIFF_SAME; end++)
			;
		if (end > i) {
			print_same(p, d.v + i, end - i, i == 0, end == d.n);
			continue;
		}
		while (middle < d.n && d.v[middle].kind == DIFF_OLD)
			middle++;
		for (end = middle; end < d.n && d.v[end].kind == DIFF_NEW; end++)
			;
		print_change(p, d.v + i, middle - i, d.v + middle, end - middle);
	}
	free(a.v);
	free(b.v);
	diff_release(&d);
}
