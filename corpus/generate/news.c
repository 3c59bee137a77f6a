#include "generate/news.h"

#include "base/mem.h"
#include "generate/prose.h"
#include "generate/stories.h"
#include "text/json.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

#define LONG_AGO       60u  /* days: what came in so much later is late */
#define LENGTH_SIGMA   0.62 /* of the logarithm of a body's words */
#define LENGTH_MEAN    1.21 /* exp(sigma^2 / 2): the mean over the median */
#define LATE_END       25   /* words: so much later than asked a body ends, on average */
#define SCRIPT_SOURCES 5u   /* papers of each other language */
#define STAFF          40u  /* writers of a paper */

struct newsroom {
	struct news_options o;
	struct stories stories;
	struct rng rng;
	uint64_t made;
	uint32_t copies; /* of 10,000 articles that have one before them in their story */
	struct buf title, text, line;
};

/* ---- papers ---- */

/* A paper and its habits, all hashed from its number. */
struct paper {
	uint32_t number;
	const struct script *script; /* NULL: English */
	uint32_t dates;              /* how it writes them: put_date */
	uint32_t capitals;           /* of headlines: 0 all, 1 of each word, else of the first */
	uint32_t page;               /* which furniture it has */
	bool dated_urls, says_lang, blank_lines;
};

static struct paper paper_of(uint32_t number, const struct script *script)
{
	struct rng r = rng_for(1000 + number, script ? 1 + (uint64_t)(script - scripts) : 0);
	struct paper p = { .number = number, .script = script };

	p.dates = rng_below(&r, 10);
	p.capitals = rng_below(&r, 10);
	p.page = rng_below(&r, 1 << 16);
	p.dated_urls = rng_one_in(&r, 2);
	p.says_lang = script || rng_one_in(&r, 3);
	p.blank_lines = !rng_one_in(&r, 4);
	return p;
}

static void put_paper(struct buf *out, const struct paper *p)
{
	static const char *const names[] = { "Gazette", "Courier", "Herald",  "Times", "Post",
					     "Ledger",  "Tribune", "Journal", "Mail",  "Observer" };

	if (p->script) {
		script_add_word(out, p->script, 300 + p->number, false);
		buf_addf(out, "%s%s", p->script->space, p->script->paper);
		return;
	}
	lexicon_add(out, PLACE, 20 + p->number, FORM_PLAIN);
	buf_addf(out, " %s", names[p->number % 10]);
}

/* Small letters and digits of the name; the rest as one hyphen. */
static void put_domain(struct buf *out, const struct news *n, const struct paper *p)
{
	bool gap = false;

	if (p->script) {
		buf_addf(out, "www.paper%u.%s.example", p->number, p->script->lang);
		return;
	}
	buf_add_str(out, "www.");
	for (size_t i = 0; i < n->source.n; i++) {
		char c = ascii_lower((char)n->source.p[i]);

		if ((c < 'a' || c > 'z') && !ascii_is_digit(c)) {
			gap = true;
			continue;
		}
		if (gap)
			buf_add_byte(out, '-');
		gap = false;
		buf_add_byte(out, (uint8_t)c);
	}
	buf_add_str(out, ".example");
}

/* Headlines in capitals, or each word with one. ASCII letters only: the others stay. */
static void set_capitals(struct buf *title, const struct paper *p)
{
	bool start = true;

	if (p->script || p->capitals > 2)
		return;
	for (size_t i = 0; i < title->n; i++) {
		uint8_t *c = &title->p[i];

		if (*c >= 'a' && *c <= 'z' && (start || !p->capitals))
			*c = (uint8_t)(*c - 32);
		start = *c == ' ' || *c == '"';
	}
}

/* ---- text ---- */

static void begin_prose(const struct newsroom *r, struct prose *p, const struct topic *t, uint64_t seed,
			struct buf *out)
{
	buf_reset(out);
	prose_init(p, t, seed, out);
	p->vocabulary = r->o.vocabulary;
	p->oddities = r->o.oddities;
}

/* Paragraphs of `story`'s article number `at`, an LF after each, into text; its headline into title. */
static void write_text(struct newsroom *r, const struct story *story, const struct topic *topic, uint32_t at,
		       struct buf *title, struct buf *text)
{
	struct prose prose, background;
	struct rng rng = rng_for(story->seed, 100 + at);
	uint32_t mean = r->o.words > 2 * LATE_END ? r->o.words - LATE_END : r->o.words / 2;
	double words = draw_lognormal(&rng, LENGTH_SIGMA) * mean / LENGTH_MEAN;
	bool recalls = story->size > 2 && rng_below(&rng, 10) < 6;

