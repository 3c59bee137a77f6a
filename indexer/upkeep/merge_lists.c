/* The postings and positions of one term, from the segments that have it.
 *
 * A segment's docs ascend in the result too, so its list, renumbered, is a run of
 * ascending docs. There are two ways to make one of the runs.
 *
 * Where many docs of a segment follow each other in the result (an archive fed in order of
 * date; one segment alone), a run is copied up to where the next one begins.
 *
 * Where they interleave, the runs are merged as bare numbers first, without branches to
 * guess; who each doc came from, and that it is the next of that segment's postings, follows.
 *
 * Gaps between positions are those within an article, so they are copied as they are.
 * Segments with dead docs are read by functions that ask of each posting whether it lives;
 * the others are not asked. The measurement: docs/DECISIONS.md, "Merging". */
#include "base/mem.h"
#include "upkeep/merge.h"
#include "text/analyze.h"

/* ---- docs ---- */

static void merge_two(uint32_t *out, const uint32_t *a, const uint32_t *a_end, const uint32_t *b,
		      const uint32_t *b_end)
{
	while (a < a_end && b < b_end) {
		bool first = *a < *b;

		*out++ = first ? *a : *b;
		a += first;
		b += !first;
	}
	memcpy(out, a, (size_t)(a_end - a) * sizeof *a);
	memcpy(out + (a_end - a), b, (size_t)(b_end - b) * sizeof *b);
}

/* Merge neighbouring runs of m->docs, which begin at ends[i - 1] and end at ends[i]. */
static uint32_t merge_pairs(struct merger *m, uint32_t *ends, uint32_t n)
{
	uint32_t from = 0, out = 0, *swap;

	for (uint32_t i = 0; i < n; i += 2) {
		uint32_t middle = ends[i], to = i + 1 < n ? ends[i + 1] : middle;

		merge_two(m->scratch + from, m->docs + from, m->docs + middle, m->docs + middle,
			  m->docs + to);
		ends[out++] = from = to;
	}
	swap = m->docs;
	m->docs = m->scratch;
	m->scratch = swap;
	return out;
}

/* The docs of the decoded block that live, by their numbers in the result: how many; `room` at most. */
static uint32_t renumber(const struct merge_source *s, uint32_t *docs, uint32_t room)
{
	const struct postings *p = &s->postings;
	uint32_t n = 0;

	if (!s->segment->dead.n) {
		for (; n < p->n && n < room; n++)
			docs[n] = s->doc[p->docs[n]];
		return n;
	}
	for (uint32_t k = 0; k < p->n && n < room; k++)
		if (!dead_docs_has(&s->segment->dead, p->docs[k]))
			docs[n++] = s->doc[p->docs[k]];
	return n;
}

/* The docs of the term's postings, ascending. */
static int gather_docs(struct merger *m, uint32_t df, struct err *err)
{
	uint32_t ends[MERGE_MAX], runs = 0, n = 0;

	if (df > m->docs_cap) { /* both, as they change places */
		MEM_GROW(m->docs, m->docs_cap, df);
		m->scratch = mem_realloc_array(m->scratch, m->docs_cap, sizeof *m->scratch);
	}
	for (uint32_t i = 0; i < m->ngroup; i++) {
		struct merge_source *s = &m->sources[m->group[i]];
		uint32_t from = n;

		postings_open(&s->postings, s->segment, &s->terms.info);
		for (uint32_t block = 0; block < s->postings.nblocks; block++) {
			if (!postings_load(&s->postings, block))
				return merge_damaged(s, err);
			n += renumber(s, m->docs + n, df - n);
		}
		if (n - from != s->df)
			return merge_damaged(s, err);
		if (from && m->docs[from - 1] < m->docs[from])
			runs--;
		ends[runs++] = n;
	}
	while (runs > 1)
		runs = merge_pairs(m, ends, runs);
	return 0;
}

/* ---- positions ---- */

