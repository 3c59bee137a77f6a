#include "plan/filter.h"

#include "segment/lengths.h"
#include "text/fields.h"
#include "text/url.h"

#include <inttypes.h>

void filter_release(struct filter *f)
{
	buf_release(&f->scratch);
	buf_release(&f->other);
}

static bool is_word_byte(uint8_t c)
{
	return c >= 0x80 || ascii_is_digit(c) || ((c | 0x20) >= 'a' && (c | 0x20) <= 'z');
}

/* Do the words stand in a row in the value? Both are folded. */
static bool holds_words(struct bytes value, struct bytes words)
{
	const uint8_t *end = value.p + value.n, *at = value.p;

	while (words.n && (size_t)(end - at) >= words.n &&
	       (at = memmem(at, (size_t)(end - at), words.p, words.n))) {
		bool begins = at == value.p || !is_word_byte(at[-1]) || !is_word_byte(*words.p);
		const uint8_t *after = at + words.n;

		if (begins && (after == end || !is_word_byte(*after) || !is_word_byte(after[-1])))
			return true;
		at++;
	}
	return false;
}

bool filter_value(const struct filter *f, struct bytes folded)
{
	return f->pattern ? pattern_match(f->pattern, folded) >= 0 : holds_words(folded, f->value);
}

/* Is the address the page that is asked for, or does it lie below it? */
static bool is_at(const struct filter *f, struct bytes address)
{
	struct bytes wanted = f->value;

	if (f->pattern || !memchr(wanted.p, '.', wanted.n))
		return filter_value(f, address);
	if (f->whole || !bytes_start(address, wanted))
		return bytes_equal(address, wanted);
	return address.n == wanted.n || strchr("/?#", address.p[wanted.n]);
}

static int missing(struct filter *f, int64_t number)
{
	return err_set(&f->why, ERR_CORRUPT, "%s: article %" PRId64 " of the index is not in the catalog",
		       f->archive->path, number);
}

static int test_text(struct filter *f, int64_t number)
{
	struct catalog_article row;
	int got = archive_article(f->archive, number, &row, &f->why);

	if (got <= 0)
		return got < 0 ? got : missing(f, number);
	if (f->field == QUERY_FIELD_URL)
		return url_canonical(row.text.url, &f->scratch) && is_at(f, buf_bytes(&f->scratch));
	field_fold(row.text.key, &f->scratch);
	if (!f->scratch.n)
		return 0;
	return f->pattern ? filter_value(f, buf_bytes(&f->scratch))
			  : bytes_equal(buf_bytes(&f->scratch), f->value);
}

/* The column says the length to 3 %; the catalog is asked where that does not settle it. */
static int test_length(struct filter *f, const struct segment *seg, uint32_t doc)
{
	uint8_t code = segment_length_code(seg, doc);
	int64_t least = length_of_code(code),
		most = code < 255 ? (int64_t)length_of_code((uint8_t)(code + 1)) - 1 : INT64_MAX;
	int64_t date, words;
	int got;

	if (least >= f->from && most < f->to)
		return 1;
	if (most < f->from || least >= f->to)
		return 0;
	got = catalog_indexed(f->archive->catalog, segment_article(seg, doc), &date, &words, &f->why);
	if (got <= 0)
		return got < 0 ? got : missing(f, segment_article(seg, doc));
	return words >= f->from && words < f->to;
}

int filter_test(struct filter *f, const struct segment *seg, uint32_t doc)
{
	uint32_t source;

	switch (f->field) {
	case QUERY_FIELD_SOURCE:
		source = segment_source(seg, doc);
		return source < f->nsources && (f->sources[source / 64] >> source % 64 & 1);
	case QUERY_FIELD_ID:
	case QUERY_FIELD_URL: return test_text(f, segment_article(seg, doc));
	default: return test_length(f, seg, doc);
	}
}
