/* A list is written block by block, whoever writes it: its tables, which stand in front
 * but are known last, are gathered beside the blocks. */
#include "segment/lengths.h"
#include "segment/postings.h"

static const uint32_t top_k[TOPS] = { TOP_KS };

/* ---- a block ---- */

static void put_bitmap(struct buf *out, const uint32_t *docs, uint32_t n, uint32_t base)
{
	size_t bytes = (docs[n - 1] - base) / 8 + 1;
	uint8_t *bits;

	buf_add_varint(out, bytes);
	buf_add_zeros(out, bytes);
	bits = out->p + out->n - bytes;
	for (uint32_t i = 0; i < n; i++)
		bits[(docs[i] - base) / 8] |= (uint8_t)(1u << (docs[i] - base) % 8);
}

/* A bitmap is looked at in place and the docs of gaps must be added up, so it may be
 * larger: this many bytes for each of theirs. Size and speed: docs/DECISIONS.md. */
#define BITMAP_WORTH 1.5

/* Append the docs as gaps or as a bitmap; returns BLOCK_BITMAP or 0. */
static unsigned put_docs(struct buf *out, const uint32_t *docs, uint32_t n, uint32_t base)
{
	uint32_t values[POSTINGS_BLOCK];
	uint32_t bytes = (docs[n - 1] - base) / 8 + 1;
	size_t start = out->n;

	values[0] = docs[0] - base;
	for (uint32_t i = 1; i < n; i++)
		values[i] = docs[i] - docs[i - 1] - 1;
	packed_put(out, values, n);
	if (bytes > BITMAP_MAX || bytes + 1 >= (double)(out->n - start) * BITMAP_WORTH)
		return 0;
	out->n = start;
	put_bitmap(out, docs, n, base);
	return BLOCK_BITMAP;
}

/* block := flags docs freqs [headlines]; docs count from `base`. */
static void put_block(struct buf *out, const struct postings_columns *c, uint32_t n, uint32_t base)
{
	uint32_t less[POSTINGS_BLOCK];
	uint32_t any = 0;
	size_t flags = out->n;

	for (uint32_t i = 0; i < n; i++) {
		less[i] = c->freqs[i] - 1;
		any |= c->headlines[i];
	}
	buf_add_byte(out, any ? BLOCK_HEADLINE : 0);
	out->p[flags] |= (uint8_t)put_docs(out, c->docs, n, base);
	packed_put(out, less, n);
	if (any)
		packed_put(out, c->headlines, n);
}

/* ---- bounds ---- */

/* What the tables say of a block: its impacts, and its postings for the tops. */
static void gather_bounds(struct postings_writer *w, const struct postings_columns *c, uint32_t n)
{
	struct impacts set = { .n = 0 };

	for (uint32_t i = 0; i < n; i++) {
		uint32_t freq = c->freqs[i];
		uint8_t length = w->context.lengths[c->docs[i]];

		impacts_add(&set, freq, length);
		w->tops[freq < TOP_FREQS ? freq : TOP_FREQS][length]++;
		w->longest = length > w->longest ? length : w->longest;
	}
	impacts_put(&w->impacts, &set);
	if (set.v[0].length < w->shortest)
		w->shortest = set.v[0].length;
	if (set.v[set.n - 1].freq > w->most)
		w->most = set.v[set.n - 1].freq;
	for (uint32_t i = 0; i < set.n; i++)
		impacts_add(&w->run, set.v[i].freq, set.v[i].length);
}

static void end_run(struct postings_writer *w)
{
	buf_add_le32(&w->runs, (uint32_t)w->run_impacts.n);
	impacts_put(&w->run_impacts, &w->run);
	w->run.n = 0;
}

/* The part of BM25 that a term's weight multiplies, for the usual parameters. It only
 * chooses among true pairs, so its last bit does not matter. */
static double usual_score(const struct postings_writer *w, uint32_t freq, unsigned length)
{
	double norm = 0.3 + 0.9 * length_of_code((uint8_t)length) / w->context.average;

	return freq / (freq + norm);
}

/* For each k the pair of the best score among those that at least k docs are as good as:
 * for every frequency, falling, the shortest length that k docs do not exceed. */
static void put_tops(const struct postings_writer *w, uint8_t *tops)
{
	uint32_t up_to[256] = { 0 };
	double best[TOPS] = { 0 };

	for (uint32_t freq = w->most < TOP_FREQS ? w->most : TOP_FREQS; freq > 0; freq--) {
		uint64_t sum = 0;
		unsigned k = 0;

		for (unsigned length = w->shortest; length <= w->longest; length++) {
			up_to[length] += w->tops[freq][length];
			for (sum += up_to[length]; k < TOPS && sum >= top_k[k]; k++) {
				if (usual_score(w, freq, length) <= best[k])
					continue;
				best[k] = usual_score(w, freq, length);
				store_le32(tops + k * TOP_ENTRY, freq);
				tops[k * TOP_ENTRY + 4] = (uint8_t)length;
			}
		}
	}
}