/* The source's next chunk, its form numbers those of the result. */
static bool next_chunk(const struct merger *m, struct merge_source *s)
{
	uint32_t *forms = s->positions.forms, wrong = 0;

	s->chunk_at = 0;
	s->chunk_n = positions_load(&s->positions, s->next_chunk++);
	if (!m->positions.has_forms)
		return s->chunk_n > 0;
	for (uint32_t i = 0; i < s->chunk_n; i++) {
		uint32_t form = s->positions.has_forms ? forms[i] : 0;

		wrong |= form >= s->nforms;
		forms[i] = s->forms[form < s->nforms ? form : 0];
	}
	return s->chunk_n > 0 && !wrong;
}

static uint32_t min32(uint32_t a, uint32_t b)
{
	return a < b ? a : b;
}

/* Copy the source's next `count` occurrences. */
static bool copy_occurrences(struct merger *m, struct merge_source *s, uint32_t count)
{
	struct positions_writer *w = &m->positions;

	while (count) {
		uint32_t n;

		if (s->chunk_at == s->chunk_n && !next_chunk(m, s))
			return false;
		n = min32(count, min32(s->chunk_n - s->chunk_at, POSTINGS_BLOCK - w->filled));
		memcpy(w->gaps + w->filled, s->positions.gaps + s->chunk_at, n * sizeof *w->gaps);
		memcpy(w->forms + w->filled, s->positions.forms + s->chunk_at, n * sizeof *w->forms);
		s->chunk_at += n;
		count -= n;
		if ((w->filled += n) == POSTINGS_BLOCK)
			positions_end_chunk(w);
	}
	return true;
}

/* Leave the source's next `count` occurrences out. */
static bool pass_occurrences(const struct merger *m, struct merge_source *s, uint32_t count)
{
	while (count) {
		uint32_t n;

		if (s->chunk_at == s->chunk_n && !next_chunk(m, s))
			return false;
		n = min32(count, s->chunk_n - s->chunk_at);
		s->chunk_at += n;
		count -= n;
	}
	return true;
}

#define FEW 8u /* occurrences: most articles have no more */

/* The same, without a loop to guess the end of where there are few: what is copied beyond
 * them is overwritten by the next. */
static inline bool copy_few(struct merger *m, struct merge_source *s, uint32_t count)
{
	struct positions_writer *w = &m->positions;

	if (count > FEW || s->chunk_at + FEW > s->chunk_n || w->filled + FEW >= POSTINGS_BLOCK)
		return copy_occurrences(m, s, count);
	memcpy(w->gaps + w->filled, s->positions.gaps + s->chunk_at, FEW * sizeof *w->gaps);
	memcpy(w->forms + w->filled, s->positions.forms + s->chunk_at, FEW * sizeof *w->forms);
	s->chunk_at += count;
	w->filled += count;
	return true;
}

/* The list of the only source is that of the result. */
static int copy_positions(struct merger *m, struct term_info *info, struct err *err)
{
	const struct merge_source *s = &m->sources[m->group[0]];
	struct bytes list =
		bytes_of(s->segment->sections[SEC_POSN].p + s->terms.info.posn, s->terms.info.posn_size);

	if (segment_touch(s->segment, list.p, list.n) < 0)
		return merge_damaged(s, err);
	buf_add_bytes(&m->parts->posn, list);
	info->posn_size = list.n;
	return 0;
}

/* ---- postings ---- */

/* Docs are needed to ask who lives, and where runs are copied. */
static bool next_block(const struct merger *m, struct merge_source *s)
{
	bool (*load)(struct postings * c, uint32_t block) =
		s->segment->dead.n || m->in_runs ? postings_load : postings_enter;

	s->at = 0;
	if (s->next_block == s->postings.nblocks || !load(&s->postings, s->next_block++))
		return false;
	postings_load_starts(&s->postings);
	s->occurrences += s->postings.starts[s->postings.n];
	return s->postings.rc == 0;
}

/* Stand on the source's next posting: of a doc that lives, if some are dead. Dead ones at the
 * end are passed over too. */
