#include "report.h"

#include "archive/args.h"
#include "base/trace.h"
#include "text/utf8.h"

#include <inttypes.h>
#include <unistd.h>

#define PROGRESS_SECONDS 0.2

const char *report_number(char out[32], uint64_t n)
{
	char digits[24];
	int count = snprintf(digits, sizeof digits, "%" PRIu64, n), at = 0;

	for (int i = 0; i < count; i++) {
		if (i && (count - i) % 3 == 0)
			out[at++] = ',';
		out[at++] = digits[i];
	}
	out[at] = '\0';
	return out;
}

void report_start(struct report *r, FILE *to, bool quiet, uint64_t total)
{
	*r = (struct report){ .to = to, .quiet = quiet, .total = total, .start = trace_clock() };
	r->terminal = isatty(fileno(to));
	r->shown = r->start;
}

void report_release(struct report *r)
{
	buf_release(&r->line);
}

static void clear_progress(const struct report *r)
{
	if (r->terminal && r->shown > r->start)
		fputs("\r\x1b[K", r->to);
}

static void say(struct report *r, const char *what, const char *path, int64_t offset, const char *sentence)
{
	clear_progress(r);
	buf_reset(&r->line);
	utf8_add_safe(&r->line, bytes_str(path), false);
	if (offset >= 0)
		buf_addf(&r->line, ": byte %" PRId64, offset);
	buf_add_str(&r->line, ": ");
	utf8_add_safe(&r->line, bytes_str(sentence), false);
	fprintf(r->to, "%s: %s\n", what, buf_cstr(&r->line));
}

void report_rejected(struct report *r, const char *path, int64_t offset, const char *reason)
{
	r->rejected++;
	say(r, "rejected", path, offset, reason);
}

void report_note(struct report *r, const char *path, int64_t offset, const char *note)
{
	if (!r->quiet)
		say(r, "note", path, offset, note);
}

void report_progress(struct report *r, uint64_t consumed)
{
	double t = trace_clock(), seconds = t - r->start, share, left;
	uint64_t done = r->done_files + consumed;
	char articles[32];

	if (!r->terminal || r->quiet || t - r->shown < PROGRESS_SECONDS)
		return;
	r->shown = t;
	fprintf(r->to, "\r\x1b[K%s articles  %.1f MB/s", report_number(articles, r->added),
		(double)r->raw / 1e6 / seconds);
	if (r->total && done) {
		share = (double)done / (double)r->total;
		left = share < 1 ? seconds * (1 - share) / share : 0;
		fprintf(r->to, "  %.0f %%  %d:%02d left", share * 100, (int)left / 60, (int)left % 60);
	}
	fflush(r->to);
}

static void row(const struct report *r, const char *name, uint64_t n, const char *note)
{
	char number[32];

	fprintf(r->to, "  %-14s %12s%s%s\n", name, report_number(number, n), *note ? "   " : "", note);
}

static double share_of(uint64_t part, uint64_t whole)
{
	return whole ? 100.0 * (double)part / (double)whole : 0;
}

void report_end(struct report *r, uint64_t articles, uint64_t catalog, uint64_t segments, const char *archive)
{
	double seconds = trace_clock() - r->start;
	char note[128], total[32], n[32];

	clear_progress(r);
	if (r->quiet)
		return;
	row(r, "added", r->added, "");
	row(r, "already there", r->known, "");
	if (r->changed)
		row(r, "changed", r->changed,
		    "an id or URL that was there, with another text: kept beside it");
	snprintf(note, sizeof note, "each named above: %s help errors", args_name(PROGRAM_INDEXER));
	row(r, "rejected", r->rejected, r->rejected ? note : "");
	snprintf(note, sizeof note, "%.1f %%%s%s%s", share_of(r->dated, r->added),
		 r->dated_by_path ? ", " : "", r->dated_by_path ? report_number(n, r->dated_by_path) : "",
		 r->dated_by_path ? " by a path or URL" : "");
	row(r, "with a date", r->dated, r->added ? note : "");
	if (r->furniture)
		row(r, "with furniture", r->furniture,
		    "share buttons, teasers and the like: kept, not searched");
	if (r->repaired)
		row(r, "bytes repaired", r->repaired, "not valid UTF-8, shown as U+FFFD");
	fprintf(r->to, "  %-14s %12.1f   seconds, %.1f MB/s\n", "time", seconds,
		seconds > 0 ? (double)r->raw / 1e6 / seconds : 0);
	buf_reset(&r->line);
	utf8_add_safe(&r->line, bytes_str(archive), false);
	fprintf(r->to, "%s: %s article%s, %.1f MB (index %.1f, articles %.1f)\n", buf_cstr(&r->line),
		report_number(total, articles), articles == 1 ? "" : "s", (double)(catalog + segments) / 1e6,
		(double)segments / 1e6, (double)catalog / 1e6);
}
