#include "relax.h"

#include "base/mem.h"
#include "output/print.h"
#include "text/json.h"
#include "parse/tree_print.h"

#include <inttypes.h>

#define NEAR_WORDS 10u /* that the words of a phrase may be apart at most */
#define PART_SHOWN 60u /* bytes */

struct relaxer {
	struct relaxation *r;
	struct counter *c;
	struct query_node *root;
	unsigned looked_up; /* words */
	struct err *err;
	int rc;
};

static struct bytes as_question(struct relaxer *x, const struct query_node *n)
{
	struct buf text = BUF_INIT;
	struct bytes kept;

	tree_print(&text, n);
	kept = arena_bytes(x->c->arena, buf_bytes(&text));
	buf_release(&text);
	return kept;
}

/* Count `n`; false if that cannot be, or no more. A change may make what cannot be planned. */
static bool count(struct relaxer *x, const struct query_node *n, uint64_t *matches)
{
	int rc;

	if (x->rc < 0 || !x->c->left)
		return false;
	x->c->left--;
	rc = count_matches(x->c, n, matches, x->err);
	if (rc < 0 && rc != ERR_USAGE)
		x->rc = rc;
	return rc == 0;
}

/* The question as it is now, if it finds something and there is room for one more. */
static void try_it(struct relaxer *x)
{
	const struct query_node *n = x->root;
	struct relaxation *r = x->r;
	uint64_t matches;

	if (n->kind == QUERY_AND && !n->children->next)
		n = n->children; /* what is left */
	if (r->nchanges < RELAX_CHANGES && count(x, n, &matches) && matches)
		r->changes[r->nchanges++] =
			(struct relaxed){ .question = as_question(x, n), .matches = matches };
}

/* ---- leaves ---- */

static struct query_node *word_node(struct relaxer *x, const struct query_node *leaf, struct bytes word)
{
	struct query_node *n = arena_alloc(x->c->arena, sizeof *n);

	*n = *leaf;
	n->kind = QUERY_WORD;
	n->text = word;
	n->next = NULL;
	n->boost = 1;
	return n;
}

/* `leaf`, a phrase, becomes its words near each other. False: it is one word, or has a gap. */
static bool make_near(struct relaxer *x, struct query_node *leaf)
{
	struct bytes rest = leaf->text, word;
	struct query_node *left = NULL;

	while (bytes_run(&rest, &word)) {
		struct query_node *right = word_node(x, leaf, word), *near;

		if (!query_is_word(word))
			return false;
		if (!left || left->height >= PARSE_DEPTH) {
			left = right;
			continue;
		}
		near = arena_zalloc(x->c->arena, sizeof *near);
		*near = (struct query_node){ .kind = QUERY_NEAR,
					     .n = NEAR_WORDS,
					     .boost = 1,
					     .children = left,
					     .last = right,
					     .height = left->height + 1 };
		left->next = right;
		left = near;
	}
	if (!left || left->kind != QUERY_NEAR)
		return false;
	left->next = leaf->next;
	left->boost = leaf->boost;
	*leaf = *left;
	return true;
}

static void relax_phrase(struct relaxer *x, struct query_node *leaf)
{
	struct query_node saved = *leaf;

	if (leaf->kind == QUERY_PHRASE) {
		leaf->kind = QUERY_STEMMED_PHRASE;
		try_it(x);
		*leaf = saved;
	}
	if (make_near(x, leaf))
		try_it(x);
	*leaf = saved;
}

static void relax_leaf(struct relaxer *x, struct query_node *leaf)
{
	struct query_node saved = *leaf;

	if (leaf->kind == QUERY_PHRASE || leaf->kind == QUERY_STEMMED_PHRASE)
		relax_phrase(x, leaf);
	if (leaf->kind == QUERY_EXACT || leaf->kind == QUERY_CASED) {
		leaf->kind = QUERY_WORD;
		try_it(x);
		*leaf = saved;
	}
	if (leaf->regions) {
		leaf->regions = 0;
		leaf->first = 0;
		try_it(x);
		*leaf = saved;
	}
}

