#include "parse/dialect.h"

/* The order that Lexis publishes: or; w/n, smaller n first; w/s; w/p; w/seg; and; and not. */
enum {
	RANK_PHRASE = 200000,
	RANK_OR = 100000,
	RANK_NEAR = 50000,
	RANK_SENTENCE = 30000,
	RANK_PARAGRAPH = 20000,
	RANK_SEGMENT = 15000,
	RANK_AND = 10000,
	RANK_NOT = 5000
};

/* ---- operators ---- */

/* What stands behind the slash. False: the run is a word. */
static bool how_near(struct bytes how, struct infix *op)
{
	op->kind = INFIX_NEAR;
	op->near.unit = UNIT_WORDS;
	op->near.n = 1;
	if (is_digits(how)) {
		if (!parse_natural(how, NEAR_MOST, &op->near.n))
			op->near.mistake = "words are 1 to 9999 apart; 1 is side by side";
		op->rank = RANK_NEAR - op->near.n;
	} else if (bytes_is_nocase(how, "s") || bytes_is_nocase(how, "sent")) {
		op->near.unit = UNIT_SENTENCE;
		op->rank = RANK_SENTENCE;
	} else if (bytes_is_nocase(how, "p") || bytes_is_nocase(how, "para")) {
		op->near.unit = UNIT_PARAGRAPH;
		op->rank = RANK_PARAGRAPH;
	} else if (bytes_is_nocase(how, "seg")) {
		op->kind = INFIX_AND;
		op->rank = RANK_SEGMENT;
	} else {
		return false;
	}
	return true;
}

/* w/5, /5, near/5, pre/5, onear/5, not/5, w/s, w/para, w/seg. */
static bool lexis_near(struct bytes word, struct infix *op)
{
	static const struct {
		const char *name;
		bool ordered, negated;
	} names[] = { { "w/", false, false },    { "/", false, false },   { "near/", false, false },
		      { "onear/", true, false }, { "pre/", true, false }, { "not/", false, true } };

	for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
		size_t n = strlen(names[i].name);

		if (word.n <= n || !bytes_is_nocase(bytes_of(word.p, n), names[i].name))
			continue;
		op->near.ordered = names[i].ordered;
		op->near.negated = op->near.negated || names[i].negated;
		return how_near(bytes_of(word.p + n, word.n - n), op);
	}
	return false;
}

/* The run behind `word`, after spaces. */
static struct bytes run_behind(const struct parser *p, struct bytes word)
{
	size_t at = (size_t)(word.p - p->text.p) + word.n;

	while (at < p->text.n && is_space(p->text.p[at]))
		at++;
	return run_at(p, at);
}

static bool lexis_operator(struct parser *p, struct infix *op)
{
	struct bytes first = run_at(p, p->at), last = first, second = run_behind(p, first);
	bool negated = bytes_is_nocase(first, "not");

	op->near = (struct near_op){ .negated = negated };
	if (bytes_is_nocase(first, "or")) {
		op->kind = INFIX_OR;
		op->rank = RANK_OR;
	} else if (bytes_is_nocase(first, "and") || bytes_is(first, "&")) {
		bool excludes = bytes_is_nocase(second, "not");

		op->kind = excludes ? INFIX_NOT : INFIX_AND;
		op->rank = excludes ? RANK_NOT : RANK_AND;
		last = excludes ? second : first;
	} else if (negated && lexis_near(second, op)) {
		last = second;
	} else if (negated) {
		op->kind = INFIX_NOT;
		op->rank = RANK_NOT;
	} else if (!lexis_near(first, op)) {
		return false;
	}
	if (op->rank == RANK_SEGMENT) { /* an article has no parts here that it could mean */
		op->kind = op->near.negated ? INFIX_NOT : INFIX_AND;
		note(p, "w/seg is read as AND: an article is one segment");
	}
	op->place = bytes_of(first.p, (size_t)(last.p + last.n - first.p));
	op->near.place = op->place;
	return true;
}

