/* shared/base/arena.h - memory for one phase, freed at once.
 *
 * Pointers stay valid until arena_reset or arena_release. Cost: a pointer
 * bump; a chunk from malloc every ARENA_CHUNK bytes.
 */
#ifndef MORGUE_ARENA_H
#define MORGUE_ARENA_H

#include "base/bytes.h"

#define ARENA_CHUNK (64u << 10) /* bytes asked from malloc at a time; bigger objects get their own */

struct arena_chunk;

struct arena {
	struct arena_chunk *chunk; /* newest first */
	uint8_t *next, *end;
	size_t total; /* bytes held from malloc, the measure of a memory budget */
};

#define ARENA_INIT                                                                                           \
	{                                                                                                    \
		NULL, NULL, NULL, 0                                                                          \
	}

void arena_init(struct arena *a);
void arena_reset(struct arena *a); /* all objects gone, one chunk kept */
void arena_release(struct arena *a);

void *arena_alloc(struct arena *a, size_t size); /* aligned to 8, not zeroed */
void *arena_zalloc(struct arena *a, size_t size);
struct bytes arena_bytes(struct arena *a, struct bytes s); /* a copy, NUL after it */

#endif
