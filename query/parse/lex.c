#include "parse/dialect.h"

#include "text/chars.h"

bool is_space(uint8_t c)
{
	return c == ' ' || (c >= '\t' && c <= '\r');
}

uint8_t peek(const struct parser *p, size_t ahead)
{
	return p->at + ahead < p->text.n ? p->text.p[p->at + ahead] : 0;
}

static size_t after_spaces(const struct parser *p, size_t at)
{
	while (at < p->text.n && is_space(p->text.p[at]))
		at++;
	return at;
}

void skip_spaces(struct parser *p)
{
	p->at = after_spaces(p, p->at);
}

size_t quote_at(const struct parser *p, size_t at)
{
	const uint8_t *s = p->text.p + at;
	size_t left = at < p->text.n ? p->text.n - at : 0;

	if (left >= 1 && s[0] == '"')
		return 1;
	if (left >= 2 && s[0] == 0xC2 && (s[1] == 0xAB || s[1] == 0xBB)) /* guillemets */
		return 2;
	if (left >= 3 && s[0] == 0xE2 && s[1] == 0x80 && s[2] >= 0x9C && s[2] <= 0x9F) /* curly, low */
		return 3;
	if (left >= 3 && s[0] == 0xEF && s[1] == 0xBC && s[2] == 0x82) /* full width */
		return 3;
	return 0;
}

static bool is_parenthesis(const struct parser *p, uint8_t c)
{
	return c == '(' || c == ')' || ((c == '[' || c == ']') && p->dialect && p->dialect->brackets);
}

bool opens_here(const struct parser *p)
{
	return is_parenthesis(p, peek(p, 0)) && (peek(p, 0) == '(' || peek(p, 0) == '[');
}

bool closes_here(const struct parser *p)
{
	return is_parenthesis(p, peek(p, 0)) && !opens_here(p);
}

struct bytes run_at(const struct parser *p, size_t at)
{
	size_t end = at;

	while (end < p->text.n && !is_space(p->text.p[end]) && !is_parenthesis(p, p->text.p[end]) &&
	       !quote_at(p, end))
		end++;
	return bytes_of(p->text.p + at, end - at);
}

bool keyword(const struct parser *p, const char *word)
{
	return bytes_is(run_at(p, p->at), word);
}

bool take_keyword(struct parser *p, const char *word)
{
	skip_spaces(p);
	if (!keyword(p, word))
		return false;
	p->at += strlen(word);
	return true;
}

bool minus_here(const struct parser *p)
{
	uint8_t next = peek(p, 1);

	return peek(p, 0) == '-' && next && !is_space(next) && next != '-' && next != ')';
}

bool has_word_characters(struct bytes s)
{
	for (size_t at = 0, size; at < s.n; at += size) {
		enum char_class c = char_class_at(s, at, &size);

		if (c == CHAR_LETTER || c == CHAR_DIGIT || c == CHAR_CJK)
			return true; /* a sign alone is no word: "3.5 %" asks for 3.5 */
	}
	return false;
}

size_t boost_length(struct bytes s)
{
	size_t at = 1, point;

	if (s.n < 2 || s.p[0] != '^' || !ascii_is_digit(s.p[1]))
		return 0;
	while (at < s.n && ascii_is_digit(s.p[at]))
		at++;
	point = at;
	if (at < s.n && s.p[at] == '.')
		for (at++; at < s.n && ascii_is_digit(s.p[at]); at++)
			;
	return at > point + 1 ? at : point;
}

bool parse_natural(struct bytes digits, uint32_t most, uint32_t *n)
{
	*n = 0;
	for (size_t i = 0; i < digits.n; i++) {
		if (!ascii_is_digit(digits.p[i]))
			return false;
		*n = *n * 10 + (uint32_t)(digits.p[i] - '0');
		if (*n > most)
			return false;
	}
	return *n > 0;
}

/* ---- operators of nearness ---- */

bool is_digits(struct bytes s)
{
	for (size_t i = 0; i < s.n; i++)
		if (!ascii_is_digit(s.p[i]))
			return false;
	return s.n > 0;
}

/* What stands behind the slash: how near. False if this is a word after all, as w/o is. */
static bool near_how(struct bytes how, struct near_op *op)
{
	op->unit = UNIT_WORDS;
	op->n = 1;
	op->mistake = NULL;
	if (is_digits(how)) {
		if (!parse_natural(how, NEAR_MOST, &op->n))
			op->mistake = "words are 1 to 9999 apart; 1 is side by side";
		return true;
	}
	if (how.n != 1 || !((how.p[0] | 32) >= 'a' && (how.p[0] | 32) <= 'z') || (how.p[0] | 32) == 'o')
		return false;
	switch (how.p[0] | 32) {
	case 's': op->unit = UNIT_SENTENCE; break;
	case 'p': op->unit = UNIT_PARAGRAPH; break;
	default:
		op->mistake =
			"how near? Write w/5 (at most five words on), pre/5 (in this order), w/s (the same "
			"sentence) or w/p (the same paragraph)";
	}
	return true;
}

bool near_word(struct bytes word, struct near_op *op)
{
	static const struct {
		const char *name;
		bool ordered;
	} names[] = { { "w/", false }, { "near/", false }, { "pre/", true }, { "adj/", true } };

	for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
		size_t n = strlen(names[i].name);

		if (word.n <= n || !bytes_is_nocase(bytes_of(word.p, n), names[i].name))
			continue;
		op->ordered = names[i].ordered;
		return near_how(bytes_of(word.p + n, word.n - n), op);
	}
	return false;
}

bool near_here(const struct parser *p, struct near_op *op)
{
	size_t at = after_spaces(p, p->at), start = at;
	struct bytes word = run_at(p, at);

	op->negated = bytes_is_nocase(word, "not");
	if (op->negated)
		word = run_at(p, at = after_spaces(p, at + word.n));
	if (!near_word(word, op))
		return false;
	op->place = bytes_of(p->text.p + start, (size_t)(word.p + word.n - p->text.p) - start);
	return true;
}
