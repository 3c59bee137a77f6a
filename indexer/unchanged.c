#include "unchanged.h"

#include "base/trace.h"
#include "readers/input.h"

#include <stdlib.h>

/* The state of a file whose bytes are all that tells. False if it cannot be read. */
static bool look_into(const char *path, struct file_state *state)
{
	struct input in;
	struct err err;
	bool got;

	if (input_open(&in, path, &err) < 0)
		return false;
	got = input_state(&in, state);
	input_close(&in);
	return got;
}

/* 1: unchanged; 0: to be read; negative: an error. */
static int is_unchanged(struct archive *archive, const struct walk_file *file, struct buf *scratch,
			struct err *err)
{
	int64_t place = file->size < 0 ? 0 : root_file_place(file->root, file->path, scratch);
	struct catalog_origin there;
	struct file_state now;
	int got = place ? catalog_find_origin(archive->catalog, place, &there, err) : 0;

	if (got <= 0 || !there.whole || there.state.size != file->size)
		return got < 0 ? got : 0;
	if (there.state.mtime == file->mtime)
		return 1;
	if (!look_into(file->path, &now) || now.size != there.state.size || now.hash != there.state.hash)
		return 0;
	if (now.mtime == there.state.mtime)
		return 1;
	got = catalog_set_origin(archive->catalog, there.id, &now, err);
	return got < 0 ? got : 1;
}

static int drop(struct archive *archive, struct walk *files, struct report *report,
		const volatile sig_atomic_t *stop, struct err *err)
{
	struct buf scratch = BUF_INIT;
	size_t kept = 0;
	int rc = 0;

	for (size_t i = 0; i < files->n; i++) {
		struct walk_file *file = &files->v[i];

		if (rc >= 0 && *stop)
			rc = err_stopped(err);
		if (rc >= 0)
			rc = is_unchanged(archive, file, &scratch, err);
		if (rc <= 0) {
			files->v[kept++] = *file;
			continue;
		}
		files->bytes -= (uint64_t)file->size;
		report->unchanged++;
		free(file->path);
	}
	files->n = kept;
	buf_release(&scratch);
	return rc < 0 ? rc : 0;
}

int unchanged_drop(struct archive *archive, const struct roots *roots, struct walk *files, bool again,
		   struct report *report, const volatile sig_atomic_t *stop, struct err *err)
{
	int rc;

	trace_phase(TRACE_RECOGNISE);
	if ((rc = catalog_begin(archive->catalog, err)) < 0)
		return rc;
	rc = roots_record(roots, archive, err);
	if (rc == 0 && !again)
		rc = drop(archive, files, report, stop, err);
	if (rc == 0)
		return catalog_commit(archive->catalog, err);
	catalog_rollback(archive->catalog, NULL);
	return rc;
}
