#include "lib/random_news.h"

#include "base/arena.h"
#include "base/mem.h"
#include "lib/rng.h"

#include <inttypes.h>
#include <stdlib.h>

#define FORMS    8u  /* written forms of a lemma, some of them equal: drawn by three bits */
#define NPHRASES 64u /* phrases that recur */
#define KEPT     6u  /* articles kept to be repeated */
#define FIRST_DAY INT64_C(5479) /* 1985-01-01, in days */

/* A lemma and how it bends: n noun, v verb, p name, f function word. */
struct base_word {
	char kind;
	const char *word;
};

/* Commonest first, kinds mixed, so that the first few make a small vocabulary worth testing. */
static const struct base_word base_words[] = {
	{ 'f', "the" },	      { 'n', "bank" },	   { 'f', "of" },      { 'n', "gate" },	       { 'p', "Gates" },
	{ 'f', "to" },	      { 'v', "sanction" }, { 'f', "and" },     { 'p', "Banks" },       { 'f', "in" },
	{ 'v', "report" },    { 'n', "universe" }, { 'f', "said" },    { 'n', "university" },  { 'f', "a" },
	{ 'v', "vote" },      { 'p', "Times" },	   { 'n', "time" },    { 'f', "that" },	       { 'n', "minister" },
	{ 'f', "for" },	      { 'v', "strike" },   { 'n', "union" },   { 'f', "it" },	       { 'n', "mine" },
	{ 'f', "on" },	      { 'n', "government" }, { 'f', "was" },   { 'n', "council" },     { 'f', "is" },
	{ 'p', "Brown" },     { 'f', "with" },	   { 'n', "river" },   { 'v', "flood" },       { 'f', "by" },
	{ 'n', "country" },   { 'f', "as" },	   { 'v', "market" },  { 'n', "share" },       { 'f', "at" },
	{ 'n', "company" },   { 'f', "from" },	   { 'v', "trade" },   { 'p', "Reagan" },      { 'f', "be" },
	{ 'n', "policy" },    { 'n', "police" },   { 'v', "organise" }, { 'n', "organisation" }, { 'n', "organ" },
	{ 'f', "has" },	      { 'n', "general" },  { 'n', "generation" }, { 'v', "generate" }, { 'p', "May" },
	{ 'f', "may" },	      { 'n', "party" },	   { 'f', "not" },     { 'v', "elect" },       { 'n', "election" },
	{ 'n', "court" },     { 'v', "judge" },	   { 'f', "its" },     { 'p', "Turkey" },      { 'n', "turkey" },
	{ 'v', "import" },    { 'f', "important" }, { 'n', "oil" },    { 'n', "price" },       { 'v', "rise" },
	{ 'n', "dollar" },    { 'f', "an" },	   { 'v', "export" },  { 'n', "wheat" },       { 'n', "tonne" },
	{ 'f', "this" },      { 'p', "London" },   { 'n', "harbour" }, { 'n', "ferry" },       { 'v', "sail" },
	{ 'f', "their" },     { 'n', "school" },   { 'v', "teach" },   { 'n', "teacher" },     { 'n', "child" },
	{ 'f', "would" },     { 'p', "Marks" },	   { 'v', "mark" },    { 'n', "news" },	       { 'n', "paper" },
	{ 'f', "were" },      { 'v', "charge" },   { 'n', "army" },    { 'v', "arm" },	       { 'n', "weapon" },
	{ 'f', "have" },      { 'n', "hospital" }, { 'n', "doctor" },  { 'v', "treat" },       { 'n', "treaty" },
	{ 'f', "but" },	      { 'n', "reserve" },  { 'p', "Paris" },   { 'n', "rate" },	       { 'v', "rat" },
};

#define NBASE (sizeof base_words / sizeof *base_words)

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

#define NODDITIES (sizeof oddities / sizeof *oddities)

struct alias { /* a column of Vose's table */
	uint32_t keep; /* of 2^32: how often its own lemma is drawn */
	uint32_t other;
};

struct random_news {
	struct rng rng;
	struct news_options o;
	struct arena arena;
	struct bytes *forms; /* FORMS for each lemma */
	struct alias *alias;
	struct bytes phrases[NPHRASES];
	struct news kept[KEPT];
	uint64_t made;
};

/* ---- vocabulary ---- */

