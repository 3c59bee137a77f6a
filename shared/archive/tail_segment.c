#include "archive/tail_segment.h"

#include "archive/tail.h"
#include "base/mem.h"
#include "segment/seal.h"

#include <stdlib.h>

/* Room in bytes for what a token can take in each section: a list of its own in POST, another
 * one for the headline; a position and a form number; a form that it alone has. Memory that
 * is not used is never touched. */
#define POST_ROOM 32u
#define POSN_ROOM 16u
#define FORM_ROOM (TERM_MAX + 16u)
#define LEAST     4096u

/* The bytes of a section never move, for plans hold on to places in it. The first half is for
 * the whole tail, as it is sealed; the second half for terms that were asked for before. */
struct area {
	uint8_t *p;
	size_t half, used; /* `used` counts from the beginning of the second half */
};

struct tail_maker {
	struct term_maker base;
	struct catalog *catalog;
	uint32_t headline_weight;
	struct tail_docs docs;
	struct area form, post, posn;
	struct intern known;     /* terms that were asked for */
	struct term_info *infos; /* of each; .df 0: it is not there */
	size_t infos_cap;
	struct inverter inverter;
	struct segment_parts all; /* the dictionary of the whole tail */
	bool complete;
};

/* ---- areas ---- */

static void area_make(struct area *a, uint64_t tokens, size_t room)
{
	a->half = tokens * room + LEAST;
	a->p = mem_zalloc(2 * a->half + SEG_SLACK, 1);
	a->used = 0;
}

static struct bytes area_section(const struct area *a)
{
	return bytes_of(a->p, 2 * a->half);
}

/* Copy a piece of a section behind the others; *at becomes its place. */
static bool area_add(struct area *a, const struct buf *from, uint64_t *at, uint64_t size)
{
	if (size > a->half - a->used)
		return false;
	if (size)
		memcpy(a->p + a->half + a->used, from->p + *at, size);
	*at = a->half + a->used;
	a->used += size;
	return true;
}

static bool area_fill(struct area *a, const struct buf *all)
{
	if (all->n > a->half)
		return false;
	if (all->n)
		memcpy(a->p, all->p, all->n);
	return true;
}

/* ---- terms ---- */

static int no_room(struct tail_maker *m)
{
	return tail_damaged(m->catalog, "it has more words than the catalog says", &m->base.fault);
}

/* Gather the terms in [from, to), or all, and seal them. `parts` is the caller's to release. */
static int make_parts(struct tail_maker *m, struct bytes from, struct bytes to, struct segment_parts *parts)
{
	int rc;

	segment_parts_init(parts, 0, m->headline_weight);
	inverter_reset(&m->inverter);
	rc = tail_gather_terms(m->catalog, &m->docs, from, to, &m->inverter, &m->base.fault);
	if (rc < 0)
		return rc;
	segment_parts_release(parts);
	seal(&m->inverter, m->headline_weight, NULL, parts);
	return 0;
}

static struct term_info *info_of(struct tail_maker *m, struct bytes term)
{
	uint32_t known = m->known.n, id = intern_add(&m->known, term);

	MEM_GROW(m->infos, m->infos_cap, (size_t)m->known.n);
	if (id == known)
		m->infos[id] = (struct term_info){ .df = 0 };
	return &m->infos[id];
}

/* Keep the terms of the parts, and what belongs to them. */
static int keep_terms(struct tail_maker *m, struct segment_parts *parts)
{
	struct segment made;
	struct dict_cursor c;
	int got;

	segment_of_parts(&made, parts, "");
	for (got = dict_seek(&c, &made, BYTES_NONE); got > 0; got = dict_next(&c)) {
		struct term_info info = c.info;

		if (!area_add(&m->form, &parts->form, &info.form, info.form_size) ||
		    !area_add(&m->post, &parts->post, &info.post, info.post_size) ||
		    !area_add(&m->posn, &parts->posn, &info.posn, info.posn_size)) {
			got = no_room(m);
			break;
		}
		*info_of(m, dict_term(&c)) = info;
	}
	segment_close(&made);
	return got;
}

static int make_range(struct tail_maker *m, struct bytes from, struct bytes to)
{
	struct segment_parts parts;
	int rc = make_parts(m, from, to, &parts);

	if (rc == 0 && parts.dict.n)
		rc = keep_terms(m, &parts);
	segment_parts_release(&parts);
	return rc;
}

