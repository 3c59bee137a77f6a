/* indexer/command_line.h - the options of all commands of indexer. */
#ifndef MORGUE_COMMAND_LINE_H
#define MORGUE_COMMAND_LINE_H

#include "archive/archive.h"
#include "choose.h"
#include "dump.h"
#include "ingest.h"

struct options {
	const char *archive, *format, *map, *language, *weight, *store, *errors;
	struct dump_options dump;
	struct choice choice; /* of articles */
	uint64_t wait;        /* seconds, for another writer */
	uint64_t jobs;        /* 0: as many as there are cores */
	uint64_t memory;      /* bytes; 0: the default */
	bool quiet, deep, json, again, forget, dry_run, purge;
};

/* Those before a command, or after it. -1, or an exit status if the program is to end;
 * optind is then where the other words begin. */
int parse_options(int argc, char **argv, struct options *o);

/* What `add` wants of its archive. 0 or ERR_USAGE. */
int parse_settings(const struct options *o, struct archive_settings *settings, struct err *err);

/* 0, or what the environment of a test says that wants many small batches. */
size_t batch_bytes(void);

/* Complain that something is missing, with an example of how it is meant; exit status 2. */
int usage_example(const char *wanted, const char *example);

#endif
