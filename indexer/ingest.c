#include "ingest.h"

#include "base/trace.h"
#include "extract/extract.h"
#include "recognise.h"
#include "segment/seal.h"
#include "shelve.h"
#include "text/utf8.h"

#include <stdio.h>

struct ingest {
	struct archive *archive;
	const struct ingest_options *options;
	struct report *report;
	struct analyzer *analyzer;
	struct extractor extractor;
	struct recogniser recogniser;
	struct shelver shelver;
	struct inverter inverter;
	struct raw_article raw;
	struct article article;
	struct tokens tokens;
	struct buf furniture;
	int64_t origin;     /* the open file's id in the catalog; 0 until an article of it is stored */
	bool open;          /* a batch is open: its articles are in a transaction */
	int64_t seq;        /* its commit number */
	size_t batch_bytes; /* the memory at which it is sealed */
	struct report_counts before; /* the counts when it was opened, restored if it is given up */
	double began;                /* the clock when it was opened */
};

static int begin_batch(struct ingest *in, struct err *err)
{
	int rc;

	if (in->open)
		return 0;
	if ((rc = catalog_begin(in->archive->catalog, err)) < 0 ||
	    (rc = catalog_last_seq(in->archive->catalog, &in->seq, err)) < 0)
		return rc;
	in->seq++;
	in->open = true;
	in->before = in->report->count;
	in->began = trace_clock();
	return 0;
}

static int stopped(struct err *err)
{
	return err_set(err, ERR_INTERRUPTED, "stopped on request");
}

/* Seal what is gathered into a segment that the open transaction names. */
static int seal_batch(struct ingest *in, struct catalog_segment *segment, struct err *err)
{
	uint32_t ndocs = in->inverter.ndocs;
	struct segment_parts parts;
	int rc = 0;

	trace_phase(TRACE_INVERT);
	trace_add(0, inverter_memory(&in->inverter));
	trace_phase(TRACE_SEAL);
	if (!seal(&in->inverter, in->archive->headline_weight, in->options->stop, &parts))
		rc = stopped(err);
	trace_add(ndocs, parts.dict.dict.n + parts.form.n + parts.post.n + parts.posn.n);
	trace_phase(TRACE_WRITE);
	if (rc == 0)
		rc = archive_write_segment(in->archive, &parts, segment, err);
	trace_add(ndocs, (uint64_t)segment->bytes);
	segment_parts_release(&parts);
	if (rc == 0 && (rc = catalog_add_segment(in->archive->catalog, segment, err)) < 0)
		archive_drop_segment(in->archive, segment->id);
	return rc;
}

static void trace_batch(const struct ingest *in, const struct catalog_segment *segment)
{
	char name[32];

	snprintf(name, sizeof name, "%08lld.seg", (long long)segment->id);
	trace_step("batch", in->began, in->inverter.ndocs, (uint64_t)segment->bytes, name);
}

/* Seal what is gathered and commit it with its articles. A segment stays where it is
 * when its commit fails: a log that was written and not synced may yet make the
 * commit good for the next who reads it. Who writes next sweeps it, if not. */
static int end_batch(struct ingest *in, struct err *err)
{
	struct catalog_segment segment = { .seq = in->seq };
	int rc = 0;

	if (!in->open)
		return 0;
	trace_phase(TRACE_DEFLATE);
	if ((rc = shelver_train(&in->shelver, true, in->seq, err)) < 0)
		return rc;
	if (in->inverter.ndocs)
		rc = seal_batch(in, &segment, err);
	if (rc < 0)
		return rc;
	trace_phase(TRACE_COMMIT);
	trace_add(in->inverter.ndocs, 0);
	if ((rc = catalog_commit(in->archive->catalog, err)) < 0) {
		in->report->unsure = in->report->count.added - in->before.added;
		return rc;
	}
	if (trace_level > 1 && in->inverter.ndocs)
		trace_batch(in, &segment);
	in->open = false;
	inverter_reset(&in->inverter);
	return catalog_fold(in->archive->catalog, err);
}

