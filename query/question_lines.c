#include "question_lines.h"

#include <errno.h>
#include <inttypes.h>

int question_lines_open(struct question_lines *l, const char *path, struct err *err)
{
	*l = (struct question_lines){ .path = path };
	l->in = strcmp(path, "-") ? fopen(path, "re") : stdin;
	return l->in ? 0 : err_errno(err, "--batch: %.400s", path);
}

void question_lines_close(struct question_lines *l)
{
	if (l->in && l->in != stdin)
		fclose(l->in);
	l->in = NULL;
	buf_release(&l->line);
}

/* The next line without its end into l->line; one byte more than a line may have is kept to
 * tell. 1 got it, 0 the end, or ERR_IO. */
static int read_line(struct question_lines *l, bool *too_long, struct err *err)
{
	bool any = false;
	int c;

	buf_reset(&l->line);
	*too_long = false;
	errno = 0;
	while ((c = getc_unlocked(l->in)) != EOF && c != '\n') {
		any = true;
		if (l->line.n <= QUESTION_LINE_MAX)
			buf_add_byte(&l->line, (uint8_t)c);
		else
			*too_long = true;
	}
	if (ferror(l->in))
		return err_errno(err, "--batch: %.400s", l->path);
	if (c == EOF && !any)
		return 0;
	l->number++;
	if (!*too_long && l->line.n && l->line.p[l->line.n - 1] == '\r')
		l->line.n--;
	*too_long = *too_long || l->line.n > QUESTION_LINE_MAX;
	return 1;
}

static struct question split(const struct question_lines *l, struct bytes line)
{
	const uint8_t *tab = line.n ? memchr(line.p, '\t', line.n) : NULL;
	struct question q = { .text = line, .line = l->number };

	if (tab) {
		q.name = bytes_of(line.p, (size_t)(tab - line.p));
		q.text = bytes_of(tab + 1, line.n - q.name.n - 1);
	}
	return q;
}

int question_lines_next(struct question_lines *l, struct question *q, struct err *err)
{
	static const char mark[] = "\xEF\xBB\xBF";
	bool too_long;
	int got;

	while ((got = read_line(l, &too_long, err)) > 0) {
		struct bytes line = buf_bytes(&l->line);

		if (l->number == 1 && bytes_start(line, bytes_str(mark)))
			line = bytes_of(line.p + 3, line.n - 3);
		*q = split(l, line);
		if (too_long)
			return err_set(err, ERR_LIMIT,
				       "longer than %u bytes, which is all a line may have; does the file "
				       "hold one question a line?",
				       QUESTION_LINE_MAX);
		if (bytes_trim(line).n)
			return 1;
	}
	return got;
}
