#include "ingest.h"

#include "archive/bodies.h"
#include "extract/extract.h"
#include "recognise.h"
#include "seal.h"

struct ingest {
	struct archive *archive;
	const struct ingest_options *options;
	struct report *report;
	struct analyzer *analyzer;
	struct body_deflater *deflater;
	struct extractor extractor;
	struct recogniser recogniser;
	struct inverter inverter;
	struct raw_article raw;
	struct article article;
	struct tokens tokens;
	struct buf body, furniture;
	int64_t origin;       /* the open file's id in the catalog; 0 until an article of it is stored */
	bool open;            /* a batch is open: its articles are in a transaction */
	int64_t seq;          /* its commit number */
	struct report before; /* the counts when it was opened, restored if it is given up */
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
	in->before = *in->report;
	return 0;
}

/* Seal what is gathered and commit it with its articles. */
static int end_batch(struct ingest *in, struct err *err)
{
	struct segment_parts parts;
	struct catalog_segment segment = { .seq = in->seq };
	int rc = 0;

	if (!in->open)
		return 0;
	if (in->inverter.ndocs) {
		seal(&in->inverter, in->archive->headline_weight, &parts);
		rc = archive_write_segment(in->archive, &parts, &segment, err);
		segment_parts_release(&parts);
		if (rc == 0)
			rc = catalog_add_segment(in->archive->catalog, &segment, err);
	}
	if (rc == 0)
		rc = catalog_commit(in->archive->catalog, err);
	if (rc < 0)
		return rc;
	in->open = false;
	inverter_reset(&in->inverter);
	return 0;
}

/* Forget the open batch: as if its articles had never been read. */
static void give_up_batch(struct ingest *in)
{
	struct report *r = in->report;

	if (!in->open)
		return;
	catalog_rollback(in->archive->catalog, NULL);
	in->open = false;
	r->added = in->before.added;
	r->known = in->before.known;
	r->changed = in->before.changed;
	r->dated = in->before.dated;
	r->dated_by_path = in->before.dated_by_path;
	r->furniture = in->before.furniture;
	r->repaired = in->before.repaired;
	r->text = in->before.text;
}

static void count_article(struct ingest *in, int recognised)
{
	const struct article *a = &in->article;
	struct report *r = in->report;

	r->added++;
	r->changed += recognised == ARTICLE_CHANGED;
	r->repaired += a->repairs;
	r->dated += a->date != CIVIL_NONE;
	r->dated_by_path += a->method == DATE_PATH;
	r->furniture += a->nfurniture > 0;
	r->text += a->title.n + a->body.n;
}

static int store(struct ingest *in, const char *path, uint32_t headline, int64_t *number, int64_t *source,
		 struct err *err)
{
	const struct article *a = &in->article;
	struct catalog_article row = {
		.seq = in->seq,
		.revision = 1,
		.key = buf_bytes(&a->key),
		.identity = in->recogniser.identity,
		.content = in->recogniser.content,
		.offset = (int64_t)in->raw.offset,
		.date = a->date,
		.precision = a->precision,
		.method = (int)a->method,
		.zone = a->offset,
		.title = buf_bytes(&a->title),
		.author = buf_bytes(&a->author),
		.section = buf_bytes(&a->section),
		.url = buf_bytes(&a->url),
		.lang = buf_bytes(&a->lang),
		.tags = buf_bytes(&a->tags),
		.words = in->tokens.words,
		.headline = headline,
		.size = (int64_t)a->body.n,
	};
	int rc;

