#include "upkeep/verify.h"

#include "archive/catalog_care.h"
#include "base/mem.h"
#include "base/trace.h"
#include "upkeep/compare.h"
#include "upkeep/merge.h"
#include "upkeep/reindex.h"

#include <inttypes.h>
#include <stdlib.h>
#include <unistd.h>

struct verifier {
	struct archive *archive;
	const struct verify_options *options;
	struct report *report;
	struct reindex reindex;
	struct buf folder, temporary; /* for what is made anew: the folder, and a path in it */
	uint32_t *articles;           /* that live in a segment, by rising number */
	uint32_t narticles;
	size_t articles_cap;
	uint64_t *seen; /* a bit for each number up to .last: it is in a segment */
	int64_t last;
	uint64_t done, all; /* articles */
	double began;
};

/* ---- checksums ---- */

static int verify_pages(struct archive *a, const volatile sig_atomic_t *stop, struct err *err)
{
	int rc = 0;

	for (size_t i = 0; rc == 0 && i < a->nsegments; i++) {
		if (*stop)
			return err_stopped(err);
		rc = segment_verify(&a->segments[i], err);
	}
	return rc;
}

/* ---- articles ---- */

static int by_number(const void *x, const void *y)
{
	uint32_t a = *(const uint32_t *)x, b = *(const uint32_t *)y;

	return (a > b) - (a < b);
}

/* The articles that a segment says it holds, but for dead docs, each marked as seen. */
static int list_articles(struct verifier *v, const struct segment *s, struct err *err)
{
	v->narticles = 0;
	MEM_GROW(v->articles, v->articles_cap, s->ndocs);
	for (uint32_t doc = 0; doc < s->ndocs; doc++) {
		uint32_t number = segment_article(s, doc);
		uint64_t bit = UINT64_C(1) << number % 64;

		if (dead_docs_has(&s->dead, doc))
			continue;
		if (!number || number > v->last)
			return err_set(err, ERR_CORRUPT,
				       "%s: doc %" PRIu32 " is article %" PRIu32
				       ", which the catalog does not have",
				       s->path, doc, number);
		if (v->seen[number / 64] & bit)
			return err_set(err, ERR_CORRUPT,
				       "%s: article %" PRIu32
				       " is there twice, or in another segment as well",
				       s->path, number);
		v->seen[number / 64] |= bit;
		v->articles[v->narticles++] = number;
	}
	if (!v->narticles)
		return err_set(err, ERR_CORRUPT, "%s: none of its articles is there any more", s->path);
	qsort(v->articles, v->narticles, sizeof *v->articles, by_number);
	return 0;
}

/* The lengths that the catalog has are those of the text. */
static int check_row(const struct verifier *v, const struct catalog_article *row, struct err *err)
{
	if (row->words == v->reindex.words && row->headline == v->reindex.headline)
		return 0;
	return err_set(err, ERR_CORRUPT,
		       "%s: catalog.db: article %" PRId64 " has %" PRId64 " words, %" PRId64
		       " in the headline, and its text %" PRIu32 ", %" PRIu32,
		       v->archive->path, row->number, row->words, row->headline, v->reindex.words,
		       v->reindex.headline);
}

static int reindex_articles(struct verifier *v, const struct segment *s, struct err *err)
{
	struct catalog_article row;
	int rc = 0, got;

	for (uint32_t i = 0; rc == 0 && i < v->narticles; i++) {
		trace_phase(TRACE_CATALOG);
		got = archive_article(v->archive, v->articles[i], &row, err);
		if (got == 0)
			return err_set(err, ERR_CORRUPT,
				       "%s: it holds article %" PRIu32 ", which the catalog does not have",
				       s->path, v->articles[i]);
		if (got < 0 || (rc = reindex_add(&v->reindex, &row, err)) < 0)
			return got < 0 ? got : rc;
		rc = check_row(v, &row, err);
		report_work(v->report, "checking articles", v->began, ++v->done, v->all);
	}
	return rc;
}

/* ---- segments ---- */

/* Write the parts as a segment that is open and has no name. */
static int open_made(struct verifier *v, const struct segment_parts *parts, struct segment *made,
		     struct err *err)
{
	uint64_t bytes;
	int rc = segment_write(parts, buf_cstr(&v->temporary), &bytes, err);

	if (rc == 0) {
		rc = segment_open(made, buf_cstr(&v->temporary), err);
		unlink(buf_cstr(&v->temporary));
	}
	return rc;
}

static int spill(void *context, struct segment_parts *parts, struct err *err)
{
	const struct verifier *v = context;

	return segment_parts_full(parts) ? segment_parts_spill(parts, buf_cstr(&v->temporary), err) : 0;
}

/* What merging makes of a segment alone: without its dead docs, if there are some. A sentence
 * about it is one about the segment. */
static int merge_alone(struct verifier *v, const struct segment *s, struct segment *merged, struct err *err)
{
	const struct merge_settings settings = { .stop = v->options->stop, .spill = spill, .context = v };
	struct segment_parts parts;
	int rc;

	trace_phase(TRACE_MERGE);
	rc = merge_segments(s, 1, &settings, &parts, err);
	if (rc == 0 && (rc = open_made(v, &parts, merged, err)) == 0) {
		free(merged->path);
		merged->path = mem_strdup(s->path);
	}
	segment_parts_release(&parts);
	return rc < 0 ? rc : 0;
}

