#include "extract/furniture.h"

#include "base/mem.h"
#include "text/utf8.h"

#include <stdlib.h>

enum verb { VERB_NONE, VERB_LINE, VERB_REST }; /* of two rules that match, the later in this list counts */

struct rule {
	enum verb verb;
	struct bytes pattern; /* plain form, into furniture.patterns */
	bool capital;         /* begins with one: lines that begin with a small letter do not match */
};

/* Rules are sorted by the first byte of their patterns; those that begin with '*'
 * come first and are tried on every line. */
struct furniture {
	struct rule *rules;
	size_t n, cap;
	struct buf patterns;
	size_t first[257]; /* rules [first[c], first[c + 1]) begin with byte c */
};

/* ---- plain form: what patterns and lines are compared in ---- */

/* A character that is written in several ways, as the plain one; NULL: as it stands. */
static const char *plain_character(uint32_t c)
{
	switch (c) {
	case 0x2018:
	case 0x2019:
	case 0x201B:
	case 0x02BC: return "'";
	case 0x201C:
	case 0x201D:
	case 0x201F: return "\"";
	case 0x2010:
	case 0x2011:
	case 0x2012:
	case 0x2013:
	case 0x2014:
	case 0x2015:
	case 0x2212: return "-";
	case 0x2026: return "...";
	case 0x200B:
	case 0xFEFF: return "";
	case 0x00A0:
	case 0x202F:
	case 0x3000: return " ";
	default: return c >= 0x2000 && c <= 0x200A ? " " : NULL;
	}
}

/* One space between words, none before the first. Bytes added. */
static size_t add_plain(uint8_t *out, size_t n, uint8_t c)
{
	if (c == ' ' || (c >= '\t' && c <= '\r')) {
		if (n == 0 || out[n - 1] == ' ')
			return 0;
		c = ' ';
	}
	out[n] = (uint8_t)ascii_lower((char)c);
	return 1;
}

/* Write the plain form of s to out, which has room for s.n bytes. Returns its bytes:
 * no character has a plain form longer than itself. */
static size_t plain_form(uint8_t *out, struct bytes s)
{
	const uint8_t *p = s.p, *end = s.p + s.n;
	size_t n = 0;

	while (p < end) {
		uint32_t c = *p;
		size_t width = c < 0x80 ? 1 : utf8_decode(p, end, &c);
		const char *plain = c < 0x80 ? NULL : plain_character(c);

		if (plain)
			while (*plain)
				n += add_plain(out, n, (uint8_t)*plain++);
		else
			for (size_t i = 0; i < width; i++)
				n += add_plain(out, n, p[i]);
		p += width;
	}
	return n && out[n - 1] == ' ' ? n - 1 : n;
}

/* Does the pattern match all of s? The last '*' met is the only one that is ever
 * tried again, so the time is at most pattern times text. */
static bool matches(struct bytes pattern, struct bytes s)
{
	size_t i = 0, j = 0, star = SIZE_MAX, retry = 0;

	while (j < s.n) {
		if (i < pattern.n && pattern.p[i] == '*') {
			star = i++;
			retry = j;
		} else if (i < pattern.n && pattern.p[i] == s.p[j]) {
			i++;
			j++;
		} else if (star != SIZE_MAX) {
			i = star + 1;
			j = ++retry;
		} else {
			return false;
		}
	}
	while (i < pattern.n && pattern.p[i] == '*')
		i++;
	return i == pattern.n;
}

/* ---- rules ---- */

static int rule_first_byte(const struct rule *r)
{
	return r->pattern.p[0] == '*' ? -1 : r->pattern.p[0];
}

static int compare_rules(const void *a, const void *b)
{
	const struct rule *x = a, *y = b;
	int c = rule_first_byte(x) - rule_first_byte(y);

	return c ? c : bytes_compare(x->pattern, y->pattern);
}

static bool only_wildcards(struct bytes pattern)
{
	for (size_t i = 0; i < pattern.n; i++)
		if (pattern.p[i] != '*' && pattern.p[i] != ' ')
			return false;
	return true;
}

