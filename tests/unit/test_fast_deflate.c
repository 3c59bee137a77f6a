/* tests/unit/test_fast_deflate.c - what the fast deflater writes, zlib reads: short and long
 * texts, with and without a dictionary, easy ones and such as cannot be deflated. */
#include "archive/fast_deflate.h"
#include "archive/huffman.h"
#include "generate/rng.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <stdlib.h>
#include <zlib.h>

/* zlib's answer to a stream: the text, or a failed test. */
static void check_inflates(struct bytes stream, struct bytes dictionary, struct bytes text)
{
	uint8_t *out = malloc(text.n + 1);
	z_stream z = { .next_in = (Bytef *)(uintptr_t)stream.p, .avail_in = (uInt)stream.n };

	assert_non_null(out);
	assert_int_equal(inflateInit2(&z, -MAX_WBITS), Z_OK);
	if (dictionary.n)
		assert_int_equal(inflateSetDictionary(&z, dictionary.p, (uInt)dictionary.n), Z_OK);
	z.next_out = out;
	z.avail_out = (uInt)text.n + 1;
	assert_int_equal(inflate(&z, Z_FINISH), Z_STREAM_END);
	assert_int_equal(z.avail_in, 0);
	assert_int_equal(z.avail_out, 1);
	assert_memory_equal(out, text.n ? text.p : out, text.n);
	inflateEnd(&z);
	free(out);
}

/* Deflate with this deflater after whatever it deflated before; the size. */
static size_t check(struct fast_deflater *d, struct bytes dictionary, struct bytes text)
{
	struct buf out = BUF_INIT;
	size_t size;

	buf_add_str(&out, "kept");
	fast_deflate(d, text, &out);
	assert_memory_equal(out.p, "kept", 4);
	size = out.n - 4;
	check_inflates(bytes_of(out.p + 4, size), dictionary, text);
	buf_release(&out);
	return size;
}

static size_t check_alone(struct bytes dictionary, struct bytes text)
{
	struct fast_deflater *d = fast_deflater_new(dictionary);
	size_t size = check(d, dictionary, text);

	fast_deflater_free(d);
	return size;
}

/* n bytes of an alphabet of so many letters, the first ones more often; now and then a stretch
 * from before is repeated. */
static void add_text(struct rng *r, struct buf *out, size_t n, uint32_t letters, bool repeats)
{
	size_t end = out->n + n;

	while (out->n < end) {
		size_t length = 1 + rng_below(r, 300), from;

		if (repeats && out->n > 1 && rng_one_in(r, 20)) {
			from = rng_below(r, (uint32_t)out->n);
			for (size_t i = 0; i < length && out->n < end; i++)
				buf_add_byte(out, out->p[from + i]);
		} else {
			buf_add_byte(out, (uint8_t)('!' + rng_below(r, 1 + rng_below(r, letters))));
		}
	}
}

static void any_length_with_and_without_a_dictionary(void **state)
{
	struct buf dictionary = BUF_INIT, text = BUF_INIT;
	struct fast_deflater *with, *without;
	struct rng r;

	(void)state;
	rng_init(&r, 1);
	add_text(&r, &dictionary, 5000, 40, true);
	with = fast_deflater_new(buf_bytes(&dictionary));
	without = fast_deflater_new(BYTES_NONE);
	for (size_t n = 0; n < 700; n += 1 + n / 40) {
		buf_reset(&text);
		add_text(&r, &text, n, 40, true);
		check(with, buf_bytes(&dictionary), buf_bytes(&text));
		check(without, BYTES_NONE, buf_bytes(&text));
	}
	fast_deflater_free(with);
	fast_deflater_free(without);
	buf_release(&dictionary);
	buf_release(&text);
}

/* Farther than the window reaches, more symbols than a block has, and back to short ones. */
static void long_texts(void **state)
{
	static const struct {
		size_t n;
		uint32_t letters;
		bool repeats;
	} texts[] = { { 32506, 90, true },   { 32768, 90, true },   { 40000, 20, true },  { 100, 20, false },
		      { 200000, 90, false }, { 300000, 223, true }, { 300000, 2, false }, { 65536, 1, false },
		      { 65535, 90, true },   { 3, 3, false },       { 2000000, 60, true } };
	struct buf dictionary = BUF_INIT, text = BUF_INIT;
	struct fast_deflater *d;
	struct rng r;

	(void)state;
	rng_init(&r, 2);
	add_text(&r, &dictionary, 32506, 90, true);
	d = fast_deflater_new(buf_bytes(&dictionary));
	for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
		buf_reset(&text);
		if (i % 2)
			buf_add_bytes(&text, buf_bytes(&dictionary)); /* matches as far back as there are */
		add_text(&r, &text, texts[i].n, texts[i].letters, texts[i].repeats);
		check(d, buf_bytes(&dictionary), buf_bytes(&text));
	}
	fast_deflater_free(d);
	buf_release(&dictionary);
	buf_release(&text);
}

