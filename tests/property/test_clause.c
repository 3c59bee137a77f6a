/* tests/property/test_clause.c - bounds of a clause cover its docs, and every way to read it reads the same docs. */
#include "rank/clause.h"

#include "base/mem.h"
#include "lib/random_index.h"
#include "lib/random_archive.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <inttypes.h>
#include <stdlib.h>

/* A segment, one of its words, and what each doc scores by it: -1 where it is not. */
struct subject {
	uint64_t seed;
	const struct index_segment *s;
	struct scorer scorer;
	struct plan_node node;
	struct plan_element element;
	struct bytes word;
	int64_t *scores;
	uint32_t ndocs;
};

static void score_docs(struct subject *t, const struct index_list *l)
{
	t->scores = mem_alloc(t->ndocs * sizeof *t->scores);
	for (uint32_t doc = 0; doc < t->ndocs; doc++)
		t->scores[doc] = -1;
	for (uint32_t i = 0; i < l->df; i++)
		t->scores[l->postings[i].doc] =
			scorer_contribution(&t->scorer, t->node.weight, l->postings[i].freq,
					    t->s->docs->length[l->postings[i].doc]);
}

/* The clause of the word, in a context of its own. */
static void begin(const struct subject *t, struct match_context *ctx, struct clause *c)
{
	match_context_init(ctx, &t->scorer);
	match_context_enter(ctx, &t->s->fixture.seg, 0);
	assert_true(clause_open(c, ctx, &t->node));
}

static void end(const struct subject *t, struct match_context *ctx)
{
	if (ctx->rc < 0)
		fail_msg("seed %" PRIu64 ": error %d", t->seed, ctx->rc);
	match_context_release(ctx);
}

/* 0 if the word is in none of them. */
static int64_t best_of(const struct subject *t, uint32_t from, uint32_t to)
{
	int64_t most = 0;

	for (uint32_t doc = from; doc < to; doc++)
		most = t->scores[doc] > most ? t->scores[doc] : most;
	return most;
}

/* The end of a window that begins at `from`: of any size up to WINDOW, often beside a block's end. */
static uint32_t window_end(const struct subject *t, struct rng *r, uint32_t from)
{
	uint32_t size = rng_one_in(r, 2) ? rng_range(r, 1, WINDOW) : rng_range(r, 1, 300);

	if (rng_one_in(r, 2))
		size = (from + size) / 128 * 128 + rng_below(r, 3) - 1 - from;
	size = size == 0 || size > WINDOW ? 1 : size;
	return t->ndocs - from < size ? t->ndocs : from + size;
}

static void check_bounds(const struct subject *t, struct rng *r)
{
	struct match_context ctx;
	struct clause c;

	begin(t, &ctx, &c);
	for (uint32_t from = 0, to; from < t->ndocs; from = to) {
		int64_t bound, best;

		from += rng_one_in(r, 4) ? rng_below(r, t->ndocs - from) : 0; /* windows may be left out */
		to = window_end(t, r, from);
		bound = clause_bound(&c, from, to);
		best = best_of(t, from, to);
		if (bound < best || bound > c.limit)
			fail_msg("seed %" PRIu64 ": docs %u to %u: bound %" PRId64 ", best %" PRId64, t->seed,
				 from, to, bound, best);
	}
	end(t, &ctx);
}

static void check_sums(const struct subject *t, struct rng *r)
{
	static uint32_t sums[WINDOW];
	struct match_context ctx;
	struct clause c;

	begin(t, &ctx, &c);
	for (uint32_t from = 0, to; from < t->ndocs; from = to) {
		int64_t least = rng_one_in(r, 2) ? 0 : best_of(t, from, t->ndocs) / 2;

		to = window_end(t, r, from);
		memset(sums, 0, sizeof sums);
		clause_add(&c, from, to, least, sums);
		for (uint32_t i = 0; i < to - from; i++) {
			int64_t score = t->scores[from + i];

			if (sums[i] != (score < 0 ? 0 : 2 * (uint32_t)score + 1) &&
			    (sums[i] || score >= least))
				fail_msg("seed %" PRIu64 ": doc %u of %u to %u: sum %u, score %" PRId64,
					 t->seed, from + i, from, to, sums[i], score);
		}
	}
	end(t, &ctx);
}