/* A word of two to four syllables. */
static void invent_word(struct rng *r, struct buf *out)
{
	static const char *const starts[] = { "b",  "br", "c",	"ch", "d",  "f",  "g", "gr", "h", "l",
					      "m",  "n",  "p",	"pl", "qu", "r",  "s", "st", "t", "v" };
	static const char *const vowels[] = { "a", "e", "i", "o", "u", "ea", "ou", "ai" };
	static const char *const ends[] = { "", "n", "r", "l", "s", "t", "nd", "rk", "m", "ck", "tion", "ment" };

	buf_reset(out);
	for (uint32_t n = rng_range(r, 2, 4); n; n--) {
		buf_add_str(out, starts[rng_below(r, 20)]);
		buf_add_str(out, vowels[rng_below(r, 8)]);
	}
	buf_add_str(out, ends[rng_below(r, 12)]);
}

/* `word` with `ending` put to it as English does: bakes, baked, trying, stopped is not tried. */
static struct bytes bend(struct random_news *r, struct bytes word, const char *ending)
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
	kept = arena_bytes(&r->arena, buf_bytes(&b));
	buf_release(&b);
	return kept;
}

/* A copy with the first `n` letters in capitals. */
static struct bytes capital(struct random_news *r, struct bytes word, size_t n)
{
	struct bytes copy = arena_bytes(&r->arena, word);
	uint8_t *p = (uint8_t *)copy.p;

	for (size_t i = 0; i < n && i < copy.n; i++)
		if (p[i] >= 'a' && p[i] <= 'z')
			p[i] = (uint8_t)(p[i] - 32);
	return copy;
}

static void make_forms(struct random_news *r, struct bytes *to, char kind, struct bytes w)
{
	for (unsigned i = 0; i < FORMS; i++)
		to[i] = w;
	if (kind == 'p') {
		to[6] = bend(r, w, rng_one_in(&r->rng, 2) ? "'s" : "’s");
		to[7] = capital(r, w, w.n);
	} else if (kind == 'n') {
		to[3] = to[4] = bend(r, w, "s");
		to[5] = bend(r, w, "'s");
		to[6] = capital(r, w, 1);
		to[7] = capital(r, to[3], 1);
	} else if (kind == 'v') {
		to[3] = bend(r, w, "s");
		to[4] = to[5] = bend(r, w, "ed");
		to[6] = bend(r, w, "ing");
		to[7] = capital(r, to[4], 1);
	}
}

static void make_vocabulary(struct random_news *r)
{
	static const char kinds[] = "nnnvvpff";
	struct buf word = BUF_INIT;

	r->forms = arena_alloc(&r->arena, (size_t)r->o.lemmas * FORMS * sizeof *r->forms);
	for (uint32_t i = 0; i < r->o.lemmas; i++) {
		char kind = i < NBASE ? base_words[i].kind : kinds[rng_below(&r->rng, 8)];
		struct bytes w;

		if (i < NBASE)
			buf_set(&word, bytes_str(base_words[i].word));
		else
			invent_word(&r->rng, &word);
		w = arena_bytes(&r->arena, buf_bytes(&word));
		make_forms(r, r->forms + (size_t)i * FORMS, kind, i >= NBASE && kind == 'p' ? capital(r, w, 1) : w);
	}
	buf_release(&word);
}

/* Lemma i is drawn with weight 1 / (i + 1). Vose, IEEE TSE 17 (9), 1991. */
static void make_alias(struct random_news *r)
{
	uint32_t n = r->o.lemmas, *small = mem_alloc(n * sizeof *small), *large = mem_alloc(n * sizeof *large);
	double *p = mem_alloc(n * sizeof *p), sum = 0;
	uint32_t nsmall = 0, nlarge = 0;

	r->alias = arena_alloc(&r->arena, n * sizeof *r->alias);
	for (uint32_t i = 0; i < n; i++)
		sum += 1.0 / (i + 1.0);
	for (uint32_t i = 0; i < n; i++) {
		p[i] = n / (i + 1.0) / sum;
		r->alias[i] = (struct alias){ UINT32_MAX, i };
		if (p[i] < 1)
			small[nsmall++] = i;
		else
			large[nlarge++] = i;
	}
	while (nsmall && nlarge) {
		uint32_t s = small[--nsmall], l = large[nlarge - 1];

		r->alias[s] = (struct alias){ (uint32_t)(p[s] * 4294967295.0), l };
		p[l] -= 1 - p[s];
		if (p[l] < 1)
			small[nsmall++] = large[--nlarge];
	}
	free(small);
	free(large);
	free(p);
}

