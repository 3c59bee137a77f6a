#include "dump.h"

#include "base/mem.h"
#include "segment/form_list.h"
#include "segment/positions.h"
#include "text/analyze.h"
#include "text/utf8.h"

#include <inttypes.h>
#include <stdlib.h>

#define FLUSH_BYTES (64u << 10)

struct dumper {
	const struct segment *seg;
	const struct dump_options *options;
	FILE *to;
	struct buf out;
	uint32_t *pos, *form; /* occurrences in one article */
	size_t pos_cap, form_cap;
	struct err *err;
};

static int flush(struct dumper *d)
{
	bool done = !d->out.n || fwrite(d->out.p, 1, d->out.n, d->to) == d->out.n;

	buf_reset(&d->out);
	return done ? 0 : err_errno(d->err, "cannot write the dump");
}

static int dumper_end(struct dumper *d, int rc)
{
	if (rc == 0 && (rc = flush(d)) == 0 && fflush(d->to) != 0)
		rc = err_errno(d->err, "cannot write the dump");
	buf_release(&d->out);
	free(d->pos);
	free(d->form);
	return rc;
}

static int corrupt(struct dumper *d, const char *what)
{
	if (d->seg->maker)
		return segment_fault(d->seg, what, d->err);
	return err_set(d->err, ERR_CORRUPT, "%s: damaged: its %s do not match their checksums", d->seg->path,
		       what);
}

/* A term in quotation marks, a reserved first byte before them: 0x01 "strike". */
static void add_term(struct buf *out, struct bytes term)
{
	for (; term.n && *term.p < 0x20; term.p++, term.n--)
		buf_addf(out, "0x%02x ", *term.p);
	buf_add_byte(out, '"');
	utf8_add_safe(out, term, false);
	buf_add_byte(out, '"');
}

/* ---- segments ---- */

static void dump_segment(struct dumper *d)
{
	static const char names[SEC_COUNT][5] = SEC_NAMES;
	const struct segment *s = d->seg;

	if (s->maker)
		buf_addf(&d->out, "tail\n");
	else
		buf_addf(&d->out, "segment %s  version %u  file_size %zu\n", strrchr(s->path, '/') + 1,
			 SEG_VERSION, s->size);
	buf_addf(&d->out,
		 "  ndocs %" PRIu32 "  ndated %" PRIu32 "  words %" PRIu64 "  nterms %" PRIu32
		 "  headline_weight %" PRIu32 "\n",
		 s->ndocs, s->ndated, s->words, s->nterms, s->headline_weight);
	if (s->maker)
		return;
	for (int i = 0; i < SEC_COUNT; i++)
		buf_addf(&d->out, "  section %s  offset %zu  size %zu\n", names[i],
			 (size_t)(s->sections[i].p - s->map), s->sections[i].n);
	buf_addf(&d->out, "  pages_at %zu\n", (size_t)(s->page_crcs - s->map));
}

int dump_segments(const struct archive *a, FILE *to, struct err *err)
{
	struct dumper d = { .to = to, .err = err };

	for (size_t i = 0; i < a->nsegments; i++) {
		d.seg = &a->segments[i];
		if (segment_complete(d.seg) < 0)
			return dumper_end(&d, segment_fault(d.seg, "it", err));
		dump_segment(&d);
	}
	return dumper_end(&d, 0);
}

/* ---- one list ---- */

static int dump_forms(struct dumper *d, struct bytes term, const struct term_info *info)
{
	struct form_list forms;
	int rc = 0, got;

	if (form_list_open(&forms, segment_forms(d->seg, info, &rc), term) < 0 || rc < 0)
		return corrupt(d, "forms");
	if (!info->form_size)
		return 0;
	for (uint32_t i = 0; (got = form_list_next(&forms)) > 0; i++) {
		buf_addf(&d->out, "    form %" PRIu32 "  ", i);
		add_term(&d->out, bytes_of(forms.form, forms.size));
		buf_addf(&d->out, "  count %" PRIu64 "\n", forms.count);
	}
	return got < 0 ? corrupt(d, "forms") : 0;
}

static void dump_impacts(struct dumper *d, const struct impacts *set)
{
	buf_add_str(&d->out, "      impacts");
	for (uint32_t i = 0; i < set->n; i++)
		buf_addf(&d->out, " (%" PRIu32 ", %u)", set->v[i].freq, set->v[i].length);
	buf_add_byte(&d->out, '\n');
}

