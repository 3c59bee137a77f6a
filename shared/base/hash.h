/* shared/base/hash.h - a 64-bit hash of bytes, for tables and look-ups.
 *
 * The values of hash_bytes are stored in catalogs: it must never change. Equal
 * hashes are no proof of equal bytes; whoever finds one compares the bytes.
 * Source  multiply-and-shift in the manner of FNV-1a, eight bytes a step, with a
 *         final mix.
 */
#ifndef MORGUE_HASH_H
#define MORGUE_HASH_H

#include "base/bytes.h"

#define HASH_START UINT64_C(0xcbf29ce484222325)

/* Continue `hash` (HASH_START to begin) over s; the length of s counts too, so
 * "ab","c" and "a","bc" differ. */
static inline uint64_t hash_add(uint64_t hash, struct bytes s)
{
	const uint8_t *p = s.p;
	size_t n = s.n;

	hash ^= (uint64_t)n;
	for (; n >= 8; p += 8, n -= 8) {
		hash = (hash ^ load_le64(p)) * UINT64_C(0x9E3779B97F4A7C15);
		hash ^= hash >> 29;
	}
	for (; n; p++, n--)
		hash = (hash ^ *p) * UINT64_C(0x100000001b3);
	hash ^= hash >> 32;
	hash *= UINT64_C(0x9E3779B97F4A7C15);
	return hash ^ hash >> 29;
}

static inline uint64_t hash_bytes(struct bytes s)
{
	return hash_add(HASH_START, s);
}

/* The same of bytes that come in pieces, as many as were announced:
 *
 *	hash_stream_begin(&h, size);
 *	while (more(&piece))
 *		hash_stream_add(&h, piece);
 *	hash = hash_stream_end(&h);
 */
struct hash_stream {
	uint64_t hash;
	uint8_t rest[8]; /* bytes of a group that is not whole yet */
	unsigned nrest;
};

static inline void hash_stream_begin(struct hash_stream *h, uint64_t size)
{
	*h = (struct hash_stream){ .hash = HASH_START ^ size };
}

static inline void hash_stream_group(struct hash_stream *h, const uint8_t *p)
{
	h->hash = (h->hash ^ load_le64(p)) * UINT64_C(0x9E3779B97F4A7C15);
	h->hash ^= h->hash >> 29;
}

static inline void hash_stream_add(struct hash_stream *h, struct bytes s)
{
	for (; h->nrest && s.n; s.p++, s.n--) {
		h->rest[h->nrest++] = *s.p;
		if (h->nrest == 8) {
			hash_stream_group(h, h->rest);
			h->nrest = 0;
		}
	}
	for (; s.n >= 8; s.p += 8, s.n -= 8)
		hash_stream_group(h, s.p);
	for (; s.n; s.p++, s.n--)
		h->rest[h->nrest++] = *s.p;
}

static inline uint64_t hash_stream_end(const struct hash_stream *h)
{
	uint64_t hash = h->hash;

	for (unsigned i = 0; i < h->nrest; i++)
		hash = (hash ^ h->rest[i]) * UINT64_C(0x100000001b3);
	hash ^= hash >> 32;
	hash *= UINT64_C(0x9E3779B97F4A7C15);
	return hash ^ hash >> 29;
}

#endif
