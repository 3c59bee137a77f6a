/* tests/property/test_life.c - whatever is done to an archive, in whatever order, it answers as one that was
 * made at once of the articles that are left, in the order in which they came.
 *
 * Which articles match is the same at every moment. Scores and order are, too, while nothing was removed, and again
 * once the index is written anew (a word's rarity counts removed articles until then).
 */
#include "base/mem.h"
#include "lib/random_query.h"
#include "plan/plan.h"
#include "rank/rank.h"
#include "upkeep/rebuild.h"
#include "upkeep/remove.h"
#include "upkeep/snapshot.h"
#include "upkeep/verify.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#define QUERIES 8 /* at each comparison */

static const volatile sig_atomic_t never;

/* An archive, and what must be in it. */
struct life {
	uint64_t seed;
	struct rng r;
	struct random_corpus corpus;
	struct temp_archive t; /* open for writing */
	uint32_t weight;
	uint32_t *left, nleft; /* articles by their place in the corpus, in the order in which they came */
	uint32_t *number;      /* of each, in the archive */
	uint32_t *version;     /* of each article of the corpus: which of its texts is the newest */
	uint32_t came;         /* numbers given so far */
	bool settled;          /* the index has nothing of a removed article */
	struct buf diary;      /* what was done, for the sentence about a failure */
};

static void must(const struct life *l, int rc, const struct err *err, const char *what)
{
	if (rc < 0)
		fail_msg("seed %" PRIu64 ":%s: %s: error %d: %s", l->seed, buf_cstr(&l->diary), what, rc,
			 err->msg);
}

/* ---- what may be done ---- */

static void reopen(struct life *l)
{
	struct err err;

	archive_close(&l->t.archive);
	must(l, archive_open_write(&l->t.archive, l->t.path, NULL, &err), &err, "open");
}

/* A text of an article, as a line: the first one, or a later one. */
static void put_article(const struct life *l, uint32_t article, uint32_t version, struct buf *lines)
{
	struct news news = l->corpus.v[article];
	const struct news *other = &l->corpus.v[(article + version * 7) % l->corpus.n];
	struct buf title = BUF_INIT;

	if (version) { /* told by its headline: what ends a text may be taken for furniture */
		buf_addf(&title, "Version %" PRIu32 ": ", version);
		buf_add_bytes(&title, buf_bytes(&other->title));
		news.title = title;
		news.body = other->body;
		news.date = other->date;
	}
	news_json(&news, lines);
	buf_release(&title);
}

static bool is_left(const struct life *l, uint32_t article)
{
	for (uint32_t i = 0; i < l->nleft; i++)
		if (l->left[i] == article)
			return true;
	return false;
}

/* Some articles, of which some may be there: those stay as they are. */
static void add(struct life *l)
{
	uint32_t n = rng_range(&l->r, 1, (uint32_t)l->corpus.n / 4 + 1);
	uint32_t from = rng_below(&l->r, (uint32_t)l->corpus.n), fresh = 0;
	struct buf lines = BUF_INIT;

	for (uint32_t i = 0; i < n; i++) {
		uint32_t article = (from + i) % (uint32_t)l->corpus.n;

		put_article(l, article, 0, &lines);
		if (is_left(l, article))
			continue;
		l->version[article] = 0;
		l->left[l->nleft] = article;
		l->number[l->nleft++] = ++l->came;
		fresh++;
	}
	temp_archive_add_lines(&l->t, buf_bytes(&lines));
	buf_addf(&l->diary, " add(%" PRIu32 " of %" PRIu32 ")", fresh, n);
	buf_release(&lines);
}

/* Some articles get newer texts, one after the other or several at once; older ones come again. */
static void revise(struct life *l)
{
	uint32_t n = l->nleft ? rng_range(&l->r, 1, 12) : 0;
	struct buf lines = BUF_INIT;

	for (uint32_t i = 0; i < n; i++) {
		uint32_t article = l->left[rng_below(&l->r, l->nleft)];

		put_article(l, article, ++l->version[article], &lines);
		if (rng_one_in(&l->r, 3))
			put_article(l, article, rng_below(&l->r, l->version[article]), &lines);
	}
	buf_addf(&l->diary, " revise(%" PRIu32 ")", n);
	if (n)
		temp_archive_add_lines(&l->t, buf_bytes(&lines));
	l->settled = l->settled && !n;
	buf_release(&lines);
}

/* Take the article at a place out of what must be there. */
static uint32_t forget(struct life *l, uint32_t place)
{
	uint32_t number = l->number[place];

	memmove(l->left + place, l->left + place + 1, (l->nleft - place - 1) * sizeof *l->left);
	memmove(l->number + place, l->number + place + 1, (l->nleft - place - 1) * sizeof *l->number);
	l->nleft--;
	return number;
}

