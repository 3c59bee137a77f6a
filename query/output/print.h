/* query/output/print.h - hits and articles, for people and for programs.
 *
 * Everything is gathered in a buf and written at once, after the catalog is left.
 * For people: safe to print whatever the articles hold (utf8_add_safe). For
 * programs: JSON lines, docs/OUTPUT.md. Nothing varies from run to run.
 */
#ifndef MORGUE_PRINT_H
#define MORGUE_PRINT_H

#include "archive/catalog.h"
#include "rank/rank.h"
#include "output/snippet.h"
#include "patterns/suggest.h"

#define OUTPUT_FORMAT_VERSION 1 /* of the JSON lines */

struct printer {
	struct buf out;
	bool color;
	unsigned width; /* columns to wrap at; 0: do not wrap */
};

/* A hit for people: two lines and the snippet. `rank` counts from 1. */
void print_hit(struct printer *p, uint64_t rank, const struct catalog_article *a, const struct snippet *title,
	       const struct snippet *body);
/* The question that the hits below it answer; `first` of several. */
void print_question(struct printer *p, struct bytes name, struct bytes text, bool first);
void print_total(struct printer *p, uint64_t first, uint64_t returned, uint64_t total);

/* An article, of whose texts `newest` is the newest, for people: head lines, then the text without its
 * furniture, or with it. */
void print_article(struct printer *p, const struct catalog_article *a, int64_t newest,
		   const struct range *furniture, size_t nfurniture, bool with_furniture);

/* What a word may have been meant to be; for programs json_suggestions. */
void print_suggestions(struct printer *p, struct bytes word, const struct suggestions *s);

/* A score, units of SCORE_ONE, with six decimals, rounded down. */
void add_score(struct buf *out, int64_t score);

/* JSON lines: the question, a hit, the end; a question of a batch that has no answer,
 * and the piece of it that is wrong, or [0, 0). */
void json_query(struct buf *out, struct bytes question, uint64_t articles, struct bytes name);
void json_error(struct buf *out, uint64_t line, struct bytes name, struct bytes reason, struct range fault);
void json_hit(struct buf *out, uint64_t rank, const struct hit *hit, const struct catalog_article *a,
	      const struct snippet *body);
void json_suggestions(struct buf *out, struct bytes word, const struct suggestions *s);
void json_summary(struct buf *out, uint64_t total, uint64_t returned);
void json_article(struct buf *out, const struct catalog_article *a, const int64_t *revisions,
		  size_t nrevisions, const struct range *furniture, size_t nfurniture);

#endif
