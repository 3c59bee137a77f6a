#include "output/print.h"

#include "base/civil.h"
#include "output/columns.h"
#include "text/json.h"

#include <inttypes.h>
#include <stdio.h>

/* What a terminal is told; nothing when colours are off. */
#define BOLD  "\x1b[1m"
#define DIM   "\x1b[2m"
#define MATCH "\x1b[1;31m"
#define PLAIN "\x1b[0m"

static void style(struct printer *p, const char *sequence)
{
	if (p->color)
		buf_add_str(&p->out, sequence);
}

/* ---- text with marks, wrapped ---- */

struct wrap {
	struct printer *p;
	unsigned column, indent;
	const char *base; /* style outside marks */
	bool marked;
};

/* Columns up to where the line may be broken next: at a space, before a wide character. */
static unsigned word_columns(struct bytes text, size_t at)
{
	unsigned columns = 0;

	while (at < text.n && text.p[at] != ' ') {
		uint32_t c;

		at += utf8_decode(text.p + at, text.p + text.n, &c);
		if (columns && char_columns(c) == 2)
			break;
		columns += char_columns(c);
	}
	return columns;
}

static void new_line(struct wrap *w)
{
	if (w->marked)
		style(w->p, PLAIN);
	buf_addf(&w->p->out, "\n%*s", (int)w->indent, "");
	style(w->p, w->marked ? MATCH : w->base);
	w->column = w->indent;
}

static void set_mark(struct wrap *w, bool on)
{
	if (w->marked == on)
		return;
	w->marked = on;
	style(w->p, PLAIN);
	style(w->p, on ? MATCH : w->base);
}

/* Print text with its marks; when the printer has a width, lines break at spaces
 * and between wide characters. */
static void print_marked(struct wrap *w, struct bytes text, const struct range *marks, size_t nmarks)
{
	size_t at = 0, mark = 0;

	while (at < text.n) {
		uint32_t c;
		size_t size = utf8_decode(text.p + at, text.p + text.n, &c);

		while (mark < nmarks && at >= marks[mark].end)
			mark++;
		set_mark(w, mark < nmarks && at >= marks[mark].start);
		if (c == ' ' && w->p->width && w->column + 1 + word_columns(text, at + 1) > w->p->width) {
			new_line(w);
		} else {
			if (w->p->width && char_columns(c) == 2 && w->column + 2 > w->p->width)
				new_line(w);
			utf8_add_safe(&w->p->out, bytes_of(text.p + at, size), false);
			w->column += char_columns(c);
		}
		at += size;
	}
	set_mark(w, false);
}

/* ---- hits ---- */

static void add_safe(struct printer *p, struct bytes s)
{
	utf8_add_safe(&p->out, s, false);
}

static void print_snippet(struct printer *p, unsigned indent, const struct snippet *s)
{
	struct wrap w = { .p = p, .column = indent, .indent = indent, .base = "" };

	buf_addf(&p->out, "%*s", (int)indent, "");
	if (s->more_before) {
		buf_add_str(&p->out, "… ");
		w.column += 2;
	}
	print_marked(&w, buf_bytes(&s->text), s->marks, s->nmarks);
	if (s->more_after)
		buf_add_str(&p->out, " …");
	buf_add_byte(&p->out, '\n');
}

void print_hit(struct printer *p, uint64_t rank, const struct catalog_article *a, const struct snippet *title,
	       const struct snippet *body)
{
	struct wrap w = { .p = p, .column = 5, .indent = 5, .base = BOLD };
	char date[20];

	buf_addf(&p->out, "%3" PRIu64 "  ", rank);
	style(p, BOLD);
	if (title->text.n)
		print_marked(&w, buf_bytes(&title->text), title->marks, title->nmarks);
	else
		buf_add_str(&p->out, "(no headline)");
	style(p, PLAIN);
	buf_add_str(&p->out, "\n     ");
	style(p, DIM);
	civil_format(date, a->date,
		     a->precision == 'd' || a->precision == 'm' || a->precision == 'y' ? a->precision : 'd');
	buf_add_str(&p->out, *date ? date : "undated");
	if (a->source_name.n) {
		buf_add_str(&p->out, "  ");
		add_safe(p, a->source_name);
	}
	buf_addf(&p->out, "  #%" PRId64, a->number);
	style(p, PLAIN);
	buf_add_byte(&p->out, '\n');
	if (body->text.n)
		print_snippet(p, 5, body);
}

#define HEAD_BYTES 200 /* of a name, of a question, in the line above its hits */

static void add_clipped(struct printer *p, struct bytes s)
{
	add_safe(p, utf8_cut(s, HEAD_BYTES));
	if (s.n > HEAD_BYTES)
		buf_add_str(&p->out, "…");
}

