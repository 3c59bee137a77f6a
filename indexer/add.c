#include "add.h"

#include "base/trace.h"
#include "ingest.h"
#include "upkeep/level.h"
#include "signals.h"
#include "unchanged.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>

/* A run of one of the commands. */
struct adding {
	const char *path; /* of the archive */
	const struct options *o;
	struct roots roots;
	struct walk files;
	struct report report;
};

static void adding_init(struct adding *a, const char *path, const struct options *o)
{
	*a = (struct adding){ .path = path, .o = o, .files.stop = &stop_requested };
	roots_init(&a->roots);
	report_start(&a->report, stderr, o->quiet);
}

static void adding_release(struct adding *a)
{
	walk_release(&a->files);
	roots_release(&a->roots);
	report_release(&a->report);
}

static void walk_failed(void *report, const char *path, const char *reason)
{
	report_rejected(report, path, -1, reason);
}

/* Open the file of --errors, which must be none of those to read: it is emptied. */
static int collect_errors(struct adding *a, struct err *err)
{
	const char *path = a->o->errors;
	struct stat st;

	if (!path)
		return 0;
	for (size_t i = 0; i < a->roots.n; i++)
		if (strcmp(path, "-") && stat(path, &st) == 0 && walk_same_file(a->roots.v[i].path, &st))
			return err_set(err, ERR_USAGE, "--errors %s: it is also to be read", path);
	if (report_collect(&a->report, path, err) < 0)
		return ERR_USAGE;
	if (fstat(fileno(a->report.errors), &st) == 0) {
		a->files.avoid_device = st.st_dev;
		a->files.avoid_inode = st.st_ino;
	}
	return 0;
}

static int finish_report(struct adding *a, struct archive *archive, struct err *err)
{
	uint64_t catalog, segments;
	int64_t articles;
	int rc;

	trace_phase(TRACE_CHECKPOINT);
	if ((rc = catalog_checkpoint(archive->catalog, err)) < 0 ||
	    (rc = catalog_count_articles(archive->catalog, &articles, err)) < 0 ||
	    (rc = archive_sizes(archive, &catalog, &segments, err)) < 0)
		return rc;
	trace_add((uint64_t)articles, catalog);
	report_end(&a->report, (uint64_t)articles, catalog, segments, archive->path);
	return 0;
}

/* Leave what is known out, record what will be known, and add the rest. */
static int add_files(struct adding *a, struct archive *archive, struct err *err)
{
	struct ingest_options options = { .stop = &stop_requested,
					  .batch_bytes = batch_bytes(),
					  .jobs = (unsigned)a->o->jobs,
					  .memory = a->o->memory };
	struct err ignored;
	int rc, ended;

	rc = unchanged_drop(archive, &a->roots, &a->files, a->o->again, &a->report, &stop_requested, err);
	a->report.total = a->files.bytes;
	if (rc == 0)
		rc = ingest(archive, &a->files, &options, &a->report, err);
	if (rc == 0)
		rc = level_settle(archive, report_taken(&a->report.count), options.jobs, &stop_requested,
				  &a->report, err);
	if (rc == 0 || rc == ERR_INTERRUPTED) {
		ended = finish_report(a, archive, rc ? &ignored : err);
		rc = rc ? rc : ended;
	}
	return rc;
}

static void close_archive(struct adding *a, struct archive *archive)
{
	archive_close(archive);
	if (a->report.unsure && !archive_has_log(a->path))
		a->report.unsure = 0;
}

/* A run that was to add articles has ended early: what stands, and what to do about an
 * error of this code. */
static void say_kept(const struct report *r, int code)
{
	bool again = code == ERR_INTERRUPTED || code == ERR_IO || code == ERR_LIMIT;
	uint64_t taken = report_taken(&r->count);
	char number[32];

	if (taken)
		fprintf(stderr, "%s article%s, in whole batches, %s added and kept%s",
			report_number(number, taken), taken == 1 ? "" : "s", taken == 1 ? "is" : "are",
			again ? "; " : ".\n");
	else if (again)
		fputs("Nothing was added; ", stderr);
	if (!again)
		return;
	if (r->unsure)
		fprintf(stderr, "of %s more it shows when the archive is next opened; ",
			report_number(number, r->unsure));
	fputs("run the same command again to go on.\n", stderr);
}

/* The run is over, with an error if rc is negative: the exit status. */
static int end_run(struct adding *a, int rc, const struct err *err)
{
	report_clear(&a->report);
	if (rc < 0) {
		args_fail(err);
		say_kept(&a->report, rc);
	}
	if (!report_close(&a->report, rc < 0 ? err : NULL) && rc >= 0)
		return 3;
	return rc < 0 ? args_status(err) : a->report.rejected ? 1 : 0;
}

