#include "bench.h"

#include "base/mem.h"
#include "page_cache.h"
#include "questions.h"

#include <fcntl.h>
#include <spawn.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

#define PROCESSES   30 /* questions, one process each */
#define REPETITIONS 5

extern char **environ;

enum program { NOTHING, QUERY, FTS5, PROGRAMS };

static const char *const names[PROGRAMS] = {
	[NOTHING] = "a program that links SQLite and ends",
	[QUERY] = "query -n 10",
	[FTS5] = "SQLite FTS5: ten titles with snippets",
};

struct runner {
	const struct bench *b;
	struct buf query, one_shot; /* paths of the programs */
	const struct question *questions[PROCESSES];
};

/* Run argv[0], its output thrown away, and wait for its end. */
static void run_process(char *const *argv)
{
	posix_spawn_file_actions_t actions;
	int status;
	pid_t pid;

	posix_spawn_file_actions_init(&actions);
	posix_spawn_file_actions_addopen(&actions, STDOUT_FILENO, "/dev/null", O_WRONLY, 0);
	if (posix_spawn(&pid, argv[0], &actions, NULL, argv, environ) != 0 || waitpid(pid, &status, 0) < 0)
		die("cannot start a program");
	posix_spawn_file_actions_destroy(&actions);
	if (!WIFEXITED(status) || WEXITSTATUS(status) > 1)
		die("a program that was started failed");
}

static void run_program(const struct runner *r, enum program program, const struct question *q)
{
	const char *query[] = {
		buf_cstr(&r->query), "-n", "10", "-a", buf_cstr(&r->b->archive), q->ours, NULL
	};
	const char *one_shot[] = { buf_cstr(&r->one_shot), buf_cstr(&r->b->fts5), q->fts5, NULL };

	if (program == NOTHING)
		one_shot[1] = NULL;
	run_process((char *const *)(program == QUERY ? query : one_shot));
}

static void print_row(enum program program, const char *state, double seconds[PROCESSES])
{
	struct spread s = spread_of(seconds, PROCESSES);

	printf("%-40s %-5s %8.2f %8.2f\n", names[program], state, s.p50 * 1e3, s.p95 * 1e3);
}

/* The programs take turns, so that a moment when the machine is busy hits them alike. */
static void run_turn(void *context, size_t i)
{
	const struct runner *r = context;

	run_program(r, (enum program)(i % PROGRAMS), r->questions[i / PROGRAMS]);
}

static void measure_warm(struct runner *r)
{
	static const struct timing_rule rule = { REPETITIONS, .cap = 1, .clock = CLOCK_MONOTONIC };
	struct timing timings[PROCESSES * PROGRAMS];
	double best[PROCESSES];

	time_tasks(timings, PROCESSES * PROGRAMS, &rule, run_turn, r);
	for (enum program p = 0; p < PROGRAMS; p++) {
		for (size_t i = 0; i < PROCESSES; i++)
			best[i] = timings[i * PROGRAMS + p].best;
		print_row(p, "warm", best);
	}
}

/* One process, its files put out of memory before; the program and its libraries stay. Negative
 * if the files stay too. */
static double run_cold(const struct runner *r, enum program program, size_t i)
{
	double start;

	if (page_cache_drop(buf_cstr(program == QUERY ? &r->b->archive : &r->b->fts5)) != 0)
		return -1;
	start = timing_now();
	run_program(r, program, r->questions[i]);
	return timing_now() - start;
}

static void measure_cold(struct runner *r)
{
	double best[PROGRAMS][PROCESSES];

	for (int pass = 0; pass < REPETITIONS; pass++) {
		for (size_t i = 0; i < PROCESSES; i++) {
			for (enum program p = QUERY; p < PROGRAMS; p++) {
				double seconds = run_cold(r, p, i);

				if (seconds < 0) {
					puts("cold: not measured, the files stay in memory here");
					return;
				}
				if (pass == 0 || seconds < best[p][i])
					best[p][i] = seconds;
			}
		}
	}
	for (enum program p = QUERY; p < PROGRAMS; p++)
		print_row(p, "cold", best[p]);
}

/* Terms, intersections and phrases in turn. */
static void choose_questions(struct runner *r, struct questions *q, struct arena *arena)
{
	static const enum question_class classes[] = { TERM, INTERSECTION, STEMS };
	struct asker asker;
	struct err err;

	if (asker_open(&asker, buf_cstr(&r->b->archive), &err) < 0)
		die(err.msg);
	if (questions_draw(q, &asker, arena) < 0)
		die("too little text to draw questions from");
	asker_close(&asker);
	for (int i = 0; i < PROCESSES; i++)
		r->questions[i] = &q->of[classes[i % 3]][i / 3];
}

void bench_processes(const struct bench *b)
{
	struct runner r = { .b = b };
	struct questions *questions = mem_zalloc(1, sizeof *questions);
	struct arena arena = ARENA_INIT;

	buf_addf(&r.query, "%s/bin/query", b->programs);
	buf_addf(&r.one_shot, "%s/tests/bench/one_shot", b->programs);
	choose_questions(&r, questions, &arena);
	printf("\n%d questions, each a process, from its start to its end; the best of %d\n", PROCESSES,
	       REPETITIONS);
	printf("%-40s %-5s %8s %8s\n", "process, ms", "", "p50", "p95");
	measure_warm(&r);
	measure_cold(&r);
	buf_release(&r.query);
	buf_release(&r.one_shot);
	arena_release(&arena);
	free(questions);
}
