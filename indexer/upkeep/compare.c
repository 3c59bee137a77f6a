#include "upkeep/compare.h"

#include "base/civil.h"
#include "base/mem.h"
#include "segment/form_list.h"
#include "segment/positions.h"
#include "text/utf8.h"

#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

/* One of the two, and where the comparison stands in it. */
struct side {
	const struct segment *seg;
	struct dict_cursor terms; /* at the term that is compared */
	struct form_list forms;
	struct postings postings;
	struct positions positions;
	uint32_t *pos, *form; /* of the occurrences in one article */
	size_t pos_cap, form_cap;
};

struct comparison {
	struct side found, made;
	struct buf term; /* as a sentence shows it */
	struct err *err;
};

static int damaged(struct comparison *c)
{
	return segment_fault(c->found.seg, "it", c->err);
}

/* A difference at the current term: "PATH: term "strike": SENTENCE". */
__attribute__((format(printf, 2, 3))) static int differ(struct comparison *c, const char *format, ...)
{
	char sentence[512];
	va_list ap;

	va_start(ap, format);
	vsnprintf(sentence, sizeof sentence, format, ap);
	va_end(ap);
	return err_set(c->err, ERR_CORRUPT, "%s: %s%s", c->found.seg->path, buf_cstr(&c->term), sentence);
}

/* ---- counts and columns ---- */

static int differ_counts(struct comparison *c)
{
	const struct segment *f = c->found.seg, *m = c->made.seg;

	if (f->ndocs != m->ndocs || f->ndated != m->ndated)
		return differ(c,
			      "it says %" PRIu32 " articles, %" PRIu32 " dated; there are %" PRIu32
			      ", %" PRIu32 " dated",
			      f->ndocs, f->ndated, m->ndocs, m->ndated);
	if (f->headline_weight != m->headline_weight)
		return differ(c, "headline words weigh %" PRIu32 "; the archive says %" PRIu32,
			      f->headline_weight, m->headline_weight);
	return 0;
}

static int differ_column(struct comparison *c, uint32_t doc, const char *column, int64_t found, int64_t made)
{
	if (found == made)
		return 0;
	return differ(c, "doc %" PRIu32 ", article %" PRIu32 ": %s is %" PRId64 "; it should be %" PRId64,
		      doc, segment_article(c->made.seg, doc), column, found, made);
}

static int differ_date(struct comparison *c, uint32_t doc)
{
	int64_t f = segment_date(c->found.seg, doc), m = segment_date(c->made.seg, doc);
	char is[20], should[20];

	if (f == m)
		return 0;
	civil_format(is, f, 's');
	civil_format(should, m, 's');
	return differ(c, "doc %" PRIu32 ", article %" PRIu32 ": the date is %s; it should be %s", doc,
		      segment_article(c->made.seg, doc), *is ? is : "none", *should ? should : "none");
}

static int differ_doc(struct comparison *c, uint32_t doc)
{
	const struct segment *f = c->found.seg, *m = c->made.seg;
	int rc;

	if ((rc = differ_column(c, doc, "its number", segment_article(f, doc), segment_article(m, doc))) <
		    0 ||
	    (rc = differ_date(c, doc)) < 0 ||
	    (rc = differ_column(c, doc, "the source", segment_source(f, doc), segment_source(m, doc))) < 0 ||
	    (rc = differ_column(c, doc, "the story", segment_story(f, doc), segment_story(m, doc))) < 0 ||
	    (rc = differ_column(c, doc, "the number of headline words", segment_headline(f, doc),
				segment_headline(m, doc))) < 0 ||
	    (rc = differ_column(c, doc, "the code of its length", segment_length_code(f, doc),
				segment_length_code(m, doc))) < 0)
		return rc;
	return 0;
}

static int differ_docs(struct comparison *c)
{
	int rc = 0;

	for (uint32_t doc = 0; rc == 0 && doc < c->made.seg->ndocs; doc++)
		rc = differ_doc(c, doc);
	if (rc == 0 && segment_damaged(c->found.seg))
		return damaged(c);
	if (rc == 0 && c->found.seg->words != c->made.seg->words)
		return differ(c, "it says %" PRIu64 " words; its articles have %" PRIu64, c->found.seg->words,
			      c->made.seg->words);
	return rc;
}

