#include "upkeep/remove.h"

#include <inttypes.h>

static int remove_one(struct archive *a, int64_t number, struct err *err)
{
	int got = archive_kill(a, number, err);

	if (got < 0)
		return got;
	if (!got)
		return err_set(err, ERR_CORRUPT, "%s: no segment indexes article %" PRId64, a->path, number);
	return catalog_remove_article(a->catalog, number, err);
}

/* Of the numbers keep those that there are articles of; the others go into `unknown`. */
static int split(struct archive *a, struct number_list *l, struct number_list *unknown, struct err *err)
{
	int64_t date, words;
	size_t n = 0;
	int got = 0;

	for (size_t i = 0; got >= 0 && i < l->n; i++) {
		got = catalog_indexed(a->catalog, l->v[i], &date, &words, err);
		if (got > 0)
			l->v[n++] = l->v[i];
		else if (got == 0)
			number_list_add(unknown, l->v[i]);
	}
	l->n = n;
	return got < 0 ? got : 0;
}

int remove_articles(struct archive *a, struct number_list *l, struct number_list *unknown,
		    const volatile sig_atomic_t *stop, struct err *err)
{
	int rc = archive_begin(a, err);

	if (rc == 0)
		rc = split(a, l, unknown, err);
	for (size_t i = 0; rc >= 0 && i < l->n; i++)
		rc = *stop ? err_stopped(err) : remove_one(a, l->v[i], err);
	if (rc >= 0 && (rc = catalog_forget_identities(a->catalog, l, err)) == 0)
		rc = archive_commit(a, err);
	if (rc < 0)
		archive_rollback(a, NULL);
	return rc;
}
