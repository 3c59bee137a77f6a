#include "archive/token_replay.h"

/* ---- writing a stream ---- */

void replay_start(struct replay *r)
{
	buf_reset(&r->stream);
	r->next = 0;
}

void replay_add(struct replay *r, uint32_t pos, struct bytes term)
{
	buf_add_varint(&r->stream, (uint64_t)pos + 1 - r->next);
	buf_add_varint(&r->stream, term.n);
	buf_add_bytes(&r->stream, term);
	r->next = pos + 1;
}

void replay_release(struct replay *r)
{
	buf_release(&r->stream);
}

/* ---- FTS5's side ---- */

/* There is nothing to set up: one for all. */
static int create(void *context, const char **args, int nargs, Fts5Tokenizer **out)
{
	static char only;

	(void)context;
	(void)args;
	(void)nargs;
	*out = (Fts5Tokenizer *)&only;
	return SQLITE_OK;
}

static void destroy(Fts5Tokenizer *t)
{
	(void)t;
}

typedef int token_callback(void *context, int flags, const char *token, int size, int start, int end);

static int give(void *context, token_callback *token, uint32_t steps, struct bytes term)
{
	int rc = SQLITE_OK;

	for (; rc == SQLITE_OK && steps > 1; steps--)
		rc = token(context, 0, REPLAY_GAP, sizeof REPLAY_GAP - 1, 0, 0);
	if (rc == SQLITE_OK)
		rc = token(context, steps ? 0 : FTS5_TOKEN_COLOCATED, (const char *)term.p, (int)term.n, 0,
			   0);
	return rc;
}

static int tokenize(Fts5Tokenizer *t, void *context, int flags, const char *text, int size,
		    token_callback *token)
{
	const uint8_t *p = (const uint8_t *)text, *end = p + size;
	int rc = SQLITE_OK;

	(void)t;
	(void)flags;
	while (rc == SQLITE_OK && p < end) {
		uint32_t steps, n;

		p = varint_get32(p, end, &steps);
		p = varint_get32(p, end, &n);
		if (!p || n > (size_t)(end - p))
			return SQLITE_CORRUPT;
		rc = give(context, token, steps, bytes_of(p, n));
		p += n;
	}
	return rc;
}

static int fts5_of(sqlite3 *db, fts5_api **api)
{
	sqlite3_stmt *st;
	int rc = sqlite3_prepare_v2(db, "SELECT fts5(?1)", -1, &st, NULL);

	*api = NULL;
	if (rc != SQLITE_OK)
		return rc;
	sqlite3_bind_pointer(st, 1, api, "fts5_api_ptr", NULL);
	sqlite3_step(st);
	rc = sqlite3_finalize(st);
	return rc != SQLITE_OK ? rc : *api ? SQLITE_OK : SQLITE_ERROR;
}

int replay_register(sqlite3 *db)
{
	static fts5_tokenizer tokenizer = { create, destroy, tokenize };
	fts5_api *api;
	int rc = fts5_of(db, &api);

	return rc == SQLITE_OK ? api->xCreateTokenizer(api, REPLAY_TOKENIZER, NULL, &tokenizer, NULL) : rc;
}
