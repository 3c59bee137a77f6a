#include "preset.h"

#include "base/mem.h"

#include <stdlib.h>

#define STRING     6u  /* bytes; shorter ones are cheap as they are, longer ones are made of these */
#define STRETCH    48u /* bytes; a longer one carries more that is of no use */
#define ROUNDS     1u  /* stretches taken from each piece of the sample; each looks at all of it */
#define TABLE_BITS 20u /* of the table of strings; those that share a slot are worth their sum */

struct trainer {
	struct bytes sample;
	uint32_t *value; /* of the strings, by slot */
	uint8_t *inside; /* how often a slot is in the stretch that is looked at */
};

struct stretch {
	size_t start, end;
	uint64_t value;
};

static size_t slot(const struct trainer *t, size_t at)
{
	uint64_t string = load_le64(t->sample.p + at) << 16;

	return (size_t)((string * UINT64_C(0x9E3779B97F4A7C15)) >> (64 - TABLE_BITS));
}

/* Where strings begin that a load of 8 bytes can reach. */
static size_t strings(const struct trainer *t)
{
	return t->sample.n < 8 ? 0 : t->sample.n - 7;
}

static void count_strings(struct trainer *t)
{
	size_t n = strings(t);

	for (size_t i = 0; i < n; i++)
		t->value[slot(t, i)]++;
	for (size_t i = 0; i < (size_t)1 << TABLE_BITS; i++)
		t->value[i] -= t->value[i] > 0; /* what occurs once is no use to others */
}

/* The most valuable stretch of strings that begin in [from, to). */
static struct stretch best_stretch(struct trainer *t, size_t from, size_t to)
{
	struct stretch best = { from, from, 0 };
	size_t start = from;
	uint64_t value = 0;

	for (size_t i = from; i < to; i++) {
		size_t in = slot(t, i);

		if (t->inside[in]++ == 0)
			value += t->value[in];
		if (i - start > STRETCH - STRING) {
			size_t out = slot(t, start++);

			if (--t->inside[out] == 0)
				value -= t->value[out];
		}
		if (value > best.value)
			best = (struct stretch){ start, i + STRING, value };
	}
	for (; start < to; start++)
		t->inside[slot(t, start)]--;
	return best;
}

/* Cut worthless strings off both ends. */
static void trim(const struct trainer *t, struct stretch *s)
{
	while (s->start + STRING < s->end && !t->value[slot(t, s->start)])
		s->start++;
	while (s->start + STRING < s->end && !t->value[slot(t, s->end - STRING)])
		s->end--;
}

/* Put the stretch before what is in out[*at...]; its strings are worth nothing more. */
static void take(struct trainer *t, struct stretch s, uint8_t *out, size_t *at)
{
	size_t n = s.end - s.start < *at ? s.end - s.start : *at;

	*at -= n;
	memcpy(out + *at, t->sample.p + s.start, n);
	for (size_t i = s.start; i + STRING <= s.end; i++)
		t->value[slot(t, i)] = 0;
}

/* One stretch of each of n pieces; false if none of them holds anything of value. */
static bool take_round(struct trainer *t, size_t n, uint8_t *out, size_t *at)
{
	size_t all = strings(t);
	bool any = false;

	for (size_t i = 0; i < n && *at; i++) {
		struct stretch s = best_stretch(t, all * i / n, all * (i + 1) / n);

		if (!s.value)
			continue;
		trim(t, &s);
		take(t, s, out, at);
		any = true;
	}
	return any;
}

void preset_train(struct bytes sample, size_t size, struct buf *out)
{
	struct trainer t = { .sample = sample };
	size_t pieces = size / (STRETCH * ROUNDS), at = size;
	uint8_t *bytes = mem_alloc(size);

	t.value = mem_zalloc((size_t)1 << TABLE_BITS, sizeof *t.value);
	t.inside = mem_zalloc((size_t)1 << TABLE_BITS, sizeof *t.inside);
	count_strings(&t);
	while (at && take_round(&t, pieces ? pieces : 1, bytes, &at))
		;
	buf_set(out, bytes_of(bytes + at, size - at));
	free(bytes);
	free(t.value);
	free(t.inside);
}
