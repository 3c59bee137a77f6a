#include "archive/archive.h"

#include "archive/args.h"
#include "archive/tail.h"
#include "archive/tail_segment.h"
#include "archive/lock.h"
#include "base/mem.h"
#include "base/nearest.h"
#include "text/analyze.h"
#include "text/fields.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#define READ_TRIES 100 /* a merge may retire segments between our look at the catalog and the open */

static const char *path_in(const struct archive *a, struct buf *out, const char *name)
{
	buf_reset(out);
	buf_addf(out, "%s/%s", a->path, name);
	return buf_cstr(out);
}

static const char *segment_path(const struct archive *a, struct buf *out, int64_t id, const char *suffix)
{
	buf_reset(out);
	buf_addf(out, "%s/%08" PRId64 ".seg%s", a->path, id, suffix);
	return buf_cstr(out);
}

static void init(struct archive *a, const char *path)
{
	size_t n = strlen(path);

	*a = (struct archive){ .lock = -1, .path = mem_strdup(path) };
	while (n > 1 && a->path[n - 1] == '/')
		a->path[--n] = '\0';
}

static void close_segments(struct archive *a)
{
	for (size_t i = 0; i < a->nsegments; i++)
		segment_close(&a->segments[i]);
	free(a->segments);
	a->segments = NULL;
	a->nsegments = 0;
}

void archive_close(struct archive *a)
{
	close_segments(a);
	archive_rollback(a, NULL);
	text_loader_release(&a->texts);
	catalog_close(a->catalog);
	a->catalog = NULL;
	if (a->lock >= 0)
		close(a->lock);
	a->lock = -1;
	buf_release(&a->language);
	free(a->path);
	a->path = NULL;
}

/* ---- settings ---- */

static int setting_number(struct archive *a, const char *name, uint32_t *value, struct err *err)
{
	struct buf text = BUF_INIT;
	int got = catalog_get(a->catalog, name, &text, err);

	*value = got > 0 ? (uint32_t)strtoul(buf_cstr(&text), NULL, 10) : 0;
	buf_release(&text);
	return got;
}

static int load_store(struct archive *a, struct err *err)
{
	struct buf name = BUF_INIT;
	int rc = catalog_get(a->catalog, "store", &name, err);

	a->store = text_store_of(buf_bytes(&name));
	if (rc >= 0 && a->store == STORE_UNSAID)
		rc = err_set(err, ERR_CORRUPT,
			     "%s: catalog.db: the setting 'store' is neither fast nor small", a->path);
	buf_release(&name);
	return rc;
}

static int load_settings(struct archive *a, struct err *err)
{
	uint32_t version = 0;
	int rc = catalog_get(a->catalog, "language", &a->language, err);

	if (rc < 0 || (rc = setting_number(a, "headline_weight", &a->headline_weight, err)) < 0 ||
	    (rc = setting_number(a, "analyzer", &version, err)) < 0)
		return rc;
	if (!version && !a->headline_weight)
		return err_set(err, ERR_NOT_FOUND,
			       "%s: it has no settings, the making was cut short; '%s add' completes it",
			       a->path, args_name(PROGRAM_INDEXER));
	if (version > ANALYZER_VERSION)
		return err_set(err, ERR_VERSION,
			       "%s: a newer program wrote it (its analyzer has version %" PRIu32
			       ", this program's %d) and is needed to use it",
			       a->path, version, ANALYZER_VERSION);
	if (version != ANALYZER_VERSION && !a->upgrade)
		return err_set(err, ERR_VERSION,
			       "%s: words were cut by analyzer version %" PRIu32
			       ", this program cuts by version %d; '%s rebuild %s' makes the index anew",
			       a->path, version, ANALYZER_VERSION, args_name(PROGRAM_INDEXER), a->path);
	if (!a->headline_weight)
		return err_set(err, ERR_CORRUPT, "%s: catalog.db: settings are missing", a->path);
	return load_store(a, err);
}