	begin_prose(r, &prose, topic, rng_next(&rng), title);
	prose_headline(&prose);
	buf_reset(text);
	prose.out = text;
	prose.words = 0;
	while (prose.words < words) {
		prose_paragraph(&prose);
		buf_add_byte(text, '\n');
		if (!recalls || prose.words < words * 0.6)
			continue;
		recalls = false; /* the paragraph that each article of the story carries along */
		begin_prose(r, &background, topic, story->seed, &r->line);
		prose_paragraph(&background);
		buf_add_bytes(text, buf_bytes(&r->line));
		buf_add_byte(text, '\n');
		prose.words += background.words;
	}
}

/* The article that number `at` copies, or `at` itself. What a story's articles are is
 * decided by its seed alone, so a copy of a copy is found the same way. */
static uint32_t original_of(const struct newsroom *r, const struct story *story, uint32_t at)
{
	while (at) {
		struct rng rng = rng_for(story->seed, UINT64_C(1) << 32 | at);

		if (!draw_chance(&rng, r->copies))
			break;
		at = draw_one_of(&rng, at);
	}
	return at;
}

/* ---- the page ---- */

static const struct script *script_of(const struct newsroom *r, const struct story *story)
{
	struct rng rng = rng_for(story->seed, 3);

	return draw_chance(&rng, r->o.scripts) ? &scripts[rng_below(&rng, SCRIPTS)] : NULL;
}

/* Append s, or what is left of it when it is cut between words before `most` bytes. */
static void put_cut(struct buf *out, struct bytes s, size_t most)
{
	size_t n = s.n;

	if (n > most)
		for (n = most; n && s.p[n] != ' ';)
			n--;
	buf_add(out, s.p, n);
}

/* The headline of another story, and how it begins, into r->line and r->title. */
static void tease(struct newsroom *r, struct rng *rng)
{
	struct topic topic;
	struct prose prose;
	struct story story = { .seed = rng_next(rng) };

	stories_pick(&r->stories, rng, &story);
	topic_make(&topic, story.seed, r->o.vocabulary, script_of(r, &story));
	begin_prose(r, &prose, &topic, rng_next(rng), &r->title);
	prose_headline(&prose);
	buf_reset(&r->line);
	prose.out = &r->line;
	prose_teaser(&prose);
}

/* From `start` on the body is furniture. */
static void mark_furniture(struct news *n, size_t start)
{
	struct range *last = n->nfurniture ? &n->furniture[n->nfurniture - 1] : NULL;

	if (last && last->end == start) {
		last->end = (uint32_t)n->body.n;
		return;
	}
	MEM_GROW(n->furniture, n->furniture_cap, n->nfurniture + 1);
	n->furniture[n->nfurniture++] = (struct range){ (uint32_t)start, (uint32_t)n->body.n };
}

#define MOST_OF_A_LINE 110u /* bytes: longer headlines and beginnings are cut in teasers */

/* One line that a page prints among the paragraphs, and no rule knows. */
static void put_stray_line(struct news *n, struct rng *rng)
{
	static const char *const lines[] = { "%u min read", "%u comments", "Listen to this story (%u min)",
					     "Photo %u of 12", "Posted in: News, %u" };
	const char *line = lines[rng_below(rng, 5)]; /* drawn first: arguments have no order */

	buf_addf(&n->body, line, 2 + rng_below(rng, 9));
	buf_add_byte(&n->body, '\n');
}

/* A line that tells the reader to share or subscribe. */
static void put_button(struct news *n, const struct paper *p, uint32_t i)
{
	static const char *const lines[] = {
		"Share this article",
		"Share on Facebook",
		"Link copied",
		"Print this article",
		"Already a subscriber? Log in",
		"Sign up for our daily newsletter",
		"Subscribe now",
		"Follow us on Twitter",
	};
	size_t start = n->body.n;

	if (p->page & 1 && i == 1)
		buf_addf(&n->body, "Share this @paper%u", p->number);
	else
		buf_add_str(&n->body, lines[((p->page >> 1) + i) & 7]);
	buf_add_byte(&n->body, '\n');
	mark_furniture(n, start);
}

