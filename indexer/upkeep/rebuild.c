#include "upkeep/rebuild.h"

#include "archive/catalog_care.h"
#include "archive/tail.h"
#include "base/mem.h"
#include "base/trace.h"
#include "upkeep/level.h"
#include "recognise.h"
#include "upkeep/reindex.h"

#include <inttypes.h>
#include <stdlib.h>

struct rebuilder {
	struct archive *archive;
	struct report *report;
	struct rebuild_result *result;
	struct reindex reindex;
	struct recogniser recogniser;
	struct buf temporary; /* path of files without a name */
	int64_t *old, *made;  /* ids of segments */
	size_t nold, old_cap, nmade, made_cap;
	int64_t seq;
	uint64_t words; /* in the segment that is gathered */
	int64_t last;   /* highest number of an article */
	double began;
};

static int list_old(struct rebuilder *r, struct err *err)
{
	struct catalog_segment row;
	int64_t after = 0;
	int got;

	while ((got = catalog_next_segment(r->archive->catalog, &after, &row, err)) > 0) {
		MEM_GROW(r->old, r->old_cap, r->nold + 1);
		r->old[r->nold++] = row.id;
	}
	return got;
}

/* What is gathered becomes a segment that the open transaction names. */
static int end_segment(struct rebuilder *r, struct err *err)
{
	struct catalog_segment row = { .seq = r->seq };
	struct segment_parts parts;
	int rc;

	if (!r->reindex.inverter.ndocs && !r->reindex.nlots)
		return 0;
	rc = reindex_end(&r->reindex, &parts, err);
	trace_phase(TRACE_WRITE);
	if (rc == 0 && (rc = archive_write_segment(r->archive, &parts, &row, err)) == 0) {
		trace_add((uint64_t)row.docs, (uint64_t)row.bytes);
		MEM_GROW(r->made, r->made_cap, r->nmade + 1);
		r->made[r->nmade++] = row.id;
		rc = catalog_add_segment(r->archive->catalog, &row, err);
	}
	segment_parts_release(&parts);
	r->result->segments++;
	r->result->bytes += (uint64_t)row.bytes;
	r->words = 0;
	return rc;
}

/* What it is found by when it comes again: `hash`, and if it has older texts those of them. */
static int renew_identity(struct rebuilder *r, int64_t number, bool has_older, uint32_t hash, struct err *err)
{
	struct archive *a = r->archive;
	struct catalog_article older;
	int64_t after = 0;
	int rc = catalog_add_identity(a->catalog, hash, number, err);

	while (rc == 0 && has_older &&
	       (rc = catalog_next_revision(a->catalog, number, &after, &older, err)) > 0) {
		if ((rc = text_loader_load(&a->texts, &older, err)) == 0)
			rc = catalog_add_identity(a->catalog, recogniser_older(&r->recogniser, &older),
						  number, err);
	}
	return rc;
}

static int add_article(struct rebuilder *r, struct catalog_article *row, struct err *err)
{
	struct rebuild_result *result = r->result;
	uint32_t identity;
	int64_t number;
	bool has_older;
	int rc;

	if ((rc = text_loader_load(&r->archive->texts, row, err)) < 0)
		return rc;
	if (row->number > DOCS_MAX)
		return err_set(err, ERR_CORRUPT,
			       "%s: catalog.db: article %" PRId64 " has an impossible number",
			       r->archive->path, row->number);
	if (r->words + (uint64_t)row->words > LEVEL_WORDS && (rc = end_segment(r, err)) < 0)
		return rc;
	if ((rc = reindex_add(&r->reindex, row, err)) < 0)
		return rc;
	r->words += r->reindex.words;
	result->articles++;
	result->text += row->title.n + row->text.body.n;
	report_work(r->report, "making the index anew", r->began, (uint64_t)row->number, (uint64_t)r->last);
	number = row->number;
	has_older = row->revision > 1;
	identity = recogniser_identity(&r->recogniser, row);
	if ((row->words != r->reindex.words || row->headline != r->reindex.headline) &&
	    (rc = catalog_set_lengths(r->archive->catalog, number, r->reindex.words, r->reindex.headline,
				      err)) < 0)
		return rc;
	return renew_identity(r, number, has_older, identity, err);
}

static int add_articles(struct rebuilder *r, struct err *err)
{
	struct catalog_article row;
	int64_t after = 0;
	int rc = 0, got;

	do {
		trace_phase(TRACE_CATALOG);
		if ((got = catalog_next_article(r->archive->catalog, &after, &row, err)) > 0)
			rc = add_article(r, &row, err);
	} while (rc == 0 && got > 0);
	return rc < 0 ? rc : got;
}

/* In a transaction: the new segments, and none of the old. */
static int replace_segments(struct rebuilder *r, struct err *err)
{
	struct catalog *c = r->archive->catalog;
	int rc;

	if ((rc = list_old(r, err)) < 0 || (rc = catalog_clear_identities(c, err)) < 0 ||
	    (rc = add_articles(r, err)) < 0 || (rc = end_segment(r, err)) < 0)
		return rc;
	for (size_t i = 0; rc == 0 && i < r->nold; i++)
		rc = catalog_remove_segment(c, r->old[i], err);
	if (rc < 0 || (rc = tail_clear(c, err)) < 0)
		return rc;
	return archive_set_analyzer(r->archive, err);
}

/* As when articles are added, new files stay when the commit fails. */
static int commit(struct rebuilder *r, struct err *err)
{
	struct catalog *c = r->archive->catalog;
	int rc;

	trace_phase(TRACE_COMMIT);
	if ((rc = catalog_begin(c, err)) < 0)
		return rc;
	if ((rc = catalog_next_seq(c, &r->seq, err)) < 0 || (rc = catalog_last_article(c, &r->last, err)) < 0)
		goto fail;
	if ((rc = replace_segments(r, err)) < 0) {
		for (size_t i = 0; i < r->nmade; i++)
			archive_drop_segment(r->archive, r->made[i]);
		goto fail;
	}
	trace_phase(TRACE_COMMIT);
	if ((rc = catalog_commit(c, err)) < 0)
		goto fail;
	for (size_t i = 0; i < r->nold; i++)
		archive_drop_segment(r->archive, r->old[i]);
	return catalog_fold(c, err);
fail:
	catalog_rollback(c, NULL);
	return rc;
}

int rebuild_archive(struct archive *a, const volatile sig_atomic_t *stop, size_t lot_bytes,
		    struct report *report, struct rebuild_result *result, struct err *err)
{
	struct rebuilder r = { .archive = a, .report = report, .result = result, .began = trace_clock() };
	int rc;

	*result = (struct rebuild_result){ .articles = 0 };
	buf_addf(&r.temporary, "%s/00000000.seg.tmp", a->path);
	rc = reindex_begin(&r.reindex, a, buf_cstr(&r.temporary), stop, err);
	if (lot_bytes)
		r.reindex.lot_bytes = lot_bytes;
	if (rc == 0)
		rc = commit(&r, err);
	reindex_release(&r.reindex);
	recogniser_release(&r.recogniser);
	buf_release(&r.temporary);
	free(r.old);
	free(r.made);
	return rc;
}
