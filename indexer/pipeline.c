#include "pipeline.h"

#include "base/mem.h"
#include "base/trace.h"

#include <errno.h>
#include <pthread.h>
#include <stdlib.h>
#include <time.h>

#define PLACES_LEAST   8u     /* in the ring, if the caller is not alone, and */
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
	pthread_mutex_t lock; /* of all below */
	pthread_cond_t ready; /* the first place is, or the intake is free for the caller, or has ended */
	pthread_cond_t turn;  /* the intake is free for a worker, and there is room in the ring */
	pthread_cond_t done;  /* for a worker: the arrivals of its analyzer are */
	pthread_cond_t left;  /* a worker is at its end */
	struct place *places;
	unsigned nplaces;
	size_t keeps;         /* bytes, each */
	uint64_t first, next; /* arrivals taken out and done; given a place */
	size_t bytes;         /* of records under way */
	bool reading;         /* someone is at the intake */
	bool ended;           /* the intake has nothing more; it answered ... */
	int rc;               /* ... this */
	struct err err;
	struct storing storing;
	struct worker *workers; /* the first one is the caller */
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

/* ---- what workers do, the caller among them ---- */

/* Under .lock: may one more record be read? */
static bool may_read(const struct pipeline *p)
{
	return !p->reading && !p->ended && p->next - p->first < p->nplaces &&
	       (p->bytes < p->settings.most || p->next == p->first);
}

static bool is_caller(const struct worker *w)
{
	return w == w->pipeline->workers;
}

/* Under .lock, if may_read: read the next record into a place of its own, with the lock open
 * meanwhile. NULL: there are no more. */
static struct place *take_place(struct worker *w, struct storing *storing)
{
	struct pipeline *p = w->pipeline;
	struct place *place = place_at(p, p->next);
	struct err err = { .code = 0 };
	int rc;

	p->reading = true;
	pthread_mutex_unlock(&p->lock);
	trace_phase(TRACE_READ);
	p->settings.intake->stop = is_caller(w) ? p->settings.stop : NULL; /* a worker is told by .halt */
	rc = intake_next(p->settings.intake, &place->arrival, &err);
	pthread_mutex_lock(&p->lock);
	p->reading = false;
	if (rc > 0) {
		place->worker = w;
		p->next++;
		p->bytes += record_bytes(&place->arrival);
		w->under_way++;
		*storing = p->storing;
		pthread_cond_signal(&p->turn);
	} else {
		place = NULL;
		p->ended = true;
		p->rc = rc;
		p->err = err;
		pthread_cond_broadcast(&p->turn);
	}
	pthread_cond_signal(&p->ready);
	return place;
}

/* An analyzer that forgets takes the stems of tokens with it: wait until those before this
 * arrival are done. They are earlier in the ring, so that nothing waits in a circle; and the caller
 * has none when it takes one. */
static void wait_to_forget(struct worker *w)
{
	struct pipeline *p = w->pipeline;

	pthread_mutex_lock(&p->lock);
	while (w->under_way > 1 && !atomic_load(&p->halt))
		pthread_cond_wait(&p->done, &p->lock);
	pthread_mutex_unlock(&p->lock);
}

/* Is it better to find out first whether an article is there already? The caller alone, who does that next
 * anyway, has nothing to win by preparing it before. */
static bool may_be_known(const struct pipeline *p)
{
	return p->settings.workers == 1 || atomic_load(&p->known);
}

static void prepare(struct worker *w, struct arrival *a, const struct storing *storing)
{
	prepare_article(&w->preparer, a);
	if (a->stage != ARRIVAL_EXTRACTED || may_be_known(w->pipeline))
		return;
	if (analyzer_is_full(w->preparer.analyzer))
		wait_to_forget(w);
	if (!atomic_load(&w->pipeline->halt))
		prepare_rest(&w->preparer, a, storing);
}

/* Under .lock, if may_read: read an arrival and prepare it, with the lock open meanwhile. */
static void take_one(struct worker *w)
{
	struct pipeline *p = w->pipeline;
	struct storing storing;
	struct place *place = take_place(w, &storing);

	if (!place)
		return;
	pthread_mutex_unlock(&p->lock);
	prepare(w, &place->arrival, &storing);
	trace_phase(TRACE_WAIT);
	pthread_mutex_lock(&p->lock);
	place->ready = true;
	if (place == place_at(p, p->first))
		pthread_cond_signal(&p->ready);
}

