#include "segment/seal.h"

#include "base/civil.h"
#include "base/mem.h"
#include "base/pieces.h"
#include "base/trace.h"
#include "segment/lengths.h"
#include "segment/seal_term.h"

#include <stdlib.h>

/* Postings and occurrences of the terms that are sealed in one piece: a millisecond or two, so
 * that threads wait little for each other, and some hundred KiB of lists. A longer list is a
 * piece of its own. */
#define PIECE ((uint64_t)1 << 17)

#define AHEAD 4u /* terms between the one that is sealed and the one that is fetched from memory */

#define SCRATCH_KEPT ((size_t)8 << 20) /* bytes of scratch that a thread keeps between pieces */

struct sealing {
	const struct seal_settings *settings;
	struct segment_parts *parts;
	struct seal_order order;
	uint32_t *ids;    /* the terms, ascending */
	uint32_t *starts; /* of the pieces in .ids, and where the last one ends */
	uint32_t npieces;
	size_t starts_cap;
	struct pieces pieces;      /* among threads: */
	struct sealed_terms *made; /* by place */
};

/* qsort has no context argument in C11. */
static _Thread_local const struct inverter *sorting;

/* ---- order ---- */

static int by_date(const void *x, const void *y)
{
	uint32_t i = *(const uint32_t *)x, j = *(const uint32_t *)y;
	const struct inverted_doc *a = &sorting->docs[i], *b = &sorting->docs[j];

	if (a->date != b->date)
		return a->date > b->date ? -1 : 1; /* CIVIL_NONE is the least: undated come last */
	if (a->article != b->article)
		return a->article > b->article ? 1 : -1;
	return (i > j) - (i < j); /* two that were dropped */
}

/* Number the articles and fill the columns; what became of them in order of arrival. */
static struct seal_doc *order_docs(const struct inverter *inv, struct doc_columns *d)
{
	uint32_t *order = mem_realloc_array(NULL, inv->ndocs, sizeof *order);
	struct seal_doc *arrived = mem_realloc_array(NULL, inv->ndocs, sizeof *arrived);

	for (uint32_t i = 0; i < inv->ndocs; i++)
		order[i] = i;
	sorting = inv;
	qsort(order, inv->ndocs, sizeof *order, by_date);
	for (uint32_t doc = 0; doc < inv->ndocs; doc++) {
		const struct inverted_doc *from = &inv->docs[order[doc]];

		arrived[order[doc]] = (struct seal_doc){ doc, from->headline };
		d->date[doc] = from->date;
		d->article[doc] = from->article;
		d->source[doc] = from->source;
		d->story[doc] = from->story;
		d->headline[doc] = (uint16_t)from->headline;
		d->length[doc] = length_code(from->words);
		d->words += from->words;
		d->ndated += from->date != CIVIL_NONE;
	}
	free(order);
	return arrived;
}

/* A term and the bytes it begins with, which nearly always decide. */
struct term_key {
	uint64_t front; /* as a big-endian number, zeros behind a short term */
	uint32_t id;
};

static int by_term(const void *x, const void *y)
{
	const struct term_key *a = x, *b = y;

	if (a->front != b->front)
		return a->front < b->front ? -1 : 1;
	return bytes_compare(sorting->terms.strings[a->id], sorting->terms.strings[b->id]);
}

static uint64_t front_of(struct bytes term)
{
	uint8_t front[8] = { 0 };

	memcpy(front, term.p, term.n < sizeof front ? term.n : sizeof front);
	return load_be64(front);
}

static uint32_t *order_terms(const struct inverter *inv)
{
	uint32_t *ids = mem_realloc_array(NULL, inv->terms.n, sizeof *ids);
	struct term_key *keys = mem_realloc_array(NULL, inv->terms.n, sizeof *keys);

	for (uint32_t i = 0; i < inv->terms.n; i++)
		keys[i] = (struct term_key){ front_of(inv->terms.strings[i]), i };
	sorting = inv;
	qsort(keys, inv->terms.n, sizeof *keys, by_term);
	for (uint32_t i = 0; i < inv->terms.n; i++)
		ids[i] = keys[i].id;
	free(keys);
	return ids;
}

/* Cut the terms into pieces of about the same work. */
static void cut_pieces(struct sealing *s)
{
	const struct inverter *inv = s->order.inv;
	uint64_t work = PIECE;

	for (uint32_t i = 0; i < inv->terms.n; i++) {
		const struct inverted_term *term = &inv->term[s->ids[i]];

		if (work >= PIECE) {
			MEM_GROW(s->starts, s->starts_cap, s->npieces + 2);
			s->starts[s->npieces++] = i;
			work = 0;
		}
		work += term->occurrences + term->df;
	}
	MEM_GROW(s->starts, s->starts_cap, s->npieces + 1);
	s->starts[s->npieces] = inv->terms.n;
}

/* ---- sealing ---- */

static bool is_over(struct sealing *s, bool caller)
{
	return pieces_halted(&s->pieces) || (caller && s->settings->stop && *s->settings->stop);
}