/* ---- terms ---- */

/* The term as a sentence begins: term "strike": , a reserved first byte as \x01. */
static void name_term(struct comparison *c, struct bytes term)
{
	buf_reset(&c->term);
	buf_add_str(&c->term, "term \"");
	for (; term.n && *term.p < 0x20; term.p++, term.n--)
		buf_addf(&c->term, "\\x%02x", *term.p);
	utf8_add_safe(&c->term, term, false);
	buf_add_str(&c->term, "\": ");
}

static int next_form(struct side *s, struct bytes *form, uint64_t *count)
{
	int got = form_list_next(&s->forms);

	*form = got > 0 ? bytes_of(s->forms.form, s->forms.size) : BYTES_NONE;
	*count = got > 0 ? s->forms.count : 0;
	return got;
}

static int differ_forms(struct comparison *c)
{
	int rc = 0, f, m;

	if (form_list_open(&c->found.forms, segment_forms(c->found.seg, &c->found.terms.info, &rc),
			   dict_term(&c->found.terms)) < 0 ||
	    form_list_open(&c->made.forms, segment_forms(c->made.seg, &c->made.terms.info, &rc),
			   dict_term(&c->made.terms)) < 0 ||
	    rc < 0)
		return damaged(c);
	for (uint32_t i = 0;; i++) {
		struct bytes is, should;
		uint64_t has, counts;

		f = next_form(&c->found, &is, &has);
		m = next_form(&c->made, &should, &counts);
		if (f < 0 || m < 0)
			return damaged(c);
		if (f != m || !bytes_equal(is, should) || has != counts)
			return differ(c,
				      "form %" PRIu32 " is \"%.*s\", %" PRIu64 " times; it should be "
				      "\"%.*s\", %" PRIu64 " times",
				      i, (int)is.n, (const char *)is.p, has, (int)should.n,
				      (const char *)should.p, counts);
		if (f == 0)
			return 0;
	}
}

/* The occurrences of the term in the side's current article. */
static int load_occurrences(struct side *s)
{
	uint32_t n = postings_count(&s->postings);

	MEM_GROW(s->pos, s->pos_cap, n);
	MEM_GROW(s->form, s->form_cap, n);
	return positions_get(&s->positions, postings_occurrence(&s->postings), n, s->pos, s->form);
}

static int differ_occurrences(struct comparison *c, uint32_t article)
{
	uint32_t n = postings_count(&c->made.postings);

	if (load_occurrences(&c->found) < 0 || load_occurrences(&c->made) < 0)
		return damaged(c);
	for (uint32_t i = 0; i < n; i++)
		if (c->found.pos[i] != c->made.pos[i] || c->found.form[i] != c->made.form[i])
			return differ(c,
				      "article %" PRIu32 ", occurrence %" PRIu32 ": position %" PRIu32
				      ", form %" PRIu32 "; it should be %" PRIu32 ", %" PRIu32,
				      article, i, c->found.pos[i], c->found.form[i], c->made.pos[i],
				      c->made.form[i]);
	return 0;
}

static int differ_posting(struct comparison *c, bool positions)
{
	struct postings *f = &c->found.postings, *m = &c->made.postings;
	uint32_t doc = f->doc < m->doc ? f->doc : m->doc, article = segment_article(c->made.seg, doc);

	if (f->doc != m->doc)
		return differ(c, "article %" PRIu32 " is %s its list; it should %sbe", article,
			      doc == f->doc ? "in" : "not in", doc == f->doc ? "not " : "");
	if (postings_freq(f) != postings_freq(m) || postings_headline(f) != postings_headline(m))
		return differ(c,
			      "article %" PRIu32 ": frequency %" PRIu32 ", %" PRIu32
			      " in the headline; it should be %" PRIu32 ", %" PRIu32,
			      article, postings_freq(f), postings_headline(f), postings_freq(m),
			      postings_headline(m));
	return positions ? differ_occurrences(c, article) : 0;
}

