/* indexer - puts articles into an archive. docs: README.md, indexer --help, indexer help. */
#include "add.h"
#include "archive/args.h"
#include "archive/help.h"
#include "archive/lock.h"
#include "base/mem.h"
#include "base/nearest.h"
#include "base/trace.h"
#include "command_line.h"
#include "upkeep/convert.h"
#include "upkeep/level.h"
#include "sealing.h"
#include "upkeep/purge.h"
#include "upkeep/rebuild.h"
#include "upkeep/remove_command.h"
#include "signals.h"
#include "upkeep/snapshot.h"
#include "upkeep/stats.h"
#include "upkeep/verify.h"

#include <getopt.h>
#include <inttypes.h>
#include <stdlib.h>

static void say_waiting(const char *archive, const char *holder)
{
	struct err line;

	err_set(&line, ERR_LOCKED, "%s: waiting for another indexer (%s)", archive, holder);
	args_complain(line.msg);
}

static void set_lock_manners(const char *command, const struct options *o)
{
	lock_manners = (struct lock_manners){ .command = command,
					      .wait = o->wait,
					      .stop = &stop_requested,
					      .waiting = o->quiet ? NULL : say_waiting };
}

static void say_optimized(struct report *report, const struct level_result *r, const char *path)
{
	char articles[32], line[256];

	if (r->segments < 2 && r->sealed)
		snprintf(line, sizeof line, "the index is one segment now: %s article%s, index %.1f MB",
			 report_number(articles, r->articles), r->articles == 1 ? "" : "s",
			 (double)r->bytes_now / 1e6);
	else if (r->segments < 2 && !r->dead)
		snprintf(line, sizeof line,
			 r->segments ? "the index is one segment already" : "there is nothing in it");
	else
		snprintf(line, sizeof line,
			 "%" PRIu64
			 " segment%s one%s now: %s articles, index %.1f MB, %.1f before; %.1f seconds",
			 r->segments, r->segments == 1 ? " is" : "s are",
			 r->dead ? " without what was removed" : "", report_number(articles, r->articles),
			 (double)r->bytes_now / 1e6, (double)r->bytes / 1e6, trace_clock() - report->start);
	report_one_line(report, path, line);
}

static int optimize(const char *path, const struct options *o, struct report *report, struct err *err)
{
	struct level_result result;
	struct archive archive;
	struct err ignored;
	int rc = archive_open_write(&archive, path, NULL, err), folded;

	if (rc < 0)
		return rc;
	rc = level_optimize(&archive, (unsigned)o->jobs, &stop_requested, report, &result, err);
	if (rc == 0 && o->purge)
		rc = purge_texts(&archive, &stop_requested, err);
	trace_phase(TRACE_CHECKPOINT);
	if (rc == 0 && o->purge)
		rc = purge_files(&archive, err);
	folded = catalog_checkpoint(archive.catalog, rc < 0 ? &ignored : err);
	if (rc == 0 && (rc = folded) == 0) {
		say_optimized(report, &result, path);
		if (o->purge)
			report_one_line(report, path, "what was removed is in none of its files");
	}
	archive_close(&archive);
	return rc;
}

static void say_verified(struct report *report, const struct archive *archive, bool deep)
{
	bool tail = archive->nsegments && archive->segments[archive->nsegments - 1].maker;
	size_t n = archive->nsegments - tail;
	char articles[32], line[256];

	if (deep)
		snprintf(
			line, sizeof line,
			"%s article%s%s %zu segment%s%s are sound, the index is what its articles make; %.1f "
			"seconds",
			report_number(articles, archive->ndocs), archive->ndocs == 1 ? "" : "s",
			tail ? "," : " and", n, n == 1 ? "" : "s", tail ? " and the tail" : "",
			trace_clock() - report->start);
	else
		snprintf(line, sizeof line, "every byte of its %zu segment%s is as it was written%s", n,
			 n == 1 ? "" : "s", tail ? ", and the tail is whole" : "");
	report_one_line(report, archive->path, line);
}

static int command_verify(struct args args, const struct options *o)
{
	struct verify_options options = { .deep = o->deep,
					  .stop = &stop_requested,
					  .lot_bytes = batch_bytes() };
	const char *path = args_archive(&args, o->archive);
	struct archive archive;
	struct report report;
	struct err err;
	int rc;

	if (!path || args.n)
		return usage_example("verify: name one archive", "verify news.morgue");
	catch_signals();
	if ((rc = archive_open_read(&archive, path, &err)) < 0)
		return args_fail(&err);
	report_start(&report, stderr, o->quiet);
	if ((rc = verify_archive(&archive, &options, &report, &err)) == 0)
		say_verified(&report, &archive, o->deep);
	report_clear(&report);
	report_release(&report);
	archive_close(&archive);
	return rc < 0 ? args_fail(&err) : 0;
}

