#include "ingest.h"

#include "base/threads.h"
#include "base/trace.h"
#include "batch.h"
#include "pipeline.h"
#include "text/utf8.h"

/* Bytes for the program itself and for training a dictionary. */
#define PROGRAM_WANTS ((size_t)32 << 20)

/* How the memory is shared out. What a batch is inverted into grows by doubling, and a third
 * of it comes back as lists when it is sealed; an article under way is some twenty times its
 * record. The rest is for the program and what malloc cannot use. */
#define SHARE_BATCH(memory)   (((memory)-PROGRAM_WANTS) * 7 / 16)
#define SHARE_WORDS(memory)   ((memory) / 8) /* of all analyzers together */
#define SHARE_CATALOG(memory) ((memory) / 16)
#define SHARE_ARTICLE(memory) ((memory) / 32) /* the text of one */
#define SHARE_RECORDS(memory) ((memory) / 256)
#define SHARE_PLACES(memory)  ((memory) / 16)

/* Threads need memory of their own, whatever they do: one for each so many bytes, and more to
 * seal, for that takes the longest lists apart. */
#define WORKER_WANTS ((size_t)40 << 20)
#define SEALER_WANTS ((size_t)192 << 20)

#define KNOWN_IN_A_ROW 16u /* after so many articles that are there already the next ones will be, too */

struct ingest {
	struct report *report;
	struct intake intake;
	struct batch batch;
	struct pipeline *pipeline;
	size_t memory;       /* bytes, for all */
	uint64_t generation; /* of what the pipeline knows of storing texts */
	/* of the file that is being read: its number; what was counted, and when, before it */
	uint64_t file, added, raw, rejected;
	double since;
};

static void trace_file(struct ingest *in, const struct arrival *a)
{
	uint64_t added = report_taken(&in->report->count), raw = in->report->raw;
	struct buf name = BUF_INIT;

	utf8_add_safe(&name, bytes_str(a->path), false);
	trace_step("file", in->since, added - in->added, raw - in->raw, buf_cstr(&name));
	buf_release(&name);
}

static void begin_file(struct ingest *in, const struct arrival *a)
{
	in->file = a->file;
	in->added = report_taken(&in->report->count);
	in->raw = in->report->raw;
	in->rejected = in->report->rejected;
	in->since = trace_clock();
}

/* All of the file's articles are in the batch, or in the archive: remember that, if there was
 * nothing to reject and the file is the one that was opened. */
static int end_file(struct ingest *in, const struct arrival *a, struct err *err)
{
	if (trace_level > 1)
		trace_file(in, a);
	if (!a->place || !a->has_state || in->report->rejected > in->rejected)
		return 0;
	return batch_end_file(&in->batch, a, &a->state, err);
}

/* Tell the workers what the batch has found out since. */
static void end_arrival(struct ingest *in)
{
	const struct storing *storing = &in->batch.shelver.storing;

	if (in->generation != storing->generation)
		pipeline_set_storing(in->pipeline, storing);
	in->generation = storing->generation;
	pipeline_expect_known(in->pipeline, in->batch.known >= KNOWN_IN_A_ROW);
	pipeline_done(in->pipeline);
}

static int add_all(struct ingest *in, struct err *err)
{
	struct arrival *a;
	int rc;

	while ((rc = pipeline_next(in->pipeline, &a, err)) > 0) {
		if (a->file != in->file)
			begin_file(in, a);
		in->report->raw += a->raw;
		rc = a->stage == ARRIVAL_FILE_END ? end_file(in, a, err) : batch_add(&in->batch, a, err);
		if (rc < 0)
			return rc;
		report_progress(in->report, a->consumed);
		end_arrival(in);
	}
	return rc < 0 ? rc : batch_end(&in->batch, err);
}

/* `wanted` threads, or fewer, each of which wants so many bytes. */
static unsigned threads_within(size_t memory, unsigned wanted, size_t each)
{
	return memory / each < 1 ? 1 : memory / each < wanted ? (unsigned)(memory / each) : wanted;
}

/* What an analyzer may remember, in bytes. */
static size_t words_each(const struct ingest *in, unsigned workers)
{
	size_t share = SHARE_WORDS(in->memory) / workers;

	return share < ANALYZER_MEMORY ? share : ANALYZER_MEMORY;
}

static int open_pipeline(struct ingest *in, const volatile sig_atomic_t *stop, unsigned workers,
			 struct err *err)
{
	const struct archive *archive = in->batch.archive;
	const struct pipeline_settings settings = {
		.workers = workers,
		.most = SHARE_RECORDS(in->memory),
		.longest = in->intake.longest,
		.memory = words_each(in, workers),
		.places = SHARE_PLACES(in->memory),
		.language = buf_cstr(&archive->language),
		.storing = in->batch.shelver.storing,
		.stop = stop,
		.intake = &in->intake,
	};

	trace_phase(TRACE_WAIT);
	if (pipeline_open(&in->pipeline, &settings, err) < 0)
		return err->code;
	if (workers > 1)
		trace_thread_begin(); /* with the clock that the workers have */
	return 0;
}

int ingest(struct archive *archive, const struct walk *files, const struct ingest_options *options,
	   struct report *report, struct err *err)
{
	struct ingest in = {
		.report = report,
		.intake = { .files = files },
	};
	unsigned workers = options->jobs ? options->jobs : threads_processors();
	int rc;

	in.memory = options->memory ? options->memory : MEMORY_DEFAULT;
	in.intake.longest = SHARE_ARTICLE(in.memory) < EXTRACT_MAX ? SHARE_ARTICLE(in.memory) : EXTRACT_MAX;
	workers = threads_within(in.memory, workers < WORKERS_MAX ? workers : WORKERS_MAX, WORKER_WANTS);
	rc = batch_init(&in.batch, archive, options->stop,
			options->batch_bytes ? options->batch_bytes : SHARE_BATCH(in.memory),
			words_each(&in, workers), report, err);
	in.batch.preparer.extractor.longest = in.intake.longest;
	in.batch.shelver.jobs = workers;
	in.batch.jobs = threads_within(in.memory, workers, SEALER_WANTS);
	if (rc == 0)
		rc = catalog_limit_memory(archive->catalog, SHARE_CATALOG(in.memory), err);
	if (rc == 0)
		rc = open_pipeline(&in, options->stop, workers, err);
	if (rc == 0)
		rc = add_all(&in, err);
	if (rc < 0)
		batch_give_up(&in.batch);
	pipeline_close(in.pipeline);
	if (workers > 1)
		trace_thread_end();
	intake_close(&in.intake);
	batch_release(&in.batch);
	return rc;
}
