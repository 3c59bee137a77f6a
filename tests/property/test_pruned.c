/* tests/property/test_pruned.c - pruning, counting by windows and scoring every match give the naive answer.
 *
 * MORGUE_TEST_SEED=N tries one seed; MORGUE_TEST_LONG many more, and every number of hits.
 */
#include "lib/engine_trial.h"
#include "lib/random_archive.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <inttypes.h>
#include <stdlib.h>

static void try_options(uint64_t seed, struct trial_options *o)
{
	struct buf what = BUF_INIT;
	struct rng r;

	rng_init(&r, seed ^ UINT64_C(0x7072756e6564));
	o->every_k = getenv("MORGUE_TEST_LONG") || seed % 64 == 0;
	if (!engine_trial(&r, o, &what))
		fail_msg("seed %" PRIu64 ": %s", seed, buf_cstr(&what));
	buf_release(&what);
}

static void try_seed(uint64_t seed)
{
	try_options(seed, &(struct trial_options){ .plans = 10, .big = 40 });
}

static void try_decided(uint64_t seed)
{
	try_options(seed, &(struct trial_options){ .plans = 4, .big = 40, .decided = true });
}

static void pruned_is_plain_is_naive(void **state)
{
	(void)state;
	test_seeds(110, 16, 5000, try_seed);
}

/* Hardly any other plan has parts of words decide among thousands of docs. */
static void pruned_is_naive_where_parts_of_words_decide(void **state)
{
	(void)state;
	test_seeds(40, 8, 2000, try_decided);
}

int main(void)
{
	const struct CMUnitTest tests[] = { cmocka_unit_test(pruned_is_plain_is_naive),
					    cmocka_unit_test(pruned_is_naive_where_parts_of_words_decide) };

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
