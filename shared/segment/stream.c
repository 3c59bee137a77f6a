#include "segment/stream.h"

#define LINK 8u /* bytes before a chunk's data: the address of the next */
_Static_assert(LINK >= sizeof(uint8_t *), "an address fits");

static uint32_t next_chunk_size(uint32_t size)
{
	return !size ? STREAM_CHUNK_MIN : size < STREAM_CHUNK_MAX ? size * 2 : size;
}

static void grow(struct arena *arena, struct stream *s)
{
	uint8_t *newest = s->first ? s->end - s->chunk - LINK : NULL, *chunk;

	s->chunk = next_chunk_size(s->chunk);
	chunk = arena_alloc(arena, LINK + s->chunk);
	if (newest)
		memcpy(newest, &chunk, sizeof chunk);
	else
		s->first = chunk;
	s->p = chunk + LINK;
	s->end = s->p + s->chunk;
}

void stream_put_slowly(struct arena *arena, struct stream *s, uint64_t v)
{
	for (bool more = true; more; v >>= 7) {
		more = v >= 0x80;
		if (s->p == s->end)
			grow(arena, s);
		*s->p++ = (uint8_t)(v | (more ? 0x80 : 0));
	}
}

static void enter_chunk(struct stream_reader *r, const uint8_t *chunk)
{
	r->chunk = next_chunk_size(r->chunk);
	r->at = chunk;
	r->p = chunk + LINK;
	r->end = r->p + r->chunk;
}

void stream_read(struct stream_reader *r, const struct stream *s)
{
	*r = (struct stream_reader){ .chunk = 0 };
	enter_chunk(r, s->first);
}

static uint8_t next_byte(struct stream_reader *r)
{
	if (r->p == r->end) {
		const uint8_t *next;

		memcpy(&next, r->at, sizeof next);
		enter_chunk(r, next);
	}
	return *r->p++;
}

uint64_t stream_next_slowly(struct stream_reader *r)
{
	uint64_t v = 0;

	for (unsigned shift = 0;; shift += 7) {
		uint8_t byte = next_byte(r);

		v |= (uint64_t)(byte & 0x7F) << shift;
		if (!(byte & 0x80))
			return v;
	}
}
