#include "segment/postings.h"

#include "segment/rows.h"
#include "segment/segment.h"

static const uint32_t top_k[TOPS] = { TOP_KS };

static uint32_t ceil_div(uint32_t n, uint32_t by)
{
	return n / by + (n % by > 0);
}

static uint32_t min32(uint32_t a, uint32_t b)
{
	return a < b ? a : b;
}

/* ---- reading ---- */

/* Stay on DOC_END, whatever is asked next. */
static uint32_t park(struct postings *c)
{
	c->block = c->nblocks;
	c->n = 0;
	return c->doc = DOC_END;
}

static bool corrupt(struct postings *c)
{
	c->rc = ERR_CORRUPT;
	park(c);
	return false;
}

static size_t tables_size(const struct postings *c)
{
	return (size_t)c->nblocks * SKIP_ENTRY + (size_t)postings_runs(c) * RUN_ENTRY + TOPS * TOP_ENTRY;
}

void postings_rewind(struct postings *c)
{
	c->doc = DOC_END;
	c->block = c->nblocks;
	c->n = c->at = 0;
	c->begun = false;
}

void postings_open(struct postings *c, const struct segment *seg, const struct term_info *info)
{
	c->rc = 0;
	c->seg = seg;
	c->df = info ? info->df : 0;
	c->nblocks = ceil_div(c->df, POSTINGS_BLOCK);
	postings_rewind(c);
	if (!info)
		return;
	c->density = ((uint64_t)c->nblocks << 32) / (seg->ndocs ? seg->ndocs : 1);
	c->list = bytes_of(seg->sections[SEC_POST].p + info->post, info->post_size);
	if (c->list.n > UINT32_MAX ||
	    (c->nblocks > 1 &&
	     (c->list.n < tables_size(c) || segment_touch(seg, c->list.p, tables_size(c)) < 0))) {
		c->rc = ERR_CORRUPT;
		c->nblocks = c->block = c->df = 0;
	}
}

static const uint8_t *skip_entry(const struct postings *c, uint32_t block)
{
	return c->list.p + (size_t)block * SKIP_ENTRY;
}

uint32_t postings_block_last(const struct postings *c, uint32_t block)
{
	/* A list of one block has no table: its last doc is not known before it is decoded. */
	return c->nblocks > 1 ? load_le32(skip_entry(c, block)) : c->seg->ndocs - 1;
}

/* The bytes of a block, checked and touched; empty if the skip table lies. */
static struct bytes block_bytes(const struct postings *c, uint32_t block)
{
	uint32_t from = 0, to = (uint32_t)c->list.n;

	if (c->nblocks > 1) {
		from = load_le32(skip_entry(c, block) + 4);
		if (block + 1 < c->nblocks)
			to = load_le32(skip_entry(c, block + 1) + 4);
	}
	if (from >= to || to > c->list.n || segment_touch(c->seg, c->list.p + from, to - from) < 0)
		return BYTES_NONE;
	return bytes_of(c->list.p + from, to - from);
}

/* The last doc of the decoded block must be what the skip table says. */
static bool last_doc_fits(const struct postings *c, uint64_t last)
{
	return last < c->seg->ndocs && (c->nblocks == 1 || last == postings_block_last(c, c->block));
}

/* Take the bitmap over into .words; the byte after it, or NULL. */
static const uint8_t *get_bitmap(struct postings *c, const uint8_t *p, const uint8_t *end)
{
	uint32_t bytes, count = 0;

	p = varint_get32(p, end, &bytes);
	if (!p || bytes > (size_t)(end - p) || bytes > BITMAP_MAX || !bytes || !p[bytes - 1])
		return NULL;
	c->nwords = (bytes + 7) / 8;
	c->words[c->nwords - 1] = 0;
	memcpy(c->words, p, bytes);
	for (uint32_t i = 0; i < c->nwords; i++) {
		c->words[i] = load_le64((const uint8_t *)&c->words[i]);
		c->ranks[i] = (uint8_t)count; /* too many for 8 bits are too many for the block */
		count += bit_count(c->words[i]);
	}
	c->bitmap = true;
	c->expanded = c->ranked = false;
	return count == c->n && last_doc_fits(c, (uint64_t)c->base + (c->nwords - 1) * 64 + 63 -
							 (unsigned)__builtin_clzll(c->words[c->nwords - 1]))
		       ? p + bytes
		       : NULL;
}

