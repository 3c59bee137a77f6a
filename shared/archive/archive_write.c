#include "archive/archive_inside.h"

#include "archive/lock.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

/* ---- opening ---- */

static int take_lock(struct archive *a, bool *made, struct err *err)
{
	struct buf name = BUF_INIT;
	int rc = lock_take(a->path, archive_file(a, &name, "lock"), &a->lock, made, err);

	buf_release(&name);
	return rc;
}

int archive_sync_directory(const char *path, struct err *err)
{
	int fd = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	int rc = 0;

	if (fd < 0)
		return err_errno(err, "%s", path);
	if (fsync(fd) < 0)
		rc = err_errno(err, "%s: cannot sync", path);
	close(fd);
	return rc;
}

int archive_sync_parent(const char *path, struct err *err)
{
	struct buf name = BUF_INIT;
	int rc = 0;

	buf_addf(&name, "%s/..", path);
	if (access(buf_cstr(&name), R_OK) == 0)
		rc = archive_sync_directory(buf_cstr(&name), err);
	buf_release(&name);
	return rc;
}

/* Make the directory, or make sure that what is there is an archive or empty. */
static int make_directory(const struct archive *a, struct err *err)
{
	struct err ignored;
	DIR *dir;
	const struct dirent *e;
	int rc = 0;

	if (mkdir(a->path, 0777) == 0)
		return archive_sync_parent(a->path, err);
	if (errno != EEXIST)
		return errno == ENOENT ? err_set(err, ERR_IO,
						 "%s: cannot make the archive: there is no directory to hold "
						 "it; make that first",
						 a->path)
				       : err_errno(err, "%s: cannot make the archive", a->path);
	if (archive_require_catalog(a, &ignored) == 0)
		return 0;
	dir = opendir(a->path);
	if (!dir)
		return err_set(err, ERR_NOT_FOUND,
			       "%s: not an archive, which is a directory; name another one, or a new one",
			       a->path);
	while ((e = readdir(dir)))
		if (strcmp(e->d_name, ".") && strcmp(e->d_name, "..") && strcmp(e->d_name, "lock"))
			rc = err_set(err, ERR_NOT_FOUND,
				     "%s: no archive, but a directory with other files; name a new one",
				     a->path);
	closedir(dir);
	return rc;
}

/* Is this the name of a segment file, digits and then `suffix`? */
static bool is_segment_name(const char *name, const char *suffix)
{
	size_t digits = strspn(name, "0123456789");

	return digits >= 8 && digits <= 18 && strcmp(name + digits, suffix) == 0;
}

/* Does the catalog name NNNNNNNN.seg? Negative on an error. */
static int is_named(struct archive *a, const char *file, struct err *err)
{
	struct catalog_segment row;
	int64_t id = strtoll(file, NULL, 10), after = id - 1;
	int got = catalog_next_segment(a->catalog, &after, &row, err);

	return got <= 0 ? got : row.id == id;
}

/* Remove what a writer that was killed left behind, and nothing else. */
static int sweep(struct archive *a, struct err *err)
{
	struct buf name = BUF_INIT;
	const struct dirent *e;
	DIR *dir = opendir(a->path);
	int rc = 0;

	if (!dir)
		return err_errno(err, "%s", a->path);
	while (rc >= 0 && (e = readdir(dir))) {
		bool orphan = is_segment_name(e->d_name, ".seg.tmp");

		if (is_segment_name(e->d_name, ".seg")) {
			rc = is_named(a, e->d_name, err);
			orphan = rc == 0;
		}
		if (rc >= 0 && orphan && unlink(archive_file(a, &name, e->d_name)) < 0)
			rc = err_errno(err, "%s: cannot remove", buf_cstr(&name));
	}
	closedir(dir);
	buf_release(&name);
	return rc < 0 ? rc : 0;
}

/* Lock, then open the catalog. What turns out to be no archive keeps no lock of ours; it
 * can be removed there because nobody, whoever has opened it meanwhile, gets to write. */
static int open_locked_catalog(struct archive *a, enum text_store store, struct err *err)
{
	struct buf name = BUF_INIT;
	bool made;
	int rc = take_lock(a, &made, err);

	if (rc == 0)
		rc = catalog_open_write(&a->catalog, archive_file(a, &name, "catalog.db"), store, a->upgrade,
					err);
	if (rc == ERR_CORRUPT && made)
		unlink(archive_file(a, &name, "lock"));
	buf_release(&name);
	return rc;
}

/* Behind the directory, lock and open. */
static int open_write(struct archive *a, const struct archive_settings *wanted, struct err *err)
{
	int rc;

	if ((rc = open_locked_catalog(a, wanted->store, err)) < 0 ||
	    (rc = archive_settle_settings(a, wanted, err)) < 0 || (rc = sweep(a, err)) < 0)
		return rc;
	text_loader_init(&a->texts, a->path, a->catalog);
	return 0;
}

static const struct archive_settings no_settings;

int archive_open_write(struct archive *a, const char *path, const struct archive_settings *wanted,
		       struct err *err)
{
	int rc;