/* A word that is nowhere, as the archive spells it. */
static void respell(struct relaxer *x, struct query_node *leaf)
{
	struct misspelt *m = &x->r->misspelt[x->r->nmisspelt];
	struct query_node saved = *leaf;
	int rc;

	if (x->r->nmisspelt == RELAX_WORDS || x->looked_up == RELAX_LOOKED_UP ||
	    (leaf->kind != QUERY_WORD && leaf->kind != QUERY_EXACT))
		return;
	x->looked_up++;
	rc = suggest(&m->instead, RELAX_SPELT, leaf->text, x->c->archive, x->c->analyzer, x->c->arena,
		     x->err);
	x->rc = rc < 0 ? rc : x->rc;
	if (rc < 0 || m->instead.articles || !m->instead.n)
		return;
	m->word = leaf->text;
	x->r->nmisspelt++;
	leaf->kind = QUERY_WORD;
	leaf->text = m->instead.v[0].word;
	try_it(x);
	*leaf = saved;
}

static void respell_below(struct relaxer *x, struct query_node *n)
{
	if (n->kind == QUERY_NOT || x->rc < 0)
		return;
	respell(x, n);
	for (struct query_node *child = n->children; child; child = child->next)
		respell_below(x, child);
}

/* What is near, or so often: required at all. */
static void relax_branch(struct relaxer *x, struct query_node *n)
{
	enum query_kind kind = n->kind;

	if (kind != QUERY_NEAR && kind != QUERY_AT_LEAST && kind != QUERY_SOME_OF)
		return;
	n->kind = kind == QUERY_SOME_OF ? QUERY_OR : QUERY_AND;
	try_it(x);
	n->kind = kind;
}

static void relax_below(struct relaxer *x, struct query_node *n)
{
	if (x->r->nchanges == RELAX_CHANGES || n->kind == QUERY_NOT)
		return;
	relax_branch(x, n);
	if (query_is_words(n->kind))
		relax_leaf(x, n);
	for (struct query_node *child = n->children; child; child = child->next)
		relax_below(x, child);
}

/* ---- parts left out ---- */

static bool is_filter(const struct query_node *n)
{
	return n->kind >= QUERY_FIELD || n->kind == QUERY_NOT;
}

/* The question without one of its parts: the filters, or the others. */
static void leave_out(struct relaxer *x, bool filters)
{
	struct query_node *root = x->root;

	if (root->kind != QUERY_AND)
		return;
	for (struct query_node **at = &root->children; *at && x->rc == 0; at = &(*at)->next) {
		struct query_node *out = *at;

		if (is_filter(out) != filters)
			continue;
		*at = out->next;
		try_it(x);
		*at = out;
	}
}

/* The question without all parts that find nothing. */
static void leave_all_out(struct relaxer *x, const bool *empty)
{
	struct query_node *root = x->root, *all = root->children, **end = &root->children, *next;
	size_t i = 0;

	if (root->kind != QUERY_AND)
		return;
	for (struct query_node *child = all; child; child = next, i++) {
		struct query_node *kept;

		next = child->next;
		if (empty[i])
			continue;
		kept = arena_alloc(x->c->arena, sizeof *kept);
		*kept = *child;
		kept->next = NULL;
		*end = kept;
		end = &kept->next;
	}
	if (end == &root->children)
		*end = NULL;
	else
		try_it(x);
	root->children = all;
}

/* Leave the last change out again if it finds no more than one before it. */
static void keep_if_more(struct relaxation *r, size_t before)
{
	for (size_t i = 0; r->nchanges > before && i < before; i++)
		if (r->changes[i].matches >= r->changes[before].matches)
			r->nchanges--;
}

/* Any of the parts; the filters still hold. */
static void ask_for_any(struct relaxer *x)
{
	size_t before = x->r->nchanges;
	struct query_node *root = x->root, *all = root->children, *copy, *next, *child;
	struct query_node any = { .kind = QUERY_OR, .boost = 1, .height = root->height };
	struct query_node **end = &root->children, **end_of_any = &any.children;

	if (root->kind != QUERY_AND)
		return;
	for (child = all; child; child = next) {
		next = child->next;
		copy = arena_alloc(x->c->arena, sizeof *copy);
		*copy = *child;
		copy->next = NULL;
		if (is_filter(child)) {
			*end = copy;
			end = &copy->next;
		} else {
			*end_of_any = copy;
			end_of_any = &copy->next;
		}
	}
	*end = &any;
	if (any.children && any.children->next)
		try_it(x);
	root->children = all;
	keep_if_more(x->r, before);
}

/* ---- all of it ---- */