	*source = 0;
	if (a->source.n &&
	    (rc = catalog_source_id(in->archive->catalog, buf_bytes(&a->source), source, err)) < 0)
		return rc;
	row.source = *source;
	if (!in->origin &&
	    (rc = catalog_origin_id(in->archive->catalog, bytes_str(path), &in->origin, err)) < 0)
		return rc;
	row.origin = in->origin;
	body_deflate(in->deflater, buf_bytes(&a->body), &in->body);
	row.body = buf_bytes(&in->body);
	buf_reset(&in->furniture);
	furniture_put(&in->furniture, a->furniture, a->nfurniture);
	row.furniture = buf_bytes(&in->furniture);
	return catalog_add_article(in->archive->catalog, &row, number, err);
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
	recognised = recognise(&in->recogniser, in->archive->catalog, a, err);
	if (recognised < 0)
		return recognised;
	if (recognised == ARTICLE_KNOWN) {
		in->report->known++;
		return 0;
	}
	doc.headline = analyze_article(in->analyzer, buf_bytes(&a->title), buf_bytes(&a->body), a->furniture,
				       a->nfurniture, &in->tokens);
	doc.words = in->tokens.words;
	if ((rc = store(in, path, doc.headline, &number, &source, err)) < 0)
		return rc;
	if (number > DOCS_MAX)
		return err_set(err, ERR_LIMIT, "%s: an archive holds %u articles at most", in->archive->path,
			       DOCS_MAX);
	doc.article = (uint32_t)number;
	doc.source = (uint32_t)source;
	inverter_add(&in->inverter, &doc, &in->tokens);
	count_article(in, recognised);
	if (!a->title.n && !a->body.n)
		report_note(in->report, path, (int64_t)in->raw.offset,
			    "an article without title and text: kept, but no word finds it");
	return inverter_memory(&in->inverter) > BATCH_BYTES ? end_batch(in, err) : 0;
}

/* The next article of the open file: 1 done, 0 no more, negative ends the run. */
static int next_article(struct ingest *in, struct reader *reader, const char *path, struct err *err)
{
	uint64_t before = input_tell(&reader->in);
	int rc = reader_next(reader, &in->raw, err);

	in->report->raw += input_tell(&reader->in) - before;
	if (rc == 0)
		return 0;
	if (rc > 0)
		rc = extract(&in->extractor, &in->raw,
			     reader->format == &format_text && strcmp(path, "-") ? path : NULL, &in->article,
			     err);
	if (rc == ERR_INPUT) {
		report_rejected(in->report, path, (int64_t)in->raw.offset, err->msg);
		return 1;
	}
	if (rc == ERR_IO) {
		report_rejected(in->report, path, -1, err->msg);
		return 0;
	}
	if (rc < 0 || (rc = add_article(in, path, err)) < 0)
		return rc;
	report_progress(in->report, input_consumed(&reader->in));
	return 1;
}

static int stopped(struct err *err)
{
	return err_set(err, ERR_INTERRUPTED, "stopped on request");
}

static int add_file(struct ingest *in, const char *path, struct err *err)
{
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
	return rc;
}

static void ingest_release(struct ingest *in)
{
	analyzer_free(in->analyzer);
	body_deflater_free(in->deflater);
	extractor_release(&in->extractor);
	recogniser_release(&in->recogniser);
	inverter_release(&in->inverter);
	raw_article_release(&in->raw);
	article_release(&in->article);
	tokens_release(&in->tokens);
	buf_release(&in->body);
	buf_release(&in->furniture);
}

int ingest(struct archive *archive, const struct walk *files, const struct ingest_options *options,
	   struct report *report, struct err *err)
{
	struct ingest in = { .archive = archive, .options = options, .report = report };
	int rc = 0;

	in.analyzer = analyzer_new(buf_cstr(&archive->language), err);
	if (!in.analyzer)
		return ERR_USAGE;
	in.deflater = body_deflater_new();
	extractor_init(&in.extractor);
	inverter_init(&in.inverter);
	for (size_t i = 0; rc >= 0 && i < files->n; i++)
		rc = add_file(&in, files->paths[i], err);
	if (rc >= 0)
		rc = end_batch(&in, err);
	if (rc < 0)
		give_up_batch(&in);
	ingest_release(&in);
	return rc;
}
