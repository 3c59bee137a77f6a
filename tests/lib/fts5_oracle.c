#include "lib/fts5_oracle.h"

#include "base/mem.h"
#include "text/forms.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <sqlite3.h>
#include <stdlib.h>

enum { STEMS, FORMS };

/* ---- the tokenizer: what it is given are tokens already ----
 * stream := (kind token LF)*      kind: 'w' takes the next position, '+' colocated */

static int replay_create(void *context, const char **args, int nargs, Fts5Tokenizer **out)
{
	(void)context, (void)args, (void)nargs;
	*out = (Fts5Tokenizer *)mem_alloc(1);
	return SQLITE_OK;
}

static void replay_delete(Fts5Tokenizer *t)
{
	free(t);
}

static int replay(Fts5Tokenizer *t, void *context, int flags, const char *text, int n,
		  int (*emit)(void *, int, const char *, int, int, int))
{
	const char *p = text, *end = text + n;
	int rc = SQLITE_OK;

	(void)t, (void)flags;
	while (rc == SQLITE_OK && p < end) {
		const char *stop = memchr(p, '\n', (size_t)(end - p));

		if (!stop)
			return SQLITE_ERROR;
		rc = emit(context, *p == '+' ? FTS5_TOKEN_COLOCATED : 0, p + 1, (int)(stop - p - 1),
			  (int)(p - text), (int)(stop - text));
		p = stop + 1;
	}
	return rc;
}

static fts5_api *find_fts5(sqlite3 *db)
{
	fts5_api *api = NULL;
	sqlite3_stmt *s;

	assert_int_equal(sqlite3_prepare_v2(db, "SELECT fts5(?1)", -1, &s, NULL), SQLITE_OK);
	sqlite3_bind_pointer(s, 1, &api, "fts5_api_ptr", NULL);
	sqlite3_step(s);
	sqlite3_finalize(s);
	assert_non_null(api);
	return api;
}

/* ---- the tables ---- */

static void run(sqlite3 *db, const char *sql)
{
	if (sqlite3_exec(db, sql, NULL, NULL, NULL) != SQLITE_OK)
		fail_msg("%s: %s", sql, sqlite3_errmsg(db));
}

static void prepare(struct fts5_oracle *o, const char *sql, sqlite3_stmt **s)
{
	if (sqlite3_prepare_v2(o->db, sql, -1, s, NULL) != SQLITE_OK)
		fail_msg("%s: %s", sql, sqlite3_errmsg(o->db));
}

static void open_tables(struct fts5_oracle *o)
{
	static fts5_tokenizer tokenizer = { replay_create, replay_delete, replay };
	fts5_api *api;

	assert_int_equal(sqlite3_open(":memory:", &o->db), SQLITE_OK);
	api = find_fts5(o->db);
	assert_int_equal(api->xCreateTokenizer(api, "replay", NULL, &tokenizer, NULL), SQLITE_OK);
	run(o->db,
	    "CREATE VIRTUAL TABLE stems USING fts5(title, body, content='', columnsize=0, tokenize='replay');"
	    "CREATE VIRTUAL TABLE forms USING fts5(title, body, content='', columnsize=0, tokenize='replay');"
	    "BEGIN");
	prepare(o, "INSERT INTO stems(rowid, title, body) VALUES (?1, ?2, ?3)", &o->insert[STEMS]);
	prepare(o, "INSERT INTO forms(rowid, title, body) VALUES (?1, ?2, ?3)", &o->insert[FORMS]);
	prepare(o, "SELECT rowid FROM stems WHERE stems MATCH ?1", &o->match[STEMS]);
	prepare(o, "SELECT rowid FROM forms WHERE forms MATCH ?1", &o->match[FORMS]);
}

static bool takes_position(const struct token *t)
{
	return t->kind <= TOKEN_LAST;
}

static void add_token(struct buf *out, const struct token *t, struct bytes text)
{
	buf_add_byte(out, takes_position(t) ? 'w' : '+');
	buf_add_bytes(out, text);
	buf_add_byte(out, '\n');
}

static void insert(struct fts5_oracle *o, int table, uint32_t number)
{
	sqlite3_stmt *s = o->insert[table];

	sqlite3_bind_int64(s, 1, number);
	for (int i = 0; i < 2; i++)
		sqlite3_bind_text(s, 2 + i, buf_cstr(&o->columns[table][i]), (int)o->columns[table][i].n,
				  SQLITE_STATIC);
	assert_int_equal(sqlite3_step(s), SQLITE_DONE);
	sqlite3_reset(s);
}

