#include "generate/prose.h"

#include "text/utf8.h"

#include <stdio.h>
#include <utf8proc.h>

/* ---- the grammar ----
 *
 * A line is one way to write the symbol it begins with; the number weighs it among the ways.
 * In the text a capital is a symbol to expand, `$` and a letter a word to draw (put_word),
 * `^` makes a capital of the next letter, `@` is "a" or "an", `<` and `>` are quotation
 * marks. All else is written as it stands.
 */
struct way {
	char symbol;
	uint8_t weight;
	const char *text;
};

static const struct way grammar[] = {
	/* S: a sentence */
	{ 'S', 13, "C G." },
	{ 'S', 20, "C, J C." },
	{ 'S', 14, "C T." },
	{ 'S', 12, "L, C G." },
	{ 'S', 12, "C G, A." },
	{ 'S', 16, "L, C, J C." },
	{ 'S', 10, "H said C T." },
	{ 'S', 9, "H said that C J C." },
	{ 'S', 9, "<^C G,> A. <^C T.>" },
	{ 'S', 8, "<^C J C,> A." },
	{ 'S', 3, "<^C?> $p asked G." },
	{ 'S', 6, "the $n, which P, P G." },
	{ 'S', 3, "there $i $# $s G, and C." },
	{ 'S', 2, "but C; C T." },
	{ 'S', 1, "why did N $v N?" },
	{ 'S', 2, "$$ was set aside for N, or $% of the $n." },

	/* C: a clause; P: what it says of one, Q of several */
	{ 'C', 46, "N P" },
	{ 'C', 18, "U Q" },
	{ 'C', 16, "H P" },
	{ 'C', 5, "it P" },
	{ 'C', 4, "they Q" },
	{ 'C', 5, "it was $a that N P" },
	{ 'C', 3, "there was $q $n G" },
	{ 'P', 16, "$d N" },
	{ 'P', 12, "$d N G" },
	{ 'P', 10, "will $v N G" },
	{ 'P', 9, "has $d N" },
	{ 'P', 8, "had been $d by N" },
	{ 'P', 8, "was $d G" },
	{ 'P', 6, "would not $v N" },
	{ 'P', 8, "is $g N" },
	{ 'P', 5, "is $g to $v N" },
	{ 'P', 6, "is @ $a $n G" },
	{ 'P', 5, "was $a G G" },
	{ 'P', 4, "$y $d N" },
	{ 'P', 4, "$d to $v N" },
	{ 'P', 4, "has $d $# $s G" },
	{ 'P', 3, "could $v N and $v N" },
	{ 'P', 3, "$d by $% to $$" },
	{ 'P', 2, "$d that N P" },
	{ 'Q', 10, "have $d N" },
	{ 'Q', 8, "$d N G" },
	{ 'Q', 7, "were $d G" },
	{ 'Q', 6, "are $g N" },
	{ 'Q', 5, "will $v N G" },
	{ 'Q', 4, "are $a G" },
	{ 'Q', 3, "did not $v N" },

	/* N: a thing; U: several */
	{ 'N', 22, "the $n" },
	{ 'N', 10, "the $a $n" },
	{ 'N', 8, "@ $n" },
	{ 'N', 6, "@ $a $n" },
	{ 'N', 12, "the $n of N" },
	{ 'N', 9, "$q $n" },
	{ 'N', 10, "the $k" },
	{ 'N', 5, "$k" },
	{ 'N', 10, "$o" },
	{ 'N', 4, "$c" },
	{ 'N', 2, "$b" },
	{ 'N', 12, "U" },
	{ 'N', 3, "the $n's $n" },
	{ 'N', 6, "the $n G" },
	{ 'N', 2, "the $n-$d $n" },
	{ 'N', 2, "the $#-year-old $n" },
	{ 'N', 3, "one of the $s" },
	{ 'N', 2, "$c's $n" },
	{ 'U', 10, "the $s" },
	{ 'U', 9, "$s" },
	{ 'U', 7, "$a $s" },
	{ 'U', 4, "the $n and the $n" },
	{ 'U', 3, "$# $s" },
	{ 'U', 3, "$s and $s" },
	{ 'U', 3, "many of the $s" },

	/* H: a person */
	{ 'H', 30, "$p" },
	{ 'H', 9, "$p, the $a $n" },
	{ 'H', 6, "$p, @ $n G" },
	{ 'H', 5, "@ $n for $o" },
	{ 'H', 5, "the $n" },
	{ 'H', 6, "he" },
	{ 'H', 6, "she" },

	/* G: where, when, with what */
	{ 'G', 18, "in $c" },
	{ 'G', 12, "in N" },
	{ 'G', 10, "of N" },
	{ 'G', 8, "for N" },
	{ 'G', 8, "with N" },
	{ 'G', 7, "at $o" },
	{ 'G', 6, "on $w" },
	{ 'G', 6, "from N" },
	{ 'G', 5, "to N" },
	{ 'G', 4, "by N" },
	{ 'G', 3, "in $m" },
	{ 'G', 3, "about N" },
	{ 'G', 3, "since $j" },
	{ 'G', 2, "in $j" },
	{ 'G', 2, "after N" },

	/* A: who said it */
	{ 'A', 20, "$p said" },
	{ 'A', 10, "said $p, @ $n for $o" },
	{ 'A', 8, "H said" },
	{ 'A', 6, "according to H" },
	{ 'A', 4, "H told reporters" },
	{ 'A', 3, "H added" },
	{ 'A', 3, "the $n said in @ statement" },

	/* L: how a sentence opens; T: how it trails off; J: what joins two clauses */
	{ 'L', 6, "on $w" },
	{ 'L', 4, "in $m" },
	{ 'L', 4, "in $c" },
	{ 'L', 3, "at the same time" },
	{ 'L', 3, "for the first time in $# years" },
	{ 'L', 2, "at the end of the day" },
	{ 'L', 3, "in addition to N" },
	{ 'L', 2, "as a result" },
	{ 'L', 3, "after $g N" },
	{ 'L', 3, "last week" },
	{ 'L', 2, "however" },
	{ 'L', 2, "in the wake of N" },
	{ 'L', 2, "according to the $n" },
	{ 'T', 6, "as well as N" },
	{ 'T', 6, "because of N" },
	{ 'T', 5, "in order to $v N" },
	{ 'T', 5, "over the past $# years" },
	{ 'T', 5, "at the time of the $n" },
	{ 'T', 4, "more than $# years ago" },
	{ 'T', 4, "on behalf of $o" },
	{ 'T', 4, "by the end of the year" },
	{ 'T', 4, "without $g N" },
	{ 'J', 12, "and" },
	{ 'J', 8, "but" },
	{ 'J', 7, "while" },
	{ 'J', 6, "as" },
	{ 'J', 5, "because" },
	{ 'J', 4, "after" },
	{ 'J', 4, "although" },
	{ 'J', 3, "if" },
	{ 'J', 3, "so" },
	{ 'J', 2, "or" },

	/* X: a headline */
	{ 'X', 18, "$a $n $t $s G" },
	{ 'X', 14, "$p $t $k in $c after $n" },
	{ 'X', 12, "$o to $v $n after $a $n" },
	{ 'X', 10, "$c $n $d over $k in $n G" },
	{ 'X', 10, "$p: <^C>" },
	{ 'X', 8, "$# $s $d in $c $n as $p $t $n" },
	{ 'X', 8, "$n $t as $o $t $a $s" },
	{ 'X', 6, "why the $k could $v $c and $o" },
	{ 'X', 6, "$k: $a $s and @ $n $d" },
	{ 'X', 6, "$c $n $t $% for $a $n, says $o" },
};

