/* query/output/diff.h - what makes one list of pieces (lines, words) another one.
 *
 * Shape   steps in order: pieces that both have, that only the old, that only the new one
 *         has. Of neighbours the old ones come first. As many pieces as can be are kept.
 * Owner   the pieces are borrowed, the steps are the diff's.
 * Cost    a table of what is left once the same beginning and end are taken off. Where that
 *         would have more than DIFF_CELLS, all of it is taken for changed.
 * Source  longest common subsequence by dynamic programming: Wagner & Fischer, JACM 1974.
 */
#ifndef MORGUE_DIFF_H
#define MORGUE_DIFF_H

#include "base/bytes.h"

#define DIFF_CELLS ((size_t)4 << 20) /* 16 MiB */

enum diff_kind { DIFF_SAME, DIFF_OLD, DIFF_NEW };

struct diff_step {
	enum diff_kind kind;
	struct bytes piece;
};

struct diff {
	struct diff_step *v;
	size_t n, cap;
};

/* `d` is zeroed or was used before. */
void diff(struct diff *d, const struct bytes *old, size_t nold, const struct bytes *new, size_t nnew);
void diff_release(struct diff *d);

#endif
