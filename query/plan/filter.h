/* query/plan/filter.h - what is asked of an article beside its words: source, author, section,
 * language, tags, id, address, length.
 *
 * Shape   a filter is planned into a list of the index (PLAN_FIELD), or into a test of docs
 *         (PLAN_TEST) which its child, if it has one, lets through. None adds to a score.
 *         Values are compared folded. Without `*` their words have to stand in a row
 *         in the article's value; with it the whole value has to match.
 * Owner   in the plan's arena; the archive is borrowed.
 * Cost    a list: the values of its field in the dictionary, then one bit a doc. A test by source
 *         or length: a column. By id or address: the text of each doc that is asked
 *         about, 15 us; ids and whole addresses ask about one in 4,096, parts of
 *         addresses about their site's.
 */
#ifndef MORGUE_FILTER_H
#define MORGUE_FILTER_H

#include "rank/match.h"

struct filter {
	struct archive *archive;
	enum query_field field;    /* 0: length in words */
	struct bytes value;        /* folded, or the canonical address */
	struct pattern *pattern;   /* instead: of the whole value */
	bool whole;                /* an address: this page alone, not what lies below it */
	uint64_t *sources;         /* FIELD_SOURCE: a bit for each id that will do */
	uint32_t nsources;         /* bits */
	int64_t from, to;          /* length: from <= words < to */
	struct buf scratch, other; /* released with the plan */
	struct err why;            /* what went wrong when an article was looked up */
};

/* Plan a QUERY_FIELD or QUERY_LENGTH. NULL after an error. */
struct plan_node *filter_plan(struct plan *plan, struct archive *archive, const struct query_node *q,
			      struct err *err);
void filter_release(struct filter *f);

/* Will a folded value of its field do? */
bool filter_value(const struct filter *f, struct bytes folded);

/* Does the article pass? 1, 0, or negative with f->why. */
int filter_test(struct filter *f, const struct segment *seg, uint32_t doc);

struct match *match_open_field(struct match_context *ctx, const struct plan_node *node);
struct match *match_open_test(struct match_context *ctx, const struct plan_node *node);

#endif