/* ---- segments ---- */

enum segment_kind {
	SEGMENT_REGION,
	SEGMENT_HLEAD,
	SEGMENT_FIELD,
	SEGMENT_FORM,
	SEGMENT_BODY,
	SEGMENT_DATE,
	SEGMENT_LENGTH,
	SEGMENT_NUMBER,
	SEGMENT_NONE
};

static const struct segment_name {
	const char *name;
	enum segment_kind kind;
	unsigned value;
} names[] = {
	{ "headline", SEGMENT_REGION, REGION_TITLE },
	{ "title", SEGMENT_REGION, REGION_TITLE },
	{ "lead", SEGMENT_REGION, REGION_LEAD },
	{ "hlead", SEGMENT_HLEAD, 0 },
	{ "body", SEGMENT_BODY, 0 },
	{ "text", SEGMENT_BODY, 0 },
	{ "byline", SEGMENT_FIELD, QUERY_FIELD_BY },
	{ "author", SEGMENT_FIELD, QUERY_FIELD_BY },
	{ "publication", SEGMENT_FIELD, QUERY_FIELD_SOURCE },
	{ "pub", SEGMENT_FIELD, QUERY_FIELD_SOURCE },
	{ "source", SEGMENT_FIELD, QUERY_FIELD_SOURCE },
	{ "section", SEGMENT_FIELD, QUERY_FIELD_SECTION },
	{ "language", SEGMENT_FIELD, QUERY_FIELD_LANG },
	{ "subject", SEGMENT_FIELD, QUERY_FIELD_TAG },
	{ "terms", SEGMENT_FIELD, QUERY_FIELD_TAG },
	{ "term", SEGMENT_FIELD, QUERY_FIELD_TAG },
	{ "company", SEGMENT_FIELD, QUERY_FIELD_TAG },
	{ "person", SEGMENT_FIELD, QUERY_FIELD_TAG },
	{ "geographic", SEGMENT_FIELD, QUERY_FIELD_TAG },
	{ "industry", SEGMENT_FIELD, QUERY_FIELD_TAG },
	{ "caps", SEGMENT_FORM, CASE_CAPS },
	{ "allcaps", SEGMENT_FORM, CASE_ALLCAPS },
	{ "nocaps", SEGMENT_FORM, CASE_NOCAPS },
	{ "date", SEGMENT_DATE, 0 },
	{ "length", SEGMENT_LENGTH, 0 },
	{ "singular", SEGMENT_NUMBER, 0 },
	{ "plural", SEGMENT_NUMBER, 0 },
};

static const struct segment_name *find_name(struct bytes word)
{
	for (size_t i = 0; i < sizeof names / sizeof *names; i++)
		if (bytes_is_nocase(word, names[i].name))
			return &names[i];
	return NULL;
}

static struct query_node *parse_segment(struct parser *p, struct bytes word, const struct segment_name *name)
{
	struct scope outer = p->scope;
	struct query_node *n;

	switch (name->kind) {
	case SEGMENT_REGION: p->scope.regions |= name->value; break;
	case SEGMENT_HLEAD: p->scope.hlead = true; break;
	case SEGMENT_FIELD: p->scope = (struct scope){ .field = (enum query_field)name->value }; break;
	case SEGMENT_FORM: p->scope.form = (enum query_form)name->value; break;
	case SEGMENT_BODY: note(p, "'%s( )' is read as anywhere in the article", shown(p, word)); break;
	default:
		return refuse(p, word, "%s( ) has no counterpart; put the form itself in quotation marks",
			      shown(p, word));
	}
	n = parse_group(p);
	p->scope = outer;
	return n;
}

/* date aft 1/1/2019, date(geq (1/1/2019) and leq (31/1/2019)), length > 800; `word` has been passed.
 * False: it is a word. */
