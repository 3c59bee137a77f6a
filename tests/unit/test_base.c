/* tests/unit/test_base.c - bytes, buffers, arenas, numbered strings, dates and hashes hold what they say. */
#include "base/buf.h"
#include "base/civil.h"
#include "base/err.h"
#include "base/hash.h"
#include "base/intern.h"
#include "base/mem.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>

/* ---- bytes ---- */

static void bytes_compare_as_terms_sort(void **state)
{
	static const char *const sorted[] = { "", "A", "a", "aa", "ab", "b", "\xC3\xA9" };
	size_t n = sizeof sorted / sizeof *sorted;

	(void)state;
	for (size_t i = 0; i < n; i++) {
		for (size_t j = 0; j < n; j++) {
			struct bytes a = bytes_str(sorted[i]), b = bytes_str(sorted[j]);
			int order = bytes_compare(a, b);

			assert_true(i < j ? order < 0 : i > j ? order > 0 : order == 0);
			assert_int_equal(bytes_equal(a, b), i == j);
		}
	}
	assert_int_equal(bytes_compare(BYTES_NONE, bytes_str("")), 0);
	assert_true(bytes_start(bytes_str("abc"), bytes_str("ab")) &&
		    bytes_start(bytes_str("abc"), BYTES_NONE));
	assert_false(bytes_start(bytes_str("ab"), bytes_str("abc")));
}

static void ascii_case_can_be_ignored(void **state)
{
	static const char *const others[] = { "", "mi", "mixx", "miy", "maxx" };

	(void)state;
	assert_true(bytes_is_nocase(bytes_str("MiX"), "mix") && bytes_is_nocase(BYTES_NONE, ""));
	for (size_t i = 0; i < sizeof others / sizeof *others; i++)
		assert_false(bytes_is_nocase(bytes_str(others[i]), "mix"));
}

static void white_space_is_trimmed_at_both_ends(void **state)
{
	(void)state;
	assert_true(bytes_is(bytes_trim(bytes_str(" \t\r\n\v\f a b \n")), "a b"));
	assert_true(bytes_is(bytes_trim(bytes_str("ab")), "ab"));
	assert_int_equal(bytes_trim(bytes_str(" \n ")).n, 0);
	assert_int_equal(bytes_trim(BYTES_NONE).n, 0);
}

static void expect_lines(const char *text, const char *const *wanted, size_t n)
{
	struct bytes rest = bytes_str(text), line = BYTES_NONE;

	for (size_t i = 0; i < n; i++) {
		assert_true(bytes_line(&rest, &line));
		assert_true(bytes_is(line, wanted[i]));
	}
	assert_false(bytes_line(&rest, &line));
}

static void lines_are_cut_at_line_feeds(void **state)
{
	(void)state;
	expect_lines("", NULL, 0);
	expect_lines("a", (const char *const[]){ "a" }, 1);
	expect_lines("a\n", (const char *const[]){ "a" }, 1);
	expect_lines("a\r\nb\n\n\r\nc", (const char *const[]){ "a", "b", "", "", "c" }, 5);
	expect_lines("a\rb\r\r\n", (const char *const[]){ "a\rb\r" }, 1);
}

static void little_endian_is_little_endian(void **state)
{
	uint8_t raw[8];

	(void)state;
	store_le16(raw, 0x1234);
	assert_memory_equal(raw, "\x34\x12", 2);
	assert_int_equal(load_le16(raw), 0x1234);
	store_le32(raw, 0x89ABCDEF);
	assert_memory_equal(raw, "\xEF\xCD\xAB\x89", 4);
	assert_true(load_le32(raw) == 0x89ABCDEF);
	store_le64(raw, UINT64_C(0xFEDCBA9876543210));
	assert_memory_equal(raw, "\x10\x32\x54\x76\x98\xBA\xDC\xFE", 8);
	assert_true(load_le64(raw) == UINT64_C(0xFEDCBA9876543210));
}

/* ---- varints ---- */

