/* tests/unit/test_texts.c - article texts come back as they went in, or not at all. */
#include "archive/texts.h"
#include "lib/any_dictionary.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <stdlib.h>
#include <zstd.h>

static const char dictionary_text[] =
	"The dockers of Saint-Aubrac voted to strike until the harbour board gives in. ";
static const char article_text[] =
	"\0\0\0\0\0\0The harbour board gave in: the dockers of Saint-Aubrac voted to work.";

#define ARTICLE bytes_of(article_text, sizeof article_text - 1)

static struct buf dictionary; /* of dictionary_text */

static int make_dictionary(void **state)
{
	(void)state;
	any_dictionary(bytes_str(dictionary_text), &dictionary);
	return 0;
}

static int forget_dictionary(void **state)
{
	(void)state;
	buf_release(&dictionary);
	return 0;
}

/* The one of the test, or none. */
static struct bytes dictionary_if(bool with)
{
	return with ? buf_bytes(&dictionary) : BYTES_NONE;
}

/* The article compressed with a dictionary, or with none. */
static struct buf article_frame(enum text_store store, struct bytes with)
{
	struct text_way *way = text_way_new(store, with);
	struct text_compressor *c = text_compressor_new();
	struct buf frame = BUF_INIT;

	text_compress(c, way, ARTICLE, &frame);
	text_compressor_free(c);
	text_way_free(way);
	return frame;
}

/* What decompressing answers; what comes out must then be the article. */
static int decompressed(struct bytes frame, struct bytes with, uint64_t size)
{
	struct text_dictionary *made = with.n ? text_dictionary_new(with, text_dictionary_name(with)) : NULL;
	struct text_decompressor *d = text_decompressor_new();
	struct buf out = BUF_INIT;
	int rc = text_decompress(d, frame, made, size, &out);

	if (rc == 0)
		assert_true(bytes_equal(buf_bytes(&out), ARTICLE));
	buf_release(&out);
	text_decompressor_free(d);
	text_dictionary_free(made);
	return rc;
}

static void fields_come_back(void **state)
{
	const struct text_fields fields = { .key = bytes_str("k1"),
					    .url = bytes_str("https://example.org/"),
					    .body = bytes_str("Two\nlines") };
	struct text_fields got;
	struct buf text = BUF_INIT;

	(void)state;
	text_join(&fields, &text);
	assert_int_equal(text_split(buf_bytes(&text), &got), 0);
	assert_true(bytes_is(got.key, "k1"));
	assert_true(bytes_is(got.author, ""));
	assert_true(bytes_is(got.section, ""));
	assert_true(bytes_is(got.url, "https://example.org/"));
	assert_true(bytes_is(got.lang, ""));
	assert_true(bytes_is(got.tags, ""));
	assert_true(bytes_is(got.body, "Two\nlines"));
	buf_release(&text);
}

static void a_text_with_too_few_fields_is_corrupt(void **state)
{
	struct text_fields got;

	(void)state;
	assert_int_equal(text_split(BYTES_NONE, &got), ERR_CORRUPT);
	assert_int_equal(text_split(bytes_of("a\0b\0c\0d\0e\0f", 11), &got), ERR_CORRUPT);
	assert_int_equal(text_split(bytes_of("a\0b\0c\0d\0e\0f\0", 12), &got), 0);
	assert_int_equal(got.body.n, 0);
}

static void stores_have_names(void **state)
{
	(void)state;
	assert_int_equal(text_store_of(bytes_str("fast")), STORE_FAST);
	assert_int_equal(text_store_of(bytes_str("small")), STORE_SMALL);
	assert_int_equal(text_store_of(bytes_str("Small")), STORE_UNSAID);
	assert_int_equal(text_store_of(bytes_str("")), STORE_UNSAID);
	assert_string_equal(text_store_name(STORE_FAST), "fast");
	assert_string_equal(text_store_name(STORE_SMALL), "small");
}