/* Parse "line PATTERN" or "rest PATTERN". */
static int add_rule(struct furniture *f, struct bytes line, size_t number, struct err *err)
{
	struct bytes pattern = BYTES_NONE;
	struct rule rule = { .verb = VERB_NONE };

	if (bytes_start(line, bytes_str("line ")))
		rule.verb = VERB_LINE;
	else if (bytes_start(line, bytes_str("rest ")))
		rule.verb = VERB_REST;
	else
		return err_set(err, ERR_USAGE,
			       "furniture rules, line %zu: want \"line PATTERN\" or \"rest PATTERN\"",
			       number);
	pattern = bytes_trim(bytes_of(line.p + 5, line.n - 5));
	if (pattern.n > FURNITURE_LINE)
		return err_set(err, ERR_USAGE, "furniture rules, line %zu: a pattern of more than %u bytes",
			       number, FURNITURE_LINE);
	rule.capital = pattern.n && *pattern.p >= 'A' && *pattern.p <= 'Z';
	rule.pattern.p = f->patterns.p + f->patterns.n; /* reserved by furniture_new, so it does not move */
	rule.pattern.n = plain_form(f->patterns.p + f->patterns.n, pattern);
	f->patterns.n += rule.pattern.n;
	if (only_wildcards(rule.pattern))
		return err_set(err, ERR_USAGE, "furniture rules, line %zu: a pattern that matches anything",
			       number);
	MEM_GROW(f->rules, f->cap, f->n + 1);
	f->rules[f->n++] = rule;
	return 0;
}

static void index_rules(struct furniture *f)
{
	size_t i = 0;

	if (f->n)
		qsort(f->rules, f->n, sizeof *f->rules, compare_rules);
	for (int c = 0; c <= 256; c++) {
		while (i < f->n && rule_first_byte(&f->rules[i]) < c)
			i++;
		f->first[c] = i;
	}
}

struct furniture *furniture_new(struct bytes rules, struct err *err)
{
	struct furniture *f = mem_zalloc(1, sizeof *f);
	struct bytes line;

	buf_reserve(&f->patterns, rules.n);
	for (size_t number = 1; bytes_line(&rules, &line); number++) {
		line = bytes_trim(line);
		if (!line.n || line.p[0] == '#')
			continue;
		if (add_rule(f, line, number, err) < 0) {
			furniture_free(f);
			return NULL;
		}
	}
	index_rules(f);
	return f;
}

struct furniture *furniture_builtin(void)
{
	struct furniture *f = furniture_new(bytes_of(furniture_rules_text, furniture_rules_size), NULL);

	if (!f)
		abort(); /* test_furniture reads the same rules */
	return f;
}

void furniture_free(struct furniture *f)
{
	if (!f)
		return;
	buf_release(&f->patterns);
	free(f->rules);
	free(f);
}

/* ---- marking ---- */

/* A line in plain form. */
struct plain_line {
	struct bytes text;
	bool small; /* begins with a small letter */
};

static enum verb try_rules(const struct furniture *f, size_t from, size_t to, struct plain_line line,
			   enum verb best)
{
	for (size_t i = from; i < to; i++) {
		const struct rule *r = &f->rules[i];

		if (r->verb > best && !(r->capital && line.small) && matches(r->pattern, line.text))
			best = r->verb;
	}
	return best;
}

/* Rules [from, to) that begin as the line does are the only ones that can match. */
static bool may_match(const struct furniture *f, size_t from, size_t to, struct bytes head)
{
	for (size_t i = from; i < to; i++) {
		struct bytes pattern = f->rules[i].pattern;
		size_t n = 0;

		while (n < head.n && n < pattern.n && pattern.p[n] != '*' && pattern.p[n] == head.p[n])
			n++;
		if (n == head.n || (n < pattern.n && pattern.p[n] == '*'))
			return true;
	}
	return false;
}

