/* query/rank/sums.c - why this is fast (`make bench BENCH=queries`, abc* def*):
 * - A block is added to the sums of all docs in one loop, which touches nothing else: what is met
 *   is seen by its sum in the end.
 * - Lists of one block, which most are, are read without a cursor.
 * - Where few docs are asked about, blocks that hold none are not read, and of the others only
 *   the docs in question are looked up.
 */
#include "rank/sums.h"

#include "base/mem.h"
#include "rank/block_bits.h"
#include "rank/match_leaf.h"
#include "segment/short_list.h"
#include "rank/source.h"

#include <stdlib.h>

/* One list of an element. */
struct list {
	struct match_context *ctx;
	struct term_info info;
	bool title;
	bool counted;  /* occurrences are, one by one: by their forms, or those in the headline */
	bool is_short; /* .brief reads it; else .source */
	bool marks;    /* docs that are added to get a mark */
	struct source source;
	struct positions_list work;
	struct short_list brief;
};

static inline uint32_t add_saturating(uint32_t a, uint32_t b)
{
	return a > UINT32_MAX - b ? UINT32_MAX : a + b;
}

static void make_room(struct match_context *ctx)
{
	if (ctx->sums_room >= ctx->seg->ndocs)
		return;
	free(ctx->sums);
	free(ctx->met);
	ctx->sums_room = ctx->seg->ndocs;
	ctx->sums = mem_zalloc(ctx->sums_room, sizeof *ctx->sums);
	ctx->met = mem_zalloc((ctx->sums_room + 63) / 64, sizeof *ctx->met);
}

#define AHEAD 8u /* lists whose first bytes are fetched before it is their turn */

static void fetch_ahead(const struct match_context *ctx, const struct plan_element *e, size_t i)
{
	if (e->found && i + AHEAD < e->nterms)
		__builtin_prefetch(ctx->seg->sections[SEC_POST].p +
				   e->found[ctx->number * e->nterms + i + AHEAD].post);
}

/* Open an element's list number i: false if there is none. */
static bool open_list(struct list *l, const struct plan_element *e, size_t i)
{
	struct source *s = &l->source;

	fetch_ahead(l->ctx, e, i);
	if (!source_find(l->ctx, s, e, i, &l->info))
		return false;
	l->counted = s->allowed || l->title;
	l->is_short = !l->counted && short_list_is(l->ctx->seg, &l->info);
	if (!l->is_short)
		postings_open(&s->post, l->ctx->seg, &l->info);
	if (l->counted)
		positions_open(&s->posn, l->ctx->seg, &l->info);
	return true;
}

static bool fail(struct match_context *ctx)
{
	match_corrupt(ctx);
	return false;
}

/* ---- all docs ---- */

static void add(uint32_t *sums, const uint32_t *docs, const uint32_t *freqs, uint32_t n)
{
	for (uint32_t i = 0; i < n; i++)
		sums[docs[i]] = add_saturating(sums[docs[i]], freqs[i]);
}

/* The same of a block whose docs are a bitmap. */
static void add_bitmap(uint32_t *sums, const struct postings *p)
{
	const uint32_t *freq = p->freqs;

	for (uint32_t w = 0; w < p->nwords; w++) {
		uint32_t *word = sums + p->base + w * 64;

		for (uint64_t bits = p->words[w]; bits; bits &= bits - 1) {
			unsigned bit = (unsigned)__builtin_ctzll(bits);

			word[bit] = add_saturating(word[bit], *freq++);
		}
	}
}

static void add_freq(struct list *l, uint32_t doc, uint32_t freq)
{
	l->ctx->sums[doc] = add_saturating(l->ctx->sums[doc], freq);
}

/* A block's postings, where occurrences are counted. */
static void add_counted(struct list *l)
{
	struct postings *p = &l->source.post;

	for (uint32_t i = 0; i < p->n && l->ctx->rc == 0; i++)
		add_freq(l, p->docs[i], source_freq(l->ctx, &l->source, i, l->title, &l->work));
}

static void mark(struct match_context *ctx, const uint32_t *docs, size_t n)
{
	for (size_t i = 0; i < n; i++)
		ctx->met[docs[i] / 64] |= UINT64_C(1) << docs[i] % 64;
}

