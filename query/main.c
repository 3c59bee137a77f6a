/* query - asks an archive. docs: README.md, docs/QUERY.md, query --help. */
#include "archive/args.h"
#include "search.h"

#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/ioctl.h>
#include <time.h>
#include <unistd.h>

static const char usage[] =
	"usage: query [OPTIONS] ARCHIVE WORDS...\n"
	"       query show [--json] [--furniture] ARCHIVE NUMBER...\n"
	"\n"
	"  words        all of them, in any form     cocoa exports\n"
	"  OR NOT -     any; without                 bank OR lender, bank -river\n"
	"  \"...\"        these words in this order    \"interest rates\"; by stems: ~\"...\"\n"
	"  =word        this word as it is written   =Gates\n"
	"  word*        words that begin so          terror*\n"
	"  title:       in the headline              title:flood, title:(flood dam)\n"
	"  date:        1987, 1987-03..1987-05       date:2001.., date:..1999, date:none\n"
	"  *            every article                the whole language: docs/QUERY.md\n"
	"\n"
	"  -n, --limit N        hits to print (10)\n"
	"      --offset N       hits to leave out first\n"
	"  -s, --sort ORDER     relevance, newest or oldest\n"
	"  -c, --count          only the number of articles that match\n"
	"  -l, --numbers        only their numbers, for 'query show'\n"
	"      --json           JSON lines (docs/OUTPUT.md)\n"
	"      --any            rank by any of the words instead of requiring all\n"
	"      --color WHEN     auto, always or never\n"
	"      --k1 X, --b X    parameters of the ranking, BM25 (1.2, 0.75)\n"
	"  -a, --archive DIR    the archive; or set MORGUE=DIR: no ARCHIVE word then\n"
	"  -h, --help   -V, --version\n"
	"\n"
	"exit status: 0 hits, 1 no hit, 2 usage, 3 archive missing, locked or damaged\n";

struct options {
	const char *archive;
	struct search_options search;
	const char *color;
	bool json, furniture;
};

enum { OPT_OFFSET = 256, OPT_JSON, OPT_ANY, OPT_COLOR, OPT_K1, OPT_B, OPT_FURNITURE };

static const struct option search_known[] = {
	{ "limit", required_argument, NULL, 'n' },   { "offset", required_argument, NULL, OPT_OFFSET },
	{ "sort", required_argument, NULL, 's' },    { "count", no_argument, NULL, 'c' },
	{ "numbers", no_argument, NULL, 'l' },       { "json", no_argument, NULL, OPT_JSON },
	{ "any", no_argument, NULL, OPT_ANY },       { "color", required_argument, NULL, OPT_COLOR },
	{ "k1", required_argument, NULL, OPT_K1 },   { "b", required_argument, NULL, OPT_B },
	{ "archive", required_argument, NULL, 'a' }, { "help", no_argument, NULL, 'h' },
	{ "version", no_argument, NULL, 'V' },       { NULL, 0, NULL, 0 },
};

static const struct option show_known[] = {
	{ "json", no_argument, NULL, OPT_JSON },
	{ "furniture", no_argument, NULL, OPT_FURNITURE },
	{ "color", required_argument, NULL, OPT_COLOR },
	{ "archive", required_argument, NULL, 'a' },
	{ "help", no_argument, NULL, 'h' },
	{ "version", no_argument, NULL, 'V' },
	{ NULL, 0, NULL, 0 },
};

/* ---- options ---- */

static bool parse_count(const char *text, uint64_t *value)
{
	char *end;

	if (!ascii_is_digit(*text))
		return false;
	*value = strtoull(text, &end, 10);
	return *end == '\0';
}

static bool parse_order(const char *text, enum rank_order *order)
{
	static const char *const names[] = { "relevance", "newest", "oldest" };

	for (int i = 0; i < 3; i++) {
		if (strcmp(text, names[i]) == 0) {
			*order = (enum rank_order)i;
			return true;
		}
	}
	return false;
}

static bool parse_real(const char *text, double most, double *value)
{
	char *end;

	*value = strtod(text, &end);
	return end != text && *end == '\0' && *value >= 0 && *value <= most;
}

static bool parse_color(const char *text)
{
	return !strcmp(text, "auto") || !strcmp(text, "always") || !strcmp(text, "never");
}

