/* shared/archive/statements.h - the catalog's SQL, for the files that make it up
 * (catalog.c, catalog_*.c) and for those that keep tables of their own in it.
 *
 * Shape   each file holds the SQL it runs. A statement is told from the others by its
 *         address, compiled when first asked for, and kept until the catalog is closed.
 * Owner   at most one row is open: what it lends is good until the next statement
 *         is prepared, or a transaction begins or ends.
 * Errors  catalog_fail turns what SQLite answered last into a code and a sentence.
 *
 *	static const char words_sql[] = "SELECT words FROM article WHERE number = ?1";
 *
 *	sqlite3_stmt *st = catalog_prepare(c, words_sql, err);
 *	if (!st)
 *		return ERR_IO;
 *	sqlite3_bind_int64(st, 1, number);
 *	if ((got = catalog_fetch(c, st, err)) > 0)
 *		*words = sqlite3_column_int64(st, 0);
 */
#ifndef MORGUE_STATEMENTS_H
#define MORGUE_STATEMENTS_H

#include "archive/catalog.h"

#include <sqlite3.h>
#include <sys/stat.h>

struct catalog_statement {
	const char *sql;
	sqlite3_stmt *st;
};

struct catalog {
	sqlite3 *db;
	char *path;
	struct catalog_statement *statements;
	size_t nstatements, cap;
	sqlite3_stmt *busy; /* the statement whose row a caller may still look at */
	bool immutable;     /* opened where SQLite cannot lock */
	struct stat opened; /* the file then */
};

extern const char catalog_schema[]; /* what makes an empty file a catalog */

int catalog_fail(struct catalog *c, struct err *err);

/* Statements without parameters and rows, however many. */
int catalog_run(struct catalog *c, const char *sql, struct err *err);

/* The statement, ready for parameters; NULL on an error. The open row is closed. */
sqlite3_stmt *catalog_prepare(struct catalog *c, const char *sql, struct err *err);

/* The same, and the open row stays. */
sqlite3_stmt *catalog_compiled(struct catalog *c, const char *sql, struct err *err);

/* Run a statement that returns no row. */
int catalog_finish(struct catalog *c, sqlite3_stmt *st, struct err *err);

/* Step to a row: 1 there and open, 0 none. */
int catalog_fetch(struct catalog *c, sqlite3_stmt *st, struct err *err);

/* The same of a statement that was not prepared but compiled: the open row stays. 1: the caller
 * reads the row and resets the statement; else it is reset. */
int catalog_peek(struct catalog *c, sqlite3_stmt *st, struct err *err);

/* The one number that a statement without parameters returns; 0 if it returns none. */
int catalog_number(struct catalog *c, const char *sql, int64_t *value, struct err *err);

/* The caller is done with the row it was given last. */
void catalog_release_row(struct catalog *c);

void catalog_finalize(struct catalog *c); /* all statements */

/* Bound until the statement is finished or prepared anew; empty text is NULL. */
void catalog_bind_text(sqlite3_stmt *st, int i, struct bytes s);
void catalog_bind_blob(sqlite3_stmt *st, int i, struct bytes s);
struct bytes catalog_column(sqlite3_stmt *st, int i);

#endif