/* Add gaps up to docs: the i-th is base + i + the gaps up to it. False if that passes 32
 * bits, which small gaps cannot. */
static bool add_up(uint32_t *docs, const uint32_t *gaps, uint32_t n, uint32_t base)
{
	uint64_t doc = base;

	if (n == ROWS_VALUES && base >> 31 == 0 && rows_add_up(docs, gaps, base) >> 24 == 0)
		return true;
	for (uint32_t i = 0; i < n; i++) {
		doc += gaps[i];
		if (doc >= DOC_END)
			return false;
		docs[i] = (uint32_t)doc++;
	}
	return true;
}

static const uint8_t *get_gaps(struct postings *c, const uint8_t *p, const uint8_t *end)
{
	uint32_t gaps[POSTINGS_BLOCK];

	p = packed_get(gaps, c->n, p, end);
	c->bitmap = false;
	c->expanded = c->ranked = true;
	if (!p || !add_up(c->docs, gaps, c->n, c->base) || !last_doc_fits(c, c->docs[c->n - 1]))
		return NULL;
	for (uint32_t i = c->n; i < POSTINGS_BLOCK; i++)
		c->docs[i] = DOC_END; /* so that searching needs no end */
	return p;
}

static void expand(struct postings *c)
{
	uint32_t *out = c->docs, *end = out + POSTINGS_BLOCK, doc = c->base;

	for (uint32_t i = 0; i < c->nwords; i++, doc += 64)
		for (uint64_t bits = c->words[i]; bits; bits &= bits - 1)
			*out++ = doc + (unsigned)__builtin_ctzll(bits);
	while (out < end)
		*out++ = DOC_END;
	c->expanded = true;
}

/* Make the block the decoded one, its docs as they are stored. */
static bool enter_block(struct postings *c, uint32_t block)
{
	struct bytes bytes = block_bytes(c, block);
	const uint8_t *p = bytes.p;

	if (!bytes.n)
		return corrupt(c);
	c->block = block;
	c->n = min32(POSTINGS_BLOCK, c->df - block * POSTINGS_BLOCK);
	c->at = 0;
	c->base = postings_block_base(c, block);
	c->freqs_decoded = c->headlines_decoded = false;
	c->end = p + bytes.n;
	c->flags = *p++;
	if (c->base >= c->seg->ndocs || c->flags & ~(BLOCK_HEADLINE | BLOCK_BITMAP))
		return corrupt(c);
	c->rest = c->flags & BLOCK_BITMAP ? get_bitmap(c, p, c->end) : get_gaps(c, p, c->end);
	if (!c->rest)
		return corrupt(c);
	c->occurrence = c->nblocks > 1 ? load_le32(skip_entry(c, block) + 8) : 0;
	return true;
}

bool postings_enter(struct postings *c, uint32_t block)
{
	return c->block == block || enter_block(c, block);
}

bool postings_load(struct postings *c, uint32_t block)
{
	if (!postings_enter(c, block))
		return false;
	if (!c->expanded)
		expand(c);
	return true;
}

#define CACHE_LINE  64u
#define FETCH_BYTES 192u /* of a block: most of one that is no bitmap */

void postings_fetch(const struct postings *c, uint32_t block)
{
	uint32_t from = block < c->nblocks && c->nblocks > 1 ? load_le32(skip_entry(c, block) + 4) : 0;

	for (uint32_t at = from; at < from + FETCH_BYTES && at < c->list.n; at += CACHE_LINE)
		__builtin_prefetch(c->list.p + at);
}

/* Loops over a block's postings know the length of a full block when they are compiled:
 * that is what lets the compiler use vectors. */
#define FOR_BLOCK(c, loop) ((c)->n == POSTINGS_BLOCK ? loop(c, POSTINGS_BLOCK) : loop(c, (c)->n))

static bool freqs_corrupt(struct postings *c)
{
	for (uint32_t i = 0; i < POSTINGS_BLOCK; i++) {
		c->freqs[i] = 1;
		c->headlines[i] = 0;
	}
	c->rc = ERR_CORRUPT;
	return false;
}