/* Take one option; NULL, or what is wrong with it. */
static const char *take_option(int c, const char *arg, struct options *o)
{
	struct search_options *s = &o->search;

	switch (c) {
	case 'n': return parse_count(arg, &s->rank.count) ? NULL : "-n wants a number";
	case OPT_OFFSET: return parse_count(arg, &s->rank.offset) ? NULL : "--offset wants a number";
	case 's': return parse_order(arg, &s->rank.order) ? NULL : "-s wants relevance, newest or oldest";
	case 'c': s->output = OUTPUT_COUNT; return NULL;
	case 'l': s->output = OUTPUT_NUMBERS; return NULL;
	case OPT_JSON:
		s->output = OUTPUT_JSON;
		o->json = true;
		return NULL;
	case OPT_ANY: s->any = true; return NULL;
	case OPT_FURNITURE: o->furniture = true; return NULL;
	case OPT_COLOR:
		o->color = arg;
		return parse_color(arg) ? NULL : "--color wants auto, always or never";
	case OPT_K1: return parse_real(arg, 1000, &s->k1) ? NULL : "--k1 wants a number from 0 to 1000";
	case OPT_B: return parse_real(arg, 1, &s->b) ? NULL : "--b wants a number from 0 to 1";
	default: o->archive = arg; return NULL;
	}
}

/* The options; an exit status if the program is to end, or -1. */
static int parse_options(int argc, char **argv, const char *letters, const struct option *known,
			 struct options *o)
{
	int c;

	opterr = 0;
	while ((c = getopt_long(argc, argv, letters, known, NULL)) != -1) {
		const char *problem = NULL;

		if (c == 'h') {
			fputs(usage, stdout);
			return 0;
		}
		if (c == 'V') {
			puts("query " MORGUE_VERSION);
			return 0;
		}
		if (c == '?' || c == ':')
			return args_option_error(c, argv);
		if ((problem = take_option(c, optarg, o)))
			return args_usage_error(problem);
	}
	return -1;
}

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

static double now(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

/* Each note once, however often its occasion came. */
static void print_notes(struct buf *notes)
{
	struct bytes rest = buf_bytes(notes), line;

	while (bytes_line(&rest, &line))
		if (!memmem(notes->p, (size_t)(line.p - notes->p), line.p, line.n))
			fprintf(stderr, "query: note: %.*s\n", (int)line.n, (const char *)line.p);
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
	double start = now();

	if (status >= 0)
		return status;
	if (!(path = args_archive(&args, o.archive)))
		return args_usage_error("name an archive and what to search for");
	if (!args.n)
		return args_usage_error("nothing to search for; '*' finds every article");
	if (o.search.output == OUTPUT_COUNT)
		o.search.rank.count = 0;
	if ((rc = archive_open_read(&archive, path, &err)) < 0)
		return args_fail(&err);
	join_words(&args, &question);
	note_late_options(&args, &notes);
	printer_init(&printer, &o);
	rc = search(&archive, buf_bytes(&question), &o.search, &printer, &notes, &total, &err);
	archive_close(&archive);
	print_notes(&notes);
	buf_release(&question);
	if (rc < 0) {
		buf_release(&printer.out);
		return args_fail(&err);
	}
	if (!flush_out(&printer))
		return 3;
	if (isatty(STDERR_FILENO) && isatty(STDOUT_FILENO))
		fprintf(stderr, "%.1f ms\n", (now() - start) * 1e3);
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
		return args_usage_error("show: name an archive and the number of an article");
	if ((rc = archive_open_texts(&archive, path, &err)) < 0)
		return args_fail(&err);
	printer_init(&printer, &o);
	for (int i = 0; rc == 0 && i < args.n; i++) {
		size_t before = printer.out.n;
		uint64_t number;

		if (!parse_count(args.v[i] + (args.v[i][0] == '#'), &number) || number > INT64_MAX) {
			rc = err_set(&err, ERR_USAGE, "show: '%s' is not the number of an article",
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

int main(int argc, char **argv)
{
	args_begin("query");
	if (argc > 1 && strcmp(argv[1], "show") == 0)
		return command_show(argc - 1, argv + 1);
	if (argc > 1 && strcmp(argv[1], "search") == 0)
		return command_search(argc - 1, argv + 1);
	return command_search(argc, argv);
}
