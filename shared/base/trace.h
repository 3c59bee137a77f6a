/* shared/base/trace.h - where a run's time goes: lines on standard error, if asked for.
 *
 * MORGUE_TRACE=1  a line a phase when the program ends, and one for the whole run with
 *                 its peak of memory.
 * MORGUE_TRACE=2  also a line for each batch, file, segment, word as it is done.
 * Shape   "morgue: invert   18204 docs     3.104212 s     212.0 MiB  name"; what does not
 *         apply is left blank.
 * Clock   one phase runs at a time: entering one ends the one before, so the times add
 *         up to the run's. MiB are what the phase read or made.
 * Thread  each has a running phase of its own, from trace_thread_begin to trace_thread_end.
 *         Its times are those of its processor, since there may be more threads than
 *         processors; they add up to what the run used, and not to how long it took.
 * Cost    off: a branch on a global. On: a look at the clock a phase entered.
 */
#ifndef MORGUE_TRACE_H
#define MORGUE_TRACE_H

#include <stdint.h>

enum trace_phase {
	TRACE_START, /* before any other */
	TRACE_READ,
	TRACE_EXTRACT,
	TRACE_RECOGNISE,
	TRACE_ANALYZE,
	TRACE_COMPRESS,
	TRACE_CATALOG,
	TRACE_INVERT,
	TRACE_TAIL,
	TRACE_SEAL,
	TRACE_MERGE,
	TRACE_WRITE,
	TRACE_COMMIT,
	TRACE_CHECKPOINT,
	TRACE_OPEN,
	TRACE_PARSE,
	TRACE_PLAN,
	TRACE_RANK,
	TRACE_LOAD,
	TRACE_SNIPPET,
	TRACE_CLOSE,
	TRACE_PRINT,
	TRACE_WAIT, /* for another thread: not shown */
	TRACE_COUNT
};

extern int trace_level; /* 0, 1 or 2 */

/* Once, first: the level as the environment gives it; NULL, "" and "0" are off, and a
 * number above 2 is 2. If it is on, the phases are printed when the program exits. */
void trace_begin(const char *level);

double trace_clock(void); /* seconds of the monotonic clock */

/* In a thread that does a part of the work, before its first phase and after its last one. */
void trace_thread_begin(void);
void trace_thread_end(void);

/* What has been added up of a phase by threads that have ended. */
double trace_seconds(enum trace_phase phase);
const char *trace_name(enum trace_phase phase); /* TRACE_WAIT has none */

void trace_enter(enum trace_phase phase);
void trace_amount(uint64_t docs, uint64_t bytes);

static inline void trace_phase(enum trace_phase phase)
{
	if (trace_level)
		trace_enter(phase);
}

/* Add to what the running phase has done. */
static inline void trace_add(uint64_t docs, uint64_t bytes)
{
	if (trace_level)
		trace_amount(docs, bytes);
}

/* Level 2: print what has been done since `since` (below 0: no time). `name` is safe to print. */
void trace_step(const char *kind, double since, uint64_t docs, uint64_t bytes, const char *name);

#endif
