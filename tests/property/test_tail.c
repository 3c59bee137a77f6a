/* tests/property/test_tail.c - what goes into the tail comes out of it: as an inverter, as a segment, word by word. */
#include "archive/tail.h"
#include "archive/statements.h"
#include "archive/tail_segment.h"
#include "base/mem.h"
#include "upkeep/compare.h"
#include "lib/random_archive.h"
#include "segment/seal.h"
#include "text/fields.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

#define ARTICLES 60u
#define WEIGHT   3u

/* Some articles, in an archive whose tail is filled by hand. */
struct trial {
	uint64_t seed;
	struct rng rng;
	struct temp_archive archive;
	struct news news[ARTICLES];
	struct inverted_doc docs[ARTICLES];
	bool out[ARTICLES]; /* it was taken out again */
	uint32_t n;
	struct analyzer *analyzer;
	struct tokens tokens;
	struct buf fields;
};

static struct catalog *catalog_of(struct trial *t)
{
	return t->archive.archive.catalog;
}

static void check(const struct trial *t, int rc, const struct err *err)
{
	if (rc < 0)
		fail_msg("seed %" PRIu64 ": %s", t->seed, err->msg);
}

/* Article i, analyzed and gathered. */
static void gather_article(struct trial *t, uint32_t i, struct inverter *inv)
{
	t->docs[i].headline =
		analyze_article(t->analyzer, buf_bytes(&t->news[i].title), buf_bytes(&t->news[i].body),
				t->news[i].furniture, t->news[i].nfurniture, &t->tokens);
	t->docs[i].words = t->tokens.words;
	field_terms(&(struct field_values){ .author = buf_bytes(&t->news[i].author),
					    .section = buf_bytes(&t->news[i].section),
					    .url = buf_bytes(&t->news[i].url),
					    .id = buf_bytes(&t->news[i].id),
					    .tags = bytes_str(i % 4 ? "dam river dam" : "") },
		    &t->fields);
	t->docs[i].fields = buf_bytes(&t->fields);
	inverter_add(inv, &t->docs[i], &t->tokens);
}

static void add_row(struct trial *t, uint32_t i)
{
	const struct inverted_doc *d = &t->docs[i];
	struct catalog_article row = { .seq = 1,
				       .revision = 1,
				       .story = d->story,
				       .source = d->source,
				       .date = d->date,
				       .title = buf_bytes(&t->news[i].title),
				       .words = d->words,
				       .headline = d->headline,
				       .frame = bytes_str("x") };
	int64_t number;
	struct err err;

	check(t, catalog_add_article(catalog_of(t), &row, 0, &number, &err), &err);
	t->docs[i].article = (uint32_t)number;
}

static void make_news(struct trial *t)
{
	struct news_options o = { .seed = rng_next(&t->rng),
				  .words = rng_range(&t->rng, 1, 80),
				  .vocabulary = rng_one_in(&t->rng, 2) ? 0 : rng_range(&t->rng, 1, 30),
				  .days = rng_one_in(&t->rng, 2) ? 2 : 2000,
				  .oddities = 2000,
				  .furniture = 2000,
				  .undated = 2000,
				  .scripts = 1500,
				  .lacking = 1000 };
	struct newsroom *room;

	o.articles = t->n = rng_range(&t->rng, 1, ARTICLES);
	room = newsroom_new(&o);
	for (uint32_t i = 0; i < t->n; i++)
		newsroom_next(room, &t->news[i]);
	newsroom_free(room);
}

