/* query/rank/match_expansion.c - many words as one: their postings are added up when they are asked for.
 *
 * Why this is fast (`make bench BENCH=queries`, abc* def*):
 * - Of docs that all else has let through only these are added up: sums.h.
 * - Scores are worked out together, from a table; then docs that score less than is needed
 *   are passed over in a loop without a branch for each.
 */
#include "rank/match_leaf.h"
#include "rank/sums.h"
#include "rank/term_scores.h"
#include "rank/top.h"

/* Sums of a segment, kept for whoever asks for the same once more: counting does, and ranking. */
struct expanded {
	const struct bytes *terms;
	const struct form_test *test;
	const struct pattern *pattern;
	size_t nterms;
	bool title;
	struct sums sums;
	struct expanded *next;
};

struct list_match {
	struct match base;
	const struct plan_element *element;
	bool title;
	bool added;     /* .sums are there; else only those of docs before: */
	uint32_t until; /* ... if they are asked for in order */
	unsigned stretches;
	struct sums sums;
	int32_t *scores; /* NULL: not worked out */
	size_t at;
	int64_t limit; /* of .scores, the greatest */
	bool wide;     /* they may not fit 30 bits */
	double weight;
};

/* ---- scores ---- */

static void work_out_scores(struct list_match *l)
{
	struct match_context *ctx = l->base.ctx;
	struct term_scores scores;
	const uint8_t *lengths;
	uint32_t most = 0;

	l->wide = !term_scores_init(&scores, ctx->scorer, l->weight, &ctx->arena);
	if (l->wide || l->scores || !l->sums.n)
		return;
	lengths = segment_length_codes(ctx->seg, l->sums.docs[0], l->sums.docs[l->sums.n - 1]);
	l->scores = arena_alloc(&ctx->arena, l->sums.n * sizeof *l->scores);
	for (size_t i = 0; i < l->sums.n; i++)
		most = l->sums.freqs[i] > most ? l->sums.freqs[i] : most;
	term_scores_fill(&scores, most);
	for (size_t i = 0; i < l->sums.n; i++) {
		l->scores[i] = term_score(&scores, l->sums.freqs[i], lengths[l->sums.docs[i]]);
		l->limit = l->scores[i] > l->limit ? l->scores[i] : l->limit;
	}
}

static int64_t list_limit(struct match *m)
{
	struct list_match *l = (struct list_match *)m;

	if (!l->added)
		return INT64_MAX;
	work_out_scores(l);
	return l->wide ? INT64_MAX : l->limit;
}

static int64_t list_score(struct match *m)
{
	const struct list_match *l = (const struct list_match *)m;

	return l->scores ? l->scores[l->at] : match_contribution(m, l->weight, l->sums.freqs[l->at]);
}

/* ---- adding up ---- */

#define KEPT_LISTS 1024u /* of the table; a question of more expansions looks through several */

/* Where the sums of an element are kept. */
static struct expanded **place_of(const struct list_match *l)
{
	struct match_context *ctx = l->base.ctx;
	const struct plan_element *e = l->element;
	size_t slot = ((uintptr_t)e->terms >> 3) * UINT64_C(0x9E3779B97F4A7C15) >> 54;
	struct expanded **x;

	if (!ctx->expanded)
		ctx->expanded = arena_zalloc(&ctx->arena, KEPT_LISTS * sizeof(struct expanded *));
	for (x = &ctx->expanded[slot]; *x; x = &(*x)->next)
		if ((*x)->terms == e->terms && (*x)->nterms == e->nterms && (*x)->test == e->test &&
		    (*x)->pattern == e->pattern && (*x)->title == l->title)
			break;
	return x;
}

static void take(struct list_match *l, const struct sums *sums)
{
	l->sums = *sums;
	l->added = true;
	l->base.cost = sums->n;
}

static void list_whole(struct match *m)
{
	struct list_match *l = (struct list_match *)m;
	const struct plan_element *e = l->element;
	struct expanded **place, *x;

	if (l->added)
		return;
	place = place_of(l);
	if (!*place) {
		*place = x = arena_alloc(&m->ctx->arena, sizeof *x);
		*x = (struct expanded){ .terms = e->terms,
					.test = e->test,
					.pattern = e->pattern,
					.nterms = e->nterms,
					.title = l->title };
		sums_whole(m->ctx, e, l->title, NULL, &x->sums);
	}
	take(l, &(*place)->sums);
}

