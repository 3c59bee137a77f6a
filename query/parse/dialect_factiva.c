#include "parse/dialect.h"

/* The order that Factiva publishes: same, adj, w/n and near from left to right; atleast and
 * fields; not; and; or. Words side by side are a phrase before all that. */
enum {
	RANK_PHRASE = 60000,
	RANK_NEAR = 50000,
	RANK_FIELD = 40000,
	RANK_NOT = 30000,
	RANK_AND = 20000,
	RANK_OR = 10000
};

#define SUFFIX_MOST 9 /* letters that $ stands for */

/* ---- /N30/ and /F50/ ---- */

/* A letter and a number between slashes at `at`: its bytes; 0 if there is none. */
static size_t slashed_at(const struct parser *p, size_t at, uint8_t *letter, uint32_t *n)
{
	size_t end = at + 2;

	if (at + 3 >= p->text.n || p->text.p[at] != '/')
		return 0;
	*letter = p->text.p[at + 1] & 0xDF;
	while (end < p->text.n && ascii_is_digit(p->text.p[end]))
		end++;
	if ((*letter != 'N' && *letter != 'F') || end >= p->text.n || p->text.p[end] != '/' || end == at + 2)
		return 0;
	if (!parse_natural(bytes_of(p->text.p + at + 2, end - at - 2), NEAR_MOST, n))
		*n = 0;
	return end + 1 - at;
}

struct bytes dialect_word(const struct parser *p, size_t at)
{
	struct bytes run = run_at(p, at);
	uint8_t letter;
	uint32_t n;

	for (size_t i = 0; p->dialect == &dialect_factiva && i < run.n; i++)
		if (slashed_at(p, at + i, &letter, &n))
			return bytes_of(run.p, i);
	return run;
}

/* ---- operators ---- */

static bool named_number(struct bytes word, const char *name, struct bytes *digits)
{
	size_t n = strlen(name);

	if (word.n < n || !bytes_is_nocase(bytes_of(word.p, n), name))
		return false;
	*digits = bytes_of(word.p + n, word.n - n);
	for (size_t i = 0; i < digits->n; i++)
		if (!ascii_is_digit(digits->p[i]))
			return false;
	return true;
}

/* adj5, w/5 (in this order), near5 (in any), same (paragraph). Without a number it is 1. */
static bool factiva_near(struct bytes word, struct near_op *op)
{
	struct bytes digits = BYTES_NONE;

	op->unit = UNIT_WORDS;
	op->n = 1;
	op->ordered = named_number(word, "adj", &digits) || named_number(word, "w/", &digits);
	if (bytes_is_nocase(word, "same")) {
		op->unit = UNIT_PARAGRAPH;
		return true;
	}
	if (!op->ordered && (!named_number(word, "near", &digits) || !digits.n))
		return false;
	if (digits.n && !parse_natural(digits, NEAR_MOST, &op->n))
		op->mistake = "words are 1 to 9999 apart; 1 is side by side";
	return true;
}

static bool factiva_operator(struct parser *p, struct infix *op)
{
	struct bytes word = dialect_word(p, p->at);
	uint8_t letter;
	uint32_t n;
	size_t slashed = slashed_at(p, p->at, &letter, &n);

	op->near = (struct near_op){ .n = 1 };
	op->place = word;
	op->kind = INFIX_NEAR;
	op->rank = RANK_NEAR;
	if (slashed) {
		op->kind = letter == 'F' ? INFIX_FIRST : INFIX_NEAR;
		op->near.n = n ? n : 1;
		op->near.mistake = n ? NULL : "the number is 1 to 9999";
		op->place = bytes_of(p->text.p + p->at, slashed);
	} else if (bytes_is_nocase(word, "or")) {
		op->kind = INFIX_OR;
		op->rank = RANK_OR;
	} else if (bytes_is_nocase(word, "and")) {
		op->kind = INFIX_AND;
		op->rank = RANK_AND;
	} else if (bytes_is_nocase(word, "not")) {
		op->kind = INFIX_NOT;
		op->rank = RANK_NOT;
	} else if (!factiva_near(word, &op->near)) {
		return false;
	}
	op->near.place = op->place;
	return true;
}

