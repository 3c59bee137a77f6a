#include "archive/catalog.h"

#include "archive/args.h"
#include "base/civil.h"
#include "base/mem.h"

#include <errno.h>
#include <inttypes.h>
#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>

#define APPLICATION_ID 0x4D4F5247 /* "MORG" */
#define BUSY_MS        5000       /* wait this long for another process's short locks */

/* The statements, prepared when first used. */
enum statement {
	ST_GET,
	ST_SET,
	ST_ADD_ARTICLE,
	ST_ADD_IDENTITY,
	ST_ARTICLE,
	ST_NEXT_ARTICLE,
	ST_IDENTITY,
	ST_TEXT_BYTES,
	ST_DICTIONARY,
	ST_NEWEST_DICTIONARY,
	ST_ADD_DICTIONARY,
	ST_SOURCE,
	ST_ADD_SOURCE,
	ST_ADD_ORIGIN,
	ST_LAST_SEQ,
	ST_LAST_SEGMENT,
	ST_COUNT_ARTICLES,
	ST_ADD_SEGMENT,
	ST_NEXT_SEGMENT,
	ST_DATA_VERSION,
	ST_REMOVE_SEGMENT,
	ST_COUNT
};

/* The columns of `article` but the last, the text. */
#define COLUMNS                                                                                              \
	"number, seq, revision, story, source, origin, offset, date, precision, method, zone, title, "       \
	"words, "                                                                                            \
	"headline, furniture, size"

#define ARTICLE                                                                                              \
	"SELECT a.number, a.seq, a.revision, a.story, a.source, s.name, a.origin, a.offset, o.path, "        \
	"a.date, "                                                                                           \
	"a.precision, a.method, a.zone, a.title, a.words, a.headline, a.furniture, a.size, a.text "          \
	"FROM article a LEFT JOIN source s ON s.id = a.source LEFT JOIN origin o ON o.id = a.origin "

static const char *const statements[ST_COUNT] = {
	[ST_GET] = "SELECT value FROM setting WHERE name = ?1",
	[ST_SET] = "INSERT OR REPLACE INTO setting(name, value) VALUES (?1, ?2)",
	[ST_ADD_ARTICLE] = "INSERT INTO article(" COLUMNS ", text) VALUES (NULL, ?1, ?2, ?3, ?4, ?5, ?6, ?7, "
			   "?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16)",
	[ST_ADD_IDENTITY] = "INSERT INTO identity(hash, article) VALUES (?1, ?2)",
	[ST_ARTICLE] = ARTICLE "WHERE a.number = ?1",
	[ST_NEXT_ARTICLE] = ARTICLE "WHERE a.number > ?1 ORDER BY a.number LIMIT 1",
	[ST_IDENTITY] = ARTICLE "WHERE a.number = (SELECT article FROM identity WHERE hash = ?1 AND "
				"article > ?2 ORDER BY article LIMIT 1)",
	[ST_TEXT_BYTES] = "SELECT sum(size) FROM article",
	[ST_DICTIONARY] = "SELECT bytes FROM dictionary WHERE id = ?1",
	[ST_NEWEST_DICTIONARY] = "SELECT bytes FROM dictionary ORDER BY seq DESC LIMIT 1",
	[ST_ADD_DICTIONARY] = "INSERT INTO dictionary(id, seq, bytes) VALUES (?1, ?2, ?3)",
	[ST_SOURCE] = "SELECT id FROM source WHERE name = ?1",
	[ST_ADD_SOURCE] = "INSERT INTO source(name) VALUES (?1)",
	[ST_ADD_ORIGIN] = "INSERT INTO origin(path) VALUES (?1)",
	[ST_LAST_SEQ] = "SELECT max(seq) FROM segment",
	[ST_LAST_SEGMENT] = "SELECT max(id) FROM segment",
	[ST_COUNT_ARTICLES] = "SELECT count(*) FROM article",
	[ST_ADD_SEGMENT] = "INSERT INTO segment(id, seq, docs, words, bytes) VALUES (?1, ?2, ?3, ?4, ?5)",
	[ST_NEXT_SEGMENT] =
		"SELECT id, seq, docs, words, bytes FROM segment WHERE id > ?1 ORDER BY id LIMIT 1",
	[ST_DATA_VERSION] = "PRAGMA data_version",
	[ST_REMOVE_SEGMENT] = "DELETE FROM segment WHERE id = ?1",
};

