#include "segment/positions.h"

#include "segment/rows.h"
#include "segment/segment.h"

/* ---- writing ---- */

static uint64_t chunks_of(uint64_t n)
{
	return (n + POSTINGS_BLOCK - 1) / POSTINGS_BLOCK;
}

void positions_begin(struct positions_writer *w, struct buf *out, uint64_t n, uint32_t nforms)
{
	w->out = out;
	w->table = out->n;
	w->has_forms = nforms > 1;
	w->filled = 0;
	buf_add_zeros(out, (chunks_of(n) - 1) * 4);
	w->next = w->table;
	w->chunks = out->n;
}

static void flush_chunk(struct positions_writer *w)
{
	packed_put(w->out, w->gaps, w->filled);
	if (w->has_forms)
		packed_put(w->out, w->forms, w->filled);
	w->filled = 0;
}

void positions_end_chunk(struct positions_writer *w)
{
	flush_chunk(w);
	if (w->next == w->chunks)
		return; /* the last one */
	store_le32(w->out->p + w->next, (uint32_t)(w->out->n - w->chunks));
	w->next += 4;
}

bool positions_end(struct positions_writer *w)
{
	if (w->filled)
		flush_chunk(w);
	return w->out->n - w->table <= UINT32_MAX;
}

/* ---- reading ---- */

/* A chunk has a byte at least, and all but the first an entry in the table: what claims more
 * occurrences than its bytes can hold is corrupt, before anyone makes room for them. */
static bool can_hold(uint64_t bytes, uint64_t occurrences)
{
	uint64_t nchunks = chunks_of(occurrences);

	return !nchunks || nchunks + (nchunks - 1) * 4 <= bytes;
}

void positions_open(struct positions *c, const struct segment *seg, const struct term_info *info)
{
	uint32_t nforms = segment_form_count(seg, info);

	*c = (struct positions){
		.seg = seg,
		.list = bytes_of(seg->sections[SEC_POSN].p + info->posn, info->posn_size),
		/* 0, so that nothing can be asked for, if they are corrupt */
		.n = nforms && can_hold(info->posn_size, info->occurrences) ? info->occurrences : 0,
		.nforms = nforms,
		.has_forms = nforms > 1,
		.chunk = UINT64_MAX,
	};
}

/* The bytes of a chunk, checked and touched; empty if corrupt. */
static struct bytes chunk_bytes(const struct positions *c, uint64_t chunk)
{
	uint64_t nchunks = chunks_of(c->n);
	uint64_t table = (nchunks - 1) * 4, from = 0, to;

	if (chunk >= nchunks || table >= c->list.n)
		return BYTES_NONE;
	if (segment_touch(c->seg, c->list.p + (chunk ? chunk - 1 : 0) * 4, chunk + 1 < nchunks ? 8 : 4) < 0)
		return BYTES_NONE;
	to = c->list.n - table;
	if (chunk)
		from = load_le32(c->list.p + (chunk - 1) * 4);
	if (chunk + 1 < nchunks)
		to = load_le32(c->list.p + chunk * 4);
	if (from >= to || to > c->list.n - table ||
	    segment_touch(c->seg, c->list.p + table + from, to - from) < 0)
		return BYTES_NONE;
	return bytes_of(c->list.p + table + from, to - from);
}

static int load_chunk(struct positions *c, uint64_t chunk, bool forms)
{
	uint64_t left = c->n - chunk * POSTINGS_BLOCK;
	uint32_t n = left > POSTINGS_BLOCK ? POSTINGS_BLOCK : (uint32_t)left;
	struct bytes bytes;

	if (c->chunk == chunk && (!forms || c->forms_decoded || !c->has_forms))
		return 0;
	bytes = chunk_bytes(c, chunk);
	c->chunk = UINT64_MAX;
	if (!bytes.n)
		return ERR_CORRUPT;
	c->forms_at = packed_get(c->gaps, n, bytes.p, bytes.p + bytes.n);
	c->forms_decoded = forms && c->has_forms;
	if (!c->forms_at || (c->forms_decoded && !packed_get(c->forms, n, c->forms_at, bytes.p + bytes.n)))
		return ERR_CORRUPT;
	c->chunk = chunk;
	return 0;
}

