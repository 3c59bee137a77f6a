/* query - asks an archive. docs: README.md, docs/QUERY.md, query --help, query help. */
#include "archive/args.h"
#include "archive/help.h"
#include "base/civil.h"
#include "base/nearest.h"
#include "base/trace.h"
#include "options.h"
#include "question_lines.h"

#include <inttypes.h>
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

/* Each note once, however often its occasion came; with the line of a batch. */
static void print_notes(struct buf *notes, uint64_t number)
{
	struct bytes rest = buf_bytes(notes), line;
	char place[40] = "";

	if (number)
		snprintf(place, sizeof place, "line %" PRIu64 ": ", number);
	while (bytes_line(&rest, &line))
		if (!memmem(notes->p, (size_t)(line.p - notes->p), line.p, line.n))
			fprintf(stderr, "%s: note: %s%.*s\n", args_name(PROGRAM_QUERY), place, (int)line.n,
				(const char *)line.p);
	buf_release(notes);
}

/* ---- a question ---- */

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

static int name_archive(const struct options *o)
{
	struct err err;

	err_set(&err, ERR_USAGE, "name an archive%s: %s %snews.morgue%s",
		o->batch ? " after the file of questions" : " and what to search for",
		args_name(PROGRAM_QUERY), o->batch ? "--batch questions.txt " : "", o->batch ? "" : " dam");
	return args_usage_error(err.msg);
}

/* Is what stands behind the archive what the options ask for? -1, or an exit status. */
static int check_words(const struct args *args, const struct options *o)
{
	struct err err;

	if (!o->batch)
		return args->n ? -1 : args_usage_error("nothing to search for; '*' finds every article");
	if (!args->n)
		return -1;
	err_set(&err, ERR_USAGE,
		"--batch takes its questions from its file alone: leave '%.100s' out; options stand before "
		"the archive",
		args->v[0]);
	return args_usage_error(err.msg);
}

static int open_archive(struct archive *archive, const char *path, struct err *err)
{
	int rc;

	trace_phase(TRACE_OPEN);
	if ((rc = archive_open_unlocked(archive, path, err)) < 0)
		suggest_command(path, err);
	return rc;
}

/* The exit status of an answer that could not be given. */
static int fail_search(struct printer *printer, const struct err *err)
{
	buf_release(&printer->out);
	if (err->code == ERR_NOT_FOUND) /* the article to explain; the archive is sound */
		args_complain(err->msg);
	return err->code == ERR_NOT_FOUND ? 1 : args_fail(err);
}

/* One question: the words. */
static int search_words(const struct args *args, const char *path, const struct options *o)
{
	struct buf words = BUF_INIT, notes = BUF_INIT;
	struct searcher *searcher;
	struct question question;
	struct printer printer;
	struct archive archive;
	struct err err;
	uint64_t total = 0;
	double start = trace_clock();
	int rc;

	if (open_archive(&archive, path, &err) < 0)
		return args_fail(&err);
	join_words(args, &words);
	question = (struct question){ .text = buf_bytes(&words) };
	note_late_options(args, &notes);
	printer_init(&printer, o);
	searcher = searcher_new(&archive, &o->search, &printer, &err);
	rc = searcher ? search(searcher, &question, &notes, &total, &err) : err.code;
	trace_phase(TRACE_CLOSE);
	searcher_free(searcher);
	archive_close(&archive);
	trace_phase(TRACE_PRINT);
	print_notes(&notes, 0);
	buf_release(&words);
	if (rc < 0)
		return fail_search(&printer, &err);
	if (!flush_out(&printer))
		return 3;
	if (isatty(STDERR_FILENO) && isatty(STDOUT_FILENO))
		fprintf(stderr, "%.1f ms\n", (trace_clock() - start) * 1e3);
	return total ? 0 : 1;
}

/* ---- many questions ---- */

struct batch_run {
	struct archive archive;
	struct printer printer;
	struct searcher *searcher;
	bool found, refused; /* any question had hits; any could not be understood */
};

/* Say of a line that it has no answer, and why; false if that cannot be written. */
static bool refuse_line(struct batch_run *run, const struct question *q, const struct err *reason)
{
	struct buf message = BUF_INIT;

	buf_reset(&run->printer.out);
	if (!search_refuse(run->searcher, q, reason)) {
		buf_addf(&message, "line %" PRIu64 ": %s", q->line, reason->msg);
		args_complain(buf_cstr(&message));
		buf_release(&message);
	}
	run->refused = run->refused || reason->code != ERR_NOT_FOUND;
	return flush_out(&run->printer);
}

/* Answer a line by what has been committed when it came. The catalog is left before anything
 * is written. -1, or the exit status to end with. */
