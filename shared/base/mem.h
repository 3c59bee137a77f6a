/* shared/base/mem.h - allocation that does not return NULL.
 *
 * An archive is safe whatever instant a process dies at (docs/FORMAT.md,
 * "Commit"), so running out of memory ends the process: the handler that
 * main.c installs prints one line and exits with the status of a failed
 * archive. Code above this file has no out-of-memory paths to get wrong.
 * Sizes that come from a file are checked against a limit before they get here.
 */
#ifndef MORGUE_MEM_H
#define MORGUE_MEM_H

#include <stddef.h>

/* Called with the size that could not be had; must not return. Default: abort. */
extern void (*mem_exhausted)(size_t size);

/* From now on large pieces (1 MiB) go back to the system when they are freed. Without this glibc keeps what was
 * once freed, and of one long article something in the arena of every thread. */
void mem_return_large(void);

void *mem_alloc(size_t size);                /* free with free() */
void *mem_zalloc(size_t count, size_t size); /* zeroed; the product is checked */
void *mem_realloc(void *p, size_t size);
void *mem_realloc_array(void *p, size_t count, size_t size); /* the product is checked */
char *mem_strdup(const char *s);

/* Grow `array` so that it holds `need` elements; at least doubles. `cap` is
 * its capacity in elements, updated. */
#define MEM_GROW(array, cap, need)                                                                           \
	do {                                                                                                 \
		if ((size_t)(need) > (cap)) {                                                                \
			size_t mem_new_ = (cap) < 8 ? 16 : (size_t)(cap)*2;                                  \
			if (mem_new_ < (size_t)(need))                                                       \
				mem_new_ = (size_t)(need);                                                   \
			(array) = mem_realloc_array((array), mem_new_, sizeof *(array));                     \
			(cap) = mem_new_;                                                                    \
		}                                                                                            \
	} while (0)

#endif
