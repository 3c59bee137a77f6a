#include "upkeep/stats.h"

#include "archive/catalog_care.h"
#include "base/civil.h"
#include "base/mem.h"

#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#define LOOK_EVERY 65536u /* docs or terms between two looks for a stop */

struct gatherer {
	struct stats *s;
	struct archive *archive;
	const volatile sig_atomic_t *stop;
	uint64_t *by_source; /* articles by id */
	size_t by_source_cap;
	uint32_t *by_month; /* articles by month since year 0 */
};

#define MONTHS (10000 * 12) /* of the years that a date can have */

static int damaged(const struct segment *seg, struct err *err)
{
	return segment_fault(seg, "it", err);
}

/* ---- docs ---- */

static void count_date(struct gatherer *g, int64_t date)
{
	struct stats *s = g->s;
	struct civil c;

	if (date == CIVIL_NONE)
		return;
	c = civil_from_seconds(date);
	if (c.year >= 1 && c.year <= 9999)
		g->by_month[c.year * 12 + c.month - 1]++;
	if (!s->dated || date < s->first)
		s->first = date;
	if (!s->dated || date > s->last)
		s->last = date;
	s->dated++;
}

static int count_docs(struct gatherer *g, const struct segment *seg, struct err *err)
{
	if (segment_touch_docs(seg) < 0)
		return damaged(seg, err);
	for (uint32_t doc = 0; doc < seg->ndocs; doc++) {
		uint32_t source = segment_source(seg, doc);

		if (doc % LOOK_EVERY == 0 && *g->stop)
			return err_stopped(err);
		if (dead_docs_has(&seg->dead, doc))
			continue;
		if (source < g->by_source_cap)
			g->by_source[source]++;
		count_date(g, segment_date(seg, doc));
	}
	return 0;
}

static int by_articles(const void *x, const void *y)
{
	const struct stats_source *a = x, *b = y;

	if (a->articles != b->articles)
		return a->articles > b->articles ? -1 : 1;
	return (a->id > b->id) - (a->id < b->id);
}

static void add_source(struct gatherer *g, int64_t id, struct bytes name)
{
	struct stats *s = g->s;
	struct stats_source *to;

	if (!g->by_source[id])
		return; /* of articles that are gone */
	MEM_GROW(s->sources, s->sources_cap, s->nsources + 1);
	to = &s->sources[s->nsources++];
	*to = (struct stats_source){ .id = id, .name = BUF_INIT, .articles = g->by_source[id] };
	buf_add_bytes(&to->name, name);
}

/* Names for the sources that were counted, up to the last one of the catalog. */
static int name_sources(struct gatherer *g, struct err *err)
{
	struct bytes name;
	int64_t id = 0;
	int got;

	add_source(g, 0, BYTES_NONE);
	while ((got = catalog_next_source(g->archive->catalog, &id, &name, err)) > 0)
		add_source(g, id, name);
	if (g->s->nsources)
		qsort(g->s->sources, g->s->nsources, sizeof *g->s->sources, by_articles);
	return got;
}

/* ---- holes ---- */

static void add_hole(struct stats *s, int32_t first, int32_t last, bool years)
{
	MEM_GROW(s->holes, s->holes_cap, s->nholes + 1);
	s->holes[s->nholes++] = (struct stats_hole){ first, last, years };
}

/* Have the up to twelve months from `from` on, before `to`, STATS_DENSE articles each on average? */
static bool is_dense(const struct gatherer *g, int32_t from, int32_t to)
{
	uint64_t sum = 0;
	int32_t n = to - from < 12 ? to - from : 12;

	for (int32_t i = 0; i < n; i++)
		sum += g->by_month[from + i];
	return sum >= (uint64_t)STATS_DENSE * (uint64_t)n;
}

/* The months [from, to) have no article; those beside them do. */
static void judge(struct gatherer *g, int32_t from, int32_t to, int32_t first, int32_t end)
{
	int32_t before = from - 12 > first ? from - 12 : first;
	int32_t year = (from + 11) / 12 * 12, last = to / 12 * 12;

	if (is_dense(g, before, from) && is_dense(g, to, end))
		add_hole(g->s, from, to - 1, false);
	else if (year < last)
		add_hole(g->s, year, last - 1, true);
}

static void find_holes(struct gatherer *g)
{
	int32_t first = 0, end = MONTHS;

	while (first < end && !g->by_month[first])
		first++;
	while (end > first && !g->by_month[end - 1])
		end--;
	for (int32_t month = first; month < end; month++) {
		int32_t from = month;

		while (!g->by_month[month])
			month++;
		if (from < month)
			judge(g, from, month, first, end);
	}
}

/* ---- segments ---- */

static int add_segment(struct gatherer *g, const struct segment *seg, const struct catalog_segment *row,
		       struct err *err)
{
	struct stats_segment *to = &g->s->segments[g->s->nsegments++];
	struct stat st;

