#include "loaded.h"

#include "base/trace.h"

#include <inttypes.h>
#include <stdlib.h>

void loaded_release(struct loaded *l)
{
	free(l->furniture);
	*l = (struct loaded){ .furniture = NULL };
}

static int load_furniture(struct archive *archive, struct loaded *l, struct err *err)
{
	if (furniture_get(l->row.furniture, (int64_t)l->row.text.body.n, &l->furniture, &l->nfurniture,
			  &l->furniture_cap) == 0)
		return 0;
	return err_set(err, ERR_CORRUPT, "%s: catalog.db: the furniture of article %" PRId64 " is damaged",
		       archive->path, l->row.number);
}

int load_article(struct archive *archive, int64_t number, struct loaded *l, struct err *err)
{
	int got;

	trace_phase(TRACE_LOAD);
	got = archive_article(archive, number, &l->row, err);
	if (got == 0)
		return err_set(err, ERR_NOT_FOUND,
			       "%s: there is no article %" PRId64 "; hits have their number after #",
			       archive->path, number);
	return got < 0 ? got : load_furniture(archive, l, err);
}

int load_revision(struct archive *archive, int64_t number, int64_t revision, struct loaded *l,
		  struct err *err)
{
	int got;

	trace_phase(TRACE_LOAD);
	got = archive_revision(archive, number, revision, &l->row, err);
	if (got == 0)
		return err_set(err, ERR_NOT_FOUND, "%s: there is no revision %" PRId64 " of article %" PRId64,
			       archive->path, revision, number);
	return got < 0 ? got : load_furniture(archive, l, err);
}
