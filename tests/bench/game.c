/* bench-game - drive the engine by the protocol of the search-benchmark-game, in process.
 *
 *	bench-game ARCHIVE                    answer commands, one line each
 *	bench-game ARCHIVE bench REPS CAP     measure the commands, as timing.h does
 *
 * A command is a line COMMAND<TAB>query on standard input:
 *
 *	COUNT                         answered by the number of articles that match
 *	TOP_10, TOP_100               by the number of hits; the count may not be known
 *	TOP_10_COUNT, TOP_100_COUNT   by the number of articles, after ranking the best
 *
 *	word      in any of its forms       +a +b    all of the words
 *	a b       any of the words          "a b"    adjacent, in any of their forms
 *
 * Anything else is answered UNSUPPORTED. Measured commands come back in their order:
 *
 *	command  query  count  best_us  median_us  runs        tabs between; count -1: unsupported
 */
#include "archive/args.h"
#include "ask.h"
#include "base/mem.h"
#include "text/chars.h"
#include "timing.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

static const char usage[] =
	"usage: bench-game ARCHIVE [bench REPS CAP] <COMMANDS\n"
	"\n"
	"Commands are lines COUNT, TOP_10, TOP_100, TOP_10_COUNT or TOP_100_COUNT, a tab, and\n"
	"a query: word, +a +b, a b or \"a b\". `bench` runs the list once, then REPS times, those\n"
	"without what has used CAP seconds, and prints for each command, with tabs between:\n"
	"command, query, count, best and median microseconds, runs.\n";

struct verb {
	const char *name;
	struct rank_options rank;
};

static const struct verb verbs[] = {
	{ "COUNT", { .count = 0 } },
	{ "TOP_10", { .count = 10, .no_total = true } },
	{ "TOP_100", { .count = 100, .no_total = true } },
	{ "TOP_10_COUNT", { .count = 10 } },
	{ "TOP_100_COUNT", { .count = 100 } },
};

struct command {
	const struct verb *verb; /* NULL: unsupported */
	struct buf question;     /* in the language of `query` */
	bool any;
	char *line; /* as it was given; set when measuring */
	int64_t count;
};

#define UNSUPPORTED (-1)

/* ---- commands ---- */

static const struct verb *find_verb(struct bytes name)
{
	for (size_t i = 0; i < sizeof verbs / sizeof *verbs; i++)
		if (bytes_is(name, verbs[i].name))
			return &verbs[i];
	return NULL;
}

/* Is this a word to `query` too, without any of its operators? */
static bool plain_word(struct bytes word)
{
	if (bytes_is(word, "OR") || bytes_is(word, "AND") || bytes_is(word, "NOT"))
		return false;
	for (size_t at = 0, size; at < word.n; at += size) {
		enum char_class c = char_class_at(word, at, &size);
		bool core = c == CHAR_LETTER || c == CHAR_DIGIT || c == CHAR_CJK;
		bool inner = c == CHAR_EXTEND || c == CHAR_APOSTROPHE || c == CHAR_HYPHEN ||
			     c == CHAR_AMPERSAND || word.p[at] == '.';

		if (!core && (!inner || at == 0))
			return false;
	}
	return word.n > 0;
}

/* Cut the next word off. */
static struct bytes take_word(struct bytes *rest)
{
	const uint8_t *space = memchr(rest->p, ' ', rest->n);
	struct bytes word = bytes_of(rest->p, space ? (size_t)(space - rest->p) : rest->n);

	*rest = bytes_trim(bytes_of(word.p + word.n, rest->n - word.n));
	return word;
}

/* Say the query in our language; false if it has none of the four shapes. */
static bool translate(struct command *c, struct bytes query)
{
	struct bytes rest = bytes_trim(query);
	bool phrase = rest.n >= 2 && rest.p[0] == '"' && rest.p[rest.n - 1] == '"';
	size_t words = 0, required = 0;

	if (phrase)
		rest = bytes_trim(bytes_of(rest.p + 1, rest.n - 2));
	buf_add_str(&c->question, phrase ? "~\"" : "");
	while (rest.n) {
		struct bytes word = take_word(&rest);

		if (!phrase && word.p[0] == '+') {
			word = bytes_of(word.p + 1, word.n - 1);
			required++;
		}
		if (!plain_word(word))
			return false;
		buf_add_str(&c->question, words++ ? " " : "");
		buf_add_bytes(&c->question, word);
	}
	buf_add_str(&c->question, phrase ? "\"" : "");
	c->any = !phrase && !required;
	return words > 0 && (!required || required == words);
}

/* False if the line is no command at all: there is no tab in it. */
static bool command_parse(struct command *c, struct bytes line)
{
	const uint8_t *tab = line.n ? memchr(line.p, '\t', line.n) : NULL;
	size_t n = tab ? (size_t)(tab - line.p) : 0;

	*c = (struct command){ .verb = NULL };
	if (!tab)
		return false;
	if (translate(c, bytes_of(tab + 1, line.n - n - 1)))
		c->verb = find_verb(bytes_of(line.p, n));
	return true;
}