static int answer_line(struct batch_run *run, const struct question *q)
{
	struct buf notes = BUF_INIT;
	struct err err;
	uint64_t total = 0;
	int rc, paused;

	trace_phase(TRACE_OPEN);
	if (archive_resume(&run->archive, &err) < 0)
		return args_fail(&err);
	rc = search(run->searcher, q, &notes, &total, &err);
	trace_phase(TRACE_CLOSE);
	paused = archive_pause(&run->archive, rc < 0 ? NULL : &err); /* of two errors the first is told */
	rc = rc < 0 ? rc : paused;
	trace_phase(TRACE_PRINT);
	print_notes(&notes, q->line);
	if (rc == ERR_USAGE || rc == ERR_NOT_FOUND)
		return refuse_line(run, q, &err) ? -1 : 3;
	if (rc < 0)
		return fail_search(&run->printer, &err);
	run->found = run->found || total;
	return flush_out(&run->printer) ? -1 : 3;
}

static int answer_lines(struct batch_run *run, struct question_lines *lines)
{
	struct question q;
	struct err err;
	int status = -1, got = 1;

	while (status < 0 && got > 0) {
		trace_phase(TRACE_READ);
		got = question_lines_next(lines, &q, &err);
		if (got > 0) {
			status = answer_line(run, &q);
		} else if (got == ERR_LIMIT) {
			status = refuse_line(run, &q, &err) ? -1 : 3;
			got = 1;
		} else if (got < 0) {
			args_complain(err.msg);
			status = 2;
		}
	}
	return status >= 0 ? status : run->refused ? 2 : run->found ? 0 : 1;
}

/* The questions of a file, one a line. */
static int search_lines(const char *path, const struct options *o)
{
	struct question_lines lines;
	struct batch_run run = { .searcher = NULL };
	struct err err;
	int status;

	trace_phase(TRACE_READ);
	if (question_lines_open(&lines, o->batch, &err) < 0) {
		args_complain(err.msg);
		return 2;
	}
	if (open_archive(&run.archive, path, &err) < 0) {
		question_lines_close(&lines);
		return args_fail(&err);
	}
	printer_init(&run.printer, o);
	run.searcher = searcher_new(&run.archive, &o->search, &run.printer, &err);
	status = run.searcher && archive_pause(&run.archive, &err) == 0 ? answer_lines(&run, &lines)
									: args_fail(&err);
	searcher_free(run.searcher);
	archive_close(&run.archive);
	question_lines_close(&lines);
	return status;
}

static int command_search(int argc, char **argv)
{
	struct options o = {
		.search = { .rank.count = 10, .k1 = BM25_K1, .b = BM25_B, .parse.today = civil_today() }
	};
	int status = parse_options(argc, argv, "+:n:s:cla:FhV", search_known, &o);
	struct args args = { argc - optind, argv + optind };
	const char *path;

	if (status >= 0)
		return status;
	if (!(path = args_archive(&args, o.archive)))
		return name_archive(&o);
	if ((status = check_words(&args, &o)) >= 0)
		return status;
	if (o.search.output == OUTPUT_COUNT)
		o.search.rank.count = 0;
	return o.batch ? search_lines(path, &o) : search_words(&args, path, &o);
}

/* ---- other commands ---- */

static int command_show(int argc, char **argv)
{
	struct options o = { .archive = NULL };
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
	if (o.show.diff && o.show.json)
		return args_usage_error(
			"show: --diff is for people; leave --json out, which has whole texts");
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
		if (before && !o.show.json)
			buf_add_byte(&printer.out, '\n');
		rc = show_article(&archive, (int64_t)number, &o.show, &printer, &err);
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

#define SUGGESTED 5 /* spellings, if nothing else is asked for */

static int suggest_words(const struct args *args, const char *path, const struct options *o)
{
	size_t most = o->search.rank.count < SUGGEST_MAX ? (size_t)o->search.rank.count : SUGGEST_MAX;
	struct searcher *searcher = NULL;
	struct printer printer;
	struct archive archive;
	struct err err;
	bool found = false;
	int rc;

	if ((rc = open_archive(&archive, path, &err)) < 0)
		return args_fail(&err);
	printer_init(&printer, o);
	if (!(searcher = searcher_new(&archive, &o->search, &printer, &err)))
		rc = err.code;
	for (int i = 0; i < args->n && rc == 0; i++) {
		size_t n = 0;

		rc = search_suggest(searcher, bytes_str(args->v[i]), most, &n, &err);
		found = found || n;
	}
	searcher_free(searcher);
	archive_close(&archive);
	if (!flush_out(&printer))
		return 3;
	return rc < 0 ? args_fail(&err) : !found;
}

static int command_suggest(int argc, char **argv)
{
	struct options o = { .search = { .rank.count = SUGGESTED } };
	int status = parse_options(argc, argv, ":n:a:hV", suggest_known, &o);
	struct args args = { argc - optind, argv + optind };
	const char *path;

	if (status >= 0)
		return status;
	if (!(path = args_archive(&args, o.archive)) || !args.n)
		return args_usage_error("suggest: name an archive and a word, as it was meant or nearly so");
	return suggest_words(&args, path, &o);
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
	} commands[] = { { "show", command_show },
			 { "suggest", command_suggest },
			 { "help", command_help },
			 { "search", command_search } };

	args_begin(PROGRAM_QUERY, argv[0]);
	for (size_t i = 0; argc > 1 && i < sizeof commands / sizeof *commands; i++)
		if (strcmp(argv[1], commands[i].name) == 0)
			return commands[i].run(argc - 1, argv + 1);
	return command_search(argc, argv);
}
