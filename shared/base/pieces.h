/* shared/base/pieces.h - a work cut into pieces: threads make them, the caller takes them in order.
 *
 * Shape   piece i stands at place i modulo .places, in an array of the caller's: no thread
 *         runs farther ahead than that.
 * Thread  a piece is its thread's up to pieces_made, then the caller's up to pieces_took.
 *
 *	a thread:    while (pieces_next(&p, &i)) { make it; pieces_made(&p, i); }
 *	the caller:  for (i = 0; i < p.n; i++) { pieces_wait(&p); take it; pieces_took(&p); }
 *	             pieces_end(&p);
 */
#ifndef MORGUE_PIECES_H
#define MORGUE_PIECES_H

#include <pthread.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>

struct pieces {
	uint32_t n, places;
	/* inside: */
	uint32_t next, taken; /* pieces that were begun, and taken */
	bool *made;           /* by place */
	atomic_bool halt;
	pthread_mutex_t lock;
	pthread_cond_t ready, room;
	pthread_t *threads;
	unsigned started;
};

/* Places there are for so many threads. */
static inline uint32_t pieces_places(unsigned jobs)
{
	return jobs * 3;
}

/* Start `jobs` threads, or as many as can be, in work(context), to make `n` pieces. How many there
 * are; without one there is nothing to end. */
unsigned pieces_begin(struct pieces *p, uint32_t n, unsigned jobs, void *(*work)(void *), void *context);

/* Let the threads come to an end, whatever is left to make. */
void pieces_end(struct pieces *p);

/* In a thread: the next piece to make, once there is a place for it. False: no more. */
bool pieces_next(struct pieces *p, uint32_t *piece);
void pieces_made(struct pieces *p, uint32_t piece);

/* Are they to end? To be asked within a piece that takes long. */
static inline bool pieces_halted(struct pieces *p)
{
	return atomic_load(&p->halt);
}

/* The caller, of each piece in order: until it is made; and its place is free. */
void pieces_wait(struct pieces *p);
void pieces_took(struct pieces *p);

#endif