static const char schema[] =
	"PRAGMA application_id = 1297044039;"
	"CREATE TABLE setting(name TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;"
	"CREATE TABLE source(id INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE);"
	"CREATE TABLE origin(id INTEGER PRIMARY KEY, path TEXT NOT NULL);"
	"CREATE TABLE segment(id INTEGER PRIMARY KEY, seq INTEGER NOT NULL, docs INTEGER NOT NULL,"
	" words INTEGER NOT NULL, bytes INTEGER NOT NULL);"
	"CREATE TABLE dictionary(id INTEGER PRIMARY KEY, seq INTEGER NOT NULL, bytes BLOB NOT NULL);"
	"CREATE TABLE article(number INTEGER PRIMARY KEY AUTOINCREMENT, seq INTEGER NOT NULL,"
	" revision INTEGER NOT NULL, story INTEGER NOT NULL, source INTEGER REFERENCES source(id),"
	" origin INTEGER REFERENCES origin(id), offset INTEGER, date INTEGER, precision TEXT,"
	" method INTEGER NOT NULL, zone INTEGER, title TEXT NOT NULL, words INTEGER NOT NULL,"
	" headline INTEGER NOT NULL, furniture BLOB, size INTEGER NOT NULL, text BLOB NOT NULL);"
	"CREATE TABLE identity(hash INTEGER NOT NULL, article INTEGER NOT NULL REFERENCES article(number),"
	" PRIMARY KEY(hash, article)) WITHOUT ROWID;"
	"PRAGMA user_version = 2;";
_Static_assert(APPLICATION_ID == 1297044039, "the schema spells it in decimal");
_Static_assert(CATALOG_VERSION == 2, "the schema names it");

struct catalog {
	sqlite3 *db;
	char *path;
	sqlite3_stmt *st[ST_COUNT];
	enum statement busy; /* the statement whose row a caller may still look at */
	bool immutable;      /* opened where SQLite cannot lock */
	struct stat opened;  /* the file then */
};

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

static int fail(struct catalog *c, struct err *err)
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

static int run(struct catalog *c, const char *sql, struct err *err)
{
	return sqlite3_exec(c->db, sql, NULL, NULL, NULL) == SQLITE_OK ? 0 : fail(c, err);
}

/* The caller is done with the row it was given last. */
static void release_row(struct catalog *c)
{
	if (c->busy != ST_COUNT)
		sqlite3_reset(c->st[c->busy]);
	c->busy = ST_COUNT;
}

/* The statement, compiled; NULL on an error. */
static sqlite3_stmt *compiled(struct catalog *c, enum statement which, struct err *err)
{
	if (!c->st[which] && sqlite3_prepare_v3(c->db, statements[which], -1, SQLITE_PREPARE_PERSISTENT,
						&c->st[which], NULL) != SQLITE_OK) {
		fail(c, err);
		return NULL;
	}
	return c->st[which];
}

/* The statement, ready for parameters; NULL on an error. */
static sqlite3_stmt *prepare(struct catalog *c, enum statement which, struct err *err)
{
	release_row(c);
	return compiled(c, which, err);
}

/* Run a statement that returns no row. */
static int finish(struct catalog *c, sqlite3_stmt *st, struct err *err)
{
	int rc = sqlite3_step(st) == SQLITE_DONE ? 0 : fail(c, err);

	sqlite3_reset(st);
	sqlite3_clear_bindings(st);
	return rc;
}

/* Step to a row: 1 there (the statement stays busy until the next prepare), 0 none. */
static int fetch(struct catalog *c, enum statement which, struct err *err)
{
	int rc = sqlite3_step(c->st[which]);

	if (rc == SQLITE_ROW) {
		c->busy = which;
		return 1;
	}
	if (rc != SQLITE_DONE)
		return fail(c, err);
	sqlite3_reset(c->st[which]);
	return 0;
}

