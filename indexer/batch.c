#include "batch.h"

#include "base/trace.h"
#include "revise.h"
#include "sealing.h"

#include <stdio.h>

int batch_init(struct batch *b, struct archive *archive, const volatile sig_atomic_t *stop, size_t bytes,
	       size_t words, struct report *report, struct err *err)
{
	int rc;

	*b = (struct batch){ .archive = archive, .report = report, .stop = stop, .bytes = bytes };
	inverter_init(&b->inverter);
	rc = preparer_init(&b->preparer, buf_cstr(&archive->language), words, err);
	return rc < 0 ? rc : shelver_init(&b->shelver, archive, err);
}

void batch_release(struct batch *b)
{
	preparer_release(&b->preparer);
	recogniser_release(&b->recogniser);
	shelver_release(&b->shelver);
	inverter_release(&b->inverter);
	buf_release(&b->furniture);
}

static int begin(struct batch *b, struct err *err)
{
	int rc;

	if (b->open)
		return 0;
	if ((rc = archive_begin(b->archive, err)) < 0 ||
	    (rc = catalog_next_seq(b->archive->catalog, &b->seq, err)) < 0)
		return rc;
	b->open = true;
	b->before = b->report->count;
	b->began = trace_clock();
	return 0;
}

static void trace_batch(const struct batch *b, const struct catalog_segment *segment)
{
	char name[32];

	snprintf(name, sizeof name, segment->id ? "%08lld.seg" : "tail", (long long)segment->id);
	trace_step("batch", b->began, b->inverter.ndocs, (uint64_t)segment->bytes, name);
}

int batch_end(struct batch *b, struct err *err)
{
	struct catalog_segment segment = { .seq = b->seq };
	int rc = 0;

	if (!b->open)
		return 0;
	trace_phase(TRACE_COMPRESS);
	if ((rc = shelver_ending(&b->shelver, b->seq, err)) < 0)
		return rc;
	if (b->inverter.ndocs)
		rc = index_gathered(b->archive, &b->inverter, b->jobs, b->stop, &segment, err);
	if (rc < 0)
		return rc;
	trace_phase(TRACE_COMMIT);
	trace_add(b->inverter.ndocs, 0);
	if ((rc = archive_commit(b->archive, err)) < 0) {
		b->report->unsure = report_taken(&b->report->count) - report_taken(&b->before);
		return rc;
	}
	if (trace_level > 1 && b->inverter.ndocs)
		trace_batch(b, &segment);
	b->open = false;
	inverter_reset(&b->inverter);
	return catalog_fold(b->archive->catalog, err);
}

void batch_give_up(struct batch *b)
{
	if (!b->open)
		return;
	archive_rollback(b->archive, NULL);
	b->open = false;
	b->report->count = b->before;
}

/* Count the article that was added, and tell what is worth knowing about it. */
static void count_article(struct batch *b, const struct arrival *arrival, int recognised)
{
	const struct article *a = &arrival->article;
	struct report_counts *r = &b->report->count;

	if (recognised == ARTICLE_CHANGED)
		r->changed++;
	else
		r->added++;
	r->dated += a->date != CIVIL_NONE;
	r->dated_by_path += a->method == DATE_PATH;
	r->furniture += a->nfurniture > 0;
	r->text += a->title.n + a->body.n;
	if (a->repairs)
		report_repaired(b->report, arrival->path, (int64_t)arrival->record.raw.offset, a->repairs);
	if (!a->title.n && !a->body.n)
		report_note(b->report, arrival->path, (int64_t)arrival->record.raw.offset,
			    "an article without title and text: kept, but no word finds it");
}

/* The id of the arrival's file; new for the first article of it. */
static int origin_id(struct batch *b, const struct arrival *arrival, int64_t *id, struct err *err)
{
	int rc = 0;

	if (b->file != arrival->file)
		rc = catalog_origin_id(b->archive->catalog, buf_bytes(&arrival->name), arrival->place,
				       &b->origin, err);
	if (rc == 0)
		b->file = arrival->file;
	*id = b->origin;
	return rc;
}