/* A line between two paragraphs: an advertisement, or a link to another story. */
static void put_break(struct newsroom *r, struct news *n, const struct paper *p, struct rng *rng)
{
	static const char *const links[] = { "Read more: ", "Related: ", "See also: ", "Read more about " };
	size_t start = n->body.n;

	if (p->page >> 4 & 1) {
		buf_add_str(&n->body, p->page >> 5 & 1 ? "Advertisement" : "Article continues below");
	} else {
		tease(r, rng);
		buf_add_str(&n->body, links[p->page >> 5 & 3]);
		put_cut(&n->body, buf_bytes(&r->title), MOST_OF_A_LINE);
	}
	buf_add_byte(&n->body, '\n');
	mark_furniture(n, start);
}

/* What stands below the article: rights, and the teasers of other stories. */
static void put_foot(struct newsroom *r, struct news *n, const struct paper *p, struct rng *rng)
{
	static const char *const heads[] = { "You May Also Like", "Recommended for you",
					     "More stories for you", "Around the web" };
	size_t start = n->body.n;

	if (p->page >> 7 & 1)
		buf_addf(&n->body, "Copyright © %u The Publishers\n", 2005 + rng_below(rng, 20));
	if (p->page >> 8 & 3) {
		buf_addf(&n->body, "%s\n", heads[p->page >> 10 & 3]);
		for (uint32_t i = rng_range(rng, 3, 8); i; i--) {
			tease(r, rng);
			put_cut(&n->body, buf_bytes(&r->title), MOST_OF_A_LINE);
			buf_add_byte(&n->body, '\n');
			put_cut(&n->body, buf_bytes(&r->line), MOST_OF_A_LINE);
			buf_add_str(&n->body, "…\n");
		}
	}
	if (n->body.n > start)
		mark_furniture(n, start);
}

/* What a desk did to the text of another paper, by paragraph. */
struct edits {
	uint32_t dropped; /* a paragraph left out, from 1 on; 0: none */
	uint32_t kept;    /* paragraphs, from the first; what follows is cut */
	bool told;        /* "said" became "told reporters" in the second */
};

static struct edits draw_edits(struct rng *rng)
{
	struct edits e = { .kept = UINT32_MAX };

	if (rng_one_in(rng, 4))
		return e;
	e.told = rng_one_in(rng, 2);
	if (rng_one_in(rng, 2))
		e.dropped = rng_range(rng, 1, 9);
	if (rng_one_in(rng, 3))
		e.kept = rng_range(rng, 3, 12);
	return e;
}

static void put_edited(struct buf *out, struct bytes paragraph)
{
	static const char said[] = " said ";
	const uint8_t *at = memmem(paragraph.p, paragraph.n, said, sizeof said - 1);
	size_t n = at ? (size_t)(at - paragraph.p) : paragraph.n;

	buf_add(out, paragraph.p, n);
	if (!at)
		return;
	buf_add_str(out, " told reporters ");
	buf_add(out, at + sizeof said - 1, paragraph.n - n - (sizeof said - 1));
}

/* Set the body from the paragraphs of r->text: edited, with furniture if `furnished`. */
static void lay_out(struct newsroom *r, struct news *n, const struct paper *p, const struct edits *e,
		    bool furnished, struct rng *rng)
{
	struct bytes rest = buf_bytes(&r->text), paragraph;
	struct rng page = rng_for(rng_next(rng), 0);

	for (uint32_t i = furnished ? p->page >> 12 & 3 : 0; i; i--)
		put_button(n, p, i);
	for (uint32_t i = 0; i < e->kept && bytes_line(&rest, &paragraph); i++) {
		if (i && i == e->dropped)
			continue;
		if (n->body.n && p->blank_lines)
			buf_add_byte(&n->body, '\n');
		if (furnished && i && i % 6 == 2)
			put_break(r, n, p, &page);
		if (i == 1 && e->told)
			put_edited(&n->body, paragraph);
		else
			buf_add_bytes(&n->body, paragraph);
		buf_add_byte(&n->body, '\n');
	}
	if (!furnished)
		return;
	if (rng_one_in(&page, 3))
		put_stray_line(n, &page);
	put_foot(r, n, p, &page);
}

/* No line end at the end of the body, nor in the range that ends there. */
static void end_body(struct news *n)
{
	while (n->body.n && n->body.p[n->body.n - 1] <= ' ')
		n->body.n--;
	if (n->nfurniture && n->furniture[n->nfurniture - 1].end > n->body.n)
		n->furniture[n->nfurniture - 1].end = (uint32_t)n->body.n;
}

/* ---- dates, addresses, names ---- */

static const char *const month_names[] = { "January",   "February", "March",    "April",
					   "May",       "June",     "July",     "August",
					   "September", "October",  "November", "December" };