/* Frequencies are stored less one. False if one does not fit. */
static inline __attribute__((always_inline)) bool add_ones(struct postings *c, uint32_t n)
{
	uint32_t wrong = 0;

	for (uint32_t i = 0; i < n; i++) {
		c->freqs[i] += 1;
		wrong |= c->freqs[i] == 0;
	}
	return !wrong;
}

/* As they are stored. */
static bool get_freqs(struct postings *c)
{
	c->freqs_decoded = true;
	c->rest = packed_get(c->freqs, c->n, c->rest, c->end);
	return c->rest && (c->flags & BLOCK_HEADLINE || c->rest == c->end);
}

bool postings_load_freqs(struct postings *c)
{
	if (c->freqs_decoded)
		return c->rc == 0;
	return (get_freqs(c) && FOR_BLOCK(c, add_ones)) || freqs_corrupt(c);
}

/* Occurrences up to each posting into starts[1] and on, one by one. False if a frequency is none or less than what
 * its headline occurrences make. */
static bool add_up_occurrences(struct postings *c)
{
	uint32_t weight = c->seg->headline_weight, sum = 0;

	for (uint32_t i = 0; i < c->n; i++) {
		if (!c->freqs[i] || (uint64_t)weight * c->headlines[i] > c->freqs[i])
			return false;
		sum += c->freqs[i] - weight * c->headlines[i] + c->headlines[i];
		c->starts[i + 1] = sum;
	}
	return true;
}

/* The same; frequencies that were not decoded before are still one less than they should be. */
static bool get_starts(struct postings *c, bool less)
{
	uint32_t weight = c->seg->headline_weight, any, rest;

	if (!(c->flags & BLOCK_HEADLINE))
		memset(c->headlines, 0, sizeof c->headlines);
	else if (packed_get(c->headlines, c->n, c->rest, c->end) != c->end)
		return false;
	if (c->n == POSTINGS_BLOCK) {
		rest = rows_add_up_but(c->starts + 1, c->freqs, less, c->headlines, weight, &any);
		if (rest >> 31 == 0 && any <= INT32_MAX / weight)
			return true; /* numbers that need no closer look */
	} else if (less && !FOR_BLOCK(c, add_ones)) {
		return false;
	}
	return add_up_occurrences(c);
}

/* Headline counts, and from them where each posting's occurrences begin. */
void postings_load_starts(struct postings *c)
{
	bool less = !c->freqs_decoded, ok;

	if (c->headlines_decoded)
		return;
	c->headlines_decoded = true;
	ok = less ? get_freqs(c) : c->rc == 0;
	c->starts[0] = 0;
	if (!ok || !get_starts(c, less)) {
		freqs_corrupt(c);
		add_up_occurrences(c);
	}
	for (uint32_t i = c->n; i <= POSTINGS_BLOCK; i++)
		c->starts[i + 1] = c->starts[c->n];
}

/* ---- moving ---- */

static uint32_t stand_on(struct postings *c, uint32_t place)
{
	c->at = place;
	c->ranked = true;
	return c->doc = c->docs[place];
}

uint32_t postings_first(struct postings *c)
{
	c->begun = true;
	if (!c->nblocks || !postings_load(c, 0))
		return park(c);
	return stand_on(c, 0);
}

/* The place of the doc at a set bit. */
static inline uint32_t rank_of(const struct postings *c, uint32_t bit)
{
	return c->ranks[bit / 64] + bit_count(c->words[bit / 64] & ((UINT64_C(1) << bit % 64) - 1));
}

/* Where the current doc stands in its block. */
static uint32_t place(struct postings *c)
{
	if (!c->ranked)
		c->at = rank_of(c, c->doc - c->base);
	c->ranked = true;
	return c->at;
}

uint32_t postings_next(struct postings *c)
{
	if (c->doc == DOC_END)
		return park(c);
	if (place(c) + 1 < c->n)
		return postings_load(c, c->block) ? stand_on(c, c->at + 1) : park(c);
	if (c->block + 1 >= c->nblocks || !postings_load(c, c->block + 1))
		return park(c);
	return stand_on(c, 0);
}