/* ---- text ---- */

static void add_lemma(struct random_news *r, struct buf *out)
{
	uint64_t x = rng_next(&r->rng);
	uint32_t i = (uint32_t)((x >> 32) * r->o.lemmas >> 32);
	struct bytes form;

	if ((uint32_t)x > r->alias[i].keep)
		i = r->alias[i].other;
	form = r->forms[(size_t)i * FORMS + (x & 7)];
	buf_add(out, form.p, form.n);
}

void random_oddity(uint64_t random, struct buf *out)
{
	buf_add_str(out, oddities[random % NODDITIES]);
}

/* One word; now and then an odd one or a whole phrase. */
static void add_word(struct random_news *r, struct buf *out)
{
	if (r->o.oddities && rng_one_in(&r->rng, r->o.oddities))
		random_oddity(rng_next(&r->rng), out);
	else if (rng_one_in(&r->rng, 32))
		buf_add_bytes(out, r->phrases[rng_below(&r->rng, 1 + rng_below(&r->rng, NPHRASES))]);
	else
		add_lemma(r, out);
}

static void make_phrases(struct random_news *r)
{
	struct buf b = BUF_INIT;

	for (uint32_t i = 0; i < NPHRASES; i++) {
		buf_reset(&b);
		for (uint32_t n = rng_range(&r->rng, 2, 5); n; n--) {
			if (r->o.oddities && rng_one_in(&r->rng, 6))
				random_oddity(rng_next(&r->rng), &b);
			else
				add_lemma(r, &b);
			if (n > 1)
				buf_add_byte(&b, ' ');
		}
		r->phrases[i] = arena_bytes(&r->arena, buf_bytes(&b));
	}
	buf_release(&b);
}

/* `n` words, the first with a capital. */
static void add_words(struct random_news *r, uint32_t n, struct buf *out)
{
	size_t start = out->n;

	for (uint32_t i = 0; i < n; i++) {
		if (i)
			buf_add_str(out, rng_one_in(&r->rng, 12) ? ", " : " ");
		add_word(r, out);
	}
	if (n && out->p[start] >= 'a' && out->p[start] <= 'z')
		out->p[start] = (uint8_t)(out->p[start] - 32);
}

/* A sentence, sometimes quoted. Returns its words. */
static uint32_t add_sentence(struct random_news *r, struct buf *out)
{
	static const char *const quotes[][2] = { { "\"", "\"" }, { "“", "”" }, { "„", "“" } };
	uint32_t n = rng_range(&r->rng, 3, 26), quote = rng_below(&r->rng, 20);

	if (quote < 3)
		buf_add_str(out, quotes[quote][0]);
	add_words(r, n, out);
	buf_add_byte(out, (uint8_t)".....?!."[rng_below(&r->rng, 8)]);
	if (quote < 3)
		buf_add_str(out, quotes[quote][1]);
	return n;
}

static void add_body(struct random_news *r, struct buf *out)
{
	int64_t left = rng_range(&r->rng, r->o.words / 4, r->o.words / 4 * 7 + 1);

	while ((left -= add_sentence(r, out)) > 0)
		buf_add_str(out, rng_one_in(&r->rng, 4) ? "\n\n" : " ");
}

/* A line of the page among the paragraphs' ends, or teasers below the text. */
static void add_furniture(struct random_news *r, struct news *out)
{
	static const char *const lines[] = { "Share this article", "Link copied", "Print this article" };
	bool rest = rng_one_in(&r->rng, 2);
	uint32_t start;

	buf_add_byte(&out->body, '\n');
	start = (uint32_t)out->body.n;
	buf_add_str(&out->body, rest ? "You may also like\n" : lines[rng_below(&r->rng, 3)]);
	if (rest)
		add_words(r, 6, &out->body);
	MEM_GROW(out->furniture, out->furniture_cap, out->nfurniture + 1);
	out->furniture[out->nfurniture++] = (struct range){ start, (uint32_t)out->body.n };
	if (rest)
		return;
	buf_add_byte(&out->body, '\n');
	add_sentence(r, &out->body);
}

