#include "parse/parser.h"

#include "base/nearest.h"

#include <stdio.h>

static const struct {
	const char *name;
	enum prefix_kind kind;
	unsigned value;
} prefixes[] = {
	{ "title", PREFIX_REGION, REGION_TITLE },
	{ "headline", PREFIX_REGION, REGION_TITLE },
	{ "lead", PREFIX_REGION, REGION_LEAD },
	{ "first", PREFIX_REGION, REGION_FIRST }, /* with a number: first/50 */
	{ "quote", PREFIX_REGION, REGION_QUOTE },
	{ "source", PREFIX_FIELD, QUERY_FIELD_SOURCE },
	{ "by", PREFIX_FIELD, QUERY_FIELD_BY },
	{ "author", PREFIX_FIELD, QUERY_FIELD_BY },
	{ "byline", PREFIX_FIELD, QUERY_FIELD_BY },
	{ "section", PREFIX_FIELD, QUERY_FIELD_SECTION },
	{ "lang", PREFIX_FIELD, QUERY_FIELD_LANG },
	{ "language", PREFIX_FIELD, QUERY_FIELD_LANG },
	{ "url", PREFIX_FIELD, QUERY_FIELD_URL },
	{ "id", PREFIX_FIELD, QUERY_FIELD_ID },
	{ "tag", PREFIX_FIELD, QUERY_FIELD_TAG },
	{ "date", PREFIX_DATE, 0 },
	{ "after", PREFIX_AFTER, 0 },
	{ "before", PREFIX_BEFORE, 0 },
	{ "words", PREFIX_WORDS, 0 },
};

#define PREFIXES (sizeof prefixes / sizeof *prefixes)

static bool find_prefix(struct bytes name, struct prefix *found)
{
	const uint8_t *slash = name.n ? memchr(name.p, '/', name.n) : NULL;
	bool first = slash && bytes_is(bytes_of(name.p, (size_t)(slash - name.p)), "first");

	for (size_t i = 0; i < PREFIXES; i++) {
		bool numbered = prefixes[i].kind == PREFIX_REGION && prefixes[i].value == REGION_FIRST;

		if (numbered ? !first : !bytes_is(name, prefixes[i].name))
			continue;
		found->kind = prefixes[i].kind;
		found->value = prefixes[i].value;
		return true;
	}
	return false;
}

bool starts_with_prefix(struct bytes run, struct prefix *prefix)
{
	const uint8_t *colon = run.n ? memchr(run.p, ':', run.n) : NULL;

	if (!colon || !find_prefix(bytes_of(run.p, (size_t)(colon - run.p)), prefix))
		return false;
	prefix->word = bytes_of(run.p, (size_t)(colon - run.p) + 1);
	return true;
}

bool prefix_here(struct parser *p, struct prefix *prefix)
{
	return starts_with_prefix(run_at(p, p->at), prefix);
}

/* Nothing, a space or a parenthesis behind the colon: the name is passed over. */
static bool is_bare(struct parser *p, const struct prefix *prefix)
{
	size_t end = p->at + prefix->word.n;
	bool value = prefix->kind != PREFIX_REGION && prefix->kind != PREFIX_FIELD; /* in one piece */

	if (end < p->text.n && !is_space(p->text.p[end]) && p->text.p[end] != ')' &&
	    !(value && prefix->word.n == run_at(p, p->at).n))
		return false;
	note(p, "'%s' is ignored: nothing stands directly behind it", shown(p, prefix->word));
	p->at = end;
	return true;
}

/* Letters before a colon that has something behind it, as a C string. */
static bool named(struct bytes word, char name[NEAREST_MAX])
{
	size_t n = 0;

	while (n < word.n && n < NEAREST_MAX - 1 && (word.p[n] | 32) >= 'a' && (word.p[n] | 32) <= 'z')
		n++;
	snprintf(name, NEAREST_MAX, "%.*s", (int)n, (const char *)word.p);
	return n > 0 && n < word.n && word.p[n] == ':';
}

