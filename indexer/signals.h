/* indexer/signals.h - being told to stop. */
#ifndef MORGUE_SIGNALS_H
#define MORGUE_SIGNALS_H

#include <signal.h>

extern volatile sig_atomic_t stop_requested;

/* From now on SIGINT, SIGTERM and SIGHUP set stop_requested, so that a run ends in good order: unless
 * they are ignored (nohup). A second one stops at once. SIGPIPE is ignored: a pager that is left, or
 * head(1) that has read enough, stops no run. */
void catch_signals(void);

#endif
