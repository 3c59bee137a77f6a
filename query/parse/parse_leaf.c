#include "parse/dialect.h"

#include "text/chars.h"

#define PIECES_MOST 16 /* of one run with stars in it; a longer one is a word */

/* ---- between slashes ---- */

/* /colou?r/: no space inside, and nothing but an end behind it. Paths such as /usr/bin are words. */
bool regex_here(const struct parser *p, size_t *end)
{
	size_t at = p->at + 1;

	if (peek(p, 0) != '/' || p->scope.field)
		return false;
	while (at < p->text.n && !is_space(p->text.p[at]) && p->text.p[at] != '/')
		at += p->text.p[at] == '\\' && at + 1 < p->text.n && !is_space(p->text.p[at + 1]) ? 2 : 1;
	if (at >= p->text.n || p->text.p[at] != '/' || at == p->at + 1)
		return false;
	*end = ++at;
	return at >= p->text.n || is_space(p->text.p[at]) || strchr("()^", p->text.p[at]) || quote_at(p, at);
}

/* caps( ) and its kin compare the capitals of words, of nothing else. */
static struct query_node *refuse_in_caps(struct parser *p, size_t start)
{
	return refuse(p, place_from(p, start), "%s: caps(), allcaps() and nocaps() hold plain words",
		      shown(p, place_from(p, start)));
}

struct query_node *parse_regex(struct parser *p, size_t end)
{
	size_t start = p->at;

	p->at = end;
	if (p->scope.form)
		return refuse_in_caps(p, start);
	return new_node(p, QUERY_REGEX, bytes_of(p->text.p + start + 1, end - start - 2));
}

static struct query_node *new_field(struct parser *p, struct bytes value)
{
	struct query_node *n = new_node(p, QUERY_FIELD, value);

	n->field = p->scope.field;
	return n;
}

/* ---- words with stars ---- */

static bool is_word_char(struct bytes s, size_t at)
{
	size_t size;
	enum char_class c = char_class_at(s, at, &size);

	return c == CHAR_LETTER || c == CHAR_DIGIT || c == CHAR_CJK;
}

/* Does a star or a question mark stand for characters here? One at the very end asks something. */
static bool is_wildcard(struct bytes word, size_t at)
{
	if (word.p[at] == '*')
		return true;
	if (word.p[at] != '?')
		return false;
	while (at < word.n && (word.p[at] == '?' || word.p[at] == '*'))
		at++;
	return is_word_char(word, at);
}

static bool has_wildcards(struct bytes word)
{
	for (size_t at = 0; at < word.n; at++)
		if (is_wildcard(word, at))
			return true;
	return false;
}

/* Without what stands before the first word character or star. */
static struct bytes trim_start(struct bytes word)
{
	size_t at = 0, size;

	while (at < word.n && !is_word_char(word, at) && !is_wildcard(word, at)) {
		char_class_at(word, at, &size);
		at += size;
	}
	return bytes_of(word.p + at, word.n - at);
}

/* Without what follows the last word character or star; terror! keeps its mark. */
static struct bytes trim_end(struct bytes word)
{
	size_t end = 0;

	for (size_t at = 0, size; at < word.n; at += size) {
		enum char_class c = char_class_at(word, at, &size);

		if (c == CHAR_LETTER || c == CHAR_DIGIT || c == CHAR_CJK || c == CHAR_EXTEND ||
		    word.p[at] == '*')
			end = at + size;
	}
	if (end && end + 1 == word.n && word.p[end] == '!' && word.p[end - 1] != '*')
		end++;
	return bytes_of(word.p, end);
}

/* Can it stand inside a word, between two letters? */
static bool joins_letters(struct bytes word, size_t at, size_t *size)
{
	enum char_class c = char_class_at(word, at, size);

	return c == CHAR_LETTER || c == CHAR_DIGIT || c == CHAR_CJK || c == CHAR_EXTEND ||
	       c == CHAR_APOSTROPHE || c == CHAR_AMPERSAND || word.p[at] == '.' || is_wildcard(word, at);
}

/* `piece` with one star for several. */
static struct bytes single_stars(struct parser *p, struct bytes piece)
{
	struct bytes copy;
	uint8_t *to;
	size_t n = 0;

	if (!piece.n || !memmem(piece.p, piece.n, "**", 2))
		return piece;
	copy = arena_bytes(p->arena, piece);
	to = (uint8_t *)copy.p;
	for (size_t i = 0; i < piece.n; i++)
		if (piece.p[i] != '*' || !n || to[n - 1] != '*')
			to[n++] = piece.p[i];
	return bytes_of(to, n);
}

