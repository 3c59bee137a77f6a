#include "bench.h"

static sqlite3_stmt *prepare(const struct fts5_peer *f, const char *sql)
{
	sqlite3_stmt *st;

	if (sqlite3_prepare_v2(f->db, sql, -1, &st, NULL) != SQLITE_OK)
		die(sqlite3_errmsg(f->db));
	return st;
}

static void execute(const struct fts5_peer *f, const char *sql)
{
	if (sqlite3_exec(f->db, sql, NULL, NULL, NULL) != SQLITE_OK)
		die(sqlite3_errmsg(f->db));
}

static void open_file(struct fts5_peer *f, const char *path)
{
	*f = (struct fts5_peer){ .db = NULL };
	if (sqlite3_open(path, &f->db) != SQLITE_OK)
		die("cannot open FTS5's file");
	execute(f, "PRAGMA cache_size = -262144");
}

/* ---- indexing ---- */

void fts5_peer_create(struct fts5_peer *f, const char *path)
{
	open_file(f, path);
	execute(f, "PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF;"
		   "CREATE VIRTUAL TABLE t USING fts5(title, body, tokenize = 'porter unicode61'); BEGIN");
	f->insert = prepare(f, "INSERT INTO t(rowid, title, body) VALUES (?, ?, ?)");
}

void fts5_peer_add(struct fts5_peer *f, int64_t number, struct bytes title, struct bytes body)
{
	sqlite3_bind_int64(f->insert, 1, number);
	sqlite3_bind_text(f->insert, 2, (const char *)title.p, (int)title.n, SQLITE_STATIC);
	sqlite3_bind_text(f->insert, 3, (const char *)body.p, (int)body.n, SQLITE_STATIC);
	if (sqlite3_step(f->insert) != SQLITE_DONE)
		die(sqlite3_errmsg(f->db));
	sqlite3_reset(f->insert);
}

void fts5_peer_finish(struct fts5_peer *f)
{
	execute(f, "COMMIT; INSERT INTO t(t) VALUES ('optimize')");
}

/* ---- asking ---- */

void fts5_peer_open(struct fts5_peer *f, const char *path)
{
	open_file(f, path);
	f->best = prepare(f, "SELECT rowid FROM t WHERE t MATCH ?1 ORDER BY rank LIMIT ?2");
	f->count = prepare(f, "SELECT count(*) FROM t WHERE t MATCH ?1");
}

uint64_t fts5_peer_ask(struct fts5_peer *f, const char *question, uint64_t n, bool count)
{
	uint64_t found = 0;

	if (n) {
		sqlite3_bind_text(f->best, 1, question, -1, SQLITE_STATIC);
		sqlite3_bind_int64(f->best, 2, (int64_t)n);
		while (sqlite3_step(f->best) == SQLITE_ROW)
			found++;
		if (sqlite3_reset(f->best) != SQLITE_OK)
			die(sqlite3_errmsg(f->db));
	}
	if (count) {
		sqlite3_bind_text(f->count, 1, question, -1, SQLITE_STATIC);
		if (sqlite3_step(f->count) != SQLITE_ROW)
			die(sqlite3_errmsg(f->db));
		found = (uint64_t)sqlite3_column_int64(f->count, 0);
		sqlite3_reset(f->count);
	}
	return found;
}

void fts5_peer_close(struct fts5_peer *f)
{
	sqlite3_finalize(f->insert);
	sqlite3_finalize(f->best);
	sqlite3_finalize(f->count);
	sqlite3_close(f->db);
	*f = (struct fts5_peer){ .db = NULL };
}
