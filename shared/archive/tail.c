#include "archive/tail.h"

#include "archive/token_replay.h"
#include "archive/statements.h"
#include "base/civil.h"
#include "base/mem.h"
#include "segment/format.h"

#include <stdlib.h>

static const char size_sql[] = "SELECT count(*), sum(t.tokens), sum(a.words) FROM tail_article t "
			       "JOIN article a ON a.number = t.article";
static const char docs_sql[] = "SELECT t.article, t.tokens, a.date, a.source, a.story, a.words, a.headline "
			       "FROM tail_article t LEFT JOIN article a ON a.number = t.article "
			       "ORDER BY t.article";
static const char terms_sql[] = "SELECT term, doc, offset FROM tail_term WHERE term >= ?1 AND term < ?2";
static const char all_terms_sql[] = "SELECT term, doc, offset FROM tail_term";
static const char add_words_sql[] = "INSERT INTO tail(rowid, words) VALUES (?1, ?2)";
static const char add_article_sql[] = "INSERT INTO tail_article(article, tokens) VALUES (?1, ?2)";
static const char remove_article_sql[] = "DELETE FROM tail_article WHERE article = ?1";
static const char clear_words_sql[] = "INSERT INTO tail(tail) VALUES ('delete-all')";
static const char clear_articles_sql[] = "DELETE FROM tail_article";

/* The tail is named as if it were a file beside the catalog: so its cure is that of a segment. */
int tail_damaged(const struct catalog *c, const char *what, struct err *err)
{
	const char *slash = strrchr(c->path, '/');
	int folder = slash ? (int)(slash + 1 - c->path) : 0;

	return err_set(err, ERR_CORRUPT, "%.*s" TAIL_NAME ": damaged: %s", folder, c->path, what);
}

static int fail(struct catalog *c, struct err *err)
{
	if (sqlite3_extended_errcode(c->db) == SQLITE_CORRUPT_VTAB)
		return tail_damaged(c, "FTS5 cannot read it", err);
	return catalog_fail(c, err);
}

/* ---- how much there is ---- */

int tail_size(struct catalog *c, struct tail_size *size, struct err *err)
{
	sqlite3_stmt *st = catalog_prepare(c, size_sql, err);
	int got;

	if (!st)
		return ERR_IO;
	if ((got = catalog_fetch(c, st, err)) <= 0)
		return got;
	*size = (struct tail_size){ .docs = (uint32_t)sqlite3_column_int64(st, 0),
				    .tokens = (uint64_t)sqlite3_column_int64(st, 1),
				    .words = (uint64_t)sqlite3_column_int64(st, 2) };
	catalog_release_row(c);
	return 0;
}

/* Headline lists follow from the positions of the words: they are not stored. */
static bool is_stored(const struct inverter *inv, uint32_t term)
{
	return inv->terms.strings[term].p[0] != TERM_HEADLINE;
}

static uint64_t count_tokens(const struct inverter *inv)
{
	uint64_t n = 0;

	for (uint32_t i = 0; i < inv->terms.n; i++)
		n += is_stored(inv, i) ? inv->term[i].occurrences : 0;
	return n;
}

bool tail_has_room(const struct tail_size *size, struct inverter *gathered)
{
	inverter_settle(gathered);
	return gathered->ndocs <= TAIL_DOCS && size->docs + gathered->ndocs <= TAIL_DOCS &&
	       size->tokens + count_tokens(gathered) <= TAIL_TOKENS;
}

/* ---- tokens, sorted ---- */

/* An occurrence: of a doc in order of arrival, at a position. */
struct place {
	uint64_t where; /* doc, then position in the lower half */
	uint32_t term;  /* in .terms */
};

/* A term as FTS5 has it, and what it says. */
struct tail_term {
	struct bytes term;
	struct token_word word;
	enum token_kind kind;
};

struct places {
	struct place *v;
	size_t n, cap;
	struct tail_term *terms;
	size_t nterms, terms_cap;
	struct arena arena;
};

static void places_release(struct places *p)
{
	free(p->v);
	free(p->terms);
	arena_release(&p->arena);
}

static void add_place(struct places *p, uint32_t doc, uint32_t pos, uint32_t term)
{
	MEM_GROW(p->v, p->cap, p->n + 1);
	p->v[p->n++] = (struct place){ (uint64_t)doc << 32 | pos, term };
}