static void bind_text(sqlite3_stmt *st, int i, struct bytes s)
{
	if (s.n)
		sqlite3_bind_text64(st, i, (const char *)s.p, s.n, SQLITE_STATIC, SQLITE_UTF8);
	else
		sqlite3_bind_null(st, i);
}

static struct bytes column_bytes(sqlite3_stmt *st, int i)
{
	const void *p = sqlite3_column_blob(st, i);

	return bytes_of(p, p ? (size_t)sqlite3_column_bytes(st, i) : 0);
}

/* ---- opening ---- */

static int pragma_number(struct catalog *c, const char *sql, int64_t *value, struct err *err)
{
	sqlite3_stmt *st;
	int rc = 0;

	if (sqlite3_prepare_v2(c->db, sql, -1, &st, NULL) != SQLITE_OK)
		return fail(c, err);
	if (sqlite3_step(st) == SQLITE_ROW)
		*value = sqlite3_column_int64(st, 0);
	else
		rc = fail(c, err);
	sqlite3_finalize(st);
	return rc;
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
	if (version != CATALOG_VERSION)
		return err_set(err, ERR_VERSION, "%s: catalog version %" PRId64 "; this program's is %d",
			       c->path, version, CATALOG_VERSION);
	return 0;
}

static int open_db(struct catalog *c, const char *name, int flags, struct err *err)
{
	if (sqlite3_open_v2(name, &c->db, flags | SQLITE_OPEN_NOMUTEX, NULL) != SQLITE_OK)
		return c->db ? fail(c, err) : err_set(err, ERR_IO, "%s: out of memory", c->path);
	sqlite3_busy_timeout(c->db, BUSY_MS);
	return 0;
}

static struct catalog *catalog_new(const char *path)
{
	struct catalog *c = mem_zalloc(1, sizeof *c);

