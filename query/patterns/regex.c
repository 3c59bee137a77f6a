/* query/patterns/regex.c - regular expressions as a pattern's automaton.
 *
 *     regex     = sequence { "|" sequence }
 *     sequence  = { atom [ "*" | "+" | "?" | "{" n [ "," [ m ] ] "}" ] }
 *     atom      = "(" [ "?:" ] regex ")" | "." | "[" [ "^" ] { c [ "-" c ] } "]" | "\" c | c
 *
 * Built as it is read, each part from a node on, which needs no tree. What is repeated a
 * number of times is read so many times; the limit of nodes bounds that.
 */
#include "base/mem.h"
#include "patterns/pattern.h"
#include "text/forms.h"

struct reader {
	struct pattern *pattern;
	struct automaton *a;
	struct bytes text;
	size_t at;
	unsigned depth;
	struct pattern_run run; /* outside of groups */
	bool alternatives;      /* there are some outside of groups */
	struct buf scratch;
	size_t wrong_at;
	struct err *err;
	int rc;
};

struct part {
	uint32_t from, to; /* nodes before and behind */
};

static int wrong(struct reader *r, size_t at, const char *what)
{
	if (r->rc == 0) {
		r->wrong_at = at;
		r->rc = err_set(r->err, ERR_USAGE, "regular expression: %s", what);
	}
	r->at = r->text.n;
	return r->rc;
}

/* Neither wrong nor too big so far? */
static bool goes_on(const struct reader *r)
{
	return r->rc == 0 && !r->a->full;
}

static int peek(const struct reader *r)
{
	return r->at < r->text.n ? r->text.p[r->at] : -1;
}

static bool take(struct reader *r, char c)
{
	if (peek(r) != c)
		return false;
	r->at++;
	return true;
}

/* ---- classes of characters ---- */

#define CLASS_RANGES 256

struct class
{
	struct automaton_range {
		uint32_t first, last;
	} v[CLASS_RANGES];
	size_t n;
};

static void add_range(struct reader *r, struct class *c, uint32_t first, uint32_t last)
{
	if (c->n == CLASS_RANGES)
		wrong(r, r->at, "too many characters in [ ]");
	else
		c->v[c->n++] = (struct automaton_range){ first, last };
}

/* Characters of a range that are folded one by one; in longer ones only A-Z is. */
#define FOLDED_RANGE 1024u

static void add_folded(struct reader *r, struct class *c, uint32_t ch)
{
	uint8_t bytes[4];
	uint32_t folded;
	size_t size;

	pattern_character(bytes_of(bytes, utf8_encode(bytes, ch)), 0, &r->scratch);
	size = r->scratch.n ? utf8_decode(r->scratch.p, r->scratch.p + r->scratch.n, &folded) : 0;
	if (!size || size < r->scratch.n)
		folded = ch; /* ß: two characters, which no class can be */
	if (c->n && c->v[c->n - 1].last + 1 == folded)
		c->v[c->n - 1].last++;
	else if (!c->n || folded < c->v[c->n - 1].first || folded > c->v[c->n - 1].last)
		add_range(r, c, folded, folded);
}

static void add_span(struct reader *r, struct class *c, uint32_t first, uint32_t last)
{
	if (last - first > FOLDED_RANGE) {
		add_range(r, c, first, last);
		return;
	}
	for (uint32_t ch = first; ch <= last && r->rc == 0; ch++)
		add_folded(r, c, ch);
}

static void add_digits(struct reader *r, struct class *c)
{
	add_range(r, c, '0', '9');
}

static void add_letters(struct reader *r, struct class *c)
{
	add_digits(r, c);
	add_range(r, c, 'a', 'z');
	add_range(r, c, '_', '_');
	add_range(r, c, 0x80, AUTOMATON_LAST);
}

static void negate(struct class *c)
{
	struct class out = { .n = 0 };
	uint32_t from = 0;

	for (;;) { /* the lowest range that reaches beyond `from`, over and over */
		const struct automaton_range *low = NULL;

		for (size_t i = 0; i < c->n; i++)
			if (c->v[i].last >= from && (!low || c->v[i].first < low->first))
				low = &c->v[i];
		if (!low)
			break;
		if (low->first > from)
			out.v[out.n++] = (struct automaton_range){ from, low->first - 1 };
		from = low->last + 1;
	}
	if (from <= AUTOMATON_LAST && out.n < CLASS_RANGES)
		out.v[out.n++] = (struct automaton_range){ from, AUTOMATON_LAST };
	*c = out;
}

static void read_class(struct reader *r, uint32_t from, uint32_t to, const struct class *c)
{
	for (size_t i = 0; i < c->n; i++)
		automaton_read(r->a, from, to, c->v[i].first, c->v[i].last);
}