static int by_place(const void *x, const void *y)
{
	const struct place *a = x, *b = y;

	if (a->where != b->where)
		return a->where < b->where ? -1 : 1;
	return (a->term > b->term) - (a->term < b->term);
}

static void sort_places(struct places *p)
{
	if (p->n)
		qsort(p->v, p->n, sizeof *p->v, by_place);
}

/* ---- writing ---- */

/* The places of one term, read from its stream: see invert.h. Terms are told by the
 * inverter's numbers: forms first, then terms that have none. */
static void places_of_term(const struct inverter *inv, uint32_t id, uint32_t *forms, struct places *out)
{
	const struct inverted_term *term = &inv->term[id];
	struct stream_reader r;
	uint32_t doc = 0;

	forms[0] = inv->form_names.n + id;
	for (uint32_t form = term->forms; form != INTERN_NONE; form = inv->form[form].older)
		forms[inv->form[form].number] = form;
	stream_read(&r, &term->stream);
	for (uint32_t i = 0; i < term->df; i++) {
		uint64_t v = stream_next(&r), count = v & 1 ? stream_next(&r) + 2 : 1;
		uint32_t pos = 0;

		doc += (uint32_t)(v >> 1);
		for (; count; count--) {
			v = stream_next(&r);
			pos += (uint32_t)(v >> 1);
			add_place(out, doc, pos, forms[v & 1 ? stream_next(&r) : 0]);
		}
	}
}

static void places_of_inverter(const struct inverter *inv, struct places *out)
{
	uint32_t *forms = NULL;
	size_t cap = 0;

	for (uint32_t i = 0; i < inv->terms.n; i++) {
		if (!is_stored(inv, i))
			continue;
		MEM_GROW(forms, cap, (size_t)inv->term[i].nforms + 1);
		places_of_term(inv, i, forms, out);
	}
	free(forms);
	sort_places(out);
}

/* One article: p->v[*at...] are its places, which *at then has passed. */
static int put_article(struct catalog *c, const struct inverter *inv, uint32_t doc, const struct places *p,
		       size_t *at, struct replay *replay, struct err *err)
{
	int64_t number = inv->docs[doc].article;
	size_t from = *at;
	sqlite3_stmt *st;
	int rc;

	replay_start(replay);
	for (; *at < p->n && p->v[*at].where >> 32 == doc; ++*at) {
		uint32_t term = p->v[*at].term, nforms = inv->form_names.n;

		replay_add(replay, (uint32_t)p->v[*at].where,
			   term < nforms ? inv->form_names.strings[term] : inv->terms.strings[term - nforms]);
	}
	if (!number)
		return 0; /* dropped: it has a newer text */
	if (!(st = catalog_prepare(c, add_words_sql, err)))
		return ERR_IO;
	sqlite3_bind_int64(st, 1, number);
	catalog_bind_blob(st, 2, buf_bytes(&replay->stream));
	if ((rc = catalog_finish(c, st, err)) < 0)
		return rc;
	if (!(st = catalog_prepare(c, add_article_sql, err)))
		return ERR_IO;
	sqlite3_bind_int64(st, 1, number);
	sqlite3_bind_int64(st, 2, (int64_t)(*at - from));
	return catalog_finish(c, st, err);
}

int tail_put(struct catalog *c, struct inverter *gathered, struct err *err)
{
	struct places places = { .arena = ARENA_INIT };
	struct replay replay = { .next = 0 };
	size_t at = 0;
	int rc = 0;

	inverter_settle(gathered);
	places_of_inverter(gathered, &places);
	for (uint32_t doc = 0; rc == 0 && doc < gathered->ndocs; doc++)
		rc = put_article(c, gathered, doc, &places, &at, &replay, err);
	replay_release(&replay);
	places_release(&places);
	return rc;
}

int tail_clear(struct catalog *c, struct err *err)
{
	sqlite3_stmt *st = catalog_prepare(c, clear_words_sql, err);
	int rc = st ? catalog_finish(c, st, err) : ERR_IO;

	if (rc < 0)
		return rc;
	return (st = catalog_prepare(c, clear_articles_sql, err)) ? catalog_finish(c, st, err) : ERR_IO;
}

/* ---- reading ---- */

static bool fits(int64_t v, int64_t most)
{
	return v >= 0 && v <= most;
}

