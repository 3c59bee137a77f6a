/* tests/unit/test_seal.c - sealing in threads: the bytes of one thread, and a clean end whenever
 * something goes wrong. */
#include "base/civil.h"
#include "lib/seg_sealed.h"
#include "segment/seal.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#define ARTICLES 6000u /* some pieces of terms */

static struct inverter inv;
static char folder[] = "/tmp/morgue-seal-XXXXXX", spilled[64], segment[64];

static int invert(void **state)
{
	struct analyzer *analyzer = analyzer_new("english", NULL);
	struct tokens tokens = TOKENS_INIT;
	struct buf title = BUF_INIT, body = BUF_INIT;

	(void)state;
	inverter_init(&inv);
	for (uint32_t i = 0; i < ARTICLES; i++) {
		struct inverted_doc doc = { .article = i + 1,
					    .date = (int64_t)(i * 7919 % 5003) * CIVIL_DAY };

		seg_article_text(5, i, &title, &body);
		doc.headline =
			analyze_article(analyzer, buf_bytes(&title), buf_bytes(&body), NULL, 0, &tokens);
		doc.words = tokens.words;
		inverter_add(&inv, &doc, &tokens);
	}
	analyzer_free(analyzer);
	tokens_release(&tokens);
	buf_release(&title);
	buf_release(&body);
	if (!mkdtemp(folder))
		return -1;
	snprintf(spilled, sizeof spilled, "%s/lists", folder);
	snprintf(segment, sizeof segment, "%s/segment", folder);
	return 0;
}

static int clean_up(void **state)
{
	(void)state;
	inverter_release(&inv);
	return rmdir(folder);
}

/* What is asked between pieces: moves all to files, or goes wrong at the n-th time. */
struct between {
	unsigned calls, wrong; /* 0: never */
	int code;
	volatile sig_atomic_t stop; /* set when it goes wrong with code 0 */
};

static int spill(void *context, struct segment_parts *parts, struct err *err)
{
	struct between *b = context;

	if (++b->calls != b->wrong)
		return segment_parts_spill(parts, spilled, err);
	b->stop = b->code == 0;
	return b->code ? err_set(err, b->code, "no room") : 0;
}

static int seal_so(unsigned jobs, struct between *between, struct segment_parts *parts, struct err *err)
{
	const struct seal_settings settings = {
		.headline_weight = 2,
		.jobs = jobs,
		.stop = &between->stop,
		.spill = spill,
		.context = between,
	};

	return seal_with(&inv, &settings, parts, err);
}

/* The file that the parts make. */
static struct buf file_of(const struct segment_parts *parts)
{
	struct buf bytes = BUF_INIT;
	uint64_t size;
	FILE *f;

	assert_int_equal(segment_write(parts, segment, &size, NULL), 0);
	f = fopen(segment, "rb");
	assert_non_null(f);
	bytes.n = fread(buf_reserve(&bytes, size), 1, size, f);
	assert_int_equal(bytes.n, size);
	fclose(f);
	unlink(segment);
	return bytes;
}

static void any_number_of_threads_makes_the_same_bytes(void **state)
{
	static const unsigned jobs[] = { 0, 1, 2, 3, 7 };
	struct segment_parts parts;
	struct buf plain, bytes;
	struct err err;

	(void)state;
	assert_true(seal(&inv, 2, NULL, &parts));
	plain = file_of(&parts);
	segment_parts_release(&parts);
	for (size_t i = 0; i < sizeof jobs / sizeof *jobs; i++) {
		struct between between = { .calls = 0 };

		assert_int_equal(seal_so(jobs[i], &between, &parts, &err), 0);
		assert_true(between.calls > 3);
		assert_int_equal(parts.post.n, 0); /* in the file */
		bytes = file_of(&parts);
		assert_true(bytes_equal(buf_bytes(&plain), buf_bytes(&bytes)));
		buf_release(&bytes);
		segment_parts_release(&parts);
	}
	buf_release(&plain);
}

/* At the first piece, in the middle, at the last. */
static void an_error_between_pieces_ends_all(void **state)
{
	struct between count = { .calls = 0 };
	struct segment_parts parts;
	struct err err;

	(void)state;
	assert_int_equal(seal_so(1, &count, &parts, &err), 0);
	segment_parts_release(&parts);
	for (unsigned jobs = 1; jobs <= 4; jobs++) {
		for (unsigned wrong = 1; wrong <= count.calls; wrong++) {
			struct between between = { .wrong = wrong, .code = ERR_IO };

			assert_int_equal(seal_so(jobs, &between, &parts, &err), ERR_IO);
			assert_string_equal(err.msg, "no room");
			assert_int_equal(between.calls, wrong);
			segment_parts_release(&parts);
		}
	}
}

static void a_stop_ends_all(void **state)
{
	struct segment_parts parts;
	struct err err;

	(void)state;
	for (unsigned jobs = 1; jobs <= 4; jobs++) {
		struct between between = { .wrong = 2 }, at_once = { .stop = 1 };

		assert_int_equal(seal_so(jobs, &between, &parts, &err), ERR_INTERRUPTED);
		assert_int_equal(between.calls, 2);
		segment_parts_release(&parts);
		assert_int_equal(seal_so(jobs, &at_once, &parts, &err), ERR_INTERRUPTED);
		assert_int_equal(at_once.calls, 0);
		segment_parts_release(&parts);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(any_number_of_threads_makes_the_same_bytes),
		cmocka_unit_test(an_error_between_pieces_ends_all),
		cmocka_unit_test(a_stop_ends_all),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, invert, clean_up);
}
