/* tests/unit/test_input.c - bytes come out as they went in, whatever holds them. */
#include "readers/input.h"

#include "base/buf.h"
#include "base/mem.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>
#include <zlib.h>

static char path[] = "/tmp/morgue-test-input-XXXXXX";

static void put_file(const void *p, size_t n)
{
	FILE *f = fopen(path, "wb");

	assert_non_null(f);
	assert_int_equal(fwrite(p, 1, n, f), n);
	assert_int_equal(fclose(f), 0);
}

static void put(const char *text)
{
	put_file(text, strlen(text));
}

/* Append a gzip member that holds s. */
static void add_gzip(struct buf *out, struct bytes s)
{
	z_stream z = { .next_in = (Bytef *)(uintptr_t)s.p, .avail_in = (uInt)s.n };
	size_t room;

	assert_int_equal(deflateInit2(&z, 6, Z_DEFLATED, 15 + 16, 8, Z_DEFAULT_STRATEGY), Z_OK);
	room = deflateBound(&z, (uLong)s.n);
	z.next_out = buf_reserve(out, room);
	z.avail_out = (uInt)room;
	assert_int_equal(deflate(&z, Z_FINISH), Z_STREAM_END);
	out->n += room - z.avail_out;
	deflateEnd(&z);
}

static struct input open_file(void)
{
	struct input in;
	struct err err;

	assert_int_equal(input_open(&in, path, &err), 0);
	return in;
}

static void expect_line(struct input *in, const char *want)
{
	struct bytes line;
	struct err err;

	assert_int_equal(input_line(in, &line, &err), 1);
	assert_true(bytes_is(line, want));
}

static void expect_code(struct input *in, int want, const char *sentence)
{
	struct bytes line;
	struct err err = { .msg = "" };

	assert_int_equal(input_line(in, &line, &err), want);
	assert_non_null(strstr(err.msg, sentence));
}

static void lines_come_without_their_ends(void **state)
{
	struct input in;

	(void)state;
	put("one\r\ntwo\n\nlast");
	in = open_file();
	expect_line(&in, "one");
	expect_line(&in, "two");
	assert_int_equal(in.line_offset, 5);
	expect_line(&in, "");
	expect_line(&in, "last");
	assert_int_equal(in.line_offset, 10);
	expect_code(&in, 0, "");
	assert_int_equal(input_tell(&in), 14);
	assert_int_equal(input_consumed(&in), 14);
	input_close(&in);
	input_close(&in);
}

static void raw_lines_are_the_bytes_of_the_file(void **state)
{
	struct bytes line;
	struct input in;

	(void)state;
	put("one\r\n\nlast");
	in = open_file();
	assert_int_equal(input_line_raw(&in, &line, NULL), 1);
	assert_true(bytes_is(line, "one\r\n"));
	assert_int_equal(input_line_raw(&in, &line, NULL), 1);
	assert_true(bytes_is(line, "\n"));
	assert_int_equal(input_line_raw(&in, &line, NULL), 1);
	assert_true(bytes_is(line, "last"));
	input_close(&in);
}

static void peek_takes_nothing(void **state)
{
	struct bytes head;
	struct input in;

	(void)state;
	put("first\nsecond\n");
	in = open_file();
	assert_int_equal(input_peek(&in, &head, NULL), 0);
	assert_true(bytes_is(head, "first\nsecond\n"));
	expect_line(&in, "first");
	input_skip(&in, 3);
	expect_line(&in, "ond");
	assert_int_equal(input_peek(&in, &head, NULL), 0);
	assert_int_equal(head.n, 0);
	input_close(&in);
}

static void a_line_of_twenty_megabytes_is_a_line(void **state)
{
	size_t n = 20u << 20;
	char *big = mem_alloc(n + 3);
	struct bytes line;
	struct input in;

	(void)state;
	memset(big, 'x', n);
	memcpy(big + n, "\nz\n", 3);
	put_file(big, n + 3);
	in = open_file();
	assert_int_equal(input_line(&in, &line, NULL), 1);
	assert_int_equal(line.n, n);
	assert_memory_equal(line.p, big, n);
	expect_line(&in, "z");
	input_close(&in);
	free(big);
}

static void a_line_over_the_limit_is_skipped_and_told(void **state)
{
	struct input in;

	(void)state;
	put("short\n0123456789 and more\nnext\n0123456789");
	in = open_file();
	in.max_line = 9;
	expect_line(&in, "short");
	expect_code(&in, ERR_INPUT, "more than 9 bytes");
	assert_int_equal(in.line_offset, 6);
	expect_line(&in, "next");
	expect_code(&in, ERR_INPUT, "more than 9 bytes");
	expect_code(&in, 0, "");
	input_close(&in);
}

