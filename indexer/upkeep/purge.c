#include "upkeep/purge.h"

#include "shelve.h"

struct purger {
	struct archive *archive;
	const volatile sig_atomic_t *stop;
	struct text_deflater *deflater;
	struct buf dictionary, stream;
	unsigned n; /* texts in the open transaction */
};

/* ---- the dictionary ---- */

/* Would the texts that there are make another dictionary than the archive's only one? Few texts
 * make none. */
static int dictionary_differs(struct purger *p, bool *differs, struct err *err)
{
	struct catalog *c = p->archive->catalog;
	struct buf newest = BUF_INIT;
	int64_t n, size;
	int rc;

	if ((rc = catalog_count_dictionaries(c, &n, err)) < 0 || (rc = catalog_text_bytes(c, &size, err)) < 0)
		return rc;
	if (n > 0 && size >= SHELVE_LEAST)
		rc = shelve_dictionary(p->archive, &p->dictionary, err);
	if (rc == 0 && (rc = catalog_newest_dictionary(c, &newest, err)) >= 0)
		*differs = n > 0 && (n > 1 || !bytes_equal(buf_bytes(&newest), buf_bytes(&p->dictionary)));
	buf_release(&newest);
	return rc < 0 ? rc : 0;
}

static uint32_t dictionary_id(const struct purger *p)
{
	return text_dictionary_id(buf_bytes(&p->dictionary));
}

static int add_dictionary(struct purger *p, struct err *err)
{
	struct buf there = BUF_INIT;
	int64_t seq;
	int rc = 0;

	if (p->dictionary.n &&
	    (rc = catalog_dictionary(p->archive->catalog, dictionary_id(p), &there, err)) == 0 &&
	    (rc = catalog_next_seq(p->archive->catalog, &seq, err)) == 0)
		rc = catalog_add_dictionary(p->archive->catalog, dictionary_id(p), seq,
					    buf_bytes(&p->dictionary), err);
	buf_release(&there);
	return rc < 0 ? rc : 0;
}

/* ---- texts ---- */

/* Between two texts; not within a block, whose later pieces need the earlier ones. */
static int pause_if_full(struct purger *p, struct err *err)
{
	int rc;

	if (*p->stop)
		return err_stopped(err);
	if (p->n++ < PURGE_COMMIT)
		return 0;
	p->n = 0;
	if ((rc = catalog_commit(p->archive->catalog, err)) < 0 ||
	    (rc = catalog_fold(p->archive->catalog, err)) < 0)
		return rc;
	return catalog_begin(p->archive->catalog, err);
}

/* The loader stands behind the piece before, which is stored anew by now. */
static int deflate_articles(struct purger *p, struct err *err)
{
	struct archive *a = p->archive;
	struct catalog_article row;
	int64_t after = 0;
	int got, rc;

	while ((got = catalog_next_article(a->catalog, &after, &row, err)) > 0) {
		if (row.piece <= 1 && p->n >= PURGE_COMMIT) {
			if ((rc = pause_if_full(p, err)) < 0)
				return rc;
			after = row.number - 1;
			continue;
		}
		if (*p->stop)
			return err_stopped(err);
		if ((rc = text_loader_load(&a->texts, &row, err)) < 0)
			return rc;
		text_deflate(p->deflater, buf_bytes(&a->texts.text), &p->stream);
		if ((rc = catalog_set_stream(a->catalog, row.number, 0, buf_bytes(&p->stream), err)) < 0)
			return rc;
		p->n++;
	}
	return got;
}

static int deflate_old_texts(struct purger *p, struct err *err)
{
	struct archive *a = p->archive;
	struct catalog_article row;
	int64_t article = 0, revision = 0;
	struct bytes text;
	int got, rc;

	while ((got = catalog_next_old_text(a->catalog, &article, &revision, &row, err)) > 0) {
		if ((rc = text_loader_inflate(&a->texts, row.stream, row.size, "an older text", &text, err)) <
		    0)
			return rc;
		text_deflate(p->deflater, text, &p->stream);
		if ((rc = catalog_set_old_stream(a->catalog, article, revision, buf_bytes(&p->stream), err)) <
			    0 ||
		    (rc = pause_if_full(p, err)) < 0)
			return rc;
	}
	return got;
}

/* Deflate all texts with the new dictionary, or none, and drop the others. */
static int replace_dictionary(struct purger *p, struct err *err)
{
	int rc = catalog_begin(p->archive->catalog, err);

	p->deflater = text_deflater_new(p->archive->store, buf_bytes(&p->dictionary));
	if (rc == 0 && (rc = add_dictionary(p, err)) == 0 && (rc = deflate_articles(p, err)) == 0 &&
	    (rc = deflate_old_texts(p, err)) == 0 &&
	    (rc = catalog_keep_dictionary(p->archive->catalog, dictionary_id(p), err)) == 0)
		rc = catalog_commit(p->archive->catalog, err);
	if (rc < 0)
		catalog_rollback(p->archive->catalog, NULL);
	text_deflater_free(p->deflater);
	return rc;
}

/* ---- the files ---- */

static int forget_names(struct archive *a, struct err *err)
{
	int rc = catalog_begin(a->catalog, err);

	if (rc == 0 && (rc = catalog_forget_names(a->catalog, err)) == 0)
		rc = catalog_commit(a->catalog, err);
	if (rc < 0)
		catalog_rollback(a->catalog, NULL);
	return rc;
}

int purge_texts(struct archive *a, const volatile sig_atomic_t *stop, struct err *err)
{
	struct purger p = { .archive = a, .stop = stop };
	bool differs = false;
	int rc = dictionary_differs(&p, &differs, err);

	if (rc == 0 && differs)
		rc = replace_dictionary(&p, err);
	buf_release(&p.dictionary);
	buf_release(&p.stream);
	return rc;
}

int purge_files(struct archive *a, struct err *err)
{
	int rc;

	if ((rc = forget_names(a, err)) < 0 || (rc = catalog_compact(a->catalog, err)) < 0 ||
	    (rc = catalog_checkpoint(a->catalog, err)) < 0)
		return rc;
	if (archive_has_log(a->path))
		return err_set(err, ERR_LOCKED,
			       "%s: another process reads it as it was, so the log stays; run the same "
			       "command again when that one is done",
			       a->path);
	return 0;
}
