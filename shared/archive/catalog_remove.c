#include "archive/catalog.h"
#include "archive/statements.h"
#include "base/mem.h"

#include <stdlib.h>

static const char of_source_sql[] =
	"SELECT number FROM article WHERE source = (SELECT id FROM source WHERE name = ?1)";
static const char of_path_sql[] = "SELECT number FROM article WHERE origin IN (SELECT id FROM origin WHERE "
				  "path = ?1 OR substr(path, 1, length(?2)) = ?2)";
static const char forget_files_sql[] =
	"UPDATE origin SET size = NULL, mtime = NULL, hash = NULL WHERE id IN (SELECT origin FROM article "
	"WHERE number = ?1 UNION SELECT origin FROM revision WHERE article = ?1)";
static const char remove_revisions_sql[] = "DELETE FROM revision WHERE article = ?1";
static const char remove_article_sql[] = "DELETE FROM article WHERE number = ?1";
static const char next_old_text_sql[] =
	"SELECT article, revision, size, text FROM revision WHERE (article, revision) > (?1, ?2) "
	"ORDER BY article, revision LIMIT 1";
static const char set_old_frame_sql[] = "UPDATE revision SET text = ?3 WHERE article = ?1 AND revision = ?2";
static const char keep_dictionary_sql[] = "DELETE FROM dictionary WHERE id <> ?1";
static const char count_dictionaries_sql[] = "SELECT count(*) FROM dictionary";
static const char add_gone_sql[] = "INSERT INTO gone(number) VALUES (?1)";

/* ---- lists of numbers ---- */

void number_list_add(struct number_list *l, int64_t number)
{
	MEM_GROW(l->v, l->cap, l->n + 1);
	l->v[l->n++] = number;
}

static int by_number(const void *x, const void *y)
{
	int64_t a = *(const int64_t *)x, b = *(const int64_t *)y;

	return (a > b) - (a < b);
}

void number_list_settle(struct number_list *l)
{
	size_t n = 0;

	if (l->n)
		qsort(l->v, l->n, sizeof *l->v, by_number);
	for (size_t i = 0; i < l->n; i++)
		if (!n || l->v[n - 1] != l->v[i])
			l->v[n++] = l->v[i];
	l->n = n;
}

void number_list_release(struct number_list *l)
{
	free(l->v);
	*l = (struct number_list){ .n = 0 };
}

/* ---- which ---- */

static int append_numbers(struct catalog *c, sqlite3_stmt *st, struct number_list *l, struct err *err)
{
	int got;

	while ((got = catalog_fetch(c, st, err)) > 0)
		number_list_add(l, sqlite3_column_int64(st, 0));
	return got;
}

int catalog_articles_of_source(struct catalog *c, struct bytes name, struct number_list *l, struct err *err)
{
	sqlite3_stmt *st = catalog_prepare(c, of_source_sql, err);

	if (!st)
		return ERR_IO;
	catalog_bind_text(st, 1, name);
	return append_numbers(c, st, l, err);
}

int catalog_articles_of_path(struct catalog *c, struct bytes path, struct number_list *l, struct err *err)
{
	sqlite3_stmt *st = catalog_prepare(c, of_path_sql, err);
	struct buf below = BUF_INIT;
	int rc;

	if (!st)
		return ERR_IO;
	while (path.n > 1 && path.p[path.n - 1] == '/')
		path.n--;
	buf_set(&below, path);
	if (!path.n || path.p[path.n - 1] != '/')
		buf_add_byte(&below, '/');
	catalog_bind_text(st, 1, path);
	catalog_bind_text(st, 2, buf_bytes(&below));
	rc = append_numbers(c, st, l, err);
	sqlite3_clear_bindings(st);
	buf_release(&below);
	return rc;
}

/* ---- removing ---- */

static int by_number_of(struct catalog *c, const char *sql, int64_t number, struct err *err)
{
	sqlite3_stmt *st = catalog_prepare(c, sql, err);

	if (!st)
		return ERR_IO;
	sqlite3_bind_int64(st, 1, number);
	return catalog_finish(c, st, err);
}

int catalog_remove_article(struct catalog *c, int64_t number, struct err *err)
{
	int rc;

	if ((rc = by_number_of(c, forget_files_sql, number, err)) < 0 ||
	    (rc = by_number_of(c, remove_revisions_sql, number, err)) < 0 ||
	    (rc = by_number_of(c, remove_article_sql, number, err)) < 0)
		return rc;
	return sqlite3_changes(c->db) > 0;
}

int catalog_forget_identities(struct catalog *c, const struct number_list *l, struct err *err)
{
	int rc;

	catalog_release_row(c);
	rc = catalog_run(
		c, "CREATE TEMP TABLE IF NOT EXISTS gone(number INTEGER PRIMARY KEY); DELETE FROM gone", err);
	for (size_t i = 0; rc == 0 && i < l->n; i++)
		rc = by_number_of(c, add_gone_sql, l->v[i], err);
	if (rc == 0)
		rc = catalog_run(c,
				 "DELETE FROM identity WHERE article IN (SELECT number FROM gone); "
				 "DELETE FROM gone",
				 err);
	return rc;
}

/* A file of which a state is known was read whole, and need not be read again. */
int catalog_forget_names(struct catalog *c, struct err *err)
{
	catalog_release_row(c);
	return catalog_run(
		c,
		"DELETE FROM source WHERE id NOT IN (SELECT source FROM article WHERE source NOT NULL "
		"UNION SELECT source FROM revision WHERE source NOT NULL); "
		"DELETE FROM origin WHERE size IS NULL AND id NOT IN (SELECT origin FROM article WHERE "
		"origin NOT NULL UNION SELECT origin FROM revision WHERE origin NOT NULL)",
		err);
}

/* ---- texts and what they are compressed with ---- */

int catalog_next_old_text(struct catalog *c, int64_t *article, int64_t *revision, struct catalog_article *a,
			  struct err *err)
{
	sqlite3_stmt *st = catalog_prepare(c, next_old_text_sql, err);
	int got;

	if (!st)
		return ERR_IO;
	sqlite3_bind_int64(st, 1, *article);
	sqlite3_bind_int64(st, 2, *revision);
	if ((got = catalog_fetch(c, st, err)) > 0) {
		*article = sqlite3_column_int64(st, 0);
		*revision = sqlite3_column_int64(st, 1);
		a->size = sqlite3_column_int64(st, 2);
		a->frame = catalog_column(st, 3);
	}
	return got;
}

int catalog_set_old_frame(struct catalog *c, int64_t article, int64_t revision, struct bytes frame,
			  struct err *err)
{
	sqlite3_stmt *st = catalog_prepare(c, set_old_frame_sql, err);

	if (!st)
		return ERR_IO;
	sqlite3_bind_int64(st, 1, article);
	sqlite3_bind_int64(st, 2, revision);
	catalog_bind_blob(st, 3, frame);
	return catalog_finish(c, st, err);
}

int catalog_keep_dictionary(struct catalog *c, uint32_t name, struct err *err)
{
	return by_number_of(c, keep_dictionary_sql, name, err);
}

int catalog_count_dictionaries(struct catalog *c, int64_t *n, struct err *err)
{
	return catalog_number(c, count_dictionaries_sql, n, err);
}

int catalog_shrink(struct catalog *c, struct err *err)
{
	catalog_release_row(c);
	return catalog_run(c, "PRAGMA incremental_vacuum", err);
}