/* A word; in quotation marks, if by itself it would be an operator. */
static struct query_node *new_word(struct parser *p, struct bytes run)
{
	bool operates = bytes_is(run, "OR") || bytes_is(run, "AND") || bytes_is(run, "NOT");
	struct near_op op;

	return new_node(p,
			operates || near_word(run, &op) || (run.p[0] == '-' && run.n > 1 && run.p[1] != '-')
				? QUERY_STEMMED_PHRASE
				: QUERY_WORD,
			run);
}

/* One word of a run: a beginning, a pattern, or plain. */
static struct query_node *parse_piece(struct parser *p, struct bytes piece)
{
	struct query_node *n;

	piece = trim_end(trim_start(piece));
	if (!has_word_characters(piece))
		return NULL;
	if (!has_wildcards(piece)) {
		n = new_word(p, piece);
	} else {
		struct bytes text = single_stars(p, piece), stem = bytes_of(text.p, text.n - 1);

		n = text.p[text.n - 1] == '*' && !has_wildcards(stem) ? new_node(p, QUERY_PREFIX, stem)
								      : new_node(p, QUERY_PATTERN, text);
	}
	n->place = is_inside(p, piece) ? piece : BYTES_NONE;
	return n;
}

/* anti-wom?n: its words side by side, in order. NULL: there are too many, or none. */
static struct query_node *parse_pieces(struct parser *p, struct bytes word)
{
	static const struct near_op adjacent = { .ordered = true, .n = 1 };
	struct query_node *all = NULL;
	size_t at = 0, size, pieces = 0;

	while (at < word.n) {
		size_t start = at;
		struct query_node *n;

		while (at < word.n && joins_letters(word, at, &size))
			at += size;
		n = parse_piece(p, bytes_of(word.p + start, at - start));
		if (n && pieces++ == PIECES_MOST)
			return NULL;
		all = n && all ? near_join(p, &adjacent, all, n) : n ? n : all;
		while (at < word.n && !joins_letters(word, at, &size))
			at += size;
	}
	return all;
}

struct query_node *parse_wildcards(struct parser *p, struct bytes run)
{
	struct bytes word = trim_end(trim_start(run)), stem;
	struct prefix prefix;
	struct query_node *n;

	if (!word.n || memmem(word.p, word.n, "://", 3))
		return NULL;
	stem = bytes_of(word.p, word.n - 1);
	if ((word.p[word.n - 1] == '*' || word.p[word.n - 1] == '!') && !has_wildcards(stem) &&
	    !memchr(word.p, '(', word.n) && !memchr(word.p, ')', word.n) &&
	    !starts_with_prefix(word, &prefix))
		return new_node(p, QUERY_PREFIX, stem);
	if (word.p[word.n - 1] == '!') {
		word = arena_bytes(p->arena, word);
		((uint8_t *)word.p)[word.n - 1] = '*';
	}
	n = has_wildcards(word) ? parse_pieces(p, word) : NULL;
	if (n)
		n->place = run;
	return n;
}

/* ---- "climat* change": what a phrase cannot hold stands side by side with it ---- */

struct side_by_side {
	struct parser *p;
	enum query_kind kind;
	struct bytes text;
	struct query_node *all;
	struct bytes plain; /* words gathered for one phrase */
	uint32_t gap;       /* lone stars before the next piece */
};

static void add_piece(struct side_by_side *s, struct query_node *piece)
{
	struct near_op op = { .ordered = true, .n = s->gap + 1, .place = s->text };

	if (s->gap && s->all)
		note(s->p, "'*' beside a word with '*' of its own stands for one word or none");
	s->all = s->all ? near_join(s->p, &op, s->all, piece) : piece;
	s->gap = 0;
}

static void end_plain(struct side_by_side *s)
{
	struct query_node *n;
	uint32_t stars = 0;

	while (s->plain.n > 1 && s->plain.p[s->plain.n - 1] == '*' && is_space(s->plain.p[s->plain.n - 2])) {
		stars++;
		s->plain.n--;
		while (s->plain.n && is_space(s->plain.p[s->plain.n - 1]))
			s->plain.n--;
	}
	if (has_word_characters(s->plain)) {
		n = new_node(s->p, s->kind, s->plain);
		n->place = s->plain;
		add_piece(s, n);
	}
	s->plain = BYTES_NONE;
	s->gap += stars;
}

/* A word of a quotation that is a pattern; NULL if it is none. */
static struct query_node *quoted_pattern(struct parser *p, struct bytes word)
{
	if (p->dialect)
		return p->dialect->pattern(p, word);
	return has_wildcards(word) && has_word_characters(word) ? parse_wildcards(p, word) : NULL;
}

static struct query_node *parse_phrase(struct parser *p, struct bytes text, enum query_kind kind)
{
	struct side_by_side s = { .p = p, .kind = kind, .text = text };
	struct bytes rest = text, word;
	struct query_node *n;