static void say_sealed(struct report *report, const struct catalog_segment *made, const char *path)
{
	char articles[32], line[256];

	if (made->id)
		snprintf(line, sizeof line, "the newest %s article%s sealed into a segment, %.1f MB",
			 report_number(articles, (uint64_t)made->docs), made->docs == 1 ? " is" : "s are",
			 (double)made->bytes / 1e6);
	else
		snprintf(line, sizeof line, "all articles are in segments already");
	report_one_line(report, path, line);
}

static int seal_archive(const char *path, const struct options *o, struct report *report, struct err *err)
{
	struct catalog_segment made;
	struct archive archive;
	struct err ignored;
	int rc = archive_open_write(&archive, path, NULL, err), folded;

	if (rc < 0)
		return rc;
	rc = seal_tail(&archive, &stop_requested, &made, err);
	if (rc == 0)
		rc = level_settle(&archive, UINT32_MAX, (unsigned)o->jobs, &stop_requested, report, err);
	trace_phase(TRACE_CHECKPOINT);
	folded = catalog_checkpoint(archive.catalog, rc < 0 ? &ignored : err);
	if (rc == 0 && (rc = folded) == 0)
		say_sealed(report, &made, path);
	archive_close(&archive);
	return rc;
}

static void say_rebuilt(struct report *report, const struct rebuild_result *r, const char *path)
{
	double seconds = trace_clock() - report->start;
	char articles[32], line[256];

	snprintf(line, sizeof line,
		 "the index is made anew: %s article%s, %" PRIu64
		 " segment%s, %.1f MB; %.1f seconds, %.1f MB/s",
		 report_number(articles, r->articles), r->articles == 1 ? "" : "s", r->segments,
		 r->segments == 1 ? "" : "s", (double)r->bytes / 1e6, seconds,
		 seconds > 0 ? (double)r->text / 1e6 / seconds : 0);
	report_one_line(report, path, line);
}

static int rebuild(const char *path, const struct options *o, struct report *report, struct err *err)
{
	struct rebuild_result result;
	const struct catalog_conversion conversion = { convert_texts, path, &stop_requested };
	struct archive archive;
	struct err ignored;
	int rc = archive_open_upgrade(&archive, path, &conversion, err), folded;

	(void)o;
	if (rc < 0)
		return rc;
	rc = rebuild_archive(&archive, &stop_requested, batch_bytes(), report, &result, err);
	trace_phase(TRACE_CHECKPOINT);
	folded = catalog_checkpoint(archive.catalog, rc < 0 ? &ignored : err);
	if (rc == 0 && (rc = folded) == 0)
		say_rebuilt(report, &result, path);
	archive_close(&archive);
	return rc;
}

/* A command that writes the index of one archive anew, and leaves it as it was if it cannot. */
static int rewrite_index(struct args args, const struct options *o,
			 int (*work)(const char *path, const struct options *o, struct report *report,
				     struct err *err))
{
	const char *path = args_archive(&args, o->archive);
	struct report report;
	struct err err;
	int rc;

	if (!path || args.n) {
		err_set(&err, ERR_USAGE, "%s: name one archive: %s %s news.morgue", lock_manners.command,
			args_name(PROGRAM_INDEXER), lock_manners.command);
		return args_usage_error(err.msg);
	}
	catch_signals();
	report_start(&report, stderr, o->quiet);
	rc = work(path, o, &report, &err);
	report_clear(&report);
	report_release(&report);
	if (rc >= 0)
		return 0;
	args_fail(&err);
	if (rc == ERR_INTERRUPTED || rc == ERR_IO)
		fputs("The archive answers as before; run the same command again to go on.\n", stderr);
	return args_status(&err);
}

static int command_optimize(struct args args, const struct options *o)
{
	return rewrite_index(args, o, optimize);
}

static int command_seal(struct args args, const struct options *o)
{
	return rewrite_index(args, o, seal_archive);
}

static int command_rebuild(struct args args, const struct options *o)
{
	return rewrite_index(args, o, rebuild);
}

static void say_copied(struct report *report, const struct archive *archive, const struct snapshot_result *r,
		       const char *to)
{
	char articles[32], line[4608];

	snprintf(line, sizeof line,
		 "copied to %s: %s article%s, %.1f MB; %zu of %zu segment%s linked, not copied", to,
		 report_number(articles, archive->ndocs), archive->ndocs == 1 ? "" : "s",
		 (double)r->bytes / 1e6, r->linked, r->segments, r->segments == 1 ? "" : "s");
	report_one_line(report, archive->path, line);
}

