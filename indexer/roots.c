#include "roots.h"

#include "base/hash.h"
#include "base/mem.h"

#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

void roots_init(struct roots *r)
{
	*r = (struct roots){ .n = 0 };
	intern_init(&r->places);
}

static void root_release(struct root *root)
{
	free(root->path);
	free(root->name);
	free(root->place);
	free(root->format_name);
	free(root->map);
	field_map_release(&root->fields);
}

void roots_release(struct roots *r)
{
	for (size_t i = 0; i < r->n; i++)
		root_release(&r->v[i]);
	free(r->v);
	intern_release(&r->places);
	r->v = NULL;
	r->n = r->cap = 0;
}

/* The working directory; false if it has no name any more. */
static bool add_here(struct buf *out)
{
	char *here = getcwd(NULL, 0);

	if (here && here[1])
		buf_add_str(out, here);
	free(here);
	return here != NULL;
}

/* Append what a path, which may be relative, is from the root of the file system on: without ".", with
 * one slash where there are more, and without a ".." that it begins with, for the working directory
 * is no link. A ".." further on stays: what is before it may be one. */
static void add_absolute(struct buf *out, const char *path)
{
	bool leading = *path != '/';

	if (leading && !add_here(out))
		return;
	while (*path) {
		size_t n = strcspn(path, "/");

		if (leading && n == 2 && memcmp(path, "..", 2) == 0) {
			while (out->n && out->p[--out->n] != '/')
				continue;
		} else if (n && !(n == 1 && *path == '.')) {
			buf_add_byte(out, '/');
			buf_add(out, path, n);
			leading = false;
		}
		path += n + (path[n] == '/');
	}
	if (!out->n)
		buf_add_byte(out, '/');
}

/* Bytes of a path without slashes at its end. */
static size_t stem_size(const char *path)
{
	size_t n = strlen(path);

	while (n > 1 && path[n - 1] == '/')
		n--;
	return n;
}

static char *copy(struct bytes s)
{
	char *p = mem_alloc(s.n + 1);

	if (s.n)
		memcpy(p, s.p, s.n);
	p[s.n] = '\0';
	return p;
}

/* How its files are read. ERR_USAGE for what this program does not know. */
static int parse_root(struct root *root, struct err *err)
{
	int rc = *root->format_name ? format_parse(root->format_name, &root->format, err) : 0;

	return rc == 0 && *root->map ? field_map_parse(&root->fields, root->map, err) : rc;
}

static struct root *new_root(struct roots *r)
{
	MEM_GROW(r->v, r->cap, r->n + 1);
	r->v[r->n] = (struct root){ .path = NULL };
	return &r->v[r->n++];
}

int roots_add(struct roots *r, const char *path, const char *format, const char *map, struct err *err)
{
	struct root *root = new_root(r);
	struct buf place = BUF_INIT;

	add_absolute(&place, path);
	root->path = mem_strdup(path);
	root->name = copy(bytes_of(path, stem_size(path)));
	root->place = copy(buf_bytes(&place));
	root->format_name = mem_strdup(format ? format : "");
	root->map = mem_strdup(map ? map : "");
	intern_add(&r->places, buf_bytes(&place));
	buf_release(&place);
	return parse_root(root, err);
}

int roots_load(struct roots *r, struct archive *archive, struct err *err)
{
	struct catalog_root row = { .path = BYTES_NONE };
	struct buf after = BUF_INIT;
	int got;

	while ((got = catalog_next_root(archive->catalog, buf_bytes(&after), &row, err)) > 0) {
		struct root *root = new_root(r);

		buf_set(&after, row.path);
		root->path = copy(row.path);
		root->name = copy(row.name);
		root->place = copy(row.path);
		root->format_name = copy(row.format);
		root->map = copy(row.map);
		intern_add(&r->places, row.path);
		if ((got = parse_root(root, err)) < 0)
			break;
	}
	buf_release(&after);
	return got;
}

static bool can_be_looked_at_again(const struct root *root)
{
	struct stat st;

	return *root->place && strcmp(root->path, "-") && stat(root->path, &st) == 0 &&
	       (S_ISREG(st.st_mode) || S_ISDIR(st.st_mode));
}

int roots_record(const struct roots *r, struct archive *archive, struct err *err)
{
	int rc = 0;

	for (size_t i = 0; rc == 0 && i < r->n; i++) {
		struct catalog_root row = {
			.path = bytes_str(r->v[i].place),
			.name = bytes_str(r->v[i].name),
			.format = bytes_str(r->v[i].format_name),
			.map = bytes_str(r->v[i].map),
		};

		if (can_be_looked_at_again(&r->v[i]))
			rc = catalog_set_root(archive->catalog, &row, err);
	}
	return rc;
}

bool roots_find(const struct roots *r, const char *place)
{
	return intern_find(&r->places, bytes_str(place)) != INTERN_NONE;
}

/* The part of a file's path below its root, with the slash. */
static const char *below(const struct root *root, const char *path)
{
	return path + stem_size(root->path);
}

const char *root_file_name(const struct root *root, const char *path, struct buf *out)
{
	buf_reset(out);
	buf_add_str(out, root->name);
	buf_add_str(out, below(root, path));
	return buf_cstr(out);
}

int64_t root_file_place(const struct root *root, const char *path, struct buf *out)
{
	uint64_t hash;

	if (!*root->place || strcmp(path, "-") == 0)
		return 0;
	buf_reset(out);
	buf_add_str(out, root->place);
	buf_add_str(out, below(root, path));
	hash = hash_bytes(buf_bytes(out));
	hash = hash_add(hash, bytes_str(root->format_name));
	return (int64_t)hash_add(hash, bytes_str(root->map));
}