static void put_date(struct buf *out, int64_t seconds, const struct paper *p, struct rng *rng)
{
	static const char *const days[] = { "Thu", "Fri", "Sat", "Sun", "Mon", "Tue", "Wed" };
	struct civil c = civil_from_seconds(seconds);
	const char *month = month_names[c.month - 1];
	uint32_t cut = rng_below(rng, 200);

	if (cut == 0)
		buf_addf(out, "%04d", c.year);
	else if (cut < 3)
		buf_addf(out, "%s %04d", month, c.year);
	else if (p->dates < 3)
		buf_addf(out, "%04d-%02d-%02d", c.year, c.month, c.day);
	else if (p->dates == 3)
		buf_addf(out, "%s %d, %04d", month, c.day, c.year);
	else if (p->dates == 4)
		buf_addf(out, "%d %s %04d", c.day, month, c.year);
	else if (p->dates == 5)
		buf_addf(out, "%s, %02d %.3s %04d %02d:%02d:%02d +0100", days[seconds / CIVIL_DAY % 7], c.day,
			 month, c.year, c.hour, c.minute, c.second);
	else if (p->dates == 6)
		buf_addf(out, "%" PRId64, seconds);
	else
		buf_addf(out, p->dates == 7 ? "%04d-%02d-%02d %02d:%02d" : "%04d-%02d-%02dT%02d:%02dZ",
			 c.year, c.month, c.day, c.hour, c.minute);
}

/* The first words of an English headline, with hyphens. */
static void put_slug(struct buf *out, const struct buf *title)
{
	size_t start = out->n;

	for (size_t i = 0; i < title->n && out->n - start < 48; i++) {
		char c = ascii_lower((char)title->p[i]);

		if ((c >= 'a' && c <= 'z') || ascii_is_digit(c))
			buf_add_byte(out, (uint8_t)c);
		else if (c == ' ' && out->n > start && out->p[out->n - 1] != '-')
			buf_add_byte(out, '-');
	}
	if (out->n > start && out->p[out->n - 1] != '-')
		buf_add_byte(out, '-');
}

static const char *const section_names[SECTIONS] = { "Politics", "Business", "World",  "Local",  "Sport",
						     "Culture",  "Science",  "Health", "Travel", "Opinion" };

static void put_url(struct news *n, const struct paper *p, const char *section)
{
	buf_add_str(&n->url, "https://");
	put_domain(&n->url, n, p);
	buf_addf(&n->url, "/%c%s/", section[0] + 32, section + 1);
	if (p->dated_urls && n->seconds != CIVIL_NONE) {
		struct civil c = civil_from_seconds(n->seconds);

		buf_addf(&n->url, "%04d/%02d/%02d/", c.year, c.month, c.day);
	}
	if (!p->script)
		put_slug(&n->url, &n->title);
	buf_add_bytes(&n->url, buf_bytes(&n->id));
}

static void put_author(struct news *n, const struct paper *p, struct rng *rng)
{
	uint64_t who = (uint64_t)p->number * STAFF + draw_one_of(rng, STAFF);
	struct rng name = rng_for(4, who);

	if (rng_one_in(rng, 5) || p->script)
		return;
	if (n->copy) {
		buf_add_str(&n->author, "Staff and agencies");
		return;
	}
	lexicon_add(&n->author, GIVEN_NAME, rng_below(&name, 500), FORM_PLAIN);
	buf_add_byte(&n->author, ' ');
	lexicon_add(&n->author, SURNAME, rng_below(&name, 5000), FORM_PLAIN);
}

/* ---- an article ---- */

static void news_reset(struct news *n)
{
	struct buf *bufs[] = { &n->id,      &n->title, &n->body, &n->source, &n->author,
			       &n->section, &n->url,   &n->lang, &n->date };

	for (size_t i = 0; i < sizeof bufs / sizeof *bufs; i++)
		buf_reset(bufs[i]);
	n->nfurniture = 0;
	n->copy = n->late = false;
}

void news_release(struct news *n)
{
	struct buf *bufs[] = { &n->id,      &n->title, &n->body, &n->source, &n->author,
			       &n->section, &n->url,   &n->lang, &n->date };

	for (size_t i = 0; i < sizeof bufs / sizeof *bufs; i++)
		buf_release(bufs[i]);
	free(n->furniture);
	*n = (struct news){ .furniture = NULL };
}

/* The date it prints: now, none, or long ago. */
static void date_article(struct newsroom *r, struct news *n, const struct story *story, const struct paper *p,
			 struct rng *rng)
{
	int64_t first = r->stories.start, ago = LONG_AGO * CIVIL_DAY;
	bool dated = !draw_chance(rng, r->o.undated);

