#include "bench.h"

#include "generate/rng.h"
#include "questions.h"
#include "segment/lengths.h"

#include <inttypes.h>
#include <stdio.h>

#define REPETITIONS 7
#define CAP         0.5 /* seconds after which a question is not asked again: FTS5 has slow ones */

enum command { TOP_10, TOP_100, COUNT, TOP_10_COUNT, NEWEST_10, NEWEST_10_COUNT, COMMANDS };

static const struct {
	const char *name;
	struct rank_options rank;
} commands[COMMANDS] = {
	[TOP_10] = { "top 10", { .count = 10, .no_total = true } },
	[TOP_100] = { "top 100", { .count = 100, .no_total = true } },
	[COUNT] = { "count", { .count = 0 } },
	[TOP_10_COUNT] = { "top 10 + count", { .count = 10 } },
	[NEWEST_10] = { "newest 10", { .order = RANK_NEWEST, .count = 10, .no_total = true } },
	[NEWEST_10_COUNT] = { "newest 10 + count", { .order = RANK_NEWEST, .count = 10 } },
};

static const char *const class_names[CLASSES] = {
	[TERM] = "term",
	[INTERSECTION] = "intersection",
	[UNION] = "union",
	[STEMS] = "stemmed phrase",
	[EXACT] = "exact phrase",
	[TITLE] = "title: word",
	[DATED] = "dated union",
	[GROUP] = "a (b OR c)",
	[WITHOUT] = "(a OR b) -c",
	[MIXED] = "a OR \"b c\"",
	[NEAR] = "a w/5 b",
	[SENTENCE] = "a w/s b",
	[QUOTED] = "quote:(a b)",
	[PREFIX] = "abc* def*",
	[WIDE] = "a* d*",
	[INFIX] = "*bcd* *efg*",
	[REGEX] = "/[a-z]bc[a-z]*/",
	[FUZZY] = "word~2",
	[BESIDE_PREFIX] = "a bcd*",
	[BESIDE_WIDE] = "a b*",
	[BESIDE_INFIX] = "a *bcd*",
	[DATED_ALL] = "dated inters.",
	[SOURCED] = "a b source:",
};

/* What is measured without a peer, and the class and command that it is set against. */
static const struct lone {
	enum question_class class;
	enum command command;
	enum question_class base;
	enum command base_command;
} lone[] = {
	{ EXACT, TOP_10, STEMS, TOP_10 },
	{ EXACT, COUNT, STEMS, COUNT },
	{ TITLE, TOP_10, TERM, TOP_10 },
	{ TITLE, COUNT, TERM, COUNT },
	{ DATED, TOP_10, UNION, TOP_10 },
	{ DATED, COUNT, UNION, COUNT },
	{ UNION, NEWEST_10, UNION, TOP_10 },
	{ UNION, NEWEST_10_COUNT, UNION, TOP_10_COUNT },
	{ GROUP, TOP_10, INTERSECTION, TOP_10 },
	{ GROUP, COUNT, INTERSECTION, COUNT },
	{ WITHOUT, TOP_10, UNION, TOP_10 },
	{ WITHOUT, COUNT, UNION, COUNT },
	{ MIXED, TOP_10, UNION, TOP_10 },
	{ MIXED, COUNT, UNION, COUNT },
	{ NEAR, TOP_10, INTERSECTION, TOP_10 },
	{ NEAR, COUNT, INTERSECTION, COUNT },
	{ SENTENCE, TOP_10, INTERSECTION, TOP_10 },
	{ SENTENCE, COUNT, INTERSECTION, COUNT },
	{ QUOTED, TOP_10, INTERSECTION, TOP_10 },
	{ QUOTED, COUNT, INTERSECTION, COUNT },
	{ PREFIX, TOP_10, INTERSECTION, TOP_10 },
	{ WIDE, TOP_10, INTERSECTION, TOP_10 },
	{ INFIX, TOP_10, INTERSECTION, TOP_10 },
	{ REGEX, TOP_10, INTERSECTION, TOP_10 },
	{ FUZZY, TOP_10, TERM, TOP_10 },
	{ BESIDE_PREFIX, TOP_10, INTERSECTION, TOP_10 },
	{ BESIDE_PREFIX, COUNT, INTERSECTION, COUNT },
	{ BESIDE_PREFIX, NEWEST_10, BESIDE_PREFIX, TOP_10 },
	{ BESIDE_WIDE, TOP_10, INTERSECTION, TOP_10 },
	{ BESIDE_WIDE, COUNT, INTERSECTION, COUNT },
	{ BESIDE_WIDE, NEWEST_10, BESIDE_WIDE, TOP_10 },
	{ BESIDE_INFIX, TOP_10, INTERSECTION, TOP_10 },
	{ INTERSECTION, NEWEST_10, INTERSECTION, TOP_10 },
	{ DATED_ALL, TOP_10, INTERSECTION, TOP_10 },
	{ DATED_ALL, COUNT, INTERSECTION, COUNT },
	{ SOURCED, TOP_10, INTERSECTION, TOP_10 },
	{ SOURCED, COUNT, INTERSECTION, COUNT },
	{ SOURCED, NEWEST_10, SOURCED, TOP_10 },
};

