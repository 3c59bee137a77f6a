#include "base/err.h"

#include "base/mem.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

int err_set(struct err *e, int code, const char *fmt, ...)
{
	va_list ap;

	if (!e)
		return code;
	e->code = code;
	va_start(ap, fmt);
	vsnprintf(e->msg, sizeof e->msg, fmt, ap);
	va_end(ap);
	return code;
}

int err_stopped(struct err *e)
{
	return err_set(e, ERR_INTERRUPTED, "stopped on request");
}

const char *errno_way_out(int error)
{
	switch (error) {
	case ENOENT: return "; look for a slip in the name";
	case EACCES:
	case EPERM: return "; 'ls -ld' shows whom owner and mode let in";
	case EROFS: return "; choose a place that can be written";
	case ENOSPC:
	case EDQUOT: return "; make room there, then run the same command again";
	case EFBIG: return "; 'ulimit -f' shows the limit on the size of files";
	case EMFILE:
	case ENFILE: return "; 'ulimit -n' shows the limit on open files";
	case EISDIR: return "; name a file";
	case EIO: return "; the medium may be failing: save what can still be read";
	default: return "";
	}
}

int err_errno(struct err *e, const char *fmt, ...)
{
	int saved = errno;
	size_t used;
	va_list ap;

	if (saved == ENOMEM)
		mem_exhausted(0);
	if (!e)
		return ERR_IO;
	e->code = ERR_IO;
	va_start(ap, fmt);
	vsnprintf(e->msg, sizeof e->msg, fmt, ap);
	va_end(ap);
	used = strlen(e->msg);
	snprintf(e->msg + used, sizeof e->msg - used, ": %s%s", strerror(saved), errno_way_out(saved));
	return ERR_IO;
}