#define WAYS (sizeof grammar / sizeof *grammar)

/* Where the ways of each symbol begin in the table, and their weights' sum. */
static struct {
	uint16_t first, weight;
} symbols[26];

static void index_grammar(void)
{
	for (size_t i = WAYS; i-- > 0;) {
		symbols[grammar[i].symbol - 'A'].first = (uint16_t)i;
		symbols[grammar[i].symbol - 'A'].weight += grammar[i].weight;
	}
}

static const char *choose_way(struct prose *p, char symbol)
{
	uint32_t at = rng_below(&p->rng, symbols[symbol - 'A'].weight);
	const struct way *way = &grammar[symbols[symbol - 'A'].first];

	for (; at >= way->weight; way++)
		at -= way->weight;
	return way->text;
}

/* ---- topics ---- */

static const uint8_t topic_sizes[LEMMA_KINDS] = { TOPIC_WORDS, 12, 12, 8, 8, 5 };

static uint64_t bounded(uint64_t rank, uint32_t vocabulary)
{
	return vocabulary ? rank % vocabulary : rank;
}

/* Every lemma is at home in one section. One that is at home elsewhere is mostly drawn
 * again, so that a section has its own words about three times as often as others have. */
static uint64_t draw_in_section(struct rng *r, enum lemma_kind kind, uint32_t section, uint32_t vocabulary)
{
	uint64_t rank = lexicon_draw(r, kind);

	for (int tries = 0; tries < 3; tries++) {
		uint32_t home = (uint32_t)(rank * UINT64_C(0x9E3779B97F4A7C15) >> 32) % SECTIONS;

		if (home == section || rng_one_in(r, 3))
			break;
		rank = lexicon_draw(r, kind);
	}
	return bounded(rank, vocabulary);
}

