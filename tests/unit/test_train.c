/* tests/unit/test_train.c - what a dictionary is made of. */
#include "train.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <stdio.h>

static const char *const often[] = {
	"The harbour board declined to comment on the dockers' strike. ",
	"Talks about wages broke down late on Thursday night. ",
	"A spokeswoman for the ministry would not say when. ",
	"Residents of the valley were asked to boil their water. ",
	"The court will hear the appeal at the end of next month. ",
	"Police have asked anybody who saw it to come forward. ",
	"Shares in the company fell by four per cent on the news. ",
	"The ferry service is suspended until further notice. ",
};

#define SENTENCES (sizeof often / sizeof *often)

/* n texts of a kilobyte that are all different, each with two sentences that are not. */
static void add_texts(struct sample *sample, int n)
{
	struct buf text = BUF_INIT;
	uint64_t x = 1;

	for (int i = 0; i < n; i++) {
		buf_reset(&text);
		for (int j = 0; j < 100; j++) {
			x = x * UINT64_C(6364136223846793005) + 1442695040888963407;
			buf_addf(&text, "%08x ", (unsigned)(x >> 32));
		}
		buf_add_str(&text, often[(size_t)i % SENTENCES]);
		buf_add_str(&text, often[(size_t)i / 3 % SENTENCES]);
		sample_add(sample, buf_bytes(&text));
	}
	buf_release(&text);
}

/* How many of the sentences are in it? */
static size_t sentences_in(const struct buf *b)
{
	size_t n = 0;

	for (size_t i = 0; i < SENTENCES; i++)
		n += b->n && memmem(b->p, b->n, often[i], strlen(often[i])) != NULL;
	return n;
}

/* The trainer may cut off what it took first (zstd 1.5.4: by the length of the tables). */
static void what_is_repeated_is_in_it(void **state)
{
	struct sample sample = { .n = 0 };
	struct buf dictionary = BUF_INIT;

	(void)state;
	add_texts(&sample, 400);
	train_dictionary(&sample, STORE_FAST, &dictionary);
	assert_true(sentences_in(&dictionary) >= SENTENCES - 3);
	assert_int_equal(text_dictionary_check(buf_bytes(&dictionary)), 0);
	sample_release(&sample);
	buf_release(&dictionary);
}

static void too_little_gives_none(void **state)
{
	static const int counts[] = { 0, 1, 4, 5 };

	(void)state;
	for (size_t i = 0; i < sizeof counts / sizeof *counts; i++) {
		struct sample sample = { .n = 0 };
		struct buf dictionary = BUF_INIT;

		add_texts(&sample, counts[i]);
		train_dictionary(&sample, STORE_SMALL, &dictionary);
		assert_int_equal(dictionary.n, 0);
		sample_release(&sample);
		buf_release(&dictionary);
	}
}

/* No text is too odd to train on. */
static void empty_and_equal_texts_are_fine(void **state)
{
	struct sample sample = { .n = 0 };
	struct buf dictionary = BUF_INIT;

	(void)state;
	for (int i = 0; i < 1000; i++) {
		sample_add(&sample, BYTES_NONE);
		sample_add(&sample,
			   bytes_str("xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx"));
		sample_add(&sample, bytes_str("x"));
	}
	train_dictionary(&sample, STORE_FAST, &dictionary);
	if (dictionary.n)
		assert_int_equal(text_dictionary_check(buf_bytes(&dictionary)), 0);
	sample_release(&sample);
	buf_release(&dictionary);
}

static void it_has_a_part_of_the_sample_at_most(void **state)
{
	static const size_t texts[] = { 300, 4000, 9000 };
	size_t sizes[2];

	(void)state;
	for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
		struct sample sample = { .n = 0 };
		struct buf dictionary = BUF_INIT;

		add_texts(&sample, (int)texts[i]);
		for (int s = STORE_FAST; s <= STORE_SMALL; s++) {
			train_dictionary(&sample, (enum text_store)s, &dictionary);
			assert_in_range(dictionary.n, 1, sample.bytes.n / 32);
			sizes[s - STORE_FAST] = dictionary.n;
		}
		assert_true(sizes[0] <= (112 << 10) && sizes[1] <= (256 << 10));
		sample_release(&sample);
		buf_release(&dictionary);
	}
	assert_true(sizes[0] < sizes[1]); /* of nine megabytes */
}

static void of_a_long_text_only_the_beginning_counts(void **state)
{
	struct sample sample = { .n = 0 };
	struct buf text = BUF_INIT;

	(void)state;
	buf_add_zeros(&text, 100000);
	sample_add(&sample, buf_bytes(&text));
	assert_int_equal(sample.bytes.n, 64 << 10);
	assert_int_equal(sample.sizes[0], 64 << 10);
	sample_release(&sample);
	buf_release(&text);
}

static void the_same_sample_gives_the_same_dictionary(void **state)
{
	struct sample sample = { .n = 0 };
	struct buf first = BUF_INIT, second = BUF_INIT;

	(void)state;
	add_texts(&sample, 400);
	train_dictionary(&sample, STORE_FAST, &first);
	train_dictionary(&sample, STORE_FAST, &second);
	assert_true(first.n && bytes_equal(buf_bytes(&first), buf_bytes(&second)));
	sample_release(&sample);
	buf_release(&first);
	buf_release(&second);
}

/* Text that was not in the sample, but is like it, is shorter by a third. */
static void texts_like_the_sample_get_shorter(void **state)
{
	struct buf text = BUF_INIT;
	struct text_compressor *c = text_compressor_new();
	struct sample sample = { .n = 0 };
	struct buf dictionary = BUF_INIT, plain = BUF_INIT, short_one = BUF_INIT;
	struct text_way *without = text_way_new(STORE_FAST, BYTES_NONE), *with;

	(void)state;
	add_texts(&sample, 400);
	train_dictionary(&sample, STORE_FAST, &dictionary);
	with = text_way_new(STORE_FAST, buf_bytes(&dictionary));
	for (size_t i = SENTENCES; i-- > 0;)
		buf_addf(&text, "%s%zu times. ", often[i], i);
	text_compress(c, without, buf_bytes(&text), &plain);
	text_compress(c, with, buf_bytes(&text), &short_one);
	assert_true(3 * short_one.n < 2 * plain.n);
	text_compressor_free(c);
	text_way_free(without);
	text_way_free(with);
	sample_release(&sample);
	buf_release(&dictionary);
	buf_release(&plain);
	buf_release(&short_one);
	buf_release(&text);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(what_is_repeated_is_in_it),
		cmocka_unit_test(too_little_gives_none),
		cmocka_unit_test(empty_and_equal_texts_are_fine),
		cmocka_unit_test(it_has_a_part_of_the_sample_at_most),
		cmocka_unit_test(of_a_long_text_only_the_beginning_counts),
		cmocka_unit_test(the_same_sample_gives_the_same_dictionary),
		cmocka_unit_test(texts_like_the_sample_get_shorter),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
