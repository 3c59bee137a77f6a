#include "patterns/suggest.h"

#include "base/mem.h"
#include "patterns/candidates.h"
#include "segment/form_list.h"

#include <stdlib.h>

struct suggester {
	const struct archive *archive;
	struct tokens tokens;
	const struct token *word; /* one that stands for all of what was asked; NULL: none does */
	struct plan_element element;
	struct pattern pattern;
	struct buf scratch;
	struct arena *arena;
	struct err *err;
};

/* ---- the word ---- */

static void find_word(struct suggester *s, struct bytes text, struct analyzer *analyzer)
{
	size_t words = 0;

	analyze_text(analyzer, text, &s->tokens);
	for (size_t i = 0; i < s->tokens.n; i++) {
		const struct token *t = &s->tokens.v[i];

		words += token_takes_position(t);
		if (t->kind == TOKEN_WORD && !s->word)
			s->word = t;
		if (t->kind == TOKEN_WHOLE) /* al-qaida: alqaida */
			s->word = t;
	}
	if (words > 1 && s->word && s->word->kind != TOKEN_WHOLE)
		s->word = NULL;
}

static unsigned edits_allowed(struct bytes form)
{
	uint32_t letters = 0, c;
	size_t size;

	for (size_t at = 0; at < form.n; at += size) {
		letters += char_class_at(form, at, &size) == CHAR_LETTER;
		utf8_decode(form.p + at, form.p + form.n, &c);
	}
	return letters < 3 ? 0 : letters < 6 ? 1 : 2;
}

/* ---- the best of what is near ---- */

/* A written form, in all segments together. */
struct spelling {
	struct bytes form;
	uint64_t count;
};

struct spellings {
	struct spelling *v;
	size_t n, cap;
};

static void count_spelling(struct suggester *s, struct spellings *all, struct bytes form, uint64_t count)
{
	for (size_t i = 0; i < all->n; i++) {
		if (bytes_equal(all->v[i].form, form)) {
			all->v[i].count += count;
			return;
		}
	}
	MEM_GROW(all->v, all->cap, all->n + 1);
	all->v[all->n++] = (struct spelling){ arena_bytes(s->arena, form), count };
}

/* Count the forms of a stem in one segment that are as near as its nearest. */
static int count_spellings(struct suggester *s, const struct candidate *c, const struct entry *entry,
			   struct spellings *all)
{
	const struct segment *seg = &s->archive->segments[entry->segment];
	struct form_list forms;
	int rc = 0, got;

	if (form_list_open(&forms, segment_forms(seg, &entry->info, &rc), c->term) < 0 || rc < 0)
		return dictionary_corrupt(seg, s->err);
	while ((got = form_list_next(&forms)) > 0) {
		struct bytes form = bytes_of(forms.form, forms.size);

		if (plan_element_edits(&s->element, form, &s->scratch) == c->edits)
			count_spelling(s, all, form, forms.n > 1 ? forms.count : entry->info.occurrences);
	}
	return got < 0 ? dictionary_corrupt(seg, s->err) : 0;
}

static int add_suggestion(struct suggester *s, const struct candidate *c, struct suggestions *out)
{
	struct spellings all = { .v = NULL };
	const struct spelling *best = NULL;
	int rc = 0;

	for (uint32_t i = 0; i < c->n && rc == 0; i++)
		rc = count_spellings(s, c, &c->entries[i], &all);
	for (size_t i = 0; i < all.n; i++)
		if (!best || all.v[i].count > best->count ||
		    (all.v[i].count == best->count && bytes_compare(all.v[i].form, best->form) < 0))
			best = &all.v[i];
	if (rc == 0 && best)
		out->v[out->n++] = (struct suggestion){ best->form, c->df, c->edits };
	free(all.v);
	return rc;
}

/* The best candidates, the word itself apart. */
static int choose(struct suggester *s, struct candidates *c, size_t most, struct suggestions *out)
{
	int rc = 0;

	for (size_t i = 0; i < c->n && out->n < most && rc == 0; i++)
		if (c->v[i].edits > 0 && !bytes_equal(c->v[i].term, s->word->word->stem))
			rc = add_suggestion(s, &c->v[i], out);
	return rc;
}

/* ---- together ---- */

static int count_articles(struct suggester *s, struct suggestions *out)
{
	for (size_t i = 0; i < s->archive->nsegments; i++) {
		struct term_info info;
		int got = dict_find(&s->archive->segments[i], s->word->word->stem, &info);

		if (got < 0)
			return dictionary_corrupt(&s->archive->segments[i], s->err);
		out->articles += got ? info.df : 0;
	}
	return 0;
}

static int look_around(struct suggester *s, size_t most, struct suggestions *out)
{
	unsigned edits = edits_allowed(s->word->word->form);
	struct candidates c;
	size_t at;
	int rc;

	if ((rc = count_articles(s, out)) < 0 || !edits)
		return rc;
	if ((rc = pattern_fuzzy(&s->pattern, s->word->word->form, edits, &at, s->err)) < 0)
		return rc;
	s->element.pattern = &s->pattern;
	rc = candidates_find(&c, &s->element, SIZE_MAX, s->archive, s->arena, s->err);
	if (rc == 0)
		rc = choose(s, &c, most, out);
	candidates_release(&c);
	pattern_release(&s->pattern);
	return rc;
}

int suggest(struct suggestions *out, size_t most, struct bytes word, const struct archive *archive,
	    struct analyzer *analyzer, struct arena *arena, struct err *err)
{
	struct suggester s = { .archive = archive, .arena = arena, .err = err };
	int rc = 0;

	*out = (struct suggestions){ .n = 0 };
	utf8_repair(&s.scratch, word);
	word = arena_bytes(arena, buf_bytes(&s.scratch));
	find_word(&s, word, analyzer);
	if (s.word)
		rc = look_around(&s, most < SUGGEST_MAX ? most : SUGGEST_MAX, out);
	tokens_release(&s.tokens);
	buf_release(&s.scratch);
	return rc;
}
