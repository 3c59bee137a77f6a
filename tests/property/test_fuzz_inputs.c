/* tests/property/test_fuzz_inputs.c - inputs that fuzzing found worth keeping still have right answers. */
#include "lib/engine_trial.h"
#include "lib/parse_trial.h"
#include "lib/seg_fixture.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>

static void replay(const char *name, bool (*trial)(const uint8_t *bytes, size_t n, struct buf *what))
{
	const char *root = getenv("MORGUE_ROOT");
	struct buf file = BUF_INIT, what = BUF_INIT;
	const struct dirent *entry;
	char folder[512], path[1024];
	uint32_t seen = 0;
	DIR *dir;

	snprintf(folder, sizeof folder, "%s/tests/fuzz/%s", root ? root : ".", name);
	dir = opendir(folder);
	assert_non_null(dir);
	while ((entry = readdir(dir))) {
		if (entry->d_name[0] == '.')
			continue;
		snprintf(path, sizeof path, "%s/%s", folder, entry->d_name);
		seg_read_file(path, &file);
		if (!trial(file.p, file.n, &what))
			fail_msg("%s: %s", path, buf_cstr(&what));
		seen++;
	}
	assert_true(seen > 0);
	closedir(dir);
	buf_release(&file);
	buf_release(&what);
}

static void saved_inputs_of_the_engine(void **state)
{
	(void)state;
	replay("engine", engine_trial_of_bytes);
}

static void saved_questions(void **state)
{
	(void)state;
	replay("questions", parse_trial_of_bytes);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(saved_inputs_of_the_engine),
		cmocka_unit_test(saved_questions),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