/* ---- fields ---- */

static const struct field_name {
	const char *name;
	enum { NAMES_REGION, NAMES_HLEAD, NAMES_TEXT, NAMES_FIELD } kind;
	unsigned value;
} names[] = {
	{ "hd", NAMES_REGION, REGION_TITLE },
	{ "hl", NAMES_REGION, REGION_TITLE },
	{ "hlp", NAMES_HLEAD, 0 },
	{ "lp", NAMES_REGION, REGION_LEAD },
	{ "td", NAMES_TEXT, 0 },
	{ "by", NAMES_FIELD, QUERY_FIELD_BY },
	{ "au", NAMES_FIELD, QUERY_FIELD_BY },
	{ "la", NAMES_FIELD, QUERY_FIELD_LANG },
	{ "sn", NAMES_FIELD, QUERY_FIELD_SOURCE },
	{ "rst", NAMES_FIELD, QUERY_FIELD_SOURCE },
	{ "sc", NAMES_FIELD, QUERY_FIELD_SOURCE },
	{ "pub", NAMES_FIELD, QUERY_FIELD_SOURCE },
	{ "se", NAMES_FIELD, QUERY_FIELD_SECTION },
	{ "an", NAMES_FIELD, QUERY_FIELD_ID },
	{ "ns", NAMES_FIELD, QUERY_FIELD_TAG },
	{ "in", NAMES_FIELD, QUERY_FIELD_TAG },
	{ "re", NAMES_FIELD, QUERY_FIELD_TAG },
	{ "co", NAMES_FIELD, QUERY_FIELD_TAG },
	{ "fds", NAMES_FIELD, QUERY_FIELD_TAG },
	{ "de", NAMES_FIELD, QUERY_FIELD_TAG },
};

static const struct field_name *find_name(struct bytes word)
{
	for (size_t i = 0; i < sizeof names / sizeof *names; i++)
		if (bytes_is_nocase(word, names[i].name))
			return &names[i];
	return NULL;
}

static struct query_node *parse_field(struct parser *p, struct bytes name, const struct field_name *field)
{
	struct scope outer = p->scope;

	p->at += name.n + 1;
	switch (field->kind) {
	case NAMES_REGION: p->scope.regions |= field->value; break;
	case NAMES_HLEAD: p->scope.hlead = true; break;
	case NAMES_TEXT: note(p, "td= is read as anywhere in the article"); break;
	case NAMES_FIELD: p->scope = (struct scope){ .field = (enum query_field)field->value }; break;
	}
	return dialect_scoped(p, outer, RANK_FIELD);
}

static struct query_node *parse_at_least(struct parser *p, struct bytes word, struct bytes digits)
{
	size_t start = p->at;
	struct query_node *child;
	uint32_t n;

	p->at += word.n;
	if (!parse_natural(digits, NEAR_MOST, &n))
		return refuse(p, word, "%s: the number is 1 to 9999", shown(p, word));
	child = dialect_scoped(p, p->scope, RANK_FIELD);
	return child && p->rc == 0 ? at_least(p, n, child, place_from(p, start)) : NULL;
}

/* ---- dates ---- */

static bool take_name(struct parser *p, const char *name)
{
	skip_spaces(p);
	if (!bytes_is_nocase(run_at(p, p->at), name))
		return false;
	p->at += strlen(name);
	return true;
}

/* Does a date stand here, or the attempt at one? */
static bool date_here(struct parser *p)
{
	skip_spaces(p);
	return ascii_is_digit(peek(p, 0)) || (peek(p, 0) == '-' && ascii_is_digit(peek(p, 1)));
}

