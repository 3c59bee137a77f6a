/* tests/bench/timing.h - how long things take: run a list of tasks over and over.
 *
 * Rule    the whole list runs once unrecorded, then `reps` times from end to end, so
 *         that no task finds its own data still in the processor's cache. A task that
 *         has used more than `cap` seconds, the unrecorded run included, is left out
 *         of what follows; every task is recorded once.
 */
#ifndef MORGUE_TIMING_H
#define MORGUE_TIMING_H

#include <stddef.h>
#include <time.h>

typedef void timed_task(void *context, size_t i);

struct timing { /* seconds */
	double best, median;
	unsigned runs;
};

struct timing_rule {
	unsigned reps; /* > 0 */
	double cap;
	clockid_t
		clock; /* CLOCK_MONOTONIC, or this thread's processor time, which a busy machine changes less */
};

/* Run tasks 0..n-1; out[i] gets the times of task i. */
void time_tasks(struct timing *out, size_t n, const struct timing_rule *rule, timed_task *run, void *context);

double timing_now(void); /* seconds of the monotonic clock */

struct spread {
	double mean, p50, p95; /* p95: the least value that 95 % of the values do not exceed */
};

/* Of n > 0 values, which are sorted in place; of the timings' bests. */
struct spread spread_of(double *values, size_t n);
struct spread spread_of_best(const struct timing *timings, size_t n);

#endif
