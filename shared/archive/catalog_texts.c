#include "archive/catalog.h"
#include "archive/statements.h"

static const char dictionary_sql[] = "SELECT bytes FROM dictionary WHERE id = ?1";
static const char newest_dictionary_sql[] = "SELECT bytes FROM dictionary ORDER BY seq DESC LIMIT 1";
static const char add_dictionary_sql[] = "INSERT INTO dictionary(id, seq, bytes) VALUES (?1, ?2, ?3)";
static const char set_frame_sql[] = "UPDATE article SET text = ?2 WHERE number = ?1";
static const char text_bytes_sql[] = "SELECT sum(size) FROM article";

/* The columns of `article` but the last, the text. */
#define COLUMNS                                                                                              \
	"number, seq, revision, story, source, origin, offset, date, precision, method, zone, title, "       \
	"words, headline, furniture, size"

/* The one blob that a statement with an optional parameter finds. The row that a caller
 * may still look at stays. */
static int fetch_dictionary(struct catalog *c, const char *sql, int64_t id, struct buf *out, struct err *err)
{
	sqlite3_stmt *st = catalog_compiled(c, sql, err);
	int got;

	if (!st)
		return ERR_IO;
	if (sqlite3_bind_parameter_count(st))
		sqlite3_bind_int64(st, 1, id);
	if ((got = catalog_peek(c, st, err)) > 0) {
		buf_set(out, catalog_column(st, 0));
		sqlite3_reset(st);
	}
	return got;
}

int catalog_dictionary(struct catalog *c, uint32_t name, struct buf *out, struct err *err)
{
	return fetch_dictionary(c, dictionary_sql, name, out, err);
}

int catalog_newest_dictionary(struct catalog *c, struct buf *out, struct err *err)
{
	return fetch_dictionary(c, newest_dictionary_sql, 0, out, err);
}

int catalog_add_dictionary(struct catalog *c, uint32_t name, int64_t seq, struct bytes dictionary,
			   struct err *err)
{
	sqlite3_stmt *st = catalog_prepare(c, add_dictionary_sql, err);

	if (!st)
		return ERR_IO;
	sqlite3_bind_int64(st, 1, name);
	sqlite3_bind_int64(st, 2, seq);
	catalog_bind_blob(st, 3, dictionary);
	return catalog_finish(c, st, err);
}

int catalog_set_frame(struct catalog *c, int64_t number, struct bytes frame, struct err *err)
{
	sqlite3_stmt *st = catalog_prepare(c, set_frame_sql, err);

	if (!st)
		return ERR_IO;
	sqlite3_bind_int64(st, 1, number);
	catalog_bind_blob(st, 2, frame);
	return catalog_finish(c, st, err);
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
	const void *frame = sqlite3_value_blob(values[0]);

	(void)n;
	r->rc = r->rewrite(r->context, bytes_of(frame, (size_t)sqlite3_value_bytes(values[0])),
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
	static const char sql[] = "CREATE TEMP TABLE aside AS SELECT * FROM article;"
				  "DELETE FROM article;"
				  "INSERT INTO article(" COLUMNS ", text) SELECT " COLUMNS
				  ", rewritten(text, size) FROM aside ORDER BY number;"
				  "DROP TABLE aside;"
				  "UPDATE revision SET text = rewritten(text, size);"
				  "PRAGMA incremental_vacuum";
	struct rewriting r = { .rewrite = rewrite, .context = context, .err = err };
	bool done;
	int rc;

	catalog_release_row(c);
	if (sqlite3_create_function(c->db, "rewritten", 2, SQLITE_UTF8, &r, rewritten, NULL, NULL) !=
	    SQLITE_OK)
		return catalog_fail(c, err);
	done = sqlite3_exec(c->db, sql, NULL, NULL, NULL) == SQLITE_OK;
	rc = done ? 0 : r.rc < 0 ? r.rc : catalog_fail(c, err);
	sqlite3_create_function(c->db, "rewritten", 2, SQLITE_UTF8, NULL, NULL, NULL, NULL);
	buf_release(&r.out);
	return rc;
}

int catalog_text_bytes(struct catalog *c, int64_t *bytes, struct err *err)
{
	return catalog_number(c, text_bytes_sql, bytes, err);
}
