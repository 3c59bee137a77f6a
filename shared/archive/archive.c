#include "archive/archive_inside.h"

#include "archive/args.h"
#include "archive/tail.h"
#include "archive/tail_segment.h"
#include "base/mem.h"
#include "base/nearest.h"
#include "text/fields.h"

#include <dirent.h>
#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#define READ_TRIES 100 /* a merge may retire segments between our look at the catalog and the open */

const char *archive_file(const struct archive *a, struct buf *out, const char *name)
{
	buf_reset(out);
	buf_addf(out, "%s/%s", a->path, name);
	return buf_cstr(out);
}

const char *archive_segment_file(const struct archive *a, struct buf *out, int64_t id, const char *suffix)
{
	buf_reset(out);
	buf_addf(out, "%s/%08" PRId64 ".seg%s", a->path, id, suffix);
	return buf_cstr(out);
}

void archive_init(struct archive *a, const char *path)
{
	size_t n = strlen(path);

	*a = (struct archive){ .lock = -1, .path = mem_strdup(path) };
	while (n > 1 && a->path[n - 1] == '/')
		a->path[--n] = '\0';
}

static void close_segments(struct archive *a)
{
	for (size_t i = 0; i < a->nsegments; i++)
		segment_close(&a->segments[i]);
	free(a->segments);
	a->segments = NULL;
	a->nsegments = 0;
}

void archive_close(struct archive *a)
{
	close_segments(a);
	archive_rollback(a, NULL);
	text_loader_release(&a->texts);
	catalog_close(a->catalog);
	a->catalog = NULL;
	if (a->lock >= 0)
		close(a->lock);
	a->lock = -1;
	buf_release(&a->language);
	free(a->path);
	a->path = NULL;
}

/* ---- reading ---- */

#define NEIGHBOURS 10000 /* entries looked at for an archive of a similar name */

/* The archives beside `path` whose names are near to its own, the nearest into `n`. */
static void find_neighbour(struct nearest *n, const char *folder, size_t folder_size)
{
	struct buf name = BUF_INIT;
	const struct dirent *e;
	struct stat st;
	DIR *dir;

	buf_addf(&name, "%.*s", (int)folder_size, folder);
	dir = opendir(folder_size ? buf_cstr(&name) : ".");
	for (int i = 0; dir && i < NEIGHBOURS && (e = readdir(dir)); i++) {
		struct nearest tried = *n;

		nearest_offer(&tried, e->d_name);
		if (e->d_name[0] == '.' || strcmp(tried.best, n->best) == 0)
			continue;
		buf_reset(&name);
		buf_addf(&name, "%.*s%s/catalog.db", (int)folder_size, folder, e->d_name);
		if (stat(buf_cstr(&name), &st) == 0)
			*n = tried;
	}
	if (dir)
		closedir(dir);
	buf_release(&name);
}

static int no_such_archive(const struct archive *a, struct err *err)
{
	const char *slash = strrchr(a->path, '/'), *last = slash ? slash + 1 : a->path;
	struct nearest n;

	nearest_start(&n, last);
	find_neighbour(&n, a->path, (size_t)(last - a->path));
	if (*n.best)
		return err_set(err, ERR_NOT_FOUND, "%s: no such archive; did you mean %.*s%s?", a->path,
			       (int)(last - a->path), a->path, n.best);
	return err_set(err, ERR_NOT_FOUND, "%s: no such archive; '%s add %s PATH...' makes one", a->path,
		       args_name(PROGRAM_INDEXER), a->path);
}

int archive_require_catalog(const struct archive *a, struct err *err)
{
	struct buf name = BUF_INIT;
	struct stat st;
	int rc = 0;

	if (stat(a->path, &st) < 0)
		rc = errno == ENOENT ? no_such_archive(a, err) : err_errno(err, "%s", a->path);
	else if (!S_ISDIR(st.st_mode))
		rc = err_set(err, ERR_NOT_FOUND,
			     "%s: not an archive, which is a directory; name the one that '%s add' made",
			     a->path, args_name(PROGRAM_INDEXER));
	else if (stat(archive_file(a, &name, "catalog.db"), &st) < 0)
		rc = errno == ENOENT ? err_set(err, ERR_NOT_FOUND,
					       "%s: not an archive: it has no catalog.db; name the directory "
					       "that '%s add' made",
					       a->path, args_name(PROGRAM_INDEXER))
				     : err_errno(err, "%s", buf_cstr(&name));
	buf_release(&name);
	return rc;
}