static void add_article(void *context, const struct stored_article *a)
{
	struct fts5_oracle *o = context;

	for (int i = 0; i < 4; i++)
		buf_reset(&o->columns[i / 2][i % 2]);
	for (size_t i = 0; i < a->tokens->n; i++) {
		const struct token *t = &a->tokens->v[i];
		bool body = t->pos >= a->headline;

		if (t->kind == TOKEN_MARK)
			continue;
		form_fold(t->word->form, FOLD_BOTH, &o->scratch);
		add_token(&o->columns[STEMS][body], t, t->word->stem);
		add_token(&o->columns[FORMS][body], t, buf_bytes(&o->scratch));
	}
	insert(o, STEMS, a->number);
	insert(o, FORMS, a->number);
	MEM_GROW(o->there, o->there_cap, a->number + 1);
	memset(o->there + o->last + 1, 0, a->number - o->last);
	o->there[a->number] = 1;
	o->last = a->number;
}

void fts5_oracle_load(struct fts5_oracle *o, struct temp_archive *t)
{
	*o = (struct fts5_oracle){ .last = 0 };
	o->analyzer = analyzer_new(buf_cstr(&t->archive.language), NULL);
	assert_non_null(o->analyzer);
	open_tables(o);
	temp_archive_visit(t, add_article, o);
	run(o->db, "COMMIT");
}

void fts5_oracle_release(struct fts5_oracle *o)
{
	for (int i = 0; i < 2; i++) {
		sqlite3_finalize(o->insert[i]);
		sqlite3_finalize(o->match[i]);
		buf_release(&o->columns[i][0]);
		buf_release(&o->columns[i][1]);
	}
	sqlite3_close(o->db);
	buf_release(&o->expression);
	buf_release(&o->scratch);
	analyzer_free(o->analyzer);
	free(o->there);
}

/* ---- leaves ---- */

/* Mark what one MATCH finds: the words in o->expression, in order, adjacent. */
static void match(struct fts5_oracle *o, int table, bool title, bool prefix, uint8_t *hits)
{
	sqlite3_stmt *s = o->match[table];
	struct buf sql = BUF_INIT;
	int rc;

	buf_addf(&sql, "%s\"%s\"%s", title ? "title : " : "", buf_cstr(&o->expression), prefix ? " *" : "");
	sqlite3_bind_text(s, 1, buf_cstr(&sql), (int)sql.n, SQLITE_STATIC);
	while ((rc = sqlite3_step(s)) == SQLITE_ROW)
		hits[sqlite3_column_int64(s, 0)] = 1;
	if (rc != SQLITE_DONE)
		fail_msg("%s: %s", buf_cstr(&sql), sqlite3_errmsg(o->db));
	sqlite3_reset(s);
	buf_release(&sql);
}

static void add_word(struct fts5_oracle *o, struct bytes word)
{
	buf_add_byte(&o->expression, 'w');
	buf_add_bytes(&o->expression, word);
	buf_add_byte(&o->expression, '\n');
}

/* Into o->scratch what the forms table has of a form; is it the form itself? */
static bool folded(struct fts5_oracle *o, struct bytes form)
{
	form_fold(form, FOLD_BOTH, &o->scratch);
	return bytes_equal(buf_bytes(&o->scratch), form);
}

/* Words that stand in order. False: it cannot say. */
static bool match_run(struct fts5_oracle *o, const struct tokens *t, int table, bool title, bool prefix,
		      uint8_t *hits)
{
	uint32_t next = t->n ? t->v[0].pos : 0;
	bool star = prefix;

	buf_reset(&o->expression);
	for (size_t i = 0; i < t->n; i++) {
		const struct token *token = &t->v[i];

		if (token->kind == TOKEN_SIGN)
			return false;
		if (!takes_position(token))
			continue;
		if (token->kind == TOKEN_LAST && !prefix && i > 0 && t->v[i - 1].kind == TOKEN_BIGRAM)
			continue; /* said by the pair before; leaves a gap if words follow */
		if (star != prefix)
			return false; /* a character that begins a pair, with words after it */
		if (token->pos != next++ || (!folded(o, token->word->form) && table == FORMS && !prefix))
			return false;
		star |= token->kind == TOKEN_LAST;
		add_word(o, table == STEMS ? token->word->stem : buf_bytes(&o->scratch));
	}
	if (next == (t->n ? t->v[0].pos : 0))
		return true;
	match(o, table, title, star, hits);
	return true;
}

