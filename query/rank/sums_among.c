/* query/rank/sums_among.c - why this is fast (`make bench BENCH=queries`, a b*):
 * - Sums are kept for the docs in question alone, which fit a cache, and not for all.
 * - Blocks that hold none of these are not read. Where they are few, those to read are found for
 *   several docs before the first is decoded, so that they come from memory meanwhile.
 * - Where they are many, blocks are read one after the other, and a block's postings, or the
 *   docs where it is a bitmap, are tested without a branch for each.
 */
#include "rank/block_bits.h"
#include "rank/sum_list.h"
#include "rank/sums.h"

/* The docs in question, with their sums; a bit each in the context's .met, and of each word of it in
 * .places where its first doc stands. */
struct chosen {
	uint32_t *docs, *sums;
	size_t n;
	uint64_t everywhere; /* how many there would be if all docs were as close as these */
};

static void choose(struct match_context *ctx, struct chosen *c)
{
	uint32_t stretch = c->n ? c->docs[c->n - 1] - c->docs[0] + 1 : 1;

	c->everywhere = (uint64_t)c->n * ctx->seg->ndocs / stretch;
	for (size_t i = 0; i < c->n; i++) {
		uint64_t *word = &ctx->met[c->docs[i] / 64];

		if (!*word)
			ctx->places[c->docs[i] / 64] = (uint32_t)i;
		*word |= UINT64_C(1) << c->docs[i] % 64;
	}
}

static void unmark(struct match_context *ctx, const uint32_t *docs, size_t n)
{
	for (size_t i = 0; i < n; i++)
		ctx->met[docs[i] / 64] = 0;
}

static void add_to(uint32_t *sum, uint32_t freq)
{
	*sum = add_saturating(*sum, freq);
}

/* The sum of a doc that is chosen. */
static uint32_t *sum_of(const struct match_context *ctx, const struct chosen *c, uint32_t doc)
{
	uint64_t before = ctx->met[doc / 64] & ((UINT64_C(1) << doc % 64) - 1);

	return &c->sums[ctx->places[doc / 64] + bit_count(before)];
}

static void add_short_among(struct sum_list *l, const struct chosen *c)
{
	struct match_context *ctx = l->ctx;
	struct short_list *s = &l->brief;
	bool read = false;

	if (!short_list_docs(s, ctx->seg, &l->info)) {
		sum_list_fail(ctx);
		return;
	}
	for (uint32_t i = 0; i < s->n; i++) {
		if (!sum_bits_has(ctx, s->docs[i]))
			continue;
		if (!read && !short_list_freqs(s)) {
			sum_list_fail(ctx);
			return;
		}
		read = true;
		add_to(sum_of(ctx, c, s->docs[i]), s->freqs[i]);
	}
}

/* Make ready to ask what places of the decoded block add. */
static bool load_places(struct sum_list *l)
{
	struct postings *p = &l->source.post;

	return (l->counted ? postings_load(p, p->block) : postings_load_freqs(p)) || sum_list_fail(l->ctx);
}

static inline uint32_t freq_at(struct sum_list *l, uint32_t place)
{
	return l->counted ? source_freq(l->ctx, &l->source, place, l->title, &l->work)
			  : l->source.post.freqs[place];
}

/* Few docs, from number `at` to `end`, that may be in the block. */
static void look_up(struct sum_list *l, uint32_t block, const struct chosen *c, size_t at, size_t end)
{
	struct postings *p = &l->source.post;

	if (!sum_list_enter(l, block))
		return;
	for (; at < end && l->ctx->rc == 0; at++) {
		uint32_t place = postings_place(p, c->docs[at]);

		if (place < POSTINGS_BLOCK && load_places(l))
			add_to(&c->sums[at], freq_at(l, place));
	}
}

/* The decoded block is a bitmap: chosen docs from number *at on are held against it, which waits for no branch.
 * *at is moved behind its range. */
static void walk_bitmap(struct sum_list *l, const struct chosen *c, size_t *at)
{
	const struct postings *p = &l->source.post;
	uint64_t end = (uint64_t)p->base + p->nwords * 64,
		 behind = (uint64_t)postings_block_last(p, p->block) + 1;
	uint32_t n = 0;
	size_t found[POSTINGS_BLOCK + 1], i = sums_search(c->docs, c->n, *at, p->base);

	for (end = behind < end ? behind : end; i < c->n && c->docs[i] < end; i++) {
		uint32_t bit = c->docs[i] - p->base;

		found[n] = i;
		n += (uint32_t)(p->words[bit / 64] >> bit % 64 & 1);
	}
	*at = i;
	if (!n || !load_places(l))
		return;
	for (uint32_t j = 0; j < n; j++)
		add_to(&c->sums[found[j]], freq_at(l, postings_place(p, c->docs[found[j]])));
}