static int set_number(struct archive *a, const char *name, uint32_t value, struct err *err)
{
	char number[16];

	snprintf(number, sizeof number, "%" PRIu32, value);
	return catalog_set(a->catalog, name, number, err);
}

static int store_settings(struct archive *a, const struct archive_settings *wanted, struct err *err)
{
	int rc;

	if ((rc = catalog_begin(a->catalog, err)) < 0 ||
	    (rc = catalog_set(a->catalog, "language", wanted->language ? wanted->language : "english", err)) <
		    0)
		return rc;
	if ((rc = set_number(a, "headline_weight",
			     wanted->headline_weight ? wanted->headline_weight : HEADLINE_WEIGHT, err)) < 0 ||
	    (rc = catalog_set(a->catalog, "store",
			      text_store_name(wanted->store ? wanted->store : STORE_FAST), err)) < 0 ||
	    (rc = archive_set_analyzer(a, err)) < 0)
		return rc;
	return catalog_commit(a->catalog, err);
}

/* ---- reading ---- */

#define NEIGHBOURS 10000 /* entries looked at for an archive of a similar name */

/* The archives beside `path` whose names are near to its own, the nearest into `n`. */
static void find_neighbour(struct nearest *n, const char *folder, size_t folder_size)
{
	struct buf name = BUF_INIT;
	const struct dirent *e;
	struct stat st;
	DIR *dir;

	buf_addf(&name, "%.*s", (int)folder_size, folder);
	dir = opendir(folder_size ? buf_cstr(&name) : ".");
	for (int i = 0; dir && i < NEIGHBOURS && (e = readdir(dir)); i++) {
		struct nearest tried = *n;

		nearest_offer(&tried, e->d_name);
		if (e->d_name[0] == '.' || strcmp(tried.best, n->best) == 0)
			continue;
		buf_reset(&name);
		buf_addf(&name, "%.*s%s/catalog.db", (int)folder_size, folder, e->d_name);
		if (stat(buf_cstr(&name), &st) == 0)
			*n = tried;
	}
	if (dir)
		closedir(dir);
	buf_release(&name);
}

static int no_such_archive(const struct archive *a, struct err *err)
{
	const char *slash = strrchr(a->path, '/'), *last = slash ? slash + 1 : a->path;
	struct nearest n;

	nearest_start(&n, last);
	find_neighbour(&n, a->path, (size_t)(last - a->path));
	if (*n.best)
		return err_set(err, ERR_NOT_FOUND, "%s: no such archive; did you mean %.*s%s?", a->path,
			       (int)(last - a->path), a->path, n.best);
	return err_set(err, ERR_NOT_FOUND, "%s: no such archive; '%s add %s PATH...' makes one", a->path,
		       args_name(PROGRAM_INDEXER), a->path);
}

static int require_catalog(const struct archive *a, struct err *err)
{
	struct buf name = BUF_INIT;
	struct stat st;
	int rc = 0;

	if (stat(a->path, &st) < 0)
		rc = errno == ENOENT ? no_such_archive(a, err) : err_errno(err, "%s", a->path);
	else if (!S_ISDIR(st.st_mode))
		rc = err_set(err, ERR_NOT_FOUND,
			     "%s: not an archive, which is a directory; name the one that '%s add' made",
			     a->path, args_name(PROGRAM_INDEXER));
	else if (stat(path_in(a, &name, "catalog.db"), &st) < 0)
		rc = errno == ENOENT ? err_set(err, ERR_NOT_FOUND,
					       "%s: not an archive: it has no catalog.db; name the directory "
					       "that '%s add' made",
					       a->path, args_name(PROGRAM_INDEXER))
				     : err_errno(err, "%s", buf_cstr(&name));
	buf_release(&name);
	return rc;
}

/* The docs of the segment that are dead by the catalog's row. */
static int load_dead(const struct archive *a, const struct catalog_segment *row, struct segment *s,
		     struct err *err)
{
	struct bytes list = BYTES_NONE;
	int got;

