/* generate - made-up news archives of any size, as JSON lines. */
#include "archive/args.h"
#include "generate/news.h"

#include <errno.h>
#include <getopt.h>
#include <inttypes.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>

static const char usage[] = "usage: generate [OPTIONS] ARTICLES\n"
			    "\n"
			    "Writes so many made-up news articles, one JSON object a line: stories that\n"
			    "break and run over 20 years, in 120 papers, with the faults of real piles.\n"
			    "The same options give the same bytes on every machine.\n"
			    "\n"
			    "  -o, --output FILE    write there (default: standard output)\n"
			    "      --seed N         another archive for each N (1)\n"
			    "      --words N        words of an article on average (420)\n"
			    "      --days N         days that the dates lie on, from 2005-01-03 (7305)\n"
			    "      --sources N      papers in English (120)\n"
			    "      --vocabulary N   know only so many nouns, verbs, ... each (no end)\n"
			    "\n"
			    "Of 100 articles so many:\n"
			    "      --undated N      have no date (4)\n"
			    "      --late N         come in long after their date (1)\n"
			    "      --copies N       are another paper's text, mostly edited (12)\n"
			    "      --duplicates N   are the line before once more (0.1)\n"
			    "      --furniture N    have the page around them: buttons, links, teasers (20)\n"
			    "      --scripts N      are not in English: fr, de, ru, el, ar, zh, ja (3)\n"
			    "      --lacking N      have no headline, and as many no body (0.1)\n"
			    "Of 100 nouns, verbs, adjectives and names:\n"
			    "      --oddities N     are such as COVID-19 or AT&T (0.3)\n"
			    "  -h, --help           this page\n";

struct options {
	struct news_options news;
	const char *output;
};

/* ---- options ---- */

/* An option with a number, and what it may be. A percentage is kept in hundredths. */
struct number {
	const char *name;
	size_t offset; /* of the uint32_t in struct news_options */
	bool percent;
	uint32_t least, most;
};

#define WHOLE(member, least, most)                                                                           \
	{                                                                                                    \
#member, offsetof(struct news_options, member), false, least, most                           \
	}
#define PERCENT(member)                                                                                      \
	{                                                                                                    \
#member, offsetof(struct news_options, member), true, 0, 10000                               \
	}

static const struct number numbers[] = {
	WHOLE(words, 30, 100000),  WHOLE(days, 1, 30000),
	WHOLE(sources, 1, 100000), WHOLE(vocabulary, 1, UINT32_MAX),
	PERCENT(undated),          PERCENT(late),
	PERCENT(copies),           PERCENT(duplicates),
	PERCENT(furniture),        PERCENT(scripts),
	PERCENT(lacking),          PERCENT(oddities),
};

#define NUMBERS (sizeof numbers / sizeof *numbers)

/* A number of at most `decimals` decimals, times ten to that power. */
static bool parse_number(const char *text, int decimals, uint64_t *out)
{
	int after = -1; /* decimals seen; -1 before the point */
	uint64_t n = 0;

	if (!ascii_is_digit(*text))
		return false;
	for (; *text; text++) {
		if (*text == '.' && decimals && after < 0) {
			after = 0;
			continue;
		}
		if (!ascii_is_digit(*text) || after == decimals || n > UINT64_MAX / 1000)
			return false;
		n = n * 10 + (uint64_t)(*text - '0');
		after += after >= 0;
	}
	for (after = after < 0 ? 0 : after; after < decimals; after++)
		n *= 10;
	*out = n;
	return true;
}

static int take_number(struct options *o, const struct number *number, const char *text)
{
	uint64_t n;
	uint32_t value;
	struct err err;

	if (parse_number(text, number->percent ? 2 : 0, &n) && n >= number->least && n <= number->most) {
		value = (uint32_t)n;
		memcpy((char *)&o->news + number->offset, &value, sizeof value);
		return -1;
	}
	if (number->percent)
		err_set(&err, ERR_USAGE,
			"--%s wants a percentage, 0 to 100, with two decimals at most; not '%s'",
			number->name, text);
	else
		err_set(&err, ERR_USAGE, "--%s wants a number from %" PRIu32 " to %" PRIu32 ", not '%s'",
			number->name, number->least, number->most, text);
	return args_usage_error(err.msg);
}

static int take_whole(uint64_t *to, const char *what, const char *text)
{
	struct err err;

	if (parse_number(text, 0, to))
		return -1;
	err_set(&err, ERR_USAGE, "%s wants a number, not '%s'", what, text);
	return args_usage_error(err.msg);
}

/* -1, or the exit status. */
static int parse_options(int argc, char **argv, struct options *o)
{
	static struct option options[NUMBERS + 4];
	int c, status = -1;

	for (size_t i = 0; i < NUMBERS; i++)
		options[i] = (struct option){ numbers[i].name, required_argument, NULL, 256 + (int)i };
	options[NUMBERS] = (struct option){ "output", required_argument, NULL, 'o' };
	options[NUMBERS + 1] = (struct option){ "seed", required_argument, NULL, 's' };
	options[NUMBERS + 2] = (struct option){ "help", no_argument, NULL, 'h' };
	opterr = 0;
	while (status < 0 && (c = getopt_long(argc, argv, ":o:h", options, NULL)) != -1) {
		if (c == 'h')
			return fputs(usage, stdout), 0;
		if (c == 'o')
			o->output = optarg;
		else if (c == 's')
			status = take_whole(&o->news.seed, "--seed", optarg);
		else if (c >= 256)
			status = take_number(o, &numbers[c - 256], optarg);
		else
			return args_option_error(c, argv, options);
	}
	if (status < 0 && argc - optind != 1)
		return args_usage_error("name one number: how many articles");
	return status < 0 ? take_whole(&o->news.articles, "ARTICLES", argv[optind]) : status;
}

/* ---- output ---- */

static int write_error(const char *path)
{
	struct err err;

	err_errno(&err, "cannot write %s", path ? path : "standard output");
	args_complain(err.msg);
	return 1;
}

static bool write_news(const struct news_options *options, FILE *out)
{
	struct newsroom *room = newsroom_new(options);
	struct news news = { .seconds = CIVIL_NONE };
	struct buf line = BUF_INIT;
	bool good = true;

	while (good && newsroom_next(room, &news)) {
		buf_reset(&line);
		news_json(&news, &line);
		good = fwrite(line.p, 1, line.n, out) == line.n;
	}
	news_release(&news);
	newsroom_free(room);
	buf_release(&line);
	return good && fflush(out) == 0;
}

int main(int argc, char **argv)
{
	struct options o = { .news = { .seed = 1,
				       .words = 420,
				       .days = 7305,
				       .sources = 120,
				       .undated = 400,
				       .late = 100,
				       .copies = 1200,
				       .duplicates = 10,
				       .furniture = 2000,
				       .scripts = 300,
				       .lacking = 10,
				       .oddities = 30 } };
	FILE *out = stdout;
	int status;

	args_begin(PROGRAM_GENERATE, argv[0]);
	if ((status = parse_options(argc, argv, &o)) >= 0)
		return status;
	signal(SIGPIPE, SIG_IGN); /* a reader that leaves is an error like a full disk */
	if (o.output && !(out = fopen(o.output, "w")))
		return write_error(o.output);
	if (!write_news(&o.news, out))
		return write_error(o.output);
	if (fclose(out) != 0)
		return write_error(o.output);
	return 0;
}