/* \d, \w and their opposites, into the class: false if it is none of these. */
static bool class_escape(struct reader *r, int letter, struct class *c)
{
	struct class one = { .n = 0 };

	switch (letter) {
	case 'd':
	case 'D': add_digits(r, &one); break;
	case 'w':
	case 'W': add_letters(r, &one); break;
	default: return false;
	}
	if (letter < 'a')
		negate(&one);
	for (size_t i = 0; i < one.n; i++)
		add_range(r, c, one.v[i].first, one.v[i].last);
	return true;
}

static void refuse_escape(struct reader *r, int letter)
{
	if (letter < 0)
		wrong(r, r->at - 1, "nothing stands after the last \\");
	else if (letter >= '1' && letter <= '9')
		wrong(r, r->at - 1, "it cannot refer back to a group");
	else if (letter == 'b' || letter == 'B' || letter == 'A' || letter == 'z' || letter == 'Z')
		wrong(r, r->at - 1, "it always holds for a whole word; leave out what marks its ends");
	else if (letter == 's' || letter == 'S')
		wrong(r, r->at - 1, "words hold no spaces");
	else
		wrong(r, r->at - 1, "an escape that is not known; there are \\d, \\D, \\w and \\W");
}

static bool is_letter_or_digit(int c)
{
	return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

/* One character of a class, escaped or plain. */
static uint32_t class_character(struct reader *r)
{
	uint32_t c;

	if (take(r, '\\') && is_letter_or_digit(peek(r)))
		refuse_escape(r, peek(r));
	if (r->at >= r->text.n)
		return 0;
	r->at += utf8_decode(r->text.p + r->at, r->text.p + r->text.n, &c);
	return c;
}

static void class_member(struct reader *r, struct class *c)
{
	size_t start = r->at;
	uint32_t first, last;

	if (peek(r) == '[' && r->at + 1 < r->text.n && r->text.p[r->at + 1] == ':') {
		wrong(r, r->at, "classes by name are not known; write [a-z], \\d or \\w");
		return;
	}
	if (peek(r) == '\\' && r->at + 1 < r->text.n && class_escape(r, r->text.p[r->at + 1], c)) {
		r->at += 2;
		return;
	}
	first = last = class_character(r);
	if (r->at + 1 < r->text.n && peek(r) == '-' && r->text.p[r->at + 1] != ']') {
		r->at++;
		last = class_character(r);
	}
	if (first > last)
		wrong(r, start, "a range in [ ] that runs backwards");
	else if (r->rc == 0)
		add_span(r, c, first, last);
}

/* Behind "[" */
static void read_set(struct reader *r, struct part *p)
{
	struct class c = { .n = 0 };
	size_t start = r->at - 1;
	bool negated = take(r, '^');

	do {
		if (peek(r) < 0) {
			wrong(r, start, "[ is not closed");
			return;
		}
		class_member(r, &c);
	} while (r->rc == 0 && !take(r, ']'));
	if (negated)
		negate(&c);
	if (r->rc == 0)
		read_class(r, p->from, p->to, &c);
}

/* ---- atoms ---- */

static uint32_t read_alternatives(struct reader *r, uint32_t from);

/* Behind "(" */
static void read_group(struct reader *r, struct part *p)
{
	size_t start = r->at - 1;

	if (r->depth++ == PATTERN_DEPTH) {
		wrong(r, start, "parentheses are nested too deep");
		return;
	}
	if (take(r, '?') && !take(r, ':'))
		wrong(r, start, "(? can only be (?:");
	automaton_jump(r->a, read_alternatives(r, p->from), p->to);
	if (goes_on(r) && !take(r, ')'))
		wrong(r, start, "( is not closed");
	r->depth--;
}

static void read_escape(struct reader *r, struct part *p)
{
	struct class c = { .n = 0 };
	int letter = peek(r);

	if (class_escape(r, letter, &c)) {
		r->at++;
		read_class(r, p->from, p->to, &c);
	} else if (letter < 0 || is_letter_or_digit(letter)) {
		refuse_escape(r, letter);
	} else {
		r->at += pattern_character(r->text, r->at, &r->scratch);
		automaton_jump(r->a, pattern_literal(r->a, p->from, buf_bytes(&r->scratch)), p->to);
	}
}

static void read_atom(struct reader *r, struct part *p)
{
	switch (peek(r)) {
	case '(': r->at++, read_group(r, p); return;
	case '[': r->at++, read_set(r, p); return;
	case '.': r->at++, automaton_read_any(r->a, p->from, p->to); return;
	case '\\': r->at++, read_escape(r, p); return;
	case '*':
	case '+':
	case '?':
	case '{': wrong(r, r->at, "nothing to repeat"); return;
	case '^':
	case '$': wrong(r, r->at, "it always holds for a whole word; leave out ^ and $"); return;
	default:
		r->at += pattern_character(r->text, r->at, &r->scratch);
		automaton_jump(r->a, pattern_literal(r->a, p->from, buf_bytes(&r->scratch)), p->to);
	}
}

/* ---- repetition ---- */

static unsigned take_number(struct reader *r)
{
	size_t start = r->at;
	unsigned n = 0;

	while (peek(r) >= '0' && peek(r) <= '9' && n <= PATTERN_TIMES)
		n = n * 10 + (unsigned)(r->text.p[r->at++] - '0');
	if (r->at == start)
		wrong(r, start, "a number of times is missing");
	else if (n > PATTERN_TIMES)
		wrong(r, start, "more than 255 times");
	return n;
}

/* How often an atom may stand; false if nothing says so. */
static bool take_times(struct reader *r, unsigned *least, unsigned *most)
{
	size_t start = r->at;

	*least = *most = 1;
	if (take(r, '*')) {
		*least = 0, *most = UINT32_MAX;
	} else if (take(r, '+')) {
		*most = UINT32_MAX;
	} else if (take(r, '?')) {
		*least = 0;
	} else if (take(r, '{')) {
		*least = *most = take_number(r);
		if (take(r, ','))
			*most = peek(r) == '}' ? UINT32_MAX : take_number(r);
		if (!take(r, '}'))
			wrong(r, start, "{ is not closed");
		else if (*most < *least)
			wrong(r, start, "at most less often than at least");
	} else {
		return false;
	}
	take(r, '?'); /* as few as possible: the same words */
	return true;
}

static struct part new_part(struct reader *r, uint32_t from)
{
	struct part p = { automaton_node(r->a), automaton_node(r->a) };

	automaton_jump(r->a, from, p.from);
	return p;
}

/* What has been read outside of groups is a character that must be there, or something else. */
static void add_to_run(struct reader *r, bool plain)
{
	if (r->depth)
		return;
	if (plain)
		pattern_run_add(r->pattern, &r->run, buf_bytes(&r->scratch));
	else
		r->run.n = 0;
}

/* An atom as often as it may stand. */
static uint32_t read_repeated(struct reader *r, uint32_t from)
{
	size_t atom = r->at, end;
	bool plain = !strchr("([.\\", peek(r));
	struct part p = new_part(r, from);
	uint32_t behind;
	unsigned least, most;

	read_atom(r, &p);
	if (!take_times(r, &least, &most)) {
		add_to_run(r, plain);
		return p.to;
	}
	add_to_run(r, false);
	if (peek(r) == '*' || peek(r) == '+' || peek(r) == '?' || peek(r) == '{')
		wrong(r, r->at, "repeated twice; put what is repeated in ( )");
	end = r->at;
	behind = automaton_node(r->a);
	if (!least)
		automaton_jump(r->a, from, behind);
	if (!most)
		return behind;
	for (unsigned i = 1; i < (most == UINT32_MAX ? least : most) && goes_on(r); i++) {
		if (i >= least)
			automaton_jump(r->a, p.to, behind);
		p = new_part(r, p.to);
		r->at = atom;
		read_atom(r, &p);
	}
	if (most == UINT32_MAX)
		automaton_jump(r->a, p.to, p.from);
	automaton_jump(r->a, p.to, behind);
	r->at = end;
	return behind;
}

static uint32_t read_alternatives(struct reader *r, uint32_t from)
{
	uint32_t end = automaton_node(r->a);

	do {
		uint32_t node = automaton_node(r->a);

		automaton_jump(r->a, from, node);
		while (goes_on(r) && r->at < r->text.n && peek(r) != '|' && peek(r) != ')')
			node = read_repeated(r, node);
		automaton_jump(r->a, node, end);
		r->alternatives |= !r->depth && peek(r) == '|';
	} while (goes_on(r) && take(r, '|'));
	return end;
}

/* ^ and $ at the ends say what holds anyway. */
static struct bytes without_anchors(struct bytes text, size_t *skipped)
{
	*skipped = text.n && text.p[0] == '^';
	text.p += *skipped;
	text.n -= *skipped;
	if (text.n && text.p[text.n - 1] == '$' && (text.n < 2 || text.p[text.n - 2] != '\\'))
		text.n--;
	return text;
}

int pattern_regex(struct pattern *p, struct bytes text, size_t *at, struct err *err)
{
	struct reader r = { .pattern = p, .a = &p->automaton, .err = err };
	size_t skipped;
	uint32_t end;

	*p = (struct pattern){ .scratch = BUF_INIT };
	automaton_init(&p->automaton);
	r.text = without_anchors(text, &skipped);
	end = read_alternatives(&r, 0);
	if (goes_on(&r) && r.at < r.text.n)
		wrong(&r, r.at, ") closes nothing");
	buf_release(&r.scratch);
	if (r.rc < 0) {
		*at = r.wrong_at + skipped;
		pattern_release(p);
		return r.rc;
	}
	if (r.alternatives)
		p->nmust = 0;
	automaton_accept(&p->automaton, end, 0);
	return pattern_finish(p, text, at, err);
}
