/* tests/fault/same_calls.h - calls that libc has under two names: for each preloaded library
 * here they are one, opened(), pwrite() and ftruncate(), which it defines.
 *
 * Included by one file of a library, behind its own definitions.
 */
#ifndef MORGUE_SAME_CALLS_H
#define MORGUE_SAME_CALLS_H

#include <fcntl.h>
#include <stdarg.h>
#include <unistd.h>

static int open_any(const char *path, int flags, va_list ap)
{
	return opened(path, flags, flags & (O_CREAT | O_TMPFILE) ? va_arg(ap, int) : 0);
}

int open(const char *path, int flags, ...)
{
	va_list ap;
	int fd;

	va_start(ap, flags);
	fd = open_any(path, flags, ap);
	va_end(ap);
	return fd;
}

int open64(const char *path, int flags, ...)
{
	va_list ap;
	int fd;

	va_start(ap, flags);
	fd = open_any(path, flags, ap);
	va_end(ap);
	return fd;
}

ssize_t pwrite64(int fd, const void *p, size_t n, off64_t offset)
{
	return pwrite(fd, p, n, offset);
}

int ftruncate64(int fd, off64_t size)
{
	return ftruncate(fd, size);
}

#endif
