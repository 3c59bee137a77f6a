#include "archive/catalog.h"

#include "archive/args.h"
#include "archive/catalog_care.h"
#include "archive/token_replay.h"
#include "archive/statements.h"
#include "archive/tail.h"
#include "base/mem.h"

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>
#include <unistd.h>

#define APPLICATION_ID 0x4D4F5247 /* "MORG" */
#define BUSY_MS        5000       /* wait this long for another process's short locks */

const char catalog_schema[] =
	"PRAGMA application_id = 1297044039;"
	"CREATE TABLE setting(name TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;"
	"CREATE TABLE source(id INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE);"
	"CREATE TABLE origin(id INTEGER PRIMARY KEY, path TEXT NOT NULL, place INTEGER, size INTEGER,"
	" mtime INTEGER, hash INTEGER);"
	"CREATE UNIQUE INDEX origin_place ON origin(place) WHERE place IS NOT NULL;"
	"CREATE TABLE root(path TEXT PRIMARY KEY, name TEXT NOT NULL, format TEXT, map TEXT) WITHOUT ROWID;"
	"CREATE TABLE segment(id INTEGER PRIMARY KEY AUTOINCREMENT, seq INTEGER NOT NULL,"
	" docs INTEGER NOT NULL, words INTEGER NOT NULL, bytes INTEGER NOT NULL,"
	" dead INTEGER NOT NULL DEFAULT 0, dead_words INTEGER NOT NULL DEFAULT 0, dead_list BLOB);"
	"CREATE TABLE dictionary(id INTEGER PRIMARY KEY, seq INTEGER NOT NULL, bytes BLOB NOT NULL);"
	"CREATE TABLE article(number INTEGER PRIMARY KEY AUTOINCREMENT, seq INTEGER NOT NULL,"
	" revision INTEGER NOT NULL, story INTEGER NOT NULL, source INTEGER REFERENCES source(id),"
	" origin INTEGER REFERENCES origin(id), offset INTEGER, date INTEGER, precision TEXT,"
	" method INTEGER NOT NULL, zone INTEGER, title TEXT NOT NULL, words INTEGER NOT NULL,"
	" headline INTEGER NOT NULL, furniture BLOB, size INTEGER NOT NULL, text BLOB NOT NULL);"
	"CREATE TABLE revision(article INTEGER NOT NULL REFERENCES article(number),"
	" revision INTEGER NOT NULL, seq INTEGER NOT NULL, source INTEGER REFERENCES source(id),"
	" origin INTEGER REFERENCES origin(id), offset INTEGER, date INTEGER, precision TEXT,"
	" method INTEGER NOT NULL, zone INTEGER, title TEXT NOT NULL, words INTEGER NOT NULL,"
	" headline INTEGER NOT NULL, furniture BLOB, size INTEGER NOT NULL, text BLOB NOT NULL,"
	" PRIMARY KEY(article, revision)) WITHOUT ROWID;"
	"CREATE TABLE identity(hash INTEGER NOT NULL, article INTEGER NOT NULL REFERENCES article(number),"
	" PRIMARY KEY(hash, article)) WITHOUT ROWID;"
	"CREATE VIRTUAL TABLE tail USING fts5(words, content='', columnsize=0, tokenize=" REPLAY_TOKENIZER
	");" TAIL_SETTINGS "CREATE VIRTUAL TABLE tail_term USING fts5vocab(tail, instance);"
	"CREATE TABLE tail_article(article INTEGER PRIMARY KEY REFERENCES article(number),"
	" tokens INTEGER NOT NULL);"
	"PRAGMA user_version = 4;";
_Static_assert(APPLICATION_ID == 1297044039, "the schema spells it in decimal");
_Static_assert(CATALOG_VERSION == 4, "the schema names it");

static const char get_sql[] = "SELECT value FROM setting WHERE name = ?1";
static const char set_sql[] = "INSERT OR REPLACE INTO setting(name, value) VALUES (?1, ?2)";
static const char next_seq_sql[] = "INSERT INTO setting(name, value) VALUES ('seq', '1') ON CONFLICT(name) "
				   "DO UPDATE SET value = value + 1 RETURNING value";
static const char data_version_sql[] = "PRAGMA data_version";

/* ---- opening ---- */

static int pragma_number(struct catalog *c, const char *sql, int64_t *value, struct err *err)
{
	sqlite3_stmt *st;
	int rc = 0;

	if (sqlite3_prepare_v2(c->db, sql, -1, &st, NULL) != SQLITE_OK)
		return catalog_fail(c, err);
	if (sqlite3_step(st) == SQLITE_ROW)
		*value = sqlite3_column_int64(st, 0);
	else
		rc = catalog_fail(c, err);
	sqlite3_finalize(st);
	return rc;
}

