#include "options.h"

#include "archive/args.h"
#include "archive/help.h"
#include "base/nearest.h"

#include <stdio.h>
#include <stdlib.h>

enum {
	OPT_OFFSET = 256,
	OPT_JSON,
	OPT_ANY,
	OPT_DIALECT,
	OPT_TODAY,
	OPT_COLOR,
	OPT_K1,
	OPT_B,
	OPT_FURNITURE,
	OPT_REVISION,
	OPT_DIFF,
	OPT_EXPLAIN,
	OPT_EXPLAIN_SCORE,
	OPT_BATCH
};

const struct option search_known[] = {
	{ "limit", required_argument, NULL, 'n' },
	{ "offset", required_argument, NULL, OPT_OFFSET },
	{ "sort", required_argument, NULL, 's' },
	{ "count", no_argument, NULL, 'c' },
	{ "numbers", no_argument, NULL, 'l' },
	{ "json", no_argument, NULL, OPT_JSON },
	{ "any", no_argument, NULL, OPT_ANY },
	{ "literal", no_argument, NULL, 'F' },
	{ "dialect", required_argument, NULL, OPT_DIALECT },
	{ "today", required_argument, NULL, OPT_TODAY },
	{ "batch", required_argument, NULL, OPT_BATCH },
	{ "color", required_argument, NULL, OPT_COLOR },
	{ "k1", required_argument, NULL, OPT_K1 },
	{ "b", required_argument, NULL, OPT_B },
	{ "archive", required_argument, NULL, 'a' },
	{ "help", no_argument, NULL, 'h' },
	{ "version", no_argument, NULL, 'V' },
	{ "explain", no_argument, NULL, OPT_EXPLAIN },
	{ "explain-score", required_argument, NULL, OPT_EXPLAIN_SCORE },
	{ NULL, 0, NULL, 0 },
};

const struct option show_known[] = {
	{ "json", no_argument, NULL, OPT_JSON },
	{ "furniture", no_argument, NULL, OPT_FURNITURE },
	{ "revision", required_argument, NULL, OPT_REVISION },
	{ "diff", no_argument, NULL, OPT_DIFF },
	{ "color", required_argument, NULL, OPT_COLOR },
	{ "archive", required_argument, NULL, 'a' },
	{ "help", no_argument, NULL, 'h' },
	{ "version", no_argument, NULL, 'V' },
	{ NULL, 0, NULL, 0 },
};

const struct option suggest_known[] = {
	{ "limit", required_argument, NULL, 'n' },
	{ "json", no_argument, NULL, OPT_JSON },
	{ "color", required_argument, NULL, OPT_COLOR },
	{ "archive", required_argument, NULL, 'a' },
	{ "help", no_argument, NULL, 'h' },
	{ "version", no_argument, NULL, 'V' },
	{ NULL, 0, NULL, 0 },
};

static bool parse_count(const char *text, uint64_t *value)
{
	char *end;

	if (!ascii_is_digit(*text))
		return false;
	*value = strtoull(text, &end, 10);
	return *end == '\0';
}

static bool parse_real(const char *text, double most, double *value)
{
	char *end;

	*value = strtod(text, &end);
	return end != text && *end == '\0' && *value >= 0 && *value <= most;
}

bool parse_number(const char *text, uint64_t *number)
{
	return parse_count(text + (*text == '#'), number) && *number <= INT64_MAX;
}

/* Which of the names; negative, and an error that lists them, if it is none. */
static int parse_name(const char *option, const char *text, const char *const *names, const char *list,
		      struct err *err)
{
	char hint[NEAREST_HINT];

	for (int i = 0; names[i]; i++)
		if (strcmp(text, names[i]) == 0)
			return i;
	return err_set(err, ERR_USAGE, "%s wants %s, not '%.100s'%s", option, list, text,
		       nearest_of(text, names, "", hint));
}