void note_near_field(struct parser *p, struct bytes word)
{
	char name[NEAREST_MAX], hint[NEAREST_HINT];
	struct nearest nearest;

	if (!named(word, name))
		return;
	nearest_start(&nearest, name);
	for (size_t i = 0; i < PREFIXES; i++)
		nearest_offer(&nearest, prefixes[i].value == REGION_FIRST ? "first/50" : prefixes[i].name);
	if (!*nearest_hint(&nearest, "", hint))
		return;
	if (strcmp(nearest.best, name) != 0)
		note(p, "'%s:' is read as a word%.*s:?", name, (int)strlen(hint) - 1, hint);
}

/* ---- words:300..500 ---- */

/* Digits, or nothing. False if it is anything else. */
static bool parse_bound(struct bytes s, int64_t *value)
{
	uint32_t n = 0;

	if (s.n && !parse_natural(s, 1000000000, &n) && !bytes_is(s, "0"))
		return false;
	*value = n;
	return true;
}

static bool parse_lengths(struct bytes s, int64_t *from, int64_t *to)
{
	const uint8_t *dots = memmem(s.p, s.n, "..", 2);
	int64_t low, high;

	*from = 0;
	*to = INT64_MAX;
	if (dots) {
		struct bytes first = bytes_of(s.p, (size_t)(dots - s.p)), second;

		second = bytes_of(dots + 2, s.n - first.n - 2);
		if ((!first.n && !second.n) || !parse_bound(first, &low) || !parse_bound(second, &high))
			return false;
		*from = low;
		*to = second.n ? high + 1 : INT64_MAX;
	} else if (*s.p == '>' || *s.p == '<') {
		bool above = *s.p == '>', equal = s.n > 1 && s.p[1] == '=';
		struct bytes digits = bytes_of(s.p + 1 + equal, s.n - 1 - equal);

		if (!digits.n || !parse_bound(digits, &low))
			return false;
		*from = above ? low + !equal : 0;
		*to = above ? INT64_MAX : low + equal;
	} else {
		if (!parse_bound(s, &low))
			return false;
		*from = low;
		*to = low + 1;
	}
	return *from < *to;
}

static struct query_node *parse_length(struct parser *p, struct bytes value)
{
	struct query_node *n = new_node(p, QUERY_LENGTH, value);

	if (!parse_lengths(value, &n->from, &n->to))
		return refuse(p, value, "words:%s: write words:>800, words:<300, words:300..500 or words:500",
			      shown(p, value));
	return n;
}

/* ---- values ---- */

/* One more region that a leaf has to be in. */
static void narrow(struct parser *p, const struct prefix *prefix)
{
	uint32_t first;

	p->scope.regions |= prefix->value;
	if (prefix->value != REGION_FIRST)
		return;
	if (!parse_natural(bytes_of(prefix->word.p + 6, prefix->word.n - 7), NEAR_MOST, &first))
		refuse(p, prefix->word, "%s how many of the first words? Write first/50:flood",
		       shown(p, prefix->word));
	if (!p->scope.first || first < p->scope.first)
		p->scope.first = first;
}

/* Regions may follow each other: title:quote:flood. */
static struct query_node *parse_in_region(struct parser *p, struct prefix *prefix)
{
	struct scope outer = p->scope;
	struct query_node *n = NULL;

	do {
		narrow(p, prefix);
		p->at += prefix->word.n;
	} while (prefix_here(p, prefix) && prefix->kind == PREFIX_REGION && !is_bare(p, prefix));
	if (p->at < p->text.n && !is_space(peek(p, 0)) && peek(p, 0) != ')')
		n = parse_primary(p);
	p->scope = outer;
	return n;
}

static struct query_node *parse_in_field(struct parser *p, const struct prefix *prefix)
{
	struct scope outer = p->scope;
	struct query_node *n;

	p->scope = (struct scope){ .field = (enum query_field)prefix->value };
	p->at += prefix->word.n;
	n = parse_primary(p);
	p->scope = outer;
	return n;
}

struct query_node *parse_prefixed(struct parser *p, struct prefix *prefix)
{
	struct bytes run = run_at(p, p->at), value;

	if (is_bare(p, prefix))
		return NULL;
	if (prefix->kind == PREFIX_REGION)
		return parse_in_region(p, prefix);
	if (prefix->kind == PREFIX_FIELD)
		return parse_in_field(p, prefix);
	p->at += run.n;
	value = bytes_of(run.p + prefix->word.n, run.n - prefix->word.n);
	return prefix->kind == PREFIX_WORDS ? parse_length(p, value) : parse_date(p, prefix, value);
}