	if (!row->dead)
		return 0;
	if ((got = catalog_dead_list(a->catalog, row->id, &list, err)) < 0)
		return got;
	if (row->dead < 0 || row->dead > s->ndocs || row->dead_words < 0 ||
	    (uint64_t)row->dead_words > s->words ||
	    dead_docs_read(&s->dead, s->ndocs, (uint32_t)row->dead, list) < 0)
		return err_set(err, ERR_CORRUPT,
			       "%s: catalog.db: the list of dead docs of %08" PRId64 ".seg is damaged",
			       a->path, row->id);
	s->dead.words = (uint64_t)row->dead_words;
	return 0;
}

/* Open a segment that the catalog names: 1 open, 0 it is not there (which err says), negative an error. */
static int open_named(const struct archive *a, const struct catalog_segment *row, struct segment *s,
		      struct err *err)
{
	struct buf name = BUF_INIT;
	int rc;

	errno = 0;
	rc = segment_open(s, segment_path(a, &name, row->id, ""), err);
	if (rc == ERR_IO && errno == ENOENT) {
		err_set(err, ERR_CORRUPT, "%s: a segment that the catalog names is not there",
			buf_cstr(&name));
		rc = 0;
	} else if (rc == 0 && (s->headline_weight != a->headline_weight || s->ndocs != row->docs)) {
		segment_close(s);
		rc = err_set(err, ERR_CORRUPT, "%s: not the segment that the catalog names", buf_cstr(&name));
	} else if (rc == 0 && (rc = load_dead(a, row, s, err)) < 0) {
		segment_close(s);
	} else if (rc == 0) {
		rc = 1;
	}
	buf_release(&name);
	return rc;
}

/* Open the tail as the last segment, if it holds anything. */
static int open_tail(struct archive *a, size_t *cap, struct err *err)
{
	struct buf name = BUF_INIT;
	int got;

	MEM_GROW(a->segments, *cap, a->nsegments + 1);
	got = tail_segment_open(&a->segments[a->nsegments], a->catalog, a->headline_weight,
				path_in(a, &name, TAIL_NAME), err);
	buf_release(&name);
	if (got > 0) {
		a->ndocs += a->segments[a->nsegments].ndocs;
		a->words += a->segments[a->nsegments].words;
		a->nsegments++;
	}
	return got;
}

/* Open the segments that the catalog names now: 1 all open, 0 one is gone, negative an error. */
static int open_segments(struct archive *a, struct err *err)
{
	struct catalog_segment row;
	const struct segment *s;
	int64_t after = 0;
	size_t cap = 0;
	int got;

	a->ndocs = a->words = 0;
	while ((got = catalog_next_segment(a->catalog, &after, &row, err)) > 0) {
		MEM_GROW(a->segments, cap, a->nsegments + 1);
		if ((got = open_named(a, &row, &a->segments[a->nsegments], err)) <= 0)
			return got;
		s = &a->segments[a->nsegments++];
		a->ndocs += s->ndocs - s->dead.n;
		a->words += s->words - s->dead.words;
	}
	if (got == 0)
		got = open_tail(a, &cap, err);
	return got < 0 ? got : 1;
}

static int open_catalog(struct archive *a, const char *path, bool unlocked, struct err *err)
{
	struct buf name = BUF_INIT;
	int rc;

	init(a, path);
	if ((rc = require_catalog(a, err)) == 0)
		rc = (unlocked ? catalog_open_unlocked
			       : catalog_open_read)(&a->catalog, path_in(a, &name, "catalog.db"), err);
	if (rc == 0)
		rc = catalog_begin_read(a->catalog, err);
	if (rc == 0)
		text_loader_init(&a->texts, a->path, a->catalog);
	buf_release(&name);
	return rc;
}

int archive_open_texts(struct archive *a, const char *path, struct err *err)
{
	int rc = open_catalog(a, path, true, err);

	a->texts_only = true;
	if (rc < 0)
		archive_close(a);
	return rc;
}

