#include "readers/input.h"

#include "base/mem.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdlib.h>
#include <time.h>
#include <unistd.h>
#include <zlib.h>

#define GZIP_WINDOW (15 + 16) /* inflateInit2: the largest window, gzip wrapping only */

struct input_gzip {
	z_stream z;
	bool between;                 /* a member has ended and the next has not begun */
	uint64_t used;                /* compressed bytes given to zlib so far, z.avail_in included */
	uint8_t raw[2 * INPUT_CHUNK]; /* twice: input_open may have read one byte before a full chunk */
};

/* read(2) into p. Bytes got, 0 at the end, negative after setting in->failure. */
static ssize_t read_some(struct input *in, uint8_t *p, size_t room)
{
	ssize_t got = read(in->fd, p, room);

	if (got >= 0) {
		in->consumed += (uint64_t)got;
		hash_stream_add(&in->hash, bytes_of(p, (size_t)got));
		return got;
	}
	err_set(&in->failure, errno == EINTR ? ERR_INTERRUPTED : ERR_IO, "%s%s", strerror(errno),
		errno_way_out(errno));
	return -1;
}

static int gzip_fail(struct input *in, const char *what)
{
	struct input_gzip *g = in->gzip;

	return err_set(&in->failure, ERR_INPUT, "gzip stream %s at byte %" PRIu64 " of the compressed file",
		       what, g->used - g->z.avail_in);
}

/* Have compressed bytes at hand: 1, 0 at the end of the file, negative on failure. */
static int gzip_refill(struct input *in)
{
	struct input_gzip *g = in->gzip;
	ssize_t got;

	if (g->z.avail_in)
		return 1;
	got = read_some(in, g->raw, INPUT_CHUNK);
	if (got <= 0)
		return (int)got;
	g->z.next_in = g->raw;
	g->z.avail_in = (uInt)got;
	g->used += (uint64_t)got;
	return 1;
}

/* After a member: does another follow? Anything else that follows is ignored. */
static bool gzip_next_member(struct input_gzip *g)
{
	if (g->z.next_in[0] != 0x1F)
		return false;
	g->between = false;
	return inflateReset(&g->z) == Z_OK;
}

/* Decompress into p: bytes got, 0 at the end, negative after setting in->failure. */
static ssize_t gzip_some(struct input *in, uint8_t *p, size_t room)
{
	struct input_gzip *g = in->gzip;

	g->z.next_out = p;
	g->z.avail_out = (uInt)room;
	while (g->z.avail_out == room) {
		int rc = gzip_refill(in);

		if (rc < 0)
			return -1;
		if (g->between && (rc == 0 || !gzip_next_member(g)))
			return 0;
		if (rc == 0)
			return gzip_fail(in, "ends early");
		rc = inflate(&g->z, Z_NO_FLUSH);
		if (rc == Z_MEM_ERROR)
			mem_exhausted(1u << MAX_WBITS);
		g->between = rc == Z_STREAM_END;
		if (rc != Z_OK && rc != Z_STREAM_END && rc != Z_BUF_ERROR) {
			gzip_fail(in, "is damaged");
			break;
		}
	}
	return (ssize_t)(room - g->z.avail_out);
}

static void gzip_open(struct input *in)
{
	struct input_gzip *g = mem_alloc(sizeof *g);

	g->z = (z_stream){ .next_in = g->raw };
	g->between = false;
	memcpy(g->raw, in->buf, in->end);
	g->z.avail_in = (uInt)in->end;
	g->used = in->end;
	if (inflateInit2(&g->z, GZIP_WINDOW) != Z_OK)
		mem_exhausted(sizeof *g);
	in->gzip = g;
	in->end = 0;
	in->eof = false;
}

/* INPUT_CHUNK free bytes behind in->end: first by moving the rest to the front, then by growing. */
static void make_room(struct input *in)
{
	if (in->start) {
		memmove(in->buf, in->buf + in->start, in->end - in->start);
		in->end -= in->start;
		in->start = 0;
	}
	if (in->cap - in->end < INPUT_CHUNK) {
		in->cap = in->cap * 2 > in->end + INPUT_CHUNK ? in->cap * 2 : in->end + INPUT_CHUNK;
		in->buf = mem_realloc(in->buf, in->cap);
	}
}

