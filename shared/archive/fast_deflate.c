/* Why this is fast:
 * - nothing is primed for a text but a table of heads in proportion to it;
 * - matches begin with four equal bytes, found by one multiplication for both tables;
 * - they are compared eight bytes a step, in one window that holds dictionary and text;
 * - symbols are gathered for a whole block, so that codes fit it and are built once.
 * `make bench BENCH=indexing` shows what it takes of an import. */
#include "archive/fast_deflate.h"

#include "archive/huffman.h"
#include "base/mem.h"

#include <stdbool.h>
#include <stdlib.h>

#define WINDOW          32768u /* how far back deflate can refer */
#define MATCH_LEAST     4u
#define MATCH_MOST      258u
#define SPARE           16u               /* bytes after the text that may be read */
#define WINDOW_KEEPS    ((size_t)1 << 20) /* bytes of a window that are kept for the next text */
#define DICTIONARY_BITS 15u
#define TEXT_BITS_LEAST 8u
#define TEXT_BITS_MOST  15u

/* How hard to look: places of the dictionary that are tried; a match so long that none of them
 * is; and one so short that the next byte may begin a better one. docs/DECISIONS.md. */
#define DICTIONARY_CHAIN 12u
#define LONG_ENOUGH      24u
#define SHORT_MATCH      5u
#define TEXT_CHAIN       2u /* places of the text that are remembered for a hash */

/* A match of four bytes takes about 19 bits as letters: farther back than this it takes more. */
#define FOUR_NEAR 4096u

#define BLOCK_SYMBOLS 16384u /* of a block; counts stay below 2^16 */
#define LITERALS      288u   /* the last two only in the fixed codes */
#define DISTANCES     30u
#define END           256u /* the symbol after a block's last */
#define LENGTH_CODES  19u  /* that codes are described with */

struct fast_deflater {
	uint8_t *window; /* the dictionary, then the text */
	size_t cap, dictionary;
	uint16_t *dictionary_starts; /* hash -> where in .dictionary_places its places are */
	uint16_t *dictionary_places;
	uint32_t *heads;    /* hash -> the two newest places in the text, each plus 1 */
	unsigned text_bits; /* of a hash, for this text */
	uint32_t *symbols;  /* literal, or 1 << 31 | length - 3 << 16 | distance - 1 */
	unsigned nsymbols;
	uint32_t literal_counts[LITERALS], distance_counts[DISTANCES];
	uint8_t length_symbols[256];   /* length - 3 -> symbol - 257 */
	uint8_t distance_symbols[512]; /* distance - 1, or 256 + (distance - 1) / 128 -> symbol */
	/* of the block being written */
	uint8_t literal_lengths[LITERALS], distance_lengths[DISTANCES];
	uint16_t literal_codes[LITERALS], distance_codes[DISTANCES];
	/* bits on their way out */
	uint64_t bits;
	unsigned nbits;
	uint8_t *to;
};

static const uint16_t length_base[29] = { 3,  4,  5,  6,  7,  8,  9,  10, 11,  13,  15,  17,  19,  23, 27,
					  31, 35, 43, 51, 59, 67, 83, 99, 115, 131, 163, 195, 227, 258 };
static const uint8_t length_extra[29] = { 0, 0, 0, 0, 0, 0, 0, 0, 1, 1, 1, 1, 2, 2, 2,
					  2, 3, 3, 3, 3, 4, 4, 4, 4, 5, 5, 5, 5, 0 };
static const uint16_t distance_base[DISTANCES] = { 1,    2,    3,    4,     5,     7,    9,    13,
						   17,   25,   33,   49,    65,    97,   129,  193,
						   257,  385,  513,  769,   1025,  1537, 2049, 3073,
						   4097, 6145, 8193, 12289, 16385, 24577 };
static const uint8_t distance_extra[DISTANCES] = { 0, 0, 0, 0, 1, 1, 2, 2,  3,  3,  4,  4,  5,  5,  6,
						   6, 7, 7, 8, 8, 9, 9, 10, 10, 11, 11, 12, 12, 13, 13 };

/* ---- matches ---- */

static uint32_t hash(const uint8_t *p)
{
	return load_le32(p) * UINT32_C(0x9E3779B1);
}

