#include "archive/catalog.h"
#include "archive/statements.h"

/* AUTOINCREMENT's memory of the highest id there ever was. */
static const char last_segment_sql[] = "SELECT seq FROM sqlite_sequence WHERE name = 'segment'";
static const char add_segment_sql[] =
	"INSERT INTO segment(id, seq, docs, words, bytes) VALUES (?1, ?2, ?3, ?4, ?5)";
static const char next_segment_sql[] =
	"SELECT id, seq, docs, words, bytes, dead, dead_words FROM segment WHERE id > ?1 ORDER BY id LIMIT 1";
static const char remove_segment_sql[] = "DELETE FROM segment WHERE id = ?1";
static const char dead_list_sql[] = "SELECT dead_list FROM segment WHERE id = ?1 AND dead > 0";
static const char set_dead_sql[] =
	"UPDATE segment SET dead = ?2, dead_words = ?3, dead_list = ?4 WHERE id = ?1";

int catalog_last_segment(struct catalog *c, int64_t *id, struct err *err)
{
	return catalog_number(c, last_segment_sql, id, err);
}

int catalog_add_segment(struct catalog *c, const struct catalog_segment *s, struct err *err)
{
	sqlite3_stmt *st = catalog_prepare(c, add_segment_sql, err);

	if (!st)
		return ERR_IO;
	sqlite3_bind_int64(st, 1, s->id);
	sqlite3_bind_int64(st, 2, s->seq);
	sqlite3_bind_int64(st, 3, s->docs);
	sqlite3_bind_int64(st, 4, s->words);
	sqlite3_bind_int64(st, 5, s->bytes);
	return catalog_finish(c, st, err);
}

int catalog_next_segment(struct catalog *c, int64_t *after, struct catalog_segment *s, struct err *err)
{
	sqlite3_stmt *st = catalog_prepare(c, next_segment_sql, err);
	int got;

	if (!st)
		return ERR_IO;
	sqlite3_bind_int64(st, 1, *after);
	if ((got = catalog_fetch(c, st, err)) > 0) {
		s->id = *after = sqlite3_column_int64(st, 0);
		s->seq = sqlite3_column_int64(st, 1);
		s->docs = sqlite3_column_int64(st, 2);
		s->words = sqlite3_column_int64(st, 3);
		s->bytes = sqlite3_column_int64(st, 4);
		s->dead = sqlite3_column_int64(st, 5);
		s->dead_words = sqlite3_column_int64(st, 6);
	}
	return got;
}

int catalog_remove_segment(struct catalog *c, int64_t id, struct err *err)
{
	sqlite3_stmt *st = catalog_prepare(c, remove_segment_sql, err);

	if (!st)
		return ERR_IO;
	sqlite3_bind_int64(st, 1, id);
	return catalog_finish(c, st, err);
}

int catalog_dead_list(struct catalog *c, int64_t segment, struct bytes *list, struct err *err)
{
	sqlite3_stmt *st = catalog_prepare(c, dead_list_sql, err);
	int got;

	if (!st)
		return ERR_IO;
	sqlite3_bind_int64(st, 1, segment);
	if ((got = catalog_fetch(c, st, err)) > 0)
		*list = catalog_column(st, 0);
	return got;
}

int catalog_set_dead(struct catalog *c, const struct catalog_segment *s, struct bytes list, struct err *err)
{
	sqlite3_stmt *st = catalog_prepare(c, set_dead_sql, err);

	if (!st)
		return ERR_IO;
	sqlite3_bind_int64(st, 1, s->id);
	sqlite3_bind_int64(st, 2, s->dead);
	sqlite3_bind_int64(st, 3, s->dead_words);
	if (list.n)
		catalog_bind_blob(st, 4, list);
	return catalog_finish(c, st, err);
}