static void a_line_over_the_limit_spans_many_reads(void **state)
{
	size_t n = 5 * INPUT_CHUNK;
	char *big = mem_alloc(n);
	struct input in;

	(void)state;
	memset(big, 'x', n);
	memcpy(big + n - 4, "\nok\n", 4);
	put_file(big, n);
	in = open_file();
	in.max_line = 1000;
	expect_code(&in, ERR_INPUT, "more than 1000 bytes");
	assert_true(in.cap <= 4 * INPUT_CHUNK);
	expect_line(&in, "ok");
	input_close(&in);
	free(big);
}

static void a_file_is_read_whole_up_to_its_limit(void **state)
{
	struct bytes text;
	struct input in;
	struct err err;

	(void)state;
	put("all\nof it");
	in = open_file();
	assert_int_equal(input_all(&in, &text, &err), 1);
	assert_true(bytes_is(text, "all\nof it"));
	assert_int_equal(input_all(&in, &text, &err), 0);
	input_close(&in);
	in = open_file();
	in.max_file = 8;
	assert_int_equal(input_all(&in, &text, &err), ERR_INPUT);
	assert_int_equal(input_all(&in, &text, &err), 0);
	input_close(&in);
}

static void gzip_members_are_one_stream_and_what_follows_is_ignored(void **state)
{
	struct buf gz = BUF_INIT;
	struct input in;

	(void)state;
	add_gzip(&gz, bytes_str("one\ntw"));
	add_gzip(&gz, bytes_str(""));
	add_gzip(&gz, bytes_str("o\nthree\n"));
	buf_add_zeros(&gz, 512);
	put_file(gz.p, gz.n);
	in = open_file();
	expect_line(&in, "one");
	expect_line(&in, "two");
	assert_int_equal(in.line_offset, 4);
	expect_line(&in, "three");
	expect_code(&in, 0, "");
	assert_int_equal(input_consumed(&in), gz.n);
	input_close(&in);
	buf_release(&gz);
}

/* Lines that do not compress, so that cutting the stream cuts the text. */
static struct buf numbered_lines(unsigned count)
{
	struct buf text = BUF_INIT;
	unsigned r = 1;

	for (unsigned i = 0; i < count; i++) {
		buf_addf(&text, "line %u", i);
		for (int k = 0; k < 20; k++)
			buf_addf(&text, " %08x", r = r * 1664525 + 1013904223);
		buf_add_byte(&text, '\n');
	}
	return text;
}

/* Read all lines, which must be those of `text`; returns how many came before the error. */
static size_t lines_until_error(struct bytes text, const char *sentence)
{
	struct input in = open_file();
	struct bytes line, want;
	struct err err;
	size_t n = 0;
	int rc;

	while ((rc = input_line(&in, &line, &err)) == 1 && bytes_line(&text, &want)) {
		assert_true(bytes_equal(line, want));
		n++;
	}
	assert_int_equal(rc, ERR_INPUT);
	assert_non_null(strstr(err.msg, sentence));
	assert_int_equal(input_line(&in, &line, &err), 0);
	input_close(&in);
	return n;
}

static void a_cut_gzip_gives_its_whole_lines_then_says_where_it_ends(void **state)
{
	struct buf text = numbered_lines(5000), gz = BUF_INIT;
	char sentence[64];

	(void)state;
	add_gzip(&gz, buf_bytes(&text));
	put_file(gz.p, gz.n / 2);
	snprintf(sentence, sizeof sentence, "ends early at byte %zu", gz.n / 2);
	assert_in_range(lines_until_error(buf_bytes(&text), sentence), 2400, 2600);
	put_file(gz.p, gz.n - 4);
	assert_int_equal(lines_until_error(buf_bytes(&text), "ends early"), 5000);
	put_file(gz.p, 5);
	assert_int_equal(lines_until_error(buf_bytes(&text), "ends early at byte 5"), 0);
	buf_release(&text);
	buf_release(&gz);
}

static void a_wrong_checksum_costs_no_line(void **state)
{
	struct buf text = numbered_lines(3000), gz = BUF_INIT;

	(void)state;
	add_gzip(&gz, buf_bytes(&text));
	gz.p[gz.n - 6] ^= 1;
	put_file(gz.p, gz.n);
	assert_int_equal(lines_until_error(buf_bytes(&text), "is damaged"), 3000);
	buf_release(&text);
	buf_release(&gz);
}

static void a_cut_gzip_read_whole_gives_its_text_then_the_error(void **state)
{
	struct buf text = numbered_lines(100), gz = BUF_INIT;
	struct bytes got;
	struct input in;
	struct err err;

	(void)state;
	add_gzip(&gz, buf_bytes(&text));
	put_file(gz.p, gz.n - 1);
	in = open_file();
	assert_int_equal(input_all(&in, &got, &err), 1);
	assert_true(bytes_equal(got, buf_bytes(&text)));
	assert_int_equal(input_all(&in, &got, &err), ERR_INPUT);
	assert_int_equal(input_all(&in, &got, &err), 0);
	input_close(&in);
	buf_release(&text);
	buf_release(&gz);
}

