#include "segment/short_list.h"

#include "segment/segment.h"

#define PLAIN_BITS 32u /* heads above are those of patched arrays, or wrong */

/* packed_get for a few values without exceptions, read by words: what lies behind a section may be. */
static const uint8_t *get_few(uint32_t *values, uint32_t n, const uint8_t *p, const uint8_t *end)
{
	unsigned bits;
	uint64_t mask;

	if (n == PACKED_MAX || p >= end || *p > PLAIN_BITS)
		return packed_get(values, n, p, end);
	bits = *p++;
	if ((size_t)(end - p) < ((size_t)n * bits + 7) / 8)
		return NULL;
	mask = (UINT64_C(1) << bits) - 1;
	for (uint32_t i = 0, at = 0; i < n; i++, at += bits)
		values[i] = (uint32_t)(load_le64(p + at / 8) >> at % 8 & mask);
	return p + (n * bits + 7) / 8;
}

bool short_list_is(const struct segment *seg, const struct term_info *info)
{
	return info->df <= POSTINGS_BLOCK && info->post_size &&
	       !(seg->sections[SEC_POST].p[info->post] & BLOCK_BITMAP);
}

bool short_list_docs(struct short_list *s, const struct segment *seg, const struct term_info *info)
{
	const uint8_t *p = seg->sections[SEC_POST].p + info->post;
	uint64_t doc = 0;

	s->n = info->df;
	s->end = p + info->post_size;
	if (segment_touch(seg, p, info->post_size) < 0)
		return false;
	s->flags = *p++;
	if (s->flags & ~BLOCK_HEADLINE || !(p = get_few(s->docs, s->n, p, s->end)))
		return false;
	for (uint32_t i = 0; i < s->n; i++) {
		doc += s->docs[i];
		s->docs[i] = (uint32_t)doc++;
	}
	s->rest = p;
	return doc <= seg->ndocs;
}

bool short_list_freqs(struct short_list *s)
{
	const uint8_t *p = get_few(s->freqs, s->n, s->rest, s->end);
	uint32_t wrong = 0;

	for (uint32_t i = 0; i < s->n; i++)
		wrong |= ++s->freqs[i] == 0;
	return p && !wrong && (s->flags & BLOCK_HEADLINE || p == s->end);
}
