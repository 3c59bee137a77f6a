#include "archive/catalog_care.h"
#include "archive/token_replay.h"
#include "archive/statements.h"
#include "archive/tail.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

/* Make a table anew. What it held stays, in the columns that there are still. */
static int remake_table(struct catalog *c, const char *name, const char *sql, struct err *err)
{
	struct buf columns = BUF_INIT, script = BUF_INIT;
	sqlite3_stmt *st;
	int rc, got = SQLITE_DONE;

	buf_addf(&script, "CREATE TEMP TABLE aside AS SELECT * FROM main.\"%s\"; DROP TABLE main.\"%s\"; %s;",
		 name, name, sql);
	rc = catalog_run(c, buf_cstr(&script), err);
	buf_reset(&script);
	buf_addf(&script,
		 "SELECT group_concat('\"' || n.name || '\"') FROM pragma_table_info('%s', 'main') n "
		 "JOIN pragma_table_info('aside', 'temp') o ON o.name = n.name",
		 name);
	if (rc == 0 && sqlite3_prepare_v2(c->db, buf_cstr(&script), -1, &st, NULL) == SQLITE_OK) {
		if ((got = sqlite3_step(st)) == SQLITE_ROW)
			buf_set(&columns, catalog_column(st, 0));
		sqlite3_finalize(st);
	}
	buf_reset(&script);
	buf_addf(&script, "INSERT INTO main.\"%s\"(%s) SELECT %s FROM temp.aside; DROP TABLE temp.aside",
		 name, buf_cstr(&columns), buf_cstr(&columns));
	if (rc == 0)
		rc = got == SQLITE_ROW ? catalog_run(c, buf_cstr(&script), err) : catalog_fail(c, err);
	buf_release(&columns);
	buf_release(&script);
	return rc;
}

/* The columns that the schema has and the file has not, as statements that add them. */
static int add_columns(struct catalog *c, const char *name, sqlite3 *pattern, struct err *err)
{
	static const char wanted_sql[] =
		"SELECT name, type, \"notnull\", dflt_value FROM pragma_table_info(?1)";
	static const char there_sql[] = "SELECT 1 FROM pragma_table_info(?1, 'main') WHERE name = ?2";
	struct buf script = BUF_INIT;
	sqlite3_stmt *wanted, *there;
	int rc = 0;

	if (sqlite3_prepare_v2(pattern, wanted_sql, -1, &wanted, NULL) != SQLITE_OK)
		return err_set(err, ERR_IO, "%s: %s", c->path, sqlite3_errmsg(pattern));
	sqlite3_bind_text(wanted, 1, name, -1, SQLITE_STATIC);
	while (rc >= 0 && sqlite3_step(wanted) == SQLITE_ROW) {
		const char *column = (const char *)sqlite3_column_text(wanted, 0);
		const char *value = (const char *)sqlite3_column_text(wanted, 3);

		if (!(there = catalog_prepare(c, there_sql, err))) {
			rc = ERR_IO;
			break;
		}
		sqlite3_bind_text(there, 1, name, -1, SQLITE_STATIC);
		sqlite3_bind_text(there, 2, column, -1, SQLITE_STATIC);
		if ((rc = catalog_fetch(c, there, err)) == 0)
			buf_addf(&script, "ALTER TABLE \"%s\" ADD COLUMN \"%s\" %s%s%s%s;", name, column,
				 (const char *)sqlite3_column_text(wanted, 1),
				 sqlite3_column_int(wanted, 2) ? " NOT NULL" : "", value ? " DEFAULT " : "",
				 value ? value : "");
	}
	catalog_release_row(c);
	sqlite3_finalize(wanted);
	if (rc >= 0)
		rc = catalog_run(c, buf_cstr(&script), err);
	buf_release(&script);
	return rc;
}

enum { TABLE_MISSING = 2 };

/* Does the table in the file give numbers away once only, as that of `sql` does? 1 yes, 0 no,
 * TABLE_MISSING, or an error. */
static int same_numbering(struct catalog *c, const char *name, const char *sql, struct err *err)
{
	static const char numbering_sql[] =
		"SELECT instr(sql, 'AUTOINCREMENT') > 0 FROM main.sqlite_schema WHERE name = ?1";
	sqlite3_stmt *st = catalog_prepare(c, numbering_sql, err);
	int got;

	if (!st)
		return ERR_IO;
	sqlite3_bind_text(st, 1, name, -1, SQLITE_STATIC);
	if ((got = catalog_fetch(c, st, err)) == 0)
		return TABLE_MISSING;
	if (got > 0)
		got = sqlite3_column_int(st, 0) == (strstr(sql, "AUTOINCREMENT") != NULL);
	catalog_release_row(c);
	return got;
}