static int command_snapshot(struct args args, const struct options *o)
{
	const char *path = args_archive(&args, o->archive);
	struct snapshot_result result;
	struct archive archive;
	struct report report;
	struct err err;
	int rc;

	if (!path || args.n != 1)
		return usage_example("snapshot: name an archive and the new one",
				     "snapshot news.morgue backup.morgue");
	catch_signals();
	if ((rc = archive_open_read(&archive, path, &err)) < 0)
		return args_fail(&err);
	report_start(&report, stderr, o->quiet);
	if ((rc = snapshot_archive(&archive, *args.v, &stop_requested, &report, &result, &err)) == 0)
		say_copied(&report, &archive, &result, *args.v);
	report_clear(&report);
	report_release(&report);
	archive_close(&archive);
	return rc < 0 ? args_fail(&err) : 0;
}

static int command_stats(struct args args, const struct options *o)
{
	const char *path = args_archive(&args, o->archive);
	struct buf out = BUF_INIT;
	struct archive archive;
	struct stats stats;
	struct err err;
	int rc;

	if (!path || args.n)
		return usage_example("stats: name one archive", "stats news.morgue");
	catch_signals();
	if ((rc = archive_open_read(&archive, path, &err)) < 0)
		return args_fail(&err);
	if ((rc = stats_gather(&stats, &archive, &stop_requested, &err)) == 0) {
		if (o->json)
			stats_print_json(&stats, &out);
		else
			stats_print(&stats, path, &out);
	}
	stats_release(&stats);
	archive_close(&archive);
	if (rc == 0 && (fwrite(out.p, 1, out.n, stdout) != out.n || fflush(stdout) != 0))
		rc = err_errno(&err, "cannot write the statistics");
	buf_release(&out);
	return rc < 0 ? args_fail(&err) : 0;
}

static int command_dump(struct args args, const struct options *o)
{
	const char *path = args_archive(&args, o->archive);
	struct archive archive;
	uint64_t found = 0;
	struct err err;
	int rc;

	if (!path)
		return args_usage_error("dump: name an archive, and a word to see its postings");
	if ((rc = archive_open_read(&archive, path, &err)) < 0)
		return args_fail(&err);
	if (!args.n)
		rc = dump_segments(&archive, stdout, &err);
	for (int i = 0; rc == 0 && i < args.n; i++)
		rc = dump_word(&archive, args.v[i], &o->dump, stdout, &found, &err);
	archive_close(&archive);
	if (rc < 0)
		return args_fail(&err);
	if (args.n && !found)
		args_complain("no segment has such a term; words are analyzed as in a question, --raw takes "
			      "them as they are");
	return args.n && !found;
}

static int command_help(struct args args, const struct options *o)
{
	(void)o;
	return help(help_topics, args.n, args.v);
}

static const struct {
	const char *name;
	int (*run)(struct args args, const struct options *o);
} commands[] = {
	{ "add", command_add },         { "update", command_update },     { "remove", command_remove },
	{ "seal", command_seal },       { "optimize", command_optimize }, { "verify", command_verify },
	{ "rebuild", command_rebuild }, { "snapshot", command_snapshot }, { "stats", command_stats },
	{ "dump", command_dump },       { "help", command_help },
};
#define COMMANDS      (sizeof commands / sizeof *commands)
#define COMMANDS_LIST "add, update, remove, seal, optimize, verify, rebuild, snapshot, stats, dump and help"

static int no_such_command(const char *name)
{
	char hint[NEAREST_HINT];
	struct nearest near;
	struct err err;

	nearest_start(&near, name);
	for (size_t i = 0; i < COMMANDS; i++)
		nearest_offer(&near, commands[i].name);
	nearest_hint(&near, "", hint);
	err_set(&err, ERR_USAGE, "there is no command '%.100s'%s", name,
		*hint ? hint : "; there are " COMMANDS_LIST);
	return args_usage_error(err.msg);
}

int main(int argc, char **argv)
{
	struct options o = { .dump.blocks = UINT64_MAX };
	const char *name;
	int status;

	mem_return_large();
	args_begin(PROGRAM_INDEXER, argv[0]);
	if ((status = parse_options(argc, argv, &o)) >= 0)
		return status;
	if (optind == argc)
		return args_usage_error("name a command: " COMMANDS_LIST);
	name = argv[optind];
	argc -= optind;
	argv += optind;
	optind = 1;
	if ((status = parse_options(argc, argv, &o)) >= 0)
		return status;
	set_lock_manners(name, &o);
	for (size_t i = 0; i < COMMANDS; i++)
		if (strcmp(name, commands[i].name) == 0)
			return commands[i].run((struct args){ argc - optind, argv + optind }, &o);
	return no_such_command(name);
}
