#include "lib/show_tree.h"

#include "base/civil.h"
#include "parse/tree_print.h"

#include <inttypes.h>

static void show_date(struct buf *out, int64_t seconds, int64_t open)
{
	char date[20] = "";

	if (seconds != open)
		civil_format(date, seconds, seconds % CIVIL_DAY ? 's' : 'd');
	buf_add_str(out, date);
}

static void show_branch(struct buf *out, const struct query_node *n)
{
	static const char *const names[] = {
		[QUERY_AND] = "and",       [QUERY_OR] = "or",        [QUERY_NOT] = "not",
		[QUERY_NEAR] = "near",     [QUERY_NOT_NEAR] = "far", [QUERY_AT_LEAST] = "atleast",
		[QUERY_SOME_OF] = "someof"
	};
	bool near = n->kind == QUERY_NEAR || n->kind == QUERY_NOT_NEAR;

	buf_addf(out, "(%s%s", near && n->ordered ? "pre" : "", names[n->kind]);
	if (near && n->unit != UNIT_WORDS)
		buf_add_str(out, n->unit == UNIT_SENTENCE ? "/s" : "/p");
	else if (n->kind >= QUERY_NEAR)
		buf_addf(out, "%" PRIu32, n->n);
	for (const struct query_node *child = n->children; child; child = child->next) {
		buf_add_byte(out, ' ');
		show_tree(out, child);
	}
	buf_add_byte(out, ')');
}

static void show_leaf(struct buf *out, const char *before, const struct query_node *n, const char *after)
{
	if (n->regions & REGION_TITLE)
		buf_add_str(out, "title:");
	if (n->regions & REGION_LEAD)
		buf_add_str(out, "lead:");
	if (n->regions & REGION_FIRST)
		buf_addf(out, "first%" PRIu32 ":", n->first);
	if (n->regions & REGION_QUOTE)
		buf_add_str(out, "quote:");
	buf_add_str(out, before);
	buf_add_bytes(out, n->text);
	buf_add_str(out, after);
}

static void show_bare(struct buf *out, const struct query_node *n)
{
	static const char *const forms[] = {
		[CASE_CAPS] = "caps:", [CASE_ALLCAPS] = "allcaps:", [CASE_NOCAPS] = "nocaps:"
	};

	switch (n->kind) {
	case QUERY_WORD: show_leaf(out, "", n, ""); break;
	case QUERY_EXACT: show_leaf(out, "=", n, ""); break;
	case QUERY_CASED: show_leaf(out, forms[n->form], n, ""); break;
	case QUERY_PREFIX: show_leaf(out, "", n, "*"); break;
	case QUERY_PATTERN: show_leaf(out, "<", n, ">"); break;
	case QUERY_REGEX: show_leaf(out, "/", n, "/"); break;
	case QUERY_FUZZY: show_leaf(out, n->n == 1 ? "~1:" : "~2:", n, ""); break;
	case QUERY_PHRASE: show_leaf(out, "\"", n, "\""); break;
	case QUERY_STEMMED_PHRASE: show_leaf(out, "~\"", n, "\""); break;
	case QUERY_UNDATED: buf_add_str(out, "undated"); break;
	case QUERY_ALL: buf_add_str(out, "all"); break;
	case QUERY_FIELD:
		buf_addf(out, "%s=", query_field_name(n->field));
		show_leaf(out, "'", n, "'");
		break;
	case QUERY_LENGTH:
		buf_addf(out, "[words %" PRId64 " ", n->from);
		buf_addf(out, n->to == INT64_MAX ? "]" : "%" PRId64 "]", n->to);
		break;
	case QUERY_DATE:
		buf_add_byte(out, '[');
		show_date(out, n->from, CIVIL_NONE + 1);
		buf_add_byte(out, ' ');
		show_date(out, n->to, INT64_MAX);
		buf_add_byte(out, ']');
		break;
	default: show_branch(out, n);
	}
}

void show_tree(struct buf *out, const struct query_node *n)
{
	show_bare(out, n);
	if (n->boost < 1 || n->boost > 1)
		buf_addf(out, "^%g", n->boost);
}
