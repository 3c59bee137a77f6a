/* tests/lib/seg_sealed.h - a segment as the indexer makes it, from made-up articles.
 *
 * The articles repeat: the same seed and number give the same file. They have
 * headlines, several written forms of their words, quotations and paragraphs;
 * some have no date. Needs the indexer's inverter.
 */
#ifndef MORGUE_SEG_SEALED_H
#define MORGUE_SEG_SEALED_H

#include "base/buf.h"

#include <stdint.h>

/* Analyze, invert and seal `narticles` into the file `path`. H is 2. */
void seg_seal_articles(const char *path, uint32_t narticles, uint64_t seed);

/* The text of article i (replaced): what seg_seal_articles made of it. */
void seg_article_text(uint64_t seed, uint32_t i, struct buf *title, struct buf *body);

#endif
