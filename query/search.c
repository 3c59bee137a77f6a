#include "search.h"

#include "base/mem.h"
#include "base/trace.h"
#include "caret.h"
#include "output/explain_print.h"
#include "loaded.h"
#include "output/parts_print.h"
#include "relax.h"

#include <inttypes.h>
#include <stdlib.h>

struct searcher {
	struct archive *archive;
	const struct search_options *options;
	struct printer *printer;
	struct analyzer *analyzer;
	uint64_t heads;     /* printed */
	struct range fault; /* of the last question: what it was refused for; [0, 0): nothing in it */
	/* of one question: */
	struct arena arena;
	struct query query;
	struct plan plan;
	struct ranking ranking;
	struct buf relaxed; /* JSON that stands before the summary */
};

struct searcher *searcher_new(struct archive *archive, const struct search_options *options,
			      struct printer *printer, struct err *err)
{
	struct searcher *s = mem_zalloc(1, sizeof *s);

	s->archive = archive;
	s->options = options;
	s->printer = printer;
	if (!(s->analyzer = analyzer_new(buf_cstr(&archive->language), err))) {
		searcher_free(s);
		return NULL;
	}
	return s;
}

void searcher_free(struct searcher *s)
{
	if (!s)
		return;
	arena_release(&s->arena);
	buf_release(&s->relaxed);
	analyzer_free(s->analyzer);
	free(s);
}

/* Hits with snippets: for people or as JSON lines. */
static int print_hits(struct searcher *s, struct err *err)
{
	struct snippeter *snippeter = snippeter_new(&s->plan, s->analyzer);
	struct snippet title = { .marks = NULL }, body = { .marks = NULL };
	struct loaded l = { .furniture = NULL };
	int rc = 0;

	for (size_t i = 0; rc == 0 && i < s->ranking.n; i++) {
		const struct hit *hit = &s->ranking.hits[i];
		uint64_t rank = s->options->rank.offset + i + 1;

		rc = load_article(s->archive, hit->article, &l, err);
		if (rc < 0)
			break;
		trace_phase(TRACE_SNIPPET);
		trace_add(1, l.row.text.body.n);
		snippet_make(snippeter, l.row.title, l.row.text.body, l.furniture, l.nfurniture, &title,
			     &body);
		trace_phase(TRACE_PRINT);
		if (s->options->output == OUTPUT_JSON)
			json_hit(&s->printer->out, rank, hit, &l.row, &body);
		else
			print_hit(s->printer, rank, &l.row, &title, &body);
	}
	snippeter_free(snippeter);
	snippet_release(&title);
	snippet_release(&body);
	loaded_release(&l);
	return rc == ERR_NOT_FOUND
		       ? err_set(err, ERR_CORRUPT, "%s: the index names an article that the catalog lacks",
				 s->archive->path)
		       : rc;
}

/* Before an answer for people: which question of several it is for. */
static void print_head(struct searcher *s, const struct question *q)
{
	if (q->line)
		print_question(s->printer, q->name, q->text, s->heads++ == 0);
}

/* Before an answer on a line of its own: the name of its question. */
static void print_name(struct searcher *s, const struct question *q)
{
	if (!q->name.n)
		return;
	utf8_add_safe(&s->printer->out, q->name, false);
	buf_add_byte(&s->printer->out, '\t');
}

static int print_answer(struct searcher *s, const struct question *q, struct err *err)
{
	struct buf *out = &s->printer->out;
	const struct ranking *r = &s->ranking;
	int rc = 0;

	switch (s->options->output) {
	case OUTPUT_COUNT:
		print_name(s, q);
		buf_addf(out, "%" PRIu64 "\n", r->total);
		break;
	case OUTPUT_NUMBERS:
		for (size_t i = 0; i < r->n; i++) {
			print_name(s, q);
			buf_addf(out, "%" PRIu32 "\n", r->hits[i].article);
		}
		break;
	case OUTPUT_JSON:
		json_query(out, q->text, s->archive->ndocs, q->name);
		rc = print_hits(s, err);
		buf_add_bytes(out, buf_bytes(&s->relaxed));
		json_summary(out, r->total, r->n);
		break;
	case OUTPUT_HITS:
		print_head(s, q);
		rc = print_hits(s, err);
		print_total(s->printer, s->options->rank.offset + 1, r->n, r->total);
		break;
	}
	return rc;
}

