/* tests/fault/interpose.c - a preloaded library that lets one call of a program go wrong.
 *
 * The program is run with LD_PRELOAD and these in its environment:
 *   FAULT_CALLS  which calls count, a list: open read write sync rename truncate
 *                unlink memory
 *   FAULT_AT     the number of the call that goes wrong, from 1
 *   FAULT_DO     an error (ENOSPC, EIO, EACCES, ENOENT, ENOMEM): it fails; "short": it writes or
 *                reads half; INT, TERM, KILL: the process gets that signal just before;
 *                "remove", "empty", "directory": just before, the file that FAULT_FILE
 *                names is removed, emptied, or a directory takes its place
 *   FAULT_STAYS  set: every later one goes wrong as well
 *   FAULT_PATH   only files whose path holds this count (memory: all calls)
 *   FAULT_FIRED  a file that is made when something goes wrong
 * So a test counts FAULT_AT up until a run ends in which nothing went wrong.
 */
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

extern void *__libc_malloc(size_t n);
extern void *__libc_calloc(size_t n, size_t size);
extern void *__libc_realloc(void *p, size_t n);

static const char *calls, *action, *only, *fired, *victim;
static long at, seen;
static bool stays, ready;

static void settings(void)
{
	const char *number = getenv("FAULT_AT");

	ready = true;
	calls = getenv("FAULT_CALLS");
	action = getenv("FAULT_DO");
	only = getenv("FAULT_PATH");
	fired = getenv("FAULT_FIRED");
	victim = getenv("FAULT_FILE");
	stays = getenv("FAULT_STAYS") != NULL;
	at = number && calls && action ? strtol(number, NULL, 10) : 0;
}

static int error_number(void)
{
	static const struct {
		const char *name;
		int number;
	} errors[] = { { "ENOSPC", ENOSPC },
		       { "EIO", EIO },
		       { "EACCES", EACCES },
		       { "ENOENT", ENOENT },
		       { "ENOMEM", ENOMEM } };

	for (size_t i = 0; i < sizeof errors / sizeof *errors; i++)
		if (strcmp(action, errors[i].name) == 0)
			return errors[i].number;
	return 0;
}

/* Only system calls from here on, none of the functions below. */
static void act(void)
{
	if (fired)
		close((int)syscall(SYS_openat, AT_FDCWD, fired, O_WRONLY | O_CREAT, 0666));
	if (strcmp(action, "INT") == 0)
		kill(getpid(), SIGINT);
	else if (strcmp(action, "TERM") == 0)
		kill(getpid(), SIGTERM);
	else if (strcmp(action, "KILL") == 0)
		kill(getpid(), SIGKILL);
	else if (strcmp(action, "empty") == 0)
		syscall(SYS_truncate, victim, 0);
	else if (strcmp(action, "remove") == 0 || strcmp(action, "directory") == 0)
		syscall(SYS_unlinkat, AT_FDCWD, victim, 0);
	if (strcmp(action, "directory") == 0)
		syscall(SYS_mkdirat, AT_FDCWD, victim, 0777);
}

/* Does this call go wrong? True if it is to fail or to be short; signals are sent here. */
static bool goes_wrong(const char *call, const char *path)
{
	if (!ready)
		settings();
	if (!at || !strstr(calls, call) || (path && only && !strstr(path, only)))
		return false;
	seen++;
	if (seen < at || (seen > at && !stays))
		return false;
	act();
	errno = error_number();
	return errno || strcmp(action, "short") == 0;
}

static bool goes_wrong_fd(const char *call, int fd)
{
	char link[64], path[4096];
	ssize_t n;

	if (!ready)
		settings();
	if (!at)
		return false;
	snprintf(link, sizeof link, "/proc/self/fd/%d", fd);
	n = readlink(link, path, sizeof path - 1);
	path[n > 0 ? n : 0] = '\0';
	return goes_wrong(call, path);
}

/* How many bytes of n to pass on: all; half, when short; or -1. */
static ssize_t passed(const char *call, int fd, size_t n)
{
	if (!goes_wrong_fd(call, fd))
		return (ssize_t)n;
	return strcmp(action, "short") == 0 ? (ssize_t)(n + 1) / 2 : -1;
}

static int opened(const char *path, int flags, int mode)
{
	if (goes_wrong("open", path) && errno)
		return -1;
	return (int)syscall(SYS_openat, AT_FDCWD, path, flags, mode);
}

ssize_t read(int fd, void *p, size_t n)
{
	ssize_t pass = passed("read", fd, n);

	return pass < 0 ? -1 : syscall(SYS_read, fd, p, (size_t)pass);
}

ssize_t write(int fd, const void *p, size_t n)
{
	ssize_t pass = passed("write", fd, n);

	return pass < 0 ? -1 : syscall(SYS_write, fd, p, (size_t)pass);
}

ssize_t pwrite(int fd, const void *p, size_t n, off_t offset)
{
	ssize_t pass = passed("write", fd, n);

	return pass < 0 ? -1 : syscall(SYS_pwrite64, fd, p, (size_t)pass, offset);
}

int fsync(int fd)
{
	return goes_wrong_fd("sync", fd) ? -1 : (int)syscall(SYS_fsync, fd);
}

int fdatasync(int fd)
{
	return goes_wrong_fd("sync", fd) ? -1 : (int)syscall(SYS_fdatasync, fd);
}

int ftruncate(int fd, off_t size)
{
	return goes_wrong_fd("truncate", fd) ? -1 : (int)syscall(SYS_ftruncate, fd, size);
}

int rename(const char *from, const char *to)
{
	return goes_wrong("rename", from) ? -1 : (int)syscall(SYS_renameat2, AT_FDCWD, from, AT_FDCWD, to, 0);
}

int unlink(const char *path)
{
	return goes_wrong("unlink", path) ? -1 : (int)syscall(SYS_unlinkat, AT_FDCWD, path, 0);
}

int mkdir(const char *path, mode_t mode)
{
	return goes_wrong("open", path) ? -1 : (int)syscall(SYS_mkdirat, AT_FDCWD, path, mode);
}

/* An allocation fails without a word about ENOMEM's number: NULL is what counts. */
static bool no_memory(void)
{
	return goes_wrong("memory", NULL);
}

void *malloc(size_t n)
{
	return no_memory() ? NULL : __libc_malloc(n);
}

void *calloc(size_t n, size_t size)
{
	return no_memory() ? NULL : __libc_calloc(n, size);
}

void *realloc(void *p, size_t n)
{
	return no_memory() ? NULL : __libc_realloc(p, n);
}

#include "same_calls.h"
