#include "patterns/expand.h"

#include "patterns/candidates.h"

static void choose(struct candidates *c, struct plan_element *e, struct arena *arena)
{
	uint32_t limit = e->misspelt ? FUZZY_MAX : EXPANSIONS_MAX;

	candidates_sort(c);
	e->stands_for = c->n;
	e->nterms = c->n < limit ? c->n : limit;
	e->terms = arena_alloc(arena, e->nterms * sizeof *e->terms);
	e->df = 0;
	for (size_t i = 0; i < e->nterms; i++) {
		e->terms[i] = arena_bytes(arena, c->v[i].term);
		if (c->v[i].df > e->df) {
			e->df = c->v[i].df;
			e->commonest = i;
		}
	}
}

/* Keep what each segment's dictionary says of the chosen ones. */
static int look_up(const struct candidates *all, struct plan_element *e, const struct archive *archive,
		   struct arena *arena, struct err *err)
{
	struct dict_cursor cursor = { .seg = NULL };

	e->found = arena_zalloc(arena, archive->nsegments * e->nterms * sizeof *e->found);
	for (size_t i = 0; i < e->nterms; i++) {
		const struct candidate *c = &all->v[i];

		for (uint32_t j = 0; j < c->n; j++) {
			const struct entry *entry = &c->entries[j];
			const struct segment *seg = &archive->segments[entry->segment];

			if (dict_read(&cursor, seg, entry->block, entry->place) < 0)
				return dictionary_corrupt(seg, err);
			e->found[entry->segment * e->nterms + i] = cursor.info;
		}
	}
	return 0;
}

int expand(struct plan_element *e, const struct archive *archive, struct arena *arena, struct err *err)
{
	struct candidates c;
	int rc = candidates_find(&c, e, archive, err);

	choose(&c, e, arena);
	if (rc == 0)
		rc = look_up(&c, e, archive, arena, err);
	candidates_release(&c);
	return rc;
}