/* The docs of the segment that are dead by the catalog's row. */
static int load_dead(const struct archive *a, const struct catalog_segment *row, struct segment *s,
		     struct err *err)
{
	struct bytes list = BYTES_NONE;
	int got;

	if (!row->dead)
		return 0;
	if ((got = catalog_dead_list(a->catalog, row->id, &list, err)) < 0)
		return got;
	if (row->dead < 0 || row->dead > s->ndocs || row->dead_words < 0 ||
	    (uint64_t)row->dead_words > s->words ||
	    dead_docs_read(&s->dead, s->ndocs, (uint32_t)row->dead, list) < 0)
		return err_set(err, ERR_CORRUPT,
			       "%s: catalog.db: the list of dead docs of %08" PRId64 ".seg is damaged",
			       a->path, row->id);
	s->dead.words = (uint64_t)row->dead_words;
	return 0;
}

int archive_open_named(const struct archive *a, const struct catalog_segment *row, struct segment *s,
		       struct err *err)
{
	struct buf name = BUF_INIT;
	int rc;

	errno = 0;
	rc = segment_open(s, archive_segment_file(a, &name, row->id, ""), err);
	if (rc == ERR_IO && errno == ENOENT) {
		err_set(err, ERR_CORRUPT, "%s: a segment that the catalog names is not there",
			buf_cstr(&name));
		rc = 0;
	} else if (rc == 0 && (s->headline_weight != a->headline_weight || s->ndocs != row->docs)) {
		segment_close(s);
		rc = err_set(err, ERR_CORRUPT, "%s: not the segment that the catalog names", buf_cstr(&name));
	} else if (rc == 0 && (rc = load_dead(a, row, s, err)) < 0) {
		segment_close(s);
	} else if (rc == 0) {
		rc = 1;
	}
	buf_release(&name);
	return rc;
}

/* Open the tail as the last segment, if it holds anything. */
static int open_tail(struct archive *a, size_t *cap, struct err *err)
{
	struct buf name = BUF_INIT;
	int got;

	MEM_GROW(a->segments, *cap, a->nsegments + 1);
	got = tail_segment_open(&a->segments[a->nsegments], a->catalog, a->headline_weight,
				archive_file(a, &name, TAIL_NAME), err);
	buf_release(&name);
	if (got > 0) {
		a->ndocs += a->segments[a->nsegments].ndocs;
		a->words += a->segments[a->nsegments].words;
		a->nsegments++;
	}
	return got;
}

/* Open the segments that the catalog names now: 1 all open, 0 one is gone, negative an error. */
static int open_segments(struct archive *a, struct err *err)
{
	struct catalog_segment row;
	const struct segment *s;
	int64_t after = 0;
	size_t cap = 0;
	int got;

	a->ndocs = a->words = 0;
	while ((got = catalog_next_segment(a->catalog, &after, &row, err)) > 0) {
		MEM_GROW(a->segments, cap, a->nsegments + 1);
		if ((got = archive_open_named(a, &row, &a->segments[a->nsegments], err)) <= 0)
			return got;
		s = &a->segments[a->nsegments++];
		a->ndocs += s->ndocs - s->dead.n;
		a->words += s->words - s->dead.words;
	}
	if (got == 0)
		got = open_tail(a, &cap, err);
	return got < 0 ? got : 1;
}

static int open_catalog(struct archive *a, const char *path, bool unlocked, struct err *err)
{
	struct buf name = BUF_INIT;
	int rc;

	archive_init(a, path);
	if ((rc = archive_require_catalog(a, err)) == 0)
		rc = (unlocked ? catalog_open_unlocked
			       : catalog_open_read)(&a->catalog, archive_file(a, &name, "catalog.db"), err);
	if (rc == 0)
		rc = catalog_begin_read(a->catalog, err);
	if (rc == 0)
		text_loader_init(&a->texts, a->path, a->catalog);
	buf_release(&name);
	return rc;
}