void print_question(struct printer *p, struct bytes name, struct bytes text, bool first)
{
	buf_add_str(&p->out, first ? "" : "\n");
	style(p, BOLD);
	buf_add_str(&p->out, "==> ");
	add_clipped(p, name);
	if (name.n && text.n)
		buf_add_str(&p->out, ": ");
	add_clipped(p, text);
	buf_add_str(&p->out, " <==");
	style(p, PLAIN);
	buf_add_byte(&p->out, '\n');
}

void print_total(struct printer *p, uint64_t first, uint64_t returned, uint64_t total)
{
	style(p, DIM);
	if (!total)
		buf_add_str(&p->out, "no article matches");
	else if (returned == 1 && total > 1)
		buf_addf(&p->out, "%" PRIu64 " of %" PRIu64 " articles", first, total);
	else if (returned && returned < total)
		buf_addf(&p->out, "%" PRIu64 "-%" PRIu64 " of %" PRIu64 " articles", first,
			 first + returned - 1, total);
	else
		buf_addf(&p->out, "%" PRIu64 " article%s%s", total, total == 1 ? "" : "s",
			 first > total ? ", no more from here" : "");
	style(p, PLAIN);
	buf_add_byte(&p->out, '\n');
}

/* ---- suggestions ---- */

static void print_articles(struct printer *p, uint64_t n)
{
	style(p, DIM);
	buf_addf(&p->out, "  %" PRIu64 " article%s", n, n == 1 ? "" : "s");
	style(p, PLAIN);
	buf_add_byte(&p->out, '\n');
}

void print_suggestions(struct printer *p, struct bytes word, const struct suggestions *s)
{
	style(p, BOLD);
	add_safe(p, word);
	style(p, PLAIN);
	print_articles(p, s->articles);
	for (size_t i = 0; i < s->n; i++) {
		buf_add_str(&p->out, "    ");
		add_safe(p, s->v[i].word);
		print_articles(p, s->v[i].articles);
	}
}

/* ---- articles ---- */

static void print_field(struct printer *p, const char *name, struct bytes value)
{
	if (!value.n)
		return;
	buf_addf(&p->out, "%-9s", name);
	add_safe(p, value);
	buf_add_byte(&p->out, '\n');
}

/* The date as precise as it is known, and its zone. */
static void format_date(char out[32], const struct catalog_article *a)
{
	char zone[12] = "";
	int minutes = a->zone < 0 ? -a->zone : a->zone;

	civil_format(out, a->date, a->precision);
	if ((a->precision != 't' && a->precision != 's') || a->zone < -1440 || a->zone > 1440)
		return;
	snprintf(zone, sizeof zone, "%c%02d:%02d", a->zone < 0 ? '-' : '+', minutes / 60 % 100, minutes % 60);
	strcat(out, zone);
}

/* The parts of the body outside its furniture. */
static void add_text(struct buf *out, struct bytes body, const struct range *furniture, size_t n)
{
	size_t at = 0;

	for (size_t i = 0; i < n; i++) {
		buf_add(out, body.p + at, furniture[i].start - at);
		at = furniture[i].end;
	}
	buf_add(out, body.p + at, body.n - at);
}

void print_article(struct printer *p, const struct catalog_article *a, int64_t newest,
		   const struct range *furniture, size_t nfurniture, bool with_furniture)
{
	struct bytes body = a->text.body;
	struct buf text = BUF_INIT;
	char date[32], number[64];

	style(p, BOLD);
	if (a->title.n)
		add_safe(p, a->title);
	else
		buf_add_str(&p->out, "(no headline)");
	style(p, PLAIN);
	buf_add_byte(&p->out, '\n');
	snprintf(number, sizeof number, "%" PRId64, a->number);
	print_field(p, "number", bytes_str(number));
	snprintf(number, sizeof number, "%" PRId64 " of %" PRId64, a->revision, newest);
	if (newest > 1)
		print_field(p, "revision", bytes_str(number));
	format_date(date, a);
	print_field(p, "date", bytes_str(date));
	print_field(p, "source", a->source_name);
	print_field(p, "author", a->text.author);
	print_field(p, "section", a->text.section);
	print_field(p, "url", a->text.url);
	print_field(p, "lang", a->text.lang);
	print_field(p, "tags", a->text.tags);
	print_field(p, "key", a->text.key);
	print_field(p, "file", a->path);
	add_text(&text, body, furniture, with_furniture ? 0 : nfurniture);
	body = bytes_trim(buf_bytes(&text));
	if (body.n) {
		buf_add_byte(&p->out, '\n');
		utf8_add_safe(&p->out, body, true);
		buf_add_byte(&p->out, '\n');
	}
	buf_release(&text);
}

/* ---- JSON ---- */

static void json_date(struct buf *out, const struct catalog_article *a)
{
	char date[32];

	format_date(date, a);
	if (strlen(date) > 10)
		date[10] = 'T';
	json_add_member(out, "date", bytes_str(date));
}

