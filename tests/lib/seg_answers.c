#include "lib/seg_answers.h"

#include "base/hash.h"
#include "base/mem.h"
#include "segment/form_list.h"
#include "segment/positions.h"
#include "segment/short_list.h"
#include "segment/vocabulary.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <stdlib.h>

/* ---- names ---- */

void seg_names_read(struct seg_names *names, const char *path)
{
	struct segment s;
	struct dict_cursor c;
	int got;

	*names = (struct seg_names){ .n = 0 };
	assert_int_equal(segment_open(&s, path, NULL), 0);
	for (got = dict_seek(&c, &s, BYTES_NONE); got > 0; got = dict_next(&c)) {
		MEM_GROW(names->v, names->cap, names->n + 1);
		MEM_GROW(names->info, names->info_cap, names->n + 1);
		names->info[names->n] = c.info;
		buf_init(&names->v[names->n]);
		buf_set(&names->v[names->n++], dict_term(&c));
	}
	assert_int_equal(got, 0);
	for (int i = 0; i < SEC_COUNT; i++)
		names->section[i] = (uint64_t)(s.sections[i].p - s.map);
	segment_close(&s);
}

void seg_names_release(struct seg_names *names)
{
	for (size_t i = 0; i < names->n; i++)
		buf_release(&names->v[i]);
	free(names->v);
	free(names->info);
	*names = (struct seg_names){ .n = 0 };
}

size_t seg_names_owner(const struct seg_names *names, uint64_t at, size_t otherwise)
{
	for (size_t i = 0; i < names->n; i++) {
		const struct term_info *t = &names->info[i];

		if (at - names->section[SEC_POST] - t->post < t->post_size ||
		    at - names->section[SEC_POSN] - t->posn < t->posn_size ||
		    at - names->section[SEC_FORM] - t->form < t->form_size)
			return i;
	}
	return otherwise;
}

/* ---- pieces ---- */

/* The bytes gathered become a piece, or a refusal does. */
static void add_piece(struct seg_answers *a, bool refused)
{
	uint64_t hash = hash_bytes(buf_bytes(&a->bytes)) | 1;

	MEM_GROW(a->piece, a->cap, a->n + 1);
	a->piece[a->n++] = refused ? SEG_REFUSED : hash;
	buf_reset(&a->bytes);
}

static void check(struct seg_answers *a, bool holds, const char *rule)
{
	if (!holds)
		a->broken = rule;
}

static void read_counts(struct seg_answers *a, const struct segment *s)
{
	buf_add_le32(&a->bytes, s->ndocs);
	buf_add_le32(&a->bytes, s->ndated);
	buf_add_le64(&a->bytes, s->words);
	buf_add_le32(&a->bytes, s->nterms);
	buf_add_le32(&a->bytes, s->headline_weight);
	add_piece(a, false);
}

static void read_columns(struct seg_answers *a, const struct segment *s)
{
	bool refused = segment_touch_docs(s) < 0;

	for (uint32_t doc = 0; doc < s->ndocs && !refused; doc++) {
		buf_add_le64(&a->bytes, (uint64_t)segment_date(s, doc));
		buf_add_le32(&a->bytes, segment_article(s, doc));
		buf_add_le32(&a->bytes, segment_source(s, doc));
		buf_add_le32(&a->bytes, segment_story(s, doc));
		buf_add_le32(&a->bytes, segment_headline(s, doc));
		buf_add_byte(&a->bytes, segment_length_code(s, doc));
	}
	add_piece(a, refused);
}

static void read_walk(struct seg_answers *a, const struct segment *s)
{
	struct dict_cursor c;
	uint64_t n = 0;
	int got;

	for (got = dict_seek(&c, s, BYTES_NONE); got > 0; got = dict_next(&c), n++)
		buf_add_bytes(&a->bytes, dict_term(&c));
	check(a, n <= s->nterms, "a walk visits each term once");
	add_piece(a, got < 0);
}

