/* Terms are merged one after the other, or by threads: a piece of the work is a range of terms, merged
 * into parts of its own, which the caller appends to the result. The docs are laid out once, for all. */
#include "base/mem.h"
#include "base/pieces.h"
#include "base/threads.h"
#include "base/trace.h"
#include "upkeep/merge.h"

#include <stdlib.h>

#define FEW 4u /* pieces of work: not worth starting threads for */

#define LARGE_BUF ((size_t)1 << 20) /* bytes that are not copied for nothing */

#define JOBS_MAX 16u /* more would wait for the caller */

/* Bytes of lists that are merged before what was read of them leaves memory: few enough to be
 * no burden, many enough that pages which come back cost nothing. */
#define LEAVE_EVERY ((uint64_t)32 << 20)

struct made_piece {
	struct segment_parts parts;
	uint64_t bytes; /* of lists that were merged */
	int rc;
	struct err err;
};

struct merging {
	const struct merge_settings *settings;
	struct merger *whole;
	struct segment_parts *parts;
	uint64_t piece;           /* bytes of lists in a piece */
	uint64_t all, done, left; /* bytes of lists: in the sources; merged; merged when pages were left */
	/* Pieces: the first term of each but the first. */
	struct arena names;
	struct bytes *from;
	uint32_t n;
	size_t cap;
	struct pieces pieces;
	struct made_piece *made; /* by place */
};

static uint64_t bytes_of_lists(const struct segment *s)
{
	return s->sections[SEC_POST].n + s->sections[SEC_POSN].n;
}

/* After a term or a piece of so many bytes. */
static int go_on(struct merging *g, uint64_t bytes, struct err *err)
{
	const struct merge_settings *settings = g->settings;

	g->done += bytes;
	if (*settings->stop)
		return err_stopped(err);
	if (g->done - g->left > LEAVE_EVERY) {
		for (uint32_t i = 0; i < g->whole->n; i++)
			segment_leave(g->whole->sources[i].segment);
		g->left = g->done;
	}
	if (settings->progress)
		settings->progress(settings->context, g->done, g->all);
	return settings->spill(settings->context, g->parts, err);
}

static int merge_here(struct merging *g, struct err *err)
{
	struct merger *m = g->whole;
	int rc;

	do
		rc = merger_next(m, err);
	while (rc > 0 && (rc = go_on(g, m->done - g->done, err)) == 0);
	return rc;
}

/* ---- pieces ---- */

static const struct segment *largest(const struct merger *m)
{
	const struct segment *largest = m->sources[0].segment;

	for (uint32_t i = 1; i < m->n; i++)
		if (bytes_of_lists(m->sources[i].segment) > bytes_of_lists(largest))
			largest = m->sources[i].segment;
	return largest;
}

static void begin_piece(struct merging *g, struct bytes term)
{
	MEM_GROW(g->from, g->cap, g->n + 1);
	g->from[g->n++] = arena_bytes(&g->names, term);
}

/* Cut the terms into pieces of about the same work, taking the largest segment for all. A damaged one is
 * cut as far as it goes: who merges it will say. */
static void cut_pieces(struct merging *g)
{
	const struct segment *s = largest(g->whole);
	double share = (double)g->all / (double)bytes_of_lists(s);
	uint64_t work = 0;
	struct dict_cursor c;

	begin_piece(g, BYTES_NONE);
	for (int got = dict_seek(&c, s, BYTES_NONE); got > 0; got = dict_next(&c)) {
		uint64_t bytes = (uint64_t)((double)(c.info.post_size + c.info.posn_size) * share);

		if (work && work + bytes > g->piece) {
			begin_piece(g, dict_term(&c));
			work = 0;
		}
		work += bytes;
	}
}

/* In a thread: merge the terms of a piece, up to where all is given up. */
static void make_piece(struct merging *g, struct merger *m, uint32_t piece, struct made_piece *made)
{
	struct bytes until = piece + 1 < g->n ? g->from[piece + 1] : BYTES_NONE;
	uint64_t before = m->done;

	m->parts = &made->parts;
	made->rc = merger_seek(m, g->from[piece], until, &made->err);
	if (made->rc == 0)
		while ((made->rc = merger_next(m, &made->err)) > 0 && !pieces_halted(&g->pieces))
			;
	made->bytes = m->done - before;
}

