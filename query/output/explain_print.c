#include "output/explain_print.h"

#include "base/civil.h"
#include "base/trace.h"
#include "output/print.h"
#include "segment/lengths.h"
#include "text/json.h"
#include "text/utf8.h"
#include "parse/tree_print.h"

#include <inttypes.h>
#include <stdio.h>

#define TERMS_SHOWN 8u /* members of an expansion, for people */
#define INDENT      4

/* ---- a plan in words ---- */

/* The terms of a leaf: one word, or several in quotation marks. */
static void add_elements(struct buf *out, const struct plan_node *n)
{
	buf_add_str(out, n->nelements > 1 ? "\"" : "");
	for (size_t i = 0; i < n->nelements; i++) {
		const struct plan_element *e = &n->elements[i];

		if (i)
			buf_add_byte(out, ' ');
		utf8_add_safe(out, plan_element_shown(e), false);
	}
	buf_add_str(out, n->nelements > 1 ? "\"" : "");
}

static void add_node(struct buf *out, const struct plan_node *n)
{
	switch (n->kind) {
	case PLAN_ALL: buf_add_byte(out, '*'); return;
	case PLAN_UNDATED: buf_add_str(out, "date:none"); return;
	case PLAN_NOT:
		buf_add_byte(out, '-');
		add_node(out, n->children[0]);
		return;
	case PLAN_AND:
	case PLAN_OR:
		for (size_t i = 0; i < n->nchildren; i++) {
			buf_add_str(out, !i ? "(" : n->kind == PLAN_OR ? " OR " : " ");
			add_node(out, n->children[i]);
		}
		buf_add_byte(out, ')');
		return;
	default:
		if (n->asked)
			tree_print(out, n->asked);
		else if (n->kind == PLAN_ALTERNATIVES)
			add_elements(out, n->children[0]);
		else if (n->nelements)
			add_elements(out, n);
		else
			buf_add_str(out, "nothing");
	}
}

static bool is_pattern(const struct plan_node *n)
{
	return n->kind == PLAN_EXPANSION && n->elements[0].pattern;
}

static void trace_leaf(const struct plan_node *n)
{
	static const char *const kinds[] = { [PLAN_TERM] = "word",
					     [PLAN_PHRASE] = "phrase",
					     [PLAN_EXPANSION] = "prefix",
					     [PLAN_ALTERNATIVES] = "readings" };
	struct buf name = BUF_INIT;
	uint64_t df = n->df;

	if (n->kind >= sizeof kinds / sizeof *kinds || !kinds[n->kind])
		return;
	add_node(&name, n);
	if (n->kind == PLAN_TERM || n->kind == PLAN_EXPANSION)
		df = n->elements[0].df;
	if (n->kind == PLAN_EXPANSION)
		buf_addf(&name, "  terms %zu", n->elements[0].nterms);
	buf_addf(&name, "  weight %.6f", n->weight);
	trace_step(is_pattern(n) ? "pattern" : kinds[n->kind], -1, df, 0, buf_cstr(&name));
	buf_release(&name);
}

void trace_plan(const struct plan_node *n)
{
	trace_leaf(n);
	for (size_t i = 0; i < n->nchildren; i++)
		trace_plan(n->children[i]);
}

/* ---- the arithmetic, for people ---- */

struct describer {
	struct buf *out;
	const struct explanation *e;
	double norm, k1;
	uint32_t weight; /* of a headline word */
};

static void describer_init(struct describer *d, struct buf *out, const struct explanation *e)
{
	*d = (struct describer){ .out = out,
				 .e = e,
				 .norm = e->plan->scorer.norm[e->length],
				 .k1 = e->plan->scorer.k1,
				 .weight = e->archive->headline_weight };
}

/* Three columns: what, score, units. */
static void add_row(struct buf *out, int indent, struct bytes what, int64_t score)
{
	size_t start = out->n;

	buf_addf(out, "%*s", indent, "");
	buf_add_bytes(out, what);
	while (out->n - start < 50)
		buf_add_byte(out, ' ');
	buf_add_byte(out, ' ');
	add_score(out, score);
	buf_addf(out, " %12" PRId64 "\n", score);
}

