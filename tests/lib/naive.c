#include "lib/naive.h"

#include "base/mem.h"
#include "lib/naive_places.h"
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

	buf_add_bytes(&name, t->word->stem);
	buf_add_byte(&name, 0x1F);
	buf_add_bytes(&name, t->word->form);
	id = intern_add(&n->names, buf_bytes(&name));
	buf_release(&name);
	if (id < known)
		return id;
	MEM_GROW(n->words, n->words_cap, id + 1);
	n->words[id].stem_id = stem_id(n, t->word->stem);
	n->words[id].stem = bytes_of(n->names.strings[id].p, t->word->stem.n);
	n->words[id].form = bytes_of(n->names.strings[id].p + t->word->stem.n + 1, t->word->form.n);
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
	struct naive_doc doc = { .number = a->number,
				 .headline = a->headline,
				 .date = a->date,
				 .first = n->ntokens,
				 .first_mark = n->nmarks };

	for (size_t i = 0; i < a->tokens->n; i++) {
		const struct token *t = &a->tokens->v[i];
		uint32_t id;

		if (t->kind == TOKEN_MARK) {
			MEM_GROW(n->marks, n->marks_cap, n->nmarks + 1);
			n->marks[n->nmarks++] = (struct naive_mark){ t->pos, (char)t->word->stem.p[1] };
			continue;
		}
		id = word_id(n, t);
		MEM_GROW(n->tokens, n->tokens_cap, n->ntokens + 1);
		n->tokens[n->ntokens++] = (struct naive_token){ t->pos, id };
		count_article(n, n->words[id].stem_id, t->pos < a->headline);
		doc.words += t->kind == TOKEN_WORD || t->kind == TOKEN_BIGRAM || t->kind == TOKEN_LAST;
	}
	doc.end = n->ntokens;
	doc.end_mark = n->nmarks;
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

static void mark_living(void *context, const struct stored_article *a)
{
	struct naive *n = context;

	for (size_t d = 0; d < n->ndocs; d++)
		n->docs[d].dead &= n->docs[d].number != a->number;
}

static bool in_a_segment(const struct archive *a, const struct naive_doc *doc)
{
	uint32_t at;

	for (size_t i = 0; i < a->nsegments; i++)
		if (segment_find(&a->segments[i], doc->date, doc->number, &at))
			return true;
	return false;
}

/* Take a doc out of the document frequencies, of each stem once. */
static void uncount(struct naive *n, struct naive_doc *doc)
{
	uint32_t serial = UINT32_MAX - (uint32_t)(doc - n->docs);

	doc->gone = true;
	for (size_t i = doc->first; i < doc->end; i++) {
		uint32_t stem = n->words[n->tokens[i].word].stem_id;

		for (int list = 0; list <= (n->tokens[i].pos < doc->headline); list++) {
			n->df[list][stem] -= n->seen[list][stem] != serial;
			n->seen[list][stem] = serial;
		}
	}
}

void naive_bury(struct naive *n, struct temp_archive *t)
{
	for (size_t d = 0; d < n->ndocs; d++)
		n->docs[d].dead = true;
	temp_archive_visit(t, mark_living, n);
	for (size_t d = 0; d < n->ndocs; d++) {
		if (!n->docs[d].dead)
			continue;
		n->ndead++;
		n->total_words -= n->docs[d].words;
		if (!in_a_segment(&t->archive, &n->docs[d]))
			uncount(n, &n->docs[d]);
	}
}

void naive_release(struct naive *n)
{
	analyzer_free(n->analyzer);
	intern_release(&n->stems);
	intern_release(&n->names);
	free(n->docs);
	free(n->tokens);
	free(n->marks);
	free(n->words);
	for (int i = 0; i < 2; i++) {
		free(n->df[i]);
		free(n->seen[i]);
	}
}

/* ---- weights ---- */

struct evaluation {
	const struct naive *n;
	struct scorer scorer;
	double k1, b, average;
	double boost; /* of the nodes around what is evaluated, and its own */
};

struct weight {
	double engine; /* by scorer_idf */
	double exact;
};

static double exact_idf(const struct evaluation *e, uint32_t df)
{
	double n = (double)(e->n->ndocs - e->n->ndead);
	double d = df < n ? df : n;

	return log(1 + (n - d + 0.5) / (d + 0.5));
}

