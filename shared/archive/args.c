#include "archive/args.h"

#include "base/mem.h"
#include "text/utf8.h"

#include <getopt.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

static const char *program = "morgue";

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

void args_complain(const char *message)
{
	struct buf line = BUF_INIT;

	utf8_add_safe(&line, bytes_str(message), true);
	fprintf(stderr, "%s: %s\n", program, buf_cstr(&line));
	buf_release(&line);
}

int args_fail(const struct err *err)
{
	args_complain(err->msg);
	return err->code == ERR_USAGE ? 2 : err->code == ERR_INTERRUPTED ? 5 : 3;
}

int args_usage_error(const char *message)
{
	args_complain(message);
	fprintf(stderr, "Try '%s --help'.\n", program);
	return 2;
}

int args_option_error(int c, char **argv)
{
	char letter[] = { '-', (char)optopt, '\0' };
	struct err err;

	err_set(&err, ERR_USAGE, c == ':' ? "option %s wants a value" : "there is no option %s",
		optopt > 0 && optopt < 128 ? letter : argv[optind - 1]);
	return args_usage_error(err.msg);
}

/* Nothing here may allocate. */
static void last_words(const char *message)
{
	ssize_t ignored = write(STDERR_FILENO, program, strlen(program));

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

void args_begin(const char *name)
{
	struct sigaction action = { .sa_handler = on_bus_error };

	program = name;
	mem_exhausted = out_of_memory;
	sigaction(SIGBUS, &action, NULL);
}