static void add_idf(const struct describer *d, const char *what, uint64_t df)
{
	const struct scorer *s = &d->e->plan->scorer;

	buf_addf(d->out, "%s %" PRIu64 " of %" PRIu64 " articles: idf %.6f\n", what, df, s->ndocs,
		 scorer_idf(s, df));
}

/* How many words an element stands for, and which of them its idf is. */
static void describe_expansion(const struct describer *d, const struct plan_element *e)
{
	buf_addf(d->out, ": %" PRIu64 " word%s", e->stands_for, e->stands_for == 1 ? "" : "s");
	if (e->nterms < e->stands_for)
		buf_addf(d->out, ", of which %zu are searched", e->nterms);
	if (!e->nterms)
		return;
	buf_add_str(d->out, "; the commonest, ");
	utf8_add_safe(d->out, e->terms[e->commonest], false);
	buf_add_byte(d->out, ',');
}

/* The words of a phrase, or the one word, each with its idf. */
static void describe_elements(const struct describer *d, int indent, const struct plan_node *n)
{
	for (size_t i = 0; i < n->nelements; i++) {
		const struct plan_element *e = &n->elements[i];

		buf_addf(d->out, "%*s", indent, "");
		utf8_add_safe(d->out, plan_element_shown(e), false);
		if (plan_element_expands(e))
			describe_expansion(d, e);
		add_idf(d, n->title ? " in the headline of" : " in", e->df);
	}
}

static void describe_terms(const struct describer *d, int indent, const struct explained *e)
{
	buf_addf(d->out, "%*shere:", indent, "");
	for (size_t i = 0; i < e->nterms && i < TERMS_SHOWN; i++) {
		buf_add_str(d->out, i ? ", " : " ");
		utf8_add_safe(d->out, e->terms[i].term, false);
		buf_addf(d->out, " %" PRIu32, e->terms[i].freq);
	}
	if (e->nterms > TERMS_SHOWN)
		buf_addf(d->out, " and %zu more", e->nterms - TERMS_SHOWN);
	buf_add_byte(d->out, '\n');
}

static void describe_readings(const struct describer *d, int indent, const struct explained *e)
{
	const struct explained *most = explained_reading(e);

	for (size_t i = 0; i < e->nparts; i++) {
		buf_addf(d->out, "%*s", indent, "");
		add_elements(d->out, e->parts[i].node);
		buf_addf(d->out, ": frequency %" PRIu32 "%s\n", e->parts[i].freq,
			 &e->parts[i] == most ? ", which counts" : "");
	}
	buf_addf(d->out, "%*s", indent, "");
	add_idf(d, "as one word, in", e->node->df);
}

/* The words that something near or in a region is made of, each with its idf. */
static void describe_words(const struct describer *d, int indent, const struct plan_node *n)
{
	if (n->nelements) {
		describe_elements(d, indent, n);
		return;
	}
	if (n->kind == PLAN_ALTERNATIVES) {
		buf_addf(d->out, "%*s", indent, "");
		add_elements(d->out, n->children[0]);
		add_idf(d, " as one word in", n->df);
		return;
	}
	if (n->kind == PLAN_OR) {
		buf_addf(d->out, "%*sof these the one that weighs least:\n", indent, "");
		indent += INDENT;
	}
	for (size_t i = 0; i < n->nchildren - (n->kind == PLAN_NOT_NEAR); i++)
		describe_words(d, indent, n->children[i]);
}

static void describe_frequency(const struct describer *d, int indent, const struct explained *e)
{
	uint32_t body = e->freq - d->weight * e->headline;
	const struct plan_node *n = e->node->kind == PLAN_ALTERNATIVES ? e->node->children[0] : e->node;

	buf_addf(d->out, "%*sfrequency %" PRIu32, indent, "", e->freq);
	if (n->title)
		buf_add_str(d->out, " in the headline\n");
	else if (e->headline)
		buf_addf(d->out, " = %" PRIu32 " in the headline x %" PRIu32 " + %" PRIu32 " in the text\n",
			 e->headline, d->weight, body);
	else
		buf_add_str(d->out, " in the text\n");
}

