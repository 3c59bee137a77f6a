/* tests/unit/test_preset.c - what a dictionary is made of. */
#include "preset.h"

#include "archive/texts.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <stdio.h>

#define OFTEN "The harbour board declined to comment. "

/* n sentences that are all different, each followed by the one that is not. */
static void add_sentences(struct buf *sample, int n)
{
	uint64_t x = 1;

	for (int i = 0; i < n; i++) {
		for (int j = 0; j < 10; j++) {
			x = x * UINT64_C(6364136223846793005) + 1442695040888963407;
			buf_addf(sample, "%08x ", (unsigned)(x >> 32));
		}
		buf_add_str(sample, OFTEN);
	}
}

static bool holds(struct bytes b, const char *s)
{
	return memmem(b.p, b.n, s, strlen(s)) != NULL;
}

static void what_is_repeated_most_is_taken_first_and_stands_last(void **state)
{
	struct buf sample = BUF_INIT, dictionary = BUF_INIT;

	(void)state;
	add_sentences(&sample, 200);
	preset_train(buf_bytes(&sample), 4096, &dictionary);
	assert_true(dictionary.n > 48);
	assert_true(holds(bytes_of(dictionary.p + dictionary.n - 48, 48), "board declined to comment."));
	buf_release(&sample);
	buf_release(&dictionary);
}

static void nothing_worth_it_gives_nothing(void **state)
{
	static const char *const samples[] = { "", "a", "1234567", "12345678", "every word of this is new" };
	struct buf dictionary = BUF_INIT;

	(void)state;
	for (size_t i = 0; i < sizeof samples / sizeof *samples; i++) {
		preset_train(bytes_str(samples[i]), 1000, &dictionary);
		assert_int_equal(dictionary.n, 0);
	}
	buf_release(&dictionary);
}

static void it_is_never_larger_than_asked(void **state)
{
	static const size_t sizes[] = { 1, 5, 6, 47, 48, 49, 191, 192, 1000 };
	struct buf sample = BUF_INIT, dictionary = BUF_INIT;

	(void)state;
	for (int i = 0; i < 500; i++)
		buf_addf(&sample, "%d bottles, %d glasses and %d plates; ", i % 37, i % 41, i % 43);
	for (size_t i = 0; i < sizeof sizes / sizeof *sizes; i++) {
		preset_train(buf_bytes(&sample), sizes[i], &dictionary);
		assert_in_range(dictionary.n, 1, sizes[i]);
	}
	buf_release(&sample);
	buf_release(&dictionary);
}

static void the_same_sample_gives_the_same_dictionary(void **state)
{
	struct buf sample = BUF_INIT, first = BUF_INIT, second = BUF_INIT;

	(void)state;
	add_sentences(&sample, 50);
	preset_train(buf_bytes(&sample), 1000, &first);
	preset_train(buf_bytes(&sample), 1000, &second);
	assert_true(first.n && bytes_equal(buf_bytes(&first), buf_bytes(&second)));
	buf_release(&sample);
	buf_release(&first);
	buf_release(&second);
}

/* Text that was not in the sample, but is like it, is shorter by a third. */
static void texts_like_the_sample_get_shorter(void **state)
{
	struct buf sample = BUF_INIT, dictionary = BUF_INIT, plain = BUF_INIT, preset = BUF_INIT;
	struct bytes text = bytes_str("Asked about the strike, the harbour board declined to comment. ");
	struct text_deflater *without = text_deflater_new(STORE_SMALL, BYTES_NONE), *with;

	(void)state;
	add_sentences(&sample, 100);
	preset_train(buf_bytes(&sample), 1000, &dictionary);
	with = text_deflater_new(STORE_SMALL, buf_bytes(&dictionary));
	text_deflate(without, text, &plain);
	text_deflate(with, text, &preset);
	assert_true(3 * preset.n < 2 * plain.n + 3 * 4); /* 4: the dictionary's name */
	text_deflater_free(without);
	text_deflater_free(with);
	buf_release(&sample);
	buf_release(&dictionary);
	buf_release(&plain);
	buf_release(&preset);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(what_is_repeated_most_is_taken_first_and_stands_last),
		cmocka_unit_test(nothing_worth_it_gives_nothing),
		cmocka_unit_test(it_is_never_larger_than_asked),
		cmocka_unit_test(the_same_sample_gives_the_same_dictionary),
		cmocka_unit_test(texts_like_the_sample_get_shorter),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
