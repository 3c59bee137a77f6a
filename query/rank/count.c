#include "rank/count.h"

#include "base/mem.h"
#include "rank/clause.h"
#include "rank/match_leaf.h"
#include "rank/shape.h"

#include <stdlib.h>

#define MARKS_WORDS (MARKS_WINDOW / 64)

/* A node of the plan, ready to be marked. */
struct marks {
	struct match_context *ctx;
	const struct plan_node *node;
	struct postings *post; /* of a term */
	uint32_t next;         /* its first block that may hold what is asked for next */
	struct match *leaf;    /* of what is neither a term nor a branch */
	struct marks **children;
	size_t nchildren;
	uint64_t *scratch; /* a window's bits, of a branch */
	uint8_t *bytes;    /* a window's docs, shared by the whole tree; all 0 between calls */
};

/* ---- opening ---- */

static bool is_branch(const struct plan_node *node)
{
	return node->kind == PLAN_AND || node->kind == PLAN_OR || node->kind == PLAN_NOT ||
	       node->kind == PLAN_ALTERNATIVES;
}

/* When is a part of what is all required asked? Lists first, then what must be looked at closely,
 * then what nearly every doc is, then tests. */
static int turn_of(const struct marks *m)
{
	if (m->leaf)
		return match_tests(m->leaf) ? 3 : 1;
	return m->node->kind == PLAN_NOT ? 2 : 0;
}

/* By their turns, else as they stand. */
static void order_children(struct marks *m)
{
	for (size_t i = 1; i < m->nchildren; i++) {
		struct marks *child = m->children[i];
		size_t at = i;

		for (; at > 0 && turn_of(m->children[at - 1]) > turn_of(child); at--)
			m->children[at] = m->children[at - 1];
		m->children[at] = child;
	}
}

static struct marks *open_node(struct match_context *ctx, const struct plan_node *node, uint8_t *bytes)
{
	struct marks *m = arena_zalloc(&ctx->arena, sizeof *m);

	m->ctx = ctx;
	m->node = node;
	m->bytes = bytes;
	if (node->kind == PLAN_TERM) {
		struct term_info info;
		int got = match_find_term(ctx, node, &info);

		m->post = arena_alloc(&ctx->arena, sizeof *m->post);
		postings_open(m->post, ctx->seg, got > 0 ? &info : NULL);
	} else if (is_branch(node)) {
		m->scratch = arena_alloc(&ctx->arena, MARKS_WORDS * sizeof *m->scratch);
		m->children = arena_alloc(&ctx->arena, node->nchildren * sizeof(struct marks *));
		m->nchildren = node->nchildren;
		for (size_t i = 0; i < node->nchildren; i++)
			m->children[i] = open_node(ctx, node->children[i], bytes);
		if (node->kind == PLAN_AND)
			order_children(m);
	} else {
		m->leaf = match_open(ctx, node);
	}
	return m;
}

struct marks *marks_new(struct match_context *ctx, const struct plan_node *root)
{
	return open_node(ctx, root, arena_zalloc(&ctx->arena, MARKS_WINDOW));
}

/* ---- marking ---- */

static size_t words_for(uint32_t ndocs)
{
	return ((size_t)ndocs + 63) / 64;
}

/* Or a block's bitmap into the window's bits. */
static void or_words(const struct postings *p, uint32_t from, uint32_t to, uint64_t *bits)
{
	for (uint32_t i = 0; i < p->nwords; i++) {
		uint64_t at = (uint64_t)p->base + i * 64, word = p->words[i];
		unsigned shift;

		if (at + 64 <= from || at >= to)
			continue;
		if (at < from) {
			bits[0] |= word >> (from - at);
			continue;
		}
		shift = (unsigned)(at - from) % 64;
		bits[(at - from) / 64] |= word << shift;
		if (shift && (at - from) / 64 + 1 < words_for(to - from))
			bits[(at - from) / 64 + 1] |= word >> (64 - shift);
	}
}

static void mark_bytes(const struct postings *p, uint32_t from, uint32_t to, uint8_t *bytes)
{
	uint32_t i = 0, end = p->n;

	while (i < end && p->docs[i] < from)
		i++;
	while (end > i && p->docs[end - 1] >= to)
		end--;
	for (; i < end; i++)
		bytes[p->docs[i] - from] = 1;
}

/* Or the term's docs into bits[] and bytes[]. */
static void mark_term(struct marks *m, uint32_t from, uint32_t to, uint64_t *bits)
{
	struct postings *p = m->post;
	uint32_t block = m->next = postings_find_block(p, m->next, from);

	for (; block < p->nblocks && postings_block_base(p, block) < to; block++) {
		if (!postings_enter(p, block))
			break;
		if (p->bitmap)
			or_words(p, from, to, bits);
		else
			mark_bytes(p, from, to, m->bytes);
	}
	if (p->rc < 0)
		m->ctx->rc = p->rc;
}