static void remove_some(struct life *l)
{
	uint32_t n = l->nleft ? rng_range(&l->r, 1, rng_one_in(&l->r, 4) ? l->nleft : 5) : 0;
	struct number_list numbers = { .n = 0 }, unknown = { .n = 0 };
	struct err err;

	n = n < l->nleft ? n : l->nleft;
	buf_addf(&l->diary, " remove(%" PRIu32 ")", n);
	for (uint32_t i = 0; i < n; i++)
		number_list_add(&numbers, forget(l, rng_below(&l->r, l->nleft)));
	number_list_settle(&numbers);
	must(l, remove_articles(&l->t.archive, &numbers, &unknown, &never, &err), &err, "remove");
	assert_int_equal(unknown.n, 0);
	l->settled = l->settled && !n;
	number_list_release(&numbers);
	number_list_release(&unknown);
}

static void optimize(struct life *l)
{
	buf_add_str(&l->diary, " optimize");
	temp_archive_optimize(&l->t);
	l->settled = true;
}

static void seal_newest(struct life *l)
{
	temp_archive_seal(&l->t);
	buf_add_str(&l->diary, " seal");
}

static void rebuild(struct life *l)
{
	size_t lot = rng_one_in(&l->r, 2) ? 0 : 400000;
	struct rebuild_result result;
	struct report report;
	FILE *null = quiet_report(&report);
	struct err err;

	buf_add_str(&l->diary, " rebuild");
	must(l, rebuild_archive(&l->t.archive, &never, lot, &report, &result, &err), &err, "rebuild");
	assert_int_equal(result.articles, l->nleft);
	l->settled = true;
	quiet_report_end(&report, null);
}

static void remove_files(const char *folder)
{
	char command[600];

	snprintf(command, sizeof command, "rm -rf '%s'", folder);
	assert_int_equal(system(command), 0);
}

/* Life goes on with the copy. */
static void move_to_snapshot(struct life *l)
{
	char copy[sizeof l->t.path + 16];
	struct snapshot_result result;
	struct report report;
	FILE *null = quiet_report(&report);
	struct archive reader;
	struct err err;

	buf_add_str(&l->diary, " snapshot");
	snprintf(copy, sizeof copy, "%s-copy", l->t.path);
	must(l, archive_open_read(&reader, l->t.path, &err), &err, "read");
	must(l, snapshot_archive(&reader, copy, &never, &report, &result, &err), &err, "snapshot");
	archive_close(&reader);
	quiet_report_end(&report, null);
	archive_close(&l->t.archive);
	remove_files(l->t.path);
	assert_int_equal(rename(copy, l->t.path), 0);
	reopen(l);
}

/* ---- what it must answer ---- */

struct asked {
	struct archive *lived, *once;
	struct analyzer *analyzer;
	struct query query;
	struct buf text;
};

static void differ(const struct life *l, const struct asked *a, const struct ranking *lived,
		   const struct ranking *once, const char *what)
{
	struct buf out = BUF_INIT;

	for (size_t i = 0; i < lived->n && i < 12; i++)
		buf_addf(&out, " %" PRIu32 "(%" PRId64 ")", lived->hits[i].article, lived->hits[i].score);
	buf_add_str(&out, "\nat once:");
	for (size_t i = 0; i < once->n && i < 12; i++)
		buf_addf(&out, " %" PRIu32 "(%" PRId64 ")", l->number[once->hits[i].article - 1],
			 once->hits[i].score);
	fail_msg("seed %" PRIu64 ":%s: %s: query [%s]: %" PRIu64 " and %" PRIu64 " articles\nlived:%s",
		 l->seed, buf_cstr(&l->diary), what, buf_cstr(&a->text), lived->total, once->total,
		 buf_cstr(&out));
}

/* In the archive that was made at once the articles are numbered from 1 in the order in which they came. */
static void compare(const struct life *l, const struct asked *a, enum rank_order order)
{
	const struct rank_options o = { .order = order, .count = UINT64_MAX };
	struct ranking lived, once;
	struct plan p, q;
	struct err err;
	int planned;

	planned = plan_build(&p, a->query.root, a->lived, a->analyzer, BM25_K1, BM25_B, &err);
	assert_int_equal(plan_build(&q, a->query.root, a->once, a->analyzer, BM25_K1, BM25_B, &err), planned);
	if (planned == ERR_USAGE) { /* a question that means nothing, to either */
		plan_release(&p);
		plan_release(&q);
		return;
	}
	must(l, planned, &err, "plan");
	must(l, rank_plan(&lived, &p, a->lived, &o, &err), &err, "lived");
	must(l, rank_plan(&once, &q, a->once, &o, &err), &err, "at once");
	if (lived.n != once.n || lived.total != once.total || lived.n != lived.total)
		differ(l, a, &lived, &once, "how many");
	for (size_t i = 0; i < lived.n; i++)
		if (lived.hits[i].article != l->number[once.hits[i].article - 1] ||
		    lived.hits[i].date != once.hits[i].date ||
		    (order == RANK_RELEVANCE && lived.hits[i].score != once.hits[i].score))
			differ(l, a, &lived, &once, "which");
	ranking_release(&lived);
	ranking_release(&once);
	plan_release(&p);
	plan_release(&q);
}

