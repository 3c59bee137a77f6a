#include "archive/catalog.h"
#include "archive/statements.h"
#include "base/civil.h"
#include "base/mem.h"

#define ARTICLE                                                                                              \
	"SELECT a.number, a.seq, a.revision, a.story, a.source, s.name, a.origin, a.offset, o.path, "        \
	"a.date, a.precision, a.method, a.zone, a.title, a.words, a.headline, a.furniture, a.size, "         \
	"a.text "                                                                                            \
	"FROM article a LEFT JOIN source s ON s.id = a.source LEFT JOIN origin o ON o.id = a.origin "

/* The same columns of an older text. */
#define REVISION                                                                                             \
	"SELECT a.article, a.seq, a.revision, 0, a.source, s.name, a.origin, a.offset, o.path, "             \
	"a.date, a.precision, a.method, a.zone, a.title, a.words, a.headline, a.furniture, a.size, "         \
	"a.text "                                                                                            \
	"FROM revision a LEFT JOIN source s ON s.id = a.source LEFT JOIN origin o ON o.id = a.origin "

static const char add_article_sql[] =
	"INSERT INTO article(number, seq, revision, story, source, origin, offset, date, precision, method, "
	"zone, title, words, headline, furniture, size, text) VALUES (NULL, ?1, ?2, ?3, ?4, ?5, ?6, ?7, "
	"?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16)";
static const char add_identity_sql[] = "INSERT OR IGNORE INTO identity(hash, article) VALUES (?1, ?2)";
static const char has_identity_sql[] = "SELECT 1 FROM identity WHERE hash = ?1 AND article = ?2";
static const char keep_revision_sql[] =
	"INSERT INTO revision(article, revision, seq, source, origin, offset, date, precision, method, zone, "
	"title, words, headline, furniture, size, text) SELECT number, revision, seq, source, origin, "
	"offset, "
	"date, precision, method, zone, title, words, headline, furniture, size, text "
	"FROM article WHERE number = ?1";
static const char revise_sql[] =
	"UPDATE article SET seq = ?1, revision = ?2, story = ?3, source = ?4, origin = ?5, offset = ?6, "
	"date = ?7, precision = ?8, method = ?9, zone = ?10, title = ?11, words = ?12, headline = ?13, "
	"furniture = ?14, size = ?15, text = ?16 WHERE number = ?17";
static const char next_revision_sql[] =
	REVISION "WHERE a.article = ?1 AND a.revision > ?2 ORDER BY a.revision LIMIT 1";
static const char article_sql[] = ARTICLE "WHERE a.number = ?1";
static const char indexed_sql[] = "SELECT date, words FROM article WHERE number = ?1";
static const char next_article_sql[] = ARTICLE "WHERE a.number > ?1 ORDER BY a.number LIMIT 1";
static const char identity_sql[] =
	ARTICLE "JOIN identity i ON i.article = a.number WHERE i.hash = ?1 AND i.article > ?2 "
		"ORDER BY i.article LIMIT 1";
static const char source_sql[] = "SELECT id FROM source WHERE name = ?1";
static const char add_source_sql[] = "INSERT INTO source(name) VALUES (?1)";
/* Each is indexed once; counting the rows themselves would read all of them. */
static const char count_articles_sql[] = "SELECT (SELECT ifnull(sum(docs - dead), 0) FROM segment) + "
					 "(SELECT count(*) FROM tail_article)";

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
		catalog_bind_blob(st, 14, a->furniture);
	sqlite3_bind_int64(st, 15, a->size);
	catalog_bind_blob(st, 16, a->frame);
}

int catalog_add_article(struct catalog *c, const struct catalog_article *a, uint32_t identity,
			int64_t *number, struct err *err)
{
	sqlite3_stmt *st = catalog_prepare(c, add_article_sql, err);
	int rc;

	if (!st)
		return ERR_IO;
	bind_article(st, a);
	if ((rc = catalog_finish(c, st, err)) < 0)
		return rc;
	*number = sqlite3_last_insert_rowid(c->db);
	return catalog_add_identity(c, identity, *number, err);
}

int catalog_add_identity(struct catalog *c, uint32_t hash, int64_t number, struct err *err)
{
	sqlite3_stmt *st = catalog_prepare(c, add_identity_sql, err);

	if (!st)
		return ERR_IO;
	sqlite3_bind_int(st, 1, (int32_t)hash);
	sqlite3_bind_int64(st, 2, number);
	return catalog_finish(c, st, err);
}

int catalog_clear_identities(struct catalog *c, struct err *err)
{
	return catalog_run(c, "DELETE FROM identity", err);
}

int catalog_has_identity(struct catalog *c, uint32_t hash, int64_t number, struct err *err)
{
	sqlite3_stmt *st = catalog_prepare(c, has_identity_sql, err);
	int got;

	if (!st)
		return ERR_IO;
	sqlite3_bind_int(st, 1, (int32_t)hash);
	sqlite3_bind_int64(st, 2, number);
	got = catalog_fetch(c, st, err);
	catalog_release_row(c);
	return got;
}

