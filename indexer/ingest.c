#include "ingest.h"

#include "base/trace.h"
#include "batch.h"
#include "extract/extract.h"
#include "text/utf8.h"

struct ingest {
	const struct ingest_options *options;
	struct report *report;
	struct extractor extractor;
	struct raw_article raw;
	struct arrival arrival;
	struct buf name, place; /* of the open file */
	struct batch batch;
};

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
			     reader->format == &format_text && strcmp(path, "-") ? in->arrival.name : NULL,
			     &in->arrival.article, err);
	if (rc == ERR_INPUT) {
		report_rejected(in->report, path, (int64_t)in->raw.offset, err->msg);
		return 1;
	}
	if (rc == ERR_IO) {
		report_rejected(in->report, path, (int64_t)in->raw.offset, err->msg);
		return 0;
	}
	if (rc == 0 && *in->options->stop)
		return batch_stopped(err);
	if (rc < 0)
		return rc;
	in->arrival.offset = in->raw.offset;
	in->arrival.analyzed = false;
	if ((rc = batch_add(&in->batch, &in->arrival, err)) < 0)
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

/* All of the file's articles are in the batch, or in the archive: remember that, if there was
 * nothing to reject and the file is the one that was opened. */
static int end_file(struct ingest *in, struct reader *reader, uint64_t rejected, struct err *err)
{
	struct file_state state;

	if (!in->arrival.place || in->report->rejected > rejected || !input_state(&reader->in, &state))
		return 0;
	return batch_end_file(&in->batch, &in->arrival, &state, err);
}

static int add_file(struct ingest *in, const struct walk_file *file, struct err *err)
{
	uint64_t added = in->report->count.added, raw = in->report->raw, rejected = in->report->rejected;
	const struct root *root = file->root;
	const char *path = file->path;
	double since = trace_clock();
	struct reader reader;
	int rc = reader_open(&reader, path, root->format, *root->map ? &root->fields : NULL, err);

	if (rc < 0 && *in->options->stop)
		return batch_stopped(err);
	if (rc == ERR_INPUT || rc == ERR_IO) {
		report_rejected(in->report, path, -1, err->msg);
		return 0;
	}
	if (rc < 0)
		return rc;
	in->arrival.path = path;
	in->arrival.name = root_file_name(root, path, &in->name);
	in->arrival.place = root_file_place(root, path, &in->place);
	in->arrival.file++;
	do {
		if (*in->options->stop)
			rc = batch_stopped(err);
		else
			rc = next_article(in, &reader, path, err);
	} while (rc > 0);
	if (rc == 0)
		rc = end_file(in, &reader, rejected, err);
	in->report->done_files += input_consumed(&reader.in);
	reader_close(&reader);
	if (trace_level > 1)
		trace_file(in, path, since, added, raw);
	return rc;
}

int ingest(struct archive *archive, const struct walk *files, const struct ingest_options *options,
	   struct report *report, struct err *err)
{
	struct ingest in = { .options = options, .report = report };
	int rc;

	extractor_init(&in.extractor);
	rc = batch_init(&in.batch, archive, options->stop, options->batch_bytes, report, err);
	for (size_t i = 0; rc >= 0 && i < files->n; i++)
		rc = add_file(&in, &files->v[i], err);
	if (rc >= 0)
		rc = batch_end(&in.batch, err);
	if (rc < 0)
		batch_give_up(&in.batch);
	batch_release(&in.batch);
	extractor_release(&in.extractor);
	raw_article_release(&in.raw);
	arrival_release(&in.arrival);
	buf_release(&in.name);
	buf_release(&in.place);
	return rc;
}
