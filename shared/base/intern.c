#include "base/intern.h"

#include "base/mem.h"

#include <stdlib.h>

#define HASH_FACTOR UINT64_C(0x9E3779B97F4A7C15)

/* Like hash.h's, but with no loop for the last bytes, and free to change. */
static inline uint64_t hash_short(struct bytes s)
{
	const uint8_t *p = s.p;
	size_t n = s.n;
	uint64_t hash = n * HASH_FACTOR;

	for (; n > 8; p += 8, n -= 8) {
		hash = (hash ^ load_le64(p)) * HASH_FACTOR;
		hash ^= hash >> 29;
	}
	if (n >= 4)
		hash ^= load_le32(p) | (uint64_t)load_le32(p + n - 4) << 32;
	else if (n)
		hash ^= (uint64_t)(p[0] | p[n / 2] << 8 | p[n - 1] << 16);
	hash *= HASH_FACTOR;
	hash ^= hash >> 32;
	hash *= HASH_FACTOR;
	return hash ^ hash >> 29;
}

void intern_init(struct intern *t)
{
	*t = (struct intern){ .arena = ARENA_INIT };
}

void intern_reset(struct intern *t)
{
	t->n = 0;
	if (t->slots)
		memset(t->slots, 0, t->nslots * sizeof *t->slots);
	arena_reset(&t->arena);
}

void intern_release(struct intern *t)
{
	free(t->strings);
	free(t->slots);
	arena_release(&t->arena);
	intern_init(t);
}

/* The slot that holds s, or the empty one where it belongs. */
static struct intern_slot *slot_of(const struct intern *t, struct bytes s, uint64_t hash)
{
	size_t mask = t->nslots - 1;

	for (size_t i = hash & mask;; i = (i + 1) & mask) {
		struct intern_slot *slot = &t->slots[i];

		if (!slot->id1)
			return slot;
		if (slot->hash == (uint32_t)hash && bytes_equal(t->strings[slot->id1 - 1], s))
			return slot;
	}
}

static void grow(struct intern *t)
{
	struct intern_slot *old = t->slots;
	size_t n = t->nslots;

	t->nslots = n ? n * 2 : 64;
	t->slots = mem_zalloc(t->nslots, sizeof *t->slots);
	for (size_t i = 0; i < n; i++) {
		size_t at = old[i].hash & (t->nslots - 1);

		if (!old[i].id1)
			continue;
		while (t->slots[at].id1)
			at = (at + 1) & (t->nslots - 1);
		t->slots[at] = old[i];
	}
	free(old);
}

uint32_t intern_add(struct intern *t, struct bytes s)
{
	uint64_t hash = hash_short(s);
	struct intern_slot *slot;

	if (2 * (size_t)(t->n + 1) > t->nslots)
		grow(t);
	slot = slot_of(t, s, hash);
	if (slot->id1)
		return slot->id1 - 1;
	MEM_GROW(t->strings, t->cap, t->n + 1);
	t->strings[t->n] = arena_bytes(&t->arena, s);
	*slot = (struct intern_slot){ (uint32_t)hash, t->n + 1 };
	return t->n++;
}

uint32_t intern_find(const struct intern *t, struct bytes s)
{
	const struct intern_slot *slot;

	if (!t->n)
		return INTERN_NONE;
	slot = slot_of(t, s, hash_short(s));
	return slot->id1 ? slot->id1 - 1 : INTERN_NONE;
}

size_t intern_memory(const struct intern *t)
{
	return t->arena.total + t->nslots * sizeof *t->slots + t->cap * sizeof *t->strings;
}
