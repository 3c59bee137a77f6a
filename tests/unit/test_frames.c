/* tests/unit/test_frames.c - the texts of a sample, compressed by several threads. */
#include "frames.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#define TEXTS 300 /* some stretches, and a last one that is not full */

static const int long_one = 77; /* this text does not stand whole in the sample */

/* Text number i, into out. */
static void make_text(int i, struct buf *out)
{
	buf_reset(out);
	for (int n = 0; n < (i == long_one ? 20000 : i % 50); n++)
		buf_addf(out, "%d times %d; ", i, n);
}

/* One after the other each text has the frame that it gets alone, but for the long one. */
static void check(struct frames *frames, const struct text_way *way)
{
	struct text_compressor *c = text_compressor_new();
	struct buf text = BUF_INIT, alone = BUF_INIT;
	struct bytes frame;

	for (int i = 0; i < TEXTS; i++) {
		make_text(i, &text);
		text_compress(c, way, buf_bytes(&text), &alone);
		assert_int_equal(frames_next(frames, buf_bytes(&text), &frame), i != long_one);
		if (i != long_one)
			assert_true(bytes_equal(frame, buf_bytes(&alone)));
	}
	assert_false(frames_next(frames, buf_bytes(&text), &frame));
	text_compressor_free(c);
	buf_release(&text);
	buf_release(&alone);
}

static void each_text_has_its_frame(void **state)
{
	struct text_way *way = text_way_new(STORE_FAST, BYTES_NONE);
	struct sample sample = { .n = 0 };
	struct buf text = BUF_INIT;
	struct frames frames;

	(void)state;
	for (int i = 0; i < TEXTS; i++) {
		make_text(i, &text);
		sample_add(&sample, buf_bytes(&text));
	}
	for (unsigned jobs = 0; jobs < 5; jobs++) {
		frames_compress(&frames, &sample, way, jobs);
		check(&frames, way);
		frames_release(&frames);
	}
	sample_release(&sample);
	text_way_free(way);
	buf_release(&text);
}

/* One that is not in the sample gets none, and those after it still have theirs. */
static void another_text_gets_none(void **state)
{
	struct text_way *way = text_way_new(STORE_FAST, BYTES_NONE);
	struct sample sample = { .n = 0 };
	struct frames frames;
	struct bytes frame;

	(void)state;
	sample_add(&sample, bytes_str("one"));
	sample_add(&sample, bytes_str("two"));
	sample_add(&sample, bytes_str("three"));
	frames_compress(&frames, &sample, way, 2);
	assert_true(frames_next(&frames, bytes_str("one"), &frame));
	assert_false(frames_next(&frames, bytes_str("too"), &frame));
	assert_true(frames_next(&frames, bytes_str("three"), &frame));
	assert_false(frames_next(&frames, bytes_str("three"), &frame));
	frames_release(&frames);
	sample_release(&sample);
	text_way_free(way);
}

static void no_texts_are_fine(void **state)
{
	struct text_way *way = text_way_new(STORE_FAST, BYTES_NONE);
	struct sample sample = { .n = 0 };
	struct frames frames;
	struct bytes frame;

	(void)state;
	frames_compress(&frames, &sample, way, 2);
	assert_false(frames_next(&frames, bytes_str("one"), &frame));
	frames_release(&frames);
	text_way_free(way);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(each_text_has_its_frame),
		cmocka_unit_test(another_text_gets_none),
		cmocka_unit_test(no_texts_are_fine),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
