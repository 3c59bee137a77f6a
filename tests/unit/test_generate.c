/* tests/unit/test_generate.c - made-up news is repeatable, like real news, and what it was asked to be. */
#include "base/hash.h"
#include "base/mem.h"
#include "extract/dates.h"
#include "extract/furniture.h"
#include "generate/news.h"
#include "generate/stories.h"
#include "lib/text_statistics.h"
#include "text/utf8.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <math.h>
#include <stdio.h>
#include <stdlib.h>

/* All faults, well over their usual rates. */
static struct news_options faulty(uint64_t articles)
{
	return (struct news_options){ .articles = articles,
				      .seed = 7,
				      .words = 150,
				      .oddities = 200,
				      .undated = 1000,
				      .late = 1000,
				      .copies = 3000,
				      .duplicates = 300,
				      .furniture = 5000,
				      .scripts = 2000,
				      .lacking = 200 };
}

static uint64_t hash_news(const struct news_options *o)
{
	struct newsroom *room = newsroom_new(o);
	struct news news = { .seconds = CIVIL_NONE };
	struct buf line = BUF_INIT;
	uint64_t hash = HASH_START, n = 0;

	while (newsroom_next(room, &news)) {
		buf_reset(&line);
		news_json(&news, &line);
		hash = hash_add(hash, buf_bytes(&line));
		n++;
	}
	assert_int_equal(n, o->articles);
	news_release(&news);
	newsroom_free(room);
	buf_release(&line);
	return hash;
}

/* ---- the same bytes everywhere ---- */

/* A figure that was computed once: whatever compiler and machine run this must meet it. */
static void the_same_options_give_the_same_bytes(void **state)
{
	struct news_options o = faulty(500);

	(void)state;
	assert_int_equal(hash_news(&o), UINT64_C(0x1ded7f10e399e820));
	o.seed++;
	assert_int_not_equal(hash_news(&o), UINT64_C(0x1ded7f10e399e820));
}

static void any_number_of_articles_is_met(void **state)
{
	(void)state;
	for (uint64_t n = 0; n < 40; n++) {
		struct news_options o = faulty(n);

		o.days = n % 3 ? 0 : 1;
		hash_news(&o);
	}
}

/* ---- distributions ---- */

static void draws_have_their_moments(void **state)
{
	const int n = 100000;
	double normal = 0, square = 0, exponential = 0, lognormal = 0, capped = 0;
	struct rng r;

	(void)state;
	rng_init(&r, 1);
	for (int i = 0; i < n; i++) {
		double x = draw_normal(&r);

		normal += x;
		square += x * x;
		exponential += draw_exponential(&r);
		lognormal += draw_lognormal(&r, 0.5); /* whole stories are */
		capped += floor(fmin(draw_pareto(&r), 100));
	}
	assert_true(fabs(normal / n) < 0.02);
	assert_true(fabs(square / n - 1) < 0.02);
	assert_true(fabs(exponential / n - 1) < 0.02);
	assert_true(fabs(lognormal / n - exp(0.125)) < 0.02);
	assert_true(fabs(capped / n / pareto_mean(100) - 1) < 0.03);
}

/* Twice the rank, half the draws, above the flat top; and 2^0.8 times fewer beyond the
 * end of the head for every doubling. */
static void ranks_follow_their_law(void **state)
{
	static const struct zipf law = { 4, 8, 1500 }; /* the head ends at 1024 */
	uint32_t octave[41] = { 0 };
	struct rng r;

	(void)state;
	rng_init(&r, 1);
	for (int i = 0; i < 400000; i++) {
		uint64_t rank = draw_rank(&r, &law);
		int o = 0;

		while (rank >> o)
			o++;
		octave[o]++;
	}
	for (int o = 7; o < 10; o++) /* an octave of 1 / x holds as much as the next */
		assert_true(fabs((double)octave[o + 1] / octave[o] - 1) < 0.06);
	for (int o = 11; o < 14; o++)
		assert_true(fabs((double)octave[o + 1] / octave[o] - pow(2, -0.8)) < 0.04);
}

/* ---- dates ---- */

