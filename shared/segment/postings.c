#include "segment/postings.h"

#include "segment/segment.h"

static uint32_t block_count(uint32_t df)
{
	return df / POSTINGS_BLOCK + (df % POSTINGS_BLOCK > 0);
}

/* ---- writing ---- */

static void put_bitmap(struct buf *out, const struct posting *list, uint32_t n, uint32_t base)
{
	size_t bytes = (list[n - 1].doc - base) / 8 + 1;
	uint8_t *bits;

	buf_add_varint(out, bytes);
	buf_add_zeros(out, bytes);
	bits = out->p + out->n - bytes;
	for (uint32_t i = 0; i < n; i++)
		bits[(list[i].doc - base) / 8] |= (uint8_t)(1u << (list[i].doc - base) % 8);
}

/* Append the docs as gaps or, if that is shorter, as a bitmap; returns BLOCK_BITMAP or 0. */
static unsigned put_docs(struct buf *out, const struct posting *list, uint32_t n, uint32_t base)
{
	uint32_t values[POSTINGS_BLOCK];
	uint32_t next = base;
	size_t start = out->n;

	for (uint32_t i = 0; i < n; i++) {
		values[i] = list[i].doc - next;
		next = list[i].doc + 1;
	}
	packed_put(out, values, n);
	if ((list[n - 1].doc - base) / 8 + 2 >= out->n - start)
		return 0;
	out->n = start;
	put_bitmap(out, list, n, base);
	return BLOCK_BITMAP;
}

/* block := flags docs freqs [headlines]; docs count from `base`. */
static void put_block(struct buf *out, const struct posting *list, uint32_t n, uint32_t base)
{
	uint32_t freqs[POSTINGS_BLOCK], headlines[POSTINGS_BLOCK];
	uint32_t any = 0;
	size_t flags = out->n;

	for (uint32_t i = 0; i < n; i++) {
		freqs[i] = list[i].freq - 1;
		any |= headlines[i] = list[i].headline;
	}
	buf_add_byte(out, any ? BLOCK_HEADLINE : 0);
	out->p[flags] |= (uint8_t)put_docs(out, list, n, base);
	packed_put(out, freqs, n);
	if (any)
		packed_put(out, headlines, n);
}

static void put_impacts(struct buf *out, const struct posting *list, uint32_t n, const uint8_t *lengths)
{
	struct impacts set = { .n = 0 };

	for (uint32_t i = 0; i < n; i++)
		impacts_add(&set, list[i].freq, lengths[list[i].doc]);
	impacts_put(out, &set);
}

void postings_put(struct buf *out, const struct posting *list, uint32_t df, const uint8_t *lengths,
		  uint32_t headline_weight)
{
	uint32_t nblocks = block_count(df);
	size_t start = out->n;
	uint64_t occurrences = 0;

	if (nblocks <= 1) {
		put_block(out, list, df, 0);
		return;
	}
	buf_add_zeros(out, (size_t)nblocks * SKIP_ENTRY);
	for (uint32_t b = 0; b < nblocks; b++) {
		const struct posting *first = list + (size_t)b * POSTINGS_BLOCK;
		uint32_t n = b + 1 < nblocks ? POSTINGS_BLOCK : df - b * POSTINGS_BLOCK;

		store_le32(out->p + start + (size_t)b * SKIP_ENTRY + 12, (uint32_t)(out->n - start));
		put_impacts(out, first, n, lengths);
	}
	for (uint32_t b = 0; b < nblocks; b++) {
		const struct posting *first = list + (size_t)b * POSTINGS_BLOCK;
		uint32_t n = b + 1 < nblocks ? POSTINGS_BLOCK : df - b * POSTINGS_BLOCK;
		uint8_t *entry = out->p + start + (size_t)b * SKIP_ENTRY;

		store_le32(entry, first[n - 1].doc);
		store_le32(entry + 4, (uint32_t)(out->n - start));
		store_le32(entry + 8, (uint32_t)occurrences);
		put_block(out, first, n, b ? first[-1].doc + 1 : 0);
		for (uint32_t i = 0; i < n; i++)
			occurrences += first[i].freq - (headline_weight - 1) * first[i].headline;
	}
}

/* ---- reading ---- */

