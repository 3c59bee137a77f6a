/* query - asks an archive. docs: README.md, docs/QUERY.md, query --help, query help. */
#include "archive/args.h"
#include "archive/help.h"
#include "base/nearest.h"
#include "base/trace.h"
#include "options.h"

#include <stdio.h>
#include <stdlib.h>
#include <sys/ioctl.h>
#include <unistd.h>

/* ---- output ---- */

static void printer_init(struct printer *p, const struct options *o)
{
	const char *no_color = getenv("NO_COLOR");
	bool terminal = isatty(STDOUT_FILENO);
	struct winsize size;

	*p = (struct printer){ .color = terminal && !(no_color && *no_color) };
	if (o->color && strcmp(o->color, "auto"))
		p->color = strcmp(o->color, "always") == 0;
	if (terminal)
		p->width =
			ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) == 0 && size.ws_col > 20 ? size.ws_col : 80;
}

/* Write it all; false, and said so, if it cannot be written. */
static bool flush_out(struct printer *p)
{
	bool done = (!p->out.n || fwrite(p->out.p, 1, p->out.n, stdout) == p->out.n) && fflush(stdout) == 0;
	struct err err;

	if (!done) {
		err_errno(&err, "cannot write the answer");
		args_complain(err.msg);
	}
	buf_release(&p->out);
	return done;
}

/* Each note once, however often its occasion came. */
static void print_notes(struct buf *notes)
{
	struct bytes rest = buf_bytes(notes), line;

	while (bytes_line(&rest, &line))
		if (!memmem(notes->p, (size_t)(line.p - notes->p), line.p, line.n))
			fprintf(stderr, "%s: note: %.*s\n", args_name(PROGRAM_QUERY), (int)line.n,
				(const char *)line.p);
	buf_release(notes);
}

/* ---- commands ---- */

/* Options end where the archive is named: one that comes later is part of the question. */
static void note_late_options(const struct args *args, struct buf *notes)
{
	for (int i = 0; i < args->n; i++) {
		const char *a = args->v[i];

		if (a[0] != '-' || !a[1] || (a[1] == '-' ? !a[2] : a[2] != '\0'))
			continue;
		buf_add_str(notes, "'");
		utf8_add_safe(notes, bytes_str(a), false);
		buf_add_str(notes, "' is read as part of the question; options stand before the archive\n");
		return;
	}
}

/* The words after the options, joined by spaces. */
static void join_words(const struct args *args, struct buf *out)
{
	for (int i = 0; i < args->n; i++) {
		if (i)
			buf_add_byte(out, ' ');
		buf_add_str(out, args->v[i]);
	}
}

/* An archive that is not there may be a command with a slip in it. */
static void suggest_command(const char *path, struct err *err)
{
	static const char *const commands[] = { "show", "help", NULL };
	char hint[NEAREST_HINT];

	if (err->code == ERR_NOT_FOUND && *nearest_of(path, commands, "the command ", hint))
		err_set(err, ERR_NOT_FOUND, "%.100s: no such archive%s", path, hint);
}

static int name_archive(void)
{
	struct err err;

	err_set(&err, ERR_USAGE, "name an archive and what to search for: %s news.morgue dam",
		args_name(PROGRAM_QUERY));
	return args_usage_error(err.msg);
}

static int command_search(int argc, char **argv)
{
	struct options o = { .search = { .rank.count = 10, .k1 = BM25_K1, .b = BM25_B } };
	int status = parse_options(argc, argv, "+:n:s:cla:hV", search_known, &o), rc;
	struct args args = { argc - optind, argv + optind };
	struct buf question = BUF_INIT, notes = BUF_INIT;
	struct printer printer;
	struct archive archive;
	struct err err;
	const char *path;
	uint64_t total = 0;
	double start = trace_clock();

	if (status >= 0)
		return status;
	if (!(path = args_archive(&args, o.archive)))
		return name_archive();
	if (!args.n)
		return args_usage_error("nothing to search for; '*' finds every article");
	if (o.search.output == OUTPUT_COUNT)
		o.search.rank.count = 0;
	trace_phase(TRACE_OPEN);
	if ((rc = archive_open_read(&archive, path, &err)) < 0) {
		suggest_command(path, &err);
		return args_fail(&err);
	}
	join_words(&args, &question);
	note_late_options(&args, &notes);
	printer_init(&printer, &o);
	rc = search(&archive, buf_bytes(&question), &o.search, &printer, &notes, &total, &err);
	trace_phase(TRACE_CLOSE);
	archive_close(&archive);
	trace_phase(TRACE_PRINT);
	print_notes(&notes);
	buf_release(&question);
	if (rc < 0) {
		buf_release(&printer.out);
		if (rc == ERR_NOT_FOUND) /* the article to explain; the archive is sound */
			args_complain(err.msg);
		return rc == ERR_NOT_FOUND ? 1 : args_fail(&err);
	}
	if (!flush_out(&printer))
		return 3;
	if (isatty(STDERR_FILENO) && isatty(STDOUT_FILENO))
		fprintf(stderr, "%.1f ms\n", (trace_clock() - start) * 1e3);
	return total ? 0 : 1;
}

static int command_show(int argc, char **argv)
{
	struct options o = { .json = false };
	int status = parse_options(argc, argv, ":a:hV", show_known, &o), rc = 0;
	struct args args = { argc - optind, argv + optind };
	struct printer printer;
	struct archive archive;
	struct err err;
	const char *path;
	bool missing = false;

	if (status >= 0)
		return status;
	if (!(path = args_archive(&args, o.archive)) || !args.n)
		return args_usage_error(
			"show: name an archive and the number of an article, which hits have after #");
	if ((rc = archive_open_texts(&archive, path, &err)) < 0)
		return args_fail(&err);
	printer_init(&printer, &o);
	for (int i = 0; rc == 0 && i < args.n; i++) {
		size_t before = printer.out.n;
		uint64_t number;

		if (!parse_number(args.v[i], &number)) {
			rc = err_set(
				&err, ERR_USAGE,
				"show: '%.100s' is not the number of an article, which hits have after #",
				args.v[i]);
			break;
		}
		if (before && !o.json)
			buf_add_byte(&printer.out, '\n');
		rc = show_article(&archive, (int64_t)number, o.json, o.furniture, &printer, &err);
		if (rc == ERR_NOT_FOUND) { /* the others can still be shown */
			printer.out.n = before;
			args_complain(err.msg);
			missing = true;
			rc = 0;
		}
	}
	archive_close(&archive);
	if (!flush_out(&printer))
		return 3;
	return rc < 0 ? args_fail(&err) : missing;
}

static int command_help(int argc, char **argv)
{
	return help(help_topics, argc - 1, argv + 1);
}

int main(int argc, char **argv)
{
	static const struct {
		const char *name;
		int (*run)(int argc, char **argv);
	} commands[] = { { "show", command_show }, { "help", command_help }, { "search", command_search } };

	args_begin(PROGRAM_QUERY, argv[0]);
	for (size_t i = 0; argc > 1 && i < sizeof commands / sizeof *commands; i++)
		if (strcmp(argv[1], commands[i].name) == 0)
			return commands[i].run(argc - 1, argv + 1);
	return command_search(argc, argv);
}