static bool is_boosted(const struct plan_node *n)
{
	return n->boost < 1 || n->boost > 1;
}

static void describe_leaf(const struct describer *d, int indent, const struct explained *e)
{
	struct buf what = BUF_INIT;

	add_node(&what, e->node);
	add_row(d->out, indent, buf_bytes(&what), e->score);
	buf_release(&what);
	indent += INDENT;
	if (e->node->kind == PLAN_ALTERNATIVES)
		describe_readings(d, indent, e);
	else
		describe_words(d, indent, e->node);
	if (e->node->kind == PLAN_EXPANSION)
		describe_terms(d, indent, e);
	describe_frequency(d, indent, e);
	if (is_boosted(e->node))
		buf_addf(d->out, "%*s%.6f = %.6f x %.6g, the weight asked for\n", indent, "", e->node->weight,
			 e->node->weight / e->node->boost, e->node->boost);
	buf_addf(d->out, "%*s%.6f x %" PRIu32 " x %.6g / (%" PRIu32 " + %.6f)\n", indent, "", e->node->weight,
		 e->freq, d->k1 + 1, e->freq, d->norm);
}

/* The line above the parts of a branch. */
static void describe_branch(const struct describer *d, int indent, const struct plan_node *n)
{
	buf_addf(d->out, "%*s", indent, "");
	if (n->kind == PLAN_SOME_OF)
		buf_addf(d->out, "%" PRIu32 " or more of:\n", n->n);
	else if (n->kind == PLAN_AT_LEAST)
		buf_addf(d->out, "%" PRIu32 " times or more:\n", n->n);
	else
		buf_add_str(d->out, n->kind == PLAN_OR ? "any of:\n" : "all of:\n");
}

static void describe(const struct describer *d, int indent, const struct explained *e)
{
	enum plan_kind kind = e->node->kind;
	bool branch = kind == PLAN_AND || kind == PLAN_OR || kind == PLAN_SOME_OF || kind == PLAN_AT_LEAST;

	if (e->counts && e->freq) {
		describe_leaf(d, indent, e);
		return;
	}
	if (!branch || !e->counts) {
		buf_addf(d->out, "%*s", indent, "");
		add_node(d->out, e->node);
		buf_add_str(d->out, e->counts ? ": fits, adds nothing\n" : ": does not fit, adds nothing\n");
		return;
	}
	if (indent || kind != PLAN_AND) {
		describe_branch(d, indent, e->node);
		indent += INDENT;
	}
	for (size_t i = 0; i < e->nparts; i++)
		describe(d, indent, &e->parts[i]);
}

/* ---- why not ---- */

static void add_date(struct buf *out, int64_t date)
{
	char text[20];

	civil_format(text, date, 'd');
	buf_addf(out, *text ? "its date is %s" : "it has no date", text);
}

/* Why something does not match whose words are all there; NULL: some are not. */
static const char *why_misplaced(const struct explained *e)
{
	const struct plan_node *n = e->node;

	if (n->kind == PLAN_NEAR && e->parts[0].matches && e->parts[1].matches)
		return "there, but not so near each other";
	if (n->kind == PLAN_NOT_NEAR && e->parts[0].matches)
		return "there, but never without the other so near";
	if (n->kind == PLAN_WITHIN && e->parts[0].matches)
		return "there, but not in this region";
	if (n->kind == PLAN_AT_LEAST && e->parts[0].matches)
		return "there, but not so often";
	return NULL;
}

static bool lists_parts(const struct explained *e)
{
	return e->node->kind == PLAN_OR || e->node->kind == PLAN_SOME_OF ||
	       (e->node->kind == PLAN_NEAR && !why_misplaced(e));
}

