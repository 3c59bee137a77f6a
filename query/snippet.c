#include "snippet.h"

#include "base/mem.h"

#include <stdlib.h>

/* A leaf of the plan as a sequence of places to be found in a token stream. */
struct wanted {
	const struct plan_element *elements;
	size_t n;
	bool title;       /* only in the headline */
	unsigned id;      /* which word of the question: readings of one word share it */
};

struct found {
	struct range where; /* bytes in the text */
	unsigned id;
};

struct snippeter {
	struct analyzer *analyzer;
	struct wanted *wanted;
	size_t nwanted, wanted_cap;
	unsigned ids;
	struct tokens tokens;
	struct found *found;
	size_t nfound, found_cap;
	struct buf scratch;
};

/* ---- what to look for ---- */

static void want(struct snippeter *s, const struct plan_node *n)
{
	MEM_GROW(s->wanted, s->wanted_cap, s->nwanted + 1);
	s->wanted[s->nwanted++] = (struct wanted){ n->elements, n->nelements, n->title, s->ids };
}

/* All leaves that make an article match, in the order of the question. */
static void gather(struct snippeter *s, const struct plan_node *n)
{
	switch (n->kind) {
	case PLAN_TERM:
	case PLAN_PHRASE:
	case PLAN_EXPANSION:
		want(s, n);
		s->ids++;
		break;
	case PLAN_ALTERNATIVES:
		for (size_t i = 0; i < n->nchildren; i++)
			want(s, n->children[i]);
		s->ids++;
		break;
	case PLAN_AND:
	case PLAN_OR:
		for (size_t i = 0; i < n->nchildren; i++)
			gather(s, n->children[i]);
		break;
	default:
		break;
	}
}

struct snippeter *snippeter_new(const struct plan *plan, struct analyzer *analyzer)
{
	struct snippeter *s = mem_zalloc(1, sizeof *s);

	s->analyzer = analyzer;
	gather(s, plan->root);
	return s;
}

void snippeter_free(struct snippeter *s)
{
	if (!s)
		return;
	free(s->wanted);
	free(s->found);
	tokens_release(&s->tokens);
	buf_release(&s->scratch);
	free(s);
}

void snippet_release(struct snippet *s)
{
	buf_release(&s->text);
	free(s->marks);
	*s = (struct snippet){ .marks = NULL };
}

/* ---- where it stands ---- */

static bool element_matches(struct snippeter *s, const struct plan_element *e, const struct token *t)
{
	if (e->prefix.n)
		return t->kind != TOKEN_MARK && plan_element_form(e, t->form, &s->scratch);
	for (size_t i = 0; i < e->nterms; i++)
		if (bytes_equal(t->stem, e->terms[i]))
			return plan_element_form(e, t->form, &s->scratch);
	return false;
}

/* The token at position `pos`, from index `from` on, that matches; or NULL. */
static const struct token *match_at(struct snippeter *s, const struct plan_element *e, size_t from, uint32_t pos)
{
	for (size_t i = from; i < s->tokens.n && s->tokens.v[i].pos <= pos; i++)
		if (s->tokens.v[i].pos == pos && element_matches(s, e, &s->tokens.v[i]))
			return &s->tokens.v[i];
	return NULL;
}

/* If `w` begins with token i, the bytes it covers. */
static bool find_here(struct snippeter *s, const struct wanted *w, size_t i, struct range *where)
{
	const struct token *first = &s->tokens.v[i];

	if (!element_matches(s, &w->elements[0], first))
		return false;
	*where = (struct range){ first->start, first->end };
	for (size_t e = 1; e < w->n; e++) {
		size_t from = i;
		const struct token *t;

		while (from > 0 && s->tokens.v[from - 1].pos == first->pos)
			from--; /* signs stand at the position of their number */
		t = match_at(s, &w->elements[e], from, first->pos + w->elements[e].offset);
		if (!t)
			return false;
		where->start = t->start < where->start ? t->start : where->start;
		where->end = t->end > where->end ? t->end : where->end;
	}
	return true;
}

