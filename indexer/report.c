#include "report.h"

#include "archive/args.h"
#include "base/trace.h"
#include "text/json.h"
#include "text/utf8.h"

#include <errno.h>
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

void report_start(struct report *r, FILE *to, bool quiet)
{
	*r = (struct report){ .to = to, .quiet = quiet, .start = trace_clock() };
	r->terminal = isatty(fileno(to));
	r->shown = r->start;
}

void report_release(struct report *r)
{
	if (r->errors && r->errors != stdout)
		fclose(r->errors);
	r->errors = NULL;
	buf_release(&r->line);
}

void report_clear(struct report *r)
{
	if (r->showing)
		fputs("\r\x1b[K", r->to);
	r->showing = false;
}

static void say(struct report *r, const char *what, const char *path, int64_t offset, const char *sentence)
{
	report_clear(r);
	buf_reset(&r->line);
	utf8_add_safe(&r->line, bytes_str(path), false);
	if (offset >= 0)
		buf_addf(&r->line, ": byte %" PRId64, offset);
	buf_add_str(&r->line, ": ");
	utf8_add_safe(&r->line, bytes_str(sentence), false);
	fprintf(r->to, "%s: %s\n", what, buf_cstr(&r->line));
}

/* ---- the file that collects ---- */

int report_collect(struct report *r, const char *path, struct err *err)
{
	r->errors_path = path;
	r->errors = strcmp(path, "-") == 0 ? stdout : fopen(path, "we");
	if (!r->errors)
		return err_set(err, ERR_USAGE, "--errors %s: %s", path, strerror(errno));
	return 0;
}

/* A line could not be written: say so, once, and write no more. */
static void errors_failed(struct report *r)
{
	const char *reason = strerror(errno);

	r->errors_failed = true;
	report_clear(r);
	buf_reset(&r->line);
	utf8_add_safe(&r->line, bytes_str(r->errors_path), false);
	fprintf(r->to,
		"%s: --errors %s: cannot write: %s; from here on it lacks lines, articles are added all "
		"the same\n",
		args_name(PROGRAM_INDEXER), buf_cstr(&r->line), reason);
}

/* Write out the line gathered in r->line. */
static void put_line(struct report *r)
{
	if (r->errors_failed)
		return;
	buf_add_byte(&r->line, '\n');
	if (fwrite(r->line.p, 1, r->line.n, r->errors) != r->line.n || fflush(r->errors) != 0)
		errors_failed(r);
}

/* A path need not be UTF-8: then its bytes are given as well. */
static void add_path(struct buf *out, struct bytes path)
{
	json_add_member(out, "path", path);
	if (utf8_valid(path)) {
		buf_add_str(out, ",\"path_bytes\":null");
		return;
	}
	buf_add_str(out, ",\"path_bytes\":\"");
	for (size_t i = 0; i < path.n; i++)
		buf_addf(out, "%02x", path.p[i]);
	buf_add_byte(out, '"');
}

static void collect(struct report *r, const char *type, const char *path, int64_t offset, const char *reason)
{
	if (!r->errors)
		return;
	buf_reset(&r->line);
	buf_addf(&r->line, "{\"type\":\"%s\",\"format_version\":%d", type, ERRORS_FORMAT_VERSION);
	add_path(&r->line, bytes_str(path));
	if (offset >= 0)
		buf_addf(&r->line, ",\"offset\":%" PRId64, offset);
	else
		buf_add_str(&r->line, ",\"offset\":null");
	json_add_member(&r->line, "reason", bytes_str(reason));
	buf_add_byte(&r->line, '}');
	put_line(r);
}

bool report_close(struct report *r, const struct err *ended)
{
	const struct report_counts *n = &r->count;

	if (!r->errors)
		return true;
	buf_reset(&r->line);
	buf_addf(&r->line, "{\"type\":\"summary\",\"format_version\":%d,\"ended\":\"%s\"",
		 ERRORS_FORMAT_VERSION,
		 !ended                           ? "done"
		 : ended->code == ERR_INTERRUPTED ? "interrupted"
						  : "failed");
	json_add_member(&r->line, "reason", ended ? bytes_str(ended->msg) : BYTES_NONE);
	buf_addf(&r->line,
		 ",\"added\":%" PRIu64 ",\"known\":%" PRIu64 ",\"rejected\":%" PRIu64 ",\"changed\":%" PRIu64
		 ",\"repaired\":%" PRIu64 ",\"unchanged\":%" PRIu64 "}",
		 n->added, n->known, r->rejected, n->changed, n->repaired, r->unchanged);
	put_line(r);
	if (r->errors != stdout && fclose(r->errors) != 0 && !r->errors_failed)
		errors_failed(r);
	r->errors = NULL;
	return !r->errors_failed;
}

