/* tests/unit/test_url.c - URLs have the canonical forms of tests/golden/urls.tsv. */
#include "text/url.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <stdio.h>
#include <stdlib.h>

static void read_table(struct buf *table)
{
	FILE *f = fopen("tests/golden/urls.tsv", "rb");
	char chunk[4096];
	size_t n;

	if (!f)
		fail_msg("tests/golden/urls.tsv cannot be opened; run from the project's root");
	while ((n = fread(chunk, 1, sizeof chunk, f)))
		buf_add(table, chunk, n);
	fclose(f);
}

static void canonical_is(struct bytes url, struct bytes wanted, struct buf *got)
{
	bool named = url_canonical(url, got);

	if (named == bytes_is(wanted, "-") || (named ? !bytes_equal(buf_bytes(got), wanted) : got->n > 0))
		fail_msg("%.*s\nwanted %.*s\ngot    %s", (int)url.n, (const char *)url.p, (int)wanted.n,
			 (const char *)wanted.p, named ? buf_cstr(got) : "-");
}

static void urls_have_the_forms_of_the_table(void **state)
{
	struct buf table = BUF_INIT, got = BUF_INIT;
	struct bytes rest, line;
	size_t rows = 0;

	(void)state;
	read_table(&table);
	for (rest = buf_bytes(&table); bytes_line(&rest, &line);) {
		const uint8_t *tab = memchr(line.p, '\t', line.n);

		if (!tab && line.n && line.p[0] == '#')
			continue;
		assert_non_null(tab);
		canonical_is(bytes_of(line.p, (size_t)(tab - line.p)),
			     bytes_of(tab + 1, line.n - (size_t)(tab + 1 - line.p)), &got);
		rows++;
	}
	assert_true(rows > 100);
	buf_release(&table);
	buf_release(&got);
}

/* What has been made canonical once stays as it is, so a page's own idea of its address may be
 * taken for that of a catalog. */
static void a_canonical_form_is_its_own(void **state)
{
	struct buf table = BUF_INIT, once = BUF_INIT, again = BUF_INIT;
	struct bytes rest, line;

	(void)state;
	read_table(&table);
	for (rest = buf_bytes(&table); bytes_line(&rest, &line);) {
		const uint8_t *tab = memchr(line.p, '\t', line.n);

		if (tab && url_canonical(bytes_of(line.p, (size_t)(tab - line.p)), &once))
			canonical_is(buf_bytes(&once), buf_bytes(&once), &again);
	}
	buf_release(&table);
	buf_release(&once);
	buf_release(&again);
}

static void host_is(const char *url, const char *wanted)
{
	struct buf canonical = BUF_INIT;

	url_canonical(bytes_str(url), &canonical);
	assert_true(bytes_is(url_host(buf_bytes(&canonical)), wanted));
	buf_release(&canonical);
}

static void a_site_is_known_by_its_host(void **state)
{
	(void)state;
	host_is("https://www.Example.com/story", "example.com");
	host_is("https://example.com?p=1", "example.com");
	host_is("https://example.com:8080/story", "example.com:8080");
	host_is("https://example.com/#!/story", "example.com");
	host_is("urn:newsml:reuters.com:20190312:n", "");
	host_is("https://example.com/", "");
	host_is("", "");
}

/* Every beginning of a URL, and bytes of every value in it. */
static void any_bytes_are_fine(void **state)
{
	static const char url[] = "https://www.google.com/amp/s/www.m.example.com:80/a%c3%bc/"
				  "amp.html;jsessionid=1?utm_a=1&amp;b=%2#!x";
	struct buf got = BUF_INIT;

	(void)state;
	for (size_t n = 0; n < sizeof url; n++) {
		uint8_t *copy = malloc(n ? n : 1); /* exactly, so that a sanitizer sees a byte too many */

		memcpy(copy, url, n);
		url_canonical(bytes_of(copy, n), &got);
		for (unsigned c = 0; n && c < 256; c += 5) {
			copy[n - 1] = (uint8_t)c;
			url_canonical(bytes_of(copy, n), &got);
		}
		free(copy);
	}
	buf_release(&got);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(urls_have_the_forms_of_the_table),
		cmocka_unit_test(a_canonical_form_is_its_own),
		cmocka_unit_test(a_site_is_known_by_its_host),
		cmocka_unit_test(any_bytes_are_fine),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