/* Store the article as `recognised`; the doc of it gets its number, story and source. */
static int store(struct batch *b, const struct arrival *arrival, int recognised, struct inverted_doc *doc,
		 struct err *err)
{
	const struct article *a = &arrival->article;
	struct catalog_article row = {
		.seq = b->seq,
		.revision = 1,
		.offset = (int64_t)arrival->record.raw.offset,
		.date = a->date,
		.precision = a->precision,
		.method = (int)a->method,
		.zone = a->offset,
		.title = buf_bytes(&a->title),
		.words = arrival->tokens.words,
		.headline = arrival->headline,
		.size = (int64_t)arrival->text.n,
		.frame = buf_bytes(&arrival->frame),
	};
	int rc;

	trace_phase(TRACE_CATALOG);
	if (a->source.n &&
	    (rc = catalog_source_id(b->archive->catalog, buf_bytes(&a->source), &row.source, err)) < 0)
		return rc;
	if ((rc = origin_id(b, arrival, &row.origin, err)) < 0)
		return rc;
	trace_add(1, 0);
	buf_reset(&b->furniture);
	furniture_put(&b->furniture, a->furniture, a->nfurniture);
	row.furniture = buf_bytes(&b->furniture);
	if (recognised == ARTICLE_CHANGED)
		rc = revise(b->archive, &b->recogniser.changed, &b->inverter, &row, err);
	else
		rc = catalog_add_article(b->archive->catalog, &row, b->recogniser.identity, &row.number, err);
	if (rc == 0 && row.number > DOCS_MAX)
		rc = err_set(err, ERR_LIMIT,
			     "%s: an archive holds %u articles at most; put the rest into another one",
			     b->archive->path, DOCS_MAX);
	doc->article = (uint32_t)row.number;
	doc->source = (uint32_t)row.source;
	doc->story = (uint32_t)row.story;
	return rc;
}

/* Store and invert an article that was recognised as new or changed. */
static int take(struct batch *b, struct arrival *arrival, int recognised, struct err *err)
{
	struct inverted_doc doc = { .date = arrival->article.date };
	int rc;

	prepare_rest(&b->preparer, arrival, &b->shelver.storing);
	if (*b->stop)
		return err_stopped(err);
	if ((rc = store(b, arrival, recognised, &doc, err)) < 0)
		return rc;
	doc.words = arrival->tokens.words;
	doc.headline = arrival->headline;
	doc.fields = buf_bytes(&arrival->fields);
	trace_phase(TRACE_INVERT);
	trace_add(1, 0);
	inverter_add(&b->inverter, &doc, &arrival->tokens);
	return 0;
}

static void reject(struct batch *b, const struct arrival *arrival)
{
	report_rejected(b->report, arrival->path,
			arrival->whole_file ? -1 : (int64_t)arrival->record.raw.offset, arrival->err.msg);
}

int batch_add(struct batch *b, struct arrival *arrival, struct err *err)
{
	int recognised, rc;

	prepare_article(&b->preparer, arrival);
	if (arrival->stage == ARRIVAL_REJECTED) {
		reject(b, arrival);
		return 0;
	}
	if (*b->stop)
		return err_stopped(err);
	if ((rc = begin(b, err)) < 0)
		return rc;
	trace_phase(TRACE_RECOGNISE);
	trace_add(1, 0);
	recognised = recognise(&b->recogniser, b->archive, &arrival->article, err);
	if (recognised < 0)
		return recognised;
	if (recognised == ARTICLE_KNOWN) {
		b->known++;
		b->report->count.known++;
		return 0;
	}
	b->known = 0;
	if ((rc = take(b, arrival, recognised, err)) < 0)
		return rc;
	count_article(b, arrival, recognised);
	trace_phase(TRACE_COMPRESS);
	if ((rc = shelver_stored(&b->shelver, buf_bytes(&arrival->text), b->seq, err)) < 0)
		return rc;
	return inverter_memory(&b->inverter) > b->bytes ? batch_end(b, err) : 0;
}

int batch_end_file(struct batch *b, const struct arrival *arrival, const struct file_state *state,
		   struct err *err)
{
	int64_t origin;
	int rc;

	if ((rc = begin(b, err)) < 0 || (rc = origin_id(b, arrival, &origin, err)) < 0)
		return rc;
	return catalog_set_origin(b->archive->catalog, origin, state, err);
}