static void a_frame_names_its_dictionary(void **state)
{
	struct buf with = article_frame(STORE_FAST, dictionary_if(true)),
		   without = article_frame(STORE_FAST, BYTES_NONE);

	(void)state;
	assert_int_equal(text_wants_dictionary(buf_bytes(&without)), 0);
	assert_int_equal(text_wants_dictionary(buf_bytes(&with)),
			 text_dictionary_name(buf_bytes(&dictionary)));
	assert_int_equal(text_wants_dictionary(bytes_of(with.p, 8)), 0); /* cut in the name */
	assert_int_equal(text_wants_dictionary(BYTES_NONE), 0);
	assert_true(with.n + 20 < without.n); /* and is shorter for it */
	buf_release(&with);
	buf_release(&without);
}

static void a_dictionary_is_known_by_its_content(void **state)
{
	struct bytes d = buf_bytes(&dictionary);
	uint32_t name = text_dictionary_name(d);

	(void)state;
	assert_int_not_equal(name, 0);
	assert_int_equal(text_dictionary_check(d), 0);
	assert_null(text_dictionary_new(d, name + 1));
	assert_null(text_dictionary_new(d, 0));
	for (size_t n = 0; n < d.n; n++)
		assert_int_equal(text_dictionary_name(bytes_of(d.p, n)), 0);
	for (size_t bit = 0; bit < 8 * d.n; bit++) {
		dictionary.p[bit / 8] ^= (uint8_t)(1 << bit % 8);
		assert_int_equal(text_dictionary_name(d), 0);
		dictionary.p[bit / 8] ^= (uint8_t)(1 << bit % 8);
	}
}

/* Its name may fit bytes that are no dictionary. */
static void what_only_has_a_name_is_no_dictionary(void **state)
{
	struct buf fake = BUF_INIT;
	uint32_t name;

	(void)state;
	buf_set(&fake, bytes_of(dictionary.p, 8));
	buf_add_zeros(&fake, 200);
	text_dictionary_set_name(&fake);
	name = text_dictionary_name(buf_bytes(&fake));
	assert_int_not_equal(name, 0);
	assert_int_equal(text_dictionary_check(buf_bytes(&fake)), ERR_CORRUPT);
	assert_null(text_dictionary_new(buf_bytes(&fake), name));
	buf_release(&fake);
}

static void both_stores_come_back_with_and_without_dictionary(void **state)
{
	(void)state;
	for (int s = STORE_FAST; s <= STORE_SMALL; s++)
		for (int with = 0; with < 2; with++) {
			struct buf frame = article_frame((enum text_store)s, dictionary_if(with));

			assert_int_equal(decompressed(buf_bytes(&frame), dictionary_if(with), ARTICLE.n), 0);
			buf_release(&frame);
		}
}

/* No text leaves a trace in the next one's frame, nor does another way of storing. */
static void frames_do_not_depend_on_what_came_before(void **state)
{
	struct text_way *way = text_way_new(STORE_SMALL, dictionary_if(true)),
			*plain = text_way_new(STORE_FAST, BYTES_NONE);
	struct text_compressor *c = text_compressor_new();
	struct buf first = BUF_INIT, other = BUF_INIT, again = BUF_INIT;

	(void)state;
	text_compress(c, way, ARTICLE, &first);
	text_compress(c, way, bytes_str("something else, the dockers of Saint-Aubrac"), &other);
	text_compress(c, plain, ARTICLE, &other);
	text_compress(c, way, ARTICLE, &again);
	assert_true(bytes_equal(buf_bytes(&first), buf_bytes(&again)));
	text_compress(c, plain, ARTICLE, &again);
	assert_true(bytes_equal(buf_bytes(&other), buf_bytes(&again)));
	text_compressor_free(c);
	text_way_free(way);
	text_way_free(plain);
	buf_release(&first);
	buf_release(&other);
	buf_release(&again);
}