/* The places of each hash in the dictionary, newest first, one hash after the other. */
static void hash_dictionary(struct fast_deflater *d)
{
	size_t n = d->dictionary < MATCH_LEAST ? 0 : d->dictionary - MATCH_LEAST + 1;
	uint16_t *starts = d->dictionary_starts;

	for (size_t at = 0; at < n; at++)
		starts[hash(d->window + at) >> (32 - DICTIONARY_BITS)]++;
	for (size_t i = 1; i <= (size_t)1 << DICTIONARY_BITS; i++)
		starts[i] = (uint16_t)(starts[i] + starts[i - 1]); /* now the end of each */
	for (size_t at = 0; at < n; at++)
		d->dictionary_places[--starts[hash(d->window + at) >> (32 - DICTIONARY_BITS)]] = (uint16_t)at;
}

static void fill_symbols(struct fast_deflater *d)
{
	for (unsigned symbol = 0; symbol < 29; symbol++)
		for (unsigned i = 0; i < 1u << length_extra[symbol]; i++)
			if (length_base[symbol] + i <= MATCH_MOST)
				d->length_symbols[length_base[symbol] + i - 3] = (uint8_t)symbol;
	for (unsigned symbol = 0; symbol < DISTANCES; symbol++)
		for (unsigned i = 0; i < 1u << distance_extra[symbol]; i++) {
			unsigned less = distance_base[symbol] + i - 1;

			d->distance_symbols[less < 256 ? less : 256 + (less >> 7)] = (uint8_t)symbol;
		}
}

static unsigned distance_symbol(const struct fast_deflater *d, unsigned less)
{
	return d->distance_symbols[less < 256 ? less : 256 + (less >> 7)];
}

/* Equal bytes at a and b, `most` at most; both may be read SPARE bytes beyond. */
static inline unsigned equal_bytes(const uint8_t *a, const uint8_t *b, unsigned most)
{
	unsigned n = 0;

	while (n < most) {
		uint64_t differ = load_le64(a + n) ^ load_le64(b + n);

		if (differ) {
			n += (unsigned)__builtin_ctzll(differ) / 8;
			return n < most ? n : most;
		}
		n += 8;
	}
	return most;
}

struct match {
	unsigned length, distance;
};

/* Take what matches at this distance for the best, if it is longer. */
static inline void try_match(const uint8_t *at, unsigned distance, unsigned most, struct match *best)
{
	const uint8_t *from = at - distance;
	unsigned length;

	if (best->length >= MATCH_LEAST &&
	    load_le32(from + best->length - 3) != load_le32(at + best->length - 3))
		return;
	length = equal_bytes(at, from, most);
	if (length > best->length &&
	    (length > MATCH_LEAST || (length == MATCH_LEAST && distance <= FOUR_NEAR)))
		*best = (struct match){ length, distance };
}

/* Remember that the bytes of this hash are at a place of the text too. */
static inline void add_place(struct fast_deflater *d, uint32_t h, size_t place)
{
	uint32_t *heads = &d->heads[(h >> (32 - d->text_bits)) * TEXT_CHAIN];

	heads[1] = heads[0];
	heads[0] = (uint32_t)place + 1;
}

/* The longest match at window + at, and remember the place. */
static inline void find_match(struct fast_deflater *d, size_t at, size_t end, struct match *best)
{
	const uint8_t *here = d->window + at;
	unsigned most = end - at < MATCH_MOST ? (unsigned)(end - at) : MATCH_MOST;
	uint32_t h = hash(here);
	const uint32_t *heads = &d->heads[(h >> (32 - d->text_bits)) * TEXT_CHAIN];
	const uint16_t *starts = &d->dictionary_starts[h >> (32 - DICTIONARY_BITS)];
	size_t place = at - d->dictionary + 1;
	unsigned from = starts[0], to = starts[1];

	for (unsigned i = 0; i < TEXT_CHAIN && heads[i] && place - heads[i] <= WINDOW; i++)
		try_match(here, (unsigned)(place - heads[i]), most, best);
	add_place(d, h, place - 1);
	if (place > WINDOW || best->length >= LONG_ENOUGH)
		return;
	to = to - from > DICTIONARY_CHAIN ? from + DICTIONARY_CHAIN : to;
	for (; from < to; from++) {
		size_t distance = at - d->dictionary_places[from];

		if (distance > WINDOW)
			break;
		try_match(here, (unsigned)distance, most, best);
	}
}

/* Remember the places inside a match. */
static inline void skip_places(struct fast_deflater *d, size_t from, size_t to, size_t end)
{
	to = to < end - MATCH_LEAST + 1 ? to : end - MATCH_LEAST + 1;
	for (size_t at = from; at < to; at++)
		add_place(d, hash(d->window + at), at - d->dictionary);
}