#define HEAD 8u /* bytes of a line that are looked at before all of it is brought into plain form */

/* Does the trimmed line begin as some rule does? Nearly all lines do not. */
static bool may_be_furniture(const struct furniture *f, struct bytes line)
{
	uint8_t room[HEAD];
	struct bytes head = bytes_of(room, plain_form(room, utf8_cut(line, HEAD)));

	return !head.n || may_match(f, 0, f->first[0], head) ||
	       may_match(f, f->first[room[0]], f->first[room[0] + 1], head);
}

/* The rule for a trimmed line. */
static enum verb verb_of(const struct furniture *f, struct bytes line)
{
	uint8_t room[FURNITURE_LINE];
	struct plain_line plain;
	enum verb verb;

	if (!line.n || line.n > FURNITURE_LINE || !may_be_furniture(f, line))
		return VERB_NONE;
	plain.text = bytes_of(room, plain_form(room, line));
	plain.small = *line.p >= 'a' && *line.p <= 'z';
	if (!plain.text.n)
		return VERB_NONE;
	verb = try_rules(f, 0, f->first[0], plain, VERB_NONE);
	return try_rules(f, f->first[room[0]], f->first[room[0] + 1], plain, verb);
}

bool furniture_is_line(const struct furniture *f, struct bytes line)
{
	return verb_of(f, bytes_trim(line)) != VERB_NONE;
}

/* Does a trimmed line end as a sentence does, quotes and brackets aside, and not in an ellipsis? */
static bool ends_sentence(struct bytes line)
{
	struct bytes tail = line.n > 16 ? bytes_of(line.p + line.n - 16, 16) : line;
	uint8_t room[16];
	size_t n = plain_form(room, tail);

	while (n && strchr("\"')]", room[n - 1]))
		n--;
	return n && strchr(".!?", room[n - 1]) && !(n >= 2 && room[n - 1] == '.' && room[n - 2] == '.');
}

static bool is_paragraph(struct bytes line)
{
	return line.n >= FURNITURE_LONG || (line.n >= FURNITURE_PROSE && ends_sentence(line));
}

/* Append [start, end), joined to the range before if they touch. */
static void add_range(struct range **ranges, size_t *n, size_t *cap, size_t start, size_t end)
{
	if (*n && (*ranges)[*n - 1].end == start) {
		(*ranges)[*n - 1].end = (uint32_t)end;
		return;
	}
	MEM_GROW(*ranges, *cap, *n + 1);
	(*ranges)[(*n)++] = (struct range){ (uint32_t)start, (uint32_t)end };
}

/* The text from `start` on is furniture: drop the marks behind it for one to the end. */
static void mark_rest(struct range **ranges, size_t *n, size_t *cap, size_t start, size_t end)
{
	while (*n && (*ranges)[*n - 1].start >= start)
		--*n;
	if (*n && (*ranges)[*n - 1].end >= start)
		(*ranges)[*n - 1].end = (uint32_t)start;
	add_range(ranges, n, cap, start, end);
}

void furniture_mark(const struct furniture *f, struct bytes body, struct range **ranges, size_t *n,
		    size_t *cap)
{
	struct bytes left = body, line;
	size_t rest = SIZE_MAX; /* where the first "rest" line starts that no paragraph follows yet */
	bool text_before = false;

	*n = 0;
	while (left.n) {
		size_t start = (size_t)(left.p - body.p);
		enum verb verb;

		bytes_line(&left, &line);
		line = bytes_trim(line);
		verb = verb_of(f, line);
		if (verb == VERB_REST && rest == SIZE_MAX && text_before)
			rest = start;
		if (verb == VERB_NONE && is_paragraph(line))
			rest = SIZE_MAX;
		if (verb != VERB_NONE)
			add_range(ranges, n, cap, start, (size_t)(left.p - body.p));
		else
			text_before |= line.n > 0;
	}
	if (rest != SIZE_MAX)
		mark_rest(ranges, n, cap, rest, body.n);
}
