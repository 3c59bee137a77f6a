#include "upkeep/merge.h"

#include "base/civil.h"
#include "base/mem.h"

#include <inttypes.h>
#include <stdlib.h>

#define LONG_RUN 64u /* docs of one source after the other, on average, from which on runs are copied */

#define KEPT_SLOTS 256 /* a form table that has grown beyond is made anew: emptying it costs its size */

int merge_damaged(const struct merge_source *s, struct err *err)
{
	return err_set(err, ERR_CORRUPT, "%s: damaged: it does not match its checksums", s->segment->path);
}

/* ---- which source comes next: a heap ---- */

typedef bool source_before(const struct merge_source *a, const struct merge_source *b);

/* The source at `at` may come too early: let it sink. */
static void sink(struct merger *m, source_before *before, uint32_t at)
{
	uint32_t sinking = m->heap[at], child;

	for (; (child = 2 * at + 1) < m->nheap; at = child) {
		if (child + 1 < m->nheap &&
		    before(&m->sources[m->heap[child + 1]], &m->sources[m->heap[child]]))
			child++;
		if (!before(&m->sources[m->heap[child]], &m->sources[sinking]))
			break;
		m->heap[at] = m->heap[child];
	}
	m->heap[at] = sinking;
}

/* Order the sources that are in the heap already. */
static void make_heap(struct merger *m, source_before *before)
{
	for (uint32_t at = m->nheap / 2; at-- > 0;)
		sink(m, before, at);
}

/* The first source has moved on (`more`) or is done. */
static void settle_first(struct merger *m, source_before *before, bool more)
{
	if (!more)
		m->heap[0] = m->heap[--m->nheap];
	if (m->nheap)
		sink(m, before, 0);
}

/* ---- documents ---- */

/* Newest first: the order of docs/FORMAT.md, "Documents". */
static bool newer(const struct merge_source *a, const struct merge_source *b)
{
	return a->date != b->date ? a->date > b->date : a->article < b->article;
}

/* Go to the source's next doc that lives; false: there is none. */
static bool find_doc(struct merge_source *s)
{
	while (s->at < s->segment->ndocs && dead_docs_has(&s->segment->dead, s->at))
		s->at++;
	if (s->at == s->segment->ndocs)
		return false;
	s->date = segment_date(s->segment, s->at);
	s->article = segment_article(s->segment, s->at);
	return true;
}

static void copy_doc(struct merger *m, struct merge_source *s, uint32_t doc)
{
	struct doc_columns *d = &m->parts->docs;

	d->date[doc] = s->date;
	d->article[doc] = s->article;
	d->source[doc] = segment_source(s->segment, s->at);
	d->story[doc] = segment_story(s->segment, s->at);
	d->headline[doc] = (uint16_t)segment_headline(s->segment, s->at);
	d->length[doc] = segment_length_code(s->segment, s->at);
	d->ndated += s->date != CIVIL_NONE;
	m->source_of[doc] = (uint16_t)(s - m->sources);
	s->doc[s->at] = doc;
}

/* May it come after the doc before? Those that were dead from the beginning are all article 0. */
static bool is_in_order(const struct merge_source *before, const struct merge_source *s)
{
	return newer(before, s) || (!before->article && !s->article && before->date == s->date);
}

static int merge_docs(struct merger *m, struct err *err)
{
	const struct doc_columns *d = &m->parts->docs;
	uint32_t runs = 0;

	m->nheap = 0;
	for (uint32_t i = 0; i < m->n; i++)
		if (m->sources[i].at < m->sources[i].segment->ndocs)
			m->heap[m->nheap++] = i;
	make_heap(m, newer);
	for (uint32_t doc = 0; m->nheap; doc++) {
		struct merge_source *s = &m->sources[m->heap[0]];
		struct merge_source before = { .date = doc ? d->date[doc - 1] : 0,
					       .article = doc ? d->article[doc - 1] : 0 };

		if (doc && !is_in_order(&before, s))
			return err_set(err, ERR_CORRUPT,
				       "%s: damaged: article %" PRIu32
				       " is there twice or not where it belongs",
				       s->segment->path, s->article);
		copy_doc(m, s, doc);
		runs += !doc || m->source_of[doc] != m->source_of[doc - 1];
		s->at++;
		settle_first(m, newer, find_doc(s));
	}
	m->has_runs = d->n / LONG_RUN >= runs;
	return 0;
}

