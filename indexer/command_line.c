#include "command_line.h"

#include "archive/args.h"
#include "archive/help.h"
#include "text/stems.h"
#include "text/utf8.h"

#include <getopt.h>
#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <zlib.h>

enum {
	OPT_WEIGHT = 256,
	OPT_STORE,
	OPT_WAIT,
	OPT_MEMORY,
	OPT_AGAIN,
	OPT_FORGET,
	OPT_DEEP,
	OPT_JSON,
	OPT_RAW,
	OPT_HEADLINE,
	OPT_BLOCKS,
	OPT_SOURCE,
	OPT_PATH,
	OPT_QUERY,
	OPT_PURGE
};

static bool parse_count(const char *text, uint64_t *value)
{
	char *end;

	*value = strtoull(text, &end, 10);
	return ascii_is_digit(*text) && !*end;
}

/* A number of bytes, or of KiB, MiB, GiB with K, M or G after it. */
static bool parse_size(const char *text, uint64_t *bytes)
{
	static const char units[] = "kmg";
	const char *unit;
	uint64_t number;
	char *end;

	number = strtoull(text, &end, 10);
	if (!ascii_is_digit(*text) || number > UINT64_MAX >> 30)
		return false;
	unit = *end ? strchr(units, ascii_lower(*end)) : NULL;
	*bytes = unit ? number << 10 * (unit - units + 1) : number;
	return !*end || (unit && !end[1]);
}

static void print_version(void)
{
	args_version();
	printf("jansson %s\nzlib %s\n", jansson_version_str(), zlibVersion());
}

int parse_options(int argc, char **argv, struct options *o)
{
	static const struct option known[] = {
		{ "format", required_argument, NULL, 'f' },
		{ "map", required_argument, NULL, 'm' },
		{ "lang", required_argument, NULL, 'l' },
		{ "archive", required_argument, NULL, 'a' },
		{ "quiet", no_argument, NULL, 'q' },
		{ "errors", required_argument, NULL, 'e' },
		{ "headline-weight", required_argument, NULL, OPT_WEIGHT },
		{ "store", required_argument, NULL, OPT_STORE },
		{ "wait", required_argument, NULL, OPT_WAIT },
		{ "deep", no_argument, NULL, OPT_DEEP },
		{ "again", no_argument, NULL, OPT_AGAIN },
		{ "forget", no_argument, NULL, OPT_FORGET },
		{ "json", no_argument, NULL, OPT_JSON },
		{ "jobs", required_argument, NULL, 'j' },
		{ "memory", required_argument, NULL, OPT_MEMORY },
		{ "source", required_argument, NULL, OPT_SOURCE },
		{ "path", required_argument, NULL, OPT_PATH },
		{ "query", required_argument, NULL, OPT_QUERY },
		{ "purge", no_argument, NULL, OPT_PURGE },
		{ "dry-run", no_argument, NULL, 'n' },
		{ "raw", no_argument, NULL, OPT_RAW },
		{ "headline", no_argument, NULL, OPT_HEADLINE },
		{ "blocks", required_argument, NULL, OPT_BLOCKS },
		{ "help", no_argument, NULL, 'h' },
		{ "version", no_argument, NULL, 'V' },
		{ NULL, 0, NULL, 0 },
	};
	int c;

	opterr = 0;
	while ((c = getopt_long(argc, argv, "+:f:m:l:a:e:j:nqhV", known, NULL)) != -1) {
		switch (c) {
		case 'f': o->format = optarg; break;
		case 'm': o->map = optarg; break;
		case 'l': o->language = optarg; break;
		case 'a': o->archive = optarg; break;
		case 'e': o->errors = optarg; break;
		case 'q': o->quiet = true; break;
		case OPT_WEIGHT: o->weight = optarg; break;
		case OPT_STORE: o->store = optarg; break;
		case OPT_WAIT:
			if (!parse_count(optarg, &o->wait))
				return args_usage_error("--wait wants a number of seconds");
			break;
		case OPT_DEEP: o->deep = true; break;
		case OPT_AGAIN: o->again = true; break;
		case OPT_FORGET: o->forget = true; break;
		case OPT_JSON: o->json = true; break;
		case 'j':
			if (!parse_count(optarg, &o->jobs) || !o->jobs || o->jobs > WORKERS_MAX)
				return args_usage_error("--jobs wants a number from 1 to 256");
			break;
		case OPT_MEMORY:
			if (!parse_size(optarg, &o->memory) || o->memory < MEMORY_LEAST)
				return args_usage_error(
					"--memory wants a size like 512M or 2G, 64M at least");
			break;
		case OPT_SOURCE: o->choice.source = optarg; break;
		case OPT_PATH: o->choice.path = optarg; break;
		case OPT_QUERY: o->choice.query = optarg; break;
		case OPT_PURGE: o->purge = true; break;
		case 'n': o->dry_run = true; break;
		case OPT_RAW: o->dump.raw = true; break;
		case OPT_HEADLINE: o->dump.headline = true; break;
		case OPT_BLOCKS:
			if (!parse_count(optarg, &o->dump.blocks))
				return args_usage_error("--blocks wants a number");
			break;
		case 'h': return help_usage(help_topics);
		case 'V': print_version(); return 0;
		default: return args_option_error(c, argv, known);
		}
	}
	return -1;
}

int parse_settings(const struct options *o, struct archive_settings *settings, struct err *err)
{
	struct stemmer *stemmer;

	if (o->language) {
		if (!(stemmer = stemmer_new(o->language, err)))
			return ERR_USAGE;
		stemmer_free(stemmer);
		settings->language = stemmer_language(o->language);
	}
	if (o->weight) {
		uint64_t weight;

		if (!parse_count(o->weight, &weight) || !weight || weight > HEADLINE_WEIGHT_MAX)
			return err_set(err, ERR_USAGE,
				       "add: --headline-weight wants a number from 1 to %u, not '%.100s'",
				       HEADLINE_WEIGHT_MAX, o->weight);
		settings->headline_weight = (uint32_t)weight;
	}
	if (o->store && !(settings->store = text_store_of(bytes_str(o->store))))
		return err_set(err, ERR_USAGE, "add: --store wants fast or small, not '%.100s'", o->store);
	return 0;
}

size_t batch_bytes(void)
{
	const char *tests = getenv("MORGUE_TEST_BATCH");

	return tests ? strtoul(tests, NULL, 10) : 0;
}

int usage_example(const char *wanted, const char *example)
{
	struct err err;

	err_set(&err, ERR_USAGE, "%s: %s %s", wanted, args_name(PROGRAM_INDEXER), example);
	return args_usage_error(err.msg);
}