/* All docs of [first, last) that score `least`, and no other, come in batches. */
static void check_batches(const struct subject *t, struct rng *r)
{
	uint32_t first = rng_below(r, t->ndocs), last = rng_range(r, first, t->ndocs), from = first,
		 doc = first;
	int64_t least = rng_one_in(r, 2) ? 0 : best_of(t, 0, t->ndocs) * rng_below(r, 5) / 4;
	bool scored = rng_one_in(r, 2);
	struct match_context ctx;
	struct batch batch;
	struct clause c;

	begin(t, &ctx, &c);
	while (from < last) {
		if (scored)
			clause_next(&c, &from, last, least, &batch);
		else
			clause_next_docs(&c, &from, last, &batch);
		for (uint32_t i = 0; i < batch.n; i++, doc++) {
			while (doc < last && t->scores[doc] < (scored ? least : 0))
				doc++;
			if (doc >= last || batch.docs[i] != doc ||
			    (scored && batch.scores[i] != t->scores[doc]))
				fail_msg("seed %" PRIu64 ": batch of %u to %u has %u, not %u", t->seed, first,
					 last, batch.docs[i], doc);
		}
	}
	for (; doc < last; doc++)
		if (t->scores[doc] >= (scored ? least : 0))
			fail_msg("seed %" PRIu64 ": batch of %u to %u lacks %u", t->seed, first, last, doc);
	end(t, &ctx);
}

/* Docs that are asked about get what they score here, or fall out. */
static void check_joins(const struct subject *t, struct rng *r)
{
	struct match_context ctx;
	struct batch batch, joined;
	struct clause c;

	begin(t, &ctx, &c);
	for (uint32_t doc = 0; doc < t->ndocs;) {
		bool required = rng_one_in(r, 2), only = rng_one_in(r, 4);
		int64_t rest = rng_below(r, 3),
			needed = rng_one_in(r, 2) ? 0 : 1 + rest + best_of(t, 0, t->ndocs) / 2;
		uint32_t kept = 0, start = doc;

		for (batch.n = 0; batch.n < POSTINGS_BLOCK && doc < t->ndocs; doc += rng_range(r, 1, 40)) {
			batch.docs[batch.n] = doc;
			batch.scores[batch.n++] = 1;
		}
		joined = batch;
		if (only)
			clause_keep(&c, &joined);
		else
			clause_join(&c, &joined, required,
				    rng_one_in(r, 2) ? c.limit
						     : best_of(t, start, doc < t->ndocs ? doc : t->ndocs),
				    needed, rest);
		for (uint32_t i = 0; i < batch.n; i++) {
			int64_t score = t->scores[batch.docs[i]], sum = 1 + (score > 0 && !only ? score : 0);

			if ((score < 0 && (required || only)) || (!only && sum + rest < needed))
				continue;
			if (kept >= joined.n || joined.docs[kept] != batch.docs[i] ||
			    joined.scores[kept] != sum)
				fail_msg("seed %" PRIu64 ": doc %u is not joined", t->seed, batch.docs[i]);
			kept++;
		}
		assert_int_equal(kept, joined.n);
	}
	end(t, &ctx);
}

/* At least k docs are as good as the clause says. */
static void check_tops(const struct subject *t)
{
	static const uint64_t ks[] = { 1, 5, 9, 10, 11, 99, 100, 101, 999, 1000, 1001, UINT64_MAX };
	struct match_context ctx;
	struct clause c;

	begin(t, &ctx, &c);
	for (size_t i = 0; i < sizeof ks / sizeof *ks; i++) {
		int64_t score = clause_top(&c, ks[i]);
		uint64_t n = 0;

		for (uint32_t doc = 0; score && doc < t->ndocs; doc++)
			n += t->scores[doc] >= score;
		if (score && n < ks[i])
			fail_msg("seed %" PRIu64 ": %" PRIu64 " docs score %" PRId64 ", not %" PRIu64,
				 t->seed, n, score, ks[i]);
		assert_true(ks[i] <= 1000 || !score);
	}
	end(t, &ctx);
}

