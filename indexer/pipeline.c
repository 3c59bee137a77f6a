#include "pipeline.h"

#include "base/mem.h"
#include "base/trace.h"

#include <errno.h>
#include <pthread.h>
#include <stdlib.h>
#include <time.h>

#define PLACES_LEAST   8u     /* in the ring, and */
#define PLACES_EACH    8u     /* for each worker: enough for what a commit keeps the caller from */
#define LOOK_AT_STOP   50     /* ms between two looks at the flag a signal sets, while waiting */
#define DISTURB        5      /* ms between two disturbances of workers that wait for input */
#define DISTURB_SIGNAL SIGURG /* one that nobody sends and that ends nothing */

struct place {
	struct arrival arrival;
	struct worker *worker;
	bool ready;
};

struct worker {
	struct pipeline *pipeline;
	struct preparer preparer;
	pthread_t thread;
	bool started;
	unsigned under_way; /* arrivals whose tokens live in its analyzer */
};

struct pipeline {
	struct pipeline_settings settings;
	pthread_mutex_t reading; /* held by the worker that is at the intake; taken before .lock */
	pthread_mutex_t lock;    /* of all below */
	pthread_cond_t ready;    /* the first place is, or there will be none */
	pthread_cond_t room;     /* in the ring; or an analyzer's arrivals are done */
	pthread_cond_t left;     /* a worker is at its end */
	struct place *places;
	unsigned nplaces;
	size_t keeps;         /* bytes, each */
	uint64_t first, next; /* arrivals taken out and done; given a place */
	size_t bytes;         /* of records under way */
	bool ended;           /* the intake has nothing more; it answered ... */
	int rc;               /* ... this */
	struct err err;
	struct storing storing;
	struct worker *workers;
	unsigned running;
	struct sigaction before; /* what DISTURB_SIGNAL did */
	atomic_bool halt;        /* the end, for everyone */
	atomic_bool known;       /* pipeline_expect_known */
};

static struct timespec in_ms(long ms)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	t.tv_nsec += ms * 1000000;
	t.tv_sec += t.tv_nsec / 1000000000;
	t.tv_nsec %= 1000000000;
	return t;
}

static struct place *place_at(struct pipeline *p, uint64_t number)
{
	return &p->places[number % p->nplaces];
}

static size_t record_bytes(const struct arrival *a)
{
	return a->raw;
}

/* ---- a worker ---- */

/* Under .lock: may one more record be read? */
static bool has_room(const struct pipeline *p)
{
	return p->next - p->first < p->nplaces && (p->bytes < p->settings.most || p->next == p->first);
}

/* Under .reading: wait for room. The next place, or NULL at the end. */
static struct place *wait_for_place(struct pipeline *p)
{
	struct place *place = NULL;

	pthread_mutex_lock(&p->lock);
	while (!has_room(p) && !atomic_load(&p->halt) && !p->ended)
		pthread_cond_wait(&p->room, &p->lock);
	if (!atomic_load(&p->halt) && !p->ended)
		place = place_at(p, p->next);
	pthread_mutex_unlock(&p->lock);
	return place;
}

/* Read the next record into a place of its own. NULL: there are no more. */
static struct place *take_place(struct worker *w, struct storing *storing)
{
	struct pipeline *p = w->pipeline;
	struct place *place;
	struct err err = { .code = 0 };
	int rc;

	pthread_mutex_lock(&p->reading);
	trace_phase(TRACE_READ);
	if ((place = wait_for_place(p)) != NULL) {
		rc = intake_next(p->settings.intake, &place->arrival, &err);
		pthread_mutex_lock(&p->lock);
		if (rc > 0) {
			place->worker = w;
			p->next++;
			p->bytes += record_bytes(&place->arrival);
			w->under_way++;
			*storing = p->storing;
		} else {
			place = NULL;
			p->ended = true;
			p->rc = rc;
			p->err = err;
			pthread_cond_signal(&p->ready);
		}
		pthread_mutex_unlock(&p->lock);
	}
	pthread_mutex_unlock(&p->reading);
	return place;
}

