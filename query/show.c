#include "show.h"

#include "base/mem.h"
#include "output/diff_print.h"
#include "loaded.h"

#include <inttypes.h>
#include <stdlib.h>

/* The numbers of an article's texts, rising; the last one is the newest. */
struct revisions {
	int64_t *v;
	size_t n, cap;
};

static void add_revision(struct revisions *r, int64_t revision)
{
	MEM_GROW(r->v, r->cap, r->n + 1);
	r->v[r->n++] = revision;
}

static int list_revisions(struct archive *archive, int64_t number, struct revisions *r, struct err *err)
{
	struct catalog_article row;
	int64_t after = 0;
	int got;

	while ((got = catalog_next_revision(archive->catalog, number, &after, &row, err)) > 0)
		add_revision(r, row.revision);
	if (got == 0 && (got = catalog_article(archive->catalog, number, &row, err)) > 0)
		add_revision(r, row.revision);
	return got < 0 ? got : 0;
}

/* The text before this one, or 0. */
static int64_t revision_before(const struct revisions *r, int64_t revision)
{
	int64_t before = 0;

	for (size_t i = 0; i < r->n && r->v[i] < revision; i++)
		before = r->v[i];
	return before;
}

/* An article as people see it, without colours. */
static int render(struct archive *archive, int64_t number, int64_t revision, int64_t newest,
		  const struct show_options *o, struct buf *out, struct err *err)
{
	struct printer plain = { .color = false };
	struct loaded l = { .furniture = NULL };
	int rc = load_revision(archive, number, revision, &l, err);

	if (rc == 0)
		print_article(&plain, &l.row, newest, l.furniture, l.nfurniture, o->with_furniture);
	loaded_release(&l);
	buf_release(out);
	*out = plain.out;
	return rc;
}

static int show_difference(struct archive *archive, int64_t number, const struct revisions *r,
			   int64_t revision, const struct show_options *o, struct printer *printer,
			   struct err *err)
{
	struct buf old = BUF_INIT, new = BUF_INIT;
	int64_t before = revision_before(r, revision), newest = r->v[r->n - 1];
	int rc = render(archive, number, revision, newest, o, &new, err);

	if (rc == 0 && !before)
		rc = err_set(err, ERR_NOT_FOUND,
			     "%s: there is nothing before revision %" PRId64 " of article %" PRId64,
			     archive->path, revision, number);
	if (rc == 0)
		rc = render(archive, number, before, newest, o, &old, err);
	if (rc == 0)
		print_difference(printer, buf_bytes(&old), buf_bytes(&new));
	buf_release(&old);
	buf_release(&new);
	return rc;
}

static int show_text(struct archive *archive, int64_t number, const struct revisions *r, int64_t revision,
		     const struct show_options *o, struct printer *printer, struct err *err)
{
	struct loaded l = { .furniture = NULL };
	int rc = load_revision(archive, number, revision, &l, err);

	if (rc == 0 && o->json)
		json_article(&printer->out, &l.row, r->v, r->n, l.furniture, l.nfurniture);
	else if (rc == 0)
		print_article(printer, &l.row, r->v[r->n - 1], l.furniture, l.nfurniture, o->with_furniture);
	loaded_release(&l);
	return rc;
}

static int show_once(struct archive *archive, int64_t number, const struct show_options *o,
		     struct printer *printer, struct err *err)
{
	struct revisions r = { .v = NULL };
	int rc = list_revisions(archive, number, &r, err);

	if (rc == 0 && !r.n)
		rc = err_set(err, ERR_NOT_FOUND,
			     "%s: there is no article %" PRId64 "; hits have their number after #",
			     archive->path, number);
	if (rc == 0) {
		int64_t revision = o->revision ? (int64_t)o->revision : r.v[r.n - 1];

		rc = (o->diff ? show_difference : show_text)(archive, number, &r, revision, o, printer, err);
	}
	free(r.v);
	return rc;
}

int show_article(struct archive *archive, int64_t number, const struct show_options *o,
		 struct printer *printer, struct err *err)
{
	size_t printed = printer->out.n;
	struct err unsettled;
	int rc, settled;

	do {
		printer->out.n = printed;
		rc = show_once(archive, number, o, printer, err);
	} while ((settled = archive_settle(archive, &unsettled)) > 0);
	if (settled == 0)
		return rc;
	*err = unsettled;
	return settled;
}