/* Nothing but zstd and the dictionary is needed to read a frame. */
static void zstd_reads_it(void **state)
{
	struct buf frame = article_frame(STORE_SMALL, dictionary_if(true));
	ZSTD_DCtx *z = ZSTD_createDCtx();
	char out[sizeof article_text];

	(void)state;
	assert_int_equal(
		ZSTD_decompress_usingDict(z, out, sizeof out, frame.p, frame.n, dictionary.p, dictionary.n),
		ARTICLE.n);
	assert_memory_equal(out, article_text, ARTICLE.n);
	ZSTD_freeDCtx(z);
	buf_release(&frame);
}

static void a_frame_cut_short_or_longer_is_corrupt(void **state)
{
	static const uint8_t empty_frame[] = { 0x50, 0x2A, 0x4D, 0x18, 0, 0, 0, 0 }; /* to be skipped */

	(void)state;
	for (int with = 0; with < 2; with++) {
		struct buf frame = article_frame(STORE_SMALL, dictionary_if(with));
		size_t whole = frame.n;

		for (size_t n = 0; n < whole; n++)
			assert_int_equal(decompressed(bytes_of(frame.p, n), dictionary_if(with), ARTICLE.n),
					 ERR_CORRUPT);
		buf_add_byte(&frame, 0);
		assert_int_equal(decompressed(buf_bytes(&frame), dictionary_if(with), ARTICLE.n),
				 ERR_CORRUPT);
		frame.n = whole;
		buf_add(&frame, empty_frame, sizeof empty_frame);
		assert_int_equal(decompressed(buf_bytes(&frame), dictionary_if(with), ARTICLE.n),
				 ERR_CORRUPT);
		buf_release(&frame);
	}
}

/* A bit of the header is unused, and some only fill a byte up; then the text is the same. */
static void a_flipped_bit_never_gives_another_text(void **state)
{
	(void)state;
	for (int with = 0; with < 2; with++) {
		struct buf frame = article_frame(STORE_SMALL, dictionary_if(with));
		int the_same = 0;

		for (size_t bit = 0; bit < 8 * frame.n; bit++) {
			frame.p[bit / 8] ^= (uint8_t)(1 << bit % 8);
			the_same += decompressed(buf_bytes(&frame), dictionary_if(with), ARTICLE.n) == 0;
			frame.p[bit / 8] ^= (uint8_t)(1 << bit % 8);
		}
		assert_in_range(the_same, 0, 15);
		buf_release(&frame);
	}
}

/* A frame without a checksum, or without a size, is not what we write, though zstd reads it. */
static void a_frame_without_what_we_write_is_refused(void **state)
{
	static const ZSTD_cParameter flags[] = { ZSTD_c_checksumFlag, ZSTD_c_contentSizeFlag };

	(void)state;
	for (int i = 0; i < 3; i++) {
		ZSTD_CCtx *z = ZSTD_createCCtx();
		uint8_t frame[200];
		size_t n;

		ZSTD_CCtx_setParameter(z, ZSTD_c_checksumFlag, 1);
		if (i < 2)
			ZSTD_CCtx_setParameter(z, flags[i], 0);
		n = ZSTD_compress2(z, frame, sizeof frame, article_text, ARTICLE.n);
		assert_false(ZSTD_isError(n));
		assert_int_equal(decompressed(bytes_of(frame, n), BYTES_NONE, ARTICLE.n),
				 i < 2 ? ERR_CORRUPT : 0);
		ZSTD_freeCCtx(z);
	}
}

static void another_size_is_corrupt(void **state)
{
	static const uint64_t sizes[] = {
		0, 1, 70, 10000, 257 + sizeof article_text, UINT32_MAX, UINT64_MAX
	};
	struct buf frame = article_frame(STORE_FAST, dictionary_if(true));

	(void)state;
	assert_int_equal(decompressed(buf_bytes(&frame), dictionary_if(true), ARTICLE.n - 1), ERR_CORRUPT);
	assert_int_equal(decompressed(buf_bytes(&frame), dictionary_if(true), ARTICLE.n + 1), ERR_CORRUPT);
	for (size_t i = 0; i < sizeof sizes / sizeof *sizes; i++)
		assert_int_equal(decompressed(buf_bytes(&frame), dictionary_if(true), sizes[i]), ERR_CORRUPT);
	buf_release(&frame);
}

