#include "frames.h"

#include "base/mem.h"
#include "base/threads.h"
#include "base/trace.h"

#include <stdatomic.h>
#include <stdlib.h>

#define STRETCH 64u /* texts that a thread takes at a time */

struct frame_stretch {
	size_t first;         /* byte of the sample */
	size_t ends[STRETCH]; /* of its frames */
	struct buf frames;
};

struct compressing {
	struct frames *frames;
	const struct text_way *way;
	atomic_size_t next; /* stretch */
};

static void compress_stretch(struct compressing *c, struct text_compressor *compressor, size_t number,
			     struct buf *frame)
{
	const struct sample *s = c->frames->sample;
	struct frame_stretch *stretch = &c->frames->stretches[number];
	const uint8_t *text = s->bytes.p + stretch->first;
	const size_t *sizes = s->sizes + number * STRETCH;
	size_t n = s->n - number * STRETCH;

	for (size_t i = 0; i < n && i < STRETCH; text += sizes[i++]) {
		text_compress(compressor, c->way, bytes_of(text, sizes[i]), frame);
		buf_add_bytes(&stretch->frames, buf_bytes(frame));
		stretch->ends[i] = stretch->frames.n;
	}
}

static void compress(struct compressing *c)
{
	struct text_compressor *compressor = text_compressor_new();
	struct buf frame = BUF_INIT;
	size_t number;

	while ((number = atomic_fetch_add(&c->next, 1)) < c->frames->nstretches)
		compress_stretch(c, compressor, number, &frame);
	buf_release(&frame);
	text_compressor_free(compressor);
}

static void *work(void *compressing)
{
	trace_thread_begin();
	trace_phase(TRACE_COMPRESS);
	compress(compressing);
	trace_thread_end();
	return NULL;
}

void frames_compress(struct frames *f, const struct sample *s, const struct text_way *way, unsigned jobs)
{
	struct compressing c = { .frames = f, .way = way };
	pthread_t *threads = mem_zalloc(jobs, sizeof *threads);
	unsigned started;

	*f = (struct frames){ .sample = s, .nstretches = (s->n + STRETCH - 1) / STRETCH };
	f->stretches = mem_zalloc(f->nstretches, sizeof *f->stretches);
	for (size_t i = 0, at = 0; i < s->n; at += s->sizes[i++])
		if (i % STRETCH == 0)
			f->stretches[i / STRETCH].first = at;
	started = threads_start(threads, jobs ? jobs - 1 : 0, work, &c);
	compress(&c);
	threads_join(threads, started);
	free(threads);
}

void frames_release(struct frames *f)
{
	for (size_t i = 0; i < f->nstretches; i++)
		buf_release(&f->stretches[i].frames);
	free(f->stretches);
	*f = (struct frames){ .nstretches = 0 };
}

bool frames_next(struct frames *f, struct bytes text, struct bytes *frame)
{
	const struct frame_stretch *stretch;
	size_t number = f->next % STRETCH, start;
	struct bytes sampled;

	if (f->next == f->sample->n)
		return false;
	stretch = &f->stretches[f->next / STRETCH];
	start = number ? stretch->ends[number - 1] : 0;
	sampled = bytes_of(f->sample->bytes.p + f->at, f->sample->sizes[f->next++]);
	f->at += sampled.n;
	*frame = bytes_of(stretch->frames.p + start, stretch->ends[number] - start);
	return bytes_equal(sampled, text);
}