static int older_version(struct catalog *c, int64_t version, struct err *err)
{
	size_t archive = strlen(c->path) - strlen("/catalog.db");

	if (version < CATALOG_OLDEST)
		return err_set(err, ERR_VERSION,
			       "%s: an older program wrote it (catalog version %" PRId64
			       ", this program's is %d); add its files to a new archive",
			       c->path, version, CATALOG_VERSION);
	return err_set(err, ERR_VERSION,
		       "%s: an older program wrote it (catalog version %" PRId64
		       ", this program's is %d); '%s rebuild %.*s' brings it up to date",
		       c->path, version, CATALOG_VERSION, args_name(PROGRAM_INDEXER), (int)archive, c->path);
}

static int check_version(struct catalog *c, struct err *err)
{
	int64_t application = 0, version = 0, tables = 0;
	int rc;

	if ((rc = pragma_number(c, "PRAGMA application_id", &application, err)) < 0 ||
	    (rc = pragma_number(c, "PRAGMA user_version", &version, err)) < 0)
		return rc;
	if (!application && !version &&
	    (rc = pragma_number(c, "SELECT count(*) FROM sqlite_schema", &tables, err)) < 0)
		return rc;
	if (!application && !version && !tables)
		return err_set(err, ERR_NOT_FOUND,
			       "%s: empty, the making of the archive was cut short; '%s add' completes it",
			       c->path, args_name(PROGRAM_INDEXER));
	if (application != APPLICATION_ID)
		return err_set(err, ERR_CORRUPT, "%s: an SQLite file, but not the catalog of an archive",
			       c->path);
	if (version > CATALOG_VERSION)
		return err_set(err, ERR_VERSION,
			       "%s: a newer program wrote it (catalog version %" PRId64
			       ", this program's is %d) and is needed to use it",
			       c->path, version, CATALOG_VERSION);
	return version == CATALOG_VERSION ? 0 : older_version(c, version, err);
}

static int open_db(struct catalog *c, const char *name, int flags, struct err *err)
{
	if (sqlite3_open_v2(name, &c->db, flags | SQLITE_OPEN_NOMUTEX, NULL) != SQLITE_OK)
		return c->db ? catalog_fail(c, err) : err_set(err, ERR_IO, "%s: out of memory", c->path);
	sqlite3_busy_timeout(c->db, BUSY_MS);
	return replay_register(c->db) == SQLITE_OK ? 0 : catalog_fail(c, err);
}

static struct catalog *catalog_new(const char *path)
{
	struct catalog *c = mem_zalloc(1, sizeof *c);

	c->path = mem_strdup(path);
	return c;
}

/* A path as the body of a file: URI. */
static void add_uri_path(struct buf *out, const char *path)
{
	for (; *path; path++) {
		if (strchr("%?#", *path) || (uint8_t)*path >= 0x80)
			buf_addf(out, "%%%02X", (unsigned)(uint8_t)*path);
		else
			buf_add_byte(out, (uint8_t)*path);
	}
}

bool catalog_has_log(const char *path)
{
	struct buf name = BUF_INIT;
	struct stat st;
	bool content;

	buf_addf(&name, "%s-wal", path);
	content = stat(buf_cstr(&name), &st) == 0 && st.st_size > 0;
	buf_release(&name);
	return content;
}

/* Read the file as it stands, without locks: catalog_is_stale tells whether that went well. It has been
 * looked at before it was known to have no log: whoever writes after that look shows in its time. */
static int open_immutable(struct catalog *c, struct err *err)
{
	struct buf uri = BUF_INIT;
	int rc;

	c->immutable = true;
	buf_add_str(&uri, "file:");
	add_uri_path(&uri, c->path);
	buf_add_str(&uri, "?immutable=1");
	rc = open_db(c, buf_cstr(&uri), SQLITE_OPEN_READONLY | SQLITE_OPEN_URI, err);
	buf_release(&uri);
	return rc < 0 ? rc : check_version(c, err);
}

static void close_db(struct catalog *c)
{
	catalog_finalize(c);
	sqlite3_close(c->db);
	c->db = NULL;
	c->immutable = false;
}

