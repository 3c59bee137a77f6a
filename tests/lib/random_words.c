#include "lib/random_words.h"

#include "base/mem.h"

#include <stdlib.h>

#define FORMS 8u /* written forms of a lemma, some of them equal: drawn by three bits */
/* A lemma and how it bends: n noun, v verb, p name, f function word. */
struct base_word {
	char kind;
	const char *word;
};

/* Commonest first, kinds mixed, so that the first few make a small vocabulary worth testing. */
static const struct base_word base_words[] = {
	{ 'f', "the" },          { 'n', "bank" },       { 'f', "of" },         { 'n', "gate" },
	{ 'p', "Gates" },        { 'f', "to" },         { 'v', "sanction" },   { 'f', "and" },
	{ 'p', "Banks" },        { 'f', "in" },         { 'v', "report" },     { 'n', "universe" },
	{ 'f', "said" },         { 'n', "university" }, { 'f', "a" },          { 'v', "vote" },
	{ 'p', "Times" },        { 'n', "time" },       { 'f', "that" },       { 'n', "minister" },
	{ 'f', "for" },          { 'v', "strike" },     { 'n', "union" },      { 'f', "it" },
	{ 'n', "mine" },         { 'f', "on" },         { 'n', "government" }, { 'f', "was" },
	{ 'n', "council" },      { 'f', "is" },         { 'p', "Brown" },      { 'f', "with" },
	{ 'n', "river" },        { 'v', "flood" },      { 'f', "by" },         { 'n', "country" },
	{ 'f', "as" },           { 'v', "market" },     { 'n', "share" },      { 'f', "at" },
	{ 'n', "company" },      { 'f', "from" },       { 'v', "trade" },      { 'p', "Reagan" },
	{ 'f', "be" },           { 'n', "policy" },     { 'n', "police" },     { 'v', "organise" },
	{ 'n', "organisation" }, { 'n', "organ" },      { 'f', "has" },        { 'n', "general" },
	{ 'n', "generation" },   { 'v', "generate" },   { 'p', "May" },        { 'f', "may" },
	{ 'n', "party" },        { 'f', "not" },        { 'v', "elect" },      { 'n', "election" },
	{ 'n', "court" },        { 'v', "judge" },      { 'f', "its" },        { 'p', "Turkey" },
	{ 'n', "turkey" },       { 'v', "import" },     { 'f', "important" },  { 'n', "oil" },
	{ 'n', "price" },        { 'v', "rise" },       { 'n', "dollar" },     { 'f', "an" },
	{ 'v', "export" },       { 'n', "wheat" },      { 'n', "tonne" },      { 'f', "this" },
	{ 'p', "London" },       { 'n', "harbour" },    { 'n', "ferry" },      { 'v', "sail" },
	{ 'f', "their" },        { 'n', "school" },     { 'v', "teach" },      { 'n', "teacher" },
	{ 'n', "child" },        { 'f', "would" },      { 'p', "Marks" },      { 'v', "mark" },
	{ 'n', "news" },         { 'n', "paper" },      { 'f', "were" },       { 'v', "charge" },
	{ 'n', "army" },         { 'v', "arm" },        { 'n', "weapon" },     { 'f', "have" },
	{ 'n', "hospital" },     { 'n', "doctor" },     { 'v', "treat" },      { 'n', "treaty" },
	{ 'f', "but" },          { 'n', "reserve" },    { 'p', "Paris" },      { 'n', "rate" },
	{ 'v', "rat" },
};

#define NBASE (sizeof base_words / sizeof *base_words)

/* clang-format off */
static const char *const oddities[] = {
	"COVID-19", "covid 19", "covid19",  "Covid-19's", "e-mail",	"email",	"e mail",   "E-Mails",
	"F-35",	    "F35",	"O'Brien",  "O’Brien",	  "OBrien",	"O'Brien's",	"o’briens", "AT&T",
	"AT T",	    "at&t",	"R&D",	    "R D",	  "R&R",	"U.S.",		"U.S.'s",   "us",
	"C.E.O.s",  "$5bn",	"$5 bn",    "1,000",	  "1000",	"3.5%",		"3.5",	    "12%",
	"résumé",   "resume",	"Zoë",	    "Zoe",	  "Zoë's",	"café",		"naïve",    "Łódź",
	"Lodz",	    "co-operate", "cooperate", "re-elect", "Jean-Luc", "Smith/Jones", "COVID-19/flu", "1990s",
	"20th",	    "£3.50",	"五輪",	    "東京五輪",	  "東京",	"京",		"東",	    "京都大学",
	"don't",    "Hawaiʻi",	"state-of-the-art", "twenty-five", "O'Brien-Smith", "MH370", "@gates", "#vote",
};
/* clang-format on */

#define NODDITIES (sizeof oddities / sizeof *oddities)

struct alias {         /* a column of Vose's table */
	uint32_t keep; /* of 2^32: how often its own lemma is drawn */
	uint32_t other;
};

/* A word of one to three syllables. */
static void invent_word(struct rng *r, struct buf *out)
{
	static const char *const starts[] = { "b", "br", "c", "ch", "d",  "f", "g", "gr", "h", "l",
					      "m", "n",  "p", "pl", "qu", "r", "s", "st", "t", "v" };
	static const char *const vowels[] = { "a", "e", "i", "o", "u", "ea", "ou", "ai" };
	static const char *const ends[] = {
		"", "n", "r", "l", "s", "t", "nd", "rk", "m", "ck", "tion", "ment"
	};

	buf_reset(out);
	for (uint32_t n = rng_range(r, 1, 3); n; n--) {
		buf_add_str(out, starts[rng_below(r, 20)]);
		buf_add_str(out, vowels[rng_below(r, 8)]);
	}
	buf_add_str(out, ends[rng_below(r, 12)]);
}

