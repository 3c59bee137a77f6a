#include "places/operand.h"

#include "rank/match_leaf.h"

enum mark_kind { MARKS_SENTENCES, MARKS_PARAGRAPHS, MARKS_OPEN, MARKS_CLOSE, MARK_KINDS };

struct operand {
	const struct plan_node *node;
	struct sequence words;  /* of a leaf */
	struct operand **parts; /* of the others */
	size_t nparts;
	struct element *marks[MARK_KINDS]; /* those that it needs */
	uint64_t cost;
	uint32_t doc;
};

/* ---- opening ---- */

static void open_marks(struct match_context *ctx, struct operand *o, enum mark_kind kind)
{
	static const char *const terms[MARK_KINDS] = { MARK_SENTENCE_TERM, MARK_PARAGRAPH_TERM,
						       MARK_OPEN_TERM, MARK_CLOSE_TERM };
	struct bytes term = bytes_str(terms[kind]);
	const struct plan_element mark = { .terms = &term, .nterms = 1 };

	o->marks[kind] = arena_alloc(&ctx->arena, sizeof *o->marks[kind]);
	element_open(ctx, o->marks[kind], &mark);
}

static void open_layout(struct match_context *ctx, struct operand *o)
{
	const struct plan_node *node = o->node;
	bool near = node->kind == PLAN_NEAR || node->kind == PLAN_NOT_NEAR;

	if (near && node->unit == UNIT_SENTENCE)
		open_marks(ctx, o, MARKS_SENTENCES);
	if ((near && node->unit == UNIT_PARAGRAPH) || node->regions & REGION_LEAD)
		open_marks(ctx, o, MARKS_PARAGRAPHS);
	if (node->regions & REGION_QUOTE) {
		open_marks(ctx, o, MARKS_OPEN);
		open_marks(ctx, o, MARKS_CLOSE);
	}
}

static uint64_t cost_of(const struct operand *o)
{
	uint64_t cost = o->nparts ? o->parts[0]->cost : 0;

	for (size_t i = 1; i < o->nparts; i++) {
		uint64_t other = o->parts[i]->cost;

		if (o->node->kind == PLAN_NEAR)
			cost = other < cost ? other : cost;
		else if (o->node->kind != PLAN_NOT_NEAR)
			cost += other;
	}
	return cost;
}

struct operand *operand_open(struct match_context *ctx, const struct plan_node *node)
{
	struct operand *o = arena_zalloc(&ctx->arena, sizeof *o);

	o->node = node;
	if (node->nelements) {
		sequence_open(ctx, &o->words, node);
		o->cost = o->words.cost;
		return o;
	}
	o->parts = arena_alloc(&ctx->arena, node->nchildren * sizeof(struct operand *));
	for (size_t i = 0; i < node->nchildren; i++)
		o->parts[o->nparts++] = operand_open(ctx, node->children[i]);
	open_layout(ctx, o);
	o->cost = cost_of(o);
	return o;
}

uint64_t operand_cost(const struct operand *o)
{
	return o->cost;
}

/* ---- docs ---- */

static uint32_t seek_any(struct match_context *ctx, struct operand *o, uint32_t target)
{
	uint32_t least = DOC_END;

	for (size_t i = 0; i < o->nparts; i++) {
		uint32_t doc = operand_seek(ctx, o->parts[i], target);

		least = doc < least ? doc : least;
	}
	return least;
}

static uint32_t seek_both(struct match_context *ctx, struct operand *o, uint32_t target)
{
	bool swap = o->parts[1]->cost < o->parts[0]->cost;
	struct operand *rare = o->parts[swap], *common = o->parts[!swap];

	for (;;) {
		uint32_t doc = operand_seek(ctx, rare, target);

		if (doc == DOC_END)
			return DOC_END;
		target = operand_seek(ctx, common, doc);
		if (target == doc || target == DOC_END)
			return target;
	}
}

static uint32_t seek_parts(struct match_context *ctx, struct operand *o, uint32_t target)
{
	switch (o->node->kind) {
	case PLAN_NEAR: return seek_both(ctx, o, target);
	case PLAN_NOT_NEAR:
	case PLAN_WITHIN:
	case PLAN_AT_LEAST: return operand_seek(ctx, o->parts[0], target);
	default: return seek_any(ctx, o, target);
	}
}

uint32_t operand_seek(struct match_context *ctx, struct operand *o, uint32_t target)
{
	if (o->node->nelements)
		return o->doc = sequence_seek(ctx, &o->words, target);
	return o->doc = seek_parts(ctx, o, target);
}

static uint32_t most_of_any(struct operand *o)
{
	uint64_t sum = 0;

	for (size_t i = 0; i < o->nparts; i++)
		if (o->parts[i]->doc == o->doc)
			sum += operand_most(o->parts[i]);
	return sum < UINT32_MAX ? (uint32_t)sum : UINT32_MAX;
}

uint32_t operand_most(struct operand *o)
{
	uint32_t a, b;

	switch (o->node->kind) {
	case PLAN_NEAR:
		a = operand_most(o->parts[0]);
		b = operand_most(o->parts[1]);
		return a < b ? a : b;
	case PLAN_NOT_NEAR:
	case PLAN_WITHIN:
	case PLAN_AT_LEAST: return operand_most(o->parts[0]);
	default: return o->node->nelements ? sequence_most(&o->words) : most_of_any(o);
	}
}