/* ---- bits ---- */

static inline void put_bits(struct fast_deflater *d, uint64_t value, unsigned n)
{
	d->bits |= value << d->nbits;
	d->nbits += n;
}

/* Write out whole bytes: afterwards 57 more bits can be put. */
static inline void flush_bits(struct fast_deflater *d)
{
	store_le64(d->to, d->bits);
	d->to += d->nbits / 8;
	d->bits >>= d->nbits & ~7u;
	d->nbits %= 8;
}

static void end_byte(struct fast_deflater *d)
{
	d->nbits = (d->nbits + 7) & ~7u;
	flush_bits(d);
}

/* ---- blocks ---- */

/* What describes the codes of a block: lengths of codes, runs of them as one symbol. */
struct description {
	uint8_t symbols[LITERALS + DISTANCES], extra[LITERALS + DISTANCES];
	unsigned n, literals, distances; /* symbols; codes of each kind */
	uint32_t counts[LENGTH_CODES];
	uint8_t lengths[LENGTH_CODES];
	uint16_t codes[LENGTH_CODES];
};

/* The order in which the lengths of their codes are written (RFC 1951, 3.2.7), and the bits
 * after the three symbols that are runs. */
static const uint8_t description_order[LENGTH_CODES] = { 16, 17, 18, 0, 8,  7, 9,  6, 10, 5,
							 11, 4,  12, 3, 13, 2, 14, 1, 15 };
static const uint8_t run_bits[3] = { 2, 3, 7 };

static void describe(struct description *s, unsigned symbol, unsigned extra)
{
	s->symbols[s->n] = (uint8_t)symbol;
	s->extra[s->n++] = (uint8_t)extra;
	s->counts[symbol]++;
}

/* A run of n equal lengths. */
static void describe_run(struct description *s, unsigned length, unsigned n)
{
	if (length) {
		describe(s, length, 0);
		n--;
	}
	while (n >= 3) {
		unsigned most = length ? 6 : n > 10 ? 138 : 10, now = n < most ? n : most;

		if (length)
			describe(s, 16, now - 3);
		else
			describe(s, now > 10 ? 18 : 17, now > 10 ? now - 11 : now - 3);
		n -= now;
	}
	while (n--)
		describe(s, length, 0);
}

static unsigned codes_used(const uint8_t *lengths, unsigned n, unsigned least)
{
	while (n > least && !lengths[n - 1])
		n--;
	return n;
}

static void describe_codes(const struct fast_deflater *d, struct description *s)
{
	uint8_t lengths[LITERALS + DISTANCES];
	unsigned n, end;

	*s = (struct description){ .n = 0 };
	s->literals = codes_used(d->literal_lengths, LITERALS, 257);
	s->distances = codes_used(d->distance_lengths, DISTANCES, 1);
	memcpy(lengths, d->literal_lengths, s->literals);
	memcpy(lengths + s->literals, d->distance_lengths, s->distances);
	n = s->literals + s->distances;
	for (unsigned at = 0; at < n; at = end) {
		for (end = at + 1; end < n && lengths[end] == lengths[at]; end++)
			;
		describe_run(s, lengths[at], end - at);
	}
	huffman_lengths(s->counts, LENGTH_CODES, 7, s->lengths);
	huffman_codes(s->lengths, LENGTH_CODES, s->codes);
}

static unsigned descriptions_sent(const struct description *s)
{
	unsigned n = LENGTH_CODES;

	while (n > 4 && !s->lengths[description_order[n - 1]])
		n--;
	return n;
}

/* Bits of a block with these lengths, without what is the same whatever the codes. */
static size_t symbol_bits(const struct fast_deflater *d, const uint8_t *literals, const uint8_t *distances)
{
	size_t bits = 0;

	for (unsigned i = 0; i < LITERALS; i++)
		bits += (size_t)d->literal_counts[i] * literals[i];
	for (unsigned i = 0; i < DISTANCES; i++)
		bits += (size_t)d->distance_counts[i] * distances[i];
	return bits;
}

static size_t extra_bits(const struct fast_deflater *d)
{
	size_t bits = 0;

	for (unsigned i = 0; i < 29; i++)
		bits += (size_t)d->literal_counts[257 + i] * length_extra[i];
	for (unsigned i = 0; i < DISTANCES; i++)
		bits += (size_t)d->distance_counts[i] * distance_extra[i];
	return bits;
}