void topic_make(struct topic *t, uint64_t seed, uint32_t vocabulary, const struct script *script)
{
	struct rng r = rng_for(seed, 0);

	t->seed = seed;
	t->script = script;
	t->section = rng_below(&r, SECTIONS);
	for (int kind = 0; kind < LEMMA_KINDS; kind++)
		for (uint32_t i = 0; i < topic_sizes[kind]; i++)
			t->words[kind][i] =
				draw_in_section(&r, (enum lemma_kind)kind, t->section, vocabulary);
	for (uint32_t i = 0; i < TOPIC_PHRASES; i++) {
		t->phrases[i][0] = t->words[ADJECTIVE][rng_below(&r, topic_sizes[ADJECTIVE])];
		t->phrases[i][1] = t->words[NOUN][rng_below(&r, TOPIC_WORDS)];
	}
}

/* ---- words ---- */

/* One of n, the first ones more often. */
static uint32_t skewed(struct rng *r, uint32_t n)
{
	uint32_t a = rng_below(r, n), b = rng_below(r, n);

	return a < b ? a : b;
}

/* Of 100 words: so many are the topic's, and so many repeat this article's own. */
#define FROM_TOPIC    18u
#define FROM_HEADLINE 80u /* in a headline */
#define FROM_MEMORY   11u

static uint64_t choose_lemma(struct prose *p, enum lemma_kind kind)
{
	uint32_t at = rng_below(&p->rng, 100), topic = p->headline ? FROM_HEADLINE : FROM_TOPIC;
	uint32_t *n = &p->nused[kind];
	uint64_t rank;

	if (at < topic)
		return p->topic->words[kind][skewed(&p->rng, topic_sizes[kind])];
	if (at < topic + FROM_MEMORY && *n)
		return p->used[kind][rng_below(&p->rng, *n < PROSE_MEMORY ? *n : PROSE_MEMORY)];
	rank = draw_in_section(&p->rng, kind, p->topic->section, p->vocabulary);
	p->used[kind][(*n)++ % PROSE_MEMORY] = rank;
	return rank;
}

static void add_space(struct prose *p)
{
	if (p->space)
		buf_add_byte(p->out, ' ');
	p->space = false;
}

/* Of the word that begins at `start`: its capital, the "n" of the "an" before it. */
static void end_word(struct prose *p, size_t start)
{
	uint8_t *c = p->out->p + start;

	if (p->capital && *c >= 'a' && *c <= 'z')
		*c = (uint8_t)(*c - 32);
	p->capital = false;
	p->words++;
	if (!p->article)
		return;
	p->article = false;
	if (!strchr("aeiouAEIO8", *c))
		return;
	buf_add_byte(p->out, 0);
	memmove(p->out->p + start, p->out->p + start - 1, p->out->n - start);
	p->out->p[start - 1] = 'n';
}