	c->path = mem_strdup(path);
	c->busy = ST_COUNT;
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

/* Where nothing can be written SQLite cannot lock: read the file as it stands. */
static int reopen_immutable(struct catalog *c, struct err *err)
{
	struct buf uri = BUF_INIT;
	int rc;

	sqlite3_close(c->db);
	c->db = NULL;
	if (catalog_has_log(c->path))
		return err_set(
			err, ERR_IO,
			"%s: changes wait in %s-wal, which this read-only place does not let SQLite read; "
			"copy the archive to a place that can be written",
			c->path, c->path);
	c->immutable = true;
	if (stat(c->path, &c->opened) < 0)
		return err_errno(err, "%s", c->path);
	buf_add_str(&uri, "file:");
	add_uri_path(&uri, c->path);
	buf_add_str(&uri, "?immutable=1");
	rc = open_db(c, buf_cstr(&uri), SQLITE_OPEN_READONLY | SQLITE_OPEN_URI, err);
	buf_release(&uri);
	return rc < 0 ? rc : check_version(c, err);
}

int catalog_open_read(struct catalog **out, const char *path, struct err *err)
{
	struct catalog *c = catalog_new(path);
	int rc = open_db(c, path, SQLITE_OPEN_READWRITE, err);

	if (rc == 0)
		rc = check_version(c, err);
	if (rc == ERR_IO)
		rc = reopen_immutable(c, err);
	if (rc == 0)
		rc = run(c, "PRAGMA query_only = 1", err);
	if (rc < 0) {
		catalog_close(c);
		c = NULL;
	}
	*out = c;
	return rc;
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
	if ((rc = run(c, store == STORE_SMALL ? PAGES_SMALL : PAGES_FAST, err)) < 0 ||
	    (rc = run(c, "PRAGMA auto_vacuum = INCREMENTAL; PRAGMA journal_mode = WAL; BEGIN IMMEDIATE",
		      err)) < 0)
		return rc;
	if ((rc = run(c, schema, err)) < 0)
		return rc;
	return run(c, "COMMIT", err);
}

int catalog_open_write(struct catalog **out, const char *path, enum text_store store, struct err *err)
{
	struct catalog *c = catalog_new(path);
	int rc = open_db(c, path, SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE, err);

	if (rc == 0)
		rc = create_tables(c, store, err);
	if (rc == 0)
		rc = check_version(c, err);
	if (rc == 0)
		rc = run(c,
			 "PRAGMA synchronous = FULL; PRAGMA wal_autocheckpoint = 0; PRAGMA cache_size = "
			 "-65536; PRAGMA temp_store = MEMORY",
			 err);
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
	for (int i = 0; i < ST_COUNT; i++)
		sqlite3_finalize(c->st[i]);
	sqlite3_close(c->db);
	free(c->path);
	free(c);
}

/* ---- transactions and settings ---- */

int catalog_begin_read(struct catalog *c, struct err *err)
{
	return run(c, "BEGIN", err);
}

int catalog_end_read(struct catalog *c, struct err *err)
{
	release_row(c);
	return sqlite3_get_autocommit(c->db) ? 0 : run(c, "COMMIT", err);
}

bool catalog_is_stale(const struct catalog *c)
{
	struct stat now;

	return c->immutable &&
	       (catalog_has_log(c->path) || stat(c->path, &now) < 0 || now.st_ino != c->opened.st_ino ||
		now.st_size != c->opened.st_size || now.st_mtim.tv_sec != c->opened.st_mtim.tv_sec ||
		now.st_mtim.tv_nsec != c->opened.st_mtim.tv_nsec);
}

/* A row that is still open would be a read transaction, and SQLite does not wait for another
 * process's short lock (a reader that sets the log's index up) inside of one. */
int catalog_begin(struct catalog *c, struct err *err)
{
	release_row(c);
	return run(c, "BEGIN IMMEDIATE", err);
}

int catalog_commit(struct catalog *c, struct err *err)
{
	return catalog_end_read(c, err);
}

int catalog_rollback(struct catalog *c, struct err *err)
{
	return sqlite3_get_autocommit(c->db) ? 0 : run(c, "ROLLBACK", err);
}

int catalog_fold(struct catalog *c, struct err *err)
{
	return run(c, "PRAGMA wal_checkpoint(PASSIVE)", err);
}

int catalog_checkpoint(struct catalog *c, struct err *err)
{
	release_row(c);
	return run(c, "PRAGMA wal_checkpoint(TRUNCATE)", err);
}

int catalog_get(struct catalog *c, const char *name, struct buf *out, struct err *err)
{
	sqlite3_stmt *st = prepare(c, ST_GET, err);
	int got;

	if (!st)
		return ERR_IO;
	bind_text(st, 1, bytes_str(name));
	if ((got = fetch(c, ST_GET, err)) > 0)
		buf_set(out, column_bytes(st, 0));
	return got;
}

int catalog_set(struct catalog *c, const char *name, const char *value, struct err *err)
{
	sqlite3_stmt *st = prepare(c, ST_SET, err);

	if (!st)
		return ERR_IO;
	bind_text(st, 1, bytes_str(name));
	sqlite3_bind_text(st, 2, value, -1, SQLITE_STATIC);
	return finish(c, st, err);
}

/* ---- articles ---- */

static void bind_blob(sqlite3_stmt *st, int i, struct bytes s)
{
	sqlite3_bind_blob64(st, i, s.p, s.n, SQLITE_STATIC);
}

static void bind_article(sqlite3_stmt *st, const struct catalog_article *a)
{
	char precision[2] = { a->precision, 0 };

	sqlite3_bind_int64(st, 1, a->seq);
	sqlite3_bind_int64(st, 2, a->revision);
	sqlite3_bind_int64(st, 3, a->story);
	if (a->source)
		sqlite3_bind_int64(st, 4, a->source);
	if (a->origin)
		sqlite3_bind_int64(st, 5, a->origin);
	sqlite3_bind_int64(st, 6, a->offset);
	if (a->date != CIVIL_NONE) {
		sqlite3_bind_int64(st, 7, a->date);
		sqlite3_bind_text(st, 8, precision, 1, SQLITE_TRANSIENT);
		if (a->zone != CATALOG_NO_ZONE)
			sqlite3_bind_int(st, 10, a->zone);
	}
	sqlite3_bind_int(st, 9, a->method);
	sqlite3_bind_text64(st, 11, a->title.n ? (const char *)a->title.p : "", a->title.n, SQLITE_STATIC,
			    SQLITE_UTF8);
	sqlite3_bind_int64(st, 12, a->words);
	sqlite3_bind_int64(st, 13, a->headline);
	if (a->furniture.n)
		bind_blob(st, 14, a->furniture);
	sqlite3_bind_int64(st, 15, a->size);
	bind_blob(st, 16, a->stream);
}

int catalog_add_article(struct catalog *c, const struct catalog_article *a, uint32_t identity,
			int64_t *number, struct err *err)
{
	sqlite3_stmt *st = prepare(c, ST_ADD_ARTICLE, err);
	int rc;

	if (!st)
		return ERR_IO;
	bind_article(st, a);
	if ((rc = finish(c, st, err)) < 0)
		return rc;
	*number = sqlite3_last_insert_rowid(c->db);
	if (!(st = prepare(c, ST_ADD_IDENTITY, err)))
		return ERR_IO;
	sqlite3_bind_int(st, 1, (int32_t)identity);
	sqlite3_bind_int64(st, 2, *number);
	return finish(c, st, err);
}

/* The columns of ARTICLE. */
static void read_article(sqlite3_stmt *st, struct catalog_article *a)
{
	struct bytes precision = column_bytes(st, 10);
	bool dated = sqlite3_column_type(st, 9) != SQLITE_NULL;
	bool zoned = sqlite3_column_type(st, 12) != SQLITE_NULL;

	*a = (struct catalog_article){
		.number = sqlite3_column_int64(st, 0),
		.seq = sqlite3_column_int64(st, 1),
		.revision = sqlite3_column_int64(st, 2),
		.story = sqlite3_column_int64(st, 3),
		.source = sqlite3_column_int64(st, 4),
		.source_name = column_bytes(st, 5),
		.origin = sqlite3_column_int64(st, 6),
		.offset = sqlite3_column_int64(st, 7),
		.path = column_bytes(st, 8),
		.date = dated ? sqlite3_column_int64(st, 9) : CIVIL_NONE,
		.precision = precision.n ? (char)precision.p[0] : 0,
		.method = sqlite3_column_int(st, 11),
		.zone = zoned ? sqlite3_column_int(st, 12) : CATALOG_NO_ZONE,
		.title = column_bytes(st, 13),
		.words = sqlite3_column_int64(st, 14),
		.headline = sqlite3_column_int64(st, 15),
		.furniture = column_bytes(st, 16),
		.size = sqlite3_column_int64(st, 17),
		.stream = column_bytes(st, 18),
	};
}

int catalog_article(struct catalog *c, int64_t number, struct catalog_article *a, struct err *err)
{
	sqlite3_stmt *st = prepare(c, ST_ARTICLE, err);
	int got;

	if (!st)
		return ERR_IO;
	sqlite3_bind_int64(st, 1, number);
	if ((got = fetch(c, ST_ARTICLE, err)) > 0)
		read_article(st, a);
	return got;
}

int catalog_find_identity(struct catalog *c, uint32_t identity, int64_t *after, struct catalog_article *a,
			  struct err *err)
{
	sqlite3_stmt *st = prepare(c, ST_IDENTITY, err);
	int got;