/* Read more behind in->end. False at the end or on failure; sets .eof or .failure. */
static bool fill(struct input *in)
{
	uint8_t *at;
	ssize_t got;

	if (in->eof || in->failure.code)
		return false;
	make_room(in);
	at = in->buf + in->end;
	got = in->gzip ? gzip_some(in, at, INPUT_CHUNK) : read_some(in, at, INPUT_CHUNK);
	if (got == 0 && !in->failure.code)
		in->eof = true;
	if (got <= 0)
		return false;
	in->end += (size_t)got;
	return true;
}

/* What to return when the buffer has run dry: 0 at the end, else the failure. */
static int drained(struct input *in, struct err *err)
{
	int code = in->failure.code;

	if (!code)
		return 0;
	if (err)
		*err = in->failure;
	if (code != ERR_IO)
		in->failure.code = 0;
	in->eof |= code == ERR_INPUT;
	return code;
}

static void take(struct input *in, size_t n)
{
	in->start += n;
	in->offset += n;
}

/* Why a file cannot be opened. One that is not there now was when the walk saw it. */
static int refused(int error, struct err *err)
{
	return err_set(err, ERR_IO, "%s%s", strerror(error), error == ENOENT ? "" : errno_way_out(error));
}

static int open_fd(struct input *in, struct err *err)
{
	struct timespec now;

	clock_gettime(CLOCK_REALTIME, &now);
	in->clock = (int64_t)now.tv_sec * 1000000000 + now.tv_nsec;
	in->fd = strcmp(in->path, "-") == 0 ? dup(STDIN_FILENO) : open(in->path, O_RDONLY | O_CLOEXEC);
	if (in->fd < 0 || fstat(in->fd, &in->opened) < 0)
		return refused(errno, err);
	hash_stream_begin(&in->hash, (uint64_t)in->opened.st_size);
	return S_ISDIR(in->opened.st_mode) ? refused(EISDIR, err) : 0;
}

/* The first two bytes decide, however few a pipe gives at a time. */
static int open_stream(struct input *in, struct err *err)
{
	while (in->end < 2 && fill(in))
		continue;
	if (in->failure.code)
		return drained(in, err);
	if (in->end >= 2 && in->buf[0] == 0x1F && in->buf[1] == 0x8B)
		gzip_open(in);
	return 0;
}

int input_open(struct input *in, const char *path, struct err *err)
{
	int rc;

	*in = (struct input){ .fd = -1, .max_line = INPUT_MAX_LINE, .max_file = INPUT_MAX_FILE };
	in->path = mem_strdup(path);
	rc = open_fd(in, err);
	if (rc == 0)
		rc = open_stream(in, err);
	if (rc < 0)
		input_close(in);
	return rc;
}

void input_close(struct input *in)
{
	if (!in->path)
		return;
	if (in->fd >= 0)
		close(in->fd);
	if (in->gzip)
		inflateEnd(&in->gzip->z);
	free(in->gzip);
	free(in->buf);
	free(in->path);
	*in = (struct input){ .fd = -1 };
}

int input_peek(struct input *in, struct bytes *head, struct err *err)
{
	size_t n;

	while (in->end - in->start < INPUT_PEEK && fill(in))
		continue;
	n = in->end - in->start;
	*head = bytes_of(in->buf + in->start, n < INPUT_PEEK ? n : INPUT_PEEK);
	return n ? 0 : drained(in, err);
}

void input_shorten(struct input *in, size_t longest)
{
	in->shortened = longest < in->max_file;
	in->max_file = in->shortened ? longest : in->max_file;
	in->max_line = 2 * longest < in->max_line ? 2 * longest : in->max_line;
}

