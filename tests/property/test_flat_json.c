/* tests/property/test_flat_json.c - lines that are read without a tree are read as the parser of
 * all JSON reads them: the same article, or none. A member that is an array keeps a line from
 * being flat. */
#include "generate/rng.h"
#include "readers/reader.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <stdlib.h>

static const char *const keys[] = { "id",     "uuid",   "title",  "headline", "date", "pubDate",
				    "source", "author", "byline", "url",      "lang", "tags",
				    "topics", "body",   "text",   "other",    "",     "titles" };
static const char *const values[] = {
	"\"\"",
	"\"A title\"",
	"\"two words, a tag\"",
	"12",
	"0",
	"999999999999999999",
	"9999999999999999999",
	"1.5",
	"1e3",
	"-4",
	"01",
	"null",
	"true",
	"false",
	"nul",
	"\"a\\nb\\t\\\"c\\\\\\/d\"",
	"\"\\u00e9\\u4e2d\"",
	"\"\\ud83d\\ude00\"",
	"\"\\ud83d\"",
	"\"\\ude00x\"",
	"\"\\u0000\"",
	"\"\\u12g4\"",
	"\"\\q\"",
	"\"  \"",
	"\"caf\xc3\xa9\"",
	"\"bad \xff byte\"",
	"\"\xe2\x82\"",
	"\"tab\there\"",
	"\"\x7f\"",
	"NaN",
	"\"long enough for eight bytes a step, and a bit\"",
	"\"ends in a backslash\\\\\"",
	"\"\\\"",
	"{}",
	"\"\\uD83D\\u0041\"",
	"\"\\b\\f\\r\"",
};

#define COUNT(array) (sizeof(array) / sizeof *(array))

static void add_space(struct rng *r, struct buf *out)
{
	if (rng_one_in(r, 12))
		buf_add_byte(out, " \t\r"[rng_below(r, 3)]);
}

/* Members of an object, up to its end; mostly sound. */
static void add_members(struct rng *r, struct buf *out)
{
	for (uint32_t n = 1 + rng_below(r, 6); n; n--) {
		add_space(r, out);
		buf_addf(out, "\"%s\"", keys[rng_below(r, COUNT(keys))]);
		add_space(r, out);
		buf_add_byte(out, ':');
		add_space(r, out);
		buf_add_str(out, values[rng_one_in(r, 3) ? rng_below(r, COUNT(values)) : rng_below(r, 3)]);
		add_space(r, out);
		if (n > 1)
			buf_add_byte(out, ',');
	}
	buf_add_byte(out, '}');
	add_space(r, out);
	if (rng_one_in(r, 15))
		out->p[1 + rng_below(r, (uint32_t)out->n - 1)] =
			(uint8_t) "\"\\{}[],:x \x01\xc3"[rng_below(r, 12)];
}

static int parse(struct bytes line, struct raw_article *raw)
{
	struct buf scratch = BUF_INIT;
	struct err err;
	int rc;

	raw_article_reset(raw);
	rc = format_jsonl.parse(line, NULL, &scratch, raw, &err);
	buf_release(&scratch);
	return rc;
}

static void check_equal(struct rng *r, uint64_t seed)
{
	struct buf flat = BUF_INIT, nested = BUF_INIT;
	struct raw_article a = { .offset = 0 }, b = { .offset = 0 };
	int rc;

	buf_add_byte(&flat, '{');
	add_members(r, &flat);
	buf_add_str(&nested, "{\"other\":[],");
	buf_add(&nested, flat.p + 1, flat.n - 1);
	rc = parse(buf_bytes(&flat), &a);
	if (parse(buf_bytes(&nested), &b) != rc)
		fail_msg("seed %u: %d for %s", (unsigned)seed, rc, buf_cstr(&flat));
	for (int f = 0; rc == 1 && f < RAW_COUNT; f++)
		if (!bytes_equal(buf_bytes(raw_field(&a, (enum field)f)),
				 buf_bytes(raw_field(&b, (enum field)f))))
			fail_msg("seed %u: field %d of %s", (unsigned)seed, f, buf_cstr(&flat));
	assert_int_equal(rc == 1 && a.first_line_is_title, rc == 1 && b.first_line_is_title);
	raw_article_release(&a);
	raw_article_release(&b);
	buf_release(&flat);
	buf_release(&nested);
}

static void flat_lines_are_read_as_any_json_is(void **state)
{
	uint64_t seeds = getenv("MORGUE_TEST_LONG") ? 1000000 : getenv("MORGUE_TEST_SLOW") ? 5000 : 40000;

	(void)state;
	for (uint64_t seed = 1; seed <= seeds; seed++) {
		struct rng r;

		rng_init(&r, seed);
		check_equal(&r, seed);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = { cmocka_unit_test(flat_lines_are_read_as_any_json_is) };

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