static void a_directory_and_a_missing_file_say_so(void **state)
{
	struct input in;
	struct err err;

	(void)state;
	assert_int_equal(input_open(&in, "/tmp", &err), ERR_IO);
	assert_string_equal(err.msg, "Is a directory; name a file");
	assert_int_equal(input_open(&in, "/tmp/no/such/file", &err), ERR_IO);
	assert_string_equal(err.msg, "No such file or directory");
}

static void an_empty_file_ends_at_once(void **state)
{
	struct bytes head;
	struct input in;

	(void)state;
	put("");
	in = open_file();
	assert_int_equal(input_peek(&in, &head, NULL), 0);
	assert_int_equal(head.n, 0);
	expect_code(&in, 0, "");
	input_close(&in);
}

/* ---- the state of a file ---- */

static void set_time(int64_t seconds, long nanoseconds)
{
	struct timespec times[2] = { { .tv_nsec = UTIME_OMIT },
				     { .tv_sec = (time_t)seconds, .tv_nsec = nanoseconds } };

	assert_int_equal(utimensat(AT_FDCWD, path, times, 0), 0);
}

/* The state after so many lines were read. */
static struct file_state state_after(int lines)
{
	struct input in = open_file();
	struct file_state state;
	struct bytes line;

	for (int i = 0; i < lines; i++)
		assert_int_equal(input_line(&in, &line, NULL), 1);
	assert_true(input_state(&in, &state));
	input_close(&in);
	return state;
}

static void the_state_of_a_file_is_that_of_all_its_bytes(void **state)
{
	struct file_state none, some;
	struct buf file = BUF_INIT;

	(void)state;
	put("one\ntwo\nlast");
	set_time(1000000000, 7);
	none = state_after(0);
	some = state_after(2);
	assert_int_equal(none.size, 12);
	assert_int_equal(none.mtime, INT64_C(1000000000000000007));
	assert_true(none.hash == hash_bytes(bytes_str("one\ntwo\nlast")));
	assert_true(some.hash == none.hash && some.size == none.size && some.mtime == none.mtime);
	add_gzip(&file, bytes_str("one\ntwo\n"));
	buf_add_str(&file, "what gzip ignores");
	put_file(file.p, file.n);
	assert_true(state_after(2).hash == hash_bytes(buf_bytes(&file)));
	buf_release(&file);
}

static void a_time_of_change_that_is_near_is_not_relied_on(void **state)
{
	(void)state;
	put("one\n");
	set_time(INT64_C(4102444800), 0); /* the year 2100: a clock that goes wrong */
	assert_true(state_after(1).mtime == FILE_MTIME_UNSURE);
}

static void a_file_that_changes_while_it_is_read_has_no_state(void **state)
{
	struct file_state ignored;
	struct input in;

	(void)state;
	put("one\ntwo\n");
	set_time(1000000000, 0);
	in = open_file();
	expect_line(&in, "one");
	set_time(1000000001, 0);
	assert_false(input_state(&in, &ignored));
	input_close(&in);
	in = open_file();
	expect_line(&in, "one");
	put("one\n");
	set_time(1000000001, 0);
	assert_false(input_state(&in, &ignored));
	input_close(&in);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(lines_come_without_their_ends),
		cmocka_unit_test(raw_lines_are_the_bytes_of_the_file),
		cmocka_unit_test(peek_takes_nothing),
		cmocka_unit_test(a_line_of_twenty_megabytes_is_a_line),
		cmocka_unit_test(a_line_over_the_limit_is_skipped_and_told),
		cmocka_unit_test(a_line_over_the_limit_spans_many_reads),
		cmocka_unit_test(a_file_is_read_whole_up_to_its_limit),
		cmocka_unit_test(gzip_members_are_one_stream_and_what_follows_is_ignored),
		cmocka_unit_test(a_cut_gzip_gives_its_whole_lines_then_says_where_it_ends),
		cmocka_unit_test(a_wrong_checksum_costs_no_line),
		cmocka_unit_test(a_cut_gzip_read_whole_gives_its_text_then_the_error),
		cmocka_unit_test(a_directory_and_a_missing_file_say_so),
		cmocka_unit_test(an_empty_file_ends_at_once),
		cmocka_unit_test(the_state_of_a_file_is_that_of_all_its_bytes),
		cmocka_unit_test(a_time_of_change_that_is_near_is_not_relied_on),
		cmocka_unit_test(a_file_that_changes_while_it_is_read_has_no_state),
	};
	int fd = mkstemp(path), failed;

	cmocka_set_message_output(CM_OUTPUT_TAP);
	failed = cmocka_run_group_tests(tests, NULL, NULL);
	close(fd);
	unlink(path);
	return failed;
}