/* ---- beginning ---- */

static int by_first_doc(const void *x, const void *y)
{
	return newer(y, x) - newer(x, y);
}

/* The segments as sources: one with newer articles first, so that lists of segments whose
 * dates do not overlap follow each other. */
static int open_sources(struct merger *m, const struct segment *segments, struct err *err)
{
	for (uint32_t i = 0; i < m->n; i++) {
		struct merge_source *s = &m->sources[i];

		s->segment = &segments[i];
		if (segment_touch_docs(s->segment) < 0)
			return merge_damaged(s, err);
		find_doc(s);
		s->doc = mem_realloc_array(NULL, s->segment->ndocs, sizeof *s->doc);
	}
	qsort(m->sources, m->n, sizeof *m->sources, by_first_doc);
	return 0;
}

static bool term_before(const struct merge_source *a, const struct merge_source *b)
{
	int order = bytes_compare(dict_term(&a->terms), dict_term(&b->terms));

	return order ? order < 0 : a < b;
}

int merger_seek(struct merger *m, struct bytes from, struct bytes until, struct err *err)
{
	m->until = until;
	m->nheap = 0;
	for (uint32_t i = 0; i < m->n; i++) {
		struct merge_source *s = &m->sources[i];
		int got = dict_seek(&s->terms, s->segment, from);

		if (got < 0)
			return merge_damaged(s, err);
		if (got > 0)
			m->heap[m->nheap++] = i;
	}
	make_heap(m, term_before);
	return 0;
}

int merger_begin(struct merger *m, const struct segment *segments, uint32_t n, struct segment_parts *parts,
		 struct err *err)
{
	uint64_t ndocs = 0;
	int rc;

	*m = (struct merger){ .parts = parts, .n = n };
	intern_init(&m->form_names);
	for (uint32_t i = 0; i < n; i++)
		ndocs += segments[i].ndocs - segments[i].dead.n;
	segment_parts_init(parts, ndocs > DOCS_MAX ? 0 : (uint32_t)ndocs, segments[0].headline_weight);
	if (ndocs > DOCS_MAX)
		return err_set(err, ERR_LIMIT, "a segment holds %u articles at most", DOCS_MAX);
	for (uint32_t i = 0; i < n; i++)
		parts->docs.words += segments[i].words - segments[i].dead.words;
	m->sources = mem_zalloc(n, sizeof *m->sources);
	m->source_of = mem_realloc_array(NULL, (size_t)ndocs, sizeof *m->source_of);
	if ((rc = open_sources(m, segments, err)) < 0 || (rc = merge_docs(m, err)) < 0)
		return rc;
	m->context = (struct postings_context){ .lengths = parts->docs.length,
						.average = docs_average(&parts->docs),
						.headline_weight = parts->headline_weight };
	m->ndocs = parts->docs.n;
	return merger_seek(m, BYTES_NONE, BYTES_NONE, err);
}

void merger_join(struct merger *m, const struct merger *whole)
{
	*m = (struct merger){ .n = whole->n,
			      .ndocs = whole->ndocs,
			      .source_of = whole->source_of,
			      .has_runs = whole->has_runs,
			      .context = whole->context,
			      .joined = true };
	intern_init(&m->form_names);
	m->sources = mem_zalloc(m->n, sizeof *m->sources);
	for (uint32_t i = 0; i < m->n; i++) {
		m->sources[i].segment = whole->sources[i].segment;
		m->sources[i].doc = whole->sources[i].doc;
	}
}

void merger_release(struct merger *m)
{
	for (uint32_t i = 0; m->sources && i < m->n; i++) {
		if (!m->joined)
			free(m->sources[i].doc);
		free(m->sources[i].forms);
		free(m->sources[i].dead_forms);
	}
	free(m->sources);
	if (!m->joined)
		free(m->source_of);
	intern_release(&m->form_names);
	free(m->forms);
	free(m->ordered);
	free(m->order);
	free(m->place);
	free(m->docs);
	free(m->scratch);
	postings_writer_release(&m->postings);
	*m = (struct merger){ .n = 0 };
}

/* ---- forms ---- */

static struct bytes form_bytes(const struct merge_source *s, struct err *err, int *rc)
{
	struct bytes list = segment_forms(s->segment, &s->terms.info, rc);

