#include "parse/tree_print.h"

#include "base/civil.h"
#include "text/utf8.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

/* How tightly what a node prints holds together. */
enum binding { BIND_OR, BIND_AND, BIND_NOT, BIND_NEAR, BIND_PRIMARY };

const char *query_field_name(enum query_field field)
{
	static const char *const names[] = {
		[QUERY_FIELD_SOURCE] = "source", [QUERY_FIELD_BY] = "by",   [QUERY_FIELD_SECTION] = "section",
		[QUERY_FIELD_LANG] = "lang",     [QUERY_FIELD_URL] = "url", [QUERY_FIELD_ID] = "id",
		[QUERY_FIELD_TAG] = "tag"
	};

	return names[field];
}

static enum binding binding_of(const struct query_node *n)
{
	switch (n->kind) {
	case QUERY_OR: return BIND_OR;
	case QUERY_AND: return BIND_AND;
	case QUERY_NOT: return BIND_NOT;
	case QUERY_NEAR:
	case QUERY_NOT_NEAR: return BIND_NEAR;
	default: return BIND_PRIMARY;
	}
}

static void print_node(struct buf *out, const struct query_node *n, enum binding around);

/* ---- leaves ---- */

static void print_regions(struct buf *out, const struct query_node *n)
{
	if (n->regions & REGION_TITLE)
		buf_add_str(out, "title:");
	if (n->regions & REGION_LEAD)
		buf_add_str(out, "lead:");
	if (n->regions & REGION_FIRST)
		buf_addf(out, "first/%" PRIu32 ":", n->first);
	if (n->regions & REGION_QUOTE)
		buf_add_str(out, "quote:");
}

/* A day, or the month or year that begins (ends) with it. */
static void print_day(struct buf *out, int64_t seconds, int64_t edge)
{
	struct civil c = civil_from_seconds(edge);
	char text[20];

	civil_format(text, seconds, c.day > 1 ? 'd' : c.month > 1 ? 'm' : 'y');
	buf_add_str(out, text);
}

/* Is [from, to) what the shortest name of its first day says? */
static bool is_period(int64_t from, int64_t to)
{
	struct civil c = civil_from_seconds(from);
	bool year = c.day == 1 && c.month == 1, month = c.day == 1 && !year;
	int64_t days = !year ? month ? civil_days_in_month(c.year, c.month) : 1
			     : 337 + civil_days_in_month(c.year, 2);

	return to - from == days * CIVIL_DAY;
}

static void print_date(struct buf *out, const struct query_node *n)
{
	if (n->to <= civil_to_seconds(&(struct civil){ 1, 1, 1, 0, 0, 0 })) {
		buf_add_str(out, "before:0001");
		return;
	}
	if (n->from > civil_to_seconds(&(struct civil){ 9999, 12, 31, 0, 0, 0 })) {
		buf_add_str(out, "after:9999");
		return;
	}
	buf_add_str(out, "date:");
	if (n->from > CIVIL_NONE + 1)
		print_day(out, n->from, n->from);
	if (n->from > CIVIL_NONE + 1 && n->to != INT64_MAX && is_period(n->from, n->to))
		return;
	buf_add_str(out, "..");
	if (n->to != INT64_MAX)
		print_day(out, n->to - CIVIL_DAY, n->to);
}

static void print_length(struct buf *out, const struct query_node *n)
{
	buf_addf(out, "words:%" PRId64, n->from);
	if (n->to == n->from + 1)
		return;
	buf_add_str(out, "..");
	if (n->to != INT64_MAX)
		buf_addf(out, "%" PRId64, n->to - 1);
}

static void print_between(struct buf *out, const char *before, struct bytes text, const char *after)
{
	buf_add_str(out, before);
	utf8_add_safe(out, text, false);
	buf_add_str(out, after);
}

/* Letters and digits that are no operator. */
static bool is_plain(struct bytes text)
{
	for (size_t i = 0; i < text.n; i++)
		if (!ascii_is_digit(text.p[i]) && ((text.p[i] | 32) < 'a' || (text.p[i] | 32) > 'z'))
			return false;
	return !bytes_is(text, "AND") && !bytes_is(text, "OR") && !bytes_is(text, "NOT");
}

/* As it stands, or if that would be read otherwise, in quotation marks. */
static void print_word(struct buf *out, struct bytes text)
{
	if (is_plain(text) || query_is_word(text)) {
		utf8_add_safe(out, text, false);
		return;
	}
	buf_add_str(out, "~\"");
	for (size_t at = 0, end; at < text.n; at = end + 1) {
		for (end = at; end < text.n && text.p[end] != '"'; end++)
			;
		utf8_add_safe(out, bytes_of(text.p + at, end - at), false);
	}
	buf_add_byte(out, '"');
}

/* A question mark at the end is none for Morgue: /cat./ says the same. */
static void print_pattern(struct buf *out, struct bytes text)
{
	if (text.p[text.n - 1] != '?') {
		utf8_add_safe(out, text, false);
		return;
	}
	buf_add_byte(out, '/');
	for (size_t i = 0; i < text.n; i++) {
		uint8_t c = text.p[i];

		if (c == '*')
			buf_add_byte(out, '.');
		else if (c < 0x80 && c != '?' && !is_plain(bytes_of(&c, 1)))
			buf_add_byte(out, '\\');
		buf_add_byte(out, c == '?' ? '.' : c);
	}
	buf_add_byte(out, '/');
}