/* The row of an article; false if it cannot be. */
static bool doc_of_row(sqlite3_stmt *st, struct inverted_doc *d, uint64_t *tokens)
{
	int64_t n = sqlite3_column_int64(st, 1), words = sqlite3_column_int64(st, 5);
	int64_t source = sqlite3_column_int64(st, 3), story = sqlite3_column_int64(st, 4);
	int64_t headline = sqlite3_column_int64(st, 6), article = sqlite3_column_int64(st, 0);

	*d = (struct inverted_doc){
		.article = (uint32_t)article,
		.date = sqlite3_column_type(st, 2) == SQLITE_NULL ? CIVIL_NONE : sqlite3_column_int64(st, 2),
		.source = (uint32_t)source,
		.story = (uint32_t)story,
		.words = (uint32_t)words,
		.headline = (uint32_t)headline,
	};
	*tokens += (uint64_t)n;
	return sqlite3_column_type(st, 5) != SQLITE_NULL && fits(article, DOCS_MAX) && fits(n, UINT32_MAX) &&
	       fits(source, UINT32_MAX) && fits(story, UINT32_MAX) && fits(words, UINT32_MAX) &&
	       fits(headline, UINT16_MAX);
}

int tail_docs_read(struct catalog *c, struct tail_docs *docs, struct err *err)
{
	sqlite3_stmt *st = catalog_compiled(c, docs_sql, err);
	int rc;

	docs->n = 0;
	docs->tokens = 0;
	if (!st)
		return ERR_IO;
	while ((rc = sqlite3_step(st)) == SQLITE_ROW) {
		MEM_GROW(docs->v, docs->cap, (size_t)docs->n + 1);
		if (docs->n == TAIL_DOCS_MAX || !doc_of_row(st, &docs->v[docs->n++], &docs->tokens))
			break;
	}
	if (rc == SQLITE_ROW || docs->tokens > TAIL_TOKENS_MAX)
		rc = tail_damaged(c, "its list of articles cannot be", err);
	else
		rc = rc == SQLITE_DONE ? 0 : catalog_fail(c, err);
	sqlite3_reset(st);
	return rc;
}

void tail_docs_release(struct tail_docs *docs)
{
	free(docs->v);
	*docs = (struct tail_docs){ .n = 0 };
}

/* The place of an article's number in docs; docs->n: it is not there. */
static uint32_t find_doc(const struct tail_docs *docs, int64_t number)
{
	uint32_t low = 0, high = docs->n;

	while (low < high) {
		uint32_t middle = low + (high - low) / 2;

		if (docs->v[middle].article < number)
			low = middle + 1;
		else
			high = middle;
	}
	return low < docs->n && docs->v[low].article == number ? low : docs->n;
}

/* Take a term as stem and form apart: a mark has no form. False if no token is written so. */
static bool split_term(struct tail_term *t)
{
	struct bytes term = t->term;
	const uint8_t *cut = term.n ? memchr(term.p, TAIL_FORM_FOLLOWS, term.n) : NULL;
	struct token_word *word = &t->word;

	if (!term.n || term.p[0] == TERM_HEADLINE)
		return false;
	t->kind = cut ? TOKEN_WORD : TOKEN_MARK;
	*word = (struct token_word){ .stem = term };
	if (!cut)
		return term.p[0] < 0x20 && term.n <= TERM_MAX;
	word->stem.n = (size_t)(cut - term.p);
	word->form = bytes_of(cut + 1, term.n - word->stem.n - 1);
	return word->stem.n && word->stem.n < TERM_MAX && word->form.n < TERM_MAX && term.p[0] >= 0x20;
}

/* A row of `tail_term` into places. Articles that the list lacks are passed over, or wrong. */
static int add_row(const struct catalog *c, sqlite3_stmt *st, const struct tail_docs *docs, bool pass_over,
		   struct places *out, struct err *err)
{
	struct bytes term = catalog_column(st, 0);
	int64_t pos = sqlite3_column_int64(st, 2);
	uint32_t doc = find_doc(docs, sqlite3_column_int64(st, 1));

	if (bytes_is(term, REPLAY_GAP) || (doc == docs->n && pass_over))
		return 0;
	if (doc == docs->n || !fits(pos, UINT32_MAX - 1) || out->n == docs->tokens)
		return tail_damaged(c, "it has words that no article has", err);
	if (!out->nterms || !bytes_equal(out->terms[out->nterms - 1].term, term)) {
		MEM_GROW(out->terms, out->terms_cap, out->nterms + 1);
		out->terms[out->nterms].term = arena_bytes(&out->arena, term);
		if (!split_term(&out->terms[out->nterms++]))
			return tail_damaged(c, "it has a word that no text gives", err);
	}
	add_place(out, doc, (uint32_t)pos, (uint32_t)out->nterms - 1);
	return 0;
}

