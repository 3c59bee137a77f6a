/* indexer/upkeep/convert.h - texts of archives of catalog versions 2 and 3, stored as this
 * version does.
 *
 * Shape   there a text was one zlib stream (RFC 1950), which names the dictionary that it was
 *         deflated with by its Adler-32; or it was a piece of a stream that up to 16 articles
 *         numbered in a row shared, in table `article` alone:
 *
 *             piece := [zlib header [DICTID]]  deflated  adler32:u32       the header in piece 1 only
 *
 *         `deflated` ends in a sync flush without its last four bytes, 00 00 FF FF; `adler32`, highest
 *         byte first, is that of the piece's text.
 * Cost    all texts are read and compressed once, the first 16 MiB read twice, to train a dictionary.
 * Errors  a text that is damaged, or its dictionary: ERR_CORRUPT; ERR_INTERRUPTED. The transaction
 *         is the caller's to roll back.
 */
#ifndef MORGUE_CONVERT_H
#define MORGUE_CONVERT_H

#include "archive/catalog.h"

/* For archive_open_upgrade. */
int convert_texts(const struct catalog_conversion *self, struct catalog *c, struct err *err);

#endif