static void the_clock_keeps_order_and_rests_on_sundays(void **state)
{
	int64_t monday = NEWS_FIRST_DAY * (int64_t)CIVIL_DAY, last = monday - 1;
	uint32_t weekday[7] = { 0 }, night = 0, n = 0;

	(void)state;
	for (int64_t t = monday; t < monday + 28 * CIVIL_DAY; t += 60, n++) {
		int64_t shown = stories_clock(t);

		assert_true(shown >= last && shown < monday + 28 * CIVIL_DAY);
		weekday[(shown - monday) / CIVIL_DAY % 7]++;
		night += shown % CIVIL_DAY < 5 * 3600;
		last = shown;
	}
	assert_true(weekday[6] * 10 > weekday[1] * 5 && weekday[6] * 10 < weekday[1] * 7);
	assert_true(night * 20 < n);
}

/* What is read from the date that is printed, against the time it was printed from. */
static void check_date(const struct news *n)
{
	struct parsed_date date;

	if (n->seconds == CIVIL_NONE) {
		assert_int_equal(n->date.n, 0);
		return;
	}
	assert_true(date_parse(buf_bytes(&n->date), &date));
	switch (date.precision) {
	case 's': assert_int_equal(date.seconds, n->seconds); break;
	case 't': assert_int_equal(date.seconds, n->seconds - n->seconds % 60); break;
	case 'd': assert_int_equal(date.seconds, n->seconds - n->seconds % CIVIL_DAY); break;
	default: assert_true(date.seconds <= n->seconds && n->seconds - date.seconds < 366 * CIVIL_DAY);
	}
}

#define WEEKS 1043 /* 20 years */

/* Were articles spread evenly, the variance of their number in a week would be as its mean. */
static void stories_come_in_bursts(void **state)
{
	uint32_t seen = 0, longest = 0, single = 0, began = 0, weeks[WEEKS] = { 0 };
	double mean, square = 0;
	struct stories s;
	struct story story;

	(void)state;
	stories_init(&s, 1, 20000, 0, WEEKS * INT64_C(7) * CIVIL_DAY);
	while (stories_next(&s, &story)) {
		assert_true(story.next >= 0 && story.next < WEEKS * INT64_C(7) * CIVIL_DAY);
		seen++;
		began += story.at == 0;
		single += story.size == 1;
		longest = story.size > longest ? story.size : longest;
		weeks[story.next / (7 * CIVIL_DAY)]++;
	}
	stories_release(&s);
	assert_int_equal(seen, 20000);
	assert_true(fabs((double)single / began - (1 - pow(2, -8.0 / 7))) < 0.03); /* as Pareto has it */
	assert_true(longest > 100);
	mean = (double)seen / WEEKS;
	for (int i = 0; i < WEEKS; i++)
		square += weeks[i] * (double)weeks[i];
	assert_true(square / WEEKS - mean * mean > 3 * mean);
}

/* ---- faults, at the rates asked for ---- */

struct rates {
	uint32_t n, undated, late, copies, same, furnished, foreign, untitled, bodiless, disordered;
};

static void check_furniture(const struct furniture *f, const struct news *n)
{
	struct range *ranges = NULL;
	size_t count, cap = 0;

	furniture_mark(f, buf_bytes(&n->body), &ranges, &count, &cap);
	if (count != n->nfurniture || (count && memcmp(ranges, n->furniture, count * sizeof *ranges)))
		fail_msg("%s: the rules find other furniture than was put there:\n%s", buf_cstr(&n->id),
			 buf_cstr(&n->body));
	free(ranges);
}

static void count_article(struct rates *r, const struct news *n, const char *last_id)
{
	r->n++;
	if (strcmp(last_id, buf_cstr(&n->id)) == 0) {
		r->same++;
		return;
	}
	r->undated += n->seconds == CIVIL_NONE;
	r->late += n->late;
	r->copies += n->copy;
	r->furnished += n->nfurniture > 0;
	r->foreign += n->lang.n && !bytes_is(buf_bytes(&n->lang), "en");
	r->untitled += n->title.n == 0;
	r->bodiless += n->body.n == 0;
}

/* `slack` is what the rate may be off by, as a share of it. */
static void check_rate(const char *what, uint32_t count, uint32_t n, double wanted, double slack)
{
	double got = 100.0 * count / n;

	if (fabs(got - wanted) > wanted * slack)
		fail_msg("%s: %.2f %%, wanted %.2f", what, got, wanted);
}

