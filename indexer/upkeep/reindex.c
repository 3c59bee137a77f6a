#include "upkeep/reindex.h"

#include "base/mem.h"
#include "base/trace.h"
#include "upkeep/merge.h"
#include "segment/seal.h"

#include <inttypes.h>
#include <stdlib.h>
#include <unistd.h>

int reindex_begin(struct reindex *r, struct archive *archive, const char *temporary,
		  const volatile sig_atomic_t *stop, struct err *err)
{
	*r = (struct reindex){
		.archive = archive, .temporary = temporary, .stop = stop, .lot_bytes = REINDEX_BYTES
	};
	inverter_init(&r->inverter);
	r->analyzer = analyzer_new(buf_cstr(&archive->language), err);
	return r->analyzer ? 0 : ERR_USAGE;
}

static void drop_lots(struct reindex *r)
{
	while (r->nlots)
		segment_close(&r->lots[--r->nlots]);
}

void reindex_release(struct reindex *r)
{
	drop_lots(r);
	free(r->lots);
	free(r->furniture);
	analyzer_free(r->analyzer);
	tokens_release(&r->tokens);
	buf_release(&r->fields);
	inverter_release(&r->inverter);
	*r = (struct reindex){ .archive = NULL };
	inverter_init(&r->inverter);
}

static int seal_parts(struct reindex *r, struct segment_parts *parts, struct err *err)
{
	bool whole;

	trace_phase(TRACE_SEAL);
	trace_add(r->inverter.ndocs, 0);
	whole = seal(&r->inverter, r->archive->headline_weight, r->stop, parts);
	inverter_reset(&r->inverter);
	return whole ? 0 : err_stopped(err);
}

static bool lots_are_full(const struct reindex *r)
{
	return r->nlots == MERGE_MAX / 2;
}

static int spill(void *temporary, struct segment_parts *parts, struct err *err)
{
	return segment_parts_full(parts) ? segment_parts_spill(parts, temporary, err) : 0;
}

static int merge_lots(struct reindex *r, struct segment_parts *parts, struct err *err)
{
	const struct merge_settings settings = { .stop = r->stop,
						 .spill = spill,
						 .context = (void *)(uintptr_t)r->temporary };

	trace_phase(TRACE_MERGE);
	return merge_segments(r->lots, r->nlots, &settings, parts, err);
}

/* The parts become a file that is open and has no name, and are released. */
static int add_lot(struct reindex *r, struct segment_parts *parts, struct err *err)
{
	uint64_t bytes;
	int rc;

	trace_phase(TRACE_WRITE);
	if ((rc = segment_write(parts, r->temporary, &bytes, err)) == 0) {
		trace_add(parts->docs.n, bytes);
		MEM_GROW(r->lots, r->lots_cap, r->nlots + 1);
		if ((rc = segment_open(&r->lots[r->nlots], r->temporary, err)) == 0)
			r->nlots++;
		unlink(r->temporary);
	}
	segment_parts_release(parts);
	return rc;
}

/* Seal what is gathered into a lot. Of so many that they could not be merged at once later one
 * is made now. */
static int end_lot(struct reindex *r, struct err *err)
{
	struct segment_parts parts;
	int rc = seal_parts(r, &parts, err);

	if (rc < 0) {
		segment_parts_release(&parts);
		return rc;
	}
	if ((rc = add_lot(r, &parts, err)) < 0 || !lots_are_full(r))
		return rc;
	rc = merge_lots(r, &parts, err);
	drop_lots(r);
	if (rc == 0)
		return add_lot(r, &parts, err);
	segment_parts_release(&parts);
	return rc;
}

static int load_furniture(struct reindex *r, const struct catalog_article *row, struct err *err)
{
	if (furniture_get(row->furniture, (int64_t)row->text.body.n, &r->furniture, &r->nfurniture,
			  &r->furniture_cap) == 0)
		return 0;
	return err_set(err, ERR_CORRUPT, "%s: catalog.db: the furniture of article %" PRId64 " is damaged",
		       r->archive->path, row->number);
}

int reindex_add(struct reindex *r, const struct catalog_article *row, struct err *err)
{
	struct inverted_doc doc = { .date = row->date };
	int rc;

	if (*r->stop)
		return err_stopped(err);
	if ((rc = load_furniture(r, row, err)) < 0)
		return rc;
	trace_phase(TRACE_ANALYZE);
	trace_add(1, row->title.n + row->text.body.n);
	r->headline = analyze_article(r->analyzer, row->title, row->text.body, r->furniture, r->nfurniture,
				      &r->tokens);
	r->words = r->tokens.words;
	doc.article = (uint32_t)row->number;
	doc.source = (uint32_t)row->source;
	doc.story = (uint32_t)row->story;
	doc.words = r->words;
	doc.headline = r->headline;
	archive_fields(row, &r->fields);
	doc.fields = buf_bytes(&r->fields);
	trace_phase(TRACE_INVERT);
	trace_add(1, 0);
	inverter_add(&r->inverter, &doc, &r->tokens);
	return inverter_memory(&r->inverter) > r->lot_bytes ? end_lot(r, err) : 0;
}

int reindex_end(struct reindex *r, struct segment_parts *parts, struct err *err)
{
	int rc = 0;

	if (!r->nlots)
		return seal_parts(r, parts, err);
	if (r->inverter.ndocs)
		rc = end_lot(r, err);
	if (rc == 0)
		rc = merge_lots(r, parts, err);
	else
		segment_parts_init(parts, 0, r->archive->headline_weight);
	drop_lots(r);
	return rc;
}