	if (*rc < 0)
		merge_damaged(s, err);
	return list;
}

/* How often a form of the source's list occurs in docs that live. */
static bool living_count(const struct merge_source *s, const struct form_list *list, bool stored,
			 uint32_t form, uint64_t *count)
{
	uint64_t dead = list->n > 1 && s->df < s->terms.info.df ? s->dead_forms[form] : 0;

	*count = stored && list->n > 1 ? list->count : s->living;
	if (dead > *count)
		return false;
	*count -= dead;
	return true;
}

/* Take the source's forms into the table, but those of dead docs alone; s->forms gets their
 * places there. */
static int collect_forms(struct merger *m, struct merge_source *s, struct err *err)
{
	struct form_list list;
	int rc = 0, got = ERR_CORRUPT;
	struct bytes bytes = form_bytes(s, err, &rc);

	if (rc < 0 || form_list_open(&list, bytes, m->term) < 0)
		return merge_damaged(s, err);
	MEM_GROW(s->forms, s->forms_cap, list.n);
	s->nforms = list.n;
	for (uint32_t i = 0; i < list.n && (got = form_list_next(&list)) > 0; i++) {
		uint32_t known = m->form_names.n, id;
		uint64_t count;

		s->forms[i] = 0;
		if (!living_count(s, &list, bytes.n > 0, i, &count))
			return merge_damaged(s, err);
		if (!count)
			continue;
		id = intern_add(&m->form_names, bytes_of(list.form, list.size));
		MEM_GROW(m->forms, m->forms_cap, id + 1);
		if (id == known)
			m->forms[id] = (struct form_count){ .form = m->form_names.strings[id] };
		m->forms[id].count += count;
		s->forms[i] = id;
	}
	return got <= 0 || form_list_next(&list) < 0 ? merge_damaged(s, err) : 0;
}

/* qsort has no context argument in C11. */
static _Thread_local const struct form_count *sorting;

static int by_count(const void *x, const void *y)
{
	const struct form_count *a = &sorting[*(const uint32_t *)x], *b = &sorting[*(const uint32_t *)y];

	if (a->count != b->count)
		return a->count > b->count ? -1 : 1;
	return bytes_compare(a->form, b->form);
}

/* Number the collected forms, most frequent first, and write their list. */
static void number_forms(struct merger *m)
{
	uint32_t n = m->form_names.n;

	MEM_GROW(m->order, m->order_cap, n);
	MEM_GROW(m->place, m->place_cap, n);
	MEM_GROW(m->ordered, m->ordered_cap, n);
	for (uint32_t i = 0; i < n; i++)
		m->order[i] = i;
	sorting = m->forms;
	qsort(m->order, n, sizeof *m->order, by_count);
	for (uint32_t i = 0; i < n; i++) {
		m->ordered[i] = m->forms[m->order[i]];
		m->place[m->order[i]] = i;
	}
	if (n > 1 || !bytes_equal(m->ordered[0].form, m->term))
		form_list_put(&m->parts->form, m->term, m->ordered, n);
}

/* Of a term that several sources have, or that dead docs have. *nforms is 1 before. */
static int unite_forms(struct merger *m, uint32_t *nforms, struct err *err)
{
	uint64_t stored = 0;
	int rc;

	for (uint32_t i = 0; i < m->ngroup; i++)
		stored += m->sources[m->group[i]].terms.info.form_size;
	if (!stored)
		return 0; /* the term is the only form in all of them */
	if (m->form_names.nslots > KEPT_SLOTS)
		intern_release(&m->form_names);
	else
		intern_reset(&m->form_names);
	for (uint32_t i = 0; i < m->ngroup; i++)
		if ((rc = collect_forms(m, &m->sources[m->group[i]], err)) < 0)
			return rc;
	if (!m->form_names.n)
		return merge_damaged(&m->sources[m->group[0]], err);
	number_forms(m);
	*nforms = m->form_names.n;
	for (uint32_t i = 0; i < m->ngroup; i++) {
		struct merge_source *s = &m->sources[m->group[i]];

		for (uint32_t form = 0; form < s->nforms; form++)
			s->forms[form] = m->place[s->forms[form]];
	}
	return 0;
}

