#include "patterns/expand.h"

#include "patterns/candidates.h"

/* Make the element's terms the candidates, with what each segment's dictionary says of them. */
static void take(struct plan_element *e, const struct candidates *c, const struct archive *archive,
		 struct arena *arena)
{
	e->stands_for = c->total;
	e->nterms = c->n;
	e->terms = arena_alloc(arena, c->n * sizeof *e->terms);
	e->found = arena_zalloc(arena, archive->nsegments * c->n * sizeof *e->found);
	e->whole = arena_zalloc(arena, archive->nsegments * c->n * sizeof *e->whole);
	e->df = 0;
	for (size_t i = 0; i < c->n; i++) {
		e->terms[i] = c->v[i].term;
		for (uint32_t j = 0; j < c->v[i].n; j++) {
			const struct entry *entry = &c->v[i].entries[j];

			e->found[entry->segment * c->n + i] = entry->info;
			e->whole[entry->segment * c->n + i] = entry->whole;
		}
		if (c->v[i].df > e->df) {
			e->df = c->v[i].df;
			e->commonest = i;
		}
	}
}

int expand(struct plan_element *e, const struct archive *archive, struct arena *arena, struct err *err)
{
	struct candidates c;
	int rc = candidates_find(&c, e, e->misspelt ? FUZZY_MAX : EXPANSIONS_MAX, archive, arena, err);

	take(e, &c, archive, arena);
	candidates_release(&c);
	return rc;
}