static int parse_order(const char *text, enum rank_order *order, struct err *err)
{
	static const char *const names[] = { "relevance", "newest", "oldest", NULL };
	int i = parse_name("-s", text, names, "relevance, newest or oldest", err);

	*order = i < 0 ? RANK_RELEVANCE : (enum rank_order)i;
	return i < 0 ? i : 0;
}

static int parse_dialect(const char *text, enum query_dialect *dialect, struct err *err)
{
	static const char *const names[] = { "morgue", "lexis", "factiva", NULL };
	int i = parse_name("--dialect", text, names, "morgue, lexis or factiva", err);

	*dialect = i < 0 ? DIALECT_MORGUE : (enum query_dialect)i;
	return i < 0 ? i : 0;
}

static int parse_color(const char *text, struct err *err)
{
	static const char *const names[] = { "auto", "always", "never", NULL };

	return parse_name("--color", text, names, "auto, always or never", err);
}

static int wanted(bool good, const char *option, const char *what, const char *arg, struct err *err)
{
	return good ? 0 : err_set(err, ERR_USAGE, "%s wants %s, not '%.100s'", option, what, arg);
}

/* Take one option; ERR_USAGE if its value is off. */
static int take_option(int c, const char *arg, struct options *o, struct err *err)
{
	struct search_options *s = &o->search;

	switch (c) {
	case 'n':
		if (strcmp(arg, "all") == 0) {
			s->rank.count = UINT64_MAX;
			return 0;
		}
		return wanted(parse_count(arg, &s->rank.count), "-n", "a number or all", arg, err);
	case OPT_OFFSET: return wanted(parse_count(arg, &s->rank.offset), "--offset", "a number", arg, err);
	case 's': return parse_order(arg, &s->rank.order, err);
	case 'c': s->output = OUTPUT_COUNT; return 0;
	case 'l': s->output = OUTPUT_NUMBERS; return 0;
	case OPT_JSON:
		s->output = OUTPUT_JSON;
		o->show.json = true;
		return 0;
	case OPT_ANY: s->parse.any = true; return 0;
	case 'F': s->parse.literal = true; return 0;
	case OPT_DIALECT: return parse_dialect(arg, &s->parse.dialect, err);
	case OPT_TODAY:
		return wanted(query_day(bytes_str(arg), &s->parse.today), "--today", "a day as 2019-03-12",
			      arg, err);
	case OPT_BATCH: o->batch = arg; return 0;
	case OPT_FURNITURE: o->show.with_furniture = true; return 0;
	case OPT_DIFF: o->show.diff = true; return 0;
	case OPT_REVISION:
		return wanted(parse_count(arg, &o->show.revision) && o->show.revision &&
				      o->show.revision <= INT64_MAX,
			      "--revision", "a number from 1 on", arg, err);
	case OPT_EXPLAIN: s->parts = true; return 0;
	case OPT_EXPLAIN_SCORE:
		s->explain = true;
		return wanted(parse_number(arg, &s->article), "--explain-score", "the number of an article",
			      arg, err);
	case OPT_COLOR: o->color = arg; return parse_color(arg, err);
	case OPT_K1:
		return wanted(parse_real(arg, 1000, &s->k1), "--k1", "a number from 0 to 1000", arg, err);
	case OPT_B: return wanted(parse_real(arg, 1, &s->b), "--b", "a number from 0 to 1", arg, err);
	default: o->archive = arg; return 0;
	}
}

int parse_options(int argc, char **argv, const char *letters, const struct option *known, struct options *o)
{
	struct err err;
	int c;

	opterr = 0;
	while ((c = getopt_long(argc, argv, letters, known, NULL)) != -1) {
		if (c == 'h')
			return help_usage(help_topics);
		if (c == 'V') {
			args_version();
			return 0;
		}
		if (c == '?' || c == ':')
			return args_option_error(c, argv, known);
		if (take_option(c, optarg, o, &err) < 0)
			return args_usage_error(err.msg);
	}
	return -1;
}