int archive_open_texts(struct archive *a, const char *path, struct err *err)
{
	int rc = open_catalog(a, path, true, err);

	a->texts_only = true;
	if (rc < 0)
		archive_close(a);
	return rc;
}

static int reopen_catalog(struct archive *a, struct err *err)
{
	struct buf name = BUF_INIT;
	int rc;

	text_loader_release(&a->texts);
	catalog_close(a->catalog);
	rc = catalog_open_read(&a->catalog, archive_file(a, &name, "catalog.db"), err);
	if (rc == 0)
		text_loader_init(&a->texts, a->path, a->catalog);
	buf_release(&name);
	return rc;
}

/* Another read transaction, which sees what has been committed meanwhile. */
static int begin_anew(struct archive *a, struct err *err)
{
	int rc = catalog_is_stale(a->catalog) ? reopen_catalog(a, err) : catalog_end_read(a->catalog, err);

	return rc < 0 ? rc : catalog_begin_read(a->catalog, err);
}

/* Settings and segments as the catalog has them. In a read transaction, perhaps another one. */
static int read_state(struct archive *a, struct err *err)
{
	int rc = 0;

	for (int tries = 1; rc == 0; tries++) {
		if ((rc = catalog_data_version(a->catalog, &a->version, err)) < 0 ||
		    (rc = archive_load_settings(a, err)) < 0 || (rc = open_segments(a, err)) < 0)
			break;
		if (rc > 0)
			return 0;
		close_segments(a);
		if (tries == READ_TRIES)
			rc = ERR_CORRUPT; /* err names the missing file */
		else if ((rc = begin_anew(a, err)) < 0)
			break;
	}
	return rc;
}

int archive_open_read(struct archive *a, const char *path, struct err *err)
{
	int rc = open_catalog(a, path, false, err);

	if (rc == 0)
		rc = read_state(a, err);
	if (rc < 0)
		archive_close(a);
	return rc;
}

int archive_open_unlocked(struct archive *a, const char *path, struct err *err)
{
	int rc = open_catalog(a, path, true, err);

	if (rc == 0 && (rc = read_state(a, err)) < 0 && catalog_is_stale(a->catalog)) {
		archive_close(a);
		return archive_open_read(a, path, err);
	}
	if (rc < 0)
		archive_close(a);
	return rc;
}

int archive_settle(struct archive *a, struct err *err)
{
	int rc;

	if (!catalog_is_stale(a->catalog))
		return 0;
	return (rc = archive_resume(a, err)) < 0 ? rc : 1;
}

int archive_pause(struct archive *a, struct err *err)
{
	return catalog_end_read(a->catalog, err);
}

int archive_resume(struct archive *a, struct err *err)
{
	bool stale = catalog_is_stale(a->catalog);
	int64_t version = 0;
	int rc;

	if ((stale && (rc = reopen_catalog(a, err)) < 0) || (rc = catalog_begin_read(a->catalog, err)) < 0 ||
	    (rc = catalog_data_version(a->catalog, &version, err)) < 0)
		return rc;
	if (a->texts_only || (!stale && version == a->version))
		return 0;
	close_segments(a);
	return read_state(a, err);
}

int archive_article(struct archive *a, int64_t number, struct catalog_article *row, struct err *err)
{
	int got = catalog_article(a->catalog, number, row, err), rc;

	if (got > 0 && (rc = text_loader_load(&a->texts, row, err)) < 0)
		return rc;
	return got;
}

void archive_fields(const struct catalog_article *row, struct buf *out)
{
	field_terms(&(struct field_values){ .author = row->text.author,
					    .section = row->text.section,
					    .lang = row->text.lang,
					    .url = row->text.url,
					    .tags = row->text.tags,
					    .id = row->text.key },
		    out);
}

int archive_revision(struct archive *a, int64_t number, int64_t revision, struct catalog_article *row,
		     struct err *err)
{
	int64_t after = revision - 1;
	int got = catalog_article(a->catalog, number, row, err), rc;

	if (got <= 0 || revision < 1)
		return got < 0 ? got : 0;
	if (row->revision != revision &&
	    ((got = catalog_next_revision(a->catalog, number, &after, row, err)) <= 0 ||
	     row->revision != revision))
		return got < 0 ? got : 0;
	if ((rc = text_loader_load(&a->texts, row, err)) < 0)
		return rc;
	return 1;
}