/* date from X to Y, date after X, date before X, date X, behind "date". False: a word. */
static bool parse_dates(struct parser *p, struct query_node **n)
{
	enum comparison compare = COMPARE_IS;

	if (take_name(p, "from"))
		compare = COMPARE_FROM;
	else if (take_name(p, "to"))
		compare = COMPARE_TO;
	else if (take_name(p, "after"))
		compare = COMPARE_ABOVE;
	else if (take_name(p, "before"))
		compare = COMPARE_BELOW;
	if (!date_here(p))
		return false;
	*n = dialect_date(p, compare);
	if (*n && compare == COMPARE_FROM && take_name(p, "to"))
		*n = join(p, QUERY_AND, *n, dialect_date(p, COMPARE_TO));
	return true;
}

static bool factiva_special(struct parser *p, struct query_node **n)
{
	struct bytes word = dialect_word(p, p->at), digits;
	const uint8_t *equals = word.n ? memchr(word.p, '=', word.n) : NULL;
	struct bytes name = bytes_of(word.p, equals ? (size_t)(equals - word.p) : 0);
	const struct field_name *field = equals ? find_name(name) : NULL;
	enum comparison compare;
	size_t start = p->at;

	if (p->scope.field || !word.n)
		return false;
	if (field) {
		*n = parse_field(p, name, field);
		return true;
	}
	if (named_number(word, "atleast", &digits) && digits.n) {
		*n = parse_at_least(p, word, digits);
		return true;
	}
	p->at += word.n;
	if (bytes_is_nocase(word, "date") && parse_dates(p, n))
		return true;
	p->at = start + 2;
	if (word.n >= 2 && bytes_is_nocase(bytes_of(word.p, 2), "wc") &&
	    (compare = dialect_compare(p)) != COMPARE_NONE) {
		*n = dialect_length(p, compare);
		return true;
	}
	p->at = start;
	return false;
}

/* ---- *, ? and $ ---- */

/* `stem` and up to so many letters as stand behind the $; without a number, any. NULL: no pattern. */
static struct query_node *parse_suffixes(struct parser *p, struct bytes word, struct bytes stem)
{
	struct bytes digits = bytes_of(stem.p + stem.n + 1, word.n - stem.n - 1);
	struct query_node *all;
	uint32_t most;

	if (!digits.n)
		return new_node(p, QUERY_PREFIX, stem);
	if (!parse_natural(digits, SUFFIX_MOST, &most))
		return NULL;
	all = new_node(p, QUERY_OR, BYTES_NONE);
	add_child(all, new_node(p, QUERY_EXACT, stem));
	for (size_t i = 1; i <= most; i++) {
		uint8_t *pattern = arena_alloc(p->arena, stem.n + i);

		memcpy(pattern, stem.p, stem.n);
		memset(pattern + stem.n, '?', i);
		add_child(all, new_node(p, QUERY_PATTERN, bytes_of(pattern, stem.n + i)));
	}
	return all;
}

/* wom?n and cat? stand for one character; engineer$3 for up to three at the end. */
static struct query_node *factiva_pattern(struct parser *p, struct bytes word)
{
	const uint8_t *dollar = memchr(word.p, '$', word.n);
	struct query_node *n;

	if (!has_word_characters(word))
		return NULL;
	if (dollar && dollar > word.p)
		return parse_suffixes(p, word, bytes_of(word.p, (size_t)(dollar - word.p)));
	if (word.p[word.n - 1] != '?')
		return parse_wildcards(p, word);
	n = new_node(p, QUERY_PATTERN, word);
	n->place = word;
	return n;
}

const struct dialect dialect_factiva = {
	.word = QUERY_EXACT,
	.phrase = QUERY_PHRASE,
	.brackets = true,
	.adjacent = RANK_PHRASE,
	.operator_here = factiva_operator,
	.special = factiva_special,
	.pattern = factiva_pattern,
};