/* Forget the open batch: as if its articles had never been read. */
static void give_up_batch(struct ingest *in)
{
	if (!in->open)
		return;
	catalog_rollback(in->archive->catalog, NULL);
	in->open = false;
	in->report->count = in->before;
}

/* Count the article that was added, and tell what is worth knowing about it. */
static void count_article(struct ingest *in, const char *path, int recognised)
{
	const struct article *a = &in->article;
	struct report_counts *r = &in->report->count;

	r->added++;
	r->changed += recognised == ARTICLE_CHANGED;
	r->dated += a->date != CIVIL_NONE;
	r->dated_by_path += a->method == DATE_PATH;
	r->furniture += a->nfurniture > 0;
	r->text += a->title.n + a->body.n;
	if (a->repairs)
		report_repaired(in->report, path, (int64_t)in->raw.offset, a->repairs);
	if (!a->title.n && !a->body.n)
		report_note(in->report, path, (int64_t)in->raw.offset,
			    "an article without title and text: kept, but no word finds it");
}

static int store(struct ingest *in, const char *path, uint32_t headline, int64_t *number, int64_t *source,
		 struct err *err)
{
	const struct article *a = &in->article;
	struct catalog_article row = {
		.seq = in->seq,
		.revision = 1,
		.offset = (int64_t)in->raw.offset,
		.date = a->date,
		.precision = a->precision,
		.method = (int)a->method,
		.zone = a->offset,
		.title = buf_bytes(&a->title),
		.words = in->tokens.words,
		.headline = headline,
	};
	int rc;

	trace_phase(TRACE_CATALOG);
	*source = 0;
	if (a->source.n &&
	    (rc = catalog_source_id(in->archive->catalog, buf_bytes(&a->source), source, err)) < 0)
		return rc;
	row.source = *source;
	if (!in->origin &&
	    (rc = catalog_add_origin(in->archive->catalog, bytes_str(path), &in->origin, err)) < 0)
		return rc;
	row.origin = in->origin;
	trace_phase(TRACE_DEFLATE);
	shelve(&in->shelver, a, &row);
	trace_add(1, row.stream.n);
	trace_phase(TRACE_CATALOG);
	trace_add(1, 0);
	buf_reset(&in->furniture);
	furniture_put(&in->furniture, a->furniture, a->nfurniture);
	row.furniture = buf_bytes(&in->furniture);
	return catalog_add_article(in->archive->catalog, &row, in->recogniser.identity, number, err);
}

/* Recognise, store, analyze and invert the extracted article. */
static int add_article(struct ingest *in, const char *path, struct err *err)
{
	const struct article *a = &in->article;
	struct inverted_doc doc = { .date = a->date };
	int64_t number, source;
	int recognised, rc;

	if ((rc = begin_batch(in, err)) < 0)
		return rc;
	trace_phase(TRACE_RECOGNISE);
	trace_add(1, 0);
	recognised = recognise(&in->recogniser, in->archive, a, err);
	if (recognised < 0)
		return recognised;
	if (recognised == ARTICLE_KNOWN) {
		in->report->count.known++;
		return 0;
	}
	trace_phase(TRACE_ANALYZE);
	trace_add(1, a->title.n + a->body.n);
	doc.headline = analyze_article(in->analyzer, buf_bytes(&a->title), buf_bytes(&a->body), a->furniture,
				       a->nfurniture, &in->tokens);
	if (*in->options->stop)
		return stopped(err);
	doc.words = in->tokens.words;
	if ((rc = store(in, path, doc.headline, &number, &source, err)) < 0)
		return rc;
	if (number > DOCS_MAX)
		return err_set(err, ERR_LIMIT,
			       "%s: an archive holds %u articles at most; put the rest into another one",
			       in->archive->path, DOCS_MAX);
	doc.article = (uint32_t)number;
	doc.source = (uint32_t)source;
	trace_phase(TRACE_INVERT);
	trace_add(1, 0);
	inverter_add(&in->inverter, &doc, &in->tokens);
	count_article(in, path, recognised);
	trace_phase(TRACE_DEFLATE);
	if ((rc = shelver_train(&in->shelver, false, in->seq, err)) < 0)
		return rc;
	return inverter_memory(&in->inverter) > in->batch_bytes ? end_batch(in, err) : 0;
}