	if (!st)
		return ERR_IO;
	sqlite3_bind_int(st, 1, (int32_t)identity);
	sqlite3_bind_int64(st, 2, *after);
	if ((got = fetch(c, ST_IDENTITY, err)) > 0) {
		read_article(st, a);
		*after = a->number;
	}
	return got;
}

int catalog_next_article(struct catalog *c, int64_t *after, struct catalog_article *a, struct err *err)
{
	sqlite3_stmt *st = prepare(c, ST_NEXT_ARTICLE, err);
	int got;

	if (!st)
		return ERR_IO;
	sqlite3_bind_int64(st, 1, *after);
	if ((got = fetch(c, ST_NEXT_ARTICLE, err)) > 0) {
		read_article(st, a);
		*after = a->number;
	}
	return got;
}

/* ---- preset dictionaries ---- */

/* The one blob that a statement with an optional parameter finds. The row that a caller
 * may still look at stays. */
static int fetch_dictionary(struct catalog *c, enum statement which, int64_t id, struct buf *out,
			    struct err *err)
{
	sqlite3_stmt *st = compiled(c, which, err);
	int got;

	if (!st)
		return ERR_IO;
	if (sqlite3_bind_parameter_count(st))
		sqlite3_bind_int64(st, 1, id);
	switch (sqlite3_step(st)) {
	case SQLITE_ROW:
		buf_set(out, column_bytes(st, 0));
		got = 1;
		break;
	case SQLITE_DONE: got = 0; break;
	default: got = fail(c, err);
	}
	sqlite3_reset(st);
	return got;
}

int catalog_dictionary(struct catalog *c, uint32_t id, struct buf *out, struct err *err)
{
	return fetch_dictionary(c, ST_DICTIONARY, id, out, err);
}

int catalog_newest_dictionary(struct catalog *c, struct buf *out, struct err *err)
{
	return fetch_dictionary(c, ST_NEWEST_DICTIONARY, 0, out, err);
}

int catalog_add_dictionary(struct catalog *c, uint32_t id, int64_t seq, struct bytes dictionary,
			   struct err *err)
{
	sqlite3_stmt *st = prepare(c, ST_ADD_DICTIONARY, err);

