#include "places/pairs.h"

#include <stdlib.h>

/* ---- what can be passed over ---- */

/* What a doc with so many occurrences scores, were they all matches. */
static inline int64_t score_of(struct pairs *p, uint32_t freq, uint8_t length)
{
	if (!p->scores.paying)
		return scorer_contribution(p->ctx->scorer, p->weight, freq, length);
	return term_score_met(&p->scores, freq, length);
}

/* The bound of a block of the rarest word's list, were all its occurrences in the phrase. */
static int64_t block_bound(struct pairs *p, struct postings *post, uint32_t block)
{
	struct impacts set;

	if (block == p->block)
		return p->bound;
	p->block = block;
	p->bound = 0;
	if (postings_impacts(post, block, &set) < 0)
		match_corrupt(p->ctx);
	for (uint32_t i = 0; i < set.n; i++) {
		int64_t score = score_of(p, set.v[i].freq, set.v[i].length);

		p->bound = score > p->bound ? score : p->bound;
	}
	return p->bound;
}

/* The first doc >= target in a block that may hold what is needed. */
static uint32_t skip_blocks(struct pairs *p, uint32_t target, int64_t least)
{
	struct postings *post = &p->places[0]->source.post;
	uint32_t block = p->block < post->nblocks ? p->block : 0;

	if (least <= 0 || post->nblocks < 2)
		return target;
	for (;;) {
		block = postings_find_block(post, block, target);
		if (block >= post->nblocks)
			return DOC_END;
		if (block_bound(p, post, block) >= least)
			return target;
		target = postings_block_last(post, block);
		if (target++ >= p->ctx->seg->ndocs)
			return match_corrupt(p->ctx);
	}
}

/* Could the doc score what is needed, if every occurrence of the rarer of the two words
 * stood in the phrase? Of what is located the rarest alone is still at hand. */
static inline bool may_suffice(struct pairs *p, uint32_t doc, int64_t needed)
{
	uint32_t most = UINT32_MAX;

	if (needed <= 0)
		return true;
	for (size_t i = 0; i < p->n && i < (p->located ? 1 : 2); i++) {
		struct postings *post = &p->places[i]->source.post;
		uint32_t freq;

		postings_load_freqs(post);
		freq = post->freqs[p->places[i]->found];
		most = freq < most ? freq : most;
	}
	return score_of(p, most, segment_length_code(p->ctx->seg, doc)) >= needed;
}

/* ---- docs ---- */

/* Keep of the gathered docs those that a word is in. */
static void thin_out(struct pairs *p, struct postings *filter)
{
	uint32_t n = 0;

	for (uint32_t i = 0; i < p->ndocs; i++) {
		p->docs[n] = p->docs[i];
		p->found[n] = p->found[i];
		n += postings_find(filter, p->docs[i]) < POSTINGS_BLOCK;
	}
	p->ndocs = n;
	if (filter->rc < 0)
		p->ctx->rc = filter->rc;
}

/* The same, and see by how often it is there what it adds at most. */
static void thin_out_bounded(struct pairs *p, struct pairs_filter *filter, int64_t least)
{
	struct postings *post = &filter->post;
	uint32_t n = 0;

	for (uint32_t i = 0; i < p->ndocs; i++) {
		uint32_t doc = p->docs[i], place = postings_find(post, doc);
		int64_t less = p->less[i];

		if (place == POSTINGS_BLOCK)
			continue;
		if (filter->limit) {
			postings_load_freqs(post);
			less += filter->limit -
				term_score_met(&filter->adds, post->freqs[place], p->lengths[doc]);
		}
		p->docs[n] = doc;
		p->found[n] = p->found[i];
		p->most[n] = p->most[i];
		p->less[n] = less;
		n += p->most[i] >= least + less;
	}
	p->ndocs = n;
	if (post->rc < 0)
		p->ctx->rc = post->rc;
}

/* Note which occurrences of a word the gathered docs have. Without the word they are kept only if it is
 * not required. */
static void locate(struct pairs *p, struct place *place, bool required)
{
	struct postings *post = &place->source.post;
	uint8_t at[POSTINGS_BLOCK];
	uint32_t n = 0;

	for (uint32_t i = 0, end; i < p->ndocs; i = end) {
		bool ended;

		end = i + postings_find_all(post, p->docs + i, p->ndocs - i, at);
		ended = post->block >= post->nblocks;
		for (uint32_t j = i; j < end; j++) {
			uint32_t slot = p->found[j], here = at[j - i];

			p->docs[n] = p->docs[j];
			p->found[n] = slot;
			n += (here < POSTINGS_BLOCK) | !required;
			place->counts[slot] =
				ended ? 0 : postings_occurrences_at(post, here, &place->firsts[slot]);
		}
	}
	p->ndocs = n;
	if (post->rc < 0)
		p->ctx->rc = post->rc;
}

