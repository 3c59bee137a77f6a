/* shared/base/threads.h - threads that share a piece of work, and get no signals: these are for
 * the thread that starts them.
 */
#ifndef MORGUE_THREADS_H
#define MORGUE_THREADS_H

#include <pthread.h>

/* Start `n` threads, or as many as can be, in work(context). How many there are: to be joined. */
unsigned threads_start(pthread_t *threads, unsigned n, void *(*work)(void *), void *context);
/* Processors that this process may use: fewer than there are, under taskset or in a container. At least 1. */
unsigned threads_processors(void);

void threads_join(const pthread_t *threads, unsigned n);

#endif
