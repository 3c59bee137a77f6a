/* tests/unit/test_dead_docs.c - sets of dead docs, beside an array of flags. */
#include "base/err.h"
#include "segment/dead_docs.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <cmocka.h>

#define DOCS 400

/* Every question about the set has the answer that the flags give. */
static void check_set(const struct dead_docs *d, const bool *flags)
{
	uint32_t next = DEAD_DOCS_NONE, n = 0;

	for (uint32_t doc = DOCS; doc-- > 0;) {
		next = flags[doc] ? doc : next;
		n += flags[doc];
		assert_int_equal(dead_docs_has(d, doc), flags[doc]);
		assert_int_equal(dead_docs_next(d, doc), next);
		assert_int_equal(dead_docs_count(d, doc, DOCS), n);
	}
	assert_int_equal(d->n, n);
	assert_int_equal(dead_docs_next(d, DOCS), DEAD_DOCS_NONE);
	for (uint32_t from = 0; from < DOCS; from += 7)
		for (uint32_t to = 0, inside = 0; to < DOCS; to++) {
			assert_int_equal(dead_docs_count(d, from, to), inside);
			inside += to >= from && flags[to];
		}
}

/* Clearing bits of a window, whatever it begins and ends with, takes out the flagged docs. */
static void check_clear(const struct dead_docs *d, const bool *flags)
{
	for (uint32_t from = 0; from < DOCS; from += 31)
		for (uint32_t to = from; to <= DOCS; to += 37) {
			uint64_t bits[DOCS / 64 + 1];

			memset(bits, 0xff, sizeof bits);
			dead_docs_clear(d, from, to, bits);
			for (uint32_t doc = from; doc < to; doc++)
				assert_int_equal(bits[(doc - from) / 64] >> (doc - from) % 64 & 1,
						 !flags[doc]);
		}
}

static void check_round_trip(const struct dead_docs *d, const bool *flags)
{
	struct buf list = BUF_INIT;
	struct dead_docs got;

	dead_docs_put(&list, d);
	assert_int_equal(dead_docs_read(&got, DOCS, d->n, buf_bytes(&list)), 0);
	check_set(&got, flags);
	dead_docs_release(&got);
	for (size_t cut = 0; cut < list.n; cut++)
		assert_int_equal(dead_docs_read(&got, DOCS, d->n, bytes_of(list.p, cut)), ERR_CORRUPT);
	buf_release(&list);
}

static void it_answers_as_flags_do(void **state)
{
	static const uint32_t one_in[] = { 1, 2, 3, 30, 200 };

	(void)state;
	srand(1);
	for (size_t i = 0; i < sizeof one_in / sizeof *one_in; i++) {
		struct dead_docs d = { .ndocs = DOCS };
		bool flags[DOCS] = { false };

		for (uint32_t doc = 0; doc < DOCS; doc++) {
			flags[doc] = (uint32_t)rand() % one_in[i] == 0 || doc == 63;
			if (flags[doc])
				assert_true(dead_docs_add(&d, doc, doc + 1));
		}
		assert_false(dead_docs_add(&d, 63, 5));
		check_set(&d, flags);
		check_clear(&d, flags);
		check_round_trip(&d, flags);
		dead_docs_release(&d);
	}
}

static void it_adds_up_lengths(void **state)
{
	struct dead_docs d = { .ndocs = DOCS };

	(void)state;
	dead_docs_add(&d, 7, 100);
	dead_docs_add(&d, 7, 100);
	dead_docs_add(&d, 399, 11);
	assert_int_equal(d.words, 111);
	dead_docs_release(&d);
	dead_docs_release(&d);
	assert_int_equal(d.ndocs, DOCS);
}

static void an_empty_set_has_no_bits(void **state)
{
	struct dead_docs d = { .ndocs = DOCS };
	bool flags[DOCS] = { false };

	(void)state;
	check_set(&d, flags);
	assert_null(d.bits);
}

/* Gaps that add up past 32 bits must not come round to a doc that is there. */
static void gaps_do_not_wrap(void **state)
{
	static const uint8_t list[] = { 0x03, 0xfd, 0xff, 0xff, 0xff, 0x0f };
	struct dead_docs d;

	(void)state;
	assert_int_equal(dead_docs_read(&d, DOCS, 2, bytes_of(list, sizeof list)), ERR_CORRUPT);
	assert_null(d.bits);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(it_answers_as_flags_do),
		cmocka_unit_test(it_adds_up_lengths),
		cmocka_unit_test(an_empty_set_has_no_bits),
		cmocka_unit_test(gaps_do_not_wrap),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
