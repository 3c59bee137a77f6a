#include "signals.h"

#include <unistd.h>

volatile sig_atomic_t stop_requested;

static void on_signal(int signal_number)
{
	stop_requested = 1;
	signal(signal_number, SIG_DFL); /* a second one stops at once */
	alarm(1);
}

/* The signal may have come just before a call that waits: disturb it again. */
static void on_alarm(int signal_number)
{
	(void)signal_number;
	alarm(1);
}

void catch_signals(void)
{
	static const int signals[] = { SIGINT, SIGTERM, SIGHUP };
	struct sigaction action = { .sa_handler = on_signal }, old;

	for (size_t i = 0; i < sizeof signals / sizeof *signals; i++)
		if (sigaction(signals[i], NULL, &old) == 0 && old.sa_handler != SIG_IGN)
			sigaction(signals[i], &action, NULL);
	action.sa_handler = on_alarm;
	sigaction(SIGALRM, &action, NULL);
	signal(SIGPIPE, SIG_IGN);
}