static int reopen_catalog(struct archive *a, struct err *err)
{
	struct buf name = BUF_INIT;
	int rc;

	text_loader_release(&a->texts);
	catalog_close(a->catalog);
	rc = catalog_open_read(&a->catalog, path_in(a, &name, "catalog.db"), err);
	if (rc == 0)
		text_loader_init(&a->texts, a->path, a->catalog);
	buf_release(&name);
	return rc;
}

/* Another read transaction, which sees what has been committed meanwhile. */
static int begin_anew(struct archive *a, struct err *err)
{
	int rc = catalog_is_stale(a->catalog) ? reopen_catalog(a, err) : catalog_end_read(a->catalog, err);

	return rc < 0 ? rc : catalog_begin_read(a->catalog, err);
}

/* Settings and segments as the catalog has them. In a read transaction, perhaps another one. */
static int read_state(struct archive *a, struct err *err)
{
	int rc = 0;

	for (int tries = 1; rc == 0; tries++) {
		if ((rc = catalog_data_version(a->catalog, &a->version, err)) < 0 ||
		    (rc = load_settings(a, err)) < 0 || (rc = open_segments(a, err)) < 0)
			break;
		if (rc > 0)
			return 0;
		close_segments(a);
		if (tries == READ_TRIES)
			rc = ERR_CORRUPT; /* err names the missing file */
		else if ((rc = begin_anew(a, err)) < 0)
			break;
	}
	return rc;
}

int archive_open_read(struct archive *a, const char *path, struct err *err)
{
	int rc = open_catalog(a, path, false, err);

	if (rc == 0)
		rc = read_state(a, err);
	if (rc < 0)
		archive_close(a);
	return rc;
}

int archive_open_unlocked(struct archive *a, const char *path, struct err *err)
{
	int rc = open_catalog(a, path, true, err);

	if (rc == 0 && (rc = read_state(a, err)) < 0 && catalog_is_stale(a->catalog)) {
		archive_close(a);
		return archive_open_read(a, path, err);
	}
	if (rc < 0)
		archive_close(a);
	return rc;
}

int archive_settle(struct archive *a, struct err *err)
{
	int rc;

	if (!catalog_is_stale(a->catalog))
		return 0;
	return (rc = archive_resume(a, err)) < 0 ? rc : 1;
}

int archive_pause(struct archive *a, struct err *err)
{
	return catalog_end_read(a->catalog, err);
}

int archive_resume(struct archive *a, struct err *err)
{
	bool stale = catalog_is_stale(a->catalog);
	int64_t version = 0;
	int rc;

	if ((stale && (rc = reopen_catalog(a, err)) < 0) || (rc = catalog_begin_read(a->catalog, err)) < 0 ||
	    (rc = catalog_data_version(a->catalog, &version, err)) < 0)
		return rc;
	if (a->texts_only || (!stale && version == a->version))
		return 0;
	close_segments(a);
	a->texts.in_block = 0;
	return read_state(a, err);
}

int archive_article(struct archive *a, int64_t number, struct catalog_article *row, struct err *err)
{
	int got = catalog_article(a->catalog, number, row, err), rc;

	if (got > 0 && (rc = text_loader_load(&a->texts, row, err)) < 0)
		return rc;
	return got;
}

void archive_fields(const struct catalog_article *row, struct buf *out)
{
	field_terms(&(struct field_values){ .author = row->text.author,
					    .section = row->text.section,
					    .lang = row->text.lang,
					    .url = row->text.url,
					    .tags = row->text.tags,
					    .id = row->text.key },
		    out);
}

int archive_revision(struct archive *a, int64_t number, int64_t revision, struct catalog_article *row,
		     struct err *err)
{
	int64_t after = revision - 1;
	int got = catalog_article(a->catalog, number, row, err), rc;

