/* tests/fuzz/fuzz_questions.c - an input is a question; one that is not read to a sound tree ends the process.
 *
 * Built as fuzz_engine.c is. The body is that of tests/property/test_questions.c; inputs worth keeping
 * stand in tests/fuzz/questions.
 */
#include "lib/parse_trial.h"

#include <stdio.h>
#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t n);

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t n)
{
	struct buf what = BUF_INIT;

	if (!parse_trial_of_bytes(bytes, n, &what)) {
		fprintf(stderr, "%s\n", buf_cstr(&what));
		abort();
	}
	buf_release(&what);
	return 0;
}