/* Stay on DOC_END, whatever is asked next. */
static uint32_t park(struct postings *c)
{
	c->at = c->n;
	return c->doc = DOC_END;
}

static uint32_t corrupt(struct postings *c)
{
	c->rc = ERR_CORRUPT;
	return park(c);
}

void postings_open(struct postings *c, const struct segment *seg, const struct term_info *info)
{
	c->doc = DOC_END;
	c->rc = 0;
	c->seg = seg;
	c->df = info ? info->df : 0;
	c->nblocks = block_count(c->df);
	c->block = c->n = c->at = 0;
	c->begun = false;
	if (!info)
		return;
	c->list = bytes_of(seg->sections[SEC_POST].p + info->post, info->post_size);
	if (c->nblocks > 1 && (c->list.n / SKIP_ENTRY < c->nblocks ||
			       segment_touch(seg, c->list.p, c->nblocks * SKIP_ENTRY) < 0)) {
		c->rc = ERR_CORRUPT;
		c->nblocks = 0;
	}
}

static const uint8_t *skip_entry(const struct postings *c, uint32_t block)
{
	return c->list.p + (size_t)block * SKIP_ENTRY;
}

static uint32_t last_doc(const struct postings *c, uint32_t block)
{
	return load_le32(skip_entry(c, block));
}

/* The bytes of a block, checked and touched; empty if the skip table lies. */
static struct bytes block_bytes(const struct postings *c, uint32_t block)
{
	uint32_t from = 0, to = (uint32_t)c->list.n;

	if (c->list.n > UINT32_MAX)
		return BYTES_NONE;
	if (c->nblocks > 1) {
		from = load_le32(skip_entry(c, block) + 4);
		if (block + 1 < c->nblocks)
			to = load_le32(skip_entry(c, block + 1) + 4);
	}
	if (from >= to || to > c->list.n || segment_touch(c->seg, c->list.p + from, to - from) < 0)
		return BYTES_NONE;
	return bytes_of(c->list.p + from, to - from);
}

static const uint8_t *get_bitmap(struct postings *c, uint32_t base, const uint8_t *p, const uint8_t *end)
{
	uint32_t bytes, n = 0;

	p = varint_get32(p, end, &bytes);
	if (!p || bytes > (size_t)(end - p) || bytes > c->seg->ndocs / 8 + 1)
		return NULL;
	for (uint32_t i = 0; i < bytes; i++) {
		for (unsigned bits = p[i]; bits; bits &= bits - 1) {
			if (n == c->n)
				return NULL;
			c->docs[n++] = base + i * 8 + (unsigned)__builtin_ctz(bits);
		}
	}
	return n == c->n && c->docs[n - 1] < c->seg->ndocs ? p + bytes : NULL;
}

static const uint8_t *get_gaps(struct postings *c, uint32_t base, const uint8_t *p, const uint8_t *end)
{
	uint64_t doc = base;

	p = packed_get(c->docs, c->n, p, end);
	if (!p)
		return NULL;
	for (uint32_t i = 0; i < c->n; i++) {
		doc += c->docs[i];
		if (doc >= c->seg->ndocs)
			return NULL;
		c->docs[i] = (uint32_t)doc++;
	}
	return p;
}

/* No frequency is less than what its headline occurrences make. */
static bool headlines_fit(const struct postings *c)
{
	for (uint32_t i = 0; i < c->n; i++)
		if ((uint64_t)c->seg->headline_weight * c->headlines[i] > (uint64_t)c->freqs[i] + 1)
			return false;
	return true;
}

/* Decode a block into the cursor's arrays; false if it is corrupt. */
static bool decode_block(struct postings *c, uint32_t block)
{
	struct bytes bytes = block_bytes(c, block);
	const uint8_t *p = bytes.p, *end;
	uint32_t base = block ? last_doc(c, block - 1) + 1 : 0;
	unsigned flags;

	c->block = block;
	c->n = block + 1 < c->nblocks ? POSTINGS_BLOCK : c->df - block * POSTINGS_BLOCK;
	c->at = c->counted = 0;
	if (!bytes.n || base > c->seg->ndocs || (block && !base))
		return false;
	end = p + bytes.n;
	flags = *p++;
	if (flags & ~(BLOCK_HEADLINE | BLOCK_BITMAP))
		return false;
	p = flags & BLOCK_BITMAP ? get_bitmap(c, base, p, end) : get_gaps(c, base, p, end);
	p = packed_get(c->freqs, c->n, p, end);
	if (flags & BLOCK_HEADLINE)
		p = packed_get(c->headlines, c->n, p, end);
	else
		memset(c->headlines, 0, c->n * sizeof *c->headlines);
	c->occurrence = c->nblocks > 1 ? load_le32(skip_entry(c, block) + 8) : 0;
	return p == end && (c->nblocks == 1 || c->docs[c->n - 1] == last_doc(c, block)) &&
	       (!(flags & BLOCK_HEADLINE) || headlines_fit(c));
}