static void *work(void *context)
{
	struct worker *w = context;
	struct pipeline *p = w->pipeline;

	trace_thread_begin();
	pthread_mutex_lock(&p->lock);
	while (!p->ended && !atomic_load(&p->halt)) {
		if (may_read(p))
			take_one(w);
		else
			pthread_cond_wait(&p->turn, &p->lock);
	}
	pthread_mutex_unlock(&p->lock);
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

/* Start workers that get no signal but ours; without as many as could not be. */
static void start_workers(struct pipeline *p)
{
	static const int not_theirs[] = { SIGINT, SIGTERM, SIGHUP, SIGALRM };
	sigset_t blocked, before;

	sigemptyset(&blocked);
	for (size_t i = 0; i < sizeof not_theirs / sizeof *not_theirs; i++)
		sigaddset(&blocked, not_theirs[i]);
	pthread_sigmask(SIG_BLOCK, &blocked, &before);
	pthread_mutex_lock(&p->lock);
	for (unsigned i = 1; i < p->settings.workers; i++) {
		struct worker *w = &p->workers[i];

		w->started = pthread_create(&w->thread, NULL, work, w) == 0;
		p->running += w->started;
	}
	pthread_mutex_unlock(&p->lock);
	pthread_sigmask(SIG_SETMASK, &before, NULL);
}

int pipeline_open(struct pipeline **opened, const struct pipeline_settings *settings, struct err *err)
{
	struct pipeline *p = mem_zalloc(1, sizeof *p);
	struct sigaction action = { .sa_handler = disturb };
	pthread_condattr_t monotonic;
	int rc = 0;

	p->settings = *settings;
	p->storing = settings->storing;
	p->nplaces = settings->workers == 1 ? 1 : PLACES_LEAST + PLACES_EACH * settings->workers;
	p->keeps = settings->places / p->nplaces;
	p->keeps = p->keeps < ARRIVAL_KEEPS ? p->keeps : ARRIVAL_KEEPS;
	p->places = mem_zalloc(p->nplaces, sizeof *p->places);
	p->workers = mem_zalloc(settings->workers, sizeof *p->workers);
	settings->intake->halt = &p->halt;
	pthread_mutex_init(&p->lock, NULL);
	pthread_condattr_init(&monotonic);
	pthread_condattr_setclock(&monotonic, CLOCK_MONOTONIC);
	pthread_cond_init(&p->ready, &monotonic);
	pthread_cond_init(&p->turn, &monotonic);
	pthread_cond_init(&p->done, &monotonic);
	pthread_cond_init(&p->left, &monotonic);
	pthread_condattr_destroy(&monotonic);
	sigaction(DISTURB_SIGNAL, &action, &p->before);
	for (unsigned i = 0; i < settings->workers && rc == 0; i++) {
		p->workers[i].pipeline = p;
		rc = preparer_init(&p->workers[i].preparer, settings->language, settings->memory, err);
		p->workers[i].preparer.extractor.longest = settings->longest;
	}
	if (rc < 0) {
		pipeline_close(p);
		return rc;
	}
	start_workers(p);
	*opened = p;
	return 0;
}

/* Under .lock: would the caller rather prepare an arrival than wait for the first one? Not if its
 * analyzer were to forget the words of others, for which it would have to wait; and what has come
 * through a pipe must not wait in turn for what is still to come. */
static bool may_help(const struct pipeline *p)
{
	const struct worker *caller = p->workers;

	return may_read(p) && (!caller->under_way || !analyzer_is_full(caller->preparer.analyzer)) &&
	       !(p->running && intake_may_wait(p->settings.intake));
}

/* Under .lock: wait for the place, or prepare others. */
static void wait_for(struct pipeline *p, const struct place *place)
{
	while (!place->ready && !(p->ended && p->first == p->next) && !*p->settings.stop) {
		struct timespec until;

		if (may_help(p)) {
			take_one(p->workers);
			continue;
		}
		until = in_ms(LOOK_AT_STOP);
		pthread_cond_timedwait(&p->ready, &p->lock, &until);
	}
}

int pipeline_next(struct pipeline *p, struct arrival **a, struct err *err)
{
	struct place *place = place_at(p, p->first);
	int rc = 1;

	trace_phase(TRACE_WAIT);
	pthread_mutex_lock(&p->lock);
	wait_for(p, place);
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
	if (--place->worker->under_way == 1)
		pthread_cond_broadcast(&p->done);
	if (!scarce)
		pthread_cond_signal(&p->turn);
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
	pthread_cond_broadcast(&p->turn);
	pthread_cond_broadcast(&p->done);
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
	pthread_mutex_destroy(&p->lock);
	pthread_cond_destroy(&p->ready);
	pthread_cond_destroy(&p->turn);
	pthread_cond_destroy(&p->done);
	pthread_cond_destroy(&p->left);
	free(p->places);
	free(p->workers);
	free(p);
}