static void what_cannot_be_deflated_hardly_grows(void **state)
{
	static const size_t sizes[] = { 1, 2, 100, 65535, 65536, 200000 };
	struct buf text = BUF_INIT;
	struct rng r;

	(void)state;
	rng_init(&r, 3);
	for (size_t i = 0; i < sizeof sizes / sizeof *sizes; i++) {
		buf_reset(&text);
		while (text.n < sizes[i])
			buf_add_byte(&text, (uint8_t)rng_below(&r, 256));
		assert_true(check_alone(BYTES_NONE, buf_bytes(&text)) <= text.n + text.n / 2000 + 6);
	}
	buf_release(&text);
}

static void runs_and_the_dictionary_itself_take_a_few_bytes(void **state)
{
	struct buf text = BUF_INIT, dictionary = BUF_INIT;
	struct rng r;

	(void)state;
	rng_init(&r, 4);
	buf_add_zeros(&text, 100000);
	assert_true(check_alone(BYTES_NONE, buf_bytes(&text)) < 200);
	add_text(&r, &dictionary, 20000, 90, false);
	assert_true(check_alone(buf_bytes(&dictionary), buf_bytes(&dictionary)) < 400);
	buf_release(&text);
	buf_release(&dictionary);
}

static void a_text_deflates_alike_whatever_came_before(void **state)
{
	struct buf text = BUF_INIT, one = BUF_INIT, two = BUF_INIT, long_text = BUF_INIT;
	struct fast_deflater *d = fast_deflater_new(bytes_str("the harbour board gives in"));
	struct rng r;

	(void)state;
	rng_init(&r, 5);
	add_text(&r, &text, 3000, 30, true);
	add_text(&r, &long_text, 80000, 30, true);
	fast_deflate(d, buf_bytes(&text), &one);
	fast_deflate(d, buf_bytes(&long_text), &two);
	buf_reset(&two);
	fast_deflate(d, buf_bytes(&text), &two);
	assert_true(bytes_equal(buf_bytes(&one), buf_bytes(&two)));
	fast_deflater_free(d);
	buf_release(&text);
	buf_release(&long_text);
	buf_release(&one);
	buf_release(&two);
}

/* ---- codes ---- */

/* The lengths make a complete code of at most `longest` bits; every symbol that occurs has one. */
static void check_lengths(const uint32_t *counts, unsigned n, unsigned longest)
{
	uint8_t lengths[HUFFMAN_SYMBOLS];
	uint32_t used = 0;

	huffman_lengths(counts, n, longest, lengths);
	for (unsigned i = 0; i < n; i++) {
		assert_true(lengths[i] <= longest);
		assert_true(lengths[i] || !counts[i]);
		used += lengths[i] ? 1u << (longest - lengths[i]) : 0;
		for (unsigned j = 0; j < i; j++)
			assert_true(!counts[i] || !counts[j] || counts[i] <= counts[j] ||
				    lengths[i] <= lengths[j]);
	}
	assert_int_equal(used, 1u << longest);
}

static void codes_are_complete_however_uneven_the_counts(void **state)
{
	uint32_t counts[HUFFMAN_SYMBOLS];
	struct rng r;

	(void)state;
	rng_init(&r, 6);
	for (unsigned seed = 0; seed < 60; seed++) {
		unsigned n = 2 + rng_below(&r, HUFFMAN_SYMBOLS - 2);

		for (unsigned i = 0; i < n; i++)
			counts[i] = rng_one_in(&r, 3) ? 0 : 1u << rng_below(&r, 16) >> rng_below(&r, 16);
		check_lengths(counts, n, 15);
	}
	for (unsigned i = 0; i < 19; i++) /* Fibonacci's numbers want the longest codes */
		counts[i] = i < 2 ? 1 : counts[i - 1] + counts[i - 2];
	check_lengths(counts, 19, 7);
	check_lengths(counts, 19, 15);
	memset(counts, 0, sizeof counts);
	check_lengths(counts, 30, 15);
	counts[0] = 5;
	check_lengths(counts, 30, 15);
	counts[0] = 0;
	counts[29] = 5;
	check_lengths(counts, 30, 15);
}

/* The example of RFC 1951, section 3.2.2: ABCDEFGH of these lengths. */
static void codes_are_those_of_the_standard(void **state)
{
	static const uint8_t lengths[8] = { 3, 3, 3, 3, 3, 2, 4, 4 };
	static const uint16_t turned[8] = { 2, 6, 1, 5, 3, 0, 7, 15 };
	uint16_t codes[8];

	(void)state;
	huffman_codes(lengths, 8, codes);
	assert_memory_equal(codes, turned, sizeof codes);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(any_length_with_and_without_a_dictionary),
		cmocka_unit_test(long_texts),
		cmocka_unit_test(what_cannot_be_deflated_hardly_grows),
		cmocka_unit_test(runs_and_the_dictionary_itself_take_a_few_bytes),
		cmocka_unit_test(a_text_deflates_alike_whatever_came_before),
		cmocka_unit_test(codes_are_complete_however_uneven_the_counts),
		cmocka_unit_test(codes_are_those_of_the_standard),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