/* Where nothing can be written SQLite cannot lock. */
static int reopen_immutable(struct catalog *c, struct err *err)
{
	close_db(c);
	if (stat(c->path, &c->opened) < 0)
		return err_errno(err, "%s", c->path);
	if (!catalog_has_log(c->path))
		return open_immutable(c, err);
	return err_set(
		err, ERR_IO,
		"%s: changes wait in %s-wal, which this read-only place does not let SQLite read; copy the "
		"archive to a place that can be written, or let '%s stats' read it once where it can be",
		c->path, c->path, args_name(PROGRAM_INDEXER));
}

/* Has nobody written the file for so long that its time tells if somebody does? And is all of
 * it in the file? File systems count time in steps of up to two seconds. */
#define REST_SECONDS 3

static bool is_at_rest(struct catalog *c)
{
	struct buf journal = BUF_INIT;
	struct timespec now;
	bool rest;

	buf_addf(&journal, "%s-journal", c->path);
	clock_gettime(CLOCK_REALTIME, &now);
	rest = stat(c->path, &c->opened) == 0 && c->opened.st_mtim.tv_sec < now.tv_sec - REST_SECONDS &&
	       !catalog_has_log(c->path) && access(buf_cstr(&journal), F_OK) < 0;
	buf_release(&journal);
	return rest;
}

static int open_read(struct catalog **out, const char *path, bool unlocked, struct err *err)
{
	struct catalog *c = catalog_new(path);
	int rc = ERR_IO;

	if (unlocked && is_at_rest(c) && (rc = open_immutable(c, err)) < 0)
		close_db(c);
	if (rc < 0) {
		if ((rc = open_db(c, path, SQLITE_OPEN_READWRITE, err)) == 0)
			rc = check_version(c, err);
		if (rc == ERR_IO)
			rc = reopen_immutable(c, err);
	}
	if (rc == 0)
		rc = catalog_run(c, "PRAGMA query_only = 1", err);
	if (rc < 0) {
		catalog_close(c);
		c = NULL;
	}
	*out = c;
	return rc;
}

int catalog_open_read(struct catalog **out, const char *path, struct err *err)
{
	return open_read(out, path, false, err);
}

int catalog_open_unlocked(struct catalog **out, const char *path, struct err *err)
{
	return open_read(out, path, true, err);
}

/* A row with its text has about 1 KiB, and what no longer fits a page is left free: the bigger
 * the page, the less; but a page is read whole. docs/DECISIONS.md has sizes and times. */
#define PAGES_FAST  "PRAGMA page_size = 32768"
#define PAGES_SMALL "PRAGMA page_size = 65536"

static int create_tables(struct catalog *c, enum text_store store, struct err *err)
{
	int64_t tables = 0;
	int rc = pragma_number(c, "SELECT count(*) FROM sqlite_schema", &tables, err);

	if (rc < 0 || tables > 0)
		return rc;
	if ((rc = catalog_run(c, store == STORE_SMALL ? PAGES_SMALL : PAGES_FAST, err)) < 0 ||
	    (rc = catalog_run(c,
			      "PRAGMA auto_vacuum = INCREMENTAL; PRAGMA journal_mode = WAL; BEGIN IMMEDIATE",
			      err)) < 0)
		return rc;
	if ((rc = catalog_run(c, catalog_schema, err)) < 0)
		return rc;
	return catalog_run(c, "COMMIT", err);
}

/* Of a version that can be brought up to date? Others are check_version's to refuse. */
static int upgrade_older(struct catalog *c, const struct catalog_conversion *conversion, struct err *err)
{
	int64_t application = 0, version = 0;
	int rc;

	if ((rc = pragma_number(c, "PRAGMA application_id", &application, err)) < 0 ||
	    (rc = pragma_number(c, "PRAGMA user_version", &version, err)) < 0)
		return rc;
	return application == APPLICATION_ID && version >= CATALOG_OLDEST && version < CATALOG_VERSION
		       ? catalog_upgrade(c, conversion, err)
		       : 0;
}

int catalog_open_write(struct catalog **out, const char *path, enum text_store store,
		       const struct catalog_conversion *conversion, struct err *err)
{
	struct catalog *c = catalog_new(path);
	int rc = open_db(c, path, SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE, err);

	if (rc == 0)
		rc = create_tables(c, store, err);
	if (rc == 0 && conversion)
		rc = upgrade_older(c, conversion, err);
	if (rc == 0)
		rc = check_version(c, err);
	if (rc == 0)
		rc = catalog_run(c,
				 "PRAGMA synchronous = FULL; PRAGMA secure_delete = ON; PRAGMA "
				 "wal_autocheckpoint = 0; "
				 "PRAGMA temp_store = MEMORY",
				 err);
	if (rc == 0)
		rc = catalog_limit_memory(c, CATALOG_MEMORY, err);
	if (rc < 0) {
		catalog_close(c);
		c = NULL;
	}
	*out = c;
	return rc;
}