	if (!st)
		return ERR_IO;
	sqlite3_bind_int64(st, 1, id);
	sqlite3_bind_int64(st, 2, seq);
	bind_blob(st, 3, dictionary);
	return finish(c, st, err);
}

struct rewriting {
	catalog_rewrite *rewrite;
	void *context;
	struct buf out;
	int rc;
	struct err *err;
};

/* The SQL function rewritten(text, size). */
static void rewritten(sqlite3_context *call, int n, sqlite3_value **values)
{
	struct rewriting *r = sqlite3_user_data(call);
	const void *stream = sqlite3_value_blob(values[0]);

	(void)n;
	r->rc = r->rewrite(r->context, bytes_of(stream, (size_t)sqlite3_value_bytes(values[0])),
			   sqlite3_value_int64(values[1]), &r->out, r->err);
	if (r->rc < 0)
		sqlite3_result_error(call, "not rewritten", -1);
	else
		sqlite3_result_blob64(call, r->out.p, r->out.n, SQLITE_TRANSIENT);
}

/* Rows that only shrink would leave their pages half empty, so they are all taken out
 * and put back, and the pages that they need no more go. */
int catalog_rewrite_texts(struct catalog *c, catalog_rewrite *rewrite, void *context, struct err *err)
{
	static const char sql[] =
		"CREATE TEMP TABLE aside AS SELECT * FROM article;"
		"DELETE FROM article;"
		"INSERT INTO article SELECT " COLUMNS ", rewritten(text, size) FROM aside ORDER BY number;"
		"DROP TABLE aside;"
		"PRAGMA incremental_vacuum";
	struct rewriting r = { .rewrite = rewrite, .context = context, .err = err };
	bool done;
	int rc;

	release_row(c);
	if (sqlite3_create_function(c->db, "rewritten", 2, SQLITE_UTF8, &r, rewritten, NULL, NULL) !=
	    SQLITE_OK)
		return fail(c, err);
	done = sqlite3_exec(c->db, sql, NULL, NULL, NULL) == SQLITE_OK;
	rc = done ? 0 : r.rc < 0 ? r.rc : fail(c, err);
	sqlite3_create_function(c->db, "rewritten", 2, SQLITE_UTF8, NULL, NULL, NULL, NULL);
	buf_release(&r.out);
	return rc;
}

/* Add a name to one of the two name tables. */
static int add_name(struct catalog *c, enum statement which, struct bytes name, int64_t *id, struct err *err)
{
	sqlite3_stmt *st = prepare(c, which, err);
	int rc;

	if (!st)
		return ERR_IO;
	bind_text(st, 1, name);
	rc = finish(c, st, err);
	*id = sqlite3_last_insert_rowid(c->db);
	return rc;
}

int catalog_source_id(struct catalog *c, struct bytes name, int64_t *id, struct err *err)
{
	sqlite3_stmt *st = prepare(c, ST_SOURCE, err);
	int got;

	if (!st)
		return ERR_IO;
	bind_text(st, 1, name);
	if ((got = fetch(c, ST_SOURCE, err)) == 0)
		return add_name(c, ST_ADD_SOURCE, name, id, err);
	*id = got > 0 ? sqlite3_column_int64(st, 0) : 0;
	return got < 0 ? got : 0;
}

int catalog_add_origin(struct catalog *c, struct bytes path, int64_t *id, struct err *err)
{
	return add_name(c, ST_ADD_ORIGIN, path, id, err);
}

/* A statement without parameters that returns one number. */
static int one_number(struct catalog *c, enum statement which, int64_t *value, struct err *err)
{
	sqlite3_stmt *st = prepare(c, which, err);
	int got;

	if (!st)
		return ERR_IO;
	got = fetch(c, which, err);
	*value = got > 0 ? sqlite3_column_int64(st, 0) : 0;
	return got < 0 ? got : 0;
}

int catalog_data_version(struct catalog *c, int64_t *version, struct err *err)
{
	return one_number(c, ST_DATA_VERSION, version, err);
}

int catalog_last_seq(struct catalog *c, int64_t *seq, struct err *err)
{
	return one_number(c, ST_LAST_SEQ, seq, err);
}

int catalog_last_segment(struct catalog *c, int64_t *id, struct err *err)
{
	return one_number(c, ST_LAST_SEGMENT, id, err);
}

int catalog_text_bytes(struct catalog *c, int64_t *bytes, struct err *err)
{
	return one_number(c, ST_TEXT_BYTES, bytes, err);
}

int catalog_count_articles(struct catalog *c, int64_t *n, struct err *err)
{
	return one_number(c, ST_COUNT_ARTICLES, n, err);
}

int catalog_add_segment(struct catalog *c, const struct catalog_segment *s, struct err *err)
{
	sqlite3_stmt *st = prepare(c, ST_ADD_SEGMENT, err);

	if (!st)
		return ERR_IO;
	sqlite3_bind_int64(st, 1, s->id);
	sqlite3_bind_int64(st, 2, s->seq);
	sqlite3_bind_int64(st, 3, s->docs);
	sqlite3_bind_int64(st, 4, s->words);
	sqlite3_bind_int64(st, 5, s->bytes);
	return finish(c, st, err);
}

int catalog_next_segment(struct catalog *c, int64_t *after, struct catalog_segment *s, struct err *err)
{
	sqlite3_stmt *st = prepare(c, ST_NEXT_SEGMENT, err);
	int got;

	if (!st)
		return ERR_IO;
	sqlite3_bind_int64(st, 1, *after);
	if ((got = fetch(c, ST_NEXT_SEGMENT, err)) > 0) {
		s->id = *after = sqlite3_column_int64(st, 0);
		s->seq = sqlite3_column_int64(st, 1);
		s->docs = sqlite3_column_int64(st, 2);
		s->words = sqlite3_column_int64(st, 3);
		s->bytes = sqlite3_column_int64(st, 4);
	}
	return got;
}

int catalog_remove_segment(struct catalog *c, int64_t id, struct err *err)
{
	sqlite3_stmt *st = prepare(c, ST_REMOVE_SEGMENT, err);

	if (!st)
		return ERR_IO;
	sqlite3_bind_int64(st, 1, id);
	return finish(c, st, err);
}

/* ---- furniture ---- */

void furniture_put(struct buf *out, const struct range *ranges, size_t n)
{
	uint32_t at = 0;

	for (size_t i = 0; i < n; i++) {
		buf_add_varint(out, ranges[i].start - at);
		buf_add_varint(out, ranges[i].end - ranges[i].start);
		at = ranges[i].end;
	}
}

int furniture_get(struct bytes blob, int64_t size, struct range **ranges, size_t *n, size_t *cap)
{
	const uint8_t *p = blob.p, *end;
	uint64_t at = 0;

	*n = 0;
	if (!blob.n)
		return 0;
	end = p + blob.n;
	while (p < end) {
		uint32_t gap, length;

		p = varint_get32(p, end, &gap);
		p = varint_get32(p, end, &length);
		if (!p || at + gap + length > (uint64_t)size)
			return ERR_CORRUPT;
		MEM_GROW(*ranges, *cap, *n + 1);
		(*ranges)[(*n)++] = (struct range){ (uint32_t)(at + gap), (uint32_t)(at + gap + length) };
		at += (uint64_t)gap + length;
	}
	return 0;
}
