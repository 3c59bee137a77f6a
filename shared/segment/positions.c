#include "segment/positions.h"

#include "segment/segment.h"

void positions_put(struct buf *out, const struct occurrence *list, uint64_t n, uint32_t nforms)
{
	uint64_t nchunks = (n + POSTINGS_BLOCK - 1) / POSTINGS_BLOCK;
	size_t table = out->n, chunks;
	uint32_t gaps[POSTINGS_BLOCK], forms[POSTINGS_BLOCK];

	buf_add_zeros(out, (nchunks - 1) * 4);
	chunks = out->n;
	for (uint64_t chunk = 0; chunk < nchunks; chunk++) {
		const struct occurrence *o = list + chunk * POSTINGS_BLOCK;
		uint32_t in_chunk =
			chunk + 1 < nchunks ? POSTINGS_BLOCK : (uint32_t)(n - chunk * POSTINGS_BLOCK);

		if (chunk)
			store_le32(out->p + table + (chunk - 1) * 4, (uint32_t)(out->n - chunks));
		for (uint32_t i = 0; i < in_chunk; i++) {
			gaps[i] = o[i].first ? o[i].pos : o[i].pos - (o + i)[-1].pos - 1;
			forms[i] = o[i].form;
		}
		packed_put(out, gaps, in_chunk);
		if (nforms > 1)
			packed_put(out, forms, in_chunk);
	}
}

void positions_open(struct positions *c, const struct segment *seg, const struct term_info *info)
{
	uint32_t nforms = segment_form_count(seg, info);

	*c = (struct positions){
		.seg = seg,
		.list = bytes_of(seg->sections[SEC_POSN].p + info->posn, info->posn_size),
		.n = nforms ? info->occurrences : 0, /* corrupt forms: nothing can be asked for */
		.nforms = nforms,
		.has_forms = nforms > 1,
		.chunk = UINT64_MAX,
	};
}

/* The bytes of a chunk, checked and touched; empty if corrupt. */
static struct bytes chunk_bytes(const struct positions *c, uint64_t chunk)
{
	uint64_t nchunks = (c->n + POSTINGS_BLOCK - 1) / POSTINGS_BLOCK;
	uint64_t table = (nchunks - 1) * 4, from = 0, to;

	if (chunk >= nchunks || table >= c->list.n)
		return BYTES_NONE;
	if (segment_touch(c->seg, c->list.p + (chunk ? chunk - 1 : 0) * 4, chunk + 1 < nchunks ? 8 : 4) < 0)
		return BYTES_NONE;
	to = c->list.n - table;
	if (chunk)
		from = load_le32(c->list.p + (chunk - 1) * 4);
	if (chunk + 1 < nchunks)
		to = load_le32(c->list.p + chunk * 4);
	if (from >= to || to > c->list.n - table ||
	    segment_touch(c->seg, c->list.p + table + from, to - from) < 0)
		return BYTES_NONE;
	return bytes_of(c->list.p + table + from, to - from);
}

static int load_chunk(struct positions *c, uint64_t chunk, bool forms)
{
	uint32_t n = (uint32_t)(c->n - chunk * POSTINGS_BLOCK);
	struct bytes bytes;

	n = n > POSTINGS_BLOCK || c->n - chunk * POSTINGS_BLOCK > POSTINGS_BLOCK ? POSTINGS_BLOCK : n;
	if (c->chunk == chunk && (!forms || c->forms_decoded || !c->has_forms))
		return 0;
	bytes = chunk_bytes(c, chunk);
	c->chunk = UINT64_MAX;
	if (!bytes.n)
		return ERR_CORRUPT;
	c->forms_at = packed_get(c->gaps, n, bytes.p, bytes.p + bytes.n);
	c->forms_decoded = forms && c->has_forms;
	if (!c->forms_at || (c->forms_decoded && !packed_get(c->forms, n, c->forms_at, bytes.p + bytes.n)))
		return ERR_CORRUPT;
	c->chunk = chunk;
	return 0;
}

int positions_get(struct positions *c, uint64_t first, uint32_t count, uint32_t *pos, uint32_t *form)
{
	uint64_t at = 0;

	if (first > c->n || count > c->n - first)
		return ERR_CORRUPT;
	for (uint32_t i = 0; i < count; i++) {
		uint32_t in_chunk = (uint32_t)((first + i) % POSTINGS_BLOCK);

		if ((i == 0 || in_chunk == 0) &&
		    load_chunk(c, (first + i) / POSTINGS_BLOCK, form != NULL) < 0)
			return ERR_CORRUPT;
		at += c->gaps[in_chunk] + (uint64_t)(i > 0);
		if (at > UINT32_MAX || (form && c->has_forms && c->forms[in_chunk] >= c->nforms))
			return ERR_CORRUPT;
		pos[i] = (uint32_t)at;
		if (form)
			form[i] = c->has_forms ? c->forms[in_chunk] : 0;
	}
	return 0;
}