/* An analyzer that forgets takes the stems of tokens with it: wait until those before this
 * arrival are done. They are earlier in the ring, so that nothing waits in a circle. */
static void wait_to_forget(struct worker *w)
{
	struct pipeline *p = w->pipeline;

	pthread_mutex_lock(&p->lock);
	while (w->under_way > 1 && !atomic_load(&p->halt))
		pthread_cond_wait(&p->room, &p->lock);
	pthread_mutex_unlock(&p->lock);
}

static void prepare(struct worker *w, struct arrival *a, const struct storing *storing)
{
	prepare_article(&w->preparer, a);
	if (a->stage != ARRIVAL_EXTRACTED || atomic_load(&w->pipeline->known))
		return;
	if (analyzer_is_full(w->preparer.analyzer))
		wait_to_forget(w);
	if (!atomic_load(&w->pipeline->halt))
		prepare_rest(&w->preparer, a, storing);
}

static void *work(void *context)
{
	struct worker *w = context;
	struct pipeline *p = w->pipeline;
	struct storing storing;
	struct place *place;

	trace_thread_begin();
	while ((place = take_place(w, &storing)) != NULL) {
		prepare(w, &place->arrival, &storing);
		trace_phase(TRACE_WAIT);
		pthread_mutex_lock(&p->lock);
		place->ready = true;
		if (place == place_at(p, p->first))
			pthread_cond_signal(&p->ready);
		pthread_mutex_unlock(&p->lock);
	}
	trace_thread_end();
	pthread_mutex_lock(&p->lock);
	p->running--;
	pthread_cond_signal(&p->left);
	pthread_mutex_unlock(&p->lock);
	return NULL;
}

/* ---- the caller ---- */

static void disturb(int signal_number)
{
	(void)signal_number; /* that a call was interrupted is all */
}

/* Start workers that get no signal but ours. */
static int start_workers(struct pipeline *p, struct err *err)
{
	static const int not_theirs[] = { SIGINT, SIGTERM, SIGHUP, SIGALRM };
	sigset_t blocked, before;
	int failed = 0;

	sigemptyset(&blocked);
	for (size_t i = 0; i < sizeof not_theirs / sizeof *not_theirs; i++)
		sigaddset(&blocked, not_theirs[i]);
	pthread_sigmask(SIG_BLOCK, &blocked, &before);
	for (unsigned i = 0; i < p->settings.workers && !failed; i++) {
		struct worker *w = &p->workers[i];

		pthread_mutex_lock(&p->lock);
		failed = pthread_create(&w->thread, NULL, work, w);
		w->started = !failed;
		p->running += w->started;
		pthread_mutex_unlock(&p->lock);
	}
	pthread_sigmask(SIG_SETMASK, &before, NULL);
	if (failed && !p->workers[0].started)
		return err_set(err, ERR_IO, "cannot start a thread: %s", strerror(failed));
	return 0; /* with fewer than wanted */
}

int pipeline_open(struct pipeline **opened, const struct pipeline_settings *settings, struct err *err)
{
	struct pipeline *p = mem_zalloc(1, sizeof *p);
	struct sigaction action = { .sa_handler = disturb };
	pthread_condattr_t monotonic;
	int rc = 0;

	p->settings = *settings;
	p->storing = settings->storing;
	p->nplaces = PLACES_LEAST + PLACES_EACH * settings->workers;
	p->keeps = settings->places / p->nplaces;
	p->keeps = p->keeps < ARRIVAL_KEEPS ? p->keeps : ARRIVAL_KEEPS;
	p->places = mem_zalloc(p->nplaces, sizeof *p->places);
	p->workers = mem_zalloc(settings->workers, sizeof *p->workers);
	settings->intake->halt = &p->halt;
	settings->intake->stop = NULL; /* a worker is told by .halt */
	pthread_mutex_init(&p->reading, NULL);
	pthread_mutex_init(&p->lock, NULL);
	pthread_condattr_init(&monotonic);
	pthread_condattr_setclock(&monotonic, CLOCK_MONOTONIC);
	pthread_cond_init(&p->ready, &monotonic);
	pthread_cond_init(&p->room, &monotonic);
	pthread_cond_init(&p->left, &monotonic);
	pthread_condattr_destroy(&monotonic);
	sigaction(DISTURB_SIGNAL, &action, &p->before);
	for (unsigned i = 0; i < settings->workers && rc == 0; i++) {
		p->workers[i].pipeline = p;
		rc = preparer_init(&p->workers[i].preparer, settings->language, settings->memory, err);
		p->workers[i].preparer.extractor.longest = settings->longest;
	}
	if (rc == 0)
		rc = start_workers(p, err);
	if (rc < 0) {
		pipeline_close(p);
		return rc;
	}
	*opened = p;
	return 0;
}