/* Move the marked bytes over into bits[]. */
static void fold(struct marks *m, uint32_t n, uint64_t *bits)
{
	for (size_t w = 0; w < words_for(n); w++) {
		uint8_t *bytes = m->bytes + w * 64;
		uint64_t word = 0;

		for (unsigned group = 0; group < 8; group++) {
			uint64_t eight = load_le64(bytes + group * 8);

			/* gathers the lowest bits of eight bytes: each lands in the top byte */
			word |= (eight * UINT64_C(0x0102040810204080) >> 56) << group * 8;
		}
		bits[w] |= word;
	}
	memset(m->bytes, 0, n);
}

static void mark(struct marks *m, uint32_t from, uint32_t to, uint64_t *bits);

static void mark_any(struct marks *m, uint32_t from, uint32_t to, uint64_t *bits)
{
	size_t words = words_for(to - from);
	bool terms = false;

	memset(bits, 0, words * sizeof *bits);
	for (size_t i = 0; i < m->nchildren; i++) {
		if (m->children[i]->post)
			continue;
		mark(m->children[i], from, to, m->scratch);
		for (size_t w = 0; w < words; w++)
			bits[w] |= m->scratch[w];
	}
	for (size_t i = 0; i < m->nchildren; i++) {
		if (!m->children[i]->post)
			continue;
		mark_term(m->children[i], from, to, bits);
		terms = true;
	}
	if (terms)
		fold(m, to - from, bits);
}

/* Unmark what the leaf does not match, asked about one by one. */
static void keep(struct marks *m, uint32_t from, uint64_t *bits, size_t words)
{
	for (size_t w = 0; w < words; w++)
		for (uint64_t left = bits[w]; left; left &= left - 1) {
			unsigned bit = (unsigned)__builtin_ctzll(left);

			if (!match_is(m->leaf, from + (uint32_t)w * 64 + bit))
				bits[w] &= ~(UINT64_C(1) << bit);
		}
}

static uint64_t count_bits(const uint64_t *bits, size_t words)
{
	uint64_t n = 0;

	for (size_t w = 0; w < words; w++)
		n += bit_count(bits[w]);
	return n;
}

static void mark_all(struct marks *m, uint32_t from, uint32_t to, uint64_t *bits)
{
	size_t words = words_for(to - from);

	mark(m->children[0], from, to, bits);
	for (size_t i = 1; i < m->nchildren; i++) {
		const struct match *leaf = m->children[i]->leaf;
		uint64_t left = count_bits(bits, words);

		if (!left)
			return;
		if (leaf && match_is_asked(leaf, left, to - from)) {
			keep(m->children[i], from, bits, words);
			continue;
		}
		mark(m->children[i], from, to, m->scratch);
		for (size_t w = 0; w < words; w++)
			bits[w] &= m->scratch[w];
	}
}

/* Only the docs that are there: the last word has room for more. */
static void mark_not(struct marks *m, uint32_t from, uint32_t to, uint64_t *bits)
{
	size_t words = words_for(to - from);

	mark(m->children[0], from, to, bits);
	for (size_t w = 0; w < words; w++)
		bits[w] = ~bits[w];
	if ((to - from) % 64)
		bits[words - 1] &= (UINT64_C(1) << (to - from) % 64) - 1;
}

static void mark_leaf(struct marks *m, uint32_t from, uint32_t to, uint64_t *bits)
{
	memset(bits, 0, words_for(to - from) * sizeof *bits);
	if (m->post) {
		mark_term(m, from, to, bits);
		fold(m, to - from, bits);
		return;
	}
	for (uint32_t d = match_seek(m->leaf, from); d < to; d = match_seek(m->leaf, d + 1))
		bits[(d - from) / 64] |= UINT64_C(1) << (d - from) % 64;
}

static void mark(struct marks *m, uint32_t from, uint32_t to, uint64_t *bits)
{
	switch (m->node->kind) {
	case PLAN_AND: mark_all(m, from, to, bits); break;
	case PLAN_OR:
	case PLAN_ALTERNATIVES: mark_any(m, from, to, bits); break;
	case PLAN_NOT: mark_not(m, from, to, bits); break;
	default: mark_leaf(m, from, to, bits); break;
	}
}

uint64_t marks_window(struct marks *m, uint32_t from, uint32_t to, uint64_t bits[MARKS_WINDOW / 64])
{
	mark(m, from, to, bits);
	dead_docs_clear(&m->ctx->seg->dead, from, to, bits);
	return count_bits(bits, words_for(to - from));
}

/* ---- counting ---- */