static bool add_block(struct list *l, uint32_t block)
{
	struct postings *p = &l->source.post;

	if (!postings_enter(p, block) || !postings_load_freqs(p))
		return fail(l->ctx);
	if ((l->counted || l->marks) && !postings_load(p, block))
		return fail(l->ctx);
	if (l->counted)
		add_counted(l);
	else if (p->expanded)
		add(l->ctx->sums, p->docs, p->freqs, p->n);
	else
		add_bitmap(l->ctx->sums, p);
	if (l->marks)
		mark(l->ctx, p->docs, p->n);
	return p->rc == 0 || fail(l->ctx);
}

static void add_whole(struct list *l)
{
	struct match_context *ctx = l->ctx;
	struct short_list *s = &l->brief;

	if (!l->is_short) {
		for (uint32_t block = 0; block < l->source.post.nblocks && add_block(l, block); block++)
			;
		return;
	}
	if (!short_list_docs(s, ctx->seg, &l->info) || !short_list_freqs(s)) {
		fail(ctx);
		return;
	}
	add(ctx->sums, s->docs, s->freqs, s->n);
	if (l->marks)
		mark(ctx, s->docs, s->n);
}

/* Take the sums of docs [from, to) as a list, and leave zeros. */
static void take_between(struct match_context *ctx, uint32_t from, uint32_t to, struct sums *out)
{
	uint32_t *sums = ctx->sums;
	size_t n = 0;

	for (uint32_t doc = from; doc < to; doc++)
		n += sums[doc] > 0;
	out->docs = arena_alloc(&ctx->arena, (n + 1) * sizeof *out->docs);
	out->freqs = arena_alloc(&ctx->arena, (n + 1) * sizeof *out->freqs);
	n = 0;
	for (uint32_t doc = from; doc < to; doc++) {
		out->docs[n] = doc;
		out->freqs[n] = sums[doc];
		n += sums[doc] > 0;
	}
	out->n = n;
	memset(sums + from, 0, (to - from) * sizeof *sums);
}

/* The same of few docs, by their marks, which go as well. */
static void take_marked(struct match_context *ctx, uint64_t most, struct sums *out)
{
	uint32_t words = (ctx->seg->ndocs + 63) / 64;

	out->n = 0;
	out->docs = arena_alloc(&ctx->arena, (most + 1) * sizeof *out->docs);
	out->freqs = arena_alloc(&ctx->arena, (most + 1) * sizeof *out->freqs);
	for (uint32_t w = 0; w < words; w++) {
		for (uint64_t bits = ctx->met[w]; bits; bits &= bits - 1) {
			uint32_t doc = w * 64 + (uint32_t)__builtin_ctzll(bits);

			out->docs[out->n] = doc;
			out->freqs[out->n] = ctx->sums[doc];
			out->n += ctx->sums[doc] > 0;
			ctx->sums[doc] = 0;
		}
		ctx->met[w] = 0;
	}
}

#define SPARSE 16u /* docs for each posting: then marks pay */

void sums_whole(struct match_context *ctx, const struct plan_element *e, bool title, struct sums *out)
{
	struct list *l = arena_zalloc(&ctx->arena, sizeof *l);
	uint64_t postings = sums_cost(ctx, e);

	*out = (struct sums){ .n = 0 };
	if (!postings)
		return;
	make_room(ctx);
	l->ctx = ctx;
	l->title = title;
	l->marks = postings < ctx->seg->ndocs / SPARSE;
	for (size_t i = 0; i < e->nterms && ctx->rc == 0; i++)
		if (open_list(l, e, i))
			add_whole(l);
	if (l->marks)
		take_marked(ctx, postings, out);
	else
		take_between(ctx, 0, ctx->seg->ndocs, out);
}

/* ---- some docs ---- */

/* Where sums have been added to that are not asked for. */
struct stretch {
	uint32_t first, end;
};

/* Add a block whole. */
static void add_to_stretch(struct list *l, uint32_t block, struct stretch *others)
{
	uint32_t base = postings_block_base(&l->source.post, block);
	uint32_t last = postings_block_last(&l->source.post, block);

	others->first = base < others->first ? base : others->first;
	others->end = last >= others->end ? last + 1 : others->end;
	add_block(l, block);
}

static void clear_stretch(struct match_context *ctx, const struct stretch *others)
{
	if (others->first < others->end)
		memset(ctx->sums + others->first, 0, (others->end - others->first) * sizeof *ctx->sums);
}