/* Rows and tail, in one commit or several. */
static void fill_tail(struct trial *t)
{
	struct inverter inv;
	struct err err;

	inverter_init(&inv);
	check(t, catalog_begin(catalog_of(t), &err), &err);
	for (uint32_t i = 0; i < t->n; i++) {
		t->docs[i] = (struct inverted_doc){ .date = t->news[i].seconds, .story = i % 3, .source = 0 };
		gather_article(t, i, &inv);
		add_row(t, i);
		inv.docs[inv.ndocs - 1] = t->docs[i];
		if (rng_one_in(&t->rng, 6)) { /* it comes once more, before the commit */
			assert_true(inverter_drop(&inv, t->docs[i].article));
			gather_article(t, i, &inv);
		}
		if (i + 1 < t->n && !rng_one_in(&t->rng, 5))
			continue;
		check(t, tail_put(catalog_of(t), &inv, &err), &err);
		check(t, catalog_commit(catalog_of(t), &err), &err);
		check(t, catalog_begin(catalog_of(t), &err), &err);
		inverter_reset(&inv);
	}
	check(t, catalog_commit(catalog_of(t), &err), &err);
	inverter_release(&inv);
}

static void trial_make(struct trial *t, uint64_t seed)
{
	*t = (struct trial){ .seed = seed, .tokens = TOKENS_INIT };
	rng_init(&t->rng, seed ^ UINT64_C(0x7461696c));
	t->analyzer = analyzer_new("english", NULL);
	temp_archive_make(&t->archive, WEIGHT);
	make_news(t);
	fill_tail(t);
}

static void trial_release(struct trial *t)
{
	for (uint32_t i = 0; i < t->n; i++)
		news_release(&t->news[i]);
	tokens_release(&t->tokens);
	buf_release(&t->fields);
	analyzer_free(t->analyzer);
	temp_archive_release(&t->archive);
}

/* ---- the inverter ---- */

/* What the articles that are left make, without a tail. */
static void seal_directly(struct trial *t, struct segment_parts *parts)
{
	struct inverter inv;

	inverter_init(&inv);
	for (uint32_t i = 0; i < t->n; i++)
		if (!t->out[i])
			gather_article(t, i, &inv);
	assert_true(seal(&inv, WEIGHT, NULL, parts));
	inverter_release(&inv);
}

static void same_buf(const struct trial *t, const char *what, const struct buf *a, const struct buf *b)
{
	if (a->n != b->n || (a->n && memcmp(a->p, b->p, a->n) != 0))
		fail_msg("seed %" PRIu64 ": %s differs", t->seed, what);
}

/* Sealed from the tail, they are the same to the byte. */
static void check_gathered(struct trial *t, struct segment_parts *wanted)
{
	struct segment_parts parts;
	struct segment a, b;
	struct inverter inv;
	struct err err;

	inverter_init(&inv);
	check(t, tail_gather(catalog_of(t), &inv, &err), &err);
	assert_true(seal(&inv, WEIGHT, NULL, &parts));
	same_buf(t, "DICT", &parts.dict.dict, &wanted->dict.dict);
	same_buf(t, "DIDX", &parts.dict.index, &wanted->dict.index);
	same_buf(t, "FORM", &parts.form, &wanted->form);
	same_buf(t, "POST", &parts.post, &wanted->post);
	same_buf(t, "POSN", &parts.posn, &wanted->posn);
	segment_of_parts(&a, &parts, "a");
	segment_of_parts(&b, wanted, "b");
	same_buf(t, "DOCS", &a.columns, &b.columns);
	segment_close(&a);
	segment_close(&b);
	segment_parts_release(&parts);
	inverter_release(&inv);
}

/* ---- the segment ---- */

struct looked_up {
	struct term_info wanted, got;
};

static bool same_piece(const struct segment *a, uint64_t at, uint64_t size, const struct segment *b,
		       uint64_t bt, uint64_t bsize, int section)
{
	return size == bsize && memcmp(a->sections[section].p + at, b->sections[section].p + bt, size) == 0;
}

static bool same_info(const struct segment *a, const struct term_info *x, const struct segment *b,
		      const struct term_info *y)
{
	return x->df == y->df && x->occurrences == y->occurrences &&
	       same_piece(a, x->post, x->post_size, b, y->post, y->post_size, SEC_POST) &&
	       same_piece(a, x->posn, x->posn_size, b, y->posn, y->posn_size, SEC_POSN) &&
	       same_piece(a, x->form, x->form_size, b, y->form, y->form_size, SEC_FORM);
}