static uint64_t count_windows(struct match_context *ctx, const struct plan_node *root,
			      const struct shape *shape)
{
	struct marks *m = marks_new(ctx, root);
	uint64_t *bits = arena_alloc(&ctx->arena, MARKS_WORDS * sizeof *bits), total = 0;

	for (uint32_t from = shape->first, to; from < shape->last && ctx->rc == 0; from = to) {
		to = shape->last - from < MARKS_WINDOW ? shape->last : from + MARKS_WINDOW;
		total += marks_window(m, from, to, bits);
	}
	return total;
}

/* The next docs of the first clause that the others have. */
static void next_of_led(uint32_t *from, uint32_t last, struct clause *clauses, size_t n, struct batch *batch)
{
	clause_next_docs(&clauses[0], from, last, batch);
	for (size_t i = 1; i < n && batch->n; i++)
		clause_keep(&clauses[i], batch);
}

/* Look the docs of the rarest clause up in the others. */
static uint64_t count_led(struct match_context *ctx, const struct shape *shape, struct clause *clauses)
{
	uint32_t from = shape->first;
	struct batch batch;
	uint64_t total = 0;

	while (from < shape->last && ctx->rc == 0) {
		next_of_led(&from, shape->last, clauses, shape->nclauses, &batch);
		batch_bury(&batch, &ctx->seg->dead);
		total += batch.n;
	}
	return total;
}

/* The same where clauses from number `plain` on gather: all docs of the others are looked up in them. */
static uint64_t count_gathered(struct match_context *ctx, const struct shape *shape, struct clause *clauses,
			       size_t plain)
{
	uint32_t from = shape->first, *docs = NULL;
	size_t n = 0, cap = 0;
	struct batch batch;

	while (from < shape->last && ctx->rc == 0) {
		next_of_led(&from, shape->last, clauses, plain, &batch);
		batch_bury(&batch, &ctx->seg->dead);
		MEM_GROW(docs, cap, n + batch.n + 1);
		memcpy(docs + n, batch.docs, batch.n * sizeof *docs);
		n += batch.n;
	}
	for (size_t i = plain; i < shape->nclauses && n && ctx->rc == 0; i++)
		n = clause_gather_met(&clauses[i], docs, n);
	free(docs);
	return n;
}

/* How many dead docs the clause has. Looks each up. */
static uint64_t count_dead(struct match_context *ctx, struct clause *clause)
{
	const struct dead_docs *dead = &ctx->seg->dead;
	struct batch batch = { .n = 0 };
	uint64_t total = 0;

	for (uint32_t doc = dead_docs_next(dead, 0); doc != DEAD_DOCS_NONE;
	     doc = dead_docs_next(dead, doc + 1)) {
		batch.docs[batch.n++] = doc;
		if (batch.n < POSTINGS_BLOCK)
			continue;
		clause_keep(clause, &batch);
		total += batch.n;
		batch.n = 0;
	}
	clause_keep(clause, &batch);
	return total + batch.n;
}

/* The docs that live in [first, last). */
static uint64_t count_range(const struct segment *seg, uint32_t first, uint32_t last)
{
	return first < last ? last - first - dead_docs_count(&seg->dead, first, last) : 0;
}

/* Marking costs about so many docs of every list for each doc that is looked up. */
#define LOOK_UP_COST 12u

uint64_t count_in_segment(struct match_context *ctx, const struct plan_node *root)
{
	struct shape shape;
	struct clause *clauses;
	uint64_t sum = 0;
	size_t plain;

	if (ctx->rc < 0)
		return 0;
	shape_of(&shape, root, ctx->seg, &ctx->arena);
	if (!shape.all || shape.nfilters || shape.nexclusions)
		return count_windows(ctx, root, &shape);
	if (!shape.nclauses)
		return count_range(ctx->seg, shape.first, shape.last);
	clauses = arena_alloc(&ctx->arena, shape.nclauses * sizeof *clauses);
	for (size_t i = 0; i < shape.nclauses; i++) {
		clause_open_docs(&clauses[i], ctx, shape.clauses[i]);
		sum += clauses[i].cost;
	}
	plain = clauses_order(clauses, shape.nclauses);
	if (plain < shape.nclauses)
		return count_gathered(ctx, &shape, clauses, plain);
	if (shape.nclauses == 1 && !clauses[0].tree && !shape.first && shape.last == ctx->seg->ndocs &&
	    ctx->seg->dead.n * LOOK_UP_COST <= clauses[0].cost)
		return clauses[0].cost - count_dead(ctx, &clauses[0]);
	if (sum < clauses[0].cost * LOOK_UP_COST && !clauses[0].tree)
		return count_windows(ctx, root, &shape);
	return count_led(ctx, &shape, clauses);
}