struct measured {
	struct spread ms;
	uint64_t total; /* matches of all questions together */
};

/* One class and command, as a list of tasks. */
struct task {
	struct asker *asker;
	struct fts5_peer *fts5;
	const struct question *questions;
	enum command command;
	uint64_t total[QUESTIONS];
};

static void ask_ours(void *context, size_t i)
{
	struct task *t = context;
	struct answer answer;
	struct err err;

	if (ask(t->asker, bytes_str(t->questions[i].ours), false, &commands[t->command].rank, &answer, &err) <
	    0)
		die(err.msg);
	t->total[i] = answer.total;
}

static void ask_fts5(void *context, size_t i)
{
	struct task *t = context;
	const struct rank_options *rank = &commands[t->command].rank;

	t->total[i] = fts5_peer_ask(t->fts5, t->questions[i].fts5, rank->count, !rank->no_total);
}

static struct measured measure(struct task *t, timed_task *run)
{
	static const struct timing_rule rule = { REPETITIONS, CAP, CLOCK_THREAD_CPUTIME_ID };
	struct timing timings[QUESTIONS];
	struct measured m = { .total = 0 };

	for (int i = 0; i < QUESTIONS; i++)
		t->total[i] = 0;
	time_tasks(timings, QUESTIONS, &rule, run, t);
	m.ms = spread_of_best(timings, QUESTIONS);
	m.ms.mean *= 1e3;
	m.ms.p50 *= 1e3;
	m.ms.p95 *= 1e3;
	for (int i = 0; i < QUESTIONS; i++)
		m.total += t->total[i];
	return m;
}

struct tables {
	struct asker one, many; /* the archive as it was added, in many segments */
	struct fts5_peer fts5;
	struct questions questions;
	struct measured ours[CLASSES][COMMANDS];
};

static struct measured measure_ours(struct tables *t, struct asker *asker, enum question_class class,
				    enum command command)
{
	struct task task = { .asker = asker, .questions = t->questions.of[class], .command = command };

	return measure(&task, ask_ours);
}

/* One archive, then many segments: the matches must be the same. */
static struct measured measure_both(struct tables *t, enum question_class class, enum command command)
{
	struct measured *ours = &t->ours[class][command];
	struct measured many;

	*ours = measure_ours(t, &t->one, class, command);
	many = measure_ours(t, &t->many, class, command);
	if (!commands[command].rank.no_total && many.total != ours->total)
		die("the archive of many segments gives other counts");
	return many;
}

/* ---- the tables ---- */

static void print_compared_row(struct tables *t, enum question_class class, enum command command,
			       uint64_t *counted)
{
	struct task task = { .fts5 = &t->fts5, .questions = t->questions.of[class], .command = command };
	struct measured many = measure_both(t, class, command);
	const struct spread *ours = &t->ours[class][command].ms;
	struct measured fts5 = measure(&task, ask_fts5);

	if (command == COUNT)
		*counted = fts5.total;
	printf("%-15s %-14s %8.3f %8.3f %8.3f %9.3f %8.3f %7.2f %8.3f %6.2f\n", class_names[class],
	       commands[command].name, ours->mean, ours->p50, ours->p95, fts5.ms.mean, fts5.ms.p50,
	       fts5.ms.mean / ours->mean, many.ms.mean, many.ms.mean / ours->mean);
}

static void print_compared(struct tables *t)
{
	uint64_t counted[COMPARED];
	char segments[32];

	snprintf(segments, sizeof segments, "%zu segs", t->many.archive.nsegments);
	printf("\n%-15s %-14s %8s %8s %8s %9s %8s %7s %8s %6s\n", "query", "ms", "mean", "p50", "p95", "FTS5",
	       "p50", "x", segments, "x");
	for (enum question_class c = 0; c < COMPARED; c++)
		for (enum command k = 0; k <= TOP_10_COUNT; k++)
			print_compared_row(t, c, k, &counted[c]);
	puts("\nmatches of a class's questions: ours, FTS5's (other stems, other words)");
	for (enum question_class c = 0; c < COMPARED; c++)
		printf("%-15s %10" PRIu64 " %10" PRIu64 "\n", class_names[c], t->ours[c][COUNT].total,
		       counted[c]);
}

