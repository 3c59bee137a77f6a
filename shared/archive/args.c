#include "archive/args.h"

#include "archive/catalog.h"
#include "base/mem.h"
#include "base/nearest.h"
#include "base/trace.h"
#include "segment/format.h"
#include "text/analyze.h"
#include "text/utf8.h"

#include <getopt.h>
#include <signal.h>
#include <sqlite3.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>
#include <utf8proc.h>
#include <zstd.h>

enum { NAME_SIZE = 80 };

static const char *program = "morgue"; /* what this one is called */
static char names[][NAME_SIZE] = {
	[PROGRAM_INDEXER] = "indexer", [PROGRAM_QUERY] = "query", [PROGRAM_GENERATE] = "generate"
};

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

/* A sentence about a segment, or the tail, begins with its path: the archive's part of it, or "". */
static struct bytes archive_of_segment(const char *message)
{
	static const char suffix[] = ".seg", tail[] = "tail: damaged";

	for (const char *slash = strchr(message, '/'); slash; slash = strchr(slash + 1, '/')) {
		size_t digits = strspn(slash + 1, "0123456789");

		if ((digits >= 8 && strncmp(slash + 1 + digits, suffix, strlen(suffix)) == 0) ||
		    strncmp(slash + 1, tail, strlen(tail)) == 0)
			return bytes_of(message, (size_t)(slash - message));
	}
	return BYTES_NONE;
}

