#include "segment/impacts.h"

void impacts_insert(struct impacts *set, uint32_t freq, uint8_t length)
{
	uint32_t at = 0, next;

	while (at < set->n && set->v[at].freq < freq)
		at++;
	if (at < set->n && set->v[at].length <= length)
		return;              /* a pair with at least this frequency is no longer */
	if (set->n == IMPACTS_MAX) { /* the two of greatest frequency become one that is as good as both */
		set->v[set->n - 2].freq = set->v[set->n - 1].freq;
		set->n--;
		impacts_insert(set, freq, length);
		return;
	}
	next = at + (at < set->n && set->v[at].freq == freq);
	while (at > 0 && set->v[at - 1].length >= length)
		at--; /* pairs of smaller frequency that are no shorter say nothing now */
	memmove(&set->v[at + 1], &set->v[next], (set->n - next) * sizeof *set->v);
	set->n = set->n - (next - at) + 1;
	set->v[at] = (struct impact){ freq, length };
}

void impacts_put(struct buf *out, const struct impacts *set)
{
	uint32_t freq = 0;

	buf_add_byte(out, (uint8_t)set->n);
	for (uint32_t i = 0; i < set->n; i++) {
		buf_add_varint(out, set->v[i].freq - freq);
		buf_add_byte(out, set->v[i].length);
		freq = set->v[i].freq;
	}
}

const uint8_t *impacts_get(struct impacts *set, const uint8_t *p, const uint8_t *end)
{
	uint32_t freq = 0, step;

	if (p >= end || *p == 0 || *p > IMPACTS_MAX)
		return NULL;
	set->n = *p++;
	for (uint32_t i = 0; i < set->n; i++) {
		p = varint_get32(p, end, &step);
		if (!p || p >= end || step == 0 || step > UINT32_MAX - freq)
			return NULL;
		freq += step;
		set->v[i] = (struct impact){ freq, *p++ };
		if (i && set->v[i].length <= set->v[i - 1].length)
			return NULL;
	}
	return p;
}