int input_over_limit(const char *what, size_t n, bool shortened, struct err *err)
{
	bool whole = n >= 1u << 20;

	return err_set(err, ERR_INPUT, "%s of more than %zu %s, the most there may be%s; cut it into several",
		       what, whole ? n >> 20 : n, whole ? "MiB" : "bytes",
		       shortened ? " with so little --memory" : "");
}

/* A line is over the limit: drop it to its LF, keeping nothing. */
static int skip_line(struct input *in, struct err *err)
{
	for (;;) {
		const uint8_t *from = in->buf + in->start;
		const uint8_t *lf = memchr(from, '\n', in->end - in->start);

		if (lf) {
			take(in, (size_t)(lf - from) + 1);
			break;
		}
		take(in, in->end - in->start);
		if (!fill(in))
			break;
	}
	return input_over_limit("a line", in->max_line, in->shortened, err);
}

/* The buffer ends within a line and nothing follows: at the end of a whole file
 * that is its last line; where reading broke off it is a torso, dropped. */
static int last_line(struct input *in, struct bytes *line, struct err *err)
{
	size_t n = in->end - in->start;

	if (!in->failure.code && n) {
		*line = bytes_of(in->buf + in->start, n);
		take(in, n);
		return 1;
	}
	if (in->failure.code == ERR_INPUT)
		take(in, n);
	return drained(in, err);
}

int input_line_raw(struct input *in, struct bytes *line, struct err *err)
{
	size_t seen = 0; /* bytes behind start known to hold no LF */

	in->line_offset = in->offset;
	for (;;) {
		size_t have = in->end - in->start;
		const uint8_t *lf = NULL;

		if (have > seen)
			lf = memchr(in->buf + in->start + seen, '\n', have - seen);
		if (lf && (size_t)(lf - (in->buf + in->start)) <= in->max_line) {
			*line = bytes_of(in->buf + in->start, (size_t)(lf - (in->buf + in->start)) + 1);
			take(in, line->n);
			return 1;
		}
		if (lf || have > in->max_line)
			return skip_line(in, err);
		seen = have;
		if (!fill(in))
			return last_line(in, line, err);
	}
}

int input_line(struct input *in, struct bytes *line, struct err *err)
{
	int rc = input_line_raw(in, line, err);

	if (rc == 1 && line->p[line->n - 1] == '\n') {
		line->n--;
		if (line->n && line->p[line->n - 1] == '\r')
			line->n--;
	}
	return rc;
}

int input_all(struct input *in, struct bytes *text, struct err *err)
{
	size_t n;

	in->line_offset = in->offset;
	while (in->end - in->start <= in->max_file && fill(in))
		continue;
	n = in->end - in->start;
	if (n > in->max_file) {
		take(in, n);
		in->eof = true;
		return input_over_limit("a text", in->max_file, in->shortened, err);
	}
	if (!n || (in->failure.code && in->failure.code != ERR_INPUT))
		return drained(in, err);
	*text = bytes_of(in->buf + in->start, n);
	take(in, n);
	return 1;
}

void input_skip(struct input *in, size_t n)
{
	take(in, n < in->end - in->start ? n : in->end - in->start);
}

uint64_t input_tell(const struct input *in)
{
	return in->offset;
}

bool input_state(struct input *in, struct file_state *state)
{
	struct stat now;
	ssize_t got = 1;

	if (!S_ISREG(in->opened.st_mode))
		return false;
	make_room(in);
	while (got > 0)
		got = read_some(in, in->buf + in->end, INPUT_CHUNK);
	state->size = (int64_t)in->opened.st_size;
	state->mtime = file_mtime(&in->opened);
	state->hash = hash_stream_end(&in->hash);
	if (got < 0 || in->consumed != (uint64_t)state->size || fstat(in->fd, &now) < 0 ||
	    now.st_size != state->size || file_mtime(&now) != state->mtime)
		return false;
	if (state->mtime > in->clock - FILE_MTIME_GRAIN)
		state->mtime = FILE_MTIME_UNSURE;
	return true;
}

uint64_t input_consumed(const struct input *in)
{
	return in->consumed;
}