static int dump_block(struct dumper *d, struct postings *c)
{
	struct postings_block b = postings_block(c);
	struct impacts set;

	if (postings_impacts(c, c->block, &set) < 0)
		return ERR_CORRUPT;
	buf_addf(&d->out,
		 "    block %" PRIu32 "  offset %" PRIu32 "  size %" PRIu32 "  postings %" PRIu32 "  %s%s\n",
		 b.number, b.offset, b.size, b.postings, b.flags & BLOCK_BITMAP ? "bitmap" : "gaps",
		 b.flags & BLOCK_HEADLINE ? " headlines" : "");
	dump_impacts(d, &set);
	return 0;
}

/* What a list of several blocks says of them together. */
static int dump_runs(struct dumper *d, struct postings *c)
{
	static const uint32_t tops[TOPS] = { 10, 100, 1000 };
	struct impacts set;
	struct impact pair;

	for (unsigned i = 0; i < TOPS; i++)
		if (postings_top(c, tops[i], &pair))
			buf_addf(&d->out, "    top %" PRIu32 "  (%" PRIu32 ", %u)\n", tops[i], pair.freq,
				 pair.length);
	for (uint32_t run = 0; run < postings_runs(c); run++) {
		if (run * POSTINGS_RUN >= d->options->blocks)
			break;
		if (postings_run_impacts(c, run, &set) < 0)
			return ERR_CORRUPT;
		buf_addf(&d->out, "    run %" PRIu32 "  from block %" PRIu32 "\n", run, run * POSTINGS_RUN);
		dump_impacts(d, &set);
	}
	return 0;
}

static int dump_postings(struct dumper *d, const struct term_info *info)
{
	uint32_t block = UINT32_MAX, headline;
	struct postings c;
	int rc = 0;

	postings_open(&c, d->seg, info);
	if (c.nblocks > 1)
		rc = dump_runs(d, &c);
	for (uint32_t doc = rc < 0 ? DOC_END : postings_first(&c); doc != DOC_END; doc = postings_next(&c)) {
		if (postings_block(&c).number != block) {
			block = postings_block(&c).number;
			if (block >= d->options->blocks) {
				buf_addf(&d->out, "    blocks from %" PRIu32 " on: left out (--blocks)\n",
					 block);
				break;
			}
			if ((rc = dump_block(d, &c)) < 0)
				break;
		}
		buf_addf(&d->out, "      doc %" PRIu32 "  article %" PRIu32 "  freq %" PRIu32, doc,
			 segment_article(d->seg, doc), postings_freq(&c));
		headline = postings_headline(&c);
		buf_addf(&d->out, headline ? "  headline %" PRIu32 "\n" : "\n", headline);
		if (d->out.n > FLUSH_BYTES && (rc = flush(d)) < 0)
			return rc;
	}
	return c.rc < 0 || rc < 0 ? corrupt(d, "postings") : 0;
}

/* The occurrences in the current doc, cut where a chunk begins. */
static int dump_occurrences(struct dumper *d, struct postings *c, struct positions *p)
{
	uint64_t first = postings_occurrence(c);
	uint32_t count = postings_count(c);

	if (count / POSTINGS_BLOCK > p->list.n || first > p->n || count > p->n - first)
		return ERR_CORRUPT; /* a chunk takes a byte at least, so this bounds what is allocated */
	MEM_GROW(d->pos, d->pos_cap, count);
	MEM_GROW(d->form, d->form_cap, count);
	if (positions_get(p, first, count, d->pos, d->form) < 0)
		return ERR_CORRUPT;
	for (uint32_t i = 0; i < count; i++) {
		uint64_t number = first + i;

		if (number % POSTINGS_BLOCK == 0)
			buf_addf(&d->out, "%s    chunk %" PRIu64 "  from occurrence %" PRIu64 "\n",
				 i ? "\n" : "", number / POSTINGS_BLOCK, number);
		if (!i || number % POSTINGS_BLOCK == 0)
			buf_addf(&d->out, "      doc %" PRIu32 "  %s", c->doc,
				 p->has_forms ? "position/form" : "position");
		buf_addf(&d->out, p->has_forms ? " %" PRIu32 "/%" PRIu32 : " %" PRIu32, d->pos[i],
			 d->form[i]);
	}
	buf_add_byte(&d->out, '\n');
	return 0;
}

static int dump_positions(struct dumper *d, const struct term_info *info)
{
	struct positions p;
	struct postings c;
	int rc = 0;

	if (!info->posn_size)
		return 0;
	positions_open(&p, d->seg, info);
	postings_open(&c, d->seg, info);
	for (uint32_t doc = postings_first(&c); doc != DOC_END; doc = postings_next(&c)) {
		if (postings_block(&c).number >= d->options->blocks)
			break;
		if (dump_occurrences(d, &c, &p) < 0)
			return corrupt(d, "positions");
		if (d->out.n > FLUSH_BYTES && (rc = flush(d)) < 0)
			return rc;
	}
	return c.rc < 0 ? corrupt(d, "postings") : 0;
}

