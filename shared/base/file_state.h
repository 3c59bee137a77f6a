/* shared/base/file_state.h - what is remembered of a file, to see whether it has changed. */
#ifndef MORGUE_FILE_STATE_H
#define MORGUE_FILE_STATE_H

#include <stdint.h>
#include <sys/stat.h>

struct file_state {
	int64_t size;  /* bytes */
	int64_t mtime; /* when it was last changed, or FILE_MTIME_UNSURE */
	uint64_t hash; /* hash_bytes of all of it */
};

/* A file that was read within the grain of its clock after it had been changed may be changed
 * once more without a trace: then only its bytes tell. */
#define FILE_MTIME_UNSURE INT64_MIN
#define FILE_MTIME_GRAIN  INT64_C(2000000000) /* of FAT; other file systems have a hundredth of it, or less */

/* Nanoseconds since 1970. */
static inline int64_t file_mtime(const struct stat *st)
{
	return (int64_t)st->st_mtim.tv_sec * 1000000000 + st->st_mtim.tv_nsec;
}

#endif