/* The least frequency, UINT32_MAX if none is enough, that scores `least` in a doc of each length. */
static void least_freqs(const struct list_match *l, int64_t least, uint32_t freqs[256])
{
	const struct scorer *scorer = l->base.ctx->scorer;
	uint32_t low = 1;

	for (unsigned length = 0; length < 256; length++) {
		uint32_t high = UINT32_MAX; /* the longer the doc, the more: low is not too high */

		while (low < high) {
			uint32_t middle = low + (high - low) / 2;

			if (scorer_contribution(scorer, l->weight, middle, (uint8_t)length) >= least)
				high = middle;
			else
				low = middle + 1;
		}
		freqs[length] = low;
	}
}

static void list_worth(struct match *m, int64_t least)
{
	struct list_match *l = (struct list_match *)m;
	uint32_t freqs[256];

	if (l->added)
		return;
	least_freqs(l, least, freqs);
	sums_whole(m->ctx, l->element, l->title, freqs, &l->sums);
	l->added = true;
	l->base.cost = l->sums.n;
}

/* The docs that a list is added up for, with what they score by all else. */
struct progress {
	struct sums_watch watch;
	struct gathered *gathered;
	struct term_scores scores;
	const uint8_t *lengths;
	int64_t most, *least; /* of one doc; room for what each is sure to score */
};

/* What docs have by now raises what is needed, for more frequency never scores less; and none gets
 * more than the weight allows. */
static size_t let_go(struct sums_watch *watch, uint32_t *docs, uint32_t *sums, size_t n)
{
	struct progress *p = (struct progress *)watch;
	struct gathered *g = p->gathered;
	size_t kept = 0;
	int64_t kth;

	for (size_t i = 0; i < n; i++) {
		p->least[i] = sums[i] ? g->scores[i] + term_score(&p->scores, sums[i], p->lengths[docs[i]])
				      : TOP_NONE;
	}
	kth = top_kth(p->least, n, g->wanted);
	g->needed = kth > g->needed ? kth : g->needed;
	for (size_t i = 0; i < n; i++) {
		docs[kept] = docs[i];
		sums[kept] = sums[i];
		g->scores[kept] = g->scores[i];
		kept += g->scores[i] + p->most >= g->needed;
	}
	return kept;
}

#define MANY_DOCS 1000u /* for which a table of scores pays */

/* Only if it can be of use. */
static struct sums_watch *watch(struct progress *p, const struct list_match *l, struct gathered *g)
{
	struct match_context *ctx = l->base.ctx;

	if (!g->wanted || g->wanted >= g->n ||
	    !term_scores_init(&p->scores, ctx->scorer, l->weight, &ctx->arena))
		return NULL;
	if (g->n > MANY_DOCS)
		term_scores_fill(&p->scores, SCORE_ROWS);
	p->watch.look = let_go;
	p->gathered = g;
	p->lengths = segment_length_codes(ctx->seg, g->docs[0], g->docs[g->n - 1]);
	p->most = scorer_most(ctx->scorer, l->weight);
	p->least = arena_alloc(&ctx->arena, g->n * sizeof *p->least);
	return &p->watch;
}

/* Of so few docs one is asked about: then all are added up, which reads each list from end to end. */
#define MOST_DOCS 4u

static void list_among(struct match *m, struct gathered *g)
{
	struct list_match *l = (struct list_match *)m;
	struct progress p;

	if (g->n > m->ctx->seg->ndocs / MOST_DOCS) {
		list_whole(m);
		return;
	}
	g->n = sums_among(m->ctx, l->element, l->element->nterms, l->title, g->docs, g->n, watch(&p, l, g),
			  &l->sums);
	l->added = true;
}

/* By the commonest of the lists alone: more frequency never scores less. */
static size_t list_least(struct match *m, uint32_t *docs, int64_t *least, size_t n, size_t lists)
{
	struct list_match *l = (struct list_match *)m;
	const struct plan_element *e = l->element;
	struct sums sums;

	sums_among(m->ctx, e, e->nterms < lists ? e->nterms : lists, l->title, docs, n, NULL, &sums);
	for (size_t i = 0, at = 0; i < sums.n; i++, at++) {
		while (docs[at] != sums.docs[i])
			at++;
		docs[i] = docs[at];
		least[i] = least[at] + scorer_contribution(m->ctx->scorer, l->weight, sums.freqs[i],
							   segment_length_code(m->ctx->seg, docs[i]));
	}
	return sums.n;
}

