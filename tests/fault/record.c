/* tests/fault/record.c - a preloaded library that writes down what a program does to files.
 *
 * The program is run with LD_PRELOAD and these in its environment:
 *   RECORD_ROOT  only what lies under this folder counts
 *   RECORD_LOG   the log; appended to, so that one log may tell of many programs
 * tests/fault/replay.c makes of it the folder as it may be after power was lost.
 *
 * The log is a line for each call, in the order in which they were done, and after a write
 * its bytes. INODE names a file whatever its name is; a number is used again when a file
 * is gone, which a new C tells.
 *   D PATH            a folder was made
 *   C INODE PATH      a file was made
 *   W INODE AT BYTES  bytes were written
 *   T INODE SIZE      it was cut or extended
 *   S INODE           it was synced
 *   Y PATH            a folder was synced
 *   R FROM TO         renamed
 *   L FROM TO         a second name
 *   U PATH            unlinked
 *   X PATH            a folder was removed
 */
#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

static pthread_mutex_t order = PTHREAD_MUTEX_INITIALIZER;
static const char *root;
static int log_fd = -1;

/* Only system calls from here on, none of the functions below. */
static bool counts(const char *path)
{
	if (log_fd < 0) {
		const char *log = getenv("RECORD_LOG");

		root = getenv("RECORD_ROOT");
		if (!root || !log)
			return false;
		log_fd = (int)syscall(SYS_openat, AT_FDCWD, log, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC,
				      0666);
		if (log_fd < 0)
			_exit(99);
	}
	return strncmp(path, root, strlen(root)) == 0;
}

static void note(const void *data, size_t n, const char *format, ...)
{
	char line[8300];
	va_list ap;
	int length;

	va_start(ap, format);
	length = vsnprintf(line, sizeof line, format, ap);
	va_end(ap);
	if (syscall(SYS_write, log_fd, line, (size_t)length) != length ||
	    (n && syscall(SYS_write, log_fd, data, n) != (long)n))
		_exit(99);
}

/* The file behind a descriptor: true if it counts. Its path is left in `path`. */
static bool is_ours(int fd, char path[4096], struct stat *st)
{
	char link[64];
	ssize_t n;
	int kept = errno;

	snprintf(link, sizeof link, "/proc/self/fd/%d", fd);
	n = readlink(link, path, 4095);
	errno = kept;
	path[n > 0 ? n : 0] = '\0';
	return counts(path) && syscall(SYS_fstat, fd, st) == 0;
}

static bool is_there(const char *path)
{
	int kept = errno;
	bool there = syscall(SYS_faccessat, AT_FDCWD, path, F_OK) == 0;

	errno = kept;
	return there;
}

static int opened(const char *path, int flags, int mode)
{
	struct stat st;
	bool there;
	int fd;

	pthread_mutex_lock(&order);
	there = is_there(path);
	fd = (int)syscall(SYS_openat, AT_FDCWD, path, flags, mode);
	if (fd >= 0 && counts(path) && syscall(SYS_fstat, fd, &st) == 0) {
		if (!there)
			note(NULL, 0, "C %lu %s\n", (unsigned long)st.st_ino, path);
		else if (flags & O_TRUNC)
			note(NULL, 0, "T %lu 0\n", (unsigned long)st.st_ino);
	}
	pthread_mutex_unlock(&order);
	return fd;
}

static void note_write(int fd, const void *p, long n, long at)
{
	char path[4096];
	struct stat st;

	if (n > 0 && is_ours(fd, path, &st))
		note(p, (size_t)n, "W %lu %ld %ld\n", (unsigned long)st.st_ino, at, n);
}

ssize_t write(int fd, const void *p, size_t n)
{
	long done, at;

	pthread_mutex_lock(&order);
	at = syscall(SYS_lseek, fd, 0, SEEK_CUR);
	errno = 0;
	done = syscall(SYS_write, fd, p, n);
	note_write(fd, p, done, at);
	pthread_mutex_unlock(&order);
	return done;
}

ssize_t pwrite(int fd, const void *p, size_t n, off_t offset)
{
	long done;

	pthread_mutex_lock(&order);
	done = syscall(SYS_pwrite64, fd, p, n, offset);
	note_write(fd, p, done, offset);
	pthread_mutex_unlock(&order);
	return done;
}

static int synced(int fd, long number)
{
	char path[4096];
	struct stat st;
	int rc;

	pthread_mutex_lock(&order);
	rc = (int)syscall(number, fd);
	if (rc == 0 && is_ours(fd, path, &st)) {
		if (S_ISDIR(st.st_mode))
			note(NULL, 0, "Y %s\n", path);
		else
			note(NULL, 0, "S %lu\n", (unsigned long)st.st_ino);
	}
	pthread_mutex_unlock(&order);
	return rc;
}

int fsync(int fd)
{
	return synced(fd, SYS_fsync);
}

int fdatasync(int fd)
{
	return synced(fd, SYS_fdatasync);
}

int ftruncate(int fd, off_t size)
{
	char path[4096];
	struct stat st;
	int rc;

	pthread_mutex_lock(&order);
	rc = (int)syscall(SYS_ftruncate, fd, size);
	if (rc == 0 && is_ours(fd, path, &st))
		note(NULL, 0, "T %lu %ld\n", (unsigned long)st.st_ino, (long)size);
	pthread_mutex_unlock(&order);
	return rc;
}

/* A call that changes one name, or makes one of another. */
static int named(char kind, long rc, const char *path, const char *to)
{
	if (rc == 0 && counts(path))
		note(NULL, 0, to ? "%c %s %s\n" : "%c %s\n", kind, path, to);
	pthread_mutex_unlock(&order);
	return (int)rc;
}

int rename(const char *from, const char *to)
{
	pthread_mutex_lock(&order);
	return named('R', syscall(SYS_renameat2, AT_FDCWD, from, AT_FDCWD, to, 0), from, to);
}

int renameat2(int from_fd, const char *from, int to_fd, const char *to, unsigned flags)
{
	pthread_mutex_lock(&order);
	return named('R', syscall(SYS_renameat2, from_fd, from, to_fd, to, flags), from, to);
}

int link(const char *from, const char *to)
{
	pthread_mutex_lock(&order);
	return named('L', syscall(SYS_linkat, AT_FDCWD, from, AT_FDCWD, to, 0), from, to);
}

int unlink(const char *path)
{
	pthread_mutex_lock(&order);
	return named('U', syscall(SYS_unlinkat, AT_FDCWD, path, 0), path, NULL);
}

int mkdir(const char *path, mode_t mode)
{
	pthread_mutex_lock(&order);
	return named('D', syscall(SYS_mkdirat, AT_FDCWD, path, mode), path, NULL);
}

int rmdir(const char *path)
{
	pthread_mutex_lock(&order);
	return named('X', syscall(SYS_unlinkat, AT_FDCWD, path, AT_REMOVEDIR), path, NULL);
}

#include "same_calls.h"
