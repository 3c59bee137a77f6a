#include "timing.h"

#include "base/mem.h"

#include <stdlib.h>

static double seconds_of(clockid_t clock)
{
	struct timespec t;

	clock_gettime(clock, &t);
	return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

double timing_now(void)
{
	return seconds_of(CLOCK_MONOTONIC);
}

static int by_size(const void *x, const void *y)
{
	double a = *(const double *)x, b = *(const double *)y;

	return (a > b) - (a < b);
}

void time_tasks(struct timing *out, size_t n, const struct timing_rule *rule, timed_task *run, void *context)
{
	unsigned reps = rule->reps;
	double *times = mem_zalloc(n * reps, sizeof *times);
	double *spent = mem_zalloc(n, sizeof *spent);

	for (size_t i = 0; i < n; i++)
		out[i].runs = 0;
	for (unsigned pass = 0; pass <= reps; pass++) {
		for (size_t i = 0; i < n; i++) {
			double start, seconds;

			if (pass > 1 && spent[i] > rule->cap)
				continue;
			start = seconds_of(rule->clock);
			run(context, i);
			seconds = seconds_of(rule->clock) - start;
			spent[i] += seconds;
			if (pass > 0)
				times[i * reps + out[i].runs++] = seconds;
		}
	}
	for (size_t i = 0; i < n; i++) {
		double *of_task = times + i * reps;

		qsort(of_task, out[i].runs, sizeof *of_task, by_size);
		out[i].best = of_task[0];
		out[i].median = of_task[out[i].runs / 2];
	}
	free(times);
	free(spent);
}

/* The place, in n sorted values, of the least that `percent` of them do not exceed. */
static size_t percentile(size_t n, size_t percent)
{
	return (n * percent + 99) / 100 - 1;
}

struct spread spread_of(double *values, size_t n)
{
	double sum = 0;

	qsort(values, n, sizeof *values, by_size);
	for (size_t i = 0; i < n; i++)
		sum += values[i];
	return (struct spread){ .mean = sum / (double)n,
				.p50 = values[percentile(n, 50)],
				.p95 = values[percentile(n, 95)] };
}

struct spread spread_of_best(const struct timing *timings, size_t n)
{
	double *best = mem_zalloc(n, sizeof *best);
	struct spread s;

	for (size_t i = 0; i < n; i++)
		best[i] = timings[i].best;
	s = spread_of(best, n);
	free(best);
	return s;
}
