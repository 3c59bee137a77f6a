/* query/plan/planner.h - what the parts of planning share.
 *
 * plan.c walks the tree, plan_near.c plans what works by places, plan_words.c the leaves that
 * are words, plan_pattern.c those that stand for many.
 */
#ifndef MORGUE_PLANNER_H
#define MORGUE_PLANNER_H

#include "plan/plan.h"

struct planner {
	struct plan *plan;
	struct archive *archive;
	struct analyzer *analyzer;
	struct tokens tokens; /* of the leaf at hand */
	struct buf scratch;
	double boost;                  /* of the branches around a leaf */
	struct intern asked;           /* prefixes and patterns of the question */
	struct plan_element *expanded; /* what they stand for, by number */
	size_t expanded_cap;
	bool noted_many; /* that there are too many of them */
	struct err *err;
	int rc;
};

/* ---- plan.c ---- */

struct plan_node *new_plan_node(struct planner *p, enum plan_kind kind);
struct plan_node *new_plan_parent(struct planner *p, enum plan_kind kind, size_t room);
void add_plan_child(struct plan_node *n, struct plan_node *child); /* unless NULL */
struct plan_node *plan_tree(struct planner *p, const struct query_node *q);

/* A node of `kind` with all that q's children plan to. */
struct plan_node *plan_branch(struct planner *p, enum plan_kind kind, const struct query_node *q);

/* ---- plan_near.c ---- */

struct plan_node *plan_near(struct planner *p, const struct query_node *q);
struct plan_node *plan_at_least(struct planner *p, const struct query_node *q);
struct plan_node *plan_some_of(struct planner *p, const struct query_node *q);

/* A leaf in the regions that its question names beside the headline. */
struct plan_node *plan_within(struct planner *p, const struct query_node *q, struct plan_node *leaf);

/* ---- plan_words.c ---- */

/* A leaf that is words; NULL if there is no word in it. */
struct plan_node *plan_words(struct planner *p, const struct query_node *q);

/* The stem's term, or its headline list's if only the headline counts: in the plan's arena. */
struct bytes term_for(struct planner *p, struct bytes stem, bool title);

/* How many articles of the archive have the term. */
uint64_t document_frequency(struct planner *p, struct bytes term);

/* A phrase whose only element has no test is simply its term, or its expansion. */
struct plan_node *simplify(struct plan_node *n);

/* Does token i cover the text from the first word to the last? */
bool covers_all(const struct tokens *t, size_t i);

/* Does it fill a place of its own when the tokens are a phrase? */
bool belongs_in_phrase(const struct tokens *t, size_t i);

/* ---- plan_pattern.c ---- */

struct plan_node *plan_pattern_leaf(struct planner *p, const struct query_node *q);

/* Make an element a place for words that begin so. */
void set_prefix(struct planner *p, struct plan_element *e, struct bytes prefix, uint32_t offset);

/* The idf of a pseudo-term: that of its commonest member. */
double idf_of_any(struct planner *p, struct plan_element *e, bool title);

#endif
