#include "lib/random_news.h"

#include "base/mem.h"
#include "lib/random_words.h"

#include <inttypes.h>
#include <stdlib.h>

#define NPHRASES  64u           /* that recur */
#define KEPT      6u            /* articles kept to be repeated */
#define FIRST_DAY INT64_C(5479) /* 1985-01-01, in days */

struct random_news {
	struct rng rng;
	struct news_options o;
	struct random_words words;
	struct bytes phrases[NPHRASES]; /* in the words' arena */
	struct news kept[KEPT];
	uint64_t made;
};

/* ---- text ---- */

static void add_lemma(struct random_news *r, struct buf *out)
{
	random_word(&r->words, rng_next(&r->rng), out);
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
		r->phrases[i] = arena_bytes(&r->words.arena, buf_bytes(&b));
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
	static const char ends[8] = { '.', '.', '.', '.', '.', '.', '?', '!' };
	static const char *const quotes[][2] = { { "\"", "\"" }, { "“", "”" }, { "„", "“" } };
	uint32_t n = rng_range(&r->rng, 3, 26), quote = rng_below(&r->rng, 20);

	if (quote < 3)
		buf_add_str(out, quotes[quote][0]);
	add_words(r, n, out);
	buf_add_byte(out, (uint8_t)ends[rng_below(&r->rng, 8)]);
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
		out->date +=
			(int64_t)rng_range(&r->rng, 6, 22) * 3600 + (int64_t)rng_below(&r->rng, 2) * 1800;
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
	random_words_init(&r->words, r->o.lemmas, &r->rng);
	make_phrases(r);
	return r;
}

void random_news_free(struct random_news *r)
{
	if (!r)
		return;
	for (size_t i = 0; i < KEPT; i++)
		news_release(&r->kept[i]);
	random_words_release(&r->words);
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
	if (from < s.n)
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
