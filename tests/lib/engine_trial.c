#include "lib/engine_trial.h"

#include "lib/index_naive.h"
#include "lib/random_plan.h"

#include <inttypes.h>

#define LISTED 6u /* hits shown when answers differ */

struct trial {
	const struct random_index *x;
	const struct plan *plan;
	struct index_answer wanted; /* sorted as .order says */
	enum rank_order order;
	struct buf *what;
};

/* ---- what differs ---- */

static void print_hits(struct buf *out, const char *name, const struct hit *hits, size_t n, size_t from)
{
	buf_addf(out, "\n%s, from hit %zu on:", name, from);
	for (size_t i = from; i < n && i < from + LISTED; i++)
		buf_addf(out, " %" PRIu32 "/%" PRIu32 "(%" PRId64 ")", hits[i].segment, hits[i].doc,
			 hits[i].score);
}

/* What the engine says of a hit that it has elsewhere, or has not. */
static void print_engines(struct buf *out, const struct hit *wanted, const struct ranking *got)
{
	for (size_t i = 0; i < got->n; i++) {
		if (got->hits[i].segment != wanted->segment || got->hits[i].doc != wanted->doc)
			continue;
		buf_addf(out, "\nthe engine has %" PRIu32 "/%" PRIu32 " as hit %zu (%" PRId64 ")",
			 wanted->segment, wanted->doc, i, got->hits[i].score);
		return;
	}
	buf_addf(out, "\nthe engine has no %" PRIu32 "/%" PRIu32, wanted->segment, wanted->doc);
}

static bool differs(const struct trial *t, const struct rank_options *o, const char *what,
		    const struct ranking *got, size_t at)
{
	size_t first = o->offset < t->wanted.n ? (size_t)o->offset : t->wanted.n;

	buf_addf(t->what,
		 "%s: order %d offset %" PRIu64 " count %" PRIu64 "%s%s k1 %g; %zu segments, %" PRIu64
		 " docs, H %" PRIu32 "\nplan ",
		 what, (int)o->order, o->offset, o->count, o->no_total ? " no total" : "",
		 o->plain ? " plain" : "", t->plan->scorer.k1, t->x->archive.nsegments, t->x->ndocs,
		 t->x->headline_weight);
	random_plan_print(t->what, t->plan->root);
	buf_addf(t->what, "\ntotal %" PRIu64 ", naive %zu", got->total, t->wanted.n);
	print_hits(t->what, "engine", got->hits, got->n, at);
	print_hits(t->what, "naive", t->wanted.hits + first, t->wanted.n - first, at);
	if (first + at < t->wanted.n)
		print_engines(t->what, &t->wanted.hits[first + at], got);
	return false;
}

/* ---- comparing ---- */

static bool same_hit(const struct hit *a, const struct hit *b, enum rank_order order)
{
	return a->segment == b->segment && a->doc == b->doc && a->article == b->article &&
	       a->date == b->date && a->score == (order == RANK_RELEVANCE ? b->score : 0);
}

static bool check_page(const struct trial *t, const struct rank_options *o, const struct ranking *got)
{
	size_t first = o->offset < t->wanted.n ? (size_t)o->offset : t->wanted.n;
	size_t n = t->wanted.n - first < o->count ? t->wanted.n - first : (size_t)o->count;

	if (got->total != (o->no_total && !o->plain ? 0 : t->wanted.n))
		return differs(t, o, "total", got, 0);
	if (got->n != n)
		return differs(t, o, "number of hits", got, got->n < n ? got->n : n);
	for (size_t i = 0; i < n; i++)
		if (!same_hit(&got->hits[i], &t->wanted.hits[first + i], o->order))
			return differs(t, o, "hits", got, i);
	return true;
}

static bool ask(struct trial *t, const struct rank_options *o)
{
	struct ranking got;
	struct err err;
	bool same;

	if (t->order != o->order)
		index_answer_sort(&t->wanted, t->order = o->order);
	if (rank_plan(&got, t->plan, &t->x->archive, o, &err) < 0) {
		buf_addf(t->what, "error %d: %s\nplan ", err.code, err.msg);
		random_plan_print(t->what, t->plan->root);
		return false;
	}
	same = check_page(t, o, &got);
	ranking_release(&got);
	return same;
}