static void add_short_between(struct list *l, uint32_t from, uint32_t to)
{
	struct short_list *s = &l->brief;

	if (!short_list_docs(s, l->ctx->seg, &l->info)) {
		fail(l->ctx);
		return;
	}
	if (s->docs[0] >= to || s->docs[s->n - 1] < from)
		return;
	if (!short_list_freqs(s)) {
		fail(l->ctx);
		return;
	}
	for (uint32_t i = 0; i < s->n; i++)
		if (s->docs[i] >= from && s->docs[i] < to)
			add_freq(l, s->docs[i], s->freqs[i]);
}

static void add_between(struct list *l, uint32_t from, uint32_t to, struct stretch *others)
{
	const struct postings *p = &l->source.post;
	uint32_t block = postings_find_block(p, 0, from);

	for (; block < p->nblocks && postings_block_base(p, block) < to && l->ctx->rc == 0; block++)
		add_to_stretch(l, block, others);
}

void sums_between(struct match_context *ctx, const struct plan_element *e, bool title, uint32_t from,
		  uint32_t to, struct sums *out)
{
	struct list *l = arena_zalloc(&ctx->arena, sizeof *l);
	struct stretch others = { .first = UINT32_MAX };

	make_room(ctx);
	l->ctx = ctx;
	l->title = title;
	for (size_t i = 0; i < e->nterms && ctx->rc == 0; i++) {
		if (!open_list(l, e, i))
			continue;
		if (l->is_short)
			add_short_between(l, from, to);
		else
			add_between(l, from, to, &others);
	}
	take_between(ctx, from, to, out);
	clear_stretch(ctx, &others);
}

/* The docs in question: ascending, and a bit each in the context's .met. */
struct chosen {
	uint32_t *docs;
	size_t n;
	struct stretch others;
};

static bool is_chosen(const struct match_context *ctx, uint32_t doc)
{
	return ctx->met[doc / 64] >> doc % 64 & 1;
}

static void unmark(struct match_context *ctx, const uint32_t *docs, size_t n)
{
	for (size_t i = 0; i < n; i++)
		ctx->met[docs[i] / 64] = 0;
}

static void add_short_among(struct list *l)
{
	struct match_context *ctx = l->ctx;
	struct short_list *s = &l->brief;
	bool read = false;

	if (!short_list_docs(s, ctx->seg, &l->info)) {
		fail(ctx);
		return;
	}
	for (uint32_t i = 0; i < s->n; i++) {
		if (!is_chosen(ctx, s->docs[i]))
			continue;
		if (!read && !short_list_freqs(s)) {
			fail(ctx);
			return;
		}
		read = true;
		add_freq(l, s->docs[i], s->freqs[i]);
	}
}

/* Docs in a block that are looked up one by one; for more, the block is added whole. */
#define FEW_DOCS 16u

/* Of so many of all docs one is asked about: then most of a block's are not. */
#define FEW_OF_ALL 16u

static void add_place(struct list *l, uint32_t doc, uint32_t place)
{
	struct postings *p = &l->source.post;

	if (!l->counted && postings_load_freqs(p))
		add_freq(l, doc, p->freqs[place]);
	else if (l->counted && postings_load(p, p->block))
		add_freq(l, doc, source_freq(l->ctx, &l->source, place, l->title, &l->work));
}

/* Few docs that may be in the block. */
static void look_up(struct list *l, uint32_t block, const uint32_t *docs, size_t n)
{
	struct postings *p = &l->source.post;

	if (!postings_enter(p, block)) {
		fail(l->ctx);
		return;
	}
	for (size_t i = 0; i < n && l->ctx->rc == 0; i++) {
		uint32_t place = postings_place(p, docs[i]);

		if (place < POSTINGS_BLOCK)
			add_place(l, docs[i], place);
	}
	if (p->rc < 0)
		fail(l->ctx);
}

/* The same for many docs: the block's postings are walked. */
static void walk(struct list *l, uint32_t block)
{
	struct postings *p = &l->source.post;
	uint8_t places[POSTINGS_BLOCK];
	uint32_t n;

	if (!postings_load(p, block) || !postings_load_freqs(p)) {
		fail(l->ctx);
		return;
	}
	n = block_bits(l->ctx->met, p->docs, p->n, places);
	for (uint32_t i = 0; i < n && !l->counted; i++)
		add_freq(l, p->docs[places[i]], p->freqs[places[i]]);
	for (uint32_t i = 0; i < n && l->counted && l->ctx->rc == 0; i++)
		add_place(l, p->docs[places[i]], places[i]);
	if (p->rc < 0)
		fail(l->ctx);
}