static int merge_forms(struct merger *m, uint32_t *nforms, struct term_info *info, struct err *err)
{
	int rc = 0;

	info->form = m->parts->form.n;
	if (m->ngroup > 1 || m->thinned)
		rc = unite_forms(m, nforms, err);
	else
		buf_add_bytes(&m->parts->form, form_bytes(&m->sources[m->group[0]], err, &rc));
	info->form_size = m->parts->form.n - info->form;
	return rc;
}

/* ---- terms ---- */

int merge_too_large(const struct merger *m, const char *what, struct err *err)
{
	return err_set(err, ERR_LIMIT, "one segment of %" PRIu32 " articles would have %s", m->ndocs, what);
}

/* Count what lives of the term; who has it in dead docs only is taken out of the group. */
static int count_living(struct merger *m, struct err *err)
{
	uint32_t gathered = m->ngroup;
	int rc;

	m->thinned = false;
	m->ngroup = m->ngone = 0;
	for (uint32_t i = 0; i < gathered; i++) {
		struct merge_source *s = &m->sources[m->group[i]];

		if ((rc = merge_count_living(s, err)) < 0)
			return rc;
		m->thinned |= s->df < s->terms.info.df;
		m->done += s->terms.info.post_size + s->terms.info.posn_size;
		if (s->df)
			m->group[m->ngroup++] = m->group[i];
		else
			m->gone[m->ngone++] = m->group[i];
	}
	return 0;
}

/* Merge the term of the group. */
static int merge_term(struct merger *m, struct err *err)
{
	struct term_info info = { .df = 0 };
	uint32_t nforms = 1;
	int rc;

	for (uint32_t i = 0; i < m->ngroup; i++) {
		const struct merge_source *s = &m->sources[m->group[i]];

		info.df += s->df;
		info.occurrences += s->living;
	}
	if (info.occurrences > UINT32_MAX)
		return merge_too_large(m, "more than 4294967295 occurrences of one word", err);
	if (m->parts->dict.dict.n > UINT32_MAX)
		return merge_too_large(m, MERGE_DICTIONARY, err);
	if ((rc = merge_forms(m, &nforms, &info, err)) < 0 || (rc = merge_lists(m, nforms, &info, err)) < 0)
		return rc == ERR_LIMIT ? merge_too_large(m, "a list of more than 4 GiB for one word", err)
				       : rc;
	dict_writer_add(&m->parts->dict, m->term, &info);
	return 0;
}

/* Take the sources with the least term out of the heap. */
static void gather_group(struct merger *m)
{
	m->ngroup = 0;
	do {
		m->group[m->ngroup++] = m->heap[0];
		settle_first(m, term_before, false);
	} while (m->nheap && bytes_equal(dict_term(&m->sources[m->heap[0]].terms),
					 dict_term(&m->sources[m->group[0]].terms)));
	m->term = dict_term(&m->sources[m->group[0]].terms);
}

/* A source that has moved on comes back into the heap. */
static void rise(struct merger *m, uint32_t source)
{
	uint32_t at = m->nheap++;

	for (; at && term_before(&m->sources[source], &m->sources[m->heap[(at - 1) / 2]]); at = (at - 1) / 2)
		m->heap[at] = m->heap[(at - 1) / 2];
	m->heap[at] = source;
}

/* Move the sources on to their next terms. */
static int move_on(struct merger *m, const uint32_t *sources, uint32_t n, struct err *err)
{
	for (uint32_t i = 0; i < n; i++) {
		struct merge_source *s = &m->sources[sources[i]];
		int got = dict_next(&s->terms);

		if (got < 0)
			return merge_damaged(s, err);
		if (got > 0)
			rise(m, sources[i]);
	}
	return 0;
}

/* Is the next term not this merger's any more? */
static bool is_beyond(const struct merger *m)
{
	return m->until.n && bytes_compare(dict_term(&m->sources[m->heap[0]].terms), m->until) >= 0;
}

int merger_next(struct merger *m, struct err *err)
{
	int rc;

	if (!m->nheap || is_beyond(m))
		return 0;
	gather_group(m);
	if ((rc = count_living(m, err)) < 0 || (m->ngroup && (rc = merge_term(m, err)) < 0) ||
	    (rc = move_on(m, m->group, m->ngroup, err)) < 0 || (rc = move_on(m, m->gone, m->ngone, err)) < 0)
		return rc;
	return 1;
}