	if (got <= 0 || revision < 1)
		return got < 0 ? got : 0;
	if (row->revision != revision &&
	    ((got = catalog_next_revision(a->catalog, number, &after, row, err)) <= 0 ||
	     row->revision != revision))
		return got < 0 ? got : 0;
	if ((rc = text_loader_load(&a->texts, row, err)) < 0)
		return rc;
	return 1;
}

/* ---- writing ---- */

static int take_lock(struct archive *a, bool *made, struct err *err)
{
	struct buf name = BUF_INIT;
	int rc = lock_take(a->path, path_in(a, &name, "lock"), &a->lock, made, err);

	buf_release(&name);
	return rc;
}

int archive_sync_directory(const char *path, struct err *err)
{
	int fd = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	int rc = 0;

	if (fd < 0)
		return err_errno(err, "%s", path);
	if (fsync(fd) < 0)
		rc = err_errno(err, "%s: cannot sync", path);
	close(fd);
	return rc;
}

int archive_sync_parent(const char *path, struct err *err)
{
	struct buf name = BUF_INIT;
	int rc = 0;

	buf_addf(&name, "%s/..", path);
	if (access(buf_cstr(&name), R_OK) == 0)
		rc = archive_sync_directory(buf_cstr(&name), err);
	buf_release(&name);
	return rc;
}

/* Make the directory, or make sure that what is there is an archive or empty. */
static int make_directory(const struct archive *a, struct err *err)
{
	struct err ignored;
	DIR *dir;
	const struct dirent *e;
	int rc = 0;

	if (mkdir(a->path, 0777) == 0)
		return archive_sync_parent(a->path, err);
	if (errno != EEXIST)
		return errno == ENOENT ? err_set(err, ERR_IO,
						 "%s: cannot make the archive: there is no directory to hold "
						 "it; make that first",
						 a->path)
				       : err_errno(err, "%s: cannot make the archive", a->path);
	if (require_catalog(a, &ignored) == 0)
		return 0;
	dir = opendir(a->path);
	if (!dir)
		return err_set(err, ERR_NOT_FOUND,
			       "%s: not an archive, which is a directory; name another one, or a new one",
			       a->path);
	while ((e = readdir(dir)))
		if (strcmp(e->d_name, ".") && strcmp(e->d_name, "..") && strcmp(e->d_name, "lock"))
			rc = err_set(err, ERR_NOT_FOUND,
				     "%s: no archive, but a directory with other files; name a new one",
				     a->path);
	closedir(dir);
	return rc;
}

/* Is this the name of a segment file, digits and then `suffix`? */
static bool is_segment_name(const char *name, const char *suffix)
{
	size_t digits = strspn(name, "0123456789");

	return digits >= 8 && digits <= 18 && strcmp(name + digits, suffix) == 0;
}

/* Does the catalog name NNNNNNNN.seg? Negative on an error. */
static int is_named(struct archive *a, const char *file, struct err *err)
{
	struct catalog_segment row;
	int64_t id = strtoll(file, NULL, 10), after = id - 1;
	int got = catalog_next_segment(a->catalog, &after, &row, err);

	return got <= 0 ? got : row.id == id;
}

/* Remove what a writer that was killed left behind, and nothing else. */
static int sweep(struct archive *a, struct err *err)
{
	struct buf name = BUF_INIT;
	const struct dirent *e;
	DIR *dir = opendir(a->path);
	int rc = 0;

	if (!dir)
		return err_errno(err, "%s", a->path);
	while (rc >= 0 && (e = readdir(dir))) {
		bool orphan = is_segment_name(e->d_name, ".seg.tmp");

		if (is_segment_name(e->d_name, ".seg")) {
			rc = is_named(a, e->d_name, err);
			orphan = rc == 0;
		}
		if (rc >= 0 && orphan && unlink(path_in(a, &name, e->d_name)) < 0)
			rc = err_errno(err, "%s: cannot remove", buf_cstr(&name));
	}
	closedir(dir);
	buf_release(&name);
	return rc < 0 ? rc : 0;
}

