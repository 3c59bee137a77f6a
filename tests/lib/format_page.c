#include "lib/format_page.h"

#include "lib/seg_fixture.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <stdio.h>
#include <stdlib.h>

static struct buf page; /* docs/FORMAT.md */
static uint32_t taken;  /* examples that tests have looked at */

int format_page_load(void **state)
{
	const char *root = getenv("MORGUE_ROOT");
	char path[512];

	(void)state;
	snprintf(path, sizeof path, "%s/docs/FORMAT.md", root ? root : ".");
	seg_read_file(path, &page);
	return 0;
}

int format_page_drop(void **state)
{
	(void)state;
	buf_release(&page);
	return 0;
}

/* Does the line start an example? Its name, and what follows the colon. */
static bool example_line(struct bytes line, struct bytes *name, struct bytes *rest)
{
	const uint8_t *end;

	if (!bytes_start(line, bytes_str("Example `")))
		return false;
	*name = bytes_of(line.p + 9, line.n - 9);
	end = name->n ? memchr(name->p, '`', name->n) : NULL;
	if (!end)
		return false;
	name->n = (size_t)(end - name->p);
	*rest = bytes_of(end + 1, line.n - 10 - name->n);
	return rest->n && rest->p[0] == ':';
}

void format_page_take(const char *wanted, struct buf *raw)
{
	struct bytes text = buf_bytes(&page), line, name, rest;
	struct buf hex = BUF_INIT;
	bool found = false, inside = false;

	while (bytes_line(&text, &line)) {
		if (example_line(line, &name, &rest)) {
			inside = bytes_is(name, wanted);
			if (inside && found)
				fail_msg("docs/FORMAT.md has two examples `%s`", wanted);
			found |= inside;
			if (inside)
				buf_add(&hex, rest.p + 1, rest.n - 1);
		} else if (inside && bytes_start(line, bytes_str("    "))) {
			buf_add_bytes(&hex, line);
		} else {
			inside = false;
		}
	}
	if (!found)
		fail_msg("docs/FORMAT.md has no example `%s`", wanted);
	seg_from_hex(raw, buf_cstr(&hex));
	buf_release(&hex);
	taken++;
}

void format_page_check(const char *name, const struct buf *encoded, struct buf *raw)
{
	struct buf have = BUF_INIT, want = BUF_INIT;

	format_page_take(name, raw);
	if (!bytes_equal(buf_bytes(encoded), buf_bytes(raw))) {
		seg_to_hex(&have, buf_bytes(encoded));
		seg_to_hex(&want, buf_bytes(raw));
		fail_msg("example `%s`\npage:    %s\nencoded: %s", name, buf_cstr(&want), buf_cstr(&have));
	}
}

void format_page_was_taken(void **state)
{
	struct bytes text = buf_bytes(&page), line, name, rest;
	uint32_t n = 0;

	(void)state;
	while (bytes_line(&text, &line))
		n += example_line(line, &name, &rest);
	assert_int_equal(n, taken);
}
