/* shared/base/intern.h - byte strings as small dense numbers, 0, 1, 2, ...
 *
 * Owner   copies live in the table's arena and stay put until reset.
 * Cost    O(1) a look-up: open addressing, 64-bit hash, at most half full.
 */
#ifndef MORGUE_INTERN_H
#define MORGUE_INTERN_H

#include "base/arena.h"

struct intern_slot {
	uint32_t hash; /* lower half of the 64-bit hash: where the slot stands follows from it */
	uint32_t id1;  /* id + 1; 0 is an empty slot */
};

struct intern {
	struct bytes *strings; /* by id */
	uint32_t n;
	size_t cap;
	struct intern_slot *slots;
	size_t nslots; /* power of two */
	struct arena arena;
};

#define INTERN_NONE UINT32_MAX

void intern_init(struct intern *t);
void intern_reset(struct intern *t); /* empty, some memory kept */
void intern_release(struct intern *t);

uint32_t intern_add(struct intern *t, struct bytes s); /* its id, new or old; new if it equals the old .n */
uint32_t intern_find(const struct intern *t, struct bytes s); /* its id, or INTERN_NONE */
size_t intern_memory(const struct intern *t);                 /* bytes held */

#endif
