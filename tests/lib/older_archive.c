#include "lib/older_archive.h"

#include "archive/texts.h"
#include "archive/token_replay.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <sqlite3.h>
#include <stdio.h>
#include <zlib.h>

static const char preset[] =
	"The council met on Monday. The harbour board said that it would strike in the end. ";

/* Tables as version 2 had them. */
static const char version_2[] =
	"CREATE TABLE kept AS SELECT * FROM segment; DROP TABLE segment;"
	"CREATE TABLE segment(id INTEGER PRIMARY KEY, seq INTEGER NOT NULL, docs INTEGER NOT NULL,"
	" words INTEGER NOT NULL, bytes INTEGER NOT NULL);"
	"INSERT INTO segment SELECT id, seq, docs, words, bytes FROM kept; DROP TABLE kept;"
	"CREATE TABLE kept AS SELECT * FROM origin; DROP TABLE origin;"
	"CREATE TABLE origin(id INTEGER PRIMARY KEY, path TEXT NOT NULL);"
	"INSERT INTO origin SELECT id, path FROM kept; DROP TABLE kept;"
	"DROP TABLE tail_term; DROP TABLE tail; DROP TABLE tail_article; DROP TABLE revision;"
	"DELETE FROM setting WHERE name = 'seq'";

struct older {
	sqlite3 *db;
	struct text_decompressor *decompressor;
	struct text_dictionary *dictionary;
	z_stream z;
	unsigned block, piece;
	struct buf text, stream;
};

static void run(struct older *o, const char *sql)
{
	if (sqlite3_exec(o->db, sql, NULL, NULL, NULL) != SQLITE_OK)
		fail_msg("%s: %s", sql, sqlite3_errmsg(o->db));
}

static struct bytes column(sqlite3_value *v)
{
	const void *p = sqlite3_value_blob(v);

	return bytes_of(p, (size_t)sqlite3_value_bytes(v));
}

/* Deflate o->text into o->stream, from its header on or as the next piece. */
static void deflate_text(struct older *o, bool begin, bool piece)
{
	size_t bound = deflateBound(&o->z, o->text.n) + 16;
	uint32_t check = (uint32_t)adler32_z(1, o->text.p, o->text.n);

	if (begin) {
		assert_int_equal(deflateReset(&o->z), Z_OK);
		assert_int_equal(deflateSetDictionary(&o->z, (const Bytef *)preset, sizeof preset - 1), Z_OK);
	}
	buf_reset(&o->stream);
	o->z.next_in = o->text.p;
	o->z.avail_in = (uInt)o->text.n;
	o->z.next_out = buf_reserve(&o->stream, bound);
	o->z.avail_out = (uInt)bound;
	assert_int_equal(deflate(&o->z, piece ? Z_SYNC_FLUSH : Z_FINISH), piece ? Z_OK : Z_STREAM_END);
	o->stream.n = bound - o->z.avail_out;
	if (!piece)
		return;
	o->stream.n -= 4; /* 00 00 FF FF */
	for (int i = 24; i >= 0; i -= 8)
		buf_add_byte(&o->stream, (uint8_t)(check >> i));
}

/* The SQL function older(text, size, in_block). */
static void older_text(sqlite3_context *call, int n, sqlite3_value **values)
{
	struct older *o = sqlite3_user_data(call);
	bool piece = sqlite3_value_int(values[2]);

	(void)n;
	assert_int_equal(text_decompress(o->decompressor, column(values[0]), o->dictionary,
					 (uint64_t)sqlite3_value_int64(values[1]), &o->text),
			 0);
	if (piece)
		o->piece = o->piece % o->block + 1;
	deflate_text(o, !piece || o->piece == 1, piece);
	sqlite3_result_blob64(call, o->stream.p, o->stream.n, SQLITE_TRANSIENT);
}

static void take_dictionary(struct older *o)
{
	sqlite3_stmt *st;

	assert_int_equal(sqlite3_prepare_v2(o->db, "SELECT bytes, id FROM dictionary", -1, &st, NULL),
			 SQLITE_OK);
	if (sqlite3_step(st) == SQLITE_ROW)
		o->dictionary = text_dictionary_new(column(sqlite3_column_value(st, 0)),
						    (uint32_t)sqlite3_column_int64(st, 1));
	assert_int_equal(sqlite3_step(st), SQLITE_DONE); /* one at most */
	sqlite3_finalize(st);
}

static void store_dictionary(struct older *o)
{
	sqlite3_stmt *st;

	run(o, "DELETE FROM dictionary");
	assert_int_equal(
		sqlite3_prepare_v2(o->db, "INSERT INTO dictionary VALUES (?1, 1, ?2)", -1, &st, NULL),
		SQLITE_OK);
	sqlite3_bind_int64(st, 1, (sqlite3_int64)adler32_z(1, (const Bytef *)preset, sizeof preset - 1));
	sqlite3_bind_blob(st, 2, preset, sizeof preset - 1, SQLITE_STATIC);
	assert_int_equal(sqlite3_step(st), SQLITE_DONE);
	sqlite3_finalize(st);
}

/* Numbers are in a row, so that every piece but the first goes on from the number before. */
static void store_blocks(struct older *o)
{
	char sql[400];

	run(o, "ALTER TABLE article ADD COLUMN piece INTEGER");
	snprintf(sql, sizeof sql,
		 "CREATE TEMP TABLE aside AS SELECT number n, older(text, size, 1) t FROM article ORDER BY "
		 "number;"
		 "UPDATE article SET piece = (number - 1) %% %u + 1, text = (SELECT t FROM aside WHERE n = "
		 "number);"
		 "DROP TABLE aside",
		 o->block);
	run(o, sql);
}

void older_archive(const char *path, int version, unsigned block)
{
	struct older o = { .block = block, .decompressor = text_decompressor_new() };
	char name[500], sql[40];

	snprintf(name, sizeof name, "%s/catalog.db", path);
	assert_int_equal(sqlite3_open(name, &o.db), SQLITE_OK);
	assert_int_equal(replay_register(o.db), SQLITE_OK);
	assert_int_equal(deflateInit(&o.z, 6), Z_OK);
	sqlite3_create_function(o.db, "older", 3, SQLITE_UTF8, &o, older_text, NULL, NULL);
	take_dictionary(&o);
	if (block)
		store_blocks(&o);
	else
		run(&o, "UPDATE article SET text = older(text, size, 0)");
	run(&o, "UPDATE revision SET text = older(text, size, 0)");
	store_dictionary(&o);
	if (version == 2)
		run(&o, version_2);
	snprintf(sql, sizeof sql, "PRAGMA user_version = %d", version);
	run(&o, sql);
	assert_int_equal(sqlite3_close(o.db), SQLITE_OK);
	deflateEnd(&o.z);
	text_decompressor_free(o.decompressor);
	text_dictionary_free(o.dictionary);
	buf_release(&o.text);
	buf_release(&o.stream);
}