static void describe_failure(const struct describer *d, int indent, const struct explained *e)
{
	const struct plan_node *n = e->node;

	if (n->kind == PLAN_AND) {
		for (size_t i = 0; i < e->nparts; i++)
			if (!e->parts[i].matches)
				describe_failure(d, indent, &e->parts[i]);
		return;
	}
	buf_addf(d->out, "%*s", indent, "");
	add_node(d->out, n);
	buf_add_str(d->out, ": ");
	if (n->kind == PLAN_DATE || n->kind == PLAN_UNDATED)
		add_date(d->out, d->e->date);
	else if (n->kind == PLAN_OR)
		buf_add_str(d->out, "none of them fits");
	else if (n->kind == PLAN_SOME_OF)
		buf_add_str(d->out, "too few of them fit; these do not");
	else if (why_misplaced(e))
		buf_add_str(d->out, why_misplaced(e));
	else if (n->kind == PLAN_NOT)
		buf_add_str(d->out, "what must not be there is there");
	else if (n->kind == PLAN_NOTHING)
		buf_add_str(d->out, "there is no word to look for");
	else
		buf_add_str(d->out, "not there");
	buf_add_byte(d->out, '\n');
	for (size_t i = 0; i < e->nparts && lists_parts(e); i++)
		if (!e->parts[i].matches)
			describe_failure(d, indent + INDENT, &e->parts[i]);
}

void print_explanation(struct buf *out, const struct explanation *e, const struct catalog_article *a)
{
	const struct archive *archive = e->archive;
	struct describer d;

	describer_init(&d, out, e);
	buf_addf(out, "#%" PRId64 "  ", a->number);
	utf8_add_safe(out, a->title.n ? a->title : bytes_str("(no headline)"), false);
	buf_add_str(out, "\n\n");
	if (!e->root.matches) {
		buf_add_str(out, "It does not match:\n");
		describe_failure(&d, INDENT, &e->root);
		return;
	}
	buf_addf(out, "%-50s    score units of 2^-20\n", "part of the question");
	describe(&d, 0, &e->root);
	add_row(out, 0, bytes_str("sum"), e->score);
	buf_addf(out,
		 "\n%" PRId64 " words, which count as %" PRIu32 "; %" PRIu64
		 " articles have %.3f on average\n"
		 "%.6f is k1 x (1 - b + b x length / average)\n",
		 a->words, length_of_code(e->length), archive->ndocs,
		 archive->ndocs ? (double)archive->words / (double)archive->ndocs : 0, d.norm);
}

/* ---- JSON ---- */

static void json_real(struct buf *out, const char *name, double value)
{
	buf_addf(out, ",\"%s\":%.17g", name, value);
}

static void json_terms(struct buf *out, const struct explained *e)
{
	buf_add_str(out, ",\"terms\":[");
	for (size_t i = 0; i < e->nterms; i++) {
		buf_add_str(out, i ? ",{\"term\":" : "{\"term\":");
		json_add_string(out, e->terms[i].term);
		buf_addf(out, ",\"frequency\":%" PRIu32 "}", e->terms[i].freq);
	}
	buf_add_byte(out, ']');
}

static void json_expansion(const struct describer *d, const struct plan_element *e)
{
	buf_addf(d->out, ",\"stands_for\":%" PRIu64 ",\"searched\":%zu,\"commonest\":", e->stands_for,
		 e->nterms);
	if (e->nterms)
		json_add_string(d->out, e->terms[e->commonest]);
	else
		buf_add_str(d->out, "null");
}

static void json_elements(const struct describer *d, const struct plan_node *n)
{
	buf_add_str(d->out, ",\"words\":[");
	for (size_t i = 0; i < n->nelements; i++) {
		const struct plan_element *e = &n->elements[i];

		buf_add_str(d->out, i ? ",{\"word\":" : "{\"word\":");
		json_add_string(d->out, e->prefix.n ? e->prefix : plan_element_shown(e));
		if (plan_element_expands(e))
			json_expansion(d, e);
		buf_addf(d->out, ",\"df\":%" PRIu64, e->df);
		json_real(d->out, "idf", scorer_idf(&d->e->plan->scorer, e->df));
		buf_add_byte(d->out, '}');
	}
	buf_add_byte(d->out, ']');
}