/* ---- add ---- */

static int add_found(struct adding *a, const struct archive_settings *settings, struct err *err)
{
	struct archive archive;
	int rc;

	if (stop_requested)
		return err_stopped(err);
	if (!a->files.n) {
		args_complain("there are no files under the paths named, so nothing is added; name files or "
			      "directories that hold some");
		return 0;
	}
	if ((rc = archive_open_write(&archive, a->path, settings, err)) < 0)
		return rc;
	rc = add_files(a, &archive, err);
	close_archive(a, &archive);
	return rc;
}

static int add_paths(struct adding *a, const struct args *args, const struct archive_settings *settings)
{
	struct err err;
	int rc;

	for (int i = 0; i < args->n; i++)
		if (roots_add(&a->roots, args->v[i], a->o->format, a->o->map, &err) < 0)
			return args_usage_error(err.msg);
	if (collect_errors(a, &err) < 0)
		return args_fail(&err);
	for (size_t i = 0; i < a->roots.n; i++)
		walk_add(&a->files, &a->roots.v[i], walk_failed, &a->report);
	rc = add_found(a, settings, &err);
	return end_run(a, rc, &err);
}

int command_add(struct args args, const struct options *o)
{
	struct archive_settings settings = { .language = NULL };
	const char *path = args_archive(&args, o->archive);
	struct adding a;
	struct err err;
	int status;

	if (!path || !args.n)
		return usage_example("add: name an archive and what to add to it",
				     "add news.morgue articles/");
	if (parse_settings(o, &settings, &err) < 0)
		return args_usage_error(err.msg);
	catch_signals();
	adding_init(&a, path, o);
	status = add_paths(&a, &args, &settings);
	adding_release(&a);
	return status;
}

/* ---- update ---- */

static int forget(struct adding *a, struct archive *archive, const struct root *root, struct err *err)
{
	int rc = catalog_remove_root(archive->catalog, bytes_str(root->path), err);

	if (rc == 0)
		report_note(&a->report, root->path, -1,
			    "it is gone, and forgotten; articles that came from it stay");
	return rc;
}

/* Walk the roots; those that are gone are told, or forgotten if that is asked for. */
static int walk_roots(struct adding *a, struct archive *archive, struct err *err)
{
	struct stat st;
	int rc;

	if ((rc = catalog_begin(archive->catalog, err)) < 0)
		return rc;
	a->files.others = &a->roots;
	for (size_t i = 0; rc == 0 && i < a->roots.n && !stop_requested; i++) {
		const struct root *root = &a->roots.v[i];

		if (stat(root->path, &st) == 0 || (errno != ENOENT && errno != ENOTDIR))
			walk_add(&a->files, root, walk_failed, &a->report);
		else if (a->o->forget)
			rc = forget(a, archive, root, err);
		else
			report_rejected(&a->report, root->path, -1,
					"it is gone; articles that came from it stay, and 'update --forget' "
					"asks for it no more");
	}
	if (rc == 0 && stop_requested)
		rc = err_stopped(err);
	if (rc < 0)
		catalog_rollback(archive->catalog, NULL);
	return rc < 0 ? rc : catalog_commit(archive->catalog, err);
}

static int update_archive(struct adding *a, struct archive *archive, struct err *err)
{
	int rc = roots_load(&a->roots, archive, err);

	if (rc < 0 || (rc = collect_errors(a, err)) < 0 || (rc = walk_roots(a, archive, err)) < 0)
		return rc;
	if (!a->roots.n)
		args_complain("no path was ever added to it that could be looked at again; 'add' takes some");
	return add_files(a, archive, err);
}

int command_update(struct args args, const struct options *o)
{
	const char *path = args_archive(&args, o->archive);
	struct archive archive;
	struct adding a;
	struct err err;
	int rc;

	if (!path || args.n)
		return usage_example("update: name one archive", "update news.morgue");
	if (o->format || o->map)
		return args_usage_error("update: each path is read as it was when it was added; leave "
					"--format and --map out");
	catch_signals();
	adding_init(&a, path, o);
	if ((rc = archive_open_write(&archive, path, NULL, &err)) == 0) {
		rc = update_archive(&a, &archive, &err);
		close_archive(&a, &archive);
	}
	rc = end_run(&a, rc, &err);
	adding_release(&a);
	return rc;
}
