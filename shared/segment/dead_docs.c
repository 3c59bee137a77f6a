#include "segment/dead_docs.h"

#include "base/err.h"
#include "base/mem.h"

#include <stdlib.h>

static size_t words_of(uint32_t ndocs)
{
	return ((size_t)ndocs + 63) / 64;
}

void dead_docs_release(struct dead_docs *d)
{
	free(d->bits);
	*d = (struct dead_docs){ .ndocs = d->ndocs };
}

bool dead_docs_add(struct dead_docs *d, uint32_t doc, uint64_t words)
{
	if (dead_docs_has(d, doc))
		return false;
	if (!d->bits)
		d->bits = mem_zalloc(words_of(d->ndocs), sizeof *d->bits);
	d->bits[doc / 64] |= UINT64_C(1) << (doc % 64);
	d->n++;
	d->words += words;
	return true;
}

int dead_docs_read(struct dead_docs *d, uint32_t ndocs, uint32_t n, struct bytes list)
{
	const uint8_t *p = list.p, *end = list.p + list.n;
	uint64_t doc = 0;

	*d = (struct dead_docs){ .ndocs = ndocs };
	for (uint32_t i = 0; i < n; i++, doc++) {
		uint32_t gap;

		p = varint_get32(p, end, &gap);
		doc += gap;
		if (!p || doc >= ndocs) {
			dead_docs_release(d);
			return ERR_CORRUPT;
		}
		dead_docs_add(d, (uint32_t)doc, 0);
	}
	if (p == end)
		return 0;
	dead_docs_release(d);
	return ERR_CORRUPT;
}

void dead_docs_put(struct buf *out, const struct dead_docs *d)
{
	uint32_t at = 0;

	for (uint32_t doc = dead_docs_next(d, 0); doc != DEAD_DOCS_NONE; doc = dead_docs_next(d, doc + 1)) {
		buf_add_varint(out, doc - at);
		at = doc + 1;
	}
}

uint32_t dead_docs_next(const struct dead_docs *d, uint32_t doc)
{
	size_t i = doc / 64;
	uint64_t word;

	if (!d->n || doc >= d->ndocs)
		return DEAD_DOCS_NONE;
	word = d->bits[i] & ~UINT64_C(0) << (doc % 64);
	while (!word && ++i < words_of(d->ndocs))
		word = d->bits[i];
	return word ? (uint32_t)(i * 64 + (unsigned)__builtin_ctzll(word)) : DEAD_DOCS_NONE;
}

uint32_t dead_docs_count(const struct dead_docs *d, uint32_t from, uint32_t to)
{
	uint32_t n = 0;

	if (!d->n || from >= to)
		return 0;
	for (size_t i = from / 64; i <= (to - 1) / 64; i++) {
		uint64_t word = d->bits[i];

		if (i == from / 64)
			word &= ~UINT64_C(0) << (from % 64);
		if (i == (to - 1) / 64)
			word &= ~UINT64_C(0) >> (63 - (to - 1) % 64);
		n += (uint32_t)__builtin_popcountll(word);
	}
	return n;
}

/* The 64 bits from `doc` on. */
static uint64_t bits_from(const struct dead_docs *d, uint32_t doc)
{
	size_t i = doc / 64;
	unsigned shift = doc % 64;
	uint64_t word = d->bits[i] >> shift;

	return shift && i + 1 < words_of(d->ndocs) ? word | d->bits[i + 1] << (64 - shift) : word;
}

void dead_docs_clear(const struct dead_docs *d, uint32_t from, uint32_t to, uint64_t *bits)
{
	for (uint32_t at = from; d->n && at < to; at += to - at < 64 ? to - at : 64)
		*bits++ &= ~bits_from(d, at);
}