/* Docs that may be in the block, and in no other. */
static void add_block_among(struct list *l, uint32_t block, const uint32_t *docs, size_t n, struct chosen *c)
{
	if (n <= FEW_DOCS)
		look_up(l, block, docs, n);
	else if (l->counted || c->n < l->ctx->seg->ndocs / FEW_OF_ALL)
		walk(l, block);
	else
		add_to_stretch(l, block, &c->others);
}

static void add_among(struct list *l, struct chosen *c)
{
	struct postings *p = &l->source.post;
	uint32_t block = c->n ? postings_find_block(p, 0, c->docs[0]) : p->nblocks, next;

	for (size_t at = 0, end; block < p->nblocks && l->ctx->rc == 0; at = end, block = next) {
		end = sums_search(c->docs, c->n, at, postings_block_last(p, block) + 1);
		next = end < c->n ? postings_find_block(p, block + 1, c->docs[end]) : p->nblocks;
		postings_fetch(p, next);
		add_block_among(l, block, c->docs + at, end - at, c);
	}
}

/* Take the sums of the chosen docs as a list, and leave zeros. */
static void take_chosen(struct match_context *ctx, const struct chosen *c, struct sums *out)
{
	out->n = 0;
	out->docs = arena_alloc(&ctx->arena, (c->n + 1) * sizeof *out->docs);
	out->freqs = arena_alloc(&ctx->arena, (c->n + 1) * sizeof *out->freqs);
	for (size_t i = 0; i < c->n; i++) {
		uint32_t *sum = &ctx->sums[c->docs[i]];

		out->docs[out->n] = c->docs[i];
		out->freqs[out->n] = *sum;
		out->n += *sum > 0;
		*sum = 0;
	}
	clear_stretch(ctx, &c->others);
}

/* After so many lists the watch sees the sums, and again after four times as many, but for each doc so
 * many postings must have been read meanwhile: else looking is the work. */
#define FIRST_LOOK  16u
#define LOOK_FACTOR 4u
#define LOOK_COST   4u

size_t sums_among(struct match_context *ctx, const struct plan_element *e, size_t nterms, bool title,
		  uint32_t *docs, size_t n, struct sums_watch *watch, struct sums *out)
{
	struct list *l = arena_zalloc(&ctx->arena, sizeof *l);
	struct chosen c = { .docs = docs, .n = n, .others = { .first = UINT32_MAX } };
	size_t next = FIRST_LOOK;
	uint64_t read = 0;

	make_room(ctx);
	mark(ctx, docs, n);
	l->ctx = ctx;
	l->title = title;
	for (size_t i = 0; i < nterms && c.n && ctx->rc == 0; i++) {
		if (watch && i >= next && read >= c.n * LOOK_COST) {
			unmark(ctx, c.docs, c.n);
			c.n = watch->look(watch, c.docs, c.n, ctx->sums);
			mark(ctx, c.docs, c.n);
			next = i * LOOK_FACTOR;
			read = 0;
		}
		if (!open_list(l, e, i))
			continue;
		read += l->info.df;
		if (l->is_short)
			add_short_among(l);
		else
			add_among(l, &c);
	}
	unmark(ctx, c.docs, c.n);
	take_chosen(ctx, &c, out);
	return c.n;
}

/* ---- only whether ---- */

/* Docs that have a mark are still to be met. Of the docs, those that have been met are taken out when
 * they are half of them. */
struct unmet {
	uint32_t *docs;
	size_t n, left;
};

static void take_out_met(struct unmet *u, const struct match_context *ctx)
{
	size_t kept = 0;

	for (size_t i = 0; i < u->n; i++) {
		u->docs[kept] = u->docs[i];
		kept += is_chosen(ctx, u->docs[i]);
	}
	u->n = kept;
}

static void meet(struct list *l, uint32_t doc, uint32_t place, struct unmet *u)
{
	if (!is_chosen(l->ctx, doc))
		return;
	if (l->counted && !source_freq(l->ctx, &l->source, place, l->title, &l->work))
		return;
	l->ctx->met[doc / 64] &= ~(UINT64_C(1) << doc % 64);
	u->left--;
}

static void meet_word(struct match_context *ctx, uint32_t w, uint64_t bits, struct unmet *u)
{
	u->left -= bit_count(ctx->met[w] & bits);
	ctx->met[w] &= ~bits;
}

