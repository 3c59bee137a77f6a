#include "intake.h"

#include "base/trace.h"

static bool is_over(const struct intake *s)
{
	return (s->stop && *s->stop) || (s->halt && atomic_load(s->halt));
}

static int reject(struct arrival *a, bool whole_file)
{
	a->stage = ARRIVAL_REJECTED;
	a->whole_file = whole_file;
	return 1;
}

static const struct walk_file *open_file(const struct intake *s)
{
	return &s->files->v[s->next - 1];
}

/* Say in the arrival which file it is of. */
static void name_file(const struct intake *s, struct arrival *a)
{
	a->path = open_file(s)->path;
	buf_set(&a->name, buf_bytes(&s->name));
	a->place = s->place;
	a->file = s->next;
	a->raw = 0;
}

/* Open the next file: 1 the arrival tells why it cannot be, 0 it is open, negative ends the run. */
static int open_next(struct intake *s, struct arrival *a, struct err *err)
{
	const struct walk_file *file = &s->files->v[s->next++];
	const struct root *root = file->root;
	int rc;

	root_file_name(root, file->path, &s->name);
	s->place = root_file_place(root, file->path, &s->scratch);
	name_file(s, a);
	rc = reader_open(&s->reader, file->path, root->format, *root->map ? &root->fields : NULL, &a->err);
	if (rc < 0 && is_over(s))
		return err_stopped(err);
	if (rc == ERR_INPUT || rc == ERR_IO)
		return reject(a, true);
	if (rc < 0)
		return err_set(err, rc, "%s", a->err.msg);
	input_shorten(&s->reader.in, s->longest);
	s->open = true;
	return 0;
}

static void close_file(struct intake *s)
{
	s->consumed += input_consumed(&s->reader.in);
	reader_close(&s->reader);
	s->open = false;
}

/* The next record of the open file: 1 there is an arrival, 0 no more, negative ends the run. */
static int next_record(struct intake *s, struct arrival *a, struct err *err)
{
	uint64_t before = input_tell(&s->reader.in);
	int rc = reader_cut(&s->reader, &a->record, &a->err);

	name_file(s, a);
	a->raw = input_tell(&s->reader.in) - before;
	a->consumed = s->consumed + input_consumed(&s->reader.in);
	a->stage = ARRIVAL_READ;
	trace_add(0, a->raw);
	if (rc == ERR_INPUT)
		return reject(a, false);
	if (rc == ERR_IO) {
		close_file(s);
		return reject(a, false);
	}
	return rc < 0 && rc != ERR_INTERRUPTED ? err_set(err, rc, "%s", a->err.msg) : rc;
}

/* The open file has been read: the arrival says so. */
static int end_file(struct intake *s, struct arrival *a)
{
	name_file(s, a);
	a->has_state = s->place && input_state(&s->reader.in, &a->state);
	close_file(s);
	a->consumed = s->consumed;
	a->stage = ARRIVAL_FILE_END;
	return 1;
}

int intake_next(struct intake *s, struct arrival *a, struct err *err)
{
	int rc = 0;

	while (rc == 0 || rc == ERR_INTERRUPTED) { /* by a signal that may mean something else */
		if (is_over(s))
			return err_stopped(err);
		if (!s->open && s->next == s->files->n)
			return 0;
		if (!s->open)
			rc = open_next(s, a, err);
		else if ((rc = next_record(s, a, err)) == 0)
			rc = end_file(s, a);
	}
	return rc;
}

bool intake_may_wait(const struct intake *s)
{
	size_t file = s->open ? s->next - 1 : s->next;

	return file < s->files->n && s->files->v[file].size < 0;
}

void intake_close(struct intake *s)
{
	if (s->open)
		close_file(s);
	buf_release(&s->name);
	buf_release(&s->scratch);
}