/* A frame whose header says 64 MiB, as its row does: it is too short for that, and no memory is asked for. */
static void a_size_that_no_frame_reaches_asks_for_no_memory(void **state)
{
	static const uint8_t frame[] = { 0x28, 0xB5, 0x2F, 0xFD, 0xA4, 0, 0, 0, 4, /* 64 MiB */
					 0x01, 0,    0,    0,    0,    0, 0 };
	struct text_decompressor *d = text_decompressor_new();
	struct buf out = BUF_INIT;

	(void)state;
	assert_int_equal(ZSTD_getFrameContentSize(frame, sizeof frame), 64 << 20);
	assert_int_equal(text_decompress(d, bytes_of(frame, sizeof frame), NULL, 64 << 20, &out),
			 ERR_CORRUPT);
	assert_int_equal(out.cap, 0);
	text_decompressor_free(d);
	buf_release(&out);
}

/* A text of one byte again and again is as short as a text can be. */
static void the_longest_of_the_shortest_frames_come_back(void **state)
{
	struct text_way *way = text_way_new(STORE_FAST, BYTES_NONE);
	struct text_compressor *c = text_compressor_new();
	struct text_decompressor *d = text_decompressor_new();
	struct buf text = BUF_INIT, frame = BUF_INIT, out = BUF_INIT;

	(void)state;
	for (size_t n = 0; n < 2 << 20; n = 2 * n + 6) {
		buf_add_zeros(&text, n - text.n);
		text_compress(c, way, buf_bytes(&text), &frame);
		assert_int_equal(text_decompress(d, buf_bytes(&frame), NULL, n, &out), 0);
		assert_true(bytes_equal(buf_bytes(&text), buf_bytes(&out)));
	}
	text_compressor_free(c);
	text_decompressor_free(d);
	text_way_free(way);
	buf_release(&text);
	buf_release(&frame);
	buf_release(&out);
}

static void another_dictionary_or_none_is_corrupt(void **state)
{
	struct buf frame = article_frame(STORE_SMALL, dictionary_if(true)), other = BUF_INIT;

	(void)state;
	any_dictionary(
		bytes_str("The Dockers of Saint-Aubrac voted to strike until the harbour board gives in. "),
		&other);
	assert_int_equal(decompressed(buf_bytes(&frame), buf_bytes(&other), ARTICLE.n), ERR_CORRUPT);
	assert_int_equal(decompressed(buf_bytes(&frame), BYTES_NONE, ARTICLE.n), ERR_CORRUPT);
	buf_release(&frame);
	buf_release(&other);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(fields_come_back),
		cmocka_unit_test(a_text_with_too_few_fields_is_corrupt),
		cmocka_unit_test(stores_have_names),
		cmocka_unit_test(a_frame_names_its_dictionary),
		cmocka_unit_test(a_dictionary_is_known_by_its_content),
		cmocka_unit_test(what_only_has_a_name_is_no_dictionary),
		cmocka_unit_test(both_stores_come_back_with_and_without_dictionary),
		cmocka_unit_test(frames_do_not_depend_on_what_came_before),
		cmocka_unit_test(zstd_reads_it),
		cmocka_unit_test(a_frame_cut_short_or_longer_is_corrupt),
		cmocka_unit_test(a_flipped_bit_never_gives_another_text),
		cmocka_unit_test(a_frame_without_what_we_write_is_refused),
		cmocka_unit_test(another_size_is_corrupt),
		cmocka_unit_test(a_size_that_no_frame_reaches_asks_for_no_memory),
		cmocka_unit_test(the_longest_of_the_shortest_frames_come_back),
		cmocka_unit_test(another_dictionary_or_none_is_corrupt),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, make_dictionary, forget_dictionary);
}
