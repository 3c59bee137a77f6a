#include "base/threads.h"

#include <sched.h>
#include <signal.h>
#include <stddef.h>
#include <unistd.h>

unsigned threads_start(pthread_t *threads, unsigned n, void *(*work)(void *), void *context)
{
	unsigned started = 0;
	sigset_t all, before;

	sigfillset(&all);
	pthread_sigmask(SIG_SETMASK, &all, &before);
	while (started < n && pthread_create(&threads[started], NULL, work, context) == 0)
		started++;
	pthread_sigmask(SIG_SETMASK, &before, NULL);
	return started;
}

unsigned threads_processors(void)
{
	long n = sysconf(_SC_NPROCESSORS_ONLN);
	cpu_set_t ours;

	if (sched_getaffinity(0, sizeof ours, &ours) == 0)
		n = CPU_COUNT(&ours);
	return n < 1 ? 1 : (unsigned)n;
}

void threads_join(const pthread_t *threads, unsigned n)
{
	for (unsigned i = 0; i < n; i++)
		pthread_join(threads[i], NULL);
}