static void *work(void *context)
{
	struct merger *m = mem_alloc(sizeof *m);
	struct merging *g = context;
	uint32_t piece;

	trace_thread_begin();
	trace_phase(TRACE_MERGE);
	merger_join(m, g->whole);
	while (pieces_next(&g->pieces, &piece)) {
		make_piece(g, m, piece, &g->made[piece % g->pieces.places]);
		pieces_made(&g->pieces, piece);
	}
	merger_release(m);
	free(m);
	trace_thread_end();
	return NULL;
}

/* Behind what `to` holds; a large piece that comes to an empty one takes its place. */
static void append(struct buf *to, struct buf *from)
{
	struct buf swap = *to;

	if (to->n || from->n < LARGE_BUF) {
		buf_add_bytes(to, buf_bytes(from));
		return;
	}
	*to = *from;
	*from = swap;
}

/* Append a piece to the result. */
static int put_piece(struct merging *g, struct segment_parts *piece, struct err *err)
{
	struct segment_parts *to = g->parts;
	uint64_t form = to->form.n, post = parts_post(to), posn = parts_posn(to);
	struct dict_cursor c;
	struct segment s;
	int got;

	segment_of_parts(&s, piece, "");
	s.ndocs = g->whole->ndocs;
	for (got = dict_seek(&c, &s, BYTES_NONE); got > 0; got = dict_next(&c)) {
		struct term_info info = c.info;

		info.form += form;
		info.post += post;
		info.posn += posn;
		dict_writer_add(&to->dict, dict_term(&c), &info);
	}
	segment_close(&s);
	if (got < 0)
		return err_set(err, ERR_CORRUPT, "terms that were merged cannot be read back");
	if (to->dict.dict.n > UINT32_MAX)
		return merge_too_large(g->whole, MERGE_DICTIONARY, err);
	append(&to->form, &piece->form);
	append(&to->post, &piece->post);
	append(&to->posn, &piece->posn);
	return 0;
}

/* Put the pieces together as the threads bring them. */
static int collect_pieces(struct merging *g, struct err *err)
{
	int rc = 0;

	for (uint32_t i = 0; i < g->n && rc == 0; i++) {
		struct made_piece *made = &g->made[i % g->pieces.places];

		trace_phase(TRACE_WAIT);
		pieces_wait(&g->pieces);
		trace_phase(TRACE_MERGE);
		if ((rc = made->rc) < 0)
			*err = made->err;
		if (rc == 0 && (rc = put_piece(g, &made->parts, err)) == 0)
			rc = go_on(g, made->bytes, err);
		segment_parts_release(&made->parts);
		segment_parts_init(&made->parts, 0, g->parts->headline_weight);
		pieces_took(&g->pieces);
	}
	return rc;
}

static int merge_in_threads(struct merging *g, unsigned jobs, struct err *err)
{
	uint32_t places = pieces_places(jobs);
	int rc;

	cut_pieces(g);
	g->made = mem_zalloc(places, sizeof *g->made);
	for (uint32_t i = 0; i < places; i++)
		segment_parts_init(&g->made[i].parts, 0, g->parts->headline_weight);
	if (pieces_begin(&g->pieces, g->n, jobs, work, g)) {
		rc = collect_pieces(g, err);
		pieces_end(&g->pieces);
	} else {
		rc = merge_here(g, err);
	}
	for (uint32_t i = 0; i < places; i++)
		segment_parts_release(&g->made[i].parts);
	free(g->made);
	free(g->from);
	arena_release(&g->names);
	return rc;
}

/* ---- all ---- */

int merge_segments(const struct segment *segments, uint32_t n, const struct merge_settings *settings,
		   struct segment_parts *parts, struct err *err)
{
	unsigned jobs = settings->jobs ? settings->jobs : threads_processors();
	struct merging g = { .settings = settings,
			     .parts = parts,
			     .piece = settings->piece ? settings->piece : MERGE_PIECE,
			     .names = ARENA_INIT };
	int rc;

	g.whole = mem_alloc(sizeof *g.whole);
	rc = merger_begin(g.whole, segments, n, parts, err);
	for (uint32_t i = 0; i < n; i++)
		g.all += bytes_of_lists(&segments[i]);
	if (rc == 0 && jobs > 1 && g.all > FEW * g.piece)
		rc = merge_in_threads(&g, jobs < JOBS_MAX ? jobs : JOBS_MAX, err);
	else if (rc == 0)
		rc = merge_here(&g, err);
	trace_add(parts->docs.n, g.done);
	merger_release(g.whole);
	free(g.whole);
	return rc;
}