static int by_start(const void *x, const void *y)
{
	const struct found *a = x, *b = y;

	if (a->where.start != b->where.start)
		return a->where.start < b->where.start ? -1 : 1;
	return (a->where.end < b->where.end) - (a->where.end > b->where.end);
}

/* Everything wanted among the tokens of the headline, or of the body. */
static void find_all(struct snippeter *s, bool in_title, uint32_t headline)
{
	s->nfound = 0;
	for (size_t i = 0; i < s->tokens.n; i++) {
		if ((s->tokens.v[i].pos < headline) != in_title)
			continue;
		for (size_t w = 0; w < s->nwanted; w++) {
			struct range where;

			if ((s->wanted[w].title && !in_title) || !find_here(s, &s->wanted[w], i, &where))
				continue;
			MEM_GROW(s->found, s->found_cap, s->nfound + 1);
			s->found[s->nfound++] = (struct found){ where, s->wanted[w].id };
		}
	}
	if (s->nfound > 1)
		qsort(s->found, s->nfound, sizeof *s->found, by_start);
}

/* ---- the window ---- */

/* The stretch without furniture around byte `at`. */
static struct range stretch_around(size_t at, size_t size, const struct range *furniture, size_t n)
{
	struct range r = { 0, (uint32_t)size };

	for (size_t i = 0; i < n; i++) {
		if (furniture[i].end <= at)
			r.start = furniture[i].end;
		else if (furniture[i].start >= at && furniture[i].start < r.end)
			r.end = furniture[i].start;
	}
	return r;
}

static size_t distinct_ids(const struct snippeter *s, size_t from, size_t to)
{
	uint64_t seen[4] = { 0 }; /* questions of over 256 words are not told apart */
	size_t n = 0;

	for (size_t i = from; i < to; i++)
		seen[s->found[i].id / 64 % 4] |= UINT64_C(1) << s->found[i].id % 64;
	for (int i = 0; i < 4; i++)
		n += (size_t)__builtin_popcountll(seen[i]);
	return n;
}

/* The matches [*from, *to) of the best window. */
static void best_window(const struct snippeter *s, const struct range *furniture, size_t nfurniture, size_t size,
			size_t *from, size_t *to)
{
	size_t best_ids = 0, best_count = 0, end = 0;

	*from = *to = 0;
	for (size_t i = 0; i < s->nfound; i++) {
		struct range stretch = stretch_around(s->found[i].where.start, size, furniture, nfurniture);
		size_t ids;

		end = end > i ? end : i + 1;
		while (end < s->nfound && s->found[end].where.end <= stretch.end &&
		       s->found[end].where.end - s->found[i].where.start <= SNIPPET_BYTES)
			end++;
		ids = distinct_ids(s, i, end);
		if (ids > best_ids || (ids == best_ids && end - i > best_count)) {
			best_ids = ids;
			best_count = end - i;
			*from = i;
			*to = end;
		}
	}
}

static bool is_space(uint8_t c)
{
	return c == ' ' || (c >= '\t' && c <= '\r');
}

/* Move `at` back to the beginning of a word, at most to `floor`. */
static size_t word_start(struct bytes text, size_t at, size_t floor)
{
	while (at > floor && !is_space(text.p[at - 1]))
		at--;
	return at;
}

/* Where to begin so that the window holds `lead` bytes before `match`: at a sentence
 * or paragraph if one begins there, else at a word. */
static size_t window_start(struct bytes text, struct range stretch, size_t match, size_t lead)
{
	size_t floor = match > stretch.start + lead ? match - lead : stretch.start, at;

	if (floor == stretch.start)
		return floor;
	for (at = match; at > floor + 1; at--) {
		bool stop = text.p[at - 2] == '.' || text.p[at - 2] == '!' || text.p[at - 2] == '?';

		if (text.p[at - 1] == '\n' || (is_space(text.p[at - 1]) && stop))
			return at;
	}
	while (floor < match && !is_space(text.p[floor]))
		floor++;
	while (floor < match && is_space(text.p[floor]))
		floor++;
	return floor;
}