static size_t description_bits(const struct description *s)
{
	size_t bits = 5 + 5 + 4 + 3 * descriptions_sent(s);

	for (unsigned i = 0; i < s->n; i++)
		bits += s->lengths[s->symbols[i]] + (s->symbols[i] >= 16 ? run_bits[s->symbols[i] - 16] : 0u);
	return bits;
}

static void put_description(struct fast_deflater *d, const struct description *s)
{
	unsigned sent = descriptions_sent(s);

	put_bits(d, s->literals - 257, 5);
	put_bits(d, s->distances - 1, 5);
	put_bits(d, sent - 4, 4);
	for (unsigned i = 0; i < sent; i++) {
		put_bits(d, s->lengths[description_order[i]], 3);
		flush_bits(d);
	}
	for (unsigned i = 0; i < s->n; i++) {
		put_bits(d, s->codes[s->symbols[i]], s->lengths[s->symbols[i]]);
		if (s->symbols[i] >= 16)
			put_bits(d, s->extra[i], run_bits[s->symbols[i] - 16]);
		flush_bits(d);
	}
}

static void put_symbols(struct fast_deflater *d)
{
	for (unsigned i = 0; i < d->nsymbols; i++) {
		uint32_t s = d->symbols[i];
		unsigned length, less, symbol;

		if (s < 256) {
			put_bits(d, d->literal_codes[s], d->literal_lengths[s]);
			flush_bits(d);
			continue;
		}
		length = s >> 16 & 0xFF;
		less = s & 0x7FFF;
		symbol = d->length_symbols[length];
		put_bits(d, d->literal_codes[257 + symbol], d->literal_lengths[257 + symbol]);
		put_bits(d, length + 3 - length_base[symbol], length_extra[symbol]);
		symbol = distance_symbol(d, less);
		put_bits(d, d->distance_codes[symbol], d->distance_lengths[symbol]);
		put_bits(d, less + 1 - distance_base[symbol], distance_extra[symbol]);
		flush_bits(d);
	}
	put_bits(d, d->literal_codes[END], d->literal_lengths[END]);
	flush_bits(d);
}

/* The codes that deflate knows without a description. */
static void fixed_lengths(uint8_t *literals, uint8_t *distances)
{
	memset(literals, 8, 144);
	memset(literals + 144, 9, 112);
	memset(literals + 256, 7, 24);
	memset(literals + 280, 8, 8);
	memset(distances, 5, DISTANCES);
}

static void put_stored(struct fast_deflater *d, const uint8_t *from, size_t n, bool last)
{
	do {
		unsigned now = n < 65535 ? (unsigned)n : 65535;

		put_bits(d, last && now == n, 3); /* of type 0 */
		end_byte(d);
		put_bits(d, now | (uint64_t)(now ^ 0xFFFF) << 16, 32);
		flush_bits(d);
		memcpy(d->to, from, now);
		d->to += now;
		from += now;
		n -= now;
	} while (n);
}

/* Write the symbols gathered, which stand for the n bytes at `from`, in the shortest way. */
static void end_block(struct fast_deflater *d, const uint8_t *from, size_t n, bool last)
{
	uint8_t literals[LITERALS], distances[DISTANCES];
	struct description description;
	size_t own, fixed, extra;

	d->literal_counts[END]++;
	huffman_lengths(d->literal_counts, LITERALS, HUFFMAN_LONGEST, d->literal_lengths);
	huffman_lengths(d->distance_counts, DISTANCES, HUFFMAN_LONGEST, d->distance_lengths);
	describe_codes(d, &description);
	fixed_lengths(literals, distances);
	extra = extra_bits(d);
	own = description_bits(&description) + symbol_bits(d, d->literal_lengths, d->distance_lengths) +
	      extra;
	fixed = symbol_bits(d, literals, distances) + extra;
	if (n * 8 + (n / 65535 + 1) * 40 < (own < fixed ? own : fixed)) {
		put_stored(d, from, n, last);
	} else {
		put_bits(d, last | (fixed <= own ? 1u : 2u) << 1, 3);
		if (fixed <= own) {
			memcpy(d->literal_lengths, literals, sizeof literals);
			memcpy(d->distance_lengths, distances, sizeof distances);
		} else {
			put_description(d, &description);
		}
		huffman_codes(d->literal_lengths, LITERALS, d->literal_codes);
		huffman_codes(d->distance_lengths, DISTANCES, d->distance_codes);
		put_symbols(d);
	}
	d->nsymbols = 0;
	memset(d->literal_counts, 0, sizeof d->literal_counts);
	memset(d->distance_counts, 0, sizeof d->distance_counts);
}