/* Some terms of the segment, each perhaps looked up in the tail. */
static size_t look_up(struct trial *t, const struct segment *tail, const struct segment *wanted,
		      struct looked_up *found, uint32_t one_in)
{
	struct dict_cursor c;
	size_t n = 0;

	for (int got = dict_seek(&c, wanted, BYTES_NONE); got > 0; got = dict_next(&c)) {
		if (!rng_one_in(&t->rng, one_in))
			continue;
		found[n].wanted = c.info;
		if (dict_find(tail, dict_term(&c), &found[n].got) != 1 ||
		    !same_info(wanted, &c.info, tail, &found[n].got))
			fail_msg("seed %" PRIu64 ": term '%.*s' is not what it should be", t->seed,
				 (int)dict_term(&c).n, (const char *)dict_term(&c).p);
		n++;
	}
	return n;
}

static void check_absent(const struct segment *tail)
{
	static const char *const absent[] = { "",     "\x01", "\x02",  "\x02q", "\x01zzzz",
					      "zzzz", "\x1F", "a\x1F", "\xFF" };
	struct term_info info;

	for (size_t i = 0; i < sizeof absent / sizeof *absent; i++)
		assert_int_equal(dict_find(tail, bytes_str(absent[i]), &info), 0);
}

/* Before the whole is read and after it, a term is the same; and what was found before stays. */
static void check_segment(struct trial *t, struct segment_parts *parts)
{
	struct segment tail, wanted;
	struct looked_up *found = mem_zalloc(2 * (size_t)parts->dict.n + 1, sizeof *found);
	size_t n;
	struct err err;
	int got = tail_segment_open(&tail, catalog_of(t), WEIGHT, "tail", &err);

	check(t, got, &err);
	segment_of_parts(&wanted, parts, "wanted");
	assert_int_equal(got, 1);
	assert_int_equal(tail.words, wanted.words);
	check_absent(&tail);
	n = look_up(t, &tail, &wanted, found, 4);
	if (compare_segments(&tail, &wanted, &err) < 0)
		fail_msg("seed %" PRIu64 ": %s", t->seed, err.msg);
	n += look_up(t, &tail, &wanted, found + n, 4);
	check_absent(&tail);
	for (size_t i = 0; i < n; i++)
		assert_true(same_info(&wanted, &found[i].wanted, &tail, &found[i].got));
	free(found);
	segment_close(&tail);
	segment_close(&wanted);
}

/* Take some out, as a removal does: the rows may go before or after. */
static void take_out(struct trial *t)
{
	struct archive *a = &t->archive.archive;
	struct err err;

	check(t, archive_begin(a, &err), &err);
	for (uint32_t i = 0; i < t->n; i++) {
		if (rng_one_in(&t->rng, 2))
			continue;
		t->out[i] = true;
		assert_int_equal(archive_kill(a, t->docs[i].article, &err), 1);
		assert_int_equal(tail_remove(catalog_of(t), t->docs[i].article, &err), 0);
	}
	check(t, archive_commit(a, &err), &err);
}

static uint32_t count_left(const struct trial *t)
{
	uint32_t n = 0;

	for (uint32_t i = 0; i < t->n; i++)
		n += !t->out[i];
	return n;
}

static void check_tail(struct trial *t)
{
	struct segment_parts parts;
	struct tail_size size;
	struct segment s;
	struct err err;

	check(t, tail_size(catalog_of(t), &size, &err), &err);
	assert_int_equal(size.docs, count_left(t));
	if (!size.docs) {
		assert_int_equal(tail_segment_open(&s, catalog_of(t), WEIGHT, "tail", &err), 0);
		return;
	}
	seal_directly(t, &parts);
	assert_int_equal(size.words, parts.docs.words);
	check_gathered(t, &parts);
	check_segment(t, &parts);
	segment_parts_release(&parts);
}

