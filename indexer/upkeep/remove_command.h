/* indexer/upkeep/remove_command.h - `indexer remove`: which articles, a look at them, and out. */
#ifndef MORGUE_REMOVE_COMMAND_H
#define MORGUE_REMOVE_COMMAND_H

#include "archive/args.h"
#include "command_line.h"

int command_remove(struct args args, const struct options *o); /* the exit status */

#endif