static uint64_t draw_count(struct rng *r)
{
	static const uint64_t edges[] = { 0, 9, 10, 10, 11, 11, 99, 100, 100, 101, 999, 1000, 1000, 1001 };

	switch (rng_below(r, 4)) {
	case 0: return edges[rng_below(r, 14)];
	case 1: return rng_range(r, 1, rng_one_in(r, 3) ? 1000 : 40);
	default: return rng_range(r, 1, 6);
	}
}

/* All hits; of a long answer now and then only, else some of them. */
static uint64_t draw_many(const struct trial *t, struct rng *r)
{
	return t->wanted.n < 2000 || rng_one_in(r, 16) ? UINT64_MAX : draw_count(r);
}

static bool ask_some(struct trial *t, struct rng *r)
{
	struct rank_options o = { .count = draw_many(t, r), .no_total = rng_one_in(r, 2) };
	struct rank_options plain = { .count = draw_many(t, r), .plain = true };

	if (!ask(t, &plain) || !ask(t, &o))
		return false;
	for (int i = 0; i < 6; i++) {
		o = (struct rank_options){ .count = draw_count(r), .no_total = rng_one_in(r, 2) };
		if (rng_one_in(r, 5))
			o.offset = rng_one_in(r, 8) ? t->wanted.n + rng_below(r, 3) - 1 : rng_below(r, 30);
		if (!ask(t, &o))
			return false;
	}
	return true;
}

static bool ask_by_date(struct trial *t, struct rng *r)
{
	struct rank_options o = { .order = rng_one_in(r, 2) ? RANK_NEWEST : RANK_OLDEST };
	struct rank_options plain;

	o.count = draw_many(t, r);
	o.offset = rng_one_in(r, 3) ? rng_below(r, 30) : 0;
	o.no_total = rng_one_in(r, 2);
	plain = o;
	plain.plain = true;
	return ask(t, &o) && ask(t, &plain);
}

static bool ask_every_k(struct trial *t)
{
	uint64_t step = t->x->ndocs < 4000 ? 1 : 19;

	for (uint64_t k = 1; k <= 1000 && k <= t->wanted.n + 2; k += step) {
		const struct rank_options o = { .count = k, .no_total = k % 16 != 0 };

		if (!ask(t, &o))
			return false;
	}
	return true;
}

static bool try_plan(const struct random_index *x, struct rng *r, const struct trial_options *o, bool every_k,
		     struct buf *what)
{
	struct plan plan;
	struct trial t = { .x = x, .plan = &plan, .what = what };
	bool same;

	if (o->decided)
		random_plan_decided(&plan, r, x);
	else
		random_plan_make(&plan, r, x);
	index_answer_make(&t.wanted, x, &plan);
	index_answer_sort(&t.wanted, t.order = RANK_RELEVANCE);
	same = ask_some(&t, r) && (!every_k || ask_every_k(&t));
	if (same && rng_one_in(r, 3))
		same = ask_by_date(&t, r);
	index_answer_release(&t.wanted);
	plan_release(&plan);
	return same;
}

/* All plans while every doc lives, then half as many over what is left. */
bool engine_trial(struct rng *r, const struct trial_options *o, struct buf *what)
{
	struct random_index x;
	bool same = true;

	random_index_make(&x, r, o->big);
	for (uint32_t i = 0; i < o->plans && same; i++)
		same = try_plan(&x, r, o, o->every_k && !i, what);
	random_index_bury(&x, r);
	for (uint32_t i = 0; i < (o->plans + 1) / 2 && same; i++)
		same = try_plan(&x, r, o, o->every_k && !i, what);
	random_index_release(&x);
	return same;
}

/* ---- damage ---- */

#define DAMAGED_PLANS 6u

/* Where to damage: anywhere in a section, or in the tables that a long list begins with. */
static struct bytes draw_place(struct rng *r, const struct random_index *x, const struct segment *seg)
{
	const struct index_word *word = &x->words[rng_below(r, x->nwords)];
	struct bytes section = seg->sections[rng_below(r, SEC_COUNT)];
	struct term_info info;