static void command_release(struct command *c)
{
	buf_release(&c->question);
	free(c->line);
}

/* Sets c->count. */
static int run_command(struct asker *asker, struct command *c, struct err *err)
{
	struct answer answer;
	int rc;

	c->count = UNSUPPORTED;
	if (!c->verb)
		return 0;
	if ((rc = ask(asker, buf_bytes(&c->question), c->any, &c->verb->rank, &answer, err)) < 0)
		return rc;
	c->count = (int64_t)(c->verb->rank.no_total ? answer.hits : answer.total);
	return 0;
}

/* The next line of standard input, without its end; false after the last. */
static bool next_line(char **line, size_t *cap, struct bytes *out)
{
	ssize_t n = getline(line, cap, stdin);
	struct bytes rest = bytes_of(*line, n > 0 ? (size_t)n : 0);

	return bytes_line(&rest, out);
}

static int cannot_write(void)
{
	struct err err;

	err_errno(&err, "cannot write the answer");
	return args_fail(&err);
}

/* ---- the protocol ---- */

static int answer_commands(struct asker *asker)
{
	char *line = NULL;
	size_t cap = 0;
	struct bytes text;
	struct err err;
	int status = 0;

	while (status == 0 && next_line(&line, &cap, &text)) {
		struct command c;

		command_parse(&c, text);
		if (run_command(asker, &c, &err) < 0)
			status = args_fail(&err);
		else if ((c.count == UNSUPPORTED ? puts("UNSUPPORTED") : printf("%" PRId64 "\n", c.count)) <
				 0 ||
			 fflush(stdout) != 0)
			status = cannot_write();
		command_release(&c);
	}
	free(line);
	return status;
}

/* ---- measuring ---- */

struct list {
	struct command *v;
	size_t n, cap;
	struct asker *asker;
};

static void list_release(struct list *l)
{
	for (size_t i = 0; i < l->n; i++)
		command_release(&l->v[i]);
	free(l->v);
}

static int read_list(struct list *l, struct err *err)
{
	char *line = NULL;
	size_t cap = 0;
	struct bytes text;
	int rc = 0;

	while (rc == 0 && next_line(&line, &cap, &text)) {
		struct command *c;

		MEM_GROW(l->v, l->cap, l->n + 1);
		c = &l->v[l->n];
		if (!command_parse(c, text)) {
			rc = err_set(err, ERR_USAGE, "line %zu is no command: there is no tab in it",
				     l->n + 1);
			break;
		}
		c->line = mem_alloc(text.n + 1);
		memcpy(c->line, text.p, text.n);
		c->line[text.n] = '\0';
		l->n++;
	}
	free(line);
	return rc;
}

static void run_listed(void *context, size_t i)
{
	struct list *l = context;
	struct err err;

	if (run_command(l->asker, &l->v[i], &err) < 0)
		exit(args_fail(&err));
}

static int measure_commands(struct asker *asker, const struct timing_rule *rule)
{
	struct list list = { .asker = asker };
	struct timing *timings = NULL;
	struct err err;
	int status = 0;

	if (read_list(&list, &err) < 0) {
		status = args_fail(&err);
		goto done;
	}
	timings = mem_zalloc(list.n, sizeof *timings);
	time_tasks(timings, list.n, rule, run_listed, &list);
	for (size_t i = 0; i < list.n; i++)
		printf("%s\t%" PRId64 "\t%.1f\t%.1f\t%u\n", list.v[i].line, list.v[i].count,
		       timings[i].best * 1e6, timings[i].median * 1e6, timings[i].runs);
	if (fflush(stdout) != 0)
		status = cannot_write();
done:
	free(timings);
	list_release(&list);
	return status;
}

/* REPS, a whole number from 1, and CAP, seconds from 0. */
static bool parse_limits(char **argv, struct timing_rule *rule)
{
	char *end;
	unsigned long n = strtoul(argv[0], &end, 10);

	if (!ascii_is_digit(*argv[0]) || *end || n < 1 || n > 1000000)
		return false;
	rule->reps = (unsigned)n;
	rule->cap = strtod(argv[1], &end);
	return end != argv[1] && !*end && rule->cap >= 0;
}

int main(int argc, char **argv)
{
	struct asker asker;
	struct err err;
	struct timing_rule rule = { .clock = CLOCK_MONOTONIC };
	int status;

	args_begin(PROGRAM_QUERY, argv[0]);
	if (argc != 2 && (argc != 5 || strcmp(argv[2], "bench") || !parse_limits(argv + 3, &rule))) {
		fputs(usage, stderr);
		return 2;
	}
	if (asker_open(&asker, argv[1], &err) < 0)
		return args_fail(&err);
	status = rule.reps ? measure_commands(&asker, &rule) : answer_commands(&asker);
	asker_close(&asker);
	return status;
}
