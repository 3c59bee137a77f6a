#include "archive/archive_inside.h"

#include "archive/args.h"
#include "text/analyze.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

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

int archive_load_settings(struct archive *a, struct err *err)
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

int archive_set_analyzer(struct archive *a, struct err *err)
{
	return set_number(a, "analyzer", ANALYZER_VERSION, err);
}

/* Texts to come are compressed so; those that are there stay as they are. */
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

int archive_settle_settings(struct archive *a, const struct archive_settings *wanted, struct err *err)
{
	int rc = catalog_get(a->catalog, "language", &a->language, err);

	if (rc < 0)
		return rc;
	if (rc == 0 && (rc = store_settings(a, wanted, err)) < 0)
		return rc;
	if ((rc = archive_load_settings(a, err)) < 0)
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
