/* tests/lib/older_archive.h - make an archive one that an older program could have written:
 * tables as they were, and texts as streams of zlib.
 */
#ifndef MORGUE_OLDER_ARCHIVE_H
#define MORGUE_OLDER_ARCHIVE_H

/* Of the closed archive at `path` make one of catalog version 2 or 3. `block`: so many texts share a
 * stream, in version 3; 0: none do, and the catalog has no column for it. A failure is a failed assertion. */
void older_archive(const char *path, int version, unsigned block);

#endif
