/* corpus/generate/stories.h - what happens when: stories that break, run and die.
 *
 * Shape   a story has a seed, from which its topic and its articles can be made again at
 *         any time, and a number of articles: one mostly, at times hundreds (Pareto).
 *         Stories break at random; the articles of one fall off exponentially over days or
 *         weeks. Together they come in order of time, exactly as many as asked for.
 *         The clock slows down at night and at the weekend.
 * Owner   memory grows with the stories that run at a time: 1,000,000 articles over 20
 *         years keep about 150 of them at most.
 * Source  sizes: the tail that Simon's process gives (Biometrika 42, 1955). Gaps of what is
 *         left of a story: Rényi's order statistics of exponentials (1953).
 */
#ifndef MORGUE_STORIES_H
#define MORGUE_STORIES_H

#include "generate/draws.h"

#include <stddef.h>

struct story {
	uint64_t seed;
	int64_t next;      /* when its next article comes, by the even clock */
	double duration;   /* seconds */
	uint32_t size, at; /* articles in all, and before the next one */
};

struct stories {
	struct rng rng;
	int64_t start, end, breaks; /* even clock: of all, and when the next story begins */
	uint64_t left;              /* articles not yet given to a story */
	uint32_t most;              /* articles in the longest story */
	double mean;                /* articles in a story */
	struct story *running;      /* a heap, next article first */
	size_t n, cap;
};

/* Articles between two civil times (base/civil.h). */
void stories_init(struct stories *s, uint64_t seed, uint64_t articles, int64_t start, int64_t end);
void stories_release(struct stories *s);

/* The story of the next article, as it is before it; false after the last one. */
bool stories_next(struct stories *s, struct story *out);

/* A story that runs just now; false if none does. */
bool stories_pick(const struct stories *s, struct rng *r, struct story *out);

/* What clock and calendar show at a time of the even clock: civil seconds, in the same order. */
int64_t stories_clock(int64_t even);

#endif