/* A word of a command line, in quotation marks where a shell would want them. */
static void add_word(struct buf *out, struct bytes word)
{
	static const char plain[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789/._-+,:@%";
	bool quoted = false;

	for (size_t i = 0; i < word.n; i++)
		quoted = quoted || !memchr(plain, word.p[i], sizeof plain - 1);
	if (quoted)
		buf_add_byte(out, '\'');
	for (size_t i = 0; i < word.n; i++) {
		if (word.p[i] == '\'')
			buf_add_str(out, "'\\'");
		buf_add_byte(out, word.p[i]);
	}
	if (quoted)
		buf_add_byte(out, '\'');
}

/* A segment is not what it should be: it can be made anew. */
static void print_rebuild(struct bytes archive)
{
	struct buf command = BUF_INIT, line = BUF_INIT;

	buf_addf(&command, "  %s rebuild ", args_name(PROGRAM_INDEXER));
	add_word(&command, archive);
	utf8_add_safe(&line, buf_bytes(&command), false);
	fprintf(stderr, "The index is made anew of the articles, which are in catalog.db, by\n%s\n",
		buf_cstr(&line));
	buf_release(&command);
	buf_release(&line);
}

/* Say what to do about an error of this code, whatever its sentence says. */
static void print_way_out(const struct err *err)
{
	struct bytes archive = archive_of_segment(err->msg);

	if (archive.n && (err->code == ERR_CORRUPT || err->code == ERR_VERSION)) {
		print_rebuild(archive);
		return;
	}
	switch (err->code) {
	case ERR_CORRUPT:
		fprintf(stderr,
			"Put a copy of the archive in its place, or add the original files to a new one\n"
			"('%s add NEW PATH...'). Where catalog.db is whole, '%s show' still\n"
			"prints the articles.\n",
			args_name(PROGRAM_INDEXER), args_name(PROGRAM_QUERY));
		break;
	default: break; /* the sentence says it */
	}
}

int args_status(const struct err *err)
{
	return err->code == ERR_USAGE ? 2 : err->code == ERR_INTERRUPTED ? 5 : 3;
}

int args_fail(const struct err *err)
{
	args_complain(err->msg);
	print_way_out(err);
	return args_status(err);
}

int args_usage_error(const char *message)
{
	args_complain(message);
	fprintf(stderr, "Try '%s --help'.\n", program);
	return 2;
}

/* The long options that begin as `name` does, up to a '='; the first of them into *found. */
static unsigned long_options(const char *name, const struct option *known, const struct option **found)
{
	size_t n = strcspn(name, "=");
	unsigned count = 0;

	for (const struct option *o = known; o->name; o++) {
		if (strncmp(o->name, name, n) != 0)
			continue;
		if (!o->name[n]) {
			*found = o;
			return 1;
		}
		if (!count++)
			*found = o;
	}
	return count;
}

/* "; did you mean --json?" or "". Options of one letter are near to nothing. */
static const char *option_hint(const char *name, const struct option *known, char out[NEAREST_HINT])
{
	char word[NEAREST_MAX];
	struct nearest n;

	snprintf(word, sizeof word, "%.*s", (int)strcspn(name, "="), name);
	nearest_start(&n, word);
	for (; known->name; known++)
		nearest_offer(&n, known->name);
	return nearest_hint(&n, "--", out);
}

/* A long option that is not there, or could be several. */
static int long_option_error(const char *word, const struct option *known)
{
	const struct option *first = NULL, *second = NULL;
	char hint[NEAREST_HINT];
	struct err err;

	if (long_options(word + 2, known, &first) > 1) {
		long_options(word + 2, first + 1, &second);
		err_set(&err, ERR_USAGE, "option %s can be --%s and --%s; write more of it", word,
			first->name, second->name);
	} else {
		err_set(&err, ERR_USAGE, "there is no option %.*s%s", (int)strcspn(word, "="), word,
			option_hint(word + 2, known, hint));
	}
	return args_usage_error(err.msg);
}

/* The letter optopt. With one dash a whole name may stand there: -json. */
static int letter_error(int c, char **argv, const struct option *known)
{
	char letter[] = { '-', (char)optopt, '\0' }, hint[NEAREST_HINT] = "";
	const char *word = argv[optind] && argv[optind][0] == '-' && strchr(argv[optind], optopt)
				   ? argv[optind]
				   : argv[optind - 1];
	struct err err;

	if (c == ':') {
		err_set(&err, ERR_USAGE, "option %s wants a value after it", letter);
	} else {
		if (word[0] == '-' && strlen(word) > 3)
			option_hint(word + 1, known, hint);
		err_set(&err, ERR_USAGE, "there is no option %s%s",
			optopt > 0 && optopt < 128 ? letter : argv[optind - 1], hint);
	}
	return args_usage_error(err.msg);
}

int args_option_error(int c, char **argv, const struct option *known)
{
	const char *word = argv[optind - 1];
	const struct option *o = NULL;
	struct err err;

	if (strncmp(word, "--", 2) == 0 && optopt == 0)
		return long_option_error(word, known);
	if (strncmp(word, "--", 2) != 0 || !long_options(word + 2, known, &o) || o->val != optopt)
		return letter_error(c, argv, known);
	err_set(&err, ERR_USAGE,
		c == ':' ? "option --%s wants a value after it" : "option --%s takes no value", o->name);
	return args_usage_error(err.msg);
}

/* Nothing here may allocate. Of several threads that come to their end at once, the first one speaks. */
static void last_words(const char *message)
{
	static atomic_flag spoken = ATOMIC_FLAG_INIT;
	ssize_t ignored;

	while (atomic_flag_test_and_set(&spoken))
		pause();
	ignored = write(STDERR_FILENO, program, strlen(program));
	ignored = write(STDERR_FILENO, message, strlen(message));
	(void)ignored;
	_exit(3);
}

static void out_of_memory(size_t size)
{
	(void)size;
	last_words(": out of memory\n");
}

static void archive_out_of_memory(size_t size)
{
	(void)size;
	last_words(": out of memory; nothing that was committed is lost\n");
}

static void on_bus_error(int signal_number)
{
	(void)signal_number;
	last_words(": a file of the archive was cut short while it was read\n");
}

/* A name that a message can begin with: not too long, and safe to print. */
static bool usable_name(const char *name)
{
	static const char allowed[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_+.";
	size_t n = strspn(name, allowed);

	return n > 0 && n <= NAME_SIZE / 2 && !name[n];
}

/* Called PREFIXquery, the other program is PREFIXindexer, and the other way round. */
static void set_names(enum program self, const char *called)
{
	char *other = names[self == PROGRAM_QUERY ? PROGRAM_INDEXER : PROGRAM_QUERY];
	size_t n = strlen(called), end = strlen(names[self]);

	if (n > end && strcmp(called + n - end, names[self]) == 0) {
		memmove(other + n - end, other, strlen(other) + 1);
		memcpy(other, called, n - end);
	}
	memcpy(names[self], called, n + 1);
}

void args_begin(enum program self, const char *argv0)
{
	struct sigaction action = { .sa_handler = on_bus_error };
	const char *slash = argv0 ? strrchr(argv0, '/') : NULL, *called = slash ? slash + 1 : argv0;

	if (called && usable_name(called))
		set_names(self, called);
	program = names[self];
	mem_exhausted = self == PROGRAM_GENERATE ? out_of_memory : archive_out_of_memory;
	trace_begin(getenv("MORGUE_TRACE"));
	sigaction(SIGBUS, &action, NULL);
}

const char *args_name(enum program of)
{
	return names[of];
}

void args_version(void)
{
	printf("%s %s\n", program, MORGUE_VERSION);
	printf("catalog-format %d\nsegment-format %u\nanalyzer %d\n", CATALOG_VERSION, SEG_VERSION,
	       ANALYZER_VERSION);
	printf("sqlite %s\nzstd %s\nutf8proc %s\n", sqlite3_libversion(), ZSTD_versionString(),
	       utf8proc_version());
}