static void read_vocabulary(struct seg_answers *a, const struct segment *s)
{
	struct vocabulary v;
	struct bytes form;
	uint64_t n = 0;

	vocabulary_seek(&v, s, BYTES_NONE);
	while (vocabulary_next(&v)) {
		buf_add_bytes(&a->bytes, vocabulary_term(&v));
		buf_add_le32(&a->bytes, v.info.df);
		while (vocabulary_form(&v, &form))
			buf_add_bytes(&a->bytes, form);
		n++;
	}
	check(a, n <= s->nterms, "a walk over forms visits each term once");
	add_piece(a, v.rc < 0);
}

static void read_forms(struct seg_answers *a, const struct segment *s, const struct term_info *info,
		       struct bytes term)
{
	struct form_list list;
	int rc = 0, got;
	struct bytes bytes = segment_forms(s, info, &rc);

	got = rc < 0 ? rc : form_list_open(&list, bytes, term);
	for (got = got < 0 ? got : 1; got > 0 && (got = form_list_next(&list)) > 0;) {
		buf_add_varint(&a->bytes, list.size);
		buf_add(&a->bytes, list.form, list.size);
		buf_add_varint(&a->bytes, list.count);
	}
	add_piece(a, got < 0);
}

static void read_postings(struct seg_answers *a, const struct segment *s, const struct term_info *info)
{
	struct postings c;
	uint64_t from = 0;

	postings_open(&c, s, info);
	for (postings_first(&c); c.doc != DOC_END; postings_next(&c)) {
		check(a, c.doc >= from && c.doc < s->ndocs, "docs ascend below ndocs");
		from = (uint64_t)c.doc + 1;
		buf_add_le32(&a->bytes, c.doc);
		buf_add_varint(&a->bytes, postings_freq(&c));
		buf_add_varint(&a->bytes, postings_headline(&c));
		buf_add_varint(&a->bytes, postings_count(&c));
		buf_add_varint(&a->bytes, postings_occurrence(&c));
	}
	check(a, postings_next(&c) == DOC_END && postings_seek(&c, 0) == DOC_END,
	      "a cursor at its end stays there");
	add_piece(a, c.rc < 0);
}

static void read_short_list(struct seg_answers *a, const struct segment *s, const struct term_info *info)
{
	struct short_list l;
	uint64_t from = 0;
	bool read = segment_touch(s, s->sections[SEC_POST].p + info->post, info->post_size) == 0;

	l.n = 0;
	if (read && short_list_is(s, info)) /* what is damaged may look as if it were not one */
		read = short_list_docs(&l, s, info);
	for (uint32_t i = 0; read && i < l.n; i++) {
		check(a, l.docs[i] >= from && l.docs[i] < s->ndocs,
		      "docs of a short list ascend below ndocs");
		from = (uint64_t)l.docs[i] + 1;
		buf_add_le32(&a->bytes, l.docs[i]);
	}
	if (read && l.n)
		read = short_list_freqs(&l);
	for (uint32_t i = 0; read && i < l.n; i++)
		buf_add_varint(&a->bytes, l.freqs[i]);
	add_piece(a, !read);
}

static void read_impacts(struct seg_answers *a, const struct segment *s, const struct term_info *info)
{
	struct postings c;
	struct impacts set;
	uint32_t block = UINT32_MAX;
	int rc = segment_touch_docs(s);

	postings_open(&c, s, info);
	for (postings_first(&c); rc == 0 && c.doc != DOC_END; postings_next(&c)) {
		if (c.block == block)
			continue;
		block = c.block;
		if ((rc = postings_impacts(&c, c.block, &set)) < 0)
			break;
		for (uint32_t i = 0; i < set.n; i++) {
			buf_add_varint(&a->bytes, set.v[i].freq);
			buf_add_byte(&a->bytes, set.v[i].length);
		}
	}
	add_piece(a, rc < 0 || c.rc < 0);
}

#define JUMPS 4u

/* Straight into the list, by a cursor that has seen nothing of it. */
static void read_jumps(struct seg_answers *a, const struct segment *s, const struct term_info *info)
{
	for (uint32_t i = 0; i < JUMPS; i++) {
		uint32_t target = (uint32_t)((uint64_t)s->ndocs * i / JUMPS);
		struct postings c;

		postings_open(&c, s, info);
		if (postings_seek(&c, target) != DOC_END) {
			check(a, c.doc >= target && c.doc < s->ndocs, "a seek goes to the target or beyond");
			buf_add_le32(&a->bytes, c.doc);
			buf_add_varint(&a->bytes, postings_freq(&c));
			buf_add_varint(&a->bytes, postings_occurrence(&c));
		}
		add_piece(a, c.rc < 0);
	}
}

