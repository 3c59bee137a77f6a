/* tests/unit/test_pieces.c - pieces come in order, each once, and no thread runs too far ahead. */
#include "base/mem.h"
#include "base/pieces.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <sched.h>
#include <stdlib.h>

struct counting {
	struct pieces pieces;
	uint32_t *made;            /* by place: the piece that stands there, and 1 */
	_Atomic uint32_t overdone; /* a place was not free */
	_Atomic uint32_t begun;
};

static void *count(void *context)
{
	struct counting *c = context;
	uint32_t piece;

	while (pieces_next(&c->pieces, &piece)) {
		uint32_t *place = &c->made[piece % c->pieces.places];

		atomic_fetch_add(&c->begun, 1);
		for (uint32_t i = 0; i < piece % 5; i++)
			sched_yield(); /* so that they are not made in order */
		if (*place)
			atomic_fetch_add(&c->overdone, 1);
		*place = piece + 1;
		pieces_made(&c->pieces, piece);
	}
	return NULL;
}

static void begin(struct counting *c, uint32_t n, unsigned jobs)
{
	*c = (struct counting){ .made = mem_zalloc(pieces_places(jobs), sizeof *c->made) };
	assert_int_equal(pieces_begin(&c->pieces, n, jobs, count, c), jobs);
}

static void end(struct counting *c)
{
	pieces_end(&c->pieces);
	assert_int_equal(c->overdone, 0);
	free(c->made);
}

static void take(struct counting *c, uint32_t piece)
{
	uint32_t *place = &c->made[piece % c->pieces.places];

	pieces_wait(&c->pieces);
	assert_int_equal(*place, piece + 1);
	*place = 0;
	pieces_took(&c->pieces);
}

static void each_comes_once_and_in_order(void **state)
{
	(void)state;
	for (unsigned jobs = 1; jobs <= 4; jobs++) {
		struct counting c;

		begin(&c, 1000, jobs);
		for (uint32_t i = 0; i < 1000; i++)
			take(&c, i);
		end(&c);
		assert_int_equal(c.begun, 1000);
	}
}

static void none_is_made_beyond_the_places(void **state)
{
	struct counting c;

	(void)state;
	begin(&c, 1000, 2);
	take(&c, 0);
	while (c.begun < 1 + c.pieces.places)
		sched_yield();
	end(&c);
	assert_int_equal(c.begun, 1 + c.pieces.places);
}

static void what_is_left_need_not_be_made(void **state)
{
	struct counting c;

	(void)state;
	begin(&c, UINT32_MAX, 3);
	take(&c, 0);
	assert_false(pieces_halted(&c.pieces));
	end(&c);
	assert_true(pieces_halted(&c.pieces));
	assert_true(c.begun <= 1 + pieces_places(3));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(each_comes_once_and_in_order),
		cmocka_unit_test(none_is_made_beyond_the_places),
		cmocka_unit_test(what_is_left_need_not_be_made),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
