/* Docs that die in a writer's transaction: gathered in memory, and written with the commit,
 * so that a thousand articles cost one list and not a thousand. */
#include "archive/archive.h"
#include "archive/tail.h"
#include "base/mem.h"

#include <inttypes.h>
#include <stdlib.h>

/* The segments that were committed before the transaction. */
struct kills {
	struct catalog_segment *rows;
	struct segment *segments;
	size_t n, cap, segments_cap;
};

static void kills_free(struct kills *k)
{
	for (size_t i = 0; k && i < k->n; i++)
		segment_close(&k->segments[i]);
	if (k) {
		free(k->rows);
		free(k->segments);
	}
	free(k);
}

int archive_begin(struct archive *a, struct err *err)
{
	return catalog_begin(a->catalog, err);
}

int archive_rollback(struct archive *a, struct err *err)
{
	kills_free(a->kills);
	a->kills = NULL;
	a->tail_untidy = false;
	return a->catalog ? catalog_rollback(a->catalog, err) : 0;
}

/* ---- killing ---- */

static int open_kills(struct archive *a, struct err *err)
{
	struct kills *k = a->kills = mem_zalloc(1, sizeof *k);
	int64_t after = 0;
	int got;

	for (;;) {
		MEM_GROW(k->rows, k->cap, k->n + 1);
		MEM_GROW(k->segments, k->segments_cap, k->n + 1);
		if ((got = catalog_next_segment(a->catalog, &after, &k->rows[k->n], err)) <= 0 ||
		    (got = archive_open_segment(a, &k->rows[k->n], &k->segments[k->n], err)) < 0)
			return got;
		k->n++;
	}
}

int archive_kill(struct archive *a, int64_t number, struct err *err)
{
	int64_t date, words;
	int got = tail_remove(a->catalog, number, err);

	if (got > 0)
		a->tail_untidy = true;
	if (got != 0)
		return got;
	got = catalog_indexed(a->catalog, number, &date, &words, err);
	if (got <= 0 || (!a->kills && (got = open_kills(a, err)) < 0))
		return got;
	for (size_t i = 0; i < a->kills->n; i++) {
		struct segment *s = &a->kills->segments[i];
		uint32_t doc;
		bool found = segment_find(s, date, (uint32_t)number, &doc);

		if (segment_damaged(s))
			return err_set(err, ERR_CORRUPT, "%s: damaged: it does not match its checksums",
				       s->path);
		if (found && dead_docs_add(&s->dead, doc, (uint64_t)words))
			return 1;
	}
	return 0;
}

/* ---- committing ---- */

/* Does the row say something else than the set? */
static bool has_changed(const struct kills *k, size_t i)
{
	return k->segments[i].dead.n != k->rows[i].dead;
}

static bool is_gone(const struct kills *k, size_t i)
{
	return has_changed(k, i) && k->segments[i].dead.n == k->segments[i].ndocs;
}

static int store_kills(struct archive *a, struct err *err)
{
	struct kills *k = a->kills;
	struct buf list = BUF_INIT;
	int rc = 0;

	for (size_t i = 0; rc == 0 && i < k->n; i++) {
		const struct dead_docs *dead = &k->segments[i].dead;
		struct catalog_segment row = k->rows[i];

		if (is_gone(k, i)) {
			rc = catalog_remove_segment(a->catalog, row.id, err);
		} else if (has_changed(k, i)) {
			buf_reset(&list);
			dead_docs_put(&list, dead);
			row.dead = dead->n;
			row.dead_words = (int64_t)dead->words;
			rc = catalog_set_dead(a->catalog, &row, buf_bytes(&list), err);
		}
	}
	buf_release(&list);
	return rc;
}

int archive_commit(struct archive *a, struct err *err)
{
	int rc;

	if ((a->tail_untidy && (rc = tail_tidy(a->catalog, err)) < 0) ||
	    (a->kills && (rc = store_kills(a, err)) < 0) || (rc = catalog_commit(a->catalog, err)) < 0)
		return rc;
	for (size_t i = 0; a->kills && i < a->kills->n; i++)
		if (is_gone(a->kills, i))
			archive_drop_segment(a, a->kills->rows[i].id);
	kills_free(a->kills);
	a->kills = NULL;
	a->tail_untidy = false;
	return 0;
}