/* Of a segment with dead docs: nobody knows any more what their texts were, but each list is as it is
 * written of what it says; and without them the segment is the one that was made. */
static int compare_living(struct verifier *v, const struct segment *s, const struct segment *made,
			  struct err *err)
{
	struct segment whole = *s, merged;
	int rc;

	whole.dead = (struct dead_docs){ .ndocs = s->ndocs };
	if ((rc = merge_alone(v, &whole, &merged, err)) < 0)
		return rc;
	rc = compare_segments(s, &merged, err);
	segment_close(&merged);
	if (rc < 0 || (rc = merge_alone(v, s, &merged, err)) < 0)
		return rc;
	rc = compare_segments(&merged, made, err);
	segment_close(&merged);
	return rc;
}

static int compare_made(struct verifier *v, const struct segment *s, const struct segment_parts *parts,
			struct err *err)
{
	struct segment made;
	int rc = open_made(v, parts, &made, err);

	if (rc < 0)
		return rc;
	if (s->dead.n && s->words - s->dead.words != made.words)
		rc = err_set(err, ERR_CORRUPT,
			     "%s: it has %" PRIu64 " words, and %" PRIu64
			     " are said to be dead; its articles have %" PRIu64,
			     s->path, s->words, s->dead.words, made.words);
	else
		rc = s->dead.n ? compare_living(v, s, &made, err) : compare_segments(s, &made, err);
	segment_close(&made);
	return rc;
}

static int verify_segment(struct verifier *v, const struct segment *s, struct err *err)
{
	struct segment_parts parts;
	int rc = list_articles(v, s, err);

	if (rc < 0 || (rc = reindex_articles(v, s, err)) < 0)
		return rc;
	if ((rc = reindex_end(&v->reindex, &parts, err)) == 0)
		rc = compare_made(v, s, &parts, err);
	segment_parts_release(&parts);
	return rc;
}

/* ---- the whole ---- */

/* The older texts of an article can be read. */
static int check_older(const struct verifier *v, int64_t number, struct err *err)
{
	struct catalog_article row;
	int64_t after = 0;
	int rc = 0, got;

	while (rc == 0 && (got = catalog_next_revision(v->archive->catalog, number, &after, &row, err)) != 0)
		rc = got < 0 ? got : text_loader_load(&v->archive->texts, &row, err);
	return rc;
}

/* Each article is in a segment, and its older texts can be read. */
static int check_all_seen(struct verifier *v, struct err *err)
{
	struct catalog_article row;
	int64_t after = 0;
	int rc = 0, got;

	while (rc == 0 && (got = catalog_next_article(v->archive->catalog, &after, &row, err)) != 0) {
		if (got < 0)
			return got;
		if (!(v->seen[row.number / 64] >> row.number % 64 & 1))
			rc = err_set(err, ERR_CORRUPT,
				     "%s: article %" PRId64 " is in the catalog, and no segment indexes it",
				     v->archive->path, row.number);
		else if (row.revision > 1)
			rc = check_older(v, row.number, err);
	}
	return rc;
}

static int verify_deep(struct verifier *v, struct err *err)
{
	struct archive *a = v->archive;
	int rc = catalog_check(a->catalog, v->options->stop, err);

	if (rc < 0 || (rc = catalog_last_article(a->catalog, &v->last, err)) < 0)
		return rc;
	v->seen = mem_zalloc((size_t)v->last / 64 + 1, sizeof *v->seen);
	for (size_t i = 0; rc == 0 && i < a->nsegments; i++)
		rc = verify_segment(v, &a->segments[i], err);
	return rc < 0 ? rc : check_all_seen(v, err);
}

/* A folder of our own for files that lose their names at once. */
static int make_folder(struct verifier *v, struct err *err)
{
	const char *dir = getenv("TMPDIR");

	if (!dir || !*dir)
		dir = access("/var/tmp", W_OK) == 0 ? "/var/tmp" : "/tmp";
	buf_addf(&v->folder, "%s/morgue-verify-XXXXXX", dir);
	if (!mkdtemp((char *)(uintptr_t)buf_cstr(&v->folder))) {
		buf_reset(&v->folder);
		return err_errno(err, "%s: cannot make a folder for temporary files; TMPDIR names another",
				 dir);
	}
	buf_addf(&v->temporary, "%s/made.seg", buf_cstr(&v->folder));
	return 0;
}

static void release(struct verifier *v)
{
	reindex_release(&v->reindex);
	if (v->folder.n)
		rmdir(buf_cstr(&v->folder));
	buf_release(&v->folder);
	buf_release(&v->temporary);
	free(v->articles);
	free(v->seen);
}

int verify_archive(struct archive *a, const struct verify_options *options, struct report *report,
		   struct err *err)
{
	struct verifier v = { .archive = a, .options = options, .report = report, .all = a->ndocs };
	int rc = verify_pages(a, options->stop, err);

	if (rc < 0 || !options->deep)
		return rc;
	v.began = trace_clock();
	if ((rc = make_folder(&v, err)) == 0 &&
	    (rc = reindex_begin(&v.reindex, a, buf_cstr(&v.temporary), options->stop, err)) == 0) {
		if (options->lot_bytes)
			v.reindex.lot_bytes = options->lot_bytes;
		rc = verify_deep(&v, err);
	}
	release(&v);
	return rc;
}