static void ask(struct life *l, struct archive *lived, struct archive *once)
{
	struct asked a = { .lived = lived, .once = once, .text = BUF_INIT };
	struct parse_options options = { .any = false };
	struct arena arena = { 0 };
	struct err err;

	a.analyzer = analyzer_new(buf_cstr(&lived->language), NULL);
	for (int i = 0; i < QUERIES; i++) {
		buf_reset(&a.text);
		arena_reset(&arena);
		random_query(&l->r, &l->corpus, QUERY_STYLE_ALL, &a.text);
		options.any = rng_one_in(&l->r, 3);
		must(l, query_parse(&a.query, buf_bytes(&a.text), &options, &arena, &err), &err, "parse");
		compare(l, &a, RANK_NEWEST);
		if (l->settled)
			compare(l, &a, RANK_RELEVANCE);
		query_release(&a.query);
	}
	analyzer_free(a.analyzer);
	arena_release(&arena);
	buf_release(&a.text);
}

static void check_sound(struct life *l, struct archive *lived)
{
	struct verify_options options = { .deep = true, .stop = &never };
	struct report report;
	FILE *null = quiet_report(&report);
	struct err err;

	must(l, verify_archive(lived, &options, &report, &err), &err, "verify");
	quiet_report_end(&report, null);
}

static void check(struct life *l)
{
	struct buf lines = BUF_INIT;
	struct temp_archive once;
	struct archive lived;
	struct err err;

	temp_archive_make(&once, l->weight);
	for (uint32_t i = 0; i < l->nleft; i++)
		put_article(l, l->left[i], l->version[l->left[i]], &lines);
	if (l->nleft)
		temp_archive_add_lines(&once, buf_bytes(&lines));
	temp_archive_read(&once);
	must(l, archive_open_read(&lived, l->t.path, &err), &err, "read");
	assert_int_equal(once.archive.ndocs, l->nleft);
	if (lived.ndocs != l->nleft || lived.words != once.archive.words)
		fail_msg("seed %" PRIu64 ":%s: %" PRIu64 " articles of %" PRIu64 " words, not %" PRIu32
			 " of %" PRIu64,
			 l->seed, buf_cstr(&l->diary), lived.ndocs, lived.words, l->nleft,
			 once.archive.words);
	ask(l, &lived, &once.archive);
	check_sound(l, &lived);
	archive_close(&lived);
	temp_archive_release(&once);
	buf_release(&lines);
}

/* ---- a life ---- */

static void live(struct life *l)
{
	static void (*const deeds[])(struct life * l) = {
		add,         add,         add,      seal_newest, revise,           revise,
		remove_some, remove_some, optimize, rebuild,     move_to_snapshot, reopen
	};
	uint32_t steps = rng_range(&l->r, 3, 12);

	for (uint32_t i = 0; i < steps; i++) {
		deeds[rng_below(&l->r, sizeof deeds / sizeof *deeds)](l);
		if (rng_one_in(&l->r, 4))
			check(l);
	}
	check(l);
}

static void try_life(uint64_t seed)
{
	struct life l = { .seed = seed, .settled = true, .diary = BUF_INIT };

	rng_init(&l.r, seed ^ UINT64_C(0x6c697665));
	random_corpus_make(&l.corpus, seed);
	l.weight = rng_range(&l.r, 1, 4);
	l.left = mem_zalloc(l.corpus.n, sizeof *l.left);
	l.number = mem_zalloc(l.corpus.n, sizeof *l.number);
	l.version = mem_zalloc(l.corpus.n, sizeof *l.version);
	temp_archive_make(&l.t, l.weight);
	live(&l);
	temp_archive_release(&l.t);
	random_corpus_release(&l.corpus);
	free(l.left);
	free(l.number);
	free(l.version);
	buf_release(&l.diary);
}

static void it_answers_as_one_made_at_once(void **state)
{
	(void)state;
	test_seeds(12, 4, 3000, try_life);
}

int main(void)
{
	const struct CMUnitTest tests[] = { cmocka_unit_test(it_answers_as_one_made_at_once) };

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