/* Where the block would be if docs were spread evenly. */
static uint32_t guess_block(const struct postings *c, uint32_t from, uint32_t target)
{
	uint32_t docs = target - load_le32(skip_entry(c, from));
	uint64_t guess = from + 1 + ((uint64_t)docs * c->density >> 32);

	return guess < c->nblocks ? (uint32_t)guess : c->nblocks - 1;
}

uint32_t postings_find_block(const struct postings *c, uint32_t block, uint32_t target)
{
	uint32_t low, high, step = 1;

	if (c->nblocks == 1 || block >= c->nblocks || load_le32(skip_entry(c, block)) >= target)
		return block;
	low = block + 1;
	high = guess_block(c, block, target);
	if (low > high)
		return low;
	if (load_le32(skip_entry(c, high)) >= target) {
		for (; high - low >= step && load_le32(skip_entry(c, high - step)) >= target; step *= 2)
			high -= step;
		low = high - low >= step ? high - step + 1 : low;
	} else {
		for (low = ++high; high < c->nblocks && load_le32(skip_entry(c, high)) < target; step *= 2) {
			low = high + 1;
			high += step;
		}
		high = high < c->nblocks ? high : c->nblocks;
	}
	while (low < high) {
		uint32_t middle = low + (high - low) / 2;

		if (load_le32(skip_entry(c, middle)) < target)
			low = middle + 1;
		else
			high = middle;
	}
	return low;
}

uint32_t postings_search(const uint32_t docs[POSTINGS_BLOCK], uint32_t target)
{
	uint32_t low = 0;

	for (uint32_t half = POSTINGS_BLOCK / 2; half; half /= 2)
		low += docs[low + half - 1] < target ? half : 0;
	return low;
}

/* Stand on the first doc >= target of a bitmap that has one. */
static uint32_t seek_bitmap(struct postings *c, uint32_t target)
{
	uint32_t bit = target > c->base ? target - c->base : 0, word = bit / 64;
	uint64_t bits = c->words[word] & ~UINT64_C(0) << bit % 64;

	while (!bits)
		bits = c->words[++word];
	c->ranked = false;
	return c->doc = c->base + word * 64 + (unsigned)__builtin_ctzll(bits);
}

/* The last doc of the decoded block. */
static uint32_t decoded_last(const struct postings *c)
{
	if (!c->bitmap)
		return c->docs[c->n - 1];
	return c->base + (c->nwords - 1) * 64 + 63 - (unsigned)__builtin_clzll(c->words[c->nwords - 1]);
}

uint32_t postings_seek(struct postings *c, uint32_t target)
{
	if (c->begun && c->doc >= target)
		return c->doc;
	if (c->begun && c->block < c->nblocks && !c->bitmap && c->ranked && c->at + 1 < c->n &&
	    c->docs[c->at + 1] >= target)
		return stand_on(c, c->at + 1);
	c->begun = true;
	if (c->block >= c->nblocks || decoded_last(c) < target) {
		uint32_t block = c->block < c->nblocks ? c->block + 1 : 0;

		if (block < c->nblocks)
			block = postings_find_block(c, block, target);
		if (block >= c->nblocks || !enter_block(c, block) || decoded_last(c) < target)
			return park(c);
	}
	if (c->bitmap)
		return seek_bitmap(c, target);
	return stand_on(c, postings_search(c->docs, target));
}

uint32_t postings_place(const struct postings *c, uint32_t doc)
{
	uint32_t at = doc - c->base;

	if (!c->bitmap) {
		at = postings_search(c->docs, doc);
		return c->docs[at] == doc ? at : POSTINGS_BLOCK;
	}
	if (doc < c->base || at / 64 >= c->nwords || !(c->words[at / 64] >> at % 64 & 1))
		return POSTINGS_BLOCK;
	return rank_of(c, at);
}

uint32_t postings_find(struct postings *c, uint32_t doc)
{
	if (c->block >= c->nblocks || decoded_last(c) < doc) {
		uint32_t block = c->block < c->nblocks ? c->block + 1 : c->begun ? c->nblocks : 0;

		if (block < c->nblocks)
			block = postings_find_block(c, block, doc);
		c->begun = true;
		if (block >= c->nblocks || !enter_block(c, block)) {
			park(c);
			return POSTINGS_BLOCK;
		}
		if (decoded_last(c) < doc) /* a list of one block has no table that would have told */
			return POSTINGS_BLOCK;
	}
	return postings_place(c, doc);
}

