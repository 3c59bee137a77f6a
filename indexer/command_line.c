#include "command_line.h"

#include "archive/args.h"
#include "archive/help.h"
#include "text/stems.h"
#include "text/utf8.h"

#include <getopt.h>
#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>

enum {
	OPT_WEIGHT = 256,
	OPT_STORE,
	OPT_WAIT,
	OPT_AGAIN,
	OPT_FORGET,
	OPT_DEEP,
	OPT_JSON,
	OPT_RAW,
	OPT_HEADLINE,
	OPT_BLOCKS
};

static bool parse_count(const char *text, uint64_t *value)
{
	char *end;

	*value = strtoull(text, &end, 10);
	return ascii_is_digit(*text) && !*end;
}

static void print_version(void)
{
	args_version();
	printf("jansson %s\n", jansson_version_str());
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
		{ "raw", no_argument, NULL, OPT_RAW },
		{ "headline", no_argument, NULL, OPT_HEADLINE },
		{ "blocks", required_argument, NULL, OPT_BLOCKS },
		{ "help", no_argument, NULL, 'h' },
		{ "version", no_argument, NULL, 'V' },
		{ NULL, 0, NULL, 0 },
	};
	int c;

	opterr = 0;
	while ((c = getopt_long(argc, argv, "+:f:m:l:a:e:qhV", known, NULL)) != -1) {
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
