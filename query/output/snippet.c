#include "output/snippet.h"

#include "base/mem.h"
#include "places/sighting.h"

#include <stdlib.h>
#include <utf8proc.h>

#define NOWHERE SIZE_MAX
#define SLACK   64 /* bytes a snippet may be longer to begin with a sentence, or to end after a word */

/* A leaf of the plan as a sequence of places to be found in a token stream. */
struct wanted {
	const struct plan_element *elements;
	size_t n;
	bool title;    /* only in the headline */
	unsigned id;   /* which word of the question: readings of one word share it */
	size_t within; /* the group that it must be in a place of, or NOWHERE */
};

/* What matches by where it stands: its words are marked there alone. */
struct group {
	const struct plan_node *node;
	struct spans places; /* in the article at hand */
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
	struct group *groups;
	size_t ngroups, groups_cap;
	struct arena arena;   /* for places */
	struct tokens tokens; /* of the article at hand */
	uint32_t headline;    /* words of its headline */
	struct found *found;
	size_t nfound, found_cap;
	struct buf scratch;
};

/* ---- what to look for ---- */

/* Look for a leaf, unless a place of it stands for no word. */
static void want(struct snippeter *s, const struct plan_node *n, size_t within)
{
	for (size_t i = 0; i < n->nelements; i++)
		if (!n->elements[i].nterms)
			return;
	MEM_GROW(s->wanted, s->wanted_cap, s->nwanted + 1);
	s->wanted[s->nwanted++] = (struct wanted){ n->elements, n->nelements, n->title, s->ids, within };
}

static size_t new_group(struct snippeter *s, const struct plan_node *n)
{
	MEM_GROW(s->groups, s->groups_cap, s->ngroups + 1);
	s->groups[s->ngroups] = (struct group){ .node = n };
	return s->ngroups++;
}

/* All leaves that make an article match, in the order of the question. */
static void gather(struct snippeter *s, const struct plan_node *n, size_t within)
{
	size_t parts = n->nchildren;

	switch (n->kind) {
	case PLAN_TERM:
	case PLAN_PHRASE:
	case PLAN_EXPANSION:
		want(s, n, within);
		s->ids++;
		return;
	case PLAN_ALTERNATIVES:
		for (size_t i = 0; i < n->nchildren; i++)
			want(s, n->children[i], within);
		s->ids++;
		return;
	case PLAN_NEAR:
	case PLAN_NOT_NEAR:
	case PLAN_WITHIN:
		within = within == NOWHERE ? new_group(s, n) : within;
		parts -= n->kind == PLAN_NOT_NEAR;
		break;
	case PLAN_AND:
	case PLAN_OR:
	case PLAN_AT_LEAST:
	case PLAN_SOME_OF: break;
	default: return;
	}
	for (size_t i = 0; i < parts; i++)
		gather(s, n->children[i], within);
}

struct snippeter *snippeter_new(const struct plan *plan, struct analyzer *analyzer)
{
	struct snippeter *s = mem_zalloc(1, sizeof *s);

	s->analyzer = analyzer;
	gather(s, plan->root, NOWHERE);
	return s;
}

