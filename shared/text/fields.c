#include "text/fields.h"

#include "base/hash.h"
#include "text/analyze.h"
#include "text/url.h"
#include "text/utf8.h"

void field_fold(struct bytes value, struct buf *out)
{
	struct buf form = BUF_INIT;
	size_t n = 0;

	value = bytes_trim(value);
	if (value.n > SURFACE_MAX)
		value = utf8_cut(value, SURFACE_MAX);
	form_of(value, &form);
	form_fold(buf_bytes(&form), FOLD_BOTH, out);
	for (size_t i = 0; i < out->n; i++) {
		uint8_t c = out->p[i] < ' ' ? ' ' : out->p[i];

		if (c != ' ' || (n && out->p[n - 1] != ' '))
			out->p[n++] = c;
	}
	out->n = utf8_cut(bytes_of(out->p, n), FIELD_VALUE_MAX).n;
	buf_release(&form);
}

static void add_term(struct buf *out, enum field_letter letter, struct bytes value)
{
	buf_add_byte(out, TERM_FIELD);
	buf_add_byte(out, (uint8_t)letter);
	if (letter == FIELD_ID || letter == FIELD_URL)
		buf_addf(out, "%03x", (unsigned)(hash_bytes(value) >> (64 - FIELD_HASH_BITS)));
	else
		buf_add_bytes(out, value);
}

void field_term(enum field_letter letter, struct bytes value, struct buf *out)
{
	buf_reset(out);
	add_term(out, letter, value);
}

/* A term is preceded by its size. */
static void put(struct buf *out, enum field_letter letter, struct bytes value)
{
	size_t at = out->n;

	if (!value.n)
		return;
	buf_add_byte(out, 0);
	add_term(out, letter, value);
	out->p[at] = (uint8_t)(out->n - at - 1);
}

static void put_value(struct buf *out, enum field_letter letter, struct bytes value, struct buf *scratch)
{
	if (!value.n)
		return;
	field_fold(value, scratch);
	put(out, letter, buf_bytes(scratch));
}

static void put_tags(struct buf *out, struct bytes tags, struct buf *scratch)
{
	while (tags.n) {
		const uint8_t *space = memchr(tags.p, ' ', tags.n);
		size_t n = space ? (size_t)(space - tags.p) : tags.n;

		put_value(out, FIELD_TAG, bytes_of(tags.p, n), scratch);
		n += space != NULL;
		tags = bytes_of(tags.p + n, tags.n - n);
	}
}

void field_terms(const struct field_values *values, struct buf *out)
{
	struct buf scratch = BUF_INIT;

	buf_reset(out);
	put_value(out, FIELD_AUTHOR, values->author, &scratch);
	put_value(out, FIELD_SECTION, values->section, &scratch);
	put_value(out, FIELD_LANG, values->lang, &scratch);
	put_value(out, FIELD_ID, values->id, &scratch);
	put_tags(out, values->tags, &scratch);
	if (values->url.n && url_canonical(values->url, &scratch)) {
		put(out, FIELD_URL, buf_bytes(&scratch));
		put(out, FIELD_HOST, utf8_cut(url_host(buf_bytes(&scratch)), FIELD_VALUE_MAX));
	}
	buf_release(&scratch);
}

bool field_term_next(struct bytes *list, struct bytes *term)
{
	if (!list->n)
		return false;
	*term = bytes_of(list->p + 1, list->p[0]);
	*list = bytes_of(term->p + term->n, list->n - 1 - term->n);
	return true;
}
