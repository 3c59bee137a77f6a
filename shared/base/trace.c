#include "base/trace.h"

#include <inttypes.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <time.h>

static const char *const names[TRACE_COUNT] = {
	"start",  "read", "extract", "recognise", "analyze", "deflate",    "catalog",
	"invert", "seal", "merge",   "write",     "commit",  "checkpoint", "open",
	"parse",  "plan", "rank",    "load",      "snippet", "close",      "print",
};

static struct {
	bool entered;
	double seconds;
	uint64_t docs, bytes;
} phases[TRACE_COUNT];

int trace_level;
static enum trace_phase running;
static double began, entered;

double trace_clock(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

void trace_enter(enum trace_phase phase)
{
	double now = trace_clock();

	phases[running].seconds += now - entered;
	phases[phase].entered = true;
	running = phase;
	entered = now;
}

void trace_amount(uint64_t docs, uint64_t bytes)
{
	phases[running].docs += docs;
	phases[running].bytes += bytes;
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
	for (int i = 0; i < TRACE_COUNT; i++)
		if (phases[i].entered)
			line(names[i], phases[i].seconds, phases[i].docs, phases[i].bytes, "");
	getrusage(RUSAGE_SELF, &usage);
	line("total", entered - began, 0, (uint64_t)usage.ru_maxrss << 10, "");
}

void trace_begin(const char *level)
{
	trace_level = level && *level ? atoi(level) : 0;
	trace_level = trace_level < 0 ? 0 : trace_level > 2 ? 2 : trace_level;
	if (!trace_level)
		return;
	began = entered = trace_clock();
	atexit(print_phases);
}