static bool is_plain_value(struct bytes text)
{
	for (size_t i = 0; i < text.n; i++)
		if (text.p[i] <= ' ' || strchr("()\"", text.p[i]) || text.p[i] >= 0x80)
			return false;
	return text.n > 0;
}

static void print_field(struct buf *out, const struct query_node *n)
{
	const char *mark = is_plain_value(n->text) ? "" : "\"";

	buf_addf(out, "%s:", query_field_name(n->field));
	print_between(out, mark, n->text, mark);
}

static void print_leaf(struct buf *out, const struct query_node *n)
{
	static const char *const forms[] = {
		[CASE_CAPS] = "caps(", [CASE_ALLCAPS] = "allcaps(", [CASE_NOCAPS] = "nocaps("
	};

	print_regions(out, n);
	switch (n->kind) {
	case QUERY_EXACT: print_between(out, "=", n->text, ""); break;
	case QUERY_CASED: print_between(out, forms[n->form], n->text, ")"); break;
	case QUERY_PREFIX: print_between(out, "", n->text, "*"); break;
	case QUERY_REGEX: print_between(out, "/", n->text, "/"); break;
	case QUERY_FUZZY:
		print_between(out, "", n->text, "~");
		buf_addf(out, "%" PRIu32, n->n);
		break;
	case QUERY_PHRASE: print_between(out, "\"", n->text, "\""); break;
	case QUERY_STEMMED_PHRASE: print_between(out, "~\"", n->text, "\""); break;
	case QUERY_FIELD: print_field(out, n); break;
	case QUERY_LENGTH: print_length(out, n); break;
	case QUERY_DATE: print_date(out, n); break;
	case QUERY_UNDATED: buf_add_str(out, "date:none"); break;
	case QUERY_ALL: buf_add_byte(out, '*'); break;
	case QUERY_PATTERN: print_pattern(out, n->text); break;
	default: print_word(out, n->text); break;
	}
}

/* ---- branches ---- */

static void print_children(struct buf *out, const struct query_node *n, const char *between,
			   enum binding around)
{
	for (const struct query_node *child = n->children; child; child = child->next) {
		if (child != n->children)
			buf_add_str(out, between);
		print_node(out, child, around);
	}
}

static void print_near(struct buf *out, const struct query_node *n)
{
	print_node(out, n->children, BIND_NEAR);
	buf_add_str(out, n->kind == QUERY_NOT_NEAR ? " not " : " ");
	buf_add_str(out, n->ordered ? "pre/" : "w/");
	if (n->unit == UNIT_WORDS)
		buf_addf(out, "%" PRIu32 " ", n->n);
	else
		buf_add_str(out, n->unit == UNIT_SENTENCE ? "s " : "p ");
	print_node(out, n->last, BIND_PRIMARY);
}

static void print_not(struct buf *out, const struct query_node *child)
{
	bool dash = child->text.n && *child->text.p == '-' && !child->regions;

	buf_add_str(out, dash ? "NOT " : "-"); /* --x is a word */
	print_node(out, child, BIND_PRIMARY);
}

static void print_bare(struct buf *out, const struct query_node *n)
{
	switch (n->kind) {
	case QUERY_AND: print_children(out, n, " ", BIND_NOT); break;
	case QUERY_OR: print_children(out, n, " OR ", BIND_NOT); break;
	case QUERY_NOT: print_not(out, n->children); break;
	case QUERY_NEAR:
	case QUERY_NOT_NEAR: print_near(out, n); break;
	case QUERY_AT_LEAST:
		buf_addf(out, "atleast%" PRIu32 "(", n->n);
		print_node(out, n->children, BIND_OR);
		buf_add_byte(out, ')');
		break;
	case QUERY_SOME_OF:
		buf_addf(out, "%" PRIu32 "of(", n->n);
		print_children(out, n, " ", BIND_NEAR);
		buf_add_byte(out, ')');
		break;
	default: print_leaf(out, n);
	}
}

/* ^ and the shortest decimal that reads as this number. */
static void print_boost(struct buf *out, double boost)
{
	char digits[40];
	int after = 0;

	do
		snprintf(digits, sizeof digits, "%.*f", after, boost);
	while (strtod(digits, NULL) != boost && ++after < 30);
	buf_addf(out, "^%s", digits);
}

/* Must parentheses say what belongs together? Beside other parts they do so for the eye, too. */
static bool is_grouped(const struct query_node *n, enum binding around, bool weighted)
{
	enum binding own = binding_of(n);

	return weighted || own < around || (own == BIND_NEAR && around == BIND_NOT);
}

static void print_node(struct buf *out, const struct query_node *n, enum binding around)
{
	bool weighted = n->boost < 1 || n->boost > 1;
	bool bounded = query_is_words(n->kind) || n->kind == QUERY_AT_LEAST || n->kind == QUERY_SOME_OF;
	bool group = bounded ? around >= BIND_NEAR && n->kind == QUERY_WORD && bytes_is_nocase(n->text, "not")
			     : is_grouped(n, around, weighted);

	if (group)
		buf_add_byte(out, '(');
	print_bare(out, n);
	if (group)
		buf_add_byte(out, ')');
	if (weighted)
		print_boost(out, n->boost);
}

void tree_print(struct buf *out, const struct query_node *n)
{
	if (n)
		print_node(out, n, BIND_OR);
}
