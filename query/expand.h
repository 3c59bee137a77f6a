/* query/expand.h - the terms of an archive that a part of the question stands for.
 *
 * Expansions are found over the whole archive, so they do not depend on its segments.
 * Owner   terms live in the caller's arena.
 * Errors  ERR_CORRUPT, with the segment that is damaged.
 */
#ifndef MORGUE_EXPAND_H
#define MORGUE_EXPAND_H

#include "plan.h"

/* Fill e->terms with every term of the archive that has a form with the element's prefix. */
int expand_prefix(struct plan_element *e, const struct archive *archive, struct arena *arena,
		  struct err *err);

/* The error of a segment whose dictionary cannot be read. */
int dictionary_corrupt(const struct segment *seg, struct err *err);

#endif