	while (bytes_run(&rest, &word)) {
		n = quoted_pattern(p, word);
		if (n) {
			n->place = word;
			end_plain(&s);
			add_piece(&s, n);
		} else if (bytes_is(word, "*") && !s.plain.n) {
			s.gap++;
		} else {
			s.plain = bytes_of(s.plain.n ? s.plain.p : word.p, 0);
			s.plain.n = (size_t)(word.p + word.n - s.plain.p);
		}
	}
	if (!s.all) /* nothing but words */
		return new_node(p, kind, text);
	end_plain(&s);
	return s.all;
}

/* "..." from the opening mark on; an unclosed quotation runs to the end. */
struct query_node *parse_quoted(struct parser *p, bool stemmed)
{
	size_t begin = p->at, start;
	struct bytes text;

	p->at += quote_at(p, p->at);
	start = p->at;
	while (p->at < p->text.n && !quote_at(p, p->at))
		p->at++;
	text = place_from(p, start);
	if (p->at < p->text.n)
		p->at += quote_at(p, p->at);
	else
		note(p, "a quotation is not closed: it is read to the end");
	if (p->scope.field)
		return bytes_trim(text).n ? new_field(p, bytes_trim(text)) : NULL;
	if (!has_word_characters(text))
		return NULL;
	if (p->scope.form)
		return refuse_in_caps(p, begin);
	return parse_phrase(p, text, stemmed ? QUERY_STEMMED_PHRASE : QUERY_PHRASE);
}

/* ---- what stands before a parenthesis ---- */

static struct query_node *parse_cased(struct parser *p, struct bytes run)
{
	struct query_node *n = new_node(p, QUERY_CASED, run);

	n->form = p->scope.form;
	return n;
}

/* allcaps(OR) is a word, too. */
static struct query_node *parse_cased_operator(struct parser *p)
{
	struct bytes run = run_at(p, p->at + 1);
	size_t end = p->at + 1 + run.n;
	struct near_op op;

	if (end >= p->text.n || p->text.p[end] != ')' ||
	    !(bytes_is(run, "OR") || bytes_is(run, "AND") || bytes_is(run, "NOT") || near_word(run, &op)))
		return NULL;
	p->at = end + 1;
	return parse_cased(p, run);
}

static struct query_node *parse_caps(struct parser *p, enum query_form form)
{
	struct scope outer = p->scope;
	struct query_node *n;

	p->scope.form = form;
	n = parse_cased_operator(p);
	if (!n)
		n = parse_group(p);
	p->scope = outer;
	return n;
}

static struct query_node *parse_at_least(struct parser *p, size_t start, uint32_t n)
{
	struct query_node *child = parse_group(p);

	return child && p->rc == 0 ? at_least(p, n, child, place_from(p, start)) : NULL;
}

static struct query_node *parse_some_of(struct parser *p, size_t start, uint32_t least)
{
	struct query_node *n = new_node(p, QUERY_SOME_OF, BYTES_NONE);
	uint32_t count = 0;

	n->n = least;
	if (!enter_group(p))
		return NULL;
	for (;;) {
		struct query_node *child;
		struct near_op op;

		skip_spaces(p);
		if (p->rc < 0 || p->at >= p->text.n || (peek(p, 0) == ')' && group_ends(p)))
			break;
		if (keyword(p, "OR") || keyword(p, "AND") || keyword(p, "NOT") || minus_here(p))
			return refuse(p, bytes_of(p->text.p + p->at, minus_here(p) ? 1 : run_at(p, p->at).n),
				      "%uof( ) counts the words, quotations and groups between its "
				      "parentheses: put "
				      "OR and AND into parentheses of their own, NOT outside",
				      least);
		if (near_here(p, &op)) {
			skip_operator(p, &op, "before");
			continue;
		}
		child = parse_near(p);
		if (child)
			add_child(n, child);
		count += child != NULL;
	}
	leave_group(p);
	n->place = place_from(p, start);
	if (p->rc == 0 && count < least)
		return refuse(p, n->place, "%uof( ) holds only %u: it could never be true", least, count);
	return n;
}

/* caps(, atleast5(, 3of( and the like from `run` on, which ends before the parenthesis. False: it
 * is a word. */