/* The next article of the open file: 1 done, 0 no more, negative ends the run. */
static int next_article(struct ingest *in, struct reader *reader, const char *path, struct err *err)
{
	uint64_t before = input_tell(&reader->in);
	int rc;

	trace_phase(TRACE_READ);
	rc = reader_next(reader, &in->raw, err);
	trace_add(rc > 0, input_tell(&reader->in) - before);
	in->report->raw += input_tell(&reader->in) - before;
	if (rc == 0)
		return 0;
	if (rc == ERR_INTERRUPTED)
		return 1; /* the caller looks why; asking again is safe */
	trace_phase(TRACE_EXTRACT);
	trace_add(rc > 0, 0);
	if (rc > 0)
		rc = extract(&in->extractor, &in->raw,
			     reader->format == &format_text && strcmp(path, "-") ? path : NULL, &in->article,
			     err);
	if (rc == ERR_INPUT) {
		report_rejected(in->report, path, (int64_t)in->raw.offset, err->msg);
		return 1;
	}
	if (rc == ERR_IO) {
		report_rejected(in->report, path, (int64_t)in->raw.offset, err->msg);
		return 0;
	}
	if (rc == 0 && *in->options->stop)
		return stopped(err);
	if (rc < 0 || (rc = add_article(in, path, err)) < 0)
		return rc;
	report_progress(in->report, input_consumed(&reader->in));
	return 1;
}

static void trace_file(const struct ingest *in, const char *path, double since, uint64_t added, uint64_t raw)
{
	struct buf name = BUF_INIT;

	utf8_add_safe(&name, bytes_str(path), false);
	trace_step("file", since, in->report->count.added - added, in->report->raw - raw, buf_cstr(&name));
	buf_release(&name);
}

static int add_file(struct ingest *in, const char *path, struct err *err)
{
	uint64_t added = in->report->count.added, raw = in->report->raw;
	double since = trace_clock();
	struct reader reader;
	int rc = reader_open(&reader, path, in->options->format, in->options->map, err);

	if (rc < 0 && *in->options->stop)
		return stopped(err);
	if (rc == ERR_INPUT || rc == ERR_IO) {
		report_rejected(in->report, path, -1, err->msg);
		return 0;
	}
	if (rc < 0)
		return rc;
	in->origin = 0;
	do {
		if (*in->options->stop)
			rc = stopped(err);
		else
			rc = next_article(in, &reader, path, err);
	} while (rc > 0);
	in->report->done_files += input_consumed(&reader.in);
	reader_close(&reader);
	if (trace_level > 1)
		trace_file(in, path, since, added, raw);
	return rc;
}

static void ingest_release(struct ingest *in)
{
	analyzer_free(in->analyzer);
	extractor_release(&in->extractor);
	recogniser_release(&in->recogniser);
	shelver_release(&in->shelver);
	inverter_release(&in->inverter);
	raw_article_release(&in->raw);
	article_release(&in->article);
	tokens_release(&in->tokens);
	buf_release(&in->furniture);
}

int ingest(struct archive *archive, const struct walk *files, const struct ingest_options *options,
	   struct report *report, struct err *err)
{
	struct ingest in = { .archive = archive, .options = options, .report = report };
	int rc;

	in.analyzer = analyzer_new(buf_cstr(&archive->language), err);
	if (!in.analyzer)
		return ERR_USAGE;
	in.batch_bytes = options->batch_bytes ? options->batch_bytes : BATCH_BYTES;
	extractor_init(&in.extractor);
	inverter_init(&in.inverter);
	rc = shelver_init(&in.shelver, archive, err);
	for (size_t i = 0; rc >= 0 && i < files->n; i++)
		rc = add_file(&in, files->paths[i], err);
	if (rc >= 0)
		rc = end_batch(&in, err);
	if (rc < 0)
		give_up_batch(&in);
	ingest_release(&in);
	return rc;
}