static void print_lone_row(struct tables *t, const struct lone *l)
{
	struct measured many = measure_both(t, l->class, l->command);
	const struct spread *ours = &t->ours[l->class][l->command].ms;
	char base[48];

	snprintf(base, sizeof base, "%s%s", class_names[l->base],
		 l->command == l->base_command ? "" : ", by relevance");
	printf("%-15s %-17s %8.3f %8.3f %8.3f  %-20s %6.2f %8.3f %6.2f\n", class_names[l->class],
	       commands[l->command].name, ours->mean, ours->p50, ours->p95, base,
	       ours->mean / t->ours[l->base][l->base_command].ms.mean, many.ms.mean,
	       many.ms.mean / ours->mean);
}

/* Do the articles hold what the class asks about? */
static bool can_ask(const struct tables *t, enum question_class c)
{
	if (c == DATED || c == DATED_ALL)
		return t->questions.dated > 0;
	return c != SOURCED || t->questions.sourced;
}

static void print_lone(struct tables *t)
{
	char segments[32];

	snprintf(segments, sizeof segments, "%zu segs", t->many.archive.nsegments);
	printf("\n%-15s %-17s %8s %8s %8s  %-20s %6s %8s %6s\n", "query", "ms", "mean", "p50", "p95",
	       "as a share of", "", segments, "x");
	for (size_t i = 0; i < sizeof lone / sizeof *lone; i++)
		if (can_ask(t, lone[i].class))
			print_lone_row(t, &lone[i]);
	if (t->questions.dated > 0)
		printf("\na range of dates holds %.1f %% of the articles on average\n",
		       100 * t->questions.dated);
	else
		puts("\ntoo few articles have a date for ranges of dates");
}

void bench_queries(const struct bench *b)
{
	static struct tables t;
	struct arena arena = ARENA_INIT;
	struct err err;

	if (asker_open(&t.one, buf_cstr(&b->archive), &err) < 0 ||
	    asker_open(&t.many, buf_cstr(&b->split), &err) < 0)
		die(err.msg);
	if (questions_draw(&t.questions, &t.one, &arena) < 0)
		die("too little text to draw questions from");
	fts5_peer_open(&t.fts5, buf_cstr(&b->fts5));
	printf("\n%d questions a class, in this process, one thread: processor time, the best of %d, of "
	       "fewer\n"
	       "once they took %.1f s. x: FTS5's mean over ours; the mean of %zu segments over that of "
	       "%zu.\n",
	       QUESTIONS, REPETITIONS, CAP, t.many.archive.nsegments, t.one.archive.nsegments);
	print_compared(&t);
	print_lone(&t);
	fts5_peer_close(&t.fts5);
	asker_close(&t.one);
	asker_close(&t.many);
	arena_release(&arena);
}

/* ---- removed articles ---- */

/* Let one doc of so many die, here and there, as a reader sees it after a removal. */
static void bury(struct archive *a, uint32_t one_in)
{
	const uint32_t *words = length_table();
	struct rng r;

	rng_init(&r, 1);
	for (size_t i = 0; i < a->nsegments; i++) {
		struct segment *s = &a->segments[i];

		for (uint32_t doc = 0; doc < s->ndocs; doc++)
			if (rng_one_in(&r, one_in))
				dead_docs_add(&s->dead, doc, words[segment_length_code(s, doc)]);
		a->ndocs -= s->dead.n;
		a->words -= s->dead.words;
	}
}

#define SHARES 2

static void print_removed_row(struct tables *t, struct asker shares[SHARES], enum question_class class,
			      enum command command)
{
	double all = measure_ours(t, &t->one, class, command).ms.mean;

	printf("%-15s %-17s %8.3f", class_names[class], commands[command].name, all);
	for (int i = 0; i < SHARES; i++) {
		double mean = measure_ours(t, &shares[i], class, command).ms.mean;

		printf(" %8.3f %6.2f", mean, mean / all);
	}
	putchar('\n');
}

void bench_removal(const struct bench *b)
{
	static const uint32_t one_in[SHARES] = { 100, 6 };
	static struct asker shares[SHARES];
	static struct tables t;
	struct arena arena = ARENA_INIT;
	struct err err;

	if (asker_open(&t.one, buf_cstr(&b->archive), &err) < 0)
		die(err.msg);
	if (questions_draw(&t.questions, &t.one, &arena) < 0)
		die("too little text to draw questions from");
	printf("\n%-15s %-17s %8s", "query", "ms", "none");
	for (int i = 0; i < SHARES; i++) {
		if (asker_open(&shares[i], buf_cstr(&b->archive), &err) < 0)
			die(err.msg);
		bury(&shares[i].archive, one_in[i]);
		printf("   1 in %-2" PRIu32 "    x", one_in[i]);
	}
	puts(" removed");
	for (enum question_class c = 0; c < CLASSES; c++)
		for (enum command k = 0; k < COMMANDS; k++)
			if (can_ask(&t, c))
				print_removed_row(&t, shares, c, k);
	for (int i = 0; i < SHARES; i++)
		asker_close(&shares[i]);
	asker_close(&t.one);
	arena_release(&arena);
}