	archive_init(a, path);
	rc = wanted ? make_directory(a, err) : archive_require_catalog(a, err);
	if (rc < 0 || (rc = open_write(a, wanted ? wanted : &no_settings, err)) < 0)
		archive_close(a);
	return rc;
}

int archive_open_upgrade(struct archive *a, const char *path, const struct catalog_conversion *conversion,
			 struct err *err)
{
	int rc;

	archive_init(a, path);
	a->upgrade = conversion;
	if ((rc = archive_require_catalog(a, err)) < 0 || (rc = open_write(a, &no_settings, err)) < 0)
		archive_close(a);
	return rc;
}

/* ---- segments ---- */

int archive_write_segment(struct archive *a, const struct segment_parts *parts, struct catalog_segment *s,
			  struct err *err)
{
	struct buf temporary = BUF_INIT, final = BUF_INIT;
	uint64_t bytes;
	int rc;

	if ((rc = catalog_last_segment(a->catalog, &s->id, err)) < 0)
		return rc;
	s->id++;
	archive_segment_file(a, &final, s->id, "");
	rc = segment_write(parts, archive_segment_file(a, &temporary, s->id, ".tmp"), &bytes, err);
	if (rc == 0 && rename(buf_cstr(&temporary), buf_cstr(&final)) < 0) {
		rc = err_errno(err, "%s: cannot rename", buf_cstr(&temporary));
		unlink(buf_cstr(&temporary));
	}
	if (rc == 0 && (rc = archive_sync_directory(a->path, err)) < 0)
		unlink(buf_cstr(&final));
	s->docs = parts->docs.n;
	s->words = (int64_t)parts->docs.words;
	s->bytes = (int64_t)bytes;
	s->dead = s->dead_words = 0;
	buf_release(&temporary);
	buf_release(&final);
	return rc;
}

int archive_open_segment(const struct archive *a, const struct catalog_segment *row, struct segment *s,
			 struct err *err)
{
	int got = archive_open_named(a, row, s, err);

	return got > 0 ? 0 : got < 0 ? got : ERR_CORRUPT;
}

int archive_spill(const struct archive *a, struct segment_parts *parts, struct err *err)
{
	struct buf name = BUF_INIT;
	int rc;

	if (!segment_parts_full(parts))
		return 0;
	rc = segment_parts_spill(parts, archive_segment_file(a, &name, 0, ".tmp"), err);
	buf_release(&name);
	return rc;
}

/* The rows of the segments, in the transaction that is open. */
static int replace_rows(struct archive *a, const struct catalog_segment *old, size_t n,
			const struct catalog_segment *by, struct err *err)
{
	int rc = catalog_add_segment(a->catalog, by, err);

	for (size_t i = 0; rc == 0 && i < n; i++)
		rc = catalog_remove_segment(a->catalog, old[i].id, err);
	if (rc < 0)
		archive_drop_segment(a, by->id);
	return rc;
}

int archive_replace_segments(struct archive *a, const struct catalog_segment *old, size_t n,
			     const struct segment_parts *parts, struct catalog_segment *by, struct err *err)
{
	int rc;

	if ((rc = catalog_begin(a->catalog, err)) < 0)
		return rc;
	if ((rc = catalog_next_seq(a->catalog, &by->seq, err)) < 0)
		goto fail;
	/* As when articles are added, the file stays when the commit fails. */
	if ((rc = archive_write_segment(a, parts, by, err)) < 0 ||
	    (rc = replace_rows(a, old, n, by, err)) < 0 || (rc = catalog_commit(a->catalog, err)) < 0)
		goto fail;
	for (size_t i = 0; i < n; i++)
		archive_drop_segment(a, old[i].id);
	return catalog_fold(a->catalog, err);
fail:
	catalog_rollback(a->catalog, NULL);
	return rc;
}

void archive_drop_segment(struct archive *a, int64_t id)
{
	struct buf name = BUF_INIT;

	unlink(archive_segment_file(a, &name, id, ""));
	buf_release(&name);
}

/* ---- on disk ---- */

bool archive_has_log(const char *path)
{
	struct buf name = BUF_INIT;
	bool log;

	buf_addf(&name, "%s/catalog.db", path);
	log = catalog_has_log(buf_cstr(&name));
	buf_release(&name);
	return log;
}

int archive_sizes(const struct archive *a, uint64_t *catalog, uint64_t *segments, struct err *err)
{
	struct buf name = BUF_INIT;
	const struct dirent *e;
	DIR *dir = opendir(a->path);

	*catalog = *segments = 0;
	if (!dir)
		return err_errno(err, "%s", a->path);
	while ((e = readdir(dir))) {
		struct stat st;

		if (stat(archive_file(a, &name, e->d_name), &st) < 0 || !S_ISREG(st.st_mode))
			continue;
		if (is_segment_name(e->d_name, ".seg"))
			*segments += (uint64_t)st.st_size;
		else if (strcmp(e->d_name, "catalog.db") == 0 || strcmp(e->d_name, "catalog.db-wal") == 0)
			*catalog += (uint64_t)st.st_size;
	}
	closedir(dir);
	buf_release(&name);
	return 0;
}