	if (rng_one_in(r, 2) || dict_find(seg, bytes_str(word->name), &info) <= 0)
		return section;
	if (rng_one_in(r, 4))
		return bytes_of(seg->sections[SEC_POSN].p + info.posn, info.posn_size);
	if (info.df > POSTINGS_BLOCK && rng_below(r, 3))
		info.post_size = info.df / POSTINGS_BLOCK * SKIP_ENTRY;
	return bytes_of(seg->sections[SEC_POST].p + info.post, info.post_size);
}

/* Change a byte or a number; numbers in tables stand at multiples of four. */
static void damage_once(struct rng *r, const struct random_index *x, struct seg_fixture *f)
{
	static const uint32_t numbers[] = { 0, 1, 127, UINT32_MAX - 1, UINT32_MAX };
	struct bytes place = draw_place(r, x, &f->seg);
	uint8_t *p;

	if (place.n < 4)
		return;
	p = f->memory + (place.p - f->memory) + rng_below(r, (uint32_t)place.n - 3);
	switch (rng_below(r, 4)) {
	case 0: *p = (uint8_t)rng_below(r, 256); return;
	case 1: *p ^= (uint8_t)(1u << rng_below(r, 8)); return;
	default: p -= (p - place.p) % 4; break;
	}
	store_le32(p, rng_one_in(r, 2) ? numbers[rng_below(r, 5)] : load_le32(p) + rng_below(r, 3) - 1);
}

/* A hit or a total that no segment could give. */
static bool impossible(const struct random_index *x, const struct ranking *got)
{
	for (size_t i = 0; i < got->n; i++)
		if (got->hits[i].segment >= x->archive.nsegments ||
		    got->hits[i].doc >= x->segments[got->hits[i].segment].ndocs)
			return true;
	return got->total > x->ndocs || got->n > x->ndocs;
}

static bool ask_damaged(const struct random_index *x, const struct plan *plan, const struct rank_options *o,
			struct buf *what)
{
	struct ranking got;
	struct err err;
	int rc = rank_plan(&got, plan, &x->archive, o, &err);
	bool fine = rc == ERR_CORRUPT || (rc == 0 && !impossible(x, &got));

	if (!fine) {
		buf_addf(what, "damaged: code %d, %zu hits, total %" PRIu64 ", order %d%s\nplan ", rc, got.n,
			 got.total, (int)o->order, o->plain ? " plain" : "");
		random_plan_print(what, plan->root);
	}
	ranking_release(&got);
	return fine;
}

bool engine_damage_trial(struct rng *r, struct buf *what)
{
	static const enum rank_order orders[] = { RANK_RELEVANCE, RANK_RELEVANCE, RANK_RELEVANCE, RANK_NEWEST,
						  RANK_OLDEST };
	struct random_index x;
	bool fine = true;

	random_index_make(&x, r, 0);
	for (uint32_t n = rng_range(r, 1, 5); n; n--)
		damage_once(r, &x, &x.segments[rng_below(r, (uint32_t)x.archive.nsegments)].fixture);
	for (uint32_t i = 0; i < DAMAGED_PLANS && fine; i++) {
		struct rank_options o = { .count = draw_count(r), .order = orders[rng_below(r, 5)] };
		struct plan plan;

		random_plan_make(&plan, r, &x);
		fine = ask_damaged(&x, &plan, &o, what);
		o.plain = true;
		fine = fine && ask_damaged(&x, &plan, &o, what);
		plan_release(&plan);
	}
	random_index_release(&x);
	return fine;
}

bool engine_trial_of_bytes(const uint8_t *bytes, size_t n, struct buf *what)
{
	struct trial_options o = { .plans = 2 };
	struct rng r;

	rng_init_bytes(&r, bytes, n);
	if (rng_one_in(&r, 3))
		return engine_damage_trial(&r, what);
	o.big = rng_one_in(&r, 8) ? 1u << 20 : 0; /* seldom windows: they take long */
	return engine_trial(&r, &o, what);
}