/* One pseudo-term weighs as the whole, or if the archive lacks it as the rarest part. */
static uint32_t pseudo_df(const struct leaf *leaf)
{
	uint32_t least = 0;

	if (leaf->whole)
		return leaf->whole;
	for (size_t i = 0; i < leaf->n; i++) {
		for (size_t j = 0; j < leaf->readings[i].n; j++) {
			uint32_t df = leaf->readings[i].places[j].df;

			least = df && (!least || df < least) ? df : least;
		}
	}
	return least;
}

static struct weight weigh(const struct evaluation *e, const struct leaf *leaf, double boost)
{
	const struct run *run = &leaf->readings[0];
	struct weight w = { 0, 0 };

	if (leaf->n > 1) {
		uint32_t df = pseudo_df(leaf);

		return (struct weight){ scorer_idf(&e->scorer, df) * boost, exact_idf(e, df) * boost };
	}
	for (size_t i = 0; leaf->n && i < run->n; i++) {
		w.engine += scorer_idf(&e->scorer, run->places[i].df);
		w.exact += exact_idf(e, run->places[i].df);
	}
	return (struct weight){ w.engine * boost, w.exact * boost };
}

static double boosted(double boost, const struct query_node *q)
{
	double both = boost * q->boost;

	return both < 0.01 ? 0.01 : both > 100 ? 100 : both;
}

/* Words near each other weigh as their sum, alternatives beside them as the lightest. */
static struct weight weigh_placing(const struct evaluation *e, const struct placing *p, double boost)
{
	struct weight w = { 0, 0 };
	bool any = false;

	if (query_is_words(p->q->kind))
		return weigh(e, &p->leaf, boost);
	for (size_t i = 0; i < p->nparts; i++) {
		const struct placing *part = &p->parts[i];
		struct weight one = weigh_placing(e, part, boosted(boost, part->q));
		bool nothing = query_is_words(part->q->kind) && !part->leaf.n;

		if (p->q->kind == QUERY_NEAR || (p->q->kind == QUERY_NOT_NEAR && i == 0)) {
			w.engine += one.engine;
			w.exact += one.exact;
		} else if (p->q->kind == QUERY_OR && !nothing && (!any || one.engine < w.engine)) {
			w = one;
			any = true;
		}
	}
	return w;
}

/* ---- counting ---- */

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
			here = leaf_stands(n, doc, i, run);
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

static struct value value_of(const struct evaluation *e, const struct naive_doc *doc, struct weight weight,
			     uint32_t freq)
{
	uint8_t length = length_code(doc->words);

	if (!freq)
		return (struct value){ .match = false };
	return (struct value){ .match = true,
			       .score = scorer_contribution(&e->scorer, weight.engine, freq, length),
			       .exact = exact_score(e, weight.exact, freq, length),
			       .leaves = 1 };
}

/* What counts by its places, headline ones weighted unless it is about headlines. */
static void evaluate_placed(const struct evaluation *e, const struct query_node *q, struct value *out)
{
	const struct naive *n = e->n;
	struct weight weight;
	struct placing p;

	placing_read(&p, n, q);
	weight = weigh_placing(e, &p, e->boost);
	for (size_t d = 0; d < n->ndocs; d++) {
		struct stretches found = { .n = 0 };

		placing_find(&p, n, &n->docs[d], &found);
		out[d] = value_of(
			e, &n->docs[d], weight,
			stretches_count(&found, n->docs[d].headline, p.title ? 1 : n->headline_weight));
		free(found.v);
	}
	placing_release(&p);
}

static void evaluate_leaf(const struct evaluation *e, const struct query_node *q, struct value *out)
{
	const struct naive *n = e->n;
	struct weight weight;
	struct leaf leaf;

	leaf_read(&leaf, n, q);
	weight = weigh(e, &leaf, e->boost);
	for (size_t d = 0; d < n->ndocs; d++) {
		uint32_t most = 0;

		for (size_t i = 0; i < leaf.n; i++) {
			uint32_t freq = count_run(n, &n->docs[d], &leaf, &leaf.readings[i]);

			most = freq > most ? freq : most;
		}
		out[d] = value_of(e, &n->docs[d], weight, most);
	}
	leaf_release(&leaf);
}

