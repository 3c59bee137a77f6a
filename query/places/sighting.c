#include "places/sighting.h"

/* ---- leaves ---- */

static bool has_stem(const struct plan_element *e, struct bytes stem)
{
	for (size_t i = 0; i < e->nterms; i++)
		if (bytes_equal(stem, e->terms[i]))
			return true;
	return false;
}

static bool element_matches(const struct sighting *s, const struct plan_element *e, const struct token *t)
{
	if (plan_element_expands(e))
		return t->kind != TOKEN_MARK && plan_element_form(e, t->word->form, s->scratch) &&
		       (e->nterms == e->stands_for || has_stem(e, t->word->stem));
	return has_stem(e, t->word->stem) && plan_element_form(e, t->word->form, s->scratch);
}

/* The token at position `pos`, from index `from` on, that matches; or NULL. */
static const struct token *match_at(const struct sighting *s, const struct plan_element *e, size_t from,
				    uint32_t pos)
{
	const struct tokens *t = s->tokens;

	for (size_t i = from; i < t->n && t->v[i].pos <= pos; i++)
		if (t->v[i].pos == pos && element_matches(s, e, &t->v[i]))
			return &t->v[i];
	return NULL;
}

bool sight_here(const struct sighting *s, const struct plan_element *elements, size_t n, size_t i,
		struct range *where, struct span *span)
{
	const struct token *first = &s->tokens->v[i];

	if (!element_matches(s, &elements[0], first))
		return false;
	*where = (struct range){ first->start, first->end };
	*span = (struct span){ first->pos, first->pos, false };
	for (size_t e = 1; e < n; e++) {
		uint32_t pos = first->pos + elements[e].offset;
		size_t from = i;
		const struct token *t;

		while (from > 0 && s->tokens->v[from - 1].pos == first->pos)
			from--; /* signs stand at the position of their number */
		t = match_at(s, &elements[e], from, pos);
		if (!t || (pos < s->headline) != (first->pos < s->headline))
			return false;
		where->start = t->start < where->start ? t->start : where->start;
		where->end = t->end > where->end ? t->end : where->end;
		span->last = pos > span->last ? pos : span->last;
	}
	return true;
}

static void sight_leaf(const struct sighting *s, const struct plan_node *node, struct spans *out)
{
	for (size_t i = 0; i < s->tokens->n; i++) {
		struct range where;
		struct span span;

		if (sight_here(s, node->elements, node->nelements, i, &where, &span) &&
		    (!node->title || span.last < s->headline))
			spans_add(out, span.first, span.last, false);
	}
	spans_sort(out);
}

/* ---- the layout ---- */

static struct place_list marks_of(const struct sighting *s, const char *term)
{
	uint32_t *v = arena_alloc(s->arena, s->tokens->n * sizeof *v);
	size_t n = 0;

	for (size_t i = 0; i < s->tokens->n; i++)
		if (s->tokens->v[i].kind == TOKEN_MARK && bytes_is(s->tokens->v[i].word->stem, term))
			v[n++] = s->tokens->v[i].pos;
	return (struct place_list){ .v = v, .n = n };
}

static struct layout layout_of(const struct sighting *s)
{
	return (struct layout){ .headline = s->headline,
				.sentences = marks_of(s, MARK_SENTENCE_TERM),
				.paragraphs = marks_of(s, MARK_PARAGRAPH_TERM),
				.open = marks_of(s, MARK_OPEN_TERM),
				.close = marks_of(s, MARK_CLOSE_TERM) };
}

/* ---- nodes ---- */

static struct spans sight(const struct sighting *s, const struct layout *layout, const struct plan_node *node)
{
	struct nearness rule = { node->unit, node->n, node->ordered };
	struct spans out = { .arena = s->arena }, a, b;

	if (node->nelements) {
		sight_leaf(s, node, &out);
	} else if (node->kind == PLAN_NEAR || node->kind == PLAN_NOT_NEAR) {
		a = sight(s, layout, node->children[0]);
		b = sight(s, layout, node->children[1]);
		if (node->kind == PLAN_NEAR) {
			spans_near(&a, &b, &rule, layout, &out);
			return out;
		}
		spans_drop_near(&a, &b, &rule, layout);
		return a;
	} else {
		for (size_t i = 0; i < node->nchildren; i++) {
			a = sight(s, layout, node->children[i]);
			spans_add_all(&out, &a);
		}
		spans_sort(&out);
	}
	if (node->kind == PLAN_WITHIN)
		spans_keep_within(&out, node->regions, node->first, layout);
	return out;
}

struct spans sight_all(const struct sighting *s, const struct plan_node *node)
{
	struct layout layout = layout_of(s);

	return sight(s, &layout, node);
}