static void varints_round_trip_around_every_power_of_two(void **state)
{
	uint8_t raw[VARINT_MAX];

	(void)state;
	for (unsigned bit = 0; bit < 64; bit++) {
		for (int64_t near = -1; near <= 1; near++) {
			uint64_t v = (UINT64_C(1) << bit) + (uint64_t)near, got;
			uint32_t got32;
			size_t n = varint_put(raw, v);

			assert_true(varint_get(raw, raw + n, &got) == raw + n && got == v);
			assert_int_equal(varint_get32(raw, raw + n, &got32) != NULL, v <= UINT32_MAX);
			for (size_t cut = 0; cut < n; cut++)
				assert_null(varint_get(raw, raw + cut, &got));
		}
	}
	assert_int_equal(varint_put(raw, UINT64_MAX), VARINT_MAX);
	assert_int_equal(varint_put(raw, 0), 1);
}

static const uint8_t *get(const char *raw, size_t n, uint64_t *v)
{
	return varint_get((const uint8_t *)raw, (const uint8_t *)raw + n, v);
}

static void varints_that_do_not_fit_are_refused(void **state)
{
	uint64_t v;
	uint32_t v32;

	(void)state;
	assert_non_null(get("\xFF\xFF\xFF\xFF\xFF\xFF\xFF\xFF\xFF\x01", 10, &v));
	assert_true(v == UINT64_MAX);
	assert_null(get("\xFF\xFF\xFF\xFF\xFF\xFF\xFF\xFF\xFF\x02", 10, &v));     /* bit 64 */
	assert_null(get("\x80\x80\x80\x80\x80\x80\x80\x80\x80\x80\x01", 11, &v)); /* eleven bytes */
	assert_non_null(get("\x80\x00", 2, &v)); /* longer than need be is no error */
	assert_true(v == 0);
	assert_null(varint_get(NULL, NULL, &v)); /* a chain of reads fails through */
	assert_null(varint_get32(NULL, NULL, &v32));
}

/* ---- buf ---- */

static void a_buffer_grows_and_ends_in_nul(void **state)
{
	struct buf b = BUF_INIT;

	(void)state;
	assert_string_equal(buf_cstr(&b), "");
	buf_reset(&b);
	for (unsigned i = 0; i < 1000; i++) {
		buf_add_byte(&b, (uint8_t)('a' + i % 26));
		assert_int_equal(b.n, i + 1);
		assert_int_equal(b.p[b.n], 0);
	}
	assert_memory_equal(b.p + 26, "abc", 3);
	buf_reset(&b);
	assert_string_equal(buf_cstr(&b), "");
	buf_add(&b, NULL, 0);
	buf_add_zeros(&b, 3);
	assert_memory_equal(b.p, "\0\0\0", 4);
	buf_release(&b);
	buf_release(&b);
}

static void a_buffer_takes_numbers_and_formats(void **state)
{
	struct buf b = BUF_INIT;

	(void)state;
	buf_add_le16(&b, 0x0201);
	buf_add_le32(&b, 0x06050403);
	buf_add_le64(&b, UINT64_C(0x0E0D0C0B0A090807));
	for (uint8_t i = 0; i < 14; i++)
		assert_int_equal(b.p[i], i + 1);
	buf_reset(&b);
	buf_add_varint(&b, 300);
	assert_memory_equal(b.p, "\xAC\x02", 3);
	buf_reset(&b);
	buf_addf(&b, "%s%d", "x", 7);
	buf_addf(&b, "%s", "");
	buf_addf(&b, "%200d", 1);
	assert_int_equal(b.n, 202);
	assert_memory_equal(b.p, "x7  ", 4);
	buf_release(&b);
}

static void a_buffer_can_be_set_to_a_part_of_itself(void **state)
{
	struct buf b = BUF_INIT;

	(void)state;
	buf_set(&b, bytes_str("l'homme"));
	buf_set(&b, bytes_of(b.p + 2, 5));
	assert_string_equal(buf_cstr(&b), "homme");
	buf_set(&b, buf_bytes(&b));
	assert_string_equal(buf_cstr(&b), "homme");
	buf_set(&b, BYTES_NONE);
	assert_string_equal(buf_cstr(&b), "");
	buf_release(&b);
}

static void room_is_reserved_before_it_is_used(void **state)
{
	struct buf b = BUF_INIT;

	(void)state;
	for (size_t more = 0; more < 300; more++) {
		memset(buf_reserve(&b, more), 'x', more);
		assert_true(b.cap > b.n + more);
		b.n += more;
	}
	buf_release(&b);
}

