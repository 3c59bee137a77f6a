#include "output/parts_print.h"

#include "output/print.h"
#include "text/json.h"
#include "parse/tree_print.h"

#include <inttypes.h>

#define INDENT      4
#define TERMS_SHOWN 8u

/* ---- for people ---- */

static void add_nearness(struct buf *out, const struct query_node *n)
{
	static const char *const units[] = {
		[UNIT_SENTENCE] = "in one sentence", [UNIT_PARAGRAPH] = "in one paragraph"
	};

	if (n->unit != UNIT_WORDS)
		buf_add_str(out, units[n->unit]);
	else if (n->n == 1)
		buf_add_str(out, "side by side");
	else
		buf_addf(out, "within %" PRIu32 " words", n->n);
	buf_add_str(out, n->ordered ? ", in this order:" : ":");
}

/* What a branch says of its parts, which stand below it. */
static void add_branch(struct buf *out, const struct query_node *n)
{
	switch (n->kind) {
	case QUERY_AND: buf_add_str(out, "all of:"); break;
	case QUERY_OR: buf_add_str(out, "any of:"); break;
	case QUERY_NOT: buf_add_str(out, "without:"); break;
	case QUERY_NOT_NEAR: buf_add_str(out, "the first, but not the second "); break;
	case QUERY_AT_LEAST: buf_addf(out, "at least %" PRIu32 " times:", n->n); break;
	case QUERY_SOME_OF: buf_addf(out, "at least %" PRIu32 " of:", n->n); break;
	default: break;
	}
	if (n->kind == QUERY_NEAR || n->kind == QUERY_NOT_NEAR)
		add_nearness(out, n);
	if (n->boost < 1 || n->boost > 1)
		buf_addf(out, " weight %.6g", n->boost);
}

static void add_terms(struct buf *out, const struct part *part)
{
	size_t shown = part->nterms < TERMS_SHOWN ? part->nterms : TERMS_SHOWN;
	bool same = part->nterms == 1 && bytes_equal(part->terms[0], part->node->text);

	for (size_t i = 0; i < shown && !same; i++) {
		buf_add_str(out, i ? ", " : ": ");
		utf8_add_safe(out, part->terms[i], false);
	}
	if (part->stands_for > shown)
		buf_addf(out, " and %zu more", part->stands_for - shown);
}

static void print_part(struct buf *out, int indent, const struct part *part)
{
	if (part->counted)
		buf_addf(out, "%10" PRIu64, part->matches);
	else
		buf_addf(out, "%10s", "-");
	buf_addf(out, "  %*s", indent, "");
	if (part->nparts) {
		add_branch(out, part->node);
	} else {
		tree_print(out, part->node);
		add_terms(out, part);
	}
	buf_add_byte(out, '\n');
	for (size_t i = 0; i < part->nparts; i++)
		print_part(out, indent + INDENT, &part->parts[i]);
}

void print_parts(struct buf *out, const struct part *root)
{
	buf_add_str(out, "read as  ");
	tree_print(out, root ? root->node : NULL);
	buf_add_str(out, root ? "\n\n  articles  part\n" : "nothing\n");
	if (root)
		print_part(out, 0, root);
}

/* ---- JSON ---- */

static const char *kind_name(enum query_kind kind)
{
	static const char *const names[] = {
		[QUERY_AND] = "and",           [QUERY_OR] = "or",
		[QUERY_NOT] = "not",           [QUERY_NEAR] = "near",
		[QUERY_NOT_NEAR] = "not_near", [QUERY_AT_LEAST] = "at_least",
		[QUERY_SOME_OF] = "some_of",   [QUERY_WORD] = "word",
		[QUERY_EXACT] = "exact",       [QUERY_CASED] = "cased",
		[QUERY_PREFIX] = "prefix",     [QUERY_PATTERN] = "pattern",
		[QUERY_REGEX] = "regex",       [QUERY_FUZZY] = "fuzzy",
		[QUERY_PHRASE] = "phrase",     [QUERY_STEMMED_PHRASE] = "stemmed_phrase",
		[QUERY_FIELD] = "field",       [QUERY_LENGTH] = "length",
		[QUERY_DATE] = "date",         [QUERY_UNDATED] = "undated",
		[QUERY_ALL] = "all",
	};

	return names[kind];
}

static void json_tree(struct buf *out, const char *name, const struct query_node *n)
{
	struct buf text = BUF_INIT;

	tree_print(&text, n);
	json_add_member(out, name, buf_bytes(&text));
	buf_release(&text);
}

static void json_part(struct buf *out, struct bytes question, const struct part *part)
{
	const struct query_node *n = part->node;
	size_t start = n->place.n ? (size_t)(n->place.p - question.p) : 0;

	buf_addf(out, "{\"part\":\"%s\"", kind_name(n->kind));
	json_tree(out, "asked", n);
	if (n->place.n)
		buf_addf(out, ",\"place\":[%zu,%zu]", start, start + n->place.n);
	else
		buf_add_str(out, ",\"place\":null");
	if (part->counted)
		buf_addf(out, ",\"matches\":%" PRIu64, part->matches);
	else
		buf_add_str(out, ",\"matches\":null");
	buf_addf(out, ",\"stands_for\":%zu,\"terms\":[", part->stands_for);
	for (size_t i = 0; i < part->nterms; i++) {
		buf_add_str(out, i ? "," : "");
		json_add_string(out, part->terms[i]);
	}
	buf_add_str(out, "],\"parts\":[");
	for (size_t i = 0; i < part->nparts; i++) {
		buf_add_str(out, i ? "," : "");
		json_part(out, question, &part->parts[i]);
	}
	buf_add_str(out, "]}");
}

void json_parts(struct buf *out, struct bytes question, struct bytes name, const struct part *root)
{
	buf_addf(out, "{\"type\":\"understood\",\"format_version\":%d", OUTPUT_FORMAT_VERSION);
	json_add_member(out, "query", question);
	if (root)
		json_tree(out, "read_as", root->node);
	else
		buf_add_str(out, ",\"read_as\":null");
	buf_add_str(out, ",\"tree\":");
	if (root)
		json_part(out, question, root);
	else
		buf_add_str(out, "null");
	json_add_member(out, "name", name);
	buf_add_str(out, "}\n");
}
