/* What a segment with dead docs has of one term but for these: the counts that stand in
 * the dictionary and in the list of forms. */
#include "base/mem.h"
#include "upkeep/merge.h"

/* Count `n` occurrences from number `first` on, of a dead doc, by their forms. */
static bool count_forms(struct merge_source *s, uint64_t first, uint32_t n)
{
	struct positions *p = &s->positions;

	for (uint64_t i = first; i < first + n; i++) {
		uint32_t form, at = (uint32_t)(i % POSTINGS_BLOCK);

		if (i / POSTINGS_BLOCK + 1 != s->next_chunk) {
			s->chunk_n = positions_load(p, i / POSTINGS_BLOCK);
			s->next_chunk = i / POSTINGS_BLOCK + 1;
		}
		if (at >= s->chunk_n || (form = p->forms[at]) >= p->nforms)
			return false;
		s->dead_forms[form]++;
	}
	return true;
}

/* Take the dead docs of the decoded block out of the counts. */
static bool count_block(struct merge_source *s)
{
	struct postings *p = &s->postings;

	postings_load_starts(p);
	for (uint32_t k = 0; k < p->n; k++) {
		uint32_t n = p->starts[k + 1] - p->starts[k];

		if (!dead_docs_has(&s->segment->dead, p->docs[k]))
			continue;
		if (n > s->living ||
		    (s->positions.has_forms && !count_forms(s, p->occurrence + p->starts[k], n)))
			return false;
		s->df--;
		s->living -= n;
	}
	return p->rc == 0;
}

/* Forms are counted by their numbers, which stand with the positions. */
static bool open_forms(struct merge_source *s)
{
	const struct term_info *info = &s->terms.info;

	s->next_chunk = s->chunk_n = 0;
	s->positions.has_forms = false;
	if (!info->form_size)
		return true;
	positions_open(&s->positions, s->segment, info);
	if (s->positions.n != info->occurrences)
		return false;
	MEM_GROW(s->dead_forms, s->dead_forms_cap, s->positions.nforms);
	memset(s->dead_forms, 0, s->positions.nforms * sizeof *s->dead_forms);
	return true;
}

int merge_count_living(struct merge_source *s, struct err *err)
{
	const struct dead_docs *dead = &s->segment->dead;
	struct postings *p = &s->postings;

	s->df = s->terms.info.df;
	s->living = s->terms.info.occurrences;
	if (!dead->n)
		return 0;
	postings_open(p, s->segment, &s->terms.info);
	if (!open_forms(s))
		return merge_damaged(s, err);
	for (uint32_t block = 0; block < p->nblocks; block++) {
		if (dead_docs_next(dead, postings_block_base(p, block)) > postings_block_last(p, block))
			continue;
		if (!postings_load(p, block) || !count_block(s))
			return merge_damaged(s, err);
	}
	return p->rc < 0 ? merge_damaged(s, err) : 0;
}
