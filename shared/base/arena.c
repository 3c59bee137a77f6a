#include "base/arena.h"

#include "base/mem.h"

#include <stdlib.h>

struct arena_chunk {
	struct arena_chunk *older;
	size_t size;
	_Alignas(8) uint8_t data[];
};

void arena_init(struct arena *a)
{
	*a = (struct arena)ARENA_INIT;
}

void arena_reset(struct arena *a)
{
	struct arena_chunk *keep = a->chunk;

	if (!keep)
		return;
	a->chunk = keep->older;
	arena_release(a);
	keep->older = NULL;
	a->chunk = keep;
	a->next = keep->data;
	a->end = keep->data + keep->size;
	a->total = keep->size;
}

void arena_release(struct arena *a)
{
	while (a->chunk) {
		struct arena_chunk *older = a->chunk->older;

		free(a->chunk);
		a->chunk = older;
	}
	arena_init(a);
}

void *arena_alloc(struct arena *a, size_t size)
{
	void *p;

	size = size ? (size + 7) & ~(size_t)7 : 8;
	if ((size_t)(a->end - a->next) < size) {
		size_t room = size > ARENA_CHUNK ? size : ARENA_CHUNK;
		struct arena_chunk *c = mem_alloc(sizeof *c + room);

		c->older = a->chunk;
		c->size = room;
		a->chunk = c;
		a->next = c->data;
		a->end = c->data + room;
		a->total += room;
	}
	p = a->next;
	a->next += size;
	return p;
}

void *arena_zalloc(struct arena *a, size_t size)
{
	return memset(arena_alloc(a, size), 0, size);
}

struct bytes arena_bytes(struct arena *a, struct bytes s)
{
	uint8_t *p = arena_alloc(a, s.n + 1);

	if (s.n)
		memcpy(p, s.p, s.n);
	p[s.n] = 0;
	return bytes_of(p, s.n);
}
