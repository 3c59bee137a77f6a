#include "archive/catalog_care.h"

#include "archive/statements.h"

#include <fcntl.h>
#include <unistd.h>

#define COPY_PAGES  256    /* at a time: 8 MiB */
#define CHECK_STEPS 100000 /* of SQLite's machine, about a millisecond, between two looks for a stop */

static const char last_article_sql[] = "SELECT max(number) FROM article";
static const char set_lengths_sql[] = "UPDATE article SET words = ?2, headline = ?3 WHERE number = ?1";

static const char last_source_sql[] = "SELECT max(id) FROM source";
static const char next_source_sql[] = "SELECT id, name FROM source WHERE id > ?1 ORDER BY id LIMIT 1";
static const char text_sizes_sql[] =
	"SELECT total(size), total(length(text)) FROM (SELECT size, text FROM article UNION ALL "
	"SELECT size, text FROM revision)";

int catalog_last_source(struct catalog *c, int64_t *id, struct err *err)
{
	return catalog_number(c, last_source_sql, id, err);
}

int catalog_next_source(struct catalog *c, int64_t *id, struct bytes *name, struct err *err)
{
	sqlite3_stmt *st = catalog_prepare(c, next_source_sql, err);
	int got;

	if (!st)
		return ERR_IO;
	sqlite3_bind_int64(st, 1, *id);
	if ((got = catalog_fetch(c, st, err)) > 0) {
		*id = sqlite3_column_int64(st, 0);
		*name = catalog_column(st, 1);
	}
	return got;
}

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

/* Long work of SQLite's may be stopped; unwatch says if it was. */
static void watch(struct catalog *c, const volatile sig_atomic_t *stop)
{
	sqlite3_progress_handler(c->db, CHECK_STEPS, is_stopped, (void *)(uintptr_t)stop);
}

static int unwatch(struct catalog *c, const volatile sig_atomic_t *stop, int rc, struct err *err)
{
	sqlite3_progress_handler(c->db, 0, NULL, NULL);
	catalog_release_row(c);
	return rc < 0 && *stop ? err_stopped(err) : rc;
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

	watch(c, stop);
	if ((rc = complaint(c, whole, "damaged", err)) == 0)
		rc = complaint(c, references, "a row refers to one that is not there", err);
	return unwatch(c, stop, rc, err);
}

int catalog_text_sizes(struct catalog *c, const volatile sig_atomic_t *stop, int64_t *texts, int64_t *stored,
		       struct err *err)
{
	sqlite3_stmt *st = catalog_prepare(c, text_sizes_sql, err);
	int got;

	if (!st)
		return ERR_IO;
	watch(c, stop);
	if ((got = catalog_fetch(c, st, err)) > 0) {
		*texts = sqlite3_column_int64(st, 0);
		*stored = sqlite3_column_int64(st, 1);
	}
	return unwatch(c, stop, got < 0 ? got : 0, err);
}

/* ---- copying ---- */

/* SQLite says what it thinks of the copy in `to`, not in the catalog. */
static int copy_failed(sqlite3 *to, const char *path, struct err *err)
{
	return err_set(err, ERR_IO, "%s: cannot copy the catalog: %s", path, sqlite3_errmsg(to));
}

static int copy_pages(struct catalog *c, sqlite3 *to, const char *path, catalog_progress *progress,
		      void *context, struct err *err)
{
	sqlite3_backup *b = sqlite3_backup_init(to, "main", c->db, "main");
	int64_t page = 0;
	int rc = catalog_number(c, "PRAGMA page_size", &page, err), got = SQLITE_OK;

	catalog_release_row(c);
	if (!b)
		return copy_failed(to, path, err);
	while (rc == 0 && got == SQLITE_OK) {
		uint64_t all, done;

		got = sqlite3_backup_step(b, COPY_PAGES);
		all = (uint64_t)sqlite3_backup_pagecount(b);
		done = all - (uint64_t)sqlite3_backup_remaining(b);
		if (got == SQLITE_OK && !progress(context, done * (uint64_t)page, all * (uint64_t)page))
			rc = err_stopped(err);
	}
	sqlite3_backup_finish(b);
	return rc < 0 ? rc : got == SQLITE_DONE ? 0 : copy_failed(to, path, err);
}

/* SQLite has closed the file: sync it whatever SQLite thought necessary. */
static int sync_file(const char *path, struct err *err)
{
	int fd = open(path, O_RDWR | O_CLOEXEC), rc = 0;

	if (fd < 0 || fsync(fd) < 0)
		rc = err_errno(err, "%s: cannot sync", path);
	if (fd >= 0)
		close(fd);
	return rc;
}

int catalog_copy(struct catalog *c, const char *to, catalog_progress *progress, void *context,
		 struct err *err)
{
	sqlite3 *db = NULL;
	int rc;

	/* A copy that is cut short is thrown away: it needs no journal. */
	if (sqlite3_open_v2(to, &db, SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE, NULL) != SQLITE_OK ||
	    sqlite3_exec(db, "PRAGMA journal_mode = OFF", NULL, NULL, NULL) != SQLITE_OK)
		rc = copy_failed(db, to, err);
	else
		rc = copy_pages(c, db, to, progress, context, err);
	if (sqlite3_close(db) != SQLITE_OK && rc == 0)
		rc = copy_failed(db, to, err);
	return rc < 0 ? rc : sync_file(to, err);
}