/* Many docs: a block's postings are walked. */
static void walk(struct sum_list *l, uint32_t block, const struct chosen *c, size_t *at)
{
	struct postings *p = &l->source.post;
	uint8_t places[POSTINGS_BLOCK];
	uint32_t n;

	if (!sum_list_enter(l, block))
		return;
	if (p->bitmap) {
		walk_bitmap(l, c, at);
		return;
	}
	n = block_bits(l->ctx->met, p->docs, p->n, places);
	if (!n || !load_places(l))
		return;
	for (uint32_t i = 0; i < n; i++)
		add_to(sum_of(l->ctx, c, p->docs[places[i]]), freq_at(l, places[i]));
}

/* So many docs for each block: blocks are walked one after the other. */
#define MANY_A_BLOCK 4u

/* Docs in a block that are looked up one by one. */
#define FEW_DOCS 16u

/* Blocks that are on their way from memory at once. */
#define FETCHED 16u

static void walk_among(struct sum_list *l, uint32_t block, const struct chosen *c)
{
	const struct postings *p = &l->source.post;
	uint32_t last = c->docs[c->n - 1];
	size_t at = 0;

	for (; block < p->nblocks && postings_block_base(p, block) <= last && l->ctx->rc == 0; block++)
		walk(l, block, c, &at);
}

static void look_up_among(struct sum_list *l, uint32_t block, const struct chosen *c)
{
	const struct postings *p = &l->source.post;
	struct {
		uint32_t block;
		size_t at, to;
	} wanted[FETCHED];
	size_t at = 0, to;

	while (block < p->nblocks && l->ctx->rc == 0) {
		uint32_t n = 0;

		for (; n < FETCHED && block < p->nblocks; n++, at = to) {
			to = sums_search(c->docs, c->n, at, postings_block_last(p, block) + 1);
			wanted[n].block = block;
			wanted[n].at = at;
			wanted[n].to = to;
			postings_fetch(p, block);
			block = to < c->n ? postings_find_block(p, block + 1, c->docs[to]) : p->nblocks;
		}
		for (uint32_t i = 0; i < n && l->ctx->rc == 0; i++)
			if (wanted[i].to - wanted[i].at <= FEW_DOCS)
				look_up(l, wanted[i].block, c, wanted[i].at, wanted[i].to);
			else
				walk(l, wanted[i].block, c, &wanted[i].at);
	}
}

static void add_among(struct sum_list *l, const struct chosen *c)
{
	uint32_t block = postings_find_block(&l->source.post, 0, c->docs[0]);

	if (c->everywhere / MANY_A_BLOCK >= l->source.post.nblocks)
		walk_among(l, block, c);
	else
		look_up_among(l, block, c);
	if (l->source.post.rc < 0)
		sum_list_fail(l->ctx);
}

/* Take those sums as a list that are not 0. */
static void take_chosen(struct match_context *ctx, const struct chosen *c, struct sums *out)
{
	out->n = 0;
	out->docs = arena_alloc(&ctx->arena, (c->n + 1) * sizeof *out->docs);
	out->freqs = arena_alloc(&ctx->arena, (c->n + 1) * sizeof *out->freqs);
	for (size_t i = 0; i < c->n; i++) {
		out->docs[out->n] = c->docs[i];
		out->freqs[out->n] = c->sums[i];
		out->n += c->sums[i] > 0;
	}
}

/* After so many lists the watch sees the sums, and again after four times as many, but for each doc so
 * many postings must have been read meanwhile: else looking is the work. */
#define FIRST_LOOK  16u
#define LOOK_FACTOR 4u
#define LOOK_COST   4u

size_t sums_among(struct match_context *ctx, const struct plan_element *e, size_t nterms, bool title,
		  uint32_t *docs, size_t n, struct sums_watch *watch, struct sums *out)
{
	struct sum_list *l = arena_zalloc(&ctx->arena, sizeof *l);
	struct chosen c = { .docs = docs, .n = n };
	size_t next = FIRST_LOOK;
	uint64_t read = 0;

	sum_bits_room(ctx);
	c.sums = arena_zalloc(&ctx->arena, (n + 1) * sizeof *c.sums);
	choose(ctx, &c);
	l->ctx = ctx;
	l->title = title;
	for (size_t i = 0; i < nterms && c.n && ctx->rc == 0; i++) {
		if (watch && i >= next && read >= c.n * LOOK_COST) {
			unmark(ctx, c.docs, c.n);
			c.n = watch->look(watch, c.docs, c.sums, c.n);
			choose(ctx, &c);
			next = i * LOOK_FACTOR;
			read = 0;
		}
		sum_list_fetch(ctx, e, i + SUM_LISTS_AHEAD);
		if (!sum_list_open(l, e, i))
			continue;
		read += l->info.df;
		if (l->is_short)
			add_short_among(l, &c);
		else
			add_among(l, &c);
	}
	unmark(ctx, c.docs, c.n);
	take_chosen(ctx, &c, out);
	return c.n;
}
