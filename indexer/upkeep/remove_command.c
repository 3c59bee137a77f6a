#include "upkeep/remove_command.h"

#include "base/civil.h"
#include "upkeep/level.h"
#include "upkeep/remove.h"
#include "report.h"
#include "signals.h"
#include "text/utf8.h"

#include <inttypes.h>
#include <stdio.h>

/* What has become of the articles when a run ends with an error. A commit that failed may yet
 * count: who opens the archive next finds out. */
enum outcome { OUTCOME_KEPT, OUTCOME_UNSURE, OUTCOME_REMOVED };

struct removal {
	const char *path;
	const struct choice *choice;
	struct report report;
	struct number_list numbers, unknown;
	enum outcome outcome;
};

static void release(struct removal *r)
{
	report_clear(&r->report);
	report_release(&r->report);
	number_list_release(&r->numbers);
	number_list_release(&r->unknown);
}

static void name_unknown(const struct removal *r)
{
	struct err line;

	for (size_t i = 0; i < r->unknown.n; i++) {
		err_set(&line, ERR_NOT_FOUND, "%s: there is no article %" PRId64, r->path, r->unknown.v[i]);
		args_complain(line.msg);
	}
}

static int choose(struct removal *r, struct archive *a, struct err *err)
{
	int rc = choose_articles(a, r->choice, &r->numbers, err);

	number_list_settle(&r->numbers);
	return rc;
}

/* ---- a look at them ---- */

/* Number, date and title, with tabs between. */
static void show_article(const struct catalog_article *row, struct buf *line)
{
	char date[20];

	civil_format(date, row->date, row->precision);
	buf_reset(line);
	utf8_add_safe(line, row->title, false);
	printf("%" PRId64 "\t%s\t%s\n", row->number, date, buf_cstr(line));
}

static int show_articles(struct removal *r, struct archive *a, struct err *err)
{
	struct catalog_article row;
	struct buf line = BUF_INIT;
	int got = 0;

	for (size_t i = 0; got >= 0 && i < r->numbers.n; i++) {
		got = catalog_article(a->catalog, r->numbers.v[i], &row, err);
		if (got > 0)
			show_article(&row, &line);
		else if (got == 0)
			number_list_add(&r->unknown, r->numbers.v[i]);
	}
	buf_release(&line);
	if (got >= 0 && fflush(stdout) != 0)
		return err_errno(err, "remove: the list cannot be written");
	return got < 0 ? got : 0;
}

/* Without the lock: nothing changes. */
static int dry_run(struct removal *r, struct err *err)
{
	char number[32], line[80];
	struct archive archive;
	int rc = archive_open_texts(&archive, r->path, err);
	size_t n;

	if (rc < 0)
		return rc;
	if ((rc = choose(r, &archive, err)) == 0 && (rc = show_articles(r, &archive, err)) == 0) {
		n = r->numbers.n - r->unknown.n;
		snprintf(line, sizeof line, "%s article%s would be removed", report_number(number, n),
			 n == 1 ? "" : "s");
		name_unknown(r);
		report_one_line(&r->report, r->path, line);
	}
	archive_close(&archive);
	return rc;
}

/* ---- and out ---- */

/* After the commit: rid the index of the dead if they are many, and the file of empty pages. */
static int settle(struct removal *r, struct archive *a, struct err *err)
{
	char number[32], left[32], line[120];
	int64_t articles;
	int rc = level_settle(a, 0, 0, &stop_requested, &r->report, err);

	if (rc < 0 || (rc = catalog_shrink(a->catalog, err)) < 0 ||
	    (rc = catalog_checkpoint(a->catalog, err)) < 0 ||
	    (rc = catalog_count_articles(a->catalog, &articles, err)) < 0)
		return rc;
	snprintf(line, sizeof line, "%s article%s removed, %s left", report_number(number, r->numbers.n),
		 r->numbers.n == 1 ? "" : "s", report_number(left, (uint64_t)articles));
	report_one_line(&r->report, r->path, line);
	return 0;
}

static int remove_chosen(struct removal *r, struct err *err)
{
	struct archive archive;
	int rc = archive_open_write(&archive, r->path, NULL, err);

	if (rc < 0)
		return rc;
	if ((rc = choose(r, &archive, err)) == 0 &&
	    (rc = remove_articles(&archive, &r->numbers, &r->unknown, &stop_requested, err)) == 0) {
		r->outcome = OUTCOME_REMOVED;
		name_unknown(r);
		rc = settle(r, &archive, err);
	}
	archive_close(&archive);
	if (r->outcome != OUTCOME_REMOVED && archive_has_log(r->path))
		r->outcome = OUTCOME_UNSURE;
	return rc;
}

static int fail(const struct removal *r, const struct err *err)
{
	int status = args_fail(err);

	switch (r->outcome) {
	case OUTCOME_REMOVED:
		fprintf(stderr,
			"The articles are removed; '%s optimize' takes the rest of them out of the index.\n",
			args_name(PROGRAM_INDEXER));
		break;
	case OUTCOME_UNSURE:
		fputs("Whether they are removed shows when the archive is next opened; run the same command "
		      "again to go on.\n",
		      stderr);
		break;
	default:
		if (err->code == ERR_INTERRUPTED || err->code == ERR_IO)
			fputs("Nothing was removed; run the same command again to go on.\n", stderr);
	}
	return status;
}

int command_remove(struct args args, const struct options *o)
{
	struct removal r = { .path = args_archive(&args, o->archive), .choice = &o->choice };
	int rc, ways = args.n > 0;
	struct err err;

	ways += o->choice.source != NULL;
	ways += o->choice.path != NULL;
	ways += o->choice.query != NULL;
	if (!r.path || ways != 1)
		return usage_example("remove: name an archive, and either numbers or one of --source, "
				     "--path and --query",
				     "remove news.morgue 17 23");
	catch_signals();
	report_start(&r.report, stderr, o->quiet);
	if ((rc = choose_numbers(args, &r.numbers, &err)) == 0)
		rc = o->dry_run ? dry_run(&r, &err) : remove_chosen(&r, &err);
	if (rc == 0)
		rc = r.unknown.n > 0;
	else if (rc < 0)
		rc = fail(&r, &err);
	release(&r);
	return rc;
}