/* ---- arena ---- */

static void arena_objects_stay_where_they_are(void **state)
{
	struct arena a = ARENA_INIT;
	uint8_t *objects[2000];

	(void)state;
	for (size_t i = 0; i < 2000; i++) {
		size_t size = i % 199;

		objects[i] = arena_alloc(&a, size);
		assert_non_null(objects[i]);
		assert_int_equal((uintptr_t)objects[i] % 8, 0);
		memset(objects[i], (int)(i & 0xFF), size);
	}
	for (size_t i = 0; i < 2000; i++)
		for (size_t j = 0; j < i % 199; j++)
			assert_int_equal(objects[i][j], i & 0xFF);
	arena_release(&a);
	arena_release(&a);
}

static void an_arena_keeps_one_chunk_when_reset(void **state)
{
	struct arena a;
	struct bytes copy;

	(void)state;
	arena_init(&a);
	arena_reset(&a);
	assert_int_equal(a.total, 0);
	for (int i = 0; i < 100; i++)
		arena_alloc(&a, 5000);
	assert_true(a.total > 100 * 5000);
	arena_reset(&a);
	assert_int_equal(a.total, ARENA_CHUNK);
	arena_alloc(&a, 3 * ARENA_CHUNK); /* a bigger one gets its own */
	assert_int_equal(a.total, 4 * ARENA_CHUNK);
	assert_int_equal(((uint8_t *)arena_zalloc(&a, 16))[15], 0);
	assert_non_null(arena_zalloc(&a, 0));
	copy = arena_bytes(&a, bytes_str("abc"));
	assert_memory_equal(copy.p, "abc", 4);
	copy = arena_bytes(&a, BYTES_NONE);
	assert_true(copy.n == 0 && copy.p[0] == 0);
	arena_release(&a);
}

/* ---- intern ---- */

static void strings_are_numbered_as_they_come(void **state)
{
	struct intern t;
	struct buf s = BUF_INIT;

	(void)state;
	intern_init(&t);
	assert_int_equal(intern_find(&t, bytes_str("x")), INTERN_NONE);
	for (unsigned round = 0; round < 2; round++) {
		for (unsigned i = 0; i < 20000; i++) {
			buf_reset(&s);
			buf_addf(&s, "%u", i * 7919);
			assert_int_equal(intern_add(&t, buf_bytes(&s)), i);
		}
		assert_int_equal(t.n, 20000);
	}
	for (unsigned i = 0; i < 20000; i++) {
		buf_reset(&s);
		buf_addf(&s, "%u", i * 7919);
		assert_int_equal(intern_find(&t, buf_bytes(&s)), i);
		assert_true(bytes_equal(t.strings[i], buf_bytes(&s)));
	}
	assert_int_equal(intern_find(&t, bytes_str("x")), INTERN_NONE);
	intern_reset(&t);
	assert_int_equal(intern_find(&t, bytes_str("0")), INTERN_NONE);
	assert_int_equal(intern_add(&t, bytes_str("x")), 0);
	intern_release(&t);
	intern_release(&t);
	buf_release(&s);
}

/* Strings of every short length that differ in one byte, zeros among them. */
static void strings_that_differ_little_are_told_apart(void **state)
{
	struct intern t;
	uint8_t raw[40] = { 0 };
	uint32_t id = 0;

	(void)state;
	intern_init(&t);
	for (size_t n = 0; n <= sizeof raw; n++) {
		assert_int_equal(intern_add(&t, bytes_of(raw, n)), id++);
		for (size_t i = 0; i < n; i++) {
			raw[i] = 1;
			assert_int_equal(intern_add(&t, bytes_of(raw, n)), id++);
			raw[i] = 0;
		}
	}
	assert_true(intern_memory(&t) > 0);
	intern_release(&t);
}

/* ---- hash ---- */