void add_score(struct buf *out, int64_t score)
{
	uint64_t units = (uint64_t)score;

	buf_addf(out, "%" PRIu64 ".%06" PRIu64, units >> 20, ((units & 0xFFFFF) * 1000000) >> 20);
}

void json_query(struct buf *out, struct bytes question, uint64_t articles, struct bytes name)
{
	buf_addf(out, "{\"type\":\"query\",\"format_version\":%d,\"query\":", OUTPUT_FORMAT_VERSION);
	json_add_string(out, question);
	buf_addf(out, ",\"articles\":%" PRIu64, articles);
	json_add_member(out, "name", name);
	buf_add_str(out, "}\n");
}

void json_error(struct buf *out, uint64_t line, struct bytes name, struct bytes reason, struct range fault)
{
	buf_addf(out, "{\"type\":\"error\",\"format_version\":%d,\"line\":%" PRIu64, OUTPUT_FORMAT_VERSION,
		 line);
	json_add_member(out, "name", name);
	json_add_member(out, "reason", reason);
	if (fault.end)
		buf_addf(out, ",\"place\":[%" PRIu32 ",%" PRIu32 "]}\n", fault.start, fault.end);
	else
		buf_add_str(out, ",\"place\":null}\n");
}

void json_hit(struct buf *out, uint64_t rank, const struct hit *hit, const struct catalog_article *a,
	      const struct snippet *body)
{
	buf_addf(out, "{\"type\":\"hit\",\"rank\":%" PRIu64 ",\"id\":%" PRId64, rank, a->number);
	json_add_member(out, "key", a->text.key);
	buf_add_str(out, ",\"score\":");
	add_score(out, hit->score);
	json_date(out, a);
	json_add_member(out, "title", a->title);
	json_add_member(out, "source", a->source_name);
	json_add_member(out, "section", a->text.section);
	json_add_member(out, "url", a->text.url);
	json_add_member(out, "path", a->path);
	buf_add_str(out, ",\"snippets\":[");
	if (body->text.n) {
		buf_add_str(out, "{\"text\":");
		json_add_string(out, buf_bytes(&body->text));
		buf_add_str(out, ",\"marks\":[");
		for (size_t i = 0; i < body->nmarks; i++)
			buf_addf(out, "%s[%" PRIu32 ",%" PRIu32 "]", i ? "," : "", body->marks[i].start,
				 body->marks[i].end);
		buf_add_str(out, "]}");
	}
	buf_add_str(out, "]}\n");
}

void json_suggestions(struct buf *out, struct bytes word, const struct suggestions *s)
{
	buf_addf(out, "{\"type\":\"suggestions\",\"format_version\":%d,\"word\":", OUTPUT_FORMAT_VERSION);
	json_add_string(out, word);
	buf_addf(out, ",\"articles\":%" PRIu64 ",\"suggestions\":[", s->articles);
	for (size_t i = 0; i < s->n; i++) {
		buf_add_str(out, i ? ",{\"word\":" : "{\"word\":");
		json_add_string(out, s->v[i].word);
		buf_addf(out, ",\"edits\":%u,\"articles\":%" PRIu64 "}", s->v[i].edits, s->v[i].articles);
	}
	buf_add_str(out, "]}\n");
}

void json_summary(struct buf *out, uint64_t total, uint64_t returned)
{
	buf_addf(out, "{\"type\":\"summary\",\"total\":%" PRIu64 ",\"returned\":%" PRIu64 "}\n", total,
		 returned);
}

void json_article(struct buf *out, const struct catalog_article *a, const int64_t *revisions,
		  size_t nrevisions, const struct range *furniture, size_t nfurniture)
{
	buf_addf(out, "{\"type\":\"article\",\"format_version\":%d,\"id\":%" PRId64 ",\"revision\":%" PRId64,
		 OUTPUT_FORMAT_VERSION, a->number, a->revision);
	json_add_member(out, "key", a->text.key);
	json_date(out, a);
	json_add_member(out, "title", a->title);
	json_add_member(out, "source", a->source_name);
	json_add_member(out, "author", a->text.author);
	json_add_member(out, "section", a->text.section);
	json_add_member(out, "url", a->text.url);
	json_add_member(out, "lang", a->text.lang);
	json_add_member(out, "tags", a->text.tags);
	json_add_member(out, "path", a->path);
	buf_addf(out, ",\"offset\":%" PRId64 ",\"body\":", a->offset);
	json_add_string(out, a->text.body);
	buf_add_str(out, ",\"furniture\":[");
	for (size_t i = 0; i < nfurniture; i++)
		buf_addf(out, "%s[%" PRIu32 ",%" PRIu32 "]", i ? "," : "", furniture[i].start,
			 furniture[i].end);
	buf_add_str(out, "],\"revisions\":[");
	for (size_t i = 0; i < nrevisions; i++)
		buf_addf(out, "%s%" PRId64, i ? "," : "", revisions[i]);
	buf_add_str(out, "]}\n");
}