/* ---- a list ---- */

void postings_writer_release(struct postings_writer *w)
{
	buf_release(&w->skips);
	buf_release(&w->runs);
	buf_release(&w->impacts);
	buf_release(&w->run_impacts);
	buf_release(&w->blocks);
}

void postings_begin(struct postings_writer *w, uint32_t df, const struct postings_context *context)
{
	w->context = *context;
	w->single = df <= POSTINGS_BLOCK;
	w->nblocks = w->next = 0;
	w->occurrences = 0;
	w->run.n = 0;
	buf_reset(&w->skips);
	buf_reset(&w->runs);
	buf_reset(&w->impacts);
	buf_reset(&w->run_impacts);
	buf_reset(&w->blocks);
	memset(w->tops, 0, (size_t)((w->most < TOP_FREQS ? w->most : TOP_FREQS) + 1) * sizeof *w->tops);
	w->shortest = 255;
	w->longest = 0;
	w->most = 0;
}

void postings_add(struct postings_writer *w, const struct postings_columns *c, uint32_t n)
{
	if (!w->single) {
		buf_add_le32(&w->skips, c->docs[n - 1]);
		buf_add_le32(&w->skips, (uint32_t)w->blocks.n);
		buf_add_le32(&w->skips, (uint32_t)w->occurrences);
		buf_add_le32(&w->skips, (uint32_t)w->impacts.n);
		gather_bounds(w, c, n);
		if (++w->nblocks % POSTINGS_RUN == 0)
			end_run(w);
		for (uint32_t i = 0; i < n; i++)
			w->occurrences += c->freqs[i] - (w->context.headline_weight - 1) * c->headlines[i];
	}
	put_block(&w->blocks, c, n, w->next);
	w->next = c->docs[n - 1] + 1;
}

static void add_to(uint8_t *number, size_t more)
{
	store_le32(number, load_le32(number) + (uint32_t)more);
}

/* Offsets were counted from where each part begins; now that is known. */
static void settle_offsets(struct postings_writer *w, size_t impacts, size_t run_impacts, size_t blocks)
{
	for (size_t at = 0; at < w->skips.n; at += SKIP_ENTRY) {
		add_to(w->skips.p + at + 4, blocks);
		add_to(w->skips.p + at + 12, impacts);
	}
	for (size_t at = 0; at < w->runs.n; at += RUN_ENTRY)
		add_to(w->runs.p + at, run_impacts);
}

bool postings_end(struct postings_writer *w, struct buf *out)
{
	uint8_t tops[TOPS * TOP_ENTRY] = { 0 };
	size_t impacts, run_impacts, blocks;

	if (w->nblocks % POSTINGS_RUN)
		end_run(w);
	impacts = w->skips.n + w->runs.n + (w->single ? 0 : sizeof tops);
	run_impacts = impacts + w->impacts.n;
	blocks = run_impacts + w->run_impacts.n;
	if (blocks + w->blocks.n > UINT32_MAX)
		return false;
	settle_offsets(w, impacts, run_impacts, blocks);
	buf_add_bytes(out, buf_bytes(&w->skips));
	buf_add_bytes(out, buf_bytes(&w->runs));
	if (!w->single) {
		put_tops(w, tops);
		buf_add(out, tops, sizeof tops);
	}
	buf_add_bytes(out, buf_bytes(&w->impacts));
	buf_add_bytes(out, buf_bytes(&w->run_impacts));
	buf_add_bytes(out, buf_bytes(&w->blocks));
	return true;
}

void postings_put(struct postings_writer *w, struct buf *out, const struct posting *list, uint32_t df,
		  const struct postings_context *context)
{
	uint32_t docs[POSTINGS_BLOCK], freqs[POSTINGS_BLOCK], headlines[POSTINGS_BLOCK];
	const struct postings_columns columns = { docs, freqs, headlines };

	if (df > POSTINGS_BLOCK)
		postings_begin(w, df, context);
	for (uint32_t at = 0, n; at < df; at += n) {
		for (n = 0; n < POSTINGS_BLOCK && at + n < df; n++) {
			docs[n] = list[at + n].doc;
			freqs[n] = list[at + n].freq;
			headlines[n] = list[at + n].headline;
		}
		if (df > POSTINGS_BLOCK)
			postings_add(w, &columns, n);
		else
			put_block(out, &columns, n, 0);
	}
	if (df > POSTINGS_BLOCK)
		postings_end(w, out);
}