uint32_t positions_load(struct positions *c, uint64_t chunk)
{
	uint64_t left = c->n - chunk * POSTINGS_BLOCK;

	if (chunk >= chunks_of(c->n) || load_chunk(c, chunk, true) < 0)
		return 0;
	return left > POSTINGS_BLOCK ? POSTINGS_BLOCK : (uint32_t)left;
}

static bool get_forms(const struct positions *c, uint32_t from, uint32_t n, uint32_t *form)
{
	if (!c->has_forms) {
		memset(form, 0, n * sizeof *form);
		return true;
	}
	for (uint32_t i = 0; i < n; i++) {
		form[i] = c->forms[from + i];
		if (form[i] >= c->nforms)
			return false;
	}
	return true;
}

int positions_get(struct positions *c, uint64_t first, uint32_t count, uint32_t *pos, uint32_t *form)
{
	uint64_t at = UINT64_MAX; /* so that the first gap lands on itself */

	if (first > c->n || count > c->n - first)
		return ERR_CORRUPT;
	for (uint32_t done = 0; done < count;) {
		uint32_t from = (uint32_t)((first + done) % POSTINGS_BLOCK);
		uint32_t n = count - done < POSTINGS_BLOCK - from ? count - done : POSTINGS_BLOCK - from;

		if (load_chunk(c, (first + done) / POSTINGS_BLOCK, form != NULL) < 0)
			return ERR_CORRUPT;
		for (uint32_t i = 0; i < n; i++) {
			at += (uint64_t)c->gaps[from + i] + 1;
			pos[done + i] = (uint32_t)at;
		}
		if (at > UINT32_MAX || (form && !get_forms(c, from, n, form + done)))
			return ERR_CORRUPT;
		done += n;
	}
	return 0;
}

/* Show what was added up, of gaps that or-ed together are `any`. */
static inline int show(uint32_t *room, uint32_t count, uint32_t any, struct positions_view *view)
{
	if (any >> 23) /* so large that the sum of so many may not fit */
		return 0;
	memset(room + count, 0xFF, POSITIONS_SLACK * sizeof *room);
	*view = (struct positions_view){ room, count };
	return 1;
}

/* Of occurrences in chunks that are not decoded. */
static int look_in_chunks(struct positions *c, uint64_t first, uint32_t count, uint32_t *room,
			  struct positions_view *view)
{
	uint32_t any = 0;

	if (first > c->n || count > c->n - first)
		return ERR_CORRUPT;
	if (count > POSITIONS_FEW)
		return 0;
	for (uint32_t done = 0, n; done < count; done += n) {
		uint32_t at = (uint32_t)((first + done) % POSTINGS_BLOCK);

		n = count - done < POSTINGS_BLOCK - at ? count - done : POSTINGS_BLOCK - at;
		if (load_chunk(c, (first + done) / POSTINGS_BLOCK, false) < 0)
			return ERR_CORRUPT;
		any |= rows_add_up_few(room + done, c->gaps + at, n, done ? room[done - 1] + 1 : 0);
	}
	return show(room, count, any, view);
}

int positions_look(struct positions *c, uint64_t first, uint32_t count, uint32_t *room,
		   struct positions_view *view)
{
	uint32_t at = (uint32_t)(first % POSTINGS_BLOCK);

	if (c->chunk != first / POSTINGS_BLOCK || count > POSTINGS_BLOCK - at || count > c->n - first)
		return look_in_chunks(c, first, count, room, view);
	return show(room, count, rows_add_up_few(room, c->gaps + at, count, 0), view);
}

int64_t positions_form(struct positions *c, uint64_t occurrence)
{
	uint32_t form;

	if (occurrence >= c->n || load_chunk(c, occurrence / POSTINGS_BLOCK, true) < 0 ||
	    !get_forms(c, (uint32_t)(occurrence % POSTINGS_BLOCK), 1, &form))
		return ERR_CORRUPT;
	return form;
}
