/* one_shot - what a process costs that does nothing, or asks an FTS5 table once.
 *
 *	one_shot                   end at once: the loader and SQLite's library
 *	one_shot FILE QUESTION     print the ten best articles: title and snippet
 *
 * Exit status: 0 hits, 1 no hit, 2 failed. Compared with `query` by bench_process.c.
 */
#include <sqlite3.h>
#include <stdio.h>

static const char best[] = "SELECT title, snippet(t, 1, '', '', '...', 48) FROM t WHERE t MATCH ?1 "
			   "ORDER BY rank LIMIT 10";

int main(int argc, char **argv)
{
	sqlite3_stmt *st;
	sqlite3 *db;
	int hits = 0;

	if (argc != 3)
		return argc == 1 && sqlite3_libversion_number() > 0 ? 0 : 2;
	if (sqlite3_open_v2(argv[1], &db, SQLITE_OPEN_READONLY, NULL) != SQLITE_OK ||
	    sqlite3_prepare_v2(db, best, -1, &st, NULL) != SQLITE_OK ||
	    sqlite3_bind_text(st, 1, argv[2], -1, SQLITE_STATIC) != SQLITE_OK) {
		fprintf(stderr, "one_shot: %s\n", sqlite3_errmsg(db));
		return 2;
	}
	for (; sqlite3_step(st) == SQLITE_ROW; hits++)
		printf("%s\n     %s\n", (const char *)sqlite3_column_text(st, 0),
		       (const char *)sqlite3_column_text(st, 1));
	if (sqlite3_finalize(st) != SQLITE_OK || sqlite3_close(db) != SQLITE_OK || fflush(stdout) != 0)
		return 2;
	return hits ? 0 : 1;
}
