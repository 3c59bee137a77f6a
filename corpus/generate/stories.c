#include "generate/stories.h"

#include "base/civil.h"
#include "base/mem.h"

#include <stdlib.h>

#define STORY_MOST 400u /* articles */

/* ---- the clock ---- */

/* What comes before each hour of a day, and each day of a week that begins on Monday, of
 * 1,000: few print at night, and on a Sunday half of what they do on a Tuesday. */
static const uint16_t by_hour[25] = { 0,   8,   16,  22,  28,  36,  60,  100, 150, 208, 270, 334, 398,
				      462, 528, 594, 660, 724, 782, 834, 880, 918, 950, 978, 1000 };
static const uint16_t by_weekday[8] = { 0, 162, 327, 493, 658, 814, 899, 1000 };

/* Where `at` of `length` falls when n equal parts hold what the table says. Keeps order. */
static int64_t bend(const uint16_t *table, int64_t n, int64_t at, int64_t length)
{
	int64_t part = 0, from, width;

	while ((int64_t)table[part + 1] * length <= at * 1000)
		part++;
	from = (int64_t)table[part] * length;
	width = (int64_t)(table[part + 1] - table[part]) * length;
	return part * (length / n) + (at * 1000 - from) * (length / n) / width;
}

int64_t stories_clock(int64_t even)
{
	const int64_t week = 7 * CIVIL_DAY, monday = 4 * CIVIL_DAY; /* 1970-01-05 */
	int64_t at = (even - monday) % week, bent, day;

	at += at < 0 ? week : 0;
	bent = bend(by_weekday, 7, at, week);
	day = bent - bent % CIVIL_DAY;
	return even - at + day + bend(by_hour, 24, bent - day, CIVIL_DAY);
}

/* ---- the heap ---- */

static bool sooner(const struct story *a, const struct story *b)
{
	return a->next != b->next ? a->next < b->next : a->seed < b->seed;
}

static void sift_down(struct stories *s)
{
	struct story moved = s->running[0];
	size_t i = 0;

	for (size_t child = 1; child < s->n; child = 2 * i + 1) {
		if (child + 1 < s->n && sooner(&s->running[child + 1], &s->running[child]))
			child++;
		if (!sooner(&s->running[child], &moved))
			break;
		s->running[i] = s->running[child];
		i = child;
	}
	s->running[i] = moved;
}

static void push(struct stories *s, const struct story *story)
{
	size_t i = s->n++;

	MEM_GROW(s->running, s->cap, s->n);
	for (; i && sooner(story, &s->running[(i - 1) / 2]); i = (i - 1) / 2)
		s->running[i] = s->running[(i - 1) / 2];
	s->running[i] = *story;
}

/* ---- stories ---- */

static int64_t later(const struct stories *s, int64_t from, double seconds)
{
	double room = (double)(s->end - 1 - from);

	return from + (int64_t)(seconds < room ? seconds : room);
}

/* When the next story breaks: at such a rate that what is left fills the time that is left. */
static void plan_next(struct stories *s)
{
	double mean = s->left ? (double)(s->end - s->breaks) * s->mean / (double)s->left : 0;

	s->breaks = later(s, s->breaks, mean * draw_exponential(&s->rng));
}

static void begin_story(struct stories *s)
{
	struct story story = { .seed = rng_next(&s->rng), .next = s->breaks };
	double size = draw_pareto(&s->rng);

	story.size = size < s->most ? (uint32_t)size : s->most;
	if (story.size > s->left)
		story.size = (uint32_t)s->left;
	story.duration = (1 + draw_exponential(&s->rng) * (2 + story.size * 0.05)) * CIVIL_DAY;
	s->left -= story.size;
	push(s, &story);
	plan_next(s);
}

void stories_init(struct stories *s, uint64_t seed, uint64_t articles, int64_t start, int64_t end)
{
	*s = (struct stories){
		.rng = rng_for(seed, 2), .start = start, .end = end, .breaks = start, .left = articles
	};
	s->most = articles / 25 < STORY_MOST ? (uint32_t)(articles / 25) : STORY_MOST;
	s->most = s->most < 4 ? 4 : s->most;
	s->mean = pareto_mean(s->most);
	plan_next(s);
}

void stories_release(struct stories *s)
{
	free(s->running);
	*s = (struct stories){ .n = 0 };
}

bool stories_next(struct stories *s, struct story *out)
{
	struct story *first;

	while (s->left && (!s->n || s->breaks <= s->running[0].next))
		begin_story(s);
	if (!s->n)
		return false;
	first = &s->running[0];
	*out = *first;
	if (++first->at == first->size)
		*first = s->running[--s->n];
	else
		first->next = later(s, first->next,
				    first->duration * draw_exponential(&s->rng) / (first->size - first->at));
	if (s->n)
		sift_down(s);
	return true;
}

bool stories_pick(const struct stories *s, struct rng *r, struct story *out)
{
	if (!s->n)
		return false;
	*out = s->running[rng_below(r, (uint32_t)s->n)];
	return true;
}
