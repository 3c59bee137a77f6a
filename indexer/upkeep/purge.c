#include "upkeep/purge.h"

#include "shelve.h"

#include <inttypes.h>
#include <stdio.h>

struct purger {
	struct archive *archive;
	const volatile sig_atomic_t *stop;
	struct text_way *way;
	struct text_compressor *compressor;
	struct buf dictionary, frame;
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

static uint32_t dictionary_name(const struct purger *p)
{
	return text_dictionary_name(buf_bytes(&p->dictionary));
}

static int add_dictionary(struct purger *p, struct err *err)
{
	struct buf there = BUF_INIT;
	int64_t seq;
	int rc = 0;

	if (p->dictionary.n &&
	    (rc = catalog_dictionary(p->archive->catalog, dictionary_name(p), &there, err)) == 0 &&
	    (rc = catalog_next_seq(p->archive->catalog, &seq, err)) == 0)
		rc = catalog_add_dictionary(p->archive->catalog, dictionary_name(p), seq,
					    buf_bytes(&p->dictionary), err);
	buf_release(&there);
	return rc < 0 ? rc : 0;
}

/* ---- texts ---- */

/* After each text. The row that was given last is gone. */
static int pause_if_full(struct purger *p, struct err *err)
{
	int rc;

	if (*p->stop)
		return err_stopped(err);
	if (++p->n < PURGE_COMMIT)
		return 0;
	p->n = 0;
	if ((rc = catalog_commit(p->archive->catalog, err)) < 0 ||
	    (rc = catalog_fold(p->archive->catalog, err)) < 0)
		return rc;
	return catalog_begin(p->archive->catalog, err);
}

/* Compress a text once more, into p->frame. */
static int compress_anew(struct purger *p, const struct catalog_article *row, const char *what,
			 struct err *err)
{
	struct bytes text;
	int rc = text_loader_decompress(&p->archive->texts, row->frame, row->size, what, &text, err);

	if (rc == 0)
		text_compress(p->compressor, p->way, text, &p->frame);
	return rc;
}

static int compress_articles(struct purger *p, struct err *err)
{
	struct catalog *c = p->archive->catalog;
	struct catalog_article row;
	char what[48];
	int64_t after = 0;
	int got, rc;

	while ((got = catalog_next_article(c, &after, &row, err)) > 0) {
		snprintf(what, sizeof what, "the text of article %" PRId64, row.number);
		if ((rc = compress_anew(p, &row, what, err)) < 0 ||
		    (rc = catalog_set_frame(c, row.number, buf_bytes(&p->frame), err)) < 0 ||
		    (rc = pause_if_full(p, err)) < 0)
			return rc;
	}
	return got;
}

static int compress_old_texts(struct purger *p, struct err *err)
{
	struct catalog *c = p->archive->catalog;
	struct catalog_article row;
	int64_t article = 0, revision = 0;
	int got, rc;

	while ((got = catalog_next_old_text(c, &article, &revision, &row, err)) > 0) {
		if ((rc = compress_anew(p, &row, "an older text", err)) < 0 ||
		    (rc = catalog_set_old_frame(c, article, revision, buf_bytes(&p->frame), err)) < 0 ||
		    (rc = pause_if_full(p, err)) < 0)
			return rc;
	}
	return got;
}

/* Compress all texts with the new dictionary, or none, and drop the others. */
static int replace_dictionary(struct purger *p, struct err *err)
{
	int rc = catalog_begin(p->archive->catalog, err);

	p->way = text_way_new(p->archive->store, buf_bytes(&p->dictionary));
	p->compressor = text_compressor_new();
	if (rc == 0 && (rc = add_dictionary(p, err)) == 0 && (rc = compress_articles(p, err)) == 0 &&
	    (rc = compress_old_texts(p, err)) == 0 &&
	    (rc = catalog_keep_dictionary(p->archive->catalog, dictionary_name(p), err)) == 0)
		rc = catalog_commit(p->archive->catalog, err);
	if (rc < 0)
		catalog_rollback(p->archive->catalog, NULL);
	text_compressor_free(p->compressor);
	text_way_free(p->way);
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
	buf_release(&p.frame);
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