/* ---- the layout of a doc ---- */

static struct place_list places_of(struct match_context *ctx, struct element *marks, uint32_t doc)
{
	if (!marks || element_seek(ctx, marks, doc) != doc)
		return (struct place_list){ .n = 0 };
	element_positions(ctx, marks, UINT64_MAX);
	return (struct place_list){ .v = marks->list.pos, .n = marks->list.n };
}

static struct layout layout_of(struct match_context *ctx, struct operand *o)
{
	return (struct layout){ .headline = segment_headline(ctx->seg, o->doc),
				.sentences = places_of(ctx, o->marks[MARKS_SENTENCES], o->doc),
				.paragraphs = places_of(ctx, o->marks[MARKS_PARAGRAPHS], o->doc),
				.open = places_of(ctx, o->marks[MARKS_OPEN], o->doc),
				.close = places_of(ctx, o->marks[MARKS_CLOSE], o->doc) };
}

static struct nearness rule_of(const struct plan_node *node)
{
	return (struct nearness){ node->unit, node->n, node->ordered };
}

/* ---- places ---- */

static struct spans spans_of(struct match_context *ctx, struct operand *o);

static void add_words(struct match_context *ctx, struct operand *o, struct spans *out)
{
	const struct positions_list *found = sequence_positions(ctx, &o->words);

	for (size_t i = 0; i < found->n; i++)
		spans_add(out, found->pos[i], found->pos[i] + o->words.span, false);
}

static void add_any(struct match_context *ctx, struct operand *o, struct spans *out)
{
	for (size_t i = 0; i < o->nparts; i++) {
		struct spans part;

		if (o->parts[i]->doc != o->doc)
			continue;
		part = spans_of(ctx, o->parts[i]);
		spans_add_all(out, &part);
	}
	spans_sort(out);
}

/* Both sides of a nearness, if both stand in the doc, and its layout. */
static bool sides_of(struct match_context *ctx, struct operand *o, struct spans *a, struct spans *b,
		     struct layout *layout)
{
	*a = spans_of(ctx, o->parts[0]);
	if (!a->n)
		return false;
	*b = spans_of(ctx, o->parts[1]);
	if (!b->n)
		return false;
	*layout = layout_of(ctx, o);
	return true;
}

static void add_near(struct match_context *ctx, struct operand *o, struct spans *out)
{
	struct nearness rule = rule_of(o->node);
	struct layout layout;
	struct spans a, b;

	if (sides_of(ctx, o, &a, &b, &layout))
		spans_near(&a, &b, &rule, &layout, out);
}

static void add_not_near(struct match_context *ctx, struct operand *o, struct spans *out)
{
	struct nearness rule = rule_of(o->node);
	struct layout layout;
	struct spans b;

	*out = spans_of(ctx, o->parts[0]);
	if (!out->n || operand_seek(ctx, o->parts[1], o->doc) != o->doc)
		return;
	b = spans_of(ctx, o->parts[1]);
	layout = layout_of(ctx, o);
	spans_drop_near(out, &b, &rule, &layout);
}

static void add_within(struct match_context *ctx, struct operand *o, struct spans *out)
{
	struct layout layout;

	*out = spans_of(ctx, o->parts[0]);
	if (!out->n)
		return;
	layout = layout_of(ctx, o);
	spans_keep_within(out, o->node->regions, o->node->first, &layout);
}

/* Where the operand stands in the doc that it was sought in. */
static struct spans spans_of(struct match_context *ctx, struct operand *o)
{
	struct spans out = { .arena = &ctx->doc_arena };

	switch (o->node->kind) {
	case PLAN_NEAR: add_near(ctx, o, &out); break;
	case PLAN_NOT_NEAR: add_not_near(ctx, o, &out); break;
	case PLAN_WITHIN: add_within(ctx, o, &out); break;
	case PLAN_AT_LEAST: return spans_of(ctx, o->parts[0]);
	default:
		if (o->node->nelements)
			add_words(ctx, o, &out);
		else
			add_any(ctx, o, &out);
	}
	return out;
}

static void count_near(struct match_context *ctx, struct operand *o, uint32_t *headline, uint32_t *body)
{
	struct nearness rule = rule_of(o->node);
	struct layout layout;
	struct spans a, b;

	if (sides_of(ctx, o, &a, &b, &layout))
		spans_count_near(&a, &b, &rule, &layout, &ctx->doc_arena, headline, body);
}

/* A word in any form. */
static bool is_plain(const struct operand *o)
{
	const struct sequence *s = &o->words;

	return s->n == 1 && !s->title && s->elements[0].n == 1 && !s->elements[0].v[0]->allowed;
}

void operand_count(struct match_context *ctx, struct operand *o, uint32_t *headline, uint32_t *body)
{
	struct layout layout = { .headline = segment_headline(ctx->seg, o->doc) };
	struct spans all;

	*headline = *body = 0;
	arena_reset(&ctx->doc_arena);
	if (o->node->kind == PLAN_AT_LEAST) {
		o = o->parts[0];
		if (is_plain(o)) { /* where they stand does not matter */
			*body = postings_count(&o->words.elements[0].v[0]->post);
			return;
		}
	}
	if (o->node->kind == PLAN_NEAR) {
		count_near(ctx, o, headline, body);
		return;
	}
	all = spans_of(ctx, o);
	spans_count(&all, &layout, headline, body);
}
