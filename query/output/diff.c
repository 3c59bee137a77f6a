#include "output/diff.h"

#include "base/mem.h"

#include <stdlib.h>

static void add(struct diff *d, enum diff_kind kind, struct bytes piece)
{
	MEM_GROW(d->v, d->cap, d->n + 1);
	d->v[d->n++] = (struct diff_step){ kind, piece };
}

static void add_all(struct diff *d, enum diff_kind kind, const struct bytes *v, size_t n)
{
	for (size_t i = 0; i < n; i++)
		add(d, kind, v[i]);
}

/* The steps between two lists by a table: in row i, column j how many pieces at most the lists have in
 * common from there on. */
static void diff_table(struct diff *d, const struct bytes *old, size_t nold, const struct bytes *new,
		       size_t nnew)
{
	size_t row = nnew + 1, i = 0, j = 0;
	uint32_t *common = mem_zalloc((nold + 1) * row, sizeof *common);

	for (i = nold; i-- > 0;)
		for (j = nnew; j-- > 0;) {
			uint32_t *at = common + i * row + j;

			if (bytes_equal(old[i], new[j]))
				*at = at[row + 1] + 1;
			else
				*at = at[row] >= at[1] ? at[row] : at[1];
		}
	for (i = j = 0; i < nold && j < nnew;) {
		const uint32_t *at = common + i * row + j;

		if (bytes_equal(old[i], new[j])) {
			add(d, DIFF_SAME, old[i]);
			i++;
			j++;
		} else if (at[row] >= at[1]) {
			add(d, DIFF_OLD, old[i++]);
		} else {
			add(d, DIFF_NEW, new[j++]);
		}
	}
	add_all(d, DIFF_OLD, old + i, nold - i);
	add_all(d, DIFF_NEW, new + j, nnew - j);
	free(common);
}

/* Steps between two that are kept: old pieces before new ones. */
static void settle_order(struct diff *d, size_t from)
{
	struct diff_step *news = NULL;
	size_t cap = 0;

	for (size_t i = from; i < d->n;) {
		size_t n = 0, to = i;

		for (; i < d->n && d->v[i].kind != DIFF_SAME; i++) {
			if (d->v[i].kind == DIFF_OLD) {
				d->v[to++] = d->v[i];
				continue;
			}
			MEM_GROW(news, cap, n + 1);
			news[n++] = d->v[i];
		}
		if (n)
			memcpy(d->v + to, news, n * sizeof *news);
		i += i < d->n;
	}
	free(news);
}

void diff(struct diff *d, const struct bytes *old, size_t nold, const struct bytes *new, size_t nnew)
{
	size_t begin = 0, end = 0;

	d->n = 0;
	while (begin < nold && begin < nnew && bytes_equal(old[begin], new[begin]))
		begin++;
	while (end < nold - begin && end < nnew - begin &&
	       bytes_equal(old[nold - 1 - end], new[nnew - 1 - end]))
		end++;
	add_all(d, DIFF_SAME, old, begin);
	nold -= begin + end;
	nnew -= begin + end;
	if ((nold + 1) > DIFF_CELLS / (nnew + 1)) {
		add_all(d, DIFF_OLD, old + begin, nold);
		add_all(d, DIFF_NEW, new + begin, nnew);
	} else {
		diff_table(d, old + begin, nold, new + begin, nnew);
	}
	settle_order(d, begin);
	add_all(d, DIFF_SAME, old + begin + nold, end);
}

void diff_release(struct diff *d)
{
	free(d->v);
	*d = (struct diff){ .v = NULL };
}