/* Stored in catalogs: these values must never change. */
static void hashes_never_change(void **state)
{
	static const struct {
		const char *s;
		uint64_t hash;
	} known[] = {
		{ "", UINT64_C(0x8570e250fe4c2473) },
		{ "a", UINT64_C(0xdceb4248056dfe18) },
		{ "abcdefg", UINT64_C(0xd60bf296bd6d6816) },
		{ "abcdefgh", UINT64_C(0xf4cccbe996b5816c) },
		{ "abcdefghi", UINT64_C(0x9aa0dbe38f215172) },
		{ "The quick brown fox jumps over the lazy dog", UINT64_C(0x41cccc58c23de155) },
		{ "\xFF\xFE\xFD", UINT64_C(0x222ba65bc32bfd57) },
	};

	(void)state;
	for (size_t i = 0; i < sizeof known / sizeof *known; i++)
		assert_true(hash_bytes(bytes_str(known[i].s)) == known[i].hash);
	assert_true(hash_bytes(BYTES_NONE) == known[0].hash);
	assert_true(hash_add(hash_bytes(bytes_str("ab")), bytes_str("c")) == UINT64_C(0x38768b44e0382ffa));
	assert_true(hash_add(hash_bytes(bytes_str("a")), bytes_str("bc")) == UINT64_C(0x3db32fd2a24b21ce));
}

static void bytes_in_pieces_have_the_hash_of_the_whole(void **state)
{
	static const char text[] = "Dockers in Saint-Aubrac voted to strike";
	struct hash_stream h;

	(void)state;
	for (size_t n = 0; n < sizeof text; n++)
		for (size_t step = 1; step < 12; step++) {
			hash_stream_begin(&h, n);
			for (size_t at = 0; at < n; at += step)
				hash_stream_add(&h, bytes_of(text + at, n - at < step ? n - at : step));
			assert_true(hash_stream_end(&h) == hash_bytes(bytes_of(text, n)));
		}
}

/* ---- dates ---- */

static void every_day_follows_the_one_before(void **state)
{
	struct civil c = { .year = 1, .month = 1, .day = 1 };
	int64_t seconds = civil_to_seconds(&c);

	(void)state;
	while (c.year <= 9999) {
		struct civil back = civil_from_seconds(seconds);

		if (back.year != c.year || back.month != c.month || back.day != c.day || !civil_valid(&c) ||
		    civil_to_seconds(&c) != seconds)
			fail_msg("%d-%d-%d", c.year, c.month, c.day);
		seconds += CIVIL_DAY;
		if (++c.day > civil_days_in_month(c.year, c.month)) {
			c.day = 1;
			c.month = c.month % 12 + 1;
			c.year += c.month == 1;
		}
	}
}

static void times_round_trip_by_odd_steps(void **state)
{
	struct civil first = { .year = 1, .month = 1, .day = 1 };

	(void)state;
	for (int64_t s = civil_to_seconds(&first); s < INT64_C(253402300800); s += 86399 * 37 + 11) {
		struct civil c = civil_from_seconds(s);

		if (!civil_valid(&c) || civil_to_seconds(&c) != s)
			fail_msg("%" PRId64, s);
	}
}

static void the_epoch_and_leap_years_are_right(void **state)
{
	struct civil epoch = { .year = 1970, .month = 1, .day = 1 };
	struct civil leap = { .year = 2000, .month = 2, .day = 29, .hour = 23, .minute = 59, .second = 59 };

	(void)state;
	assert_true(civil_to_seconds(&epoch) == 0);
	assert_true(civil_to_seconds(&leap) == 951868799);
	assert_true(civil_valid(&leap));
	assert_int_equal(civil_days_in_month(1900, 2), 28);
	assert_int_equal(civil_days_in_month(2000, 2), 29);
	assert_int_equal(civil_days_in_month(2023, 2), 28);
	assert_int_equal(civil_days_in_month(2024, 2), 29);
	leap.year = 1900;
	assert_false(civil_valid(&leap));
}

static void what_is_no_date_is_not_valid(void **state)
{
	static const struct civil wrong[] = {
		{ 0, 1, 1, 0, 0, 0 },     { 10000, 1, 1, 0, 0, 0 }, { 2000, 0, 1, 0, 0, 0 },
		{ 2000, 13, 1, 0, 0, 0 }, { 2000, 1, 0, 0, 0, 0 },  { 2000, 1, 32, 0, 0, 0 },
		{ 2000, 4, 31, 0, 0, 0 }, { 2000, 1, 1, 24, 0, 0 }, { 2000, 1, 1, -1, 0, 0 },
		{ 2000, 1, 1, 0, 60, 0 }, { 2000, 1, 1, 0, 0, 60 },
	};

	(void)state;
	for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++)
		assert_false(civil_valid(&wrong[i]));
}

