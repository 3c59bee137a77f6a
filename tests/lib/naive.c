#include "lib/naive.h"

#include "base/mem.h"
#include "segment/lengths.h"

#include <math.h>
#include <stdlib.h>

/* ---- the articles ---- */

static uint32_t stem_id(struct naive *n, struct bytes stem)
{
	uint32_t known = n->stems.n, id = intern_add(&n->stems, stem);

	MEM_GROW(n->df[0], n->df_cap[0], id + 1);
	MEM_GROW(n->df[1], n->df_cap[1], id + 1);
	MEM_GROW(n->seen[0], n->df_cap[2], id + 1);
	MEM_GROW(n->seen[1], n->df_cap[3], id + 1);
	if (id == known)
		n->df[0][id] = n->df[1][id] = n->seen[0][id] = n->seen[1][id] = 0;
	return id;
}

static uint32_t word_id(struct naive *n, const struct token *t)
{
	struct buf name = BUF_INIT;
	uint32_t known = n->names.n, id;

	buf_add_bytes(&name, t->stem);
	buf_add_byte(&name, 0x1F);
	buf_add_bytes(&name, t->form);
	id = intern_add(&n->names, buf_bytes(&name));
	buf_release(&name);
	if (id < known)
		return id;
	MEM_GROW(n->words, n->words_cap, id + 1);
	n->words[id].stem_id = stem_id(n, t->stem);
	n->words[id].stem = bytes_of(n->names.strings[id].p, t->stem.n);
	n->words[id].form = bytes_of(n->names.strings[id].p + t->stem.n + 1, t->form.n);
	return id;
}

/* Count the article for a stem, once in each list. */
static void count_article(struct naive *n, uint32_t stem, bool headline)
{
	uint32_t serial = (uint32_t)n->ndocs + 1;

	for (int list = 0; list <= headline; list++) {
		n->df[list][stem] += n->seen[list][stem] != serial;
		n->seen[list][stem] = serial;
	}
}

static void add_article(void *context, const struct stored_article *a)
{
	struct naive *n = context;
	struct naive_doc doc = { .number = a->number, .headline = a->headline, .date = a->date,
				 .first = n->ntokens };

	for (size_t i = 0; i < a->tokens->n; i++) {
		const struct token *t = &a->tokens->v[i];
		uint32_t id;

		if (t->kind == TOKEN_MARK)
			continue;
		id = word_id(n, t);
		MEM_GROW(n->tokens, n->tokens_cap, n->ntokens + 1);
		n->tokens[n->ntokens++] = (struct naive_token){ t->pos, id };
		count_article(n, n->words[id].stem_id, t->pos < a->headline);
		doc.words += t->kind == TOKEN_WORD || t->kind == TOKEN_BIGRAM || t->kind == TOKEN_LAST;
	}
	doc.end = n->ntokens;
	n->total_words += doc.words;
	MEM_GROW(n->docs, n->docs_cap, n->ndocs + 1);
	n->docs[n->ndocs++] = doc;
}

void naive_load(struct naive *n, struct temp_archive *t)
{
	*n = (struct naive){ .headline_weight = t->archive.headline_weight };
	n->analyzer = analyzer_new(buf_cstr(&t->archive.language), NULL);
	intern_init(&n->stems);
	intern_init(&n->names);
	temp_archive_visit(t, add_article, n);
}

void naive_release(struct naive *n)
{
	analyzer_free(n->analyzer);
	intern_release(&n->stems);
	intern_release(&n->names);
	free(n->docs);
	free(n->tokens);
	free(n->words);
	for (int i = 0; i < 2; i++) {
		free(n->df[i]);
		free(n->seen[i]);
	}
}

/* ---- what a leaf looks for ---- */

/* One place of a run of words: which (stem, form) pairs fill it. */
struct place {
	uint32_t offset;
	uint8_t *fits;  /* by word */
	uint32_t df;    /* of its stem; of a prefix: of its commonest stem */
	bool prefix;
};

struct run { /* of words, in order */
	struct place *places;
	size_t n, cap;
};

#define READINGS_MAX 3

struct leaf { /* readings of one word are one pseudo-term */
	struct run readings[READINGS_MAX];
	size_t n;
	bool title;
	bool sums;   /* a prefix by itself: every occurrence counts, several at one position too */
	double weight, exact_weight;
};

