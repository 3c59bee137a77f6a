/* tests/fuzz/fuzz_engine.c - an input draws segments and plans; a wrong answer ends the process.
 *
 * `make fuzz` builds it for libFuzzer, `make fuzz FUZZ_CC=afl-clang-fast` for AFL++. The body
 * is that of tests/property/test_pruned.c. Inputs worth keeping stand in tests/fuzz/engine,
 * where tests/property/test_fuzz_inputs.c asks them again.
 */
#include "lib/engine_trial.h"

#include <stdio.h>
#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t n);

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t n)
{
	struct buf what = BUF_INIT;

	if (!engine_trial_of_bytes(bytes, n, &what)) {
		fprintf(stderr, "%s\n", buf_cstr(&what));
		abort();
	}
	buf_release(&what);
	return 0;
}
