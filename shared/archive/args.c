#include "archive/args.h"

#include "base/mem.h"
#include "text/utf8.h"

#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

static const char *guarded = "morgue";

const char *args_archive(struct args *args, const char *option)
{
	const char *fixed = option ? option : getenv("MORGUE");

	if (fixed && *fixed)
		return fixed;
	if (!args->n)
		return NULL;
	args->n--;
	return *args->v++;
}

int args_exit_status(int code)
{
	return code == ERR_USAGE ? 2 : code == ERR_INTERRUPTED ? 5 : 3;
}

void args_complain(const char *program, const char *message)
{
	struct buf line = BUF_INIT;

	utf8_add_safe(&line, bytes_str(message), true);
	fprintf(stderr, "%s: %s\n", program, buf_cstr(&line));
	buf_release(&line);
}

/* Nothing here may allocate. */
static void last_words(const char *message)
{
	ssize_t ignored = write(STDERR_FILENO, guarded, strlen(guarded));

	ignored = write(STDERR_FILENO, message, strlen(message));
	(void)ignored;
	_exit(3);
}

static void out_of_memory(size_t size)
{
	(void)size;
	last_words(": out of memory; nothing that was committed is lost\n");
}

static void on_bus_error(int signal_number)
{
	(void)signal_number;
	last_words(": a file of the archive was cut short while it was read\n");
}

void args_guard(const char *program)
{
	struct sigaction action = { .sa_handler = on_bus_error };

	guarded = program;
	mem_exhausted = out_of_memory;
	sigaction(SIGBUS, &action, NULL);
}
