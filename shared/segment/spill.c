#include "segment/spill.h"

#include <errno.h>
#include <fcntl.h>
#include <unistd.h>

static int make(struct spill *s, const char *path, struct err *err)
{
	s->fd = open(path, O_RDWR | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
	if (s->fd < 0)
		return err_errno(err, "%s", path);
	if (unlink(path) < 0)
		return err_errno(err, "%s: cannot remove", path);
	return 0;
}

int spill_take(struct spill *s, struct buf *from, const char *path, struct err *err)
{
	int rc = s->fd < 0 ? make(s, path, err) : 0;

	for (size_t at = 0; rc == 0 && at < from->n;) {
		ssize_t done = write(s->fd, from->p + at, from->n - at);

		if (done < 0 && errno != EINTR)
			rc = err_errno(err, "%s: cannot write", path);
		if (done > 0)
			at += (size_t)done;
	}
	s->n += from->n;
	buf_reset(from);
	return rc;
}

int spill_read(const struct spill *s, uint64_t offset, uint8_t *out, size_t n, struct err *err)
{
	while (n) {
		ssize_t got = pread(s->fd, out, n, (off_t)offset);

		if (got < 0 && errno == EINTR)
			continue;
		if (got < 0)
			return err_errno(err, "cannot read back a temporary file");
		if (got == 0)
			return err_set(err, ERR_IO, "a temporary file was cut short");
		out += got;
		offset += (uint64_t)got;
		n -= (size_t)got;
	}
	return 0;
}

void spill_forget(const struct spill *s, uint64_t offset)
{
#ifdef FALLOC_FL_PUNCH_HOLE
	if (offset) /* what cannot be forgotten is kept: no harm */
		(void)fallocate(s->fd, FALLOC_FL_PUNCH_HOLE | FALLOC_FL_KEEP_SIZE, 0, (off_t)offset);
#else
	(void)s;
	(void)offset;
#endif
}

void spill_release(struct spill *s)
{
	if (s->fd >= 0)
		close(s->fd);
	*s = SPILL_NONE;
}