/* `word` with `ending` put to it as English does: bakes, baked, trying, stopped is not tried. */
static struct bytes bend(struct random_words *w, struct bytes word, const char *ending)
{
	struct buf b = BUF_INIT;
	struct bytes kept;
	uint8_t last = word.p[word.n - 1];
	bool s = strcmp(ending, "s") == 0;

	buf_add_bytes(&b, word);
	if (last == 'e' && !s && *ending != '\'')
		b.n--;
	else if (last == 'y' && s && !memchr("aeou", word.p[word.n - 2], 4))
		b.p[b.n - 1] = 'i', buf_add_byte(&b, 'e');
	else if (s && (last == 's' || (last == 'h' && word.n > 2 && word.p[word.n - 2] == 'c')))
		buf_add_byte(&b, 'e');
	buf_add_str(&b, ending);
	kept = arena_bytes(&w->arena, buf_bytes(&b));
	buf_release(&b);
	return kept;
}

/* A copy with the first `n` letters in capitals. */
static struct bytes capital(struct random_words *w, struct bytes word, size_t n)
{
	struct bytes copy = arena_bytes(&w->arena, word);
	uint8_t *p = (uint8_t *)copy.p;

	for (size_t i = 0; i < n && i < copy.n; i++)
		if (p[i] >= 'a' && p[i] <= 'z')
			p[i] = (uint8_t)(p[i] - 32);
	return copy;
}

static void make_forms(struct random_words *w, struct rng *r, struct bytes *to, char kind, struct bytes word)
{
	for (unsigned i = 0; i < FORMS; i++)
		to[i] = word;
	if (kind == 'p') {
		to[6] = bend(w, word, rng_one_in(r, 2) ? "'s" : "’s");
		to[7] = capital(w, word, word.n);
	} else if (kind == 'n') {
		to[3] = to[4] = bend(w, word, "s");
		to[5] = bend(w, word, "'s");
		to[6] = capital(w, word, 1);
		to[7] = capital(w, to[3], 1);
	} else if (kind == 'v') {
		to[3] = bend(w, word, "s");
		to[4] = to[5] = bend(w, word, "ed");
		to[6] = bend(w, word, "ing");
		to[7] = capital(w, to[4], 1);
	}
}

static void make_vocabulary(struct random_words *w, struct rng *r)
{
	static const char kinds[] = "nnnvvpff";
	struct buf word = BUF_INIT;

	w->forms = arena_alloc(&w->arena, (size_t)w->lemmas * FORMS * sizeof *w->forms);
	for (uint32_t i = 0; i < w->lemmas; i++) {
		char kind = i < NBASE ? base_words[i].kind : kinds[rng_below(r, 8)];
		struct bytes kept;

		if (i < NBASE)
			buf_set(&word, bytes_str(base_words[i].word));
		else
			invent_word(r, &word);
		kept = arena_bytes(&w->arena, buf_bytes(&word));
		if (i >= NBASE && kind == 'p')
			kept = capital(w, kept, 1);
		make_forms(w, r, w->forms + (size_t)i * FORMS, kind, kept);
	}
	buf_release(&word);
}

static void make_alias(struct random_words *w)
{
	uint32_t n = w->lemmas, *small = mem_alloc(n * sizeof *small), *large = mem_alloc(n * sizeof *large);
	double *p = mem_alloc(n * sizeof *p), sum = 0;
	uint32_t nsmall = 0, nlarge = 0;

	w->alias = arena_alloc(&w->arena, n * sizeof *w->alias);
	for (uint32_t i = 0; i < n; i++)
		sum += 1.0 / (i + 1.0);
	for (uint32_t i = 0; i < n; i++) {
		p[i] = n / (i + 1.0) / sum;
		w->alias[i] = (struct alias){ UINT32_MAX, i };
		if (p[i] < 1)
			small[nsmall++] = i;
		else
			large[nlarge++] = i;
	}
	while (nsmall && nlarge) {
		uint32_t s = small[--nsmall], l = large[nlarge - 1];

		w->alias[s] = (struct alias){ (uint32_t)(p[s] * 4294967295.0), l };
		p[l] -= 1 - p[s];
		if (p[l] < 1)
			small[nsmall++] = large[--nlarge];
	}
	free(small);
	free(large);
	free(p);
}

void random_words_init(struct random_words *w, uint32_t lemmas, struct rng *r)
{
	*w = (struct random_words){ .lemmas = lemmas };
	make_vocabulary(w, r);
	make_alias(w);
}

void random_words_release(struct random_words *w)
{
	arena_release(&w->arena);
}

void random_word(const struct random_words *w, uint64_t random, struct buf *out)
{
	uint32_t i = (uint32_t)((random >> 32) * w->lemmas >> 32);

	if ((uint32_t)random > w->alias[i].keep)
		i = w->alias[i].other;
	buf_add_bytes(out, w->forms[(size_t)i * FORMS + (random & (FORMS - 1))]);
}

void random_oddity(uint64_t random, struct buf *out)
{
	buf_add_str(out, oddities[random % NODDITIES]);
}
