/* indexer/add.h - the commands that read articles: `add` what is named, `update` what has
 * been named before. Each answers the exit status. */
#ifndef MORGUE_ADD_H
#define MORGUE_ADD_H

#include "archive/args.h"
#include "command_line.h"

int command_add(struct args args, const struct options *o);
int command_update(struct args args, const struct options *o);

#endif