static void json_leaf(const struct describer *d, const struct explained *e)
{
	if (plan_is_placed(e->node))
		; /* its parts say it */
	else if (e->node->kind == PLAN_ALTERNATIVES)
		buf_addf(d->out, ",\"df\":%" PRIu64, e->node->df);
	else
		json_elements(d, e->node);
	json_real(d->out, "weight", e->node->weight);
	json_real(d->out, "boost", e->node->boost);
	buf_addf(d->out, ",\"frequency\":%" PRIu32 ",\"headline\":%" PRIu32, e->freq, e->headline);
	if (e->node->kind == PLAN_EXPANSION)
		json_terms(d->out, e);
}

static void json_part(const struct describer *d, const struct explained *e)
{
	static const char *const kinds[] = {
		[PLAN_AND] = "and",
		[PLAN_OR] = "or",
		[PLAN_NOT] = "not",
		[PLAN_TERM] = "word",
		[PLAN_PHRASE] = "phrase",
		[PLAN_EXPANSION] = "prefix",
		[PLAN_ALTERNATIVES] = "readings",
		[PLAN_NEAR] = "near",
		[PLAN_NOT_NEAR] = "not_near",
		[PLAN_WITHIN] = "within",
		[PLAN_AT_LEAST] = "at_least",
		[PLAN_SOME_OF] = "some_of",
		[PLAN_DATE] = "date",
		[PLAN_UNDATED] = "undated",
		[PLAN_ALL] = "all",
		[PLAN_NOTHING] = "nothing",
	};
	struct buf asked = BUF_INIT;

	add_node(&asked, e->node);
	buf_addf(d->out,
		 "{\"part\":\"%s\",\"asked\":", is_pattern(e->node) ? "pattern" : kinds[e->node->kind]);
	json_add_string(d->out, buf_bytes(&asked));
	buf_release(&asked);
	buf_addf(d->out, ",\"matches\":%s,\"score\":", e->matches ? "true" : "false");
	add_score(d->out, e->counts ? e->score : 0);
	buf_addf(d->out, ",\"units\":%" PRId64, e->counts ? e->score : 0);
	if (plan_scores(e->node))
		json_leaf(d, e);
	if (e->nparts) {
		buf_add_str(d->out, ",\"parts\":[");
		for (size_t i = 0; i < e->nparts; i++) {
			buf_add_str(d->out, i ? "," : "");
			json_part(d, &e->parts[i]);
		}
		buf_add_byte(d->out, ']');
	}
	buf_add_byte(d->out, '}');
}

void json_explanation(struct buf *out, struct bytes question, struct bytes name, const struct explanation *e,
		      const struct catalog_article *a)
{
	struct describer d;

	describer_init(&d, out, e);
	buf_addf(out, "{\"type\":\"explanation\",\"format_version\":%d,\"query\":", OUTPUT_FORMAT_VERSION);
	json_add_string(out, question);
	buf_addf(out, ",\"id\":%" PRId64 ",\"matches\":%s,\"score\":", a->number,
		 e->root.matches ? "true" : "false");
	add_score(out, e->score);
	buf_addf(out,
		 ",\"units\":%" PRId64 ",\"articles\":%" PRIu64 ",\"words\":%" PRId64 ",\"length\":%" PRIu32,
		 e->score, e->archive->ndocs, a->words, length_of_code(e->length));
	json_real(out, "average",
		  e->archive->ndocs ? (double)e->archive->words / (double)e->archive->ndocs : 0);
	json_real(out, "k1", d.k1);
	json_real(out, "norm", d.norm);
	buf_addf(out, ",\"headline_weight\":%" PRIu32 ",\"tree\":", d.weight);
	json_part(&d, &e->root);
	json_add_member(out, "name", name);
	buf_add_str(out, "}\n");
}
