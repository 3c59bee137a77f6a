/* tests/property/test_fuzz_inputs.c - inputs that fuzzing found worth keeping still have right answers. */
#include "lib/engine_trial.h"
#include "lib/seg_fixture.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>

static void saved_inputs_of_the_engine(void **state)
{
	const char *root = getenv("MORGUE_ROOT");
	struct buf file = BUF_INIT, what = BUF_INIT;
	const struct dirent *entry;
	char folder[512], path[1024];
	uint32_t seen = 0;
	DIR *dir;

	(void)state;
	snprintf(folder, sizeof folder, "%s/tests/fuzz/engine", root ? root : ".");
	dir = opendir(folder);
	assert_non_null(dir);
	while ((entry = readdir(dir))) {
		if (entry->d_name[0] == '.')
			continue;
		snprintf(path, sizeof path, "%s/%s", folder, entry->d_name);
		seg_read_file(path, &file);
		if (!engine_trial_of_bytes(file.p, file.n, &what))
			fail_msg("%s: %s", path, buf_cstr(&what));
		seen++;
	}
	assert_true(seen > 0);
	closedir(dir);
	buf_release(&file);
	buf_release(&what);
}

int main(void)
{
	const struct CMUnitTest tests[] = { cmocka_unit_test(saved_inputs_of_the_engine) };

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
