#include "upkeep/snapshot.h"

#include "archive/catalog_care.h"
#include "base/mem.h"
#include "base/trace.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#define PIECE ((size_t)1 << 20) /* bytes written between two looks for a stop */

struct snapshot {
	struct archive *archive;
	const volatile sig_atomic_t *stop;
	struct report *report;
	struct snapshot_result *result;
	struct buf to, temporary, name;
	double began;
};

static const char *path_in(struct snapshot *s, const char *file)
{
	buf_reset(&s->name);
	buf_addf(&s->name, "%s/%s", buf_cstr(&s->temporary), file);
	return buf_cstr(&s->name);
}

static bool progress(void *context, uint64_t done, uint64_t all)
{
	struct snapshot *s = context;

	report_bytes(s->report, "copying the catalog", s->began, done, all);
	return !*s->stop;
}

static int copy_catalog(struct snapshot *s, struct err *err)
{
	const char *to = path_in(s, "catalog.db");
	struct stat st;
	int rc = catalog_copy(s->archive->catalog, to, progress, s, err);

	if (rc < 0)
		return rc;
	if (stat(to, &st) < 0)
		return err_errno(err, "%s", to);
	s->result->bytes += (uint64_t)st.st_size;
	return 0;
}

/* ---- segments ---- */

static int write_piece(int fd, const char *path, const uint8_t *p, size_t n, struct err *err)
{
	while (n) {
		ssize_t done = write(fd, p, n);

		if (done < 0 && errno == EINTR)
			continue;
		if (done < 0)
			return err_errno(err, "%s: cannot write", path);
		p += done;
		n -= (size_t)done;
	}
	return 0;
}

/* The bytes that are mapped, wherever their file is by now. */
static int copy_segment(struct snapshot *s, const struct segment *seg, const char *to, struct err *err)
{
	int fd = open(to, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0666), rc = 0;

	if (fd < 0)
		return err_errno(err, "%s", to);
	for (size_t at = 0, n; rc == 0 && at < seg->size; at += n) {
		n = seg->size - at < PIECE ? seg->size - at : PIECE;
		rc = *s->stop ? err_stopped(err) : write_piece(fd, to, seg->map + at, n, err);
	}
	if (rc == 0 && fsync(fd) < 0)
		rc = err_errno(err, "%s: cannot sync", to);
	if (close(fd) < 0 && rc == 0)
		rc = err_errno(err, "%s: cannot close", to);
	return rc;
}

static int take_segment(struct snapshot *s, const struct segment *seg, struct err *err)
{
	const char *to = path_in(s, strrchr(seg->path, '/') + 1);

	s->result->bytes += seg->size;
	if (link(seg->path, to) < 0)
		return copy_segment(s, seg, to, err);
	s->result->linked++;
	return 0;
}

static int take_segments(struct snapshot *s, struct err *err)
{
	int rc = 0;

	for (size_t i = 0; rc == 0 && i < s->archive->nsegments && !s->archive->segments[i].maker; i++) {
		rc = *s->stop ? err_stopped(err) : take_segment(s, &s->archive->segments[i], err);
		s->result->segments++;
	}
	return rc;
}

/* ---- the name ---- */

static int is_there(const char *to, struct err *err)
{
	return err_set(err, ERR_USAGE, "snapshot: %s is there already; name a new one", to);
}

/* Give the finished copy its name, if nobody else has taken it. */
static int publish(const char *temporary, const char *to, struct err *err)
{
	struct stat st;

	if (renameat2(AT_FDCWD, temporary, AT_FDCWD, to, RENAME_NOREPLACE) == 0)
		return 0;
	if (errno == EEXIST || lstat(to, &st) == 0)
		return is_there(to, err);
	if (rename(temporary, to) < 0) /* a file system that cannot promise it */
		return err_errno(err, "%s: cannot rename to %s", temporary, to);
	return 0;
}

static void remove_temporary(struct snapshot *s)
{
	const struct dirent *e;
	DIR *dir = opendir(buf_cstr(&s->temporary));

	while (dir && (e = readdir(dir)))
		if (strcmp(e->d_name, ".") && strcmp(e->d_name, ".."))
			unlink(path_in(s, e->d_name));
	if (dir)
		closedir(dir);
	rmdir(buf_cstr(&s->temporary));
}

static int fill(struct snapshot *s, struct err *err)
{
	int rc;

	if ((rc = take_segments(s, err)) < 0 || (rc = copy_catalog(s, err)) < 0)
		return rc;
	if (catalog_is_stale(s->archive->catalog))
		return err_set(err, ERR_LOCKED,
			       "%s: it was written while it was copied; run the same command again",
			       s->archive->path);
	return archive_sync_directory(buf_cstr(&s->temporary), err);
}

static int make(struct snapshot *s, struct err *err)
{
	const char *temporary = buf_cstr(&s->temporary), *to = buf_cstr(&s->to);
	int rc;

	if (mkdir(temporary, 0777) < 0)
		return err_errno(err, "%s: cannot make the snapshot", temporary);
	if ((rc = fill(s, err)) < 0 || (rc = publish(temporary, to, err)) < 0) {
		remove_temporary(s);
		return rc;
	}
	return archive_sync_parent(to, err);
}

int snapshot_archive(struct archive *a, const char *to, const volatile sig_atomic_t *stop,
		     struct report *report, struct snapshot_result *result, struct err *err)
{
	struct snapshot s = {
		.archive = a, .stop = stop, .report = report, .result = result, .began = trace_clock()
	};
	size_t n = strlen(to);
	struct stat st;
	int rc;

	*result = (struct snapshot_result){ .linked = 0 };
	while (n > 1 && to[n - 1] == '/')
		n--;
	buf_addf(&s.to, "%.*s", (int)n, to);
	buf_addf(&s.temporary, "%.*s.tmp-%ld", (int)n, to, (long)getpid());
	rc = lstat(buf_cstr(&s.to), &st) == 0 ? is_there(to, err) : make(&s, err);
	buf_release(&s.to);
	buf_release(&s.temporary);
	buf_release(&s.name);
	return rc;
}
