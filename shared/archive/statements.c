#include "archive/statements.h"

#include "base/mem.h"

#include <errno.h>
#include <stdlib.h>

/* What to do when SQLite answers so; args_fail knows of damage. */
static const char *way_out(int code)
{
	switch (code) {
	case SQLITE_FULL: return "; make room there, then run the same command again";
	case SQLITE_READONLY:
	case SQLITE_PERM:
	case SQLITE_AUTH:
	case SQLITE_CANTOPEN: return "; 'ls -la' in the archive shows whom owner and mode let in";
	case SQLITE_IOERR: return "; is there room, and is the medium sound? Then run the same command again";
	default: return "";
	}
}

int catalog_fail(struct catalog *c, struct err *err)
{
	int code = sqlite3_errcode(c->db) & 0xFF, reason = sqlite3_system_errno(c->db);
	/* ENOENT is left over from SQLite's look for something else. */
	bool refused = (code == SQLITE_IOERR || code == SQLITE_CANTOPEN) && reason && reason != ENOENT;

	if (code == SQLITE_NOMEM)
		mem_exhausted(0);
	if (code == SQLITE_BUSY)
		return err_set(err, ERR_LOCKED, "%s: %s: another process works on it; wait until it is done",
			       c->path, sqlite3_errmsg(c->db));
	return err_set(err, code == SQLITE_CORRUPT || code == SQLITE_NOTADB ? ERR_CORRUPT : ERR_IO,
		       "%s: %s%s%s%s", c->path, sqlite3_errmsg(c->db), refused ? ": " : "",
		       refused ? strerror(reason) : "", way_out(code));
}

int catalog_run(struct catalog *c, const char *sql, struct err *err)
{
	return sqlite3_exec(c->db, sql, NULL, NULL, NULL) == SQLITE_OK ? 0 : catalog_fail(c, err);
}

void catalog_release_row(struct catalog *c)
{
	if (c->busy)
		sqlite3_reset(c->busy);
	c->busy = NULL;
}

sqlite3_stmt *catalog_compiled(struct catalog *c, const char *sql, struct err *err)
{
	struct catalog_statement *s;

	for (size_t i = 0; i < c->nstatements; i++)
		if (c->statements[i].sql == sql)
			return c->statements[i].st;
	MEM_GROW(c->statements, c->cap, c->nstatements + 1);
	s = &c->statements[c->nstatements];
	s->sql = sql;
	if (sqlite3_prepare_v3(c->db, sql, -1, SQLITE_PREPARE_PERSISTENT, &s->st, NULL) != SQLITE_OK) {
		catalog_fail(c, err);
		return NULL;
	}
	c->nstatements++;
	return s->st;
}

sqlite3_stmt *catalog_prepare(struct catalog *c, const char *sql, struct err *err)
{
	catalog_release_row(c);
	return catalog_compiled(c, sql, err);
}

int catalog_finish(struct catalog *c, sqlite3_stmt *st, struct err *err)
{
	int rc = sqlite3_step(st) == SQLITE_DONE ? 0 : catalog_fail(c, err);

	sqlite3_reset(st);
	sqlite3_clear_bindings(st);
	return rc;
}

int catalog_fetch(struct catalog *c, sqlite3_stmt *st, struct err *err)
{
	int rc = sqlite3_step(st);

	if (rc == SQLITE_ROW) {
		c->busy = st;
		return 1;
	}
	if (rc != SQLITE_DONE)
		return catalog_fail(c, err);
	sqlite3_reset(st);
	return 0;
}

int catalog_peek(struct catalog *c, sqlite3_stmt *st, struct err *err)
{
	int rc = sqlite3_step(st);

	if (rc == SQLITE_ROW)
		return 1;
	rc = rc == SQLITE_DONE ? 0 : catalog_fail(c, err);
	sqlite3_reset(st);
	return rc;
}

int catalog_number(struct catalog *c, const char *sql, int64_t *value, struct err *err)
{
	sqlite3_stmt *st = catalog_prepare(c, sql, err);
	int got;

	if (!st)
		return ERR_IO;
	got = catalog_fetch(c, st, err);
	*value = got > 0 ? sqlite3_column_int64(st, 0) : 0;
	return got < 0 ? got : 0;
}

void catalog_finalize(struct catalog *c)
{
	for (size_t i = 0; i < c->nstatements; i++)
		sqlite3_finalize(c->statements[i].st);
	free(c->statements);
	c->statements = NULL;
	c->nstatements = c->cap = 0;
	c->busy = NULL;
}

void catalog_bind_text(sqlite3_stmt *st, int i, struct bytes s)
{
	if (s.n)
		sqlite3_bind_text64(st, i, (const char *)s.p, s.n, SQLITE_STATIC, SQLITE_UTF8);
	else
		sqlite3_bind_null(st, i);
}

void catalog_bind_blob(sqlite3_stmt *st, int i, struct bytes s)
{
	sqlite3_bind_blob64(st, i, s.p, s.n, SQLITE_STATIC);
}

struct bytes catalog_column(sqlite3_stmt *st, int i)
{
	const void *p = sqlite3_column_blob(st, i);

	return bytes_of(p, p ? (size_t)sqlite3_column_bytes(st, i) : 0);
}