static void put_lemma_of(struct prose *p, enum lemma_kind kind, uint64_t rank, enum lemma_form form)
{
	size_t start;

	add_space(p);
	start = p->out->n;
	lexicon_add(p->out, kind, rank, form);
	end_word(p, start);
}

static void put_text(struct prose *p, const char *text)
{
	size_t start;

	add_space(p);
	start = p->out->n;
	buf_add_str(p->out, text);
	end_word(p, start);
}

static void put_lemma(struct prose *p, enum lemma_kind kind, enum lemma_form form)
{
	if (p->oddities && draw_chance(&p->rng, p->oddities))
		put_text(p, lexicon_oddity(rng_next(&p->rng)));
	else
		put_lemma_of(p, kind, choose_lemma(p, kind), form);
}

/* A word, and another one after it. */
static void put_before(struct prose *p, enum lemma_kind kind, uint64_t rank)
{
	put_lemma_of(p, kind, rank, FORM_PLAIN);
	p->space = true;
}

static void put_text_before(struct prose *p, const char *text)
{
	put_text(p, text);
	p->space = true;
}

/* Somebody whom only this article names. */
static void put_bystander(struct prose *p)
{
	put_before(p, GIVEN_NAME, choose_lemma(p, GIVEN_NAME));
	put_lemma_of(p, SURNAME, choose_lemma(p, SURNAME), FORM_PLAIN);
}

/* One of the story's persons: in full when first met, then by the surname. */
static void put_person(struct prose *p)
{
	uint32_t i = skewed(&p->rng, topic_sizes[SURNAME]);
	bool met = p->met >> i & 1;

	if (!p->headline) {
		if (rng_below(&p->rng, 10) < 3) {
			put_bystander(p);
			return;
		}
		if (!met)
			put_before(p, GIVEN_NAME, p->topic->words[GIVEN_NAME][i]);
		else if (rng_one_in(&p->rng, 3))
			put_text_before(p, i & 1 ? "Mr" : "Ms");
		p->met |= 1u << i;
	}
	put_lemma_of(p, SURNAME, p->topic->words[SURNAME][i], FORM_PLAIN);
}

/* "the Skelby Harbour Board", the same words after the same name. */
static void put_organisation(struct prose *p)
{
	static const char *const what[16] = {
		"Council",   "Police",     "University", "Harbour Board", "Times",   "Bank",
		"Group",     "Union",      "Party",      "Ministry",      "Company", "School District",
		"Institute", "City Court", "Hospital",   "Energy Corp.",
	};
	bool place = rng_one_in(&p->rng, 2);
	enum lemma_kind kind = place ? PLACE : SURNAME;
	uint64_t rank = choose_lemma(p, kind);

	if (place && !p->headline)
		put_text_before(p, "the");
	put_before(p, kind, rank);
	put_text(p, what[(rank * UINT64_C(0x9E3779B97F4A7C15)) >> 60]);
}

/* An adjective and a noun that go together: the topic's, or one of the language's. */
static void put_collocation(struct prose *p)
{
	static const struct zipf law = { 40, 9, 1500 };
	uint64_t own[2];
	const uint64_t *pair = p->topic->phrases[skewed(&p->rng, TOPIC_PHRASES)];

	if (rng_below(&p->rng, 10) < 4) {
		struct rng r = rng_for(LEMMA_KINDS + SCRIPTS, draw_rank(&p->rng, &law));

		own[0] = bounded(lexicon_draw(&r, ADJECTIVE), p->vocabulary);
		own[1] = bounded(lexicon_draw(&r, NOUN), p->vocabulary);
		pair = own;
	}
	put_before(p, ADJECTIVE, pair[0]);
	put_lemma_of(p, NOUN, pair[1], FORM_PLAIN);
}