/* Locate the gathered docs in the words from number `from` on, and their marks. */
static void locate_from(struct pairs *p, size_t from)
{
	for (size_t j = from; j < p->nlocated && p->ndocs; j++)
		locate(p, p->places[j], true);
	for (size_t j = 0; j < p->nmarks && p->ndocs; j++)
		locate(p, p->marks[j], p->required[j]);
	if (p->ndocs)
		p->headlines = segment_headlines(p->ctx->seg, p->docs[0], p->docs[p->ndocs - 1]);
}

/* Take the docs of the rarest word's block from place i on. */
static void take(struct pairs *p, uint32_t i)
{
	const struct postings *lead = &p->places[0]->source.post;

	for (; i < lead->n; i++) {
		p->found[p->ndocs] = i;
		p->docs[p->ndocs++] = lead->docs[i];
	}
	for (size_t j = 0; j < p->nfilters && p->ndocs; j++)
		if (!p->filters[j]->located)
			thin_out(p, &p->filters[j]->post);
	locate_from(p, 1);
}

/* The same, but those that can score what is needed. */
static void take_bounded(struct pairs *p, uint32_t i, int64_t least)
{
	struct postings *lead = &p->places[0]->source.post;
	uint32_t n = 0;

	postings_load_freqs(lead);
	p->lengths = segment_length_codes(p->ctx->seg, lead->docs[i], lead->docs[lead->n - 1]);
	for (; i < lead->n; i++) {
		p->found[n] = i;
		p->docs[n] = lead->docs[i];
		p->most[n] = score_of(p, lead->freqs[i], p->lengths[lead->docs[i]]);
		p->less[n] = 0;
		n += p->most[n] >= least;
	}
	p->ndocs = n;
	for (size_t j = 0; j < p->nfilters && p->ndocs; j++)
		thin_out_bounded(p, p->filters[j], least);
}

/* Gather docs from .from on: those of the rarest word's next block. False if there are none. */
static bool gather(struct pairs *p, int64_t least)
{
	struct postings *lead = &p->places[0]->source.post;
	uint32_t from = skip_blocks(p, p->from, least), block, i;

	if (from == DOC_END)
		return false;
	block = postings_find_block(lead, lead->block < lead->nblocks ? lead->block : 0, from);
	if (block >= lead->nblocks || !postings_load(lead, block)) {
		p->ctx->rc = lead->rc < 0 ? lead->rc : p->ctx->rc;
		return false;
	}
	p->ndocs = p->next = 0;
	p->bounded = least > 0;
	p->located = p->led = !p->bounded;
	i = postings_search(lead->docs, from);
	if (i >= lead->n || lead->docs[i] < from) /* a list of one block that has ended */
		return false;
	p->from = lead->docs[lead->n - 1] + 1;
	if (p->bounded)
		take_bounded(p, i, least);
	else
		take(p, i);
	return p->ctx->rc == 0;
}

/* ---- positions ---- */

/* Look at occurrences of a word, which are those of one doc. */
static inline bool look_at(struct match_context *ctx, struct place *place, uint64_t first, uint32_t count)
{
	struct source *s = &place->source;
	int got = positions_look(&s->posn, first, count, place->few, &place->view);

	place->first = first;
	place->at = 0;
	if (got == 0) {
		got = source_occurrences(ctx, s, place->first, count, &place->list);
		place->view = (struct positions_view){ place->list.pos, count };
	}
	if (got < 0 || s->post.rc < 0)
		match_corrupt(ctx);
	return got >= 0 && s->post.rc == 0;
}

/* Look at a word's positions in the doc that it was found in. */
static inline bool look(struct match_context *ctx, struct place *place)
{
	uint64_t first;
	uint32_t count = postings_occurrences_at(&place->source.post, place->found, &first);

	return look_at(ctx, place, first, count);
}

/* The same if it is located in the gathered docs. */
static inline bool look_located(struct pairs *p, struct place *place)
{
	return look_at(p->ctx, place, place->firsts[p->slot], place->counts[p->slot]);
}

/* A word was not found, or could not be read, which is then said. */
static bool not_there(struct match_context *ctx, const struct postings *post)
{
	if (post->rc < 0)
		match_corrupt(ctx);
	return false;
}