static void faults_come_at_the_rates_asked_for(void **state)
{
	struct news_options o = faulty(4000);
	struct newsroom *room;
	struct furniture *f = furniture_builtin();
	struct news news = { .seconds = CIVIL_NONE };
	struct rates r = { 0 };
	char last_id[32] = "";
	int64_t latest = INT64_MIN;

	(void)state;
	o.words = 60;
	room = newsroom_new(&o);
	while (newsroom_next(room, &news)) {
		count_article(&r, &news, last_id);
		snprintf(last_id, sizeof last_id, "%s", buf_cstr(&news.id));
		assert_true(utf8_valid(buf_bytes(&news.title)) && utf8_valid(buf_bytes(&news.body)));
		check_furniture(f, &news);
		check_date(&news);
		if (news.late)
			assert_true(news.seconds < latest - 59 * CIVIL_DAY);
		else if (news.seconds != CIVIL_NONE)
			assert_true(news.seconds >= latest);
		if (!news.late && news.seconds != CIVIL_NONE)
			latest = news.seconds;
	}
	check_rate("undated", r.undated, r.n, 10, 0.15);
	check_rate("late", r.late, r.n, 9, 0.15); /* of those that have a date */
	check_rate("copies", r.copies, r.n, 30, 0.15);
	check_rate("duplicates", r.same, r.n, 3, 0.3);
	check_rate("with furniture", r.furnished, r.n, 44, 0.15); /* the rules know some of most pages */
	check_rate("not in English", r.foreign, r.n, 20, 0.5);    /* whole stories are */
	check_rate("without headline", r.untitled, r.n, 2, 0.4);
	check_rate("without body", r.bodiless, r.n, 2, 0.4);
	furniture_free(f);
	news_release(&news);
	newsroom_free(room);
}

/* ---- like real news ---- */

/* Bounds that real archives keep, with room; docs/DECISIONS.md, "What made-up
 * news is like", has their figures. */
static void the_text_is_like_news(void **state)
{
	struct news_options o = { .articles = 1500, .seed = 3, .words = 300 };
	struct newsroom *room = newsroom_new(&o);
	struct analyzer *analyzer = analyzer_new("english", NULL);
	struct tokens tokens = TOKENS_INIT;
	struct news news = { .seconds = CIVIL_NONE };
	struct text_statistics s;
	struct figures f;

	(void)state;
	text_statistics_init(&s);
	while (newsroom_next(room, &news))
		text_statistics_add(&s,
				    analyze_article(analyzer, buf_bytes(&news.title), buf_bytes(&news.body),
						    NULL, 0, &tokens),
				    &tokens);
	text_statistics_figures(&s, &f);
	assert_in_range(f.words_mean, 285, 335);
	assert_true(f.words_95 > 1.8 * f.words_mean);
	assert_true(f.heaps > 0.45 && f.heaps < 0.75);
	assert_true(f.zipf > 1.0 && f.zipf < 1.6);
	assert_true(f.df_once > 0.3 && f.df_once < 0.65);
	assert_true(f.df[1] > 0.8 && f.df[2] < 0.5); /* whole stories are */
	assert_true(f.burst > 1.15 && f.burst < 2);
	assert_true(f.forms > 1.7);
	assert_true(f.headline_again > 0.4 && f.headline_again < 0.9);
	assert_true(f.runs[0] > 0.5 && f.runs[1] > 0.2 && f.runs[3] > 0.02 && f.runs[3] < 0.3);
	text_statistics_release(&s);
	tokens_release(&tokens);
	news_release(&news);
	newsroom_free(room);
	analyzer_free(analyzer);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_same_options_give_the_same_bytes),
		cmocka_unit_test(any_number_of_articles_is_met),
		cmocka_unit_test(draws_have_their_moments),
		cmocka_unit_test(ranks_follow_their_law),
		cmocka_unit_test(the_clock_keeps_order_and_rests_on_sundays),
		cmocka_unit_test(stories_come_in_bursts),
		cmocka_unit_test(faults_come_at_the_rates_asked_for),
		cmocka_unit_test(the_text_is_like_news),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