bool search_refuse(struct searcher *s, const struct question *q, const struct err *reason)
{
	if (s->options->output == OUTPUT_JSON) {
		json_error(&s->printer->out, q->line, q->name, bytes_str(reason->msg), s->fault);
		return true;
	}
	if (s->options->output == OUTPUT_COUNT && !s->options->explain && !s->options->parts) {
		print_name(s, q);
		buf_add_str(&s->printer->out, "-\n");
	}
	return false;
}

static void add_notes(const struct searcher *s, struct buf *notes)
{
	buf_add_bytes(notes, buf_bytes(&s->query.notes));
	if (!s->query.root)
		buf_add_str(notes, "the question holds no word to search for\n");
}

/* What parts of the question find, and what like it finds something: where nothing was found,
 * for who reads the hits. */
static int help_out(struct searcher *s, const struct question *q, struct buf *notes, struct err *err)
{
	struct counter counter = { .archive = s->archive, .analyzer = s->analyzer, .arena = &s->arena };
	bool json = s->options->output == OUTPUT_JSON;
	int level = trace_level;
	struct relaxation r;
	int rc;

	if (s->ranking.total || !s->query.root || (!json && s->options->output != OUTPUT_HITS))
		return 0;
	trace_level = level > 0; /* lines are for the question that was asked */
	rc = relax(&r, &counter, s->query.root, err);
	trace_level = level;
	if (rc < 0)
		return rc;
	if (json)
		json_relaxation(&s->relaxed, q->name, &r);
	else
		relax_notes(notes, &r);
	return 0;
}

/* The ranked answer, printed. */
static int answer(struct searcher *s, const struct question *q, struct buf *notes, uint64_t *total,
		  struct err *err)
{
	int rc;

	trace_phase(TRACE_RANK);
	if ((rc = rank_plan(&s->ranking, &s->plan, s->archive, &s->options->rank, err)) < 0)
		return rc;
	*total = s->ranking.total;
	trace_add(*total, 0);
	buf_reset(&s->relaxed);
	if ((rc = help_out(s, q, notes, err)) < 0)
		return rc;
	return print_answer(s, q, err);
}

/* How the question is understood, printed. */
static int explain_parts(struct searcher *s, const struct question *q, uint64_t *total, struct err *err)
{
	struct counter counter = {
		.archive = s->archive, .analyzer = s->analyzer, .arena = &s->arena, .left = PARTS_MOST
	};
	struct part root = { .node = NULL };
	const struct part *tree = s->query.root ? &root : NULL;
	int rc = 0;

	trace_phase(TRACE_RANK);
	if (tree && (rc = parts_count(&counter, s->query.root, &root, err)) < 0)
		return rc;
	*total = root.matches;
	trace_phase(TRACE_PRINT);
	if (s->options->output == OUTPUT_JSON) {
		json_parts(&s->printer->out, q->text, q->name, tree);
	} else {
		print_head(s, q);
		print_parts(&s->printer->out, tree);
	}
	return 0;
}