/* ---- what happens to the input ---- */

void report_rejected(struct report *r, const char *path, int64_t offset, const char *reason)
{
	r->rejected++;
	say(r, "rejected", path, offset, reason);
	collect(r, "rejected", path, offset, reason);
}

void report_note(struct report *r, const char *path, int64_t offset, const char *note)
{
	if (!r->quiet)
		say(r, "note", path, offset, note);
	collect(r, "note", path, offset, note);
}

void report_repaired(struct report *r, const char *path, int64_t offset, uint64_t n)
{
	char sentence[80];

	r->count.repaired += n;
	snprintf(sentence, sizeof sentence, "%" PRIu64 " byte%s not valid UTF-8, shown as U+FFFD", n,
		 n == 1 ? "" : "s");
	collect(r, "note", path, offset, sentence);
}

/* Is a progress line due? */
static bool due(struct report *r)
{
	double t;

	if (!r->terminal || r->quiet)
		return false;
	t = trace_clock();
	if (t - r->shown < PROGRESS_SECONDS)
		return false;
	r->shown = t;
	return r->showing = true;
}

/* End the line with how much is done, and the time left at the speed since `start`. */
static void show_share(const struct report *r, double start, uint64_t done, uint64_t all)
{
	double seconds = r->shown - start, share, left;

	if (all && done) {
		share = (double)done / (double)all;
		left = share < 1 ? seconds * (1 - share) / share : 0;
		fprintf(r->to, "  %.0f %%  %d:%02d left", share * 100, (int)left / 60, (int)left % 60);
	}
	fflush(r->to);
}

void report_progress(struct report *r, uint64_t consumed)
{
	char articles[32];

	if (!due(r))
		return;
	fprintf(r->to, "\r\x1b[K%s articles  %.1f MB/s", report_number(articles, report_taken(&r->count)),
		(double)r->raw / 1e6 / (r->shown - r->start));
	show_share(r, r->start, r->done_files + consumed, r->total);
}

void report_bytes(struct report *r, const char *work, double start, uint64_t done, uint64_t all)
{
	if (!due(r))
		return;
	fprintf(r->to, "\r\x1b[K%s  %.1f MB/s", work, (double)done / 1e6 / (r->shown - start));
	show_share(r, start, done, all);
}

void report_work(struct report *r, const char *work, double start, uint64_t done, uint64_t all)
{
	char articles[32];

	if (!due(r))
		return;
	fprintf(r->to, "\r\x1b[K%s  %s articles", work, report_number(articles, done));
	show_share(r, start, done, all);
}

void report_one_line(struct report *r, const char *archive, const char *sentence)
{
	report_clear(r);
	if (r->quiet)
		return;
	buf_reset(&r->line);
	utf8_add_safe(&r->line, bytes_str(archive), false);
	fprintf(r->to, "%s: %s\n", buf_cstr(&r->line), sentence);
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

	report_clear(r);
	if (r->quiet)
		return;
	row(r, "added", r->count.added, "");
	row(r, "already there", r->count.known, "");
	if (r->unchanged)
		row(r, "unchanged", r->unchanged, "files, not read again");
	if (r->count.changed)
		row(r, "changed", r->count.changed,
		    "there with another text, which is kept: query show --diff");
	snprintf(note, sizeof note, "each named above: %s help errors", args_name(PROGRAM_INDEXER));
	row(r, "rejected", r->rejected, r->rejected ? note : "");
	snprintf(note, sizeof note, "%.1f %%%s%s%s", share_of(r->count.dated, report_taken(&r->count)),
		 r->count.dated_by_path ? ", " : "",
		 r->count.dated_by_path ? report_number(n, r->count.dated_by_path) : "",
		 r->count.dated_by_path ? " by a path or URL" : "");
	row(r, "with a date", r->count.dated, report_taken(&r->count) ? note : "");
	if (r->count.furniture)
		row(r, "with furniture", r->count.furniture,
		    "share buttons, teasers and the like: kept, not searched");
	if (r->count.repaired)
		row(r, "bytes repaired", r->count.repaired, "not valid UTF-8, shown as U+FFFD");
	fprintf(r->to, "  %-14s %12.1f   seconds, %.1f MB/s\n", "time", seconds,
		seconds > 0 ? (double)r->raw / 1e6 / seconds : 0);
	buf_reset(&r->line);
	utf8_add_safe(&r->line, bytes_str(archive), false);
	fprintf(r->to, "%s: %s article%s, %.1f MB (index %.1f, articles %.1f)\n", buf_cstr(&r->line),
		report_number(total, articles), articles == 1 ? "" : "s", (double)(catalog + segments) / 1e6,
		(double)segments / 1e6, (double)catalog / 1e6);
}