static void dates_are_written_as_far_as_they_are_known(void **state)
{
	static const struct {
		char precision;
		const char *shown;
	} wanted[] = {
		{ 'y', "1987" },
		{ 'm', "1987-02" },
		{ 'd', "1987-02-26" },
		{ 't', "1987-02-26 15:01" },
		{ 's', "1987-02-26 15:01:20" },
	};
	struct civil c = { 1987, 2, 26, 15, 1, 20 };
	char out[20];

	(void)state;
	for (size_t i = 0; i < sizeof wanted / sizeof *wanted; i++) {
		civil_format(out, civil_to_seconds(&c), wanted[i].precision);
		assert_string_equal(out, wanted[i].shown);
	}
	civil_format(out, CIVIL_NONE, 'd');
	assert_string_equal(out, "");
	civil_format(out, INT64_MAX, 's'); /* out of range, but in bounds */
	assert_int_equal(strlen(out), 19);
}

/* ---- errors, memory ---- */

static void an_error_is_a_code_and_a_sentence(void **state)
{
	struct err err = { 0 };
	char longer[sizeof err.msg + 100];

	(void)state;
	assert_int_equal(err_set(&err, ERR_CORRUPT, "byte %d of %s", 7, "f"), ERR_CORRUPT);
	assert_int_equal(err.code, ERR_CORRUPT);
	assert_string_equal(err.msg, "byte 7 of f");
	assert_int_equal(err_set(NULL, ERR_USAGE, "unheard"), ERR_USAGE);
	errno = ENOENT;
	assert_int_equal(err_errno(&err, "open %s", "f"), ERR_IO);
	assert_string_equal(err.msg, "open f: No such file or directory; look for a slip in the name");
	memset(longer, 'x', sizeof longer - 1);
	longer[sizeof longer - 1] = '\0';
	err_errno(&err, "%s", longer);
	assert_int_equal(strlen(err.msg), sizeof err.msg - 1);
	assert_int_equal(err_errno(NULL, "unheard"), ERR_IO);
}

static void arrays_at_least_double(void **state)
{
	uint32_t *v = NULL;
	size_t cap = 0, grown = 0;

	(void)state;
	for (uint32_t i = 0; i < 100000; i++) {
		size_t before = cap;

		MEM_GROW(v, cap, i + 1);
		grown += cap != before;
		v[i] = i;
	}
	assert_true(grown < 20 && cap >= 100000);
	assert_int_equal(v[99999], 99999);
	free(v);
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(bytes_compare_as_terms_sort),
		cmocka_unit_test(ascii_case_can_be_ignored),
		cmocka_unit_test(white_space_is_trimmed_at_both_ends),
		cmocka_unit_test(lines_are_cut_at_line_feeds),
		cmocka_unit_test(little_endian_is_little_endian),
		cmocka_unit_test(varints_round_trip_around_every_power_of_two),
		cmocka_unit_test(varints_that_do_not_fit_are_refused),
		cmocka_unit_test(a_buffer_grows_and_ends_in_nul),
		cmocka_unit_test(a_buffer_takes_numbers_and_formats),
		cmocka_unit_test(a_buffer_can_be_set_to_a_part_of_itself),
		cmocka_unit_test(room_is_reserved_before_it_is_used),
		cmocka_unit_test(arena_objects_stay_where_they_are),
		cmocka_unit_test(an_arena_keeps_one_chunk_when_reset),
		cmocka_unit_test(strings_are_numbered_as_they_come),
		cmocka_unit_test(strings_that_differ_little_are_told_apart),
		cmocka_unit_test(hashes_never_change),
		cmocka_unit_test(bytes_in_pieces_have_the_hash_of_the_whole),
		cmocka_unit_test(every_day_follows_the_one_before),
		cmocka_unit_test(times_round_trip_by_odd_steps),
		cmocka_unit_test(the_epoch_and_leap_years_are_right),
		cmocka_unit_test(what_is_no_date_is_not_valid),
		cmocka_unit_test(dates_are_written_as_far_as_they_are_known),
		cmocka_unit_test(an_error_is_a_code_and_a_sentence),
		cmocka_unit_test(arrays_at_least_double),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
