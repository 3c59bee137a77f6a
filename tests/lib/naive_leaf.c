#include "lib/naive_leaf.h"

#include "base/mem.h"
#include "patterns/pattern.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <stdlib.h>

/* Does a token at `pos`, looked for from token i on, fill the place? */
static bool filled(const struct naive *n, const struct naive_doc *doc, size_t i, uint32_t pos,
		   const struct place *p)
{
	for (; i < doc->end && n->tokens[i].pos <= pos; i++)
		if (n->tokens[i].pos == pos && p->fits[n->tokens[i].word])
			return true;
	return false;
}

bool leaf_stands(const struct naive *n, const struct naive_doc *doc, size_t i, const struct run *run)
{
	uint32_t start = n->tokens[i].pos;

	for (size_t j = 0; j < run->n; j++) {
		uint32_t at = start + run->places[j].offset;

		if (!filled(n, doc, i, at, &run->places[j]) ||
		    (start < doc->headline) != (at < doc->headline))
			return false;
	}
	return true;
}

static bool has_capitals(struct bytes form)
{
	for (size_t i = 0; i < form.n;) {
		uint32_t c;

		i += utf8_decode(form.p + i, form.p + form.n, &c);
		if (char_is_upper(c))
			return true;
	}
	return false;
}

/* What does not matter when an asked-for form is compared. */
static unsigned what_to_fold(struct bytes form)
{
	struct buf plain = BUF_INIT;
	unsigned fold = has_capitals(form) ? 0 : FOLD_CASE;

	form_fold(form, FOLD_ACCENTS, &plain);
	if (bytes_equal(buf_bytes(&plain), form))
		fold |= FOLD_ACCENTS;
	buf_release(&plain);
	return fold;
}

static struct place *new_place(const struct naive *n, struct run *run, uint32_t offset)
{
	MEM_GROW(run->places, run->cap, run->n + 1);
	run->places[run->n] = (struct place){ .offset = offset, .fits = mem_zalloc(n->names.n + 1, 1) };
	return &run->places[run->n++];
}

/* A word by its stem, or with `exact` by its form among those of its stem. */
static void add_word(const struct naive *n, struct run *run, uint32_t offset, const struct token *t,
		     bool exact, bool title)
{
	struct place *p = new_place(n, run, offset);
	uint32_t stem = intern_find(&n->stems, t->word->stem);
	struct buf wanted = BUF_INIT, form = BUF_INIT;
	unsigned fold = exact ? what_to_fold(t->word->form) : 0;

	form_fold(t->word->form, fold, &wanted);
	p->df = stem == INTERN_NONE ? 0 : n->df[title][stem];
	for (uint32_t i = 0; i < n->names.n; i++) {
		if (n->words[i].stem_id != stem)
			continue;
		form_fold(n->words[i].form, fold, &form);
		p->fits[i] = !exact || bytes_equal(buf_bytes(&form), buf_bytes(&wanted));
	}
	buf_release(&wanted);
	buf_release(&form);
}

static void add_prefix(const struct naive *n, struct run *run, uint32_t offset, struct bytes prefix,
		       bool title)
{
	struct place *p = new_place(n, run, offset);
	struct buf wanted = BUF_INIT, form = BUF_INIT;

	p->prefix = true;
	form_fold(prefix, FOLD_BOTH, &wanted);
	for (uint32_t i = 0; i < n->names.n; i++) {
		form_fold(n->words[i].form, FOLD_BOTH, &form);
		p->fits[i] = bytes_start(buf_bytes(&form), buf_bytes(&wanted));
		if (p->fits[i] && n->df[title][n->words[i].stem_id] > p->df)
			p->df = n->df[title][n->words[i].stem_id];
	}
	buf_release(&wanted);
	buf_release(&form);
}

static bool takes_position(const struct token *t)
{
	return t->kind == TOKEN_WORD || t->kind == TOKEN_BIGRAM || t->kind == TOKEN_LAST;
}

/* Words and signs [from, to) in order. Of CJK runs the pairs of characters say it
 * all; a character by itself stands for every pair it begins. */
