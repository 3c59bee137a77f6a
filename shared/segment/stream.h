/* shared/segment/stream.h - numbers that are gathered for one term, in memory, to be read once from the front.
 *
 * Shape   varints, one after the other, through chunks that double up to STREAM_CHUNK_MAX.
 * Owner   chunks live in an arena; a stream is gone when that is reset.
 * Cost    a byte for a number below 128. A reader must know how many numbers there are.
 */
#ifndef MORGUE_STREAM_H
#define MORGUE_STREAM_H

#include "base/arena.h"

#define STREAM_CHUNK_MIN 16u
#define STREAM_CHUNK_MAX 4096u

struct stream {
	uint8_t *first;   /* chunks: the next one's address, then data */
	uint8_t *p, *end; /* room in the newest */
	uint32_t chunk;   /* its bytes of data */
};

struct stream_reader {
	const uint8_t *at, *p, *end; /* chunk, next byte, end of chunk */
	uint32_t chunk;
};

/* What the functions below do where a number is long or a chunk ends. */
void stream_put_slowly(struct arena *arena, struct stream *s, uint64_t v);
uint64_t stream_next_slowly(struct stream_reader *r);

/* Nearly all numbers take one byte or two, as chance has it: written without asking which. */
#define STREAM_SHORT 0x4000u

/* The bytes of v < STREAM_SHORT as a little-endian number, and how many they are. */
static inline unsigned stream_bytes(uint32_t v, unsigned *size)
{
	unsigned two = v >= 0x80;

	*size = 1 + two;
	return (v & 0x7F) | two << 7 | v >> 7 << 8;
}

static inline void stream_put(struct arena *arena, struct stream *s, uint64_t v)
{
	unsigned size;

	if (v >= STREAM_SHORT || s->end - s->p < 2) {
		stream_put_slowly(arena, s, v);
		return;
	}
	store_le16(s->p, (uint16_t)stream_bytes((uint32_t)v, &size));
	s->p += size;
}

/* Three numbers, the last one only unless it is 0, at once if they are short. */
static inline void stream_put_three(struct arena *arena, struct stream *s, uint64_t a, uint64_t b, uint64_t c)
{
	unsigned first, second, third;
	uint64_t bytes;

	if ((a | b | c) >= STREAM_SHORT || s->end - s->p < 8) {
		stream_put(arena, s, a);
		stream_put(arena, s, b);
		if (c)
			stream_put(arena, s, c);
		return;
	}
	bytes = stream_bytes((uint32_t)a, &first);
	bytes |= (uint64_t)stream_bytes((uint32_t)b, &second) << 8 * first;
	bytes |= (uint64_t)stream_bytes((uint32_t)c, &third) << 8 * (first + second);
	store_le64(s->p, bytes);
	s->p += first + second + (c ? third : 0);
}

void stream_read(struct stream_reader *r, const struct stream *s); /* from the front; it is not empty */

static inline uint64_t stream_next(struct stream_reader *r)
{
	unsigned pair, two;

	if (r->end - r->p < 2 || ((pair = load_le16(r->p)) & 0x8080) == 0x8080)
		return stream_next_slowly(r);
	two = pair >> 7 & 1;
	r->p += 1 + two;
	return (pair & 0x7F) | ((pair >> 1 & 0x3F80) & -two);
}

#endif
