/* indexer/readers/input.h - bytes of a file, of standard input ("-"), of a gzip stream.
 *
 * Shape   one pass from front to back. Gzip is known by its first bytes, not by
 *         a name; several members in a row are one stream, and what follows the
 *         last one is ignored, as gzip(1) does. Offsets count decompressed bytes.
 * Owner   lines and texts are views of the input's own buffer: gone with the next
 *         call. The buffer grows with the longest line, never with the file, and
 *         never past the two limits.
 * Errors  No sentence names path or offset: the caller knows both.
 *         ERR_IO: the system refused, and every later call repeats it.
 *         ERR_INTERRUPTED: a signal whose handler does not restart system calls
 *         came while reading; calling again is safe.
 *         ERR_INPUT: this piece is unusable, go on with the next call.
 *         A gzip stream that is cut or damaged gives every complete line before
 *         that place, then ERR_INPUT once, then the end.
 * Cost    one read(2) per INPUT_CHUNK; each byte is looked at once for its LF.
 *
 *	while ((rc = input_line(&in, &line, err)) != 0) {
 *		if (rc == ERR_INPUT)
 *			continue;          (reported, skipped)
 *		if (rc < 0)
 *			break;
 *		use(line, in.line_offset);
 *	}
 */
#ifndef MORGUE_INPUT_H
#define MORGUE_INPUT_H

#include "base/bytes.h"
#include "base/err.h"
#include "base/file_state.h"
#include "base/hash.h"

#define INPUT_PEEK     (16u << 10)  /* bytes that input_peek can show */
#define INPUT_CHUNK    (128u << 10) /* bytes asked from the system at a time; larger gained nothing */
#define INPUT_MAX_LINE (256u << 20) /* bytes in a line; bounds the buffer against a file without LF */
#define INPUT_MAX_FILE (16u << 20)  /* bytes in a file that is read whole, which is one article */

struct input_gzip;

struct input {
	char *path;              /* as given */
	int fd;                  /* -1 when closed */
	struct input_gzip *gzip; /* NULL: plain bytes */
	uint8_t *buf;            /* bytes [start, end) are read and not yet given out */
	size_t start, end, cap;
	uint64_t offset;           /* of buf[start] */
	uint64_t line_offset;      /* where the latest line or text starts */
	uint64_t consumed;         /* bytes taken from the underlying file */
	struct hash_stream hash;   /* over these */
	struct stat opened;        /* the file when it was opened, */
	int64_t clock;             /* and the time: nanoseconds since 1970 */
	bool eof;                  /* nothing more will be read into buf */
	struct err failure;        /* why reading stopped early; .code 0 if it did not */
	size_t max_line, max_file; /* INPUT_MAX_LINE and INPUT_MAX_FILE unless the owner lowers them */
	bool shortened;            /* by input_shorten */
};

/* ERR_IO for a directory or what cannot be opened; the input is then closed. */
int input_open(struct input *in, const char *path, struct err *err);
/* An article may have `longest` bytes, not more: a file no more, a line twice as many, for escapes. */
void input_shorten(struct input *in, size_t longest);

/* Refuse what is longer than a limit of n bytes: ERR_INPUT, and what to do about it. `shortened`: for want of
 * memory. */
int input_over_limit(const char *what, size_t n, bool shortened, struct err *err);

void input_close(struct input *in); /* twice is fine, as is a zeroed struct */

/* The next bytes, up to INPUT_PEEK, without taking them; fewer only at the end. 0 or an error. */
int input_peek(struct input *in, struct bytes *head, struct err *err);

/* The next line: 1 got one, 0 end, negative an error. Without its LF or CR LF ... */
int input_line(struct input *in, struct bytes *line, struct err *err);
/* ... or with it, so that the bytes of all lines are the bytes of the file. */
int input_line_raw(struct input *in, struct bytes *line, struct err *err);

/* All that is left, as one text: 1 got it, 0 nothing left, negative an error. A
 * gzip stream that breaks off gives its text first and the error at the next call. */
int input_all(struct input *in, struct bytes *text, struct err *err);

/* Drop the next n bytes, which input_peek has shown. */
void input_skip(struct input *in, size_t n);

/* Offset of the next byte, decompressed. */
uint64_t input_tell(const struct input *in);

/* Once all is read that is of use: the state of the file, of which what follows is read, too. False if
 * it is no regular file, cannot be read, or has changed since it was opened. */
bool input_state(struct input *in, struct file_state *state);

/* Bytes taken from the file as it lies on disk, for progress. */
uint64_t input_consumed(const struct input *in);

#endif