/* Texts to come are deflated so; those that are there stay as they are. */
static int change_store(struct archive *a, enum text_store wanted, struct err *err)
{
	int rc;

	if (!wanted || wanted == a->store)
		return 0;
	a->store = wanted;
	if ((rc = catalog_begin(a->catalog, err)) < 0 ||
	    (rc = catalog_set(a->catalog, "store", text_store_name(wanted), err)) < 0)
		return rc;
	return catalog_commit(a->catalog, err);
}

static int settle_settings(struct archive *a, const struct archive_settings *wanted, struct err *err)
{
	int rc = catalog_get(a->catalog, "language", &a->language, err);

	if (rc < 0)
		return rc;
	if (rc == 0 && (rc = store_settings(a, wanted, err)) < 0)
		return rc;
	if ((rc = load_settings(a, err)) < 0)
		return rc;
	if (wanted->language && strcmp(wanted->language, buf_cstr(&a->language)))
		return err_set(
			err, ERR_USAGE,
			"%s: its words are stemmed as %s; the language is fixed when an archive is made: "
			"leave --lang out, or name a new archive",
			a->path, buf_cstr(&a->language));
	if (wanted->headline_weight && wanted->headline_weight != a->headline_weight)
		return err_set(
			err, ERR_USAGE,
			"%s: its headline words weigh %" PRIu32
			"; the weight is fixed when an archive is made: leave --headline-weight out, or "
			"name a new archive",
			a->path, a->headline_weight);
	return change_store(a, wanted->store, err);
}

/* Lock, then open the catalog. What turns out to be no archive keeps no lock of ours; it
 * can be removed there because nobody, whoever has opened it meanwhile, gets to write. */
static int open_locked_catalog(struct archive *a, enum text_store store, struct err *err)
{
	struct buf name = BUF_INIT;
	bool made;
	int rc = take_lock(a, &made, err);

	if (rc == 0)
		rc = catalog_open_write(&a->catalog, path_in(a, &name, "catalog.db"), store, a->upgrade, err);
	if (rc == ERR_CORRUPT && made)
		unlink(path_in(a, &name, "lock"));
	buf_release(&name);
	return rc;
}

/* Behind the directory, lock and open. */
static int open_write(struct archive *a, const struct archive_settings *wanted, struct err *err)
{
	int rc;

	if ((rc = open_locked_catalog(a, wanted->store, err)) < 0 ||
	    (rc = settle_settings(a, wanted, err)) < 0 || (rc = sweep(a, err)) < 0)
		return rc;
	text_loader_init(&a->texts, a->path, a->catalog);
	return 0;
}

static const struct archive_settings no_settings;

int archive_open_write(struct archive *a, const char *path, const struct archive_settings *wanted,
		       struct err *err)
{
	int rc;

	init(a, path);
	rc = wanted ? make_directory(a, err) : require_catalog(a, err);
	if (rc < 0 || (rc = open_write(a, wanted ? wanted : &no_settings, err)) < 0)
		archive_close(a);
	return rc;
}

int archive_open_upgrade(struct archive *a, const char *path, struct err *err)
{
	int rc;

	init(a, path);
	a->upgrade = true;
	if ((rc = require_catalog(a, err)) < 0 || (rc = open_write(a, &no_settings, err)) < 0)
		archive_close(a);
	return rc;
}

int archive_set_analyzer(struct archive *a, struct err *err)
{
	return set_number(a, "analyzer", ANALYZER_VERSION, err);
}

int archive_write_segment(struct archive *a, const struct segment_parts *parts, struct catalog_segment *s,
			  struct err *err)
{
	struct buf temporary = BUF_INIT, final = BUF_INIT;
	uint64_t bytes;
	int rc;

