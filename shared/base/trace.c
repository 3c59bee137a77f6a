#include "base/trace.h"

#include "base/mem.h"

#include <inttypes.h>
#include <pthread.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <time.h>

static const char *const names[TRACE_WAIT] = {
	"start", "read", "extract", "recognise", "analyze", "compress",   "catalog", "invert",
	"tail",  "seal", "merge",   "write",     "commit",  "checkpoint", "open",    "parse",
	"plan",  "rank", "load",    "snippet",   "close",   "print",
};

struct phases {
	struct {
		bool entered;
		double seconds;
		uint64_t docs, bytes;
	} of[TRACE_COUNT];
	enum trace_phase running;
	double entered;
	clockid_t clock;
};

int trace_level;
static struct phases whole = { .clock = CLOCK_MONOTONIC }; /* of the thread that began */
static struct phases others;                               /* of those that have ended, added up */
static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;   /* of .others */
static _Thread_local struct phases *mine;
static double began;

static double read_clock(clockid_t clock)
{
	struct timespec t;

	clock_gettime(clock, &t);
	return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

double trace_clock(void)
{
	return read_clock(CLOCK_MONOTONIC);
}

static struct phases *phases_here(void)
{
	return mine ? mine : &whole;
}

void trace_enter(enum trace_phase phase)
{
	struct phases *p = phases_here();
	double now = read_clock(p->clock);

	p->of[p->running].seconds += now - p->entered;
	p->of[phase].entered = true;
	p->running = phase;
	p->entered = now;
}

void trace_amount(uint64_t docs, uint64_t bytes)
{
	struct phases *p = phases_here();

	p->of[p->running].docs += docs;
	p->of[p->running].bytes += bytes;
}

void trace_thread_begin(void)
{
	if (!trace_level)
		return;
	mine = mem_zalloc(1, sizeof *mine);
	mine->running = TRACE_WAIT;
	mine->clock = CLOCK_THREAD_CPUTIME_ID;
	mine->entered = read_clock(mine->clock);
}

void trace_thread_end(void)
{
	if (!mine)
		return;
	trace_enter(TRACE_WAIT);
	pthread_mutex_lock(&lock);
	for (int i = 0; i < TRACE_COUNT; i++) {
		others.of[i].entered |= mine->of[i].entered;
		others.of[i].seconds += mine->of[i].seconds;
		others.of[i].docs += mine->of[i].docs;
		others.of[i].bytes += mine->of[i].bytes;
	}
	pthread_mutex_unlock(&lock);
	free(mine);
	mine = NULL;
}

double trace_seconds(enum trace_phase phase)
{
	return others.of[phase].seconds;
}

const char *trace_name(enum trace_phase phase)
{
	return names[phase];
}

static void line(const char *what, double seconds, uint64_t docs, uint64_t bytes, const char *name)
{
	char docs_text[32] = "", seconds_text[32] = "", bytes_text[32] = "";

	if (docs)
		snprintf(docs_text, sizeof docs_text, "%" PRIu64 " docs", docs);
	if (bytes)
		snprintf(bytes_text, sizeof bytes_text, "%.3f MiB", (double)bytes / (1 << 20));
	if (seconds >= 0)
		snprintf(seconds_text, sizeof seconds_text, "%.6f s", seconds);
	fprintf(stderr, "morgue: %-10s %15s %14s", what, docs_text, seconds_text);
	if (bytes || *name)
		fprintf(stderr, " %15s%s%s", bytes_text, *name ? "  " : "", name);
	putc('\n', stderr);
}

void trace_step(const char *kind, double since, uint64_t docs, uint64_t bytes, const char *name)
{
	line(kind, since < 0 ? -1 : trace_clock() - since, docs, bytes, name);
}

static void print_phases(void)
{
	struct rusage usage;

	trace_enter(TRACE_START);
	for (int i = 0; i < TRACE_WAIT; i++)
		if (whole.of[i].entered || others.of[i].entered)
			line(names[i], whole.of[i].seconds + others.of[i].seconds,
			     whole.of[i].docs + others.of[i].docs, whole.of[i].bytes + others.of[i].bytes,
			     "");
	getrusage(RUSAGE_SELF, &usage);
	line("total", whole.entered - began, 0, (uint64_t)usage.ru_maxrss << 10, "");
}

void trace_begin(const char *level)
{
	trace_level = level && *level ? atoi(level) : 0;
	trace_level = trace_level < 0 ? 0 : trace_level > 2 ? 2 : trace_level;
	if (!trace_level)
		return;
	began = whole.entered = trace_clock();
	atexit(print_phases);
}