/* Small numbers are far more frequent than large ones, first digits too (Benford). */
static uint32_t small_number(struct prose *p)
{
	return 2 + draw_one_of(&p->rng, rng_one_in(&p->rng, 6) ? 100000 : 60);
}

static void put_number(struct prose *p, char what)
{
	static const char *const words[] = {
		"two", "three", "four", "five", "six", "seven", "eight", "nine"
	};
	uint32_t n = small_number(p);
	bool plain = rng_one_in(&p->rng, 2);
	char text[32];

	if (what == '%')
		snprintf(text, sizeof text, plain ? "%u%%" : "%u.%u%%", n % 100, n % 10);
	else if (what == '$')
		snprintf(text, sizeof text, plain ? "$%u million" : "$%u.%ubn", n, n % 10);
	else if (what == 'j')
		snprintf(text, sizeof text, "%u", 2024 - draw_one_of(&p->rng, 120));
	else if (n < 10)
		snprintf(text, sizeof text, "%s", words[n - 2]);
	else if (n < 1000)
		snprintf(text, sizeof text, "%u", n);
	else
		snprintf(text, sizeof text, "%u,%03u", n / 1000, n % 1000);
	put_text(p, text);
}

static void put_one_of(struct prose *p, const char *const *list, uint32_t n)
{
	put_text(p, list[rng_below(&p->rng, n)]);
}

#define PUT_ONE_OF(p, list) put_one_of(p, list, sizeof(list) / sizeof *(list))

/* The word that a `$` and this letter stand for. */
static void put_word(struct prose *p, char what)
{
	static const char *const determiners[] = { "this", "its",  "their", "his", "her", "that", "any",
						   "no",   "some", "each",  "our", "my",  "every" };
	static const char *const auxiliaries[] = { "are", "were", "have been", "had been", "will be" };
	static const char *const abbreviations[] = { "U.S.",   "U.K.", "U.N.",  "E.U.",
						     "C.E.O.", "D.C.", "A.M.A." };
	static const char *const weekdays[] = { "Monday", "Tuesday",  "Wednesday", "Thursday",
						"Friday", "Saturday", "Sunday" };
	static const char *const months[] = { "January",   "February", "March",    "April",
					      "May",       "June",     "July",     "August",
					      "September", "October",  "November", "December" };

	switch (what) {
	case 'n': put_lemma(p, NOUN, FORM_PLAIN); break;
	case 's': put_lemma(p, NOUN, FORM_PLURAL); break;
	case 'v': put_lemma(p, VERB, FORM_PLAIN); break;
	case 't': put_lemma(p, VERB, rng_one_in(&p->rng, 3) ? FORM_PAST : FORM_PLURAL); break;
	case 'd': put_lemma(p, VERB, FORM_PAST); break;
	case 'g': put_lemma(p, VERB, FORM_ING); break;
	case 'a': put_lemma(p, ADJECTIVE, FORM_PLAIN); break;
	case 'y': put_lemma(p, ADJECTIVE, FORM_ADVERB); break;
	case 'c': put_lemma(p, PLACE, FORM_PLAIN); break;
	case 'p': put_person(p); break;
	case 'o': put_organisation(p); break;
	case 'k': put_collocation(p); break;
	case 'q': PUT_ONE_OF(p, determiners); break;
	case 'i': PUT_ONE_OF(p, auxiliaries); break;
	case 'b': PUT_ONE_OF(p, abbreviations); break;
	case 'w': PUT_ONE_OF(p, weekdays); break;
	case 'm': PUT_ONE_OF(p, months); break;
	default: put_number(p, what); break;
	}
}

/* ---- sentences ---- */

#define DEPTH_MAX 12 /* of symbols within symbols; the first way of each ends soon */

static void put_quote(struct prose *p, bool opens)
{
	if (opens)
		add_space(p);
	buf_add_str(p->out, !p->curly ? "\"" : opens ? "“" : "”");
}

/* Write a run of small letters as a word. Returns what follows it. */
static const char *put_literal(struct prose *p, const char *text)
{
	char word[24];
	size_t n = 0;

	while (*text >= 'a' && *text <= 'z' && n + 1 < sizeof word)
		word[n++] = *text++;
	word[n] = '\0';
	put_text(p, word);
	return text;
}

