#include "archive/catalog.h"
#include "archive/statements.h"

static const char add_origin_sql[] = "INSERT INTO origin(path, place) VALUES (?1, ?2)";
static const char find_origin_sql[] = "SELECT id, size, mtime, hash FROM origin WHERE place = ?1";
static const char set_origin_sql[] = "UPDATE origin SET size = ?2, mtime = ?3, hash = ?4 WHERE id = ?1";
static const char next_root_sql[] =
	"SELECT path, name, format, map FROM root WHERE path > ?1 ORDER BY path LIMIT 1";
static const char set_root_sql[] =
	"INSERT INTO root(path, name, format, map) VALUES (?1, ?2, ?3, ?4) ON CONFLICT(path) DO UPDATE "
	"SET name = ?2, format = ?3, map = ?4 "
	"WHERE (name, format, map) IS NOT (?2, ?3, ?4)"; /* else nothing is written */
static const char remove_root_sql[] = "DELETE FROM root WHERE path = ?1";

int catalog_find_origin(struct catalog *c, int64_t place, struct catalog_origin *o, struct err *err)
{
	sqlite3_stmt *st = catalog_prepare(c, find_origin_sql, err);
	int got;

	if (!st)
		return ERR_IO;
	sqlite3_bind_int64(st, 1, place);
	if ((got = catalog_fetch(c, st, err)) > 0) {
		o->id = sqlite3_column_int64(st, 0);
		o->whole = sqlite3_column_type(st, 1) != SQLITE_NULL;
		o->state.size = sqlite3_column_int64(st, 1);
		o->state.mtime = sqlite3_column_type(st, 2) == SQLITE_NULL ? FILE_MTIME_UNSURE
									   : sqlite3_column_int64(st, 2);
		o->state.hash = (uint64_t)sqlite3_column_int64(st, 3);
	}
	return got;
}

int catalog_origin_id(struct catalog *c, struct bytes path, int64_t place, int64_t *id, struct err *err)
{
	struct catalog_origin there;
	sqlite3_stmt *st;
	int got = place ? catalog_find_origin(c, place, &there, err) : 0;

	if (got > 0)
		*id = there.id;
	if (got)
		return got < 0 ? got : 0;
	if (!(st = catalog_prepare(c, add_origin_sql, err)))
		return ERR_IO;
	catalog_bind_text(st, 1, path);
	if (place)
		sqlite3_bind_int64(st, 2, place);
	got = catalog_finish(c, st, err);
	*id = sqlite3_last_insert_rowid(c->db);
	return got;
}

int catalog_set_origin(struct catalog *c, int64_t id, const struct file_state *state, struct err *err)
{
	sqlite3_stmt *st = catalog_prepare(c, set_origin_sql, err);

	if (!st)
		return ERR_IO;
	sqlite3_bind_int64(st, 1, id);
	sqlite3_bind_int64(st, 2, state->size);
	if (state->mtime != FILE_MTIME_UNSURE)
		sqlite3_bind_int64(st, 3, state->mtime);
	sqlite3_bind_int64(st, 4, (int64_t)state->hash);
	return catalog_finish(c, st, err);
}

int catalog_next_root(struct catalog *c, struct bytes after, struct catalog_root *r, struct err *err)
{
	sqlite3_stmt *st = catalog_prepare(c, next_root_sql, err);
	int got;

	if (!st)
		return ERR_IO;
	sqlite3_bind_text64(st, 1, after.n ? (const char *)after.p : "", after.n, SQLITE_STATIC, SQLITE_UTF8);
	if ((got = catalog_fetch(c, st, err)) > 0)
		*r = (struct catalog_root){ .path = catalog_column(st, 0),
					    .name = catalog_column(st, 1),
					    .format = catalog_column(st, 2),
					    .map = catalog_column(st, 3) };
	return got;
}

int catalog_set_root(struct catalog *c, const struct catalog_root *r, struct err *err)
{
	sqlite3_stmt *st = catalog_prepare(c, set_root_sql, err);

	if (!st)
		return ERR_IO;
	catalog_bind_text(st, 1, r->path);
	catalog_bind_text(st, 2, r->name);
	catalog_bind_text(st, 3, r->format);
	catalog_bind_text(st, 4, r->map);
	return catalog_finish(c, st, err);
}

int catalog_remove_root(struct catalog *c, struct bytes path, struct err *err)
{
	sqlite3_stmt *st = catalog_prepare(c, remove_root_sql, err);

	if (!st)
		return ERR_IO;
	catalog_bind_text(st, 1, path);
	return catalog_finish(c, st, err);
}