static void add_run(const struct naive *n, struct run *run, const struct tokens *t, size_t to, bool exact,
		    bool title)
{
	for (size_t i = 0; i < to; i++) {
		const struct token *token = &t->v[i];
		uint32_t offset = token->pos - t->v[0].pos;

		if (!takes_position(token) && token->kind != TOKEN_SIGN)
			continue;
		if (token->kind != TOKEN_LAST)
			add_word(n, run, offset, token, exact, title);
		else if (i == 0 || t->v[i - 1].kind != TOKEN_BIGRAM)
			add_prefix(n, run, offset, token->word->stem, title);
	}
}

/* Words by their positions. In a quotation a star by itself passes one over. */
static void analyze_words(const struct naive *n, struct bytes text, bool quotation, struct tokens *out)
{
	struct buf piece = BUF_INIT;
	size_t kept = 0;

	tokens_reset(out);
	for (size_t i = 0; i <= text.n; i++) {
		bool star = quotation && i < text.n && text.p[i] == '*' && (!i || text.p[i - 1] == ' ') &&
			    (i + 1 == text.n || text.p[i + 1] == ' ');

		if (i < text.n && !star) {
			buf_add_byte(&piece, text.p[i]);
			continue;
		}
		analyze_text(n->analyzer, buf_bytes(&piece), out);
		buf_reset(&piece);
		out->next += star;
	}
	buf_release(&piece);
	for (size_t i = 0; i < out->n; i++)
		if (out->v[i].kind != TOKEN_MARK)
			out->v[kept++] = out->v[i];
	out->n = kept;
}

/* AT&T is also AT T: the pieces as words of their own. */
static void add_pieces(const struct naive *n, struct leaf *leaf, struct bytes text)
{
	struct tokens t = TOKENS_INIT;
	struct buf spaced = BUF_INIT;

	buf_set(&spaced, text);
	for (size_t i = 0; i < spaced.n; i++)
		if (spaced.p[i] == '&')
			spaced.p[i] = ' ';
	analyze_words(n, buf_bytes(&spaced), false, &t);
	add_run(n, &leaf->readings[leaf->n++], &t, t.n, false, leaf->title);
	tokens_release(&t);
	buf_release(&spaced);
}

/* Is token i all of the others written together? Not of $5bn-marked, where the sign stands before it. */
static bool is_written_together(const struct tokens *t, size_t i)
{
	uint32_t first = UINT32_MAX, last = 0;

	for (size_t j = 0; j < t->n; j++) {
		first = t->v[j].start < first ? t->v[j].start : first;
		last = t->v[j].end > last ? t->v[j].end : last;
	}
	return t->v[i].kind == TOKEN_WHOLE && t->v[i].start <= first && t->v[i].end >= last;
}

/* A word: itself, or its parts in order; the whole written together; its pieces. */
static void read_word(const struct naive *n, struct leaf *leaf, struct bytes text, const struct tokens *t)
{
	size_t places = 0, pieces = 0;

	add_run(n, &leaf->readings[leaf->n++], t, t->n, false, leaf->title);
	for (size_t i = 0; i < t->n; i++) {
		places += takes_position(&t->v[i]);
		pieces += t->v[i].kind == TOKEN_PART;
	}
	leaf->whole = leaf->readings[0].places[0].df;
	for (size_t i = 0; i < t->n; i++) {
		if (!is_written_together(t, i))
			continue;
		add_word(n, &leaf->readings[leaf->n], 0, &t->v[i], false, leaf->title);
		leaf->whole = leaf->readings[leaf->n++].places[0].df;
	}
	if (pieces && places == 1)
		add_pieces(n, leaf, text);
}

static void read_prefix(const struct naive *n, struct leaf *leaf, const struct tokens *t)
{
	struct run *run = &leaf->readings[leaf->n];
	size_t last = t->n;

	while (last && !takes_position(&t->v[last - 1]))
		last--;
	if (!last)
		return;
	leaf->n++;
	add_run(n, run, t, last - 1, false, leaf->title);
	add_prefix(n, run, t->v[last - 1].pos - t->v[0].pos, t->v[last - 1].word->form, leaf->title);
}