uint32_t postings_find_all(struct postings *c, const uint32_t *docs, uint32_t n,
			   uint8_t places[POSTINGS_BLOCK])
{
	uint32_t last, i = 1;

	places[0] = (uint8_t)postings_find(c, docs[0]);
	if (c->block >= c->nblocks) {
		memset(places, POSTINGS_BLOCK, n);
		return n;
	}
	last = decoded_last(c);
	if (docs[0] < c->base) /* a skip table that lies */
		return 1;
	if (c->bitmap) {
		for (; i < n && docs[i] <= last; i++) { /* without a branch that could be guessed wrong */
			uint32_t at = docs[i] - c->base, rank = rank_of(c, at);

			places[i] =
				c->words[at / 64] >> at % 64 & 1 ? (uint8_t)rank : (uint8_t)POSTINGS_BLOCK;
		}
		return i;
	}
	for (; i < n && docs[i] <= last; i++) {
		uint32_t at = postings_search(c->docs, docs[i]);

		places[i] = c->docs[at] == docs[i] ? (uint8_t)at : (uint8_t)POSTINGS_BLOCK;
	}
	return i;
}

/* ---- the current posting ---- */

uint32_t postings_freq(struct postings *c)
{
	postings_load_freqs(c);
	return c->freqs[place(c)];
}

uint32_t postings_headline(struct postings *c)
{
	postings_load_starts(c);
	return c->headlines[place(c)];
}

uint32_t postings_count(struct postings *c)
{
	uint64_t first;

	return postings_occurrences_at(c, place(c), &first);
}

uint64_t postings_occurrence(struct postings *c)
{
	uint64_t first;

	postings_occurrences_at(c, place(c), &first);
	return first;
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

/* ---- bounds ---- */

static uint32_t run_entry(const struct postings *c, uint32_t run)
{
	return load_le32(skip_entry(c, c->nblocks) + (size_t)run * RUN_ENTRY);
}

static int get_impacts(struct postings *c, uint32_t from, uint32_t to, struct impacts *set)
{
	if (from >= to || to > c->list.n || segment_touch(c->seg, c->list.p + from, to - from) < 0 ||
	    impacts_get(set, c->list.p + from, c->list.p + to) != c->list.p + to)
		return c->rc = ERR_CORRUPT;
	return 0;
}

static int gather_impacts(struct postings *c, struct impacts *set)
{
	const uint8_t *lengths;

	if (!postings_load(c, 0) || !postings_load_freqs(c))
		return c->rc;
	lengths = segment_length_codes(c->seg, c->docs[0], c->docs[c->n - 1]);
	for (uint32_t i = 0; i < c->n; i++)
		impacts_add(set, c->freqs[i], lengths[c->docs[i]]);
	return 0;
}

int postings_impacts(struct postings *c, uint32_t block, struct impacts *set)
{
	set->n = 0;
	if (c->nblocks == 1)
		return gather_impacts(c, set);
	return get_impacts(
		c, load_le32(skip_entry(c, block) + 12),
		block + 1 < c->nblocks ? load_le32(skip_entry(c, block + 1) + 12) : run_entry(c, 0), set);
}

int postings_run_impacts(struct postings *c, uint32_t run, struct impacts *set)
{
	set->n = 0;
	if (c->nblocks == 1)
		return gather_impacts(c, set);
	return get_impacts(
		c, run_entry(c, run),
		run + 1 < postings_runs(c) ? run_entry(c, run + 1) : load_le32(skip_entry(c, 0) + 4), set);
}

bool postings_top(struct postings *c, uint32_t k, struct impact *pair)
{
	for (unsigned i = 0; i < TOPS && c->nblocks > 1; i++) {
		const uint8_t *entry =
			skip_entry(c, c->nblocks) + (size_t)postings_runs(c) * RUN_ENTRY + i * TOP_ENTRY;

		if (top_k[i] < k || !load_le32(entry))
			continue;
		*pair = (struct impact){ load_le32(entry), entry[4] };
		return true;
	}
	return false;
}