static size_t list_met(struct match *m, uint32_t *docs, size_t n)
{
	struct list_match *l = (struct list_match *)m;

	return sums_met(m->ctx, l->element, l->title, docs, n);
}

static bool list_gathers(const struct match *m)
{
	return !((const struct list_match *)m)->added;
}

/* ---- docs ---- */

#define TOGETHER 16u /* scores looked at by one test */

/* The first place from `at` on whose doc scores what is needed. */
static size_t sufficient(const struct list_match *l, size_t at)
{
	int32_t least = l->base.least < INT32_MAX ? (int32_t)l->base.least : INT32_MAX;

	if (!l->scores || least <= 0)
		return at;
	for (; at + TOGETHER <= l->sums.n; at += TOGETHER) {
		int32_t any = 0;

		for (size_t i = 0; i < TOGETHER; i++)
			any |= l->scores[at + i] >= least;
		if (any)
			break;
	}
	while (at < l->sums.n && l->scores[at] < least)
		at++;
	return at;
}

/* The first doc >= target of those that have been added up. */
static uint32_t seek_added(struct list_match *l, uint32_t target)
{
	l->at = sufficient(l, sums_search(l->sums.docs, l->sums.n, l->at, target));
	return l->at < l->sums.n ? l->sums.docs[l->at] : DOC_END;
}

/* Docs of the first stretch, if docs are asked for in order. The next is eight times as long, and
 * what is behind the last is added up whole: lists of one block are read for each. */
#define FIRST_STRETCH  1024u
#define LAST_STRETCH   3u
#define STRETCH_FACTOR 8u

/* Add up the next stretch, from `target` on. */
static void next_stretch(struct list_match *l, uint32_t target)
{
	struct match_context *ctx = l->base.ctx;
	uint32_t size = FIRST_STRETCH, left = ctx->seg->ndocs - target;

	for (unsigned i = 0; i < l->stretches; i++)
		size *= STRETCH_FACTOR;
	l->stretches++;
	l->until = size < left ? target + size : ctx->seg->ndocs;
	sums_between(ctx, l->element, l->title, target, l->until, &l->sums);
	l->at = 0;
}

static uint32_t list_seek(struct match *m, uint32_t target)
{
	struct list_match *l = (struct list_match *)m;

	while (!l->added && m->ctx->in_order && m->ctx->rc == 0) {
		uint32_t doc = target < l->until ? seek_added(l, target) : DOC_END;

		if (doc != DOC_END)
			return doc;
		target = target > l->until ? target : l->until;
		if (target >= m->ctx->seg->ndocs)
			return DOC_END;
		if (l->stretches == LAST_STRETCH)
			break;
		next_stretch(l, target);
	}
	if (!l->added)
		l->at = 0;
	list_whole(m);
	return seek_added(l, target);
}

static uint32_t list_freq(struct match *m)
{
	const struct list_match *l = (const struct list_match *)m;

	return l->sums.freqs[l->at];
}

static const struct gather_ops gather_ops = { .pending = list_gathers,
					      .whole = list_whole,
					      .worth = list_worth,
					      .among = list_among,
					      .least = list_least,
					      .met = list_met };

static const struct match_ops list_ops = {
	.seek = list_seek, .score = list_score, .freq = list_freq, .limit = list_limit, .gather = &gather_ops
};

struct match *match_open_expansion(struct match_context *ctx, const struct plan_node *node)
{
	struct list_match *l = match_new(ctx, sizeof *l, &list_ops);
	const struct expanded *known;
	uint64_t postings;

	l->element = &node->elements[0];
	l->title = node->title;
	l->weight = node->weight;
	known = *place_of(l);
	if (known) {
		take(l, &known->sums);
		return &l->base;
	}
	postings = sums_cost(ctx, l->element);
	l->base.cost = postings < ctx->seg->ndocs ? postings : ctx->seg->ndocs;
	return &l->base;
}