static uint32_t stand_on(struct postings *c, uint32_t at)
{
	c->at = at;
	c->freq = c->freqs[at] + 1;
	c->headline = c->headlines[at];
	return c->doc = c->docs[at];
}

uint32_t postings_first(struct postings *c)
{
	c->begun = true;
	if (!c->nblocks)
		return park(c);
	if (!decode_block(c, 0))
		return corrupt(c);
	return stand_on(c, 0);
}

uint32_t postings_next(struct postings *c)
{
	if (c->at + 1 < c->n)
		return stand_on(c, c->at + 1);
	if (c->doc == DOC_END || c->block + 1 >= c->nblocks)
		return park(c);
	if (!decode_block(c, c->block + 1))
		return corrupt(c);
	return stand_on(c, 0);
}

/* The first block from `block` on whose last doc is >= target; nblocks if none is. */
static uint32_t find_block(const struct postings *c, uint32_t block, uint32_t target)
{
	uint32_t low = block, high = c->nblocks;

	while (low < high) {
		uint32_t middle = low + (high - low) / 2;

		if (last_doc(c, middle) < target)
			low = middle + 1;
		else
			high = middle;
	}
	return low;
}

uint32_t postings_seek(struct postings *c, uint32_t target)
{
	bool begun = c->begun;
	uint32_t at;

	c->begun = true;
	if (begun && c->doc >= target)
		return c->doc;
	if (!c->nblocks)
		return park(c);
	if (!begun || c->docs[c->n - 1] < target) {
		uint32_t block = c->nblocks > 1 ? find_block(c, begun ? c->block + 1 : 0, target) : begun;

		if (block >= c->nblocks)
			return park(c);
		if (!decode_block(c, block))
			return corrupt(c);
	}
	for (at = c->at; at < c->n && c->docs[at] < target; at++)
		;
	if (at == c->n)
		return park(c);
	return stand_on(c, at);
}

static uint32_t count_at(const struct postings *c, uint32_t at)
{
	return c->freqs[at] + 1 - (c->seg->headline_weight - 1) * c->headlines[at];
}

uint32_t postings_count(const struct postings *c)
{
	return count_at(c, c->at);
}

uint64_t postings_occurrence(struct postings *c)
{
	for (; c->counted < c->at; c->counted++)
		c->occurrence += count_at(c, c->counted);
	return c->occurrence;
}

struct postings_block postings_block(const struct postings *c)
{
	struct bytes bytes = block_bytes(c, c->block);

	return (struct postings_block){ .number = c->block,
					.postings = c->n,
					.offset = (uint32_t)(bytes.p - c->list.p),
					.size = (uint32_t)bytes.n,
					.flags = *bytes.p };
}

int postings_impacts(struct postings *c, struct impacts *set)
{
	uint32_t from, to;

	set->n = 0;
	if (c->nblocks == 1) {
		for (uint32_t i = 0; i < c->n; i++)
			impacts_add(set, c->freqs[i] + 1, segment_length_code(c->seg, c->docs[i]));
		return c->rc;
	}
	from = load_le32(skip_entry(c, c->block) + 12);
	to = c->block + 1 < c->nblocks ? load_le32(skip_entry(c, c->block + 1) + 12)
				       : load_le32(skip_entry(c, 0) + 4);
	if (from >= to || to > c->list.n || segment_touch(c->seg, c->list.p + from, to - from) < 0 ||
	    impacts_get(set, c->list.p + from, c->list.p + to) != c->list.p + to)
		return c->rc = ERR_CORRUPT;
	return 0;
}
