#include "base/pieces.h"

#include "base/mem.h"
#include "base/threads.h"

#include <stdlib.h>

static void release(struct pieces *p)
{
	pthread_mutex_destroy(&p->lock);
	pthread_cond_destroy(&p->ready);
	pthread_cond_destroy(&p->room);
	free(p->threads);
	free(p->made);
}

unsigned pieces_begin(struct pieces *p, uint32_t n, unsigned jobs, void *(*work)(void *), void *context)
{
	*p = (struct pieces){ .n = n, .places = pieces_places(jobs) };
	p->made = mem_zalloc(p->places, sizeof *p->made);
	p->threads = mem_zalloc(jobs, sizeof *p->threads);
	pthread_mutex_init(&p->lock, NULL);
	pthread_cond_init(&p->ready, NULL);
	pthread_cond_init(&p->room, NULL);
	p->started = threads_start(p->threads, jobs, work, context);
	if (!p->started)
		release(p);
	return p->started;
}

void pieces_end(struct pieces *p)
{
	atomic_store(&p->halt, true);
	pthread_mutex_lock(&p->lock);
	pthread_cond_broadcast(&p->room);
	pthread_mutex_unlock(&p->lock);
	threads_join(p->threads, p->started);
	release(p);
}

bool pieces_next(struct pieces *p, uint32_t *piece)
{
	bool more;

	pthread_mutex_lock(&p->lock);
	while ((more = p->next < p->n && !pieces_halted(p)) && p->next - p->taken >= p->places)
		pthread_cond_wait(&p->room, &p->lock);
	if (more)
		*piece = p->next++;
	pthread_mutex_unlock(&p->lock);
	return more;
}

void pieces_made(struct pieces *p, uint32_t piece)
{
	pthread_mutex_lock(&p->lock);
	p->made[piece % p->places] = true;
	if (piece == p->taken)
		pthread_cond_signal(&p->ready);
	pthread_mutex_unlock(&p->lock);
}

void pieces_wait(struct pieces *p)
{
	pthread_mutex_lock(&p->lock);
	while (!p->made[p->taken % p->places])
		pthread_cond_wait(&p->ready, &p->lock);
	pthread_mutex_unlock(&p->lock);
}

void pieces_took(struct pieces *p)
{
	pthread_mutex_lock(&p->lock);
	p->made[p->taken++ % p->places] = false;
	pthread_cond_broadcast(&p->room);
	pthread_mutex_unlock(&p->lock);
}
