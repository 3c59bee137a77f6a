#include "walk.h"

#include "base/err.h"
#include "base/file_state.h"
#include "base/mem.h"

#include <dirent.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>

static void add_file(struct walk *w, const struct root *root, const char *path, const struct stat *st)
{
	struct walk_file file = { .path = mem_strdup(path), .root = root, .size = -1 };

	if (st && S_ISREG(st->st_mode)) {
		file.size = (int64_t)st->st_size;
		file.mtime = file_mtime(st);
		w->bytes += (uint64_t)st->st_size;
	}
	MEM_GROW(w->v, w->cap, w->n + 1);
	w->v[w->n++] = file;
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

/* A place that is being walked. */
struct walking {
	struct walk *w;
	const struct root *root;
	walk_problem *problem;
	void *context;
};

static void add_directory(const struct walking *in, const char *path);

static void refused(const struct walking *in, const char *path)
{
	char reason[256];

	snprintf(reason, sizeof reason, "%s%s", strerror(errno), errno_way_out(errno));
	in->problem(in->context, path, reason);
}

static void add_entry(const struct walking *in, const char *path)
{
	struct stat link, st;

	if (in->w->others && roots_find(in->w->others, path))
		return;
	if (lstat(path, &link) < 0) {
		refused(in, path);
		return;
	}
	st = link;
	if (S_ISLNK(link.st_mode) && stat(path, &st) < 0) {
		if (errno == ENOENT)
			in->problem(in->context, path, "a link to what is not there");
		else
			refused(in, path);
	} else if (S_ISREG(st.st_mode) && !is_avoided(in->w, &st)) {
		add_file(in->w, in->root, path, &st);
	} else if (S_ISDIR(link.st_mode) && !is_archive(path)) {
		add_directory(in, path);
	}
}

static void add_directory(const struct walking *in, const char *path)
{
	struct buf name = BUF_INIT;
	struct dirent **entries;
	size_t slash = strlen(path);
	int n = scandir(path, &entries, visible, by_bytes);

	if (n < 0 && errno == ENOMEM)
		mem_exhausted(0);
	if (n < 0) {
		refused(in, path);
		return;
	}
	while (slash > 1 && path[slash - 1] == '/')
		slash--;
	for (int i = 0; i < n; i++) {
		buf_reset(&name);
		buf_addf(&name, "%.*s/%s", (int)slash, path, entries[i]->d_name);
		if (!stopped(in->w))
			add_entry(in, buf_cstr(&name));
		free(entries[i]);
	}
	free(entries);
	buf_release(&name);
}

void walk_add(struct walk *w, const struct root *root, walk_problem *problem, void *context)
{
	struct walking in = { .w = w, .root = root, .problem = problem, .context = context };
	struct stat st;

	if (strcmp(root->path, "-") == 0)
		add_file(w, root, root->path, NULL);
	else if (stat(root->path, &st) < 0)
		refused(&in, root->path);
	else if (S_ISDIR(st.st_mode) && is_archive(root->path))
		problem(context, root->path,
			"an archive, not articles to read; name the files it was made from");
	else if (S_ISDIR(st.st_mode))
		add_directory(&in, root->path);
	else
		add_file(w, root, root->path, &st);
}

bool walk_same_file(const char *path, const struct stat *st)
{
	struct stat other;

	return stat(path, &other) == 0 && other.st_ino == st->st_ino && other.st_dev == st->st_dev;
}

void walk_release(struct walk *w)
{
	for (size_t i = 0; i < w->n; i++)
		free(w->v[i].path);
	free(w->v);
	*w = (struct walk){ .n = 0 };
}