	*to = (struct stats_segment){ .row = *row, .terms = seg->nterms };
	if (stat(seg->path, &st) == 0)
		to->modified = (int64_t)st.st_mtim.tv_sec;
	for (int i = 0; i < SEC_COUNT; i++)
		g->s->sections[i] += seg->sections[i].n;
	g->s->index += seg->size;
	return count_docs(g, seg, err);
}

static int add_segments(struct gatherer *g, struct err *err)
{
	struct catalog_segment row;
	int64_t after = 0;
	int rc = 0, got = 0;

	g->s->segments = mem_zalloc(g->archive->nsegments, sizeof *g->s->segments);
	for (size_t i = 0; rc == 0 && i < g->archive->nsegments; i++) {
		const struct segment *seg = &g->archive->segments[i];

		if (seg->maker) {
			g->s->tail = seg->ndocs;
			rc = count_docs(g, seg, err);
			break;
		}
		if ((got = catalog_next_segment(g->archive->catalog, &after, &row, err)) <= 0)
			break;
		rc = add_segment(g, seg, &row, err);
	}
	return got < 0 ? got : rc;
}

/* ---- vocabulary ---- */

/* Stand on the first stem: what comes before are headline lists and marks. */
static int open_terms(const struct archive *a, struct dict_cursor *c, bool *more, struct err *err)
{
	for (size_t i = 0; i < a->nsegments; i++) {
		int got = dict_seek(&c[i], &a->segments[i], bytes_of((const uint8_t *)" ", 1));

		if (got < 0)
			return damaged(&a->segments[i], err);
		more[i] = got > 0;
	}
	return 0;
}

/* Count the least term of all, and go on behind it: 1, 0 none is left, or an error. */
static int count_term(const struct archive *a, struct dict_cursor *c, bool *more, struct err *err)
{
	struct bytes least = BYTES_NONE;
	uint8_t term[TERM_MAX];

	for (size_t i = 0; i < a->nsegments; i++)
		if (more[i] && (!least.n || bytes_compare(dict_term(&c[i]), least) < 0))
			least = dict_term(&c[i]);
	if (!least.n)
		return 0;
	memcpy(term, least.p, least.n);
	least.p = term;
	for (size_t i = 0; i < a->nsegments; i++) {
		int got = more[i];

		if (got && bytes_equal(dict_term(&c[i]), least) && (got = dict_next(&c[i])) < 0)
			return damaged(&a->segments[i], err);
		more[i] = got > 0;
	}
	return 1;
}

static int count_terms(struct gatherer *g, struct err *err)
{
	const struct archive *a = g->archive;
	struct dict_cursor *cursors = mem_zalloc(a->nsegments, sizeof *cursors);
	bool *more = mem_zalloc(a->nsegments, sizeof *more);
	int rc = open_terms(a, cursors, more, err);

	while (rc >= 0 && (rc = count_term(a, cursors, more, err)) > 0)
		if (++g->s->terms % LOOK_EVERY == 0 && *g->stop)
			rc = err_stopped(err);
	free(cursors);
	free(more);
	return rc;
}

/* ---- */

static int gather(struct gatherer *g, struct err *err)
{
	struct stats *s = g->s;
	struct archive *a = g->archive;
	int64_t last = 0;
	uint64_t segments;
	int rc;

	if ((rc = catalog_last_source(a->catalog, &last, err)) < 0)
		return rc;
	g->by_source_cap = (size_t)last + 1;
	g->by_source = mem_zalloc(g->by_source_cap, sizeof *g->by_source);
	if ((rc = add_segments(g, err)) < 0 || (rc = name_sources(g, err)) < 0)
		return rc;
	find_holes(g);
	if ((rc = count_terms(g, err)) < 0 ||
	    (rc = catalog_text_sizes(a->catalog, g->stop, &s->texts, &s->stored, err)) < 0)
		return rc;
	return archive_sizes(a, &s->catalog, &segments, err);
}

int stats_gather(struct stats *s, struct archive *a, const volatile sig_atomic_t *stop, struct err *err)
{
	struct gatherer g = { .s = s, .archive = a, .stop = stop };
	int rc;

	*s = (struct stats){
		.articles = a->ndocs, .words = a->words, .first = CIVIL_NONE, .last = CIVIL_NONE
	};
	g.by_month = mem_zalloc(MONTHS, sizeof *g.by_month);
	rc = gather(&g, err);
	free(g.by_source);
	free(g.by_month);
	return rc;
}

void stats_release(struct stats *s)
{
	for (size_t i = 0; i < s->nsources; i++)
		buf_release(&s->sources[i].name);
	free(s->holes);
	free(s->sources);
	free(s->segments);
	*s = (struct stats){ .articles = 0 };
}