/* The parts that must be there, counted; empty[i]: the i-th finds nothing. */
static void count_parts(struct relaxer *x, bool *empty)
{
	struct query_node *root = x->root;
	const struct query_node *part = root->kind == QUERY_AND ? root->children : root;
	struct relaxation *r = x->r;

	for (size_t i = 0; part && i < RELAX_PARTS; i++, part = root->kind == QUERY_AND ? part->next : NULL) {
		struct relaxed *counted = &r->parts[r->nparts];

		if (!count(x, part, &counted->matches))
			return;
		counted->question = as_question(x, part);
		empty[i] = counted->matches == 0;
		r->nparts++;
	}
}

int relax(struct relaxation *r, struct counter *c, struct query_node *root, struct err *err)
{
	struct relaxer x = { .r = r, .c = c, .root = root, .err = err };
	size_t children = 0;
	bool *empty;

	*r = (struct relaxation){ .nparts = 0 };
	for (const struct query_node *child = root->children; child; child = child->next)
		children++;
	empty = arena_zalloc(c->arena, children + 1);
	c->left = RELAX_COUNTS;
	count_parts(&x, empty);
	respell_below(&x, root);
	relax_below(&x, root);
	leave_out(&x, true);
	leave_out(&x, false);
	if (!r->nchanges)
		leave_all_out(&x, empty);
	ask_for_any(&x);
	return x.rc;
}

/* ---- said ---- */

static void misspelt_note(struct buf *notes, const struct misspelt *m)
{
	utf8_add_safe(notes, utf8_cut(m->word, PART_SHOWN), false);
	buf_add_str(notes, " is in no article; did you mean ");
	for (size_t i = 0; i < m->instead.n; i++) {
		buf_add_str(notes, i ? ", " : "");
		utf8_add_safe(notes, m->instead.v[i].word, false);
		buf_addf(notes, " (%" PRIu64 ")", m->instead.v[i].articles);
	}
	buf_add_str(notes, "?\n");
}

void relax_notes(struct buf *notes, const struct relaxation *r)
{
	for (size_t i = 0; r->nparts > 1 && i < r->nparts; i++) {
		struct bytes shown = utf8_cut(r->parts[i].question, PART_SHOWN);

		buf_add_str(notes, i ? ", " : "nothing is found; each part by itself: ");
		buf_add_bytes(notes, shown);
		buf_addf(notes, "%s %" PRIu64, shown.n < r->parts[i].question.n ? "…" : "",
			 r->parts[i].matches);
	}
	if (r->nparts > 1)
		buf_add_byte(notes, '\n');
	for (size_t i = 0; i < r->nmisspelt; i++)
		misspelt_note(notes, &r->misspelt[i]);
	for (size_t i = 0; i < r->nchanges; i++) {
		buf_addf(notes, "%" PRIu64 " article%s: ", r->changes[i].matches,
			 r->changes[i].matches == 1 ? "" : "s");
		buf_add_bytes(notes, r->changes[i].question);
		buf_add_byte(notes, '\n');
	}
}

static void json_relaxed(struct buf *out, const char *name, const struct relaxed *v, size_t n)
{
	buf_addf(out, ",\"%s\":[", name);
	for (size_t i = 0; i < n; i++) {
		buf_add_str(out, i ? ",{\"query\":" : "{\"query\":");
		json_add_string(out, v[i].question);
		buf_addf(out, ",\"matches\":%" PRIu64 "}", v[i].matches);
	}
	buf_add_byte(out, ']');
}

static void json_misspelt(struct buf *out, const struct misspelt *m)
{
	buf_add_str(out, "{\"word\":");
	json_add_string(out, m->word);
	buf_add_str(out, ",\"instead\":[");
	for (size_t i = 0; i < m->instead.n; i++) {
		buf_add_str(out, i ? ",{\"word\":" : "{\"word\":");
		json_add_string(out, m->instead.v[i].word);
		buf_addf(out, ",\"edits\":%u,\"articles\":%" PRIu64 "}", m->instead.v[i].edits,
			 m->instead.v[i].articles);
	}
	buf_add_str(out, "]}");
}

void json_relaxation(struct buf *out, struct bytes name, const struct relaxation *r)
{
	buf_addf(out, "{\"type\":\"no_hits\",\"format_version\":%d", OUTPUT_FORMAT_VERSION);
	json_relaxed(out, "parts", r->parts, r->nparts);
	buf_add_str(out, ",\"spellings\":[");
	for (size_t i = 0; i < r->nmisspelt; i++) {
		buf_add_str(out, i ? "," : "");
		json_misspelt(out, &r->misspelt[i]);
	}
	buf_add_byte(out, ']');
	json_relaxed(out, "changes", r->changes, r->nchanges);
	json_add_member(out, "name", name);
	buf_add_str(out, "}\n");
}