static void check_word(struct subject *t, struct rng *r, const struct random_index *x, uint32_t word)
{
	t->word = bytes_str(x->words[word].name);
	t->element = (struct plan_element){ .terms = &t->word, .nterms = 1 };
	t->node = (struct plan_node){
		.kind = PLAN_TERM, .weight = rng_range(r, 0, 300), .elements = &t->element, .nelements = 1
	};
	score_docs(t, &t->s->lists[word]);
	check_bounds(t, r);
	check_sums(t, r);
	check_batches(t, r);
	check_joins(t, r);
	check_tops(t);
	free(t->scores);
}

static void try_seed(uint64_t seed)
{
	struct random_index x;
	struct rng r;

	rng_init(&r, seed ^ UINT64_C(0x636c61757365));
	random_index_make(&x, &r, 12);
	for (uint32_t i = 0; i < x.archive.nsegments; i++) {
		struct subject t = { .seed = seed, .s = &x.segments[i], .ndocs = x.segments[i].ndocs };

		scorer_init(&t.scorer, rng_one_in(&r, 4) ? 0 : BM25_K1, BM25_B, x.ndocs, x.ndocs * 300);
		for (uint32_t word = 0; word < x.nwords; word++)
			check_word(&t, &r, &x, word);
	}
	random_index_release(&x);
}

static void a_clause_is_its_list(void **state)
{
	(void)state;
	test_seeds(60, 12, 3000, try_seed);
}

/* ---- damage ---- */

#define LONG 600u /* docs: five blocks */

/* A word in every doc, best in the last block; then the last doc of block 1 is said to be another. */
static void make_lying(struct seg_fixture *f, struct bytes word, uint32_t last)
{
	static struct posting list[LONG];

	for (uint32_t i = 0; i < LONG; i++)
		list[i] = (struct posting){ i, i + 1 < LONG ? 1 : 50, 0 };
	seg_fixture_init(f, LONG, 1);
	seg_fixture_add(f, &(struct seg_term){ .name = word, .postings = list, .df = LONG });
	store_le32(f->parts.post.p + SKIP_ENTRY, last);
	seg_fixture_seal(f);
}

/* The doc after a block that ends at 2^32 - 1 was doc 0: where the block was passed over, again and again. */
static void a_table_that_lies_has_an_end(void **state)
{
	static const uint32_t lies[] = { 0, 1, LONG - 1, LONG, UINT32_MAX - 1, UINT32_MAX };

	(void)state;
	for (size_t i = 0; i < sizeof lies / sizeof *lies; i++) {
		struct bytes word = bytes_str("strike");
		struct plan_element e = { .terms = &word, .nterms = 1 };
		const struct plan_node node = {
			.kind = PLAN_TERM, .weight = 1, .elements = &e, .nelements = 1
		};
		struct match_context ctx;
		struct seg_fixture f;
		struct scorer scorer;
		struct batch batch;
		struct clause c;
		uint32_t from = 0, batches = 0;

		make_lying(&f, word, lies[i]);
		scorer_init(&scorer, BM25_K1, BM25_B, LONG, LONG);
		match_context_init(&ctx, &scorer);
		match_context_enter(&ctx, &f.seg, 0);
		assert_true(clause_open(&c, &ctx, &node));
		while (from < LONG && batches++ < LONG)
			clause_next(&c, &from, LONG, c.limit, &batch);
		assert_true(from >= LONG);
		match_context_release(&ctx);
		seg_fixture_release(&f);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = { cmocka_unit_test(a_clause_is_its_list),
					    cmocka_unit_test(a_table_that_lies_has_an_end) };

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
