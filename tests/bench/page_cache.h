/* tests/bench/page_cache.h - files that are in memory, and putting them out of it.
 *
 * A page that some process has mapped stays; so do all pages of a file system that
 * lives in memory. So drop, then look.
 */
#ifndef MORGUE_PAGE_CACHE_H
#define MORGUE_PAGE_CACHE_H

#include <stddef.h>

/* Ask the system to forget the pages of a file, or of the files in a folder, after writing what
 * is not yet on disk. Returns how many pages are in memory still, -1 if that cannot be told. */
long page_cache_drop(const char *path);

#endif
