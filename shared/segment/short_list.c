#include "segment/short_list.h"

#include "segment/segment.h"

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
	if (s->flags & ~BLOCK_HEADLINE || !(p = packed_get_few(s->docs, s->n, p, s->end)))
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
	const uint8_t *p = packed_get_few(s->freqs, s->n, s->rest, s->end);
	uint32_t wrong = 0;

	for (uint32_t i = 0; i < s->n; i++)
		wrong |= ++s->freqs[i] == 0;
	return p && !wrong && (s->flags & BLOCK_HEADLINE || p == s->end);
}