/* The tokens of one doc: p->v[*at...], which *at then has passed. No stem may stand at one
 * position twice. */
static bool tokens_of_doc(const struct places *p, uint32_t doc, size_t *at, struct tokens *out)
{
	tokens_reset(out);
	for (; *at < p->n && p->v[*at].where >> 32 == doc; ++*at) {
		const struct tail_term *term = &p->terms[p->v[*at].term];
		struct token *t;

		MEM_GROW(out->v, out->cap, out->n + 1);
		t = &out->v[out->n++];
		*t = (struct token){ .pos = (uint32_t)p->v[*at].where,
				     .number = p->v[*at].term & 0xFFFFFFF, /* TAIL_TOKENS_MAX is below */
				     .kind = term->kind & 0xF,
				     .word = &term->word };
		if (out->n > 1 && t[-1].pos == t->pos && bytes_equal(t[-1].word->stem, t->word->stem))
			return false;
	}
	return true;
}

static int gather_places(const struct catalog *c, const struct places *p, const struct tail_docs *docs,
			 struct inverter *into, struct err *err)
{
	struct tokens tokens = TOKENS_INIT;
	size_t at = 0;
	int rc = 0;

	tokens.vocabulary = vocabulary_new();
	for (uint32_t doc = 0; rc == 0 && doc < docs->n; doc++) {
		if (tokens_of_doc(p, doc, &at, &tokens))
			inverter_add(into, &docs->v[doc], &tokens);
		else
			rc = tail_damaged(c, "a word stands twice at one place", err);
	}
	tokens_release(&tokens);
	return rc;
}

/* Gather the rows of a statement that is ready. */
static int gather(struct catalog *c, sqlite3_stmt *st, const struct tail_docs *docs, bool pass_over, bool all,
		  struct inverter *into, struct err *err)
{
	struct places places = { .arena = ARENA_INIT };
	int rc = 0, got;

	while (rc == 0 && (got = sqlite3_step(st)) == SQLITE_ROW)
		rc = add_row(c, st, docs, pass_over, &places, err);
	if (rc == 0 && got != SQLITE_DONE)
		rc = fail(c, err);
	sqlite3_reset(st);
	if (rc == 0 && all && places.n != docs->tokens)
		rc = tail_damaged(c, "words are missing", err);
	if (rc == 0) {
		sort_places(&places);
		rc = gather_places(c, &places, docs, into, err);
	}
	places_release(&places);
	return rc;
}

int tail_gather_terms(struct catalog *c, const struct tail_docs *docs, struct bytes from, struct bytes to,
		      struct inverter *into, struct err *err)
{
	sqlite3_stmt *st = catalog_compiled(c, to.n ? terms_sql : all_terms_sql, err);

	if (!st)
		return ERR_IO;
	if (to.n) {
		catalog_bind_text(st, 1, from);
		catalog_bind_text(st, 2, to);
	}
	return gather(c, st, docs, false, !to.n, into, err);
}

int tail_gather(struct catalog *c, struct inverter *into, struct err *err)
{
	struct tail_docs docs = { .n = 0 };
	sqlite3_stmt *st;
	int rc = tail_docs_read(c, &docs, err);

	if (rc == 0 && docs.n) {
		st = catalog_compiled(c, all_terms_sql, err);
		rc = st ? gather(c, st, &docs, true, true, into, err) : ERR_IO;
	}
	tail_docs_release(&docs);
	return rc;
}

/* ---- taking articles out ---- */

int tail_remove(struct catalog *c, int64_t number, struct err *err)
{
	sqlite3_stmt *st = catalog_prepare(c, remove_article_sql, err);
	int rc;

	if (!st)
		return ERR_IO;
	sqlite3_bind_int64(st, 1, number);
	rc = catalog_finish(c, st, err);
	return rc < 0 ? rc : sqlite3_changes(c->db) > 0;
}

int tail_tidy(struct catalog *c, struct err *err)
{
	struct inverter left;
	int rc;

	inverter_init(&left);
	if ((rc = tail_gather(c, &left, err)) == 0 && (rc = tail_clear(c, err)) == 0)
		rc = tail_put(c, &left, err);
	inverter_release(&left);
	return rc;
}
