#include "upkeep/level.h"

#include "base/mem.h"
#include "base/trace.h"
#include "upkeep/merge.h"
#include "sealing.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

/* ---- which to merge ---- */

static uint64_t living(const struct catalog_segment *s)
{
	return (uint64_t)(s->docs - s->dead);
}

size_t level_choose(const struct catalog_segment *segments, size_t n, uint64_t allowed)
{
	uint64_t docs = 0, words = 0; /* of the smaller ones */
	size_t within = 0, all = 0;

	for (size_t i = n; i-- > 0;) {
		uint64_t size = living(&segments[i]);
		bool small = size < (LEVEL_RATIO - 1) * docs;

		docs += size;
		words += (uint64_t)(segments[i].words - segments[i].dead_words);
		if (docs > DOCS_MAX || words > LEVEL_WORDS)
			break;
		if (small)
			all = n - i;
		if (small && docs <= allowed)
			within = n - i;
	}
	return n - (within ? within - 1 : 0) > LEVEL_MANY ? all : within;
}

size_t level_choose_dead(const struct catalog_segment *segments, size_t n, uint64_t allowed)
{
	size_t i = 0;

	while (i < n && ((uint64_t)segments[i].dead * LEVEL_DEAD < (uint64_t)segments[i].docs ||
			 living(&segments[i]) > allowed))
		i++;
	return i;
}

/* ---- merging them ---- */

struct leveler {
	struct archive *archive;
	unsigned jobs;
	const volatile sig_atomic_t *stop;
	struct report *report;
	double began;                 /* the merge that runs now */
	struct catalog_segment *rows; /* largest first */
	size_t n, cap;
};

static int by_size(const void *x, const void *y)
{
	const struct catalog_segment *a = x, *b = y;

	if (living(a) != living(b))
		return living(a) > living(b) ? -1 : 1;
	return (a->id > b->id) - (a->id < b->id);
}

static int load_rows(struct leveler *l, struct err *err)
{
	struct catalog_segment row;
	int64_t after = 0;
	int got;

	l->n = 0;
	while ((got = catalog_next_segment(l->archive->catalog, &after, &row, err)) > 0) {
		MEM_GROW(l->rows, l->cap, l->n + 1);
		l->rows[l->n++] = row;
	}
	if (l->n)
		qsort(l->rows, l->n, sizeof *l->rows, by_size);
	return got;
}

static uint64_t bytes_of_rows(const struct leveler *l)
{
	uint64_t bytes = 0;

	for (size_t i = 0; i < l->n; i++)
		bytes += (uint64_t)l->rows[i].bytes;
	return bytes;
}

static int spill(void *context, struct segment_parts *parts, struct err *err)
{
	const struct leveler *l = context;

	return archive_spill(l->archive, parts, err);
}

static void progress(void *context, uint64_t done, uint64_t all)
{
	const struct leveler *l = context;

	report_bytes(l->report, "merging the index", l->began, done, all);
}

/* Merge the segments into parts. */
static int merge_into(struct leveler *l, const struct segment *segments, size_t n,
		      struct segment_parts *parts, struct err *err)
{
	const struct merge_settings settings = {
		.jobs = l->jobs, .stop = l->stop, .spill = spill, .progress = progress, .context = l
	};
	int rc = merge_segments(segments, (uint32_t)n, &settings, parts, err);

	if (rc == ERR_LIMIT) {
		struct err why = *err;

		err_set(err, ERR_LIMIT, "%s: %s; the segments stay as they are", l->archive->path, why.msg);
	}
	return rc;
}

static void trace_merge(double began, const struct catalog_segment *merged)
{
	char name[32];

	snprintf(name, sizeof name, "%08" PRId64 ".seg", merged->id);
	trace_step("merge", began, (uint64_t)merged->docs, (uint64_t)merged->bytes, name);
}

/* Merge n segments, and take the result to the archive in their place. */
static int merge_open(struct leveler *l, const struct catalog_segment *rows, const struct segment *segments,
		      size_t n, struct err *err)
{
	struct catalog_segment merged;
	struct segment_parts parts;
	int rc;

	l->began = trace_clock();
	rc = merge_into(l, segments, n, &parts, err);

	trace_phase(TRACE_WRITE);
	if (rc == 0 && (rc = archive_replace_segments(l->archive, rows, n, &parts, &merged, err)) == 0) {
		trace_add((uint64_t)merged.docs, (uint64_t)merged.bytes);
		if (trace_level > 1)
			trace_merge(l->began, &merged);
	}
	segment_parts_release(&parts);
	return rc;
}

static int merge_rows(struct leveler *l, const struct catalog_segment *rows, size_t n, struct err *err)
{
	struct segment *segments = mem_zalloc(n, sizeof *segments);
	size_t open = 0;
	int rc = 0;

	trace_phase(TRACE_MERGE);
	while (rc == 0 && open < n)
		if ((rc = archive_open_segment(l->archive, &rows[open], &segments[open], err)) == 0)
			open++;
	if (rc == 0)
		rc = merge_open(l, rows, segments, n, err);
	while (open > 0)
		segment_close(&segments[--open]);
	free(segments);
	return rc;
}

static int merge_smallest(struct leveler *l, size_t n, struct err *err)
{
	n = n < MERGE_MAX ? n : MERGE_MAX;
	return merge_rows(l, l->rows + l->n - n, n, err);
}

/* Do what the rules ask for next: 1 done, 0 nothing. */
static int settle_one(struct leveler *l, uint64_t allowed, struct err *err)
{
	size_t n = level_choose(l->rows, l->n, allowed), i;
	int rc = 0;

	if (n)
		rc = merge_smallest(l, n, err);
	else if ((i = level_choose_dead(l->rows, l->n, allowed)) < l->n)
		rc = merge_rows(l, &l->rows[i], 1, err);
	else
		return 0;
	return rc < 0 ? rc : 1;
}

int level_settle(struct archive *a, uint64_t added, unsigned jobs, const volatile sig_atomic_t *stop,
		 struct report *report, struct err *err)
{
	struct leveler l = { .archive = a, .jobs = jobs, .stop = stop, .report = report };
	uint64_t allowed = added * LEVEL_RATIO > LEVEL_INLINE ? added * LEVEL_RATIO : LEVEL_INLINE;
	int rc;

	while ((rc = load_rows(&l, err)) == 0 && (rc = settle_one(&l, allowed, err)) > 0)
		;
	free(l.rows);
	return rc;
}

int level_optimize(struct archive *a, unsigned jobs, const volatile sig_atomic_t *stop, struct report *report,
		   struct level_result *result, struct err *err)
{
	struct leveler l = { .archive = a, .jobs = jobs, .stop = stop, .report = report };
	struct catalog_segment tail;
	int rc = seal_tail(a, stop, &tail, err);

	if (rc == 0)
		rc = load_rows(&l, err);
	*result = (struct level_result){ .segments = l.n,
					 .bytes = bytes_of_rows(&l),
					 .sealed = (uint64_t)tail.docs };
	for (size_t i = 0; i < l.n; i++)
		result->dead += (uint64_t)l.rows[i].dead;
	while (rc == 0 && (l.n > 1 || (l.n && l.rows[0].dead)))
		if ((rc = merge_smallest(&l, l.n, err)) == 0)
			rc = load_rows(&l, err);
	result->now = l.n;
	result->bytes_now = bytes_of_rows(&l);
	for (size_t i = 0; i < l.n; i++)
		result->articles += (uint64_t)l.rows[i].docs;
	free(l.rows);
	return rc;
}