/* The positions of the doc that c stands on. */
static int read_doc_positions(struct seg_answers *a, struct positions *p, struct postings *c)
{
	uint32_t count = postings_count(c);

	if (count > p->n)
		return -1; /* the reader would refuse: ask for no memory */
	MEM_GROW(a->pos, a->pos_cap, count);
	MEM_GROW(a->form, a->form_cap, count);
	if (positions_get(p, postings_occurrence(c), count, a->pos, a->form) < 0)
		return -1;
	for (uint32_t i = 0; i < count; i++) {
		check(a, i == 0 || a->pos[i] > a->pos[i - 1], "positions ascend");
		check(a, a->form[i] < p->nforms, "form numbers are below the number of forms");
		buf_add_le32(&a->bytes, a->pos[i]);
		buf_add_varint(&a->bytes, a->form[i]);
	}
	return 0;
}

static void read_positions(struct seg_answers *a, const struct segment *s, const struct term_info *info)
{
	struct postings c;
	struct positions p;
	int rc = 0;

	postings_open(&c, s, info);
	positions_open(&p, s, info);
	for (postings_first(&c); rc == 0 && c.doc != DOC_END && info->posn_size; postings_next(&c))
		rc = read_doc_positions(a, &p, &c);
	add_piece(a, rc < 0 || c.rc < 0);
}

#define TERM_PIECES (6u + JUMPS)

/* TERM_PIECES pieces, found or not. */
static void read_term(struct seg_answers *a, const struct segment *s, struct bytes term)
{
	struct term_info info = { .df = 0 };
	int got = dict_find(s, term, &info);

	buf_add_byte(&a->bytes, (uint8_t)got);
	buf_add_varint(&a->bytes, info.df);
	buf_add_varint(&a->bytes, info.occurrences);
	add_piece(a, got < 0);
	if (got <= 0) {
		for (uint32_t i = 1; i < TERM_PIECES; i++)
			add_piece(a, got < 0);
		return;
	}
	read_forms(a, s, &info, term);
	read_postings(a, s, &info);
	read_short_list(a, s, &info);
	read_impacts(a, s, &info);
	read_jumps(a, s, &info);
	read_positions(a, s, &info);
}

void seg_answers_read(struct seg_answers *a, const char *path, const struct seg_names *names,
		      const size_t *which, size_t n)
{
	struct segment s;

	a->n = 0;
	a->broken = NULL;
	a->rc = segment_open(&s, path, NULL);
	if (a->rc < 0)
		return;
	n = which ? n : names->n;
	read_counts(a, &s);
	read_walk(a, &s);
	read_vocabulary(a, &s);
	read_columns(a, &s);
	for (size_t i = 0; i < n; i++)
		read_term(a, &s, buf_bytes(&names->v[which ? which[i] : i]));
	segment_close(&s);
}

static bool pieces_agree(const uint64_t *piece, const uint64_t *truth, size_t n)
{
	for (size_t i = 0; i < n; i++)
		if (piece[i] != SEG_REFUSED && piece[i] != truth[i])
			return false;
	return true;
}

bool seg_answers_agree(const struct seg_answers *a, const struct seg_answers *truth, const size_t *which,
		       size_t n)
{
	const size_t common = 4; /* counts, walk, forms, columns */

	if (a->rc < 0)
		return true;
	if (a->n != common + n * TERM_PIECES || !pieces_agree(a->piece, truth->piece, common))
		return false;
	for (size_t i = 0; i < n; i++)
		if (!pieces_agree(a->piece + common + i * TERM_PIECES,
				  truth->piece + common + which[i] * TERM_PIECES, TERM_PIECES))
			return false;
	return true;
}

void seg_answers_release(struct seg_answers *a)
{
	buf_release(&a->bytes);
	free(a->piece);
	free(a->pos);
	free(a->form);
	*a = (struct seg_answers){ .rc = 0 };
}