static bool next_posting(const struct merger *m, struct merge_source *s, bool positions)
{
	const struct postings *p = &s->postings;

	if (!s->segment->dead.n)
		return s->at < p->n || next_block(m, s);
	for (;;) {
		for (; s->at < p->n && dead_docs_has(&s->segment->dead, p->docs[s->at]); s->at++)
			if (positions && !pass_occurrences(m, s, p->starts[s->at + 1] - p->starts[s->at]))
				return false;
		if (s->at < p->n)
			return true;
		if (!next_block(m, s))
			return false;
	}
}

/* How many postings from here on, n at most, are of docs that live. */
static uint32_t living_stretch(const struct merge_source *s, uint32_t n)
{
	const struct postings *p = &s->postings;
	uint32_t part = 1;

	n = min32(n, p->n - s->at);
	if (!s->segment->dead.n)
		return n;
	while (part < n && !dead_docs_has(&s->segment->dead, p->docs[s->at + part]))
		part++;
	return part;
}

/* Frequencies of the next n docs, each from where it came from. */
static int take_each(struct merger *m, const uint32_t *docs, uint32_t n, bool positions, struct err *err)
{
	for (uint32_t i = 0; i < n; i++) {
		struct merge_source *s = &m->sources[m->source_of[docs[i]]];
		const struct postings *p = &s->postings;

		if (!next_posting(m, s, positions))
			return merge_damaged(s, err);
		m->freqs[i] = p->freqs[s->at];
		m->headlines[i] = p->headlines[s->at];
		if (positions && !copy_few(m, s, p->starts[s->at + 1] - p->starts[s->at]))
			return merge_damaged(s, err);
		s->at++;
	}
	return 0;
}

/* Stand before the beginning of each source's list. Sizes are checked before room is made. */
static int rewind_sources(struct merger *m, bool positions, struct err *err)
{
	for (uint32_t i = 0; i < m->ngroup; i++) {
		struct merge_source *s = &m->sources[m->group[i]];

		if (m->in_runs) /* else its docs have been gathered */
			postings_open(&s->postings, s->segment, &s->terms.info);
		s->next_block = 0;
		s->occurrences = 0;
		s->left = s->df;
		s->at = s->postings.n; /* so that the first block is entered */
		s->next_chunk = s->chunk_at = s->chunk_n = 0;
		if (!positions)
			continue;
		positions_open(&s->positions, s->segment, &s->terms.info);
		if (s->positions.n != s->terms.info.occurrences)
			return merge_damaged(s, err);
	}
	return 0;
}

/* ---- runs ---- */

/* Stand on the source's next posting, wherever that is in the result. */
static bool stand(const struct merger *m, struct merge_source *s, bool positions)
{
	if (!next_posting(m, s, positions))
		return false;
	s->next = s->doc[s->postings.docs[s->at]];
	return true;
}

/* The first source of the queue stands farther on now: it goes behind those that come before it. */
static void queue_again(struct merger *m, uint32_t first)
{
	uint32_t source = m->queue[first], next = m->sources[source].next;

	for (; first + 1 < m->ngroup && m->sources[m->queue[first + 1]].next < next; first++)
		m->queue[first] = m->queue[first + 1];
	m->queue[first] = source;
}

/* All sources of the group, that with the first doc in front. */
static int queue_sources(struct merger *m, bool positions, struct err *err)
{
	for (uint32_t i = m->ngroup; i-- > 0;) {
		struct merge_source *s = &m->sources[m->group[i]];

		if (!stand(m, s, positions))
			return merge_damaged(s, err);
		m->queue[i] = m->group[i];
		queue_again(m, i);
	}
	return 0;
}

/* How many postings from here on, `room` at most, are of docs that live and come before `limit` in the
 * result. The first one does. Their docs go to *docs. */
static uint32_t take_docs(const struct merge_source *s, uint32_t limit, uint32_t room, uint32_t *docs)
{
	const uint32_t *from = s->postings.docs + s->at;
	uint32_t n = living_stretch(s, room), taken = 0;

	while (taken < n && (docs[taken] = s->doc[from[taken]]) < limit)
		taken++;
	return taken;
}

/* The next `n` postings of the source that the queue begins with, of docs before `limit`, behind the `filled`
 * ones of the block: how many there were, 0 if it is damaged. */
