/* How stats.h is shown. */
#include "base/civil.h"
#include "report.h"
#include "upkeep/stats.h"
#include "text/json.h"
#include "text/utf8.h"

#include <inttypes.h>
#include <string.h>
#include <time.h>

#define MOST_SOURCES 10 /* for people: the others are counted together */
#define MOST_HOLES   10

static const char section_names[SEC_COUNT][5] = SEC_NAMES;

static uint64_t sections_together(const struct stats *s)
{
	uint64_t sum = 0;

	for (int i = 0; i < SEC_COUNT; i++)
		sum += s->sections[i];
	return sum;
}

/* ---- for people ---- */

static void add_count(struct buf *out, const char *name, uint64_t n)
{
	char number[32];

	buf_addf(out, "  %-16s %14s", name, report_number(number, n));
}

static void add_size(struct buf *out, const char *name, uint64_t bytes)
{
	buf_addf(out, "  %-16s %14.1f MB", name, (double)bytes / 1e6);
}

static void add_dates(const struct stats *s, struct buf *out)
{
	char first[20], last[20];

	add_count(out, "dated", s->dated);
	if (s->dated) {
		civil_format(first, s->first, 'd');
		civil_format(last, s->last, 'd');
		buf_addf(out, "   %s to %s", first, last);
	}
	buf_add_byte(out, '\n');
	add_count(out, "undated", s->articles - s->dated);
	buf_add_byte(out, '\n');
}

/* "1985", "1985-03", or two of them. */
static void add_hole(struct buf *out, const struct stats_hole *h)
{
	if (h->years) {
		buf_addf(out, "%04d", h->first / 12);
		if (h->first / 12 != h->last / 12)
			buf_addf(out, " to %04d", h->last / 12);
		return;
	}
	buf_addf(out, "%04d-%02d", h->first / 12, h->first % 12 + 1);
	if (h->first != h->last)
		buf_addf(out, " to %04d-%02d", h->last / 12, h->last % 12 + 1);
}

static void add_holes(const struct stats *s, struct buf *out)
{
	add_count(out, "holes", s->nholes);
	buf_add_str(out,
		    s->nholes ? "   without an article, though there are some before and after:\n" : "\n");
	for (size_t i = 0; i < s->nholes && i < MOST_HOLES; i++) {
		buf_add_str(out, "    ");
		add_hole(out, &s->holes[i]);
		buf_add_byte(out, '\n');
	}
	if (s->nholes > MOST_HOLES)
		buf_addf(out, "    and %zu more: --json has all\n", s->nholes - MOST_HOLES);
}

static void add_sources(const struct stats *s, struct buf *out)
{
	bool nameless = false;
	char number[32];

	for (size_t i = 0; i < s->nsources; i++)
		nameless = nameless || !s->sources[i].id;
	add_count(out, "sources", s->nsources - nameless);
	buf_add_byte(out, '\n');
	for (size_t i = 0; i < s->nsources && i < MOST_SOURCES; i++) {
		const struct stats_source *source = &s->sources[i];

		buf_addf(out, "    %29s   ", report_number(number, source->articles));
		if (source->id)
			utf8_add_safe(out, buf_bytes(&source->name), false);
		else
			buf_add_str(out, "without a source");
		buf_add_byte(out, '\n');
	}
	if (s->nsources > MOST_SOURCES)
		buf_addf(out, "    and %zu more: --json has all\n", s->nsources - MOST_SOURCES);
}

static void add_sizes(const struct stats *s, struct buf *out)
{
	add_size(out, "catalog.db", s->catalog);
	buf_addf(out, "   texts %.1f, %.1f before they were compressed\n", (double)s->stored / 1e6,
		 (double)s->texts / 1e6);
	add_size(out, "index", s->index);
	buf_addf(out, "   dictionary %.1f, postings %.1f, positions %.1f, forms %.1f, articles %.1f\n",
		 (double)(s->sections[SEC_DICT] + s->sections[SEC_DIDX]) / 1e6,
		 (double)s->sections[SEC_POST] / 1e6, (double)s->sections[SEC_POSN] / 1e6,
		 (double)s->sections[SEC_FORM] / 1e6, (double)s->sections[SEC_DOCS] / 1e6);
	add_count(out, "different words", s->terms);
	buf_add_byte(out, '\n');
}

static void add_time(struct buf *out, int64_t seconds, const char *format)
{
	time_t t = (time_t)seconds;
	char text[32] = "";
	struct tm tm;

	if (gmtime_r(&t, &tm))
		strftime(text, sizeof text, format, &tm);
	buf_add_str(out, text);
}