/* Where to end: after the last whole word within SNIPPET_BYTES, but not before `least`. */
static size_t window_end(struct bytes text, struct range stretch, size_t start, size_t least)
{
	size_t limit = start + SNIPPET_BYTES, end;

	if (limit >= stretch.end)
		return stretch.end;
	end = word_start(text, limit, start);
	if (end <= start || end < least) { /* no space for that long: CJK, or one endless word */
		end = limit > least ? limit : least;
		while (end > start && (text.p[end] & 0xC0) == 0x80)
			end--;
	}
	return end;
}

/* Copy text[start, end) with white space runs as single spaces, and the marks of
 * found matches [from, to) that lie in it; overlapping ones become one. */
static void copy_window(const struct snippeter *s, struct bytes text, size_t start, size_t end, size_t from, size_t to,
			struct snippet *out)
{
	size_t next = from;
	bool open = false, space = false;

	buf_reset(&out->text);
	out->nmarks = 0;
	for (size_t at = start; at < end; at++) {
		if (open && at >= out->marks[out->nmarks - 1].end) {
			out->marks[out->nmarks - 1].end = (uint32_t)out->text.n;
			open = false;
		}
		space |= is_space(text.p[at]);
		if (is_space(text.p[at]))
			continue;
		if (space && out->text.n)
			buf_add_byte(&out->text, ' ');
		space = false;
		while (next < to && s->found[next].where.start <= at) {
			uint32_t match_end = s->found[next].where.end < end ? s->found[next].where.end : (uint32_t)end;

			if (!open && match_end > at) {
				MEM_GROW(out->marks, out->marks_cap, out->nmarks + 1);
				out->marks[out->nmarks++] = (struct range){ (uint32_t)out->text.n, match_end };
				open = true;
			} else if (open && match_end > out->marks[out->nmarks - 1].end) {
				out->marks[out->nmarks - 1].end = match_end;
			}
			next++;
		}
		buf_add_byte(&out->text, text.p[at]);
	}
	if (open)
		out->marks[out->nmarks - 1].end = (uint32_t)out->text.n;
}

static bool only_space(struct bytes text, size_t from, size_t to)
{
	while (from < to && is_space(text.p[from]))
		from++;
	return from >= to;
}

/* The first byte that is no furniture and no space. */
static size_t beginning(struct bytes text, const struct range *furniture, size_t n)
{
	size_t at = 0;

	for (size_t i = 0; at < text.n; ) {
		if (i < n && at >= furniture[i].start)
			at = furniture[i++].end;
		else if (is_space(text.p[at]))
			at++;
		else
			break;
	}
	return at;
}

static void make_body(const struct snippeter *s, struct bytes text, const struct range *furniture, size_t nfurniture,
		      struct snippet *out)
{
	struct range stretch;
	size_t from, to, first, last, start, end, spare;

	best_window(s, furniture, nfurniture, text.n, &from, &to);
	first = to ? s->found[from].where.start : beginning(text, furniture, nfurniture);
	last = first;
	for (size_t i = from; i < to; i++)
		last = s->found[i].where.end > last ? s->found[i].where.end : last;
	stretch = stretch_around(first, text.n, furniture, nfurniture);
	spare = last - first < SNIPPET_BYTES ? SNIPPET_BYTES - (last - first) : 0;
	start = window_start(text, stretch, first, to ? spare / 2 : 0);
	end = window_end(text, stretch, start, last);
	while (from > 0 && s->found[from - 1].where.start >= start)
		from--;
	copy_window(s, text, start, end, from, s->nfound, out);
	out->more_before = !only_space(text, stretch.start, start);
	out->more_after = !only_space(text, end, stretch.end);
}

void snippet_make(struct snippeter *s, struct bytes title_text, struct bytes body_text,
		  const struct range *furniture, size_t nfurniture, struct snippet *title, struct snippet *body)
{
	uint32_t headline = analyze_article(s->analyzer, title_text, body_text, furniture, nfurniture, &s->tokens);

	find_all(s, true, headline);
	copy_window(s, title_text, 0, title_text.n, 0, s->nfound, title);
	title->more_before = title->more_after = false;
	find_all(s, false, headline);
	make_body(s, body_text, furniture, nfurniture, body);
}