int pipeline_next(struct pipeline *p, struct arrival **a, struct err *err)
{
	struct place *place = place_at(p, p->first);
	int rc = 1;

	trace_phase(TRACE_WAIT);
	pthread_mutex_lock(&p->lock);
	while (!place->ready && !(p->ended && p->first == p->next) && !*p->settings.stop) {
		struct timespec until = in_ms(LOOK_AT_STOP);

		pthread_cond_timedwait(&p->ready, &p->lock, &until);
	}
	if (*p->settings.stop) {
		rc = err_stopped(err);
	} else if (!place->ready) {
		rc = p->rc;
		if (rc < 0)
			*err = p->err;
	}
	pthread_mutex_unlock(&p->lock);
	*a = &place->arrival;
	return rc;
}

void pipeline_done(struct pipeline *p)
{
	struct place *place = place_at(p, p->first);
	size_t bytes = record_bytes(&place->arrival);
	bool scarce;

	arrival_trim(&place->arrival, p->keeps);
	pthread_mutex_lock(&p->lock);
	scarce = p->next - p->first > p->nplaces / 2 || p->bytes - bytes > p->settings.most / 2;
	place->ready = false;
	p->bytes -= bytes;
	p->first++;
	if (--place->worker->under_way == 1 || !scarce)
		pthread_cond_broadcast(&p->room);
	pthread_mutex_unlock(&p->lock);
}

void pipeline_set_storing(struct pipeline *p, const struct storing *storing)
{
	pthread_mutex_lock(&p->lock);
	p->storing = *storing;
	pthread_mutex_unlock(&p->lock);
}

void pipeline_expect_known(struct pipeline *p, bool known)
{
	atomic_store(&p->known, known);
}

/* Wait for the workers to end, and disturb those that wait for input until they do. */
static void end_workers(struct pipeline *p)
{
	atomic_store(&p->halt, true);
	pthread_mutex_lock(&p->lock);
	pthread_cond_broadcast(&p->room);
	while (p->running) {
		struct timespec until = in_ms(DISTURB);

		if (pthread_cond_timedwait(&p->left, &p->lock, &until) != ETIMEDOUT)
			continue;
		for (unsigned i = 0; i < p->settings.workers; i++)
			if (p->workers[i].started)
				pthread_kill(p->workers[i].thread, DISTURB_SIGNAL);
	}
	pthread_mutex_unlock(&p->lock);
	for (unsigned i = 0; i < p->settings.workers; i++)
		if (p->workers[i].started)
			pthread_join(p->workers[i].thread, NULL);
}

void pipeline_close(struct pipeline *p)
{
	if (!p)
		return;
	end_workers(p);
	sigaction(DISTURB_SIGNAL, &p->before, NULL);
	for (unsigned i = 0; i < p->settings.workers; i++)
		preparer_release(&p->workers[i].preparer);
	for (unsigned i = 0; i < p->nplaces; i++)
		arrival_release(&p->places[i].arrival);
	pthread_mutex_destroy(&p->reading);
	pthread_mutex_destroy(&p->lock);
	pthread_cond_destroy(&p->ready);
	pthread_cond_destroy(&p->room);
	pthread_cond_destroy(&p->left);
	free(p->places);
	free(p->workers);
	free(p);
}