static void draw_date(struct random_news *r, struct news *out)
{
	out->date = (FIRST_DAY + rng_below(&r->rng, r->o.days)) * CIVIL_DAY;
	out->timed = rng_one_in(&r->rng, 3);
	if (out->timed)
		out->date += (int64_t)rng_range(&r->rng, 6, 22) * 3600 + (int64_t)rng_below(&r->rng, 2) * 1800;
}

static bool happens(struct random_news *r, uint32_t once_in)
{
	return once_in && rng_one_in(&r->rng, once_in);
}

static void write_text(struct random_news *r, struct news *out)
{
	buf_reset(&out->title);
	buf_reset(&out->body);
	out->nfurniture = 0;
	if (!happens(r, r->o.undated))
		add_words(r, rng_range(&r->rng, 1, 12), &out->title);
	if (!happens(r, r->o.undated))
		add_body(r, &out->body);
	if (out->body.n && happens(r, r->o.furniture))
		add_furniture(r, out);
}

void random_news_next(struct random_news *r, struct news *out)
{
	static const char *const sources[] = { "The Gate Times", "Harbour News", "Ferry & Mail", "" };

	if (r->made >= KEPT && happens(r, r->o.repeats)) {
		news_copy(out, &r->kept[rng_below(&r->rng, KEPT)]);
		if (rng_one_in(&r->rng, 2))
			draw_date(r, out);
	} else {
		write_text(r, out);
		draw_date(r, out);
	}
	if (happens(r, r->o.undated))
		out->date = CIVIL_NONE;
	buf_set(&out->source, bytes_str(sources[rng_below(&r->rng, 4)]));
	if (r->o.repeats)
		news_copy(&r->kept[r->made % KEPT], out);
	r->made++;
}

struct random_news *random_news_new(uint64_t seed, const struct news_options *options)
{
	struct random_news *r = mem_zalloc(1, sizeof *r);

	r->o = *options;
	r->o.lemmas = r->o.lemmas ? r->o.lemmas : 20000;
	r->o.words = r->o.words ? r->o.words : 300;
	r->o.days = r->o.days ? r->o.days : 10000;
	rng_init(&r->rng, seed);
	make_vocabulary(r);
	make_alias(r);
	make_phrases(r);
	return r;
}

void random_news_free(struct random_news *r)
{
	if (!r)
		return;
	for (size_t i = 0; i < KEPT; i++)
		news_release(&r->kept[i]);
	arena_release(&r->arena);
	free(r);
}

/* ---- one article ---- */

void news_copy(struct news *to, const struct news *from)
{
	buf_set(&to->title, buf_bytes(&from->title));
	buf_set(&to->body, buf_bytes(&from->body));
	buf_set(&to->source, buf_bytes(&from->source));
	to->date = from->date;
	to->timed = from->timed;
	MEM_GROW(to->furniture, to->furniture_cap, from->nfurniture);
	if (from->nfurniture)
		memcpy(to->furniture, from->furniture, from->nfurniture * sizeof *to->furniture);
	to->nfurniture = from->nfurniture;
}

void news_release(struct news *n)
{
	buf_release(&n->title);
	buf_release(&n->body);
	buf_release(&n->source);
	free(n->furniture);
	*n = (struct news){ .furniture = NULL };
}

static void add_json_string(struct buf *out, const char *name, struct bytes s)
{
	size_t from = 0;

	buf_addf(out, "\"%s\":\"", name);
	for (size_t i = 0; i < s.n; i++) {
		if (s.p[i] != '"' && s.p[i] != '\\' && s.p[i] >= 0x20)
			continue;
		buf_add(out, s.p + from, i - from);
		from = i + 1;
		if (s.p[i] < 0x20)
			buf_addf(out, "\\u%04x", s.p[i]);
		else
			buf_addf(out, "\\%c", s.p[i]);
	}
	buf_add(out, s.p + from, s.n - from);
	buf_add_str(out, "\",");
}

void news_json(const struct news *n, uint64_t id, struct buf *out)
{
	char date[20];

	buf_add_byte(out, '{');
	if (n->source.n)
		add_json_string(out, "source", buf_bytes(&n->source));
	if (n->date != CIVIL_NONE) {
		civil_format(date, n->date, n->timed ? 't' : 'd');
		add_json_string(out, "date", bytes_str(date));
	}
	add_json_string(out, "title", buf_bytes(&n->title));
	add_json_string(out, "body", buf_bytes(&n->body));
	buf_addf(out, "\"id\":\"n%" PRIu64 "\"}\n", id);
}
