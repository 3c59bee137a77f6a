#include "archive/lock.h"

#include "archive/args.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/file.h>
#include <time.h>
#include <unistd.h>

#define ASK_EVERY_MS 50 /* while waiting; a writer holds the lock for tenths of a second at least */
#define HOLDER_SIZE  512

struct lock_manners lock_manners;

/* Who holds the lock, as its file says. */
static void read_holder(int fd, char out[HOLDER_SIZE])
{
	ssize_t n = pread(fd, out, HOLDER_SIZE - 1, 0);

	out[n > 0 ? n : 0] = '\0';
	out[strcspn(out, "\n")] = '\0';
	if (!*out)
		snprintf(out, HOLDER_SIZE, "it does not say which");
}

static void write_holder(int fd)
{
	char host[128] = "", line[HOLDER_SIZE];
	const char *command = lock_manners.command ? lock_manners.command : "";
	time_t now = time(NULL);
	struct tm tm;
	int n;

	gethostname(host, sizeof host - 1);
	gmtime_r(&now, &tm);
	n = snprintf(line, sizeof line,
		     "process %ld on %s, %s%s%s, since %04d-%02d-%02d %02d:%02d:%02d UTC\n", (long)getpid(),
		     host, args_name(PROGRAM_INDEXER), *command ? " " : "", command, tm.tm_year + 1900,
		     tm.tm_mon + 1, tm.tm_mday, tm.tm_hour, tm.tm_min, tm.tm_sec);
	if (ftruncate(fd, 0) < 0 || pwrite(fd, line, (size_t)n, 0) < 0)
		return; /* only a courtesy to whoever has to wait */
}

static int open_file(const char *path, bool *made, struct err *err)
{
	int fd = open(path, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0666);

	*made = fd >= 0;
	if (fd < 0 && errno == EEXIST)
		fd = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0666);
	return fd < 0 ? err_errno(err, "%s", path) : fd;
}

static int held_by_another(const char *archive, int fd, struct err *err)
{
	char holder[HOLDER_SIZE], waited[64] = "";

	read_holder(fd, holder);
	if (lock_manners.wait)
		snprintf(waited, sizeof waited, ", after %llu seconds still",
			 (unsigned long long)lock_manners.wait);
	return err_set(err, ERR_LOCKED,
		       "%s: another indexer is writing to it%s (%s); wait until it is done%s, or end that "
		       "process: what it has committed is kept",
		       archive, waited, holder, lock_manners.wait ? "" : " (--wait SECONDS does)");
}

/* Ask until the time is over: 0, or the last answer. */
static int wait_for_lock(const char *archive, int fd, struct err *err)
{
	static const struct timespec pause = { .tv_nsec = ASK_EVERY_MS * 1000000 };
	struct timespec now, begin;
	char holder[HOLDER_SIZE];

	read_holder(fd, holder);
	if (lock_manners.waiting)
		lock_manners.waiting(archive, holder);
	clock_gettime(CLOCK_MONOTONIC, &begin);
	do {
		if (lock_manners.stop && *lock_manners.stop)
			return err_stopped(err);
		nanosleep(&pause, NULL);
		if (flock(fd, LOCK_EX | LOCK_NB) == 0)
			return 0;
		if (errno != EWOULDBLOCK && errno != EINTR)
			return err_errno(err, "%s: cannot lock", archive);
		clock_gettime(CLOCK_MONOTONIC, &now);
	} while ((uint64_t)(now.tv_sec - begin.tv_sec) < lock_manners.wait);
	return held_by_another(archive, fd, err);
}

int lock_take(const char *archive, const char *path, int *fd, bool *made, struct err *err)
{
	int rc = 0;

	if ((*fd = open_file(path, made, err)) < 0)
		return ERR_IO;
	if (flock(*fd, LOCK_EX | LOCK_NB) < 0) {
		if (errno != EWOULDBLOCK)
			rc = err_errno(err, "%s: cannot lock", archive);
		else
			rc = lock_manners.wait ? wait_for_lock(archive, *fd, err)
					       : held_by_another(archive, *fd, err);
	}
	if (rc == 0)
		write_holder(*fd);
	return rc;
}