static bool parse_compared(struct parser *p, bool date, struct query_node **n)
{
	unsigned depth = 0;

	*n = NULL;
	for (;;) {
		enum comparison compare;

		for (skip_spaces(p); peek(p, 0) == '('; skip_spaces(p))
			p->at++, depth++;
		compare = dialect_compare(p);
		if (compare == COMPARE_NONE && !depth)
			return *n != NULL;
		for (skip_spaces(p); peek(p, 0) == '('; skip_spaces(p))
			p->at++, depth++;
		*n = join(p, QUERY_AND, *n, date ? dialect_date(p, compare) : dialect_length(p, compare));
		for (skip_spaces(p); depth && peek(p, 0) == ')'; skip_spaces(p))
			p->at++, depth--;
		if (p->rc < 0 || !depth || !bytes_is_nocase(run_at(p, p->at), "and"))
			return true;
		p->at += 3;
	}
}

/* atleast5 or atl5. */
static bool is_at_least(struct bytes word, struct bytes *digits)
{
	size_t n = word.n > 7 && bytes_is_nocase(bytes_of(word.p, 7), "atleast") ? 7 : 3;

	if (word.n <= n || (n == 3 && !bytes_is_nocase(bytes_of(word.p, 3), "atl")))
		return false;
	*digits = bytes_of(word.p + n, word.n - n);
	return is_digits(*digits);
}

static struct query_node *parse_at_least(struct parser *p, struct bytes word, struct bytes digits)
{
	size_t start = (size_t)(word.p - p->text.p);
	struct query_node *child;
	uint32_t n;

	if (!parse_natural(digits, NEAR_MOST, &n))
		return refuse(p, word, "%s( ) wants a number from 1 to 9999", shown(p, word));
	child = parse_group(p);
	return child && p->rc == 0 ? at_least(p, n, child, place_from(p, start)) : NULL;
}

/* "date>2019" without spaces: the name of it. */
static struct bytes without_sign(struct bytes word)
{
	for (size_t i = 1; i < word.n; i++)
		if (word.p[i] == '<' || word.p[i] == '>' || word.p[i] == '=')
			return bytes_of(word.p, i);
	return word;
}

static bool lexis_special(struct parser *p, struct query_node **n)
{
	struct bytes word = without_sign(run_at(p, p->at)), digits;
	const struct segment_name *name = p->scope.field ? NULL : find_name(word);
	bool compared = name && (name->kind == SEGMENT_DATE || name->kind == SEGMENT_LENGTH);
	size_t start = p->at;

	if (!word.n || p->scope.field)
		return false;
	p->at += word.n;
	if (compared && parse_compared(p, name->kind == SEGMENT_DATE, n))
		return true;
	skip_spaces(p);
	if (!compared && peek(p, 0) == '(' && name) {
		*n = parse_segment(p, word, name);
		return true;
	}
	if (peek(p, 0) == '(' && is_at_least(word, &digits)) {
		*n = parse_at_least(p, word, digits);
		return true;
	}
	p->at = start;
	return false;
}

/* ---- ! and * ---- */

/* employ! and employ* are beginnings; wom*n and wom?n stand for one character each. */
static struct query_node *lexis_pattern(struct parser *p, struct bytes word)
{
	struct bytes copy;
	bool any = false;

	for (size_t i = 0; i < word.n; i++)
		any = any || word.p[i] == '*' || word.p[i] == '!' || (word.p[i] == '?' && i + 1 < word.n);
	if (!any || !has_word_characters(word))
		return NULL;
	copy = arena_bytes(p->arena, word);
	for (size_t i = 0; i < copy.n; i++)
		if ((copy.p[i] == '*' && i + 1 < copy.n) || (copy.p[i] == '!' && i + 1 < copy.n))
			((uint8_t *)copy.p)[i] = '?';
	return parse_wildcards(p, copy);
}

const struct dialect dialect_lexis = {
	.word = QUERY_WORD,
	.phrase = QUERY_STEMMED_PHRASE,
	.adjacent = RANK_PHRASE,
	.operator_here = lexis_operator,
	.special = lexis_special,
	.pattern = lexis_pattern,
};