static void add_segments(const struct stats *s, struct buf *out)
{
	char number[32];

	add_count(out, "segments", s->nsegments);
	buf_add_byte(out, '\n');
	for (size_t i = 0; i < s->nsegments; i++) {
		const struct stats_segment *g = &s->segments[i];

		buf_addf(out, "    %08" PRId64 ".seg %16s articles, ", g->row.id,
			 report_number(number, (uint64_t)(g->row.docs - g->row.dead)));
		if (g->row.dead)
			buf_addf(out, "%s removed, ", report_number(number, (uint64_t)g->row.dead));
		buf_addf(out, "%.1f MB, ", (double)g->row.bytes / 1e6);
		add_time(out, g->modified, "%Y-%m-%d %H:%M UTC\n");
	}
	add_count(out, "in the tail", s->tail);
	buf_add_str(out, "   articles, too few for a segment\n");
}

void stats_print(const struct stats *s, const char *archive, struct buf *out)
{
	utf8_add_safe(out, bytes_str(archive), false);
	buf_add_byte(out, '\n');
	add_count(out, "articles", s->articles);
	buf_addf(out, "   %.0f words each\n", s->articles ? (double)s->words / (double)s->articles : 0);
	add_dates(s, out);
	add_holes(s, out);
	add_sources(s, out);
	add_sizes(s, out);
	add_segments(s, out);
}

/* ---- for programs ---- */

static void json_date(struct buf *out, const char *name, int64_t date)
{
	char text[20];

	civil_format(text, date, 'd');
	json_add_member(out, name, bytes_str(text));
}

static void json_holes(const struct stats *s, struct buf *out)
{
	for (size_t i = 0; i < s->nholes; i++) {
		const struct stats_hole *h = &s->holes[i];

		if (h->years)
			buf_addf(out, "%s{\"from\":\"%04d\",\"to\":\"%04d\"}", i ? "," : "", h->first / 12,
				 h->last / 12);
		else
			buf_addf(out, "%s{\"from\":\"%04d-%02d\",\"to\":\"%04d-%02d\"}", i ? "," : "",
				 h->first / 12, h->first % 12 + 1, h->last / 12, h->last % 12 + 1);
	}
}

static void json_sources(const struct stats *s, struct buf *out)
{
	for (size_t i = 0; i < s->nsources; i++) {
		buf_addf(out, "%s{\"articles\":%" PRIu64, i ? "," : "", s->sources[i].articles);
		json_add_member(out, "name", buf_bytes(&s->sources[i].name));
		buf_add_byte(out, '}');
	}
}

static void json_segments(const struct stats *s, struct buf *out)
{
	for (size_t i = 0; i < s->nsegments; i++) {
		const struct stats_segment *g = &s->segments[i];

		buf_addf(out,
			 "%s{\"id\":%" PRId64 ",\"docs\":%" PRId64 ",\"dead\":%" PRId64 ",\"words\":%" PRId64
			 ",\"terms\":%" PRIu32 ",\"bytes\":%" PRId64 ",\"modified\":\"",
			 i ? "," : "", g->row.id, g->row.docs, g->row.dead, g->row.words, g->terms,
			 g->row.bytes);
		add_time(out, g->modified, "%Y-%m-%dT%H:%M:%SZ\"}");
	}
}

void stats_print_json(const struct stats *s, struct buf *out)
{
	buf_addf(out,
		 "{\"type\":\"stats\",\"format_version\":%d,\"articles\":%" PRIu64 ",\"words\":%" PRIu64
		 ",\"dated\":%" PRIu64,
		 STATS_FORMAT_VERSION, s->articles, s->words, s->dated);
	json_date(out, "first", s->first);
	json_date(out, "last", s->last);
	buf_add_str(out, ",\"holes\":[");
	json_holes(s, out);
	buf_add_str(out, "],\"sources\":[");
	json_sources(s, out);
	buf_addf(out,
		 "],\"terms\":%" PRIu64 ",\"catalog_bytes\":%" PRIu64 ",\"text_bytes\":%" PRId64
		 ",\"stored_bytes\":%" PRId64 ",\"index_bytes\":%" PRIu64 ",\"sections\":{",
		 s->terms, s->catalog, s->texts, s->stored, s->index);
	for (int i = 0; i < SEC_COUNT; i++)
		buf_addf(out, "%s\"%s\":%" PRIu64, i ? "," : "", section_names[i], s->sections[i]);
	buf_addf(out, ",\"other\":%" PRIu64 "},\"segments\":[", s->index - sections_together(s));
	json_segments(s, out);
	buf_addf(out, "],\"tail\":%" PRIu64 "}\n", s->tail);
}
