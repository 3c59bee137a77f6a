#include "walk.h"

#include "base/err.h"
#include "base/mem.h"

#include <dirent.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>

static void add_file(struct walk *w, const char *path, uint64_t size)
{
	MEM_GROW(w->paths, w->cap, w->n + 1);
	w->paths[w->n++] = mem_strdup(path);
	w->bytes += size;
}

static bool is_archive(const char *path)
{
	struct buf name = BUF_INIT;
	struct stat st;
	bool found;

	buf_addf(&name, "%s/catalog.db", path);
	found = stat(buf_cstr(&name), &st) == 0;
	buf_release(&name);
	return found;
}

static bool is_avoided(const struct walk *w, const struct stat *st)
{
	return w->avoid_inode && st->st_ino == w->avoid_inode && st->st_dev == w->avoid_device;
}

static bool stopped(const struct walk *w)
{
	return w->stop && *w->stop;
}

static int visible(const struct dirent *e)
{
	return e->d_name[0] != '.';
}

static int by_bytes(const struct dirent **a, const struct dirent **b)
{
	return strcmp((*a)->d_name, (*b)->d_name);
}

static void add_directory(struct walk *w, const char *path, walk_problem *problem, void *context);

static void refused(const char *path, walk_problem *problem, void *context)
{
	char reason[256];

	snprintf(reason, sizeof reason, "%s%s", strerror(errno), errno_way_out(errno));
	problem(context, path, reason);
}

static void add_entry(struct walk *w, const char *path, walk_problem *problem, void *context)
{
	struct stat link, st;

	if (lstat(path, &link) < 0)
		refused(path, problem, context);
	else if (stat(path, &st) < 0 && S_ISLNK(link.st_mode) && errno == ENOENT)
		problem(context, path, "a link to what is not there");
	else if (stat(path, &st) < 0)
		refused(path, problem, context);
	else if (S_ISREG(st.st_mode) && !is_avoided(w, &st))
		add_file(w, path, (uint64_t)st.st_size);
	else if (S_ISDIR(link.st_mode) && !is_archive(path))
		add_directory(w, path, problem, context);
}

static void add_directory(struct walk *w, const char *path, walk_problem *problem, void *context)
{
	struct buf name = BUF_INIT;
	struct dirent **entries;
	size_t slash = strlen(path);
	int n = scandir(path, &entries, visible, by_bytes);

	if (n < 0 && errno == ENOMEM)
		mem_exhausted(0);
	if (n < 0) {
		refused(path, problem, context);
		return;
	}
	while (slash > 1 && path[slash - 1] == '/')
		slash--;
	for (int i = 0; i < n; i++) {
		buf_reset(&name);
		buf_addf(&name, "%.*s/%s", (int)slash, path, entries[i]->d_name);
		if (!stopped(w))
			add_entry(w, buf_cstr(&name), problem, context);
		free(entries[i]);
	}
	free(entries);
	buf_release(&name);
}

void walk_add(struct walk *w, const char *path, walk_problem *problem, void *context)
{
	struct stat st;

	if (strcmp(path, "-") == 0)
		add_file(w, path, 0);
	else if (stat(path, &st) < 0)
		refused(path, problem, context);
	else if (S_ISDIR(st.st_mode) && is_archive(path))
		problem(context, path, "an archive, not articles to read; name the files it was made from");
	else if (S_ISDIR(st.st_mode))
		add_directory(w, path, problem, context);
	else
		add_file(w, path, S_ISREG(st.st_mode) ? (uint64_t)st.st_size : 0);
}

bool walk_same_file(const char *path, const struct stat *st)
{
	struct stat other;

	return stat(path, &other) == 0 && other.st_ino == st->st_ino && other.st_dev == st->st_dev;
}

void walk_release(struct walk *w)
{
	for (size_t i = 0; i < w->n; i++)
		free(w->paths[i]);
	free(w->paths);
	*w = (struct walk){ .n = 0 };
}