static int settle_table(struct catalog *c, const char *name, const char *sql, sqlite3 *pattern,
			struct err *err)
{
	int got = same_numbering(c, name, sql, err);

	if (got == TABLE_MISSING)
		return catalog_run(c, sql, err);
	return got < 0 ? got : got ? add_columns(c, name, pattern, err) : remake_table(c, name, sql, err);
}

/* Each table and index of `pattern`, an empty database with the schema, as it is there. */
static int settle_tables(struct catalog *c, sqlite3 *pattern, struct err *err)
{
	static const char tables[] =
		"SELECT name, sql FROM sqlite_schema WHERE sql IS NOT NULL AND name NOT LIKE 'sqlite_%' "
		"ORDER BY rowid";
	sqlite3_stmt *st;
	int rc = 0;

	if (sqlite3_prepare_v2(pattern, tables, -1, &st, NULL) != SQLITE_OK)
		return err_set(err, ERR_IO, "%s: %s", c->path, sqlite3_errmsg(pattern));
	while (rc == 0 && sqlite3_step(st) == SQLITE_ROW)
		rc = settle_table(c, (const char *)sqlite3_column_text(st, 0),
				  (const char *)sqlite3_column_text(st, 1), pattern, err);
	sqlite3_finalize(st);
	return rc;
}

/* Up to version 2 the number of the last commit was that of the newest segment or article. */
#define TAKE_OVER                                                                                            \
	"INSERT OR IGNORE INTO setting(name, value) SELECT 'seq', max(seq) FROM (SELECT seq FROM segment "   \
	"UNION ALL SELECT seq FROM article) HAVING max(seq) > 0;"

/* Up to version 3 texts could share a stream; the first archives of that version had no column for it. */
static int convert_texts(struct catalog *c, const struct catalog_conversion *conversion, struct err *err)
{
	static const char has_piece[] =
		"SELECT count(*) FROM pragma_table_info('article', 'main') WHERE name = 'piece'";
	int64_t has;
	int rc;

	if ((rc = catalog_number(c, has_piece, &has, err)) < 0 ||
	    (!has && (rc = catalog_run(c, "ALTER TABLE article ADD COLUMN piece INTEGER", err)) < 0) ||
	    (rc = conversion->texts(conversion, c, err)) < 0)
		return rc;
	catalog_release_row(c);
	return catalog_run(c, "ALTER TABLE article DROP COLUMN piece", err);
}

int catalog_next_stream(struct catalog *c, int64_t *after, struct catalog_article *a, unsigned *piece,
			struct err *err)
{
	static const char sql[] =
		"SELECT number, size, piece, text FROM article WHERE number > ?1 ORDER BY number LIMIT 1";
	sqlite3_stmt *st = catalog_prepare(c, sql, err);
	int got;

	if (!st)
		return ERR_IO;
	sqlite3_bind_int64(st, 1, *after);
	if ((got = catalog_fetch(c, st, err)) > 0) {
		*after = a->number = sqlite3_column_int64(st, 0);
		a->size = sqlite3_column_int64(st, 1);
		*piece = (unsigned)sqlite3_column_int(st, 2);
		a->frame = catalog_column(st, 3);
	}
	return got;
}

static int upgrade(struct catalog *c, const struct catalog_conversion *conversion, sqlite3 *pattern,
		   struct err *err)
{
	char version[64];
	int rc;

	snprintf(version, sizeof version, "PRAGMA user_version = %d", CATALOG_VERSION);
	if ((rc = catalog_run(c, "PRAGMA synchronous = FULL; BEGIN IMMEDIATE", err)) < 0)
		return rc;
	if ((rc = settle_tables(c, pattern, err)) < 0 || (rc = catalog_run(c, TAIL_SETTINGS, err)) < 0 ||
	    (rc = catalog_run(c, TAKE_OVER, err)) < 0 || (rc = convert_texts(c, conversion, err)) < 0 ||
	    (rc = catalog_run(c, version, err)) < 0 || (rc = catalog_run(c, "COMMIT", err)) < 0)
		catalog_rollback(c, NULL);
	return rc;
}

int catalog_upgrade(struct catalog *c, const struct catalog_conversion *conversion, struct err *err)
{
	sqlite3 *pattern = NULL;
	int rc = 0;

	if (sqlite3_open(":memory:", &pattern) != SQLITE_OK || replay_register(pattern) != SQLITE_OK ||
	    sqlite3_exec(pattern, catalog_schema, NULL, NULL, NULL) != SQLITE_OK)
		rc = err_set(err, ERR_IO, "%s: %s", c->path, sqlite3_errmsg(pattern));
	if (rc == 0)
		rc = upgrade(c, conversion, pattern, err);
	sqlite3_close(pattern);
	return rc < 0 ? rc : catalog_compact(c, err); /* its rows have other sizes now */
}
