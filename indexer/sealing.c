#include "sealing.h"

#include "archive/tail.h"
#include "base/threads.h"
#include "base/trace.h"
#include "segment/seal.h"

/* Its row, with the docs in it that are dead from the beginning: a newer text came in the same batch. */
static int name_segment(struct archive *a, struct catalog_segment *made, const struct dead_docs *dead,
			struct err *err)
{
	struct buf list = BUF_INIT;
	int rc = catalog_add_segment(a->catalog, made, err);

	if (rc == 0 && dead->n) {
		dead_docs_put(&list, dead);
		made->dead = dead->n;
		made->dead_words = (int64_t)dead->words;
		rc = catalog_set_dead(a->catalog, made, buf_bytes(&list), err);
	}
	buf_release(&list);
	return rc;
}

static int spill(void *archive, struct segment_parts *parts, struct err *err)
{
	return archive_spill(archive, parts, err);
}

static void *write_ahead(void *archive)
{
	trace_thread_begin();
	trace_phase(TRACE_COMMIT);
	catalog_write_ahead(((struct archive *)archive)->catalog);
	trace_thread_end();
	return NULL;
}

/* Seal, and have the catalog written meanwhile where there are threads for it. */
static int seal_beside(struct archive *a, struct inverter *gathered, const struct seal_settings *settings,
		       struct segment_parts *parts, struct err *err)
{
	pthread_t writer;
	unsigned writers = settings->jobs > 1 ? threads_start(&writer, 1, write_ahead, a) : 0;
	int rc = seal_with(gathered, settings, parts, err);

	threads_join(&writer, writers);
	return rc;
}

/* A segment of what was gathered, which the open transaction names. */
static int seal_gathered(struct archive *a, struct inverter *gathered, unsigned jobs,
			 const volatile sig_atomic_t *stop, struct catalog_segment *made, struct err *err)
{
	const struct seal_settings settings = { .headline_weight = a->headline_weight,
						.jobs = jobs,
						.stop = stop,
						.spill = spill,
						.context = a };
	struct segment_parts parts;
	struct dead_docs dead;
	int rc;

	trace_phase(TRACE_INVERT);
	trace_add(0, inverter_memory(gathered));
	trace_phase(TRACE_SEAL);
	rc = seal_beside(a, gathered, &settings, &parts, err);
	trace_add(gathered->ndocs,
		  parts.dict.dict.n + parts.form.n + parts_post(&parts) + parts_posn(&parts));
	trace_phase(TRACE_WRITE);
	if (rc == 0)
		rc = archive_write_segment(a, &parts, made, err);
	trace_add(gathered->ndocs, (uint64_t)made->bytes);
	seal_dropped(gathered, &parts, &dead);
	segment_parts_release(&parts);
	if (rc == 0 && (rc = name_segment(a, made, &dead, err)) < 0)
		archive_drop_segment(a, made->id);
	dead_docs_release(&dead);
	return rc;
}

/* Take all out of the tail, behind what was gathered. */
static int draw_tail(struct archive *a, struct inverter *gathered, struct err *err)
{
	uint32_t before = gathered->ndocs;
	int rc;

	trace_phase(TRACE_TAIL);
	if ((rc = tail_gather(a->catalog, gathered, err)) < 0 || (rc = tail_clear(a->catalog, err)) < 0)
		return rc;
	trace_add(gathered->ndocs - before, 0);
	a->tail_untidy = false;
	return 0;
}

int index_gathered(struct archive *a, struct inverter *gathered, unsigned jobs,
		   const volatile sig_atomic_t *stop, struct catalog_segment *made, struct err *err)
{
	struct tail_size size;
	bool room;
	int rc = tail_size(a->catalog, &size, err);

	if (rc < 0)
		return rc;
	room = tail_has_room(&size, gathered);
	if ((a->tail_untidy || (!room && size.docs)) && (rc = draw_tail(a, gathered, err)) < 0)
		return rc;
	if (!room)
		return seal_gathered(a, gathered, jobs, stop, made, err);
	trace_phase(TRACE_TAIL);
	trace_add(gathered->ndocs, 0);
	return tail_put(a->catalog, gathered, err);
}

static int seal_drawn(struct archive *a, struct inverter *tail, const volatile sig_atomic_t *stop,
		      struct catalog_segment *made, struct err *err)
{
	int rc;

	if ((rc = catalog_next_seq(a->catalog, &made->seq, err)) < 0 || (rc = draw_tail(a, tail, err)) < 0)
		return rc;
	if (tail->ndocs && (rc = seal_gathered(a, tail, 0, stop, made, err)) < 0)
		return rc;
	trace_phase(TRACE_COMMIT);
	return archive_commit(a, err);
}

int seal_tail(struct archive *a, const volatile sig_atomic_t *stop, struct catalog_segment *made,
	      struct err *err)
{
	struct tail_size size;
	struct inverter tail;
	int rc = tail_size(a->catalog, &size, err);

	*made = (struct catalog_segment){ .id = 0 };
	if (rc < 0 || !size.docs || (rc = archive_begin(a, err)) < 0)
		return rc;
	inverter_init(&tail);
	if ((rc = seal_drawn(a, &tail, stop, made, err)) < 0)
		archive_rollback(a, NULL);
	inverter_release(&tail);
	return rc < 0 ? rc : catalog_fold(a->catalog, err);
}