	if ((rc = catalog_last_segment(a->catalog, &s->id, err)) < 0)
		return rc;
	s->id++;
	segment_path(a, &final, s->id, "");
	rc = segment_write(parts, segment_path(a, &temporary, s->id, ".tmp"), &bytes, err);
	if (rc == 0 && rename(buf_cstr(&temporary), buf_cstr(&final)) < 0) {
		rc = err_errno(err, "%s: cannot rename", buf_cstr(&temporary));
		unlink(buf_cstr(&temporary));
	}
	if (rc == 0 && (rc = archive_sync_directory(a->path, err)) < 0)
		unlink(buf_cstr(&final));
	s->docs = parts->docs.n;
	s->words = (int64_t)parts->docs.words;
	s->bytes = (int64_t)bytes;
	s->dead = s->dead_words = 0;
	buf_release(&temporary);
	buf_release(&final);
	return rc;
}

int archive_open_segment(const struct archive *a, const struct catalog_segment *row, struct segment *s,
			 struct err *err)
{
	int got = open_named(a, row, s, err);

	return got > 0 ? 0 : got < 0 ? got : ERR_CORRUPT;
}

int archive_spill(const struct archive *a, struct segment_parts *parts, struct err *err)
{
	struct buf name = BUF_INIT;
	int rc;

	if (!segment_parts_full(parts))
		return 0;
	rc = segment_parts_spill(parts, segment_path(a, &name, 0, ".tmp"), err);
	buf_release(&name);
	return rc;
}

/* The rows of the segments, in the transaction that is open. */
static int replace_rows(struct archive *a, const struct catalog_segment *old, size_t n,
			const struct catalog_segment *by, struct err *err)
{
	int rc = catalog_add_segment(a->catalog, by, err);

	for (size_t i = 0; rc == 0 && i < n; i++)
		rc = catalog_remove_segment(a->catalog, old[i].id, err);
	if (rc < 0)
		archive_drop_segment(a, by->id);
	return rc;
}

int archive_replace_segments(struct archive *a, const struct catalog_segment *old, size_t n,
			     const struct segment_parts *parts, struct catalog_segment *by, struct err *err)
{
	int rc;

	if ((rc = catalog_begin(a->catalog, err)) < 0)
		return rc;
	if ((rc = catalog_next_seq(a->catalog, &by->seq, err)) < 0)
		goto fail;
	/* As when articles are added, the file stays when the commit fails. */
	if ((rc = archive_write_segment(a, parts, by, err)) < 0 ||
	    (rc = replace_rows(a, old, n, by, err)) < 0 || (rc = catalog_commit(a->catalog, err)) < 0)
		goto fail;
	for (size_t i = 0; i < n; i++)
		archive_drop_segment(a, old[i].id);
	return catalog_fold(a->catalog, err);
fail:
	catalog_rollback(a->catalog, NULL);
	return rc;
}

void archive_drop_segment(struct archive *a, int64_t id)
{
	struct buf name = BUF_INIT;

	unlink(segment_path(a, &name, id, ""));
	buf_release(&name);
}

bool archive_has_log(const char *path)
{
	struct buf name = BUF_INIT;
	bool log;

	buf_addf(&name, "%s/catalog.db", path);
	log = catalog_has_log(buf_cstr(&name));
	buf_release(&name);
	return log;
}

int archive_sizes(const struct archive *a, uint64_t *catalog, uint64_t *segments, struct err *err)
{
	struct buf name = BUF_INIT;
	const struct dirent *e;
	DIR *dir = opendir(a->path);

	*catalog = *segments = 0;
	if (!dir)
		return err_errno(err, "%s", a->path);
	while ((e = readdir(dir))) {
		struct stat st;

		if (stat(path_in(a, &name, e->d_name), &st) < 0 || !S_ISREG(st.st_mode))
			continue;
		if (is_segment_name(e->d_name, ".seg"))
			*segments += (uint64_t)st.st_size;
		else if (strcmp(e->d_name, "catalog.db") == 0 || strcmp(e->d_name, "catalog.db-wal") == 0)
			*catalog += (uint64_t)st.st_size;
	}
	closedir(dir);
	buf_release(&name);
	return 0;
}