static void try_tail(uint64_t seed)
{
	struct trial t;
	struct err err;

	trial_make(&t, seed);
	check_tail(&t);
	take_out(&t);
	check_tail(&t);
	check(&t, tail_clear(catalog_of(&t), &err), &err);
	memset(t.out, true, sizeof t.out);
	check_tail(&t);
	trial_release(&t);
}

static void the_tail_gives_what_it_was_given(void **state)
{
	(void)state;
	test_seeds(40, 8, 1000, try_tail);
}

/* ---- damage ---- */

static void exec(struct trial *t, const char *sql)
{
	assert_int_equal(sqlite3_exec(catalog_of(t)->db, sql, NULL, NULL, NULL), SQLITE_OK);
}

/* Change a byte of a block of FTS5's, or a number of the list. */
static void damage(struct trial *t)
{
	char sql[300];

	if (rng_one_in(&t->rng, 4))
		snprintf(sql, sizeof sql,
			 "UPDATE tail_article SET tokens = %s WHERE article = (SELECT max(article) FROM "
			 "tail_article)",
			 rng_one_in(&t->rng, 2)   ? "-1"
			 : rng_one_in(&t->rng, 2) ? "1 << 40"
						  : "tokens - 1");
	else if (rng_one_in(&t->rng, 6))
		snprintf(sql, sizeof sql,
			 "UPDATE article SET words = -1, headline = 70000 WHERE number %% 3 = 0");
	else
		snprintf(sql, sizeof sql,
			 "UPDATE tail_data SET block = substr(block, 1, %u %% length(block)) || x'%02x' || "
			 "substr(block, %u %% length(block) + 2) WHERE id = (SELECT id FROM tail_data WHERE "
			 "id > 10 "
			 "ORDER BY id LIMIT 1 OFFSET %u %% (SELECT count(*) FROM tail_data WHERE id > 10))",
			 rng_below(&t->rng, 4096), rng_below(&t->rng, 256), rng_below(&t->rng, 4096),
			 rng_below(&t->rng, 64));
	exec(t, sql);
}

/* Whatever it answers, it answers: what is found can be read, or the error says whose it is. */
static void try_damage(uint64_t seed)
{
	struct trial t;
	struct segment tail;
	struct inverter inv;
	struct term_info info;
	struct err err = { .code = 0 };
	int got;

	trial_make(&t, seed);
	for (uint32_t i = rng_range(&t.rng, 1, 4); i > 0; i--)
		damage(&t);
	if ((got = tail_segment_open(&tail, catalog_of(&t), WEIGHT, "tail", &err)) > 0) {
		for (const char *const *term =
			     (const char *const[]){ "the", "dam", "\x01of", "\x02s", "a", NULL };
		     *term; term++)
			if (dict_find(&tail, bytes_str(*term), &info) < 0)
				assert_true(segment_fault(&tail, "it", &err) < 0);
		if (segment_verify(&tail, &err) < 0)
			assert_true(strstr(err.msg, "/" TAIL_NAME ": damaged") ||
				    strstr(err.msg, "catalog.db"));
		segment_close(&tail);
	}
	assert_true(got >= 0 || err.code < 0);
	inverter_init(&inv);
	tail_gather(catalog_of(&t), &inv, &err);
	inverter_release(&inv);
	check(&t, tail_clear(catalog_of(&t), &err), &err);
	trial_release(&t);
}

static void a_damaged_tail_is_an_error_or_an_answer(void **state)
{
	(void)state;
	test_seeds(60, 10, 3000, try_damage);
}

int main(void)
{
	const struct CMUnitTest tests[] = { cmocka_unit_test(the_tail_gives_what_it_was_given),
					    cmocka_unit_test(a_damaged_tail_is_an_error_or_an_answer) };

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
