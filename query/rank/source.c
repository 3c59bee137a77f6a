#include "rank/source.h"

#include "rank/match_leaf.h"
#include "segment/form_list.h"

/* Which form numbers of term i the element allows: 1 some or all (then *allowed is NULL), 0 none. */
static int allowed_forms(struct match_context *ctx, const struct plan_element *e, size_t i,
			 const struct term_info *info, bool **allowed)
{
	struct bytes term = e->terms[i];
	struct form_list forms;
	uint32_t yes = 0;
	int rc = 0, got;

	*allowed = NULL;
	if (!plan_element_tests(e))
		return 1;
	if (e->whole && e->whole[ctx->number * e->nterms + i])
		return 1;
	if (form_list_open(&forms, segment_forms(ctx->seg, info, &rc), term) < 0 || rc < 0) {
		match_corrupt(ctx);
		return 0;
	}
	*allowed = arena_zalloc(&ctx->arena, forms.n);
	for (uint32_t form = 0; (got = form_list_next(&forms)) > 0; form++) {
		(*allowed)[form] = plan_element_form(e, bytes_of(forms.form, forms.size), &ctx->scratch);
		yes += (*allowed)[form];
	}
	if (got < 0)
		match_corrupt(ctx);
	if (yes == forms.n)
		*allowed = NULL;
	return yes > 0;
}

int source_find(struct match_context *ctx, struct source *s, const struct plan_element *e, size_t i,
		struct term_info *info)
{
	return match_find_in(ctx, e, i, info) && allowed_forms(ctx, e, i, info, &s->allowed) > 0;
}

int source_open(struct match_context *ctx, struct source *s, const struct plan_element *e, size_t i)
{
	struct term_info info;

	if (!source_find(ctx, s, e, i, &info))
		return 0;
	postings_open(&s->post, ctx->seg, &info);
	positions_open(&s->posn, ctx->seg, &info);
	return 1;
}

/* A bigger array in the arena, doubled so that little is wasted. */
static uint32_t *room_for(struct match_context *ctx, uint32_t *array, size_t *cap, size_t need)
{
	if (need <= *cap)
		return array;
	*cap = need < 32 ? 64 : need * 2;
	return arena_alloc(&ctx->arena, *cap * sizeof *array);
}

int source_occurrences(struct match_context *ctx, struct source *s, uint64_t first, uint32_t count,
		       struct positions_list *out)
{
	if (count > s->posn.n)
		return ERR_CORRUPT;
	out->pos = room_for(ctx, out->pos, &out->cap, (size_t)count + POSITIONS_SLACK);
	out->n = count;
	memset(out->pos + count, 0xFF, POSITIONS_SLACK * sizeof *out->pos);
	return positions_get(&s->posn, first, count, out->pos, NULL);
}

/* Append the source's allowed positions in its current doc; only those below `limit`. */
void source_positions(struct match_context *ctx, struct source *s, uint64_t limit, struct positions_list *out)
{
	uint32_t count = postings_count(&s->post);
	uint32_t *grown;

	if (count > s->posn.n) {
		match_corrupt(ctx);
		return;
	}
	grown = room_for(ctx, out->pos, &out->cap, out->n + count);
	if (grown != out->pos && out->n)
		memcpy(grown, out->pos, out->n * sizeof *grown);
	out->pos = grown;
	if (s->allowed)
		out->form = room_for(ctx, out->form, &out->form_cap, count);
	if (positions_get(&s->posn, postings_occurrence(&s->post), count, out->pos + out->n,
			  s->allowed ? out->form : NULL) < 0) {
		match_corrupt(ctx);
		return;
	}
	if (!s->allowed && limit > UINT32_MAX) {
		out->n += count;
		return;
	}
	for (uint32_t i = 0, from = (uint32_t)out->n; i < count && out->pos[from + i] < limit; i++)
		if (!s->allowed || s->allowed[out->form[i]])
			out->pos[out->n++] = out->pos[from + i];
}

/* How many of the occurrences are of allowed forms. */
static uint32_t count_allowed(struct match_context *ctx, struct source *s, uint64_t first, uint32_t count)
{
	struct positions *p = &s->posn;
	uint32_t yes = 0;

	if (!p->has_forms)
		return s->allowed[0] ? count : 0;
	for (uint64_t end = first + count; first < end; first++) {
		uint32_t at = (uint32_t)(first % POSTINGS_BLOCK);

		if (positions_load(p, first / POSTINGS_BLOCK) <= at || p->forms[at] >= p->nforms) {
			match_corrupt(ctx);
			return 0;
		}
		yes += s->allowed[p->forms[at]];
	}
	return yes;
}

uint32_t source_freq(struct match_context *ctx, struct source *s, uint32_t place, bool title,
		     struct positions_list *list)
{
	uint32_t headline, freq = 0, count;
	uint64_t first;

	count = postings_occurrences_at(&s->post, place, &first);
	if (count > s->posn.n) {
		match_corrupt(ctx);
		return 0;
	}
	/* where H is 1, headlines are not told apart here */
	if (!s->post.headlines[place] && (!title || ctx->seg->headline_weight > 1))
		return title ? 0 : s->allowed ? count_allowed(ctx, s, first, count) : count;
	headline = segment_headline(ctx->seg, s->post.docs[place]);
	list->pos = room_for(ctx, list->pos, &list->cap, count);
	if (s->allowed)
		list->form = room_for(ctx, list->form, &list->form_cap, count);
	if (positions_get(&s->posn, first, count, list->pos, s->allowed ? list->form : NULL) < 0) {
		match_corrupt(ctx);
		return 0;
	}
	for (uint32_t i = 0; i < count; i++) {
		if (s->allowed && !s->allowed[list->form[i]])
			continue;
		if (list->pos[i] < headline)
			freq += title ? 1 : ctx->seg->headline_weight;
		else
			freq += !title;
	}
	return freq;
}