void catalog_close(struct catalog *c)
{
	if (!c)
		return;
	close_db(c);
	free(c->path);
	free(c);
}

/* ---- transactions and settings ---- */

int catalog_begin_read(struct catalog *c, struct err *err)
{
	return catalog_run(c, "BEGIN", err);
}

int catalog_end_read(struct catalog *c, struct err *err)
{
	catalog_release_row(c);
	return sqlite3_get_autocommit(c->db) ? 0 : catalog_run(c, "COMMIT", err);
}

static bool same_time(const struct timespec *a, const struct timespec *b)
{
	return a->tv_sec == b->tv_sec && a->tv_nsec == b->tv_nsec;
}

bool catalog_is_stale(const struct catalog *c)
{
	struct stat now;

	return c->immutable &&
	       (catalog_has_log(c->path) || stat(c->path, &now) < 0 || now.st_ino != c->opened.st_ino ||
		now.st_size != c->opened.st_size || !same_time(&now.st_mtim, &c->opened.st_mtim) ||
		!same_time(&now.st_ctim, &c->opened.st_ctim));
}

/* A row that is still open would be a read transaction, and SQLite does not wait for another
 * process's short lock (a reader that sets the log's index up) inside of one. */
int catalog_begin(struct catalog *c, struct err *err)
{
	catalog_release_row(c);
	return catalog_run(c, "BEGIN IMMEDIATE", err);
}

int catalog_commit(struct catalog *c, struct err *err)
{
	return catalog_end_read(c, err);
}

int catalog_rollback(struct catalog *c, struct err *err)
{
	return sqlite3_get_autocommit(c->db) ? 0 : catalog_run(c, "ROLLBACK", err);
}

void catalog_write_ahead(struct catalog *c)
{
	sqlite3_file *wal = NULL;

	if (sqlite3_db_cacheflush(c->db) == SQLITE_OK &&
	    sqlite3_file_control(c->db, "main", SQLITE_FCNTL_JOURNAL_POINTER, &wal) == SQLITE_OK && wal &&
	    wal->pMethods)
		wal->pMethods->xSync(wal, SQLITE_SYNC_NORMAL | SQLITE_SYNC_DATAONLY);
}

int catalog_fold(struct catalog *c, struct err *err)
{
	return catalog_run(c, "PRAGMA wal_checkpoint(PASSIVE)", err);
}

int catalog_checkpoint(struct catalog *c, struct err *err)
{
	catalog_release_row(c);
	return catalog_run(c, "PRAGMA wal_checkpoint(TRUNCATE)", err);
}

/* The copy that SQLite makes is as large as the catalog: into a file, not into memory. */
int catalog_compact(struct catalog *c, struct err *err)
{
	int rc;

	catalog_release_row(c);
	rc = catalog_run(c, "PRAGMA temp_store = FILE; VACUUM", err);
	catalog_run(c, "PRAGMA temp_store = MEMORY", NULL);
	return rc < 0 ? rc : catalog_fold(c, err);
}

int catalog_get(struct catalog *c, const char *name, struct buf *out, struct err *err)
{
	sqlite3_stmt *st = catalog_prepare(c, get_sql, err);
	int got;

	if (!st)
		return ERR_IO;
	catalog_bind_text(st, 1, bytes_str(name));
	if ((got = catalog_fetch(c, st, err)) > 0)
		buf_set(out, catalog_column(st, 0));
	return got;
}

int catalog_set(struct catalog *c, const char *name, const char *value, struct err *err)
{
	sqlite3_stmt *st = catalog_prepare(c, set_sql, err);

	if (!st)
		return ERR_IO;
	catalog_bind_text(st, 1, bytes_str(name));
	sqlite3_bind_text(st, 2, value, -1, SQLITE_STATIC);
	return catalog_finish(c, st, err);
}

/* The number lives in `setting`, not in what commits leave behind: that may be removed. */
int catalog_next_seq(struct catalog *c, int64_t *seq, struct err *err)
{
	return catalog_number(c, next_seq_sql, seq, err);
}

int catalog_data_version(struct catalog *c, int64_t *version, struct err *err)
{
	return catalog_number(c, data_version_sql, version, err);
}

int catalog_limit_memory(struct catalog *c, size_t bytes, struct err *err)
{
	char sql[64];

	snprintf(sql, sizeof sql, "PRAGMA cache_size = -%zu", bytes >> 10);
	return catalog_run(c, sql, err);
}
