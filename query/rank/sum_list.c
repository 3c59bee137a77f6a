#include "rank/sum_list.h"

#include "base/mem.h"

#include <stdlib.h>

void sum_bits_room(struct match_context *ctx)
{
	uint32_t words = (ctx->seg->ndocs + 63) / 64;

	if (ctx->met_room >= words)
		return;
	free(ctx->met);
	free(ctx->places);
	ctx->met_room = words;
	ctx->met = mem_zalloc(words, sizeof *ctx->met);
	ctx->places = mem_alloc(words * sizeof *ctx->places);
}

bool sum_list_open(struct sum_list *l, const struct plan_element *e, size_t i)
{
	struct source *s = &l->source;

	if (!source_find(l->ctx, s, e, i, &l->info))
		return false;
	l->counted = s->allowed || l->title;
	l->is_short = !l->counted && short_list_is(l->ctx->seg, &l->info);
	if (!l->is_short)
		postings_open(&s->post, l->ctx->seg, &l->info);
	if (l->counted)
		positions_open(&s->posn, l->ctx->seg, &l->info);
	return true;
}