/* The lists of a piece's terms, up to where all is given up. */
static void seal_piece(struct sealing *s, struct term_sealer *sealer, uint32_t piece, bool caller,
		       struct sealed_terms *out)
{
	sealed_terms_reset(out);
	for (uint32_t i = s->starts[piece]; i < s->starts[piece + 1] && !is_over(s, caller); i++) {
		if (i + AHEAD < s->starts[piece + 1])
			__builtin_prefetch(&s->order.inv->term[s->ids[i + AHEAD]]);
		seal_term(sealer, &s->order, s->ids[i], out);
	}
	term_sealer_trim(sealer, SCRATCH_KEPT);
}

/* Append a whole piece to the parts. */
static void put_piece(struct sealing *s, uint32_t piece, const struct sealed_terms *terms)
{
	struct segment_parts *parts = s->parts;
	uint64_t form = parts->form.n, post = parts_post(parts), posn = parts_posn(parts);

	for (size_t i = 0; i < terms->n; i++) {
		struct term_info info = terms->infos[i];

		info.form += form;
		info.post += post;
		info.posn += posn;
		dict_writer_add(&parts->dict, s->order.inv->terms.strings[s->ids[s->starts[piece] + i]],
				&info);
	}
	buf_add_bytes(&parts->form, buf_bytes(&terms->form));
	buf_add_bytes(&parts->post, buf_bytes(&terms->post));
	buf_add_bytes(&parts->posn, buf_bytes(&terms->posn));
}

static void *work(void *context)
{
	struct term_sealer sealer = { .postings = NULL };
	struct sealing *s = context;
	uint32_t piece;

	trace_thread_begin();
	trace_phase(TRACE_SEAL);
	while (pieces_next(&s->pieces, &piece)) {
		seal_piece(s, &sealer, piece, false, &s->made[piece % s->pieces.places]);
		pieces_made(&s->pieces, piece);
	}
	term_sealer_release(&sealer);
	trace_thread_end();
	return NULL;
}

static int spill(struct sealing *s, struct err *err)
{
	return s->settings->spill ? s->settings->spill(s->settings->context, s->parts, err) : 0;
}

/* Put the pieces together as the threads bring them. */
static int collect_pieces(struct sealing *s, struct err *err)
{
	int rc = 0;

	for (uint32_t i = 0; i < s->npieces && rc == 0; i++) {
		pieces_wait(&s->pieces);
		if (is_over(s, true)) {
			rc = err_stopped(err);
			break;
		}
		put_piece(s, i, &s->made[i % s->pieces.places]);
		rc = spill(s, err);
		pieces_took(&s->pieces);
	}
	return rc;
}

static int seal_in_threads(struct sealing *s, unsigned jobs, struct err *err)
{
	uint32_t places = pieces_places(jobs);
	int rc;

	s->made = mem_zalloc(places, sizeof *s->made);
	if (pieces_begin(&s->pieces, s->npieces, jobs, work, s)) {
		rc = collect_pieces(s, err);
		pieces_end(&s->pieces);
	} else {
		rc = err_set(err, ERR_IO, "cannot start a thread to seal the index");
	}
	for (uint32_t i = 0; i < places; i++)
		sealed_terms_release(&s->made[i]);
	free(s->made);
	return rc;
}

static int seal_here(struct sealing *s, struct err *err)
{
	struct term_sealer sealer = { .postings = NULL };
	struct sealed_terms terms = { .n = 0 };
	int rc = 0;

	for (uint32_t i = 0; i < s->npieces && rc == 0; i++) {
		seal_piece(s, &sealer, i, true, &terms);
		if (is_over(s, true)) {
			rc = err_stopped(err);
			break;
		}
		put_piece(s, i, &terms);
		rc = spill(s, err);
	}
	sealed_terms_release(&terms);
	term_sealer_release(&sealer);
	return rc;
}

int seal_with(struct inverter *inv, const struct seal_settings *settings, struct segment_parts *parts,
	      struct err *err)
{
	struct sealing s = { .settings = settings, .parts = parts };
	struct seal_doc *arrived;
	int rc;

	inverter_settle(inv);
	segment_parts_init(parts, inv->ndocs, settings->headline_weight);
	arrived = order_docs(inv, &parts->docs);
	s.order = (struct seal_order){ .inv = inv,
				       .arrived = arrived,
				       .docs = &parts->docs,
				       .headline_weight = settings->headline_weight };
	s.ids = order_terms(inv);
	cut_pieces(&s);
	rc = settings->jobs > 1 && s.npieces > 1 ? seal_in_threads(&s, settings->jobs, err)
						 : seal_here(&s, err);
	free(arrived);
	free(s.ids);
	free(s.starts);
	return rc;
}

bool seal(struct inverter *inv, uint32_t headline_weight, const volatile sig_atomic_t *stop,
	  struct segment_parts *parts)
{
	const struct seal_settings settings = { .headline_weight = headline_weight, .stop = stop };

	return seal_with(inv, &settings, parts, NULL) == 0;
}

void seal_dropped(const struct inverter *inv, const struct segment_parts *parts, struct dead_docs *dead)
{
	*dead = (struct dead_docs){ .ndocs = parts->docs.n };
	for (uint32_t doc = 0; inv->ndropped && doc < parts->docs.n; doc++)
		if (!parts->docs.article[doc])
			dead_docs_add(dead, doc, 0);
	for (uint32_t i = 0; dead->n && i < inv->ndocs; i++)
		if (!inv->docs[i].article)
			dead->words += inv->docs[i].words;
}
