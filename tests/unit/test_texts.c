/* tests/unit/test_texts.c - article texts come back as they went in, or not at all. */
#include "archive/texts.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <stdlib.h>
#include <zlib.h>

static const char dictionary_text[] =
	"The dockers of Saint-Aubrac voted to strike until the harbour board gives in. ";
static const char article_text[] =
	"\0\0\0\0\0\0The harbour board gave in: the dockers of Saint-Aubrac voted to work.";

#define ARTICLE bytes_of(article_text, sizeof article_text - 1)

static struct bytes preset(void)
{
	return bytes_str(dictionary_text);
}

/* The article deflated with a dictionary, or with none. */
static struct buf article_stream(enum text_store store, struct bytes dictionary)
{
	struct text_deflater *d = text_deflater_new(store, dictionary);
	struct buf stream = BUF_INIT;

	text_deflate(d, ARTICLE, &stream);
	text_deflater_free(d);
	return stream;
}

/* What inflating answers; what comes out must then be the article. */
static int inflated(struct bytes stream, struct bytes dictionary, uint64_t size)
{
	struct text_inflater *t = text_inflater_new();
	struct buf out = BUF_INIT;
	int rc = text_inflate(t, stream, dictionary, size, &out);

	if (rc == 0)
		assert_true(bytes_equal(buf_bytes(&out), ARTICLE));
	buf_release(&out);
	text_inflater_free(t);
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

static void a_stream_names_its_dictionary(void **state)
{
	struct buf with = article_stream(STORE_FAST, preset()),
		   without = article_stream(STORE_FAST, BYTES_NONE);
	uint32_t id = 7;

	(void)state;
	assert_false(text_names_dictionary(buf_bytes(&without), &id));
	assert_int_equal(id, 7);
	assert_true(text_names_dictionary(buf_bytes(&with), &id));
	assert_int_equal(id, text_dictionary_id(preset()));
	assert_false(text_names_dictionary(bytes_of(with.p, 5), &id)); /* cut in the name */
	assert_false(text_names_dictionary(BYTES_NONE, &id));
	assert_true(with.n + 20 < without.n); /* and is shorter for it */
	buf_release(&with);
	buf_release(&without);
}

static void both_stores_come_back_with_and_without_dictionary(void **state)
{
	(void)state;
	for (int s = STORE_FAST; s <= STORE_SMALL; s++)
		for (int with = 0; with < 2; with++) {
			struct bytes dictionary = with ? preset() : BYTES_NONE;
			struct buf stream = article_stream((enum text_store)s, dictionary);

			assert_int_equal(inflated(buf_bytes(&stream), dictionary, ARTICLE.n), 0);
			buf_release(&stream);
		}
}

/* A deflater copies its primed state: no text leaves a trace in the next one's stream. */
static void streams_do_not_depend_on_what_came_before(void **state)
{
	struct text_deflater *d = text_deflater_new(STORE_SMALL, preset());
	struct buf first = BUF_INIT, other = BUF_INIT, again = BUF_INIT;

	(void)state;
	text_deflate(d, ARTICLE, &first);
	text_deflate(d, bytes_str("something else, the dockers of Saint-Aubrac"), &other);
	text_deflate(d, ARTICLE, &again);
	assert_true(bytes_equal(buf_bytes(&first), buf_bytes(&again)));
	text_deflater_free(d);
	buf_release(&first);
	buf_release(&other);
	buf_release(&again);
}

/* Nothing but zlib and the dictionary is needed to read a stream. */
static void zlib_reads_it(void **state)
{
	struct buf stream = article_stream(STORE_SMALL, preset());
	uint8_t out[sizeof article_text];
	z_stream z = {
		.next_in = stream.p, .avail_in = (uInt)stream.n, .next_out = out, .avail_out = sizeof out
	};

	(void)state;
	assert_int_equal(inflateInit(&z), Z_OK);
	assert_int_equal(inflate(&z, Z_FINISH), Z_NEED_DICT);
	assert_int_equal(z.adler, text_dictionary_id(preset()));
	assert_int_equal(inflateSetDictionary(&z, preset().p, (uInt)preset().n), Z_OK);
	assert_int_equal(inflate(&z, Z_FINISH), Z_STREAM_END);
	assert_int_equal(z.total_out, ARTICLE.n);
	assert_memory_equal(out, article_text, ARTICLE.n);
	inflateEnd(&z);
	buf_release(&stream);
}

static void a_stream_cut_short_or_longer_is_corrupt(void **state)
{
	(void)state;
	for (int with = 0; with < 2; with++) {
		struct bytes dictionary = with ? preset() : BYTES_NONE;
		struct buf stream = article_stream(STORE_SMALL, dictionary);

		for (size_t n = 0; n < stream.n; n++)
			assert_int_equal(inflated(bytes_of(stream.p, n), dictionary, ARTICLE.n), ERR_CORRUPT);
		buf_add_byte(&stream, 0);
		assert_int_equal(inflated(buf_bytes(&stream), dictionary, ARTICLE.n), ERR_CORRUPT);
		buf_release(&stream);
	}
}

/* But for the dictionary's name: who looks the dictionary up sees that it is another; and
 * the bits that fill the last byte before the checksum, which mean nothing. */
static void a_flipped_bit_never_gives_another_text(void **state)
{
	(void)state;
	for (int with = 0; with < 2; with++) {
		struct bytes dictionary = with ? preset() : BYTES_NONE;
		struct buf stream = article_stream(STORE_SMALL, dictionary);

		int the_same = 0;

		for (size_t bit = 0; bit < 8 * stream.n; bit++) {
			if (with && bit / 8 >= 2 && bit / 8 < 6)
				continue;
			stream.p[bit / 8] ^= (uint8_t)(1 << bit % 8);
			the_same += inflated(buf_bytes(&stream), dictionary, ARTICLE.n) == 0;
			stream.p[bit / 8] ^= (uint8_t)(1 << bit % 8);
		}
		assert_in_range(the_same, 0, 7);
		buf_release(&stream);
	}
}

static void another_size_is_corrupt(void **state)
{
	static const uint64_t sizes[] = {
		0, 1, 70, 10000, 257 + sizeof article_text, UINT32_MAX, UINT64_MAX
	};
	struct buf stream = article_stream(STORE_FAST, preset());

	(void)state;
	assert_int_equal(inflated(buf_bytes(&stream), preset(), ARTICLE.n - 1), ERR_CORRUPT);
	assert_int_equal(inflated(buf_bytes(&stream), preset(), ARTICLE.n + 1), ERR_CORRUPT);
	for (size_t i = 0; i < sizeof sizes / sizeof *sizes; i++)
		assert_int_equal(inflated(buf_bytes(&stream), preset(), sizes[i]), ERR_CORRUPT);
	buf_release(&stream);
}

/* A stream of 60 bytes can inflate to 62,000 and no more: no memory is asked for beyond. */
static void a_size_that_no_stream_reaches_asks_for_no_memory(void **state)
{
	struct buf stream = article_stream(STORE_FAST, preset()), out = BUF_INIT;
	struct text_inflater *t = text_inflater_new();

	(void)state;
	assert_int_equal(text_inflate(t, buf_bytes(&stream), preset(), TEXT_MAX, &out), ERR_CORRUPT);
	assert_int_equal(out.cap, 0);
	text_inflater_free(t);
	buf_release(&stream);
	buf_release(&out);
}

static void another_dictionary_or_none_is_corrupt(void **state)
{
	struct buf stream = article_stream(STORE_SMALL, preset());
	char other[sizeof dictionary_text];

	(void)state;
	memcpy(other, dictionary_text, sizeof other);
	other[4] = 'D'; /* within "dockers of", which the stream takes from there */
	assert_int_equal(inflated(buf_bytes(&stream), bytes_str(other), ARTICLE.n), ERR_CORRUPT);
	assert_int_equal(inflated(buf_bytes(&stream), BYTES_NONE, ARTICLE.n), ERR_CORRUPT);
	buf_release(&stream);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(fields_come_back),
		cmocka_unit_test(a_text_with_too_few_fields_is_corrupt),
		cmocka_unit_test(stores_have_names),
		cmocka_unit_test(a_stream_names_its_dictionary),
		cmocka_unit_test(both_stores_come_back_with_and_without_dictionary),
		cmocka_unit_test(streams_do_not_depend_on_what_came_before),
		cmocka_unit_test(zlib_reads_it),
		cmocka_unit_test(a_stream_cut_short_or_longer_is_corrupt),
		cmocka_unit_test(a_flipped_bit_never_gives_another_text),
		cmocka_unit_test(another_size_is_corrupt),
		cmocka_unit_test(a_size_that_no_stream_reaches_asks_for_no_memory),
		cmocka_unit_test(another_dictionary_or_none_is_corrupt),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