/* Find the two rarest words in the doc. */
static inline bool find_pair(struct pairs *p, uint32_t doc, uint32_t found, int64_t needed)
{
	struct match_context *ctx = p->ctx;
	struct place *a = p->places[0], *b = p->n > 1 ? p->places[1] : a;

	a->found = p->slot = found;
	if (p->located)
		return may_suffice(p, doc, needed) && (p->led ? look(ctx, a) : look_located(p, a)) &&
		       (b == a || look_located(p, b));
	if (b != a) {
		b->found = postings_find(&b->source.post, doc);
		if (b->found == POSTINGS_BLOCK)
			return not_there(ctx, &b->source.post);
	}
	return may_suffice(p, doc, needed) && look(ctx, a) && (b == a || look(ctx, b));
}

uint32_t pairs_next(struct pairs *p, uint32_t target, int64_t least)
{
	for (;;) {
		while (p->next < p->ndocs) {
			uint32_t i = p->next++, doc = p->docs[i];
			int64_t needed = p->bounded ? least + p->less[i] : least;

			if (doc < target || (p->bounded && p->most[i] < needed))
				continue;
			if (find_pair(p, doc, p->found[i], needed))
				return doc;
		}
		p->from = p->from < target ? target : p->from;
		if (p->ctx->rc < 0 || !gather(p, least))
			return DOC_END;
	}
}

bool pairs_in(struct pairs *p, uint32_t doc, int64_t least)
{
	struct postings *lead = &p->places[0]->source.post;
	uint32_t found;

	while (p->next < p->ndocs && p->docs[p->next] < doc)
		p->next++;
	if (p->next < p->ndocs)
		return p->docs[p->next] == doc && find_pair(p, doc, p->found[p->next], least);
	if (doc < p->from) /* it was not among the gathered */
		return false;
	p->from = doc;
	p->located = false;
	found = postings_find(lead, doc);
	return found < POSTINGS_BLOCK ? find_pair(p, doc, found, least) : not_there(p->ctx, lead);
}

void pairs_gather(struct pairs *p, const uint32_t *docs, uint32_t n)
{
	memcpy(p->docs, docs, n * sizeof *docs);
	for (uint32_t i = 0; i < n; i++)
		p->found[i] = i;
	p->ndocs = n;
	p->next = 0;
	p->bounded = p->led = false;
	p->located = true;
	locate_from(p, 0);
}

bool pairs_next_gathered(struct pairs *p, uint32_t *doc)
{
	while (p->next < p->ndocs && p->ctx->rc == 0) {
		uint32_t i = p->next++;

		*doc = p->docs[i];
		if (find_pair(p, *doc, p->found[i], 0))
			return true;
	}
	return false;
}

static bool look_up(struct match_context *ctx, struct place *place, uint32_t doc)
{
	place->found = postings_find(&place->source.post, doc);
	if (place->found == POSTINGS_BLOCK)
		return not_there(ctx, &place->source.post);
	return look(ctx, place);
}

bool pairs_look(struct pairs *p, struct place *place, uint32_t doc)
{
	for (size_t i = 0; p->located && i < p->nlocated; i++)
		if (p->places[i] == place)
			return look_located(p, place);
	return look_up(p->ctx, place, doc);
}

struct place_list pairs_look_marks(struct pairs *p, struct place *marks, uint32_t doc)
{
	const struct positions_view *v = &marks->view;

	if (p->located ? !marks->counts[p->slot] || !look_located(p, marks) : !look_up(p->ctx, marks, doc))
		return (struct place_list){ .n = 0 };
	return (struct place_list){ v->at, v->n };
}

/* ---- opening ---- */

struct place *pairs_add_marks(struct pairs *p, const char *term, bool required)
{
	struct bytes name = bytes_str(term);
	const struct plan_element mark = { .terms = &name, .nterms = 1 };
	struct place *place = arena_zalloc(&p->ctx->arena, sizeof *place);

	if (!source_open(p->ctx, &place->source, &mark, 0))
		postings_open(&place->source.post, p->ctx->seg, NULL);
	p->required[p->nmarks] = required;
	p->marks[p->nmarks++] = place;
	return place;
}

void pairs_init(struct pairs *p, struct match_context *ctx, size_t n, double weight)
{
	p->ctx = ctx;
	p->places = arena_alloc(&ctx->arena, n * sizeof(struct place *));
	p->n = 0;
	p->weight = weight;
	p->ndocs = p->next = p->from = 0;
	p->bounded = false;
	p->filters = NULL;
	p->nfilters = p->filters_cap = p->nmarks = 0;
	p->located = false;
	p->block = UINT32_MAX;
}

bool pairs_add(struct pairs *p, const struct plan_element *e, uint32_t offset)
{
	struct place *place = p->places[p->n] = arena_alloc(&p->ctx->arena, sizeof *place);

	place->offset = offset;
	place->list = (struct positions_list){ .n = 0 };
	if (!source_open(p->ctx, &place->source, e, 0))
		return false;
	p->n++;
	return true;
}

