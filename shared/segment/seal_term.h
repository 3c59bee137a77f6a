/* shared/segment/seal_term.h - one term of an inverter to its lists: forms, postings, positions.
 *
 * Owner   a sealer holds scratch memory in proportion to the longest list it has sealed.
 * Thread  one sealer a thread; the inverter and the order are only read.
 */
#ifndef MORGUE_SEAL_TERM_H
#define MORGUE_SEAL_TERM_H

#include "segment/form_list.h"
#include "segment/invert.h"
#include "segment/positions.h"
#include "segment/segment.h"

/* An article: what sealing a term asks of it. */
struct seal_doc {
	uint32_t doc;      /* its number in the segment */
	uint32_t headline; /* words of it in the headline */
};

/* What all terms have in common. */
struct seal_order {
	const struct inverter *inv;
	const struct seal_doc *arrived; /* in order of arrival */
	const struct doc_columns *docs;
	uint32_t headline_weight;
};

/* The lists of some terms; offsets count from where the bufs begin. */
struct sealed_terms {
	struct buf form, post, posn;
	struct term_info *infos;
	size_t n, cap;
};

void sealed_terms_reset(struct sealed_terms *s);
void sealed_terms_release(struct sealed_terms *s);

struct term_sealer {
	/* in order of arrival */
	struct posting *postings;
	uint64_t *starts; /* where each posting's occurrences begin; and where they end */
	size_t postings_cap, starts_cap;
	uint32_t *gaps, *numbers; /* of occurrences: as positions.h wants them; forms by their old numbers */
	size_t gaps_cap, numbers_cap;
	/* in doc order */
	uint64_t *keys, *other_keys; /* doc, and the posting's place below that */
	struct posting *sorted;
	size_t keys_cap, other_keys_cap, sorted_cap;
	/* of forms */
	struct form_count *forms;
	uint64_t *counts; /* by their old numbers */
	uint32_t *form_ids, *renumber;
	size_t forms_cap, counts_cap, form_ids_cap, renumber_cap;
	struct postings_writer list;
	struct positions_writer positions;
};

void term_sealer_release(struct term_sealer *s); /* may be used again */

/* Give scratch memory back if it is more than this many bytes. */
void term_sealer_trim(struct term_sealer *s, size_t most);

/* Append the lists of a term, by its number in the inverter. */
void seal_term(struct term_sealer *s, const struct seal_order *order, uint32_t id, struct sealed_terms *out);

#endif