/* ---- patterns ---- */

#define FAR UINT8_MAX

/* A stem by the edits to its nearest form, or FAR. */
struct near_stem {
	uint32_t id, df;
	uint8_t edits;
	struct bytes stem;
};

static int by_worth(const void *x, const void *y)
{
	const struct near_stem *a = x, *b = y;

	if (a->edits != b->edits)
		return a->edits < b->edits ? -1 : 1;
	if (a->df != b->df)
		return a->df > b->df ? -1 : 1;
	return bytes_compare(a->stem, b->stem);
}

static int match_form(struct pattern *p, struct bytes form)
{
	int edits = pattern_match(p, form), shorter = -1;

	if (form.n > 2 && form.p[form.n - 2] == '\'' && strchr("sS", form.p[form.n - 1]))
		shorter = pattern_match(p, bytes_of(form.p, form.n - 2));
	return edits < 0 || (shorter >= 0 && shorter < edits) ? shorter : edits;
}

static void compile(struct pattern *p, const struct query_node *q, struct bytes text)
{
	size_t at;
	int rc;

	if (q->kind == QUERY_REGEX)
		rc = pattern_regex(p, text, &at, NULL);
	else if (q->kind == QUERY_FUZZY)
		rc = pattern_fuzzy(p, text, q->n, &at, NULL);
	else
		rc = pattern_wildcard(p, text, &at, NULL);
	assert_int_equal(rc, 0);
}

/* Which words the index has: those of docs that were taken out of the tail are no more. */
static bool *words_left(const struct naive *n)
{
	bool *left = mem_zalloc(n->names.n + 1, sizeof *left);

	for (size_t d = 0; d < n->ndocs; d++)
		for (size_t i = n->docs[d].first; i < n->docs[d].end && !n->docs[d].gone; i++)
			left[n->tokens[i].word] = true;
	return left;
}

/* The words that match; of their stems no more than QUERY.md says. How texts match is the business
 * of tests/property/test_patterns.c. */
static void add_pattern(const struct naive *n, struct run *run, uint32_t offset, const struct query_node *q,
			struct bytes text, bool title)
{
	size_t most = q->kind == QUERY_FUZZY ? 50 : 10000;
	struct near_stem *stems = mem_zalloc(n->stems.n + 1, sizeof *stems);
	bool *chosen = mem_zalloc(n->stems.n + 1, sizeof *chosen), *left = words_left(n);
	struct place *p = new_place(n, run, offset);
	struct pattern pattern;

	compile(&pattern, q, text);
	p->prefix = true;
	for (uint32_t i = 0; i < n->stems.n; i++)
		stems[i] = (struct near_stem){ i, n->df[0][i], FAR, n->stems.strings[i] };
	for (uint32_t i = 0; i < n->names.n; i++) {
		struct near_stem *stem = &stems[n->words[i].stem_id];
		int edits = left[i] ? match_form(&pattern, n->words[i].form) : -1;

		p->fits[i] = edits >= 0;
		stem->edits = edits >= 0 && edits < stem->edits ? (uint8_t)edits : stem->edits;
	}
	qsort(stems, n->stems.n, sizeof *stems, by_worth);
	for (uint32_t i = 0; i < n->stems.n && i < most && stems[i].edits < FAR; i++) {
		chosen[stems[i].id] = true;
		p->df = n->df[title][stems[i].id] > p->df ? n->df[title][stems[i].id] : p->df;
	}
	for (uint32_t i = 0; i < n->names.n; i++)
		p->fits[i] = p->fits[i] && chosen[n->words[i].stem_id];
	pattern_release(&pattern);
	free(stems);
	free(chosen);
	free(left);
}