int catalog_revise(struct catalog *c, const struct catalog_article *a, struct err *err)
{
	sqlite3_stmt *st = catalog_prepare(c, keep_revision_sql, err);
	int rc;

	if (!st)
		return ERR_IO;
	sqlite3_bind_int64(st, 1, a->number);
	if ((rc = catalog_finish(c, st, err)) < 0)
		return rc;
	if (!(st = catalog_prepare(c, revise_sql, err)))
		return ERR_IO;
	bind_article(st, a);
	sqlite3_bind_int64(st, 17, a->number);
	return catalog_finish(c, st, err);
}

/* The columns of ARTICLE. */
static void read_article(sqlite3_stmt *st, struct catalog_article *a)
{
	struct bytes precision = catalog_column(st, 10);
	bool dated = sqlite3_column_type(st, 9) != SQLITE_NULL;
	bool zoned = sqlite3_column_type(st, 12) != SQLITE_NULL;

	*a = (struct catalog_article){
		.number = sqlite3_column_int64(st, 0),
		.seq = sqlite3_column_int64(st, 1),
		.revision = sqlite3_column_int64(st, 2),
		.story = sqlite3_column_int64(st, 3),
		.source = sqlite3_column_int64(st, 4),
		.source_name = catalog_column(st, 5),
		.origin = sqlite3_column_int64(st, 6),
		.offset = sqlite3_column_int64(st, 7),
		.path = catalog_column(st, 8),
		.date = dated ? sqlite3_column_int64(st, 9) : CIVIL_NONE,
		.precision = precision.n ? (char)precision.p[0] : 0,
		.method = sqlite3_column_int(st, 11),
		.zone = zoned ? sqlite3_column_int(st, 12) : CATALOG_NO_ZONE,
		.title = catalog_column(st, 13),
		.words = sqlite3_column_int64(st, 14),
		.headline = sqlite3_column_int64(st, 15),
		.furniture = catalog_column(st, 16),
		.size = sqlite3_column_int64(st, 17),
		.frame = catalog_column(st, 18),
	};
}

int catalog_article(struct catalog *c, int64_t number, struct catalog_article *a, struct err *err)
{
	sqlite3_stmt *st = catalog_prepare(c, article_sql, err);
	int got;

	if (!st)
		return ERR_IO;
	sqlite3_bind_int64(st, 1, number);
	if ((got = catalog_fetch(c, st, err)) > 0)
		read_article(st, a);
	return got;
}

int catalog_indexed(struct catalog *c, int64_t number, int64_t *date, int64_t *words, struct err *err)
{
	sqlite3_stmt *st = catalog_prepare(c, indexed_sql, err);
	int got;

	if (!st)
		return ERR_IO;
	sqlite3_bind_int64(st, 1, number);
	if ((got = catalog_fetch(c, st, err)) > 0) {
		*date = sqlite3_column_type(st, 0) == SQLITE_NULL ? CIVIL_NONE : sqlite3_column_int64(st, 0);
		*words = sqlite3_column_int64(st, 1);
	}
	return got;
}

int catalog_find_identity(struct catalog *c, uint32_t identity, int64_t *after, struct catalog_article *a,
			  struct err *err)
{
	sqlite3_stmt *st = catalog_prepare(c, identity_sql, err);
	int got;

	if (!st)
		return ERR_IO;
	sqlite3_bind_int(st, 1, (int32_t)identity);
	sqlite3_bind_int64(st, 2, *after);
	if ((got = catalog_fetch(c, st, err)) > 0) {
		read_article(st, a);
		*after = a->number;
	}
	return got;
}

int catalog_next_article(struct catalog *c, int64_t *after, struct catalog_article *a, struct err *err)
{
	sqlite3_stmt *st = catalog_prepare(c, next_article_sql, err);
	int got;

	if (!st)
		return ERR_IO;
	sqlite3_bind_int64(st, 1, *after);
	if ((got = catalog_fetch(c, st, err)) > 0) {
		read_article(st, a);
		*after = a->number;
	}
	return got;
}

int catalog_next_revision(struct catalog *c, int64_t number, int64_t *after, struct catalog_article *a,
			  struct err *err)
{
	sqlite3_stmt *st = catalog_prepare(c, next_revision_sql, err);
	int got;

	if (!st)
		return ERR_IO;
	sqlite3_bind_int64(st, 1, number);
	sqlite3_bind_int64(st, 2, *after);
	if ((got = catalog_fetch(c, st, err)) > 0) {
		read_article(st, a);
		*after = a->revision;
	}
	return got;
}

int catalog_count_articles(struct catalog *c, int64_t *n, struct err *err)
{
	return catalog_number(c, count_articles_sql, n, err);
}

static int add_source(struct catalog *c, struct bytes name, int64_t *id, struct err *err)
{
	sqlite3_stmt *st = catalog_prepare(c, add_source_sql, err);
	int rc;

	if (!st)
		return ERR_IO;
	catalog_bind_text(st, 1, name);
	rc = catalog_finish(c, st, err);
	*id = sqlite3_last_insert_rowid(c->db);
	return rc;
}

int catalog_source_id(struct catalog *c, struct bytes name, int64_t *id, struct err *err)
{
	sqlite3_stmt *st = catalog_prepare(c, source_sql, err);
	int got;

	if (!st)
		return ERR_IO;
	catalog_bind_text(st, 1, name);
	if ((got = catalog_fetch(c, st, err)) == 0)
		return add_source(c, name, id, err);
	*id = got > 0 ? sqlite3_column_int64(st, 0) : 0;
	return got < 0 ? got : 0;
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
