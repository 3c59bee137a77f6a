#include "page_cache.h"

#include "base/buf.h"
#include "base/mem.h"

#include <dirent.h>
#include <fcntl.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

/* Pages of the open file that are in memory. */
static long resident(int fd, size_t size)
{
	size_t page = (size_t)sysconf(_SC_PAGESIZE), n = (size + page - 1) / page;
	unsigned char *in_memory;
	void *map;
	long count = 0;

	if (!size)
		return 0;
	map = mmap(NULL, size, PROT_READ, MAP_SHARED, fd, 0);
	if (map == MAP_FAILED)
		return -1;
	in_memory = mem_zalloc(n, 1);
	if (mincore(map, size, in_memory) < 0)
		count = -1;
	for (size_t i = 0; count >= 0 && i < n; i++)
		count += in_memory[i] & 1;
	munmap(map, size);
	free(in_memory);
	return count;
}

static long drop_file(const char *path)
{
	struct stat st;
	long left = -1;
	int fd = open(path, O_RDONLY | O_CLOEXEC);

	if (fd < 0)
		return -1;
	if (fsync(fd) == 0 && fstat(fd, &st) == 0 && posix_fadvise(fd, 0, 0, POSIX_FADV_DONTNEED) == 0)
		left = resident(fd, (size_t)st.st_size);
	close(fd);
	return left;
}

long page_cache_drop(const char *path)
{
	struct buf name = BUF_INIT;
	const struct dirent *e;
	DIR *folder = opendir(path);
	long left = 0;

	if (!folder)
		return drop_file(path);
	while (left >= 0 && (e = readdir(folder))) {
		long of_file;

		if (e->d_name[0] == '.')
			continue;
		buf_reset(&name);
		buf_addf(&name, "%s/%s", path, e->d_name);
		of_file = drop_file(buf_cstr(&name));
		left = of_file < 0 ? -1 : left + of_file;
	}
	closedir(folder);
	buf_release(&name);
	return left;
}