/* A stem, and its headline list, which comes from the same rows. */
static int make_stem(struct tail_maker *m, struct bytes stem)
{
	struct buf from = BUF_INIT, to = BUF_INIT;
	int rc;

	buf_add_byte(&from, TERM_HEADLINE);
	buf_add_bytes(&from, stem);
	info_of(m, buf_bytes(&from));
	info_of(m, stem);
	buf_set(&from, stem);
	buf_add_byte(&from, TAIL_FORM_FOLLOWS);
	buf_set(&to, stem);
	buf_add_byte(&to, TAIL_FORM_FOLLOWS + 1);
	rc = make_range(m, buf_bytes(&from), buf_bytes(&to));
	buf_release(&from);
	buf_release(&to);
	return rc;
}

/* A term under another reserved byte: written as it is. */
static int make_mark(struct tail_maker *m, struct bytes term)
{
	struct buf to = BUF_INIT;
	int rc;

	info_of(m, term);
	buf_set(&to, term);
	buf_add_byte(&to, 0);
	rc = make_range(m, term, buf_bytes(&to));
	buf_release(&to);
	return rc;
}

static int find(struct term_maker *base, const struct segment *s, struct bytes term, struct term_info *info)
{
	struct tail_maker *m = (struct tail_maker *)base;
	bool headline = term.n && *term.p == TERM_HEADLINE;
	struct bytes stem = bytes_of(term.p + headline, term.n - headline);
	uint32_t id = intern_find(&m->known, term);
	struct dict_cursor c;
	int rc = 0;

	if (!stem.n)
		return 0;
	if (id == INTERN_NONE && m->complete) {
		if ((rc = dict_seek(&c, s, term)) > 0)
			*info = c.info;
		return rc <= 0 ? rc : bytes_equal(dict_term(&c), term);
	}
	if (id == INTERN_NONE) {
		rc = *stem.p < 0x20 ? make_mark(m, stem) : make_stem(m, stem);
		id = intern_find(&m->known, term);
	}
	if (rc < 0 || id == INTERN_NONE)
		return rc;
	*info = m->infos[id];
	return info->df > 0;
}

static int complete(struct term_maker *base, struct segment *s)
{
	struct tail_maker *m = (struct tail_maker *)base;
	struct segment made;
	int rc;

	if (m->complete)
		return 0;
	segment_parts_release(&m->all);
	if ((rc = make_parts(m, BYTES_NONE, BYTES_NONE, &m->all)) < 0)
		return rc;
	if (!area_fill(&m->form, &m->all.form) || !area_fill(&m->post, &m->all.post) ||
	    !area_fill(&m->posn, &m->all.posn))
		return no_room(m);
	segment_of_parts(&made, &m->all, "");
	s->sections[SEC_DICT] = made.sections[SEC_DICT];
	s->sections[SEC_DIDX] = made.sections[SEC_DIDX];
	s->nterms = made.nterms;
	segment_close(&made);
	m->complete = true;
	return 0;
}

/* ---- the segment ---- */

static void maker_free(struct term_maker *base)
{
	struct tail_maker *m = (struct tail_maker *)base;

	free(m->form.p);
	free(m->post.p);
	free(m->posn.p);
	free(m->infos);
	intern_release(&m->known);
	inverter_release(&m->inverter);
	segment_parts_release(&m->all);
	tail_docs_release(&m->docs);
	free(m);
}

/* The columns are those that sealing articles without words makes. */
static void open_docs(struct segment *s, struct tail_maker *m, const char *name)
{
	static const struct tokens none;

	for (uint32_t i = 0; i < m->docs.n; i++)
		inverter_add(&m->inverter, &m->docs.v[i], &none);
	seal(&m->inverter, m->headline_weight, NULL, &m->all);
	segment_of_parts(s, &m->all, name);
}

int tail_segment_open(struct segment *s, struct catalog *c, uint32_t headline_weight, const char *name,
		      struct err *err)
{
	struct tail_maker *m = mem_zalloc(1, sizeof *m);
	int rc;

	m->base = (struct term_maker){ .find = find, .complete = complete, .free = maker_free };
	m->catalog = c;
	m->headline_weight = headline_weight;
	segment_parts_init(&m->all, 0, headline_weight);
	intern_init(&m->known);
	inverter_init(&m->inverter);
	if ((rc = tail_docs_read(c, &m->docs, err)) < 0 || !m->docs.n) {
		maker_free(&m->base);
		return rc;
	}
	segment_parts_release(&m->all);
	open_docs(s, m, name);
	area_make(&m->form, m->docs.tokens, FORM_ROOM);
	area_make(&m->post, m->docs.tokens, POST_ROOM);
	area_make(&m->posn, m->docs.tokens, POSN_ROOM);
	s->sections[SEC_FORM] = area_section(&m->form);
	s->sections[SEC_POST] = area_section(&m->post);
	s->sections[SEC_POSN] = area_section(&m->posn);
	s->maker = &m->base;
	return 1;
}