static void evaluate(const struct evaluation *e, const struct query_node *q, struct value *out);

/* AND, OR and some of: add up what matches, if that is enough. */
static void evaluate_branch(const struct evaluation *e, const struct query_node *q, struct value *out)
{
	size_t n = e->n->ndocs;
	struct value *one = mem_zalloc(n, sizeof *one);
	uint32_t *matching = mem_zalloc(n, sizeof *matching), children = 0, need;

	memset(out, 0, n * sizeof *out);
	for (const struct query_node *child = q->children; child; child = child->next, children++) {
		evaluate(e, child, one);
		for (size_t d = 0; d < n; d++) {
			if (!one[d].match)
				continue;
			matching[d]++;
			out[d].score += one[d].score;
			out[d].exact += one[d].exact;
			out[d].leaves += one[d].leaves;
		}
	}
	need = q->kind == QUERY_AND ? children : q->kind == QUERY_OR ? 1 : q->n;
	for (size_t d = 0; d < n; d++) {
		out[d].match = matching[d] >= need;
		if (!out[d].match)
			out[d] = (struct value){ .match = false };
	}
	free(one);
	free(matching);
}

/* The child's, where it has places enough. */
static void evaluate_at_least(const struct evaluation *e, const struct query_node *q, struct value *out)
{
	const struct naive *n = e->n;
	struct placing p;

	evaluate(e, q->children, out);
	placing_read(&p, n, q->children);
	for (size_t d = 0; d < n->ndocs; d++) {
		struct stretches found = { .n = 0 };

		placing_find(&p, n, &n->docs[d], &found);
		if (stretches_count(&found, n->docs[d].headline, 1) < q->n)
			out[d] = (struct value){ .match = false };
		free(found.v);
	}
	placing_release(&p);
}

static bool filter(const struct query_node *q, int64_t date)
{
	if (q->kind == QUERY_UNDATED)
		return date == CIVIL_NONE;
	if (q->kind == QUERY_DATE)
		return date != CIVIL_NONE && date >= q->from && date < q->to;
	return true; /* QUERY_ALL */
}

static void evaluate(const struct evaluation *outer, const struct query_node *q, struct value *out)
{
	const struct naive *n = outer->n;
	struct evaluation own = *outer, *e = &own;

	own.boost = boosted(outer->boost, q);
	switch (q->kind) {
	case QUERY_AND:
	case QUERY_OR:
	case QUERY_SOME_OF: evaluate_branch(e, q, out); break;
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
	case QUERY_NEAR:
	case QUERY_NOT_NEAR: evaluate_placed(e, q, out); break;
	case QUERY_AT_LEAST: evaluate_at_least(e, q, out); break;
	default: (q->regions & ~REGION_TITLE ? evaluate_placed : evaluate_leaf)(e, q, out); break;
	}
}

void naive_search(const struct naive *n, const struct query_node *root, double k1, double b,
		  struct naive_answer *answer)
{
	struct evaluation e = { .n = n, .k1 = k1, .b = b, .boost = 1 };
	struct value *values = mem_zalloc(n->ndocs + 1, sizeof *values);

	*answer = (struct naive_answer){ .hits = mem_zalloc(n->ndocs + 1, sizeof *answer->hits) };
	e.average = n->total_words ? (double)n->total_words / (double)(n->ndocs - n->ndead) : 1;
	scorer_init(&e.scorer, k1, b, n->ndocs - n->ndead, n->total_words);
	if (root)
		evaluate(&e, root, values);
	for (size_t d = 0; d < n->ndocs; d++)
		if (values[d].match && !n->docs[d].dead)
			answer->hits[answer->n++] = (struct naive_hit){ .number = n->docs[d].number,
									.date = n->docs[d].date,
									.score = values[d].score,
									.exact = values[d].exact,
									.leaves = values[d].leaves };
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
	      order == RANK_NEWEST   ? by_date_falling
	      : order == RANK_OLDEST ? by_date_rising
				     : by_score);
}

void naive_answer_release(struct naive_answer *answer)
{
	free(answer->hits);
	*answer = (struct naive_answer){ .n = 0 };
}