static void expand(struct prose *p, const char *text, unsigned depth)
{
	while (*text) {
		char c = *text++;

		if (c >= 'A' && c <= 'Z')
			expand(p, depth < DEPTH_MAX ? choose_way(p, c) : grammar[symbols[c - 'A'].first].text,
			       depth + 1);
		else if (c >= 'a' && c <= 'z')
			text = put_literal(p, text - 1);
		else if (c == '$')
			put_word(p, *text++);
		else if (c == ' ')
			p->space = true;
		else if (c == '^')
			p->capital = true;
		else if (c == '<' || c == '>')
			put_quote(p, c == '<');
		else if (c == '@')
			put_text(p, "a"), p->article = true;
		else
			buf_add_byte(p->out, (uint8_t)c);
	}
}

/* The character at `start` as a capital, where its script has such of the same length. */
static void raise_first(struct buf *out, size_t start)
{
	uint32_t c;
	size_t n = utf8_decode(out->p + start, out->p + out->n, &c);
	uint8_t upper[4];

	if (utf8_encode(upper, (uint32_t)utf8proc_toupper((utf8proc_int32_t)c)) == n)
		memcpy(out->p + start, upper, n);
}

static void put_foreign_word(struct prose *p)
{
	uint64_t rank = choose_lemma(p, NOUN);

	script_add_word(p->out, p->topic->script, rank, rng_one_in(&p->rng, 2));
}

/* `n` words of another language, small ones and others by turns. */
static void put_foreign(struct prose *p, uint32_t n)
{
	const struct script *s = p->topic->script;

	for (; n; n--) {
		size_t start;

		if (p->space)
			buf_add_str(p->out, s->space);
		start = p->out->n;
		p->space = true;
		p->words++;
		if (rng_below(&p->rng, 10) < 4)
			buf_add_str(p->out, s->small[draw_one_of(&p->rng, 16)]);
		else if (rng_one_in(&p->rng, 40))
			buf_addf(p->out, "%u", small_number(p));
		else
			put_foreign_word(p);
		if (p->capital)
			raise_first(p->out, start);
		p->capital = false;
		if (n > 4 && rng_one_in(&p->rng, 9)) {
			buf_add_str(p->out, s->comma);
			p->space = false;
		}
	}
}

static void put_foreign_sentence(struct prose *p)
{
	const struct script *s = p->topic->script;
	bool quoted = rng_one_in(&p->rng, 8);

	p->space = false;
	if (quoted)
		buf_add_str(p->out, s->open);
	put_foreign(p, rng_range(&p->rng, 5, 30));
	if (quoted)
		buf_add_str(p->out, s->close);
	buf_add_str(p->out, s->stop);
}

void prose_init(struct prose *p, const struct topic *t, uint64_t seed, struct buf *out)
{
	if (!symbols[0].weight)
		index_grammar();
	*p = (struct prose){ .topic = t, .out = out, .rng = rng_for(seed, 1) };
	p->curly = rng_one_in(&p->rng, 2);
}

void prose_headline(struct prose *p)
{
	p->headline = p->capital = true;
	p->space = false;
	if (p->topic->script)
		put_foreign(p, rng_range(&p->rng, 4, 9));
	else
		expand(p, "X", 6);
	p->headline = false;
}

void prose_sentence(struct prose *p)
{
	p->capital = true;
	if (p->topic->script)
		put_foreign_sentence(p);
	else
		expand(p, "S", 0);
}

void prose_paragraph(struct prose *p)
{
	p->space = false;
	for (uint32_t n = 1 + draw_one_of(&p->rng, 4); n; n--) {
		prose_sentence(p);
		p->space = n > 1;
	}
	if (p->out->p[p->out->n - 1] == ' ')
		p->out->n--;
}

void prose_teaser(struct prose *p)
{
	p->space = false;
	p->capital = true;
	if (p->topic->script)
		put_foreign(p, 9);
	else
		expand(p, "C", 6);
}
