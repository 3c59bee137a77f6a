/* tests/property/test_questions.c - random questions are read to sound trees, and printed and read
 * again to the same. test_fuzz_inputs.c has those that a fuzzer found worth keeping. */
#include "lib/parse_trial.h"
#include "lib/random_archive.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <inttypes.h>

#define QUESTIONS 400 /* a seed */

static void try_questions(uint64_t seed)
{
	struct buf input = BUF_INIT, text = BUF_INIT, what = BUF_INIT;
	struct rng r;

	rng_init(&r, seed);
	for (int i = 0; i < QUESTIONS; i++) {
		random_question(&r, &text);
		buf_reset(&input);
		buf_add_byte(&input, (uint8_t)(rng_one_in(&r, 2) ? 0 : rng_below(&r, 256)));
		buf_add_bytes(&input, buf_bytes(&text));
		if (!parse_trial_of_bytes(input.p, input.n, &what))
			fail_msg("seed %" PRIu64 ", question %d, options %u: [%s] %s", seed, i, input.p[0],
				 buf_cstr(&text), buf_cstr(&what));
	}
	buf_release(&input);
	buf_release(&text);
	buf_release(&what);
}

static void any_question_is_read_and_printed(void **state)
{
	(void)state;
	test_seeds(100, 10, 20000, try_questions);
}

int main(void)
{
	const struct CMUnitTest tests[] = { cmocka_unit_test(any_question_is_read_and_printed) };

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
