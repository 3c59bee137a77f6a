#include "choose.h"

#include <errno.h>
#include <spawn.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

extern char **environ;

/* ---- numbers as words ---- */

static bool is_space(uint8_t c)
{
	return c == ' ' || (c >= '\t' && c <= '\r');
}

/* A number too large for an article is one that there is none of. */
static int add_number(struct bytes word, const char *where, struct number_list *l, struct err *err)
{
	size_t at = word.n && word.p[0] == '#', first = at;
	int64_t number = 0;

	for (; at < word.n && ascii_is_digit(word.p[at]); at++)
		number = number < INT64_MAX / 100 ? number * 10 + (word.p[at] - '0') : number;
	if (word.n > 1 && word.p[0] == '-' && !*where)
		return err_set(err, ERR_USAGE, "remove: '%.60s': options stand before the archive",
			       (const char *)word.p);
	if (at < word.n || at == first)
		return err_set(err, ERR_USAGE, "remove: '%.*s'%s is no number of an article",
			       (int)(word.n < 60 ? word.n : 60), (const char *)word.p, where);
	number_list_add(l, number);
	return 0;
}

/* Numbers with white space between them. */
static int add_numbers(struct bytes text, const char *where, struct number_list *l, struct err *err)
{
	int rc = 0;

	for (size_t at = 0, end; rc == 0 && at < text.n; at = end) {
		while (at < text.n && is_space(text.p[at]))
			at++;
		for (end = at; end < text.n && !is_space(text.p[end]);)
			end++;
		if (end > at)
			rc = add_number(bytes_of(text.p + at, end - at), where, l, err);
	}
	return rc;
}

#define READ_SIZE 65536u

static int read_all(int fd, struct buf *out, struct err *err)
{
	ssize_t n;

	do {
		n = read(fd, buf_reserve(out, READ_SIZE), READ_SIZE);
		if (n > 0)
			out->n += (size_t)n;
	} while (n > 0 || (n < 0 && errno == EINTR));
	return n < 0 ? err_errno(err, "remove: numbers cannot be read") : 0;
}

int choose_numbers(struct args words, struct number_list *l, struct err *err)
{
	int rc = 0;

	for (int i = 0; rc == 0 && i < words.n; i++) {
		struct buf text = BUF_INIT;

		if (strcmp(words.v[i], "-") == 0) {
			if ((rc = read_all(STDIN_FILENO, &text, err)) == 0)
				rc = add_numbers(buf_bytes(&text), " on standard input", l, err);
		} else {
			rc = add_number(bytes_str(words.v[i]), "", l, err);
		}
		buf_release(&text);
	}
	return rc;
}

/* ---- asking the sibling ---- */

/* Where `query` is: beside this program, under the name that goes with this one's. */
static bool find_query(struct buf *path)
{
	const char *const names[] = { args_name(PROGRAM_QUERY), "query", "morgue-query" };
	char self[4096];
	ssize_t n = readlink("/proc/self/exe", self, sizeof self - 1);
	char *slash;

	self[n > 0 ? n : 0] = '\0';
	slash = strrchr(self, '/');
	for (size_t i = 0; slash && i < sizeof names / sizeof *names; i++) {
		buf_reset(path);
		buf_addf(path, "%.*s/%s", (int)(slash - self), self, names[i]);
		if (access(buf_cstr(path), X_OK) == 0)
			return true;
	}
	buf_reset(path);
	buf_add_str(path, "morgue-query"); /* by PATH: a foreign program may be called query */
	return false;
}

/* Start it; its standard output can be read from *from. */
static int start_query(const char *archive, const char *question, pid_t *child, int *from, struct err *err)
{
	const char *const words[] = { "query", "-l", "-n", "all", "-a", archive, "--", question, NULL };
	char *const *argv = (char *const *)(uintptr_t)words; /* posix_spawn changes none */
	posix_spawn_file_actions_t actions;
	struct buf path = BUF_INIT;
	bool beside = find_query(&path);
	int ends[2], failed;

	if (pipe(ends) < 0) {
		buf_release(&path);
		return err_errno(err, "remove: --query");
	}
	posix_spawn_file_actions_init(&actions);
	posix_spawn_file_actions_adddup2(&actions, ends[1], STDOUT_FILENO);
	posix_spawn_file_actions_addclose(&actions, ends[0]);
	posix_spawn_file_actions_addclose(&actions, ends[1]);
	failed = (beside ? posix_spawn : posix_spawnp)(child, buf_cstr(&path), &actions, NULL, argv, environ);
	posix_spawn_file_actions_destroy(&actions);
	close(ends[1]);
	*from = ends[0];
	if (failed) {
		close(ends[0]);
		err_set(err, ERR_IO, "remove: --query: %s: %s; it belongs beside %s", buf_cstr(&path),
			strerror(failed), args_name(PROGRAM_INDEXER));
	}
	buf_release(&path);
	return failed ? ERR_IO : 0;
}

/* How it ended: its exit status is that of docs/OUTPUT.md. */
static int end_query(pid_t child, struct err *err)
{
	int status;

	while (waitpid(child, &status, 0) < 0)
		if (errno != EINTR)
			return err_errno(err, "remove: --query");
	if (WIFEXITED(status) && WEXITSTATUS(status) <= 1)
		return 0;
	return err_set(err, WIFEXITED(status) && WEXITSTATUS(status) == 2 ? ERR_USAGE : ERR_IO,
		       "remove: the question of --query has no answer; nothing is removed");
}

static int ask_query(const char *archive, const char *question, struct number_list *l, struct err *err)
{
	struct buf answer = BUF_INIT;
	struct err unread;
	pid_t child;
	int from = -1, read, rc = start_query(archive, question, &child, &from, err);

	if (rc < 0)
		return rc;
	read = read_all(from, &answer, &unread);
	close(from);
	if ((rc = end_query(child, err)) == 0 && (rc = read) < 0)
		*err = unread;
	if (rc == 0)
		rc = add_numbers(buf_bytes(&answer), " from query", l, err);
	buf_release(&answer);
	return rc;
}

int choose_articles(struct archive *a, const struct choice *choice, struct number_list *l, struct err *err)
{
	if (choice->source)
		return catalog_articles_of_source(a->catalog, bytes_str(choice->source), l, err);
	if (choice->path)
		return catalog_articles_of_path(a->catalog, bytes_str(choice->path), l, err);
	return choice->query ? ask_query(a->path, choice->query, l, err) : 0;
}
