/* indexer/revise.h - a newer text of an article that is there.
 *
 * Shape   the newest text of an article is its row in table `article`, the older ones are in table
 *         `revision`: docs/FORMAT.md. The index holds the newest alone: what a committed segment has of
 *         the older one is dead with this commit, what the open batch has gathered of it is dropped.
 */
#ifndef MORGUE_REVISE_H
#define MORGUE_REVISE_H

#include "archive/archive.h"
#include "recognise.h"
#include "segment/invert.h"

/* Give the article that `there` says the text of `row`, which gets its number, revision and story. In the
 * transaction of the batch. 0 or negative. */
int revise(struct archive *archive, const struct recognised_article *there, struct inverter *gathered,
	   struct catalog_article *row, struct err *err);

#endif
