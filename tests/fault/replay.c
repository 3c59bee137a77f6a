/* tests/fault/replay.c - a folder as it may be after power was lost.
 *
 *	replay LOG                     how many calls the log has
 *	replay LOG AT SEED ROOT OUT    of the first AT calls, make in OUT what was under ROOT
 *
 * LOG is what tests/fault/record.c wrote. What a disk must keep is what was synced: the bytes and
 * size of a file up to its last sync, the names in a folder up to the folder's. Of what came later
 * it may keep anything. SEED 0: nothing is kept; 1: all is, as after kill -9; others draw for
 * each call, and for each sector of a write, so that a write may be torn and a later one may be
 * there without an earlier one.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define SECTOR 512u

struct call {
	char kind;
	unsigned long inode;
	long at, n;
	const char *bytes, *path, *to;
	struct file *file;     /* of C W T S; of R L U the one that the name stood for */
	struct folder *folder; /* whose names D C Y R L U X change */
};

struct file {
	struct file *older;
	unsigned long inode;
	long synced; /* number of the call after which it was synced last */
	unsigned char *bytes;
	size_t n, cap;
};

struct folder {
	struct folder *older;
	char *path;
	long synced;
};

struct name {
	struct name *older;
	const char *path;
	struct file *file; /* NULL: a folder */
	bool gone;
};

static struct call *calls;
static long ncalls;
static struct file *files;
static struct folder *folders;
static struct name *names, *truth; /* as they are made; as they were */
static uint64_t state;

static void die(const char *what)
{
	fprintf(stderr, "replay: %s: %s\n", what, strerror(errno));
	exit(2);
}

static void *grow(void *p, size_t n)
{
	p = realloc(p, n);
	if (!p)
		die("memory");
	return p;
}

static uint64_t draw(void) /* splitmix64 */
{
	uint64_t z = state += UINT64_C(0x9E3779B97F4A7C15);

	z = (z ^ z >> 30) * UINT64_C(0xBF58476D1CE4E5B9);
	z = (z ^ z >> 27) * UINT64_C(0x94D049BB133111EB);
	return z ^ z >> 31;
}

/* ---- the log ---- */

static char *read_log(const char *path, size_t *n)
{
	FILE *f = fopen(path, "rb");
	char *text;

	if (!f || fseek(f, 0, SEEK_END) < 0)
		die(path);
	*n = (size_t)ftell(f);
	rewind(f);
	text = grow(NULL, *n + 1);
	if (fread(text, 1, *n, f) != *n)
		die(path);
	fclose(f);
	text[*n] = '\0';
	return text;
}

static void parse_line(struct call *c, char *line)
{
	char *rest = line + 2, *space;

	*c = (struct call){ .kind = *line };
	switch (*line) {
	case 'C':
	case 'W':
	case 'T':
	case 'S':
		c->inode = strtoul(rest, &rest, 10);
		if (*line == 'C')
			c->path = rest + 1;
		else
			c->at = strtol(rest, &rest, 10);
		if (*line == 'W')
			c->n = strtol(rest, &rest, 10);
		return;
	default:
		c->path = rest;
		space = strchr(rest, ' ');
		if (space) {
			*space = '\0';
			c->to = space + 1;
		}
	}
}

static void parse(char *text, size_t n)
{
	char *end = text + n;
	long cap = 0;

	while (text < end) {
		char *line_end = memchr(text, '\n', (size_t)(end - text));

		if (!line_end)
			die("the log ends early");
		*line_end = '\0';
		if (ncalls == cap)
			calls = grow(calls, sizeof *calls * (size_t)(cap = cap * 2 + 64));
		parse_line(&calls[ncalls], text);
		text = line_end + 1;
		if (calls[ncalls].kind == 'W') {
			calls[ncalls].bytes = text;
			text += calls[ncalls].n;
		}
		ncalls++;
	}
}

/* ---- what stands for what ---- */

static struct file *newest_file(unsigned long inode)
{
	struct file *f = files;

	while (f && f->inode != inode)
		f = f->older;
	return f;
}

static struct file *new_file(unsigned long inode)
{
	struct file *f = calloc(1, sizeof *f);

	if (!f)
		die("memory");
	f->older = files;
	f->inode = inode;
	f->synced = -1;
	return files = f;
}

/* The folder that holds a path. */
static struct folder *folder_of(const char *path, bool itself)
{
	size_t n = itself ? strlen(path) : (size_t)(strrchr(path, '/') - path);
	struct folder *d = folders;

	while (d && (strlen(d->path) != n || strncmp(d->path, path, n)))
		d = d->older;
	if (d)
		return d;
	d = calloc(1, sizeof *d);
	if (!d || !(d->path = strndup(path, n)))
		die("memory");
	d->older = folders;
	d->synced = -1;
	return folders = d;
}

static struct name *find_name(struct name *list, const char *path)
{
	while (list && (list->gone || strcmp(list->path, path)))
		list = list->older;
	return list;
}

static void set_name(struct name **list, const char *path, struct file *file)
{
	struct name *n = find_name(*list, path);

	if (!n) {
		n = calloc(1, sizeof *n);
		if (!n)
			die("memory");
		n->older = *list;
		n->path = path;
		*list = n;
	}
	n->file = file;
}