struct evaluation {
	const struct naive *n;
	struct scorer scorer;
	double k1, b, average;
};

static double exact_idf(const struct evaluation *e, uint32_t df)
{
	double n = (double)e->n->ndocs;

	return log(1 + (n - df + 0.5) / (df + 0.5));
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
static void add_word(const struct naive *n, struct run *run, uint32_t offset, const struct token *t, bool exact,
		     bool title)
{
	struct place *p = new_place(n, run, offset);
	uint32_t stem = intern_find(&n->stems, t->stem);
	struct buf wanted = BUF_INIT, form = BUF_INIT;
	unsigned fold = exact ? what_to_fold(t->form) : 0;

	form_fold(t->form, fold, &wanted);
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

static void add_prefix(const struct naive *n, struct run *run, uint32_t offset, struct bytes prefix, bool title)
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
static void add_run(const struct naive *n, struct run *run, const struct tokens *t, size_t to, bool exact, bool title)
{
	for (size_t i = 0; i < to; i++) {
		const struct token *token = &t->v[i];
		uint32_t offset = token->pos - t->v[0].pos;

		if (!takes_position(token) && token->kind != TOKEN_SIGN)
			continue;
		if (token->kind != TOKEN_LAST)
			add_word(n, run, offset, token, exact, title);
		else if (i == 0 || t->v[i - 1].kind != TOKEN_BIGRAM)
			add_prefix(n, run, offset, token->stem, title);
	}
}

static void analyze_words(const struct naive *n, struct bytes text, struct tokens *out)
{
	size_t kept = 0;

	tokens_reset(out);
	analyze_text(n->analyzer, text, out);
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
	analyze_words(n, buf_bytes(&spaced), &t);
	add_run(n, &leaf->readings[leaf->n++], &t, t.n, false, leaf->title);
	tokens_release(&t);
	buf_release(&spaced);
}

/* A word: itself, or its parts in order; the whole written together; its pieces.
 * *whole gets the article frequency of the first of these that is a single term. */
static void read_word(const struct naive *n, struct leaf *leaf, struct bytes text, const struct tokens *t,
		      uint32_t *whole)
{
	size_t places = 0, pieces = 0;
	uint32_t last = 0;

	add_run(n, &leaf->readings[leaf->n++], t, t->n, false, leaf->title);
	for (size_t i = 0; i < t->n; i++) {
		places += takes_position(&t->v[i]);
		pieces += t->v[i].kind == TOKEN_PART;
		last = t->v[i].end > last ? t->v[i].end : last;
	}
	*whole = leaf->readings[0].places[0].df;
	for (size_t i = 0; i < t->n; i++) {
		if (t->v[i].kind != TOKEN_WHOLE || t->v[i].start > t->v[0].start || t->v[i].end < last)
			continue;
		add_word(n, &leaf->readings[leaf->n], 0, &t->v[i], false, leaf->title);
		*whole = leaf->readings[leaf->n++].places[0].df;
	}
	if (pieces && places == 1)
		add_pieces(n, leaf, text);
}

/* One pseudo-term weighs as the whole, or if the archive lacks it as the rarest part. */
static uint32_t pseudo_df(const struct leaf *leaf, uint32_t whole)
{
	uint32_t least = 0;

	if (whole)
		return whole;
	for (size_t i = 0; i < leaf->n; i++) {
		for (size_t j = 0; j < leaf->readings[i].n; j++) {
			uint32_t df = leaf->readings[i].places[j].df;

			least = df && (!least || df < least) ? df : least;
		}
	}
	return least;
}

static void weigh(const struct evaluation *e, struct leaf *leaf, uint32_t whole)
{
	const struct run *run = &leaf->readings[0];

	if (leaf->n > 1) {
		uint32_t df = pseudo_df(leaf, whole);

		leaf->weight = scorer_idf(&e->scorer, df);
		leaf->exact_weight = exact_idf(e, df);
		return;
	}
	for (size_t i = 0; leaf->n && i < run->n; i++) {
		leaf->weight += scorer_idf(&e->scorer, run->places[i].df);
		leaf->exact_weight += exact_idf(e, run->places[i].df);
	}
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
	add_prefix(n, run, t->v[last - 1].pos - t->v[0].pos, t->v[last - 1].form, leaf->title);
}

static void read_leaf(const struct evaluation *e, const struct query_node *q, struct leaf *leaf)
{
	struct tokens t = TOKENS_INIT;
	uint32_t whole = 0;

	*leaf = (struct leaf){ .title = q->title };
	analyze_words(e->n, q->text, &t);
	if (q->kind == QUERY_PREFIX)
		read_prefix(e->n, leaf, &t);
	else if (t.n && q->kind == QUERY_WORD)
		read_word(e->n, leaf, q->text, &t, &whole);
	else if (t.n)
		add_run(e->n, &leaf->readings[leaf->n++], &t, t.n, q->kind != QUERY_STEMMED_PHRASE, q->title);
	leaf->sums = leaf->n == 1 && leaf->readings[0].n == 1 && leaf->readings[0].places[0].prefix;
	weigh(e, leaf, whole);
	tokens_release(&t);
}

static void release_leaf(struct leaf *leaf)
{
	for (size_t i = 0; i < leaf->n; i++) {
		for (size_t j = 0; j < leaf->readings[i].n; j++)
			free(leaf->readings[i].places[j].fits);
		free(leaf->readings[i].places);
	}
}

/* ---- counting ---- */

/* Does a token at `pos`, looked for from token i on, fill the place? */
static bool filled(const struct naive *n, const struct naive_doc *doc, size_t i, uint32_t pos, const struct place *p)
{
	for (; i < doc->end && n->tokens[i].pos <= pos; i++)
		if (n->tokens[i].pos == pos && p->fits[n->tokens[i].word])
			return true;
	return false;
}

static bool stands_at(const struct naive *n, const struct naive_doc *doc, size_t i, const struct run *run)
{
	for (size_t j = 0; j < run->n; j++)
		if (!filled(n, doc, i, n->tokens[i].pos + run->places[j].offset, &run->places[j]))
			return false;
	return true;
}

/* Every position at which the run stands, headline ones weighted. */
static uint32_t count_run(const struct naive *n, const struct naive_doc *doc, const struct leaf *leaf,
			  const struct run *run)
{
	uint32_t freq = 0;

	for (size_t i = doc->first; i < doc->end; i++) {
		bool headline = n->tokens[i].pos < doc->headline;
		bool here;

		if (leaf->title && !headline)
			continue;
		if (leaf->sums)
			here = run->places[0].fits[n->tokens[i].word];
		else if (i > doc->first && n->tokens[i - 1].pos == n->tokens[i].pos)
			here = false; /* this position is counted already */
		else
			here = stands_at(n, doc, i, run);
		freq += !here ? 0 : headline && !leaf->title ? n->headline_weight : 1;
	}
	return freq;
}

/* ---- the tree ---- */

struct value { /* of one article */
	bool match;
	int64_t score;
	double exact;
	uint32_t leaves;
};

static double exact_score(const struct evaluation *e, double weight, double freq, uint8_t length)
{
	double norm = 1 - e->b + e->b * length_of_code(length) / e->average;

	return weight * freq * (e->k1 + 1) / (freq + e->k1 * norm);
}

static void evaluate_leaf(const struct evaluation *e, const struct query_node *q, struct value *out)
{
	const struct naive *n = e->n;
	struct leaf leaf;

	read_leaf(e, q, &leaf);
	for (size_t d = 0; d < n->ndocs; d++) {
		uint8_t length = length_code(n->docs[d].words);
		uint32_t most = 0;

		for (size_t i = 0; i < leaf.n; i++) {
			uint32_t freq = count_run(n, &n->docs[d], &leaf, &leaf.readings[i]);

			most = freq > most ? freq : most;
		}
		out[d] = (struct value){ .match = most > 0 };
		if (!most)
			continue;
		out[d].score = scorer_contribution(&e->scorer, leaf.weight, most, length);
		out[d].exact = exact_score(e, leaf.exact_weight, most, length);
		out[d].leaves = 1;
	}
	release_leaf(&leaf);
}

static void evaluate(const struct evaluation *e, const struct query_node *q, struct value *out);

/* AND and OR add up what matches. */
static void evaluate_branch(const struct evaluation *e, const struct query_node *q, struct value *out)
{
	size_t n = e->n->ndocs;
	struct value *one = mem_zalloc(n, sizeof *one);

	for (size_t d = 0; d < n; d++)
		out[d] = (struct value){ .match = q->kind == QUERY_AND };
	for (const struct query_node *child = q->children; child; child = child->next) {
		evaluate(e, child, one);
		for (size_t d = 0; d < n; d++) {
			out[d].match = q->kind == QUERY_AND ? out[d].match && one[d].match
							    : out[d].match || one[d].match;
			if (!one[d].match)
				continue;
			out[d].score += one[d].score;
			out[d].exact += one[d].exact;
			out[d].leaves += one[d].leaves;
		}
	}
	for (size_t d = 0; d < n; d++)
		if (!out[d].match)
			out[d] = (struct value){ .match = false };
	free(one);
}

static bool filter(const struct query_node *q, int64_t date)
{
	if (q->kind == QUERY_UNDATED)
		return date == CIVIL_NONE;
	if (q->kind == QUERY_DATE)
		return date != CIVIL_NONE && date >= q->from && date < q->to;
	return true; /* QUERY_ALL */
}

static void evaluate(const struct evaluation *e, const struct query_node *q, struct value *out)
{
	const struct naive *n = e->n;

	switch (q->kind) {
	case QUERY_AND:
	case QUERY_OR:
		evaluate_branch(e, q, out);
		break;
	case QUERY_NOT:
		evaluate(e, q->children, out);
		for (size_t d = 0; d < n->ndocs; d++)
			out[d] = (struct value){ .match = !out[d].match };
		break;
	case QUERY_DATE:
	case QUERY_UNDATED:
	case QUERY_ALL:
		for (size_t d = 0; d < n->ndocs; d++)
			out[d] = (struct value){ .match = filter(q, n->docs[d].date) };
		break;
	default:
		evaluate_leaf(e, q, out);
		break;
	}
}

void naive_search(const struct naive *n, const struct query_node *root, double k1, double b,
		  struct naive_answer *answer)
{
	struct evaluation e = { .n = n, .k1 = k1, .b = b };
	struct value *values = mem_zalloc(n->ndocs + 1, sizeof *values);

	*answer = (struct naive_answer){ .hits = mem_zalloc(n->ndocs + 1, sizeof *answer->hits) };
	e.average = n->total_words ? (double)n->total_words / (double)n->ndocs : 1;
	scorer_init(&e.scorer, k1, b, n->ndocs, n->total_words);
	if (root)
		evaluate(&e, root, values);
	for (size_t d = 0; d < n->ndocs; d++)
		if (values[d].match)
			answer->hits[answer->n++] = (struct naive_hit){
				.number = n->docs[d].number, .date = n->docs[d].date, .score = values[d].score,
				.exact = values[d].exact, .leaves = values[d].leaves
			};
	free(values);
}

/* ---- order ---- */

static int by_date_falling(const void *x, const void *y)
{
	const struct naive_hit *a = x, *b = y;

	if (a->date != b->date)
		return a->date > b->date ? -1 : 1; /* no date is the least: last */
	return a->number < b->number ? -1 : 1;
}

static int by_date_rising(const void *x, const void *y)
{
	const struct naive_hit *a = x, *b = y;

	if ((a->date == CIVIL_NONE) != (b->date == CIVIL_NONE))
		return a->date == CIVIL_NONE ? 1 : -1;
	if (a->date != b->date)
		return a->date < b->date ? -1 : 1;
	return a->number < b->number ? -1 : 1;
}

static int by_score(const void *x, const void *y)
{
	const struct naive_hit *a = x, *b = y;

	if (a->score != b->score)
		return a->score > b->score ? -1 : 1;
	return by_date_falling(x, y);
}

void naive_sort(struct naive_answer *answer, enum rank_order order)
{
	qsort(answer->hits, answer->n, sizeof *answer->hits,
	      order == RANK_NEWEST ? by_date_falling : order == RANK_OLDEST ? by_date_rising : by_score);
}

void naive_answer_release(struct naive_answer *answer)
{
	free(answer->hits);
	*answer = (struct naive_answer){ .n = 0 };
}
