/* tests/unit/test_stream.c - numbers come out of a stream as they went in, wherever its chunks end. */
#include "generate/rng.h"
#include "segment/stream.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <stdlib.h>

#define NUMBERS 20000u

static uint64_t numbers[NUMBERS];

/* Of one byte or two mostly, as they are; of every size now and then. */
static void draw(struct rng *r)
{
	for (uint32_t i = 0; i < NUMBERS; i++) {
		unsigned bits = rng_below(r, 8) ? rng_below(r, 15) : rng_below(r, 64);

		numbers[i] = rng_next(r) & ((UINT64_C(1) << bits) - 1);
	}
}

/* Put all, by threes from `at` on where `threes` says so; a third number of 0 is left out. */
static void check(uint32_t n, bool threes)
{
	struct arena arena = ARENA_INIT;
	struct stream s = { .first = NULL };
	struct stream_reader r;

	for (uint32_t i = 0; i < n; i++) {
		if (threes && i + 3 <= n) {
			stream_put_three(&arena, &s, numbers[i], numbers[i + 1], numbers[i + 2]);
			i += 2;
		} else {
			stream_put(&arena, &s, numbers[i]);
		}
	}
	stream_read(&r, &s);
	for (uint32_t i = 0; i < n; i++)
		if (!threes || i % 3 < 2 || numbers[i])
			assert_int_equal(stream_next(&r), numbers[i]);
	arena_release(&arena);
}

static void numbers_of_every_size(void **state)
{
	struct rng r;

	(void)state;
	rng_init(&r, 7);
	for (unsigned round = 0; round < 8; round++) {
		draw(&r);
		check(NUMBERS - round, false);
		check(NUMBERS - round, true);
	}
}

static void the_edges_of_sizes(void **state)
{
	static const uint64_t edges[] = {
		0, 1, 0x7F, 0x80, 0x3FFF, 0x4000, UINT32_MAX, 0x1FFFFFFF, UINT64_MAX
	};
	uint32_t n = 0;

	(void)state;
	for (size_t a = 0; a < 9; a++) {
		for (size_t b = 0; b < 9; b++) {
			for (size_t c = 0; c < 9; c++) {
				numbers[n++] = edges[a];
				numbers[n++] = edges[b];
				numbers[n++] = edges[c];
			}
		}
	}
	check(n, false);
	check(n, true);
}

static void one_number(void **state)
{
	(void)state;
	numbers[0] = 0;
	check(1, false);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(numbers_of_every_size),
		cmocka_unit_test(the_edges_of_sizes),
		cmocka_unit_test(one_number),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