/* A block whose docs are a bitmap. */
static void meet_bitmap(struct list *l, struct unmet *u)
{
	const struct postings *p = &l->source.post;
	unsigned shift = p->base % 64;

	for (uint32_t w = 0; w < p->nwords; w++) {
		meet_word(l->ctx, p->base / 64 + w, p->words[w] << shift, u);
		if (shift && p->words[w] >> (64 - shift))
			meet_word(l->ctx, p->base / 64 + w + 1, p->words[w] >> (64 - shift), u);
	}
}

static void meet_block(struct list *l, uint32_t block, struct unmet *u)
{
	struct postings *p = &l->source.post;
	uint8_t places[POSTINGS_BLOCK];
	uint32_t n;

	if (!postings_enter(p, block)) {
		fail(l->ctx);
		return;
	}
	if (p->bitmap && !l->counted) {
		meet_bitmap(l, u);
		return;
	}
	postings_load(p, block);
	n = block_bits(l->ctx->met, p->docs, p->n, places);
	for (uint32_t i = 0; i < n && l->ctx->rc == 0; i++)
		meet(l, p->docs[places[i]], places[i], u);
	if (p->rc < 0)
		fail(l->ctx);
}

/* Fewer docs than blocks: each is looked up. */
static void meet_docs(struct list *l, struct unmet *u)
{
	struct postings *p = &l->source.post;

	for (size_t at = 0; at < u->n && l->ctx->rc == 0; at++) {
		uint32_t doc = u->docs[at], place;

		if (!is_chosen(l->ctx, doc))
			continue;
		place = postings_find(p, doc);
		if (place < POSTINGS_BLOCK && (!l->counted || postings_load(p, p->block)))
			meet(l, doc, place, u);
		if (p->rc < 0)
			fail(l->ctx);
	}
}

static void meet_list(struct list *l, struct unmet *u)
{
	uint32_t nblocks = l->source.post.nblocks;

	if (u->n < nblocks) {
		meet_docs(l, u);
		return;
	}
	for (uint32_t block = 0; block < nblocks && l->ctx->rc == 0; block++)
		meet_block(l, block, u);
}

static void meet_short(struct list *l, struct unmet *u)
{
	if (!short_list_docs(&l->brief, l->ctx->seg, &l->info)) {
		fail(l->ctx);
		return;
	}
	for (uint32_t i = 0; i < l->brief.n; i++)
		meet(l, l->brief.docs[i], i, u);
}

size_t sums_met(struct match_context *ctx, const struct plan_element *e, bool title, uint32_t *docs, size_t n)
{
	struct list *l = arena_zalloc(&ctx->arena, sizeof *l);
	struct unmet u = { .docs = arena_alloc(&ctx->arena, (n + 1) * sizeof *docs), .n = n, .left = n };
	size_t kept = 0;

	make_room(ctx);
	mark(ctx, docs, n);
	memcpy(u.docs, docs, n * sizeof *docs);
	l->ctx = ctx;
	l->title = title;
	for (size_t i = 0; i < e->nterms && u.left && ctx->rc == 0; i++) {
		if (!open_list(l, e, i))
			continue;
		if (l->is_short)
			meet_short(l, &u);
		else
			meet_list(l, &u);
		if (u.left < u.n - u.n / 4)
			take_out_met(&u, ctx);
	}
	for (size_t i = 0; i < n; i++) {
		bool met = !is_chosen(ctx, docs[i]);

		ctx->met[docs[i] / 64] &= ~(UINT64_C(1) << docs[i] % 64);
		docs[kept] = docs[i];
		kept += met;
	}
	return kept;
}

uint64_t sums_cost(struct match_context *ctx, const struct plan_element *e)
{
	struct term_info info;
	uint64_t sum = 0;

	for (size_t i = 0; i < e->nterms && ctx->rc == 0; i++)
		if (match_find_in(ctx, e, i, &info))
			sum += info.df;
	return sum;
}

size_t sums_search(const uint32_t *docs, size_t n, size_t at, uint32_t target)
{
	size_t step = 1, high;

	while (at + step < n && docs[at + step] < target)
		at += step, step *= 2;
	high = at + step < n ? at + step : n;
	while (at < high) {
		size_t middle = at + (high - at) / 2;

		if (docs[middle] < target)
			at = middle + 1;
		else
			high = middle;
	}
	return at;
}
