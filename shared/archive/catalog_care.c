#include "archive/catalog_care.h"

#include "archive/statements.h"

#define CHECK_STEPS 100000 /* of SQLite's machine, about a millisecond, between two looks for a stop */

static const char last_article_sql[] = "SELECT max(number) FROM article";
static const char set_lengths_sql[] = "UPDATE article SET words = ?2, headline = ?3 WHERE number = ?1";

int catalog_last_article(struct catalog *c, int64_t *number, struct err *err)
{
	return catalog_number(c, last_article_sql, number, err);
}

int catalog_set_lengths(struct catalog *c, int64_t number, int64_t words, int64_t headline, struct err *err)
{
	sqlite3_stmt *st = catalog_prepare(c, set_lengths_sql, err);

	if (!st)
		return ERR_IO;
	sqlite3_bind_int64(st, 1, number);
	sqlite3_bind_int64(st, 2, words);
	sqlite3_bind_int64(st, 3, headline);
	return catalog_finish(c, st, err);
}

/* ---- checking ---- */

static int is_stopped(void *stop)
{
	return *(const volatile sig_atomic_t *)stop != 0;
}

/* The first row that a check returns is its complaint, unless it is "ok". */
static int complaint(struct catalog *c, const char *sql, const char *what, struct err *err)
{
	sqlite3_stmt *st = catalog_prepare(c, sql, err);
	struct bytes first;
	int got;

	if (!st)
		return ERR_IO;
	if ((got = catalog_fetch(c, st, err)) <= 0)
		return got;
	first = catalog_column(st, 0);
	if (bytes_equal(first, bytes_str("ok")))
		return 0;
	return err_set(err, ERR_CORRUPT, "%s: %s: %.*s", c->path, what, (int)first.n, (const char *)first.p);
}

int catalog_check(struct catalog *c, const volatile sig_atomic_t *stop, struct err *err)
{
	static const char whole[] = "PRAGMA integrity_check(1)";
	static const char references[] = "SELECT \"table\" || ' to ' || parent FROM pragma_foreign_key_check";
	int rc;

	sqlite3_progress_handler(c->db, CHECK_STEPS, is_stopped, (void *)(uintptr_t)stop);
	if ((rc = complaint(c, whole, "damaged", err)) == 0)
		rc = complaint(c, references, "a row refers to one that is not there", err);
	sqlite3_progress_handler(c->db, 0, NULL, NULL);
	if (rc < 0 && *stop)
		rc = err_set(err, ERR_INTERRUPTED, "stopped on request");
	catalog_release_row(c);
	return rc;
}