static int differ_postings(struct comparison *c)
{
	struct side *f = &c->found, *m = &c->made;
	bool positions = m->terms.info.posn_size > 0 && f->terms.info.posn_size > 0;
	int rc;

	postings_open(&f->postings, f->seg, &f->terms.info);
	postings_open(&m->postings, m->seg, &m->terms.info);
	if (positions) {
		positions_open(&f->positions, f->seg, &f->terms.info);
		positions_open(&m->positions, m->seg, &m->terms.info);
	}
	postings_first(&f->postings);
	postings_first(&m->postings);
	while (f->postings.doc != DOC_END || m->postings.doc != DOC_END) {
		if (f->postings.rc < 0)
			return damaged(c);
		if ((rc = differ_posting(c, positions)) < 0)
			return rc;
		postings_next(&f->postings);
		postings_next(&m->postings);
	}
	return f->postings.rc < 0 ? damaged(c) : 0;
}

static bool same_bytes(const struct comparison *c, int section, uint64_t found, uint64_t found_size,
		       uint64_t made, uint64_t made_size)
{
	return found_size == made_size && memcmp(c->found.seg->sections[section].p + found,
						 c->made.seg->sections[section].p + made, made_size) == 0;
}

/* The term that both stand on. */
static int differ_term(struct comparison *c)
{
	const struct term_info *f = &c->found.terms.info, *m = &c->made.terms.info;
	int rc;

	name_term(c, dict_term(&c->made.terms));
	if (f->df != m->df || f->occurrences != m->occurrences)
		return differ(c,
			      "%" PRIu64 " occurrences in %" PRIu32 " articles; there are %" PRIu64
			      " in %" PRIu32,
			      f->occurrences, f->df, m->occurrences, m->df);
	if ((rc = differ_forms(c)) < 0)
		return rc;
	if (!same_bytes(c, SEC_POST, f->post, f->post_size, m->post, m->post_size) ||
	    !same_bytes(c, SEC_POSN, f->posn, f->posn_size, m->posn, m->posn_size)) {
		if ((rc = differ_postings(c)) < 0)
			return rc;
		return differ(c, "its list reads as it should, but bytes of it differ from what its articles "
				 "make");
	}
	return 0;
}

static int differ_terms(struct comparison *c)
{
	int f = dict_seek(&c->found.terms, c->found.seg, BYTES_NONE);
	int m = dict_seek(&c->made.terms, c->made.seg, BYTES_NONE), rc, order;

	while (f > 0 || m > 0) {
		order = f <= 0   ? 1
			: m <= 0 ? -1
				 : bytes_compare(dict_term(&c->found.terms), dict_term(&c->made.terms));
		if (f < 0)
			return damaged(c);
		name_term(c, dict_term(order < 0 ? &c->found.terms : &c->made.terms));
		if (order)
			return differ(c, order < 0 ? "it is there, and no article has it"
						   : "it is not there, and articles have it");
		if ((rc = differ_term(c)) < 0)
			return rc;
		f = dict_next(&c->found.terms);
		m = dict_next(&c->made.terms);
	}
	buf_reset(&c->term);
	return f < 0 || m < 0 ? damaged(c) : 0;
}

/* ---- */

static void release_side(struct side *s)
{
	free(s->pos);
	free(s->form);
}

/* Where the two files part. */
static int differ_bytes(struct comparison *c)
{
	const struct segment *f = c->found.seg, *m = c->made.seg;
	size_t at = 0, n = f->size < m->size ? f->size : m->size;

	while (at < n && f->map[at] == m->map[at])
		at++;
	return differ(c, "it reads as it should, but byte %zu differs from what its articles make", at);
}

int compare_segments(const struct segment *found, const struct segment *made, struct err *err)
{
	struct comparison c = { .found.seg = found, .made.seg = made, .term = BUF_INIT, .err = err };
	int rc;

	if (segment_complete(found) < 0)
		return segment_fault(found, "it", err);
	if (found->size && found->size == made->size && memcmp(found->map, made->map, made->size) == 0)
		return 0;
	if ((rc = differ_counts(&c)) == 0 && (rc = differ_docs(&c)) == 0 && (rc = differ_terms(&c)) == 0)
		rc = found->maker ? 0 : differ_bytes(&c); /* the tail has no file */
	release_side(&c.found);
	release_side(&c.made);
	buf_release(&c.term);
	return rc;
}