/* A misspelt word is one: its parts written together, if it has some and these are all. */
static void read_fuzzy(const struct naive *n, struct leaf *leaf, const struct query_node *q,
		       const struct tokens *t)
{
	struct run *run = &leaf->readings[0];

	leaf->n = 1;
	for (size_t i = 0; i < t->n; i++) {
		if (!is_written_together(t, i))
			continue;
		add_pattern(n, run, 0, q, t->v[i].word->form, leaf->title);
		return;
	}
	for (size_t i = 0; i < t->n; i++) {
		bool ends_run = i > 0 && t->v[i].kind == TOKEN_LAST && t->v[i - 1].kind == TOKEN_BIGRAM;

		if ((takes_position(&t->v[i]) && !ends_run) || t->v[i].kind == TOKEN_SIGN)
			add_pattern(n, run, t->v[i].pos - t->v[0].pos, q, t->v[i].word->form, leaf->title);
	}
}

/* ---- capitals ---- */

static bool has_small(struct bytes form)
{
	for (size_t i = 0; i < form.n;) {
		uint32_t c;

		i += utf8_decode(form.p + i, form.p + form.n, &c);
		if (char_is_lower(c))
			return true;
	}
	return false;
}

static bool in_capitals(enum query_form wanted, struct bytes form)
{
	if (form.n > 2 && form.p[form.n - 2] == '\'' && strchr("sS", form.p[form.n - 1]))
		form.n -= 2;
	switch (wanted) {
	case CASE_CAPS: return has_capitals(form);
	case CASE_ALLCAPS: return has_capitals(form) && !has_small(form);
	default: return !has_capitals(form);
	}
}

/* The words by their stems; those that have letters by their capitals, too; one word always. */
static void read_cased(const struct naive *n, struct leaf *leaf, const struct query_node *q,
		       const struct tokens *t)
{
	struct run *run = &leaf->readings[leaf->n++];
	size_t at = 0;

	add_run(n, run, t, t->n, false, leaf->title);
	for (size_t i = 0; i < t->n; i++) {
		bool ends_run = i > 0 && t->v[i].kind == TOKEN_LAST && t->v[i - 1].kind == TOKEN_BIGRAM;
		struct place *p = &run->places[at];

		if ((!takes_position(&t->v[i]) && t->v[i].kind != TOKEN_SIGN) || ends_run)
			continue;
		at++;
		if (run->n > 1 && !has_capitals(t->v[i].word->form) && !has_small(t->v[i].word->form))
			continue;
		for (uint32_t w = 0; w < n->names.n; w++)
			p->fits[w] = p->fits[w] && in_capitals(q->form, n->words[w].form);
	}
}

void leaf_read(struct leaf *leaf, const struct naive *n, const struct query_node *q)
{
	struct tokens t = TOKENS_INIT;

	*leaf = (struct leaf){ .title = q->regions & REGION_TITLE };
	analyze_words(n, q->text, q->kind == QUERY_PHRASE || q->kind == QUERY_STEMMED_PHRASE, &t);
	if (q->kind == QUERY_PREFIX)
		read_prefix(n, leaf, &t);
	else if (q->kind == QUERY_PATTERN || q->kind == QUERY_REGEX)
		add_pattern(n, &leaf->readings[leaf->n++], 0, q, q->text, leaf->title);
	else if (t.n && q->kind == QUERY_FUZZY)
		read_fuzzy(n, leaf, q, &t);
	else if (t.n && q->kind == QUERY_CASED)
		read_cased(n, leaf, q, &t);
	else if (t.n && q->kind == QUERY_WORD)
		read_word(n, leaf, q->text, &t);
	else if (t.n)
		add_run(n, &leaf->readings[leaf->n++], &t, t.n, q->kind != QUERY_STEMMED_PHRASE,
			q->regions & REGION_TITLE);
	leaf->sums = leaf->n == 1 && leaf->readings[0].n == 1 && leaf->readings[0].places[0].prefix;
	tokens_release(&t);
}

void leaf_release(struct leaf *leaf)
{
	for (size_t i = 0; i < leaf->n; i++) {
		for (size_t j = 0; j < leaf->readings[i].n; j++)
			free(leaf->readings[i].places[j].fits);
		free(leaf->readings[i].places);
	}
}