/* How one article comes by its score, printed. */
static int explain_article(struct searcher *s, const struct question *q, uint64_t *total, struct err *err)
{
	struct loaded l = { .furniture = NULL };
	struct explanation e;
	int rc;

	trace_phase(TRACE_RANK);
	rc = explain(&e, &s->plan, s->archive, s->options->article, err);
	if (rc == 0)
		rc = load_article(s->archive, (int64_t)s->options->article, &l, err);
	trace_phase(TRACE_PRINT);
	if (rc == 0 && s->options->output == OUTPUT_JSON) {
		json_explanation(&s->printer->out, q->text, q->name, &e, &l.row);
	} else if (rc == 0) {
		print_head(s, q);
		print_explanation(&s->printer->out, &e, &l.row);
	}
	*total = rc == 0 && e.root.matches;
	explanation_release(&e);
	loaded_release(&l);
	return rc;
}

/* Keep what a question is refused for; show it under the sentence, where that is for people. */
static void point_at_fault(struct searcher *s, const struct question *q, struct err *err)
{
	struct bytes fault = s->query.fault;
	struct buf message = BUF_INIT;

	s->fault.start = (uint32_t)(fault.p - q->text.p);
	s->fault.end = s->fault.start + (uint32_t)fault.n;
	if (s->options->output == OUTPUT_JSON && q->line)
		return;
	buf_addf(&message, "%s\n", err->msg);
	caret_print(&message, q->text, fault);
	message.n--; /* whoever prints it ends the line */
	err_set(err, err->code, "%.*s", (int)message.n, (const char *)message.p);
	buf_release(&message);
}

static int search_once(struct searcher *s, const struct question *q, struct buf *notes, uint64_t *total,
		       struct err *err)
{
	const struct search_options *o = s->options;
	int rc;

	trace_phase(TRACE_PARSE);
	arena_reset(&s->arena);
	s->fault = (struct range){ 0, 0 };
	if ((rc = query_parse(&s->query, q->text, &o->parse, &s->arena, err)) < 0) {
		point_at_fault(s, q, err);
		goto done;
	}
	add_notes(s, notes);
	trace_phase(TRACE_PLAN);
	if ((rc = plan_build(&s->plan, s->query.root, s->archive, s->analyzer, o->k1, o->b, err)) < 0) {
		s->query.fault = s->plan.fault;
		if (rc == ERR_USAGE && s->query.fault.p)
			point_at_fault(s, q, err);
		goto done;
	}
	buf_add_bytes(notes, buf_bytes(&s->plan.notes));
	if (trace_level > 1)
		trace_plan(s->plan.root);
	if (o->parts)
		rc = explain_parts(s, q, total, err);
	else if (o->explain)
		rc = explain_article(s, q, total, err);
	else
		rc = answer(s, q, notes, total, err);
done:
	ranking_release(&s->ranking);
	plan_release(&s->plan);
	query_release(&s->query);
	return rc;
}

/* What was read of an archive that somebody wrote meanwhile is forgotten, and read again. */
int search(struct searcher *s, const struct question *q, struct buf *notes, uint64_t *total, struct err *err)
{
	size_t printed = s->printer->out.n, noted = notes->n;
	uint64_t heads = s->heads;
	struct err unsettled;
	int rc, settled;

	do {
		s->printer->out.n = printed;
		notes->n = noted;
		s->heads = heads;
		rc = search_once(s, q, notes, total, err);
	} while ((settled = archive_settle(s->archive, &unsettled)) > 0);
	if (settled == 0)
		return rc;
	*err = unsettled;
	return settled;
}

int search_suggest(struct searcher *s, struct bytes word, size_t most, size_t *n, struct err *err)
{
	struct suggestions found;
	struct err unsettled;
	int rc, settled;

	do {
		arena_reset(&s->arena);
		rc = suggest(&found, most, word, s->archive, s->analyzer, &s->arena, err);
	} while ((settled = archive_settle(s->archive, &unsettled)) > 0);
	if (settled < 0) {
		*err = unsettled;
		return settled;
	}
	if (rc < 0)
		return rc;
	if (s->options->output == OUTPUT_JSON)
		json_suggestions(&s->printer->out, word, &found);
	else
		print_suggestions(s->printer, word, &found);
	*n = found.n;
	return 0;
}