static bool parse_call(struct parser *p, struct bytes run, struct query_node **n)
{
	static const char *const forms[] = { "caps", "allcaps", "nocaps", NULL };
	struct bytes digits = run;
	size_t start = p->at;
	uint32_t count;

	if (p->at + run.n >= p->text.n || p->text.p[p->at + run.n] != '(' || p->scope.field)
		return false;
	for (int i = 0; forms[i]; i++) {
		if (!bytes_is_nocase(run, forms[i]))
			continue;
		p->at += run.n;
		*n = parse_caps(p, (enum query_form)(i + 1));
		return true;
	}
	if (run.n > 7 && bytes_is_nocase(bytes_of(run.p, 7), "atleast"))
		digits = bytes_of(run.p + 7, run.n - 7);
	else if (run.n > 2 && bytes_is_nocase(bytes_of(run.p + run.n - 2, 2), "of"))
		digits.n -= 2;
	else
		return false;
	if (!ascii_is_digit(digits.p[0]))
		return false;
	p->at += run.n;
	if (!parse_natural(digits, NEAR_MOST, &count))
		*n = refuse(p, run, "%s( ) wants a number from 1 to 9999", shown(p, run));
	else
		*n = digits.p == run.p ? parse_some_of(p, start, count) : parse_at_least(p, start, count);
	return true;
}

/* ---- words ---- */

/* What stands before ^2 at the end of a run; the whole run if nothing does. 10^6 is a number. */
static struct bytes without_boost(struct bytes run)
{
	for (;;) {
		size_t at = run.n, digits = 0;

		while (at > 0 && run.p[at - 1] != '^')
			at--;
		if (at < 2 || boost_length(bytes_of(run.p + at - 1, run.n - at + 1)) != run.n - at + 1)
			return run;
		at--;
		while (digits < at && ascii_is_digit(run.p[digits]))
			digits++;
		if (digits == at)
			return run;
		run.n = at;
	}
}

/* word~1: *text gets the word. False if it is none. */
static bool parse_edits(struct bytes run, struct bytes *text, uint32_t *edits)
{
	struct prefix prefix;

	if (run.n < 3 || run.p[run.n - 2] != '~' || !ascii_is_digit(run.p[run.n - 1]))
		return false;
	*text = bytes_of(run.p, run.n - 2);
	*edits = (uint32_t)(run.p[run.n - 1] - '0');
	return is_word_char(*text, 0) && !starts_with_prefix(*text, &prefix);
}

static struct query_node *parse_fuzzy(struct parser *p, struct bytes run, struct bytes text, uint32_t edits)
{
	struct query_node *n = new_node(p, QUERY_FUZZY, text);

	if (edits < 1 || edits > 2)
		return refuse(p, bytes_of(run.p + text.n, 2), "%s: ~1 or ~2 says how many letters may differ",
			      shown(p, run));
	n->n = edits;
	return n;
}

static struct query_node *parse_exact(struct parser *p, struct bytes run)
{
	struct bytes text = bytes_of(run.p + 1, run.n - 1), base;
	struct query_node *n;
	uint32_t edits;

	if (parse_edits(text, &base, &edits))
		n = parse_fuzzy(p, text, base, edits);
	else
		n = parse_wildcards(p, text);
	if (n)
		note(p, "'=' before '%s' is ignored: it compares written forms anyway", shown(p, text));
	return n ? n : new_node(p, QUERY_EXACT, text);
}

/* What in caps(-title:x) is the word. */
static struct bytes without_prefixes(struct bytes run)
{
	struct bytes word = trim_start(run);
	struct prefix prefix;

	while (starts_with_prefix(word, &prefix) &&
	       has_word_characters(bytes_of(word.p + prefix.word.n, word.n - prefix.word.n)))
		word = trim_start(bytes_of(word.p + prefix.word.n, word.n - prefix.word.n));
	if (starts_with_prefix(word, &prefix))
		word.n = prefix.word.n - 1;
	return word;
}

/* A word: plain, with =, with *, with ~, or the name of what a parenthesis holds. */
struct query_node *parse_word(struct parser *p)
{
	struct bytes run = run_at(p, p->at), text;
	struct query_node *n;
	uint32_t edits;

	if (parse_call(p, run, &n))
		return n;
	if (!p->scope.field)
		run = without_boost(run);
	p->at += run.n;
	if (p->scope.field)
		return run.n ? new_field(p, run) : NULL;
	if (bytes_is(run, "*") && !p->scope.form)
		return new_node(p, QUERY_ALL, run);
	if (!has_word_characters(run))
		return NULL;
	note_near_field(p, run);
	if (p->scope.form && (has_wildcards(run) || run.p[0] == '='))
		return refuse_in_caps(p, (size_t)(run.p - p->text.p));
	if (p->scope.form)
		return parse_cased(p, without_prefixes(run));
	if (run.p[0] == '=')
		return parse_exact(p, run);
	if (parse_edits(run, &text, &edits))
		return parse_fuzzy(p, run, text, edits);
	n = parse_wildcards(p, run);
	return n ? n : new_word(p, run);
}