/* ---- a text ---- */

static inline void add_literal(struct fast_deflater *d, uint8_t byte)
{
	d->symbols[d->nsymbols++] = byte;
	d->literal_counts[byte]++;
}

static inline void add_match(struct fast_deflater *d, const struct match *m)
{
	d->symbols[d->nsymbols++] = UINT32_C(1) << 31 | (m->length - 3) << 16 | (m->distance - 1);
	d->literal_counts[257 + d->length_symbols[m->length - 3]]++;
	d->distance_counts[distance_symbol(d, m->distance - 1)]++;
}

/* The match at window + at, or a longer one that begins a byte later; bytes to give out before it. */
static inline unsigned best_match(struct fast_deflater *d, size_t at, size_t end, struct match *found)
{
	struct match next;

	*found = (struct match){ 0, 0 };
	if (end - at >= MATCH_LEAST)
		find_match(d, at, end, found);
	if (!found->length || found->length > SHORT_MATCH || end - at <= MATCH_LEAST)
		return 0;
	next = (struct match){ found->length, 0 };
	find_match(d, at + 1, end, &next);
	if (next.length == found->length)
		return 0;
	*found = next;
	return 1;
}

/* Cut window[start, end) into symbols, block by block. */
static void deflate_window(struct fast_deflater *d, size_t start, size_t end)
{
	size_t at = start, block = start;

	while (at < end) {
		struct match found;
		unsigned before;

		if (d->nsymbols + 1 >= BLOCK_SYMBOLS) {
			end_block(d, d->window + block, at - block, false);
			block = at;
		}
		before = best_match(d, at, end, &found);
		if (before || !found.length)
			add_literal(d, d->window[at++]);
		if (found.length) {
			add_match(d, &found);
			/* the first place is known, and the second where it was looked at */
			skip_places(d, at + 1 + (!before && found.length <= SHORT_MATCH), at + found.length,
				    end);
			at += found.length;
		}
	}
	end_block(d, d->window + block, end - block, true);
}

struct fast_deflater *fast_deflater_new(struct bytes dictionary)
{
	struct fast_deflater *d = mem_zalloc(1, sizeof *d);

	d->dictionary = dictionary.n;
	d->cap = dictionary.n + SPARE;
	d->window = mem_zalloc(1, d->cap);
	if (dictionary.n)
		memcpy(d->window, dictionary.p, dictionary.n);
	d->dictionary_starts = mem_zalloc(((size_t)1 << DICTIONARY_BITS) + 1, sizeof *d->dictionary_starts);
	d->dictionary_places = mem_zalloc(dictionary.n + 1, sizeof *d->dictionary_places);
	d->heads = mem_zalloc((size_t)TEXT_CHAIN << TEXT_BITS_MOST, sizeof *d->heads);
	d->symbols = mem_zalloc(BLOCK_SYMBOLS, sizeof *d->symbols);
	fill_symbols(d);
	hash_dictionary(d);
	return d;
}

void fast_deflater_free(struct fast_deflater *d)
{
	if (!d)
		return;
	free(d->window);
	free(d->dictionary_starts);
	free(d->dictionary_places);
	free(d->heads);
	free(d->symbols);
	free(d);
}

/* Copy the text behind the dictionary, and have a table of heads that fits it. */
static void take_text(struct fast_deflater *d, struct bytes text)
{
	size_t size = d->dictionary + text.n + SPARE;

	if (size > d->cap || d->cap > size + WINDOW_KEEPS) {
		d->cap = size + size / 4;
		d->window = mem_realloc(d->window, d->cap);
	}
	if (text.n)
		memcpy(d->window + d->dictionary, text.p, text.n);
	memset(d->window + d->dictionary + text.n, 0, SPARE);
	d->text_bits = TEXT_BITS_LEAST;
	while (d->text_bits < TEXT_BITS_MOST && text.n >> d->text_bits)
		d->text_bits++;
	memset(d->heads, 0, TEXT_CHAIN * sizeof *d->heads << d->text_bits);
}

void fast_deflate(struct fast_deflater *d, struct bytes text, struct buf *out)
{
	/* Stored blocks bound it: five bytes each, one for 65535 bytes and one for a block's symbols. */
	size_t most = text.n + text.n / 1024 + 64;

	take_text(d, text);
	d->to = buf_reserve(out, most);
	deflate_window(d, d->dictionary, d->dictionary + text.n);
	end_byte(d);
	out->n = (size_t)(d->to - out->p);
	*d->to = 0;
}