static void drop_name(struct name *list, const char *path, const struct file *file)
{
	struct name *n = find_name(list, path);

	if (n && n->file == file)
		n->gone = true;
}

/* Change names as a call does; of a rename both at once. */
static void change_names(struct name **list, const struct call *c)
{
	switch (c->kind) {
	case 'D': set_name(list, c->path, NULL); break;
	case 'C': set_name(list, c->path, c->file); break;
	case 'R':
		drop_name(*list, c->path, c->file);
		set_name(list, c->to, c->file);
		break;
	case 'L': set_name(list, c->to, c->file); break;
	case 'U':
	case 'X': drop_name(*list, c->path, c->file); break;
	}
}

/* Find for each call up to `at` what it is about, and what was synced when. */
static void understand(long at)
{
	for (long i = 0; i < at; i++) {
		struct call *c = &calls[i];
		struct name *n;

		switch (c->kind) {
		case 'C': c->file = new_file(c->inode); break;
		case 'W':
		case 'T':
		case 'S': c->file = newest_file(c->inode); break;
		case 'R':
		case 'L':
		case 'U':
			n = find_name(truth, c->path);
			c->file = n ? n->file : NULL;
			break;
		}
		if (c->kind == 'S' && c->file)
			c->file->synced = i;
		if (c->kind == 'Y')
			folder_of(c->path, true)->synced = i;
		if (strchr("DCRLUX", c->kind)) {
			c->folder = folder_of(c->to ? c->to : c->path, false);
			change_names(&truth, c);
		}
	}
}

/* ---- what is kept ---- */

static void resize(struct file *f, size_t n)
{
	if (n > f->cap)
		f->bytes = grow(f->bytes, f->cap = n * 2);
	if (n > f->n)
		memset(f->bytes + f->n, 0, n - f->n);
	f->n = n;
}

static void write_bytes(struct file *f, long at, const char *bytes, long n)
{
	if ((size_t)(at + n) > f->n)
		resize(f, (size_t)(at + n));
	memcpy(f->bytes + at, bytes, (size_t)n);
}

/* A write of which any sector may be missing. */
static void tear(const struct call *c)
{
	for (long done = 0, n; done < c->n; done += n) {
		n = (long)(SECTOR - (unsigned long)(c->at + done) % SECTOR);
		if (n > c->n - done)
			n = c->n - done;
		if (draw() % 4)
			write_bytes(c->file, c->at + done, c->bytes + done, n);
	}
}

static void keep(long at, uint64_t seed)
{
	unsigned chance = seed < 2 ? (seed ? 8 : 0)
				   : (unsigned)(seed % 9); /* in eighths, that an unsynced call is kept */

	for (long i = 0; i < at; i++) {
		const struct call *c = &calls[i];
		bool sure = c->folder ? i < c->folder->synced : c->file && i < c->file->synced;
		bool kept = sure || draw() % 8 < chance;

		if (!kept)
			continue;
		if (c->folder)
			change_names(&names, c);
		else if (c->kind == 'T' && c->file)
			resize(c->file, (size_t)c->at);
		else if (c->kind == 'W' && c->file && (sure || chance == 8 || draw() % 2))
			write_bytes(c->file, c->at, c->bytes, c->n);
		else if (c->kind == 'W' && c->file)
			tear(c);
	}
}

/* ---- making it ---- */

static void out_path(char out[8192], const char *path, const char *root, const char *to)
{
	snprintf(out, 8192, "%s%s", to, path + strlen(root));
}

static void make_file(const char *path, const struct file *f)
{
	int fd = open(path, O_WRONLY | O_CREAT | O_TRUNC, 0666);

	if (fd < 0 && errno == ENOENT)
		return; /* its folder is not there */
	if (fd < 0 || (f->n && write(fd, f->bytes, f->n) != (ssize_t)f->n) || close(fd) < 0)
		die(path);
}

static void make(const char *root, const char *to)
{
	char path[8192];

	mkdir(to, 0777);
	for (const struct name *n = names; n; n = n->older)
		if (!n->gone && !n->file) {
			out_path(path, n->path, root, to);
			mkdir(path, 0777);
		}
	for (const struct name *n = names; n; n = n->older)
		if (!n->gone && n->file) {
			out_path(path, n->path, root, to);
			make_file(path, n->file);
		}
}

int main(int argc, char **argv)
{
	size_t n;
	char *text;
	long at;

	if (argc != 2 && argc != 6) {
		fprintf(stderr, "usage: replay LOG [AT SEED ROOT OUT]\n");
		return 2;
	}
	text = read_log(argv[1], &n);
	parse(text, n);
	if (argc == 2) {
		printf("%ld\n", ncalls);
		return 0;
	}
	at = strtol(argv[2], NULL, 10);
	state = strtoul(argv[3], NULL, 10) ^ (uint64_t)at << 32;
	if (at > ncalls)
		at = ncalls;
	understand(at);
	keep(at, strtoul(argv[3], NULL, 10));
	make(argv[4], argv[5]);
	return 0;
}