	n->seconds = stories_clock(story->next);
	if (draw_chance(rng, r->o.late) && n->seconds - first > ago) {
		n->late = dated;
		n->seconds = first + (int64_t)(draw_uniform(rng) * (double)(n->seconds - first - ago));
	}
	if (dated)
		put_date(&n->date, n->seconds, p, rng);
	else
		n->seconds = CIVIL_NONE;
}

static struct paper choose_paper(const struct newsroom *r, const struct script *script, struct rng *rng)
{
	return paper_of(draw_one_of(rng, script ? SCRIPT_SOURCES : r->o.sources), script);
}

static void write_article(struct newsroom *r, const struct story *story, struct news *n)
{
	struct rng rng = rng_for(story->seed, UINT64_C(2) << 32 | story->at);
	uint32_t original = original_of(r, story, story->at);
	const struct script *script = script_of(r, story);
	struct paper paper = choose_paper(r, script, &rng);
	struct edits edits = { .kept = UINT32_MAX };
	bool furnished = draw_chance(&rng, r->o.furniture);
	struct topic topic;
	struct prose prose;

	news_reset(n);
	n->copy = original != story->at;
	topic_make(&topic, story->seed, r->o.vocabulary, script);
	write_text(r, story, &topic, original, &n->title, &r->text);
	buf_addf(&n->id, "n%09" PRIu64, r->made);
	put_paper(&n->source, &paper);
	if (n->copy) {
		edits = draw_edits(&rng);
		if (edits.told) { /* its own headline too */
			begin_prose(r, &prose, &topic, rng_next(&rng), &n->title);
			prose_headline(&prose);
		}
	}
	set_capitals(&n->title, &paper);
	date_article(r, n, story, &paper, &rng);
	put_author(n, &paper, &rng);
	buf_add_str(&n->section, section_names[topic.section]);
	put_url(n, &paper, section_names[topic.section]);
	if (paper.says_lang)
		buf_add_str(&n->lang, script ? script->lang : "en");
	if (draw_chance(&rng, r->o.lacking))
		buf_reset(&n->title);
	if (!draw_chance(&rng, r->o.lacking))
		lay_out(r, n, &paper, &edits, furnished, &rng);
	end_body(n);
}

bool newsroom_next(struct newsroom *r, struct news *out)
{
	struct story story;

	if (!stories_next(&r->stories, &story))
		return false;
	if (!r->made++ || !draw_chance(&r->rng, r->o.duplicates))
		write_article(r, &story, out);
	return true;
}

struct newsroom *newsroom_new(const struct news_options *options)
{
	struct newsroom *r = mem_zalloc(1, sizeof *r);
	double mean;

	r->o = *options;
	r->o.words = r->o.words ? r->o.words : 420;
	r->o.days = r->o.days ? r->o.days : 20 * 365 + 5;
	r->o.sources = r->o.sources ? r->o.sources : 120;
	r->rng = rng_for(r->o.seed, 5);
	stories_init(&r->stories, r->o.seed, r->o.articles, NEWS_FIRST_DAY * (int64_t)CIVIL_DAY,
		     (NEWS_FIRST_DAY + (int64_t)r->o.days) * CIVIL_DAY);
	mean = r->stories.mean;
	r->copies = (uint32_t)(r->o.copies * mean / (mean - 1)); /* a story's first article copies none */
	return r;
}

void newsroom_free(struct newsroom *r)
{
	if (!r)
		return;
	stories_release(&r->stories);
	buf_release(&r->title);
	buf_release(&r->text);
	buf_release(&r->line);
	free(r);
}

/* ---- as JSON ---- */

static void add_member(struct buf *out, const char *name, const struct buf *value)
{
	buf_addf(out, ",\"%s\":", name);
	json_add_string(out, buf_bytes(value));
}

static void add_if_known(struct buf *out, const char *name, const struct buf *value)
{
	if (value->n)
		add_member(out, name, value);
}

void news_json(const struct news *n, struct buf *out)
{
	buf_addf(out, "{\"id\":\"%s\"", buf_cstr(&n->id));
	add_member(out, "title", &n->title);
	add_if_known(out, "date", &n->date);
	add_member(out, "source", &n->source);
	add_if_known(out, "author", &n->author);
	add_member(out, "section", &n->section);
	add_if_known(out, "lang", &n->lang);
	add_member(out, "url", &n->url);
	add_member(out, "body", &n->body);
	buf_add_str(out, "}\n");
}