void snippeter_free(struct snippeter *s)
{
	if (!s)
		return;
	free(s->wanted);
	free(s->groups);
	arena_release(&s->arena);
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

static int by_start(const void *x, const void *y)
{
	const struct found *a = x, *b = y;

	if (a->where.start != b->where.start)
		return a->where.start < b->where.start ? -1 : 1;
	return (a->where.end < b->where.end) - (a->where.end > b->where.end);
}

static struct sighting sighting_of(struct snippeter *s)
{
	return (struct sighting){ &s->tokens, s->headline, &s->arena, &s->scratch };
}

static void find_places(struct snippeter *s)
{
	struct sighting sighting = sighting_of(s);

	arena_reset(&s->arena);
	for (size_t i = 0; i < s->ngroups; i++)
		s->groups[i].places = sight_all(&sighting, s->groups[i].node);
}

static bool belongs(const struct snippeter *s, const struct wanted *w, const struct span *place)
{
	const struct spans *places;

	if (w->within == NOWHERE)
		return true;
	places = &s->groups[w->within].places;
	for (size_t i = 0; i < places->n; i++)
		if (places->v[i].first <= place->first && places->v[i].last >= place->last)
			return true;
	return false;
}

/* Everything wanted among the tokens of the headline, or of the body. */
static void find_all(struct snippeter *s, bool in_title)
{
	struct sighting sighting = sighting_of(s);

	s->nfound = 0;
	for (size_t i = 0; i < s->tokens.n; i++) {
		if ((s->tokens.v[i].pos < s->headline) != in_title)
			continue;
		for (size_t w = 0; w < s->nwanted; w++) {
			const struct wanted *wanted = &s->wanted[w];
			struct range where;
			struct span place;

			if ((wanted->title && !in_title) ||
			    !sight_here(&sighting, wanted->elements, wanted->n, i, &where, &place) ||
			    !belongs(s, wanted, &place))
				continue;
			MEM_GROW(s->found, s->found_cap, s->nfound + 1);
			s->found[s->nfound++] = (struct found){ where, wanted->id };
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
static void best_window(const struct snippeter *s, const struct range *furniture, size_t nfurniture,
			size_t size, size_t *from, size_t *to)
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

/* Signs that stand before the first word of a sentence and belong to it. */
static bool opens(uint32_t c)
{
	utf8proc_category_t category;

	if (c < 0x80)
		return c && strchr("\"'([{$#@", (int)c);
	category = utf8proc_category((utf8proc_int32_t)c);
	return category == UTF8PROC_CATEGORY_PS || category == UTF8PROC_CATEGORY_PI ||
	       category == UTF8PROC_CATEGORY_SC;
}

/* Where the character before `at` begins, and which it is; `floor` and 0 if there is none. */
static size_t char_before(struct bytes text, size_t at, size_t floor, uint32_t *c)
{
	*c = 0;
	if (at <= floor)
		return floor;
	do
		at--;
	while (at > floor && (text.p[at] & 0xC0) == 0x80);
	utf8_decode(text.p + at, text.p + text.n, c);
	return at;
}

/* Move `at` back over such signs, at most to `floor`. */
static size_t with_opening(struct bytes text, size_t at, size_t floor)
{
	uint32_t c;
	size_t before = char_before(text, at, floor, &c);

	if (c == ' ' || c == 0xA0 || c == 0x202F) { /* French sets a space after its opening mark */
		before = char_before(text, before, floor, &c);
		if (c != 0xAB)
			return at;
	}
	while (opens(c)) {
		at = before;
		before = char_before(text, at, floor, &c);
	}
	return at;
}

/* The last place in text[from, to] where a sentence begins, or NOWHERE. */
static size_t sentence_in(const struct snippeter *s, struct bytes text, size_t from, size_t to)
{
	size_t last = NOWHERE;

	for (size_t i = 0; i < s->tokens.n; i++) {
		const struct token *t = &s->tokens.v[i];

		if (t->kind != TOKEN_MARK || t->pos <= s->headline || t->start < from ||
		    !bytes_is(t->word->stem, MARK_SENTENCE_TERM))
			continue;
		if (t->start > to)
			break;
		last = t->start;
	}
	return last == NOWHERE ? NOWHERE : with_opening(text, last, from);
}

/* May a line be broken here? Around white space, and before a CJK character. */
static bool breaks_at(struct bytes text, size_t at)
{
	size_t size;

	if (at == 0 || at >= text.n || is_space(text.p[at - 1]) || is_space(text.p[at]))
		return true;
	return char_class_at(text, at, &size) == CHAR_CJK;
}

/* The next sentence, if it begins soon after the first of the matches [from, to) and
 * the matches from there on show as many words of the question; or NOWHERE. */
static size_t next_sentence(const struct snippeter *s, struct bytes text, size_t from, size_t to)
{
	size_t first = s->found[from].where.start, later = from;
	size_t at = sentence_in(s, text, first + 1, first + SNIPPET_BYTES / 3);

	if (at == NOWHERE)
		return NOWHERE;
	while (later < to && s->found[later].where.start < at)
		later++;
	return distinct_ids(s, later, to) == distinct_ids(s, from, to) ? at : NOWHERE;
}

/* Where to begin to show the matches [from, to), which leave `spare` bytes: with the
 * sentence of the first, or with the next one, or at a word before it. */
static size_t window_start(const struct snippeter *s, struct bytes text, struct range stretch, size_t from,
			   size_t to, size_t spare)
{
	size_t match = s->found[from].where.start, far = spare + SLACK, at;

	at = sentence_in(s, text, match > stretch.start + far ? match - far : stretch.start, match);
	if (at == NOWHERE)
		at = next_sentence(s, text, from, to);
	if (at != NOWHERE)
		return at;
	at = match > stretch.start + spare / 2 ? match - spare / 2 : stretch.start;
	while (at > stretch.start && at < match && !breaks_at(text, at))
		at++;
	return at;
}

/* Where to end: within SNIPPET_BYTES after the last whole sentence if that leaves most
 * of them, else after the last whole word, but not before `least`. */
static size_t window_end(const struct snippeter *s, struct bytes text, struct range stretch, size_t start,
			 size_t least)
{
	size_t limit = start + SNIPPET_BYTES > least ? start + SNIPPET_BYTES : least + SLACK / 2;
	size_t full = start + SNIPPET_BYTES * 2 / 3, at;

	if (limit >= stretch.end)
		return stretch.end;
	at = sentence_in(s, text, full > least ? full : least, limit);
	if (at != NOWHERE)
		return at;
	for (at = limit; at > least && at > start; at--)
		if (breaks_at(text, at))
			return at;
	for (at = limit; at < limit + SLACK && at < stretch.end; at++)
		if (breaks_at(text, at))
			return at;
	return utf8_cut(text, limit).n; /* one endless word */
}

/* Copy text[start, end) with white space runs as single spaces, and the marks of
 * found matches [from, to) that lie in it; overlapping ones become one. */
static void copy_window(const struct snippeter *s, struct bytes text, size_t start, size_t end, size_t from,
			size_t to, struct snippet *out)
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
			uint32_t match_end =
				s->found[next].where.end < end ? s->found[next].where.end : (uint32_t)end;

			if (!open && match_end > at) {
				MEM_GROW(out->marks, out->marks_cap, out->nmarks + 1);
				out->marks[out->nmarks++] =
					(struct range){ (uint32_t)out->text.n, match_end };
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

	for (size_t i = 0; at < text.n;) {
		if (i < n && at >= furniture[i].start)
			at = furniture[i++].end;
		else if (is_space(text.p[at]))
			at++;
		else
			break;
	}
	return at;
}

static void make_body(const struct snippeter *s, struct bytes text, const struct range *furniture,
		      size_t nfurniture, struct snippet *out)
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
	start = to ? window_start(s, text, stretch, from, to, spare) : first;
	end = window_end(s, text, stretch, start, last);
	for (from = 0; from < s->nfound && s->found[from].where.start < start;)
		from++;
	copy_window(s, text, start, end, from, s->nfound, out);
	out->more_before = !only_space(text, stretch.start, start);
	out->more_after = !only_space(text, end, stretch.end);
}

void snippet_make(struct snippeter *s, struct bytes title_text, struct bytes body_text,
		  const struct range *furniture, size_t nfurniture, struct snippet *title,
		  struct snippet *body)
{
	s->headline = analyze_article(s->analyzer, title_text, body_text, furniture, nfurniture, &s->tokens);
	find_places(s);
	find_all(s, true);
	copy_window(s, title_text, 0, title_text.n, 0, s->nfound, title);
	title->more_before = title->more_after = false;
	find_all(s, false);
	make_body(s, body_text, furniture, nfurniture, body);
}