/* 1 the segment has the term, 0 it has not. */
static int dump_term(struct dumper *d, struct bytes term)
{
	struct term_info info;
	int got = dict_find(d->seg, term, &info), rc;

	if (got < 0 || segment_touch_docs(d->seg) < 0)
		return corrupt(d, got < 0 ? "dictionary's terms" : "documents");
	buf_addf(&d->out, "%s%s  term ", d->seg->maker ? "" : "segment ", strrchr(d->seg->path, '/') + 1);
	add_term(&d->out, term);
	if (!got) {
		buf_add_str(&d->out, ": not there\n");
		return 0;
	}
	buf_addf(&d->out,
		 "\n  df %" PRIu32 "  occurrences %" PRIu64 "  post %" PRIu64 " size %" PRIu64
		 "  posn %" PRIu64 " size %" PRIu64 "  form %" PRIu64 " size %" PRIu64 "\n",
		 info.df, info.occurrences, info.post, info.post_size, info.posn, info.posn_size, info.form,
		 info.form_size);
	if ((rc = dump_forms(d, term, &info)) < 0 || (rc = dump_postings(d, &info)) < 0 ||
	    (rc = dump_positions(d, &info)) < 0)
		return rc;
	return 1;
}

/* ---- words ---- */

static int hex_digit(uint8_t c)
{
	return ascii_is_digit(c) ? c - '0' : c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

/* Resolve \xNN. */
static void add_raw(struct buf *out, const char *text)
{
	for (const uint8_t *p = (const uint8_t *)text; *p; p++) {
		if (p[0] == '\\' && p[1] == 'x' && hex_digit(p[2]) >= 0 && hex_digit(p[3]) >= 0) {
			buf_add_byte(out, (uint8_t)(hex_digit(p[2]) << 4 | hex_digit(p[3])));
			p += 3;
		} else {
			buf_add_byte(out, *p);
		}
	}
}

static bool is_repeated(const struct tokens *t, size_t i)
{
	for (size_t j = 0; j < i; j++)
		if (bytes_equal(t->v[j].word->stem, t->v[i].word->stem))
			return true;
	return false;
}

static int dump_in_all(struct dumper *d, const struct archive *a, struct bytes term, uint64_t *found)
{
	int got = 0;

	for (size_t i = 0; got >= 0 && i < a->nsegments; i++) {
		d->seg = &a->segments[i];
		if (segment_complete(d->seg) < 0) /* so that places are those of a sealed one */
			return segment_fault(d->seg, "it", d->err);
		got = dump_term(d, term);
		*found += got > 0;
	}
	return got < 0 ? got : 0;
}

static int dump_analyzed(struct dumper *d, const struct archive *a, const char *word, uint64_t *found)
{
	struct analyzer *analyzer = analyzer_new(buf_cstr(&a->language), d->err);
	struct buf text = BUF_INIT, term = BUF_INIT;
	struct tokens tokens = TOKENS_INIT;
	bool headline = strncmp(word, "title:", 6) == 0;
	int rc = 0;

	if (!analyzer)
		return ERR_USAGE;
	utf8_repair(&text, bytes_str(headline ? word + 6 : word));
	analyze_text(analyzer, buf_bytes(&text), &tokens);
	for (size_t i = 0; rc == 0 && i < tokens.n; i++) {
		if (tokens.v[i].kind == TOKEN_MARK || is_repeated(&tokens, i))
			continue;
		buf_reset(&term);
		if (headline || d->options->headline)
			buf_add_byte(&term, TERM_HEADLINE);
		buf_add_bytes(&term, tokens.v[i].word->stem);
		rc = dump_in_all(d, a, buf_bytes(&term), found);
	}
	buf_release(&text);
	buf_release(&term);
	tokens_release(&tokens);
	analyzer_free(analyzer);
	return rc;
}

int dump_word(const struct archive *a, const char *word, const struct dump_options *options, FILE *to,
	      uint64_t *found, struct err *err)
{
	struct dumper d = { .options = options, .to = to, .err = err };
	struct buf raw = BUF_INIT;
	int rc;

	if (options->raw) {
		if (options->headline)
			buf_add_byte(&raw, TERM_HEADLINE);
		add_raw(&raw, word);
		rc = dump_in_all(&d, a, buf_bytes(&raw), found);
	} else {
		rc = dump_analyzed(&d, a, word, found);
	}
	buf_release(&raw);
	return dumper_end(&d, rc);
}