static uint32_t take_run(struct merger *m, struct merge_source *s, uint32_t limit, uint32_t filled,
			 uint32_t n, bool positions)
{
	const struct postings *p = &s->postings;

	n = take_docs(s, limit, n, m->block + filled);
	memcpy(m->freqs + filled, p->freqs + s->at, n * sizeof *m->freqs);
	memcpy(m->headlines + filled, p->headlines + s->at, n * sizeof *m->headlines);
	if (positions && !copy_occurrences(m, s, p->starts[s->at + n] - p->starts[s->at]))
		return 0;
	s->at += n;
	s->left -= n;
	return n;
}

/* The lists of the group, each a run up to where the next one begins. */
static int take_runs(struct merger *m, uint32_t df, bool positions, struct err *err)
{
	const struct postings_columns columns = { m->block, m->freqs, m->headlines };
	uint32_t first = 0, filled = 0;
	int rc = queue_sources(m, positions, err);

	for (uint32_t n; rc == 0 && df; df -= n) {
		struct merge_source *s = &m->sources[m->queue[first]];
		uint32_t limit = first + 1 < m->ngroup ? m->sources[m->queue[first + 1]].next : UINT32_MAX;

		n = take_run(m, s, limit, filled, min32(POSTINGS_BLOCK - filled, df), positions);
		if (!n || (s->left && !stand(m, s, positions)))
			return merge_damaged(s, err);
		if (s->left)
			queue_again(m, first);
		else
			first++;
		filled += n;
		if (filled < POSTINGS_BLOCK && n < df)
			continue;
		postings_add(&m->postings, &columns, filled);
		filled = 0;
	}
	return rc;
}

/* ---- lists ---- */

static int take_interleaved(struct merger *m, uint32_t df, bool positions, struct err *err)
{
	int rc = 0;

	for (uint32_t at = 0, n; rc == 0 && at < df; at += n) {
		const struct postings_columns columns = { m->docs + at, m->freqs, m->headlines };

		n = min32(POSTINGS_BLOCK, df - at);
		rc = take_each(m, m->docs + at, n, positions, err);
		if (rc == 0)
			postings_add(&m->postings, &columns, n);
	}
	return rc;
}

/* Each source's postings have as many occurrences as its dictionary says, those that are dead
 * and stand at the end as well. */
static int check_occurrences(const struct merger *m, struct err *err)
{
	for (uint32_t i = 0; i < m->ngroup; i++) {
		struct merge_source *s = &m->sources[m->group[i]];

		if (s->segment->dead.n && next_posting(m, s, false))
			return merge_damaged(s, err);
		if (s->occurrences != s->terms.info.occurrences)
			return merge_damaged(s, err);
	}
	return 0;
}

int merge_lists(struct merger *m, uint32_t nforms, struct term_info *info, struct err *err)
{
	bool no_places = term_has_no_places(m->term);
	bool positions = !no_places && (m->ngroup > 1 || m->thinned);
	struct postings_context context = m->context;
	int rc = 0;

	m->in_runs = m->ngroup == 1 || m->has_runs;
	if (!m->in_runs && (rc = gather_docs(m, info->df, err)) < 0)
		return rc;
	if (no_places)
		context.headline_weight = 1;
	info->post = parts_post(m->parts);
	info->posn = parts_posn(m->parts);
	if ((rc = rewind_sources(m, positions, err)) < 0)
		return rc;
	postings_begin(&m->postings, info->df, &context);
	if (positions)
		positions_begin(&m->positions, &m->parts->posn, info->occurrences, nforms);
	rc = m->in_runs ? take_runs(m, info->df, positions, err)
			: take_interleaved(m, info->df, positions, err);
	if (rc < 0 || (rc = check_occurrences(m, err)) < 0)
		return rc;
	if (!postings_end(&m->postings, &m->parts->post) || (positions && !positions_end(&m->positions)))
		return ERR_LIMIT;
	if (!no_places && !positions && (rc = copy_positions(m, info, err)) < 0)
		return rc;
	info->post_size = parts_post(m->parts) - info->post;
	info->posn_size = parts_posn(m->parts) - info->posn;
	return 0;
}