static int by_cost(const void *x, const void *y)
{
	const struct place *const *a = x, *const *b = y;

	return ((*a)->source.post.df > (*b)->source.post.df) - ((*a)->source.post.df < (*b)->source.post.df);
}

/* A word thins the docs out if it is in fewer than one of so many. */
#define FILTER_SHARE 2u

static struct pairs_filter *add_filter(struct pairs *p, const struct postings *list,
				       const struct worth *worth)
{
	struct pairs_filter **old = p->filters, *f;

	if (list->df >= p->ctx->seg->ndocs / FILTER_SHARE && !worth)
		return NULL;
	if (p->nfilters == p->filters_cap) {
		p->filters_cap = p->filters_cap ? p->filters_cap * 2 : p->n + 2;
		p->filters = arena_alloc(&p->ctx->arena, p->filters_cap * sizeof(struct pairs_filter *));
		if (p->nfilters)
			memcpy(p->filters, old, p->nfilters * sizeof(struct pairs_filter *));
	}
	f = p->filters[p->nfilters++] = arena_zalloc(&p->ctx->arena, sizeof *f);
	f->post = *list;
	if (!worth || !term_scores_init(&f->adds, p->ctx->scorer, worth->weight, &p->ctx->arena))
		return f;
	f->limit = worth->limit;
	term_scores_expect(&f->adds, list->df);
	return f;
}

void pairs_begin(struct pairs *p, size_t nlocated)
{
	qsort(p->places, p->n, sizeof(struct place *), by_cost);
	if (term_scores_init(&p->scores, p->ctx->scorer, p->weight, &p->ctx->arena))
		term_scores_expect(&p->scores, p->places[0]->source.post.df);
	p->nlocated = nlocated < p->n ? nlocated : p->n;
	for (size_t i = 2; i < p->n; i++) {
		struct pairs_filter *f = add_filter(p, &p->places[i]->source.post, NULL);

		if (f)
			f->located = i < p->nlocated;
	}
}

void pairs_narrow(struct pairs *p, const struct term_info *term, struct worth worth)
{
	struct postings list;

	postings_open(&list, p->ctx->seg, term);
	if (list.rc < 0)
		match_corrupt(p->ctx);
	add_filter(p, &list, worth.limit ? &worth : NULL);
}

/* ---- matches ---- */

void placed_words_begin(struct placed_words *w, size_t nlocated)
{
	pairs_begin(&w->pairs, nlocated);
	w->base.cost = w->pairs.places[0]->source.post.df;
}

uint32_t placed_words_seek(struct match *m, uint32_t target)
{
	struct placed_words *w = (struct placed_words *)m;

	while ((target = pairs_next(&w->pairs, target, m->least)) != DOC_END && !w->stand(w, target))
		target++;
	return m->ctx->rc < 0 ? DOC_END : target;
}

bool placed_words_is(struct match *m, uint32_t doc)
{
	struct placed_words *w = (struct placed_words *)m;

	return pairs_in(&w->pairs, doc, m->least) && w->stand(w, doc) && m->ctx->rc == 0;
}

uint32_t placed_words_keep(struct match *m, uint32_t *docs, uint32_t n)
{
	struct placed_words *w = (struct placed_words *)m;
	uint32_t kept = 0, doc;

	pairs_gather(&w->pairs, docs, n);
	while (pairs_next_gathered(&w->pairs, &doc))
		if (w->stand(w, doc))
			docs[kept++] = doc;
	return m->ctx->rc < 0 ? 0 : kept;
}

void placed_words_narrow(struct match *m, const struct term_info *term, struct worth worth)
{
	pairs_narrow(&((struct placed_words *)m)->pairs, term, worth);
}

bool placed_words_walk(struct placed_words *w)
{
	w->counted = false;
	return w->base.ctx->rc == 0 && w->walk(w, false);
}

static void count(struct placed_words *w)
{
	if (!w->counted)
		w->walk(w, true);
	w->counted = true;
}

static uint32_t counted_headline(struct match *m)
{
	struct placed_words *w = (struct placed_words *)m;

	count(w);
	return w->headline;
}

static uint32_t counted_freq(struct match *m)
{
	return counted_headline(m) * m->ctx->seg->headline_weight + ((const struct placed_words *)m)->body;
}

static int64_t counted_score(struct match *m)
{
	return match_contribution(m, ((const struct placed_words *)m)->pairs.weight, counted_freq(m));
}

const struct match_ops placed_words_ops = { .seek = placed_words_seek,
					    .is = placed_words_is,
					    .keep = placed_words_keep,
					    .narrow = placed_words_narrow,
					    .score = counted_score,
					    .freq = counted_freq,
					    .headline = counted_headline };