/* Readings of one word: its parts in order, the whole written together, its pieces. */
static bool match_word(struct fts5_oracle *o, const struct query_node *q, const struct tokens *t,
		       uint8_t *hits)
{
	size_t words = 0, pieces = 0;

	if (!match_run(o, t, STEMS, q->regions & REGION_TITLE, false, hits))
		return false;
	for (size_t i = 0; i < t->n; i++) {
		const struct token *token = &t->v[i];

		words += takes_position(token);
		pieces += token->kind == TOKEN_PART;
		if (token->kind != TOKEN_WHOLE || token->start > t->v[0].start ||
		    token->end < t->v[t->n - 1].end)
			continue;
		buf_reset(&o->expression);
		add_word(o, token->word->stem);
		match(o, STEMS, q->regions & REGION_TITLE, false, hits);
	}
	if (!pieces || words > 1)
		return true;
	buf_reset(&o->expression);
	for (size_t i = 0; i < t->n; i++)
		if (t->v[i].kind == TOKEN_PART)
			add_word(o, t->v[i].word->stem);
	if (pieces == 2)
		match(o, STEMS, q->regions & REGION_TITLE, false, hits);
	return pieces == 2; /* R&R: the analyzer keeps one R */
}

/* Only a single word's prefix: what stands before it would be stems. */
static bool match_prefix(struct fts5_oracle *o, const struct query_node *q, const struct tokens *t,
			 uint8_t *hits)
{
	size_t words = 0;

	for (size_t i = 0; i < t->n; i++)
		words += takes_position(&t->v[i]);
	return words < 2 && match_run(o, t, FORMS, q->regions & REGION_TITLE, true, hits);
}

static bool match_leaf(struct fts5_oracle *o, const struct query_node *q, uint8_t *hits)
{
	struct tokens t = TOKENS_INIT;
	size_t kept = 0;
	bool said = false;

	analyze_text(o->analyzer, q->text, &t);
	for (size_t i = 0; i < t.n; i++)
		if (t.v[i].kind != TOKEN_MARK)
			t.v[kept++] = t.v[i];
	t.n = kept;
	if (q->kind == QUERY_WORD)
		said = match_word(o, q, &t, hits);
	else if (q->kind == QUERY_PREFIX)
		said = match_prefix(o, q, &t, hits);
	else if (q->kind == QUERY_STEMMED_PHRASE)
		said = match_run(o, &t, STEMS, q->regions & REGION_TITLE, false, hits);
	else if (q->kind == QUERY_PHRASE)
		said = match_run(o, &t, FORMS, q->regions & REGION_TITLE, false, hits);
	tokens_release(&t);
	return said;
}

/* ---- the tree, as sets ---- */

static bool answer(struct fts5_oracle *o, const struct query_node *q, uint8_t *hits);

static bool answer_branch(struct fts5_oracle *o, const struct query_node *q, uint8_t *hits)
{
	uint8_t *one = mem_alloc(o->last + 1);
	bool said = true;

	memset(hits, q->kind == QUERY_AND, o->last + 1);
	for (const struct query_node *child = q->children; child && said; child = child->next) {
		said = answer(o, child, one);
		for (uint32_t i = 1; i <= o->last; i++)
			hits[i] = q->kind == QUERY_AND ? hits[i] & one[i] : hits[i] | one[i];
	}
	free(one);
	return said;
}

/* Replaces hits. */
static bool answer(struct fts5_oracle *o, const struct query_node *q, uint8_t *hits)
{
	bool said;

	memset(hits, 0, o->last + 1);
	switch (q->kind) {
	case QUERY_AND:
	case QUERY_OR: return answer_branch(o, q, hits);
	case QUERY_NOT:
		said = answer(o, q->children, hits);
		for (uint32_t i = 1; i <= o->last; i++)
			hits[i] = o->there[i] & !hits[i];
		return said;
	case QUERY_ALL: memcpy(hits, o->there, o->last + 1); return true;
	default: return match_leaf(o, q, hits);
	}
}

bool fts5_oracle_search(struct fts5_oracle *o, const struct query_node *root, uint8_t *hits)
{
	if (root)
		return answer(o, root, hits);
	memset(hits, 0, o->last + 1);
	return true;
}
